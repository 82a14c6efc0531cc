"""The layers of known networks whose ways part and meet again: residual networks and U-Net."""

from __future__ import annotations

from convviz.layers.elementwise import Add, ReLU
from convviz.layers.rearrange import Concat, Crop, Flatten
from convviz.network.draft import Draft

WIDE = 4
"""How many times as many channels a bottleneck block gives as it has inside."""


def resnet18(draft: Draft) -> None:
    """ResNet-18 as torchvision has it."""
    _stem(draft, 1)
    for stage, count in enumerate((2, 2, 2, 2)):
        for number in range(count):
            _basic(draft, f"stage{stage + 1}.{number + 1}", 64 * 2**stage, 2 if stage and not number else 1)
    _end(draft)


def resnet50(draft: Draft) -> None:
    """ResNet-50 as torchvision has it: the first block of a stage has the stride, in its 3x3."""
    _stem(draft, 1)
    for stage, count in enumerate((3, 4, 6, 3)):
        for number in range(count):
            _bottleneck(draft, f"stage{stage + 1}.{number + 1}", 64 * 2**stage, 2 if stage and not number else 1)
    _end(draft)


def resnet50_slim(draft: Draft) -> None:
    """ResNet-50 as TensorFlow-Slim has it (resnet_v1_50): the last block of a stage has the stride, in its 3x3."""
    _stem(draft, "same")
    for stage, count in enumerate((3, 4, 6, 3)):
        for number in range(count):
            last = stage < 3 and number == count - 1
            _bottleneck(draft, f"stage{stage + 1}.{number + 1}", 64 * 2**stage, 2 if last else 1)
    _end(draft)


def _stem(draft: Draft, padding: object) -> None:
    """What comes before the blocks. padding: of its pooling."""
    draft.begin("stem")
    draft.conv(64, 7, stride=2, padding=3, bias=False)
    draft.normal()
    draft.maxpool(3, 2, padding)


def _bottleneck(draft: Draft, name: str, width: int, stride: int) -> None:
    below = draft.begin(name)
    draft.conv(width, 1, bias=False)
    draft.normal()
    draft.conv(width, 3, stride=stride, padding=1, bias=False)
    draft.normal()
    draft.conv(WIDE * width, 1, bias=False)
    draft.normal(active=False)
    _joined(draft, name, below, stride)


def _basic(draft: Draft, name: str, width: int, stride: int) -> None:
    below = draft.begin(name)
    draft.conv(width, 3, stride=stride, padding=1, bias=False)
    draft.normal()
    draft.conv(width, 3, padding=1, bias=False)
    draft.normal(active=False)
    _joined(draft, name, below, stride)


def _joined(draft: Draft, name: str, below: str, stride: int) -> None:
    """Add what the block reads: through a 1x1 convolution where channels differ, else every stride-th cell of it."""
    path, channels = draft.last, draft.channels
    draft.begin(f"{name}.shortcut")
    draft.last = below
    if draft.channels != channels:
        draft.conv(channels, 1, stride=stride, bias=False)
        draft.normal(active=False)
    elif stride > 1:
        draft.maxpool(1, stride)
    draft.add(Add(), f"{name}.sum", [path, draft.last])
    draft.add(ReLU(), name)


def _end(draft: Draft) -> None:
    draft.begin("end")
    draft.avgpool(draft.size)
    draft.add(Flatten())
    draft.dense(1000)


def unet(draft: Draft) -> None:
    """U-Net (Ronneberger, Fischer, Brox 2015): no padding, so that what is joined on the way up is cropped."""
    across = []
    for depth in range(4):
        draft.begin(f"down{depth + 1}")
        across.append(_twice(draft, 64 * 2**depth))
        draft.maxpool(2)
    draft.begin("bottom")
    _twice(draft, 64 * 2**4)
    for depth in reversed(range(4)):
        draft.begin(f"up{depth + 1}")
        above = draft.transposed(64 * 2**depth, 2, stride=2, bias=True)
        cropped = draft.add(Crop(draft.size), reads=[across[depth]])
        draft.add(Concat(), reads=[cropped, above])
        _twice(draft, 64 * 2**depth)
    draft.begin("end")
    draft.conv(2, 1)


def _twice(draft: Draft, width: int) -> str:
    """Two convolutions with ReLU; the name of the last."""
    for _ in range(2):
        draft.conv(width, 3)
        last = draft.add(ReLU())
    return last
