"""Values as the pixels of a picture, and what black and white then stand for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convviz.layers.linear import Array

WHITE = 255
"""The brightest pixel of a photograph."""

FEW = 31
"""The largest value of numbers that are no photograph's: the largest of them is white."""


class Shades(NamedTuple):
    """pixels: (rows, columns, channels) of uint8; black, white: the values that they stand for; signed: whether the
    middle grey is 0, black the most negative value and white the most positive."""

    pixels: NDArray[np.uint8]
    black: float
    white: float
    signed: bool


def photograph_shades(x: Array) -> Shades:
    """(channels, rows, columns) of a photograph, 0 to 255; of smaller numbers the largest is white.

    >>> photograph_shades(np.array([[[0, 2, 4]]])).pixels[0, :, 0].tolist()
    [0, 128, 255]
    """
    least, most = float(x.min()), float(x.max())
    if least < 0:
        return _signed(x)
    white = WHITE if most > FEW else max(most, 1.0)
    return Shades(_levels(x, white), 0, white, False)


def result_shades(values: Array, again: bool, white: float) -> Shades:
    """What comes of a photograph; again: it is one again, as where the weights add up to one, and what lies outside of
    its range is cut off; white: of the photograph. Else all values are shown, with 0 in the middle where some are
    negative.

    >>> result_shades(np.array([[[-10, 0, 300]]]), True, 255).pixels[0, :, 0].tolist()
    [0, 0, 255]
    >>> found = result_shades(np.array([[[-10, 0, 20]]]), False, 255)
    >>> found.pixels[0, :, 0].tolist(), found.black
    ([65, 128, 255], -20.0)
    """
    if again:
        return Shades(_levels(values, white), 0, white, False)
    if values.min() < 0:
        return _signed(values)
    most = max(float(values.max()), 1.0)
    return Shades(_levels(values, most), 0, most, False)


def _levels(values: Array, white: float) -> NDArray[np.uint8]:
    if white == WHITE and values.dtype.kind == "i":
        found = np.clip(values, 0, WHITE)
    else:
        found = np.clip(np.floor(values * (WHITE / white) + 0.5), 0, WHITE)
    return np.ascontiguousarray(found.astype(np.uint8).transpose(1, 2, 0))


def _signed(values: Array) -> Shades:
    most = max(float(np.abs(values).max()), 1.0)
    levels = np.floor(values * (127.0 / most) + 128.5)
    return Shades(np.ascontiguousarray(levels.astype(np.uint8).transpose(1, 2, 0)), -most, most, True)
