"""flat: boards side by side, with their numbers: the canvas, the kernel, what is multiplied, the output filling up."""

from __future__ import annotations

from math import prod

import numpy as np

from convviz.scene import narrate
from convviz.scene.arithmetic import (
    divided_board,
    opened_board,
    products,
    products_board,
    shares_board,
    terms,
    total_board,
)
from convviz.scene.dropped import room_for_dropped, with_dropped
from convviz.scene.filled import Block
from convviz.scene.layout import Layout, zoom
from convviz.scene.notes import opened_notes, weight_notes
from convviz.scene.parts import (
    canvas_board,
    gather_tracks,
    kernel_board,
    kernel_tracks,
    output_board,
    slides_turned,
    taken_tracks,
    window_outlines,
)
from convviz.scene.scene import Scene
from convviz.scene.timeline import Notes, StepTexts, Track
from convviz.scene.view import View
from convviz.scene.winners import with_winners
from convviz.trace import Trace

OPENED = 10
"""The most cells on a side of the canvas whose numbers are read where they stand; beside a larger one the window is
opened."""

LARGER = 1.4
"""How much larger a step's arithmetic is drawn beside such a one, so that the weights in the window can be read."""


def flat(
    trace: Trace, language: str = "en", pixels: bool = False, multiplied: bool = True, larger: float = LARGER
) -> Scene:
    """Lay out a trace of any layer in one, two or three dimensions.

    pixels: inputs are shown as the pixels they are; multiplied: what is multiplied has a board, too; larger: how large,
    in cells, those of a step's arithmetic are beside a large input.
    """
    layer, large = trace.layer, max(trace.layer.taps.canvas_shape) > OPENED
    layout = Layout(language, zoom(layer.taps.canvas_shape, layer.output_size) * (larger if large else 1))
    layout.cell()
    canvas, notes = canvas_board(layout, trace, pixels, room_for_dropped(layer)), weight_notes(trace)
    if layer.weight_shape:
        layout.cell("→")
        turned = slides_turned(trace)
        tracks = kernel_tracks(trace, kernel_board(layout, trace, turned), canvas)
        parts, told, opened = _arithmetic(layout, trace, turned, large, multiplied)
        tracks, notes = tracks + parts, opened or notes
    else:
        tracks, told = _unweighted(layout, trace, canvas)
    layout.cell("→")
    output = output_board(layout, trace, pixels=pixels)
    layout.settle()
    shown = Scene(
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
        order=(*_parts(tracks), "current"),
        sentences=narrate.gather_sentences(trace, language),
        equations=narrate.gather_equations(trace, terms(trace)),
        formulas=narrate.formulas(layer),
    )
    return with_winners(with_dropped(shown, trace, canvas), trace, canvas)


def _unweighted(layout: Layout, trace: Trace, canvas: Block) -> tuple[tuple[Track, ...], tuple[StepTexts, ...]]:
    """The cells of a step without a kernel, and the shares of each where the layer has some."""
    taken, shares = taken_tracks(trace, canvas), trace.layer.shares
    if shares is None:
        return taken, ()
    layout.cell("→")
    weights = shares_board(layout, trace)
    return (*taken, Track("shares", np.where(shares > 0, weights.marks, -1))), (weights,)


def _parts(tracks: tuple[Track, ...]) -> list[str]:
    """What is written before the output, one after the other."""
    return [track.name for track in tracks if track.name in ("products", "total", "divided")]


def _arithmetic(
    layout: Layout, trace: Trace, turned: bool, large: bool, multiplied: bool
) -> tuple[tuple[Track, ...], tuple[StepTexts, ...], tuple[Notes, ...]]:
    """What happens in a step, from left to right: the window, opened beside a large input; the products; their sum.

    multiplied: the products are shown, if the layer has one kernel. A sum that is divided is shown in any case.
    """
    notes: tuple[Notes, ...] = ()
    told: dict[str, StepTexts] = {}
    whole = multiplied and trace.weight.size == prod(trace.layer.kernel_size)
    if not whole and trace.divisor == 1:
        return (), (), ()
    if whole and large:
        told["opened"] = opened_board(layout, trace, turned)
        notes = opened_notes(trace)
    layout.cell("→")
    if whole:
        told["products"] = products_board(layout, trace.layer.kernel_size, *products(trace), turned)
    told["total"] = total_board(layout, trace)
    if trace.divisor != 1:
        told["divided"] = divided_board(layout, trace)
    return _sources(trace, told), tuple(told.values()), notes


def _sources(trace: Trace, told: dict[str, StepTexts]) -> tuple[Track, ...]:
    return tuple(Track(name, np.tile(one.marks, (len(trace), 1)), "", "source") for name, one in told.items())


VIEW = View("flat", flat, pixels=True, afar={"larger": 2.4})
