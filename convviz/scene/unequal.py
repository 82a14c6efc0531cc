"""The boards of two things that are unequal, or are equal once they are mended: rows of numbers, slabs, and maps."""

from __future__ import annotations

from math import isqrt

import numpy as np
from numpy.typing import NDArray

from convviz.layers.unequal import Sides
from convviz.layers.unmatched import Slabs
from convviz.layers.unweighted import Rows
from convviz.scene.layout import TITLE, Layout, text_width, times
from convviz.scene.marks import Ints, Label, Point
from convviz.scene.misfits import BEHIND, SHOWN, SIGN, WIDE, Outline, Spot, Stage
from convviz.scene.roles import ROLES
from convviz.scene.slabs import Form
from convviz.text import say

BARS = 16
"""The most cells of a row of numbers."""

HIGH = 2
"""Cells down of two rows of numbers, and the most of the maps that the numbers come from."""

ARROW = 0.95
"""Cells between these maps and the rows: so few that both stay together on a narrow page."""

CORNER = 7
"""Cells of the smaller map that are drawn in a corner."""

PLANES = 6
"""The most slabs beside one another."""

SIDE = 2
"""Cells along each side of a slab."""

LEAN, FLAT, HOVER = 0.4, 0.5, 1.1
"""How far left a row of a lying sheet begins than the row behind it, how far below; lines between two sheets."""

APART = 1.6
"""Cells between two maps that are joined; more where their sizes are long, which stand under them."""


def rows(spot: Spot, drawn: Rows) -> Stage:
    """What comes above the weights that there are for it, cell by cell; before them the maps that it comes from."""
    left = 0.0 if drawn.shape is None else _maps(spot, drawn.shape)
    return bars(spot, (drawn.comes, drawn.wanted), ("input", "kernel"), left)


def _maps(spot: Spot, shape: tuple[int, ...]) -> float:
    """The maps that a row of numbers comes from, as high as the rows at most; returns where the rows begin."""
    layout, (maps, height, width) = spot.layout, shape
    down, across = min(height, SHOWN + 1), min(width, SHOWN + 1)
    cell = HIGH / (SHOWN + 1)
    wide, high, line = across * cell, down * cell, layout.below + spot.line / 2
    title = say("misfit.maps", layout.language, maps=maps, size=times((height, width)))
    layout.label(Label(f"title:{spot.name}maps", "title", (wide / 2, line), title, size=TITLE * layout.zoom))
    corner, roles = (0.0, layout.below + spot.line + (HIGH - high) / 2), np.full(down * across, ROLES.index("input"))
    lattice = ((cell, 0.0), (0.0, cell))
    layout.grid(f"{spot.name}rows", corner, (down, across), roles, [""] * (down * across), lattice=lattice)
    gap = ARROW * layout.zoom
    middle = (wide + gap / 2, layout.below + spot.line + HIGH / 2)
    layout.label(Label(f"sign:{spot.name}", "sign", middle, "→", size=0.7 * layout.zoom))
    return wide + gap


