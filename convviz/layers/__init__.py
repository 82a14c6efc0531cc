"""The layers: frozen, validated choices. `REGISTRY` is the one list of them; see docs/adding-a-layer.md."""

from __future__ import annotations

from typing import Any

from convviz.layers.adaptive import AdaptiveAvgPool, AdaptiveMaxPool
from convviz.layers.base import Base, Layer, Sliding, Weighted, Windowed
from convviz.layers.conv import Conv, depthwise, pointwise
from convviz.layers.conv_transpose import ConvTranspose
from convviz.layers.dense import Dense
from convviz.layers.formula import Formula, Term
from convviz.layers.parameter import Parameter
from convviz.layers.pixelshuffle import PixelShuffle
from convviz.layers.pool import AvgPool, MaxPool, Picking, Pooling
from convviz.layers.resample import Resampling
from convviz.layers.upsample import Upsample

REGISTRY: tuple[Any, ...] = (
    *(Conv, ConvTranspose, MaxPool, AvgPool, AdaptiveMaxPool, AdaptiveAvgPool),
    *(Upsample, PixelShuffle, Dense),
)


def is_layer(value: object) -> bool:
    """Whether a value is a layer, and not its class, a stack or anything else."""
    return isinstance(value, REGISTRY) or hasattr(type(value), "taps")


__all__ = [
    "REGISTRY",
    "AdaptiveAvgPool",
    "AdaptiveMaxPool",
    "AvgPool",
    "Base",
    "Conv",
    "ConvTranspose",
    "Dense",
    "Formula",
    "Layer",
    "MaxPool",
    "Parameter",
    "Picking",
    "PixelShuffle",
    "Pooling",
    "Resampling",
    "Sliding",
    "Term",
    "Upsample",
    "Weighted",
    "Windowed",
    "depthwise",
    "is_layer",
    "pointwise",
]
