"""How many weights a convolution has, by how far each kernel is shared: by all positions, by some, or by none.

Where no position shares its kernel with another, the layer is "locally connected": it has the taps of a convolution,
and a weight of its own for each of them.
"""

from __future__ import annotations

from math import prod

from convviz.layers import Conv
from convviz.layers.arguments import whole

ALEXNET_FIRST = Conv(227, 11, 4, in_channels=3, out_channels=96, bias=True)
"""The first layer of AlexNet as its paper has it, 96 maps of 55 by 55 (Krizhevsky et al., "ImageNet Classification with
Deep Convolutional Neural Networks", 2012, section 3.5). The paper says 224 for the picture, with which 55 do not come
out; 227 is the size with which they do."""


def parameters(layer: Conv, side: int | None = None) -> int:
    """Weights and biases of a layer whose kernels are shared by blocks of output positions, `side` of them an axis.

    side: 1: every position has kernels of its own; left out, or as large as the output: the convolution, which has one
    kernel a map. A block at the end may be smaller. Raises LayerError for a side that is no whole number from 1 on.

    >>> parameters(ALEXNET_FIRST, 1), parameters(ALEXNET_FIRST)
    (105705600, 34944)
    """
    return kernels(layer, side) * layer.parameters


def kernels(layer: Conv, side: int | None = None) -> int:
    """How many blocks of positions there are, each with kernels of its own; see `parameters`.

    >>> [kernels(ALEXNET_FIRST, side) for side in (1, 2, 11, 55)]
    [3025, 784, 25, 1]
    """
    length = max(layer.output_size) if side is None else whole("side", side)
    return prod(-(-size // length) for size in layer.output_size)


def likewise(layer: Conv, blocks: int, share: int) -> int:
    """How long the sides of blocks are that cut a layer's map into so many along an axis; 1 where `share` is 1: then no
    position shares its kernel, however many there are.

    >>> [likewise(ALEXNET_FIRST, blocks, share) for blocks, share in ((6, 1), (3, 2), (1, 6))]
    [1, 19, 55]
    """
    return 1 if share == 1 else -(-max(layer.output_size) // blocks)
