"""The small network that reads handwritten digits, as a choice: which of its maps is followed.

It has no taps of its own: `nodes` spells it out as layers, of which `convviz.network` makes a network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from convviz.layers import arguments as read
from convviz.layers.calling import told
from convviz.layers.conv import Conv
from convviz.layers.dense import Dense
from convviz.layers.elementwise import ReLU, Softmax
from convviz.layers.parameter import Parameter
from convviz.layers.pool import MaxPool
from convviz.layers.rearrange import Flatten

SIZE, KERNEL, POOL, MAPS, CLASSES = 12, 3, 2, 8, 10
"""Pixels of the field a side, a kernel's size, that of the pooling's window, how many maps there are, and digits."""


@told
@dataclass(frozen=True)
class DigitReader:
    """The network of `convviz.recognising` called `trained`, and the map, from 1, that a picture of one map follows.

    Raises LayerError for a map that it does not have.

    >>> list(DigitReader(3).nodes)
    ['conv1', 'relu2', 'maxpool3', 'flatten4', 'dense5', 'softmax6']
    """

    map: int = 1

    kind: ClassVar[str] = "digits"
    trained: ClassVar[str] = "flatten"
    shared: ClassVar[bool] = False
    spreads: ClassVar[bool] = False
    weight_shape: ClassVar[None] = None
    input_size: ClassVar[tuple[int, ...]] = (SIZE, SIZE)
    parameter_list: ClassVar[tuple[Parameter, ...]] = (Parameter("map", "m", "count", 1, MAPS),)

    def __post_init__(self) -> None:
        object.__setattr__(self, "map", read.whole("map", self.map, 1, MAPS))

    @property
    def nodes(self) -> dict[str, tuple[object, list[str]]]:
        """Its layers by name, each with the names of what it reads; "x" is the input."""
        layers: list[tuple[str, object]] = [
            ("conv1", Conv(SIZE, KERNEL, padding=KERNEL // 2, out_channels=MAPS, bias=True)),
            ("relu2", ReLU()),
            ("maxpool3", MaxPool(SIZE, POOL, channels=MAPS)),
            ("flatten4", Flatten()),
            ("dense5", Dense(MAPS * (SIZE // POOL) ** 2, CLASSES)),
            ("softmax6", Softmax()),
        ]
        before = ["x", *(name for name, _ in layers)]
        return {name: (layer, [below]) for (name, layer), below in zip(layers, before, strict=False)}
