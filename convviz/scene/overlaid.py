"""The boards of a network's maps, one scale for all, and over them what the outputs of each row see of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

import numpy as np

from convviz.counted import counted
from convviz.layers import is_layer
from convviz.layers.linear import Array
from convviz.network import Network
from convviz.reaching import seen
from convviz.scene.canvas import number
from convviz.scene.layout import Layout, times
from convviz.scene.links import Link
from convviz.scene.maps import Box, Map, Sight, covered
from convviz.scene.marks import Anchor, Floats, Grid, Label, Shape
from convviz.scene.roles import ROLES
from convviz.scene.timeline import Pick, StepTexts, Track
from convviz.scene.tones import scale_of, toned
from convviz.text import say

PICTURE, GAP, SEAM = 12.0, 1.2, 0.8
"""The side of the input's board, and the gaps beside it and between those of the maps, in cells."""

HEAD, FOOT = 1.6, 1.1
"""The room over a board, for its title, and below it, for what is seen of it."""

ONE_ROW = 3
"""The most maps that stand in one row, as large as the input."""

UNBROKEN = "\u00a0"
"""A space at which no line ends: where such a line has no room, it is left out."""

WRITTEN = 12
"""The most cells along an axis of the input in which the number of paths is written."""

SHOWN = 24
"""The most rows of a network whose paths are counted at each step; of more, at the last row of each board."""

LETTERS, SIZED, LINE = 0.5, 0.4, 0.45
"""How high letters are, in cells, and those of sizes, and lines of sizes."""

WIDE, HIGH = 0.56, 0.95
"""The room of a letter that says how much is seen, in cells: on a narrow page it is larger than its board."""

OVER = 0.68
"""How far a title stands over the size: it may take two lines on a narrow page."""


PLACES = 10_000
"""What a click chooses is told as one number: that of the row, times this, and that of the square."""


