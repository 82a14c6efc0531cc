"""How much one picture may hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod

from convviz.errors import LayerError
from convviz.layers import Layer

CELLS = 12_000
"""Cells of one picture: beyond it they are smaller than a number, and a browser no longer keeps its pace."""

STEPS = 4_096
"""Steps of one animation: at the default pace more than half an hour."""


def refuse_large(layer: Layer, cells: int) -> None:
    """Refuse a picture of too many cells or steps, and name the largest input that works."""
    steps = layer.taps.steps
    if cells <= CELLS and steps <= STEPS:
        return
    share = cells / max(drawn(layer, 1), 1)
    nearest = largest(layer, lambda smaller: drawn(smaller, 1) * share <= CELLS and smaller.taps.steps <= STEPS)
    key, count, most = ("too_many_cells", cells, CELLS) if cells > CELLS else ("too_many_steps", steps, STEPS)
    raise LayerError(
        key,
        "input_size",
        {"input_size": nearest},
        value=layer.input_size,
        count=count,
        most=most,
        nearest=nearest,
    )


def largest(layer: Layer, fits: Callable[[Layer], bool]) -> tuple[int, ...]:
    """The largest input, of at most this layer's shape, for which the layer can be made and `fits`."""
    size: tuple[int, ...] = layer.input_size
    while max(size) > 1:
        size = tuple(max(1, n - max(1, n // 16)) for n in size)
        try:
            if fits(replace(layer, input_size=size)):  # type: ignore[type-var]
                return size
        except LayerError:
            continue
    return size


def drawn(layer: Layer, channels: int) -> int:
    """Roughly how many cells the boards of a layer have."""
    taps = layer.taps
    weights = prod(layer.weight_shape or (0,))
    return prod(taps.canvas_shape) * layer.x_shape[0] ** layer.shared + taps.steps * channels + weights
