"""What a shift of the input changes: in a pooling, in a strided convolution, and in a pooling that blurs before it
skips.

The input is shifted circularly: what leaves it on one side comes back on the other. Blurring before values are left out
is what Zhang proposes in "Making convolutional networks shift-invariant again" (arXiv 1904.11486, section 3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Conv, Layer
from convviz.layers.linear import Array
from convviz.network import stack_of
from convviz.trace import trace

BLUR = (1, 2, 1)
"""The weights of the blur along each axis, before they are divided by their sum."""

NAMES = ("pool", "conv", "blur")


@dataclass(frozen=True)
class Ways:
    """Three ways to fewer outputs. pool: the layer itself; conv: a convolution with its window and stride that takes
    the first column from the last; every: the layer's windows at each place, around the ends; blur: the blur, at the
    layer's stride."""

    pool: Any
    conv: Conv
    every: Any
    blur: Conv

    def outputs(self, x: Array) -> dict[str, Array]:
        """(1, *size) -> what each of NAMES gives, (1, *outputs).

        >>> import convviz as cv
        >>> found = ways(cv.MaxPool((8,), 2)).outputs(np.array([[0, 0, 1, 1, 0, 0, 1, 1]]))
        >>> found["pool"].tolist(), found["blur"].tolist()
        ([[0, 1, 0, 1]], [[0.5, 1.0, 0.5, 1.0]])
        """
        around = np.pad(x, [(0, 0), *((0, after) for after in self._after)], mode="wrap")
        blur, whole = _blur(len(self.pool.input_size))
        each = trace(self.every, around).output
        return {
            "pool": trace(self.pool, x).output,
            "conv": trace(self.conv, x, _difference(self.conv.kernel_size)).output,
            "blur": trace(self.blur, each, blur, divisor=whole).output,
        }

    @property
    def _after(self) -> tuple[int, ...]:
        axes = zip(self.every.input_size, self.pool.input_size, strict=True)
        return tuple(wide - size for wide, size in axes)

    def sources(self) -> dict[str, Array]:
        """Of each of NAMES, (outputs, n): the inputs that an output reads, in raster order; -1 for none."""
        cells = np.unravel_index(self.every.taps.flat_sources, self.every.input_size)
        around = [cell % size for cell, size in zip(cells, self.pool.input_size, strict=True)]
        windows = np.ravel_multi_index(tuple(around), self.pool.input_size)
        blurred = windows[self.blur.taps.flat_sources].reshape(self.blur.taps.steps, -1)
        return {"pool": self.pool.taps.flat_sources, "conv": self.conv.taps.flat_sources, "blur": blurred}


def ways(layer: Layer) -> Ways:
    """The three ways, with the window and the stride of a pooling. Raises LayerError for what is no pooling of one
    channel."""
    refused = LayerError("view_shift", "view", {"view": "flat"}, value="shift", nearest="flat")
    if stack_of(layer) or layer.weight_shape or layer.enlarges or layer.adapts or layer.x_shape[0] > 1:
        raise refused
    pool: Any = layer
    size = tuple(layer.input_size)
    wide = tuple(i + span - 1 for i, span in zip(size, layer.span, strict=True))
    try:
        conv = Conv(size, layer.kernel_size, layer.stride, layer.pads, layer.dilation)
        every = replace(pool, input_size=wide, stride=1, padding=0, ceil_mode=False)
        return Ways(layer, conv, every, Conv(size, len(BLUR), layer.stride, 1, padding_mode="circular"))
    except LayerError:
        raise refused from None


def _blur(dims: int) -> tuple[Array, int]:
    """The weights of the blur in so many dimensions, and their sum."""
    weights = reduce(np.multiply.outer, [np.array(BLUR)] * dims)
    return weights[None, None], int(weights.sum())


def _difference(kernel_size: tuple[int, ...]) -> Array:
    """A kernel that takes the first column from the last; of one column, that column."""
    weights = np.zeros((1, 1, *kernel_size), dtype=np.int64)
    weights[..., 0] -= 1
    weights[..., -1] += 1 if kernel_size[-1] > 1 else 2
    return weights


def shifted(x: Array, by: int) -> Array:
    """An array, its last axis shifted circularly by so many cells towards its start.

    >>> shifted(np.array([[0, 0, 1, 1]]), 1).tolist()
    [[0, 1, 1, 0]]
    """
    return np.roll(x, -by, axis=-1)
