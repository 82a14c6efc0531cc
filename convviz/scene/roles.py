"""The words of a picture: what cells, shapes and labels are, and what a cell is at a step. Roles, never colours."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

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
    "picture",
    "gap",
    "red",
    "green",
    "blue",
    "share",
    "place",
)
"""What a cell is. `beyond` is past the padded input, where only a window that was rounded up reaches; `zero` is an
entry of a matrix that no tap fills; `cropped` a sum that padding cuts away; `tone` an input that is a pixel, `picture`
an output that is one; `unread` an input, and `idle` a cell of padding, that no window ever covers; `gap` the room
between two weights of a dilated kernel; `red`, `green`, `blue` an input that is that part of a pixel; `share` how much
a gate lets through; `place` a part of an image, which has no look of its own."""

SCALES = {"heat": 9, "tone": 17, "picture": 17, "red": 9, "green": 9, "blue": 9, "share": 9}
"""Roles whose cells have a level, and how many levels: a count from few to many, a pixel from black to white, a share
from 0 to 1."""

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

COLOURS = ("red", "green", "blue")
"""The roles of the channels of a photograph in colour, in their order."""

STATES = ("", "pending", "window", "current")
"""What a cell is at a step: itself, not yet computed, read (or used), written."""

HUES = tuple(f"hue{n}" for n in range(1, 9))
"""Lines that are told apart: the curves of a chart, and each kernel with the map that it makes. Each has a colour and a
pattern of its own."""

LINES = ("link", "frame", "target", "dropped", "winner", "edge", "path", "rule", "spread", *HUES)
"""What a line is: from the window to the output, the outline of the window, of the current output, and of a next window
that does not fit; a ring around the value that an output takes over; an edge between two cells, and one that is
followed; an axis of a chart, the spread of a curve."""

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
    [0, 0, 6, 16]
    """
    share = (np.clip(values.astype(np.float64), least, most) - least) / (most - least)
    return np.rint(share * (SCALES[role] - 1)).astype(np.int64)


REFERENCES: dict[str, tuple[str, ...]] = {
    "stride": ("window",),
    "dilation": ("window",),
    "extra": ("extra", "output"),
    "window": ("window",),
    "current": ("current",),
    "output": ("output", "picture", "current"),
    "input": ("input", "tone", "red", "green", "blue", "heat", "unread"),
    "product": ("product", "window"),
    "kernel": ("kernel", "window"),
    "inserted": ("inserted", "input", "tone"),
    "padding": ("padding", "cropped", "input", "tone"),
    "idle": ("idle", "padding", "unread"),
    "beyond": ("beyond", "window"),
    "unread": ("unread", "input", "tone"),
    "cropped": ("cropped", "output"),
    "dropped": ("dropped",),
    "winner": ("winner",),
    "share": ("share",),
    "photo": ("photo",),
    "result": ("result",),
    "made": ("made",),
    "error": ("error",),
    "gradient": ("gradient",),
    "hidden": ("hidden",),
    "target": ("target",),
    "loss": ("loss",),
}
"""What a word's reference lights up: the first of these roles, states, LINES or tracks that the picture has then."""

BOARDS = {
    "photo": "input",
    "result": "output",
    "made": "output",
    "error": "product",
    "gradient": "product",
    "hidden": "kernel",
    "target": "output",
    "loss": "output",
}
"""References that mean all of a board, by its name: the role of its cells."""
