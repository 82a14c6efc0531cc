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
from convviz.network import Network, separated
from convviz.run import trace as run_of
from convviz.scene import channels, narrate
from convviz.scene.filled import Block
from convviz.scene.layout import GAP, TITLE, TITLE_ROOM, Layout, planes
from convviz.scene.marks import Label
from convviz.scene.notes import weight_notes
from convviz.scene.parts import target_outline
from convviz.scene.room import ROW, Grouped, Sizes
from convviz.scene.scene import Scene
from convviz.scene.slabs import Form, Kernels, Shelf
from convviz.scene.timeline import Sentences, Track
from convviz.scene.view import View
from convviz.scene.views.channels import refuse_other
from convviz.scene.volumes import Pixels, kernel_rows, lay_canvas, lay_maps
from convviz.text import say
from convviz.trace import Trace

SMALL = Form(unit=0.8)
"""How large cells are drawn: there are many boards."""

LETTERS = 1.3
"""How much larger than usual letters are: cells are small."""

APART = 2 * TITLE_ROOM * LETTERS + 0.3
"""Cells between the two ways, where the lower one has its heading."""

KERNELS = Form(unit=0.7)
"""How large those of the kernels are, which have one digit each."""

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
    traces = (trace, *(run[node.name] for node in pair.nodes))
    rows = [_row(part.layer) for part in traces]
    heights = (_high(traces[:1], rows[:1]), _high(traces[1:], rows[1:]))
    layout = Layout(language, LETTERS)
    top, lower = APART / 2, 1.5 * APART + heights[0]
    columns = _columns(len(trace.windows))
    shelf = Shelf(layout, sum(heights) + APART, top=top)
    canvas = lay_canvas(shelf, trace, SMALL, 1 if columns < 3 else 2, pixels)
    upper, below = (
        Shelf(layout, high, shelf.right, at, below=False) for high, at in zip(heights, (top, lower), strict=True)
    )
    whole = _way(upper, trace, canvas, rows[0], "output")
    between = _way(below, traces[1], canvas, rows[1], "between")
    last = _way(below, traces[2], between.maps, rows[2], "pair")
    _heading(upper, "whole", shelf.right, trace.layer)
    _heading(below, "pair", shelf.right, pair)
    return _scene(layout, (whole, between, last), pair, language)


def _row(layer: Layer) -> float:
    """How high a kernel's row is."""
    return planes(layer.span)[1] * KERNELS.unit + ROW


def _columns(count: int) -> int:
    """In how many columns so many maps stand: as nearly a square as can be."""
    return ceil(sqrt(count))


def _high(traces: tuple[Trace, ...], rows: list[float]) -> float:
    """How high a way is: its kernels, or its maps."""
    maps = [SMALL.size(t.layer.out_channels, t.layer.output_size, _columns(t.layer.out_channels))[1] for t in traces]
    return max(*maps, *(t.layer.out_channels * row + 2 * ROW for t, row in zip(traces, rows, strict=True)))


def _way(shelf: Shelf, trace: Trace, read: Block, row: float, name: str) -> Way:
    """The kernels and the maps of one layer, right of what it reads; the weights of the whole can be typed."""
    kernels = kernel_rows(shelf, trace, KERNELS, row, name == "output", diagonal=Grouped.of(trace.layer).each > 1)
    sizes = Sizes(row, 1.0, SMALL, KERNELS, SMALL, 1, _columns(trace.layer.out_channels), shelf.height, 0.0)
    return Way(trace, read, kernels, lay_maps(shelf, trace, sizes, name))


def _heading(shelf: Shelf, word: str, left: float | None, shown: Layer | Network) -> None:
    """What a way costs, above all its boards."""
    text = say(f"separable.{word}", shelf.layout.language, weights=shown.parameters, macs=shown.macs)
    at = ((left or 0.0) + GAP, shelf.top - 1.5 * TITLE_ROOM * LETTERS)
    shelf.layout.labels.append(Label(f"title:{word}", "title", at, text, "start", TITLE * LETTERS, "output"))


def _scene(layout: Layout, ways: tuple[Way, Way, Way], pair: Network, language: str) -> Scene:
    whole, between, last = ways
    trace, outlined = whole.trace, []
    for prefix, hue, way in zip(("", "depthwise.", "pointwise."), (0, OTHER_HUE, 0), ways, strict=True):
        for track, shape in channels.outlines(way.trace, way.kernels, way.maps, hue):
            anchors = tuple(replace(anchor, track=prefix + anchor.track) for anchor in shape.anchors)
            named = replace(shape, name=prefix + shape.name, anchors=anchors)
            outlined.append((replace(track, name=prefix + track.name), named))
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
        (*_tracks(whole, between, last), *(track for track, _ in outlined)),
        (*channels.frames(trace, SMALL), *(shape for _, shape in outlined), target_outline(), target_outline("last")),
        tuple(layout.labels),
        sentences=_sentences(trace, last.trace, language),
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


def _ratio(layer: Layer, pair: Network) -> Formula:
    """What the pair costs of the whole."""
    parts, whole = (pair.parameters, pair.macs), (layer.parameters, layer.macs)
    return separable_formula(layer.out_channels, layer.kernel_size, parts, whole)


def _sentences(trace: Trace, last: Trace, language: str) -> Sentences:
    """Where a step is, and what both ways write there."""
    columns = narrate.places(trace) | {
        "pair": narrate.gather_sentences(last, language).columns["total"],
        "total": narrate.gather_sentences(trace, language).columns["total"],
    }
    key = f"sentence.separable{len(trace.layer.input_size)}d"
    return Sentences((say(key, language),), np.zeros(len(trace), dtype=np.int64), columns)


def refuse(layer: Layer) -> None:
    """Refuse a layer that is no ordinary convolution in one or two dimensions, without groups and bias."""
    refuse_other(layer, "separable")
    if layer.groups > 1 or layer.bias:
        raise LayerError("view_pair", "view", {"view": "channels"}, value="separable", nearest="channels")


VIEW = View("separable", both_ways, refuse, boards=3, pixels=True, colours=True, aspect=0.55)
