"""Boards of a layer with several channels: a plane of cells for each channel, and a row of small kernels for each map.

Planes lie apart, or are slabs seen from the side, one before the other. A kernel's board for a channel stands in that
channel's column, so that the kernels of a layer form a matrix: full, or in blocks where the layer has groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil, prod

import numpy as np

from convviz.layers.linear import Array
from convviz.scene.canvas import numbers
from convviz.scene.filled import Block
from convviz.scene.layout import GAP, TITLE, TITLE_ROOM, Layout, planes, text_width
from convviz.scene.marks import Anchor, Editable, Ints, Label, Point, Shape
from convviz.scene.roles import HUES, ROLES
from convviz.scene.timeline import Track
from convviz.scene.tones import scale_of
from convviz.trace import Trace

NAMED = 0.9
"""Cells above each plane, where its name stands."""

NAME = 0.42
"""The size of that name, and of a text under a column, in cells."""

BESIDE = 0.1
"""How far outside of its boards the outline of a kernel or a map lies, in cells."""

FRONT, OVERLAP = (0.72, -0.28), 0.62
"""One cell across of a slab seen from the side, and which part of a slab the one before it leaves in sight, roughly."""

NEARER = 0.24
"""How far below the one behind it a slab stands, in cells."""


@dataclass(frozen=True)
class Form:
    """How planes stand: apart, or as slabs one before the other; unit: how large their cells are."""

    slabs: bool = False
    unit: float = 1.0

    @property
    def lattice(self) -> tuple[Point, Point]:
        """One cell across, and one down."""
        across = FRONT if self.slabs else (1.0, 0.0)
        return (across[0] * self.unit, across[1] * self.unit), (0.0, self.unit)

    def places(self, count: int, shape: tuple[int, ...], columns: int) -> list[Point]:
        """Where each of the planes begins, in so many columns where they lie apart, from the corner of their room."""
        _, rows, width = planes(shape)
        if not self.slabs:
            right, down = width * self.unit + NAMED, rows * self.unit + NAMED
            return [(n % columns * right, NAMED + n // columns * down) for n in range(count)]
        step, rise = max(ceil(width * OVERLAP), 1) * self.lattice[0][0], -width * self.lattice[0][1]
        return [(n * step, NAMED + rise + n * NEARER * self.unit) for n in range(count)]

    def size(self, count: int, shape: tuple[int, ...], columns: int) -> Point:
        """Width and height of the room of so many planes."""
        _, rows, width = planes(shape)
        x, y = (max(ends) for ends in zip(*self.places(count, shape, columns), strict=True))
        return x + width * self.lattice[0][0], y + rows * self.unit


@dataclass
class Shelf:
    """Columns of boards from left to right, `height` high; each is as wide as its boards and what is said of them.

    right: where the last column ends, None before the first; top: where the boards begin; below: whether a text under
    a column stands there, or is said with its title; titled: whether columns have titles.
    """

    layout: Layout
    height: float
    right: float | None = None
    top: float = 0.0
    below: bool = True
    titled: bool = True

    def column(
        self,
        size: Point,
        title: str = "",
        about: str = "",
        caption: str = "",
        sign: str = "",
        over: str = "",
        short: str = "",
    ) -> Point:
        """Begin a column: the corner of the room for boards of a size, in the middle of it, under its title.

        sign: between the column and the one before; over: a text above the sign; short: title and caption in one line.
        """
        if not self.titled:
            title = caption = ""
        if caption and not self.below:
            title, caption = short, ""
        zoom, middle = self.layout.zoom, self.top + self.height / 2
        above, below = self.top - TITLE_ROOM / 2 * zoom, self.top + self.height + TITLE_ROOM / 2 * zoom
        said = ((title, TITLE, above), (caption, NAME, below))
        width = max(size[0], *(text_width(text, letters * zoom) for text, letters, _ in said))
        left = 0.0 if self.right is None else self.right + GAP * zoom
        if sign:
            at = (left - GAP * zoom / 2, middle)
            self.layout.labels.append(Label(f"sign:{left:.2f}", "sign", at, sign, size=0.7 * zoom))
        if over:
            at = (left - GAP * zoom / 2, middle - 0.6 * zoom)
            self.layout.labels.append(Label(f"over:{left:.2f}", "sign", at, over, size=TITLE * zoom))
        for text, letters, level in said:
            if text:
                at = (left + width / 2, level)
                self.layout.labels.append(Label(f"title:{text}", "title", at, text, "middle", letters * zoom, about))
        self.right = left + width
        return left + (width - size[0]) / 2, middle - size[1] / 2

    def name(self, text: str, at: Point) -> None:
        """Write the name of a plane over the middle of its upper side."""
        size = min(NAME * self.layout.zoom, 0.9 * NAMED)
        self.layout.labels.append(Label(f"plane:{text}", "axis", (at[0], at[1] - 0.52 * NAMED), text, "middle", size))


def lay_planes(
    layout: Layout,
    form: Form,
    name: str,
    corner: Point,
    places: Sequence[Point],
    shape: tuple[int, ...],
    roles: Ints,
    texts: list[str],
    values: Array | None,
    born: Ints | None = None,
    levels: Ints | None = None,
    editable: Callable[[int], Editable] | None = None,
) -> Block:
    """Add planes that bear the texts of an array, plane after plane.

    roles: of the cells of one plane, or (planes, cells); born: of one plane; values, levels: (planes, cells); editable:
    of the plane of a number.
    """
    _, rows, columns = planes(shape)
    first, count = layout.count, rows * columns
    scale = None if values is None else scale_of(values)
    longest = max(map(len, texts), default=1)
    for n, (x, y) in enumerate(places):
        layout.grid(
            name,
            (corner[0] + x, corner[1] + y),
            (rows, columns),
            roles if roles.ndim == 1 else roles[n],
            texts[n * count : (n + 1) * count],
            lattice=form.lattice,
            longest=longest,
            values=None if values is None else values[n],
            scale=scale,
            born=born,
            levels=None if levels is None else levels[n],
            editable=editable(n) if editable else None,
        )
    return Block(first, shape)


@dataclass(frozen=True, eq=False)
class Kernels:
    """The weights as they lie on their window. block: their boards, one for each map and channel that it reads, in the
    order of the weight's array; reach: rows and columns of a board; each: boards of a kernel."""

    block: Block
    reach: tuple[int, ...]
    each: int


