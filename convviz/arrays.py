"""Arrays of values, as they are given or made up: whole numbers stay exact, whatever their size."""

from __future__ import annotations

from numbers import Integral

import numpy as np

from convviz.errors import LayerError
from convviz.layers.linear import Array


def small_integers(shape: tuple[int, ...], seed: int, least: int, most: int) -> Array:
    """Whole numbers from `least` to `most`, each a function of its index and the seed alone.

    A cell keeps its number when the array grows, so that only what the learner changed changes.

    >>> small_integers((2, 2), 0, 0, 5).tolist() == small_integers((3, 4), 0, 0, 5)[:2, :2].tolist()
    True
    """
    mixed = np.full(shape, seed * 0x9E3779B97F4A7C15 % 2**64, dtype=np.uint64)
    for index in np.indices(shape, dtype=np.uint64):
        mixed = (mixed + index + np.uint64(1)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return (mixed % np.uint64(most - least + 1)).astype(np.int64) + least


def as_array(field: str, value: object, shape: tuple[int, ...]) -> Array:
    """`value` as int64 (or Python's own integers beyond it) or float64, of exactly `shape`."""
    try:
        array = np.asarray(value)
        if array.dtype.kind == "f":
            array = _whole_again(value) if isinstance(value, list | tuple) else array
        if array.dtype.kind == "f":
            array = array.astype(np.float64)
    except (TypeError, ValueError, OverflowError):  # rows of unequal length, or no array at all
        raise LayerError("numbers", field, None, value=value) from None
    if array.dtype.kind not in "iufO" or (array.dtype.kind == "f" and not np.isfinite(array).all()):
        raise LayerError("numbers", field, None, value=value)
    if array.dtype == object and not all(isinstance(v, Integral) and not isinstance(v, bool) for v in array.flat):
        raise LayerError("numbers", field, None, value=value)
    if array.shape != shape:
        raise LayerError("shape", field, None, value=array.shape, wanted=shape)
    if array.dtype.kind == "f":
        return array.copy()
    if array.min() >= -(2**63) and array.max() < 2**63:
        return array.astype(np.int64)
    return np.array([int(v) for v in array.flat], dtype=object).reshape(shape)


def _whole_again(value: object) -> Array:
    """NumPy makes floats of a list that has integers above 2**63 beside negative ones; here they stay exact."""
    exact = np.asarray(value, dtype=object)
    return exact if all(isinstance(v, Integral) for v in exact.flat) else np.asarray(value, dtype=np.float64)
