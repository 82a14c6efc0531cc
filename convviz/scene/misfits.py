"""The board of a window that does not fit on its input, or that fits once it is mended.

Arrays that are too large are drawn at a zoom, or cut where nothing happens; the board says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from convviz.layers.overhanging import Placed
from convviz.scene.filled import Block
from convviz.scene.layout import TITLE_ROOM, Layout, times
from convviz.scene.marks import Ints, Label
from convviz.scene.roles import ROLES
from convviz.text import say

WIDE = 12
"""The most cells of an axis of a board."""

BEHIND = 4
"""Cells that are drawn behind a window where the input goes on."""

SHOWN = 6
"""The most cells of an output's axis."""

SIGN = "×"
"""What a cell bears for which there is nothing."""

SEAM = 0.6
"""Cells between two slices of a volume."""

SMALL = 0.36
"""The size of what is said under a board, in cells."""


class Outline(NamedTuple):
    """A line of a role through corners of cells, each a cell with the number of its corner."""

    role: str
    corners: tuple[tuple[int, int], ...]
    closed: bool = True


@dataclass
class Stage:
    """A misfit, or a fix, as it is laid out. read, made: the cells that its step lights; outlines: what is seen at its
    step alone; whole: the cells of a window that does not fit."""

    read: list[int] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    outlines: list[Outline] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Spot:
    """Where a stage is laid out: its name among the stages, what stands over it, and whether it fits."""

    layout: Layout
    name: str
    title: str
    fits: bool

    def board(self, part: str, shape: tuple[int, ...], roles: Sequence[str], texts: list[str], title: str) -> Block:
        """A board of cells with roles of their own, under a title."""
        found = np.array([ROLES.index(role) for role in roles])
        return self.layout.board(f"{self.name}{part}", 1, shape, found, texts, title=title)

    def under(self, said: str, part: str = "") -> None:
        """What is said under the boards of this place."""
        if not said:
            return
        layout = self.layout
        pairs = zip(layout.grids, layout.grid_places, strict=True)
        boxes = [grid.box for grid, place in pairs if place == layout.place]
        middle = (min(box[0] for box in boxes) + max(box[2] for box in boxes)) / 2
        layout.below = max(layout.below, *(box[3] for box in boxes))
        self.caption(f"under:{self.name}{part}", middle, said)
        layout.below += self.line

    @property
    def line(self) -> float:
        """The height of a line of words, in cells."""
        return TITLE_ROOM * self.layout.zoom

    @property
    def letters(self) -> float:
        """The size of what is said under a board, in cells."""
        return SMALL * self.layout.zoom

    def caption(self, name: str, middle: float, said: str, about: str = "") -> None:
        """Words in the next line of this place, around a middle."""
        at = (middle, self.layout.below + self.line / 2)
        self.layout.label(Label(name, "axis", at, said, size=self.letters, about=about))


@dataclass(frozen=True)
class Cut:
    """An axis as it is drawn: cells of padding before, of the input, of padding after, past the edge, and of the
    window, each of which stands for `each`; drawn: how many of them there is room for."""

    before: int
    size: int
    after: int
    over: int
    window: int
    drawn: int

    @property
    def inside(self) -> int:
        """Cells that are drawn of the padded input."""
        return min(self.before + self.size + self.after, self.drawn)

    @property
    def kinds(self) -> list[str]:
        """What the cells that are drawn are."""
        parts = (("padding", self.before), ("input", self.size), ("padding", self.after), ("beyond", self.over))
        return [role for role, count in parts for _ in range(count)][: self.drawn]


