"""The boards of what does not fit, and of what fits once it is mended: a window on its input, two rows, slabs, two maps.

Arrays that are too large are drawn at a zoom, or cut where nothing happens; the board says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np
from numpy.typing import NDArray

from convviz.layers.overhanging import Placed
from convviz.layers.unequal import Sides
from convviz.layers.unmatched import Rows, Slabs
from convviz.scene.filled import Block
from convviz.scene.layout import TITLE, TITLE_ROOM, Layout, times
from convviz.scene.marks import Ints, Label, Point
from convviz.scene.roles import ROLES
from convviz.scene.slabs import Form
from convviz.text import say

WIDE = 12
"""The most cells of an axis of a board."""

BEHIND = 4
"""Cells that are drawn behind a window where the input goes on."""

BARS = 24
"""The most cells of a row of numbers."""

SHOWN = 6
"""The most cells of an output's axis."""

CORNER = 7
"""Cells of the smaller map that are drawn in a corner."""

PLANES = 8
"""The most slabs beside one another."""

SIGN = "×"
"""What a cell bears for which there is nothing."""

SMALL = 0.36
"""The size of what is said under a board, in cells."""


@dataclass
class Stage:
    """A misfit, or a fix, as it is laid out. read, made: the cells that its step lights; outlines: of their corners,
    (role, cells, closed), each cell with the number of its corner."""

    read: list[int] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    outlines: list[tuple[str, tuple[tuple[int, int], ...], bool]] = field(default_factory=list)


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
        """What is said under the boards of this place, in the middle of its last one."""
        if said:
            last = self.layout.grids[-1]
            left, _, right, bottom = last.box
            at = ((left + right) / 2, bottom + 0.5 * TITLE_ROOM)
            self.layout.label(Label(f"under:{self.name}{part}", "axis", at, said, size=SMALL))
            self.layout.below += TITLE_ROOM


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
        drawn = min(max(whole, wide), max(wide + BEHIND, WIDE) if whole > WIDE else whole + wide)
        found.append(Cut(pads[0], least, pads[1], max(wide - whole, 0), wide, drawn))
    return tuple(found), each


