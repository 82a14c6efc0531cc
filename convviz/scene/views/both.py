"""both: transposed convolution read twice on one step, above as a window that slides, below as stamps that add up.

A step finishes one output cell. Above, the window gathers it; below, every input that reaches it has been stamped by
then, in raster order, so that the two cells just finished agree at every step.
"""

from __future__ import annotations

import numpy as np

from convviz.scene import narrate
from convviz.scene.layout import Layout, zoom
from convviz.scene.marks import Anchor, Ints, Shape
from convviz.scene.parts import (
    canvas_board,
    gather_tracks,
    input_board,
    kernel_board,
    kernel_tracks,
    output_board,
    slides_turned,
    sum_board,
    window_outlines,
)
from convviz.scene.scene import Scene, Track
from convviz.scene.stamps import refuse_unstamped, stamps
from convviz.scene.view import View
from convviz.trace import Trace


def both(trace: Trace, language: str = "en", tones: bool = False) -> Scene:
    """Lay out a trace with one channel in both orders; `tones` shows inputs as the pixels they are."""
    layer = trace.layer
    table = stamps(trace)
    layout = Layout(language, zoom(layer.taps.canvas_shape, layer.output_size))
    layout.cell()
    canvas = canvas_board(layout, trace, tones)
    layout.cell("∗")
    kernel = kernel_board(layout, trace, slides_turned(trace))
    layout.cell("=")
    output = output_board(layout, trace)
    layout.row()
    layout.cell()
    inputs = input_board(layout, trace)
    layout.cell("×")
    stamped = kernel_board(layout, trace)
    layout.cell("→")
    sums, events = sum_board(layout, trace, table, stamped_by(trace))
    layout.settle()
    sources = layer.taps.flat_sources
    cells = np.arange(sources.shape[1])
    tracks = (
        *gather_tracks(trace, canvas, output),
        *kernel_tracks(trace, kernel, canvas),
        Track("input", np.where(sources >= 0, inputs.marks(0, sources), -1), "window", "source"),
        Track("stamped", np.where(sources >= 0, stamped.first + cells, -1), "window", "source"),
        Track("sum", sums.first + table.of_output(np.arange(len(trace)))[:, None], "current", "target"),
    )
    target = Shape("target:sum", "target", tuple(Anchor("sum", 0, n) for n in range(4)), closed=True)
    return Scene(
        layer.kind,
        "both",
        len(trace),
        narrate.row_length(trace),
        tuple(layout.grids),
        tracks,
        (*window_outlines(trace), target),
        tuple(layout.labels),
        (),
        events,
        narrate.gather_sentences(trace, language, "both"),
        narrate.gather_equation(trace),
        narrate.formulas(layer),
    )


def stamped_by(trace: Trace) -> Ints:
    """(inputs,): the step at which each input is stamped: that of the first output it reaches, or the last step."""
    sources = trace.layer.taps.flat_sources
    when = np.full(trace.x.size, len(trace) - 1)
    steps, kernel = np.nonzero(sources >= 0)
    np.minimum.at(when, sources[steps, kernel], steps)
    return when


VIEW = View("both", both, refuse_unstamped, boards=3, tones=True)
