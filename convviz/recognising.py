"""Three networks of about as many weights that recognise handwritten digits, and what each makes of one that is moved.

A digit of 8 by 8 pixels lies in a field of 12 by 12, in its middle while the networks learn, and is moved afterwards.
"dense" has a weight for every pixel. The two others begin with one convolution, whose kernels are shared by all
positions, and differ in how they end: "flatten" pools 2 by 2, and a dense layer reads each cell that is left through a
weight of its own; "global" keeps the largest value of each map, wherever it lies. `tools/digits.py` trains them;
`convviz/recognised.py` has what came of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice

import numpy as np

from convviz.batches import Weights, begun
from convviz.digits import SIZE as INK
from convviz.digits import digits, laid
from convviz.layers import AdaptiveMaxPool, Conv, Dense, MaxPool
from convviz.layers.arguments import choice
from convviz.layers.elementwise import ReLU, Softmax
from convviz.layers.linear import Array
from convviz.layers.rearrange import Flatten
from convviz.network import Network
from convviz.training import Plan, courses, right

SIZE, CLASSES, KERNEL, POOL = 12, 10, 3, 2
"""Pixels of the field a side, the digits that there are, a kernel's size, and that of the window of "flatten"."""

FURTHEST = (SIZE - INK) // 2
"""So many pixels a digit can be moved from the middle until it meets the edge of its field."""

MAPS = {"flatten": 8, "global": 140}
"""Feature maps of the convolution, so many that the networks have about as many weights."""

UNITS = 18
"""Hidden units of "dense"."""

PLAN, EPOCHS = Plan(batch=20, rate=0.05, momentum=0.9), 20
"""How they learn, and how often they see all digits that they learn from."""

LEARNED, SPLIT = 1437, 13
"""So many digits are learned from, and the seed by which they are drawn; all others are held out."""

PERMUTATION = 9
"""The seed of the one permutation by which all fields are shuffled."""

STRAIGHT = ((0, 1), (1, 0), (0, -1), (-1, 0))
"""The directions in which a digit is moved: (rows, columns)."""


def _convolved(name: str) -> list[object]:
    return [Conv(SIZE, KERNEL, padding=KERNEL // 2, out_channels=MAPS[name], bias=True), ReLU()]


def _dense() -> list[object]:
    return [Flatten(), Dense(SIZE**2, UNITS), ReLU(), Dense(UNITS, CLASSES)]


def _flatten() -> list[object]:
    maps = MAPS["flatten"]
    pooled = [MaxPool(SIZE, POOL, channels=maps), Flatten()]
    return [*_convolved("flatten"), *pooled, Dense(maps * (SIZE // POOL) ** 2, CLASSES)]


def _global() -> list[object]:
    maps = MAPS["global"]
    return [*_convolved("global"), AdaptiveMaxPool(SIZE, 1, channels=maps), Flatten(), Dense(maps, CLASSES)]


LAYERS = {"dense": _dense, "flatten": _flatten, "global": _global}
"""The layers of each network by its name, up to the scores."""

NAMES = tuple(LAYERS)


@cache
def network(name: str) -> Network:
    """One of the networks: (1, 12, 12), from 0, paper, to 1, ink -> (10,) probabilities.

    Raises LayerError for a name that is not there.

    >>> [network(name).parameters for name in NAMES]
    [2800, 2970, 2810]
    """
    return Network([*LAYERS[choice("network", name, NAMES)](), Softmax()], input_shape=(1, SIZE, SIZE))


@cache
def scoring(name: str) -> Network:
    """The same network up to its scores, (10,), which is what is trained; its nodes have the same names."""
    return Network(LAYERS[choice("network", name, NAMES)](), input_shape=(1, SIZE, SIZE))


def field(image: Array, shift: tuple[int, int] = (0, 0), shuffled: bool = False) -> Array:
    """(1, 12, 12), what a network is given of one digit, (8, 8), from 0 to 16; see `fields`.

    >>> field(digits().images[0], (0, -2)).shape
    (1, 12, 12)
    """
    return fields(image[None], shift, shuffled)[0]


def fields(images: Array, shift: tuple[int, int] = (0, 0), shuffled: bool = False) -> Array:
    """(n, 1, 12, 12), from 0 to 1: digits, (n, 8, 8), moved from the middle of their fields by (rows, columns).

    shuffled: the pixels of each field change places afterwards, all in the same way. Raises ValueError for a shift by
    more than FURTHEST.
    """
    if max(map(abs, shift)) > FURTHEST:
        raise ValueError(f"shift: {shift} - a digit would leave its field - at most {FURTHEST}")
    found = laid(images, SIZE, np.asarray(shift) + FURTHEST)
    if shuffled:
        found = found.reshape(len(images), -1)[:, permutation()].reshape(found.shape)
    return found[:, None]


@cache
def permutation() -> Array:
    """(144,): for each pixel of a shuffled field, which pixel of the field it was.

    >>> sorted(permutation().tolist()) == list(range(SIZE**2))
    True
    """
    return np.random.default_rng(PERMUTATION).permutation(SIZE**2)


@cache
def split(by_writer: bool = False) -> tuple[Array, Array]:
    """The numbers of the digits that are learned from, and of those that are held out.

    They are drawn from all, always the same; by_writer: the last ones of the file are held out, which others have
    written, because the file goes from writer to writer.

    >>> [len(some) for some in split()]
    [1437, 360]
    """
    count = len(digits().labels)
    order = np.arange(count) if by_writer else np.random.default_rng(SPLIT).permutation(count)
    return order[:LEARNED], order[LEARNED:]


def trained(name: str, seed: int = 0, shuffled: bool = False, by_writer: bool = False) -> Iterator[Weights]:
    """A network's weights as they begin, and after each of EPOCHS epochs on digits in the middle of their fields.

    seed: of the weights to begin with, and of the order of the digits; shuffled: see `fields`; by_writer: see `split`.

    >>> sorted(next(trained("flatten")))
    ['conv1', 'dense5']
    """
    own, net = split(by_writer)[0], scoring(name)
    x, labels = fields(digits().images[own], shuffled=shuffled), digits().labels[own]
    start = begun(net, np.random.default_rng([seed, 1]))
    return islice(courses(net, start, x, labels, PLAN, np.random.default_rng([seed, 2])), EPOCHS + 1)


def accuracy(
    name: str, weights: Weights, some: Array, shift: tuple[int, int] = (0, 0), shuffled: bool = False
) -> float:
    """The share of some digits, by their numbers, that are recognised where they are moved to."""
    x = fields(digits().images[some], shift, shuffled)
    return float(right(scoring(name), weights, x, digits().labels[some]).mean())


def by_distance(name: str, weights: Weights, shuffled: bool = False) -> tuple[float, ...]:
    """The accuracy on held-out digits moved by 0, 1 and 2 pixels: the mean over the four straight directions."""
    held = split()[1]
    return tuple(
        float(np.mean([accuracy(name, weights, held, (far * r, far * c), shuffled) for r, c in STRAIGHT]))
        for far in range(FURTHEST + 1)
    )
