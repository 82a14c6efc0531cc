"""Simple pictures to lay a kernel on, of any size: whole numbers, dark 0 and bright `BRIGHT`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from convviz.errors import LayerError
from convviz.layers.linear import Array

BRIGHT = 5
"""The value of a bright cell: small enough for sums in the head."""

Size = tuple[int, ...]


def _places(size: Size) -> list[Array]:
    """For each axis, the index of every cell."""
    return list(np.indices(size))


def _bar(size: Size) -> Array:
    """One bright stripe down the middle, a fifth of the width."""
    width = size[-1]
    thick = max(1, round(width / 5))
    first = (width - thick) // 2
    return np.where((_places(size)[-1] >= first) & (_places(size)[-1] < first + thick), BRIGHT, 0)


def _step(size: Size) -> Array:
    """Dark on the left, bright on the right."""
    return np.where(_places(size)[-1] >= size[-1] // 2, BRIGHT, 0)


def _corner(size: Size) -> Array:
    """Bright where every axis is past its middle."""
    past = [place >= n // 2 for place, n in zip(_places(size), size, strict=True)]
    return np.where(np.logical_and.reduce(past), BRIGHT, 0)


def _checkerboard(size: Size) -> Array:
    """Dark and bright in turn along every axis."""
    return np.where(sum(_places(size)) % 2 == 0, BRIGHT, 0)


def _gradient(size: Size) -> Array:
    """Each column one brighter than the one before it."""
    return _places(size)[-1].astype(np.int64)


def _impulse(size: Size) -> Array:
    """A single 1 in the middle: the output is the kernel, rotated 180 degrees, the impulse response."""
    cells = np.zeros(size, dtype=np.int64)
    cells[tuple(n // 2 for n in size)] = 1
    return cells


SHAPES: dict[str, Callable[[Size], Array]] = {
    "bar": _bar,
    "step": _step,
    "corner": _corner,
    "checkerboard": _checkerboard,
    "gradient": _gradient,
    "impulse": _impulse,
}


def shape(name: str, size: Size) -> Array:
    """A simple picture.

    size: cells on each axis. Returns (*size) whole numbers. Raises LayerError for a name that there is none of.

    >>> shape("step", (1, 5)).tolist(), shape("impulse", (3,)).tolist()
    ([[0, 0, 5, 5, 5]], [0, 1, 0])
    """
    if name not in SHAPES:
        raise LayerError("choice", "shape", {"shape": "step"}, value=name, choices=", ".join(SHAPES), nearest="step")
    return SHAPES[name](size).astype(np.int64)
