"""A network's run on values: a Trace for each layer with taps, an array for each other node; and its gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

import numpy as np

from convviz.arrays import as_array, small_integers
from convviz.errors import LayerError
from convviz.graph import INPUT, Nested, Node
from convviz.layers import Layer
from convviz.layers.linear import Array, total
from convviz.trace import SEEDED, Gradient, Trace
from convviz.trace import trace as trace_layer


@dataclass(frozen=True, eq=False)
class Gradients:
    """How a loss changes with everything that a run holds.

    x: with the input, in its shape; [name]: the Gradient of a node, whose x is with respect to what the node reads (a
    tuple where it reads several), and whose weight and bias are None where it has none.
    """

    x: Array
    nodes: dict[str, Gradient]

    def __getitem__(self, name: str) -> Gradient:
        return self.nodes[name]


@dataclass(frozen=True, eq=False)
class Run:
    """What a network makes of its input, node by node.

    run[name], or run[n] by its place: the Trace of a layer with taps, the array of any other node; run.output: what
    the last node gives; run.network: the network, None for that of a single trace.

    >>> import convviz as cv
    >>> net = cv.Network([cv.Conv((5,), 3), cv.ReLU()])
    >>> run = cv.trace(net, x=[[1, 2, 3, 4, 5]], weights={"conv1": [[[1, 0, -1]]]})
    >>> run["conv1"].output.tolist(), run.output.tolist()
    ([[-2, -2, -2]], [[0, 0, 0]])
    """

    nodes: tuple[Node, ...]
    x: Array
    found: dict[str, Any]
    weights: dict[str, tuple[Any, object]]
    network: Nested | None = None

    @cached_property
    def values(self) -> dict[str, Array]:
        """The output of every node, and the input under its name "x"."""
        shapes = {node.name: node.shape for node in self.nodes}
        outputs = {name: _output_of(found).reshape(shapes[name]) for name, found in self.found.items()}
        return {INPUT: self.x} | outputs

    @property
    def output(self) -> Array:
        return self.values[self.nodes[-1].name]

    def __len__(self) -> int:
        return len(self.nodes)

    def __getitem__(self, name: str | int) -> Any:
        return self.found[self.nodes[name].name if isinstance(name, int) else name]

    def backward(self, upstream: object) -> Gradients:
        """The gradients of every node, from the last to the first.

        upstream: how the loss changes with each value of the output, in its shape. Raises LayerError for another.
        """
        node = self.nodes[-1]
        arrived: dict[str, list[Array]] = {node.name: [as_array("upstream", upstream, node.shape)]}
        found: dict[str, Gradient] = {}
        for node in reversed(self.nodes):
            above = total(np.stack(arrived[node.name]), axis=0)
            gradient = found[node.name] = self._of(node, above)
            for name, part in zip(node.inputs, _parts(gradient.x), strict=True):
                arrived.setdefault(name, []).append(part)
        return Gradients(total(np.stack(arrived[INPUT]), axis=0), found)

    def _of(self, node: Node, above: Array) -> Gradient:
        """The gradient of one node, with respect to each of its inputs in its own shape."""
        inputs = [self.values[name] for name in node.inputs]
        if node.has_taps:
            own = self.found[node.name]
            gradient = own.backward(above.reshape(own.output.shape))
            return Gradient(gradient.x.reshape(inputs[0].shape), gradient.weight, gradient.bias)
        output = self.values[node.name]
        if not hasattr(node.layer, "learned"):
            return Gradient(_joined(node.layer.backward(above, inputs, output)), None, None)
        weight, _ = self.weights.get(node.name, (None, None))
        (x,) = node.layer.backward(above, inputs, output, weight)
        return Gradient(x, *node.layer.learned(above, inputs[0]))


def _output_of(found: object) -> Array:
    return np.asarray(found.output if isinstance(found, Trace) else found)


def _joined(parts: tuple[Array, ...]) -> object:
    return parts[0] if len(parts) == 1 else parts


def _parts(x: object) -> tuple[Array, ...]:
    return x if isinstance(x, tuple) else (x,)


@overload
def trace(
    layer: Layer, x: object = None, weight: object = None, bias: object = None, seed: int = 0, divisor: int = 1
) -> Trace: ...
@overload
def trace(layer: Nested, x: object = None, weights: object = None, *, seed: int = 0) -> Run: ...
def trace(layer: Any, x: object = None, *arrays: Any, **named: Any) -> object:
    """Run a layer, or a network, on values and keep every step. Arrays left out are small integers from `seed`.

    x: (channels, *input_size), no batch. For a layer, weight: PyTorch's layout (`layer.weight_shape`), bias:
    (out_channels,), divisor: by which the total of the products is divided once, before the bias is added; returns its
    Trace. For a network, weights: {name or place: weight, or (weight, bias)}, or one of
    these for each layer that has any; returns its Run. Raises LayerError for a wrong shape, for values that are not
    finite numbers, and for more reads than a trace may record.

    >>> import convviz as cv
    >>> t = cv.trace(cv.Conv(3, 2), x=[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], weight=[[[[1, 0], [0, -1]]]])
    >>> t.output.tolist()
    [[[-4, -4], [-4, -4]]]
    >>> cv.trace(cv.Network([cv.Conv((4,), 2), cv.ReLU()]), seed=3).output.shape
    (1, 3)
    """
    return (_run if isinstance(layer, Nested) else trace_layer)(layer, x, *arrays, **named)


def _run(network: Nested, x: object = None, weights: object = None, seed: int = 0) -> Run:
    """Run the nodes of a network and keep the trace of every layer. x, weights, seed: see `passed`."""
    values, found, given = passed(network, x, weights, seed, trace_layer)
    return Run(network.nodes, values[INPUT], found, given, network)


def passed(
    network: Nested, x: object, weights: object, seed: int, apply: Callable[..., object]
) -> tuple[dict[str, Array], dict[str, object], dict[str, tuple[object, object]]]:
    """Pass values through the nodes of a network, in their order.

    x: in the input's shape; weights: see `given_weights`; left out: small integers. apply(layer, x, weight, bias,
    seed): what a layer with taps makes of its input, a Trace or an array. Returns the values by node, with the input
    under "x", what each node made, and the weights that were given.
    """
    nodes, shape = network.nodes, network.x_shape
    least, most = SEEDED["x"]
    values = {INPUT: small_integers(shape, seed, least, most) if x is None else as_array("x", x, shape)}
    given = given_weights(nodes, weights)
    found: dict[str, object] = {}
    for number, node in enumerate(nodes):
        inputs = [values[name] for name in node.inputs]
        weight, bias = given.get(node.name, (None, None))
        if node.has_taps:
            found[node.name] = apply(node.layer, inputs[0].reshape(node.layer.x_shape), weight, bias, seed + number)
        elif hasattr(node.layer, "learned"):
            found[node.name] = node.layer.forward(inputs[0], *_settled(weight, bias, inputs[0]))
        else:
            found[node.name] = node.layer.forward(*inputs)
        values[node.name] = _output_of(found[node.name]).reshape(node.shape)
    return values, found, given


def _settled(weight: object, bias: object, x: Array) -> tuple[object, object]:
    shape = (len(x),)
    pairs = (("weight", weight), ("bias", bias))
    settled = [None if value is None else as_array(field, value, shape) for field, value in pairs]
    return settled[0], settled[1]


def run_of(shown: Trace | Run) -> Run:
    """The run itself; for a single layer's trace, the run of a network with that one layer."""
    if isinstance(shown, Run):
        return shown
    layer = shown.layer
    node = Node(f"{layer.kind}1", layer, (INPUT,), layer.y_shape)
    return Run((node,), shown.x, {node.name: shown}, {node.name: (shown.weight, shown.bias)})


def given_weights(nodes: tuple[Node, ...], weights: object) -> dict[str, tuple[object, object]]:
    """{name: (weight, bias)} of what was given.

    weights: {name or place: weight, or (weight, bias)}, or a sequence of those, one a layer that has weights. Raises
    LayerError for a name that is not there.
    """
    if weights is None:
        return {}
    names = [node.name for node in nodes]
    learning = [node.name for node in nodes if node.parameters]
    if not isinstance(weights, Mapping):
        if not isinstance(weights, Sequence) or len(weights) != len(learning):
            count = len(weights) if isinstance(weights, Sequence) else 0
            raise LayerError("weights", "weights", None, value=count, wanted=len(learning), names=", ".join(learning))
        weights = dict(zip(learning, weights, strict=True))
    found: dict[str, tuple[object, object]] = {}
    for key, entry in weights.items():
        name = names[key] if isinstance(key, int) and -len(names) <= key < len(names) else key
        if name not in learning:
            raise LayerError("weights_name", "weights", None, value=key, names=", ".join(learning))
        found[name] = entry if isinstance(entry, tuple) and len(entry) == 2 else (entry, None)
    return found
