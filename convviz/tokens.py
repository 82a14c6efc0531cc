"""Sentences as numbers: a few features of each word, set by hand, so that what a gate does with them can be read.

The words themselves, and the features' names, are in the catalogues (`tokens.<name>`), each language with its own; word
for word they have the same features.
"""

from __future__ import annotations

import numpy as np

from convviz.layers.linear import Array

SENTENCES: dict[str, tuple[tuple[int, ...], ...]] = {
    "meal": (
        (0, 0, 0, 0, 1, 0, 1),
        (0, 0, 0, 1, 0, 0, 0),
        (0, 0, 0, 0, 0, 1, 0),
    ),
}
"""A row for each feature: whether a word praises, negates, contrasts, as in: the food was not good but cheap."""


def tokens(name: str) -> Array:
    """(features, positions) of a sentence.

    >>> tokens("meal").shape
    (3, 7)
    """
    return np.array(SENTENCES[name])
