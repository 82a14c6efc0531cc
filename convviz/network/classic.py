"""The layers of known networks that are rows of layers: LeNet-5, AlexNet, VGG-16, MobileNet, and a generator."""

from __future__ import annotations

from convviz.layers import AdaptiveAvgPool
from convviz.layers.elementwise import ReLU, Tanh
from convviz.layers.rearrange import Concat, Flatten, Select
from convviz.network.draft import Draft

READS = (
    *((0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5)),
    *((0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5)),
    *((0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5), (0, 1, 2, 3, 4, 5)),
)
"""Which maps of S2 each map of C3 reads (LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document
Recognition", 1998, table I)."""

FLAT = 6, 7
"""The size that AlexNet's and VGG's dense layers take; torchvision pools maps of any other size to it."""


def lenet5(draft: Draft) -> None:
    """LeNet-5 as it is built today, with every map read by the second convolution."""
    for channels in (6, 16):
        draft.conv(channels, 5)
        draft.add(Tanh())
        draft.avgpool(2)
    draft.add(Flatten())
    _dense(draft, (120, 84, 10), Tanh())


def lenet5_1998(draft: Draft) -> None:
    """LeNet-5 as in its paper: C3 reads maps in groups; what is averaged gets a trained factor and a bias a map.

    The factor and the bias are a 1x1 convolution of each map by itself. It ends in the 84 features of F6: the output
    compares them with drawn digits that are not trained (radial basis functions), and is left out. Its squashing
    function, a scaled tanh, is told as tanh.
    """
    draft.conv(6, 5, "C1")
    draft.add(Tanh(), "C1.tanh")
    below = _averaged(draft, "S2")
    for number, maps in enumerate(READS):
        draft.add(Select(maps), f"C3.{number}.reads", [below])
        draft.conv(1, 5, f"C3.{number}")
    draft.add(Concat(), "C3", [f"C3.{number}" for number in range(len(READS))])
    draft.add(Tanh(), "C3.tanh")
    _averaged(draft, "S4")
    draft.conv(120, 5, "C5")
    draft.add(Tanh(), "C5.tanh")
    draft.add(Flatten())
    draft.dense(84)
    draft.add(Tanh(), "F6")


def _averaged(draft: Draft, name: str) -> str:
    """A layer of the paper's that averages, with its trained factor and bias."""
    draft.avgpool(2, f"{name}.mean")
    draft.depthwise(1, f"{name}.trained")
    return draft.add(Tanh(), name)


def alexnet(draft: Draft) -> None:
    """AlexNet in one tower, as torchvision has it."""
    _alexnet(draft, 64, 192, 4, 2)
    _flat(draft, FLAT[0])
    _dense(draft, (4096, 4096, 1000), ReLU())


def alexnet_2012(draft: Draft) -> None:
    """AlexNet as in its paper, on two graphics processors: three of its layers have two groups.

    Its local response normalisation, which has no weights, is left out.
    """
    _alexnet(draft, 96, 256, 4, 0, groups=2, widths=(384, 384, 256))
    _flat(draft, FLAT[0])
    _dense(draft, (4096, 4096, 1000), ReLU())


def alexnet_slim(draft: Draft) -> None:
    """AlexNet v2 as TensorFlow-Slim has it: one tower, no padding in the first layer, convolutions for dense ones."""
    _alexnet(draft, 64, 192, 4, 0, widths=(384, 384, 256))
    draft.conv(4096, 5)
    draft.add(ReLU())
    draft.conv(4096, 1)
    draft.add(ReLU())
    draft.conv(1000, 1)


def _alexnet(
    draft: Draft,
    first: int,
    second: int,
    stride: int,
    padding: int,
    groups: int = 1,
    widths: tuple[int, ...] = (384, 256, 256),
) -> None:
    """Its convolutions and poolings. groups: of the second, the fourth and the fifth convolution."""
    draft.conv(first, 11, stride=stride, padding=padding)
    draft.add(ReLU())
    draft.maxpool(3, 2)
    draft.conv(second, 5, padding=2, groups=groups)
    draft.add(ReLU())
    draft.maxpool(3, 2)
    for width, parts in zip(widths, (1, groups, groups), strict=True):
        draft.conv(width, 3, padding=1, groups=parts)
        draft.add(ReLU())
    draft.maxpool(3, 2)


def vgg16(draft: Draft) -> None:
    """VGG-16."""
    for width, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            draft.conv(width, 3, padding=1)
            draft.add(ReLU())
        draft.maxpool(2)
    _flat(draft, FLAT[1])
    _dense(draft, (4096, 4096, 1000), ReLU())


def mobilenet_v1(draft: Draft) -> None:
    """MobileNet v1 with TensorFlow's "same" padding."""
    _mobilenet(draft, "same")


def mobilenet_v1_p1(draft: Draft) -> None:
    """MobileNet v1 with a padding of 1 on every side, as it is usually written in PyTorch."""
    _mobilenet(draft, 1)


def _mobilenet(draft: Draft, padding: object) -> None:
    draft.conv(32, 3, stride=2, padding=padding, bias=False)
    draft.normal()
    rest = *((512, 1),) * 5, (1024, 2), (1024, 1)
    for width, stride in ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *rest):
        draft.depthwise(3, stride=stride, padding=padding, bias=False)
        draft.normal()
        draft.conv(width, 1, bias=False)
        draft.normal()
    draft.avgpool(draft.size)
    draft.add(Flatten())
    draft.dense(1000)


def dcgan(draft: Draft) -> None:
    """The generator of PyTorch's DCGAN tutorial: five transposed convolutions, of which the first reads 100 numbers."""
    draft.transposed(512, 4)
    draft.normal()
    for width in (256, 128, 64):
        draft.transposed(width, 4, stride=2, padding=1)
        draft.normal()
    draft.transposed(3, 4, stride=2, padding=1)
    draft.add(Tanh())


def _flat(draft: Draft, side: int) -> None:
    """All values in a row, of maps of side x side cells: what dense layers of a fixed size take."""
    if draft.size != (side, side):
        draft.add(AdaptiveAvgPool(draft.size, side, draft.channels))
    draft.add(Flatten())


def _dense(draft: Draft, features: tuple[int, ...], between: object) -> None:
    """Dense layers, with an activation between two of them."""
    for number, count in enumerate(features):
        if number:
            draft.add(between)
        draft.dense(count)
