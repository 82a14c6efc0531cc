"""Reading pictures: the bundled photograph, and those that somebody brings."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
from PIL import Image, ImageOps

from convviz.asset import asset
from convviz.errors import LayerError
from convviz.layers.linear import Array

BYTES = 8 * 2**20
"""The largest file that is read: more than any photograph of a phone needs here, and soon read."""

SIDE = 6_000
"""The longest side in pixels; checked before the pixels are unpacked, so that a small file cannot fill the memory."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""What is read; a page's uploader takes the first three. Other decoders are never started."""

SCAN = b"\xff\xda"
SCANS = 100
"""A JPEG of many scans, each of which goes over the whole picture, takes minutes to read; real ones have some ten."""

SMALLER = 240
"""Rows that a picture is brought down to, so that a patch of a few cells shows something."""


@cache
def photograph() -> Array:
    """(rows, columns): the bundled photograph, grey, 0 (black) to 255."""
    return grey_picture(asset("pictures/hopper.png").read_bytes(), "hopper.png")


def grey_picture(data: bytes, name: str) -> Array:
    """(rows, columns) grey values of a picture file, at most SMALLER rows; raises LayerError for what is not one.

    As it is seen: upright, and in front of white where it is transparent.
    """
    if len(data) > BYTES:
        raise LayerError("picture_large", "picture", None, value=f"{len(data) / 2**20:.1f} MiB", most="8 MiB")
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Exception as error:  # whatever the decoders raise: the file is not a picture to them
        raise LayerError("picture_broken", "picture", None, value=name) from error
    if max(image.size) > SIDE:
        raise LayerError("picture_sides", "picture", None, value=f"{image.width} x {image.height}", most=SIDE)
    if image.format == "JPEG" and data.count(SCAN) > SCANS:
        raise LayerError("picture_broken", "picture", None, value=name)
    try:
        return _smaller(_grey(ImageOps.exif_transpose(image)))
    except Exception as error:
        raise LayerError("picture_broken", "picture", None, value=name) from error


def _grey(image: Image.Image) -> Array:
    """(rows, columns) of 0 (black) to 255."""
    if image.mode.startswith("I;16"):
        deep = np.asarray(image).astype(np.int64)
        return ((deep + 128) // 257).astype(np.uint8)
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    return np.asarray(image.convert("L"))


def _smaller(pixels: Array) -> Array:
    """The picture with each block of pixels brought to its mean, at most SMALLER rows."""
    factor = -(-max(pixels.shape) // SMALLER)
    down, across = (min(factor, side) for side in pixels.shape)
    rows, columns = (side // by for side, by in zip(pixels.shape, (down, across), strict=True))
    blocks = pixels[: rows * down, : columns * across].reshape(rows, down, columns, across)
    return blocks.mean(axis=(1, 3)).round().astype(np.uint8)
