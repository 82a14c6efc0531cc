"""Layers in words, as a row of a table has them: what kind they are, and the arguments that tell them apart."""

from __future__ import annotations

from typing import Any

from convviz.counted import Counted
from convviz.scene.layout import times
from convviz.text import say

PLAIN = {"stride": 1, "dilation": 1, "groups": 1}
"""Arguments that are told where they differ from these, by their letters."""


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
    stride = getattr(layer, "stride", ())
    usual = {"stride": 1, "pads": (0, 0), "dilation": 1}
    if getattr(layer, "weight_shape", ()) is None and stride == getattr(layer, "kernel_size", None):
        stride = ()  # a pooling's windows stand side by side, if nothing else is said
    for name, letter in (("stride", "s"), ("pads", "p"), ("dilation", "d")):
        values = stride if name == "stride" else getattr(layer, name, ())
        if any(value != usual[name] for value in values):
            texts = [
                "+".join(map(str, v if len(set(v)) > 1 else v[:1])) if isinstance(v, tuple) else str(v) for v in values
            ]
            found.append((letter, texts[0] if len(set(texts)) == 1 else " × ".join(texts)))
    groups = layer.groups if getattr(layer, "weight_shape", None) else 1
    return [*found, *([("g", str(groups))] if groups > 1 else [])]
