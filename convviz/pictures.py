"""Reading pictures: the bundled photograph, and those that somebody brings."""

from __future__ import annotations

import io
from functools import cache

import imageio.v3 as iio
import numpy as np

from convviz.asset import asset
from convviz.errors import LayerError
from convviz.layers.linear import Array

BYTES = 8 * 2**20
"""The largest file that is read: more than any photograph of a phone needs here, and soon read."""

SIDE = 6_000
"""The longest side in pixels; checked before the pixels are unpacked, so that a small file cannot fill the memory."""

SMALLER = 240
"""Rows that a picture is brought down to, so that a patch of a few cells shows something."""


@cache
def photograph() -> Array:
    """(rows, columns): the bundled photograph, grey, 0 (black) to 255."""
    return grey_picture(asset("pictures/hopper.png").read_bytes(), "hopper.png")


def grey_picture(data: bytes, name: str) -> Array:
    """(rows, columns) grey values of a picture file, at most SMALLER rows; raises LayerError for what is not one."""
    if len(data) > BYTES:
        raise LayerError("picture_large", "picture", None, value=f"{len(data) / 2**20:.1f} MiB", most="8 MiB")
    try:
        found = iio.improps(io.BytesIO(data), plugin="pillow", index=0)
    except Exception as error:  # whatever the decoders raise: the file is not a picture to them
        raise LayerError("picture_broken", "picture", None, value=name) from error
    rows, columns = found.shape[:2]
    if max(rows, columns) > SIDE:
        raise LayerError("picture_sides", "picture", None, value=f"{columns} x {rows}", most=SIDE)
    deep = found.dtype == np.uint16
    try:
        pixels = iio.imread(io.BytesIO(data), plugin="pillow", mode=None if deep else "L", index=0)
    except Exception as error:
        raise LayerError("picture_broken", "picture", None, value=name) from error
    return _smaller((pixels / 257).round().astype(np.uint8) if deep else np.asarray(pixels, dtype=np.uint8))


def _smaller(pixels: Array) -> Array:
    """The picture with each block of pixels brought to its mean, at most SMALLER rows."""
    factor = -(-max(pixels.shape) // SMALLER)
    down, across = (min(factor, side) for side in pixels.shape)
    rows, columns = (side // by for side, by in zip(pixels.shape, (down, across), strict=True))
    blocks = pixels[: rows * down, : columns * across].reshape(rows, down, columns, across)
    return blocks.mean(axis=(1, 3)).round().astype(np.uint8)
