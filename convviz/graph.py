"""The nodes of a network: layers with names, each reading the outputs of others; settled, ordered and checked.

A sequence is the simplest graph: each layer reads the one before. The input is called "x". Shapes are told here from
sizes alone; no array is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass, replace
from difflib import get_close_matches
from math import prod
from typing import Any, Protocol, runtime_checkable

from convviz.errors import LayerError
from convviz.layers import Layer, is_layer
from convviz.layers.arguments import brief
from convviz.layers.memory import made

INPUT = "x"
"""The name of a network's input."""

Shape = tuple[int, ...]


@runtime_checkable
class Operation(Protocol):
    """A node without a size of its own: it takes its shape from its inputs (see layers/elementwise.py)."""

    @property
    def kind(self) -> str: ...
    def output_shape(self, *shapes: Shape) -> Shape: ...
    def parameters(self, shape: Shape) -> int: ...


@runtime_checkable
class Nested(Protocol):
    """A network that stands as a layer in another one."""

    @property
    def nodes(self) -> tuple[Node, ...]: ...
    @property
    def x_shape(self) -> Shape: ...
    @property
    def layers(self) -> object: ...
    @property
    def sequence(self) -> bool: ...


@dataclass(frozen=True)
class Node:
    """A layer in its place: its name, the names of what it reads, and the shape of what it gives."""

    name: str
    layer: Any
    inputs: tuple[str, ...]
    shape: Shape = ()

    @property
    def has_taps(self) -> bool:
        """Whether it is a layer with taps, and not an operation on whole arrays."""
        return is_layer(self.layer)

    @property
    def parameters(self) -> int:
        return int(self.layer.parameters if self.has_taps else self.layer.parameters(self.shape))

    @property
    def macs(self) -> int:
        return int(self.layer.macs) if self.has_taps else 0


def settled(layers: object, input_shape: Shape | None = None) -> tuple[tuple[Node, ...], Shape]:
    """The nodes of a network in an order in which each comes after what it reads, and the shape of the input.

    layers: a sequence of layers, or {name: (layer, [names of inputs])}. Raises LayerError for what is no layer, for
    names that are not there, for a circle, for more than one output, and for layers that do not fit.
    """
    nodes = _ordered(list(_spelled_out(layers)))
    shape = input_shape or told_shape(nodes)
    shapes: dict[str, Shape] = {INPUT: shape}
    found = []
    for number, node in enumerate(nodes):
        given = [shapes[name] for name in node.inputs]
        shapes[node.name] = given_shape(node, given, number, [n.layer for n in nodes])
        found.append(replace(node, shape=shapes[node.name]))
    return tuple(found), shape


def _spelled_out(layers: object) -> Iterator[Node]:
    """The nodes of either spelling, networks among them taken apart."""
    if isinstance(layers, Mapping):
        if not layers:
            raise LayerError("network", "layers", None, value=layers)
        for name, entry in layers.items():
            layer, inputs = _entry(name, entry, layers)
            yield from _taken_apart(name, layer, inputs)
        return
    given = layers if isinstance(layers, Sequence) and not isinstance(layers, str) else ()
    if not given:
        raise LayerError("network", "layers", None, value=layers)
    before, number = INPUT, 0
    for layer in [part for one in given for part in (one.layers if _is_sequence(one) else (one,))]:
        for node in _taken_apart(_usual_name(layer, number + 1), layer, (before,)):
            number, before = number + 1, node.name
            yield node


def _is_sequence(layer: object) -> bool:
    """Whether it is a network whose layers may stand one by one in the sequence around it."""
    return isinstance(layer, Nested) and layer.sequence


def _usual_name(layer: object, number: int) -> str:
    return f"{getattr(layer, 'kind', 'layer')}{number}"


def _entry(name: object, entry: Any, layers: Mapping[object, object]) -> tuple[object, tuple[str, ...]]:
    """A node's layer and the names of its inputs; one name need not stand in a list."""
    pair = isinstance(entry, Sequence) and len(entry) == 2
    given = entry[1] if pair else ()
    inputs = [given] if isinstance(given, str) else list(given) if isinstance(given, Sequence) else []
    if not isinstance(name, str) or name == INPUT or not inputs or not all(isinstance(n, str) for n in inputs):
        raise LayerError("node", "layers", None, value=name)
    for other in inputs:
        if other != INPUT and other not in layers:
            nearest = (get_close_matches(other, [INPUT, *map(str, layers)], 1, 0.0) or [INPUT])[0]
            raise LayerError("node_name", "layers", None, value=other, name=name, nearest=nearest)
    return entry[0], tuple(inputs)


