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
    lies inside the picture.

    >>> sums(np.array([[0, 0, 6], [0, 0, 6], [9, 9, 9]]), Box(0, 0, 3), (2, 2)).tolist()
    [[0, 36], [54, 66]]
    """
    found, longer = grey, max(cells)
    for first, count in zip(box[:2], cells, strict=True):  # along the rows; then, lying on its side, along the columns
        found = _covered(found[first : first + box.size], box.size, count, longer).T
    return found


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


def _covered(pixels: Array, size: int, cells: int, longer: int) -> Array:
    """(cells, columns): what `size` parts of pixels add up to for each cell, from the first row on; a pixel has
    `longer` parts."""
    whole, part = np.divmod(np.arange(cells + 1) * size, longer)
    before = np.concatenate([np.zeros_like(pixels[:1], np.int64), np.cumsum(pixels, axis=0, dtype=np.int64)])
    begun = pixels[np.minimum(whole, len(pixels) - 1)].astype(np.int64)  # at the last end no pixel is begun
    return np.diff(before[whole] * longer + begun * part[:, None], axis=0)
