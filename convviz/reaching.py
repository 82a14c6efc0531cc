"""How much of the input, and of every layer between, one output of any network sees: exact, by counting paths.

A path leads from the output through one tap after the other down to a cell. The more paths, the more the cell weighs
in the output where all weights are alike: this is the effective receptive field (Luo, Li, Urtasun and Zemel,
"Understanding the Effective Receptive Field in Deep Convolutional Neural Networks", NIPS 2016). Paths are counted from
the top, one layer at a time and along one axis at a time; where branches meet, they add up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import prod

import numpy as np
from numpy.typing import NDArray

from convviz.errors import LayerError
from convviz.graph import INPUT, Nested, Node, Shape
from convviz.layers.rearrange import Crop, Flatten, Reshape
from convviz.taps import Axis

Counts = NDArray[np.float64]
WHOLE = 2.0**53
"""Up to this number every whole number is a float of its own."""
LARGEST = 2.0**600
"""Counts beyond it are told as a part of a power of two, so that none is too large for a float."""
MOST = 2**24
"""The most cells, of all nodes together, to which paths are counted: 128 MiB."""


@dataclass(frozen=True, eq=False)
class Seen(Mapping[str, Counts]):
    """How many paths lead from one output to each cell of every node below it, and of the input "x".

    seen[name]: float64, the size of the node without its channels, which are counted apart: paths to a cell of one
    channel, of those that have most. scales: {name: n} for nodes whose counts are to be multiplied by 2**n. exact:
    whether every count is exact; error: the largest relative error that a count may have, 0 where all are exact.

    >>> import convviz as cv
    >>> found = seen(cv.Network([cv.Conv((5,), 3, padding=1), cv.Conv((5,), 3, padding=1)]), place=(1,))
    >>> found["x"].tolist(), found.exact
    ([2.0, 3.0, 2.0, 1.0, 0.0], True)
    """

    name: str
    place: tuple[int, ...]
    counts: dict[str, Counts]
    scales: dict[str, int] = field(default_factory=dict)
    error: float = 0.0

    @property
    def exact(self) -> bool:
        return self.error == 0

    def __getitem__(self, name: str) -> Counts:
        return self.counts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.counts)

    def __len__(self) -> int:
        return len(self.counts)

    def shares(self, name: str = INPUT) -> Counts:
        """The counts of a node as parts of the largest, from 0 to 1."""
        counts = self.counts[name]
        return counts / max(counts.max(), 1.0)

    def span(self, name: str = INPUT) -> tuple[tuple[int, int], ...]:
        """For each axis of a node the first and the last cell that is seen, (0, -1) where none is."""
        read = self.counts[name] > 0
        axes = range(read.ndim)
        rows = [np.flatnonzero(read.any(axis=tuple(other for other in axes if other != axis))) for axis in axes]
        return tuple((int(row[0]), int(row[-1])) if row.size else (0, -1) for row in rows)


def seen(network: Nested, node: str | None = None, place: Sequence[int] | int | None = None) -> Seen:
    """How many paths lead from one cell of a node down to each cell that it sees.

    node: its name, the last one where it is left out; place: the cell, an index for each axis of its size, the middle
    where it is left out. Pooling counts every cell of a window; activations, sums, products and normalisation pass on
    what comes, cell by cell; a dense layer reads every cell. Raises LayerError for a node or a place that is not there,
    and for a network of more than MOST cells.

    >>> import convviz as cv
    >>> block = cv.Network({"a": (cv.Conv((5,), 3, padding=1), "x"), "sum": (cv.Add(), ["x", "a"])})
    >>> seen(block)["x"].tolist()
    [0.0, 1.0, 2.0, 1.0, 0.0]
    """
    shapes = {INPUT: network.x_shape} | {one.name: one.shape for one in network.nodes}
    name = network.nodes[-1].name if node is None else node
    if name not in shapes:
        nearest = (get_close_matches(str(name), shapes, 1, 0.0) or [INPUT])[0]
        raise LayerError("node_unknown", "node", {"node": nearest}, value=name, nearest=nearest)
    _refuse_large(network)
    at = _placed(_size(shapes[name]), place)
    top = np.zeros(_size(shapes[name]))
    top[at] = 1
    counts: dict[str, Counts] = {name: top}
    scales: dict[str, int] = {}
    additions = 0
    for one in reversed(network.nodes):
        if one.name not in counts:
            continue
        scale = scales.get(one.name, 0)
        for below, part in zip(one.inputs, _below(one, counts[one.name], [shapes[n] for n in one.inputs]), strict=True):
            _added(counts, scales, below, part, scale)
        additions += _additions(one)
    exact = not scales and all(table.max() < WHOLE for table in counts.values())
    return Seen(name, at, counts, scales, 0.0 if exact else additions * 2.0**-52)


def _refuse_large(network: Nested) -> None:
    """Refuse a network to whose cells paths are not counted; a reshape moves those of all channels."""
    whole = [prod(node.shape if isinstance(node.layer, Reshape) else _size(node.shape)) for node in network.nodes]
    if (count := prod(_size(network.x_shape)) + sum(whole)) > MOST:
        raise LayerError("seen_cells", "layers", None, count=count, most=MOST)


def _size(shape: Shape) -> Shape:
    """The size of a map without its channels; features are a row of cells."""
    return shape[1:] or shape


def _placed(size: Shape, place: Sequence[int] | int | None) -> tuple[int, ...]:
    if place is None:
        return tuple(n // 2 for n in size)
    given = tuple(place) if isinstance(place, Sequence | np.ndarray) else (place,)
    last = tuple(n - 1 for n in size)
    within = (isinstance(n, int | np.integer) and 0 <= n <= most for n, most in zip(given, last, strict=False))
    if len(given) != len(size) or not all(within):
        raise LayerError("place", "output", {"output": last}, value=place, last=last, nearest=last)
    return tuple(int(n) for n in given)


def _added(counts: dict[str, Counts], scales: dict[str, int], name: str, part: Counts, scale: int) -> None:
    """Add paths to those that came by other ways; both are told in the larger of their scales."""
    mine = scales.get(name, 0)
    if name in counts and mine != scale:
        larger = max(mine, scale)
        part, counts[name] = part * 2.0 ** (scale - larger), counts[name] * 2.0 ** (mine - larger)
        scale = larger
    table = counts[name] + part if name in counts else part
    if table.max() > LARGEST:
        table, scale = table / LARGEST, scale + 600
    counts[name] = table
    if scale:
        scales[name] = scale


def _below(node: Node, above: Counts, shapes: list[Shape]) -> list[Counts]:
    """The paths to the cells of each input of a node, from those to its own."""
    layer = node.layer
    if node.has_taps:
        if not layer.shared:
            return [np.full(_size(shapes[0]), above.sum())]
        for number, axis in enumerate(layer.taps.axes):
            above = _along(above, axis, number)
        return [above]
    if isinstance(layer, Flatten | Reshape):
        (shape,) = shapes
        all_channels = np.broadcast_to(above, node.shape).reshape(shape)
        return [all_channels.max(axis=0) if len(shape) > 1 else all_channels]
    if hasattr(layer, "sources") and len(node.shape) == 1:  # features are moved one by one
        flat = np.append(above, 0.0)
        return [flat[place] for place in layer.sources(*shapes)]
    if isinstance(layer, Crop):
        wide = np.zeros(_size(shapes[0]))
        starts = [(n - w) // 2 for n, w in zip(wide.shape, above.shape, strict=True)]
        wide[tuple(slice(start, start + w) for start, w in zip(starts, above.shape, strict=True))] = above
        return [wide]
    return [above] * len(shapes)


def _along(above: Counts, axis: Axis, number: int) -> Counts:
    """The paths one layer further down along one axis: each tap hands on the count of its output to what it reads."""
    rows = np.ascontiguousarray(np.moveaxis(above, number, 0))
    used = np.flatnonzero(rows.reshape(len(rows), -1).any(axis=1))
    found = np.zeros((axis.size, *rows.shape[1:]))
    if used.size:
        first, last = used[0], used[-1] + 1
        for column in axis.sources[first:last].T:
            there = np.flatnonzero(column >= 0)
            cells = column[there]
            if (cells[1:] > cells[:-1]).all():
                found[cells] += rows[first + there]
            else:  # padding that copies cells has several outputs read the same one
                np.add.at(found, cells, rows[first + there])
    return np.moveaxis(found, 0, number)


def _additions(node: Node) -> int:
    """How many numbers at most are added one after the other for a count below a node: each may be rounded once."""
    if not node.has_taps:
        return 1
    if not node.layer.shared:
        return prod(node.shape)
    folds = node.layer.padding_mode != "zeros"  # then a cell may be read by several outputs through one tap
    return sum(axis.sources.size if folds else axis.kernel_size for axis in node.layer.taps.axes)
