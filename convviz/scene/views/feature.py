"""feature: the way of one map through the network that reads digits: kernel, sums, ReLU, the largest of each window.

A step is one pooled value: the pixels that it sees, the sums that these give, what ReLU leaves of them, the largest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from convviz.graph import INPUT
from convviz.layers.reader import POOL, SIZE
from convviz.run import Run
from convviz.scene.canvas import canvas_sources, factor, number, numbers
from convviz.scene.filled import Block
from convviz.scene.layout import Layout, times, zoom
from convviz.scene.linked import Board, tap_link
from convviz.scene.links import Link
from convviz.scene.marks import Anchor, Ints, Shape
from convviz.scene.parts import canvas_board, kernel_board, target_outline
from convviz.scene.reader import CONV, POOLED, RELU, SMALL, around, of_kernel, reader_in, refuse_others, single
from convviz.scene.scene import Scene
from convviz.scene.timeline import Detail, Equation, Sentences, Track
from convviz.scene.view import Narrow, Stacks, View
from convviz.scene.winners import ring
from convviz.text import say
from convviz.trace import Trace

LARGER = 1.2
"""How much larger letters are than usual."""

STEPS, EACH = SMALL**2, POOL**2
"""Values of a pooled map, and how many values each is the largest of."""


@dataclass(frozen=True, eq=False)
class Way:
    """The boards of one map, and where their cells are. conv, pooled: the traces of the map alone."""

    conv: Trace
    pooled: Trace
    canvas: Block
    kernel: Block
    boards: dict[str, Board]

    @property
    def quarters(self) -> Ints:
        """(steps, 4): which values of a map each pooled value is the largest of."""
        return self.pooled.layer.taps.flat_sources

    def at(self, name: str) -> Ints:
        """(steps, 4): the cells of these on the board of a node."""
        return self.boards[name].cells[self.quarters]

    def windows(self, which: int) -> Ints:
        """(steps, 9): the cells of the canvas under the kernel, for one of the four sums of each step."""
        positions: Ints = self.conv.layer.taps.flat_positions[self.quarters[:, which]]
        return self.canvas.marks(0, positions)


def feature(run: Run, language: str = "en") -> Scene:
    """Lay out one map of the run."""
    layout, way = _laid(run, language)
    layout.settle()
    shown = [n for n, grid in enumerate(layout.grids) if grid.name == "kernel" or grid.name.startswith(CONV)]
    return Scene(
        reader_in(run).kind,
        "feature",
        STEPS,
        SMALL,
        tuple(layout.grids),
        _tracks(way),
        (around("frame", "seen"), *map(_frame, (CONV, RELU)), target_outline(), ring("winner", 0)),
        tuple(layout.labels),
        sentences=_sentences(way, language),
        equations=_equations(way),
        links=_links(way),
        order=("begun", "convolved", "rectified", "current"),
        details=(Detail(np.array(shown), {"view": "cell"}),),
    )


def _tracks(way: Way) -> tuple[Track, ...]:
    """What each step sees and writes."""
    seen = np.array([np.unique(row) for row in np.concatenate([way.windows(n) for n in range(EACH)], axis=1)])
    won = way.pooled.layer.winners(way.pooled.windows)
    assert won is not None, "the largest wins"
    winner = np.take_along_axis(way.at(RELU), won[0].argmax(axis=-1)[:, None], axis=1)
    side = round(seen.shape[1] ** 0.5)
    weights = way.kernel.marks(0, np.arange(way.conv.weight.size))
    return (
        Track("begun", np.full((STEPS, 1), -1)),
        Track("window", seen, "window", "source"),
        Track("kernel", np.tile(weights, (STEPS, 1)), "", "source"),
        *(Track(f"under:{n}", way.windows(n)) for n in range(EACH)),
        *(Track(f"sum:{n}", way.at(CONV)[:, n : n + 1]) for n in range(EACH)),
        Track("convolved", way.at(CONV), "window", "target"),
        Track("rectified", way.at(RELU), "window", "target"),
        Track("current", way.boards[POOLED].cells[:, None], "current", "target"),
        Track("seen", seen[:, [0, side - 1, -1, -side]]),
        *(Track(f"four:{name}", way.at(name)[:, [0, 1, 3, 2]]) for name in (CONV, RELU)),
        Track("winner", winner),
    )


def _frame(name: str) -> Shape:
    """The outline of the four cells of a step on a map."""
    return Shape(f"frame:{name}", "frame", tuple(Anchor(f"four:{name}", n, n) for n in range(4)), closed=True)


def _laid(run: Run, language: str) -> tuple[Layout, Way]:
    """The boards from left to right."""
    conv, pooled, n = single(run, CONV), single(run, POOLED), reader_in(run).map
    layout, order = Layout(language, LARGER * zoom(*[(SIZE, SIZE)] * 3, (SMALL, SMALL))), _order(pooled)
    layout.cell()
    canvas = canvas_board(layout, conv)
    layout.cell("→")
    kernel = kernel_board(layout, conv)
    layout.grids = [of_kernel(grid, n - 1) for grid in layout.grids]
    boards = {INPUT: Board(canvas, 1, canvas.first + _places(conv), order)}
    for name, values, born in (
        (CONV, conv.output, order),
        (RELU, pooled.x, order),
        (POOLED, pooled.output, np.arange(STEPS)),
    ):
        layout.cell("→")
        size = values.shape[1:]
        title = say(f"feature.{name}", language, n=n, size=times(size))
        block = layout.board(
            f"{name}.{n}", 1, size, "output", numbers(values), title=title, about="output", born=born, values=values
        )
        boards[name] = Board(block, 1, block.first + np.arange(values.size), born)
    title = say("feature.kernel", language, n=n, size=times(conv.layer.kernel_size))
    layout.labels = [replace(one, text=title) if one.name == "title:kernel" else one for one in layout.labels]
    return layout, Way(conv, pooled, canvas, kernel, boards)


def _order(pooled: Trace) -> Ints:
    """(cells,): the step of each value that is pooled."""
    found = np.zeros(pooled.x.size, dtype=np.int64)
    found[pooled.layer.taps.flat_sources] = np.arange(STEPS)[:, None]
    return found


def _places(conv: Trace) -> Ints:
    """Where each input stands on its canvas."""
    return np.flatnonzero(canvas_sources(conv.layer.taps) >= 0)


def _links(way: Way) -> tuple[Link, ...]:
    """What each value is made of, on the board before, and of which weights."""
    sums, kept, pooled = (way.boards[name] for name in (CONV, RELU, POOLED))
    weights = way.kernel.marks(0, np.arange(way.conv.weight.size))
    return (
        tap_link(way.conv.layer, sums, way.boards[INPUT]),
        Link(sums.cells, np.tile(weights, (len(sums.cells), 1))),
        Link(kept.cells, sums.cells[:, None]),
        tap_link(way.pooled.layer, pooled, kept),
    )


def _equations(way: Way) -> tuple[Equation, ...]:
    """The largest of four; and, of each of these, ReLU and the sum of the products."""
    added = "" if way.conv.bias is None else f" + {factor(number(way.conv.bias.flat[0]))}"
    kept = [Equation(f"sum:{n}", "", "rectified", "max(0, ", tail=")", column=n) for n in range(EACH)]
    sums = [Equation(f"under:{n}", "kernel", "convolved", tail=added, column=n) for n in range(EACH)]
    return (Equation("rectified", "", "current", "max(", ", ", ")"), *kept, *sums)


def _sentences(way: Way, language: str) -> Sentences:
    """Where a pooled value stands, the sums that it comes from, and what is left of them."""
    rows, columns = np.divmod(np.arange(STEPS), SMALL)
    sums = way.conv.output.ravel()[way.quarters]
    told: dict[str, list[object]] = {
        "row": (rows + 1).tolist(),
        "col": (columns + 1).tolist(),
        "sums": [", ".join(numbers(four)) for four in sums],
        "total": list(numbers(way.pooled.output)),
    }
    return Sentences((say("feature.says", language),), np.zeros(STEPS, dtype=np.int64), told)


refuse = refuse_others("feature")


VIEW = View(
    "feature",
    feature,
    refuse,
    aspect=0.38,
    narrow=Narrow(tall=1.8),
    stacks=Stacks(feature, refuse, values=True, alone=True),
    compares=False,
)
