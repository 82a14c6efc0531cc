"""Charts beside boards: a box with its axes, in which a curve's points lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convviz.layers.linear import Array
from convviz.scene.marks import Floats, Ints, Label, Point
from convviz.scene.strokes import Curve

SIZE = 0.32
"""The size of the numbers at an axis, in cells."""

FINE = 97
"""Points of a curve that is computed: a dot on it is off by half a hundredth of the axis at most."""


@dataclass(frozen=True)
class Box:
    """A chart's box. corner: upper left, in cells; across, down: its sides; x, y: (least, most) of what they show;
    zoom: how much larger than usual its numbers are."""

    corner: Point
    across: float
    down: float
    x: tuple[float, float]
    y: tuple[float, float]
    zoom: float = 1.0

    def at(self, x: Array, y: Array) -> Floats:
        """(n, 2): where points lie; those beyond the box lie on its edge."""
        shares = [
            (np.clip(values, *ends) - ends[0]) / (ends[1] - ends[0])
            for values, ends in ((np.asarray(x, float), self.x), (np.asarray(y, float), self.y))
        ]
        return np.stack(
            [self.corner[0] + self.across * shares[0], self.corner[1] + self.down * (1 - shares[1])], axis=-1
        )

    def rule(self, name: str, ends: tuple[tuple[float, float], tuple[float, float]]) -> Curve:
        """A straight line of the chart's frame between two points, (x, y) each."""
        (x0, y0), (x1, y1) = ends
        return Curve(name, "rule", self.at(np.array([x0, x1]), np.array([y0, y1])))

    def below(self, name: str, x: float, text: str) -> Label:
        """A number below the box, at x."""
        at = self.at(np.array(x), np.array(self.y[0]))
        return Label(name, "axis", (float(at[0]), float(at[1]) + 0.3 * self.zoom), text, "middle", SIZE * self.zoom)

    def left(self, name: str, y: float, text: str) -> Label:
        """A number left of the box, at y."""
        at = self.at(np.array(self.x[0]), np.array(y))
        return Label(name, "axis", (float(at[0]) - 0.2 * self.zoom, float(at[1])), text, "end", SIZE * self.zoom)


def nearest(points: Array, values: Array) -> Ints:
    """For each value the place of the nearest of the points, which rise.

    >>> nearest(np.array([0.0, 1.0, 2.0]), np.array([-5.0, 0.6])).tolist()
    [0, 1]
    """
    return np.abs(points[None] - np.ravel(values)[:, None]).argmin(axis=1)
