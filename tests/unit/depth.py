"""How deep the tests go: `make test` draws a seeded tenth of the long cases, `make soak` all of them."""

from __future__ import annotations

import importlib
import os
import random
from collections.abc import Collection
from typing import Any, TypeVar

import pytest

SOAK = os.environ.get("SOAK") == "1"
"""Whether all cases are drawn."""

ORACLE = os.environ.get("ORACLE") == "1"
"""Whether torch must be there: its tests are then never skipped."""


def cases(count: int) -> int:
    """How many of `count` cases are drawn now: all of them by `make soak` and `make oracle`, else a tenth."""
    return count if SOAK or ORACLE else max(count // 10, 1)


Thing = TypeVar("Thing")


def few(name: str, things: Collection[Thing], count: int = 2) -> list[Thing]:
    """Those of some things that are gone through now: all of them by `make soak`, else a few, drawn by a name."""
    kept = set(random.Random(name).sample(range(len(things)), min(count, len(things))))
    return [thing for n, thing in enumerate(things) if SOAK or n in kept]


def torch() -> Any:
    """PyTorch; where it is not installed, a skip, and by `make oracle` a failure."""
    return importlib.import_module("torch") if ORACLE else pytest.importorskip("torch")
