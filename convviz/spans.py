"""What of each map of a network one output depends on: the first and the last cell along each axis, by the taps."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from convviz.graph import INPUT, Node, Shape
from convviz.network import Network

Span = tuple[int, int]
"""The first and the last cell along an axis; (0, -1) for none."""

NONE = (0, -1)


class Spans:
    """The spans of a network's outputs, told from its layers' taps, one axis at a time.

    A map without axes, as a dense layer's, is told by no span: all of it is meant.

    >>> from convviz.layers import Conv
    >>> spans = Spans(Network([Conv((9,), 3, padding=1), Conv((9,), 3, stride=2)]))
    >>> spans.of("conv2", (0,))["x"], spans.of("conv2", (1,))["x"]
    (((0, 3),), ((1, 5),))
    """

    def __init__(self, network: Network) -> None:
        self.nodes = {node.name: node for node in network.nodes}
        self.shapes: dict[str, Shape] = {INPUT: network.x_shape} | {node.name: node.shape for node in network.nodes}
        self.ends = {node.name: _ends(node) for node in network.nodes if node.has_taps and node.layer.shared}

    def of(self, name: str, place: tuple[int, ...]) -> dict[str, tuple[Span, ...]]:
        """What the output of a node at a place depends on: of each node below, and of the input, a span an axis."""
        found: dict[str, tuple[Span, ...]] = {name: tuple((at, at) for at in place)}
        for node in reversed(self.nodes.values()):
            if node.name in found:
                for below in node.inputs:
                    spans = self._below(node, found[node.name], self.shapes[below])
                    found[below] = _around(found[below], spans) if below in found else spans
        return found

    def _below(self, node: Node, spans: tuple[Span, ...], below: Shape) -> tuple[Span, ...]:
        """What of one of its inputs the outputs in some spans depend on."""
        sizes = below[1:]
        if node.name in self.ends:
            return tuple(_reach(ends, span) for ends, span in zip(self.ends[node.name], spans, strict=True))
        if len(spans) != len(sizes) or not spans:
            return tuple((0, size - 1) for size in sizes)
        starts = [(size - own) // 2 for size, own in zip(sizes, node.shape[1:], strict=True)]  # of a crop
        return tuple((first + start, last + start) for (first, last), start in zip(spans, starts, strict=True))


Ends = tuple[list[int], list[int]]
"""The first and the last input that each output along an axis reads."""


def _ends(node: Node) -> list[Ends]:
    layer: Any = node.layer
    return [_axis_ends(axis.sources, axis.size) for axis in layer.taps.axes]


def _axis_ends(sources: Any, size: int) -> Ends:
    """Of an output that reads padding alone the first lies after the last."""
    first = np.where(sources >= 0, sources, size).min(axis=1)
    return first.tolist(), sources.max(axis=1).tolist()


def _reach(ends: Ends, span: Span) -> Span:
    first, last = span
    if last < first:
        return NONE
    found = min(ends[0][first : last + 1]), max(ends[1][first : last + 1])
    return found if found[0] <= found[1] else NONE


def _around(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans around both."""
    if any(last < first for first, last in one):
        return other
    if any(last < first for first, last in other):
        return one
    return tuple((min(a, c), max(b, d)) for (a, b), (c, d) in zip(one, other, strict=True))


@lru_cache(maxsize=16)
def spans_of(network: Network) -> Spans:
    """The spans of a network, made once."""
    return Spans(network)
