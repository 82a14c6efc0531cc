"""Real handwritten digits, 8 by 8 pixels each."""

from __future__ import annotations

import gzip
from functools import cache
from typing import NamedTuple

import numpy as np

from convviz.asset import asset
from convviz.layers.linear import Array

SIZE, LEVELS = 8, 16
"""Pixels a side, and the value of full ink; paper is 0."""

FILE = "digits/digits.csv.gz"


class Digits(NamedTuple):
    """images: (n, 8, 8) whole numbers from 0 to 16; labels: (n,) the digits that they show."""

    images: Array
    labels: Array


@cache
def digits() -> Digits:
    """All of the bundled digits; `assets/digits/README.md` says where they are from. They are read-only.

    >>> found = digits()
    >>> found.images.shape, int(found.images.max()), found.labels[:4].tolist()
    ((1797, 8, 8), 16, [0, 1, 2, 3])
    """
    text = gzip.decompress(asset(FILE).read_bytes()).decode()
    table = np.fromstring(text.replace("\n", ","), dtype=np.int64, sep=",").reshape(-1, SIZE * SIZE + 1)
    images, labels = table[:, :-1].reshape(-1, SIZE, SIZE), table[:, -1].copy()
    for array in (images, labels):
        array.flags.writeable = False  # all who ask have the same
    return Digits(images, labels)


def laid(images: Array, size: int, places: Array) -> Array:
    """(n, size, size), from 0 to 1: each digit in a field of paper, with its upper left corner at its place.

    images: (n, 8, 8), from 0 to 16; places: (rows, columns), one for each, (n, 2), or one for all, (2,).

    >>> laid(digits().images[:2], 12, np.array([2, 2])).shape
    (2, 12, 12)
    """
    fields = np.zeros((len(images), size, size))
    for field, image, (y, x) in zip(fields, images, np.broadcast_to(places, (len(images), 2)), strict=True):
        field[y : y + SIZE, x : x + SIZE] = image / LEVELS
    return fields
