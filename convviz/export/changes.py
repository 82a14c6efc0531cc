"""What changes from frame to frame: an animation stores no more than that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from convviz.export.formats import Shown
from convviz.export.palette import CLEAR, Bytes, quantiser
from convviz.export.picture import Picture
from convviz.paint.looks import packed
from convviz.paint.pixels import Rect

UNLIKE = "#fe00ff"
"""A ground that no theme has: where it is seen, the picture is see-through."""


def changes(drawing: Picture, palette: Bytes, frames: Iterable[Shown]) -> Iterator[tuple[Rect, Bytes, int]]:
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
                found.append(tight(changed, left, top))
        rect = around(found)
        left, top, right, bottom = rect
        yield rect, fresh[top:bottom, left:right], milliseconds
        for left, top, right, bottom in found:
            fresh[top:bottom, left:right] = CLEAR


def wholes(drawing: Picture, unlike: Picture, palette: Bytes, frames: Iterable[Shown]) -> Iterator[tuple[Bytes, int]]:
    """For each frame the places in the palette of all its pixels, and its milliseconds; the array is not used again.

    CLEAR is the place of a pixel that is see-through. unlike: the same picture on the ground UNLIKE. The edge of a
    letter is mixed with the theme's ground, because a pixel of an animation is seen or it is not.
    """
    places, ground = quantiser(palette.tobytes()), packed(UNLIKE)
    shown: Bytes = np.zeros((drawing.height, drawing.width), dtype=np.uint8)
    for t, moment, milliseconds in frames:
        unlike.show(t, moment)
        for left, top, right, bottom in drawing.show(t, moment):
            here = slice(top, bottom), slice(left, right)
            clear = unlike.pixels[here].view("<u4")[..., 0] == ground
            shown[here] = np.where(clear, CLEAR, places(drawing.pixels[here]))
        yield shown.copy(), milliseconds


def differing(one: Bytes, other: Bytes) -> Rect:
    """The rectangle within which two pictures differ."""
    changed = one != other
    return tight(changed) if changed.any() else (0, 0, 1, 1)


def tight(changed: NDArray[np.bool_], left: int = 0, top: int = 0) -> Rect:
    """The smallest rectangle around what is True in an array that lies so far from the picture's corner."""
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1


def around(rects: list[Rect]) -> Rect:
    """Around all rectangles; one pixel where there is none, for a frame must have an image."""
    if not rects:
        return 0, 0, 1, 1
    lefts, tops, rights, bottoms = zip(*rects, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
