"""matrix: the layer as a sparse matrix C, times the input as a vector.

The input lies above the matrix, each value over the column that it is multiplied with; the output lies beside it. A
transposed layer has the transpose of its forward layer's C; that one stands beside it, and the column that is lit there
is the row that is lit here.
"""

from __future__ import annotations

from math import prod

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.linear import Array, roomy
from convviz.scene import narrate
from convviz.scene.canvas import input_roles, numbers, outputs
from convviz.scene.layout import TITLE, TITLE_ROOM, Layout, text_width, times, zoom
from convviz.scene.limits import CELLS, refuse_large_matrix
from convviz.scene.marks import Anchor, Editable, Ints, Label, Point, Shape
from convviz.scene.parts import target_outline
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.timeline import Track
from convviz.scene.view import Narrow, View
from convviz.text import say
from convviz.trace import Trace

MOST_WRITTEN = 40
"""Columns up to which the entries of the matrix are written out; beyond it they are smaller than letters."""

SIGN = 0.6
"""The height of a sign's letters, in cells."""

BETWEEN = 1.8
"""Cells between the forward layer's matrix and its transpose."""


def refuse(layer: Layer) -> None:
    """Refuse a layer without weights, and one of several channels."""
    if layer.weight_shape is None or (layer.shared and prod(layer.weight_shape) != prod(layer.kernel_size)):
        key = "view_linear" if layer.weight_shape is None else "view_channels"
        raise LayerError(key, "view", {"view": "flat"}, value="matrix", nearest="flat")


def matrix(trace: Trace, language: str = "en") -> Scene:
    """Lay out a trace with one channel as y = C x, one row of C a step."""
    layer = trace.layer
    steps, inputs = len(trace), trace.x.size
    filled = layer_matrix(trace, np.ones_like(trace.weight)) != 0
    table = layer_matrix(trace, trace.weight)
    layout = Layout(language, zoom((steps, inputs)))
    below = 1.25 + layout.zoom * TITLE_ROOM
    tracks, shapes, left = _forward(layout, trace, table, filled, below)
    word = "matrix_transposed" if layer.spreads else "matrix"
    values = Editable("x", 0, (0, 1, 1), (0, 1, inputs))
    x = _vector(layout, (left, 0.0), (1, inputs), input_roles(layer.taps), trace.x, editable=values)
    c = _entries(layout, (left, below), table, filled)
    _title(layout, (left, 0.0), "input", inputs, "input")
    _title(layout, (left, below), word, times((steps, inputs)), "kernel")
    y = _results(layout, trace, left + inputs, below)
    places, row = _places(filled), np.arange(steps)[:, None]
    tracks += (
        Track("row", np.where(places >= 0, c + row * inputs + places, -1), "window", "source"),
        Track("inputs", np.where(places >= 0, x + places, -1), "window", "source"),
        Track("ends", c + row * inputs + np.array([0, inputs - 1])),
        Track("current", y + row, "current", "target"),
    )
    return Scene(
        layer.kind,
        "matrix",
        steps,
        narrate.row_length(trace),
        tuple(layout.grids),
        tracks,
        (*shapes, _outline("frame", "ends", ((0, 0), (1, 1), (1, 2), (0, 3))), target_outline()),
        tuple(layout.labels),
        sentences=narrate.gather_sentences(trace, language, word),
        equations=narrate.gather_equations(trace, [("inputs", "row")]) if inputs <= MOST_WRITTEN else (),
        formulas=narrate.formulas(layer),
        order=("current",),
    )


def _forward(
    layout: Layout, trace: Trace, table: Array, filled: Array, below: float
) -> tuple[tuple[Track, ...], tuple[Shape, ...], float]:
    """The matrix that a transposed layer transposes, and where its own may begin; nothing for any other layer."""
    steps, inputs = filled.shape
    if not trace.layer.spreads or 2 * steps * inputs > CELLS:
        return (), (), 0.0
    top = below + max(0.0, (steps - inputs) / 2)
    c = _entries(layout, (0.0, top), table.T, filled.T)
    _title(layout, (0.0, top), "matrix_forward", times((inputs, steps)), "kernel")
    _sign(layout, (steps + BETWEEN / 2, below + steps / 2), "→")
    places, column = _places(filled), np.arange(steps)[:, None]
    tracks = (
        Track("column", np.where(places >= 0, c + places * steps + column, -1), "window", "source"),
        Track("tops", c + column + np.array([0, (inputs - 1) * steps])),
    )
    return tracks, (_outline("column", "tops", ((0, 0), (0, 1), (1, 2), (1, 3))),), steps + BETWEEN


