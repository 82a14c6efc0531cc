"""What lies behind what: cells over which a board that comes later lies, as of slabs one before the other.

Boards cover one another in the order of the scene's grids. A covered cell bears no text, no note and no stroke, in the
browser and in files alike; of its fill and its outline as much is seen as is not covered.
"""

from __future__ import annotations

import numpy as np

from convviz.scene.marks import Floats, Grid, Ints

SPOTS = np.array([(x, y) for x in (0.12, 0.5, 0.88) for y in (0.25, 0.5, 0.75)])
"""Where a cell's text lies, as (columns, rows) from its first corner: what covers one of these covers the cell."""


def covered(grids: tuple[Grid, ...]) -> Ints:
    """The cells that a later grid covers, in rising order.

    >>> from convviz.scene.marks import Grid
    >>> board = lambda first, x: Grid("", first, 1, 2, (x, 0.0), (1.0, -0.5), (0.0, 1.0), np.zeros(2, int), ("", ""))
    >>> covered((board(0, 0.0), board(2, 1.0))).tolist()
    [1]
    """
    found = [np.zeros(0, dtype=np.int64)]
    for n, behind in enumerate(grids):
        over = [other for other in grids[n + 1 :] if covers(other, behind)]
        if over:
            spots = behind.corners[:, :1] + SPOTS @ np.array([behind.across, behind.down])
            hidden = np.any([_inside(other, spots).any(axis=1) for other in over], axis=0)
            found.append(behind.first + np.flatnonzero(hidden))
    return np.concatenate(found)


def covers(one: Grid, other: Grid) -> bool:
    """Whether two boards may lie over one another: upright ones never do."""
    if one.upright and other.upright:
        return False
    return all(one.box[n] < other.box[n + 2] and other.box[n] < one.box[n + 2] for n in (0, 1))


def _inside(grid: Grid, points: Floats) -> np.ndarray:
    """Which of some points lie on a board."""
    turn = np.linalg.inv(np.array([grid.across, grid.down]))
    place = (points - np.array(grid.corner)) @ turn
    within: np.ndarray = ((place > 0) & (place < (grid.columns, grid.rows))).all(axis=-1)
    return within
