"""Reading pictures: the bundled photograph, and those that somebody brings."""

from __future__ import annotations

import io
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageOps

from convviz.asset import asset
from convviz.errors import LayerError
from convviz.layers.linear import Array

PHOTOGRAPHS = ("hopper.png", "chelsea.png", "astronaut.png", "camera.png", "coffee.png")
"""The bundled photographs: a face, a cat, an astronaut, a photographer, a cup. Links name them by their places here."""

COLOURED = (2, 4)
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

LARGE = 1024
"""The same of a picture that is filtered whole."""

STRIP = 2**20
"""Pixels that are looked at at one time."""


@cache
def photograph(number: int = 0) -> Array:
    """(rows, columns): a bundled photograph, grey, 0 (black) to 255."""
    with Image.open(asset(f"pictures/{PHOTOGRAPHS[number]}")) as image:
        return _grey(image)


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
    return _read(data, name, SMALLER, "L").pixels


class Brought(NamedTuple):
    """pixels: (rows, columns, 3) of red, green and blue; whole: the columns and rows that the file has."""

    pixels: Array
    whole: tuple[int, int]


def colour_picture(data: bytes, name: str) -> Brought:
    """The same in colour, at most LARGE rows and columns; smaller ones are as they are."""
    return _read(data, name, LARGE, "RGB")


def _read(data: bytes, name: str, most: int, mode: str) -> Brought:
    if len(data) > BYTES:
        raise LayerError("picture_large", "picture", None, value=f"{len(data) / 2**20:.1f} MiB", most="8 MiB")
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        whole = image.size
    except Exception as error:  # whatever the decoders raise: the file is not a picture to them
        raise LayerError("picture_broken", "picture", None, value=name) from error
    _refuse_large(image)
    if image.format == "JPEG":
        if data.count(SCAN) > SCANS:
            raise LayerError("picture_broken", "picture", None, value=name)
        # decoded at a half, a quarter or an eighth, as long as that is enough
        image.draft(mode, (2 * most, 2 * most))
    try:
        small = _upright(image, Image.fromarray(_smaller(image, most, mode)))
    except Exception as error:
        raise LayerError("picture_broken", "picture", None, value=name) from error
    return Brought(np.asarray(small), whole)


def _refuse_large(image: Image.Image) -> None:
    """Refuse a picture of too many pixels for its format, before they are unpacked."""
    most = USUAL if image.info.get("progressive") else PIXELS.get(image.format or "", USUAL)
    if image.width * image.height > most * MILLION:
        raise LayerError("picture_pixels", "picture", None, value=f"{image.width} x {image.height}", most=most)


def _upright(image: Image.Image, small: Image.Image) -> Image.Image:
    """The small picture turned as the large one's EXIF data asks."""
    small.getexif()[0x0112] = image.getexif().get(0x0112, 1)
    return ImageOps.exif_transpose(small)


def _smaller(image: Image.Image, most: int, mode: str) -> Array:
    """(rows, columns), or (rows, columns, 3) in the mode "RGB": at most so many rows and columns.

    The mean of each block of pixels; where larger pictures are wanted, blocks that leave up to twice as many, of which
    each pixel is the mean of those that it covers then.
    """
    fine = mode == "RGB"
    factor = max(image.size) // most if fine else -(-max(image.size) // most)
    down, across = (min(max(factor, 1), side) for side in (image.height, image.width))
    rows, columns = image.height // down, image.width // across
    strip = max(1, STRIP // (image.width * down))
    found = []
    for first in range(0, rows, strip):
        last = min(first + strip, rows)
        piece = _seen(image.crop((0, first * down, image.width, last * down)), mode)[:, : columns * across]
        if down > 1 or across > 1:
            blocks = piece.reshape(last - first, down, columns, across, *piece.shape[2:])
            piece = blocks.mean(axis=(1, 3)).round().astype(np.uint8)
        found.append(piece)
    small = np.concatenate(found).astype(np.uint8)
    if not fine or max(rows, columns) <= most:
        return small
    share = most / max(rows, columns)
    size = (max(round(columns * share), 1), max(round(rows * share), 1))
    return np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BOX))


def _grey(image: Image.Image) -> Array:
    """(rows, columns) of 0 (black) to 255."""
    return _seen(image, "L")


def _seen(image: Image.Image, mode: str) -> Array:
    """The pixels in a mode, in front of white where they are transparent; 16 bits as 8."""
    if image.mode.startswith("I;16"):
        deep: Any = np.asarray(image).astype(np.int64)
        grey = ((deep + 128) // 257).astype(np.uint8)
        return grey if mode == "L" else np.repeat(grey[..., None], 3, axis=2)
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    return np.asarray(image.convert(mode))