def _outline(name: str, track: str, corners: tuple[tuple[int, int], ...]) -> Shape:
    """An outline through corners of the first and the last cell of a row or a column."""
    return Shape(name, "frame", tuple(Anchor(track, end, corner) for end, corner in corners), closed=True)


def _title(layout: Layout, at: Point, word: str, size: object, about: str) -> None:
    """A title over a lattice that begins at a point."""
    text = say(f"board.{word}", layout.language, size=size)
    place = (at[0], at[1] - layout.zoom * TITLE_ROOM / 2)
    layout.labels.append(Label(f"title:{word}", "title", place, text, "start", layout.zoom * TITLE, about))


def _results(layout: Layout, trace: Trace, right: float, below: float) -> int:
    """The output as a column behind a matrix that ends at `right`; returns the number of its first cell."""
    steps, divided = len(trace), trace.divisor != 1
    sign = f"÷ {trace.divisor} =" if divided else "="
    between = text_width(sign, SIGN * layout.zoom) + 0.6 if divided else 1.0
    level = below - layout.zoom * TITLE_ROOM / 2
    ends = [label.at[0] + text_width(label.text, label.size) for label in layout.labels if label.at[1] == level]
    between = max(between, *(end - right + 0.8 for end in ends), 0.0)  # that no title runs into the next
    _title(layout, (right + between - 0.4, below), "output", steps, "output")
    _sign(layout, (right + between / 2, below + steps / 2), sign)
    place, roles = (right + between, below), np.full(steps, ROLES.index("output"))
    return _vector(layout, place, (steps, 1), roles, trace.output, texts=outputs(trace), born=np.arange(steps))


def _sign(layout: Layout, at: Point, text: str) -> None:
    layout.labels.append(Label(f"sign:{text}", "sign", at, text, "middle", SIGN * layout.zoom))


def _vector(
    layout: Layout,
    corner: Point,
    shape: tuple[int, int],
    roles: Ints,
    values: Array,
    written: Array | None = None,
    texts: list[str] | None = None,
    editable: Editable | None = None,
    born: Ints | None = None,
) -> int:
    """A lattice in its place, whose values are written, all or some; returns the number of its first cell.

    texts: of the values, where they are not written as usual.
    """
    texts = numbers(values) if texts is None else texts
    if written is not None:
        texts = [text if hit else "" for text, hit in zip(texts, written, strict=True)]
    return layout.grid(
        "matrix", corner, shape, roles, texts, values=values, text_size=0.5, editable=editable, born=born
    ).first


def _entries(layout: Layout, corner: Point, table: Array, filled: Array) -> int:
    """A matrix whose entries are written where a tap fills them; returns the number of its first cell."""
    roles = np.where(filled, ROLES.index("kernel"), ROLES.index("zero")).ravel()
    written = filled.ravel() & (min(filled.shape) <= MOST_WRITTEN)
    return _vector(layout, corner, (filled.shape[0], filled.shape[1]), roles, table, written)


def layer_matrix(trace: Trace, weight: Array) -> Array:
    """(outputs, inputs): C, so that output = C x; for a transposed layer, the transpose of the forward layer's C.

    weight: what stands in the kernel: the trace's own weights, or ones, which count the taps of every entry.
    """
    layer = trace.layer
    if not layer.shared:
        return weight
    weights = layer.kernels(weight).ravel()
    weights, _ = roomy(weights, np.ones(1, dtype=np.int64), weights.size)
    sources = layer.taps.flat_sources
    rows, taps = np.nonzero(sources >= 0)
    table = np.zeros((len(trace), trace.x.size), dtype=weights.dtype)
    np.add.at(table, (rows, sources[rows, taps]), weights[taps])
    return table


def _places(filled: Array) -> Ints:
    """(rows, n): the columns of the filled entries of each row, -1 for none."""
    rows, columns = np.nonzero(filled)
    counts = filled.sum(axis=1)
    table = np.full((len(filled), max(int(counts.max()), 1)), -1)
    table[rows, np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)] = columns
    return table


VIEW = View(
    "matrix", matrix, refuse, aspect=0.6, narrow=Narrow(tall=1.5, holds="=", aligned=True), limit=refuse_large_matrix
)
