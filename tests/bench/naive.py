"""The classic figures as one would first write them: Matplotlib's FuncAnimation, saved by its PillowWriter.

The same polygons, colours, frames and resolution as `convviz classics`; patches are made once and recoloured at every
frame, which is what Matplotlib's manual teaches.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Polygon

import convviz as cv
from convviz.classics import CLASSICS
from convviz.scene.marks import ROLES, STATES
from convviz.scene.scene import Scene
from convviz.themes import THEMES

CELL = 29.53
BORDER = 20.8
DPI = 150
POINT = 72 / DPI
"""Points a pixel."""


def write(directory: Path) -> int:
    """Write the 15; returns their bytes."""
    return sum(animate(cv.scene(layer, "isometric", plain=True), directory / f"{name}.gif") for name, layer in CLASSICS)


def animate(scene: Scene, path: Path) -> int:
    """One animation, a frame a step; returns its bytes."""
    theme, (left, top, right, bottom) = THEMES["classic"], scene.bounds
    border = BORDER / CELL
    size = ((right - left + 2 * border) * CELL / DPI, (bottom - top + 2 * border) * CELL / DPI)
    canvas = Canvas(size, dpi=DPI, facecolor=theme.background)
    FigureCanvasAgg(canvas)
    axes = canvas.add_axes((0, 0, 1, 1))
    axes.set(xlim=(left - border, right + border), ylim=(bottom + border, top - border))
    axes.axis("off")
    cells = [axes.add_patch(Polygon(corners)) for corners in scene.corners]
    lines = [axes.add_patch(Polygon(np.zeros((2, 2)), closed=s.closed, fill=False)) for s in scene.shapes]
    for line, shape in zip(lines, scene.shapes, strict=True):
        paint = theme.paint(shape.role)
        line.set(edgecolor=paint.line, linewidth=paint.width * CELL * POINT)

    def draw(step: int) -> list[Any]:
        frame = scene.at(step)
        for cell, role, state in zip(cells, scene.roles, frame.states, strict=True):
            paint = theme.paint(ROLES[role], STATES[state])
            dash = (0, [d / max(paint.width, 1e-6) for d in paint.dash]) if paint.dash else "-"
            face, width = paint.fill or "none", paint.width * CELL * POINT
            cell.set(facecolor=face, edgecolor=paint.line, linewidth=width, linestyle=dash)
        for line, points in zip(lines, frame.points, strict=True):
            line.set_visible(points is not None)
            if points is not None:
                line.set_xy(points)
        return [*cells, *lines]

    moving = FuncAnimation(canvas, draw, frames=scene.steps, interval=1000)  # type: ignore[arg-type]
    moving.save(str(path), writer=PillowWriter(fps=1), dpi=DPI)
    return path.stat().st_size
