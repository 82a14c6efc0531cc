"""A kernel that is to be learned: a convolution whose weights are hidden, and how gradient descent looks for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, ClassVar

import numpy as np

from convviz.layers import arguments as read
from convviz.layers import linear
from convviz.layers.base import Given, Sliding
from convviz.layers.calling import told
from convviz.layers.conv import Conv
from convviz.layers.formula import Formula, conv_formula
from convviz.layers.parameter import Parameter
from convviz.layers.repair import checked
from convviz.sizes import windows

RATES, ROUNDS, PAIRS = (1, 200), (1, 200), 8
"""The least and the most learning rate, in percent of the edge, and training steps; the most pairs of pictures."""

STARTS: dict[str, tuple[float, ...]] = {"zeros": (0.0,), "small": (0.3, 0.1)}
"""The kernels that training starts from, by name: these numbers, again and again."""

REDUCTIONS = ("mean", "sum")
"""How squared errors become one loss, as PyTorch's MSELoss has it."""


@told
@dataclass(frozen=True)
class Learn(Sliding):
    """A convolution of one channel whose kernel is learned from pairs: a picture, and what a hidden one makes of it.

    input_size to dilation: as of `Conv`; pairs: how many pictures; learning_rate: in percent of the edge
    above which training diverges (see `convviz.learning`); rounds: training steps; start: one of STARTS; loss: the
    "mean" or the "sum" of the squared errors. Its input holds the pictures, (pairs, *input_size), and its weight is the
    hidden kernel. Raises LayerError for what cannot be.

    >>> layer = Learn((6, 8), (1, 2), learning_rate=90, loss="sum")
    >>> layer.output_size, layer.parameters
    ((6, 7), 2)
    """

    input_size: Given
    kernel_size: Given
    stride: Given = 1
    padding: Given = 0
    dilation: Given = 1
    pairs: int = 1
    learning_rate: int = 50
    rounds: int = 20
    start: str = "zeros"
    loss: str = "mean"

    kind: ClassVar[str] = "learn"
    reduce: ClassVar[str] = "sum"
    views: ClassVar[tuple[str, ...]] = ("learning", "grouped")
    """The views that show it: others would show the hidden kernel alone."""
    bias: ClassVar[bool] = False
    groups: ClassVar[int] = 1
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        *(one for one in Conv.parameter_list if one.letter in "ikspd"),
        Parameter("pairs", "n", "count", 1, 4),
        Parameter("learning_rate", "r", "count", 2, 120),
        Parameter("rounds", "t", "count", 5, 60),
        Parameter("start", "w", "choice", choices=tuple(STARTS)),
        Parameter("loss", "l", "choice", choices=REDUCTIONS),
    )

    def __post_init__(self) -> None:
        checked(self, _settle)

    @cached_property
    def output_size(self) -> tuple[int, ...]:
        return tuple(map(windows, self.padded_size, self.span, self.stride))

    @property
    def x_shape(self) -> tuple[int, ...]:
        return (self.pairs, *self.input_size)

    @property
    def out_channels(self) -> int:
        """One map a picture."""
        return self.pairs

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """PyTorch's, of one channel: (1, 1, *kernel_size)."""
        return (1, 1, *self.kernel_size)

    @property
    def parameters(self) -> int:
        return prod(self.kernel_size)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of one look at all pictures."""
        return self.pairs * prod(self.output_size) * prod(self.kernel_size)

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

    def taking(self, channels: int) -> dict[str, object]:
        """The arguments with which it takes so many pictures."""
        return {"pairs": channels}

    def kernels(self, weight: linear.Array) -> linear.Array:
        """The weight as (pairs, 1, 1, kernel cells): the same for each picture."""
        kernel = linear.grouped(weight, 1, len(self.kernel_size))
        return np.broadcast_to(kernel, (self.pairs, *kernel.shape[1:]))

    def takes_part(self) -> linear.Array:
        """(steps, taps): which reads enter the sum; here all, padding included."""
        return self.taps.flat_exists

    def combine(self, windows: linear.Array, weight: linear.Array, bias: None) -> linear.Array:
        """(pairs, steps, taps) -> (pairs, steps): one kernel for all pictures."""
        return linear.weighted_sum(windows, self.kernels(weight), None)

    def products(self, window: linear.Array, weight: linear.Array, step: int) -> linear.Array:
        """(pairs, taps) of one step -> (taps, 1, pairs)."""
        return linear.tap_products(window, self.kernels(weight))

    def pull_back(
        self, upstream: linear.Array, windows: linear.Array, weight: linear.Array
    ) -> tuple[linear.Array, linear.Array]:
        """The gradients of every read, (pairs, steps, taps), and of the kernel; upstream: (pairs, steps)."""
        reads, weights = linear.pulled_back(upstream, windows, self.kernels(weight))
        return reads, linear.total(weights, 0).reshape(weight.shape)


def _settle(layer: Any) -> None:
    """Read and check the arguments."""
    names = ("input_size", "kernel_size", "stride", "padding", "dilation")
    conv = Conv(**{name: getattr(layer, name) for name in names})
    settled: dict[str, object] = {name: getattr(conv, name) for name in names}
    settled["pairs"] = read.whole("pairs", layer.pairs, most=PAIRS)
    settled["learning_rate"] = read.whole("learning_rate", layer.learning_rate, *RATES)
    settled["rounds"] = read.whole("rounds", layer.rounds, *ROUNDS)
    settled["start"] = read.choice("start", layer.start, tuple(STARTS))
    settled["loss"] = read.choice("loss", layer.loss, REDUCTIONS)
    for name, value in settled.items():
        object.__setattr__(layer, name, value)
