"""A Scene as an animated GIF, written frame by frame: what is kept in memory does not grow with their number.

All frames share one palette; a frame stores the rectangle that changed, and in it unchanged pixels are clear. The
container is written here (GIF89a specification, W3C); the image data is Pillow's LZW code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from numbers import Real
from struct import pack
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from convviz.errors import LayerError
from convviz.export.palette import CLEAR, Bytes, colours, quantiser
from convviz.paint.drawing import Drawing
from convviz.paint.pixels import Rect
from convviz.scene.scene import Scene
from convviz.themes import Theme

Progress = Callable[[int, int], object]
NDArrayBool = NDArray[np.bool_]

PACE = (20, 60_000)
"""The least and most milliseconds of a step: browsers slow down anything faster."""

_LOOP_FOR_EVER = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
_END = b";"


def write_gif(
    scene: Scene,
    file: BinaryIO,
    theme: Theme,
    *,
    scale: float | None = None,
    step_ms: int | None = None,
    pause_ms: int | None = None,
    progress: Progress | None = None,
    loop: bool = True,
) -> None:
    """Write every step as one frame of `step_ms`, the last one for `pause_ms`; for ever, or once where `loop` is False.

    scale: pixels a cell; times are in milliseconds and kept to hundredths of a second, as the format has them, the
    theme's where left out; progress: called with (frames done, all frames). Raises LayerError for a pace or a scale
    that cannot be.
    """
    step_ms = paced("step_ms", theme.step_ms if step_ms is None else step_ms)
    pause_ms = max(theme.pause_ms, step_ms) if pause_ms is None else paced("pause_ms", pause_ms)
    if not isinstance(loop, bool | np.bool_):
        raise LayerError("loop", "loop", {"loop": True}, value=loop, nearest=True)
    drawing = Drawing(scene, theme, scale)
    palette = colours(scene, theme)
    bits = max(2, int(len(palette) - 1).bit_length())
    file.write(b"GIF89a" + pack("<HHBBB", drawing.width, drawing.height, 0xF0 | bits - 1, 0, 0))
    file.write(palette.tobytes().ljust(3 << bits, b"\0") + (_LOOP_FOR_EVER if loop else b""))
    for number, (rect, places) in enumerate(_changes(drawing, palette)):
        pause = pause_ms if number == scene.steps - 1 else step_ms
        file.write(_frame(rect, places, pause // 10, bits))
        if progress is not None:
            progress(number + 1, scene.steps)
    file.write(_END)


def gif(scene: Scene, theme: Theme, **options: int | float | Progress | None) -> bytes:
    """The file's bytes; options as for `write_gif`.

    >>> import convviz as cv
    >>> from convviz.themes import theme_named
    >>> gif(cv.scene(cv.Conv(4, 3)), theme_named("print"), scale=12)[:6]
    b'GIF89a'
    """
    file = BytesIO()
    write_gif(scene, file, theme, **options)  # type: ignore[arg-type]
    return file.getvalue()


def paced(field: str, value: int) -> int:
    """A duration in whole hundredths of a second; raises LayerError for one out of PACE."""
    least, most = PACE
    if isinstance(value, bool) or not isinstance(value, Real) or value != value:
        raise LayerError("number_type", field, {field: 600}, value=value, nearest=600)
    if not least <= value <= most:
        nearest = int(min(max(value, least), most))
        raise LayerError("step_ms", field, {field: nearest}, value=value, least=least, most=most, nearest=nearest)
    return max(least, round(value / 10) * 10)


def _changes(drawing: Drawing, palette: Bytes) -> Iterator[tuple[Rect, Bytes]]:
    """For each step the rectangle that changed, and its pixels' places in the palette."""
    places = quantiser(palette.tobytes())
    shown: Bytes = np.zeros((drawing.height, drawing.width), dtype=np.uint8)
    fresh = shown.copy()
    for t in range(drawing.scene.steps):
        found: list[Rect] = []
        for left, top, right, bottom in drawing.show(t):
            here = slice(top, bottom), slice(left, right)
            now = places(drawing.pixels[here])
            changed = now != shown[here]
            if changed.any():
                fresh[here] = np.where(changed, now, CLEAR)
                shown[here] = now
                found.append(_tight(changed, left, top))
        rect = _around(found)
        left, top, right, bottom = rect
        yield rect, fresh[top:bottom, left:right]
        for left, top, right, bottom in found:
            fresh[top:bottom, left:right] = CLEAR


def _tight(changed: NDArrayBool, left: int, top: int) -> Rect:
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1


def _around(rects: list[Rect]) -> Rect:
    """Around all rectangles; one pixel where there is none, for a frame must have an image."""
    if not rects:
        return 0, 0, 1, 1
    lefts, tops, rights, bottoms = zip(*rects, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _frame(rect: Rect, places: Bytes, hundredths: int, bits: int) -> bytes:
    """Graphic control (leave in place, with a clear colour), image descriptor, and the LZW code of the pixels."""
    left, top, right, bottom = rect
    control = pack("<BBBBHBB", 0x21, 0xF9, 4, 0b101, hundredths, CLEAR, 0)
    descriptor = pack("<BHHHHB", 0x2C, left, top, right - left, bottom - top, 0)
    image = Image.fromarray(np.ascontiguousarray(places))
    return control + descriptor + bytes([bits]) + image.tobytes("gif", "L", bits, 0) + b"\0"
