"""enlarge: a transposed convolution beside what else enlarges as much, with the products that each sums at an output.

The input and the weights are ones, so that every output is the number of its products.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isqrt, prod

import numpy as np

from convviz.layers import Layer
from convviz.layers.linear import Array
from convviz.layers.memory import refuse as refuse_size
from convviz.layers.upsample import NEAREST
from convviz.run import Run
from convviz.scene import narrate
from convviz.scene.canvas import numbers
from convviz.scene.enlarging import Way, refuse_unenlarging, same_sized, ways
from convviz.scene.filled import Block
from convviz.scene.heat import heat
from convviz.scene.layout import ROW_GAP, TITLE_ROOM, Layout, planes, times, zoom
from convviz.scene.limits import STEPS, refuse_large
from convviz.scene.linked import Board, tap_link
from convviz.scene.links import Link, related
from convviz.scene.marks import Anchor, Ints, Label, Shape
from convviz.scene.parts import kernel_board, target_outline
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.timeline import Sentences, Track, padded
from convviz.scene.view import Narrow, View
from convviz.taps import Taps
from convviz.text import joined, say
from convviz.trace import Trace, trace

HALF = 0.5
"""The width of a cell between input and output, where most values are ones and zeros."""


@dataclass(frozen=True, eq=False)
class Column:
    """A way as it is drawn.

    links: what its cells are made of; output: its cells; framed: for each frame (steps, 4) the cells at its corners: of
    the window, and, where the window lies on the input itself, of the cell that is moved to the output.
    """

    links: tuple[Link, Link]
    output: Board
    framed: tuple[Ints, ...]


def enlarge(shown: Trace, language: str = "en", mode: str = NEAREST) -> Scene:
    """Lay out a transposed convolution with one channel beside the other ways; `mode`: of the upsampling."""
    layer = same_sized(shown.layer)
    found = ways(layer, mode)
    layout = Layout(language, zoom(layer.input_size, *[layer.output_size] * len(found)))
    layout.cell()
    ones = np.ones(layer.x_shape, dtype=np.int64)
    below = _board(layout, "input", "input", ones, say("board.input", language, size=times(layer.input_size)))
    same = layer.output_size == shown.layer.output_size
    columns = [_column(layout, n, way, below, same, language) for n, way in enumerate(found, start=1)]
    layout.place, layout.below = (1, 0), 0.0
    kernel_board(layout, trace(layer, ones, np.ones(layer.weight_shape or (), dtype=np.int64)))
    layout.signs[0, 1] = "→"
    layout.settle()
    return Scene(
        shown.layer.kind,
        "enlarge",
        prod(layer.output_size),
        planes(layer.output_size)[2],
        tuple(replace(grid, editable=None, tones=None, scale=None) for grid in layout.grids),
        tuple(track for n, column in enumerate(columns) for track in _tracks(n, column)),
        tuple(shape for n, column in enumerate(columns) for shape in _shapes(n, len(column.framed))),
        (*layout.labels, *_arrows(layout, columns)),
        sentences=_sentences(found, shown.layer, language),
        formulas=narrate.formulas(layer),
        links=tuple(link for column in columns for link in column.links),
    )


def _titled(word: str, language: str, size: tuple[int, ...], **more: object) -> str:
    return say(f"enlarge.{word}", language, size=times(size), **more)


def _board(
    layout: Layout, name: str, role: str, values: Array, title: str, across: int = 0, cell: float = 1.0
) -> Board:
    """The board of (channels, *size) values, counts as heat; across: how many channels stand side by side."""
    size = values.shape[1:]
    roles, texts, levels = heat(values, missed="heat")
    cells = np.full(prod(size), ROLES.index(role)) if role != "heat" else roles[: prod(size)]
    shown = levels if role == "heat" else None
    about = "output" if name == "output" else "input" if role == "input" else ""
    block = layout.board(
        name, len(values), size, cells, texts, title=title, about=about, levels=shown, columns=across, cell=cell
    )
    return Board(block, len(values), block.first + np.arange(values.size), np.zeros(0, dtype=np.int64))


def _column(layout: Layout, number: int, way: Way, below: Board, same: bool, language: str) -> Column:
    """A way from top to bottom: its name, what lies between input and output, the output."""
    run, last = way.ones(), way.network.layers[-1]
    name = way.name if same or way.name != "transposed" else "transposed_same"
    layout.place, layout.below, drawn = (0, number), layout.zoom * TITLE_ROOM, len(layout.grids)
    middle, into = _middle(layout, way, run, below, language)
    layout.below, width = 0.0, max(float(grid.outline[1, 0]) for grid in layout.grids[drawn:])
    layout.heading("canvas", say(f"enlarge.{name}", language), "", width)
    layout.place, layout.below = (1, number), 0.0
    title = _titled("counts", language, last.output_size)
    output = _board(layout, "output", "heat", run.output, title)
    out = tap_link(last, output, middle)
    read = np.isin(into.targets, out.sources)  # what no output reads lights nothing
    into = Link(into.targets[read], into.sources[read])
    window = _framed(way.learned.taps, middle.block if way.learned is last else below.block)
    if way.learned is last:
        return Column((into, out), output, (window,))
    moved = np.tile(out.sources.max(axis=1, keepdims=True), 4)
    return Column((into, out), output, (window[last.taps.flat_sources[:, 0]], moved))


def _middle(layout: Layout, way: Way, run: Run, below: Board, language: str) -> tuple[Board, Link]:
    """The board between input and output, with the cells that outputs read, and what those are made of."""
    first, values = way.network.layers[0], run.values[run.nodes[0].name]
    if first.spreads:
        middle = _spread(layout, first.taps, language)
        return middle, Link(middle.cells, below.cells[:, None])
    if way.learned is first:
        title = _titled("channels", language, first.output_size, count=len(values))
        middle = _board(layout, "canvas", "heat", values, title, isqrt(len(values)), HALF)
    else:
        middle = _board(layout, "canvas", "input", values, _titled(first.mode, language, first.output_size), cell=HALF)
    return middle, tap_link(first, middle, below)


def _spread(layout: Layout, taps: Taps, language: str) -> Board:
    """The input of ones with the zeros between them, without padding; its cells are those of the inputs."""
    size = tuple((axis.size - 1) * axis.spacing + 1 for axis in taps.axes)
    ones = np.zeros(size, dtype=np.int64)
    ones[tuple(slice(None, None, axis.spacing) for axis in taps.axes)] = 1
    roles = np.where(ones.ravel() > 0, ROLES.index("input"), ROLES.index("inserted"))
    title = _titled("spread", language, size)
    block = layout.board("canvas", 1, size, roles, numbers(ones), title=title, about="input", cell=HALF)
    return Board(block, 1, block.first + np.flatnonzero(ones), np.zeros(0, dtype=np.int64))


def _framed(taps: Taps, block: Block) -> Ints:
    """(steps, 4): the cells of a board at the corners of each step's window, as far as it lies on the board, clockwise;
    -1 where it does not, and in space."""
    if len(block.shape) > 2:
        return np.full((taps.steps, 4), -1)
    outputs = np.unravel_index(np.arange(taps.steps), taps.output_shape)
    ends, outside = [], np.zeros(taps.steps, dtype=bool)
    for axis, size, at in zip(taps.axes, block.shape, outputs, strict=True):
        first, last = (edge[at] - axis.origin for edge in (axis.positions.min(axis=1), axis.positions.max(axis=1)))
        outside |= (last < 0) | (first >= size)
        ends.append((np.clip(first, 0, size - 1), np.clip(last, 0, size - 1)))
    (top, bottom), (left, right) = ends if len(ends) > 1 else ((outside * 0, outside * 0), ends[0])
    width = block.shape[-1]
    corners = [block.marks(0, y * width + x) for y, x in ((top, left), (top, right), (bottom, right), (bottom, left))]
    return np.where(outside[:, None], -1, np.stack(corners, axis=1))


def _tracks(number: int, column: Column) -> tuple[Track, ...]:
    """What each step reads, on all boards of a way, and writes; and the corners of its window."""
    made_of, prefix = related(column.links).made_of, _prefix(number)
    read = [list(made_of.get(mark, ())) for mark in column.output.cells.tolist()]
    deeper = [sorted({source for mark in marks for source in made_of.get(mark, ())}) for marks in read]
    window = padded([first + second for first, second in zip(read, deeper, strict=True)])
    return (
        Track(f"{prefix}window", window, "window", "source", number),
        Track(f"{prefix}between", padded(read), "", "target", number),
        Track(f"{prefix}current", column.output.cells[:, None], "current", "target", number),
        *(Track(f"{prefix}framed{n}", marks) for n, marks in enumerate(column.framed)),
    )


def _prefix(number: int) -> str:
    return f"{number}." if number else ""


def _shapes(number: int, frames: int) -> list[Shape]:
    """The outlines of a way's window, of other cells that are framed, and of the output that is written."""
    prefix = _prefix(number)
    target = target_outline(f"{prefix}current")
    framed = [tuple(Anchor(f"{prefix}framed{n}", corner, corner) for corner in range(4)) for n in range(frames)]
    shapes = [Shape(f"{prefix}frame{n}", "frame", anchors, closed=True) for n, anchors in enumerate(framed)]
    return [*shapes, replace(target, name=f"{prefix}{target.name}")]


