"""The paints of a scene's cells as numbers: what is drawn, looked up for thousands of cells at once."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

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


class Looks:
    """The paints of a scene's cells as Agg takes them: arrays over the numbers that `number` gives.

    width: in pixels; sharp: in whole pixels, odd or even as all of them are; kind: 0 dashed, 1 dotted, 2 whole;
    strength: ranks of kind, then contrast with the background.
    """

    def __init__(self, scene: Scene, theme: Theme, scale: float, odd: bool) -> None:
        count = len(ROLES) * len(STATES) * LEVELS
        self.fill, self.line, self.text = (np.zeros((count, 4)) for _ in range(3))
        self.width, self.sharp, self.contrast = (np.zeros(count) for _ in range(3))
        self.kind = np.full(count, 2)
        self.dash: list[Dash] = [WHOLE] * count
        for role, state, level in product(np.unique(scene.roles).tolist(), range(len(STATES)), range(LEVELS)):
            if level == 0 or ROLES[role] == "heat":
                here = int(self.number(role, state, level))
                self._set(here, theme.paint(ROLES[role], STATES[state], level), scale, odd, theme.background)
        self.strength = np.unique(np.round(self.kind * 100 + self.contrast, 3), return_inverse=True)[1]

    @staticmethod
    def number(role: Any, state: Any, level: Any) -> Any:
        """The place of a role, a state and a level in the arrays."""
        return (role * len(STATES) + state) * LEVELS + level

    def _set(self, here: int, paint: Paint, scale: float, odd: bool, background: str) -> None:
        self.fill[here] = colour(paint.fill)
        self.line[here] = colour(paint.line)
        self.text[here] = colour(paint.text)
        self.width[here] = paint.width * scale
        self.sharp[here] = whole_pixels(paint.width * scale, odd)
        if paint.line:
            self.contrast[here] = contrast(paint.line, background)
        if paint.dash:
            self.kind[here] = paint.dash[0] < 0.05
            self.dash[here] = (0.0, [length * scale for length in paint.dash])


def whole_pixels(width: float, odd: bool) -> float:
    """The nearest width of an odd or an even number of pixels."""
    return float(max(2 * round((width - odd) / 2) + odd, 2 - odd))
