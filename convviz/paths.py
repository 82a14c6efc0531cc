"""Effective receptive fields: by how many paths each cell of a network's input reaches one output, channels apart.

Counted layer by layer, backward from the output, by the taps of each axis; where branches meet, their paths add up.
Padding ends a path. (Luo et al., "Understanding the effective receptive field", 2016: with equal weights, an input's
share of the gradient is its share of the paths.)
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from convviz.graph import INPUT, Node, Shape
from convviz.layers.linear import Array
from convviz.network import Network


@lru_cache(maxsize=512)
def paths(network: Network, name: str, place: tuple[int, ...]) -> Array:
    """(*size) of the input: how many paths lead from each cell to the output of a node at a place. Float64: exact up to
    2**53, and beyond that to 15 digits.

    >>> from convviz.layers import Conv
    >>> paths(Network([Conv((5,), 3), Conv((3,), 3)]), "conv2", (0,)).tolist()
    [1.0, 2.0, 3.0, 2.0, 1.0]
    """
    shapes: dict[str, Shape] = {INPUT: network.x_shape} | {node.name: node.shape for node in network.nodes}
    start = np.zeros(shapes[name][1:] or (1,))
    start[place or (0,)] = 1.0
    found: dict[str, Array] = {name: start}
    for node in reversed(network.nodes):
        if (own := found.pop(node.name, None)) is not None:
            for below in node.inputs:
                counts = _below(node, own, shapes[below])
                found[below] = found[below] + counts if below in found else counts
    return found[INPUT]


def _below(node: Node, counts: Array, below: Shape) -> Array:
    """The paths one node further down, to the cells of one of its inputs."""
    size, layer = below[1:] or (1,), node.layer
    if node.has_taps and layer.shared:
        for axis in range(counts.ndim):
            counts = _along(counts, axis, _matrix(layer, axis))
        return counts
    if counts.shape == size:
        return counts
    if node.has_taps or counts.ndim != len(size) or node.layer.kind == "reshape":
        return np.full(size, counts.sum())  # a dense layer reads all
    starts = [(n - own) // 2 for n, own in zip(size, counts.shape, strict=True)]  # of a crop
    return np.pad(counts, [(s, n - own - s) for s, n, own in zip(starts, size, counts.shape, strict=True)])


def _along(counts: Array, axis: int, matrix: Array) -> Array:
    return np.moveaxis(np.tensordot(counts, matrix, axes=(axis, 0)), -1, axis)


@lru_cache(maxsize=256)
def _matrix(layer: Any, axis: int) -> Array:
    """(outputs, inputs) of a layer's axis: how many taps join them."""
    sources = layer.taps.axes[axis].sources
    found = np.zeros((len(sources), layer.input_size[axis]))
    rows = np.repeat(np.arange(len(sources)), sources.shape[1])
    inside = sources.ravel() >= 0
    np.add.at(found, (rows[inside], sources.ravel()[inside]), 1.0)
    return found
