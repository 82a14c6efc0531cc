"""Simple shapes as inputs, drawn at any size: small whole numbers in which a kernel's effect is easily read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from convviz.layers.linear import Array

BRIGHT = 5
"""The value of what is bright in a shape; the rest is 0."""

GRADES = 9
"""The last value of a gradient, which begins at 0."""


def _bar(row: Array, column: Array, rows: int, columns: int) -> Array:
    """A vertical bar in the middle, a fifth of the width, as wide as leaves the same room on both sides."""
    width = max(columns // 5, 1)
    width += (columns - width) % 2 if columns > 2 else 0
    first = (columns - width) // 2
    return BRIGHT * ((column >= first) & (column < first + width))


def _step(row: Array, column: Array, rows: int, columns: int) -> Array:
    """Dark on the left, bright on the right."""
    return BRIGHT * (column >= columns // 2)


def _corner(row: Array, column: Array, rows: int, columns: int) -> Array:
    """Bright on the lower right."""
    return BRIGHT * ((row >= rows // 2) & (column >= columns // 2))


def _checkerboard(row: Array, column: Array, rows: int, columns: int) -> Array:
    """Bright and dark cells in turn, the first dark."""
    return BRIGHT * ((row + column) % 2)


def _gradient(row: Array, column: Array, rows: int, columns: int) -> Array:
    """From 0 on the left to GRADES on the right."""
    steps = max(columns - 1, 1)
    return (2 * GRADES * column + steps) // (2 * steps)


def _impulse(row: Array, column: Array, rows: int, columns: int) -> Array:
    """One cell in the middle that is 1: what comes out is the kernel itself, the impulse response."""
    return 1 * ((row == rows // 2) & (column == columns // 2))


SHAPES: dict[str, Callable[[Array, Array, int, int], Array]] = {
    "bar": _bar,
    "step": _step,
    "corner": _corner,
    "checkerboard": _checkerboard,
    "gradient": _gradient,
    "impulse": _impulse,
}
"""The shapes by the names that links give them."""


def shape(name: str, rows: int, columns: int) -> Array:
    """The (rows, columns) whole numbers of a shape.

    >>> shape("bar", 1, 5).tolist(), shape("gradient", 1, 4).tolist()
    ([[0, 0, 5, 0, 0]], [[0, 3, 6, 9]])
    """
    row, column = np.indices((rows, columns))
    return np.broadcast_to(SHAPES[name](row, column, rows, columns), (rows, columns)).astype(np.int64)
