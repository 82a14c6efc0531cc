"""A digit that somebody draws, made into what the networks have learned from: 8 by 8 pixels with 17 levels of ink.

The bundled digits were made so: the programs of NIST scaled the ink to the full height of a field of 32 by 32, evened
out how thick it is and how it slants, and the ink in each block of 4 by 4 was counted (Garris et al., "NIST Form-Based
Handprint Recognition System", NISTIR 5469, 1994; Alpaydin and Kaynak 1998). Here it is done again in whole numbers, so
that the same drawing gives the same digit wherever it is computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from convviz.digits import SIZE
from convviz.layers.linear import Array

BLOCK = 4
"""Cells a side that become one pixel."""

FINE = SIZE * BLOCK
"""Cells a side of the field before: 32."""

WIDEST = 20
"""Cells that a scaled digit may be wide; what is narrower stays so. Made upright, it may become wider."""

LEAST, MOST = 260, 370
"""So many of the 1,024 cells are ink: strokes become thicker, or thinner, by one cell at a time until they are. Nine of
ten bundled digits lie between."""


def digit(bitmap: object) -> Array:
    """(8, 8) whole numbers from 0, paper, to 16, as the bundled digits have them; bitmap: (rows, columns), ink is true.

    Raises ValueError where nothing is drawn.

    >>> pad = np.zeros((32, 32))
    >>> pad[5:12, 9] = 1
    >>> digit(pad)[:, 3:5].tolist() == [[16, 16]] * 8
    True
    """
    return blocks(upright(even(fitted(np.asarray(bitmap) > 0))))


def bitmap(strokes: Sequence[Sequence[tuple[float, float]]], pen: float) -> Array:
    """(32, 32), what a pad has of some strokes: a cell is ink where its middle lies within half a pen of a line.

    strokes: each the (x, y) points on its way, in cells from the upper left corner; pen: how thick a line is, in cells.

    >>> bitmap([[(0, 1), (32, 1)]], 2).sum(axis=1)[:3].tolist()
    [32, 32, 0]
    """
    middles = np.stack(np.meshgrid(*[np.arange(FINE) + 0.5] * 2), axis=-1)  # (rows, columns, 2): x, y
    found = np.zeros((FINE, FINE), dtype=bool)
    for stroke in strokes:
        points = np.asarray(stroke, dtype=np.float64)
        for start, end in pairwise([*points, points[-1]]):  # a dot is a stroke, too
            way = end - start
            along = ((middles - start) @ way / max(way @ way, 1e-12)).clip(0, 1)
            nearest = start + along[..., None] * way
            found |= ((middles - nearest) ** 2).sum(axis=-1) <= (pen / 2) ** 2
    return found


def cropped(ink: Array) -> Array:
    """The smallest part that has all the ink."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        raise ValueError("bitmap: empty - a digit needs ink - draw something")
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def fitted(ink: Array) -> Array:
    """(32, 32): as high as the field, in its middle, and at most WIDEST wide; each cell copies one of the drawing's.

    >>> found = fitted(np.ones((5, 3), dtype=bool))
    >>> found.any(axis=1).sum().item(), found.any(axis=0).sum().item(), found[0].nonzero()[0][0].item()
    (32, 19, 6)
    """
    part = cropped(ink)
    rows, columns = part.shape
    width = max(min((2 * columns * FINE + rows) // (2 * rows), WIDEST), 1)
    field = np.zeros((FINE, FINE), dtype=bool)
    left = (FINE - width) // 2
    field[:, left : left + width] = part[np.ix_(_nearest(rows, FINE), _nearest(columns, width))]
    return field


def _nearest(size: int, wanted: int) -> Array:
    """For each of the wanted cells the one that lies under its middle."""
    return (2 * np.arange(wanted) + 1) * size // (2 * wanted)


def grown(ink: Array) -> Array:
    """Every stroke thicker by one cell, to the right and below: (rows, columns) -> (rows + 1, columns + 1).

    >>> grown(np.eye(2, dtype=bool)).astype(int).tolist()
    [[1, 1, 0], [1, 1, 1], [0, 1, 1]]
    """
    padded = np.pad(ink, 1)
    return padded[1:, 1:] | padded[1:, :-1] | padded[:-1, 1:] | padded[:-1, :-1]


def thinned(ink: Array) -> Array:
    """Every stroke thinner by one cell; what was one cell thick is gone: (rows, columns) -> (rows - 1, columns - 1).

    >>> thinned(np.ones((3, 2), dtype=bool)).astype(int).tolist()
    [[1], [1]]
    """
    return ink[1:, 1:] & ink[1:, :-1] & ink[:-1, 1:] & ink[:-1, :-1]


def even(field: Array) -> Array:
    """(32, 32): with as much ink as the bundled digits have."""
    for _ in range(FINE):
        if field.sum() >= LEAST:
            break
        field = fitted(grown(field))
    for _ in range(FINE):
        thinner = thinned(field)
        if field.sum() <= MOST or not thinner.any():
            break
        field = fitted(thinner)
    return field


def upright(field: Array) -> Array:
    """(32, 32): each row pushed aside, so that the ink of the first row begins where that of the last begins.

    Rows in the middle stay. What would be pushed out of the field is lost.

    >>> found = upright(np.eye(32, dtype=bool))
    >>> bool(found[:, 15].all() or found[:, 16].all())
    True
    """
    slant = int(field[-1].argmax()) - int(field[0].argmax())
    steps = 2 * (FINE - 1)
    pushed = (slant * (FINE - 1 - 2 * np.arange(FINE)) + FINE - 1) // steps
    source = np.arange(FINE) - pushed[:, None]
    within = (source >= 0) & (source < FINE)
    return within & np.take_along_axis(field, source.clip(0, FINE - 1), axis=1)


def blocks(field: Array) -> Array:
    """(8, 8): how many cells of each block of 4 by 4 are ink."""
    return field.reshape(SIZE, BLOCK, SIZE, BLOCK).sum(axis=(1, 3))
