"""A held-out digit that is moved through its field: what three networks answer everywhere, and what a kernel sees.

The digit has FURTHEST + 1 + FURTHEST places along each axis, told row by row; in the middle one it lies as the digits
did that the networks learned from.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from convviz.batches import forward
from convviz.digits import SIZE as INK
from convviz.digits import digits
from convviz.layers.linear import Array
from convviz.recognised import shipped
from convviz.recognising import FURTHEST, NAMES, fields, network, permutation, scoring, split

PLACES = 2 * FURTHEST + 1
"""Places of a digit along each axis."""

MIDDLE = PLACES**2 // 2
"""The number of the place in the middle."""

FOLLOWED = "global"
"""The network one of whose kernels is followed."""


def shift_of(place: int) -> tuple[int, int]:
    """By how many rows and columns a place lies from the middle.

    >>> shift_of(0), shift_of(MIDDLE)
    ((-2, -2), (0, 0))
    """
    row, column = divmod(place, PLACES)
    return row - FURTHEST, column - FURTHEST


def label_of(number: int) -> int:
    """What a held-out digit shows; number: from 1.

    >>> 0 <= label_of(1) <= 9
    True
    """
    return int(digits().labels[split()[1][number - 1]])


@lru_cache(maxsize=64)
def moved(number: int, shuffled: bool = False) -> Array:
    """(places, 12, 12): the field of a held-out digit at every place, from 0, paper, to 1, ink.

    >>> moved(1).shape
    (25, 12, 12)
    """
    image = digits().images[split()[1][number - 1]][None]
    found = np.concatenate([fields(image, shift_of(place), shuffled)[0] for place in range(PLACES**2)])
    found.flags.writeable = False
    return found


@cache
def inked() -> Array:
    """(places, 64): the pixels of a field in which the digit lies, at every place."""
    rows, columns = np.divmod(np.arange(INK**2), INK)
    starts = [np.array(shift_of(place)) + FURTHEST for place in range(PLACES**2)]
    size = moved(1).shape[-1]
    return np.array([(rows + top) * size + columns + left for top, left in starts])


@cache
def shown_at() -> Array:
    """(144,): in a shuffled field, where each pixel of the field went."""
    return np.argsort(permutation())


@lru_cache(maxsize=64)
def answers(number: int, shuffled: bool = False) -> Array:
    """(networks, places, classes): the probabilities of each of NAMES for a held-out digit at every place.

    shuffled: of networks that have learned from shuffled fields, asked about such.

    >>> answers(1).shape
    (3, 25, 10)
    """
    x = moved(number, shuffled)[:, None]
    found = np.stack([forward(network(name), shipped(name, shuffled), x).output for name in NAMES])
    found.flags.writeable = False
    return found


def knowing(number: int, place: int, shuffled: bool = False) -> int:
    """How many of the networks recognise a held-out digit at a place.

    >>> 0 <= knowing(1, MIDDLE) <= len(NAMES)
    True
    """
    return int((answers(number, shuffled)[:, place].argmax(axis=1) == label_of(number)).sum())


class Followed(NamedTuple):
    """One kernel of a network: which, from 0, its weights, (3, 3), its bias, and the map that it gives at every place,
    after the ReLU, (places, 12, 12)."""

    number: int
    kernel: Array
    bias: float
    maps: Array

    @property
    def largest(self) -> Array:
        """(places,): the largest value of each map."""
        return np.asarray(self.maps.max(axis=(1, 2)))

    @property
    def where(self) -> Array:
        """(places,): the cell of each map that has it; of several the first."""
        return np.asarray(self.maps.reshape(len(self.maps), -1).argmax(axis=1))


@lru_cache(maxsize=16)
def followed(number: int, shuffled: bool = False) -> Followed:
    """The kernel of the network FOLLOWED whose map has the largest value for the digit in the middle of its field.

    >>> followed(1).maps.shape
    (25, 12, 12)
    """
    weights = shipped(FOLLOWED, shuffled)
    convolved, activated = (node.name for node in network(FOLLOWED).nodes[:2])
    maps = forward(scoring(FOLLOWED), weights, moved(number, shuffled)[:, None]).values[activated]
    best = int(maps[MIDDLE].max(axis=(1, 2)).argmax())
    kernels, biases = weights[convolved]
    return Followed(best, kernels[best, 0], float(biases[best]), maps[:, best])