def bars(spot: Spot, counts: tuple[int, int], roles: tuple[str, str], left: float = 0.0) -> Stage:
    """Two rows of cells, one above the other, of which the longer one has cells left over; left: where they begin."""
    each = -(-max(counts) // BARS)
    longest = -(-max(counts) // each)
    lengths = [longest if n == max(counts) else max(n // each, 1) for n in counts]
    layout, name, paired, marks = spot.layout, f"{spot.name}rows", min(lengths), []
    layout.heading(name, spot.title, "", 2 * left + longest)
    top = layout.below
    for n, (count, length, role) in enumerate(zip(counts, lengths, roles, strict=True)):
        filled = np.array([ROLES.index(role if cell < paired else "unread") for cell in range(length)])
        texts = ["" if cell < paired else SIGN for cell in range(length)]
        marks.append(layout.grid(name, (left, top + n), (1, length), filled, texts).first + np.arange(length))
        at = (left + longest + 0.25, top + n + 0.5)
        layout.label(Label(f"count:{spot.name}{n}", "axis", at, f"{count:,}", "start", TITLE * layout.zoom, role))
    layout.below = top + HIGH
    spot.under(say("misfit.zoom", spot.layout.language, n=each) if each > 1 else "")
    if lengths[0] == lengths[1]:
        return Stage(marks[0].tolist(), marks[1].tolist())
    return _uneven(marks, paired)


def slabs(spot: Spot, drawn: Slabs) -> Stage:
    """The channels of the input, and those that the kernels read, slab by slab; where there is none, room for it."""
    counts = (drawn.channels, drawn.each * drawn.groups)
    each = -(-max(counts) // PLANES)
    most = -(-max(counts) // each)
    lengths = [most if n == max(counts) else max(n // each, 1) for n in counts]
    layout, language, form, paired = spot.layout, spot.layout.language, Form(slabs=True), min(lengths)
    words = ("input", "kernel" if drawn.groups == 1 else "kernels")
    said = [say(f"misfit.{word}", language, n=n) for word, n in zip(words, counts, strict=True)]
    sizes = [form.size(length, (SIDE, SIDE), length) for length in lengths]
    room = [max(size[0], text_width(text, spot.letters)) for size, text in zip(sizes, said, strict=True)]
    layout.heading(f"{spot.name}slabs", spot.title, "", sum(room) + APART)
    top, left, boards = layout.below, 0.0, list[Ints]()
    layout.below += max(high for _, high in sizes)
    for n, (role, length) in enumerate(zip(("input", "kernel"), lengths, strict=True)):
        roles, middle = [role] * paired + ["unread"] * (length - paired), left + room[n] / 2
        boards.append(_planes(spot, (middle - sizes[n][0] / 2, top), roles))
        spot.caption(f"{role}:{spot.name}", middle, said[n], role)
        if n:
            layout.label(
                Label(
                    f"sign:{spot.name}",
                    "sign",
                    (left - APART / 2, (top + layout.below) / 2),
                    "·",
                    size=0.7 * layout.zoom,
                )
            )
        left += room[n] + APART
    layout.below += spot.line
    spot.under(say("misfit.slabs", language, n=each) if each > 1 else "")
    if paired == most:
        return Stage(boards[0].ravel().tolist(), boards[1].ravel().tolist())
    return _uneven(boards, paired)


def _uneven(boards: list[Ints], paired: int) -> Stage:
    """Of both, so many have a partner; the step lights these, and marks the others."""
    read = [cell for one in boards for cell in one[:paired].ravel().tolist()]
    return Stage(read, [cell for one in boards for cell in one[paired:].ravel().tolist()])


def _planes(spot: Spot, corner: Point, roles: list[str]) -> Ints:
    """(slabs, cells): slabs one before the other, from the corner of their room."""
    form, first, count = Form(slabs=True), spot.layout.count, len(roles)
    for at, role in zip(form.places(count, (SIDE, SIDE), count), roles, strict=True):
        place, filled = (corner[0] + at[0], corner[1] + at[1]), np.full(SIDE**2, ROLES.index(role))
        spot.layout.grid(f"{spot.name}slabs", place, (SIDE, SIDE), filled, [""] * SIDE**2, lattice=form.lattice)
    return first + np.arange(count * SIDE**2).reshape(count, -1)


def laid(drawn: Sides) -> tuple[int, int, int, bool]:
    """How two maps are drawn: cells of the larger one, of the smaller one, before it, and whether it is a corner.

    The corner is the last one, as an odd cell is left over at the end.

    >>> laid(Sides(12, 10, 1, 2)), laid(Sides(32, 30, 1, 2)), laid(Sides(64, 32, 16, 2))
    ((12, 10, 1, False), (8, 7, 0, True), (11, 5, 3, False))
    """
    large, small = max(drawn.a, drawn.b), min(drawn.a, drawn.b)
    after = large - small - drawn.before
    if large <= WIDE:
        return large, small, drawn.before, False
    if after <= BEHIND and small >= CORNER:
        return CORNER + after, CORNER, 0, True
    each = -(-large // WIDE)
    larger, smaller = -(-large // each), -(-small // each) if large == small else max(small // each, 1)
    return larger, smaller, (larger - smaller) // 2, False


def added(spot: Spot, drawn: Sides) -> Stage:
    """Two maps as sheets, the smaller one over the middle of the larger; or two rows, as of channels."""
    if drawn.dims <= 1:
        return bars(spot, (drawn.a, drawn.b), ("input", "output"))
    large, small, before, corner = laid(drawn)
    under, over = ("input", "output") if drawn.a >= drawn.b else ("output", "input")
    inside, layout, name = _within(large, small, before), spot.layout, f"{spot.name}maps"
    down = small * FLAT + HOVER * spot.line
    layout.heading(name, spot.title, "", large * (1 + LEAN))
    at = (LEAN * large, layout.below + down)
    lower = _sheet(layout, name, at, [under if own else "unread" for own in inside], lying=True)
    place = (at[0] + before * (1 - LEAN), layout.below)
    upper = _sheet(layout, name, place, [over] * small**2, lying=True)
    for y, size, about in ((place[1], small, over), (at[1], large, under)):
        whole = times(((drawn.a if about == "input" else drawn.b),) * drawn.dims)
        layout.below = y + size * FLAT
        spot.caption(f"{about}:{spot.name}", LEAN * large + 2.0, whole, about)
    layout.below += spot.line
    _said(spot, drawn, large, corner)
    cells, above = lower + np.arange(large**2), upper + np.arange(small**2)
    read, made = cells[inside].tolist(), cells[~inside].tolist()
    ends = zip(_ends(above, small), _ends(np.array(read), small), range(4), strict=True)
    lines = [Outline("link", ((one, n), (other, n)), closed=False) for one, other, n in ends]
    if made:
        return Stage([*read, *above.tolist()], made, lines)
    return Stage(read, above.tolist(), lines)


def joined(spot: Spot, drawn: Sides) -> Stage:
    """Two maps beside one another, each in the room of the larger one; or two rows, as of channels."""
    if drawn.dims <= 1:
        return bars(spot, (drawn.a, drawn.b), ("input", "output"))
    large, small, before, corner = laid(drawn)
    inside, layout, name = _within(large, small, before), spot.layout, f"{spot.name}maps"
    apart = max(APART, 1.3 * len(times((drawn.a, drawn.b))) - large)
    layout.heading(name, spot.title, "", 2 * large + apart)
    top = layout.below
    cells: list[Ints] = []
    for role, size in (("input", drawn.a), ("output", drawn.b)):
        left = len(cells) * (large + apart)
        other = "unread" if size == max(drawn.a, drawn.b) else "beyond"
        first = _sheet(layout, name, (left, top), [role if own else other for own in inside])
        cells.append(first + np.arange(large**2))
        layout.below = top + large
        spot.caption(f"{role}:{spot.name}", left + large / 2, times((size, size)), role)
    layout.below += spot.line
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


def _within(large: int, small: int, before: int) -> NDArray[np.bool_]:
    """(large * large,): whether a cell of the larger map lies under the smaller one."""
    own = np.arange(large) - before
    inside = (own >= 0) & (own < small)
    return np.asarray(np.outer(inside, inside).ravel())


def _said(spot: Spot, drawn: Sides, large: int, corner: bool) -> None:
    """What is said of a part, or of a zoom."""
    language, each = spot.layout.language, -(-max(drawn.a, drawn.b) // large)
    if corner:
        spot.under(say("misfit.corner", language))
    elif each > 1:
        spot.under(say("misfit.zoom", language, n=each**2))
