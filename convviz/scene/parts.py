"""Parts: the boards, tracks and outlines that the views are built from."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np

from convviz.layers import Layer
from convviz.layers.linear import Array
from convviz.scene.canvas import (
    canvas_roles,
    canvas_texts,
    canvas_tones,
    canvas_values,
    canvas_word,
    input_roles,
    inputs_on_canvas,
    never_used,
    numbers,
    outputs,
    picture_levels,
)
from convviz.scene.filled import Block
from convviz.scene.layout import TITLE_ROOM, Layout, times
from convviz.scene.marks import Anchor, Ints, Label, Point, Shape
from convviz.scene.roles import ROLES
from convviz.scene.stamps import Stamps, growing, resting
from convviz.scene.timeline import Events, Track
from convviz.text import say
from convviz.trace import Trace

CAPTION = 0.36
"""The size of a text under a board, in cells."""


def one_channel(layer: Layer) -> bool:
    """Whether a layer reads one board and gives one."""
    return not layer.shared or (layer.x_shape[0] == 1 and layer.out_channels == 1)


def canvas_board(
    layout: Layout, trace: Trace, pixels: bool = False, room: Point = (0.0, 0.0), columns: int = 0
) -> Block:
    """The input on its canvas, every value in place; room: cells that stay free right of it and below it; columns:
    channels side by side."""
    roles, levels = canvas_tones(trace) if pixels else (canvas_roles(trace.layer.taps), None)
    taps = trace.layer.taps
    word = f"board.{canvas_word(taps)}"
    block = layout.board(
        "canvas",
        len(trace.windows),
        taps.canvas_shape,
        roles,
        canvas_texts(trace),
        levels=None if levels is None else levels.ravel(),
        title=say(word, layout.language, size=times(taps.padded_shape), inner=times(taps.input_shape)),
        about="input",
        array="x",
        places=inputs_on_canvas(taps),
        columns=columns,
        values=None if pixels else canvas_values(trace),
        room=room,
    )
    tell_unused(layout, roles)
    return block


def tell_unused(layout: Layout, roles: Ints) -> None:
    """Write under the canvas how many of its cells no window ever covers, if there are such."""
    counts = {role: count for role, count in never_used(roles).items() if count}
    if counts:
        said = [say(f"board.{role}", layout.language, count=count) for role, count in counts.items()]
        _caption(layout, "canvas", " · ".join(said), next(iter(counts)))


def _caption(layout: Layout, name: str, text: str, about: str) -> None:
    """Write a text under the board of that name, whose place this is."""
    places = zip(layout.grids, layout.grid_places, strict=True)
    mine = [grid for grid, at in places if at == layout.place and grid.name == name]
    xs = [x for grid in mine for x, _ in grid.outline.tolist()]
    low = max(y for grid in mine for _, y in grid.extent.tolist())  # also below a window that does not fit
    room = layout.zoom * TITLE_ROOM
    middle = ((min(xs) + max(xs)) / 2, low + room / 2)
    layout.label(Label(f"caption:{name}", "title", middle, text, "middle", layout.zoom * CAPTION, about))
    layout.below = max(layout.below, low + room)


def kernel_board(layout: Layout, trace: Trace, turned: bool = False) -> Block:
    """The kernel with its weights: a plane for each pair of channels; a row for each output of a dense layer.

    It is as wide as it reaches: a dilated one has its gaps. turned: rotated 180°, as it lies on its window when a
    transposed (or a true) convolution slides.
    """
    layer, weight = trace.layer, trace.weight
    channels = prod(weight.shape[:2]) if layer.shared else weight.shape[0]
    shape = tuple(weight.shape[2:]) if layer.shared else (weight.shape[1],)
    columns = weight.shape[1] if channels > 1 and layer.shared and len(shape) < 3 else 0
    pitch = tuple(layer.dilation) if layer.shared else (1,)
    reach = tuple(step * (size - 1) + 1 for size, step in zip(shape, pitch, strict=True))
    ends = zip(shape, pitch, reach, strict=True)
    title = say(f"board.{kernel_word(trace, turned)}", layout.language, size=_spanning(shape, reach, layout.language))
    spread = np.zeros((channels, *reach), dtype=weight.dtype)
    own = tuple(slice(None, None, step) for step in pitch)
    spread[:, *own] = weight.reshape(channels, *shape)
    is_own = np.zeros(reach, dtype=np.bool_)
    is_own[own] = True
    texts = [
        text if here else "" for text, here in zip(numbers(spread), np.tile(is_own.ravel(), channels), strict=True)
    ]
    block = layout.board(
        "kernel",
        channels,
        reach,
        np.where(is_own, ROLES.index("kernel"), ROLES.index("gap")).ravel(),
        texts,
        title=title,
        about="kernel",
        array="weight",
        places=tuple((r - 1, -d, k) if turned else (0, d, k) for k, d, r in ends),
        columns=columns,
        turned=turned,
        small=True,
        values=spread,
    )
    return replace(block, pitch=pitch)


def _spanning(shape: tuple[int, ...], reach: tuple[int, ...], language: str) -> str:
    """A kernel's size and, of a dilated one, how far it reaches."""
    return times(shape) if reach == shape else say("board.spans", language, size=times(shape), reach=times(reach))


