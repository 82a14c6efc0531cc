"""A layer in a word, as PyTorch writes it: what a table says of it, `Conv2d(3, 64, 7, stride=2, padding=3)`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

NAMES = {"Dense": "Linear", "Upsample": "Upsample", "PixelShuffle": "PixelShuffle"}
"""PyTorch's names of the layers of which it is not the name here and the number of axes, such as Conv2d."""

PLACED = (
    *("in_channels", "out_channels", "in_features", "out_features"),
    *("kernel_size", "output_size", "upscale_factor"),
)
"""The arguments that PyTorch takes without their name, in its order."""

LINEAR = ("linear", "bilinear", "trilinear")
"""PyTorch's names of upsampling that is linear along each of one, two and three axes."""

HIDDEN = {"input_size", "channels", "flip"}
"""The arguments that PyTorch has not: it is told them by the input."""

USUAL = {
    "stride": 1,
    "padding": 0,
    "dilation": 1,
    "output_padding": 0,
    "groups": 1,
    "padding_mode": "zeros",
    "bias": True,
    "ceil_mode": False,
    "count_include_pad": True,
}
"""The values with which PyTorch needs to be told nothing."""


def pytorch_word(layer: Any, given: Sequence[int]) -> str:
    """The layer, or the operation, as PyTorch writes it. given: the shape of its input, (channels, *size).

    What PyTorch does not have keeps its own name, such as Crop(388, 388); and a padding that differs before and after
    stands in pairs.

    >>> from convviz.layers import Conv, MaxPool
    >>> pytorch_word(Conv(224, 7, 2, 3, in_channels=3, out_channels=64), (3, 224, 224))
    'Conv2d(3, 64, 7, stride=2, padding=3, bias=False)'
    >>> pytorch_word(MaxPool((4,), 2), (1, 4))
    'MaxPool1d(2)'
    """
    own, axes = type(layer).__name__, max(len(given) - 1, 1)
    if hasattr(layer, "parameter_list"):
        return f"{NAMES.get(own, f'{own}{axes}d')}({', '.join(_layer(layer))})"
    if hasattr(layer, "learned"):  # what it learns is counted by channels
        return f"{own}{axes}d({given[0]})"
    return f"{own}({', '.join(_said(getattr(layer, field.name)) for field in fields(layer))})"


def _layer(layer: Any) -> list[str]:
    names = [parameter.name for parameter in layer.parameter_list if parameter.name not in HIDDEN]
    placed = sorted((name for name in names if name in PLACED), key=PLACED.index)
    usual = USUAL | ({"stride": layer.kernel_size} if layer.weight_shape is None and "stride" in names else {})
    said = [_said(getattr(layer, name)) for name in placed]
    for name in (name for name in names if name not in PLACED):
        value = getattr(layer, name)
        if name == "mode" and value in LINEAR:
            value = LINEAR[len(layer.input_size) - 1]
        if _said(value) != _said(usual.get(name)):
            said.append(f"{name}={_said(value)}")
    return said


def _said(value: object) -> str:
    """A value as Python writes it; one number where all axes have the same, or before and after."""
    if isinstance(value, tuple) and value and len(set(value)) == 1:
        return _said(value[0])
    return repr(value)
