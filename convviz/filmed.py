"""The training of the network that reads digits as a film: all its weights after every epoch, and what it answers."""

from __future__ import annotations

from functools import cache

import numpy as np

from convviz.asset import asset
from convviz.batches import Weights, forward
from convviz.layers.elementwise import Softmax
from convviz.layers.linear import Array
from convviz.recognised import FILMED, film
from convviz.recognising import scoring

DENSE = "digits/film.npz"
"""Weights and biases of its dense layer, epoch by epoch, under `assets/`; those of its kernels are in `film`."""

CONVOLUTION, LAST = (node.name for node in scoring(FILMED).nodes if node.parameters)
"""Its two layers that have weights, by name."""


@cache
def _dense() -> tuple[Array, Array]:
    with np.load(asset(DENSE)) as file:
        found = file["dense"].astype(np.float64), file["biases"].astype(np.float64)
    for array in found:
        array.flags.writeable = False  # all who ask have the same
    return found


@cache
def weights_of(epoch: int) -> Weights:
    """All weights of the network after so many epochs; those after the last one ship.

    Raises IndexError for an epoch that it was not trained for.

    >>> [weights.shape for weights, _ in weights_of(0).values()]
    [(8, 1, 3, 3), (10, 288)]
    """
    dense, biases = _dense()
    kernels = film()
    return {CONVOLUTION: (kernels.kernels[epoch], kernels.biases[epoch]), LAST: (dense[epoch], biases[epoch])}


def answers(x: Array) -> Array:
    """(epochs + 1, 10): the probabilities that the network gave one input, (1, 12, 12), after every epoch.

    >>> from convviz.digits import digits
    >>> from convviz.recognising import field
    >>> found = answers(field(digits().images[7]))
    >>> found.shape, int(digits().labels[7]), int(found[-1].argmax())
    ((21, 10), 7, 7)
    """
    net, read = scoring(FILMED), Softmax().forward
    return np.stack([read(forward(net, weights_of(n), x[None]).output[0]) for n in range(len(film().kernels))])
