"""How much a layer's trace would hold, told before any array is made, and what smaller layer would fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from math import prod
from typing import Any

from convviz.errors import LayerError
from convviz.layers.base import Layer
from convviz.layers.repair import with_whole_fix
from convviz.sizes import canvas_of_slides, canvas_of_spread

_SHRINKABLE = (
    *("input_size", "in_features", "padding", "kernel_size", "output_size"),
    *("in_channels", "channels", "out_features", "out_channels", "output_padding", "scale_factor", "upscale_factor"),
)
"""Which arguments make a trace large, in the order in which a smaller one is looked for."""

_LEAST = {"padding": 0, "output_padding": 0}


def held(layer: Any) -> int:
    """How many values the largest array of a trace holds: reads, input, weights, output, or one axis's canvas.

    >>> from convviz.layers import Conv
    >>> held(Conv(10**9, 3)) == (10**9 - 2) ** 2 * 9
    True
    """
    steps = prod(layer.output_size)
    reads = steps * prod(layer.kernel_size) * layer.x_shape[0] ** layer.shared
    outputs = steps * layer.out_channels
    return max(reads, outputs, prod(layer.x_shape), prod(layer.weight_shape or (0,)), *canvas(layer))


def canvas(layer: Any) -> list[int]:
    """How many cells the canvas of each axis has, as convviz.taps lays it out."""
    if not layer.shared:
        return [layer.in_features]
    axes = list(zip(layer.input_size, layer.output_size, layer.span, layer.stride, layer.pads, strict=True))
    if layer.placed or layer.adapts:
        return list(layer.input_size)
    if layer.spreads:
        return [canvas_of_spread(i, o, span, s, before) for i, o, span, s, (before, _) in axes]
    return [canvas_of_slides(i, o, span, s, *pads) for i, o, span, s, pads in axes]


def refuse_more(layer: object, most: int) -> None:
    """Refuse a layer whose trace would hold an array of more than `most` values, and name a smaller one that fits."""
    if (count := held(layer)) > most:
        refuse(layer, "too_many_taps", count, most, lambda smaller: held(smaller) <= most)


def refuse(layer: Any, key: str, count: int, most: int, fits: Callable[[Any], bool]) -> None:
    """Raise the error `key` of a layer that has too much of something, with a smaller layer for which `fits` holds."""
    names = [name for name in _SHRINKABLE if name in {field.name for field in fields(layer)}]
    singles = (_smaller(layer, name, fits, alone) for alone in (True, False) for name in names)
    fix = next((single for single in singles if single), None) or _smallest(layer, names, fits)
    field = next(iter(fix))
    value = _brief(getattr(layer, field))
    error = LayerError(key, field, fix, value=value, count=count, most=most, nearest=fix[field])
    raise with_whole_fix(error, fix)


def _smaller(layer: Layer, name: str, fits: Callable[[Any], bool], alone: bool) -> dict[str, object]:
    """The fix with the largest value of one argument that fits; alone: the others stay as they are."""
    best: dict[str, object] = {}
    least, most = _LEAST.get(name, 1), _top(getattr(layer, name))
    while least <= most:
        middle = (least + most) // 2
        fix = made(layer, {name: _brief(_capped(getattr(layer, name), middle))}, alone)
        if fix is not None and not fits(replace(layer, **fix)):
            most = middle - 1
        else:
            best, least = fix or best, middle + 1  # what cannot be made is too small for the other arguments
    return best


def _smallest(layer: Layer, names: list[str], fits: Callable[[object], bool]) -> dict[str, object]:
    """The fix that makes one argument after the other as small as can be, until it fits."""
    fix: dict[str, object] = {}
    for name in names:
        smaller = replace(layer, **fix)
        last = _smaller(smaller, name, fits, alone=False)
        if last:
            return fix | last
        fix |= made(smaller, {name: _brief(_capped(getattr(smaller, name), _LEAST.get(name, 1)))}) or {}
    return fix


def made(layer: Layer, fix: dict[str, object], alone: bool = False) -> dict[str, object] | None:
    """The fix, with what else it needs for the layer to be made; None where it needs more and must be `alone`."""
    try:
        replace(layer, **fix)
    except LayerError as error:
        return None if alone else fix | error.fix
    return fix


def _top(value: Any) -> int:
    if isinstance(value, str):
        return 0
    return max(map(_top, value)) if isinstance(value, tuple) else int(value)


def _capped(value: Any, most: int) -> Any:
    """A value of which no number is above `most`; a padding's word becomes none at all where it can be no cells."""
    if isinstance(value, str):
        return value if most else 0
    return tuple(_capped(entry, most) for entry in value) if isinstance(value, tuple) else min(value, most)


def _brief(value: object) -> object:
    """One number where both axes of two dimensions, or all sides of a padding, are alike."""
    if not isinstance(value, tuple) or (len(value) == 1 and not isinstance(value[0], tuple)):
        return value
    alike = {side for entry in value for side in (entry if isinstance(entry, tuple) else (entry,))}
    return alike.pop() if len(alike) == 1 and (len(value) == 2 or isinstance(value[0], tuple)) else value
