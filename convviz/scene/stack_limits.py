"""How much the picture of a stack may hold, and what to turn down in one that holds more.

It draws one channel of each layer, and makes the taps of one axis at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import accumulate
from math import prod
from typing import Any

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.memory import canvas
from convviz.network import Network, stack_to_text
from convviz.scene.limits import CELLS, TAPS

_SHRINKABLE = ("stride", "padding", "kernel_size", "dilation", "output_padding", "out_features")
"""Which arguments make a layer of a stack large, but for its input, in the order in which a smaller one is tried."""

_ZERO = ("padding", "output_padding")
_ONE = ("kernel_size", "dilation", "stride", "input_size", "in_features", "out_features")
_PLAIN = dict.fromkeys(_ZERO, 0) | dict.fromkeys(_ONE, 1)
"""The least of every argument that makes a layer large."""


WIDEST = 256
"""The most cells of a row, of a stack along one axis, that can still be told apart on a page."""


def refuse_large_stack(network: Network) -> None:
    """Refuse a stack of too many cells or taps: name the layer that makes it too large, and what would work.

    The error's fix is {"layers": ...}, the layers of a stack that can be drawn.
    """
    found = _too_large(network.layers)
    if found is None:
        return
    key, number, count, most = found
    fixed, nearest = _fix(network.layers, number)
    value = network.layers[number].kind
    raise LayerError(
        key, "layers", {"layers": fixed}, value=value, number=number + 1, count=count, most=most, nearest=nearest
    )


def _too_large(layers: Sequence[Any]) -> tuple[str, int, int, int] | None:
    """Why a stack is not drawn: the error's key, the index of the layer, what it has and the most that it may have."""
    sums = list(accumulate((prod(layer.output_size) for layer in layers), initial=prod(layers[0].input_size)))[1:]
    rows = len(layers[0].input_size) == 1 and all(layer.shared for layer in layers)
    for number, (layer, cells) in enumerate(zip(layers, sums, strict=True)):
        if cells > CELLS:
            return "stack_cells", number, cells, CELLS
        if rows and (wide := max(*layer.input_size, *layer.output_size)) > WIDEST:
            return "stack_wide", number, wide, WIDEST
        if (count := _taps(layer)) > TAPS:
            return "stack_taps", number, count, TAPS
    return None


def _taps(layer: Layer) -> int:
    """The longest table of a layer's axes; a dense layer, which reads all, needs none."""
    if not layer.shared:
        return 0
    taps = (o * k for o, k in zip(layer.output_size, layer.kernel_size, strict=True))
    return max(*taps, *canvas(layer))


def _fix(layers: tuple[Layer, ...], number: int) -> tuple[tuple[Any, ...], str]:
    """The layers of a stack that can be drawn, and what is said of it.

    Tried in turn: a smaller input; one argument of the layer turned down; the layers before it alone; the first layer
    alone, with the least of all its arguments.
    """
    first = layers[0]
    tried = [(0, "input_size" if first.shared else "in_features"), *((number, name) for name in _SHRINKABLE)]
    for place, name in tried:
        if fixed := _turned_down(layers, place, name):
            return fixed, f"{name} {_brief(getattr(fixed[place], name))}"
    if number:  # what stands before the layer can be drawn
        return layers[:number], f"layers[:{number}]"
    own = {field.name for field in fields(first)} & _PLAIN.keys()
    least = replace(first, **{name: _capped(getattr(first, name), _PLAIN[name]) for name in own})
    return (least,), stack_to_text(least)


def _turned_down(layers: tuple[object, ...], place: int, name: str) -> tuple[object, ...] | None:
    """The stack with the largest value of one argument of one layer with which it can be drawn, found by halving."""
    value, best = getattr(layers[place], name, None), None
    least, most = _PLAIN[name], _top(value)
    while least <= most:
        middle = (least + most) // 2
        layer = _with(layers[place], name, _capped(value, middle))
        smaller = layer and _refitted((*layers[:place], layer, *layers[place + 1 :]))
        if smaller and _too_large(smaller):
            most = middle - 1
        else:  # what cannot be made is too small for the other arguments
            best, least = smaller or best, middle + 1
    return best


def _with(layer: Any, name: str, value: object) -> Any:
    """The layer with another argument; None where it cannot be."""
    try:
        return replace(layer, **{name: value})
    except (LayerError, TypeError):
        return None


def _refitted(layers: tuple[Any, ...]) -> tuple[object, ...] | None:
    """The layers, each over what the one before it gives; None where one of them cannot be."""
    found = [layers[0]]
    for layer in layers[1:]:
        below = found[-1]
        if layer.shared:
            fitted = _with(layer, "input_size", below.output_size)
        else:
            fitted = _with(layer, "in_features", below.out_channels * prod(below.output_size))
        if fitted is None:
            return None
        found.append(fitted)
    return tuple(found)


def _top(value: object) -> int:
    if isinstance(value, tuple):
        return max(map(_top, value))
    return value if isinstance(value, int) else -1


def _brief(value: object) -> object:
    """One number where all axes, and both sides of a padding, are alike."""
    if not isinstance(value, tuple):
        return value
    alike = {side for entry in value for side in (entry if isinstance(entry, tuple) else (entry,))}
    return alike.pop() if len(alike) == 1 else value


def _capped(value: object, most: int) -> object:
    """An argument, no number of which is larger; a word, such as "full", becomes the number itself."""
    if isinstance(value, tuple):
        return tuple(_capped(entry, most) for entry in value)
    return min(value, most) if isinstance(value, int) else most
