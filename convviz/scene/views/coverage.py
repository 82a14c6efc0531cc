"""coverage: how many taps read each input, or reach each output; and, for a stack, which inputs one output sees."""

from __future__ import annotations

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.network import Network
from convviz.scene import narrate
from convviz.scene.canvas import canvas_roles, canvas_sources, canvas_word
from convviz.scene.dropped import room_for_dropped, with_dropped
from convviz.scene.heat import heat
from convviz.scene.layout import Layout, times, zoom
from convviz.scene.marks import ROLES, Ints
from convviz.scene.parts import canvas_board, gather_tracks, one_channel, output_board, window_outlines
from convviz.scene.scene import Scene
from convviz.scene.stack import stack_scene
from convviz.scene.stack_limits import refuse_large_stack
from convviz.scene.timeline import Sentences
from convviz.scene.view import Stacks, View
from convviz.taps import Taps
from convviz.text import say
from convviz.trace import Trace


def refuse(layer: Layer) -> None:
    """Refuse a layer of several channels."""
    if not one_channel(layer):
        raise LayerError("view_channels", "view", {"view": "flat"}, value="coverage", nearest="flat")


def refuse_stack(network: Network) -> None:
    """Refuse a network that is no row of layers with taps, and one that is too large.

    A row has one count for each cell of a layer, whatever its channels.
    """
    if not network.sequence:
        raise LayerError("view_row", "view", {"view": "stack"}, value="coverage", nearest="stack")
    refuse_large_stack(network)


def coverage(trace: Trace, language: str = "en") -> Scene:
    """Lay out the counts of a layer's taps as a heat map."""
    layer = trace.layer
    layout = Layout(language, zoom(layer.taps.canvas_shape, layer.output_size))
    layout.cell()
    if layer.enlarges:
        canvas = canvas_board(layout, trace)
        layout.cell("→")
        counts = layer.taps.output_counts
        title = say(f"board.{_word(layer)}", language, size=times(layer.output_size))
        roles, texts, levels = heat(counts, missed="heat")
        output = layout.board("output", 1, layer.output_size, roles, texts, title=title, about="output", levels=levels)
    else:
        roles, texts, levels = _read_counts(layer.taps)
        word = say("board.coverage_input", language, size=times(layer.input_size), canvas=canvas_word(layer.taps))
        room = room_for_dropped(layer)
        canvas = layout.board(
            "canvas", 1, layer.taps.canvas_shape, roles, texts, title=word, about="input", levels=levels, room=room
        )
        layout.cell("→")
        output = output_board(layout, trace)
    layout.settle()
    heat_is_input = not layer.enlarges
    shown = Scene(
        layer.kind,
        "coverage",
        len(trace),
        narrate.row_length(trace),
        tuple(layout.grids),
        gather_tracks(trace, canvas, output),
        window_outlines(trace),
        tuple(layout.labels),
        sentences=narrate.gather_sentences(trace, language) if heat_is_input else _reached(trace, language),
        formulas=narrate.formulas(layer),
    )
    return with_dropped(shown, trace, canvas)


def _reached(trace: Trace, language: str) -> Sentences:
    """How many taps reach the output of each step."""
    counts = trace.layer.taps.output_counts.ravel()
    name = f"sentence.{_word(trace.layer)}{len(trace.layer.output_size)}d"
    columns = narrate.places(trace) | {"count": counts.tolist()}
    keys = [name, f"{name}.none"][: 1 + bool((counts == 0).any())]
    return Sentences(tuple(say(key, language) for key in keys), (counts == 0).astype(np.int64), columns)


def _word(layer: Layer) -> str:
    """What is counted at an output: the products that it sums, or, without weights, the inputs that it reads."""
    return "coverage_output" if layer.weight_shape else "coverage_reads"


def _read_counts(taps: Taps) -> tuple[Ints, list[str], Ints]:
    """The counts of the inputs, placed on the canvas."""
    base = canvas_roles(taps)
    sources = canvas_sources(taps)
    counts = np.append(taps.input_counts.ravel(), 0)[sources]
    roles, texts, levels = heat(counts)
    own = (base == ROLES.index("input")) | (base == ROLES.index("unread"))
    shown = [text if here else "" for text, here in zip(texts, own, strict=True)]
    return np.where(own, roles, base), shown, np.where(own, levels, 0)


VIEW = View("coverage", coverage, refuse, aspect=0.5, stacks=Stacks(stack_scene, refuse_stack))
