"""A layer between dense and convolution: its kernels are shared by some positions, by all, or by none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, ClassVar

import numpy as np

from convviz.errors import LayerError
from convviz.layers import arguments as read
from convviz.layers import linear
from convviz.layers.base import Given, Sliding
from convviz.layers.calling import told
from convviz.layers.conv import Conv
from convviz.layers.formula import Formula, conv_formula
from convviz.layers.parameter import Parameter
from convviz.layers.repair import checked
from convviz.sizes import windows


@told
@dataclass(frozen=True)
class Local(Sliding):
    """A convolution of one channel whose kernel is shared by blocks of `share` by `share` output positions only.

    share 1: each position has a kernel of its own, as in a locally connected layer; as large as the output: one kernel
    for all, the convolution. It must divide the output's size on each axis. weight: (kernels, 1, *kernel_size), a
    kernel a block in raster order. Raises LayerError for what cannot be.

    >>> [Local(8, 3, share=share).parameters for share in (1, 2, 3, 6)]
    [324, 81, 36, 9]
    """

    input_size: Given
    kernel_size: Given
    stride: Given = 1
    padding: Given = 0
    dilation: Given = 1
    share: int = 1

    kind: ClassVar[str] = "local"
    reduce: ClassVar[str] = "sum"
    views: ClassVar[tuple[str, ...]] = ("shares", "coverage")
    """The views that show it: others would show one kernel."""
    placed: ClassVar[bool] = True
    bias: ClassVar[bool] = False
    groups: ClassVar[int] = 1
    out_channels: ClassVar[int] = 1
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        *(one for one in Conv.parameter_list if one.letter in "ikspd"),
        Parameter("share", "h", "count", 1, 6, divides=("positions",)),
    )

    def __post_init__(self) -> None:
        checked(self, _settle)

    @cached_property
    def output_size(self) -> tuple[int, ...]:
        return tuple(map(windows, self.padded_size, self.span, self.stride))

    @property
    def positions(self) -> int:
        """Output positions along the first axis."""
        return self.output_size[0]

    @property
    def blocks(self) -> tuple[int, ...]:
        """Blocks of positions along each axis."""
        return tuple(size // self.share for size in self.output_size)

    @property
    def x_shape(self) -> tuple[int, ...]:
        return (1, *self.input_size)

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """(kernels, 1, *kernel_size)."""
        return (prod(self.blocks), 1, *self.kernel_size)

    @property
    def parameters(self) -> int:
        return prod(self.weight_shape)

    @property
    def macs(self) -> int:
        """Multiply-accumulates: as many as of the convolution, however its kernel is shared."""
        return prod(self.output_size) * prod(self.kernel_size)

    @cached_property
    def owners(self) -> linear.Array:
        """(steps,): the kernel of each output position.

        >>> Local(6, 3, share=2).owners.tolist()
        [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]
        """
        places = np.unravel_index(np.arange(prod(self.output_size)), self.output_size)
        return np.asarray(np.ravel_multi_index(tuple(place // self.share for place in places), self.blocks))

    def formula(self, axis: int = 0) -> Formula:
        """The size of the output along `axis`, in symbols and numbers."""
        k, s, d, o = (sizes[axis] for sizes in (self.kernel_size, self.stride, self.dilation, self.output_size))
        return conv_formula(self.input_size[axis], self.pads[axis], k, s, d, o)

    def taking(self, channels: int) -> dict[str, object]:
        """It takes one channel."""
        return {}

    def kernels(self, weight: linear.Array) -> linear.Array:
        """The weight as (1, kernels, 1, kernel cells)."""
        return linear.grouped(weight, 1, len(self.kernel_size))

    def takes_part(self) -> linear.Array:
        """(steps, taps): which reads enter the sum; here all, padding included."""
        return self.taps.flat_exists

    def combine(self, windows: linear.Array, weight: linear.Array, bias: None) -> linear.Array:
        """(1, steps, taps) -> (1, steps): each step under the kernel of its block."""
        table = self.kernels(weight)[0, :, 0][self.owners]
        values, factors = linear.roomy(windows[0], table, table.shape[1])
        return np.asarray((values * factors).sum(axis=1)[None])

    def products(self, window: linear.Array, weight: linear.Array, step: int) -> linear.Array:
        """(1, taps) of one step -> (taps, 1, 1)."""
        own = int(self.owners[step])
        return linear.tap_products(window, self.kernels(weight)[:, own : own + 1])

    def pull_back(
        self, upstream: linear.Array, windows: linear.Array, weight: linear.Array
    ) -> tuple[linear.Array, linear.Array]:
        """The gradients of every read, (1, steps, taps), and of the weight: of each kernel over its own positions."""
        table = self.kernels(weight)[0, :, 0]
        one, other = linear.roomy(upstream[0][:, None], table[self.owners])
        above, rows = linear.roomy(upstream[0][:, None], windows[0], len(self.owners))
        found = np.zeros(table.shape, dtype=(above * rows).dtype)
        np.add.at(found, self.owners, above * rows)
        return (one * other)[None], found.reshape(weight.shape)


def _settle(layer: Any) -> None:
    """Read and check the arguments."""
    names = ("input_size", "kernel_size", "stride", "padding", "dilation")
    conv = Conv(**{name: getattr(layer, name) for name in names})
    if len(conv.input_size) != 2:
        size = conv.input_size[0]
        raise LayerError("local_axes", "input_size", {"input_size": size}, value=layer.input_size, nearest=size)
    settled: dict[str, object] = {name: getattr(conv, name) for name in names}
    settled["share"] = share = read.whole("share", layer.share)
    for name, value in settled.items():
        object.__setattr__(layer, name, value)
    if any(size % share for size in conv.output_size):
        nearest = read.nearest_divisor(share, *conv.output_size)
        raise LayerError("share", "share", {"share": nearest}, value=share, size=conv.output_size, nearest=nearest)
