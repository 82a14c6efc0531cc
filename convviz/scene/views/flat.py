"""flat: boards side by side, with their numbers: the canvas, the kernel, what is multiplied, the output filling up."""

from __future__ import annotations

from math import prod

import numpy as np

from convviz.scene import narrate
from convviz.scene.layout import Layout, zoom
from convviz.scene.parts import (
    canvas_board,
    gather_tracks,
    kernel_board,
    kernel_tracks,
    opened_board,
    output_board,
    product_texts,
    products_board,
    slides_turned,
    taken_track,
    terms,
    total_board,
    weight_notes,
    window_outlines,
)
from convviz.scene.scene import Notes, Scene, StepTexts, Track
from convviz.scene.view import View
from convviz.trace import Trace

OPENED = 10
"""The most cells on a side of the canvas whose numbers are read where they stand; beside a larger one the window is
opened."""


def flat(trace: Trace, language: str = "en", tones: bool = False, products: bool = True) -> Scene:
    """Lay out a trace of any layer in one, two or three dimensions.

    tones: inputs are shown as the pixels they are; products: what is multiplied has a board, too.
    """
    layer = trace.layer
    layout = Layout(language, zoom(layer.taps.canvas_shape, layer.output_size))
    layout.cell()
    canvas = canvas_board(layout, trace, tones)
    large = max(layer.taps.canvas_shape) > OPENED
    notes = () if large else weight_notes(trace)
    tracks: tuple[Track, ...] = ()
    told: tuple[StepTexts, ...] = ()
    if layer.weight_shape:
        layout.cell("→")
        turned = slides_turned(trace)
        kernel = kernel_board(layout, trace, turned)
        tracks = kernel_tracks(trace, kernel, canvas)
        if products and trace.weight.size == prod(layer.kernel_size):
            parts, told, opened = _arithmetic(layout, trace, turned, large)
            tracks, notes = tracks + parts, notes + opened
    else:
        tracks = (taken_track(trace, canvas),)
    layout.cell("→")
    output = output_board(layout, trace)
    layout.settle()
    return Scene(
        layer.kind,
        "flat",
        len(trace),
        narrate.row_length(trace),
        tuple(layout.grids),
        gather_tracks(trace, canvas, output) + tracks,
        window_outlines(trace),
        tuple(layout.labels),
        told,
        notes=notes,
        sentences=narrate.gather_sentences(trace, language),
        equation=narrate.gather_equation(trace, *terms(trace)),
        formulas=narrate.formulas(layer),
    )


def _arithmetic(
    layout: Layout, trace: Trace, turned: bool, large: bool
) -> tuple[tuple[Track, ...], tuple[StepTexts, ...], tuple[Notes, ...]]:
    """What happens in a step, from left to right: the window, opened beside a large input; the products; their sum."""
    steps, told, tracks = len(trace), [], []
    notes: tuple[Notes, ...] = ()
    if large:
        cells, values = opened_board(layout, trace, turned)
        tracks.append(Track("opened", np.tile(cells, (steps, 1)), "", "source"))
        told.append(values)
        notes = weight_notes(trace, "opened", 1)
    layout.cell("→")
    texts = product_texts(trace)
    cells = products_board(layout, trace.layer.kernel_size, texts, turned)
    tracks.append(Track("products", np.tile(cells, (steps, 1)), "", "source"))
    total, sums = total_board(layout, trace)
    tracks.append(Track("total", np.tile(total, (steps, 1)), "", "source"))
    return tuple(tracks), (*told, StepTexts(cells, texts), sums), notes


VIEW = View("flat", flat, tones=True)
