"""The network that reads digits as it is drawn: its boards at places of their own, and what each cell is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod

import numpy as np

from convviz.errors import LayerError
from convviz.graph import INPUT
from convviz.layers.linear import Array
from convviz.layers.reader import POOL, SIZE, DigitReader
from convviz.network import spelled_of
from convviz.run import Run
from convviz.scene.canvas import numbers
from convviz.scene.filled import Block
from convviz.scene.layout import TITLE, Layout
from convviz.scene.linked import Board, tap_link
from convviz.scene.links import Link
from convviz.scene.marks import TEXT_SIZE, Anchor, Editable, Grid, Ints, Label, Point, Scale, Shape
from convviz.scene.roles import ROLES, binned
from convviz.scene.timeline import Detail, Track, padded
from convviz.scene.tones import scale_of
from convviz.scene.view import natural
from convviz.trace import Trace, trace

STAGES = CONV, RELU, POOLED, FLAT, DENSE, SOFTMAX = tuple(DigitReader().nodes)
"""The names of its nodes, in their order."""

BELOW = dict(zip(STAGES, (INPUT, *STAGES), strict=False))
"""What each of them reads."""

SMALL = SIZE // POOL
"""Cells a side of a pooled map."""

HIGH = 0.62
"""How high a number is at most, as a share of its cell's height."""

SIZED = 0.34
"""The size of what is said under a title, in cells."""


def reader_of(shown: object) -> DigitReader | None:
    """The arguments of what is shown, if it is the network that reads digits."""
    block = spelled_of(shown)
    return block if isinstance(block, DigitReader) else None


def refuse_others(view: str) -> Callable[[object], None]:
    """What a view of the network that reads digits refuses: all else."""

    def refuse(shown: object) -> None:
        if reader_of(shown) is None:
            nearest = natural(shown)
            raise LayerError("view_digits", "view", {"view": nearest}, value=view, nearest=nearest)

    return refuse


def reader_in(run: Run) -> DigitReader:
    """The arguments of the network that a run is of."""
    found = reader_of(run.network)
    assert found is not None, "other networks have been refused"
    return found


def single(run: Run, name: str) -> Trace:
    """The trace of the map that is followed alone, through a layer that slides."""
    own, n = run[name], reader_in(run).map - 1
    if name == POOLED:
        return trace(replace(own.layer, channels=1), own.x[n : n + 1])
    return trace(replace(own.layer, out_channels=1), own.x, own.weight[n : n + 1], own.bias[n : n + 1])


def of_kernel(grid: Grid, number: int) -> Grid:
    """A board whose cells, if they are weights, are those of the kernel of a number."""
    typed = grid.editable
    if typed is None or typed.array != "weight":
        return grid
    return replace(grid, editable=replace(typed, first=number * grid.count))


def scores(run: Run) -> list[str]:
    """A run's scores as they are written: with two decimals at most."""
    return numbers(run.values[DENSE].round(2) + 0)


def percents(shares: Array) -> list[str]:
    """Shares of one in per cent, with one decimal.

    >>> percents(np.array([1.0, 0.0123, 0.0]))
    ['100.0', '1.2', '0.0']
    """
    return [f"{100 * share:.1f}" for share in shares.ravel().tolist()]


