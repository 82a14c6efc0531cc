"""Whether pooling helps a network to generalise: the same small network on real digits, with pooling and without it.

Both have one convolution and a ReLU, one has max pooling behind it, and a dense layer ends both. Each digit lies
somewhere in a field that is a little larger than it. They learn from few digits, and are asked about others. The engine
tells their sizes and, for a digit, the same gradients; so that training takes seconds, here many digits go through
NumPy's products at a time.
"""

from __future__ import annotations

import json
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from convviz.asset import asset
from convviz.digits import LEVELS, digits
from convviz.digits import SIZE as INK
from convviz.layers import Conv, Dense, MaxPool
from convviz.layers.elementwise import ReLU
from convviz.layers.linear import Array
from convviz.layers.rearrange import Flatten
from convviz.network import Network

SIZE, MAPS, KERNEL, POOL, CLASSES = 10, 8, 3, 2, 10
"""Pixels of the field a side, feature maps of the convolution, its kernel size, the size of the pooling's window, and
the digits that there are."""

TRAINED, BATCH, RATE, MOMENTUM = 200, 20, 0.05, 0.9
"""Digits to learn from, how many at a time, and how far a step goes: stochastic gradient descent with momentum."""

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


class Learned(NamedTuple):
    """What is learned: kernel (maps, 1, 3, 3), its bias (maps,), dense (classes, features), its bias (classes,)."""

    kernel: Array
    kernel_bias: Array
    dense: Array
    dense_bias: Array


def begun(pooled: bool, seed: int) -> Learned:
    """Weights to begin with: normal, of variance 2 over the values that each sum reads (He et al., 2015); no bias."""
    rng, count = np.random.default_rng([seed, 1]), features(pooled)
    kernel = rng.standard_normal((MAPS, 1, KERNEL, KERNEL)) * np.sqrt(2 / KERNEL**2)
    dense = rng.standard_normal((CLASSES, count)) * np.sqrt(2 / count)
    return Learned(kernel, np.zeros(MAPS), dense, np.zeros(CLASSES))


def forward(learned: Learned, images: Array, pooled: bool) -> tuple[Array, tuple[Array, ...]]:
    """(n, classes) scores of (n, 10, 10) images, and what `backward` needs again."""
    edge = KERNEL // 2
    windows = sliding_window_view(np.pad(images, ((0, 0), (edge, edge), (edge, edge))), (KERNEL, KERNEL), (1, 2))
    rows = windows.reshape(len(images), SIZE * SIZE, KERNEL * KERNEL)
    sums = rows @ learned.kernel.reshape(MAPS, -1).T + learned.kernel_bias  # (n, cells, maps)
    maps = np.maximum(sums, 0).transpose(0, 2, 1)
    won = np.zeros((0,))
    if pooled:
        side = SIZE // POOL
        tiles = maps.reshape(-1, MAPS, side, POOL, side, POOL).transpose(0, 1, 2, 4, 3, 5)
        tiles = tiles.reshape(-1, MAPS, side * side, POOL * POOL)
        won, maps = tiles.argmax(axis=-1), tiles.max(axis=-1)
    flat = maps.reshape(len(images), -1)
    return flat @ learned.dense.T + learned.dense_bias, (rows, sums, won, flat)


def backward(learned: Learned, upstream: Array, kept: tuple[Array, ...], pooled: bool) -> Learned:
    """How the loss changes with all that is learned, summed over the images; upstream: (n, classes)."""
    rows, sums, won, flat = kept
    back = (upstream @ learned.dense).reshape(len(upstream), MAPS, -1)
    if pooled:
        side = SIZE // POOL
        tiles = np.zeros((*back.shape, POOL * POOL))
        np.put_along_axis(tiles, won[..., None], back[..., None], axis=-1)
        tiles = tiles.reshape(-1, MAPS, side, side, POOL, POOL).transpose(0, 1, 2, 4, 3, 5)
        back = tiles.reshape(len(upstream), MAPS, -1)
    back = back.transpose(0, 2, 1) * (sums > 0)
    kernel = np.einsum("ncm,nck->mk", back, rows).reshape(learned.kernel.shape)
    return Learned(kernel, back.sum(axis=(0, 1)), upstream.T @ flat, upstream.sum(axis=0))


def placed(seed: int) -> Array:
    """(n, 10, 10): all digits, from 0 to 1, each somewhere in its field.

    >>> placed(0).shape, float(placed(0).max())
    ((1797, 10, 10), 1.0)
    """
    images = digits().images
    places = np.random.default_rng([seed, 3]).integers(0, SIZE - INK + 1, (len(images), 2))
    fields = np.zeros((len(images), SIZE, SIZE))
    for field, image, (y, x) in zip(fields, images, places, strict=True):
        field[y : y + INK, x : x + INK] = image / LEVELS
    return fields


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
    images, labels = placed(seed), digits().labels
    own, others = split(seed)
    learned, speed = begun(pooled, seed), Learned(*(0.0 for _ in Learned._fields))  # type: ignore[arg-type]
    rng, told = np.random.default_rng([seed, 2]), []
    for epoch in range(epochs[-1] + 1):
        if epoch in epochs:
            right = [forward(learned, images[some], pooled)[0].argmax(axis=1) == labels[some] for some in (own, others)]
            told.append(Accuracy(*(float(one.mean()) for one in right)))
        order = rng.permutation(own)
        for some in order.reshape(-1, BATCH):
            scores, kept = forward(learned, images[some], pooled)
            parts = np.exp(scores - scores.max(axis=1, keepdims=True))
            upstream = parts / parts.sum(axis=1, keepdims=True) - np.eye(CLASSES)[labels[some]]
            slopes = backward(learned, upstream / BATCH, kept, pooled)
            speed = Learned(*(MOMENTUM * v - RATE * g for v, g in zip(speed, slopes, strict=True)))
            learned = Learned(*(w + v for w, v in zip(learned, speed, strict=True)))
    return told


class Spread(NamedTuple):
    """Of several shares the 10th percentile, the median and the 90th."""

    low: float
    median: float
    high: float


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
    ends = np.percentile(table, [10, 50, 90], axis=0)
    return Course(*(tuple(Spread(*map(float, one)) for one in ends[..., which].T) for which in (0, 1)))


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
    own = {"field": SIZE, "maps": MAPS, "kernel": KERNEL, "pool": POOL, "trained": TRAINED, "batch": BATCH}
    return own | {"rate": RATE, "momentum": MOMENTUM, "seeds": SEEDS, "epochs": list(EPOCHS)}
