"""A gated block over a picture: boards from left to right, the value's above, the gate's below, and what passes."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from convviz.layers.linear import Array
from convviz.scene.canvas import canvas_roles, canvas_texts, canvas_tones, canvas_values, picture_levels, tone_levels
from convviz.scene.filled import Block
from convviz.scene.gating import HALVES, Gating
from convviz.scene.layout import GAP, ROW_GAP, TITLE, TITLE_ROOM, Layout, text_width, times, zoom
from convviz.scene.linked import Board
from convviz.scene.marks import Editable, Ints, Label, Point
from convviz.scene.roles import ROLES, binned
from convviz.scene.rows import rounded
from convviz.scene.tones import scale_of
from convviz.text import say

SMALL, LARGER = 8, 1.5
"""Beside boards of more cells a side, letters and kernels are drawn so many times larger."""

UPPER, MIDDLE, LOWER = -1, 0, 1
"""Where a board stands in its column: with the value's, between both, with the gate's."""


@dataclass
class Planes:
    """Boards in columns. right: where the last column ends; places: where each node's board begins."""

    layout: Layout
    found: Gating
    pixels: bool
    right: float = 0.0
    places: dict[str, Point] = field(default_factory=dict)

    @property
    def zoom(self) -> float:
        return self.layout.zoom

    @property
    def size(self) -> tuple[int, int]:
        rows, columns = self.found.conv.output_size
        return int(rows), int(columns)

    def top(self, level: int, height: float) -> float:
        """Where a board of that height begins."""
        middle = self.found.trace().layer.taps.canvas_shape[0] / 2
        apart = (ROW_GAP + TITLE_ROOM) * self.zoom / 2
        if level == MIDDLE:
            return middle - height / 2
        centre = middle + level * (apart + max(self.size[0], 3 * self.zoom) / 2)
        return centre - height / 2 + TITLE_ROOM * self.zoom / 2

    def title(self, name: str, text: str, about: str, left: float, top: float, width: float) -> None:
        at = (left + width / 2, top - TITLE_ROOM * self.zoom / 2)
        self.layout.label(Label(f"title:{name}", "title", at, text, "middle", TITLE * self.zoom, about))

    def canvas(self) -> Board:
        trace = self.found.trace()
        taps, values = trace.layer.taps, canvas_values(trace)
        rows, columns = taps.canvas_shape
        places = [(axis.origin, axis.spacing, axis.size) for axis in taps.axes]
        roles, levels = canvas_tones(trace) if self.pixels else (canvas_roles(taps), None)
        grid = self.layout.grid(
            "canvas",
            (0.0, 0.0),
            (rows, columns),
            roles,
            canvas_texts(trace),
            levels=None if levels is None else levels.ravel(),
            editable=Editable("x", 0, places[0], places[1]),
            values=None if self.pixels else values[0],
        )
        word = say("gate.row.x", self.layout.language)
        self.title("canvas", f"{word} {times(taps.input_shape)}", "input", 0.0, 0.0, columns)
        self.right = float(columns)
        inside = [np.arange(size) * step + first for first, step, size in places]
        cells = grid.first + (inside[0][:, None] * columns + inside[1][None]).ravel()
        return Board(Block(grid.first, (rows, columns)), 1, cells, np.zeros(0, np.int64))

    def kernels(self, halves: list[str]) -> None:
        """The kernels, each at the level of its half, with an arrow to it."""
        scale = scale_of(*(self.found.trace(half).weight for half in halves))
        widths, left = [], self.right + GAP * self.zoom * 0.7
        for number, half in enumerate(halves):
            weight = self.found.trace(half).weight[0, 0]
            rows, columns = weight.shape
            level = LOWER if half == "gate" else UPPER
            top = self.top(level, rows * self.zoom)
            self.layout.grid(
                "kernel",
                (left, top),
                (rows, columns),
                np.full(weight.size, ROLES.index("kernel")),
                rounded(weight),
                lattice=((self.zoom, 0.0), (0.0, self.zoom)),
                editable=Editable("weight", number * weight.size, (0, 1, rows), (0, 1, columns)),
                values=weight,
                scale=scale,
            )
            widths.append(columns * self.zoom)
            word = say(f"gate.kernel.{half}", self.layout.language)
            self.title(f"kernel{half}", word, "kernel", left, top, widths[-1])
        self.right = left + max(widths)
        for half in halves:
            self.sign("→", LOWER if half == "gate" else UPPER)

    def sign(self, text: str, level: int) -> None:
        """A sign behind the last column."""
        at = (self.right + GAP * self.zoom / 2, self.top(level, 0.0))
        self.layout.label(Label(f"sign:{len(self.layout.labels)}", "sign", at, text, "middle", 0.7 * self.zoom))

    def column(self, *boards: tuple[str, int]) -> dict[str, Board]:
        """The boards of one column, each a node at its level."""
        left, width = self.right + GAP * self.zoom, float(self.size[1])
        titles = {name: self.found.title(name, self.layout.language) for name, _ in boards}
        room = max(width, *(text_width(text, TITLE * self.zoom) for text in titles.values()))
        made = {}
        for name, level in boards:
            top = self.top(level, self.size[0])
            at = (left + (room - width) / 2, top)
            made[name] = self._board(name, at)
            self.title(name, titles[name], "share" if name == "sigmoid" else "output", at[0], top, width)
            self.places[name] = at
        self.right = left + room
        return made

    def _board(self, name: str, at: Point) -> Board:
        values, count = self.found.values(name), self.size[0] * self.size[1]
        levels, role = self._levels(name, values)
        grid = self.layout.grid(
            name,
            at,
            self.size,
            np.full(count, ROLES.index(role)),
            rounded(values, name == "sigmoid"),
            born=np.arange(count),
            levels=levels,
            values=values[0] if levels is None else None,
        )
        return Board(Block(grid.first, self.size), 1, grid.first + np.arange(count), np.arange(count))

    def _levels(self, name: str, values: Array) -> tuple[Ints | None, str]:
        """The levels of a board that shows shares, or a picture again; and its cells' role."""
        if name == "sigmoid":
            return binned(values.ravel(), "share", 0, 1), "share"
        greys = self.pixels and self.found.block.form == "glu" and name in ("value", self.found.joined)
        if greys and picture_levels(self.found.trace()) is not None:
            return tone_levels(values.ravel()), "picture"
        return None, "output"


def planes_of(found: Gating, language: str, pixels: bool) -> tuple[Planes, dict[str, Board]]:
    """The boards of a block's run over a picture, by node; the input is "x"."""
    taps, size = found.trace().layer.taps, found.conv.output_size
    larger = LARGER if max(size) > SMALL else 1
    planes = Planes(Layout(language, larger * zoom(taps.canvas_shape, size, size, size)), found, pixels)
    boards = {"x": planes.canvas()}
    planes.kernels([half for half in HALVES if half in found.names])
    halves = [(half, LOWER if half == "gate" else UPPER) for half in HALVES if half in found.names]
    boards |= planes.column(*halves)
    squashed = [("sigmoid", LOWER if found.form.opened == "gate" else UPPER)]
    squashed += [("tanh", UPPER)] if found.form.passed == "tanh" else []
    for _, level in squashed:
        planes.sign("→", level)
    boards |= planes.column(*squashed)
    for name in found.names[found.names.index(found.joined) :]:
        planes.sign("→", MIDDLE)
        boards |= planes.column((name, MIDDLE))
    return planes, boards
