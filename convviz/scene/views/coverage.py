"""coverage: how many taps read each input, or reach each output; and, for a stack, which inputs one output sees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.network import Network
from convviz.scene import narrate
from convviz.scene.canvas import canvas_is_padded, canvas_roles, canvas_sources, canvas_word
from convviz.scene.dropped import room_for_dropped, with_dropped
from convviz.scene.filled import Block
from convviz.scene.heat import heat
from convviz.scene.layout import Layout, times, zoom
from convviz.scene.marks import Ints, Point
from convviz.scene.parts import canvas_board, gather_tracks, output_board, tell_unused, window_outlines
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.stack import stack_scene
from convviz.scene.stack_limits import refuse_large_stack
from convviz.scene.timeline import Sentences
from convviz.scene.view import Stacks, View
from convviz.text import say
from convviz.trace import Trace


def refuse_stack(network: Network) -> None:
    """Refuse a network that is no row of layers with taps, and one that is too large.

    A row has one count for each cell of a layer, whatever its channels.
    """
    if not network.sequence:
        raise LayerError("view_row", "view", {"view": "stack"}, value="coverage", nearest="stack")
    refuse_large_stack(network)


def coverage(trace: Trace, language: str = "en") -> Scene:
    """Lay out the counts of a layer's taps, and of channels, as a heat map: all channels have the same ones."""
    layer = trace.layer
    layout = Layout(language, zoom(layer.taps.canvas_shape, layer.output_size))
    layout.cell()
    if layer.enlarges:
        canvas = canvas_board(layout, trace)
        layout.cell("→")
        title = say(f"board.{_word(layer)}", language, size=times(layer.output_size))
        roles, texts, levels = heat(_reached_counts(layer), missed="heat")
        output = _board(layout, "output", layer.out_channels, layer.output_size, roles, texts, levels, title)
    else:
        roles, texts, levels = _read_counts(layer)
        word = say("board.coverage_input", language, size=times(layer.input_size), canvas=canvas_word(layer.taps))
        channels, room = len(trace.windows), room_for_dropped(layer)
        canvas = _board(layout, "canvas", channels, layer.taps.canvas_shape, roles, texts, levels, word, room)
        tell_unused(layout, canvas_roles(layer.taps))
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
        sentences=_read(trace, language) if heat_is_input else _reached(trace, language),
        formulas=narrate.formulas(layer),
    )
    return with_dropped(shown, trace, canvas)


def _board(
    layout: Layout,
    name: str,
    channels: int,
    size: tuple[int, ...],
    roles: Ints,
    texts: list[str],
    levels: Ints,
    title: str,
    room: Point = (0.0, 0.0),
) -> Block:
    """A board of counts, the same in each channel."""
    about = "output" if name == "output" else "input"
    return layout.board(
        name,
        channels,
        size,
        roles,
        texts * channels,
        title=title,
        about=about,
        levels=np.tile(levels, channels),
        room=room,
    )


def _read(trace: Trace, language: str) -> Sentences:
    """Where the window of each step lies and what it gives: what stands in the window are counts, no values."""
    key = f"sentence.coverage_window{len(trace.layer.input_size)}d"
    key += "" if canvas_is_padded(trace.layer.taps) else ".plain"
    said = narrate.gather_sentences(trace, language)
    return replace(said, templates=(say(key, language),), chosen=np.zeros(len(trace), dtype=np.int64))


def _reached_counts(layer: Layer) -> Ints:
    """(*output_size): the inputs that an output of one channel reads, in every channel that it reads."""
    channels = layer.x_shape[0] // layer.groups if layer.channels_read is None and layer.shared else 1
    return layer.taps.output_counts * channels


def _reached(trace: Trace, language: str) -> Sentences:
    """How many taps reach the output of each step."""
    counts = _reached_counts(trace.layer).ravel()
    name = f"sentence.{_word(trace.layer)}{len(trace.layer.output_size)}d"
    columns = narrate.places(trace) | {"count": counts.tolist()}
    keys = [name, f"{name}.none"][: 1 + bool((counts == 0).any())]
    return Sentences(tuple(say(key, language) for key in keys), (counts == 0).astype(np.int64), columns)


def _word(layer: Layer) -> str:
    """What is counted at an output: the products that it sums, or, without weights, the inputs that it reads."""
    return "coverage_output" if layer.weight_shape else "coverage_reads"


def _read_counts(layer: Layer) -> tuple[Ints, list[str], Ints]:
    """How often each input of one channel is read, by every channel that reads it, placed on the canvas."""
    taps, channels = layer.taps, layer.out_channels // layer.groups if layer.shared else 1
    base = canvas_roles(taps)
    sources = canvas_sources(taps)
    counts = np.append(taps.input_counts.ravel() * channels, 0)[sources]
    roles, texts, levels = heat(counts)
    own = (base == ROLES.index("input")) | (base == ROLES.index("unread"))
    shown = [text if here else "" for text, here in zip(texts, own, strict=True)]
    return np.where(own, roles, base), shown, np.where(own, levels, 0)


VIEW = View("coverage", coverage, aspect=0.5, stacks=Stacks(stack_scene, refuse_stack))
