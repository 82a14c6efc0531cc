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
    if all(grid.upright for grid in grids):
        return found[0]
    meets = meeting(grids)
    for n, behind in enumerate(grids):
        over = [grids[n + 1 + m] for m in np.flatnonzero(meets[n, n + 1 :])]
        if over:
            spots = behind.corners[:, :1] + SPOTS @ np.array([behind.across, behind.down])
            hidden = np.any([_inside(other, spots).any(axis=1) for other in over], axis=0)
            found.append(behind.first + np.flatnonzero(hidden))
    return np.concatenate(found)


def meeting(grids: tuple[Grid, ...]) -> np.ndarray:
    """(grids, grids) of bools: which two boards may lie over one another, in either order: upright ones never do."""
    boxes, upright = np.array([grid.box for grid in grids]), np.array([grid.upright for grid in grids])
    starts, ends = boxes[:, None, :2], boxes[None, :, 2:]
    before = (starts < ends).all(axis=2)
    meets: np.ndarray = before & before.T & ~(upright[:, None] & upright[None, :])
    return meets


def _inside(grid: Grid, points: Floats) -> np.ndarray:
    """Which of some points lie on a board."""
    turn = np.linalg.inv(np.array([grid.across, grid.down]))
    place = (points - np.array(grid.corner)) @ turn
    within: np.ndarray = ((place > 0) & (place < (grid.columns, grid.rows))).all(axis=-1)
    return within
