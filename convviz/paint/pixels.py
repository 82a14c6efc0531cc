"""Where cells fall in pixels: the size of a picture, the place of a corner, rectangles of whole pixels."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convviz.errors import LayerError
from convviz.layers.arguments import whole
from convviz.scene.marks import Floats, Grid, Ints
from convviz.scene.scene import Scene
from convviz.themes import Theme

MOST_PIXELS = 4096
"""Pixels a side of any file: beyond it, browsers and slides no longer show a picture as it is."""

COMFORTABLE_PIXELS = 1600
"""Pixels a side that a picture is kept within where no scale is asked for: a projector shows it without blurring it."""

SCALE_RANGE = (4.0, 400.0)
"""The least and most pixels a cell that can be asked for."""

WIDTH_RANGE = (64, MOST_PIXELS)
"""The least and most pixels that a picture can be wide, where that is asked for."""

Rect = tuple[int, int, int, int]
"""left, top, right, bottom in pixels, right and bottom outside."""


@dataclass(frozen=True)
class Placement:
    """scale: pixels a cell; left, top: the cell coordinates of the picture's corner; width, height: in pixels."""

    scale: float
    left: float
    top: float
    width: int
    height: int

    def pixels(self, points: Floats) -> Floats:
        """Cell coordinates as pixels, y down."""
        return (points - (self.left, self.top)) * self.scale


def placement(scene: Scene, theme: Theme, scale: float | None = None, across: int | None = None) -> Placement:
    """How a scene lies in its picture: the theme's border around its bounds and the outer half of its lines.

    across: how many pixels wide the picture is to be, instead of a scale. Raises LayerError for one that cannot be, and
    for a scale that cannot be, or that makes a picture of more than MOST_PIXELS pixels a side.
    """
    left, top, right, bottom = scene.bounds
    room = theme.border / theme.cell + theme.paint("input").width / 2
    width, height = right - left + 2 * room, bottom - top + 2 * room
    if across is not None:
        scale = _fitting(across, scale, height / width) / width
    elif scale is None:
        scale = min(theme.cell, COMFORTABLE_PIXELS / max(width, height))
    else:
        _refuse_scale(scale, width, height)
    return Placement(scale, left - room, top - room, ceil(width * scale - 1e-6), ceil(height * scale - 1e-6))


def _fitting(across: int, scale: float | None, tall: float) -> int:
    """A width in pixels that can be; tall: the height of such a picture, in widths."""
    if scale is not None:
        raise LayerError("width_scale", "width", {"width": None}, value=across, nearest=across)
    least, most = WIDTH_RANGE
    return whole("width", across, least, max(least, min(most, int(MOST_PIXELS / tall))))


def _refuse_scale(scale: Any, width: float, height: float) -> None:
    least, most = SCALE_RANGE
    number = isinstance(scale, Real) and not isinstance(scale, bool) and scale == scale
    fits = max(int(MOST_PIXELS / max(width, height) * 10) / 10, 0.1)
    least = min(least, fits)  # a picture too large for the least is taken smaller
    if not number:
        nearest = f"{min(44.0, fits):g}"
        raise LayerError("number_type", "scale", {"scale": min(44.0, fits)}, value=scale, nearest=nearest)
    if not least <= scale <= most:
        fixed = min(max(scale, least), most, fits)
        ends = {"least": f"{least:g}", "most": f"{most:g}"}
        raise LayerError("scale", "scale", {"scale": fixed}, value=scale, **ends, nearest=f"{fixed:g}")
    if scale > fits and ceil(max(width, height) * scale - 1e-6) > MOST_PIXELS:
        sides = {"width": ceil(width * scale), "height": ceil(height * scale), "most": MOST_PIXELS}
        raise LayerError("pixels", "scale", {"scale": fits}, value=scale, **sides, nearest=f"{fits:g}")


def boxes(points: Floats, room: float) -> Ints:
    """(n, corners, 2) in pixels -> (n, 4): the whole pixels around each polygon and `room` more."""
    low = np.floor(points.min(axis=1) - room)
    high = np.ceil(points.max(axis=1) + room)
    return np.concatenate([low, high], axis=1).astype(np.int64)


def around(rects: Ints) -> Rect:
    """The smallest rectangle around all."""
    left, top = rects[:, :2].min(axis=0)
    right, bottom = rects[:, 2:].max(axis=0)
    return int(left), int(top), int(right), int(bottom)


def within(rect: Rect, width: int, height: int) -> Rect:
    """The part of a rectangle that lies in the picture."""
    return max(rect[0], 0), max(rect[1], 0), min(rect[2], width), min(rect[3], height)


