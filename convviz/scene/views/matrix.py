"""matrix: the layer as one sparse matrix C, for a transposed layer its transpose, times the input as a vector.

The input lies above the matrix, each value over the column that it is multiplied with; the output lies beside it.
"""

from __future__ import annotations

from math import prod

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.linear import Array, grouped
from convviz.scene import narrate
from convviz.scene.canvas import input_roles, numbers
from convviz.scene.layout import TITLE, TITLE_ROOM, Layout, times
from convviz.scene.limits import CELLS, largest
from convviz.scene.marks import ROLES, Anchor, Editable, Ints, Label, Point, Shape
from convviz.scene.scene import Scene, Track
from convviz.text import say
from convviz.trace import Trace

LEGIBLE = 40
"""Columns up to which the entries of the matrix are written out; beyond it they are smaller than letters."""


def matrix(trace: Trace, language: str = "en") -> Scene:
    """Lay out a trace with one channel as y = C x, one row of C a step."""
    layer = trace.layer
    if layer.weight_shape is None or (layer.shared and trace.weight.size != prod(layer.kernel_size)):
        raise LayerError("view", "view", {"view": "flat"}, value="matrix", nearest="flat")
    steps, inputs = len(trace), trace.x.size
    _refuse_large(layer, steps * inputs)
    sources = layer.taps.flat_sources
    rows, taps = np.nonzero(sources >= 0)
    columns = sources[rows, taps]
    table = weight_matrix(trace)
    filled = np.zeros((steps, inputs), dtype=bool)
    filled[rows, columns] = True
    roles = np.where(filled, ROLES.index("kernel"), ROLES.index("zero")).ravel()
    entries = [text if hit else "" for text, hit in zip(numbers(table), filled.ravel(), strict=True)]
    layout = Layout(language)
    word = "matrix_transposed" if layer.kind == "tconv" else "matrix"
    x = _vector(
        layout,
        (0.0, 0.0),
        (1, inputs),
        input_roles(layer.taps),
        numbers(trace.x),
        Editable("x", 0, ONE, (0, 1, inputs)),
    )
    below = 1.0 + TITLE_ROOM + 0.25
    written = entries if inputs <= LEGIBLE else [""] * len(entries)
    c = _vector(layout, (0.0, below), (steps, inputs), roles, written)
    beside = (inputs + 1.0, below)
    results = np.full(steps, ROLES.index("output"))
    y = _vector(layout, beside, (steps, 1), results, numbers(trace.output), born=np.arange(steps))
    for at, name, size, about in (
        ((0.0, -TITLE_ROOM / 2), "input", inputs, "input"),
        ((0.0, below - TITLE_ROOM / 2), word, times((steps, inputs)), "kernel"),
        ((inputs + 0.6, below - TITLE_ROOM / 2), "output", steps, "output"),
    ):
        title = say(f"board.{name}", language, size=size)
        layout.labels.append(Label(f"title:{name}", "title", at, title, "start", TITLE, about))
    layout.labels.append(Label("sign:equals", "sign", (inputs + 0.5, below + steps / 2), "=", "middle", 0.6))
    places = _entries(filled)
    row = np.arange(steps)[:, None]
    tracks = (
        Track("row", np.where(places >= 0, c + row * inputs + places, -1), "window", "source"),
        Track("inputs", np.where(places >= 0, x + places, -1), "window", "source"),
        Track("ends", c + row * inputs + np.array([0, inputs - 1])),
        Track("current", y + row, "current", "target"),
    )
    ends = ((0, 0), (1, 1), (1, 2), (0, 3))
    frame = Shape("frame", "frame", tuple(Anchor("ends", end, corner) for end, corner in ends), closed=True)
    target = Shape("target", "target", tuple(Anchor("current", 0, n) for n in range(4)), closed=True)
    return Scene(
        layer.kind,
        "matrix",
        steps,
        narrate.row_length(trace),
        tuple(layout.grids),
        tracks,
        (frame, target),
        tuple(layout.labels),
        sentences=narrate.gather_sentences(trace, language, word),
        equation=narrate.gather_equation(trace, "inputs", "row") if inputs <= LEGIBLE else None,
        formulas=narrate.formulas(layer),
    )


ONE = (0, 1, 1)


def _vector(
    layout: Layout,
    corner: Point,
    shape: tuple[int, int],
    roles: Ints,
    texts: list[str],
    editable: Editable | None = None,
    born: Ints | None = None,
) -> int:
    """A lattice in its place; returns the number of its first cell."""
    return layout.grid("matrix", corner, shape, roles, texts, born=born, editable=editable).first


def weight_matrix(trace: Trace) -> Array:
    """(outputs, inputs): C, so that output = C x; for a transposed layer, the transpose of the forward layer's C."""
    layer = trace.layer
    if not layer.shared:
        return trace.weight
    weights = grouped(trace.weight, 1, len(layer.kernel_size), layer.kind == "tconv").ravel()
    sources = layer.taps.flat_sources
    rows, taps = np.nonzero(sources >= 0)
    table = np.zeros((len(trace), trace.x.size), dtype=weights.dtype)
    np.add.at(table, (rows, sources[rows, taps]), weights[taps])
    return table


def _entries(filled: Array) -> Ints:
    """(rows, n): the columns of the filled entries of each row, -1 for none."""
    rows, columns = np.nonzero(filled)
    counts = filled.sum(axis=1)
    table = np.full((len(filled), max(int(counts.max()), 1)), -1)
    table[rows, np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)] = columns
    return table


def _refuse_large(layer: Layer, cells: int) -> None:
    if cells <= CELLS:
        return
    nearest = largest(layer, lambda smaller: prod(smaller.input_size) * smaller.taps.steps <= CELLS)
    raise LayerError(
        "matrix_cells",
        "input_size",
        {"input_size": nearest},
        value=layer.input_size,
        count=cells,
        most=CELLS,
        nearest=nearest,
    )
