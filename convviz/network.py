"""Stacks of layers: shapes, costs, receptive field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, takewhile
from math import prod
from typing import Any

import numpy as np

from convviz.errors import LayerError
from convviz.field import fields, followable, followed
from convviz.layers import Conv, Layer, depthwise, is_layer, pointwise
from convviz.layers.arguments import brief, whole
from convviz.layers.memory import made
from convviz.layers.notation import EXAMPLE, from_text, to_text
from convviz.taps import Ints, compose

LAYERS = 64
"""The most layers that the text of a stack may have."""


@dataclass(frozen=True)
class Row:
    """One layer of a network's summary; sizes in cells, costs in weights and multiply-accumulates.

    receptive_field, jump: for each axis, how many cells of the network's input one output cell sees, and how far apart
    in that input neighbouring output cells stand (a fraction after a transposed convolution).
    """

    layer: Any
    output_size: tuple[int, ...]
    parameters: int
    macs: int
    receptive_field: tuple[int, ...]
    jump: tuple[int | Fraction, ...]


@dataclass(frozen=True)
class Network:
    """A stack of layers, each taking what the one before gives. Raises LayerError where two do not fit.

    layers: a sequence of layers, and of stacks, which stand for their layers.

    >>> from convviz.layers import Conv
    >>> net = Network([Conv((16,), 3), Conv((14,), 3, dilation=2)])
    >>> net.receptive_field(), net.parameters
    ((7,), 6)
    """

    layers: Any

    def __post_init__(self) -> None:
        given = self.layers if isinstance(self.layers, Sequence) else ()
        layers = [one for each in given for one in (each.layers if isinstance(each, Network) else (each,))]
        if not layers or not all(is_layer(layer) for layer in layers):
            raise LayerError("network", "layers", None, value=self.layers)
        object.__setattr__(self, "layers", tuple(layers))
        for number, (below, above) in enumerate(pairwise(self.layers), start=1):
            given, wanted = (channels_out(below), *below.output_size), above.x_shape
            if given != wanted and not (len(wanted) == 1 and prod(given) == wanted[0]):
                self._refuse(number, given)

    def _refuse(self, number: int, given: tuple[int, ...]) -> None:
        """Say that a layer does not take what the one before gives, and which change of it would."""
        layer = self.layers[number]
        fix = _fitted(layer, given)
        fitting = (*self.layers[:number], replace(layer, **fix), *self.layers[number + 1 :])
        raise LayerError(
            "chain",
            "layers",
            {"layers": fitting},
            value=type(layer).__name__,
            number=number + 1,
            wanted=layer.x_shape,
            given=given,
            nearest=", ".join(f"{name} {value}" for name, value in fix.items()),
        )

    @property
    def kind(self) -> str:
        """The kind of its layers, or "network" where they differ."""
        kinds = {layer.kind for layer in self.layers}
        return str(kinds.pop()) if len(kinds) == 1 else "network"

    @property
    def input_size(self) -> tuple[int, ...]:
        size: tuple[int, ...] = self.layers[0].input_size
        return size

    @property
    def output_size(self) -> tuple[int, ...]:
        size: tuple[int, ...] = self.layers[-1].output_size
        return size

    @property
    def parameters(self) -> int:
        return sum(layer.parameters for layer in self.layers)

    @property
    def macs(self) -> int:
        return sum(layer.macs for layer in self.layers)

    def summary(self) -> list[Row]:
        """A row a layer. The field grows by (span - 1) times the strides before (Araujo et al., Distill 2019).

        A transposed convolution divides the jump by its stride, and what an output sees then depends on its place: told
        is the most. A dense layer sees all that the layer before it gives, and nothing after it can see more.
        """
        rows: list[Row] = []
        for layer, (field, jump) in zip(self.layers, fields(self.layers), strict=True):
            shown = tuple(int(j) if j.denominator == 1 else j for j in jump)
            rows.append(Row(layer, layer.output_size, layer.parameters, layer.macs, field, shown))
        return rows

    def receptive_field(self) -> tuple[int, ...]:
        """How many cells, along each axis, the receptive field of an output has: its extent, padding counted.

        It is what the literature's formula gives. At a border padding takes the place of inputs: see `cells_read`.
        """
        return self.summary()[-1].receptive_field

    def cells_read(self, output: tuple[int, ...] | None = None) -> int:
        """How many cells of the input one output reads, channels apart, as its taps show; 0 where all is padding.

        output: its place, an index an axis; left out, the one by which a picture shows the stack. The cells lie in the
        receptive field, and are fewer where dilation leaves gaps in it. Where padding is circular an output at the
        border reads from both ends. Raises LayerError for a place where no output is.

        >>> from convviz.layers import Conv
        >>> net = Network([Conv((4,), 2, padding="causal"), Conv((4,), 2, padding="causal", dilation=2)])
        >>> net.receptive_field(), net.cells_read(), net.cells_read((0,))
        ((4,), 4, 1)
        """
        place = followable(self.layers) if output is None else self._placed(output)
        return prod(int(np.count_nonzero(row)) for row in followed(self.layers, place)[0])

    def _placed(self, output: Any) -> tuple[int, ...]:
        last = tuple(size - 1 for size in self.output_size)
        given = tuple(output) if isinstance(output, Sequence | np.ndarray) else (output,)
        within = (isinstance(n, int | np.integer) and 0 <= n <= m for n, m in zip(given, last, strict=False))
        if len(given) != len(last) or not all(within):
            raise LayerError("place", "output", {"output": last}, value=output, last=last, nearest=last)
        return given

    @cached_property
    def chains(self) -> tuple[Ints, ...]:
        """An (outputs, inputs) table for each axis: how many chains of taps join them; 0: never read.

        All outputs of a dense layer above others see the same: they share one row.
        """
        if all(below.output_size == above.input_size for below, above in pairwise(self.layers)):
            return compose([layer.taps for layer in self.layers])
        shared = list(takewhile(lambda layer: layer.shared, self.layers))
        if not shared:
            return (np.ones((1, *self.input_size), dtype=np.int64),)
        return tuple(table.sum(axis=0, keepdims=True) for table in compose([layer.taps for layer in shared]))


BETWEEN = "~"
"""What stands between the layers of a stack's text."""


