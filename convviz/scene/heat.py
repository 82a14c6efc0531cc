"""Counts as a heat map: the roles, texts and levels of cells that show how many taps there are."""

from __future__ import annotations

import numpy as np

from convviz.scene.canvas import numbers
from convviz.scene.marks import Ints
from convviz.scene.roles import ROLES, SCALES


def heat(counts: Ints, missed: str = "unread") -> tuple[Ints, list[str], Ints]:
    """Roles, texts and levels of cells that show counts; missed: the role of what no tap reads or reaches."""
    flat = counts.ravel()
    roles = np.where(flat > 0, ROLES.index("heat"), ROLES.index(missed))
    levels = -(-flat * (SCALES["heat"] - 1) // max(int(flat.max()), 1))
    return roles, numbers(flat), levels.astype(np.int64)


def outer(one: Ints, other: Ints) -> Ints:
    """Every product of two counts; in Python's integers once 64 bits might not hold it, with room for its level."""
    if int(one.max()) * int(other.max()) * SCALES["heat"] >= 2**63:
        one, other = one.astype(object), other.astype(object)
    return np.multiply.outer(one, other)