def slides_turned(trace: Trace) -> bool:
    """Whether the window reads the kernel from its last cell to its first."""
    return any(axis.kernel_size > 1 and axis.positions[0, 0] > axis.positions[0, -1] for axis in trace.layer.taps.axes)


def kernel_word(trace: Trace, turned: bool) -> str:
    """Which title the kernel's board has."""
    return "kernel" if not turned else "kernel_turned" if trace.layer.spreads else "kernel_flipped"


def output_board(
    layout: Layout, trace: Trace, born: Ints | None = None, word: str = "output", pixels: bool = False
) -> Block:
    """The output, each cell empty until its step: the one that it is born at.

    word: of its title; pixels: it is shown as a picture, where it is one.
    """
    rows = trace.output.reshape(-1, len(trace))
    levels = picture_levels(trace) if pixels else None
    size = trace.layer.output_size
    title = say(f"board.{word}", layout.language, size=times(size), divisor=trace.divisor)
    born = np.arange(len(trace)) if born is None else born
    return layout.board(
        "output",
        len(rows),
        size,
        "output" if levels is None else "picture",
        outputs(trace),
        title=title,
        about="output",
        born=born,
        levels=levels,
        values=rows if levels is None else None,
    )


def input_board(layout: Layout, trace: Trace) -> Block:
    """The input alone, without its canvas."""
    size = trace.layer.input_size
    title = say("board.input", layout.language, size=times(size))
    roles = input_roles(trace.layer.taps)
    return layout.board(
        "input", 1, size, roles, numbers(trace.x), title=title, about="input", array="x", values=trace.x
    )


def sum_board(layout: Layout, trace: Trace, table: Stamps, when: Ints) -> tuple[Block, Events]:
    """The growing sums, input i being stamped at step when[i], with what padding crops around them.

    Where they are divided, the output stands beside them.
    """
    bias = trace.bias if trace.divisor == 1 else None
    events, complete, scale = growing(table, when, layout.count, bias)
    title = say("board.sum", layout.language, size=times(trace.layer.output_size))
    texts, bare = resting(table, bias)
    longest = max((len(text) for text in events.texts), default=1)
    block = layout.board(
        "sum",
        1,
        table.shape,
        table.roles,
        texts,
        title=title,
        about="output",
        born=complete,
        longest=longest,
        values=bare,
        scale=scale,
    )
    if trace.divisor != 1:
        layout.cell("→")
        output_board(layout, trace, complete[table.of_output(np.arange(len(trace)))], "output_divided")
    return block, events


def gather_tracks(trace: Trace, canvas: Block, output: Block) -> tuple[Track, ...]:
    """What each step reads and writes."""
    outs = len(trace.output.reshape(-1, len(trace)))
    positions = trace.layer.taps.flat_positions
    window = np.concatenate([canvas.marks(c, positions) for c in channels_read(trace)], axis=1)
    steps = np.arange(len(trace))[:, None]
    current = np.concatenate([output.marks(c, steps) for c in range(outs)], axis=1)
    return (Track("window", window, "window", "source"), Track("current", current, "current", "target"))


