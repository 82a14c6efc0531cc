"""How alike neighbouring pixels of a picture are: their correlation, beside that of the same pixels shuffled."""

from __future__ import annotations

from functools import cache

import numpy as np

from convviz.layers.linear import Array


def neighbours(picture: Array) -> float:
    """The correlation (Pearson's r) of each pixel with the one right of it and the one below it.

    picture: (rows, columns). 1: where one is brighter than usual, so is the other, always; 0: they tell nothing of one
    another.

    >>> neighbours(np.arange(100.0).reshape(10, 10)) > 0.9, neighbours(np.indices((4, 4)).sum(axis=0) % 2)
    (True, -1.0)
    """
    pairs = ((picture[:, :-1], picture[:, 1:]), (picture[:-1], picture[1:]))
    one, other = (np.concatenate([pair[side].ravel() for pair in pairs]).astype(np.float64) for side in (0, 1))
    return float(round(np.corrcoef(one, other)[0, 1], 12))


def mixed_up(picture: Array, seed: int = 0) -> Array:
    """The same pixels in other places, as a seed shuffles them."""
    return np.random.default_rng(seed).permutation(picture.ravel()).reshape(picture.shape)


@cache
def measured() -> tuple[float, float]:
    """The correlation of neighbouring pixels in the bundled photograph, and in its pixels shuffled.

    >>> alike, shuffled = measured()
    >>> alike > 0.9, abs(shuffled) < 0.05
    (True, True)
    """
    from convviz.pictures import photograph  # what reads a picture is needed for this alone

    return neighbours(photograph()), neighbours(mixed_up(photograph()))


def told() -> tuple[str, str]:
    """Both, with two decimals.

    >>> told()[1]
    '0.00'
    """
    together, apart = (f"{round(one, 2) + 0.0:.2f}".replace("-", "−") for one in measured())
    return together, apart
