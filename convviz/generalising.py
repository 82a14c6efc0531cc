"""Whether pooling helps a network to generalise: the same small network on real digits, with pooling and without it.

Both have one convolution and a ReLU, one has max pooling behind it, and a dense layer ends both. Each digit lies
somewhere in a field that is a little larger than it. They learn from few digits, and are asked about others.
"""

from __future__ import annotations

import json
from functools import cache
from itertools import islice
from typing import NamedTuple

import numpy as np

from convviz.asset import asset
from convviz.batches import begun
from convviz.digits import SIZE as INK
from convviz.digits import digits, laid
from convviz.layers import Conv, Dense, MaxPool
from convviz.layers.elementwise import ReLU
from convviz.layers.linear import Array
from convviz.layers.rearrange import Flatten
from convviz.network import Network
from convviz.spread import Spread, spread_of
from convviz.training import Plan, courses, right

SIZE, MAPS, KERNEL, POOL, CLASSES = 10, 8, 3, 2, 10
"""Pixels of the field a side, feature maps of the convolution, its kernel size, the size of the pooling's window, and
the digits that there are."""

TRAINED, PLAN = 200, Plan(batch=20, rate=0.05, momentum=0.9)
"""Digits to learn from, and how."""

EPOCHS = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
"""How often all of them had been seen when the accuracy was taken."""

SEEDS = 20
"""So many drawings: of the digits to learn from, of the places of all, and of the weights to begin with."""

WAYS = {False: "plain", True: "pooled"}
"""What the file calls the network without, and the one with pooling."""

FILE = "pooling.json"
"""What was measured: made by `python tools/pooling.py`, under `assets/`."""


def network(pooled: bool) -> Network:
    """The network, with or without pooling.

    >>> network(False).parameters, network(True).parameters
    (8090, 2090)
    """
    size = SIZE // POOL if pooled else SIZE
    layers = [Conv(SIZE, KERNEL, padding=KERNEL // 2, out_channels=MAPS, bias=True), ReLU()]
    layers += [MaxPool(SIZE, POOL, channels=MAPS)] if pooled else []
    return Network([*layers, Flatten(), Dense(MAPS * size * size, CLASSES)])


def features(pooled: bool) -> int:
    """How many numbers the dense layer reads.

    >>> features(False), features(True)
    (800, 200)
    """
    return int(network(pooled).layers[-1].in_features)


def placed(seed: int) -> Array:
    """(n, 10, 10): all digits, from 0 to 1, each somewhere in its field.

    >>> placed(0).shape, float(placed(0).max())
    ((1797, 10, 10), 1.0)
    """
    images = digits().images
    return laid(images, SIZE, np.random.default_rng([seed, 3]).integers(0, SIZE - INK + 1, (len(images), 2)))


def split(seed: int) -> tuple[Array, Array]:
    """Which digits are learned from, and which are held out."""
    order = np.random.default_rng([seed, 0]).permutation(len(digits().labels))
    return order[:TRAINED], order[TRAINED:]


class Accuracy(NamedTuple):
    """The share of digits that are told right: of those that are learned from, and of those held out."""

    trained: float
    held_out: float


def trained(pooled: bool, seed: int, epochs: tuple[int, ...] = EPOCHS) -> list[Accuracy]:
    """The accuracies after each number of epochs, which rise, of one drawing.

    >>> trained(True, 0, (0, 1))[0].trained < trained(True, 0, (0, 1))[1].trained
    True
    """
    images, labels, net = placed(seed)[:, None], digits().labels, network(pooled)
    own, others = split(seed)
    start = begun(net, np.random.default_rng([seed, 1]))
    course = courses(net, start, images[own], labels[own], PLAN, np.random.default_rng([seed, 2]))
    return [
        Accuracy(*(float(right(net, weights, images[some], labels[some]).mean()) for some in (own, others)))
        for epoch, weights in enumerate(islice(course, epochs[-1] + 1))
        if epoch in epochs
    ]


class Course(NamedTuple):
    """How accuracy went, a Spread for each of EPOCHS: on the digits learned from, and on those held out."""

    trained: tuple[Spread, ...]
    held_out: tuple[Spread, ...]


def course(pooled: bool, seeds: int = SEEDS, epochs: tuple[int, ...] = EPOCHS) -> Course:
    """The spread of the accuracies over seeds 0, 1, 2, ...

    >>> len(course(True, seeds=2, epochs=(0, 1)).held_out)
    2
    """
    table = np.array([trained(pooled, seed, epochs) for seed in range(seeds)])  # (seeds, epochs, 2)
    return Course(*(tuple(spread_of(one) for one in table[..., which].T) for which in (0, 1)))


@cache
def measured() -> dict[bool, Course]:
    """The courses that were measured, without and with pooling.

    Raises FileNotFoundError without the file, and ValueError for one that holds what another version has measured.

    >>> measured()[True].held_out[-1].median > measured()[False].held_out[-1].median
    True
    """
    said = json.loads(asset(FILE).read_text("utf-8"))
    if said.get("setup") != setup():
        raise ValueError(
            f"{FILE} was measured otherwise than it would be now: make it again with python tools/pooling.py"
        )
    return {
        pooled: Course(*(tuple(Spread(*one) for one in said[word][which]) for which in Course._fields))
        for pooled, word in WAYS.items()
    }


def setup() -> dict[str, object]:
    """All that was chosen for what is measured, as the file has it."""
    own = {"field": SIZE, "maps": MAPS, "kernel": KERNEL, "pool": POOL, "trained": TRAINED}
    return own | PLAN._asdict() | {"seeds": SEEDS, "epochs": list(EPOCHS)}
