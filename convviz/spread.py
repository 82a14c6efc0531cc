"""How several numbers lie: what is told of an experiment that was made with several seeds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Spread(NamedTuple):
    """Of several numbers the 10th percentile, the median and the 90th."""

    low: float
    median: float
    high: float


def spread_of(numbers: object) -> Spread:
    """The spread of several numbers.

    >>> spread_of([0, 1, 2]).median
    1.0
    """
    return Spread(*(float(one) for one in np.percentile(np.asarray(numbers, dtype=np.float64), [10, 50, 90])))
