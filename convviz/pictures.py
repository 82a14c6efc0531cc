"""Reading pictures: the bundled photograph, and those that somebody brings."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from convviz.asset import asset
from convviz.errors import LayerError
from convviz.layers.linear import Array

PHOTOGRAPHS = ("hopper.png", "chelsea.png", "astronaut.png")
"""The bundled photographs: a face, a cat and an astronaut. Links name them by their places here."""

COLOURED = (2,)
"""The places of those that are in colour."""

BYTES = 8 * 2**20
"""The largest file that is read: more than any photograph of a phone needs here, and soon read."""

MILLION = 1_000_000
PIXELS = {"JPEG": 200, "WEBP": 6}
"""Millions of pixels that a picture of a format may have. A JPEG is read smaller than it is; WebP holds four
copies. Checked before the pixels are unpacked, so that a small file cannot fill the memory."""

USUAL = 20
"""The same for all other formats, and for a JPEG whose parts come one after the other (progressive)."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""What is read; a page's uploader takes the first three. Other decoders are never started."""

SCAN = b"\xff\xda"
SCANS = 100
"""A JPEG of many scans, each of which goes over the whole picture, takes minutes to read; real ones have some ten."""

SMALLER = 240
"""Rows that a picture is brought down to, so that a patch of a few cells shows something."""

STRIP = 2**20
"""Pixels that are looked at at one time."""


def png(grey: Array) -> bytes:
    """The file of a picture, (rows, columns) of greys."""
    stream = io.BytesIO()
    Image.fromarray(grey.astype(np.uint8)).save(stream, "PNG")
    return stream.getvalue()


@cache
def photograph(number: int = 0) -> Array:
    """(rows, columns): a bundled photograph, grey, 0 (black) to 255."""
    name = PHOTOGRAPHS[number]
    return grey_picture(asset(f"pictures/{name}").read_bytes(), name)


@cache
def coloured(number: int) -> Array:
    """(3, rows, columns): the red, green and blue of a bundled photograph, 0 to 255 each; of a grey one, three times
    its greys."""
    if number not in COLOURED:
        return np.stack([photograph(number)] * 3)
    with Image.open(asset(f"pictures/{PHOTOGRAPHS[number]}")) as image:
        return np.asarray(image.convert("RGB")).transpose(2, 0, 1)


def grey_picture(data: bytes, name: str) -> Array:
    """(rows, columns) grey values of a picture file, at most SMALLER rows; raises LayerError for what is not one.

    As it is seen: upright, and in front of white where it is transparent. Besides the unpacked picture little memory
    is used: it is brought down strip by strip.
    """
    if len(data) > BYTES:
        raise LayerError("picture_large", "picture", None, value=f"{len(data) / 2**20:.1f} MiB", most="8 MiB")
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Exception as error:  # whatever the decoders raise: the file is not a picture to them
        raise LayerError("picture_broken", "picture", None, value=name) from error
    _refuse_large(image)
    if image.format == "JPEG":
        if data.count(SCAN) > SCANS:
            raise LayerError("picture_broken", "picture", None, value=name)
        image.draft(
            "L", (2 * SMALLER, 2 * SMALLER)
        )  # decoded at a half, a quarter or an eighth, as long as that is enough
    try:
        return np.asarray(_upright(image, Image.fromarray(_smaller(image))))
    except Exception as error:
        raise LayerError("picture_broken", "picture", None, value=name) from error


def _refuse_large(image: Image.Image) -> None:
    """Refuse a picture of too many pixels for its format, before they are unpacked."""
    most = USUAL if image.info.get("progressive") else PIXELS.get(image.format or "", USUAL)
    if image.width * image.height > most * MILLION:
        raise LayerError("picture_pixels", "picture", None, value=f"{image.width} x {image.height}", most=most)


def _upright(image: Image.Image, small: Image.Image) -> Image.Image:
    """The small picture turned as the large one's EXIF data asks."""
    small.getexif()[0x0112] = image.getexif().get(0x0112, 1)
    return ImageOps.exif_transpose(small)


def _smaller(image: Image.Image) -> Array:
    """(rows, columns): the mean of each block of pixels, at most SMALLER rows and columns."""
    factor = -(-max(image.size) // SMALLER)
    down, across = (min(factor, side) for side in (image.height, image.width))
    rows, columns = image.height // down, image.width // across
    strip = max(1, STRIP // (image.width * down))
    found = []
    for first in range(0, rows, strip):
        last = min(first + strip, rows)
        piece = _grey(image.crop((0, first * down, image.width, last * down)))[:, : columns * across]
        found.append(piece.reshape(last - first, down, columns, across).mean(axis=(1, 3)))
    return np.concatenate(found).round().astype(np.uint8)


def _grey(image: Image.Image) -> Array:
    """(rows, columns) of 0 (black) to 255."""
    if image.mode.startswith("I;16"):
        deep: Any = np.asarray(image).astype(np.int64)
        return ((deep + 128) // 257).astype(np.uint8)
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    return np.asarray(image.convert("L"))