@dataclass
class Boards:
    """Boards by the names of their nodes. zoom: how much larger than usual letters are."""

    layout: Layout
    run: Run
    zoom: float = 1.0
    found: dict[str, Board] = field(default_factory=dict)

    def lay(
        self,
        name: str,
        places: Sequence[Point],
        unit: Point,
        born: Ints | None = None,
        shape: tuple[int, int] | None = None,
        texts: list[str] | None = None,
        shares: bool = False,
    ) -> Board:
        """Add a node's planes at their places, each a lattice of cells of so many cells across and down.

        born: the step of each cell, in the order of the node's values; shape: rows and columns of a plane that is none;
        texts: of the values, if not themselves; shares: whether they are shares of one.
        """
        values = self.run.values[name]
        size = shape or (values.shape[-2], values.shape[-1])
        rows = values.reshape(-1, prod(size))
        told = numbers(values) if texts is None else texts
        cells, scale = np.full(rows.shape, -1), scale_of(values)
        for plane, at in enumerate(places):
            own = slice(plane * prod(size), (plane + 1) * prod(size))
            cells[plane] = self._plane(name, plane, at, unit, size, born, told[own], rows, None if shares else scale)
        board = Board(Block(int(cells.max()), size), len(rows), cells.ravel(), np.zeros(0, dtype=np.int64))
        self.found[name] = board
        return board

    def _plane(
        self,
        name: str,
        plane: int,
        at: Point,
        unit: Point,
        size: tuple[int, int],
        born: Ints | None,
        texts: list[str],
        rows: Array,
        scale: Scale | None,
    ) -> Ints:
        role = "input" if name == INPUT else "output" if scale else "share"
        count = prod(size)
        grid = self.layout.grid(
            name if len(rows) == 1 else f"{name}.{plane + 1}",
            at,
            size,
            np.full(count, ROLES.index(role)),
            texts,
            lattice=((unit[0], 0.0), (0.0, unit[1])),
            born=None if born is None else born.reshape(rows.shape)[plane],
            editable=Editable("x", 0, (0, 1, size[0]), (0, 1, size[1])) if name == INPUT else None,
            levels=None if scale else binned(rows[plane], "share", 0, 1),
            text_size=min(TEXT_SIZE, HIGH * unit[1] / unit[0]),
            values=rows[plane] if scale else None,
            scale=scale,
        )
        return grid.first + np.arange(count)

    def head(self, name: str, middle: float, title: str, below: str = "", about: str = "output") -> None:
        """Write a title over a column, and what its size is."""
        letters = TITLE * self.zoom
        self.layout.labels.append(
            Label(f"title:{name}", "title", (middle, -1.3 * self.zoom), title, "middle", letters, about)
        )
        if below:
            at = (middle, -0.65 * self.zoom)
            self.layout.labels.append(Label(f"size:{name}", "axis", at, below, "middle", SIZED * self.zoom))

    def arrow(self, x: float, y: float) -> None:
        """An arrow from a board to the next."""
        self.layout.labels.append(Label(f"sign:{x:.2f}", "sign", (x, y), "→", size=0.7 * self.zoom))

    def detail(self, names: Sequence[str], turn: Mapping[str, object]) -> Detail:
        """Boards, by their names, that another picture shows larger."""
        return Detail(np.array([n for n, grid in enumerate(self.layout.grids) if grid.name in names]), turn)

    def links(self) -> tuple[Link, ...]:
        """What each cell is made of, on the board before; of boards that are all there."""
        found = []
        for node in self.run.nodes:
            (below,) = node.inputs
            if node.name in self.found and below in self.found:
                found.append(self._link(node.name, below))
        return tuple(found)

    def _link(self, name: str, below: str) -> Link:
        own, read = self.found[name], self.found[below]
        if name in (CONV, POOLED, DENSE):
            return tap_link(self.run[name].layer, own, read)
        if name == SOFTMAX:  # each probability is made of all scores
            return Link(own.cells, np.tile(read.cells, (len(own.cells), 1)))
        return Link(own.cells, read.cells[:, None])


def outermost(centres: Array, cells: Ints) -> list[int]:
    """The cells in the corners of what some cells take up, clockwise from the upper left; centres: (n, 2) of all.

    >>> outermost(np.array([[0, 0], [1, 0], [0, 1], [1, 1]]), np.arange(4))
    [0, 1, 3, 2]
    """
    x, y = centres[cells].T
    return [int(cells[place.argmin()]) for place in (x + y, y - x, -x - y, x - y)]


def around(role: str, track: str) -> Shape:
    """An outline around what lies between the four cells that a track names, clockwise."""
    return Shape(role, role, tuple(Anchor(track, n, n) for n in range(4)), closed=True)


def named(name: str, rows: Sequence[Sequence[int] | Ints], state: str = "", end: str = "") -> Track:
    """A track that names these cells at each step."""
    return Track(name, padded(rows), state, end)
