"""Taps: which output cell reads which input cell through which kernel cell.

Every layer of this library is a list of taps (output <- input x kernel). Along one axis the input is first laid
out on a *canvas* (with its padding and, for a transposed convolution, with zeros between its cells); then
output ``o`` reads canvas cell ``stride*o + dilation*k`` through kernel cell ``k``. In n dimensions the list is
the product of the axes. Everything that is computed or shown is a reading of these integer tables.

Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (arXiv 1603.07285), sections 2, 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import pairwise
from math import prod

import numpy as np
from numpy.typing import NDArray

from convviz.sizes import canvas_of_slides, canvas_of_spread, spanned

Ints = NDArray[np.int64]

ABSENT = -1
"""Where a canvas cell holds no input: a zero of the padding, or one between two inputs."""
INPUT, PADDING, INSERTED, BEYOND = 0, 1, 2, 3
"""What a canvas cell is: an input, padding around the inputs, a zero inserted between two inputs, or nothing at all,
where a window that was rounded up hangs over the end of the padded input."""


def _reflect(index: Ints, size: int) -> Ints:
    folded = np.abs(index) % max(2 * (size - 1), 1)
    return np.minimum(folded, 2 * (size - 1) - folded)


PADDING_MODES: dict[str, Callable[[Ints, int], Ints]] = {
    "zeros": lambda index, size: np.where((index >= 0) & (index < size), index, ABSENT),
    "reflect": _reflect,
    "replicate": lambda index, size: np.clip(index, 0, size - 1),
    "circular": lambda index, size: index % size,
}
"""Padding mode -> the input cell whose value stands at a (possibly outside) index, or ABSENT."""


@dataclass(frozen=True, eq=False)
class Axis:
    """All taps along one axis.

    size: the number of inputs; spacing: canvas cells from one input to the next; origin: the canvas cell of
    input 0; canvas: (L,) the input whose value stands in each canvas cell, or ABSENT; positions: (O, K) the
    canvas cell that output o reads through kernel cell k; padded: how many canvas cells the input and its padding
    have, or None where that is all of them; missing: (O, K) the taps that are not there, or None; clamped: (O,) the
    outputs whose missing taps would read beyond the border, or None.
    """

    size: int
    spacing: int
    origin: int
    canvas: Ints
    positions: Ints
    padded: int | None = None
    missing: NDArray[np.bool_] | None = None
    clamped: NDArray[np.bool_] | None = None

    @property
    def padded_size(self) -> int:
        """The number of canvas cells, not counting those that only a window hanging over the end reaches."""
        return len(self.canvas) if self.padded is None else self.padded

    @property
    def outputs(self) -> int:
        return self.positions.shape[0]

    @property
    def kernel_size(self) -> int:
        return self.positions.shape[1]

    @cached_property
    def sources(self) -> Ints:
        """(O, K): the input cell whose value is read, or ABSENT."""
        found = self.canvas[self.positions]
        return found if self.missing is None else np.where(self.missing, ABSENT, found)

    @cached_property
    def kinds(self) -> Ints:
        """(L,): INPUT, PADDING, INSERTED or BEYOND for each canvas cell."""
        offset = np.arange(len(self.canvas)) - self.origin
        last = (self.size - 1) * self.spacing
        within = (offset >= 0) & (offset <= last)
        kinds = np.where(~within, PADDING, np.where(offset % self.spacing == 0, INPUT, INSERTED))
        kinds[self.padded_size :] = BEYOND
        return kinds

    @cached_property
    def exists(self) -> NDArray[np.bool_]:
        """(O, K): whether an input index stands there at all (a zero inserted between inputs has none)."""
        on_one: NDArray[np.bool_] = (self.positions - self.origin) % self.spacing == 0
        return on_one if self.missing is None else on_one & ~self.missing

    @cached_property
    def reads(self) -> Ints:
        """(O, K): the input index read; outside 0..size-1 it is padding. Meaningful where `exists`."""
        return (self.positions - self.origin) // self.spacing

    @cached_property
    def input_counts(self) -> Ints:
        """(size,): how many taps read each input."""
        return np.bincount(self.sources[self.sources >= 0], minlength=self.size)

    @cached_property
    def output_counts(self) -> Ints:
        """(O,): how many taps with an input behind them reach each output."""
        return (self.sources >= 0).sum(axis=1)

    @cached_property
    def matrix(self) -> Ints:
        """(O, size): the number of taps from each input to each output."""
        table = np.zeros((self.outputs, self.size), dtype=np.int64)
        rows, columns = np.nonzero(self.sources >= 0)
        np.add.at(table, (rows, self.sources[rows, columns]), 1)
        return table


def sliding_axis(
    size: int,
    outputs: int,
    kernel_size: int,
    stride: int,
    dilation: int,
    before: int,
    after: int,
    mode: str = "zeros",
    flip: bool = False,
) -> Axis:
    """The axis of a convolution or a pooling: output o reads input ``stride*o + dilation*k - before``.

    The last window of a pooling that rounds up may hang over the padded input; the cells that it adds are BEYOND.

    >>> sliding_axis(5, 3, 3, stride=2, dilation=1, before=1, after=1).sources.tolist()
    [[-1, 0, 1], [1, 2, 3], [3, 4, -1]]
    """
    length = canvas_of_slides(size, outputs, spanned(kernel_size, dilation), stride, before, after)
    canvas = PADDING_MODES[mode](np.arange(length) - before, size)
    positions = stride * np.arange(outputs)[:, None] + dilation * np.arange(kernel_size)
    return Axis(size, 1, before, canvas, positions[:, :: -1 if flip else 1], size + before + after)


def spread_axis(
    size: int, outputs: int, kernel_size: int, stride: int, dilation: int, before: int, flip: bool = False
) -> Axis:
    """The axis of a transposed convolution, as a stride-1 convolution over the spread input (section 4.6).

    The input is spread ``stride`` apart and padded by ``dilation*(kernel_size-1) - before``; the kernel slides by
    1 and is turned around, so that input i reaches output ``stride*i + dilation*k - before``.

    >>> axis = spread_axis(3, 5, 3, stride=2, dilation=1, before=1)
    >>> axis.canvas.tolist(), axis.sources[0].tolist()
    ([-1, 0, -1, 1, -1, 2, -1], [-1, 0, -1])
    """
    margin = dilation * (kernel_size - 1) - before
    spread = (size - 1) * stride + 1
    first = min(0, -margin)
    length = canvas_of_spread(size, outputs, spanned(kernel_size, dilation), stride, before)
    offset = np.arange(length) + first
    inside = (offset >= 0) & (offset < spread) & (offset % stride == 0)
    canvas = np.where(inside, offset // stride, ABSENT)
    start = -margin - first
    turned = dilation * (kernel_size - 1 - np.arange(kernel_size))
    positions = start + np.arange(outputs)[:, None] + turned
    return Axis(size, stride, -first, canvas, positions[:, :: -1 if flip else 1])


def product(tables: list[Ints]) -> Ints:
    """(n, D): every combination of one entry from each of D one-dimensional tables, the last running fastest.

    >>> product([np.array([0, 1]), np.array([5, 6])]).tolist()
    [[0, 5], [0, 6], [1, 5], [1, 6]]
    """
    return np.stack(np.meshgrid(*tables, indexing="ij"), axis=-1).reshape(-1, len(tables))


@dataclass(frozen=True, eq=False)
class Taps:
    """The taps of a layer in D dimensions: the product of its axes.

    >>> taps = Taps((sliding_axis(4, 2, 3, 1, 1, 0, 0),) * 2)
    >>> taps.output_shape, taps.count, taps.input_counts.tolist()[0]
    ((2, 2), 36, [1, 2, 2, 1])
    """

    axes: tuple[Axis, ...]

    @property
    def input_shape(self) -> tuple[int, ...]:
        return tuple(axis.size for axis in self.axes)

    @property
    def output_shape(self) -> tuple[int, ...]:
        return tuple(axis.outputs for axis in self.axes)

    @property
    def kernel_shape(self) -> tuple[int, ...]:
        return tuple(axis.kernel_size for axis in self.axes)

    @property
    def canvas_shape(self) -> tuple[int, ...]:
        return tuple(len(axis.canvas) for axis in self.axes)

    @property
    def padded_shape(self) -> tuple[int, ...]:
        """The canvas without the cells that only windows hanging over its end reach."""
        return tuple(axis.padded_size for axis in self.axes)

    @property
    def count(self) -> int:
        """The number of taps: output cells times kernel cells, including taps on padding."""
        return prod(self.output_shape) * prod(self.kernel_shape)

    @property
    def steps(self) -> int:
        return prod(self.output_shape)

    def _flat(self, tables: list[Ints], shape: tuple[int, ...]) -> Ints:
        """(steps, taps): the raster number, within `shape`, of the cell that the (O, K) tables of the axes point to."""
        each = [table * prod(shape[d + 1 :]) for d, table in enumerate(tables)]
        pairs = range(0, 2 * len(tables), 2)  # of axes: the sums come as (O, K, O, K, ...)
        sums: Ints = reduce(np.add.outer, each)
        return sums.transpose(*pairs, *(n + 1 for n in pairs)).reshape(self.steps, -1)

    def _all(self, tables: list[NDArray[np.bool_]]) -> NDArray[np.bool_]:
        """(steps, taps): whether the (O, K) condition of each axis holds on all axes."""
        return self._flat([(~table).astype(np.int64) for table in tables], (1,) * (len(tables) + 1)) == 0

    @cached_property
    def flat_positions(self) -> Ints:
        """(steps, taps): the canvas cell, in raster order, that each step reads through each kernel cell."""
        return self._flat([axis.positions for axis in self.axes], self.canvas_shape)

    @cached_property
    def flat_sources(self) -> Ints:
        """(steps, taps): the input cell, in raster order, whose value is read, or ABSENT."""
        nowhere = -prod(self.input_shape)  # so negative that one absent axis keeps the sum negative
        tables = [np.where(axis.sources < 0, nowhere, axis.sources) for axis in self.axes]
        return np.maximum(self._flat(tables, self.input_shape), ABSENT)

    @cached_property
    def flat_exists(self) -> NDArray[np.bool_]:
        """(steps, taps): whether the read has an input index at all (an inserted zero has none)."""
        return self._all([axis.exists for axis in self.axes])

    def flat_within(self, sizes: tuple[int, ...]) -> NDArray[np.bool_]:
        """(steps, taps): whether the read lies within the first `sizes` canvas cells of each axis."""
        return self._all([axis.positions < n for axis, n in zip(self.axes, sizes, strict=True)])

    @cached_property
    def input_counts(self) -> Ints:
        """(*input_shape): how many taps read each input cell; 0 marks what is never read."""
        return reduce(np.multiply.outer, [axis.input_counts for axis in self.axes])

    @cached_property
    def output_counts(self) -> Ints:
        """(*output_shape): how many taps with an input behind them reach each output cell."""
        return reduce(np.multiply.outer, [axis.output_counts for axis in self.axes])

    def gathered(self, output: tuple[int, ...]) -> tuple[Ints, Ints]:
        """(n, D) input indices (outside: padding) and (n, D) kernel indices of one output cell."""
        rows = list(zip(self.axes, output, strict=True))
        present = [np.flatnonzero(axis.exists[o]) for axis, o in rows]
        reads = [axis.reads[o, k] for (axis, o), k in zip(rows, present, strict=True)]
        return product(reads), product(present)

    def scattered(self, cell: tuple[int, ...]) -> tuple[Ints, Ints]:
        """(n, D) output indices and (n, D) kernel indices that one input cell feeds."""
        found = [np.nonzero(axis.sources == i) for axis, i in zip(self.axes, cell, strict=True)]
        return product([o for o, _ in found]), product([k for _, k in found])


def compose(layers: list[Taps]) -> tuple[Ints, ...]:
    """For each axis an (outputs, inputs) table: how many chains of taps join a last output to a first input.

    Its non-zero entries are the receptive field; zeros inside it are what dilated stacks never read (gridding).
    Numbers beyond 64 bits, which deep stacks reach, are Python's own.

    >>> two = [Taps((sliding_axis(5, 3, 3, 1, 1, 0, 0),)), Taps((sliding_axis(3, 1, 3, 1, 1, 0, 0),))]
    >>> compose(two)[0].tolist()
    [[1, 2, 3, 2, 1]]
    """
    for first, second in pairwise(layers):
        if first.output_shape != second.input_shape:
            raise ValueError(f"layers do not fit: {first.output_shape} -> {second.input_shape}")
    return tuple(reduce(after, [taps.axes[d].matrix for taps in layers]) for d in range(len(layers[0].axes)))


def after(below: Ints, above: Ints) -> Ints:
    """Chains through two tables; in Python's integers once 64 bits might not hold their number."""
    if int(below.max()) * int(above.max()) * len(below) >= 2**63:
        below, above = below.astype(object), above.astype(object)
    return above @ below
