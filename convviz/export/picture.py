"""A picture as a file has it: of the width that is asked for, with the sum line under it, on its ground or on none."""

from __future__ import annotations

import numpy as np

from convviz.export.formats import Options
from convviz.export.sum_line import SumLine
from convviz.paint.drawing import Drawing, Pixels
from convviz.paint.looks import colour
from convviz.paint.pixels import Rect
from convviz.paint.raster import Sheet, text_width
from convviz.scene.moments import Moment
from convviz.scene.scene import Scene
from convviz.themes import Theme

BLACK, WHITE = "#000000", "#ffffff"


class Picture:
    """A scene in pixels, as `Drawing`, with what the options of a file add to it. ground: another than the theme's."""

    def __init__(self, scene: Scene, theme: Theme, options: Options, ground: str = "") -> None:
        self._drawing = Drawing(scene, theme, options.scale, options.width, ground)
        self._colour = colour(theme.paint("title").text)
        self.place, self.width, self.height = self._drawing.place, self._drawing.width, self._drawing.height
        self._sums = SumLine.under(scene) if options.sums else None
        self._pixels = self._drawing.pixels
        if self._sums:
            top, self.height = self.height, self.height + round(self._sums.height * self.place.scale)
            self._sheet = Sheet(self.width, self.height - top, ground or theme.background)
            self._pixels = np.empty((self.height, self.width, 4), dtype=np.uint8)
            self._written: list[tuple[str, float]] | None = None

    @property
    def pixels(self) -> Pixels:
        """(height, width, 4), as of `Drawing`."""
        return self._pixels

    def show(self, t: int, moment: Moment | None = None) -> list[Rect]:
        """Turn `pixels` into step t, or a moment of it; returns rectangles outside of which nothing changed."""
        rects = self._drawing.show(t, moment)
        if self._sums is None:
            return rects
        for left, top, right, bottom in rects:
            self._pixels[top:bottom, left:right] = self._drawing.pixels[top:bottom, left:right]
        lines = self._sums.at(t)
        if lines == self._written:
            return rects
        self._written = lines
        return [*rects, self._write(lines)]

    def _write(self, lines: list[tuple[str, float]]) -> Rect:
        """Write the lines of a sum, each in the middle."""
        assert self._sums
        size, top = self._sums.size * self.place.scale, self._drawing.height
        self._sheet.pixels[:] = self._sheet.background
        wide = np.array([text_width(text) for text, _ in lines]) * size
        places = np.stack([(self.width - wide) / 2, [y * self.place.scale for _, y in lines]], axis=1)
        texts = [text for text, _ in lines]
        self._sheet.write(texts, np.full(len(lines), size), places, [self._colour] * len(lines))
        self._pixels[top:] = self._sheet.pixels.view(np.uint8).reshape(-1, self.width, 4)
        return 0, top, self.width, self.height


def still(scene: Scene, theme: Theme, options: Options) -> Pixels:
    """(height, width, 3): one step; 4 where the ground is transparent, the last of them how much is seen of it."""
    step = options.still(scene)
    if not options.clear:
        picture = Picture(scene, theme, options)
        picture.show(step)
        return picture.pixels[:, :, :3].copy()
    dark, light = (Picture(scene, theme, options, ground) for ground in (BLACK, WHITE))
    for one in (dark, light):
        one.show(step)
    on_dark, on_light = (one.pixels[:, :, :3].astype(np.int64) for one in (dark, light))
    seen = 255 - np.clip((on_light - on_dark).max(axis=2), 0, 255)
    whole = np.clip((on_dark * 255 + seen[..., None] // 2) // np.maximum(seen, 1)[..., None], 0, 255)
    return np.concatenate([whole, seen[..., None]], axis=2).astype(np.uint8)