def channels_read(trace: Trace) -> list[Array] | list[int]:
    """The input channels that the steps read, one after the other: the same at each step, or a (steps, 1) column."""
    read = trace.layer.channels_read
    return list(range(len(trace.windows))) if read is None else [column[:, None] for column in read.T]


def kernel_tracks(trace: Trace, kernel: Block, canvas: Block) -> tuple[Track, ...]:
    """Which weights each step uses; in a transposed convolution, only those that fall on an input are lit."""
    layer = trace.layer
    steps, cells = len(trace), prod(layer.kernel_size)
    if not layer.shared:
        own = kernel.first + np.arange(steps)[:, None] * cells + np.arange(cells)
        return (Track("kernel", own, "window", "source"),)
    planes = range(trace.weight.size // cells)
    weights = np.concatenate([kernel.marks(plane, np.arange(cells)) for plane in planes])
    used = np.tile(weights, (steps, 1))
    if layer.spreads:
        reached = layer.taps.flat_sources >= 0
        cell = np.arange(trace.weight.size) % cells
        used = np.where(reached[:, cell], used, -1)
    lit = "window" if layer.spreads else ""
    used_track = Track("kernel", used, lit, "source")
    if trace.weight.size == cells:
        return (used_track,)
    return (used_track, *factor_tracks(trace, layer.kernels(weights.reshape(trace.weight.shape)), canvas))


def factor_tracks(trace: Trace, weights: Array, read: Block, name: str = "") -> tuple[Track, ...]:
    """What each map multiplies at a step: for each group the cells that it reads, for each map its weights, in pairs.

    weights: their cells, (groups, out per group, in per group, kernel cells); name: before those of the tracks.
    """
    _, each, ins, _ = weights.shape
    steps, positions = len(trace), trace.layer.taps.flat_positions
    tracks = []
    for group, kernels in enumerate(weights):
        places = [read.marks(group * ins + n, positions) for n in range(ins)]
        tracks.append(Track(f"{name}factors:{group}", np.concatenate(places, axis=1)))
        for n, own in enumerate(kernels, start=group * each):
            tracks.append(Track(f"{name}weights:{n}", np.tile(own.ravel(), (steps, 1))))
    return tuple(tracks)


def taken_tracks(trace: Trace, canvas: Block) -> tuple[Track, ...]:
    """The cells that a layer without weights uses for each of its channels; padding may not be among them."""
    part, positions = trace.layer.takes_part(), trace.layer.taps.flat_positions
    read = channels_read(trace)
    marks = [canvas.marks(channel, positions) for channel in read]
    return tuple(Track(f"taken:{n}", np.where(part, own, -1)) for n, own in enumerate(marks))


def window_outlines(trace: Trace) -> tuple[Shape, ...]:
    """The outlines of the window and of the output that is written."""
    corners = tuple(Anchor("window", c, n) for n, c in enumerate(window_corners(trace)))
    return (Shape("frame", "frame", corners, closed=True), target_outline())


def target_outline(track: str = "current") -> Shape:
    """The outline of the first cell that a track names: the output that is written."""
    return Shape("target", "target", tuple(Anchor(track, 0, n) for n in range(4)), closed=True)


def window_corners(trace: Trace) -> tuple[int, int, int, int]:
    """Which kernel cells lie at the corners of the window, clockwise from the first row and column."""
    axes = trace.layer.taps.axes
    shape = trace.layer.taps.kernel_shape
    widest = [axis.positions[np.ptp(axis.positions, axis=1).argmax()] for axis in axes]
    ends = [(int(row.argmin()), int(row.argmax())) for row in widest]
    row, column = (ends[-2] if len(ends) > 1 else (0, 0)), ends[-1]
    front = (0,) * (len(ends) - 2)
    picks = ((row[0], column[0]), (row[0], column[1]), (row[1], column[1]), (row[1], column[0]))
    places = [front + pick[-len(shape) :] for pick in picks]
    a, b, c, d = (int(np.ravel_multi_index(place, shape)) for place in places)
    return a, b, c, d
