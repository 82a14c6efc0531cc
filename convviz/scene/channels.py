"""The picture of a convolution of several channels: how each map becomes a sum over channels, step by step."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np

from convviz.layers.linear import channel_sums
from convviz.scene import narrate
from convviz.scene.canvas import number
from convviz.scene.filled import Block
from convviz.scene.layout import Layout
from convviz.scene.links import Link
from convviz.scene.marks import Anchor, Shape
from convviz.scene.notes import weight_notes
from convviz.scene.parts import target_outline, window_corners
from convviz.scene.room import Grouped, sized
from convviz.scene.scene import Scene
from convviz.scene.slabs import Corners, Form, Kernels, Shelf, around, plane_corners, weight_marks
from convviz.scene.timeline import Equation, Sentences, Track
from convviz.scene.volumes import Pixels, kernel_rows, lay_canvas, lay_maps, lay_sums
from convviz.trace import Trace


def volumes(trace: Trace, language: str, form: Form, view: str, pixels: Pixels = False) -> Scene:
    """Lay out a trace: input planes, kernels, the sums of single channels, their totals, maps.

    A step's words are about the first map or, of slabs, about the foremost, which nothing covers.
    """
    layer, sizes = trace.layer, sized(trace.layer, form)
    told = layer.out_channels - 1 if form.slabs else 0
    layout = Layout(language, sizes.zoom)
    shelf = Shelf(layout, sizes.height)
    canvas = lay_canvas(shelf, trace, sizes.form, sizes.columns, pixels)
    kernels = kernel_rows(shelf, trace, sizes.kernel_form, sizes.row)
    sums = lay_sums(shelf, trace, sizes)
    maps = lay_maps(shelf, trace, sizes)
    outlined, read = outlines(trace, kernels, maps, slabs=form.slabs), tracks(trace, canvas, kernels, maps)
    return Scene(
        layer.kind,
        view,
        len(trace),
        narrate.row_length(trace),
        tuple(layout.grids),
        (*read, Track("told", read[1].marks[:, [told]]), *sums.tracks, *(track for track, _ in outlined)),
        (*frames(trace, form), *(shape for _, shape in outlined), target_outline("told")),
        tuple(layout.labels),
        sums.told,
        sentences=sentences(trace, language, told),
        equations=map_sums(trace, told),
        formulas=narrate.formulas(layer),
        links=links(trace, Grouped.of(layer), canvas, kernels, maps),
        notes=() if form.slabs else weight_notes(trace),
        order=("sums", "totals", "current"),
    )


def tracks(trace: Trace, canvas: Block, kernels: Kernels, maps: Block) -> tuple[Track, ...]:
    """What each step reads, with which weights, and what it writes: the same place of every map."""
    positions, steps = trace.layer.taps.flat_positions, np.arange(len(trace))[:, None]
    window = np.concatenate([canvas.marks(c, positions) for c in range(len(trace.windows))], axis=1)
    current = np.concatenate([maps.marks(m, steps) for m in range(trace.layer.out_channels)], axis=1)
    used = np.tile(weight_marks(trace, kernels).ravel(), (len(trace), 1))
    return (
        Track("window", window, "window", "source"),
        Track("current", current, "current", "target"),
        Track("kernel", used, "", "source"),
    )


def links(trace: Trace, group: Grouped, canvas: Block, kernels: Kernels, maps: Block) -> tuple[Link, ...]:
    """What each cell of a map is made of: the cells that its taps name, in its channels, and its kernel.

    Two links a map, as the one moves with the step and the other does not: so they are short to send.
    """
    positions, weights = trace.layer.taps.flat_positions, weight_marks(trace, kernels)
    steps, found = np.arange(len(trace)), []
    for m, channels in enumerate(group.read().tolist()):
        read = np.concatenate([canvas.marks(c, positions) for c in channels], axis=1)
        targets = maps.marks(m, steps)
        found += [Link(targets, read), Link(targets, np.tile(weights[m], (len(steps), 1)))]
    return tuple(found)


def frames(trace: Trace, form: Form) -> tuple[Shape, ...]:
    """The outline of the window on each plane of the input; of slabs on the foremost alone, which nothing covers."""
    count, cells = len(trace.windows), trace.layer.taps.flat_positions.shape[1]
    shown = [count - 1] if form.slabs else range(count)
    corners = window_corners(trace)
    return tuple(
        Shape(f"frame:{c}", "frame", tuple(Anchor("window", c * cells + at, n) for n, at in enumerate(corners)), True)
        for c in shown
    )


def outlines(
    trace: Trace, kernels: Kernels, maps: Block, hue: int = 0, slabs: bool = False
) -> list[tuple[Track, Shape]]:
    """Around each kernel and around its map: one hue and one pattern for both; hue: the number of the first one's.

    slabs: they stand one before the other, and what is covered of a map has no outline.
    """
    steps, size = len(trace), prod(kernels.reach)
    found = []
    for m in range(trace.layer.out_channels):
        first = kernels.block.first + m * kernels.each * size
        left, right = (plane_corners(end, kernels.reach) for end in (first, first + (kernels.each - 1) * size))
        sides = [(left, 0), (left, 1), (right, 1), (right, 2), (right, 3), (left, 3)] if slabs else _box(left, right)
        found.append(around(f"kernel:{m}", hue + m, sides, steps))
        own = plane_corners(maps.first + m * steps, maps.shape)
        behind = slabs and m < trace.layer.out_channels - 1
        sides = [(own, 3), (own, 0), (own, 1)] if behind else _box(own, own)
        found.append(around(f"map:{m}", hue + m, sides, steps, closed=not behind))
    return found


def _box(left: Corners, right: Corners) -> list[tuple[Corners, int]]:
    """The corners around boards in a row, clockwise from the first, each with its plane."""
    return [(left, 0), (right, 1), (right, 2), (left, 3)]


def map_sums(trace: Trace, told: int) -> tuple[Equation, ...]:
    """How each map is the sum of what its channels add, that of the map that is told of first."""
    ends = [(f"addends:{m}", "") for m in range(trace.layer.out_channels)]
    found = narrate.gather_equations(trace, ends)
    own = [replace(one, columns=one.columns | columns(trace, one.column)) for one in found]
    return (*own[told:], *own[:told])


def sentences(trace: Trace, language: str, told: int) -> Sentences:
    """Where a step is, what the channels add to one of the maps there, and what all maps come to."""
    said = narrate.gather_sentences(trace, language, "channels")
    return replace(said, columns=said.columns | columns(trace, told))


def columns(trace: Trace, told: int) -> dict[str, list[object]]:
    """What a sentence says of one of the maps."""
    parts = channel_sums(trace.windows, trace.layer.kernels(trace.weight))[told]
    return {
        "parts": [", ".join(map(number, column)) for column in parts.T.tolist()],
        "channels": [len(parts)] * len(trace),
        "map": [told + 1] * len(trace),
    }
