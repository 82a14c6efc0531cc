"""cv.output: what a layer or a network gives, without a record of its steps, for arrays larger than a trace may be.

One strided slice of the input for each kernel cell, weighed and added up. The slices are read from the taps, like
everything else: along one axis the outputs that a kernel cell serves, and the inputs it reads for them, are evenly
spaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import product
from math import prod
from typing import Any, Protocol, runtime_checkable

import numpy as np

from convviz.graph import Nested
from convviz.layers import Layer
from convviz.layers.linear import Array, as_whole, exact_kind, largest
from convviz.layers.memory import refuse
from convviz.run import passed
from convviz.taps import INPUT as IN
from convviz.taps import Axis
from convviz.trace import arrays_of, trace

MOST = 2**27
"""Values of the largest array that is made: 1 GiB."""

BLOCK = 2**15
"""About how many outputs are computed at a time: as many as the processor's own memory holds."""


@runtime_checkable
class AtOnce(Protocol):
    """A layer that knows a way of its own to give its whole output."""

    def at_once(self, x: Array) -> Array: ...


@dataclass(frozen=True)
class Stretch:
    """The outputs that one kernel cell serves along an axis, and the inputs that it reads for them: evenly spaced."""

    outputs: slice
    inputs: slice


def output(shown: Any, x: object = None, weight: object = None, bias: object = None, seed: int = 0) -> Array:
    """What a layer or a network gives for x, equal to the trace's output; no step is recorded.

    x: (channels, *size), no batch; weight, bias: as for `cv.trace`; for a network, weight is its `weights`. Arrays left
    out are small integers from `seed`. Returns (channels, *output_size), or (features,): exact for integers, float64
    for floats. Raises LayerError for wrong arrays, and for more than 2^27 values in one array.

    >>> import convviz as cv
    >>> cv.output(cv.Conv(3, 2), [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], [[[[1, 0], [0, -1]]]]).tolist()
    [[[-4, -4], [-4, -4]]]
    >>> cv.output(cv.Conv(1024, 3, padding=1)).shape
    (1, 1024, 1024)
    """
    if not isinstance(shown, Nested):
        return _of_layer(shown, x, weight, bias, seed)
    values, _, _ = passed(shown, x, weight, seed, _of_layer)
    return values[shown.nodes[-1].name]


def _of_layer(layer: Layer, x: Any, weight: Any, bias: Any, seed: int) -> Array:
    refuse_large_arrays(layer)
    x, weight, bias = arrays_of(layer, x, weight, bias, seed)
    if not layer.shared:
        return _dense(x, weight, bias)
    if isinstance(layer, AtOnce):
        return layer.at_once(x)
    return _BY_WAY.get(layer.reduce, _recorded)(layer, x, weight, bias)


def refuse_large_arrays(layer: Layer) -> None:
    """Refuse a layer of which one array would hold more than MOST values, and name a smaller one."""
    if hasattr(layer, "x_shape") and (count := _largest_array(layer)) > MOST:
        refuse(layer, "too_many_taps", count, MOST, lambda smaller: _largest_array(smaller) <= MOST)


def _largest_array(layer: Layer) -> int:
    return max(prod(layer.x_shape), prod(layer.y_shape), prod(layer.weight_shape or (0,)))


def _dense(x: Array, weight: Array, bias: Array | None) -> Array:
    kind = exact_kind(x, weight, bias, len(x))
    sums: Array = weight.astype(kind) @ x.astype(kind)
    return as_whole(sums if bias is None else sums + bias.astype(kind), x, weight, bias)


def _laid(layer: Layer, x: Array) -> tuple[Array, list[Array]]:
    """The input and, for each axis, the (outputs, kernel cells) table of the cells read, -1 for none.

    Where the padding has values of its own it is laid around the input first.
    """
    tables = []
    for d, axis in enumerate(layer.taps.axes):
        around = _has_values_around(axis)
        x = x.take(axis.canvas, axis=d + 1) if around else x
        tables.append(axis.positions if around else axis.sources)
    return x, tables


def _has_values_around(axis: Axis) -> bool:
    return bool((axis.canvas[axis.kinds != IN] >= 0).any())


def _stretches(table: Array, least: int, most: int) -> list[Stretch | None]:
    """For each kernel cell of an axis, its outputs from `least` to below `most`, counted from `least`; None: none."""
    found: list[Stretch | None] = []
    for column in table[least:most].T:
        outputs = np.flatnonzero(column >= 0)
        found.append(Stretch(_even(outputs), _even(column[outputs])) if len(outputs) else None)
    return found


