"""The boards of what does not fit, and of what fits once it is mended: a window on its input, two rows, slabs, two maps.

Arrays that are too large are drawn at a zoom, or cut where nothing happens; the board says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isqrt, prod

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

MAP = 0.4
"""The width of a cell of the maps that a row of numbers comes from."""

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
        """What is said under the boards of this place."""
        if not said:
            return
        layout = self.layout
        pairs = zip(layout.grids, layout.grid_places, strict=True)
        boxes = [grid.box for grid, place in pairs if place == layout.place]
        middle = (min(box[0] for box in boxes) + max(box[2] for box in boxes)) / 2
        at = (middle, max(layout.below, *(box[3] for box in boxes)) + 0.5 * TITLE_ROOM)
        layout.label(Label(f"under:{self.name}{part}", "axis", at, said, size=SMALL))
        layout.below = at[1] + 0.5 * TITLE_ROOM


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
        drawn = min(max(whole, wide), wide + BEHIND if whole > WIDE else whole + wide)
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
    spot.layout.cell("→")
    if placed.output is None:
        said = say("misfit.none", language)
        spot.layout.label(Label(f"none:{spot.name}", "title", (0.0, 0.0), said, size=TITLE, about="output"))
    else:
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
        roles = np.full(prod(shape), ROLES.index("input"))
        spot.layout.board(f"{spot.name}maps", 1, shape, roles, [""] * prod(shape), title=title, cell=MAP)
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
    layout, language, form, paired = spot.layout, spot.layout.language, Form(slabs=True), min(lengths)
    wide, high = form.size(most, (SIDE, SIDE), most)
    layout.heading(f"{spot.name}slabs", spot.title, "", 2 * wide + APART)
    top, boards = layout.below, []
    for role, count, length in zip(("input", "kernel"), counts, lengths, strict=True):
        left = len(boards) * (wide + APART)
        roles = [role] * paired + ["unread"] * (length - paired) + ["beyond"] * (most - length)
        boards.append(_planes(spot, (left, top), roles))
        said = f"{say(f'misfit.{role}', language)}: {count:,}"
        at = (left + wide / 2, top + high + TITLE_ROOM / 2)
        layout.label(Label(f"{role}:{spot.name}", "axis", at, said, size=SMALL, about=role))
    layout.below = top + high + TITLE_ROOM
    spot.under(say("misfit.zoom", language, n=each) if each > 1 else "")
    marks = np.stack(boards)
    if paired == most:
        return Stage(marks[0].ravel().tolist(), marks[1].ravel().tolist())
    alone, none = (marks[lengths.index(length)][paired:] for length in (most, paired))
    outlines = [_around(cells, "dropped") for cells in none]
    return Stage(marks[:, :paired].ravel().tolist(), alone.ravel().tolist(), outlines)


SIDE = 2
"""Cells along each side of a slab."""


def _planes(spot: Spot, corner: Point, roles: list[str]) -> Ints:
    """(slabs, cells): slabs one before the other, from the corner of their room."""
    form, first, count = Form(slabs=True), spot.layout.count, len(roles)
    for at, role in zip(form.places(count, (SIDE, SIDE), count), roles, strict=True):
        place, filled = (corner[0] + at[0], corner[1] + at[1]), np.full(SIDE**2, ROLES.index(role))
        spot.layout.grid(f"{spot.name}slabs", place, (SIDE, SIDE), filled, [""] * SIDE**2, lattice=form.lattice)
    return first + np.arange(count * SIDE**2).reshape(count, -1)


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


LEAN, FLAT, HOVER = 0.4, 0.42, 0.8
"""How far left a row of a lying sheet begins than the row behind it, how far below, and the room between two sheets."""

APART = 1.6
"""Cells between two maps that are joined."""


def added(spot: Spot, drawn: Sides) -> Stage:
    """Two maps as sheets, the smaller one over the middle of the larger; or two rows, as of channels."""
    if drawn.dims <= 1:
        return bars(spot, (drawn.a, drawn.b), ("input", "output"))
    large, small, before, corner = laid(drawn)
    under, over = ("input", "output") if drawn.a >= drawn.b else ("output", "input")
    inside, layout, name = _within(large, small, before, corner), spot.layout, f"{spot.name}maps"
    high = small * FLAT + HOVER
    down = max(high - before * FLAT, 0.0)
    layout.heading(name, spot.title, "", large * (1 + LEAN))
    at = (LEAN * large, layout.below + down)
    lower = _sheet(layout, name, at, [under if own else "unread" for own in inside], lying=True)
    place = (at[0] + before * (1 - LEAN), at[1] + before * FLAT - high)
    upper = _sheet(layout, name, place, [over] * small**2, lying=True)
    layout.below += down + large * FLAT
    _said(spot, drawn, large, corner)
    cells, above = lower + np.arange(large**2), upper + np.arange(small**2)
    read, made = cells[inside].tolist(), cells[~inside].tolist()
    ends = zip(_ends(above, small), _ends(np.array(read), small), range(4), strict=True)
    lines = [("link", ((one, n), (other, n)), False) for one, other, n in ends]
    if made:
        return Stage([*read, *above.tolist()], made, lines)
    return Stage(read, above.tolist(), lines)


def joined(spot: Spot, drawn: Sides) -> Stage:
    """Two maps beside one another, each in the room of the larger one; or two rows, as of channels."""
    if drawn.dims <= 1:
        return bars(spot, (drawn.a, drawn.b), ("input", "output"))
    large, small, before, corner = laid(drawn)
    inside, layout, name = _within(large, small, before, corner), spot.layout, f"{spot.name}maps"
    layout.heading(name, spot.title, "", 2 * large + APART)
    top, cells = layout.below, []
    for word, role, size in (("first", "input", drawn.a), ("second", "output", drawn.b)):
        left = len(cells) * (large + APART)
        other = "unread" if size == max(drawn.a, drawn.b) else "beyond"
        first = _sheet(layout, name, (left, top), [role if own else other for own in inside])
        cells.append(first + np.arange(large**2))
        said = f"{say(f'misfit.{word}', layout.language)}: {times((size, size))}"
        at = (left + large / 2, top + large + TITLE_ROOM / 2)
        layout.label(Label(f"{word}:{spot.name}", "axis", at, said, size=SMALL, about=role))
    layout.below = top + large + TITLE_ROOM
    _said(spot, drawn, large, corner)
    if inside.all():
        return Stage(cells[0].tolist(), cells[1].tolist())
    marks = np.stack(cells)
    return Stage(marks[:, inside].ravel().tolist(), marks[:, ~inside].ravel().tolist())


def _sheet(layout: Layout, name: str, corner: Point, roles: list[str], lying: bool = False) -> int:
    """A square of cells, upright or lying; the number of its first cell."""
    side, first = isqrt(len(roles)), layout.count
    lattice = ((1.0, 0.0), (-LEAN, FLAT) if lying else (0.0, 1.0))
    texts = [SIGN if role == "beyond" else "" for role in roles]
    layout.grid(name, corner, (side, side), np.array([ROLES.index(role) for role in roles]), texts, lattice=lattice)
    return first


def _ends(cells: Ints, side: int) -> list[int]:
    """The cells in the corners of a square, clockwise from the first."""
    return [int(cells[n]) for n in (0, side - 1, side**2 - 1, side**2 - side)]


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
