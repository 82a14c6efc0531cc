"""Networks: graphs of layers, of which a sequence is the simplest; their shapes, costs and receptive fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise, takewhile
from math import prod
from typing import Any

import numpy as np

from convviz.errors import LayerError
from convviz.field import fields, followable, followed
from convviz.graph import INPUT, Node, settled
from convviz.layers import Conv
from convviz.layers.arguments import sizes, whole
from convviz.phases import Phases, phases
from convviz.reach import Reach, Row, reaches
from convviz.reaching import seen
from convviz.taps import Ints, compose


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

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Reckoned once: what is kept of a network is looked up by it."""
        return hash((self.nodes, self.x_shape))

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
        field, first = self._fields(found), self._first(found)
        return [
            Row(
                node.name,
                node.layer,
                node.shape[1:] or node.shape,
                node.parameters,
                node.macs,
                field[node.name],
                tuple(reach.jump for reach in found[node.name]),
                tuple(one.padding for one in first[node.name]),
                tuple(one.centre for one in first[node.name]),
            )
            for node in self.nodes
        ]

    @cached_property
    def _phases(self) -> dict[str, tuple[Phases, ...]] | None:
        """What every output of each node sees; None where one range tells it, or nothing more can be told."""
        uneven = any(node.has_taps and (node.layer.enlarges or node.layer.adapts) for node in self.nodes)
        return phases(self.nodes, self.x_shape) if uneven else None

    def _first(self, found: dict[str, tuple[Reach, ...]]) -> dict[str, tuple[Reach, ...]]:
        """What the first output of every node sees along each axis; exact for a network that enlarges, if it can be."""
        if self._phases is None:
            return found
        return {name: tuple(map(_beginning, axes, self._phases[name])) for name, axes in found.items()}

    def shortest(self) -> list[tuple[int, ...]]:
        """For each node the receptive field of the way to the input that sees least, an entry an axis.

        It is smaller than the receptive field only behind branches: a residual block's skip sees less than its
        convolutions.

        >>> from convviz.layers.elementwise import Add
        >>> net = Network({"a": (Conv(5, 3, padding=1), ["x"]), "sum": (Add(), ["x", "a"])})
        >>> net.receptive_field(), net.shortest()[-1]
        ((3, 3), (1, 1))
        """
        if self._chain:
            return list(self._fields({}).values())
        found = reaches(self.nodes, self.x_shape, shortest=True)
        return [tuple(reach.field for reach in found[node.name]) for node in self.nodes]

    @cached_property
    def _chain(self) -> bool:
        """Whether each node reads the one before, and all but layers with taps leave cells in their places."""
        names = [INPUT, *(node.name for node in self.nodes)]
        if any(node.inputs != (name,) for node, name in zip(self.nodes, names, strict=False)):
            return False
        size, flat = self.x_shape[1:], False
        for node in self.nodes:
            if node.has_taps:
                if flat and node.layer.shared:
                    return False
            elif node.shape[1:] not in ((), size):
                return False
            size = node.shape[1:]
            flat = flat or not size
        return True

    def _fields(self, found: dict[str, tuple[Reach, ...]]) -> dict[str, tuple[int, ...]]:
        """The receptive field of every node: exact, also where it enlarges its input; a bound if that is too long."""
        if not self._chain:
            told_of = self._phases or found
            return {node.name: tuple(one.field for one in told_of[node.name]) for node in self.nodes}
        layers = [node.layer for node in self.nodes if node.has_taps]
        told = iter(fields(layers) if layers else ())
        all_fields, field = {}, (1,) * len(self.input_size)
        for node in self.nodes:
            field = next(told)[0] if node.has_taps else field
            all_fields[node.name] = field
        return all_fields

    def receptive_field(self) -> tuple[int, ...]:
        """How many cells, along each axis, the receptive field of an output has: its extent, padding counted.

        It is what the literature's formula gives. At a border padding takes the place of inputs: see `cells_read`.
        """
        return self.summary()[-1].receptive_field

    def cells_read(self, output: tuple[int, ...] | None = None) -> int:
        """How many cells of the input one output reads, channels apart, as its taps show; 0 where all is padding.

        output: its place, an index an axis; left out, the one by which a picture shows the stack; of a graph the middle
        one. The cells lie in the receptive field, and are fewer where dilation leaves gaps in it. Where padding wraps
        around, an output at the border reads from both ends. Raises LayerError for a place where no output is.

        >>> from convviz.layers import Conv
        >>> net = Network([Conv((4,), 2, padding="causal"), Conv((4,), 2, padding="causal", dilation=2)])
        >>> net.receptive_field(), net.cells_read(), net.cells_read((0,))
        ((4,), 4, 1)
        """
        if not self.sequence:
            return int(np.count_nonzero(seen(self, place=output)[INPUT]))
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


def stack_of(shown: object) -> Network | None:
    """What is shown, if it is a network: the one place that asks, for what draws a layer and a stack differently."""
    return shown if isinstance(shown, Network) else None


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


def _beginning(reach: Reach, axis: Phases) -> Reach:
    """The Reach of the first output alone, where its own ends are known."""
    ends = axis.at(0)
    return replace(reach, left=ends[0], right=ends[1]) if ends else reach
