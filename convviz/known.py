"""Networks that are known by their names, as `convviz.network.presets` has them; what the layers of one of them cost.

Each is a graph like any other; shapes, costs and receptive fields are told from sizes alone.
"""

from __future__ import annotations

from functools import cache
from math import prod
from typing import NamedTuple

from convviz.layers import Conv, Dense
from convviz.network.presets import BY_NAME as KNOWN
from convviz.network.presets import known

__all__ = ["KNOWN", "MOBILENET_PUBLISHED", "MobileNetCost", "known", "mobilenet_costs"]


class MobileNetCost(NamedTuple):
    """Multiply-accumulates, and weights without biases and batch norm, as its paper counts them."""

    macs: int
    weights: int


MOBILENET_PUBLISHED = {
    "pointwise": (94.86, 74.59),
    "depthwise": (3.06, 1.06),
    "first": (1.19, 0.02),
    "dense": (0.18, 24.33),
}
"""Per cent of the multiply-adds and of the parameters of MobileNet v1, by kind of layer, as table 2 of its paper prints
them (Howard et al., arXiv 1704.04861). The first column does not add up to 100: 1.19 is a slip for 1.91."""


@cache
def mobilenet_costs() -> dict[str, MobileNetCost]:
    """The same kinds of layers, counted from the network itself.

    >>> sum(cost.macs for cost in mobilenet_costs().values())
    568740352
    """
    found = dict.fromkeys(MOBILENET_PUBLISHED, MobileNetCost(0, 0))
    for node in known("mobilenet_v1").nodes:
        layer = node.layer
        if isinstance(layer, Dense | Conv):
            conv = "depthwise" if layer.groups > 1 else "pointwise" if set(layer.kernel_size) == {1} else "first"
            kind = "dense" if isinstance(layer, Dense) else conv
            before, weights = found[kind], prod(layer.weight_shape)
            found[kind] = MobileNetCost(before.macs + layer.macs, before.weights + weights)
    return found
