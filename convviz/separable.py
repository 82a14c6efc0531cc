"""Separable convolution: a depthwise convolution and a pointwise one in place of an ordinary one."""

from __future__ import annotations

from typing import Any

from convviz.layers import depthwise, pointwise
from convviz.layers.arguments import whole
from convviz.network import Network


def separable(
    input_size: object, kernel_size: object, in_channels: int = 3, out_channels: int = 4, **others: object
) -> Network:
    """A depthwise convolution, then a pointwise one. `others` go to the depthwise part.

    >>> net = separable(5, 3, 3, 4, padding="same")
    >>> net.parameters, net.macs
    (39, 975)
    """
    in_channels, out_channels = whole("in_channels", in_channels), whole("out_channels", out_channels)
    first = depthwise(input_size, kernel_size, in_channels, **others)
    return Network([first, pointwise(first.output_size, first.out_channels, out_channels)])


def separated(layer: Any) -> Network:
    """The depthwise and the pointwise convolution that replace an ordinary one of these sizes; no bias."""
    names = ("input_size", "kernel_size", "in_channels", "out_channels", "stride", "padding", "dilation", "flip")
    return separable(padding_mode=layer.padding_mode, **{name: getattr(layer, name) for name in names})
