"""The lines of a picture in pixels: shapes tied to cells, curves with their dots, edges between boards."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from convviz.paint.looks import WHOLE, Dash, colour
from convviz.paint.pixels import Placement
from convviz.paint.raster import Sheet
from convviz.pens import Paint
from convviz.scene.marks import Floats
from convviz.scene.scene import Scene
from convviz.scene.strokes import DOT
from convviz.themes import Theme


class Line(NamedTuple):
    """A line in pixels. points: (n, 2), or (n, 2, 2) where it consists of parts that lie apart; dot: a round spot."""

    paint: Paint
    closed: bool
    points: Floats
    dot: bool = False
    pen: int = 1

    @property
    def room(self) -> float:
        """Half of what it is wide, in cells, and a little more."""
        return self.pen * ((DOT / 2 if self.dot else 0.0) + 0.1)


def dash_of(paint: Paint, scale: float) -> Dash:
    """The dashes of a paint in pixels."""
    return (0.0, [length * scale for length in paint.dash]) if paint.dash else WHOLE


def draw(sheet: Sheet, line: Line, scale: float, width: float) -> None:
    """Draw a line, so many pixels wide."""
    if line.points.ndim == 3 or line.dot:
        parts = np.concatenate([line.points, line.points + np.array([0.01, 0.0])])[None] if line.dot else line.points
        pen = (1, DOT * line.pen * scale, WHOLE) if line.dot else (0, width, dash_of(line.paint, scale))
        count = len(parts)
        colours = np.tile(np.array(colour(line.paint.line)), (count, 1))
        sheet.stroke(sheet.edges(parts), pen[0], colours, np.full(count, pen[1]), [pen[2]])
    else:
        sheet.line(line.points, line.closed, colour(line.paint.line), width * line.pen, dash_of(line.paint, scale))


def at_rest(scene: Scene, theme: Theme, place: Placement) -> list[Line]:
    """The lines that are the same at every step: edges as they are, and curves that do not grow."""
    found = []
    if scene.edges:
        ends = np.concatenate([edges.ends(scene.corners) for edges in scene.edges])
        found.append(Line(theme.paint("edge"), False, place.pixels(ends)))
    still = (curve for curve in scene.curves if curve.until is None)
    return [
        *found,
        *(Line(theme.paint(curve.role), False, place.pixels(curve.points), pen=curve.pen) for curve in still),
    ]


def at_step(scene: Scene, theme: Theme, place: Placement, t: int) -> list[Line]:
    """Those of one step: the edges that are followed, curves as far as they have come, and their dots."""
    found = []
    for edges, lit in zip(scene.edges, scene.lit_edges(t), strict=True):
        if len(lit):
            found.append(Line(theme.paint("path"), False, place.pixels(edges.ends(scene.corners)[lit])))
    for curve in scene.curves:
        if curve.until is not None and len(points := curve.shown(t)) > 1:
            found.append(Line(theme.paint(curve.role), False, place.pixels(points), pen=curve.pen))
        if (dot := curve.dot(t)) is not None:
            found.append(Line(theme.paint(curve.role), False, place.pixels(dot[None]), True, curve.pen))
    return found
