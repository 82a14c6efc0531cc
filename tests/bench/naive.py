"""The classic figures by the usual way: Matplotlib's FuncAnimation, saved by its PillowWriter.

The same polygons, colours, frames and resolution as `convviz classics`, one figure an animation, in the two ways that
are seen: `anew` clears the axes and draws everything at every frame; `recoloured` makes the patches once and gives them
their new colours, which takes somebody who knows Matplotlib.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.animation import FuncAnimation, PillowWriter
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Polygon

import convviz as cv
from convviz.classics import CLASSICS
from convviz.scene.roles import ROLES, STATES
from convviz.scene.scene import Scene
from convviz.themes import THEMES

CELL = 29.53
BORDER = 20.8
DPI = 150
THEME = THEMES["classic"]


Draw = Callable[[int], object]


def write(directory: Path, way: Callable[[Axes, Scene], Draw]) -> int:
    """Write the 15; returns their bytes."""
    return sum(
        animate(cv.scene(layer, "isometric", plain=True), directory / f"{name}.gif", way) for name, layer in CLASSICS
    )


def animate(scene: Scene, path: Path, way: Callable[[Axes, Scene], Draw]) -> int:
    """One animation, a frame a step; returns its bytes."""
    left, top, right, bottom = scene.bounds
    size = ((right - left) * CELL + 2 * BORDER) / DPI, ((bottom - top) * CELL + 2 * BORDER) / DPI
    canvas = Canvas(size, dpi=DPI, facecolor=THEME.background)
    FigureCanvasAgg(canvas)
    draw = way(canvas.add_axes((0, 0, 1, 1)), scene)
    moving = FuncAnimation(canvas, draw, frames=scene.steps, interval=1000)  # type: ignore[arg-type]
    moving.save(str(path), writer=PillowWriter(fps=1), dpi=DPI)
    return path.stat().st_size


def anew(axes: Axes, scene: Scene) -> Draw:
    """Everything at every frame."""

    def draw(step: int) -> None:
        frame = scene.at(step)
        axes.clear()
        _frame(axes, scene)
        for corners, role, state in zip(scene.corners, scene.roles, frame.states, strict=True):
            axes.add_patch(Polygon(corners, **_look(ROLES[role], STATES[state])))
        for shape, points in zip(scene.shapes, frame.points, strict=True):
            if points is not None:
                axes.add_patch(Polygon(points, closed=shape.closed, **_look(shape.role)))

    return draw


def recoloured(axes: Axes, scene: Scene) -> Draw:
    """The patches once, their colours and the lines' places at every frame."""
    _frame(axes, scene)
    cells = [Polygon(corners) for corners in scene.corners]
    lines = [Polygon(np.zeros((2, 2)), closed=s.closed, **_look(s.role)) for s in scene.shapes]
    for patch in (*cells, *lines):
        axes.add_patch(patch)

    def draw(step: int) -> None:
        frame = scene.at(step)
        for cell, role, state in zip(cells, scene.roles, frame.states, strict=True):
            cell.set(**_look(ROLES[role], STATES[state]))
        for line, points in zip(lines, frame.points, strict=True):
            line.set_visible(points is not None)
            if points is not None:
                line.set_xy(points)

    return draw


def _frame(axes: Axes, scene: Scene) -> None:
    left, top, right, bottom = scene.bounds
    border = BORDER / CELL
    axes.set(xlim=(left - border, right + border), ylim=(bottom + border, top - border))
    axes.axis("off")


def _look(role: str, state: str = "") -> dict[str, Any]:
    paint = THEME.paint(role, state)
    dash = (0, [d / paint.width for d in paint.dash]) if paint.dash else "-"
    width = paint.width * CELL * 72 / DPI
    return {"facecolor": paint.fill or "none", "edgecolor": paint.line, "linewidth": width, "linestyle": dash}
