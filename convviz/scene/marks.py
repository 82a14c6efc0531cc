"""Marks: the fixed vocabulary that every picture is made of: Grid, Image, Shape, Label; with roles and never colours.

Coordinates are in cells, x to the right and y down. A Grid is a lattice of parallelograms; each of its cells is a mark
of its own with a number: `first + row * columns + column`. Shapes may be tied to cells by anchors, and so move with
the step although nothing of them changes.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.png import png

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""left, top, right, bottom, in cells."""

NOTE = 0.25
"""The height of a note's letters, as a share of its cell's width."""

NOTE_PX = 7.5
"""Pixels of a note's height below which it is left out."""

NOTE_END, NOTE_WIDEST = (0.93, 0.83), 0.9
"""Where a note ends in an upright cell, as (columns, rows) from its first corner, and the most of the cell's width."""

NOTE_AFTER, NOTE_ROOM = (0.05, 0.05), 0.66
"""In a slanted cell a note follows the number: how far behind and below it, and how far from the cell's middle a note
may reach, in widths of a cell."""

LETTER = 0.58
"""The width of one letter of a number or a note, as a share of its height."""

CORNERS = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
"""The corners of a cell, as (columns, rows) from its first corner."""


@dataclass(frozen=True)
class Editable:
    """Which cells of a grid hold values that can be typed in place.

    array: "x" or "weight"; first: the flat index in that array of the first such cell; rows, columns: (first, step,
    count) of the grid's rows and columns that hold them.
    """

    array: str
    first: int
    rows: tuple[int, int, int]
    columns: tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class Scale:
    """The one scale of a board's tones, shared by all its grids: from -most to most. text: `most`, as it is written."""

    most: float
    text: str


TEXT_SIZE = 0.42
"""The usual size of a number, as a share of its cell."""


@dataclass(frozen=True, eq=False)
class Grid:
    """A lattice of cells.

    corner: where its first cell begins; across, down: from one cell to the next; roles: (n,) indices into ROLES;
    texts: the text of each cell; born: (n,) the step at which a cell gets its value; until then it is pending;
    levels: (n,) for cells whose role is one of SCALES; text_size: in cells; tones: (n,) the levels of the cells' values
    on the board's `scale`, 0 where there is no value; values: (n,) those values, where they keep for all steps; room:
    cells that stay free right of it and below it.
    """

    name: str
    first: int
    rows: int
    columns: int
    corner: Point
    across: Point
    down: Point
    roles: Ints
    texts: tuple[str, ...]
    born: Ints | None = None
    levels: Ints | None = None
    text_size: float = TEXT_SIZE
    editable: Editable | None = None
    tones: Ints | None = None
    scale: Scale | None = None
    values: Any = None
    room: Point = (0.0, 0.0)

    @property
    def text_share(self) -> float:
        """How large its numbers are, as a share of a cell's width."""
        return self.text_size / self.across[0]

    @property
    def count(self) -> int:
        return self.rows * self.columns

    @cached_property
    def corners(self) -> Floats:
        """(n, 4, 2): the corners of every cell, clockwise from the first."""
        row, column = np.divmod(np.arange(self.count), self.columns)
        steps = np.stack([column, row], axis=1)[:, None, :] + CORNERS
        return np.array(self.corner) + steps @ np.array([self.across, self.down])

    @property
    def upright(self) -> bool:
        """Whether its cells are rectangles."""
        return self.across[1] == 0 == self.down[0]

    def note_size(self, note: str, text: str) -> float:
        """The height of a note's letters, in cells, beside a text: less where there is less room."""
        room = NOTE_WIDEST if self.upright else NOTE_ROOM - self._behind(text)
        return self.across[0] * min(NOTE, max(room, 0.0) / (LETTER * max(len(note), 1)))

    def note_place(self, index: int, text: str) -> Point:
        """Where the note of a cell with a text stands: in an upright cell its end, else its start; at mid-height."""
        if self.upright:
            x, y = self.corners[index, 0] + np.array(NOTE_END) @ np.array([self.across, self.down])
        else:
            x, y = self.centres[index] + self.across[0] * np.array([self._behind(text), NOTE_AFTER[1]])
        return float(x), float(y)

    def _behind(self, text: str) -> float:
        """How far from a cell's middle a note after the text begins, in widths of a cell."""
        return LETTER * self.text_share * len(text) / 2 + NOTE_AFTER[0]

    @cached_property
    def outline(self) -> Floats:
        """(4, 2): the corners of the whole lattice."""
        return np.array(self.corner) + CORNERS * (self.columns, self.rows) @ np.array([self.across, self.down])

    @cached_property
    def extent(self) -> Floats:
        """(4, 2): the corners of the lattice and the room beside it."""
        size = (self.columns + self.room[0], self.rows + self.room[1])
        return np.array(self.corner) + CORNERS * size @ np.array([self.across, self.down])

    @cached_property
    def box(self) -> Box:
        """The smallest box around the whole lattice."""
        return self._around(self.columns, self.rows)

    @cached_property
    def ample(self) -> Box:
        """The smallest box around the lattice and the room beside it."""
        return self._around(self.columns + self.room[0], self.rows + self.room[1])

    def _around(self, columns: float, rows: float) -> Box:
        (x, y), (right, sinks), (leans, down) = self.corner, self.across, self.down
        across, along = (columns * right, rows * leans), (columns * sinks, rows * down)
        return (
            x + min(across[0], 0.0) + min(across[1], 0.0),
            y + min(along[0], 0.0) + min(along[1], 0.0),
            x + max(across[0], 0.0) + max(across[1], 0.0),
            y + max(along[0], 0.0) + max(along[1], 0.0),
        )

    @cached_property
    def centres(self) -> Floats:
        """(n, 2): the middle of every cell."""
        return self.corners.mean(axis=1)