def cuts(placed: Placed) -> tuple[tuple[Cut, ...], int]:
    """The axes of a window on its input as they are drawn, and how many cells each cell stands for."""
    ends = [min(max(n, w), w + BEHIND) for n, w in zip(placed.padded, placed.window, strict=True)]
    each = max(1, *(-(-end // WIDE) for end in ends))
    found = []
    for size, (before, after), padded, window in zip(
        placed.size, placed.pads, placed.padded, placed.window, strict=True
    ):
        least = -(-size // each) if padded >= window else max(size // each, 1)
        pads, wide = (-(-before // each), -(-after // each)), -(-window // each)
        whole = sum(pads) + least
        drawn = min(max(whole, wide), wide + BEHIND if whole > WIDE else whole + wide)
        found.append(Cut(pads[0], least, pads[1], max(wide - whole, 0), wide, drawn))
    return tuple(found), each


def window(spot: Spot, placed: Placed) -> Stage:
    """The padded input with the window on its first place: what hangs over has cells of its own; then the output."""
    axes, each = cuts(placed)
    marks, beyond = _canvas(spot, axes)
    within = marks[tuple(slice(axis.window) for axis in axes)]
    hanging = within[np.isin(within, beyond)]
    stage = Stage(within[~np.isin(within, beyond)].tolist(), [] if spot.fits else hanging.tolist())
    stage.whole = [] if spot.fits else within.ravel().tolist()
    role = "frame" if spot.fits else "dropped"
    for piece in within.reshape((-1, *((1, *within.shape)[-2:]))):
        corners = piece[[0, 0, -1, -1], [0, -1, -1, 0]].tolist()
        stage.outlines.append(Outline(role, tuple(zip(corners, range(4), strict=True))))
    cut = [(axis.drawn, n) for axis, n in zip(axes, placed.padded, strict=True) if axis.drawn < -(-n // each)]
    language = spot.layout.language
    said = say("misfit.zoom", language, n=each ** len(axes)) if each > 1 else ""
    spot.under(said or (say("misfit.cut", language, n=cut[0][0], size=cut[0][1]) if cut else ""))
    if placed.output is None:
        spot.under(say("misfit.none", language), "none")
        spot.layout.cell()  # where other stages have their output
    else:
        spot.layout.cell("→")
        stage.made = _output(spot, placed.output)
    return stage


def _canvas(spot: Spot, axes: tuple[Cut, ...]) -> tuple[Ints, list[int]]:
    """The cells by their place, -1 where there is none, slices side by side; and those past the edge.

    Past the edge are only those of the window, in up to two boards: right of the input, and below it.
    """
    layout, name = spot.layout, f"{spot.name}canvas"
    slices, down, across = ((Cut(0, 1, 0, 0, 1, 1),) * (3 - len(axes)) + axes)[-3:]
    marks = np.full([axis.drawn for axis in (slices, down, across)], -1)
    right = across.drawn + SEAM
    layout.heading(name, spot.title, "", slices.drawn * right - SEAM)
    top, beyond = layout.below, []
    for piece, kind in enumerate(slices.kinds):
        inside = (0, 0) if kind == "beyond" else (down.inside, across.inside)
        reach = (down.window, across.window) if piece < slices.window else (0, 0)
        parts = [((0, inside[0]), (0, inside[1])), ((0, min(reach[0], inside[0])), (inside[1], reach[1]))]
        for (y, under), (x, end) in [*parts, ((inside[0], reach[0]), (0, reach[1]))]:
            if under > y and end > x:
                pairs = product(down.kinds[y:under], across.kinds[x:end])
                kinds = [_role([kind, *pair]) for pair in pairs]
                bare = "" if spot.fits else SIGN
                texts = [bare if role == "beyond" else "" for role in kinds]
                at, roles = (piece * right + x, top + y), np.array([ROLES.index(role) for role in kinds])
                grid = layout.grid(name, at, (under - y, end - x), roles, texts)
                cells = grid.first + np.arange(grid.count)
                marks[piece, y:under, x:end] = cells.reshape(under - y, end - x)
                beyond += [cell for cell, role in zip(cells.tolist(), kinds, strict=True) if role == "beyond"]
    layout.below = top + down.drawn
    return marks.reshape([axis.drawn for axis in axes]), beyond


def _role(kinds: list[str]) -> str:
    """What a cell is by what it is along each axis."""
    return next((role for role in ("beyond", "padding") if role in kinds), "input")


def _output(spot: Spot, size: tuple[int, ...]) -> list[int]:
    """The output beside its input; its first cell is what the window gives."""
    shape = tuple(min(n, SHOWN) for n in size)
    title = say("misfit.output", spot.layout.language, size=times(size))
    block = spot.board("output", shape, ["output"] * prod(shape), [""] * prod(shape), title)
    cut = [(drawn, n) for drawn, n in zip(shape, size, strict=True) if drawn < n]
    spot.under(say("misfit.cut", spot.layout.language, n=cut[0][0], size=cut[0][1]) if cut else "", "output")
    return [block.first]
