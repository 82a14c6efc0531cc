"""The taps of outputs that lie on inputs or between them: which inputs an output reads, and with what shares.

Along one axis an input is as wide as `factor` outputs. So the middle of output o lies at (o + 1/2) / factor - 1/2,
where the middle of input i lies at i (PyTorch's align_corners=False).
"""

from __future__ import annotations

from math import gcd

import numpy as np

from convviz.taps import Axis, Ints


def repeated_axis(size: int, factor: int) -> Axis:
    """The axis of an upsampling that copies: `factor` outputs read the input that they lie on.

    >>> repeated_axis(2, 3).sources.tolist()
    [[0], [0], [0], [1], [1], [1]]
    """
    return Axis(size, 1, 0, np.arange(size), np.repeat(np.arange(size), factor)[:, None])


def blended_axis(size: int, factor: int) -> Axis:
    """The axis of a linear upsampling: each output reads the inputs on its two sides, or the one that it lies on.

    Beyond the first and the last input there is only one to read.

    >>> blended_axis(2, 2).sources.tolist()
    [[0, -1], [0, 1], [0, 1], [1, -1]]
    """
    shares, _ = blended_shares(size, factor)
    place, over = _places(size, factor)
    lower = np.clip(place, 0, size - 1)[:, None]
    missing = shares == 0
    positions = np.where(missing, lower, lower + np.arange(shares.shape[1]))
    clamped = (over > 0) & ((place < 0) | (place >= size - 1))
    return Axis(size, 1, 0, np.arange(size), positions, missing=missing, clamped=clamped)


def blended_shares(size: int, factor: int) -> tuple[Ints, int]:
    """(outputs, taps) whole numbers: the shares of the inputs that an output reads; and what those of one add up to.

    >>> blended_shares(2, 2)
    (array([[4, 0],
           [3, 1],
           [1, 3],
           [4, 0]]), 4)
    """
    lower, over = _places(size, factor)
    whole = 2 * factor
    over = np.where((lower < 0) | (lower >= size - 1), 0, over)
    shares = np.stack([whole - over, over], axis=1)
    common = gcd(whole, *over.tolist())
    return shares[:, : 1 + (size > 1 and factor > 1)] // common, whole // common


def _places(size: int, factor: int) -> tuple[Ints, Ints]:
    """(outputs,): the input at or before the middle of each output, and how far beyond it, in parts of 2 * factor."""
    lower, over = np.divmod(2 * np.arange(size * factor) + 1 - factor, 2 * factor)
    return lower, over