def window(spot: Spot, placed: Placed) -> Stage:
    """The padded input with the window on its first place: what hangs over has cells of its own; then the output."""
    axes, each = cuts(placed)
    shape = tuple(axis.drawn for axis in axes)
    places = np.stack(np.unravel_index(np.arange(prod(shape)), shape), axis=1)
    inside = (places < [axis.window for axis in axes]).all(axis=1)
    roles = [_role([axis.kinds[n] for axis, n in zip(axes, place, strict=True)]) for place in places.tolist()]
    roles = [role if role != "beyond" or within else "place" for role, within in zip(roles, inside, strict=True)]
    bare = "" if spot.fits else SIGN
    block = spot.board("canvas", shape, roles, [bare if role == "beyond" else "" for role in roles], spot.title)
    marks = block.marks(0, np.arange(prod(shape)))
    beyond = np.array([role == "beyond" for role in roles])
    stage = Stage(marks[inside & ~beyond].tolist(), [] if spot.fits else marks[beyond].tolist())
    _outline(stage, marks.reshape((1,) * (3 - len(shape)) + shape), axes, "frame" if spot.fits else "dropped")
    cut = [(axis.drawn, n) for axis, n in zip(axes, placed.padded, strict=True) if axis.drawn < -(-n // each)]
    language = spot.layout.language
    said = say("misfit.zoom", language, n=each ** len(shape)) if each > 1 else ""
    spot.under(said or (say("misfit.cut", language, n=cut[0][0], size=cut[0][1]) if cut else ""))
    if placed.output is not None:
        stage.made = _output(spot, placed.output)
    return stage


def _role(kinds: list[str]) -> str:
    """What a cell is by what it is along each axis."""
    return next((role for role in ("beyond", "padding") if role in kinds), "input")


def _outline(stage: Stage, marks: Ints, axes: tuple[Cut, ...], role: str) -> None:
    """The outline of the window on each slice that it reaches."""
    depth, height, width = ((1, 1, 1) + tuple(axis.window for axis in axes))[-3:]
    for piece in range(depth):
        corners = marks[piece, [0, 0, height - 1, height - 1], [0, width - 1, width - 1, 0]]
        stage.outlines.append((role, tuple(zip(corners.tolist(), range(4), strict=True)), True))


def _output(spot: Spot, size: tuple[int, ...]) -> list[int]:
    """The output beside its input; its first cell is what the window gives."""
    spot.layout.cell("→")
    shape = tuple(min(n, SHOWN) for n in size)
    title = say("misfit.output", spot.layout.language, size=times(size))
    block = spot.board("output", shape, ["output"] * prod(shape), [""] * prod(shape), title)
    cut = [(drawn, n) for drawn, n in zip(shape, size, strict=True) if drawn < n]
    spot.under(say("misfit.cut", spot.layout.language, n=cut[0][0], size=cut[0][1]) if cut else "", "output")
    return [block.first]


def rows(spot: Spot, drawn: Rows) -> Stage:
    """What comes above the weights that there are for it, cell by cell; before them the maps that it comes from."""
    language = spot.layout.language
    if drawn.shape is not None:
        maps, height, width = drawn.shape
        shape = (min(height, SHOWN + 1), min(width, SHOWN + 1))
        title = say("misfit.maps", language, maps=maps, size=times((height, width)))
        spot.board("maps", shape, ["input"] * prod(shape), [""] * prod(shape), title)
    spot.layout.cell("→" if drawn.shape is not None else "")
    return bars(spot, (drawn.comes, drawn.wanted), ("input", "kernel"))


def bars(spot: Spot, counts: tuple[int, int], roles: tuple[str, str]) -> Stage:
    """Two rows of cells, one above the other, of which the longer one has cells left over."""
    each = -(-max(counts) // BARS)
    longest = -(-max(counts) // each)
    lengths = [longest if n == max(counts) else max(n // each, 1) for n in counts]
    kinds = [
        role if n < min(lengths) else "unread" if n < length else "place"
        for role, length in zip(roles, lengths, strict=True)
        for n in range(longest)
    ]
    texts = [SIGN if kind == "unread" else "" for kind in kinds]
    block = spot.board("rows", (2, longest), kinds, texts, spot.title)
    grid = spot.layout.grids[-1]
    for n, (count, role) in enumerate(zip(counts, roles, strict=True)):
        at = (grid.box[2] + 0.25, grid.corner[1] + n + 0.5)
        spot.layout.label(Label(f"count:{spot.name}{n}", "axis", at, f"{count:,}", "start", TITLE, role))
    spot.under(say("misfit.zoom", spot.layout.language, n=each) if each > 1 else "")
    marks = block.first + np.arange(2 * longest).reshape(2, longest)
    left = marks[0, min(lengths) : max(lengths)] if lengths[0] > lengths[1] else marks[1, min(lengths) : max(lengths)]
    if len(left):
        return Stage(marks[:, : min(lengths)].ravel().tolist(), left.tolist())
    return Stage(marks[0].tolist(), marks[1].tolist())


def slabs(spot: Spot, drawn: Slabs) -> Stage:
    """The channels of the input, and those that the kernels read, slab by slab; where there is none, its place."""
    counts = (drawn.channels, drawn.each * drawn.groups)
    each = -(-max(counts) // PLANES)
    most = -(-max(counts) // each)
    lengths = [most if n == max(counts) else max(n // each, 1) for n in counts]
    stage, language = Stage(), spot.layout.language
    for n, (count, role) in enumerate(zip(counts, ("input", "kernel"), strict=True)):
        if n:
            spot.layout.cell("·")
        title = f"{say(f'misfit.{role}', language)}: {count:,}"
        first = _planes(spot, f"{role}s", [role] * min(lengths) + ["unread"] * (lengths[n] - min(lengths)), most, title)
        cells = first + np.arange(most * SIDE**2).reshape(most, -1)
        stage.read += cells[: min(lengths)].ravel().tolist() if n == 0 or lengths[0] != lengths[1] else []
        stage.made += (cells[min(lengths) : lengths[n]] if lengths[0] != lengths[1] else cells[: n * most]).ravel().tolist()
        stage.outlines += [] if lengths[n] == most else [_around(cells[lengths[n]], "dropped")]
    spot.under(say("misfit.zoom", language, n=each) if each > 1 else "")
    return stage


SIDE = 2
"""Cells along each side of a slab."""


def _planes(spot: Spot, part: str, roles: list[str], most: int, title: str) -> int:
    """So many slabs, those that there are none of as empty places; the number of the first cell."""
    layout, form = spot.layout, Form(slabs=True)
    first, places = layout.count, form.places(most, (SIDE, SIDE), most)
    wide, high = form.size(most, (SIDE, SIDE), most)
    layout.heading(f"{spot.name}{part}", title, roles[0], wide)
    for corner, role in zip(places, roles + ["beyond"] * (most - len(roles)), strict=True):
        at = (corner[0], layout.below + corner[1])
        filled = np.full(SIDE**2, ROLES.index(role))
        layout.grid(f"{spot.name}{part}", at, (SIDE, SIDE), filled, [""] * SIDE**2, lattice=form.lattice)
    layout.below += high
    return first


def _around(cells: Ints, role: str) -> tuple[str, tuple[tuple[int, int], ...], bool]:
    """The outline of a slab."""
    corners = (cells[0], cells[SIDE - 1], cells[-1], cells[-SIDE])
    return role, tuple((int(cell), n) for n, cell in enumerate(corners)), True


def laid(drawn: Sides) -> tuple[int, int, int, bool]:
    """How two maps are drawn: cells of the larger one, of the smaller one, before it, and whether it is a corner.

    >>> laid(Sides(12, 10, 1, 2)), laid(Sides(32, 30, 1, 2)), laid(Sides(64, 32, 16, 2))
    ((12, 10, 1, False), (8, 7, 1, True), (11, 5, 3, False))
    """
    large, small = max(drawn.a, drawn.b), min(drawn.a, drawn.b)
    if large <= WIDE:
        return large, small, drawn.before, False
    if drawn.before <= BEHIND and small >= CORNER:
        return drawn.before + CORNER, CORNER, drawn.before, True
    each = -(-large // WIDE)
    larger, smaller = -(-large // each), -(-small // each) if large == small else max(small // each, 1)
    return larger, smaller, (larger - smaller) // 2, False


SHIFT = 0.3
"""How far right of the map below it, and how far down, a map that is added to it lies, in cells."""


def added(spot: Spot, drawn: Sides) -> Stage:
    """Two maps one on the other, the smaller one over the middle of the larger; or two rows, as of channels."""
    if drawn.dims <= 1:
        return bars(spot, (drawn.a, drawn.b), ("input", "output"))
    large, small, before, corner = laid(drawn)
    below, above = ("input", "output") if drawn.a >= drawn.b else ("output", "input")
    inside = _within(large, small, before, corner)
    layout, name = spot.layout, f"{spot.name}maps"
    layout.heading(name, spot.title, "", large)
    first = _sheet(spot, name, 0.0, large, [below if own else "unread" for own in inside])
    second = _sheet(spot, name, before + SHIFT, small, [above] * small**2)
    layout.below += large + SHIFT
    _said(spot, drawn, large, corner)
    cells = first + np.arange(large**2)
    upper = list(range(second, second + small**2))
    return Stage([*cells[inside].tolist(), *upper], cells[~inside].tolist()) if not inside.all() else Stage(cells.tolist(), upper)


def joined(spot: Spot, drawn: Sides) -> Stage:
    """Two maps beside one another, each in the room of the larger one; or two rows, as of channels."""
    if drawn.dims <= 1:
        return bars(spot, (drawn.a, drawn.b), ("input", "output"))
    large, small, before, corner = laid(drawn)
    inside = _within(large, small, before, corner)
    cells = []
    for word, role, size in (("first", "input", drawn.a), ("second", "output", drawn.b)):
        if cells:
            spot.layout.cell("|")
        whole = size == max(drawn.a, drawn.b)
        roles = [role if own else "unread" if whole else "beyond" for own in inside]
        texts = [SIGN if kind == "beyond" else "" for kind in roles]
        title = f"{say(f'misfit.{word}', spot.layout.language)}: {times((size, size))}"
        block = spot.board(role, (large, large), roles, texts, title)
        cells.append(block.first + np.arange(large**2))
    _said(spot, drawn, large, corner)
    if inside.all():
        return Stage(cells[0].tolist(), cells[1].tolist())
    return Stage([*cells[0][inside].tolist(), *cells[1][inside].tolist()], np.concatenate([one[~inside] for one in cells]).tolist())


def _sheet(spot: Spot, name: str, at: float, size: int, roles: list[str]) -> int:
    """A square of cells at a distance from the corner of the boards of this place; the number of its first cell."""
    first = spot.layout.count
    corner = (at, spot.layout.below + at)
    spot.layout.grid(name, corner, (size, size), np.array([ROLES.index(role) for role in roles]), [""] * size**2)
    return first


def _within(large: int, small: int, before: int, corner: bool) -> NDArray[np.bool_]:
    """(large * large,): whether a cell of the larger map lies under the smaller one."""
    row, column = np.divmod(np.arange(large**2), large)
    end = large if corner else before + small
    return np.asarray((row >= before) & (row < end) & (column >= before) & (column < end))


def _said(spot: Spot, drawn: Sides, large: int, corner: bool) -> None:
    """What is said of a part, or of a zoom."""
    language, each = spot.layout.language, -(-max(drawn.a, drawn.b) // large)
    if corner:
        spot.under(say("misfit.corner", language))
    elif each > 1:
        spot.under(say("misfit.zoom", language, n=each**2))
