"""A network being written down, layer after layer: each takes the shape of what is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from convviz.graph import INPUT, Shape
from convviz.layers import AvgPool, Conv, ConvTranspose, Dense, MaxPool
from convviz.layers.elementwise import BatchNorm, ReLU


class Draft:
    """The nodes of a network so far; last: the name of the newest, which the next layer reads.

    shape: of the input, (channels, *size).

    >>> draft = Draft((3, 8, 8))
    >>> _ = draft.conv(4, 3, padding=1), draft.maxpool(2)
    >>> draft.shape, list(draft.nodes)
    ((4, 4, 4), ['conv1', 'maxpool2'])
    """

    def __init__(self, shape: Shape) -> None:
        self.nodes: dict[str, tuple[object, list[str]]] = {}
        self.shapes: dict[str, Shape] = {INPUT: shape}
        self.last = INPUT
        self.part = ""

    @property
    def shape(self) -> Shape:
        """The shape of what the newest node gives."""
        return self.shapes[self.last]

    @property
    def size(self) -> Shape:
        return self.shape[1:]

    @property
    def channels(self) -> int:
        return self.shape[0]

    def begin(self, part: str) -> str:
        """Begin a part of the network, whose nodes are named after it; returns the name of the newest node so far."""
        self.part = part
        return self.last

    def add(self, layer: Any, name: str = "", reads: Sequence[str] = ()) -> str:
        """Add a layer or an operation. Its name, if it has none of its own: the part's, its kind and its place there.

        reads: the names of what it reads; left out, the newest node. Returns its name. Raises LayerError where it does
        not take what it is given.
        """
        inputs = list(reads) or [self.last]
        head = f"{self.part}." if self.part else ""
        place = sum(other.startswith(head) for other in self.nodes) + 1
        name = name or f"{head}{layer.kind}{place}"
        given = [self.shapes[one] for one in inputs]
        self.shapes[name] = tuple(layer.y_shape if hasattr(layer, "y_shape") else layer.output_shape(*given))
        self.nodes[name] = (layer, inputs)
        self.last = name
        return name

    def conv(self, out_channels: int, kernel_size: int, name: str = "", **others: Any) -> str:
        """A convolution over what is there, with a bias unless told otherwise."""
        others = {"bias": True} | others
        given: dict[str, Any] = {"in_channels": self.channels, "out_channels": out_channels}
        return self.add(Conv(self.size, kernel_size, **given, **others), name)

    def transposed(self, out_channels: int, kernel_size: int, **others: Any) -> str:
        """A transposed convolution over what is there."""
        given: dict[str, Any] = {"in_channels": self.channels, "out_channels": out_channels}
        return self.add(ConvTranspose(self.size, kernel_size, **given, **others))

    def depthwise(self, kernel_size: int, name: str = "", **others: Any) -> str:
        """A convolution of each channel by itself."""
        return self.conv(self.channels, kernel_size, name, groups=self.channels, **others)

    def maxpool(self, kernel_size: int, stride: int | None = None, padding: object = 0) -> str:
        return self.add(MaxPool(self.size, kernel_size, stride, padding, channels=self.channels))

    def avgpool(self, kernel_size: object, name: str = "") -> str:
        return self.add(AvgPool(self.size, kernel_size, channels=self.channels), name)

    def dense(self, out_features: int) -> str:
        return self.add(Dense(self.channels, out_features))

    def normal(self, active: bool = True) -> None:
        """Batch normalisation and, where it is `active`, a ReLU."""
        self.add(BatchNorm())
        if active:
            self.add(ReLU())
