"""Layers in words, as a row of a table has them: what kind they are, and the arguments that tell them apart."""

from __future__ import annotations

from typing import Any

from convviz.counted import Counted
from convviz.scene.layout import times
from convviz.text import say

LETTERS = {"stride": ("s", 1), "pads": ("p", (0, 0)), "dilation": ("d", 1)}
"""Arguments with an entry an axis that are told where they are not as usual: the letter of each, and what is usual."""


def named(row: Counted, language: str) -> str:
    """A row's layer, and what is folded into it.

    >>> import convviz as cv
    >>> from convviz.counted import counted
    >>> named(counted(cv.Network([cv.Conv(9, 3, stride=2, padding=1), cv.ReLU()]))[0], "en")
    'Conv 3 × 3, s 2, p 1 + ReLU'
    """
    return " + ".join([layer_named(row.layer, language), *(_kind(node.layer, language) for node in row.nodes[1:])])


def layer_named(layer: Any, language: str) -> str:
    """A layer: its kind, its kernel, and what is not as usual of stride, padding, dilation and groups."""
    said = [_kind(layer, language)]
    if getattr(layer, "adapts", False):
        said = [f"{said[0]} {times(layer.output_size)}"]
    elif size := getattr(layer, "kernel_size", None):
        said = [f"{said[0]} {times(size)}"] if getattr(layer, "shared", True) else said
    if getattr(layer, "shared", True) and not getattr(layer, "adapts", False):
        said += [f"{letter} {text}" for letter, text in _letters(layer)]
    return ", ".join(said)


def _kind(layer: Any, language: str) -> str:
    return say(f"kind.{layer.kind}", language)


def _letters(layer: Any) -> list[tuple[str, str]]:
    """The letters of arguments that are not as usual, each with its value; one that is alike on all axes once."""
    found = []
    pools = getattr(layer, "weight_shape", ()) is None
    for name, (letter, usual) in LETTERS.items():
        values = getattr(layer, name, ())
        if pools and name == "stride" and values == layer.kernel_size:
            continue  # a pooling's windows stand side by side, if nothing else is said
        if any(value != usual for value in values):
            texts = list(map(_side, values))
            found.append((letter, texts[0] if len(set(texts)) == 1 else " × ".join(texts)))
    groups = 1 if pools else getattr(layer, "groups", 1)
    return [*found, *([("g", str(groups))] if groups > 1 else [])]


def _side(value: int | tuple[int, int]) -> str:
    """A value on an axis; a padding that differs before and after is a sum."""
    sides = value if isinstance(value, tuple) else (value,)
    return "+".join(map(str, dict.fromkeys(sides)))
