"""coverage: how many taps read each input, or reach each output; and, for a stack, which inputs one output sees."""

from __future__ import annotations

from functools import reduce

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.network import Network
from convviz.scene import narrate
from convviz.scene.canvas import canvas_roles, canvas_sources, canvas_word, numbers
from convviz.scene.layout import Layout, times, zoom
from convviz.scene.limits import refuse_large, refuse_large_stack
from convviz.scene.marks import ROLES, SCALES, Anchor, Ints, Shape
from convviz.scene.parts import canvas_board, gather_tracks, one_channel, output_board, window_outlines
from convviz.scene.scene import Scene, Sentences, Track
from convviz.scene.view import View
from convviz.taps import Taps, after
from convviz.text import say
from convviz.trace import Trace


def refuse(shown: Layer | Network) -> None:
    """Refuse a layer of several channels; a stack has one count for each cell of a layer, whatever its channels."""
    if not isinstance(shown, Network) and not one_channel(shown):
        raise LayerError("view", "view", {"view": "flat"}, value="coverage", nearest="flat")


def refuse_large_coverage(shown: Layer | Network, boards: int) -> None:
    """Refuse a picture that is too large."""
    if isinstance(shown, Network):
        refuse_large_stack(shown)
    else:
        refuse_large(shown, boards)


def coverage(trace: Trace | Network, language: str = "en") -> Scene:
    """Lay out the counts of a layer's taps as a heat map, or those of a stack, layer by layer."""
    if isinstance(trace, Network):
        return _stack(trace, language)
    layer = trace.layer
    layout = Layout(language, zoom(layer.taps.canvas_shape, layer.output_size))
    layout.cell()
    if layer.kind == "tconv":
        canvas = canvas_board(layout, trace)
        layout.cell("→")
        counts = layer.taps.output_counts
        title = say("board.coverage_output", language, size=times(layer.output_size))
        roles, texts, levels = _heat(counts, missed="heat")
        output = layout.board("output", 1, layer.output_size, roles, texts, title=title, about="output", levels=levels)
    else:
        roles, texts, levels = _read_counts(layer.taps)
        word = say("board.coverage_input", language, size=times(layer.input_size), canvas=canvas_word(layer.taps))
        canvas = layout.board(
            "canvas", 1, layer.taps.canvas_shape, roles, texts, title=word, about="input", levels=levels
        )
        layout.cell("→")
        output = output_board(layout, trace)
    layout.settle()
    window, current = gather_tracks(trace, canvas, output)
    heat_is_input = layer.kind != "tconv"
    tracks = (
        Track("window", window.marks, "window", "source"),
        Track("current", current.marks, "current", "target"),
    )
    return Scene(
        layer.kind,
        "coverage",
        len(trace),
        narrate.row_length(trace),
        tuple(layout.grids),
        tracks,
        window_outlines(trace),
        tuple(layout.labels),
        sentences=narrate.gather_sentences(trace, language) if heat_is_input else _reached(trace, language),
        formulas=narrate.formulas(layer),
    )


def _reached(trace: Trace, language: str) -> Sentences:
    """How many taps reach the output of each step."""
    counts = trace.layer.taps.output_counts.ravel()
    name = f"sentence.coverage_output{len(trace.layer.output_size)}d"
    columns = narrate.places(trace) | {"count": counts.tolist()}
    return Sentences((say(name, language), say(f"{name}.none", language)), (counts == 0).astype(np.int64), columns)


