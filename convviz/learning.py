"""Learning a kernel: gradient descent on the squared error of a convolution, every step of it recorded.

Pictures and what a hidden kernel makes of them are given. A prediction is the convolution of the pictures with the
kernel of the moment; its gradient is the engine's own backward pass, the taps grouped by kernel cell. The loss is a
parabola over the weights, whose curvature is the Hessian 2 A'A: A has a row for each window and a column for each
kernel cell. With a learning rate above 2 / largest eigenvalue, each step ends farther from the minimum along that
eigenvector (Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 4.3.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import inf, prod

import numpy as np

from convviz.arrays import as_array
from convviz.errors import LayerError
from convviz.layers.learn import STARTS, Learn
from convviz.layers.linear import Array, divided
from convviz.trace import Trace

NOTHING = 1e-9
"""A share of the whole below which a number is 0 but for rounding."""


@dataclass(frozen=True, eq=False)
class Problem:
    """What is to be learned, whatever the way there: the windows of the pictures, and the wanted outputs.

    shown: the run of the hidden kernel, whose layer is a `Learn`.
    """

    shown: Trace

    @property
    def layer(self) -> Learn:
        found: Learn = self.shown.layer  # type: ignore[assignment]
        return found

    @cached_property
    def windows(self) -> Array:
        """(pairs * steps, kernel cells): what each window of each picture reads."""
        read = self.shown.windows.astype(np.float64)
        return np.asarray(read.reshape(-1, read.shape[-1]))

    @cached_property
    def target(self) -> Array:
        """(pairs, steps): what the hidden kernel makes of the pictures."""
        return np.asarray(self.shown.output, dtype=np.float64).reshape(self.layer.pairs, -1)

    @cached_property
    def hidden(self) -> Array:
        """(kernel cells,): the hidden kernel, its divisor included."""
        weight = np.asarray(divided(self.shown.weight, self.shown.divisor), dtype=np.float64)
        return weight.ravel()

    @property
    def share(self) -> float:
        """What each squared error counts in the loss: 1, or one of so many where the loss is their mean."""
        return 1.0 if self.layer.loss == "sum" else 1.0 / self.target.size

    @cached_property
    def hessian(self) -> Array:
        """(kernel cells, kernel cells): how the loss curves."""
        return 2 * self.share * self.windows.T @ self.windows

    @cached_property
    def curved(self) -> tuple[Array, Array]:
        """The eigenvalues of the Hessian in rising order, and its eigenvectors, as columns."""
        values, vectors = np.linalg.eigh(self.hessian)
        return np.maximum(values, 0.0), vectors

    @property
    def edge(self) -> float:
        """The learning rate above which descent diverges: 2 / largest eigenvalue; infinite where nothing is learned."""
        steepest = float(self.curved[0][-1])
        return 2 / steepest if steepest > 0 else inf

    @cached_property
    def start(self) -> Array:
        """(kernel cells,): the kernel that training starts from."""
        return np.resize(np.array(STARTS[self.layer.start]), prod(self.layer.kernel_size))

    def felt_edge(self, kernel: Array) -> float:
        """The edge of a start: that of the steepest eigenvector along which it lies away from the hidden kernel.

        >>> import convviz as cv
        >>> bar, kernel = [[[1, 1, 0, 0, 0, 0, 1, 1]] * 6], [[[[1, -1]]]]
        >>> problem = Problem(cv.trace(cv.Learn((6, 8), (1, 2), loss="sum"), bar, kernel))
        >>> [round(1 / problem.felt_edge(np.array(start)), 6) for start in ([0.3, 0.1], [0.0, 0.0])]
        [30.0, 6.0]
        """
        values, vectors = self.curved
        apart = np.abs(vectors.T @ (kernel - self.hidden))
        felt = values[(apart > NOTHING * max(1.0, float(apart.max(initial=0.0)))) & (values > NOTHING * values[-1])]
        return 2 / float(felt[-1]) if felt.size else inf

    def rate(self, percent: float) -> float:
        """The learning rate that is so many percent of the edge; where there is no edge, of 1."""
        return percent / 100 * (self.edge if self.edge < inf else 1.0)

    def loss(self, errors: Array) -> float:
        """The loss of errors, (pairs, steps)."""
        return float(self.share * np.square(errors).sum())


@dataclass(frozen=True, eq=False)
class Descent:
    """A training run: every step of it, the first being the start.

    problem: what was learned; rate: the learning rate; kernels, gradients: (steps + 1, kernel cells); predictions,
    errors: (steps + 1, pairs, outputs); losses: (steps + 1,). At each step the kernel is the one before, less the rate
    times the gradient before.
    """

    problem: Problem
    rate: float
    kernels: Array
    predictions: Array
    errors: Array
    gradients: Array
    losses: Array

    @property
    def diverges(self) -> bool:
        """Whether the loss grows without bound, however long it goes on."""
        return self.rate > self.problem.felt_edge(self.kernels[0]) * (1 + NOTHING)

    def near(self, t: int) -> bool:
        """Whether the kernel of a step is the hidden one, to a hundredth of its largest weight."""
        most = max(float(np.abs(self.problem.hidden).max()), NOTHING)
        return bool(np.abs(self.kernels[t] - self.problem.hidden).max() <= most / 100)


def descend(shown: Trace, start: object = None, rate: object = None) -> Descent:
    """Learn a hidden kernel by gradient descent, and keep every step.

    shown: the run of a `Learn`: its pictures, the hidden kernel as its weight, and the outputs. start: the first
    kernel, in the kernel's shape; left out, the layer's; rate: the learning rate itself; left out, the layer's share of
    the edge. Raises LayerError for another layer, and for a start of another shape.

    >>> import convviz as cv
    >>> bar = [[[1, 1, 0, 0, 0, 0, 1, 1]] * 6]
    >>> shown = cv.trace(cv.Learn((6, 8), (1, 2), learning_rate=90, rounds=40, loss="sum"), bar, [[[[1, -1]]]])
    >>> run = cv.descend(shown)
    >>> round(1 / run.problem.edge, 6), round(run.rate, 6), run.kernels[-1].round(2).tolist()
    (30.0, 0.03, [1.0, -1.0])
    """
    if not isinstance(shown.layer, Learn):
        raise LayerError("learn_layer", "layer", None, value=shown.layer.kind, nearest="Learn(5, 3)")
    problem, layer = Problem(shown), shown.layer
    kernel = problem.start
    if start is not None:
        kernel = as_array("start", start, tuple(layer.kernel_size)).astype(np.float64).ravel()
    step = problem.rate(layer.learning_rate) if rate is None else float(as_array("rate", rate, ()))
    windows, shape = shown.windows.astype(np.float64), layer.weight_shape
    kernels, predictions, gradients = [], [], []
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(layer.rounds + 1):
            prediction = layer.combine(windows, kernel.reshape(shape), None)
            upstream = 2 * problem.share * (prediction - problem.target)
            _, gradient = layer.pull_back(upstream, windows, kernel.reshape(shape))
            kernels.append(kernel)
            predictions.append(prediction)
            gradients.append(gradient.ravel())
            kernel = kernel - step * gradient.ravel()
        errors = np.stack(predictions) - problem.target
        losses = problem.share * np.square(errors).sum(axis=(1, 2))
    return Descent(problem, step, np.stack(kernels), np.stack(predictions), errors, np.stack(gradients), losses)


def swept(problem: Problem, percents: Array, rounds: int) -> Array:
    """(rates,): the loss after so many training steps, for learning rates in percent of the edge.

    >>> import convviz as cv
    >>> problem = Problem(cv.trace(cv.Learn(5, 3, start="small")))
    >>> after = swept(problem, np.array([50, 110]), 60)
    >>> bool(after[0] < after[1])
    True
    """
    rates = np.array([problem.rate(float(percent)) for percent in percents])[:, None]
    apart = np.tile(problem.start - problem.hidden, (len(percents), 1))
    for _ in range(rounds):
        apart = apart - rates * (apart @ problem.hessian)
    return np.asarray(problem.share * np.square(apart @ problem.windows.T).sum(axis=1))