def lay_kernels(
    layout: Layout, form: Form, trace: Trace, corner: Point, places: Sequence[Point], turned: bool, typed: bool = True
) -> Kernels:
    """Add the boards of all kernels at their places; turned: as they lie on a window that reads them backwards; typed:
    whether their weights can be typed."""
    weight, pitch = trace.weight, tuple(trace.layer.dilation)
    shape = tuple(weight.shape[2:])
    reach = tuple(d * (k - 1) + 1 for k, d in zip(shape, pitch, strict=True))
    own = tuple(slice(None, None, step) for step in pitch)
    there = np.zeros(reach, dtype=np.bool_)
    there[own] = True
    spread = np.zeros((len(places), *reach), dtype=weight.dtype)
    spread[:, *own] = weight.reshape(len(places), *shape)
    way = -1 if turned else 1
    texts = [
        text if here else ""
        for plane in spread.reshape(len(places), -1)[:, ::way]
        for text, here in zip(numbers(plane), there.ravel()[::way], strict=True)
    ]
    roles = np.where(there, ROLES.index("kernel"), ROLES.index("gap")).ravel()[::way]
    ends = [(r - 1, -d, k) if turned else (0, d, k) for k, d, r in zip(shape, pitch, reach, strict=True)]
    rows, columns = ((0, 1, 1), *ends)[-2:]
    count = prod(shape)
    block = lay_planes(
        layout,
        form,
        "kernel",
        corner,
        places,
        reach,
        roles,
        texts,
        spread.reshape(len(places), -1)[:, ::way],
        editable=(lambda n: Editable("weight", n * count, rows, columns)) if typed else None,
    )
    return Kernels(replace(block, turned=turned, pitch=pitch), reach, weight.shape[1])


def weight_marks(trace: Trace, kernels: Kernels) -> Ints:
    """(maps, weights of a kernel): the cells of each kernel's weights."""
    count = prod(trace.weight.shape[2:])
    marks = [kernels.block.marks(n, np.arange(count)) for n in range(prod(trace.weight.shape[:2]))]
    return np.concatenate(marks).reshape(len(trace.weight), -1)


Corners = tuple[int, int, int, int]
"""The cells at the corners of a plane, clockwise from the first."""


def around(
    name: str, hue: int, sides: Sequence[tuple[Corners, int]], steps: int, closed: bool = True
) -> tuple[Track, Shape]:
    """An outline that tells one kernel and its map from the others: through these corners of planes, a little outside
    of them."""
    track = Track(name, np.tile(np.array([corners[n] for corners, n in sides]), (steps, 1)))
    outside = ((-BESIDE, -BESIDE), (BESIDE, -BESIDE), (BESIDE, BESIDE), (-BESIDE, BESIDE))
    anchors = tuple(Anchor(name, column, n, outside[n]) for column, (_, n) in enumerate(sides))
    return track, Shape(name, HUES[hue % len(HUES)], anchors, closed=closed)


def plane_corners(first: int, shape: tuple[int, ...]) -> Corners:
    """The cells at the corners of a plane, clockwise from the first."""
    _, rows, columns = planes(shape)
    last = first + rows * columns - 1
    return first, first + columns - 1, last, last - columns + 1
