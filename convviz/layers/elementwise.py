"""Nodes that work cell by cell and take their shape from their inputs: activations, sums, products, normalisation.

Each says what shape it gives, what it computes and how a gradient passes back through it, side by side. Whole numbers
stay whole, and exact, wherever the rule allows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from numbers import Real
from typing import ClassVar

import numpy as np

from convviz.errors import LayerError
from convviz.layers.linear import Array, roomy, total

Shape = tuple[int, ...]


def alike(kind: str, shapes: Sequence[Shape], least: int = 1) -> Shape:
    """The shape that all inputs have; raises LayerError for too few inputs, or for shapes that differ."""
    if len(shapes) < least:
        raise LayerError("node_inputs", "inputs", None, value=kind, count=len(shapes), wanted=least)
    for shape in shapes:
        if shape != shapes[0]:
            raise LayerError("node_shapes", "inputs", None, value=kind, first=shapes[0], other=shape)
    return shapes[0]


def one(kind: str, shapes: Sequence[Shape]) -> Shape:
    """The shape of the only input; raises LayerError where there are more, or none."""
    if len(shapes) != 1:
        raise LayerError("node_inputs", "inputs", None, value=kind, count=len(shapes), wanted=1)
    return shapes[0]


class _Map:
    """A node with one input, each of whose outputs comes from one cell."""

    kind: ClassVar[str]

    def output_shape(self, *shapes: Shape) -> Shape:
        """The shape of the input."""
        return one(self.kind, shapes)

    def parameters(self, shape: Shape) -> int:
        """How many numbers it learns over an input of this shape: none."""
        return 0


@dataclass(frozen=True)
class ReLU(_Map):
    """max(x, 0).

    >>> ReLU().forward(np.array([-2, 3])).tolist()
    [0, 3]
    """

    kind: ClassVar[str] = "relu"

    def forward(self, x: Array) -> Array:
        return np.where(x > 0, x, np.zeros_like(x))

    def backward(self, upstream: Array, inputs: Sequence[Array], output: Array) -> tuple[Array, ...]:
        """0 where the input is not positive, at 0 too (as PyTorch has it)."""
        return (np.where(inputs[0] > 0, upstream, np.zeros_like(upstream)),)


@dataclass(frozen=True)
class Sigmoid(_Map):
    """1 / (1 + exp(-x)), a float64 between 0 and 1.

    >>> Sigmoid().forward(np.array([0.0])).tolist()
    [0.5]
    """

    kind: ClassVar[str] = "sigmoid"

    def forward(self, x: Array) -> Array:
        decay = np.exp(-np.abs(x.astype(np.float64)))
        return np.where(x < 0, decay, 1.0) / (1 + decay)

    def backward(self, upstream: Array, inputs: Sequence[Array], output: Array) -> tuple[Array, ...]:
        return (upstream * output * (1 - output),)


@dataclass(frozen=True)
class Tanh(_Map):
    """The hyperbolic tangent, a float64 between -1 and 1.

    >>> Tanh().forward(np.array([0.0])).tolist()
    [0.0]
    """

    kind: ClassVar[str] = "tanh"

    def forward(self, x: Array) -> Array:
        return np.tanh(x.astype(np.float64))

    def backward(self, upstream: Array, inputs: Sequence[Array], output: Array) -> tuple[Array, ...]:
        return (upstream * (1 - output**2),)


@dataclass(frozen=True)
class Softmax(_Map):
    """Scores to probabilities over the first axis: exp(x) over the sum of all exp(x) (Bridle 1990).

    >>> Softmax().forward(np.array([0, 0])).tolist()
    [0.5, 0.5]
    """

    kind: ClassVar[str] = "softmax"

    def forward(self, x: Array) -> Array:
        raised = np.exp((x - x.max(axis=0)).astype(np.float64))
        return np.asarray(raised / raised.sum(axis=0))

    def backward(self, upstream: Array, inputs: Sequence[Array], output: Array) -> tuple[Array, ...]:
        return (output * (upstream - (upstream * output).sum(axis=0)),)


@dataclass(frozen=True)
class Scale(_Map):
    """Every cell times one number, and another added: factor * x + offset.

    >>> Scale(2, 1).forward(np.array([1, 2])).tolist()
    [3, 5]
    """

    factor: object = 1
    offset: object = 0

    kind: ClassVar[str] = "scale"

    def __post_init__(self) -> None:
        for name in ("factor", "offset"):
            value = getattr(self, name)
            if isinstance(value, bool | np.bool_) or not isinstance(value, Real) or not np.isfinite(float(value)):
                raise LayerError("number", name, {name: 1}, value=value, nearest=1)

    def forward(self, x: Array) -> Array:
        values, factor = roomy(x, np.asarray(self.factor), 2)
        values, offset = roomy(values * factor, np.asarray(self.offset), 2)
        return np.asarray(values + offset)

    def backward(self, upstream: Array, inputs: Sequence[Array], output: Array) -> tuple[Array, ...]:
        return (upstream * self.factor,)


@dataclass(frozen=True)
class BatchNorm(_Map):
    """(x - mean) / sqrt(variance + eps) for each channel, times a weight, plus a bias (Ioffe and Szegedy 2015).

    As it stands after training: mean and variance are fixed, one number a channel (or one for all); the weight and
    the bias, one a channel each, are what it learns, 1 and 0 where a run is given none.

    >>> BatchNorm(mean=2, variance=4, eps=0).forward(np.array([[2.0], [6.0]])).tolist()
    [[0.0], [2.0]]
    """

    mean: object = 0
    variance: object = 1
    eps: float = 1e-5

    kind: ClassVar[str] = "batchnorm"

    def __post_init__(self) -> None:
        for name in ("mean", "variance"):
            value = getattr(self, name)
            settled = tuple(float(v) for v in np.ravel(value))
            if not settled or not np.isfinite(settled).all() or (name == "variance" and min(settled) < 0):
                raise LayerError("number", name, {name: 1}, value=value, nearest=1)
            object.__setattr__(self, name, settled)

    def output_shape(self, *shapes: Shape) -> Shape:
        shape = one(self.kind, shapes)
        for name in ("mean", "variance"):
            count = len(getattr(self, name))
            if count not in (1, shape[0]):
                raise LayerError("shape", name, None, value=(count,), wanted=(shape[0],))
        return shape

    def parameters(self, shape: Shape) -> int:
        """A weight and a bias for each channel."""
        return 2 * shape[0]

    def forward(self, x: Array, weight: Array | None = None, bias: Array | None = None) -> Array:
        factor = self._each(x, weight, 1)
        return np.asarray(self._normal(x) * factor + self._each(x, bias, 0))

    def backward(
        self, upstream: Array, inputs: Sequence[Array], output: Array, weight: Array | None = None
    ) -> tuple[Array, ...]:
        """With respect to the input; `learned` gives the two others."""
        x = inputs[0]
        return (upstream * self._each(x, weight, 1) / np.sqrt(self._each(x, self.variance, 1) + self.eps),)

    def learned(self, upstream: Array, x: Array) -> tuple[Array, Array]:
        """(channels,) each: the gradients with respect to the weight and the bias."""
        rows = upstream.reshape(len(x), -1)
        return (rows * self._normal(x).reshape(len(x), -1)).sum(axis=1), rows.sum(axis=1)

    def _normal(self, x: Array) -> Array:
        return np.asarray((x - self._each(x, self.mean, 0)) / np.sqrt(self._each(x, self.variance, 1) + self.eps))

    @staticmethod
    def _each(x: Array, values: object, otherwise: float) -> Array:
        """One number a channel, laid so that it meets every cell of its channel."""
        table = np.asarray(otherwise if values is None else values, dtype=np.float64).ravel()
        return np.broadcast_to(table, (len(x),)).reshape(-1, *[1] * (x.ndim - 1))


@dataclass(frozen=True)
class Add:
    """The sum of all inputs, cell by cell: a residual's plus sign.

    >>> Add().forward(np.array([1, 2]), np.array([3, 4])).tolist()
    [4, 6]
    """

    kind: ClassVar[str] = "add"

    def output_shape(self, *shapes: Shape) -> Shape:
        return alike(self.kind, shapes, 2)

    def parameters(self, shape: Shape) -> int:
        return 0

    def forward(self, *inputs: Array) -> Array:
        return total(np.stack(inputs), axis=0)

    def backward(self, upstream: Array, inputs: Sequence[Array], output: Array) -> tuple[Array, ...]:
        return (upstream,) * len(inputs)


@dataclass(frozen=True)
class Multiply:
    """The product of all inputs, cell by cell: a gate.

    >>> Multiply().forward(np.array([1, 2]), np.array([3, 4])).tolist()
    [3, 8]
    """

    kind: ClassVar[str] = "multiply"

    def output_shape(self, *shapes: Shape) -> Shape:
        return alike(self.kind, shapes, 2)

    def parameters(self, shape: Shape) -> int:
        return 0

    def forward(self, *inputs: Array) -> Array:
        return reduce(_product, inputs)

    def backward(self, upstream: Array, inputs: Sequence[Array], output: Array) -> tuple[Array, ...]:
        others = [[x for m, x in enumerate(inputs) if m != n] for n in range(len(inputs))]
        return tuple(reduce(_product, rest, upstream) for rest in others)


def _product(one: Array, other: Array) -> Array:
    one, other = roomy(one, other)
    return np.asarray(one * other)