def merged(rects: list[Rect]) -> list[Rect]:
    """The same area in rectangles that do not touch one another, for those that do are taken together."""
    apart: list[Rect] = []
    for rect in rects:
        while (other := next((r for r in apart if meets(r, rect)), None)) is not None:
            apart.remove(other)
            rect = (
                min(rect[0], other[0]),
                min(rect[1], other[1]),
                max(rect[2], other[2]),
                max(rect[3], other[3]),
            )
        apart.append(rect)
    return apart


def meets(one: Rect, other: Rect) -> bool:
    """Whether two rectangles share a pixel."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def holds(outer: Rect, inner: Rect) -> bool:
    """Whether a rectangle lies wholly in another."""
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


def lattice_edges(grids: tuple[Grid, ...], corners: Floats) -> tuple[Ints, Ints, Floats]:
    """The edges of all cells, each once although two cells share it.

    Returns (cells, 4): the edges of each cell; (edges, 2): the cells on both sides of each, one cell twice at a rim;
    (edges, 2, 2): from where to where it goes, which is the same way for both.
    """
    of, sides, ends, first = [], [], [], 0
    for grid in grids:
        marks = grid.first + np.arange(grid.count).reshape(grid.rows, grid.columns)
        across = first + np.arange((grid.rows + 1) * grid.columns).reshape(grid.rows + 1, grid.columns)
        down = first + across.size + np.arange(grid.rows * (grid.columns + 1)).reshape(grid.rows, grid.columns + 1)
        of.append(np.stack([across[:-1], across[1:], down[:, :-1], down[:, 1:]], axis=2).reshape(-1, 4))
        for axis, begin, end in ((0, 0, 1), (1, 0, 3)):
            before = np.concatenate([marks.take([0], axis), marks], axis).ravel()
            after = np.concatenate([marks, marks.take([-1], axis)], axis).ravel()
            rim = (3, 2) if axis == 0 else (1, 2)
            last = np.concatenate([np.zeros_like(marks), np.ones_like(marks.take([-1], axis))], axis).ravel() == 1
            sides.append(np.stack([before, after], axis=1))
            own = corners[after][:, [begin, end]]
            ends.append(np.where(last[:, None, None], corners[after][:, rim], own))
        first += across.size + down.size
    return np.concatenate(of), np.concatenate(sides), np.concatenate(ends)


class Laid(NamedTuple):
    """The pixels that have their middle on a board. grid: its number; rows, columns: where they lie; inside: which of
    these they are; cell: in which of the scene's cells each lies that is."""

    grid: int
    rows: slice
    columns: slice
    inside: NDArray[np.bool_]
    cell: Ints


def layers(grids: tuple[Grid, ...], corners: Floats, width: int, height: int) -> list[Laid]:
    """Every board by itself, in the order in which they cover one another."""
    return [_laid(n, grid, corners, width, height) for n, grid in enumerate(grids)]


def owners(grids: tuple[Grid, ...], corners: Floats, width: int, height: int) -> NDArray[np.int32]:
    """(height, width): the cell in which each pixel has its middle, of several the foremost; where there is none, the
    number of all cells."""
    found = np.full((height, width), len(corners), dtype=np.int32)
    for n, grid in enumerate(grids):
        laid = _laid(n, grid, corners, width, height)
        np.copyto(found[laid.rows, laid.columns], laid.cell, where=laid.inside, casting="unsafe")
    return found


def _laid(number: int, grid: Grid, corners: Floats, width: int, height: int) -> Laid:
    own = corners[grid.first : grid.first + grid.count]
    left, top, right, bottom = within(around(boxes(own, 0)), width, height)
    x, y = np.arange(left, right) + 0.5, np.arange(top, bottom) + 0.5
    if grid.upright:
        column = np.searchsorted(own[: grid.columns, 0, 0], x, "right")[None, :] - 1
        row = np.searchsorted(own[:: grid.columns, 0, 1], y, "right")[:, None] - 1
        inside = (x < own[-1, 2, 0])[None, :] & (y < own[-1, 2, 1])[:, None] & (column >= 0) & (row >= 0)
    else:
        origin, beside, _, below = own[0]
        turn = np.linalg.inv(np.array([beside - origin, below - origin]))
        along = (x[None, :] - origin[0])[..., None] * turn[0] + (y[:, None] - origin[1])[..., None] * turn[1]
        place = np.floor(along).astype(np.int32)
        column, row = place[..., 0], place[..., 1]
        inside = (column >= 0) & (column < grid.columns) & (row >= 0) & (row < grid.rows)
    cell = grid.first + row * grid.columns + column
    return Laid(number, slice(top, bottom), slice(left, right), inside, cell)


def reaching(areas: Ints, rect: Rect) -> Ints:
    """Which of (n, 4) rectangles share a pixel with one, in order."""
    left, top, right, bottom = rect
    return np.flatnonzero((areas[:, 0] < right) & (areas[:, 2] > left) & (areas[:, 1] < bottom) & (areas[:, 3] > top))
