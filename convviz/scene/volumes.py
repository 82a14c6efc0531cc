"""The boards of a convolution of several channels: its input, its kernels, what each channel adds, its maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from convviz.layers import Layer
from convviz.layers.linear import Array, channel_sums
from convviz.scene.canvas import (
    canvas_roles,
    canvas_texts,
    canvas_tones,
    canvas_values,
    canvas_word,
    colour_tones,
    inputs_on_canvas,
    numbers,
    outputs,
)
from convviz.scene.filled import Block
from convviz.scene.layout import GAP, Layout, planes, times
from convviz.scene.marks import Editable, Label, Point
from convviz.scene.parts import slides_turned
from convviz.scene.roles import COLOURS, ROLES
from convviz.scene.room import SUM, Grouped, Sizes, slab_kernels
from convviz.scene.slabs import NAMED, Form, Kernels, Shelf, lay_kernels, lay_planes
from convviz.scene.timeline import StepTexts, Track
from convviz.scene.tones import scale_of, toned
from convviz.text import say
from convviz.trace import Trace

Pixels = bool | Literal["colours"]
"""Whether inputs are shown as the pixels that they are: greys, or the red, green and blue of three channels."""

SIGNS = 40
"""The most sums that have signs between them."""


def lay_canvas(shelf: Shelf, trace: Trace, form: Form, columns: int, pixels: Pixels = False) -> Block:
    """The input's planes on their canvas, each with its name, in so many columns where they lie apart."""
    layout, taps, count = shelf.layout, trace.layer.taps, len(trace.windows)
    shape, word = taps.canvas_shape, canvas_word(taps)
    title = say(f"board.{word}", layout.language, size=times(taps.padded_shape), inner=times(taps.input_shape))
    places = form.places(count, shape, columns)
    corner = shelf.column(form.size(count, shape, columns), title, "input")
    roles, levels = canvas_tones(trace) if pixels else (canvas_roles(taps), None)
    if pixels == "colours":
        roles, levels = colour_tones(trace)
    _, rows, across = ((0, 1, 1), (0, 1, 1), *inputs_on_canvas(taps))[-3:]
    words = COLOURS if pixels == "colours" else ("channel",) * count
    name_planes(shelf, form, corner, places, shape, words)
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
    shelf: Shelf, form: Form, corner: Point, places: list[Point], shape: tuple[int, ...], words: Sequence[str]
) -> None:
    """Write over each plane which channel, or which map, it is."""
    _, rows, width = planes(shape)
    (x, y), (_, down) = form.lattice
    for n, (place, word) in enumerate(zip(places, words, strict=True), start=1):
        left, top = corner[0] + place[0], corner[1] + place[1]
        if form.slabs:  # above it lies the one behind it
            name = str(n) if word == "channel" else say(f"board.{word}", shelf.layout.language, n=n)
            shelf.name(name, (left + x / 2, top + y / 2 + rows * down + NAMED))
        else:
            shelf.name(say(f"board.{word}", shelf.layout.language, n=n), (left + width * x / 2, top))


Placed = tuple[list[Point], Point]
"""Where each board of the kernels begins, and how much room all of them take."""


def kernel_rows(shelf: Shelf, trace: Trace, form: Form, row: float) -> Kernels:
    """A row of kernels for each map, `row` high, each board in its channel's column; of slabs, a block for each."""
    layer = trace.layer
    placed = slab_kernels(layer, form) if form.slabs else _matrix(layer, form, row)
    kernels, corner = lay_kernel_boards(shelf, trace, form, placed)
    if not form.slabs:
        name_columns(shelf, corner, Grouped.of(layer), planes(layer.span)[2] * form.unit)
    return kernels


def _matrix(layer: Layer, form: Form, row: float) -> Placed:
    """The kernels as a matrix: a row for each map, a column for each channel."""
    group = Grouped.of(layer)
    _, high, across = (n * form.unit for n in planes(layer.span))
    pitch, down = across + NAMED, (row - high) / 2
    places = [(c * pitch, m * row + down) for m, channels in enumerate(group.read().tolist()) for c in channels]
    return places, (group.ins * pitch - NAMED, group.outs * row)