def _heat(counts: Ints, missed: str = "unread") -> tuple[Ints, list[str], Ints]:
    """Roles, texts and levels of cells that show counts; missed: the role of what no tap reads or reaches."""
    flat = counts.ravel()
    roles = np.where(flat > 0, ROLES.index("heat"), ROLES.index(missed))
    levels = -(-flat * (SCALES["heat"] - 1) // max(int(flat.max()), 1))
    return roles, numbers(flat), levels.astype(np.int64)


def _read_counts(taps: Taps) -> tuple[Ints, list[str], Ints]:
    """The counts of the inputs in their places on the canvas."""
    base = canvas_roles(taps)
    sources = canvas_sources(taps)
    counts = np.append(taps.input_counts.ravel(), 0)[sources]
    roles, texts, levels = _heat(counts)
    own = (base == ROLES.index("input")) | (base == ROLES.index("unread"))
    shown = [text if here else "" for text, here in zip(texts, own, strict=True)]
    return np.where(own, roles, base), shown, np.where(own, levels, 0)


def _stack(network: Network, language: str) -> Scene:
    """One output of a stack and what it sees, a layer deeper at each step."""
    layers = network.layers
    middle = tuple(o // 2 for o in network.output_size)
    rows = [np.eye(o, dtype=np.int64)[m] for o, m in zip(network.output_size, middle, strict=True)]
    seen = [reduce(np.multiply.outer, rows)]
    for number, layer in reversed(list(enumerate(layers))):
        if layer.shared:
            rows = [after(axis.matrix, row[None])[0] for row, axis in zip(rows, layer.taps.axes, strict=True)]
        else:  # it sees all that the layer below gives
            below = layers[number - 1].output_size if number else layer.input_size
            rows = [np.ones(n, dtype=np.int64) for n in below]
        seen.insert(0, reduce(_outer, rows))
    layout = Layout(language, zoom(*(counts.shape for counts in seen)))
    blocks = []
    for depth, counts in enumerate(seen):
        layout.cell("→" if depth else "")
        roles, texts, levels = _heat(counts)
        born = np.full(counts.size, max(len(layers) - 1 - depth, 0))
        word = "input" if depth == 0 else "output" if depth == len(layers) else "hidden"
        title = say(f"board.{word}", language, size=times(counts.shape), n=depth)
        blocks.append(
            layout.board(
                "output" if depth else "canvas", 1, counts.shape, roles, texts, title=title, born=born, levels=levels
            )
        )
    layout.settle()
    steps = len(layers)
    most = max(counts.size for counts in seen)
    source = np.full((steps, most), -1)
    for t in range(steps):
        depth = steps - 1 - t
        cells = np.flatnonzero(seen[depth].ravel())
        source[t, : len(cells)] = blocks[depth].first + cells
    target = blocks[-1].first + int(np.ravel_multi_index(middle, network.output_size))
    tracks = (
        Track("window", source, "window", "source"),
        Track("current", np.full((steps, 1), target), "current", "target"),
    )
    shape = Shape("target", "target", tuple(Anchor("current", 0, n) for n in range(4)), closed=True)
    return Scene(
        "network",
        "coverage",
        steps,
        steps,
        tuple(layout.grids),
        tracks,
        (shape,),
        tuple(layout.labels),
        sentences=_stack_sentences(seen, language),
    )


def _outer(one: Ints, other: Ints) -> Ints:
    """Every product of two counts; in Python's integers once 64 bits might not hold it, with room for its level."""
    if int(one.max()) * int(other.max()) * SCALES["heat"] >= 2**63:
        one, other = one.astype(object), other.astype(object)
    return np.multiply.outer(one, other)


def _stack_sentences(seen: list[Ints], language: str) -> Sentences:
    """How much one output sees through one layer, through two, and so on."""
    steps = len(seen) - 1
    fields = [np.argwhere(counts > 0) for counts in reversed(seen[:-1])]
    spans = [np.ptp(field, axis=0) + 1 for field in fields]
    columns: dict[str, list[object]] = {
        "layers": list(range(1, steps + 1)),
        "count": [len(field) for field in fields],
        "field": [times(tuple(int(n) for n in span)) for span in spans],
        "missed": [int(np.prod(span)) - len(field) for span, field in zip(spans, fields, strict=True)],
    }
    return Sentences((say("sentence.stack", language),), np.zeros(steps, dtype=np.int64), columns)


VIEW = View("coverage", coverage, refuse, stacks=True, limit=refuse_large_coverage)
