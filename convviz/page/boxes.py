"""Arrays that are parts of photographs: of the bundled ones, and of those that people bring."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from convviz.errors import LayerError
from convviz.layers.linear import Array
from convviz.page.averages import Box, averaged
from convviz.page.brought import brought
from convviz.pictures import coloured, photograph

GREY = np.array([299, 587, 114])
"""Thousandths of red, green and blue in a grey (ITU-R BT.601), as the bundled photographs were made grey."""


def plane(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of each channel of a (channels, *spatial) shape, or of a vector's: one row in one dimension.

    >>> plane((3, 5, 7)), plane((1, 7)), plane((4,))
    ((5, 7), (1, 7), (1, 4))
    """
    rows, columns = (1, 1, *(shape[1:] or shape))[-2:]
    return rows, columns


def spread(table: Array, shape: tuple[int, ...]) -> Array:
    """A (rows, columns) table as an array of a shape, the same for all channels."""
    return np.broadcast_to(table if len(shape) > 2 else table[0], shape).copy()


def boxed(name: str, *numbers: int, colours: bool, shape: tuple[int, ...]) -> Array:
    """(channels, *spatial) of a box of a photograph: the same greys for all channels, or its colours.

    name: of one that was brought, or "" for a bundled one; numbers: the place of that one, if it is, and the row,
    column and size of the box. Raises LayerError for one that is not here.
    """
    if name:
        brought(name)  # also where what comes of it is known still
    cells = plane(shape)
    parts = _averages(name, numbers, colours, cells).astype(np.int64)
    if colours and len(shape) > 2:
        return parts
    return spread(parts[0], shape)


@lru_cache(maxsize=6)
def _averages(name: str, numbers: tuple[int, ...], colours: bool, cells: tuple[int, int]) -> NDArray[np.uint8]:
    """(channels, rows, columns): the means of the pixels that each cell covers."""
    *which, row, column, size = numbers
    planes = [_grey(name, which)] if not colours else [*_colours(name, which)]
    return np.stack([averaged(one, Box(row, column, size), cells) for one in planes]).astype(np.uint8)


def _grey(name: str, which: list[int]) -> Array:
    if not name:
        return photograph(which[0])
    return np.asarray((brought(name).astype(np.int64) @ GREY + 500) // 1000)


def _colours(name: str, which: list[int]) -> Array:
    """(3, rows, columns)."""
    return brought(name).transpose(2, 0, 1) if name else coloured(which[0])


def patch(row: int, column: int, shape: tuple[int, ...]) -> Array:
    """(channels, *spatial) grey values of the photograph from (row, column) on, the same for all channels.

    In one dimension it is a piece of one row. Raises LayerError where the patch leaves the photograph.
    """
    grey = photograph()
    height, width = plane(shape)
    most = (grey.shape[0] - height, grey.shape[1] - width)
    if min(most) < 0 or row > most[0] or column > most[1]:
        nearest = (max(0, min(row, most[0])), max(0, min(column, most[1])))
        size = f"{grey.shape[0]} x {grey.shape[1]}"
        raise LayerError("patch", "patch", {"patch": nearest}, value=(row, column), size=size, nearest=nearest)
    return spread(grey[row : row + height, column : column + width].astype(np.int64), shape)
