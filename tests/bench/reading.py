"""Reading of pasted code: how long a hostile text takes to be refused, and a large network to be read."""

from __future__ import annotations

import convviz as cv
from convviz.code import read, to_code
from tests.bench.figure import Figure, median_seconds
from tests.unit import hostile, pasted


def figures() -> list[Figure]:
    """The slowest of 200 hostile texts, and ResNet-50 as a class."""
    texts = [*hostile.TRICKS, *hostile.LARGE]
    texts += hostile.mutated(200 - len(texts), [given.text for given in pasted.GIVEN.values()])
    slowest = max(median_seconds(lambda text=text: read(text), 3) for text in texts) * 1000  # type: ignore[misc]
    code = to_code(cv.known("resnet50"))
    whole = median_seconds(lambda: read(code), 5) * 1000
    return [
        Figure("the slowest of 200 hostile texts refused", f"{slowest:.0f} ms", "at most 100 ms", slowest <= 100, ""),
        Figure(
            "ResNet-50 read from its code",
            f"{whole:.0f} ms",
            "at most 300 ms",
            whole <= 300,
            f"{len(code):,} characters",
        ),
    ]