@dataclass(frozen=True, eq=False)
class Overlaid:
    """The boards as they are laid out.

    asked: the row that is asked about; grids: of each map, in their order; told: what their cells bear at
    each step.
    """

    layout: Layout
    network: Network
    maps: tuple[Map, ...]
    sights: list[Sight]
    asked: int
    grids: list[Grid] = field(default_factory=list)
    told: list[StepTexts] = field(default_factory=list)

    def draw(self) -> None:
        """Add the input, the maps beside it in one row or two, and what each says."""
        maps = self.maps[1:]
        lines, side = 1 if len(maps) <= ONE_ROW else 2, self._side
        self._board(self.maps[0], (0.0, 0.0), PICTURE)
        across = ceil(len(maps) / lines)
        for n, one in enumerate(maps):
            down, along_ = divmod(n, across)
            left = PICTURE + GAP + along_ * (side + SEAM)
            self._board(one, (left, down * (side + self._between)), side)
        self._feet()
        self._paths()
        if len(counted(self.network)) > SHOWN:
            at = (PICTURE / 2, PICTURE + FOOT + 0.3)
            self.layout.labels.append(
                Label("caption:input", "axis", at, say("field.counted", self.layout.language), size=SIZED)
            )

    @property
    def _side(self) -> float:
        """That of a map's board."""
        return PICTURE if len(self.maps) - 1 <= ONE_ROW else (PICTURE - self._between) / 2

    @property
    def _between(self) -> float:
        """From one row of boards to the next: what is said under one and over the other."""
        return HEAD + FOOT + (LINE if any(one.zoomed for one in self.maps) else 0.0)

    @staticmethod
    def _name(one: Map) -> str:
        """What its board is called."""
        return f"map{one.last}" if one.last else "input"

    def _board(self, one: Map, corner: tuple[float, float], side: float) -> None:
        (rows, columns), (x, y) = one.lattice, corner
        count = rows * columns
        if one.size:
            left, top, right, bottom = one.box
            l0, t0, whole = self._frame
            unit = side / whole
            x, y = x + (left - l0) * unit, y + (top - t0) * unit
            lattice = ((right - left) * unit / columns, (bottom - top) * unit / rows)
        else:
            lattice = (side / 4, side / 4)
            x, y = x + side * 3 / 8, y + side * 3 / 8
        role = "output" if one.last else "input"
        grid = self.layout.grid(
            self._name(one),
            (x, y),
            one.lattice,
            np.full(count, ROLES.index(role)),
            [""] * count,
            lattice=((lattice[0], 0.0), (0.0, lattice[1])),
            born=np.full(count, max(one.numbers[0] - 1, 0)),
        )
        if not one.last:
            self.layout.grids[-1] = grid = replace(grid, tones=np.zeros(count, dtype=np.int64))  # at each step its own
        self.grids.append(grid)
        self._title(one, corner[0] + side / 2, corner[1] - 0.35, role)

    @property
    def _frame(self) -> tuple[float, float, float]:
        """The left and the upper end of all boards, and the larger side of what lies between their ends."""
        boxes = [one.box for one in self.maps if one.size]
        left, top = (min(box[n] for box in boxes) for n in (0, 1))
        return left, top, max(max(box[2] for box in boxes) - left, max(box[3] for box in boxes) - top)

    def _title(self, one: Map, x: float, y: float, role: str) -> None:
        """Which rows a board stands for, and its size; where a square is several cells, how many."""
        language, numbers = self.layout.language, one.numbers
        shape = counted(self.network)[one.last - 1].shape if one.last else self.network.x_shape
        size = times(one.size or shape)
        text = (
            say("field.map", language, first=numbers[0], last=numbers[-1]) if one.last else say("table.input", language)
        )
        if one.zoomed:
            each = (float(cells) / squares for cells, squares in zip(one.size, one.lattice, strict=True))
            said = say("field.zoomed", language, each=" × ".join(f"{n:.3g}" for n in each)).replace(" ", UNBROKEN)
            self.layout.labels.append(Label(f"each:{one.last}", "axis", (x, y), said, "middle", SIZED))
        y -= LINE if any(other.zoomed for other in self.maps) else 0.0
        self.layout.labels.append(Label(f"title:{one.last}", "title", (x, y - OVER), text, "middle", LETTERS, role))
        self.layout.labels.append(Label(f"size:{one.last}", "axis", (x, y), size, "middle", SIZED))

    def _feet(self) -> None:
        """Under each board, how many of its cells are seen at each step."""
        for one, board in zip(self.maps, list(self.grids), strict=True):
            texts = [self._seen(one, sight) for sight in self.sights]
            wide = min(max(3.0, WIDE * max(map(len, texts))), 0.98 * (self._side + SEAM))
            left, _, right, bottom = board.box
            corner = ((left + right - wide) / 2, bottom + 0.12)
            bare = np.full(1, ROLES.index("place"))  # words alone: where nothing is seen, nothing is drawn
            grid = self.layout.grid(
                f"{self._name(one)}.seen",
                corner,
                (1, 1),
                bare,
                [""],
                lattice=((wide, 0.0), (0.0, HIGH)),
                text_size=LETTERS / wide,
                longest=max(map(len, texts)),
            )
            self.told.append(StepTexts(np.array([grid.first]), texts))

    def _shows(self, one: Map, sight: Sight) -> int:
        """The row of a board that is seen at a step: the last below the one that looks, or this one; -1 for none."""
        return max((n for n in one.numbers if n in sight.spans), default=-1)

    def _seen(self, one: Map, sight: Sight) -> str:
        number_ = self._shows(one, sight)
        if number_ < 0:
            return ""
        return times(tuple(max(last - first + 1, 0) for first, last in sight.spans[number_])) or "·"

    def _paths(self) -> None:
        """The tones of the input, and where they can be read the numbers: the paths from each cell to the output."""
        one, rows = self.maps[0], counted(self.network)
        ends = {own.last for own in self.maps}
        written = bool(one.size) and max(one.size) <= WRITTEN
        shown, texts = list[Floats](), list[str]()
        for sight in self.sights:
            squares = np.zeros(one.lattice)
            if not one.size:
                squares += 1.0  # what has no places is read whole
            elif len(rows) <= SHOWN or sight.number in (*ends, self.asked):
                counts = seen(self.network, rows[sight.number - 1].nodes[-1].name, sight.place or None)["x"]
                squares = _averaged(counts, one.lattice)
            shown.append(squares.ravel() / max(squares.max(), 1.0))
            texts += [number(int(n)) if n else "" for n in squares.ravel().tolist()] if written else []
        values = np.stack(shown)
        marks = self.grids[0].first + np.arange(values.shape[1])
        self.told.append(StepTexts(marks, texts, toned(values, scale_of(np.ones(1))), values=values))

    def squares(self, looking: bool) -> list[list[int]]:
        """For each step the squares of what is seen, board by board; or, `looking`, that of the output that looks."""
        rows = []
        for sight in self.sights:
            marks: list[int] = []
            for one, grid in zip(self.maps, self.grids, strict=True):
                shown = self._shows(one, sight)
                if shown < 0 or (shown == sight.number) != looking:
                    continue
                own = covered(one, sight.boxes[shown]) if one.size and shown in sight.boxes else np.arange(1)
                marks += [grid.first + int(n) for n in own if one.size or not sight.spans[shown]]
            rows.append(marks)
        return rows

    def boxes(self) -> tuple[tuple[Track, ...], tuple[Shape, ...]]:
        """The outlines of what is seen of each board, exact to a cell, and of the output that looks."""
        tracks, shapes = [], []
        for one, grid in zip(self.maps, self.grids, strict=True):
            if not one.size:
                continue
            columns: dict[tuple[Box, bool], list[int]] = {}
            for t, sight in enumerate(self.sights):
                shown = self._shows(one, sight)
                if shown in sight.boxes:
                    columns.setdefault((sight.boxes[shown], shown == sight.number), []).append(t)
            marks = np.full((len(self.sights), max(len(columns), 1)), -1)
            for n, ((box, looking), steps) in enumerate(columns.items()):
                marks[steps, n] = grid.first
                name = f"box:{one.last}.{n}"
                anchors = tuple(Anchor(f"box:{one.last}", n, 0, place) for place in _corners(one, box))
                shapes.append(Shape(name, "target" if looking else "frame", anchors, closed=True))
            tracks.append(Track(f"box:{one.last}", marks))
        return tuple(tracks), tuple(shapes)

    def links(self) -> tuple[Link, ...]:
        """What each cell is made of, where every row has a board of its own and every cell is drawn."""
        rows = counted(self.network)
        if any(one.zoomed or len(one.numbers) > 1 for one in self.maps) or len(self.maps) <= len(rows):
            return ()
        firsts = {one.last: grid for one, grid in zip(self.maps, self.grids, strict=True)}
        return tuple(_link(row.layer, firsts[row.number], firsts[source]) for row in rows for source in row.reads)

    def picks(self) -> tuple[Pick, ...]:
        """What a click on a square asks about: the cell in its middle, of the last row that its board stands for."""
        pairs = list(zip(self.maps, self.grids, strict=True))[1:]
        return tuple(
            Pick(
                "at",
                grid.first + np.arange(grid.count),
                one.last * PLACES + np.arange(grid.count),
                self.asked - 1,
            )
            for one, grid in pairs
        )


