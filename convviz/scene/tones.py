"""Values as tones: negative and positive in two hues, 0 in none, on one symmetric scale a board.

A level is 1 for the most negative value of a board's scale, ZERO for 0, the last of TONES for the most positive; 0 says
that there is no value. `toned` is the only rule from values to levels, for the browser and for files.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from convviz.layers.linear import Array, largest
from convviz.scene.canvas import number
from convviz.scene.marks import TEXT_SIZE, Floats, Ints, Scale
from convviz.scene.roles import ROLES, SIDE, VALUED, ZERO

LEGIBLE_PX = 14
"""Pixels a cell below which numbers are left out."""

CROWD = 1000
"""Cells of a picture beyond which numbers that small are no help to anybody: its cells must be half as large again."""

LARGE = 400
"""Written cells of a board beyond which nobody reads it number by number: its cells must be twice as large."""

MINUS = ((0.14, 0.8), (0.42, 0.8))
"""From where to where in a cell, in its own columns and rows, the stroke goes that marks a negative value."""

MINUS_WIDTH = 0.07
"""How wide that stroke is, in cells."""

TICK = ((0.7, 0.08), (0.92, 0.3))
"""From where to where the tick of a cell that differs goes: across its corner, as no other line does."""

_VALUED = np.isin(np.array(ROLES), VALUED)
_EXACT = 2**63 // SIDE


def least_pixels(roles: Ints, picture: int, text_size: float = TEXT_SIZE) -> int:
    """The least pixels a cell at which numbers can be read, on a board of these roles in a picture of so many cells.

    What a matrix leaves empty does not count. text_size: of the numbers, as a share of a cell: where long numbers make
    it smaller than usual, cells must be larger.

    >>> board = np.full(1024, ROLES.index("output"))
    >>> least_pixels(board[:9], 400), least_pixels(board[:9], 2000), least_pixels(board, 2000)
    (14, 21, 28)
    >>> least_pixels(board[:9], 400, text_size=TEXT_SIZE / 2)
    28
    """
    written = np.count_nonzero(roles != ROLES.index("zero"))
    usual = LEGIBLE_PX * (4 if written > LARGE else 3 if picture > CROWD else 2) / 2
    smallest = LEGIBLE_PX * TEXT_SIZE / min(text_size, TEXT_SIZE)
    return ceil(max(usual, smallest))


def scale_of(*values: Array) -> Scale:
    """The scale on which all these values have their levels: as wide as the largest magnitude.

    >>> scale_of(np.array([-3, 2]), np.array([1])).text
    '3'
    """
    most = max((_most(array) for array in values), default=0)
    return Scale(most, number(most))


def _most(values: Array) -> float:
    if values.dtype.kind != "f":
        return largest(values) if values.size else 0
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max(initial=0.0))


def toned(values: Array, scale: Scale) -> Ints:
    """The levels of values on a scale, of the same shape: ZERO is 0 and nothing else, what is no number has 0.

    Of the other levels each has an equal part of the scale; whole numbers of any size are compared exactly.

    >>> toned(np.array([-7, -1, 0, 1, 2, 7]), scale_of(np.array([7]))).tolist()
    [1, 7, 8, 9, 10, 15]
    """
    most = scale.most
    if values.dtype.kind != "f":
        exact = values if values.dtype != object and most < _EXACT else values.astype(object)
        steps = np.sign(exact) * -(-np.abs(exact) * SIDE // most) if most else np.zeros(values.shape)
        return ZERO + _clipped(steps)
    with np.errstate(invalid="ignore", over="ignore"):
        steps = np.sign(values) * np.ceil(np.abs(values) / most * SIDE) if most else np.sign(values)
    missing: NDArray[np.bool_] = np.isnan(steps)
    return np.where(missing, 0, ZERO + _clipped(np.where(missing, 0, steps)))


def _clipped(steps: Array) -> Ints:
    """Steps from 0, no more than a scale has on a side."""
    return np.minimum(np.maximum(steps, -SIDE), SIDE).astype(np.int64)


def board_tones(values: Array | None, roles: Ints, scale: Scale | None) -> tuple[Ints | None, Scale | None]:
    """The levels of a board's cells, 0 for those that show no value, and their scale: given, or their own.

    Cells with a scale and no values get them at their steps.
    """
    if values is None:
        return (None if scale is None else np.zeros(len(roles), dtype=np.int64)), scale
    scale = scale or scale_of(values)
    return np.where(_VALUED[roles], toned(values.ravel(), scale), 0), scale


def minus_ends(corners: Floats) -> Floats:
    """(n, 2, 2): from where to where the strokes of negative cells go, whose corners are (n, 4, 2)."""
    return _inside(corners, MINUS)


def tick_ends(corners: Floats) -> Floats:
    """(n, 2, 2): the same of the ticks of cells that differ."""
    return _inside(corners, TICK)


def _inside(corners: Floats, ends: tuple[tuple[float, float], ...]) -> Floats:
    """Places inside of cells, given in their own columns and rows."""
    first, across, down = (corners[:, n] for n in (0, 1, 3))
    return np.stack([first + x * (across - first) + y * (down - first) for x, y in ends], axis=1)
