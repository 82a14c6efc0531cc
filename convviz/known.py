"""Networks that are known by their names, as data: their layers in the sizes that were published.

Each is a graph like any other; shapes, costs and receptive fields are told from sizes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from math import prod
from typing import NamedTuple

from convviz.errors import LayerError
from convviz.graph import INPUT
from convviz.layers import AvgPool, Conv, Dense, MaxPool, depthwise, pointwise
from convviz.layers.elementwise import Add, BatchNorm, ReLU, Tanh
from convviz.layers.rearrange import Flatten
from convviz.network import Network


def lenet5() -> Network:
    """LeNet-5 as it is built today, with every map read by C3: 61,706 weights (after LeCun et al. 1998)."""
    return Network(
        [
            Conv(32, 5, out_channels=6, bias=True),
            Tanh(),
            AvgPool(28, 2, channels=6),
            Conv(14, 5, in_channels=6, out_channels=16, bias=True),
            Tanh(),
            AvgPool(10, 2, channels=16),
            Flatten(),
            *_dense((400, 120, 84, 10), Tanh()),
        ]
    )


def alexnet() -> Network:
    """AlexNet in one tower, as torchvision has it: 61,100,840 weights (after Krizhevsky 2014)."""
    layers: list[object] = [
        Conv(224, 11, 4, 2, in_channels=3, out_channels=64, bias=True),
        ReLU(),
        MaxPool(55, 3, 2, channels=64),
    ]
    layers += [
        Conv(27, 5, padding=2, in_channels=64, out_channels=192, bias=True),
        ReLU(),
        MaxPool(27, 3, 2, channels=192),
    ]
    for channels, width in ((192, 384), (384, 256), (256, 256)):
        layers += [Conv(13, 3, padding=1, in_channels=channels, out_channels=width, bias=True), ReLU()]
    return Network([*layers, MaxPool(13, 3, 2, channels=256), Flatten(), *_dense((9216, 4096, 4096, 1000), ReLU())])


def vgg16() -> Network:
    """VGG-16: 138,357,544 weights (Simonyan and Zisserman 2015)."""
    layers: list[object] = []
    size, channels = 224, 3
    for width, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            layers += [Conv(size, 3, padding=1, in_channels=channels, out_channels=width, bias=True), ReLU()]
            channels = width
        layers.append(MaxPool(size, 2, channels=width))
        size //= 2
    return Network([*layers, Flatten(), *_dense((25_088, 4096, 4096, 1000), ReLU())])


def mobilenet_v1() -> Network:
    """MobileNet v1: 4,231,976 weights, 568,740,352 multiply-accumulates (Howard et al. 2017)."""
    layers: list[object] = list(_normal(Conv(224, 3, 2, "same", in_channels=3, out_channels=32)))
    size, channels = 112, 32
    for width, stride in (
        (64, 1),
        (128, 2),
        (128, 1),
        (256, 2),
        (256, 1),
        (512, 2),
        *((512, 1),) * 5,
        (1024, 2),
        (1024, 1),
    ):
        layers += _normal(depthwise(size, 3, channels, stride=stride, padding="same"))
        size //= stride
        layers += _normal(pointwise(size, channels, width))
        channels = width
    return Network([*layers, AvgPool(7, 7, channels=1024), Flatten(), Dense(1024, 1000)])


def resnet18() -> Network:
    """ResNet-18 as torchvision has it: 11,689,512 weights (He et al. 2016)."""
    return _resnet((2, 2, 2, 2), bottleneck=False)


def resnet50() -> Network:
    """ResNet-50 as torchvision has it, with the stride in a block's 3x3: 25,557,032 weights (He et al. 2016)."""
    return _resnet((3, 4, 6, 3), bottleneck=True)


KNOWN: dict[str, Callable[[], Network]] = {
    made.__name__: made for made in (lenet5, alexnet, vgg16, mobilenet_v1, resnet18, resnet50)
}
"""By name."""


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
    for node in mobilenet_v1().nodes:
        layer = node.layer
        if isinstance(layer, Dense | Conv):
            conv = "depthwise" if layer.groups > 1 else "pointwise" if set(layer.kernel_size) == {1} else "first"
            kind = "dense" if isinstance(layer, Dense) else conv
            before, weights = found[kind], prod(layer.weight_shape)
            found[kind] = MobileNetCost(before.macs + layer.macs, before.weights + weights)
    return found


def known(name: str) -> Network:
    """A network that is known by its name, one of KNOWN; raises LayerError for another name.

    >>> net = known("vgg16")
    >>> net.parameters, net.output_size
    (138357544, (1000,))
    """
    if name not in KNOWN:
        nearest = (get_close_matches(str(name), KNOWN, 1, 0.0) or [next(iter(KNOWN))])[0]
        raise LayerError("known", "network", {"network": nearest}, value=name, names=", ".join(KNOWN), nearest=nearest)
    return KNOWN[name]()


def _dense(features: tuple[int, ...], between: object) -> Iterator[object]:
    """Dense layers from one number of features to the next, with an activation between two of them."""
    for n, (ins, outs) in enumerate(pairwise(features)):
        if n:
            yield between
        yield Dense(ins, outs)


def _normal(conv: Conv) -> tuple[object, ...]:
    """A convolution without bias, normalised over each channel, and what is negative set to 0."""
    return conv, BatchNorm(), ReLU()


def _resnet(counts: tuple[int, ...], bottleneck: bool) -> Network:
    """Four stages of residual blocks."""
    nodes: dict[str, object] = {}
    stem = (*_normal(Conv(224, 7, 2, 3, in_channels=3, out_channels=64)), MaxPool(112, 3, 2, 1, channels=64))
    last = _chain(nodes, "stem", stem, INPUT)
    size, channels = 56, 64
    for stage, count in enumerate(counts):
        for n in range(count):
            stride, name = 2 if stage and not n else 1, f"stage{stage + 1}.{n + 1}"
            width = 64 * 2**stage
            path = _path(size, channels, width, stride, bottleneck)
            size, outs = size // stride, width * (4 if bottleneck else 1)
            beside = last
            if stride > 1 or channels != outs:
                short = (Conv(size * stride, 1, stride, in_channels=channels, out_channels=outs), BatchNorm())
                beside = _chain(nodes, f"{name}.shortcut", short, last)
            nodes[f"{name}.sum"] = (Add(), [_chain(nodes, name, path, last), beside])
            nodes[name] = (ReLU(), [f"{name}.sum"])
            last, channels = name, outs
    end = (AvgPool(7, 7, channels=channels), Flatten(), Dense(channels, 1000))
    _chain(nodes, "end", end, last)
    return Network(nodes)


def _path(size: int, channels: int, width: int, stride: int, bottleneck: bool) -> tuple[object, ...]:
    """The convolutions of a block, the last without its activation, which follows the sum."""
    smaller = size // stride
    if not bottleneck:
        first = Conv(size, 3, stride, 1, in_channels=channels, out_channels=width)
        second = Conv(smaller, 3, padding=1, in_channels=width, out_channels=width)
        return (*_normal(first), second, BatchNorm())
    middle = Conv(size, 3, stride, 1, in_channels=width, out_channels=width)
    wide = pointwise(smaller, width, 4 * width)
    return (*_normal(pointwise(size, channels, width)), *_normal(middle), wide, BatchNorm())


def _chain(nodes: dict[str, object], name: str, layers: tuple[object, ...], before: str) -> str:
    """Add layers one after the other; the name of the last."""
    for n, layer in enumerate(layers):
        nodes[f"{name}.{n + 1}"] = (layer, [before])
        before = f"{name}.{n + 1}"
    return before
