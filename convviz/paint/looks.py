"""A theme's paints as numbers, looked up for thousands of cells at once."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from convviz.colour import contrast
from convviz.themes import Theme

Colour = tuple[float, float, float, float]
Dash = tuple[float, list[float] | None]
"""An offset, and the lengths of dashes and gaps in pixels; None for a whole line."""

NO_COLOUR: Colour = (0.0, 0.0, 0.0, 0.0)
WHOLE: Dash = (0.0, None)


def colour(text: str) -> Colour:
    """`#rrggbb`, or "" for none, as red, green, blue and alpha from 0 to 1."""
    if not text:
        return NO_COLOUR
    red, green, blue = (int(text[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return red, green, blue, 1.0


def packed(text: str) -> np.uint32:
    """`#rrggbb`, or "" for none, as one number whose bytes are red, green, blue and alpha."""
    return np.uint32(int.from_bytes(bytes.fromhex(text[1:] + "ff" if text else "00000000"), "little"))


class Looks:
    """A theme's paints: arrays over LOOKS, and arrays over outlines.

    fill, text: of a look; outline: of a look, from the faintest to the strongest: dashed, dotted, whole ones, and among
    each of them by contrast with the background. line, width (in pixels), sharp (in whole pixels, odd or even as all of
    them are), dash, kind (0 dashed, 1 dotted, 2 whole): of an outline.
    """

    def __init__(self, theme: Theme, scale: float, odd: bool) -> None:
        paints = list(theme.table.values())
        outlines = sorted({(p.line, p.width, p.dash) for p in paints}, key=lambda o: _strength(o, theme))
        places = {outline: place for place, outline in enumerate(outlines)}
        self.fill = np.array([packed(paint.fill or theme.background) for paint in paints], dtype=np.uint32)
        self.text = [colour(paint.text) for paint in paints]
        self.outline = np.array([places[paint.line, paint.width, paint.dash] for paint in paints])
        self.line = np.array([colour(line) for line, _, _ in outlines])
        self.width = np.array([width * scale for _, width, _ in outlines])
        self.sharp = np.array([whole_pixels(width * scale, odd) for _, width, _ in outlines])
        self.dash: list[Dash] = [(0.0, [d * scale for d in dash]) if dash else WHOLE for _, _, dash in outlines]
        self.kind = np.array([_kind(dash) for _, _, dash in outlines])


@lru_cache(maxsize=16)
def looks_of(theme: Theme, scale: float, odd: bool) -> Looks:
    """A theme's looks at a scale; never changed, and so shared by all pictures that are drawn."""
    return Looks(theme, scale, odd)


def _kind(dash: tuple[float, ...]) -> int:
    return 2 if not dash else 1 if dash[0] < 0.05 else 0


def _strength(outline: tuple[str, float, tuple[float, ...]], theme: Theme) -> tuple[int, float, str, float]:
    line, width, dash = outline
    return _kind(dash), contrast(line, theme.background) if line else 0.0, line, width


def lay_over(under: NDArray[np.uint32], over: NDArray[np.uint32]) -> None:
    """Mix pixels, packed, into those beneath them, by their alpha."""
    places = np.flatnonzero(over)
    if len(places):
        flat = under.reshape(-1)
        above = over.reshape(-1)[places].view(np.uint8).reshape(-1, 4).astype(np.int32)
        below = flat[places].view(np.uint8).reshape(-1, 4).astype(np.int32)
        alpha = above[:, 3:]
        mixed = (below * (255 - alpha) + above * alpha + 127) // 255
        mixed[:, 3] = 255
        flat[places] = mixed.astype(np.uint8).view(np.uint32)[:, 0]


def whole_pixels(width: float, odd: bool) -> float:
    """The nearest width of an odd or an even number of pixels."""
    return float(max(2 * round((width - odd) / 2) + odd, 2 - odd))