def _corners(one: Map, box: Box) -> list[tuple[float, float]]:
    """The corners of a box, clockwise, in squares of a board from its first corner."""
    (rows, columns), (left, top, right, bottom), (l0, t0, r0, b0) = one.lattice, box, one.box
    xs = [round((x - l0) * columns / (r0 - l0), 4) for x in (left, right)]
    ys = [round((y - t0) * rows / (b0 - t0), 4) for y in (top, bottom)]
    return [(xs[0], ys[0]), (xs[1], ys[0]), (xs[1], ys[1]), (xs[0], ys[1])]


def _averaged(counts: Array, lattice: tuple[int, int]) -> Array:
    """The mean of the counts in each square."""
    for axis, squares in enumerate(lattice):
        size = counts.shape[axis]
        edges = np.linspace(0, size, squares + 1)
        sums = np.concatenate([np.zeros_like(counts.take([0], axis)), counts.cumsum(axis)], axis)
        low = np.minimum(edges.astype(int), size - 1)
        part = (edges - low).reshape([-1 if n == axis else 1 for n in range(counts.ndim)])
        whole = sums.take(low, axis) + counts.take(low, axis) * part
        counts = np.diff(whole, axis=axis) * squares / size
    return counts


def _link(layer: Any, own: Grid, below: Grid) -> Link:
    """What the squares of a row's board are made of on the board of a row that it reads."""
    targets = own.first + np.arange(own.count)
    if is_layer(layer) and layer.shared:
        sources = layer.taps.flat_sources
        return Link(targets, np.where(sources >= 0, below.first + sources, -1))
    if own.count == below.count and not is_layer(layer):
        return Link(targets, (below.first + np.arange(below.count))[:, None])
    if own.count == 1:
        return Link(targets, below.first + np.arange(below.count)[None, :])
    rows, columns = (((b - o) // 2 + np.arange(o)) for o, b in ((own.rows, below.rows), (own.columns, below.columns)))
    return Link(targets, below.first + (rows[:, None] * below.columns + columns).reshape(-1, 1))
