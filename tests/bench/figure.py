"""One figure that is promised: what was measured, what it should be, whether it holds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """holds: None where it could not be measured; note: how it was measured, or why not."""

    what: str
    measured: str
    target: str
    holds: bool | None
    note: str = ""


def missing(what: str, target: str, why: str) -> Figure:
    """A figure that could not be measured here."""
    return Figure(what, "not measured", target, None, why)


def seconds(run: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def median_seconds(run: Callable[[], object], times: int) -> float:
    """The median of `times` calls, after one that warms up."""
    run()
    return statistics.median(seconds(run) for _ in range(times))


def median_ratio(run: Callable[[], object], other: Callable[[], object], times: int) -> float:
    """How many times as long one takes as the other: the median of pairs taken in turn, after one that warms up."""
    run(), other()
    return statistics.median(seconds(run) / seconds(other) for _ in range(times))


def p95(numbers: Sequence[float]) -> float:
    """The number that 95 of 100 do not exceed."""
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
