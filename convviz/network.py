"""Networks: graphs of layers, of which a sequence is the simplest; their shapes, costs and receptive fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, takewhile
from math import prod
from typing import Any

import numpy as np

from convviz.errors import LayerError
from convviz.field import fields, followable, followed
from convviz.graph import INPUT, Node, settled
from convviz.layers import REGISTRY, Conv, Layer
from convviz.layers.arguments import sizes, whole
from convviz.layers.calling import making
from convviz.layers.gated import GatedBlock
from convviz.layers.notation import ALONE, EXAMPLE, block_from_text, from_text, parsed, to_text
from convviz.reach import Reach, reaches
from convviz.taps import Ints, compose

Number = int | Fraction

LAYERS = 64
"""The most layers that the text of a stack may have."""


@dataclass(frozen=True)
class Row:
    """One node of a network's summary; sizes in cells, costs in weights and multiply-accumulates.

    For each axis of the network's input: receptive_field, how many of its cells one output cell sees; jump, how far
    apart in it neighbouring output cells stand (a fraction after a transposed convolution); padding, the effective
    padding, and centre, where the middle of output 0's field lies.
    """

    name: str
    layer: Layer
    output_size: tuple[int, ...]
    parameters: int
    macs: int
    receptive_field: tuple[int, ...]
    jump: tuple[Number, ...]
    padding: tuple[Number, ...]
    centre: tuple[Number, ...]


@dataclass(frozen=True)
class Network:
    """A graph of layers. Raises LayerError where they do not fit.

    layers: a sequence, each layer taking what the one before gives, or {name: (layer, [names of inputs])}, where "x" is
    the input; a network may stand in it as a layer. Layers that take their shape from their inputs are told the
    input_shape, (channels, *size), where no other layer says it. nodes: its layers in order, with names and shapes.

    >>> from convviz.layers import Conv
    >>> net = Network([Conv((16,), 3), Conv((14,), 3, dilation=2)])
    >>> net.receptive_field(), net.parameters
    ((7,), 6)
    >>> from convviz.layers.elementwise import Add
    >>> Network({"a": (Conv(5, 3, padding=1), ["x"]), "sum": (Add(), ["x", "a"])}).output_size
    (5, 5)
    """

    layers: Any = field(compare=False)
    input_shape: object = field(default=None, compare=False)
    nodes: tuple[Node, ...] = field(init=False, repr=False)
    x_shape: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        given: Any = self.input_shape
        nodes, shape = settled(self.layers, given and sizes("input_shape", tuple(given), len(given)))
        object.__setattr__(self, "layers", tuple(node.layer for node in nodes))
        object.__setattr__(self, "nodes", nodes)
        object.__setattr__(self, "x_shape", shape)

    @property
    def kind(self) -> str:
        """The kind of its layers, or "network" where they differ."""
        kinds = {layer.kind for layer in self.layers}
        return str(kinds.pop()) if len(kinds) == 1 else "network"

    @property
    def input_size(self) -> tuple[int, ...]:
        return self.x_shape[1:] or self.x_shape

    @property
    def output_shape(self) -> tuple[int, ...]:
        return self.nodes[-1].shape

    @property
    def output_size(self) -> tuple[int, ...]:
        return self.output_shape[1:] or self.output_shape

    @property
    def parameters(self) -> int:
        return sum(node.parameters for node in self.nodes)

    @property
    def macs(self) -> int:
        return sum(node.macs for node in self.nodes)

    @property
    def sequence(self) -> bool:
        """Whether it is a row of layers with taps, each reading the one before."""
        names = [INPUT, *(node.name for node in self.nodes)]
        return all(node.has_taps and node.inputs == (name,) for node, name in zip(self.nodes, names, strict=False))

    def summary(self) -> list[Row]:
        """A row a node, told from sizes alone. See `convviz.reach` for how the field grows."""
        found = reaches(self.nodes, self.x_shape)
        seen = self._fields(found)
        return [
            Row(
                node.name,
                node.layer,
                node.shape[1:] or node.shape,
                node.parameters,
                node.macs,
                seen[node.name],
                *(tuple(_plain(getattr(r, what)) for r in found[node.name]) for what in ("jump", "padding", "centre")),
            )
            for node in self.nodes
        ]

    def _fields(self, found: dict[str, tuple[Reach, ...]]) -> dict[str, tuple[int, ...]]:
        """The receptive field of every node: exact for a sequence, also where it enlarges its input; else its range."""
        if self.sequence:
            return {n.name: one for n, (one, _) in zip(self.nodes, fields(self.layers), strict=True)}
        return {node.name: tuple(reach.field for reach in found[node.name]) for node in self.nodes}

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

    def _placed(self, output: object) -> tuple[int, ...]:
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


BETWEEN = "~"  # the layers of a stack's text


def stack_of(shown: object) -> Network | None:
    """What is shown, if it is a network: the one place that asks, for what draws a layer and a stack differently."""
    return shown if isinstance(shown, Network) else None


def block_of(shown: object) -> GatedBlock | None:
    """The arguments of what is shown, if it is a gated block."""
    return shown.block if isinstance(shown, Gated) else None


def stack_to_text(shown: Layer | Network) -> str:
    """The text of a layer, of a gated block, or of a stack: its layers' texts, joined.

    >>> stack_to_text(Network([Conv((9,), 3), Conv((7,), 3, dilation=2)]))
    'conv1d-i9-k3~conv1d-i7-k3-d2'
    """
    block = block_of(shown)
    return to_text(block) if block else BETWEEN.join(to_text(layer) for layer in shown.layers)


def stack_from_text(text: str) -> Layer | Network:
    """The layer, the stack or the gated block that a text stands for; raises LayerError for what is none, or cannot be.

    >>> stack_from_text("gated1d-i8-k3-pcausal-r1").kind
    'gated'
    """
    parts = _parts(text)
    if len(parts) == 1 and (block := block_from_text(text)):
        return Gated(block)
    layers = [from_text(part, REGISTRY if len(parts) > 1 else ALONE) for part in parts]
    return layers[0] if len(layers) == 1 else Network(layers)


def refuse_unreadable(text: str) -> None:
    """Refuse a text of a layer or a stack that could not be read back; no layer is made."""
    parts = _parts(text)
    for part in parts:
        parsed(part, (GatedBlock, *ALONE) if len(parts) == 1 else REGISTRY)


def _parts(text: str) -> list[str]:
    parts = text.split(BETWEEN, LAYERS) if isinstance(text, str) else []
    if not 1 <= len(parts) <= LAYERS:
        raise LayerError("notation", "layer", {"layer": EXAMPLE}, value=text, nearest=EXAMPLE)
    return parts


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


def _plain(number: Fraction) -> Number:
    return int(number) if number.denominator == 1 else number


@dataclass(frozen=True)
class Gated(Network):
    """A gated block as a network, made by `GatedConv`; block: its arguments."""

    layers: Any = field(init=False, repr=False, compare=False)
    input_shape: object = field(init=False, default=None, repr=False, compare=False)
    block: GatedBlock

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", self.block.nodes)
        super().__post_init__()

    @property
    def kind(self) -> str:
        return self.block.kind


@making(GatedBlock)
def GatedConv(
    input_size: object,
    kernel_size: object,
    in_channels: int = 1,
    out_channels: int = 1,
    residual: bool = False,
    form: str = "glu",
    **others: Any,
) -> Gated:
    """A gated convolution: conv(x) times sigmoid(gate(x)), cell by cell, with x added where it is `residual`.

    Value and gate are two convolutions over one input, with weights of their own (Dauphin et al., "Language Modeling
    with Gated Convolutional Networks", 2017). form: one of `convviz.layers.gated.FORMS`; `others`: arguments of both.
    Raises LayerError where a residual does not have the shape of the input.

    >>> net = GatedConv((8,), 3, padding="causal", residual=True)
    >>> net.output_size, net.parameters
    ((8,), 6)
    """
    others |= {"in_channels": in_channels, "out_channels": out_channels, "residual": residual, "form": form}
    return Gated(GatedBlock(input_size, kernel_size, **others))
