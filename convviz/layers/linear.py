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


def _bound(windows: Array, kernels: Array, terms: int) -> int:
    """What no sum of `terms` products can exceed, as an exact integer."""
    return terms * int(abs(windows).max(initial=0)) * int(abs(kernels).max(initial=0)) + 1


def weighted_sum(windows: Array, kernels: Array, bias: Array | None) -> Array:
    """(channels, steps, taps) windows under (groups, out, in, taps) kernels -> (channels out, steps).

    Exact for integers of any size: through floats while no sum can leave their exact range (the fast road),
    then 64-bit integers, then Python's own.
    """
    groups, outs, ins, taps = kernels.shape
    kind = object
    if windows.dtype.kind == "f" or kernels.dtype.kind == "f":
        kind = np.float64
    else:
        bound = _bound(windows, kernels, ins * taps)
        kind = np.float64 if bound < _EXACT_FLOAT else np.int64 if bound < _EXACT_INT else object
    steps = windows.shape[1]
    rows = windows.reshape(groups, ins, steps, taps).transpose(0, 1, 3, 2).reshape(groups, ins * taps, steps)
    sums = kernels.reshape(groups, outs, ins * taps).astype(kind) @ rows.astype(kind)
    total = sums.reshape(groups * outs, steps)
    if windows.dtype.kind != "f" and kernels.dtype.kind != "f" and kind is np.float64:
        total = total.astype(np.int64)
    return total if bias is None else _plus(total, bias[:, None])


def _plus(total: Array, bias: Array) -> Array:
    if total.dtype.kind == "i" and bias.dtype.kind == "i":
        largest = int(abs(total).max(initial=0)) + int(abs(bias).max(initial=0))
        if largest >= _EXACT_INT:
            return total.astype(object) + bias.astype(object)
    return total + bias


def tap_products(window: Array, kernels: Array) -> Array:
    """(channels, taps) of one window under (groups, out, in, taps) kernels -> (taps, in per group, channels out)."""
    groups, outs, ins, taps = kernels.shape
    if window.dtype.kind == "i" and kernels.dtype.kind == "i" and _bound(window, kernels, 1) >= _EXACT_INT:
        window = window.astype(object)
    table = window.reshape(groups, 1, ins, taps) * kernels
    return table.transpose(3, 2, 0, 1).reshape(taps, ins, groups * outs)
