"""Laying boards out: blocks of grids with their titles, and the signs between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import prod

import numpy as np

from convviz.layers.linear import Array
from convviz.scene.filled import Block, Filled, turned_texts
from convviz.scene.marks import TEXT_SIZE, Editable, Grid, Ints, Label, Point, Scale
from convviz.scene.roles import ROLES
from convviz.scene.tones import board_tones, scale_of

GAP = 1.4
"""Cells between two boards, where a sign stands."""

ROW_GAP = 0.9
"""Cells between two rows of boards."""

SEAM = 0.6
"""Cells between the planes of one board: its channels, or its slices."""

SMALL_SEAM = 0.8
"""The same below a small board, in its own cells: the scale of its tones has its place there."""

TITLE = 0.44
TITLE_ROOM = 0.85

COMFORTABLE = (33, 16)
"""The most cells across and down at which the letters are readable when the picture is as wide as a page."""

ISOMETRIC = ((1.0, -0.5), (0.7, 0.65))
"""One cell across and one down of the classic figures: a corner (x, y), y up, lies at (x - 0.7 y, 0.5 x + 0.65 y)."""


def times(sizes: tuple[int, ...]) -> str:
    """Sizes as they are written on a board.

    >>> times((5, 7))
    '5 × 7'
    """
    return " × ".join(str(size) for size in sizes)


def text_width(text: str, size: float) -> float:
    """Roughly how many cells a text is wide."""
    return 0.56 * size * sum(1.7 if ord(letter) > 0x2E00 else 1.0 for letter in text)


def zoom(*shapes: tuple[int, ...]) -> float:
    """How much larger than a cell to draw letters and small boards beside large boards of these shapes.

    >>> zoom((7, 7), (5, 5)), round(zoom((34, 34), (32, 32)), 1)
    (1.0, 2.2)
    """
    sizes = [planes(shape) for shape in shapes]
    across, down = COMFORTABLE
    width = sum(depth * columns for depth, _, columns in sizes) + 6
    return max(1.0, width / across, max(rows for _, rows, _ in sizes) / down)


def rising(shapes: Sequence[tuple[int, ...]]) -> bool:
    """Whether boards stand one on the other, the input lowest: where all of them are strips, of one axis.

    >>> rising([(16,), (15,)]), rising([(5, 5), (9,)])
    (True, False)
    """
    return all(len(shape) == 1 for shape in shapes)


def planes(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """(slices, rows, columns) of a spatial shape of one, two or three axes."""
    depth, height, width = (1, 1, 1, *shape)[-3:]
    return depth, height, width


@dataclass
class Layout:
    """A table of stacked boards: `cell` begins the next place of a row, `settle` packs and centres all places.

    zoom: how much larger than usual its letters and gaps are, and the boards that ask for it.
    """

    language: str
    zoom: float = 1.0
    grids: list[Grid] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    count: int = 0
    place: tuple[int, int] = (0, -1)
    below: float = 0.0
    grid_places: list[tuple[int, int]] = field(default_factory=list)
    label_places: list[tuple[int, int]] = field(default_factory=list)
    signs: dict[tuple[int, int], str] = field(default_factory=dict)

    def cell(self, sign: str = "") -> None:
        """Begin the next place of this row; `sign` stands before it."""
        self.place = (self.place[0], self.place[1] + 1)
        self.below = 0.0
        if sign:
            self.signs[self.place] = sign

    def row(self) -> None:
        """Begin the next row."""
        self.place = (self.place[0] + 1, -1)

    def grid(
        self,
        name: str,
        corner: Point,
        shape: tuple[int, int],
        roles: Ints,
        texts: list[str],
        *,
        lattice: tuple[Point, Point] = ((1.0, 0.0), (0.0, 1.0)),
        born: Ints | None = None,
        levels: Ints | None = None,
        editable: Editable | None = None,
        text_size: float = TEXT_SIZE,
        longest: int = 1,
        values: Array | None = None,
        scale: Scale | None = None,
        room: Point = (0.0, 0.0),
    ) -> Grid:
        """Add one lattice of cells; its numbers follow those already there.

        longest: letters that a later text has; text_size: as a share of a cell's width; values: of its cells, which are
        seen as tones on a scale, or, without one, on their own.
        """
        longest = max((longest, *(len(text) for text in texts)))
        size = lattice[0][0] * min(text_size, 0.86 / (0.58 * max(longest, 1)))
        tones, scale = board_tones(values, roles, scale)
        shown = tuple(texts)
        made = Grid(
            name, self.count, *shape, corner, *lattice, roles, shown, born, levels, size, editable, tones, scale, values
        )
        made = replace(made, room=room) if any(room) else made
        self.grids.append(made)
        self.grid_places.append(self.place)
        self.count += made.count
        return made

    def board(
        self,
        name: str,
        channels: int,
        shape: tuple[int, ...],
        role: str | Ints,
        texts: list[str],
        *,
        title: str = "",
        born: Ints | None = None,
        levels: Ints | None = None,
        array: str = "",
        places: tuple[tuple[int, int, int], ...] | None = None,
        columns: int = 0,
        about: str = "",
        turned: bool = False,
        longest: int = 1,
        small: bool = False,
        cell: float = 1.0,
        values: Array | None = None,
        scale: Scale | None = None,
        room: Point = (0.0, 0.0),
    ) -> Block:
        """Add the planes of an array under what the place holds: channels below one another, slices side by side.

        role: one for all, or an index into ROLES for each cell of one channel; levels, values: of all channels, values
        seen as tones on a scale, or their own; columns: channels side by side; about: the role its title speaks of;
        array: what typing changes; places: (first, step, count) of its values on each axis; turned: planes by 180°;
        small: zoomed, beside larger ones; cell: else their width; room: free beside each plane. Cells in raster order.
        """
        block, unit = Block(self.count, shape, turned), self.zoom if small else cell
        (depth, _, width), seam = planes(shape), SMALL_SEAM * unit if small else SEAM * cell
        if values is not None:
            scale, values = scale or scale_of(values), values.reshape(channels, -1)[:, :: -1 if turned else 1]
        self.heading(name, title, about, (columns or depth) * (width * unit + seam + room[0]) - seam - room[0])
        places = places or tuple((size - 1, -1, size) if turned else (0, 1, size) for size in shape)
        texts = turned_texts(texts, prod(shape), turned)
        filled = Filled(_roles(role, shape), texts, born, levels, longest, array, places, values, scale, room)
        self._planes(name, channels, shape, filled, columns or depth, unit, seam)
        return block

    def heading(self, name: str, title: str, about: str, width: float) -> None:
        """Add a title, if there is one, over the middle of the board `name` of this place, which is so wide."""
        if not title:
            return
        at = (width / 2, self.below + self.zoom * TITLE_ROOM / 2)
        self.label(Label(f"title:{name}", "title", at, title, "middle", self.zoom * TITLE, about))
        self.below += self.zoom * TITLE_ROOM

    def _planes(
        self, name: str, channels: int, shape: tuple[int, ...], filled: Filled, across: int, unit: float, seam: float
    ) -> None:
        """The lattices of a board, so many of them `across`, their cells `unit` wide."""
        depth, height, width = planes(shape)
        right, down = (n * unit + seam + free for n, free in zip((width, height), filled.room, strict=True))
        for plane in range(channels * depth):
            channel, piece = divmod(plane, depth)
            y, x = divmod(plane, across)
            here = slice(piece * height * width, (piece + 1) * height * width)
            own = slice(channel * prod(shape) + here.start, channel * prod(shape) + here.stop)
            self.grid(
                name,
                (x * right, self.below + y * down),
                (height, width),
                filled.roles[here],
                filled.texts[own],
                lattice=((unit, 0.0), (0.0, unit)),
                born=None if filled.born is None else filled.born[here],
                levels=None if filled.levels is None else filled.levels[own],
                editable=filled.editable(channel, piece),
                longest=filled.longest,
                values=None if filled.values is None else filled.values[channel, here],
                scale=filled.scale,
                room=filled.room,
            )
        self.below += -(-channels * depth // across) * down

    def label(self, label: Label) -> None:
        """Add a text to the place."""
        self.labels.append(label)
        self.label_places.append(self.place)

    def settle(self, close: float = GAP) -> None:
        """Pack the places as a table, each centred in its own, with the signs between them; close: where none is."""
        self._centre()
        boxes = self._boxes()
        row_gap, signed = self.zoom * ROW_GAP, {column for _, column in self.signs}
        rows, columns = (1 + max(place[n] for place in boxes) for n in (0, 1))
        widths = [max((b[2] - b[0] for p, b in boxes.items() if p[1] == c), default=0.0) for c in range(columns)]
        gaps = [self.zoom * (GAP if c in signed else close) if c else 0.0 for c in range(columns)]
        heights = [max((b[3] - b[1] for p, b in boxes.items() if p[0] == r), default=0.0) for r in range(rows)]
        middles = {}
        for place, box in boxes.items():
            x = sum(widths[: place[1]]) + sum(gaps[: place[1] + 1]) + widths[place[1]] / 2
            y = sum(heights[: place[0]]) + row_gap * place[0] + heights[place[0]] / 2
            middles[place] = (x - (box[0] + box[2]) / 2, y - (box[1] + box[3]) / 2)
        self.grids = [
            replace(grid, corner=_moved(grid.corner, middles[place]))
            for grid, place in zip(self.grids, self.grid_places, strict=True)
        ]
        self.labels = [
            replace(label, at=_moved(label.at, middles[place]))
            for label, place in zip(self.labels, self.label_places, strict=True)
        ]
        for (row, column), sign in self.signs.items():
            x = sum(widths[:column]) + sum(gaps[: column + 1]) - gaps[column] / 2
            y = sum(heights[:row]) + row_gap * row + heights[row] / 2 + self.zoom * TITLE_ROOM / 2
            self.labels.append(Label(f"sign:{row},{column}", "sign", (x, y), sign, "middle", 0.7 * self.zoom))
        self._begin()

    def _begin(self) -> None:
        """Move all so that the first board begins at 0, 0: what else changes moves none of its cells."""
        back = (-self.grids[0].corner[0], -self.grids[0].corner[1])
        self.grids = [replace(grid, corner=_moved(grid.corner, back)) for grid in self.grids]
        self.labels = [replace(label, at=_moved(label.at, back)) for label in self.labels]

    def _centre(self) -> None:
        """Put the boards of each place, and their titles, one under the other's middle."""
        spans: dict[tuple[tuple[int, int], str], list[float]] = {}
        for grid, place in zip(self.grids, self.grid_places, strict=True):
            spans.setdefault((place, grid.name), []).extend(x for x, _ in grid.outline.tolist())
        middles = {board: (min(xs) + max(xs)) / 2 for board, xs in spans.items()}
        widest: dict[tuple[int, int], float] = {}
        for (place, _), middle in middles.items():
            widest[place] = max(widest.get(place, middle), middle)
        by = {(place, name): (widest[place] - middle, 0.0) for (place, name), middle in middles.items()}
        self.grids = [
            replace(grid, corner=_moved(grid.corner, by[place, grid.name]))
            for grid, place in zip(self.grids, self.grid_places, strict=True)
        ]
        self.labels = [
            replace(label, at=_moved(label.at, by.get((place, label.name.partition(":")[2]), (0.0, 0.0))))
            for label, place in zip(self.labels, self.label_places, strict=True)
        ]

    def _boxes(self) -> dict[tuple[int, int], tuple[float, float, float, float]]:
        """Left, top, right, bottom of what each place holds, before packing."""
        corners: dict[tuple[int, int], list[Point]] = {}
        for grid, place in zip(self.grids, self.grid_places, strict=True):
            corners.setdefault(place, []).extend([(x, y) for x, y in grid.extent.tolist()])
        for label, place in zip(self.labels, self.label_places, strict=True):
            half = text_width(label.text, label.size) / 2
            x, y = label.at
            room = self.zoom * TITLE_ROOM / 2
            low = y if label.name.startswith("title:") else y + room
            corners.setdefault(place, []).extend([(x - half, y - room), (x + half, low)])
        sides = {place: tuple(zip(*points, strict=True)) for place, points in corners.items()}
        return {place: (min(xs), min(ys), max(xs), max(ys)) for place, (xs, ys) in sides.items()}


def _moved(point: Point, by: Point) -> Point:
    return (point[0] + by[0], point[1] + by[1])


def _roles(role: str | Ints, shape: tuple[int, ...]) -> Ints:
    return np.full(prod(shape), ROLES.index(role)) if isinstance(role, str) else role
