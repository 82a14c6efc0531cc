"""The dense (fully connected) layer: every output reads every input, each through a weight of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from convviz.layers import arguments as read
from convviz.layers import linear
from convviz.layers.base import Base, Given
from convviz.layers.calling import told
from convviz.layers.formula import Formula, given_formula
from convviz.layers.parameter import Parameter
from convviz.layers.repair import checked
from convviz.taps import Axis, Taps


def _settle(layer: Any) -> None:
    """Read and check the arguments."""
    object.__setattr__(layer, "in_features", read.whole("in_features", layer.in_features))
    object.__setattr__(layer, "out_features", read.whole("out_features", layer.out_features))
    object.__setattr__(layer, "bias", read.flag("bias", layer.bias))


@told
@dataclass(frozen=True)
class Dense(Base):
    """A dense layer. x: (in_features,); weight: (out_features, in_features); output: (out_features,).

    >>> Dense(25, 9).parameters
    234
    """

    in_features: Given
    out_features: Given
    bias: bool = True

    kind: ClassVar[str] = "dense"
    reduce: ClassVar[str] = "sum"
    shared: ClassVar[bool] = False
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        Parameter("in_features", "i", "count", 1, 16, main=True),
        Parameter("out_features", "o", "count", 1, 16, main=True),
        Parameter("bias", "b", "flag"),
    )

    def __post_init__(self) -> None:
        checked(self, _settle)

    @property
    def input_size(self) -> tuple[int, ...]:
        return (self.in_features,)

    @property
    def kernel_size(self) -> tuple[int, ...]:
        return (self.in_features,)

    @property
    def stride(self) -> tuple[int, ...]:
        """One window over all inputs, which stands still."""
        return (1,)

    @property
    def dilation(self) -> tuple[int, ...]:
        return (1,)

    @property
    def span(self) -> tuple[int, ...]:
        return self.kernel_size

    @property
    def pads(self) -> read.Pads:
        return ((0, 0),)

    @property
    def groups(self) -> int:
        return 1

    @property
    def out_channels(self) -> int:
        return 1

    @property
    def output_size(self) -> tuple[int, ...]:
        return (self.out_features,)

    @property
    def x_shape(self) -> tuple[int, ...]:
        return (self.in_features,)

    @property
    def weight_shape(self) -> tuple[int, ...]:
        return (self.out_features, self.in_features)

    @property
    def parameters(self) -> int:
        return self.in_features * self.out_features + self.bias * self.out_features

    @property
    def macs(self) -> int:
        return self.in_features * self.out_features

    @cached_property
    def taps(self) -> Taps:
        inputs = np.arange(self.in_features)
        return Taps((Axis(self.in_features, 1, 0, inputs, np.tile(inputs, (self.out_features, 1))),))

    def formula(self, axis: int = 0) -> Formula:
        return given_formula(self.out_features)

    def kernels(self, weight: linear.Array) -> linear.Array:
        """The weight as (1, out_features, 1, in_features): a kernel of its own for every output."""
        return weight[None, :, None, :]

    def takes_part(self) -> linear.Array:
        return self.taps.flat_exists

    def combine(self, windows: linear.Array, weight: linear.Array, bias: linear.Array | None) -> linear.Array:
        """(1, steps, taps) -> (1, steps): each step under its own row of the weight."""
        sums = linear.weighted_sum(windows[:, :1], self.kernels(weight), bias)
        return sums.T

    def products(self, window: linear.Array, weight: linear.Array, step: int) -> linear.Array:
        """(1, taps) of one step -> (taps, 1, 1)."""
        return linear.tap_products(window, self.kernels(weight)[:, step : step + 1])

    def pull_back(
        self, upstream: linear.Array, windows: linear.Array, weight: linear.Array
    ) -> tuple[linear.Array, linear.Array]:
        """The gradients of every read, (1, steps, taps), and of the weight; upstream: (1, steps)."""
        above, (one, other) = upstream.T, linear.roomy(upstream, weight)
        reads = (one.T * other)[None]
        one, other = linear.roomy(above, windows[0])
        return reads, one * other
