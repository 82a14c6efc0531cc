"""The paints of a scene's cells as numbers, looked up for thousands of cells at once."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.scene.marks import LEVELS, ROLES, STATES
from convviz.scene.scene import Scene
from convviz.themes import Paint, Theme, contrast

Colour = tuple[float, float, float, float]
Dash = tuple[float, list[float] | None]
"""An offset, and the lengths of dashes and gaps in pixels; None for a whole line."""

CLEAR: Colour = (0.0, 0.0, 0.0, 0.0)
WHOLE: Dash = (0.0, None)


def colour(text: str) -> Colour:
    """`#rrggbb`, or "" for none, as red, green, blue and alpha from 0 to 1."""
    if not text:
        return CLEAR
    red, green, blue = (int(text[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return red, green, blue, 1.0


def packed(text: str) -> np.uint32:
    """`#rrggbb`, or "" for none, as one number whose bytes are red, green, blue and alpha."""
    return np.uint32(int.from_bytes(bytes.fromhex(text[1:] + "ff" if text else "00000000"), "little"))


class Looks:
    """The paints of a scene's cells: arrays over the numbers that `number` gives, and arrays over outlines.

    fill, text: of a look; outline: of a look, from the faintest to the strongest: dashed, dotted, whole ones, and among
    each of them by contrast with the background. line, width (in pixels), sharp (in whole pixels, odd or even as all of
    them are), dash, kind (0 dashed, 1 dotted, 2 whole): of an outline.
    """

    def __init__(self, scene: Scene, theme: Theme, scale: float, odd: bool) -> None:
        count = len(ROLES) * len(STATES) * LEVELS
        self.fill = np.full(count, packed(theme.background), dtype=np.uint32)
        self.text: list[Colour] = [CLEAR] * count
        self.outline = np.zeros(count, dtype=np.int64)
        paints: dict[int, Paint] = {}
        for role, state, level in product(np.unique(scene.roles).tolist(), range(len(STATES)), range(LEVELS)):
            if level == 0 or ROLES[role] == "heat":
                paints[int(self.number(role, state, level))] = theme.paint(ROLES[role], STATES[state], level)
        outlines = sorted({(p.line, p.width, p.dash) for p in paints.values()}, key=lambda o: _strength(o, theme))
        for number, paint in paints.items():
            self.fill[number] = packed(paint.fill or theme.background)
            self.text[number] = colour(paint.text)
            self.outline[number] = outlines.index((paint.line, paint.width, paint.dash))
        self.line = np.array([colour(line) for line, _, _ in outlines])
        self.width = np.array([width * scale for _, width, _ in outlines])
        self.sharp = np.array([whole_pixels(width * scale, odd) for _, width, _ in outlines])
        self.dash: list[Dash] = [(0.0, [d * scale for d in dash]) if dash else WHOLE for _, _, dash in outlines]
        self.kind = np.array([_kind(dash) for _, _, dash in outlines])

    @staticmethod
    def number(role: Any, state: Any, level: Any) -> Any:
        """The place of a role, a state and a level in the arrays over looks."""
        return (role * len(STATES) + state) * LEVELS + level


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
