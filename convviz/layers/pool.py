"""Pooling: the taps of a depthwise convolution without weights; a window's largest value, or its mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from convviz.errors import LayerError
from convviz.layers import arguments as read
from convviz.layers.base import Channelwise, Given, Layer, Sliding
from convviz.layers.calling import told
from convviz.layers.formula import Formula, conv_formula
from convviz.layers.linear import Array
from convviz.layers.parameter import Parameter
from convviz.layers.reducing import Largest, Mean, Picks
from convviz.layers.repair import checked
from convviz.sizes import windows

_PARAMETERS = (
    Parameter("input_size", "i", "size", 1, 32, main=True),
    Parameter("kernel_size", "k", "size", 1, 7, main=True),
    Parameter("stride", "s", "size", 1, 4, main=True),
    Parameter("padding", "p", "padding", 0, 2, choices=read.SAME_WORDS, main=True),
    Parameter("channels", "c", "count", 1, 4),
    Parameter("ceil_mode", "e", "flag"),
)


def _settle(layer: Any) -> None:
    """Read and check the arguments that both poolings have."""
    size = read.input_sizes(layer.input_size)
    dims = len(size)
    kernel_size = read.sizes("kernel_size", layer.kernel_size, dims)
    settled = {
        "input_size": size,
        "kernel_size": kernel_size,
        "stride": kernel_size if layer.stride is None else read.sizes("stride", layer.stride, dims),
        "padding": read.padding(layer.padding, dims, read.SAME_WORDS),
        "channels": read.whole("channels", layer.channels),
        "ceil_mode": read.flag("ceil_mode", layer.ceil_mode),
    }
    for name, value in settled.items():
        object.__setattr__(layer, name, value)


def _settle_picking(layer: Any) -> None:
    _settle(layer)
    object.__setattr__(layer, "dilation", read.sizes("dilation", layer.dilation, len(layer.input_size)))
    read.fitting(layer.kernel_size, layer.dilation, layer.padded_size, layer.spare)
    _refuse_wide_padding(layer)
    _refuse_blank_windows(layer)


def _settle_avg(layer: Any) -> None:
    _settle(layer)
    object.__setattr__(layer, "count_include_pad", read.flag("count_include_pad", layer.count_include_pad))
    read.fitting(layer.kernel_size, layer.dilation, layer.padded_size, layer.spare)
    _refuse_wide_padding(layer)


def _refuse_wide_padding(layer: Any) -> None:
    """PyTorch's rule, which counts kernel cells, not dilation's gaps; "same", which is TensorFlow's, needs none."""
    if isinstance(layer.padding, str):
        return
    most = tuple(k // 2 for k in layer.kernel_size)
    wide = [n for n, (pair, m) in enumerate(zip(layer.pads, most, strict=True)) if max(pair) > m]
    if not wide:
        return
    nearest = read.brief_pads(tuple((min(b, m), min(a, m)) for (b, a), m in zip(layer.pads, most, strict=True)))
    value = read.brief_pads(layer.pads)
    raise LayerError("half", "padding", {"padding": nearest}, value=value, most=most[wide[0]], nearest=nearest)


def _refuse_blank_windows(layer: Layer) -> None:
    """Refuse windows whose gaps straddle the whole input: they read padding alone, and have no largest value.

    PyTorch takes such layers and answers minus infinity, which no integer and no picture can hold. A window that
    begins at input cell t (below 0 in the padding) is blank just where t < 0 and t mod dilation >= size: its first cell
    that is not before the input is then beyond it. So only a dilation wider than the input has any.
    """
    axes = zip(layer.input_size, layer.output_size, layer.stride, layer.dilation, layer.pads, strict=True)
    for i, o, s, d, (before, _) in axes:
        starts = np.arange(min(o, -(-before // s), 2**20) if d > i else 0) * s - before
        if (starts % d >= i).any():  # the first tap that is not before the input is beyond it
            closer = read.brief(tuple(min(pair) for pair in zip(layer.dilation, layer.input_size, strict=True)))
            value = read.brief(layer.dilation)
            raise LayerError("blank", "dilation", {"dilation": closer}, value=value, size=i, nearest=closer)


class Pooling(Channelwise, Sliding):
    """The base of poolings: one window a channel, without weights, whose last one ceil_mode may let hang over the end.

    A pooling says how it reduces a window: `reduce`, `combine`, `pull_back`, and which reads take part.
    """

    channels: int
    ceil_mode: bool

    macs: ClassVar[int] = 0

    @property
    def spare(self) -> tuple[int, ...]:
        """How many cells a first window may hang over the padded input: with ceil_mode, fewer than a stride has.

        It is PyTorch's rule: there is an output where padded - span > -stride, as ceil((padded - span) / stride) is
        then 0.
        """
        return tuple((s - 1) * self.ceil_mode for s in self.stride)

    @property
    def rounds_down(self) -> bool:
        """Whether a last window that does not fit is dropped."""
        return not self.ceil_mode

    @cached_property
    def output_size(self) -> tuple[int, ...]:
        """floor, or ceil where no window may start beyond the input and its padding before (PyTorch's rule)."""
        return tuple(self._rounded(axis) - self._late(axis) for axis in range(len(self.input_size)))

    def _rounded(self, axis: int) -> int:
        return windows(self.padded_size[axis], self.span[axis], self.stride[axis], self.ceil_mode)

    def _late(self, axis: int) -> bool:
        """Whether ceil_mode's last window would start in the padding after the input, and is left out."""
        start = (self._rounded(axis) - 1) * self.stride[axis]
        return bool(self.ceil_mode and start >= self.input_size[axis] + self.pads[axis][0])

    def formula(self, axis: int = 0) -> Formula:
        """The size of the output along `axis`, in symbols and numbers."""
        return conv_formula(
            self.input_size[axis],
            self.pads[axis],
            self.kernel_size[axis],
            self.stride[axis],
            self.dilation[axis],
            self.output_size[axis],
            self.ceil_mode,
            self._late(axis),
        )

    def products(self, window: Array, weight: None, step: int) -> Array:
        """(channels, taps) of one step -> (taps, 1, channels): the values that compete, or are averaged."""
        return window.T[:, None, :]


@dataclass(frozen=True)
class Picking(Picks, Pooling):
    """The base of poolings that pick one value of their window: all that a layer of this kind adds is which one."""

    input_size: Given
    kernel_size: Given
    stride: Given = None
    padding: Given = 0
    dilation: Given = 1
    channels: int = 1
    ceil_mode: bool = False

    parameter_list: ClassVar[tuple[Parameter, ...]] = (*_PARAMETERS, Parameter("dilation", "d", "size", 1, 4))

    def __post_init__(self) -> None:
        checked(self, _settle_picking)

    def takes_part(self) -> Array:
        """(steps, taps): the reads that lie within the input."""
        return self.taps.flat_sources >= 0


@told
@dataclass(frozen=True)
class MaxPool(Largest, Picking):
    """Max pooling: each output is the largest input in its window; padding never wins. No weights.

    Sizes and paddings as for Conv; stride left out is the kernel's size; padding: at most half the kernel's cells on
    each side, dilation not counted, or "valid", "same", "same_lower". ceil_mode takes what is left of a last window, as
    PyTorch does. Raises LayerError for what cannot be, and for a dilation with which a window reads no input at all.

    >>> MaxPool(4, 2).output_size, MaxPool((1,), 2, 2, ceil_mode=True).output_size
    ((2, 2), (1,))
    """

    kind: ClassVar[str] = "maxpool"


@told
@dataclass(frozen=True)
class AvgPool(Mean, Pooling):
    """Average pooling: each output is the mean of its window, padding zeros counted unless told otherwise. No weights.

    The mean is a float64, whatever the input holds. Sizes, paddings and ceil_mode as for MaxPool; the zeros of "same"
    and "same_lower" never count, nor do the cells by which ceil_mode's last window hangs over the padded input.

    >>> AvgPool(5, 3, stride=2, padding=1).output_size
    (3, 3)
    """

    input_size: Given
    kernel_size: Given
    stride: Given = None
    padding: Given = 0
    channels: int = 1
    ceil_mode: bool = False
    count_include_pad: bool = True

    kind: ClassVar[str] = "avgpool"
    parameter_list: ClassVar[tuple[Parameter, ...]] = (*_PARAMETERS, Parameter("count_include_pad", "n", "flag"))

    def __post_init__(self) -> None:
        checked(self, _settle_avg)

    @property
    def dilation(self) -> tuple[int, ...]:
        return (1,) * len(self.input_size)

    def takes_part(self) -> Array:
        """(steps, taps): the reads that the mean counts; cells that only ceil_mode adds never count."""
        if self.count_include_pad and self.padding not in read.SAME:
            return self.taps.flat_within(self.taps.padded_shape)
        return self.taps.flat_sources >= 0

    @property
    def counted(self) -> list[Array]:
        """For each axis (outputs,): how many cells of its window the mean counts along it."""
        if self.count_include_pad and self.padding not in read.SAME:
            return [(axis.positions < axis.padded_size).sum(axis=1) for axis in self.taps.axes]
        return [axis.output_counts for axis in self.taps.axes]