def stack_to_text(shown: Layer | Network) -> str:
    """The text of a layer, or of a stack: its layers' texts, joined.

    >>> stack_to_text(Network([Conv((9,), 3), Conv((7,), 3, dilation=2)]))
    'conv1d-i9-k3~conv1d-i7-k3-d2'
    """
    layers = shown.layers if isinstance(shown, Network) else (shown,)
    return BETWEEN.join(to_text(layer) for layer in layers)


def stack_from_text(text: str) -> Layer | Network:
    """The layer or the stack that a text stands for; raises LayerError for what cannot be read or does not fit."""
    parts = text.split(BETWEEN, LAYERS) if isinstance(text, str) else []
    if not 1 <= len(parts) <= LAYERS:
        raise LayerError("notation", "layer", {"layer": EXAMPLE}, value=text, nearest=EXAMPLE)
    layers = [from_text(part) for part in parts]
    return layers[0] if len(layers) == 1 else Network(layers)


def stacked(kernel_size: int, dilations: Sequence[int], dims: int = 2) -> Network:
    """A stack of convolutions without padding that ends in one output, over just the input that it sees.

    >>> stacked(3, (1, 2, 5)).input_size
    (17, 17)
    """
    size, layers = 1, []
    kernel_size = whole("kernel_size", kernel_size)
    for dilation in reversed(dilations):
        size += whole("dilation", dilation) * (kernel_size - 1)
        layers.append(Conv((size,) * dims, kernel_size, dilation=dilation))
    return Network(layers[::-1])


def channels_out(layer: Layer) -> int:
    """Channels of what a layer gives."""
    return int(getattr(layer, "out_channels", getattr(layer, "channels", 1)))


def _fitted(layer: Any, given: tuple[int, ...]) -> dict[str, Any]:
    """The change of a layer with which it takes arrays of the shape `given`."""
    if not layer.shared:
        return {"in_features": prod(given)}
    channels, *size = given
    name = "in_channels" if hasattr(layer, "in_channels") else "channels"
    fix: dict[str, Any] = {} if layer.input_size == tuple(size) else {"input_size": brief(tuple(size))}
    return made(layer, fix if layer.x_shape[0] == channels else fix | {name: channels}) or {}


def separable(input_size: Any, kernel_size: Any, in_channels: int = 3, out_channels: int = 4, **others: Any) -> Network:
    """A depthwise convolution, then a pointwise one. `others` go to the depthwise part.

    >>> net = separable(5, 3, 3, 4, padding="same")
    >>> net.parameters, net.macs
    (39, 975)
    """
    in_channels, out_channels = whole("in_channels", in_channels), whole("out_channels", out_channels)
    first = depthwise(input_size, kernel_size, in_channels, **others)
    return Network([first, pointwise(first.output_size, first.out_channels, out_channels)])
