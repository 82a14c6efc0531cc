"""A Scene as an animated GIF, written frame by frame: what is kept in memory does not grow with their number.

All frames share one palette; a frame stores the rectangle that changed, and in it unchanged pixels are clear. The
container is written here (GIF89a specification, W3C); the image data is Pillow's LZW code.
"""

from __future__ import annotations

from io import BytesIO
from struct import pack
from typing import Any, BinaryIO

import numpy as np
from PIL import Image

from convviz.export.changes import changes
from convviz.export.formats import Options
from convviz.export.palette import CLEAR, Bytes, colours
from convviz.paint.drawing import Drawing
from convviz.paint.pixels import Rect
from convviz.scene.scene import Scene
from convviz.themes import Theme

_LOOP_FOR_EVER = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
_END = b";"


def write(scene: Scene, file: BinaryIO, theme: Theme, options: Options) -> None:
    """Write every frame. Times are kept to hundredths of a second, as the format has them."""
    frames = options.frames(scene, theme)
    drawing = Drawing(scene, theme, options.scale)
    palette = colours(scene, theme, drawing.place.scale, options.lights)
    bits = max(2, int(len(palette) - 1).bit_length())
    file.write(b"GIF89a" + pack("<HHBBB", drawing.width, drawing.height, 0xF0 | bits - 1, 0, 0))
    file.write(palette.tobytes().ljust(3 << bits, b"\0") + (_LOOP_FOR_EVER if options.loop else b""))
    for number, (rect, places, milliseconds) in enumerate(changes(drawing, palette, frames)):
        file.write(_frame(rect, places, milliseconds // 10, bits))
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


def _frame(rect: Rect, places: Bytes, hundredths: int, bits: int) -> bytes:
    """Graphic control (leave in place, with a clear colour), image descriptor, and the LZW code of the pixels."""
    left, top, right, bottom = rect
    control = pack("<BBBBHBB", 0x21, 0xF9, 4, 0b101, hundredths, CLEAR, 0)
    descriptor = pack("<BHHHHB", 0x2C, left, top, right - left, bottom - top, 0)
    image = Image.fromarray(np.ascontiguousarray(places))
    return control + descriptor + bytes([bits]) + image.tobytes("gif", "L", bits, 0) + b"\0"
