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
    output_board,
    products,
    products_board,
    slides_turned,
    taken_track,
    terms,
    window_outlines,
)
from convviz.scene.scene import Scene, StepTexts, Track
from convviz.scene.view import View
from convviz.trace import Trace


def flat(trace: Trace, language: str = "en", pixels: bool = False, multiplied: bool = True) -> Scene:
    """Lay out a trace of any layer in one, two or three dimensions.

    pixels: inputs are shown as the pixels they are; multiplied: what is multiplied has a board, too.
    """
    layer = trace.layer
    layout = Layout(language, zoom(layer.taps.canvas_shape, layer.output_size))
    layout.cell()
    canvas = canvas_board(layout, trace, pixels)
    tracks: tuple[Track, ...] = ()
    step_texts: tuple[StepTexts, ...] = ()
    if layer.weight_shape:
        layout.cell("∗")
        turned = slides_turned(trace)
        kernel = kernel_board(layout, trace, turned)
        tracks = kernel_tracks(trace, kernel, canvas)
        if multiplied and trace.weight.size == prod(layer.kernel_size):
            told = products_board(layout, layer.kernel_size, *products(trace), turned)
            tracks += (Track("products", np.tile(told.marks, (len(trace), 1)), "", "source"),)
            step_texts = (told,)
    else:
        tracks = (taken_track(trace, canvas),)
    layout.cell("=")
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
        step_texts,
        sentences=narrate.gather_sentences(trace, language),
        equation=narrate.gather_equation(trace, *terms(trace)),
        formulas=narrate.formulas(layer),
    )


VIEW = View("flat", flat, pixels=True)
