"""Pooling by the size of the output: the input is shared out over as many windows as there are to be outputs.

Along one axis output o of O reads the inputs from floor(o*I/O) to before ceil((o+1)*I/O): where O does not divide I,
windows overlap and may differ in size. Source: PyTorch's AdaptivePooling.h, start_index and end_index.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from math import gcd, prod
from typing import Any, ClassVar

import numpy as np

from convviz.layers import arguments as read
from convviz.layers.base import Base, Channelwise, Given
from convviz.layers.calling import told
from convviz.layers.formula import Formula, given_formula
from convviz.layers.linear import Array, largest
from convviz.layers.parameter import Parameter
from convviz.layers.reducing import Largest, Mean
from convviz.layers.repair import checked
from convviz.taps import Axis, Taps


def adaptive_axis(size: int, outputs: int) -> Axis:
    """The axis of an adaptive pooling: the taps that a smaller window lacks lie on its last cell, and are missing.

    >>> adaptive_axis(5, 3).sources.tolist()
    [[0, 1, -1], [1, 2, 3], [3, 4, -1]]
    """
    number = np.arange(outputs)
    starts, ends = number * size // outputs, -(-(number + 1) * size // outputs)
    cells = starts[:, None] + np.arange(widest(size, outputs))
    missing = cells >= ends[:, None]
    return Axis(size, 1, 0, np.arange(size), np.minimum(cells, ends[:, None] - 1), missing=missing)


def widest(size: int, outputs: int, together: int = 1) -> int:
    """How many inputs the widest window reads, or so many windows side by side together.

    >>> widest(6, 3), widest(5, 3), widest(7, 1), widest(2, 5), widest(5, 3, together=2)
    (2, 3, 7, 2, 4)
    """
    common = gcd(size, outputs)
    inputs, parts = size // common, outputs // common
    return (together * inputs + 2 * (parts - 1)) // parts


def _settle(layer: Any) -> None:
    """Read and check the arguments."""
    size = read.input_sizes(layer.input_size)
    settled = {
        "input_size": size,
        "output_size": read.sizes("output_size", layer.output_size, len(size)),
        "channels": read.whole("channels", layer.channels),
    }
    for name, value in settled.items():
        object.__setattr__(layer, name, value)


class Adaptive(Channelwise, Base):
    """The base of poolings by output size: what follows from the two sizes. How a window is reduced is left to say."""

    input_size: Given
    output_size: Given

    adapts: ClassVar[bool] = True
    macs: ClassVar[int] = 0
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        Parameter("input_size", "i", "size", 1, 32, main=True),
        Parameter("output_size", "o", "size", 1, 16, main=True),
        Parameter("channels", "c", "count", 1, 4),
    )

    def __post_init__(self) -> None:
        checked(self, _settle)

    @cached_property
    def kernel_size(self) -> tuple[int, ...]:
        """The cells of the widest window along each axis."""
        return tuple(map(widest, self.input_size, self.output_size))

    @property
    def span(self) -> tuple[int, ...]:
        return self.kernel_size

    @property
    def stride(self) -> tuple[int, ...]:
        """How far the windows lie apart along each axis; where that differs, rounded down, and at least 1."""
        return tuple(max(i // o, 1) for i, o in zip(self.input_size, self.output_size, strict=True))

    @property
    def dilation(self) -> tuple[int, ...]:
        return (1,) * len(self.input_size)

    @property
    def pads(self) -> read.Pads:
        return ((0, 0),) * len(self.input_size)

    @property
    def repeats(self) -> tuple[tuple[int, int], ...]:
        """For each axis: after how many outputs the windows repeat, and how many inputs further."""
        axes = zip(self.input_size, self.output_size, strict=True)
        return tuple((o // gcd(i, o), i // gcd(i, o)) for i, o in axes)

    def window(self, axis: int, output: int) -> tuple[int, int]:
        """The first input that an output's window covers along an axis, and how many it covers.

        >>> [AdaptiveAvgPool((5,), 3).window(0, o) for o in range(3)]
        [(0, 2), (1, 3), (3, 2)]
        """
        size, outputs = self.input_size[axis], self.output_size[axis]
        first = output * size // outputs
        return first, -(-(output + 1) * size // outputs) - first

    @cached_property
    def taps(self) -> Taps:
        return Taps(tuple(map(adaptive_axis, self.input_size, self.output_size)))

    def takes_part(self) -> Array:
        """(steps, taps): the taps that are there; a smaller window has fewer."""
        return self.taps.flat_exists

    def formula(self, axis: int = 0) -> Formula:
        """The size of the output along `axis`: as it was asked for."""
        return given_formula(self.output_size[axis])

    def products(self, window: Array, weight: None, step: int) -> Array:
        """(channels, taps) of one step -> (taps, 1, channels): the values that compete, or are averaged."""
        return window.T[:, None, :]


@told
@dataclass(frozen=True)
class AdaptiveMaxPool(Largest, Adaptive):
    """Max pooling by the output's size: each output is the largest input in its window. No weights.

    output_size: a whole number of at least 1, or one for each axis; 1 is global max pooling. Window o of O along an
    axis with I inputs reads from floor(o*I/O) to before ceil((o+1)*I/O), as in PyTorch: windows overlap, and differ in
    size, where O does not divide I. Other sizes as for Conv. Raises LayerError for what cannot be.

    >>> layer = AdaptiveMaxPool((5,), 3)
    >>> layer.output_size, layer.combine(np.array([[[3, 1, 0], [1, 4, 1], [1, 5, 0]]]), None, None).tolist()
    ((3,), [[3, 4, 5]])
    """

    input_size: Given
    output_size: Given
    channels: int = 1

    kind: ClassVar[str] = "adaptivemaxpool"

    def at_once(self, x: Array) -> Array:
        """(channels, *input_size) -> (channels, *output_size), axis by axis."""
        for place, axis in enumerate(self.taps.axes, start=1):
            x = reduce(np.maximum, (x.take(cells, axis=place) for cells in axis.positions.T))
        return x


@told
@dataclass(frozen=True)
class AdaptiveAvgPool(Mean, Adaptive):
    """Average pooling by the output's size: each output is the mean of its window, as a float64. No weights.

    output_size 1 is global average pooling. Arguments and windows as for AdaptiveMaxPool.

    >>> AdaptiveAvgPool(7, 3).output_size, AdaptiveAvgPool((4, 6), (2, 3)).kernel_size
    ((3, 3), (2, 2))
    """

    input_size: Given
    output_size: Given
    channels: int = 1

    kind: ClassVar[str] = "adaptiveavgpool"

    def at_once(self, x: Array) -> Array:
        """(channels, *input_size) -> (channels, *output_size), axis by axis; divided once, at the end."""
        wide = x.dtype.kind != "f" and largest(x) * prod(self.kernel_size) >= 2**63
        sums = x.astype(object) if wide else x
        for place, axis in enumerate(self.taps.axes, start=1):
            sums = _added(sums, axis, place)
        counts = reduce(np.multiply.outer, [axis.output_counts for axis in self.taps.axes])
        return np.asarray(sums / counts, dtype=np.float64)


def _added(values: Array, axis: Axis, place: int) -> Array:
    """The sums of the windows along one axis of an array."""
    along = (-1, *(1,) * (values.ndim - place - 1))
    columns = zip(axis.positions.T, (axis.sources >= 0).T, strict=True)
    return np.asarray(sum(values.take(cells, axis=place) * there.reshape(along) for cells, there in columns))
