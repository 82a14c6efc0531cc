"""Handwritten digits as values of an input: a held-out one by its number, and a drawing by its cells, in a short text.

A drawing has 32 by 32 cells, paper or ink. Its text tells how long each run of equal cells is, in raster order and in
turn, the first of them paper: a letter a run, and more for a long one. `player/inked.js` writes the same.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import groupby
from string import ascii_letters, digits

import numpy as np

from convviz.digits import SIZE as INK
from convviz.digits import digits as bundled
from convviz.errors import LayerError
from convviz.handwriting import FINE, digit
from convviz.layers.linear import Array
from convviz.recognising import field, split

LETTERS = ascii_letters + digits + "-."
"""The letter of each length; the last one says that the run goes on."""

_MOST = len(LETTERS) - 1


@cache
def held_out() -> Array:
    """The numbers of the digits that were not learned from, as a page offers them.

    >>> len(held_out())
    360
    """
    return split()[1]


def label(number: int) -> int:
    """What a held-out digit shows."""
    return int(bundled().labels[held_out()[number]])


@cache
def one_of_each() -> tuple[int, ...]:
    """The first held-out digit that shows 0, the first that shows 1, and so on.

    >>> [label(number) for number in one_of_each()] == list(range(10))
    True
    """
    labels = bundled().labels[held_out()]
    return tuple(int(np.flatnonzero(labels == shown)[0]) for shown in range(10))


def written(bitmap: Array) -> str:
    """The text of a drawing, (32, 32).

    >>> pad = np.zeros((32, 32), dtype=bool)
    >>> pad[0, 2:5] = True
    >>> written(pad), bool((cells(written(pad)) == pad).all())
    ('cd', True)
    """
    runs = [(ink, len(list(run))) for ink, run in groupby((np.asarray(bitmap) > 0).ravel().tolist())]
    runs = [(False, 0), *runs] if runs[0][0] else runs
    runs = runs[:-1] if not runs[-1][0] else runs  # paper up to the end goes without saying
    return "".join(LETTERS[-1] * (length // _MOST) + LETTERS[length % _MOST] for _, length in runs)


def cells(text: str) -> Array:
    """(32, 32), the drawing of a text. Raises LayerError for a text of none."""
    found = np.zeros(FINE * FINE, dtype=bool)
    at, ink, length = 0, False, 0
    for letter in text:
        place = LETTERS.find(letter)
        length += place
        if place < 0 or at + length > found.size:
            raise LayerError("values", "values", {"values": "s0"}, value=f"b{text}", nearest="s0")
        if place < _MOST:
            found[at : at + length] = ink
            at, ink, length = at + length, not ink, 0
    return found.reshape(FINE, FINE)


@lru_cache(maxsize=64)
def inked(text: str) -> Array:
    """(12, 12), from 0 to 1: what the network is given of a drawing; paper alone where nothing is drawn."""
    drawing = cells(text)
    return field(digit(drawing) if drawing.any() else np.zeros((INK, INK)))[0]


def picked(number: int) -> Array:
    """(12, 12), from 0 to 1: what it is given of a held-out digit."""
    return field(bundled().images[held_out()[number]])[0]
