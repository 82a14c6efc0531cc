"""How large one picture may be, computed from a layer's sizes alone, before any array is made."""

from __future__ import annotations

from math import prod

from convviz.errors import LayerError
from convviz.graph import Node
from convviz.layers import Layer
from convviz.layers.memory import canvas, held, refuse

CELLS = 12_000
"""The most cells of one picture: with more, cells are too small for numbers and browsers become slow."""

STEPS = 4_096
"""The most steps of one animation: more than half an hour at the default pace."""

TAPS = 2**18
"""The most taps of one picture, over all its steps: with more, megabytes would be sent to the browser."""


def refuse_large(layer: Layer, boards: int = 1) -> None:
    """Refuse a picture of too many cells, steps or taps, and name a smaller layer that works.

    boards: how often the view draws the layer's input and output.
    """
    for key, (count, most) in _counts(layer, boards).items():
        if count > most:
            refuse(layer, key, count, most, lambda smaller: _fits(smaller, boards))


def _counts(layer: Layer, boards: int) -> dict[str, tuple[int, int]]:
    """For each limit the count and its maximum, under the key of the error that reports it."""
    return {
        "too_many_cells": (boards * drawn(layer), CELLS),
        "too_many_steps": (prod(layer.output_size), STEPS),
        "too_many_drawn": (held(layer), TAPS),
    }


def _fits(layer: Layer, boards: int = 1) -> bool:
    return all(count <= most for count, most in _counts(layer, boards).values())


def refuse_large_matrix(layer: Layer, boards: int = 1) -> None:
    """Refuse a matrix of too many cells, drawn so many times."""

    def cells(smaller: Layer) -> int:
        return boards * prod(smaller.input_size) * prod(smaller.output_size)

    if (count := cells(layer)) > CELLS:
        refuse(layer, "matrix_cells", count, CELLS, lambda smaller: cells(smaller) <= CELLS)


def refuse_large_nodes(nodes: tuple[Node, ...], x_shape: tuple[int, ...]) -> None:
    """Refuse a network whose boards have too many cells, or whose steps or taps are too many; told from its shapes."""
    cells = prod(x_shape) + sum(prod(node.shape) for node in nodes)
    steps = sum(prod(node.layer.output_size) if node.has_taps else 1 for node in nodes)
    taps = sum(held(node.layer) for node in nodes if node.has_taps)
    for key, count, most in (("run_cells", cells, CELLS), ("run_steps", steps, STEPS), ("run_taps", taps, TAPS)):
        if count > most:
            raise LayerError(key, "layers", None, count=count, most=most)


def drawn(layer: Layer) -> int:
    """How many cells the boards of a layer have: its canvas, or what stamps reach, its output and its kernel."""
    laid = prod(canvas(layer))
    if layer.spreads:
        axes = zip(layer.input_size, layer.stride, layer.span, strict=True)
        laid = max(laid, prod((i - 1) * s + e for i, s, e in axes))
    return laid * layer.x_shape[0] ** layer.shared + prod(layer.y_shape) + prod(layer.weight_shape or (0,))
