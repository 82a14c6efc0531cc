"""The maps of a network as boards of one scale: each cell lies over the part of the picture around which it looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import prod

import numpy as np

from convviz.counted import Counted, counted
from convviz.network import Network
from convviz.scene.marks import Ints
from convviz.spans import Span, spans_of

BOARDS = 9
"""The most boards of maps."""

FINE, COARSE = 32, 24
"""The most squares on a side of the input's board, and of a map's: of a larger one a square is several cells."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in cells of the network's input; its first cell is from 0 to 1."""


@dataclass(frozen=True, eq=False)
class Map:
    """A board, and the rows whose maps it stands for: one after the other, with one distance between their cells.

    numbers: of those rows, (0,) for the input; size: rows and columns of the last of them, () for what has no place;
    jump, start: for each axis how far apart its cells are in the input, and where the first one begins.
    """

    numbers: tuple[int, ...]
    size: tuple[int, ...]
    jump: tuple[float, ...]
    start: tuple[float, ...]

    @property
    def last(self) -> int:
        """The row whose cells are drawn."""
        return self.numbers[-1]

    @cached_property
    def lattice(self) -> tuple[int, int]:
        """Squares down and across."""
        if not self.size:
            return 1, 1
        most = COARSE if self.last else FINE
        rows, columns = (n if n <= most else _nearest(n, most) for n in self.size)
        return rows, columns

    @property
    def zoomed(self) -> bool:
        """Whether a square stands for several cells."""
        return bool(self.size) and self.lattice != self.size

    @property
    def box(self) -> Box:
        """Where it lies over the input."""
        (top, left), (down, across) = self.start, self.jump
        return left, top, left + across * self.size[1], top + down * self.size[0]

    def cells(self) -> Iterator[tuple[int, int]]:
        """For each square, in raster order, the cell in its middle."""
        (rows, columns), (high, wide) = self.lattice, self.size
        for y in range(rows):
            for x in range(columns):
                yield int((y + 0.5) * high / rows), int((x + 0.5) * wide / columns)


def _nearest(size: int, most: int) -> int:
    """How many squares: as many as divide the size, if that is at least half of the most; else the most."""
    return next((n for n in range(most, most // 2, -1) if size % n == 0), most)


def maps_of(network: Network) -> tuple[Map, ...]:
    """The boards of a network: the input's, then one for each row, or, of many rows, one for each distance between
    neighbouring cells, as far as there is room."""
    rows = counted(network)
    size = network.input_size
    given = Map((0,), size if len(network.x_shape) > 1 else (), (1.0,) * len(size), (0.0,) * len(size))
    groups = [[row] for row in rows]
    if len(rows) > BOARDS:
        groups = [list(found) for _, found in groupby(rows, _distance)]
    if len(groups) > BOARDS:
        kept = sorted({round(n) for n in np.linspace(0, len(groups) - 1, BOARDS).tolist()})
        groups = [groups[n] for n in kept]
    return (given, *map(_map, groups))


def _distance(row: Counted) -> tuple[object, ...]:
    return row.told.jump, len(row.shape) > 1


def _map(rows: Sequence[Counted]) -> Map:
    jump, start = _lies(rows[-1])
    return Map(tuple(row.number for row in rows), rows[-1].shape[1:], jump, start)


def _lies(row: Counted) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """How far apart the cells of a row are in the input, and where the first one begins."""
    jump = tuple(map(float, row.told.jump))
    return jump, tuple(float(c) + 0.5 - j / 2 for c, j in zip(row.told.centre, jump, strict=True))


@dataclass(frozen=True, eq=False)
class Sight:
    """What one output of a row sees. place: where it is; boxes: by the numbers of rows below it, and 0, what it
    depends on of each, over the input; spans: the same in cells of each, a first and a last an axis."""

    number: int
    place: tuple[int, ...]
    boxes: dict[int, Box]
    spans: dict[int, tuple[Span, ...]]


def first_asked(network: Network) -> int:
    """The row whose output is looked from where none was chosen: the last; of a network that ends without places, as in
    dense layers, the last with several of them, as the outputs after it see all of the picture."""
    rows = counted(network)
    if len(rows[-1].shape) > 1:
        return len(rows)
    return max((row.number for row in rows if prod(row.shape[1:]) > 1), default=len(rows))


def sights(network: Network, at: tuple[int, ...]) -> list[Sight]:
    """What is seen by the output of each row that lies nearest to the one that is asked about.

    at: (number of its row, *its place), the place left out for the middle.
    """
    rows = counted(network)
    number, *place = at
    wanted = _middle(rows[number - 1], tuple(place))
    return [_sight(network, row, wanted) for row in rows]


def _middle(row: Counted, place: tuple[int, ...]) -> tuple[float, ...]:
    """Where in the input the middle of an output of a row is; of one without a place, that of the middle one."""
    jump, start = _lies(row)
    sizes = row.shape[1:] or (1,) * len(jump)
    places = place if len(place) == len(sizes) == len(row.shape) - 1 else tuple(n // 2 for n in sizes)
    return tuple(s + j * (min(p, n - 1) + 0.5) for s, j, p, n in zip(start, jump, places, sizes, strict=True))


def _sight(network: Network, row: Counted, wanted: tuple[float, ...]) -> Sight:
    rows, (jump, start) = counted(network), _lies(row)
    axes = zip(wanted, start, jump, row.shape[1:], strict=False)
    place = tuple(min(max(round((w - s) / j - 0.5), 0), n - 1) for w, s, j, n in axes)
    found = spans_of(network).of(row.nodes[-1].name, place)
    spans = {one.number: found[one.nodes[-1].name] for one in rows[: row.number] if one.nodes[-1].name in found}
    spans[0] = found["x"]
    boxes = {}
    for n, own in spans.items():
        lies = _lies(rows[n - 1]) if n else ((1.0,) * len(jump), (0.0,) * len(jump))
        if len(own) == len(jump) and all(first <= last for first, last in own):
            (down, across), (top, left) = lies
            (r0, r1), (c0, c1) = own
            boxes[n] = (left + across * c0, top + down * r0, left + across * (c1 + 1), top + down * (r1 + 1))
    return Sight(row.number, place, boxes, spans)


def covered(one: Map, box: Box) -> Ints:
    """The squares of a board whose middles lie in a box; at least the one around its middle."""
    (rows, columns), (left, top, right, bottom) = one.lattice, box
    l0, t0, r0, b0 = one.box
    down = _between(np.linspace(t0, b0, 2 * rows + 1)[1::2], top, bottom)
    across = _between(np.linspace(l0, r0, 2 * columns + 1)[1::2], left, right)
    return (down[:, None] * columns + across).ravel()


def _between(middles: np.ndarray, first: float, last: float) -> Ints:
    found = np.flatnonzero((middles > first) & (middles < last))
    return found if len(found) else np.array([int(np.abs(middles - (first + last) / 2).argmin())])
