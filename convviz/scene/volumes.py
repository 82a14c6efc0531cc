"""The boards of a convolution of several channels: its input, its kernels, what each channel adds, its maps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np

from convviz.layers import Layer
from convviz.layers.linear import Array, channel_sums
from convviz.scene.canvas import (
    canvas_roles,
    canvas_texts,
    canvas_tones,
    canvas_values,
    canvas_word,
    inputs_on_canvas,
    numbers,
    outputs,
)
from convviz.scene.filled import Block
from convviz.scene.layout import GAP, Layout, planes, times
from convviz.scene.marks import Editable, Ints, Label, Point
from convviz.scene.parts import slides_turned
from convviz.scene.roles import ROLES
from convviz.scene.slabs import NAMED, Form, Kernels, Shelf, lay_kernels, lay_planes
from convviz.scene.timeline import StepTexts, Track
from convviz.scene.tones import scale_of, toned
from convviz.text import say
from convviz.trace import Trace

UNITS = (0.68, 0.8, 1.0)
"""How large, in cells, the cells of the maps may be drawn: smaller, a map fits into its kernel's row."""

WIDE = 2.8
"""How much wider than high the room of a picture is on a page, about."""

SAID = 2.7
"""Cells above and below the boards, for titles, costs and the scales of tones."""

ALIGNED = 1.12
"""How much smaller cells may be drawn so that each map stands in its kernel's row."""

ROW = 0.45
"""Cells between the rows of kernels."""

SUM = 0.5
"""Cells between the sums of two channels, where a plus stands."""

SIGNS = 40
"""The most sums that have signs between them."""


