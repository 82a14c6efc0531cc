"""The kernel by its name: what a link says of it, the tiles that offer it, and what choosing one gives."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from convviz.errors import LayerError
from convviz.kernels import KERNELS, RANDOM, Kernel, Size, kernel_named, refused
from convviz.layers import Layer
from convviz.layers.linear import Array
from convviz.page.values import Values, readable, values_from_text
from convviz.scene.tones import scale_of, toned
from convviz.text import say
from convviz.trace import SEEDED

NAME = "kernel"
"""The name of the dial."""


def named(name: str) -> Values:
    """Weights by the name of a kernel; raises LayerError for no such name.

    >>> named("vertical").text()
    'kvertical'
    """
    return Values() if kernel_named(name).name == RANDOM else Values("kernel", (), name=name)


def weights_from_text(text: str) -> Values:
    """The weights that a text describes: a kernel's name, or values; raises LayerError if it is not valid.

    >>> weights_from_text("kvertical~4:9").edits
    ((4, 9.0),)
    """
    text = readable(text)
    head, mark, edits = text.partition("~")
    if head[:1] != "k":
        return values_from_text(text)
    if head[1:] not in KERNELS or head[1:] == RANDOM:
        raise LayerError("values", "values", {"values": "s0"}, value=text, nearest="s0")
    return replace(named(head[1:]), edits=values_from_text(f"s0{mark}{edits}").edits)


def kernel_of(layer: Layer, weight: Values) -> Kernel | None:
    """The kernel whose weights a layer shows; None where they are other numbers, as of a size that it has none for."""
    if weight.kind == "seed":
        return KERNELS[RANDOM]
    kernel = KERNELS.get(weight.name)
    size = layer.kernel_size if layer.weight_shape and layer.shared else ()
    if kernel is None or not size:
        return None
    return KERNELS[RANDOM] if kernel.missing(size) else kernel


def divisor_of(layer: Layer, weight: Values) -> int:
    """What the sum of the products is divided by."""
    kernel = kernel_of(layer, weight)
    return kernel.divisor(layer.kernel_size) if kernel and kernel.scaled else 1


def chosen(layer: Layer, weight: Values, name: str) -> Values:
    """The weights after a kernel was chosen by its name; random ones, chosen again, are others.

    Raises LayerError for a kernel that has no weights of this size.
    """
    kernel = kernel_named(name)
    if why := kernel.missing(layer.kernel_size):
        found = refused(kernel, layer.kernel_size, why)
        raise LayerError(found.key, found.field, None, **found.values)
    if name == RANDOM and weight.kind == "seed":
        return Values("seed", ((int(weight.numbers[0]) + 1) % 1000,))
    return named(name)


def tiles(layer: Layer, weight: Values, language: str) -> dict[str, object]:
    """The dial: every kernel as a tile, with its picture, its sum and what it does; or why there is none.

    Weights that are listed are those of no tile.
    """
    shown = kernel_of(layer, weight)
    weights = weight.array(tuple(layer.weight_shape or ()), *SEEDED["weight"], offset=1)
    label = say(f"kernel.{shown.name}.label" if shown else "kernel.own", language)
    return {
        "name": NAME,
        "label": say("control.kernel.label", language),
        "help": say("control.kernel.help", language),
        "place": "bottom",
        "kind": "tiles",
        "value": shown.name if shown else "",
        "shown": say("kernel.changed", language, name=label) if weight.edits else label,
        "picture": _picture(weights.reshape(-1, *layer.kernel_size)[0]),
        "choices": choices(layer, weight, language),
    }


def choices(layer: Layer, weight: Values, language: str) -> list[list[object]]:
    """The tiles, the same list where nothing that they show has changed."""
    seed = replace(weight, edits=()) if weight.kind == "seed" else Values()
    return _choices(tuple(layer.kernel_size), layer.spreads, layer.flip, seed, language)


@lru_cache(maxsize=64)
def _choices(size: Size, spreads: bool, flip: bool, seed: Values, language: str) -> list[list[object]]:
    """[value, label, picture, what it does, whether there is none] of each kernel; seed: of the random one."""
    return [_tile(kernel, size, spreads, flip, seed, language) for kernel in KERNELS.values()]


def _tile(kernel: Kernel, size: Size, spreads: bool, flip: bool, seed: Values, language: str) -> list[object]:
    label = say(f"kernel.{kernel.name}.label", language)
    if why := kernel.missing(size):
        sides = "×".join(map(str, size))
        return [kernel.name, label, None, say(f"kernel.missing.{why}", language, size=sides), 1]
    random = kernel.name == RANDOM
    weights = seed.array((1, 1, *size), *SEEDED["weight"], offset=1)[0, 0] if random else kernel.weights(size)
    total, key = int(weights.sum()), "kernel.scaled" if kernel.scaled else "kernel.sum"
    said = say(key, language, sum=str(total).replace("-", "−"), size=kernel.divisor(size))
    rotated = flip and not random and not np.array_equal(weights, np.flip(weights))
    if not spreads and not rotated:  # else it is slid as another kernel, and its words would be wrong
        said = say("kernel.does", language, sum=said, does=say(f"kernel.{kernel.name}.does", language))
    return [kernel.name, label, _picture(weights), said, 0]


def small(name: str) -> list[object]:
    """The picture of a kernel by its name, of three by three weights."""
    return _picture(kernel_named(name).weights((3, 3)))


def _picture(weights: Array) -> list[object]:
    """The tones of weights, a letter each, and how many stand in a row; of a kernel in space, its middle slice."""
    plane = weights[len(weights) // 2] if weights.ndim == 3 else weights
    levels = toned(plane, scale_of(plane))
    return ["".join(chr(ord("a") + int(level)) for level in levels.ravel()), plane.shape[-1]]
