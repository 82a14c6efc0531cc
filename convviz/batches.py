"""Many inputs at a time through a network that is a sequence, forward and backward: the engine's taps, for training.

`cv.trace` records every product of one input. Training asks the same of thousands and needs no record. Here the taps of
a layer become a table of places, with which NumPy gathers the windows of a whole batch, and one matrix product does the
rest. A test compares outputs and gradients with the engine's own.
"""

from __future__ import annotations

from functools import lru_cache
from math import prod
from typing import NamedTuple

import numpy as np

from convviz.graph import INPUT, Node
from convviz.layers import Layer
from convviz.layers.elementwise import ReLU, Softmax
from convviz.layers.linear import Array
from convviz.layers.rearrange import Flatten
from convviz.network import Network

Weights = dict[str, tuple[Array, Array]]
"""{node: (weight, bias)}, as `cv.trace` takes them: all that a network learns."""


def begun(network: Network, rng: np.random.Generator) -> Weights:
    """Weights to begin with: normal, of variance 2 over the values that each sum reads (He et al., 2015); no bias.

    >>> from convviz.layers import Dense
    >>> [part.shape for part in begun(Network([Dense(6, 2)]), np.random.default_rng(0))["dense1"]]
    [(2, 6), (2,)]
    """
    shapes = {node.name: node.layer.weight_shape for node in network.nodes if node.parameters}
    return {
        name: (rng.standard_normal(shape) * np.sqrt(2 / prod(shape[1:])), np.zeros(shape[0]))
        for name, shape in shapes.items()
    }


class Passed(NamedTuple):
    """A batch on its way: values, the (n, *shape) output of every node, and what the way back needs again."""

    values: dict[str, Array]
    kept: dict[str, Array]

    @property
    def output(self) -> Array:
        """(n, *shape) of the last node."""
        return next(reversed(self.values.values()))


def forward(network: Network, weights: Weights, x: Array) -> Passed:
    """Pass a batch through the network; x: (n, *network.x_shape). Raises ValueError for a node that it does not know.

    >>> from convviz.layers import Conv
    >>> network = Network([Conv(5, 3, out_channels=2, bias=True), ReLU(), Flatten()])
    >>> forward(network, begun(network, np.random.default_rng(0)), np.ones((7, 1, 5, 5))).output.shape
    (7, 18)
    """
    passed = Passed({INPUT: x}, {})
    for node in network.nodes:
        (source,) = node.inputs
        output, kept = _given(node, weights, passed.values[source])
        passed.values[node.name] = output.reshape(len(x), *node.shape)
        passed.kept[node.name] = kept
    return passed


def backward(network: Network, weights: Weights, passed: Passed, upstream: Array) -> Weights:
    """How a loss changes with all that is learned, summed over the batch.

    upstream: how it changes with each output, (n, *network.output_shape).
    """
    found: Weights = {}
    for number, node in reversed(list(enumerate(network.nodes))):
        above, x = upstream.reshape(len(upstream), *node.shape), passed.values[node.inputs[0]]
        if node.parameters:
            found[node.name] = _learned(node, above, passed.kept[node.name])
        if number:  # nobody asks for the gradient of the input
            upstream = _back(node, weights, above, x, passed)
    return found


def _given(node: Node, weights: Weights, x: Array) -> tuple[Array, Array]:
    """What a node makes of a batch, and what the way back needs."""
    layer = node.layer
    if isinstance(layer, ReLU | Flatten):
        return (layer.forward(x) if isinstance(layer, ReLU) else x), x
    if isinstance(layer, Softmax):
        return layer.forward(x.T).T, x
    known = node.has_taps and (layer.reduce == "max" or (layer.reduce == "sum" and layer.groups == 1))
    if not known:
        raise ValueError(f"{node.name}: no batches of {layer.kind} are known here")
    if layer.reduce == "max":
        windows, part = _gathered(x, _places(layer, x.shape[1], False)), layer.takes_part()
        won = (windows if part.all() else np.where(part, windows, -np.inf)).argmax(axis=-1)
        return np.take_along_axis(windows, won[..., None], axis=-1), won
    weight, bias = weights[node.name]
    rows = _gathered(x, _places(layer, x.shape[1], True)) if layer.shared else x
    sums = rows @ weight.reshape(len(weight), -1).T + bias  # (n, steps, out_channels), or (n, out_features)
    return np.moveaxis(sums, -1, 1), rows


def _learned(node: Node, above: Array, rows: Array) -> tuple[Array, Array]:
    """The gradients of a weight and a bias: what each sum read, times what came back to it."""
    each = np.moveaxis(above.reshape(*above.shape[:2], -1), 1, -1).reshape(-1, above.shape[1])
    return (each.T @ rows.reshape(len(each), -1)).reshape(node.layer.weight_shape), each.sum(axis=0)


def _back(node: Node, weights: Weights, above: Array, x: Array, passed: Passed) -> Array:
    """The gradient of what a node reads, in its shape."""
    layer = node.layer
    if isinstance(layer, Flatten):
        return above.reshape(x.shape)
    if isinstance(layer, ReLU):
        return layer.backward(above, (x,), passed.values[node.name])[0]
    if isinstance(layer, Softmax):
        return layer.backward(above.T, (x.T,), passed.values[node.name].T)[0].T
    if layer.reduce == "max":
        won = passed.kept[node.name]  # (n, channels, steps): which read
        places = np.take_along_axis(_places(layer, x.shape[1], False)[None], won[..., None], axis=-1)
        return _scattered(above, places.reshape(len(x), -1), x)
    weight = weights[node.name][0]
    table = weight.reshape(len(weight), -1)
    if not layer.shared:
        return above @ table
    reads = np.moveaxis(above.reshape(*above.shape[:2], -1), 1, -1) @ table
    return _scattered(reads, _places(layer, x.shape[1], True)[None], x)


@lru_cache(maxsize=16)
def _places(layer: Layer, channels: int, together: bool) -> Array:
    """Where each read lies in the channels laid in one row; what is not there lies behind its end.

    (channels, steps, taps), or, of all channels together, (steps, channels * taps).
    """
    sources, cells = layer.taps.flat_sources, prod(layer.input_size)
    starts = np.arange(channels)[:, None, None] * cells
    places = np.where(sources >= 0, starts + sources, channels * cells)
    return places.transpose(1, 0, 2).reshape(len(sources), -1) if together else places


def _gathered(x: Array, places: Array) -> Array:
    """(n, *places): the values there, 0 behind the end."""
    row = np.concatenate([x.reshape(len(x), -1), np.zeros((len(x), 1))], axis=1)
    return row.take(places, axis=1)


def _scattered(reads: Array, places: Array, x: Array) -> Array:
    """The gradients of all reads, summed where they came from; in the shape of x.

    places: those of each read in one row, (n or 1, *reads).
    """
    size = x[0].size + 1
    flat = np.arange(len(x)).reshape(-1, *(1,) * (places.ndim - 1)) * size + places
    sums = np.bincount(flat.ravel(), reads.ravel(), len(x) * size)
    return sums.reshape(len(x), size)[:, :-1].reshape(x.shape)
