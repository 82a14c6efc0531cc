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
    """Refuse a picture of too many cells or steps, and name the largest input that works. No array is made here."""
    steps, weights = prod(layer.output_size), prod(layer.weight_shape or (0,))
    if cells <= CELLS and steps <= STEPS:
        return
    if weights > CELLS:
        raise LayerError("too_many_channels", "channels", None, value=layer.x_shape[0], count=weights, most=CELLS)
    share = cells / max(drawn(layer, 1), 1)
    nearest = largest(layer, lambda small: drawn(small, 1) * share <= CELLS and prod(small.output_size) <= STEPS)
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
    """Roughly how many cells the boards of a layer have, told from its sizes alone."""
    span = getattr(layer, "span", (1,) * len(layer.output_size))
    spread = tuple(o + e - 1 for o, e in zip(layer.output_size, span, strict=True))
    canvas = prod(getattr(layer, "padded_size", spread if layer.shared else layer.input_size))
    weights = prod(layer.weight_shape or (0,))
    return canvas * layer.x_shape[0] ** layer.shared + prod(layer.output_size) * channels + weights
