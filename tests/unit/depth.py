"""How deep the tests go: `make test` draws a seeded tenth of the long cases, `make soak` all of them."""

from __future__ import annotations

import importlib
import os
from typing import Any

import pytest

SOAK = os.environ.get("SOAK") == "1"
"""Whether all cases are drawn."""

ORACLE = os.environ.get("ORACLE") == "1"
"""Whether torch must be there: its tests are then never skipped."""


def cases(count: int) -> int:
    """How many of `count` cases are drawn now: all of them by `make soak` and `make oracle`, else a tenth."""
    return count if SOAK or ORACLE else max(count // 10, 1)


def torch() -> Any:
    """PyTorch; where it is not installed, a skip, and by `make oracle` a failure."""
    return importlib.import_module("torch") if ORACLE else pytest.importorskip("torch")
