"""The raster painter's pen: edges, lines and letters into pixels, by Matplotlib's Agg renderer.

What it draws is decided in `convviz.paint.drawing`. Nothing of `pyplot` and no Figure is used: any number of sheets may
be drawn on at once, each by one thread.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path as Outline
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from convviz.asset import asset
from convviz.paint.looks import WHOLE, Colour, Dash, packed
from convviz.scene.marks import Floats

CAP_HEIGHT = 0.733
"""Of the font, in ems: digits stand in the middle of their cell by half of it."""

_STAY = IdentityTransform()
_NO_COLOURS = np.zeros((0, 4))
_NO_WIDTHS = np.zeros(1)
_SMOOTH = np.ones(1, dtype=np.uint8)
_EDGE = Outline(np.array([[0.0, 0.0], [1.0, 0.0]]))
_new_renderer: Any = RendererAgg
_fonts_in_use = Lock()


@lru_cache(maxsize=1)
def _fonts() -> tuple[FT2Font, ...]:
    """Ours, and DejaVu Sans for what it lacks."""
    fallback = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    own = asset("fonts/ConvvizSans.otf")
    return tuple(FT2Font(str(path)) for path in (own, fallback) if path.exists())


@lru_cache(maxsize=4096)
def _glyph(letter: str) -> tuple[Floats, NDArray[np.uint8], float]:
    """A letter's outline, its codes and its advance, in ems."""
    with _fonts_in_use:
        fonts = _fonts()
        font = next((f for f in fonts if f.get_char_index(ord(letter))), fonts[-1])
        glyph = font.load_char(ord(letter), flags=LoadFlags.NO_SCALE)
        points, codes = font.get_path()
        return points * 64 / font.units_per_EM, codes.astype(np.uint8), glyph.horiAdvance / font.units_per_EM


def drawable(letter: str) -> bool:
    """Whether one of the fonts has the letter.

    >>> drawable("7"), drawable("\u0e01")
    (True, False)
    """
    with _fonts_in_use:
        return any(font.get_char_index(ord(letter)) for font in _fonts())


@lru_cache(maxsize=16384)
def _line(text: str) -> tuple[Outline, float]:
    """A line of text from its start on the baseline, y up, and its width, in ems."""
    points, codes, at = [np.zeros((0, 2))], [np.zeros(0, dtype=np.uint8)], 0.0
    for letter in text:
        outline, kinds, advance = _glyph(letter)
        points.append(outline + np.array([at, 0.0]))
        codes.append(kinds)
        at += advance
    return Outline(np.concatenate(points), np.concatenate(codes)), at


def text_width(text: str) -> float:
    """How wide a line of text is, in ems."""
    return _line(text)[1]


def _pen(cap: str, width: float = 1.0, join: str = "miter") -> Any:
    pen: Any = GraphicsContextBase()
    pen.set_capstyle(cap)
    pen.set_joinstyle(join)
    pen.set_linewidth(width)
    pen.set_snap(False)
    return pen


_EDGE_PENS = tuple(_pen(cap) for cap in ("butt", "round", "projecting"))
"""For edges that are dashed, dotted and whole; never changed, and so shared by all threads."""

_TEXT_PEN = _pen("butt", 0.0)


class Sheet:
    """Pixels to draw on: `pixels` (height, width) holds one number each, in the order of their bytes r, g, b, a."""

    def __init__(self, width: int, height: int, background: str) -> None:
        self.height = height
        self.background = packed(background)
        self._renderer: Any = _new_renderer(width, height, 72)
        self.pixels: NDArray[np.uint32] = np.asarray(self._renderer.buffer_rgba()).view("<u4")[..., 0]
        self.pixels[:] = self.background

    def edges(self, points: Floats) -> Floats:
        """(n, 2, 2) ends in pixels, y down, as `stroke` takes them: what makes each of them of one and the same."""
        begin, end = self._up(points).transpose(1, 0, 2)
        turns = np.zeros((len(points), 3, 3))
        turns[:, :2, 0], turns[:, :2, 2], turns[:, 2, 2] = end - begin, begin, 1
        return turns

    def _up(self, points: Floats) -> Floats:
        return np.stack([points[..., 0], self.height - points[..., 1]], axis=-1)

    def stroke(self, edges: Floats, kind: int, colours: Floats, widths: Floats, dashes: list[Dash]) -> None:
        """Draw edges of a kind: 0 dashed, 1 dotted, 2 whole."""
        self._draw(_EDGE_PENS[kind], [_EDGE], edges, _NO_COLOURS, colours, widths, dashes)

    def _draw(
        self,
        pen: object,
        outlines: list[Outline],
        turns: Floats,
        fills: object,
        lines: object,
        widths: object,
        dashes: list[Dash],
    ) -> None:
        still = np.zeros((len(turns), 2))
        self._renderer.draw_path_collection(
            pen, _STAY, outlines, turns, still, _STAY, fills, lines, widths, dashes, _SMOOTH, [None], ""
        )

    def line(self, points: Floats, closed: bool, colour: Colour, width: float, dash: Dash = WHOLE) -> None:
        """A line through (n, 2) points in pixels, y down."""
        pen = _pen("butt", width, "round")
        pen.set_dashes(*dash)
        pen.set_foreground(colour, isRGBA=True)
        codes = [Outline.MOVETO, *[Outline.LINETO] * (len(points) - 1)]
        if closed:
            points, codes = np.concatenate([points, points[:1]]), [*codes, Outline.CLOSEPOLY]
        self._renderer.draw_path(pen, Outline(self._up(points), codes), _STAY)

    def write(self, texts: list[str], sizes: Floats, places: Floats, colours: list[Colour]) -> None:
        """Lines of text that start at (n, 2) places, with half the height of their digits there, to whole pixels."""
        turns = np.zeros((len(texts), 3, 3))
        turns[:, 0, 0] = turns[:, 1, 1] = sizes
        turns[:, 0, 2] = np.rint(places[:, 0])
        turns[:, 1, 2] = np.rint(self.height - places[:, 1] - CAP_HEIGHT * sizes / 2)
        turns[:, 2, 2] = 1
        self._draw(_TEXT_PEN, [_line(text)[0] for text in texts], turns, colours, _NO_COLOURS, _NO_WIDTHS, [WHOLE])
