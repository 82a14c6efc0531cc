"""A Scene as an animated GIF, written frame by frame: what is kept in memory does not grow with their number.

All frames share one palette; a frame stores the rectangle that changed, and in it unchanged pixels are clear. The
container is written here (GIF89a specification, W3C); the image data is Pillow's LZW code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from struct import pack
from typing import Any, BinaryIO

import numpy as np
from PIL import Image

from convviz.export.changes import UNLIKE, around, changes, differing, tight, wholes
from convviz.export.formats import Options
from convviz.export.palette import CLEAR, Bytes, colours
from convviz.export.picture import Picture
from convviz.paint.pixels import Rect
from convviz.scene.scene import Scene
from convviz.themes import Theme

_LOOP_FOR_EVER = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
_END = b";"
_LEAVE, _REMOVE = 0b101, 0b1001
"""What becomes of a frame when its time is over; either has a clear colour."""


def write(scene: Scene, file: BinaryIO, theme: Theme, options: Options) -> None:
    """Write every frame. Times are kept to hundredths of a second, as the format has them."""
    frames = options.frames(scene, theme)
    drawing = Picture(scene, theme, options)
    palette = colours(scene, theme, drawing.place.scale, options.lights, options.sums)
    bits = max(2, int(len(palette) - 1).bit_length())
    file.write(b"GIF89a" + pack("<HHBBB", drawing.width, drawing.height, 0xF0 | bits - 1, 0, 0))
    file.write(palette.tobytes().ljust(3 << bits, b"\0") + (_LOOP_FOR_EVER if options.loop else b""))
    if options.clear:
        told = _removed(wholes(drawing, Picture(scene, theme, options, UNLIKE), palette, frames))
    else:
        told = ((*change, _LEAVE) for change in changes(drawing, palette, frames))
    for number, (rect, places, milliseconds, after) in enumerate(told):
        file.write(_frame(rect, places, milliseconds // 10, bits, after))
        options.done(number + 1, scene)
    file.write(_END)


def gif(scene: Scene, theme: Theme, **options: Any) -> bytes:
    """The file's bytes; options as in `Options`.

    >>> import convviz as cv
    >>> from convviz.themes import theme_named
    >>> gif(cv.scene(cv.Conv(4, 3)), theme_named("print"), scale=12)[:6]
    b'GIF89a'
    """
    file = BytesIO()
    write(scene, file, theme, Options(**options))
    return file.getvalue()


def _removed(frames: Iterable[tuple[Bytes, int]]) -> Iterator[tuple[Rect, Bytes, int, int]]:
    """What changed of whole frames, and what becomes of each.

    Where the next one uncovers the ground, a frame reaches as far, and is removed.
    """
    left: Bytes | None = None  # what is seen before a frame is drawn
    later = iter(frames)
    frame = next(later, None)
    while frame is not None:
        (shown, milliseconds), following = frame, next(later, None)
        left = np.full_like(shown, CLEAR) if left is None else left
        rects = [differing(left, shown)]
        if following and (gone := (shown != CLEAR) & (following[0] == CLEAR)).any():
            rects.append(tight(gone))
        x0, y0, x1, y1 = around(rects)
        here = slice(y0, y1), slice(x0, x1)
        after = _REMOVE if len(rects) > 1 else _LEAVE
        yield (x0, y0, x1, y1), np.where(left == shown, CLEAR, shown)[here], milliseconds, after
        left = shown
        if after == _REMOVE:
            left = shown.copy()
            left[here] = CLEAR
        frame = following


def _frame(rect: Rect, places: Bytes, hundredths: int, bits: int, after: int) -> bytes:
    """Graphic control, image descriptor, and the LZW code of the pixels."""
    left, top, right, bottom = rect
    control = pack("<BBBBHBB", 0x21, 0xF9, 4, after, hundredths, CLEAR, 0)
    descriptor = pack("<BHHHHB", 0x2C, left, top, right - left, bottom - top, 0)
    image = Image.fromarray(np.ascontiguousarray(places))
    return control + descriptor + bytes([bits]) + image.tobytes("gif", "L", bits, 0) + b"\0"
