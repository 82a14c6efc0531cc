"""Marks: the fixed vocabulary that every picture is made of. Grid, Shape and Label, with roles and never colours.

Coordinates are in cells, x to the right and y down. A Grid is a lattice of parallelograms; each of its cells is a mark
of its own with a number: `first + row * columns + column`. Shapes may be tied to cells by anchors, and so move with
the step although nothing of them changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Point = tuple[float, float]

ROLES = (
    "input",
    "padding",
    "beyond",
    "inserted",
    "unread",
    "idle",
    "kernel",
    "product",
    "output",
    "cropped",
    "zero",
    "heat",
    "tone",
    "gap",
)
"""What a cell is. `beyond` is past the padded input, where only a window that was rounded up reaches; `zero` is an
entry of a matrix that no tap fills; `cropped` a sum that padding cuts away; `tone` an input that is a pixel;
`unread` an input, and `idle` a cell of padding, that no window ever covers;
`gap` the room between two weights of a dilated kernel."""

SCALES = {"heat": 9, "tone": 9}
"""Roles whose cells have a level, and how many levels: a count from few to many, a pixel from black to white."""

VALUED = ("input", "padding", "inserted", "unread", "idle", "kernel", "product", "output", "cropped")
"""Roles whose cells can show their value as a tone. Their level is 0 where they do not; see `convviz.scene.tones`."""

HUED = ("input", "kernel", "product", "output")
"""Those of them that are told by their colour alone; where tones are seen, a key to that colour would mislead."""

SIDE = 7
"""How many tones a negative, and a positive, value can have."""

ZERO = SIDE + 1
"""The level of the value 0: below it are the negative values' levels, down to 1, above it the positive ones'."""

TONES = range(1, ZERO + SIDE + 1)
"""The levels of tones, from the most negative value to the most positive."""

_COUNTS = SCALES | dict.fromkeys(VALUED, 1 + len(TONES))

STATES = ("", "pending", "window", "current")
"""What a cell is at a step: itself, not yet computed, read (or used), written."""

LINES = ("link", "frame", "target", "dropped")
"""What a shape is: a line from the window to the output, the outline of the window, of the current output, and of a
next window that does not fit."""

WORDS = ("title", "sign", "axis")
"""What a label is: a board's title, a sign between boards, a number beside an axis."""


class Look(NamedTuple):
    """What decides how a cell is painted: its role, its state, and its level where its role is one of SCALES or VALUED.

    >>> Look("tone", "window", 3).classes, Look("output", "", 3).classes
    ('r-tone s-window l-3', 'r-output toned v-3')
    """

    role: str
    state: str = ""
    level: int = 0

    @property
    def classes(self) -> str:
        """What the cell is called in a stylesheet."""
        state = f" s-{self.state}" if self.state else ""
        level = f" l-{self.level}" if self.role in SCALES else f" toned v-{self.level}" if self.tone else ""
        return f"r-{self.role}{state}{level}"

    @property
    def tone(self) -> int:
        """The level of the tone that the cell shows; 0 for none. What is pending shows no value yet."""
        return self.level if self.role in VALUED and self.state != "pending" else 0


LOOKS = tuple(Look(role, state, level) for role in ROLES for level in range(_COUNTS.get(role, 1)) for state in STATES)
"""Every look that a cell can have; the states of one role and level stand beside one another, in the order of STATES.
A theme has one paint for each, and whatever reads all paints goes over its table of them."""

TONE_OF = np.array([look.tone for look in LOOKS])
"""(looks,): the level of the tone of each look, 0 for none."""

_LEVELS = np.array([_COUNTS.get(role, 1) for role in ROLES])
_FIRST = (np.cumsum(_LEVELS) - _LEVELS) * len(STATES)


def looks_at_rest(roles: Ints, levels: Ints) -> Ints:
    """The places in LOOKS of cells with these roles and levels; add a cell's state for its look in that state.

    A role without a scale has no levels.

    >>> LOOKS[looks_at_rest(np.array([ROLES.index("tone")]), np.array([3]))[0] + 2]
    Look(role='tone', state='window', level=3)
    """
    found: Ints = _FIRST[roles] + np.minimum(levels, _LEVELS[roles] - 1) * len(STATES)
    return found


def binned(values: NDArray[Any], role: str, least: float, most: float) -> Ints:
    """The levels of values on a role's scale, from `least` (level 0) to `most`; values outside are clipped.

    >>> binned(np.array([-5, 0, 100, 255]), "tone", 0, 255).tolist()
    [0, 0, 3, 8]
    """
    share = (np.clip(values.astype(np.float64), least, most) - least) / (most - least)
    return np.rint(share * (SCALES[role] - 1)).astype(np.int64)


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
    on the board's `scale`, 0 where there is no value; room: cells that stay free right of it and below it.
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
    def centres(self) -> Floats:
        """(n, 2): the middle of every cell."""
        return self.corners.mean(axis=1)


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
    """A line or a polygon through anchors; role: one of LINES."""

    name: str
    role: str
    anchors: tuple[Anchor, ...]
    closed: bool = False


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


REFERENCES: dict[str, tuple[str, ...]] = {
    "stride": ("window",),
    "dilation": ("window",),
    "extra": ("output",),
    "window": ("window",),
    "current": ("current",),
    "output": ("output", "current"),
    "input": ("input", "tone", "unread", "heat"),
    "product": ("product", "window"),
    "kernel": ("kernel", "window"),
    "inserted": ("inserted", "input", "tone"),
    "padding": ("padding", "cropped", "input", "tone"),
    "idle": ("idle", "padding", "unread"),
    "beyond": ("beyond", "window"),
    "unread": ("unread", "input", "tone"),
    "cropped": ("cropped", "output"),
    "dropped": ("dropped",),
}
"""What a word's reference lights up: the first of these roles, states or LINES that the picture has at the step."""
