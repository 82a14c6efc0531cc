"""backward: where a gradient goes in a pooling.

A gradient of 1 comes to each output. Max pooling hands it to the winner of the window, average pooling to all values in
equal shares; what an input gets from several windows adds up.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.linear import Array
from convviz.network import stack_of
from convviz.scene import narrate
from convviz.scene.canvas import number, numbers
from convviz.scene.filled import Block
from convviz.scene.layout import Layout, times, zoom
from convviz.scene.links import Link
from convviz.scene.marks import Ints
from convviz.scene.parts import canvas_board, output_board, target_outline, window_outlines
from convviz.scene.scene import Scene
from convviz.scene.timeline import Events, Sentences, Track
from convviz.scene.tones import scale_of, toned
from convviz.scene.view import Narrow, View
from convviz.scene.winners import with_winners
from convviz.text import say
from convviz.trace import Trace


def handed(trace: Trace) -> Array:
    """(steps, taps): what each read of a pooling of one channel gets of a gradient of 1 that comes to its output.

    >>> import convviz as cv
    >>> handed(cv.trace(cv.MaxPool((4,), 2), [[1, 5, 2, 0]])).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    upstream = np.ones((1, len(trace)))
    reads, _ = trace.layer.pull_back(upstream, trace.windows, None)
    return np.asarray(reads[0], dtype=np.float64)


def backward(trace: Trace, language: str = "en") -> Scene:
    """Lay out a pooling of one channel: above forwards, from left to right; below backwards, from right to left."""
    layer = trace.layer
    layout = Layout(language, zoom(layer.taps.canvas_shape, layer.output_size))
    layout.cell()
    canvas = canvas_board(layout, trace)
    layout.cell("→")
    output = output_board(layout, trace, born=np.zeros(len(trace), dtype=np.int64))
    layout.row()
    layout.cell()
    events, below = _sums(layout, trace, handed(trace))
    layout.cell("←")
    above = _upstream(layout, trace)
    layout.settle()
    steps = np.arange(len(trace))[:, None]
    shown = Scene(
        layer.kind,
        "backward",
        len(trace),
        narrate.row_length(trace),
        tuple(layout.grids),
        (
            Track("window", canvas.marks(0, layer.taps.flat_positions), "window"),
            Track("from", above.marks(0, steps), "window", "source"),
            Track("of", output.marks(0, steps), "current"),
            Track("current", _given(trace, below), "current", "target"),
        ),
        (window_outlines(trace)[0], target_outline("of"), replace(target_outline("from"), name="target.from")),
        tuple(layout.labels),
        events=events,
        sentences=_sentences(trace, language),
        formulas=narrate.formulas(layer),
        links=(*_links(trace, below, above), Link(output.marks(0, steps[:, 0]), _read(trace, canvas))),
        order=("current",),
    )
    return with_winners(shown, trace, canvas)


def _upstream(layout: Layout, trace: Trace) -> Block:
    """The gradient of the output: 1 in each cell."""
    size, ones = tuple(trace.layer.output_size), np.ones((1, len(trace)))
    title = say("backward.upstream", layout.language, size=times(size))
    return layout.board("upstream", 1, size, "output", numbers(ones), title=title, about="output", values=ones)


def _sums(layout: Layout, trace: Trace, shares: Array) -> tuple[Events, Block]:
    """The gradient of the input as it grows from step to step, and its board."""
    size, sources = tuple(trace.layer.input_size), trace.layer.taps.flat_sources
    running, steps, cells, sums = np.zeros(prod(size)), [], [], []
    for t, (row, share) in enumerate(zip(sources, shares, strict=True)):
        for cell, part in zip(row.tolist(), share.tolist(), strict=True):
            if cell >= 0 and part:
                running[cell] += part
                steps.append(t)
                cells.append(cell)
                sums.append(float(running[cell]))
    texts, values = _written(np.array(sums)), np.array(sums)
    scale, nothing = scale_of(values), np.zeros((1, prod(size)))
    block = layout.board(
        "gradient",
        1,
        size,
        "output",
        numbers(nothing),
        title=say("backward.gradient", layout.language, size=times(size)),
        about="output",
        longest=max(map(len, texts), default=1),
        values=nothing,
        scale=scale,
    )
    marks = block.marks(0, np.array(cells, dtype=np.int64))
    return Events(np.array(steps, dtype=np.int64), marks, texts, toned(values, scale), values), block


def _written(values: Array) -> list[str]:
    return numbers(values)


def _given(trace: Trace, below: Block) -> Ints:
    """(steps, taps): the cells of the gradient that a step adds to; -1 where it adds nothing."""
    sources = trace.layer.taps.flat_sources
    return np.where((sources >= 0) & (handed(trace) != 0), below.marks(0, sources), -1)


def _links(trace: Trace, below: Block, above: Block) -> tuple[Link, ...]:
    """What the gradient of an input is made of: those of the outputs that give to it."""
    given = _given(trace, below)
    return tuple(Link(column, above.marks(0, np.arange(len(trace)))[:, None]) for column in given.T)


def _read(trace: Trace, canvas: Block) -> Ints:
    """(steps, taps): the cells of the canvas that each output is made of."""
    return np.where(trace.layer.takes_part(), canvas.marks(0, trace.layer.taps.flat_positions), -1)


def _sentences(trace: Trace, language: str) -> Sentences:
    """Where the gradient of each output goes."""
    layer, dims = trace.layer, len(trace.layer.input_size)
    part, shares, won = layer.takes_part(), handed(trace), layer.winners(trace.windows)
    inputs = (layer.taps.flat_sources >= 0) & part
    columns = narrate.places(trace) | {
        "count": part.sum(axis=1).tolist(),
        "others": (inputs.sum(axis=1) - 1).tolist(),
        "padding": (part.sum(axis=1) - inputs.sum(axis=1)).tolist(),
        "share": [number(float(row.max())) for row in shares],
    }
    name = f"sentence.backward.{layer.reduce}{dims}d"
    if won is None:
        lost = np.array(columns["padding"]) > 0
        return Sentences((say(name, language), say(f"{name}.lost", language)), lost.astype(np.int64), columns)
    taken = np.take_along_axis(layer.taps.flat_sources, won[0].argmax(axis=-1)[:, None], axis=1)[:, 0]
    places = np.unravel_index(taken, layer.input_size)
    columns |= {f"w{n}": (at + 1).tolist() for n, at in zip("rc"[-dims:], places, strict=True)}
    columns["value"] = numbers(trace.x.ravel()[taken])
    return Sentences((say(name, language),), np.zeros(len(trace), dtype=np.int64), columns)


def refuse(layer: Layer) -> None:
    """Refuse what is no pooling of one channel along one or two axes."""
    other = stack_of(layer) or layer.weight_shape or layer.enlarges or not layer.shared
    if other or layer.x_shape[0] > 1 or len(layer.input_size) > 2:
        raise LayerError("view_backward", "view", {"view": "flat"}, value="backward", nearest="flat")


VIEW = View("backward", backward, refuse, boards=2, aspect=0.5, narrow=Narrow(tall=1.7), compares=False)
