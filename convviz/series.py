"""Real series: numbers that somebody counted, one a year, for convolutions along one axis."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from convviz.asset import asset
from convviz.layers.arguments import choice, whole
from convviz.layers.linear import Array


class Series(NamedTuple):
    """A series: times (n,), whole numbers that rise by one, and the value at each, values (n,)."""

    times: Array
    values: Array

    def part(self, first: int, count: int) -> Series:
        """`count` values from time `first` on; raises LayerError where there are no such."""
        count = whole("count", count, 1, len(self.times))
        begin, end = int(self.times[0]), int(self.times[-1])
        first = whole("first", first, begin, end - count + 1)
        return Series(*(array[first - begin :][:count] for array in self))


SERIES = ("sunspots",)
"""The bundled series by name; `assets/series/README.md` says where they are from."""


@cache
def series(name: str = SERIES[0]) -> Series:
    """A bundled series; raises LayerError for a name that is none of SERIES.

    >>> found = series("sunspots")
    >>> len(found.values), int(found.times[0]), float(found.values[0])
    (309, 1700, 5.0)
    """
    choice("series", name, SERIES)
    rows = asset(f"series/{name}.csv").read_text("utf-8").split()[1:]
    table = np.array([row.split(",") for row in rows], dtype=np.float64)
    times, values = table[:, 0].astype(np.int64), table[:, 1]
    for array in (times, values):
        array.flags.writeable = False  # all who ask have the same
    return Series(times, values)
