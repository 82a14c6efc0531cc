"""What the layers with weights share: weighted sums over windows, in groups of channels."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

_EXACT_FLOAT = 2**53
_EXACT_INT = 2**63


def grouped(weight: Array, groups: int, kernel_dims: int, transposed: bool = False) -> Array:
    """PyTorch's weight layout as (groups, out per group, in per group, kernel cells).

    Conv: (out, in / groups, *kernel); transposed: (in, out / groups, *kernel).
    """
    first, second = weight.shape[: weight.ndim - kernel_dims]
    table = weight.reshape(groups, first // groups, second, prod(weight.shape[-kernel_dims:]))
    return table.swapaxes(1, 2) if transposed else table


def largest(values: Array) -> int:
    """The largest magnitude, exactly: the magnitude of the least 64-bit integer is no 64-bit integer."""
    return max(int(values.max(initial=0)), -int(values.min(initial=0)))


def _is_float(*arrays: Array | None) -> bool:
    return any(array is not None and array.dtype.kind == "f" for array in arrays)


def total(values: Array, axis: int) -> Array:
    """The sum along `axis`, exact for integers of any size."""
    if values.dtype.kind == "i" and largest(values) * values.shape[axis] >= _EXACT_INT:
        values = values.astype(object)
    return values.sum(axis=axis)


def roomy(one: Array, other: Array, terms: int = 1) -> tuple[Array, Array]:
    """Two arrays in which so many products of one's values with the other's add up exactly, if they are integers."""
    if not _is_float(one, other) and max(largest(one), 1) * max(largest(other), 1) * terms >= _EXACT_INT:
        return one.astype(object), other.astype(object)
    return one, other


def exact_kind(values: Array, weights: Array, bias: Array | None, terms: int) -> type:
    """The numbers in which a sum of so many products is exact: floats while they can hold it, then 64-bit integers,
    then Python's own; floats where any of the arrays has them."""
    if _is_float(values, weights, bias):
        return np.float64
    value, factor = max(largest(values), 1), max(largest(weights), 1)  # each must fit, even if the other is all zeros
    bound = terms * value * factor + (0 if bias is None else largest(bias))
    return np.float64 if bound < _EXACT_FLOAT else np.int64 if bound < _EXACT_INT else object


def as_whole(sums: Array, *arrays: Array | None) -> Array:
    """Sums in the numbers that they stand for: 64-bit integers where no array has floats; Python's own stay."""
    return sums if _is_float(*arrays) or sums.dtype == object else sums.astype(np.int64)


def weighted_sum(windows: Array, kernels: Array, bias: Array | None) -> Array:
    """(channels, steps, taps) windows under (groups, out, in, taps) kernels -> (channels out, steps).

    Exact for integers of any size: through floats while no sum can leave their exact range (the fast road),
    then 64-bit integers, then Python's own.
    """
    groups, outs, ins, taps = kernels.shape
    kind = exact_kind(windows, kernels, bias, ins * taps)
    steps = windows.shape[1]
    rows = windows.reshape(groups, ins, steps, taps).transpose(0, 1, 3, 2).reshape(groups, ins * taps, steps)
    sums: Array = kernels.reshape(groups, outs, ins * taps).astype(kind) @ rows.astype(kind)
    result = sums.reshape(groups * outs, steps)
    if bias is not None:
        result = result + bias[:, None].astype(kind)
    return as_whole(result, windows, kernels, bias)


def exact_product(one: Array, other: Array) -> Array:
    """The matrix product of two stacks of matrices, (..., n, m) and (..., m, k); exact for integers of any size."""
    if _is_float(one, other):
        return np.asarray(one.astype(np.float64) @ other.astype(np.float64))
    value, factor = max(largest(one), 1), max(largest(other), 1)
    bound = one.shape[-1] * value * factor
    kind: type = np.float64 if bound < _EXACT_FLOAT else np.int64 if bound < _EXACT_INT else object
    sums: Array = one.astype(kind) @ other.astype(kind)
    return np.asarray(sums if kind is object else sums.astype(np.int64))


def pulled_back(upstream: Array, windows: Array, kernels: Array) -> tuple[Array, Array]:
    """How the loss changes with each read and with each weight, given how it changes with each output.

    upstream: (channels out, steps); windows: (channels, steps, taps); kernels: (groups, out, in, taps). Returns
    (channels, steps, taps), the gradient of every read, and (groups, out, in, taps), that of every weight: the taps
    grouped by kernel cell.
    """
    groups, outs, ins, taps = kernels.shape
    steps = windows.shape[1]
    rows = windows.reshape(groups, ins, steps, taps).transpose(0, 2, 1, 3).reshape(groups, steps, ins * taps)
    above = upstream.reshape(groups, outs, steps)
    weights = exact_product(above, rows).reshape(kernels.shape)
    reads = exact_product(above.swapaxes(1, 2), kernels.reshape(groups, outs, ins * taps))
    return reads.reshape(groups, steps, ins, taps).transpose(0, 2, 1, 3).reshape(groups * ins, steps, taps), weights


def channel_sums(windows: Array, kernels: Array) -> Array:
    """(channels, steps, taps) windows under (groups, out, in, taps) kernels -> (channels out, in per group, steps).

    What each input channel adds to each output: the terms of `weighted_sum` before they are added up over channels.

    >>> channel_sums(np.array([[[1, 2]], [[3, 4]]]), np.ones((1, 1, 2, 2), dtype=np.int64)).tolist()
    [[[3], [7]]]
    """
    groups, outs, ins, taps = kernels.shape
    rows = windows.reshape(groups, ins, -1, taps)
    sums = exact_product(rows, kernels.transpose(0, 2, 3, 1))
    return sums.transpose(0, 3, 1, 2).reshape(groups * outs, ins, -1)


def divided(sums: Array, divisor: int) -> Array:
    """Sums divided by a whole number, each rounded once.

    >>> divided(np.array([45, 2]), 9).tolist()
    [5.0, 0.2222222222222222]
    """
    exact = sums.dtype.kind == "i" and largest(sums) >= _EXACT_FLOAT
    return np.asarray((sums.astype(object) if exact else sums) / divisor, dtype=np.float64)


def ungrouped(table: Array, shape: tuple[int, ...], transposed: bool = False) -> Array:
    """A (groups, out, in, taps) table in PyTorch's weight layout: the way back from `grouped`."""
    return (table.swapaxes(1, 2) if transposed else table).reshape(shape)


def scattered(reads: Array, sources: Array, size: int) -> Array:
    """(channels, steps, taps) numbers added up by the input cell that `sources` names: (channels, size).

    sources: (steps, taps), -1 where there is none. Exact for integers of any size.
    """
    hit = sources >= 0
    places = sources[hit]
    if reads.dtype.kind == "f" or largest(reads) * max(places.size, 1) < _EXACT_FLOAT:
        sums: Array = np.stack([np.bincount(places, row[hit].astype(np.float64), size) for row in reads])
        return sums if reads.dtype.kind == "f" else sums.astype(np.int64)
    exact = np.zeros((len(reads), size), dtype=object)
    for row, found in zip(reads, exact, strict=True):
        np.add.at(found, places, row[hit].astype(object))
    return exact


def tap_products(window: Array, kernels: Array) -> Array:
    """(channels, taps) of one window under (groups, out, in, taps) kernels -> (taps, in per group, channels out)."""
    groups, outs, ins, taps = kernels.shape
    window, kernels = roomy(window, kernels)
    table = window.reshape(groups, 1, ins, taps) * kernels
    return table.transpose(3, 2, 0, 1).reshape(taps, ins, groups * outs)
