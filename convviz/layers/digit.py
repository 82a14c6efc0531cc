"""A handwritten digit that networks are asked about: which one, and whether its pixels are shuffled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from convviz.layers import arguments as read
from convviz.layers.base import Given
from convviz.layers.calling import told
from convviz.layers.conv import Conv
from convviz.layers.conv import settle as settle_conv
from convviz.layers.parameter import Parameter
from convviz.layers.repair import checked

HELD_OUT = 360
"""So many digits are held out from training; see `convviz.recognising.split`."""

SIZE, KERNEL = 12, 3
"""Pixels of its field a side, and the size of the kernels that slide over it; see `convviz.recognising`."""


@told
@dataclass(frozen=True)
class Digit(Conv):
    """The convolution of one kernel over the field in which a held-out digit lies.

    digit: its number among those held out, from 1; shuffled: whether the pixels of all fields have changed places, in
    one way. The sizes are those of `convviz.recognising`. Raises LayerError for what cannot be.

    >>> layer = Digit(7)
    >>> layer.output_size, layer.parameters
    ((12, 12), 9)
    """

    input_size: Given = field(init=False, default=SIZE)
    kernel_size: Given = field(init=False, default=KERNEL)
    stride: Given = field(init=False, default=1)
    padding: Given = field(init=False, default=KERNEL // 2)
    dilation: Given = field(init=False, default=1)
    in_channels: int = field(init=False, default=1)
    out_channels: int = field(init=False, default=1)
    groups: int = field(init=False, default=1)
    padding_mode: str = field(init=False, default="zeros")
    bias: bool = field(init=False, default=False)
    flip: bool = field(init=False, default=False)
    digit: int = 1
    shuffled: bool = False

    kind: ClassVar[str] = "digit"
    views: ClassVar[tuple[str, ...]] = ("moved", "follow", "shifts")
    """The views that show it: others would show seeded numbers."""
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        Parameter("digit", "n", "count", 1, HELD_OUT),
        Parameter("shuffled", "u", "flag"),
    )

    def __post_init__(self) -> None:
        checked(self, _settle)


def _settle(layer: Any) -> None:
    """Read and check the arguments."""
    settle_conv(layer)
    object.__setattr__(layer, "digit", read.whole("digit", layer.digit, most=HELD_OUT))
    object.__setattr__(layer, "shuffled", read.flag("shuffled", layer.shuffled))