class Grouped(NamedTuple):
    """How many channels there are, and how they go together."""

    ins: int
    outs: int
    each: int
    """Channels that a map reads."""

    @classmethod
    def of(cls, layer: Layer) -> Grouped:
        """The channels of a layer."""
        ins = layer.x_shape[0]
        return cls(ins, layer.out_channels, ins // layer.groups)

    def first(self, out: int) -> int:
        """The first channel that a map reads.

        >>> [Grouped(4, 6, 2).first(out) for out in range(6)]
        [0, 0, 0, 2, 2, 2]
        """
        return out * self.ins // self.each // self.outs * self.each

    def read(self) -> Ints:
        """(outs, each): the channels that each map reads."""
        return np.array([self.first(out) + np.arange(self.each) for out in range(self.outs)])


@dataclass(frozen=True)
class Sizes:
    """How large the parts of a picture are. row: from one kernel's row to the next; map_form: of the maps' planes;
    columns: in which the input's planes stand; map_columns: the same of the maps, 0 where each stands in its kernel's
    row; height: of all boards."""

    row: float
    map_form: Form
    columns: int
    map_columns: int
    height: float
    width: float


def sized(layer: Layer, form: Form) -> Sizes:
    """The sizes of the parts, chosen so that cells are as large as can be where the picture has the room of a page."""
    group = Grouped.of(layer)
    _, high, across = planes(layer.span)
    if form.slabs:
        return _slab_sizes(layer, group, form, high)
    beside = group.ins * (across + NAMED) + group.each * (1 + SUM) + 8
    best: tuple[float, Sizes] | None = None
    for columns, map_columns, unit in product(range(1, group.ins + 1), range(group.outs + 1), UNITS):
        sizes = _candidate(layer, form, beside, columns, map_columns, unit)
        score = min(WIDE / sizes.width, 1 / (sizes.height + SAID)) * unit * (1 if map_columns else ALIGNED)
        if best is None or score > best[0]:
            best = (score, sizes)
    assert best is not None
    return best[1]


def _candidate(layer: Layer, form: Form, beside: float, columns: int, map_columns: int, unit: float) -> Sizes:
    """The sizes with the input and the maps in so many columns, the cells of maps so large."""
    group, maps = Grouped.of(layer), Form(unit=unit)
    _, high, _ = planes(layer.span)
    _, rows, across = planes(layer.output_size)
    row = max(high, 1.0 if map_columns else rows * unit) + ROW
    box = maps.size(group.outs, layer.output_size, map_columns) if map_columns else (across * unit, group.outs * row)
    inputs = form.size(group.ins, layer.taps.canvas_shape, columns)
    height = max(inputs[1], group.outs * row + 2 * ROW, box[1])
    return Sizes(row, maps, columns, map_columns, height, inputs[0] + beside + box[0])


def _slab_sizes(layer: Layer, group: Grouped, form: Form, high: int) -> Sizes:
    """Of slabs one before the other; a kernel's row is as high as its boards behind one another."""
    row = max(form.size(group.each, layer.span, 1)[1], high) + 0.4
    boxes = [form.size(group.ins, layer.taps.canvas_shape, 1), form.size(group.outs, layer.output_size, 1)]
    width = sum(box[0] for box in boxes) + form.size(group.each, layer.span, 1)[0] + group.each + 10
    return Sizes(row, form, 1, 1, max(group.outs * row, *(box[1] for box in boxes)), width)


def lay_canvas(shelf: Shelf, trace: Trace, form: Form, columns: int, pixels: bool = False) -> Block:
    """The input's planes on their canvas, each with its name."""
    layout, taps, count = shelf.layout, trace.layer.taps, len(trace.windows)
    shape, word = taps.canvas_shape, canvas_word(taps)
    title = say(f"board.{word}", layout.language, size=times(taps.padded_shape), inner=times(taps.input_shape))
    places = form.places(count, shape, columns)
    corner = shelf.column(form.size(count, shape, columns), title, "input")
    roles, levels = canvas_tones(trace) if pixels else (canvas_roles(taps), None)
    _, rows, across = ((0, 1, 1), (0, 1, 1), *inputs_on_canvas(taps))[-3:]
    name_planes(shelf, form, corner, places, shape)
    return lay_planes(
        layout,
        form,
        "canvas",
        corner,
        places,
        shape,
        roles,
        canvas_texts(trace),
        None if pixels else canvas_values(trace),
        levels=levels,
        editable=lambda n: Editable("x", n * rows[2] * across[2], rows, across),
    )


def name_planes(
    shelf: Shelf, form: Form, corner: Point, places: list[Point], shape: tuple[int, ...], word: str = "channel"
) -> None:
    """Write over each plane which channel, or which map, it is."""
    _, _, width = planes(shape)
    (x, y), _ = form.lattice
    for n, place in enumerate(places, start=1):
        at = (corner[0] + place[0] + (width * x / 2 if not form.slabs else 0.5 * x), corner[1] + place[1] + y / 2)
        text = str(n) if form.slabs else say(f"board.{word}", shelf.layout.language, n=n)
        shelf.name(text, at)


def kernel_rows(
    shelf: Shelf, trace: Trace, form: Form, row: float, typed: bool = True, diagonal: bool = True
) -> Kernels:
    """A row of kernels for each map, `row` high; where planes lie apart, each board stands in its channel's column.

    typed: whether weights can be typed; diagonal: kernels of one channel stand in its column, too.
    """
    layer, language = trace.layer, shelf.layout.language
    turned, size = slides_turned(trace), times(layer.kernel_size)
    places, box = _kernel_places(layer, form, row, diagonal)
    title = say("board.kernels_flipped" if turned else "board.kernels", language, size=size)
    caption = say("board.weights", language, weights=layer.parameters)
    corner = shelf.column(box, title, "kernel", caption, "→")
    if not form.slabs and diagonal:
        name_columns(shelf, corner, Grouped.of(layer), planes(layer.span)[2] * form.unit)
    return lay_kernels(shelf.layout, form, trace, corner, places, turned, typed)


def _kernel_places(layer: Layer, form: Form, row: float, diagonal: bool) -> tuple[list[Point], Point]:
    """Where each board of the kernels begins, and how much room all of them take."""
    group = Grouped.of(layer)
    _, high, across = (n * form.unit for n in planes(layer.span))
    if form.slabs:
        one, box = form.places(group.each, layer.span, 1), form.size(group.each, layer.span, 1)
        places = [(x, m * row + y + (row - box[1]) / 2) for m in range(group.outs) for x, y in one]
        return places, (box[0], group.outs * row)
    read = group.read() if diagonal else group.read() - group.read()[:, :1]
    pitch, down = across + NAMED, (row - high) / 2
    places = [(c * pitch, m * row + down) for m, channels in enumerate(read.tolist()) for c in channels]
    return places, ((read.max() + 1) * pitch - NAMED, group.outs * row)


def name_columns(shelf: Shelf, corner: Point, group: Grouped, across: float) -> None:
    """Write over each column of kernels which channel it reads."""
    for c in range(group.ins):
        shelf.name(str(c + 1), (corner[0] + c * (across + NAMED) + across / 2, corner[1] + 0.2))


@dataclass(frozen=True, eq=False)
class Sums:
    """What the channels add to each map, and their totals: what the cells bear, and the tracks that name them."""

    told: tuple[StepTexts, ...]
    tracks: tuple[Track, ...]


def lay_sums(shelf: Shelf, trace: Trace, sizes: Sizes) -> Sums:
    """A cell for each channel that a map reads, with what it adds at a step, and one for the total."""
    group, layout = Grouped.of(trace.layer), shelf.layout
    parts = channel_sums(trace.windows, trace.layer.kernels(trace.weight))
    whole = parts.sum(axis=1)
    pitch = 1 + SUM
    middles = [(m + 0.5) * sizes.row - 0.5 for m in range(group.outs)]
    box = (group.each * pitch - SUM, group.outs * sizes.row)
    corner = shelf.column(box, say("board.channel_sums", layout.language), "product", sign="→")
    places = [(c * pitch, y) for y in middles for c in range(group.each)]
    told = [_cells(layout, "product", corner, places, parts.reshape(-1, len(trace)))]
    if len(places) <= SIGNS:
        _pluses(layout, corner, places, group.each)
    corner = shelf.column((1.0, box[1]), say("board.total", layout.language), "product")
    _equals(layout, corner[0] - GAP * layout.zoom / 2, [corner[1] + y + 0.5 for y in middles])
    told.append(_cells(layout, "total", corner, [(0.0, y) for y in middles], whole))
    steps = len(trace)
    rows = [np.tile(one.marks, (steps, 1)) for one in told]
    tracks = (
        Track("sums", rows[0], "", "source"),
        Track("totals", rows[1], "", "source"),
        Track("addends", rows[0][:, : group.each]),
    )
    return Sums(tuple(told), tracks)


def _cells(layout: Layout, name: str, corner: Point, places: list[Point], values: Array) -> StepTexts:
    """Cells with a value a step each; values: (cells, steps)."""
    first, texts = layout.count, numbers(values.T)
    longest, scale = max(map(len, set(texts))), scale_of(values)
    for x, y in places:
        at = (corner[0] + x, corner[1] + y)
        role = np.array([ROLES.index("product")])
        layout.grid(name, at, (1, 1), role, [""], longest=longest, scale=scale)
    return StepTexts(first + np.arange(len(places)), texts, toned(values.T, scale))


def _pluses(layout: Layout, corner: Point, places: list[Point], each: int) -> None:
    """A plus between the sums of two channels that are added."""
    for n, (x, y) in enumerate(places):
        if n % each:
            at = (corner[0] + x - SUM / 2, corner[1] + y + 0.5)
            layout.labels.append(Label(f"sign:plus{n}", "sign", at, "+", size=0.42))


def _equals(layout: Layout, x: float, levels: list[float]) -> None:
    """A sign between the sums of the channels and their total, in every row that has signs."""
    for n, y in enumerate(levels):
        layout.labels.append(Label(f"sign:equals{n}", "sign", (x, y), "=", size=0.5))


def lay_maps(shelf: Shelf, trace: Trace, sizes: Sizes, name: str = "output") -> Block:
    """The maps, filled step by step: in columns, or each in its kernel's row."""
    layer, layout, form, columns = trace.layer, shelf.layout, sizes.map_form, sizes.map_columns
    size, count = layer.output_size, layer.out_channels
    _, rows, across = planes(size)
    if columns:
        places, box = form.places(count, size, columns), form.size(count, size, columns)
    else:
        down = (sizes.row - rows * form.unit) / 2
        places = [(0.0, m * sizes.row + down) for m in range(count)]
        box = (across * form.unit, count * sizes.row)
    title = say("board.maps", layout.language, size=times(size), count=count)
    corner = shelf.column(box, title, "output", say("board.macs", layout.language, macs=layer.macs), "→")
    if columns > 1:
        name_planes(shelf, form, corner, places, size, "map")
    return lay_planes(
        layout,
        form,
        name,
        corner,
        places,
        size,
        np.full(rows * across, ROLES.index("output")),
        outputs(trace),
        trace.output.reshape(count, -1),
        born=np.arange(len(trace)),
    )
