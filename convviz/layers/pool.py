"""Pooling: the taps of a depthwise convolution without weights; a window's largest value, or its mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from convviz.errors import LayerError
from convviz.layers import arguments as read
from convviz.layers.formula import Formula, conv_formula
from convviz.layers.linear import Array
from convviz.layers.parameter import Parameter
from convviz.taps import Taps, sliding_axis

_PARAMETERS = (
    Parameter("input_size", "i", "size", 1, 32, main=True),
    Parameter("kernel_size", "k", "size", 1, 7, main=True),
    Parameter("stride", "s", "size", 1, 4, main=True),
    Parameter("padding", "p", "padding", 0, 2, main=True),
    Parameter("channels", "c", "count", 1, 4),
    Parameter("ceil_mode", "e", "flag"),
)


def _settle(layer: Any, dims: int) -> None:
    """Read and check the arguments that both poolings have."""
    kernel_size = read.sizes("kernel_size", layer.kernel_size, dims)
    settled = {
        "kernel_size": kernel_size,
        "stride": kernel_size if layer.stride is None else read.sizes("stride", layer.stride, dims),
        "padding": read.padding(layer.padding, dims, ("valid", "same")),
        "channels": read.whole("channels", layer.channels),
        "ceil_mode": read.flag("ceil_mode", layer.ceil_mode),
    }
    for name, value in settled.items():
        object.__setattr__(layer, name, value)
    read.fitting(layer.kernel_size, layer.dilation, layer.padded_size)
    most = tuple(span // 2 for span in layer.span)
    if any(max(pair) > m for pair, m in zip(layer.pads, most, strict=True)):
        axis = next(n for n, (pair, m) in enumerate(zip(layer.pads, most, strict=True)) if max(pair) > m)
        fixed = tuple((min(b, m), min(a, m)) for (b, a), m in zip(layer.pads, most, strict=True))
        nearest = read.brief_pads(fixed)
        raise LayerError(
            "half",
            "padding",
            {"padding": nearest},
            value=read.brief_pads(layer.pads),
            most=most[axis],
            nearest=nearest,
        )


def _span(layer: Any) -> tuple[int, ...]:
    return tuple(d * (k - 1) + 1 for k, d in zip(layer.kernel_size, layer.dilation, strict=True))


def _padded_size(layer: Any) -> tuple[int, ...]:
    return tuple(i + sum(pads) for i, pads in zip(layer.input_size, layer.pads, strict=True))


def _output_size(layer: Any) -> tuple[int, ...]:
    """floor, or ceil where no window may start beyond the input and its padding before (PyTorch's rule)."""
    sizes = []
    for i, pads, span, s in zip(layer.input_size, layer.pads, layer.span, layer.stride, strict=True):
        room = i + sum(pads) - span
        o = (-(-room // s) if layer.ceil_mode else room // s) + 1
        sizes.append(o - 1 if layer.ceil_mode and (o - 1) * s >= i + pads[0] else o)
    return tuple(sizes)


def _taps(layer: Any) -> Taps:
    axes = zip(
        layer.input_size, layer.output_size, layer.kernel_size, layer.stride, layer.dilation, layer.pads, strict=True
    )
    return Taps(tuple(sliding_axis(i, o, k, s, d, before, after) for i, o, k, s, d, (before, after) in axes))


def _formula(layer: Any, axis: int) -> Formula:
    return conv_formula(
        layer.input_size[axis],
        layer.pads[axis],
        layer.kernel_size[axis],
        layer.stride[axis],
        layer.dilation[axis],
        layer.output_size[axis],
        layer.ceil_mode,
    )


@dataclass(frozen=True)
class MaxPool:
    """Max pooling: each output is the largest input in its window; padding never wins. No weights.

    >>> MaxPool(4, 2).output_size
    (2, 2)
    """

    input_size: Any
    kernel_size: Any
    stride: Any = None
    padding: Any = 0
    dilation: Any = 1
    channels: int = 1
    ceil_mode: bool = False

    kind: ClassVar[str] = "maxpool"
    reduce: ClassVar[str] = "max"
    shared: ClassVar[bool] = True
    weight_shape: ClassVar[None] = None
    parameters: ClassVar[int] = 0
    macs: ClassVar[int] = 0
    parameter_list: ClassVar[tuple[Parameter, ...]] = (*_PARAMETERS, Parameter("dilation", "d", "size", 1, 4))

    def __post_init__(self) -> None:
        size = read.input_sizes(self.input_size)
        object.__setattr__(self, "input_size", size)
        object.__setattr__(self, "dilation", read.sizes("dilation", self.dilation, len(size)))
        _settle(self, len(size))

    span = cached_property(_span)
    padded_size = property(_padded_size)
    output_size = cached_property(_output_size)
    taps = cached_property(_taps)
    formula = _formula

    @cached_property
    def pads(self) -> read.Pads:
        return read.resolve(self.padding, self.input_size, self.span, self.stride)

    @property
    def x_shape(self) -> tuple[int, ...]:
        return (self.channels, *self.input_size)

    def takes_part(self) -> Array:
        """(steps, taps): the reads that lie within the input."""
        return self.taps.flat_sources >= 0

    def combine(self, windows: Array, weight: None, bias: None) -> Array:
        """(channels, steps, taps) -> (channels, steps)."""
        part = self.takes_part()
        lowest = windows.min(initial=0)
        return np.where(part, windows, lowest).max(axis=-1)

    def products(self, window: Array, weight: None, step: int) -> Array:
        """(channels, taps) of one step -> (taps, 1, channels): the values that compete."""
        return window.T[:, None, :]


@dataclass(frozen=True)
class AvgPool:
    """Average pooling: each output is the mean of its window, padding zeros counted unless told otherwise. No weights.

    The mean is a float64, whatever the input holds.

    >>> AvgPool(5, 3, stride=2, padding=1).output_size
    (3, 3)
    """

    input_size: Any
    kernel_size: Any
    stride: Any = None
    padding: Any = 0
    channels: int = 1
    ceil_mode: bool = False
    count_include_pad: bool = True

    kind: ClassVar[str] = "avgpool"
    reduce: ClassVar[str] = "mean"
    shared: ClassVar[bool] = True
    weight_shape: ClassVar[None] = None
    parameters: ClassVar[int] = 0
    macs: ClassVar[int] = 0
    parameter_list: ClassVar[tuple[Parameter, ...]] = (*_PARAMETERS, Parameter("count_include_pad", "n", "flag"))

    def __post_init__(self) -> None:
        size = read.input_sizes(self.input_size)
        object.__setattr__(self, "input_size", size)
        object.__setattr__(self, "count_include_pad", read.flag("count_include_pad", self.count_include_pad))
        _settle(self, len(size))

    span = cached_property(_span)
    padded_size = property(_padded_size)
    output_size = cached_property(_output_size)
    taps = cached_property(_taps)
    formula = _formula

    @property
    def dilation(self) -> tuple[int, ...]:
        return (1,) * len(self.input_size)

    @cached_property
    def pads(self) -> read.Pads:
        return read.resolve(self.padding, self.input_size, self.span, self.stride)

    @property
    def x_shape(self) -> tuple[int, ...]:
        return (self.channels, *self.input_size)

    def takes_part(self) -> Array:
        """(steps, taps): the reads that the mean counts; cells that only ceil_mode adds never count."""
        if self.count_include_pad and self.padding != "same":
            return self.taps.flat_within(self.padded_size)
        return self.taps.flat_sources >= 0

    def combine(self, windows: Array, weight: None, bias: None) -> Array:
        """(channels, steps, taps) -> (channels, steps)."""
        return windows.sum(axis=-1) / self.takes_part().sum(axis=-1)

    def products(self, window: Array, weight: None, step: int) -> Array:
        """(channels, taps) of one step -> (taps, 1, channels): the values that are averaged."""
        return window.T[:, None, :]
