"""What layers share that make their input larger by a rule of geometry, without weights.

An output lies between inputs, or on one, at a place that its index alone tells: so its taps have their weights from
there, and no two outputs side by side need have the same.
"""

from __future__ import annotations

from functools import cached_property
from math import prod
from typing import ClassVar

import numpy as np

from convviz.layers import arguments as read
from convviz.layers.base import Base, Channelwise
from convviz.layers.between import repeated_axis
from convviz.layers.formula import Formula, enlarged_formula
from convviz.layers.linear import Array
from convviz.taps import Ints, Taps


class Resampling(Channelwise, Base):
    """The base of layers whose output is their input, made larger by a whole factor on each axis.

    A layer of this kind says its factors (`stride`: how many outputs lie where one input lay) and its taps. Each
    channel of the output reads one channel of the input, which may change from step to step: `channels_read`.
    """

    enlarges: ClassVar[bool] = True
    placed: ClassVar[bool] = True

    @property
    def stride(self) -> tuple[int, ...]:
        raise NotImplementedError

    @property
    def kernel_size(self) -> tuple[int, ...]:
        """How many inputs, at most, an output reads along each axis."""
        return (1,) * len(self.input_size)

    @property
    def dilation(self) -> tuple[int, ...]:
        return (1,) * len(self.input_size)

    @property
    def span(self) -> tuple[int, ...]:
        """How many outputs one input reaches along each axis, borders ignored."""
        return self.stride

    @property
    def pads(self) -> read.Pads:
        """How many of the outputs that the first and the last input would reach lie beyond the output's border."""
        return ((0, 0),) * len(self.input_size)

    @property
    def output_size(self) -> tuple[int, ...]:
        return tuple(i * s for i, s in zip(self.input_size, self.stride, strict=True))

    @property
    def macs(self) -> int:
        """No value is multiplied: each is copied."""
        return 0

    @cached_property
    def taps(self) -> Taps:
        return Taps(tuple(repeated_axis(i, s) for i, s in zip(self.input_size, self.stride, strict=True)))

    @property
    def channels_read(self) -> Ints:
        """(steps, channels): the input channel that each step reads for each channel of the output."""
        return np.tile(np.arange(self.channels), (prod(self.output_size), 1))

    def formula(self, axis: int = 0) -> Formula:
        """The size of the output along `axis`, in symbols and numbers."""
        return enlarged_formula(self.input_size[axis], self.stride[axis], self.output_size[axis])

    def takes_part(self) -> Array:
        """(steps, taps): the taps that are there; at the border an output may read fewer inputs."""
        return self.taps.flat_exists