def _taken_apart(name: str, layer: object, inputs: tuple[str, ...]) -> Iterator[Node]:
    """The node itself; for a network, its nodes, of which the last gets the network's name."""
    if not is_layer(layer) and isinstance(layer, Nested):  # a protocol is slow to ask
        if len(inputs) != 1:
            raise LayerError("node_inputs", "inputs", None, value=name, count=len(inputs), wanted=1)
        *_, last = layer.nodes
        names = {node.name: f"{name}.{node.name}" for node in layer.nodes} | {INPUT: inputs[0], last.name: name}
        for node in layer.nodes:
            yield Node(names[node.name], node.layer, tuple(names[n] for n in node.inputs))
    elif is_layer(layer) or (isinstance(layer, Operation) and is_dataclass(layer) and not isinstance(layer, type)):
        yield Node(name, layer, inputs)
    else:
        raise LayerError("network", "layers", None, value=layer)


def _ordered(nodes: list[Node]) -> list[Node]:
    """The nodes in an order in which each comes after what it reads; the one output last."""
    read = {name for node in nodes for name in node.inputs}
    ends = [node.name for node in nodes if node.name not in read]
    if len(ends) > 1:
        raise LayerError("node_ends", "layers", None, value=", ".join(ends), nearest=ends[-1])
    ready, left, found = {INPUT}, list(nodes), []
    while left:
        node = next((node for node in left if ready.issuperset(node.inputs)), None)
        if node is None:
            raise LayerError("node_circle", "layers", None, value=", ".join(node.name for node in left))
        left.remove(node)
        found.append(node)
        ready.add(node.name)
    return found


def told_shape(nodes: list[Node]) -> Shape:
    """The shape that the layers which read the input want; operations on the way to them leave it as it is."""
    unchanged = {INPUT}
    for node in nodes:
        if unchanged.intersection(node.inputs):
            if node.has_taps:
                return tuple(node.layer.x_shape)
            unchanged.add(node.name)
    raise LayerError("node_size", "input_shape", None, value=None)


def given_shape(node: Node, given: list[Shape], number: int, layers: list[object]) -> Shape:
    """The shape of what a node gives for inputs of these shapes; raises LayerError where it does not take them."""
    if not node.has_taps:
        return tuple(node.layer.output_shape(*given))
    if len(given) != 1:
        raise LayerError("node_inputs", "inputs", None, value=node.name, count=len(given), wanted=1)
    layer, wanted = node.layer, tuple(node.layer.x_shape)
    have = given[0] if len(given[0]) > 1 or not layer.shared else (1, *given[0])  # features are one row of cells
    if have != wanted and not (not layer.shared and prod(have) == wanted[0]):
        _refuse(layer, number, have, layers)
    return tuple(layer.y_shape)


def _refuse(layer: Layer, number: int, given: Shape, layers: list[object]) -> None:
    """Raise the error of a layer that does not take what it is given; it names the change that helps."""
    fix = fitted(layer, given)
    if replace(layer, **fix).x_shape[1:] != given[1:] and layer.shared:
        dims = (len(layer.input_size), len(given) - 1)
        raise LayerError(
            "chain_axes", "layers", None, value=type(layer).__name__, number=number + 1, wanted=dims[0], given=dims[1]
        )
    fitting = (*layers[:number], replace(layer, **fix), *layers[number + 1 :])
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


def fitted(layer: Layer, given: Shape) -> dict[str, Any]:
    """The change that makes a layer take arrays of the shape `given`."""
    if not layer.shared:
        return {"in_features": prod(given)}
    channels, *size = given
    fix: dict[str, object] = {} if layer.input_size == tuple(size) else {"input_size": brief(tuple(size))}
    return made(layer, fix if layer.x_shape[0] == channels else fix | layer.taking(channels)) or {}
