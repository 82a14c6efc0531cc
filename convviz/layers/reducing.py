"""How a pooling makes one value of a window: it picks one of the values, or takes their mean. All poolings share it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from convviz.layers.linear import Array, total


class Picks:
    """What poolings share that pick one value of their window: which one is left to `combine`."""

    takes_part: Callable[[], Array]
    """(steps, taps): the reads among which one is picked."""

    def combine(self, windows: Array, weight: None, bias: None) -> Array:
        """(channels, steps, taps) -> (channels, steps): the value that is picked of each window."""
        raise NotImplementedError

    def winners(self, windows: Array) -> Array:
        """(channels, steps, taps): the read that each output takes its value from; of equal ones the first."""
        picked = self.combine(windows, None, None)[..., None]
        won = (windows == picked) & self.takes_part()
        return np.asarray(won & (won.cumsum(axis=-1) == 1))

    def pull_back(self, upstream: Array, windows: Array, weight: None) -> tuple[Array, None]:
        """The gradient of every read, (channels, steps, taps): the winner's alone, of equal ones the first's.

        upstream: (channels, steps). The first takes all, as in PyTorch.
        """
        above = upstream[..., None]
        return np.where(self.winners(windows), above, np.zeros_like(above)), None


class Largest(Picks):
    """The largest of the values that take part; padding is none of them."""

    reduce: ClassVar[str] = "max"

    def combine(self, windows: Array, weight: None, bias: None) -> Array:
        """(channels, steps, taps) -> (channels, steps)."""
        return np.asarray(np.where(self.takes_part(), windows, windows.min()).max(axis=-1))


class Mean:
    """The mean of the values that take part, as a float64."""

    reduce: ClassVar[str] = "mean"
    takes_part: Callable[[], Array]
    """(steps, taps): the reads that the mean counts."""

    @property
    def divides(self) -> bool:
        """A mean of whole numbers may be a fraction."""
        return True

    def combine(self, windows: Array, weight: None, bias: None) -> Array:
        """(channels, steps, taps) -> (channels, steps)."""
        return np.asarray(total(windows, axis=-1) / self.takes_part().sum(axis=-1), dtype=np.float64)

    def pull_back(self, upstream: Array, windows: Array, weight: None) -> tuple[Array, None]:
        """The gradient of every read, (channels, steps, taps): an equal share; upstream: (channels, steps)."""
        part = self.takes_part()
        return np.where(part, (upstream / part.sum(axis=-1))[..., None], 0.0), None
