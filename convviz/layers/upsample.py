"""Upsampling: every input repeated, or outputs blended of the inputs that they lie between."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, reduce
from math import prod
from typing import Any, ClassVar

import numpy as np

from convviz.layers import arguments as read
from convviz.layers.base import Given
from convviz.layers.between import blended_axis, blended_shares, repeated_axis
from convviz.layers.calling import told
from convviz.layers.linear import Array, largest, roomy, total
from convviz.layers.parameter import Parameter
from convviz.layers.repair import checked
from convviz.layers.resample import Resampling
from convviz.taps import Axis, Ints, Taps

NEAREST, BILINEAR = "nearest", "bilinear"
MODES = (NEAREST, BILINEAR)


def _settle_upsample(layer: Any) -> None:
    """Read and check the arguments."""
    size = read.input_sizes(layer.input_size)
    settled = {
        "input_size": size,
        "scale_factor": read.sizes("scale_factor", layer.scale_factor, len(size)),
        "mode": read.choice("mode", layer.mode, MODES),
        "channels": read.whole("channels", layer.channels),
    }
    for name, value in settled.items():
        object.__setattr__(layer, name, value)


@told
@dataclass(frozen=True)
class Upsample(Resampling):
    """Upsampling: an output of scale_factor times the input's size along each axis, each channel by itself. No weights.

    mode "nearest": each output is a copy of the input that it lies on. mode "bilinear": each output is the mean of its
    neighbours, two along each axis, the nearer one weighing more, as a float64. It means linear along each axis, in
    one, two and three dimensions; PyTorch calls these "linear", "bilinear" and "trilinear", with align_corners=False.
    Beyond the first and the last input there is no second neighbour: the input at the border counts alone.
    scale_factor: a whole number of at least 1, or one for each axis. Sizes as for Conv. Raises LayerError for what
    cannot be.

    >>> Upsample(3, 2).output_size, Upsample((2, 3), (1, 4), "bilinear").output_size
    ((6, 6), (2, 12))
    """

    input_size: Given
    scale_factor: Given = 2
    mode: str = NEAREST
    channels: int = 1

    kind: ClassVar[str] = "upsample"
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        Parameter("input_size", "i", "size", 1, 32, main=True),
        Parameter("scale_factor", "s", "size", 1, 4, main=True),
        Parameter("mode", "m", "choice", choices=MODES, main=True),
        Parameter("channels", "c", "count", 1, 4),
    )

    def __post_init__(self) -> None:
        checked(self, _settle_upsample)

    @property
    def reduce(self) -> str:
        """How an output comes of what it reads: a copy, or a blend."""
        return "blend" if self.divides else "copy"

    @property
    def divides(self) -> bool:
        """A blend of whole numbers may be a fraction."""
        return self.mode == BILINEAR

    @property
    def stride(self) -> tuple[int, ...]:
        """How many outputs lie where one input lay."""
        return tuple(self.scale_factor)

    @property
    def kernel_size(self) -> tuple[int, ...]:
        """Two inputs an axis where outputs lie between two, else one."""
        axes = zip(self.input_size, self.stride, strict=True)
        return tuple(1 + (self.divides and i > 1 and s > 1) for i, s in axes)

    @property
    def span(self) -> tuple[int, ...]:
        return tuple(2 * s - s % 2 if self.divides else s for s in self.stride)

    @property
    def pads(self) -> read.Pads:
        return tuple((s // 2, s // 2) if self.divides else (0, 0) for s in self.stride)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of a blend: every tap of every channel; a copy has none.

        Along an axis each output has one tap, and each that lies between two inputs one more.
        """
        axes = zip(self.input_size, self.stride, strict=True)
        return prod(i * s + (i - 1) * (s - s % 2) for i, s in axes) * self.channels * self.divides

    @cached_property
    def taps(self) -> Taps:
        axis = blended_axis if self.divides else repeated_axis
        return Taps(tuple(axis(i, s) for i, s in zip(self.input_size, self.stride, strict=True)))

    @cached_property
    def shares(self) -> Array | None:
        """(steps, taps) of a blend: the weight of each tap, 0 of what is not there; those of a step add up to 1."""
        if not self.divides:
            return None
        numerators, whole = self._numerators
        return np.asarray(numerators / whole)

    @cached_property
    def _numerators(self) -> tuple[Ints, int]:
        """(steps, taps) of a blend: its shares as whole numbers, and what those of a step add up to."""
        axes = [blended_shares(i, s) for i, s in zip(self.input_size, self.stride, strict=True)]
        sides = range(0, 2 * len(axes), 2)  # the products come as (O, K, O, K, ...)
        spread: Ints = reduce(np.multiply.outer, [table for table, _ in axes])
        table = spread.transpose(*sides, *(n + 1 for n in sides)).reshape(self.taps.steps, -1)
        return table, prod(whole for _, whole in axes)

    def combine(self, windows: Array, weight: None, bias: None) -> Array:
        """(channels, steps, taps) -> (channels, steps); a blend of whole numbers is rounded once, at its end."""
        if self.shares is None:
            return windows[..., 0]
        if windows.dtype.kind == "f":
            return np.asarray((windows * self.shares).sum(axis=-1))
        numerators, whole = self._numerators
        values, parts = roomy(windows, numerators, windows.shape[-1])
        return _parted(total(values * parts, axis=-1), whole)

    def at_once(self, x: Array) -> Array:
        """(channels, *input_size) -> (channels, *output_size), axis by axis."""
        values, whole = x, 1
        for place, axis in enumerate(self.taps.axes, start=1):
            if self.divides:
                shares, parts = blended_shares(axis.size, self.stride[place - 1])
                values, whole = _blended(values, axis, shares, place), whole * parts
            else:
                values = values.take(axis.positions[:, 0], axis=place)
        return _parted(values, whole) if self.divides else values

    def products(self, window: Array, weight: None, step: int) -> Array:
        """(channels, taps) of one step -> (taps, 1, channels)."""
        return (window if self.shares is None else window * self.shares[step]).T[:, None, :]

    def pull_back(self, upstream: Array, windows: Array, weight: None) -> tuple[Array, None]:
        """The gradient of every read, (channels, steps, taps): its share of that of the output.

        upstream: (channels, steps).
        """
        above = upstream[..., None]
        return (above if self.shares is None else above.astype(np.float64) * self.shares), None


def _parted(sums: Array, whole: int) -> Array:
    """Sums divided by a whole number as floats, rounded once: also those of integers that no float holds."""
    wide = sums.dtype.kind != "f" and largest(sums) >= 2**53
    return np.asarray((sums.astype(object) if wide else sums) / whole, dtype=np.float64)


def _blended(values: Array, axis: Axis, shares: Ints, place: int) -> Array:
    """The values, blended along one axis of the array by whole shares."""
    one, other = roomy(values, shares, shares.shape[1])
    along = (-1, *(1,) * (values.ndim - place - 1))
    columns = zip(axis.positions.T, other.T, strict=True)
    return np.asarray(sum(one.take(cells, axis=place) * part.reshape(along) for cells, part in columns))
