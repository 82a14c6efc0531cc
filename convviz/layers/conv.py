"""Ordinary convolution: dilated, grouped, depthwise and pointwise included."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any, ClassVar

from convviz.errors import LayerError
from convviz.layers import arguments as read
from convviz.layers import linear
from convviz.layers.base import Given, Sliding
from convviz.layers.calling import making, told
from convviz.layers.formula import Formula, conv_formula
from convviz.layers.parameter import Parameter
from convviz.layers.repair import checked
from convviz.sizes import windows
from convviz.taps import PADDING_MODES

if TYPE_CHECKING:
    from convviz.layers.conv_transpose import ConvTranspose


def settle(layer: Any) -> None:
    """Read and check the arguments."""
    size = read.input_sizes(layer.input_size)
    dims = len(size)
    settled = {
        "input_size": size,
        "kernel_size": read.sizes("kernel_size", layer.kernel_size, dims),
        "stride": read.sizes("stride", layer.stride, dims),
        "padding": read.padding(layer.padding, dims),
        "dilation": read.sizes("dilation", layer.dilation, dims),
        "in_channels": read.whole("in_channels", layer.in_channels),
        "out_channels": read.whole("out_channels", layer.out_channels),
        "groups": read.whole("groups", layer.groups),
        "padding_mode": read.choice("padding_mode", layer.padding_mode, tuple(PADDING_MODES)),
        "bias": read.flag("bias", layer.bias),
        "flip": read.flag("flip", layer.flip),
    }
    for name, value in settled.items():
        object.__setattr__(layer, name, value)
    read.groups(layer.groups, layer.in_channels, layer.out_channels)
    read.fitting(layer.kernel_size, layer.dilation, layer.padded_size)
    read.mode_reaches(layer.padding_mode, layer.pads, size)


@dataclass(frozen=True)
class ConvArguments:
    """The arguments of a convolution, as a layer has them, or a block that is made of convolutions."""

    input_size: Given
    kernel_size: Given
    stride: Given = 1
    padding: Given = 0
    dilation: Given = 1
    in_channels: int = 1
    out_channels: int = 1
    groups: int = 1
    padding_mode: str = "zeros"
    bias: bool = False
    flip: bool = False


@told
@dataclass(frozen=True)
class Conv(ConvArguments, Sliding):
    """A convolution layer (cross-correlation, as every framework computes it; `flip=True` turns the kernel around).

    One number means the same on both axes of two dimensions; a tuple has an entry an axis: (n,) is one-dimensional,
    (d, h, w) three-dimensional. padding: cells, one for each axis, a (before, after) pair for each axis, or "valid",
    "same" (the odd cell after; also "same_upper"), "same_lower" (the odd cell before), "full", "causal"
    (one-dimensional), in any case of letters. Raises LayerError for what cannot be.

    >>> layer = Conv(5, 3, stride=2, padding=1)
    >>> layer.output_size, layer.parameters, layer.macs
    ((3, 3), 9, 81)
    """

    kind: ClassVar[str] = "conv"
    reduce: ClassVar[str] = "sum"
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        Parameter("input_size", "i", "size", 1, 32, main=True),
        Parameter("kernel_size", "k", "size", 1, 7, main=True),
        Parameter("stride", "s", "size", 1, 4, main=True),
        Parameter("padding", "p", "padding", 0, 4, choices=read.PADDING_WORDS, main=True),
        Parameter("dilation", "d", "size", 1, 4),
        Parameter("in_channels", "c", "count", 1, 4),
        Parameter("out_channels", "o", "count", 1, 4),
        Parameter("groups", "g", "count", 1, 4, divides=("in_channels", "out_channels")),
        Parameter("padding_mode", "m", "choice", choices=tuple(PADDING_MODES)),
        Parameter("bias", "b", "flag"),
        Parameter("flip", "f", "flag"),
    )

    def __post_init__(self) -> None:
        checked(self, settle)

    @cached_property
    def output_size(self) -> tuple[int, ...]:
        return tuple(map(windows, self.padded_size, self.span, self.stride))

    @property
    def x_shape(self) -> tuple[int, ...]:
        return (self.in_channels, *self.input_size)

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """PyTorch's: (out_channels, in_channels / groups, *kernel_size)."""
        return (self.out_channels, self.in_channels // self.groups, *self.kernel_size)

    @property
    def parameters(self) -> int:
        return prod(self.weight_shape) + self.bias * self.out_channels

    @property
    def macs(self) -> int:
        """Multiply-accumulates: every tap of every channel, on padding too."""
        return prod(self.output_size) * prod(self.weight_shape)

    def formula(self, axis: int = 0) -> Formula:
        """The size of the output along `axis`, in symbols and numbers."""
        return conv_formula(
            self.input_size[axis],
            self.pads[axis],
            self.kernel_size[axis],
            self.stride[axis],
            self.dilation[axis],
            self.output_size[axis],
        )

    def transpose(self) -> ConvTranspose:
        """The transposed convolution that restores this layer's input size, output_padding included.

        >>> Conv(6, 3, stride=2, padding=1).transpose().output_size
        (6, 6)
        """
        from convviz.layers.conv_transpose import ConvTranspose

        if self.padding_mode != "zeros":
            raise LayerError("transpose_mode", "padding_mode", {"padding_mode": "zeros"}, value=self.padding_mode)
        lost = tuple(
            (padded - span) % s for padded, span, s in zip(self.padded_size, self.span, self.stride, strict=True)
        )
        return ConvTranspose(
            self.output_size,
            self.kernel_size,
            self.stride,
            self.pads,
            lost,
            self.dilation,
            self.out_channels,
            self.in_channels,
            self.groups,
            flip=self.flip,
        )

    def kernels(self, weight: linear.Array) -> linear.Array:
        """The weight as (groups, out per group, in per group, kernel cells)."""
        return linear.grouped(weight, self.groups, len(self.kernel_size))

    def takes_part(self) -> linear.Array:
        """(steps, taps): which reads enter the sum; here all, padding included."""
        return self.taps.flat_exists

    def combine(self, windows: linear.Array, weight: linear.Array, bias: linear.Array | None) -> linear.Array:
        """(channels, steps, taps) -> (out_channels, steps)."""
        return linear.weighted_sum(windows, self.kernels(weight), bias)

    def products(self, window: linear.Array, weight: linear.Array, step: int) -> linear.Array:
        """(channels, taps) of one step -> (taps, in_channels / groups, out_channels)."""
        return linear.tap_products(window, self.kernels(weight))

    def pull_back(
        self, upstream: linear.Array, windows: linear.Array, weight: linear.Array
    ) -> tuple[linear.Array, linear.Array]:
        """The gradients of every read, (channels, steps, taps), and of the weight; upstream: (out_channels, steps)."""
        kernels = self.kernels(weight)
        reads, weights = linear.pulled_back(upstream, windows, kernels)
        return reads, linear.ungrouped(weights, weight.shape)


@making(Conv, "in_channels", "out_channels", "groups")
def depthwise(input_size: Any, kernel_size: object, channels: int = 3, multiplier: int = 1, **others: Any) -> Conv:
    """A convolution in which each kernel sees one channel only: groups equals in_channels.

    >>> depthwise(5, 3, channels=3, padding="same").parameters
    27
    """
    channels = read.whole("channels", channels)
    multiplier = read.whole("multiplier", multiplier, most=read.LARGEST // channels)
    return Conv(
        input_size, kernel_size, in_channels=channels, out_channels=channels * multiplier, groups=channels, **others
    )


@making(Conv, "kernel_size")
def pointwise(input_size: object, in_channels: int = 3, out_channels: int = 4, **others: Any) -> Conv:
    """A 1x1 convolution: a weighted sum through the channels of each cell.

    >>> pointwise(5, 3, 4).parameters
    12
    """
    return Conv(input_size, 1, in_channels=in_channels, out_channels=out_channels, **others)
