"""A box of a picture brought down to a few cells: each cell is the mean of the pixels that it covers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from convviz.layers.linear import Array

LEAST = 8
"""The smallest size of a box that is offered, in pixels."""


class Box(NamedTuple):
    """A part of a picture: its first row and column, and the pixels along its longer side.

    The cells that it is brought down to are squares, so their rows and columns give its other side.

    >>> Box(90, 0, 50).within((100, 80), (7, 7))
    Box(row=50, column=0, size=50)
    """

    row: int
    column: int
    size: int

    def within(self, picture: tuple[int, int], cells: tuple[int, int]) -> Box:
        """The nearest box inside a picture of (rows, columns) pixels, for (rows, columns) of cells."""
        longer = max(cells)
        size = min(max(self.size, 1), *(pixels * longer // count for pixels, count in zip(picture, cells, strict=True)))
        last = [(pixels * longer - size * count) // longer for pixels, count in zip(picture, cells, strict=True)]
        row, column = (min(max(first, 0), most) for first, most in zip(self[:2], last, strict=True))
        return Box(row, column, size)


def sums(grey: Array, box: Box, cells: tuple[int, int]) -> Array:
    """(rows, columns) sums of the pixels that each cell covers, in parts of a pixel: exact whole numbers.

    A pixel has longer x longer parts, for the longer side of the cells, and a cell has size x size of them. The box
    lies inside the picture. Floats are exact here: a sum is at most 255 x size x size.

    >>> sums(np.array([[0, 0, 6], [0, 0, 6], [9, 9, 9]]), Box(0, 0, 3), (2, 2)).tolist()
    [[0, 36], [54, 66]]
    """
    rows, columns = (
        _parts(first, box.size, count, max(cells), pixels)
        for first, count, pixels in zip(box[:2], cells, grey.shape, strict=True)
    )
    return np.rint(rows.astype(float) @ grey.astype(float) @ columns.T.astype(float)).astype(np.int64)


def averaged(grey: Array, box: Box, cells: tuple[int, int]) -> Array:
    """(rows, columns) means of the pixels that each cell covers, rounded to whole numbers, halves up.

    What a box has outside the picture is brought inside first.

    >>> averaged(np.array([[0, 0, 6], [0, 0, 6], [9, 9, 9]]), Box(0, 0, 3), (2, 2)).tolist()
    [[0, 4], [6, 7]]
    """
    inside = box.within((grey.shape[0], grey.shape[1]), cells)
    if inside.size == max(cells):  # each cell is a pixel
        return np.asarray(grey[inside.row : inside.row + cells[0], inside.column : inside.column + cells[1]])
    covered = inside.size**2
    return np.asarray((2 * sums(grey, inside, cells) + covered) // (2 * covered))


def _parts(first: int, size: int, cells: int, longer: int, pixels: int) -> Array:
    """(cells, pixels): how many parts of each pixel, of which it has `longer`, each cell covers along one axis."""
    start = first * longer + np.arange(cells)[:, None] * size
    pixel = np.arange(pixels)[None, :] * longer
    return np.clip(np.minimum(start + size, pixel + longer) - np.maximum(start, pixel), 0, None)
