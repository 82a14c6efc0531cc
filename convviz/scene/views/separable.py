"""separable: an ordinary convolution above, the depthwise and the pointwise one that replace it below, on one input.

Both ways step together: a step writes the same place of all maps, also of those between the two.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Formula, Layer
from convviz.layers.formula import separable_formula
from convviz.network import Network
from convviz.run import trace as run_of
from convviz.scene import channels, narrate
from convviz.scene.filled import Block
from convviz.scene.layout import GAP, TITLE, Layout, planes
from convviz.scene.marks import Label
from convviz.scene.notes import weight_notes
from convviz.scene.parts import factor_tracks, target_outline
from convviz.scene.room import Grouped, Sizes
from convviz.scene.scene import Scene
from convviz.scene.slabs import NAMED, Form, Kernels, Shelf, weight_marks
from convviz.scene.timeline import Equation, Sentences, Track
from convviz.scene.view import Narrow, View
from convviz.scene.views.channels import refuse_other
from convviz.scene.volumes import Pixels, Placed, lay_canvas, lay_kernel_boards, lay_maps
from convviz.separable import separated
from convviz.text import say
from convviz.trace import Trace

APART = Form()
"""Planes stand apart, their cells as large as usual."""

LEAST = 0.6
"""How small, in cells, the cells of the input may be drawn, so that its planes are as high as both ways."""

LETTERS = 1.65
"""How much larger than usual letters are: cells are small."""

HEADING = 1.0
"""Cells for the heading of a way, and for the titles of its columns."""

BETWEEN = 2 * HEADING + 1.5
"""Cells between the two ways: for the heading of the lower one, and the scale of the upper kernels."""

BOARDS, BLOCKS = 0.15, 0.3
"""Cells between the boards of one kernel, and between two kernels."""

ROWFUL = 4
"""The most maps that stand in one row of the upper way."""

OTHER_HUE = 4
"""The hue of the first of the maps between, which are not those that both ways end in."""


class Way(NamedTuple):
    """One layer as it is drawn: what it reads, its kernels, its maps."""

    trace: Trace
    read: Block
    kernels: Kernels
    maps: Block


def both_ways(trace: Trace, language: str = "en", pixels: Pixels = False) -> Scene:
    """Lay out a convolution of several channels and the pair of layers that replaces it; `pixels` as in `channels`.

    The pair has small seeded weights of its own.
    """
    pair = separated(trace.layer)
    run = run_of(pair, trace.x)
    first, second = (run[node.name] for node in pair.nodes)
    columns = (_wide(trace.layer.out_channels), _square(first.layer.out_channels), _square(second.layer.out_channels))
    blocks = (2 if trace.layer.out_channels > 2 else 1, 1, 1)
    drawn = list(zip((trace, first, second), blocks, columns, strict=True))
    heights = [max(_high(*way) for way in drawn[:1]), max(_high(*way) for way in drawn[1:])]
    layout = Layout(language, LETTERS)
    shelf = Shelf(layout, sum(heights) + BETWEEN, top=HEADING)
    form = _fitting(trace.layer, shelf.height)
    canvas = lay_canvas(shelf, trace, form, _beside(trace.layer), pixels)
    upper = Shelf(layout, heights[0], shelf.right, HEADING, titled=False)
    lower = Shelf(layout, heights[1], shelf.right, HEADING + heights[0] + BETWEEN, below=False)
    whole = _way(upper, canvas, "output", *drawn[0])
    between = _way(lower, canvas, "between", *drawn[1])
    last = _way(lower, between.maps, "pair", *drawn[2])
    _heading(upper, 0.5, "whole", shelf.right, trace.layer)
    _heading(lower, 1.75, "pair", shelf.right, pair)
    return _scene(layout, (whole, between, last), pair, language)


def _wide(count: int) -> int:
    """In how many columns so many maps stand in the upper way: all in one row, or in two."""
    return count if count <= ROWFUL else -(-count // 2)


def _square(count: int) -> int:
    """In how many columns so many maps stand in the lower way: as nearly a square as can be."""
    return ceil(sqrt(count))


def _beside(layer: Layer) -> int:
    """In how many columns the planes of the input stand: three to a column."""
    return -(-layer.x_shape[0] // 3)


def _fitting(layer: Layer, height: float) -> Form:
    """The form in which the input's planes are as high as both ways, or nearly."""
    _, rows, _ = planes(layer.taps.canvas_shape)
    count = -(-layer.x_shape[0] // _beside(layer))
    return Form(unit=min(1.0, max(LEAST, (height - count * NAMED) / (count * rows))))


def _blocks(layer: Layer, columns: int) -> Placed:
    """The kernels of a layer, each a block of its boards side by side, in so many columns."""
    group = Grouped.of(layer)
    _, high, across = planes(layer.span)
    wide = group.each * (across + BOARDS) - BOARDS
    places = [
        (m % columns * (wide + BLOCKS) + n * (across + BOARDS), m // columns * (high + BLOCKS))
        for m in range(group.outs)
        for n in range(group.each)
    ]
    return places, (columns * (wide + BLOCKS) - BLOCKS, -(-group.outs // columns) * (high + BLOCKS) - BLOCKS)


def _high(trace: Trace, blocks: int, columns: int) -> float:
    """How high a layer's kernels and its maps are."""
    maps = APART.size(trace.layer.out_channels, trace.layer.output_size, columns)
    return max(maps[1], _blocks(trace.layer, blocks)[1][1])


def _way(shelf: Shelf, read: Block, name: str, trace: Trace, blocks: int, columns: int) -> Way:
    """The kernels and the maps of one layer, right of what it reads; the weights of the whole can be typed."""
    kernels, _ = lay_kernel_boards(shelf, trace, APART, _blocks(trace.layer, blocks), name == "output")
    sizes = Sizes(1.0, 1.0, APART, APART, APART, 1, columns, shelf.height, 0.0)
    return Way(trace, read, kernels, lay_maps(shelf, trace, sizes, name))


def _heading(shelf: Shelf, lines: float, word: str, left: float | None, shown: Layer | Network) -> None:
    """What a way costs, so many lines above its boards."""
    text = say(f"separable.{word}", shelf.layout.language, weights=shown.parameters, macs=shown.macs)
    at = ((left or 0.0) + GAP, shelf.top - lines * HEADING)
    shelf.layout.labels.append(Label(f"title:{word}", "title", at, text, "start", TITLE * LETTERS, "output"))


def _scene(layout: Layout, ways: tuple[Way, Way, Way], pair: Network, language: str) -> Scene:
    whole, between, last = ways
    trace, outlined = whole.trace, []
    for prefix, hue, way in zip(("", "depthwise.", "pointwise."), (0, OTHER_HUE, 0), ways, strict=True):
        for track, shape in channels.outlines(way.trace, way.kernels, way.maps, hue):
            anchors = tuple(replace(anchor, track=prefix + anchor.track) for anchor in shape.anchors)
            named = replace(shape, name=prefix + shape.name, anchors=anchors)
            outlined.append((replace(track, name=prefix + track.name), named))
    sums = [_sums(way, name) for way, name in zip(ways, ("current", "between", "last"), strict=True)]
    links = [
        link
        for way in ways
        for link in channels.links(way.trace, Grouped.of(way.trace.layer), way.read, way.kernels, way.maps)
    ]
    return Scene(
        trace.layer.kind,
        "separable",
        len(trace),
        narrate.row_length(trace),
        tuple(layout.grids),
        (*_tracks(whole, between, last), *(t for tracks, _ in sums for t in tracks), *(track for track, _ in outlined)),
        (*channels.frames(trace, APART), *(shape for _, shape in outlined), target_outline(), target_outline("last")),
        tuple(layout.labels),
        sentences=_sentences(trace, last.trace, language),
        equations=tuple(one for _, equations in sums for one in equations),
        formulas=(_ratio(trace.layer, pair),),
        links=tuple(links),
        notes=weight_notes(trace),
        order=("between", "written"),
    )


def _tracks(whole: Way, between: Way, last: Way) -> tuple[Track, ...]:
    """What each step reads and writes in both ways; the maps between are written first."""
    window, current, kernel = channels.tracks(whole.trace, whole.read, whole.kernels, whole.maps)
    _, middle, first = channels.tracks(between.trace, between.read, between.kernels, between.maps)
    _, end, second = channels.tracks(last.trace, last.read, last.kernels, last.maps)
    used = np.concatenate([kernel.marks, first.marks, second.marks], axis=1)
    return (
        window,
        current,
        replace(middle, name="between"),
        replace(end, name="last"),
        replace(kernel, marks=used),
        Track("read", middle.marks, "", "source"),
        Track("written", np.concatenate([end.marks, current.marks], axis=1)),
    )


def _sums(way: Way, written: str) -> tuple[tuple[Track, ...], tuple[Equation, ...]]:
    """What each map of a layer multiplies, and the sum that it is; written: the track with the layer's maps."""
    trace, prefix = way.trace, f"{written}."
    marks = weight_marks(trace, way.kernels).reshape(trace.weight.shape)
    tracks = factor_tracks(trace, trace.layer.kernels(marks), way.read, prefix)
    each = trace.layer.out_channels // trace.layer.groups
    ends = [(f"{prefix}factors:{m // each}", f"{prefix}weights:{m}") for m in range(trace.layer.out_channels)]
    return tracks, narrate.gather_equations(trace, ends, written)


def _ratio(layer: Layer, pair: Network) -> Formula:
    """What the pair costs of the whole."""
    parts, whole = (pair.parameters, pair.macs), (layer.parameters, layer.macs)
    return separable_formula(layer.out_channels, layer.kernel_size, parts, whole)


def _sentences(trace: Trace, last: Trace, language: str) -> Sentences:
    """Where a step is, and what both ways write there."""
    said = narrate.gather_sentences(trace, language, "separable")
    pair = narrate.gather_sentences(last, language).columns["total"]
    return replace(said, columns=said.columns | {"pair": pair})


def refuse(layer: Layer) -> None:
    """Refuse a layer that is no ordinary convolution in one or two dimensions, without groups and bias."""
    refuse_other(layer, "separable")
    if layer.groups > 1 or layer.bias:
        raise LayerError("view_pair", "view", {"view": "channels"}, value="separable", nearest="channels")


VIEW = View(
    "separable",
    both_ways,
    refuse,
    boards=3,
    pixels=True,
    colours=True,
    aspect=0.55,
    narrow=Narrow(tall=2.2),
    compares=False,
)
