"""A convolution of a picture: what it gives, without a record of its steps, and the record of any few windows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from convviz.kernels import combined
from convviz.layers import Conv
from convviz.layers.linear import Array
from convviz.output import output
from convviz.trace import Trace, arrays_of, trace


@dataclass(frozen=True, eq=False)
class Applied:
    """A convolution on values, of any size that `cv.output` takes.

    layer: of two axes, each kernel reading one channel; x: (channels, rows, columns); weight: PyTorch's layout;
    divisor: by which each sum of products is divided once, as in `cv.trace`.

    >>> found = Applied(Conv(4, 3), np.arange(16).reshape(1, 4, 4), np.ones((1, 1, 3, 3), dtype=int), 9)
    >>> found.output.tolist(), int(found.windows([(0, 1)])[0].total)
    ([[[5.0, 6.0], [9.0, 10.0]]], 54)
    """

    layer: Conv
    x: Array
    weight: Array
    divisor: int = 1

    @cached_property
    def sums(self) -> Array:
        """(channels, rows, columns): the sum of the products in each window."""
        return output(self.layer, self.x, self.weight)

    @cached_property
    def output(self) -> Array:
        """(channels, rows, columns): the sums, divided."""
        return self.sums if self.divisor == 1 else self.sums / self.divisor

    def windows(self, places: Any, channel: int = 0) -> Trace:
        """The record of the windows of some outputs alone: a step for each (row, column), in one channel.

        It is the trace of a layer of the same kernel that slides over these windows, laid side by side.
        """
        rows, columns = np.asarray(places).reshape(-1, 2).T
        down, across = (axis.sources[at] for axis, at in zip(self.layer.taps.axes, (rows, columns), strict=True))
        there = (down >= 0)[:, :, None] & (across >= 0)[:, None, :]
        pixels = np.where(there, self.x[channel][down[:, :, None], across[:, None, :]], 0)
        if self.layer.flip:  # the kernel's last cell reads a window's first one
            pixels = pixels[:, ::-1, ::-1]
        tall, wide = self.layer.kernel_size
        laid = pixels.transpose(1, 0, 2).reshape(1, tall, wide * len(rows))
        slides = Conv((tall, wide * len(rows)), (tall, wide), stride=(1, wide), flip=self.layer.flip)
        return trace(slides, laid, self.weight[channel : channel + 1], divisor=self.divisor)


def applied(shown: Applied | Trace) -> Applied:
    """The same of a trace, which has a record of every step."""
    if isinstance(shown, Applied):
        return shown
    return Applied(shown.layer, shown.x, shown.weight, shown.divisor)  # type: ignore[arg-type]


def usual(layer: Any) -> Applied:
    """A layer on the small whole numbers that stand in arrays which are left out."""
    x, weight, _ = arrays_of(layer, None, None, None, 0)
    return Applied(layer, x, np.asarray(weight))


@dataclass(frozen=True, eq=False)
class Twice:
    """Two kernels in a row: what the second makes of what the first gives, and what their convolution gives at once.

    >>> ones = np.ones((1, 1, 3, 3), dtype=int)
    >>> twice = in_a_row(Applied(Conv(5, 3, padding=1), np.ones((1, 5, 5), dtype=int), ones))
    >>> twice.once.weight.shape, int(twice.differs.sum()), bool(twice.differs[0, 1:-1, 1:-1].any())
    ((1, 1, 5, 5), 16, False)
    """

    first: Applied
    second: Applied
    once: Applied

    @cached_property
    def differs(self) -> Array:
        """(channels, rows, columns): where the two ways differ: between the two kernels the padding is laid anew."""
        return np.asarray(self.second.sums != self.once.sums)


def in_a_row(first: Applied, weight: Array | None = None, divisor: int | None = None) -> Twice:
    """A filter, and after it another one; weight: (rows, columns) of that one, the same again where it is left out."""
    own = first.weight[0, 0]
    following = own if weight is None else weight
    over = first.divisor if divisor is None else divisor
    both = combined(own, following)
    middle = [size // 2 for size in following.shape]
    again = replace(first.layer, input_size=first.layer.output_size, kernel_size=following.shape, padding=tuple(middle))
    wide = tuple((one + more, other + more) for (one, other), more in zip(first.layer.pads, middle, strict=True))
    once = replace(first.layer, kernel_size=both.shape, padding=wide)
    weights = [np.broadcast_to(one, (len(first.x), 1, *one.shape)) for one in (following, both)]
    divisors = first.divisor * over
    second = Applied(again, first.sums, weights[0], divisors)  # the sums of both are divided at the end, exactly
    return Twice(first, second, Applied(once, first.x, weights[1], divisors))
