"""Nodes that only move values: flatten, reshape, join, cut, choose, shuffle. Every output cell is one input cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import prod
from typing import Any, ClassVar

import numpy as np

from convviz.errors import LayerError
from convviz.layers import arguments as read
from convviz.layers.elementwise import Shape, one
from convviz.layers.linear import Array


class _Moved:
    """A node whose outputs are its inputs in other places, so that its gradient goes back to where they came from."""

    kind: ClassVar[str]

    def output_shape(self, *shapes: Shape) -> Shape:
        raise NotImplementedError

    def forward(self, *inputs: Array) -> Array:
        raise NotImplementedError

    def parameters(self, shape: Shape) -> int:
        """How many numbers it learns: none."""
        return 0

    def sources(self, *shapes: Shape) -> list[Array]:
        """For each input, (cells,) the output cell to which each of its cells goes, in raster order, or -1."""
        counts = [prod(shape) for shape in shapes]
        starts = [0, *accumulate(counts)]
        numbers = [np.arange(a, a + n).reshape(s) for a, n, s in zip(starts, counts, shapes, strict=False)]
        came = self.forward(*numbers).ravel()
        place = np.full(starts[-1], -1)
        place[came] = np.arange(came.size)
        return [place[a : a + n] for a, n in zip(starts, counts, strict=False)]

    def backward(self, upstream: Array, inputs: Sequence[Array], output: Array) -> tuple[Array, ...]:
        """Each input cell gets what came back to its place; 0 where it went nowhere."""
        flat = np.append(upstream.ravel(), np.zeros(1, dtype=upstream.dtype))
        places = self.sources(*[x.shape for x in inputs])
        return tuple(flat[place].reshape(x.shape) for place, x in zip(places, inputs, strict=True))


@dataclass(frozen=True)
class Flatten(_Moved):
    """All values in one row, in raster order: what a dense layer takes.

    >>> Flatten().output_shape((2, 3, 3))
    (18,)
    """

    kind: ClassVar[str] = "flatten"

    def output_shape(self, *shapes: Shape) -> Shape:
        return (prod(one(self.kind, shapes)),)

    def forward(self, *inputs: Array) -> Array:
        return inputs[0].reshape(-1)


@dataclass(frozen=True)
class Reshape(_Moved):
    """The same values, in raster order, under another shape, channels first.

    >>> Reshape((2, 3, 3)).output_shape((18,))
    (2, 3, 3)
    """

    shape: Any

    kind: ClassVar[str] = "reshape"

    def __post_init__(self) -> None:
        given = self.shape if isinstance(self.shape, Sequence | np.ndarray) else (self.shape,)
        object.__setattr__(self, "shape", tuple(read.whole("shape", n) for n in given))

    def output_shape(self, *shapes: Shape) -> Shape:
        given = one(self.kind, shapes)
        if prod(given) != prod(self.shape):
            raise LayerError("reshape", "shape", None, value=self.shape, count=prod(self.shape), given=prod(given))
        return tuple(self.shape)

    def forward(self, *inputs: Array) -> Array:
        return inputs[0].reshape(self.shape)


@dataclass(frozen=True)
class Concat(_Moved):
    """The channels of all inputs, one input's behind another's; sizes must agree.

    >>> Concat().output_shape((2, 5, 5), (3, 5, 5))
    (5, 5, 5)
    """

    kind: ClassVar[str] = "concat"

    def output_shape(self, *shapes: Shape) -> Shape:
        if len(shapes) < 2:
            raise LayerError("node_inputs", "inputs", None, value=self.kind, count=len(shapes), wanted=2)
        for shape in shapes:
            if shape[1:] != shapes[0][1:]:
                raise LayerError("node_shapes", "inputs", None, value=self.kind, first=shapes[0], other=shape)
        return (sum(shape[0] for shape in shapes), *shapes[0][1:])

    def forward(self, *inputs: Array) -> Array:
        return np.concatenate(inputs)


@dataclass(frozen=True)
class Crop(_Moved):
    """The middle of every channel, `size` cells an axis; where it cannot be the middle, the odd cell is cut at the end.

    >>> Crop(3).forward(np.arange(6)[None]).tolist()
    [[1, 2, 3]]
    """

    size: object

    kind: ClassVar[str] = "crop"

    def output_shape(self, *shapes: Shape) -> Shape:
        channels, *given = one(self.kind, shapes)
        wanted = read.sizes("size", self.size, len(given))
        if any(w > g for w, g in zip(wanted, given, strict=True)):
            fits = tuple(min(pair) for pair in zip(wanted, given, strict=True))
            raise LayerError("crop", "size", {"size": read.brief(fits)}, value=wanted, given=tuple(given), nearest=fits)
        return (channels, *wanted)

    def forward(self, *inputs: Array) -> Array:
        (x,) = inputs
        wanted = self.output_shape(x.shape)[1:]
        starts = [(g - w) // 2 for g, w in zip(x.shape[1:], wanted, strict=True)]
        return x[(slice(None), *[slice(s, s + w) for s, w in zip(starts, wanted, strict=True)])]


@dataclass(frozen=True)
class Select(_Moved):
    """Some of the channels, in the order given: a number, or several.

    >>> Select((0, 2)).output_shape((3, 5, 5))
    (2, 5, 5)
    """

    channels: Any

    kind: ClassVar[str] = "select"

    def __post_init__(self) -> None:
        given = self.channels if isinstance(self.channels, Sequence | range | np.ndarray) else (self.channels,)
        chosen = tuple(read.whole("channels", n, 0) for n in given)
        if not chosen or len(set(chosen)) < len(chosen):
            raise LayerError("channels", "channels", {"channels": (0,)}, value=chosen, nearest="(0,)")
        object.__setattr__(self, "channels", chosen)

    def output_shape(self, *shapes: Shape) -> Shape:
        count, *rest = one(self.kind, shapes)
        if max(self.channels) >= count:
            nearest = tuple(c for c in self.channels if c < count) or (0,)
            raise LayerError(
                "select", "channels", {"channels": nearest}, value=self.channels, count=count, nearest=nearest
            )
        return (len(self.channels), *rest)

    def forward(self, *inputs: Array) -> Array:
        return inputs[0][list(self.channels)]


@dataclass(frozen=True)
class ChannelShuffle(_Moved):
    """The channels in another order: the first of every group, then the second of every group, and so on.

    x: (channels, *size), any number of axes; the output has the same shape. So each group of a grouped convolution that
    follows gets channels from all groups of the one before (Zhang et al., "ShuffleNet", arXiv 1707.01083, section 3.1).
    As PyTorch's nn.ChannelShuffle. Raises LayerError where `groups` does not divide the channels.

    >>> ChannelShuffle(2).forward(np.arange(6)).tolist()
    [0, 3, 1, 4, 2, 5]
    """

    groups: Any

    kind: ClassVar[str] = "channelshuffle"

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", read.whole("groups", self.groups))

    def output_shape(self, *shapes: Shape) -> Shape:
        given = one(self.kind, shapes)
        if given[0] % self.groups:
            nearest = read.nearest_divisor(self.groups, given[0])
            raise LayerError(
                "shuffle", "groups", {"groups": nearest}, value=self.groups, channels=given[0], nearest=nearest
            )
        return given

    def forward(self, *inputs: Array) -> Array:
        (x,) = inputs
        apart = x.reshape(self.groups, -1, *x.shape[1:])
        return np.ascontiguousarray(apart.swapaxes(0, 1)).reshape(x.shape)