def lay_kernel_boards(
    shelf: Shelf, trace: Trace, form: Form, placed: Placed, typed: bool = True
) -> tuple[Kernels, Point]:
    """Begin a column and add the boards of all kernels, with what they cost; typed: whether weights can be typed."""
    layer, language, (places, box) = trace.layer, shelf.layout.language, placed
    turned, size = slides_turned(trace), times(layer.kernel_size)
    title = say("board.kernels_flipped" if turned else "board.kernels", language, size=size)
    caption = say("board.weights", language, weights=layer.parameters)
    corner = shelf.column(box, title, "kernel", caption, "→", short=say("board.costs", language, of=size, cost=caption))
    return lay_kernels(shelf.layout, form, trace, corner, places, turned, typed), corner


def name_columns(shelf: Shelf, corner: Point, group: Grouped, across: float) -> None:
    """Write over each column of kernels which channel it reads."""
    for c in range(group.ins):
        shelf.name(str(c + 1), (corner[0] + c * (across + NAMED) + across / 2, corner[1] + 0.1))


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
    unit = sizes.unit
    pitch = (1 + SUM) * unit
    middles = [(m + 0.5) * sizes.row - unit / 2 for m in range(group.outs)]
    box = (group.each * pitch - SUM * unit, group.outs * sizes.row)
    corner = shelf.column(box, say("board.channel_sums", layout.language), "product", sign="→")
    places = [(c * pitch, y) for y in middles for c in range(group.each)]
    borne = [_cells(layout, "product", corner, places, parts.reshape(-1, len(trace)), unit)]
    if len(places) <= SIGNS:
        _pluses(layout, corner, places, group.each, unit)
    corner = shelf.column((unit, box[1]), say("board.total", layout.language), "product")
    _equals(layout, corner[0] - GAP * layout.zoom / 2, [corner[1] + y + unit / 2 for y in middles], unit)
    borne.append(_cells(layout, "total", corner, [(0.0, y) for y in middles], whole, unit))
    steps = len(trace)
    rows = [np.tile(one.marks, (steps, 1)) for one in borne]
    tracks = (
        Track("sums", rows[0], "", "source"),
        Track("totals", rows[1], "", "source"),
        *(Track(f"addends:{m}", rows[0][:, m * group.each : (m + 1) * group.each]) for m in range(group.outs)),
    )
    return Sums(tuple(borne), tracks)


def _cells(layout: Layout, name: str, corner: Point, places: list[Point], values: Array, unit: float) -> StepTexts:
    """Cells with a value a step each; values: (cells, steps)."""
    first, texts = layout.count, numbers(values.T)
    longest, scale = max(map(len, set(texts))), scale_of(values)
    for x, y in places:
        at = (corner[0] + x, corner[1] + y)
        role = np.array([ROLES.index("product")])
        lattice = ((unit, 0.0), (0.0, unit))
        layout.grid(name, at, (1, 1), role, [""], lattice=lattice, longest=longest, scale=scale)
    return StepTexts(first + np.arange(len(places)), texts, toned(values.T, scale), values=values.T)


def _pluses(layout: Layout, corner: Point, places: list[Point], each: int, unit: float) -> None:
    """A plus between the sums of two channels that are added."""
    for n, (x, y) in enumerate(places):
        if n % each:
            at = (corner[0] + x - SUM * unit / 2, corner[1] + y + unit / 2)
            layout.labels.append(Label(f"sign:plus{n}", "sign", at, "+", size=0.6 * unit))


def _equals(layout: Layout, x: float, levels: list[float], unit: float) -> None:
    """A sign between the sums of the channels and their total, in every row that has signs."""
    for n, y in enumerate(levels):
        layout.labels.append(Label(f"sign:equals{n}", "sign", (x, y), "=", size=0.6 * unit))


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
    cost = say("board.macs", layout.language, macs=layer.macs)
    short = say("board.costs", layout.language, of=say("board.several", layout.language, count=count), cost=cost)
    over = "" if trace.divisor == 1 else say("board.divided", layout.language, divisor=trace.divisor)
    corner = shelf.column(box, title, "output", cost, "→", over, short)
    if columns > 1:
        name_planes(shelf, form, corner, places, size, ("map",) * count)
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
