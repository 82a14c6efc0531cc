"""The layers: frozen, validated choices. `REGISTRY` is the one list of them; see docs/adding-a-layer.md."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from convviz.layers.conv import Conv, depthwise, pointwise
from convviz.layers.conv_transpose import ConvTranspose
from convviz.layers.dense import Dense
from convviz.layers.formula import Formula, Term
from convviz.layers.linear import Array
from convviz.layers.parameter import Parameter
from convviz.layers.pool import AvgPool, MaxPool
from convviz.taps import Taps

REGISTRY: tuple[Any, ...] = (Conv, ConvTranspose, MaxPool, AvgPool, Dense)


class Layer(Protocol):
    """What every layer says of itself. Where a window slides also stride, pads, span and dilation over the axes; with
    weights also bias and out_channels."""

    kind: ClassVar[str]
    reduce: ClassVar[str]
    """How a window's products become an output, for example "sum", "max" or "mean"."""
    shared: ClassVar[bool]
    """Whether all outputs share one kernel."""
    spreads: ClassVar[bool]
    """Whether the stride spreads its inputs apart, so that the output is the larger side, as in a transposed one."""
    parameter_list: ClassVar[tuple[Parameter, ...]]

    @property
    def input_size(self) -> Any: ...
    @property
    def kernel_size(self) -> Any: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def x_shape(self) -> tuple[int, ...]: ...
    @property
    def weight_shape(self) -> tuple[int, ...] | None: ...
    @property
    def parameters(self) -> int: ...
    @property
    def macs(self) -> int: ...
    @property
    def taps(self) -> Taps: ...
    def formula(self, axis: int = 0) -> Formula: ...
    def takes_part(self) -> Array: ...
    def combine(self, windows: Array, weight: Any, bias: Any) -> Array: ...
    def products(self, window: Array, weight: Any, step: int) -> Array: ...
    def pull_back(self, upstream: Array, windows: Array, weight: Any) -> tuple[Array, Any]: ...


def is_layer(value: Any) -> bool:
    """Whether a value is a layer, and not its class, a stack or anything else."""
    return isinstance(value, REGISTRY) or hasattr(type(value), "taps")


__all__ = [
    "REGISTRY",
    "AvgPool",
    "Conv",
    "ConvTranspose",
    "Dense",
    "Formula",
    "Layer",
    "MaxPool",
    "Parameter",
    "Term",
    "depthwise",
    "is_layer",
    "pointwise",
]
