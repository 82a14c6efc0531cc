"""Strokes: lines that lie beside cells or lead from one to another. Curves of a chart, and the edges between boards.

Coordinates are in cells, as those of all marks (see `convviz.scene.marks`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from convviz.scene.marks import Floats, Ints

WIDTH, DOT = 0.075, 0.3
"""The width of a curve, and of the dot on it, in cells."""

PENS = (1, 2, 4, 8)
"""How many times as wide a curve may be."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A line through points of its own; role: one of LINES.

    points: (n, 2); until: (steps,) how many of them are there at a step, or None for all of them at any; at: (steps,)
    the point that bears a dot at a step, -1 for none, or None; pen: one of PENS, how many times as wide as usual the
    line and its dot are, in a picture of many small cells; cell: the one whose value it shows once more, -1 for none.

    >>> line = Curve("series", "hue1", np.array([[0.0, 1.0], [1.0, 0.0]]), until=np.array([1, 2]))
    >>> line.shown(0).tolist(), line.dot(0)
    ([[0.0, 1.0]], None)
    """

    name: str
    role: str
    points: Floats
    until: Ints | None = None
    at: Ints | None = None
    pen: int = 1
    cell: int = -1

    def shown(self, t: int) -> Floats:
        """(n, 2): the points that are there at step t."""
        return self.points if self.until is None else self.points[: int(self.until[t])]

    def dot(self, t: int) -> Floats | None:
        """(2,): where the dot is at step t, if there is one."""
        place = -1 if self.at is None else int(self.at[t])
        return None if place < 0 else self.points[place]

    def within(self, before: int, steps: int) -> Curve:
        """The same among `steps` steps, after `before` others; at those it is as at the nearest of its own."""
        return replace(self, until=_held(self.until, before, steps), at=_held(self.at, before, steps))


def _held(column: Ints | None, before: int, steps: int) -> Ints | None:
    if column is None:
        return None
    after = steps - before - len(column)
    return np.concatenate([np.full(before, column[0]), column, np.full(after, column[-1])])


@dataclass(frozen=True, eq=False)
class Edges:
    """A line for each tap: from the upper side of the cell that is read to the lower side of the one that is written.

    sources, targets: (n,) cells; track: names the cells that are followed at a step. An edge is lit where both its ends
    are among them; the role of its line is then "path", else "edge".
    """

    sources: Ints
    targets: Ints
    track: str

    def ends(self, corners: Floats) -> Floats:
        """(n, 2, 2): where the edges begin and end, given the (cells, 4, 2) corners of all cells."""
        begin = corners[self.sources][:, [0, 1]].mean(axis=1)
        end = corners[self.targets][:, [2, 3]].mean(axis=1)
        return np.stack([begin, end], axis=1)

    def lit(self, cells: Ints) -> Ints:
        """The edges both of whose ends are among the cells.

        >>> Edges(np.array([0, 1]), np.array([4, 5]), "cone").lit(np.array([1, 5, 0])).tolist()
        [1]
        """
        return np.flatnonzero(np.isin(self.sources, cells) & np.isin(self.targets, cells))
