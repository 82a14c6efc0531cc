"""The 15 animations that the field has used since 2016 (arXiv 1603.07285), under their names."""

from __future__ import annotations

from convviz.layers import Conv, Layer

_FORWARD: tuple[tuple[str, Conv], ...] = (
    ("no_padding_no_strides", Conv(4, 3)),
    ("arbitrary_padding_no_strides", Conv(5, 4, padding=2)),
    ("same_padding_no_strides", Conv(5, 3, padding=1)),
    ("full_padding_no_strides", Conv(5, 3, padding=2)),
    ("no_padding_strides", Conv(5, 3, stride=2)),
    ("padding_strides", Conv(5, 3, stride=2, padding=1)),
    ("padding_strides_odd", Conv(6, 3, stride=2, padding=1)),
)

CLASSICS: tuple[tuple[str, Layer], ...] = (
    *_FORWARD,
    *((f"{name}_transposed", layer.transpose()) for name, layer in _FORWARD),
    ("dilation", Conv(7, 3, dilation=2)),
)
"""Name and layer of each; a transposed figure shows the transposed convolution of the forward one of its name."""


def lesson_of(name: str) -> str:
    """The lesson that a classic opens."""
    return "dilated" if name == "dilation" else "transposed" if name.endswith("_transposed") else "convolution"
