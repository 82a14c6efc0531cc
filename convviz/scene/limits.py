"""How much one picture may hold. All of it is told from a layer's sizes alone, before any array is made."""

from __future__ import annotations

from math import prod

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.memory import canvas, held, refuse
from convviz.network import Network

CELLS = 12_000
"""Cells of one picture: beyond it they are smaller than a number, and a browser no longer keeps its pace."""

STEPS = 4_096
"""Steps of one animation: at the default pace more than half an hour."""

TAPS = 2**18
"""Taps of one picture, over all its steps: beyond it a browser is sent megabytes."""


def refuse_large(layer: Layer, boards: int = 1) -> None:
    """Refuse a picture of too many cells, steps or taps, and name a smaller layer that works.

    boards: how often the view draws the layer's input and output.
    """

    def fits(smaller: Layer) -> bool:
        small = boards * drawn(smaller) <= CELLS and held(smaller) <= TAPS
        return small and prod(smaller.output_size) <= STEPS

    counts = {
        "too_many_cells": (boards * drawn(layer), CELLS),
        "too_many_steps": (prod(layer.output_size), STEPS),
        "too_many_drawn": (held(layer), TAPS),
    }
    for key, (count, most) in counts.items():
        if count > most:
            refuse(layer, key, count, most, fits)


def refuse_large_matrix(layer: Layer) -> None:
    """Refuse a matrix of too many cells."""

    def cells(smaller: Layer) -> int:
        return prod(smaller.input_size) * prod(smaller.output_size)

    if (count := cells(layer)) > CELLS:
        refuse(layer, "matrix_cells", count, CELLS, lambda smaller: cells(smaller) <= CELLS)


def refuse_large_stack(network: Network) -> None:
    """Refuse a stack of too many cells or taps; the smallest that shows its field ends in a single output."""
    for layer in network.layers:
        refuse_large(layer)
    cells = sum(prod(layer.input_size) for layer in network.layers) + prod(network.output_size)
    if cells > CELLS:
        nearest, value = network.receptive_field(), network.input_size
        fix = {"input_size": nearest}
        raise LayerError("too_many_cells", "input_size", fix, value=value, count=cells, most=CELLS, nearest=nearest)


def drawn(layer: Layer) -> int:
    """How many cells the boards of a layer have: its canvas, or what stamps reach, its output and its kernel."""
    laid = prod(canvas(layer))
    if layer.kind == "tconv":
        axes = zip(layer.input_size, layer.stride, layer.span, strict=True)  # type: ignore[attr-defined]
        laid = max(laid, prod((i - 1) * s + e for i, s, e in axes))
    outputs = prod(layer.output_size) * (_channels_out(layer) if layer.shared else 1)
    return laid * layer.x_shape[0] ** layer.shared + outputs + prod(layer.weight_shape or (0,))


def _channels_out(layer: Layer) -> int:
    return int(getattr(layer, "out_channels", getattr(layer, "channels", 1)))
