"""Pixel shuffle: channels side by side become cells side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isqrt
from typing import Any, ClassVar

import numpy as np

from convviz.layers import arguments as read
from convviz.layers.base import Given
from convviz.layers.calling import told
from convviz.layers.linear import Array
from convviz.layers.parameter import Parameter
from convviz.layers.repair import checked
from convviz.layers.resample import Resampling
from convviz.taps import Ints

_MOST_FACTOR = isqrt(read.LARGEST)
"""A larger one would make more channels of one than any argument may say."""


def _settle_shuffle(layer: Any) -> None:
    """Read and check the arguments."""
    object.__setattr__(layer, "input_size", read.sizes("input_size", layer.input_size, 2))
    factor = read.whole("upscale_factor", layer.upscale_factor, most=_MOST_FACTOR)
    object.__setattr__(layer, "upscale_factor", factor)
    object.__setattr__(layer, "channels", read.whole("channels", layer.channels, most=read.LARGEST // factor**2))


@told
@dataclass(frozen=True)
class PixelShuffle(Resampling):
    """Pixel shuffle: r x r channels side by side become r x r cells of one channel. No weights, no value is changed.

    x: (channels * r * r, height, width), r the upscale_factor; output: (channels, height * r, width * r), as PyTorch's
    PixelShuffle. channels: those of the output. Two-dimensional only: input_size is one number, or (height, width).
    Raises LayerError for what cannot be.

    >>> layer = PixelShuffle(3, 2)
    >>> layer.x_shape, layer.y_shape
    ((4, 3, 3), (1, 6, 6))
    """

    input_size: Given
    upscale_factor: int = 2
    channels: int = 1

    kind: ClassVar[str] = "pixelshuffle"
    reduce: ClassVar[str] = "shuffle"
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        Parameter("input_size", "i", "size", 1, 32, main=True),
        Parameter("upscale_factor", "s", "count", 1, 4, main=True),
        Parameter("channels", "c", "count", 1, 4),
    )

    def __post_init__(self) -> None:
        checked(self, _settle_shuffle)

    @property
    def stride(self) -> tuple[int, ...]:
        """How many outputs lie where one input lay."""
        return (self.upscale_factor,) * 2

    @property
    def x_shape(self) -> tuple[int, ...]:
        return (self.channels * self.upscale_factor**2, *self.input_size)

    @cached_property
    def channels_read(self) -> Ints:
        """(steps, channels): of each channel's r * r the one that has its place where the step writes."""
        rows, columns = np.indices(self.output_size).reshape(2, -1) % self.upscale_factor
        return (rows * self.upscale_factor + columns)[:, None] + np.arange(self.channels) * self.upscale_factor**2

    def taking(self, channels: int) -> dict[str, object]:
        """With the same factor, or else with the largest below it whose square divides so many channels."""
        factor = next(r for r in range(min(self.upscale_factor, isqrt(channels)), 0, -1) if channels % r**2 == 0)
        fix: dict[str, object] = {} if factor == self.upscale_factor else {"upscale_factor": factor}
        return fix | {"channels": channels // factor**2}

    def combine(self, windows: Array, weight: None, bias: None) -> Array:
        """(channels * r * r, steps, 1) -> (channels, steps)."""
        return windows[self.channels_read.T, np.arange(windows.shape[1]), 0]

    def at_once(self, x: Array) -> Array:
        """(channels * r * r, height, width) -> (channels, height * r, width * r)."""
        r, (height, width) = self.upscale_factor, self.input_size
        apart = x.reshape(self.channels, r, r, height, width)
        return apart.transpose(0, 3, 1, 4, 2).reshape(self.y_shape)

    def products(self, window: Array, weight: None, step: int) -> Array:
        """(channels * r * r, 1) of one step -> (1, 1, channels): the value that each channel copies."""
        return window[self.channels_read[step]].T[:, None, :]

    def pull_back(self, upstream: Array, windows: Array, weight: None) -> tuple[Array, None]:
        """The gradient of every read, (channels * r * r, steps, 1); upstream: (channels, steps)."""
        reads = np.zeros(windows.shape, dtype=upstream.dtype)
        reads[self.channels_read.T, np.arange(windows.shape[1]), 0] = upstream
        return reads, None