def _even(places: Array) -> slice:
    """Evenly spaced places as a slice."""
    first, last = int(places[0]), int(places[-1])
    return slice(first, last + 1, (last - first) // max(len(places) - 1, 1) or 1)


def _blocks(layer: Layer, tables: list[Array]) -> Iterator[tuple[slice, list[tuple[int, tuple[slice, ...], Any]]]]:
    """The rows of the first axis in blocks; for each, the kernel cells with the slices that they write and read.

    A kernel cell is told by its raster number.
    """
    first, *others = layer.output_size
    rows = max(BLOCK // max(prod(others), 1), 1)
    beside = [_stretches(table, 0, len(table)) for table in tables[1:]]
    for start in range(0, first, rows):
        end = min(start + rows, first)
        each = [_stretches(tables[0], start, end), *beside]
        cells = []
        for number, along in enumerate(product(*each)):
            there = [one for one in along if one]
            if len(there) == len(each):
                reads = (slice(None), *(one.inputs for one in there))
                cells.append((number, (slice(None), *(one.outputs for one in there)), reads))
        yield slice(start, end), cells


def _sum(layer: Layer, x: Array, weight: Array, bias: Array | None) -> Array:
    kernels = layer.kernels(weight)
    groups, outs, ins, taps = kernels.shape
    kind = exact_kind(x, kernels, bias, ins * taps)
    if kind is object:  # what no window reads does not count
        kind = exact_kind(np.where(layer.taps.input_counts > 0, x, 0), kernels, bias, ins * taps)
    laid, tables = _laid(layer, x.astype(kind) if kind is object else _fitted(layer, x, kind))
    kernels = kernels.astype(kind)
    sums = np.zeros((groups * outs, *layer.output_size), dtype=kind)
    if bias is not None:
        sums += bias.astype(kind).reshape(-1, *(1,) * len(layer.output_size))
    weigh = _scaled if outs == ins == 1 else _mixed
    for rows, cells in _blocks(layer, tables):
        block = sums[:, rows]
        for number, writes, reads in cells:
            block[writes] += weigh(laid[reads], kernels[..., number])
    return as_whole(sums, x, weight, bias)


def _fitted(layer: Layer, x: Array, kind: type) -> Array:
    """The input in numbers of a kind; where it has larger ones, which no window reads, 0 stands for them."""
    return (np.where(layer.taps.input_counts > 0, x, 0) if x.dtype == object else x).astype(kind)


def _scaled(values: Array, weights: Array) -> Array:
    """(groups, *cells) under one weight a group."""
    return values * weights.reshape(-1, *(1,) * (values.ndim - 1))


def _mixed(values: Array, weights: Array) -> Array:
    """(channels, *cells) under (groups, outs, ins) weights -> (groups * outs, *cells)."""
    groups, outs, ins = weights.shape
    sums = weights @ values.reshape(groups, ins, -1)
    return np.asarray(sums.reshape(groups * outs, *values.shape[1:]))


def _largest_of(layer: Layer, x: Array, weight: None, bias: None) -> Array:
    laid, tables = _laid(layer, x)
    best = np.full((len(x), *layer.output_size), x.min(), dtype=x.dtype)  # no window is without an input
    for rows, cells in _blocks(layer, tables):
        block = best[:, rows]
        for _, writes, reads in cells:
            block[writes] = np.maximum(block[writes], laid[reads])
    return best


def _mean(layer: Any, x: Array, weight: None, bias: None) -> Array:
    taps = prod(layer.kernel_size)
    kind = x.dtype if x.dtype.kind == "f" or largest(x) * taps < 2**63 else object
    laid, tables = _laid(layer, x.astype(kind))
    sums = np.zeros((len(x), *layer.output_size), dtype=kind)
    for rows, cells in _blocks(layer, tables):
        block = sums[:, rows]
        for _, writes, reads in cells:
            block[writes] += laid[reads]
    return np.asarray(sums / reduce(np.multiply.outer, layer.counted), dtype=np.float64)


def _recorded(layer: Layer, x: Array, weight: Array | None, bias: Array | None) -> Array:
    """The trace's output, of a layer that reduces its windows in a way which is not known here."""
    return trace(layer, x, weight, bias).output


_BY_WAY: dict[str, Callable[..., Array]] = {"sum": _sum, "max": _largest_of, "mean": _mean}
"""By how a window's products become an output."""
