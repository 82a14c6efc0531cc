"""Training a network that tells classes apart: stochastic gradient descent with momentum on the cross-entropy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from convviz.batches import Weights, backward, forward
from convviz.layers.elementwise import Softmax
from convviz.layers.linear import Array
from convviz.network import Network

TOGETHER = 100
"""So many examples are asked about at a time, so that memory does not grow with their number."""


class Plan(NamedTuple):
    """How it is trained: examples at a time, how far a step goes, and how much of the step before goes on."""

    batch: int = 20
    rate: float = 0.05
    momentum: float = 0.9


def slope(scores: Array, labels: Array) -> Array:
    """How the cross-entropy changes with each score: its probability, minus 1 for the class that is right.

    scores: (n, classes), before the softmax; labels: (n,).

    >>> slope(np.zeros((1, 2)), np.array([1])).tolist()
    [[0.5, -0.5]]
    """
    return np.asarray(Softmax().forward(scores.T).T - np.eye(scores.shape[1])[labels])


def courses(
    network: Network, weights: Weights, x: Array, labels: Array, plan: Plan, rng: np.random.Generator
) -> Iterator[Weights]:
    """The weights to begin with, and those after each epoch, in which all examples are seen once; without an end.

    network: a sequence that ends in scores; x: (n, *network.x_shape); labels: (n,); rng: draws their order.

    >>> from convviz.layers import Dense
    >>> begun = {"dense1": (np.zeros((2, 1)), np.zeros(2))}
    >>> x, labels, rng = np.ones((4, 1)), np.ones(4, dtype=int), np.random.default_rng(0)
    >>> course = courses(Network([Dense(1, 2)]), begun, x, labels, Plan(), rng)
    >>> [float(next(course)["dense1"][1][1]) for _ in range(2)]
    [0.0, 0.025]
    """
    speed = _each(np.zeros_like, weights)
    while True:
        yield weights
        order = rng.permutation(len(x))
        for start in range(0, len(order), plan.batch):
            some = order[start : start + plan.batch]
            passed = forward(network, weights, x[some])
            slopes = backward(network, weights, passed, slope(passed.output, labels[some]) / len(some))
            speed = _each(lambda v, g: plan.momentum * v - plan.rate * g, speed, slopes)
            weights = _each(np.add, weights, speed)


def _each(rule: Callable[..., Array], *sets: Weights) -> Weights:
    """A rule applied to every weight and every bias of several sets."""
    return {name: (rule(*[s[name][0] for s in sets]), rule(*[s[name][1] for s in sets])) for name in sets[0]}


def right(network: Network, weights: Weights, x: Array, labels: Array) -> Array:
    """(n,) whether the largest output is that of the right class; of equal ones the first counts."""
    parts = [slice(start, start + TOGETHER) for start in range(0, len(x), TOGETHER)]
    told = [forward(network, weights, x[part]).output.argmax(axis=1) for part in parts]
    return np.asarray(np.concatenate(told) == labels)
