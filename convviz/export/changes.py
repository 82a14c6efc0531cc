"""What changes from frame to frame: an animation stores no more than that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from convviz.export.formats import Shown
from convviz.export.palette import CLEAR, Bytes, quantiser
from convviz.paint.drawing import Drawing
from convviz.paint.pixels import Rect


def changes(drawing: Drawing, palette: Bytes, frames: Iterable[Shown]) -> Iterator[tuple[Rect, Bytes, int]]:
    """For each frame the rectangle that changed, its pixels' places in the palette, and its milliseconds.

    CLEAR is the place of a pixel that stayed as it was.

    Two arrays of the picture's size are all that is kept; what is yielded holds until the next frame.
    """
    places = quantiser(palette.tobytes())
    shown: Bytes = np.zeros((drawing.height, drawing.width), dtype=np.uint8)
    fresh = shown.copy()
    for t, moment, milliseconds in frames:
        found: list[Rect] = []
        for left, top, right, bottom in drawing.show(t, moment):
            here = slice(top, bottom), slice(left, right)
            now = places(drawing.pixels[here])
            changed = now != shown[here]
            if changed.any():
                fresh[here] = np.where(changed, now, CLEAR)
                shown[here] = now
                found.append(_tight(changed, left, top))
        rect = _around(found)
        left, top, right, bottom = rect
        yield rect, fresh[top:bottom, left:right], milliseconds
        for left, top, right, bottom in found:
            fresh[top:bottom, left:right] = CLEAR


def _tight(changed: NDArray[np.bool_], left: int, top: int) -> Rect:
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1


def _around(rects: list[Rect]) -> Rect:
    """Around all rectangles; one pixel where there is none, for a frame must have an image."""
    if not rects:
        return 0, 0, 1, 1
    lefts, tops, rights, bottoms = zip(*rects, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
