"""Transposed convolution: the taps of a convolution with input and output swapped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, ClassVar

from convviz.errors import LayerError
from convviz.layers import arguments as read
from convviz.layers import linear
from convviz.layers.base import Base, Given
from convviz.layers.calling import told
from convviz.layers.formula import Formula, transposed_formula
from convviz.layers.parameter import Parameter
from convviz.layers.repair import checked
from convviz.sizes import spanned
from convviz.taps import Taps, spread_axis


def _settle(layer: Any) -> None:
    """Read and check the arguments."""
    size = read.input_sizes(layer.input_size)
    dims = len(size)
    settled = {
        "input_size": size,
        "kernel_size": read.sizes("kernel_size", layer.kernel_size, dims),
        "stride": read.sizes("stride", layer.stride, dims),
        "padding": read.padding(layer.padding, dims, read.SAME_WORDS),
        "output_padding": read.sizes("output_padding", layer.output_padding, dims, 0),
        "dilation": read.sizes("dilation", layer.dilation, dims),
        "in_channels": read.whole("in_channels", layer.in_channels),
        "out_channels": read.whole("out_channels", layer.out_channels),
        "groups": read.whole("groups", layer.groups),
        "bias": read.flag("bias", layer.bias),
        "flip": read.flag("flip", layer.flip),
    }
    for name, value in settled.items():
        object.__setattr__(layer, name, value)
    read.groups(layer.groups, layer.in_channels, layer.out_channels)
    _refuse_wide_output_padding(layer)
    _refuse_empty_output(layer)


def _refuse_wide_output_padding(layer: Any) -> None:
    most = [max(s, d) - 1 for s, d in zip(layer.stride, layer.dilation, strict=True)]
    for extra, s, d, m in zip(layer.output_padding, layer.stride, layer.dilation, most, strict=True):
        if extra > m:
            fixed = read.brief(tuple(min(a, m) for a, m in zip(layer.output_padding, most, strict=True)))
            raise LayerError(
                "output_padding",
                "output_padding",
                {"output_padding": fixed},
                value=extra,
                stride=s,
                dilation=d,
                nearest=fixed,
            )


def _refuse_empty_output(layer: Any) -> None:
    if min(layer.output_size) >= 1:
        return
    whole = tuple(o + sum(pads) for o, pads in zip(layer.output_size, layer.pads, strict=True))
    fixed = []
    for full, (before, after) in zip(whole, layer.pads, strict=True):
        kept_before = min(before, (full - 1) // 2 if before == after else full - 1)
        fixed.append((kept_before, min(after, full - 1 - kept_before)))
    axis = next(n for n, o in enumerate(layer.output_size) if o < 1)
    nearest = read.brief_pads(tuple(fixed))
    value = read.brief_pads(layer.pads)
    raise LayerError("empty", "padding", {"padding": nearest}, value=value, full=whole[axis], nearest=nearest)


@told
@dataclass(frozen=True)
class ConvTranspose(Base):
    """A transposed convolution layer, its parameters as PyTorch means them: those of the convolution it transposes.

    Raises LayerError for what cannot be. output_padding makes the output larger at its end, and adds no zeros to it.
    padding: cells, as for Conv, or "valid", or "same" (also "same_upper"): as in TensorFlow the output is then
    input x stride. What is too many is cropped, the odd cell after ("same_lower": before). A stamp narrower than the
    stride leaves the output too short: nothing is cropped, and cells that no stamp reaches are added at its end.

    >>> layer = ConvTranspose(3, 3, stride=2, padding=1)
    >>> layer.output_size, layer.parameters, layer.macs
    ((5, 5), 9, 81)
    >>> ConvTranspose(3, 3, stride=2, padding="same").output_size
    (6, 6)
    """

    input_size: Given
    kernel_size: Given
    stride: Given = 1
    padding: Given = 0
    output_padding: Given = 0
    dilation: Given = 1
    in_channels: int = 1
    out_channels: int = 1
    groups: int = 1
    bias: bool = False
    flip: bool = False

    kind: ClassVar[str] = "tconv"
    reduce: ClassVar[str] = "sum"
    spreads: ClassVar[bool] = True
    enlarges: ClassVar[bool] = True
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        Parameter("input_size", "i", "size", 1, 32, main=True),
        Parameter("kernel_size", "k", "size", 1, 7, main=True),
        Parameter("stride", "s", "size", 1, 4, main=True),
        Parameter("padding", "p", "padding", 0, 4, choices=read.SAME_WORDS, main=True),
        Parameter("output_padding", "a", "size", 0, 3),
        Parameter("dilation", "d", "size", 1, 4),
        Parameter("in_channels", "c", "count", 1, 4),
        Parameter("out_channels", "o", "count", 1, 4),
        Parameter("groups", "g", "count", 1, 4, divides=("in_channels", "out_channels")),
        Parameter("bias", "b", "flag"),
        Parameter("flip", "f", "flag"),
    )

    def __post_init__(self) -> None:
        checked(self, _settle)

    @cached_property
    def span(self) -> tuple[int, ...]:
        """How many cells one stamp of the dilated kernel spans: d(k-1) + 1 for each axis."""
        return tuple(map(spanned, self.kernel_size, self.dilation))

    @cached_property
    def pads(self) -> read.Pads:
        """The (before, after) cells that are cropped from each axis of the output."""
        if self.padding not in read.SAME:
            return read.resolve(self.padding, self.input_size, self.span, self.stride)
        axes = zip(self.span, self.output_padding, self.stride, strict=True)
        return tuple(read.halved(self.padding, max(e + a - s, 0)) for e, a, s in axes)

    @cached_property
    def extra(self) -> tuple[int, ...]:
        """How many cells each axis of the output has at its end beyond the last stamp: output_padding, or, padded
        "same", as many as bring it to input x stride."""
        axes = zip(self.span, self.output_padding, self.stride, strict=True)
        return tuple(max(a, s - e) if self.padding in read.SAME else a for e, a, s in axes)

    @cached_property
    def output_size(self) -> tuple[int, ...]:
        axes = zip(self.input_size, self.stride, self.pads, self.span, self.extra, strict=True)
        return tuple((i - 1) * s - sum(pads) + span + extra for i, s, pads, span, extra in axes)

    @property
    def x_shape(self) -> tuple[int, ...]:
        return (self.in_channels, *self.input_size)

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """PyTorch's: (in_channels, out_channels / groups, *kernel_size)."""
        return (self.in_channels, self.out_channels // self.groups, *self.kernel_size)

    @property
    def parameters(self) -> int:
        return prod(self.weight_shape) + self.bias * self.out_channels

    @property
    def macs(self) -> int:
        """Multiply-accumulates: every stamp of every channel, whether or not the padding crops it."""
        return prod(self.input_size) * prod(self.weight_shape)

    @cached_property
    def taps(self) -> Taps:
        """The gather order: an ordinary stride-1 convolution over the spread input."""
        return self._laid(self.output_size, self.cropped)

    @property
    def cropped(self) -> tuple[int, ...]:
        """How many cells of the stamps the padding crops before the output, on each axis."""
        return tuple(before for before, _ in self.pads)

    @cached_property
    def stamps(self) -> Taps:
        """The taps of all stamps whole: the padding crops none of their cells, and none are added at the end."""
        axes = zip(self.input_size, self.stride, self.span, strict=True)
        return self._laid(tuple((i - 1) * s + span for i, s, span in axes), (0,) * len(self.input_size))

    def _laid(self, outputs: tuple[int, ...], cropped: tuple[int, ...]) -> Taps:
        axes = zip(self.input_size, outputs, self.kernel_size, self.stride, self.dilation, cropped, strict=True)
        return Taps(tuple(spread_axis(i, o, k, s, d, before, self.flip) for i, o, k, s, d, before in axes))

    def formula(self, axis: int = 0) -> Formula:
        """The size of the output along `axis`, in symbols and numbers."""
        return transposed_formula(
            self.input_size[axis],
            self.pads[axis],
            self.kernel_size[axis],
            self.stride[axis],
            self.dilation[axis],
            self.extra[axis],
            self.output_size[axis],
        )

    def takes_part(self) -> linear.Array:
        """(steps, taps): which reads have an input index; an inserted zero has none."""
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
        reads, weights = linear.pulled_back(upstream, windows, self.kernels(weight))
        return reads, linear.ungrouped(weights, weight.shape, transposed=True)

    def kernels(self, weight: linear.Array) -> linear.Array:
        """The weight as (groups, out per group, in per group, kernel cells)."""
        return linear.grouped(weight, self.groups, len(self.kernel_size), transposed=True)
