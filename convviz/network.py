"""Stacks of layers: shapes, costs, receptive field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

from convviz.errors import LayerError
from convviz.layers import Conv, Layer, depthwise, pointwise
from convviz.layers.notation import EXAMPLE, from_text, to_text
from convviz.taps import Ints, compose

LAYERS = 16
"""The most layers that the text of a stack may have."""


@dataclass(frozen=True)
class Row:
    """One layer of a network's summary; sizes in cells, costs in weights and multiply-accumulates.

    receptive_field, jump: for each axis, how many cells of the network's input one output cell sees, and how far apart
    in that input neighbouring output cells stand.
    """

    layer: Any
    output_size: tuple[int, ...]
    parameters: int
    macs: int
    receptive_field: tuple[int, ...]
    jump: tuple[int, ...]


@dataclass(frozen=True)
class Network:
    """A stack of layers, each taking what the one before gives. Raises LayerError where two do not fit.

    >>> from convviz.layers import Conv
    >>> net = Network([Conv((16,), 3), Conv((14,), 3, dilation=2)])
    >>> net.receptive_field(), net.parameters
    ((7,), 6)
    """

    layers: Any

    def __post_init__(self) -> None:
        if not isinstance(self.layers, Sequence) or not self.layers:
            raise LayerError("network", "layers", None, value=self.layers)
        object.__setattr__(self, "layers", tuple(self.layers))
        for number, (below, above) in enumerate(zip(self.layers, self.layers[1:], strict=False), start=2):
            given = (_channels_out(below), *below.output_size)
            wanted = above.x_shape
            if given != wanted and not (len(wanted) == 1 and prod(given) == wanted[0]):
                raise LayerError(
                    "chain",
                    "layers",
                    None,
                    value=type(above).__name__,
                    number=number,
                    wanted=wanted,
                    given=given,
                    nearest=below.output_size,
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
        """A row a layer. The field grows by (span - 1) times the strides before (Araujo et al., Distill 2019)."""
        rows = []
        dims = len(self.layers[0].input_size)
        field, jump = (1,) * dims, (1,) * dims
        for layer in self.layers:
            span, stride = _reach(layer, dims)
            field = tuple(f + (e - 1) * j for f, e, j in zip(field, span, jump, strict=True))
            jump = tuple(j * s for j, s in zip(jump, stride, strict=True))
            rows.append(Row(layer, layer.output_size, layer.parameters, layer.macs, field, jump))
        return rows

    def receptive_field(self) -> tuple[int, ...]:
        """How many cells of the input, along each axis, one output cell sees (padding included)."""
        return self.summary()[-1].receptive_field

    @cached_property
    def chains(self) -> tuple[Ints, ...]:
        """An (outputs, inputs) table for each axis: how many chains of taps join them; 0: never read."""
        return compose([layer.taps for layer in self.layers])


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
    layers = [from_text(part) for part in text.split(BETWEEN)[: LAYERS + 1]]
    if len(layers) > LAYERS:
        raise LayerError("notation", "layer", {"layer": EXAMPLE}, value=text, nearest=EXAMPLE)
    return layers[0] if len(layers) == 1 else Network(layers)


def stacked(kernel_size: int, dilations: Sequence[int], dims: int = 2) -> Network:
    """A stack of convolutions without padding that ends in one output, over just the input that it sees.

    >>> stacked(3, (1, 2, 5)).input_size
    (17, 17)
    """
    size, layers = 1, []
    for dilation in reversed(dilations):
        size += dilation * (kernel_size - 1)
        layers.append(Conv((size,) * dims, kernel_size, dilation=dilation))
    return Network(layers[::-1])


def _channels_out(layer: Layer) -> int:
    return int(getattr(layer, "out_channels", getattr(layer, "channels", 1)))


def _reach(layer: Any, dims: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How far one output of the layer reaches over its own input, and its stride, for each axis."""
    if hasattr(layer, "span") and layer.kind != "tconv":
        return layer.span, layer.stride
    if layer.kind == "tconv":
        spans = tuple(int(axis.output_counts.max()) for axis in layer.taps.axes)
        return spans, (1,) * dims
    return layer.input_size if len(layer.input_size) == dims else (1,) * dims, (1,) * dims


def separable(input_size: Any, kernel_size: Any, in_channels: int = 3, out_channels: int = 4, **others: Any) -> Network:
    """A depthwise convolution, then a pointwise one. `others` go to the depthwise part.

    >>> net = separable(5, 3, 3, 4, padding="same")
    >>> net.parameters, net.macs
    (39, 975)
    """
    first = depthwise(input_size, kernel_size, in_channels, **others)
    return Network([first, pointwise(first.output_size, in_channels, out_channels)])
