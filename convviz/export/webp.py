"""A Scene as an animated WebP, written frame by frame; when it is read back, its pixels are those of the GIF.

As in a GIF, all frames have the colours of one palette, a frame stores the rectangle that changed, and in it unchanged
pixels are clear; the code is lossless. imageio encodes each rectangle. The container around them is written here
(RFC 9649), because imageio and Pillow keep all frames of an animation until the last is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shutil import copyfileobj
from struct import pack, unpack_from
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO

import imageio.v3 as imageio
import numpy as np

from convviz.export.changes import UNLIKE, changes, differing, wholes
from convviz.export.formats import Options
from convviz.export.palette import CLEAR, Bytes, colours
from convviz.export.picture import Picture
from convviz.paint.pixels import Rect
from convviz.scene.scene import Scene
from convviz.themes import Theme

HELD = 1 << 20
"""Bytes of the frames that are kept in memory; the others wait in a file until their number of bytes is known."""

EFFORT: dict[str, Any] = {"lossless": True, "method": 4, "quality": 75}
"""How hard the encoder tries; more takes twenty times as long for one byte in a hundred."""

_ANIMATED_WITH_CLEAR_PIXELS = 0x12
_OVER, _INSTEAD = b"\0", b"\2"
"""A frame is laid over the one before, or takes the place of what is there."""


def write(scene: Scene, file: BinaryIO, theme: Theme, options: Options) -> None:
    """Write every frame."""
    frames = options.frames(scene, theme)
    drawing, clear = Picture(scene, theme, options), options.clear
    palette = colours(scene, theme, drawing.place.scale, options.lights, options.sums)
    paints = np.insert(palette, 3, 255, axis=1)
    paints[CLEAR] = 0
    size = _three(drawing.width - 1) + _three(drawing.height - 1)
    with SpooledTemporaryFile(HELD) as body:
        body.write(b"WEBP" + _chunk(b"VP8X", pack("<I", _ANIMATED_WITH_CLEAR_PIXELS) + size))
        body.write(_chunk(b"ANIM", pack("<IH", 0, 0 if options.loop else 1)))
        told = changes(drawing, palette, frames)
        if clear:
            told = _parts(wholes(drawing, Picture(scene, theme, options, UNLIKE), palette, frames))
        for number, (rect, places, milliseconds) in enumerate(told):
            body.write(_frame(rect, paints[places], milliseconds, _INSTEAD if clear else _OVER))
            options.done(number + 1, scene)
        file.write(b"RIFF" + pack("<I", body.tell()))
        body.seek(0)
        copyfileobj(body, file)


def _parts(frames: Iterable[tuple[Bytes, int]]) -> Iterator[tuple[Rect, Bytes, int]]:
    """What changed of whole frames, from an even place on; the first one is whole."""
    before: Bytes | None = None
    for shown, milliseconds in frames:
        rect = (0, 0, *shown.shape[::-1]) if before is None else differing(before, shown)
        left, top, right, bottom = rect[0] - rect[0] % 2, rect[1] - rect[1] % 2, rect[2], rect[3]
        yield (left, top, right, bottom), shown[top:bottom, left:right], milliseconds
        before = shown


def _frame(rect: Rect, pixels: Bytes, milliseconds: int, how: bytes) -> bytes:
    """A frame. The format has even places alone: a row or a column more is clear."""
    left, top, _, _ = rect
    pixels = np.pad(pixels, ((top % 2, 0), (left % 2, 0), (0, 0)))
    height, width, _ = pixels.shape
    place = _three(left // 2) + _three(top // 2) + _three(width - 1) + _three(height - 1)
    return _chunk(b"ANMF", place + _three(milliseconds) + how + _image(pixels))


def _image(pixels: Bytes) -> bytes:
    """The chunk with the code of the pixels, out of a file of its own."""
    data: bytes = imageio.imwrite("<bytes>", pixels, extension=".webp", plugin="pillow", **EFFORT)
    at = 12
    while data[at : at + 4] != b"VP8L":
        at += 8 + _even(unpack_from("<I", data, at + 4)[0])
    return data[at : at + 8 + _even(unpack_from("<I", data, at + 4)[0])]


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _even(count: int) -> int:
    return count + count % 2


def _three(number: int) -> bytes:
    """A number in three bytes."""
    return number.to_bytes(3, "little")