@dataclass(frozen=True, eq=False)
class Image:
    """Pixels under a grid: one mark, however many they are. It lies where its grid lies, and moves with it.

    grid: the number of the grid in its scene, whose cells are upright; pixels: (rows, columns, 1 or 3) of uint8, grey
    or red, green and blue; box: left, top, width and height, in columns and rows of the grid, from its corner; cut:
    (steps,) the column of pixels from which on it is seen at each step, or None where it is seen whole.

    >>> Image("photo", 0, np.zeros((2, 3, 1), dtype=np.uint8), (0.0, 0.0, 3.0, 2.0)).size
    (2, 3)
    """

    name: str
    grid: int
    pixels: NDArray[np.uint8]
    box: tuple[float, float, float, float]
    cut: Ints | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Its rows and columns of pixels."""
        rows, columns = self.pixels.shape[:2]
        return rows, columns

    def first(self, t: int) -> int:
        """The column of pixels from which on it is seen at a step."""
        return 0 if self.cut is None else int(self.cut[t])

    def place(self, grid: Grid) -> tuple[float, float, float, float]:
        """Its left, top, width and height in cells of the picture, on its grid."""
        (x, y), (left, top, width, height) = grid.corner, self.box
        across, down = grid.across[0], grid.down[1]
        return x + left * across, y + top * down, width * across, height * down

    @cached_property
    def address(self) -> str:
        """The pixels as a data: address of a PNG."""
        return f"data:image/png;base64,{b64encode(png(self.pixels)).decode()}"

    @cached_property
    def mark(self) -> str:
        """What tells its pixels from others'."""
        return blake2b(self.pixels.tobytes() + str(self.pixels.shape).encode(), digest_size=9).hexdigest()


@dataclass(frozen=True)
class Anchor:
    """The `corner` (0 to 3) of the cell that a track's `column` names at the step; by: so many cells along and down
    its lattice from there, also past the lattice's edge."""

    track: str
    column: int
    corner: int
    by: Point = (0.0, 0.0)

    def at(self, cell: Floats) -> Floats:
        """(2,): where it lies, given the (4, 2) corners of its cell.

        >>> Anchor("window", 0, 2, by=(2.0, 0.0)).at(CORNERS * 1.0).tolist()
        [3.0, 1.0]
        """
        place: Floats = cell[self.corner] + np.array(self.by) @ (cell[[1, 3]] - cell[0])
        return place


@dataclass(frozen=True)
class Shape:
    """A line or a polygon through anchors; role: one of LINES; late: it comes with the last of what a step writes."""

    name: str
    role: str
    anchors: tuple[Anchor, ...]
    closed: bool = False
    late: bool = False


@dataclass(frozen=True)
class Label:
    """A fixed text; role: one of WORDS; about: the role of the cells that it refers to, if any."""

    name: str
    role: str
    at: Point
    text: str
    align: str = "middle"
    size: float = 0.42
    about: str = ""
