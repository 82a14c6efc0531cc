"""The marks inside cells that are drawn as strokes: the minus of a negative value, the tick of a difference."""

from __future__ import annotations

import numpy as np

from convviz.paint.looks import WHOLE, colour
from convviz.paint.raster import Sheet
from convviz.pens import TICKS
from convviz.scene.marks import Floats, Ints
from convviz.scene.roles import TONE_OF
from convviz.scene.tones import MINUS_WIDTH, minus_ends, tick_ends
from convviz.themes import Theme


def draw_minuses(sheet: Sheet, corners: Floats, upright: Ints, looks: Ints, theme: Theme, scale: float) -> None:
    """The strokes that mark negative values, in cells with these corners in pixels; on whole pixels where the cells are
    upright."""
    if len(corners):
        ends = minus_ends(corners)
        width = max(round(MINUS_WIDTH * scale), 1)
        level = np.floor(ends[..., 1]) + width % 2 / 2
        ends[..., 1] = np.where(upright[:, None], level, ends[..., 1])
        colours = np.array([colour(theme.strokes[n - 1]) for n in TONE_OF[looks].tolist()])
        sheet.stroke(sheet.edges(ends), 0, colours, np.full(len(corners), float(width)), [WHOLE])


def draw_ticks(sheet: Sheet, corners: Floats, theme: Theme, scale: float) -> None:
    """The ticks of cells that differ, each over a wider line in the ground's colour."""
    if len(corners):
        ends = sheet.edges(tick_ends(corners))
        for width, line in zip(reversed(TICKS), (theme.background, theme.foreground), strict=True):
            widths = np.full(len(corners), max(width * scale, 1.0))
            sheet.stroke(ends, 0, np.tile(np.array(colour(line)), (len(corners), 1)), widths, [WHOLE])
