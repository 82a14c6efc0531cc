"""stamp: the scatter order. Each input multiplies the whole kernel, and the stamp is added where it falls."""

from __future__ import annotations

from math import prod

import numpy as np

from convviz.layers import Layer
from convviz.layers.linear import Array
from convviz.scene import narrate
from convviz.scene.arithmetic import products_board
from convviz.scene.canvas import numbers
from convviz.scene.filled import Block
from convviz.scene.layout import Layout, planes, zoom
from convviz.scene.marks import Anchor, Ints, Shape
from convviz.scene.notes import input_notes, landing_notes
from convviz.scene.parts import input_board, kernel_board, sum_board, target_outline
from convviz.scene.scene import Scene
from convviz.scene.stamps import Stamps, refuse_unstamped, stamps
from convviz.scene.timeline import Equation, Events, Sentences, StepTexts, Track
from convviz.scene.view import View
from convviz.text import say
from convviz.trace import Scatter, Trace


def stamp(trace: Trace | Scatter, language: str = "en") -> Scene:
    """Lay out a trace with one channel by its inputs: one step an input cell."""
    trace = trace.gather if isinstance(trace, Scatter) else trace
    layer = trace.layer
    table = stamps(trace)
    layout, tracks, told, events = _boards(trace, table, language)
    return Scene(
        layer.kind,
        "stamp",
        len(table.sums),
        planes(layer.input_size)[2],
        tuple(layout.grids),
        tracks,
        (Shape("frame", "frame", tuple(Anchor("input", 0, n) for n in range(4)), closed=True),),
        tuple(layout.labels),
        (told,),
        events,
        sentences(trace, table, language),
        (Equation("value", "kernel", "", "", ", "),),
        narrate.formulas(layer),
        notes=landing_notes(trace, table, "current"),
    )


def _boards(trace: Trace, table: Stamps, language: str) -> tuple[Layout, tuple[Track, ...], StepTexts, Events]:
    """The input, the kernel, their products and the sums, and what takes part in each step."""
    layer, steps = trace.layer, np.arange(len(table.sums))
    layout = Layout(language, zoom(layer.input_size, table.shape))
    layout.cell()
    inputs = input_board(layout, trace)
    layout.cell("×")
    kernel = kernel_board(layout, trace)
    layout.cell("=")
    told = products_board(layout, layer.kernel_size, *product_rows(table, prod(layer.kernel_size)))
    products = told.marks
    layout.cell("→")
    sums, events = sum_board(layout, trace, table, steps)
    layout.settle()
    value = inputs.marks(0, steps[:, None])
    tracks = (
        Track("input", value, "window", "source"),
        Track("kernel", np.where(table.kernel >= 0, kernel.marks(0, np.maximum(table.kernel, 0)), -1)),
        Track("value", np.where(table.kernel >= 0, value, -1)),
        Track("products", np.where(table.kernel >= 0, products[table.kernel], -1)),
        Track("current", np.where(table.sums >= 0, sums.first + table.sums, -1), "current", "target"),
        *_extra(layer, table, sums),
    )
    return layout, tracks, told, events


def _extra(layer: Layer, table: Stamps, sums: Block) -> tuple[Track, ...]:
    """The outputs at the end of each axis that are there because of output_padding."""
    places = np.unravel_index(np.maximum(table.outputs, 0), layer.output_size)
    ends = zip(places, layer.output_size, layer.extra, strict=True)
    last = np.logical_or.reduce([place >= size - extra for place, size, extra in ends]) & (table.outputs >= 0)
    cells = sums.first + np.flatnonzero(last)
    return (Track("extra", np.tile(cells, (len(table.sums), 1))),) if cells.size else ()


def stamped(trace: Trace, language: str = "en") -> Scene:
    """Lay out the stamps by the outputs: at its step, every input that reaches an output has been stamped."""
    layer, table = trace.layer, stamps(trace)
    layout = Layout(language, zoom(layer.input_size, table.shape))
    layout.cell()
    inputs = input_board(layout, trace)
    layout.cell("×")
    kernel = kernel_board(layout, trace)
    layout.cell("→")
    sums, events = sum_board(layout, trace, table, stamped_by(trace))
    layout.settle()
    sources = layer.taps.flat_sources
    cells = np.arange(sources.shape[1])
    tracks = (
        Track("input", np.where(sources >= 0, inputs.marks(0, sources), -1), "window", "source"),
        Track("stamped", np.where(sources >= 0, kernel.marks(0, np.maximum(cells, 0)), -1), "window", "source"),
        Track("sum", sums.first + table.of_output(np.arange(len(trace)))[:, None], "current", "target"),
    )
    taken, notes = input_notes(trace, inputs.marks(0, np.arange(trace.x.size))[None])
    return Scene(
        layer.kind,
        "stamp",
        len(trace),
        narrate.row_length(trace),
        tuple(layout.grids),
        tracks + taken,
        (target_outline("sum"),),
        tuple(layout.labels),
        (),
        events,
        notes=notes,
    )


def stamped_by(trace: Trace) -> Ints:
    """(inputs,): the step at which each input is stamped: that of the first output it reaches, or the last step."""
    sources = trace.layer.taps.flat_sources
    when = np.full(trace.x.size, len(trace) - 1)
    steps, kernel = np.nonzero(sources >= 0)
    np.minimum.at(when, sources[steps, kernel], steps)
    return when


def product_rows(table: Stamps, cells: int) -> tuple[Array, list[str]]:
    """(inputs, kernel cells): the products of each input with every kernel cell; texts that are empty where it reaches
    nothing."""
    values = np.zeros((len(table.kernel), cells + 1), dtype=table.products.dtype)
    values[np.arange(len(values))[:, None], table.kernel] = table.products  # what is none goes into the last column
    written = np.zeros(values.shape, dtype=bool)
    written[np.arange(len(values))[:, None], table.kernel] = True
    texts = numbers(values[:, :cells])
    reached = written[:, :cells].ravel().tolist()
    return values[:, :cells], [text if hit else "" for text, hit in zip(texts, reached, strict=True)]


def sentences(trace: Trace, table: Stamps, language: str) -> Sentences:
    """Which input is stamped, with what value, where in the output its stamp lies, and how much of it is cropped."""
    layer = trace.layer
    outputs = np.where(table.sums >= 0, table.outputs[table.sums], -1)
    inside = outputs >= 0
    count = (table.sums >= 0).sum(axis=1)
    cropped = count - inside.sum(axis=1)
    columns: dict[str, list[object]] = {
        "value": list(numbers(trace.x)),
        "count": count.tolist(),
        "cropped": cropped.tolist(),
    }
    cells = np.unravel_index(np.arange(len(outputs)), layer.input_size)
    first_hit = np.where(inside, outputs, outputs.max(axis=1, keepdims=True))
    reach = np.unravel_index(np.maximum(first_hit, 0), layer.output_size)
    for cell, spread, (place, first, last) in zip(cells, reach, narrate.AXES[-len(cells) :], strict=True):
        columns[place] = (cell + 1).tolist()
        columns[first] = (spread.min(axis=1) + 1).tolist()
        columns[last] = (spread.max(axis=1) + 1).tolist()
    name = f"sentence.stamp{len(cells)}d"
    templates = tuple(say(key, language) for key in (name, f"{name}.cropped", f"{name}.lost", f"{name}.unread"))
    chosen = np.select([count == 0, cropped == 0, inside.any(axis=1)], [3, 0, 1], 2)
    return Sentences(templates, chosen, columns)


VIEW = View("stamp", stamp, refuse_unstamped, boards=2)
