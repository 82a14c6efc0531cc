"""Images in the raster painter: their pixels brought to those of the picture, and laid under the cells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from convviz.paint.pixels import Placement, Rect, meets
from convviz.scene.marks import Image, Ints
from convviz.scene.scene import Scene


class Pasted:
    """The images of a scene in a picture's pixels, in the order in which they lie over one another."""

    def __init__(self, scene: Scene, place: Placement) -> None:
        self._all = [_Pasted(image, scene.image_box(image), place) for image in scene.images]

    def changed(self, before: int, now: int) -> list[Rect]:
        """What of the picture changes with them from one step to another."""
        return [rect for image in self._all if (rect := image.changed(before, now))]

    def paste(self, under: NDArray[np.uint32], rect: Rect, t: int) -> None:
        """Lay what is seen of them at a step into the pixels of a rectangle."""
        for image in self._all:
            image.paste(under, rect, t)


class _Pasted:
    """An image; box: its left, top, width and height in cells.

    Where its pixels are smaller than the picture's, each of these is the mean of those that it covers; else it is the
    nearest one.
    """

    def __init__(self, image: Image, box: tuple[float, float, float, float], place: Placement) -> None:
        left, top, width, height = box
        corners = place.pixels(np.array([[left, top], [left + width, top + height]]))
        (x0, y0), (x1, y1) = np.rint(corners).astype(int).tolist()
        self.rect: Rect = (x0, y0, max(x1, x0 + 1), max(y1, y0 + 1))
        self._image = image
        seen = np.full((self.rect[3] - y0, self.rect[2] - x0, 4), 255, dtype=np.uint8)
        seen[..., :3] = _brought(image.pixels, seen.shape[:2])
        self._pixels: NDArray[np.uint32] = seen.view("<u4")[..., 0]

    def _from(self, t: int) -> int:
        """The column of the picture from which on it is seen at a step."""
        left, _, right, _ = self.rect
        return left + round(self._image.first(t) * (right - left) / self._image.size[1])

    def changed(self, before: int, now: int) -> Rect | None:
        first, last = sorted((self._from(before), self._from(now)))
        return (first, self.rect[1], last, self.rect[3]) if first < last else None

    def paste(self, under: NDArray[np.uint32], rect: Rect, t: int) -> None:
        seen = (self._from(t), *self.rect[1:])
        if seen[0] >= seen[2] or not meets(seen, rect):
            return
        left, top = max(seen[0], rect[0]), max(seen[1], rect[1])
        right, bottom = min(seen[2], rect[2]), min(seen[3], rect[3])
        x, y = self.rect[:2]
        own = self._pixels[top - y : bottom - y, left - x : right - x]
        under[top - rect[1] : bottom - rect[1], left - rect[0] : right - rect[0]] = own


def _brought(pixels: NDArray[np.uint8], size: tuple[int, ...]) -> NDArray[np.uint8]:
    """(rows, columns, channels) brought to another size."""
    found: NDArray[np.float64] = pixels.astype(np.float64)
    for axis, count in enumerate(size):
        have = pixels.shape[axis]
        if count >= have:
            found = found.take((np.arange(count) * 2 + 1) * have // (2 * count), axis=axis)
        else:
            starts: Ints = np.arange(count) * have // count
            counts = np.diff(np.append(starts, have))
            found = np.add.reduceat(found, starts, axis=axis) / np.expand_dims(counts, (1 - axis, 2))
    return np.rint(found).astype(np.uint8)