def _arrows(layout: Layout, columns: list[Column]) -> list[Label]:
    """An arrow down to the output of each way, above its title."""
    found, room = [], layout.zoom * (TITLE_ROOM + ROW_GAP / 2)
    for number, column in enumerate(columns, start=1):
        own = [grid.outline for grid in layout.grids if grid.first in column.output.cells]
        (left, top), (right, _) = np.min(own, axis=(0, 1)), np.max(own, axis=(0, 1))
        at = (float(left + right) / 2, float(top) - room)
        found.append(Label(f"sign:down{number}", "sign", at, "↓", "middle", 0.7 * layout.zoom))
    return found


def _sentences(found: tuple[Way, ...], layer: Layer, language: str) -> Sentences:
    """How many products each way sums at the output of a step; at the end what was set so that all have its size."""
    large = same_sized(layer)
    cells = np.unravel_index(np.arange(prod(large.output_size)), large.output_size)
    columns: dict[str, list[object]] = {
        place: (at + 1).tolist() for at, (place, _, _) in zip(cells, narrate.AXES[-len(cells) :], strict=True)
    }
    columns |= {way.name: way.ones().output.ravel().tolist() for way in found}
    template = say(f"sentence.enlarge{len(cells)}d{'.shuffled' if 'shuffled' in columns else ''}", language)
    if large.output_size != layer.output_size:
        columns |= {
            "size": [times(large.output_size)] * len(cells[0]),
            "own": [times(layer.output_size)] * len(cells[0]),
        }
        template = joined(template, say("enlarge.resized", language))
    return Sentences((template,), np.zeros(len(cells[0]), dtype=np.int64), columns)


def refuse(layer: Layer) -> None:
    """Refuse what is no transposed convolution of one channel that enlarges."""
    refuse_unenlarging(layer, "enlarge")


def refuse_large_ways(layer: Layer, boards: int) -> None:
    """Refuse a picture that is too large; told from sizes alone, without making the layer that is drawn."""
    refuse_large(layer, boards)
    if (count := _steps(layer)) > STEPS:
        refuse_size(layer, "too_many_steps", count, STEPS, lambda smaller: _steps(smaller) <= STEPS)


def _steps(layer: Layer) -> int:
    """The outputs of every way: input x stride on each axis."""
    return prod(i * s for i, s in zip(layer.input_size, layer.stride, strict=True))


VIEW = View(
    "enlarge",
    enlarge,
    refuse,
    boards=4,
    aspect=0.5,
    narrow=Narrow(tall=1.5, columns=True),
    limit=refuse_large_ways,
    compares=False,
)
