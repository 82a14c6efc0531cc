"""Charts beside boards: a box with its axes, in which a curve's points lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, log10

import numpy as np

from convviz.layers.linear import Array
from convviz.scene.layout import TITLE, Layout, text_width
from convviz.scene.marks import Floats, Ints, Label, Point
from convviz.scene.roles import ROLES
from convviz.scene.strokes import Curve

SIZE = 0.32
"""The size of the numbers at an axis, in cells."""

ROOM = 0.6
"""Cells between an axis and a title beside it."""

FINE = 97
"""Points of a curve that is computed: a dot on it is off by half a hundredth of the axis at most."""


SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def norm_text(norm: float) -> str:
    """A number above 0, such as a norm, with two digits; a small one as a power of ten.

    >>> norm_text(0.0035), norm_text(8200.0), norm_text(1.42e-21), norm_text(0.0)
    ('0.0035', '8,200', '1.4·10⁻²¹', '0')
    """
    if not norm:
        return "0"
    norm = float(f"{norm:.1e}")  # two digits
    power = floor(log10(norm))
    if power < -3 or power > 6:
        return f"{norm / 10**power:.1f}·{power_text(power)}"
    return f"{norm:,.0f}" if power >= 1 else f"{norm:.{1 - power}f}"


def power_text(power: int) -> str:
    """A power of ten as it is written at an axis.

    >>> power_text(-4), power_text(0)
    ('10⁻⁴', '1')
    """
    return "10" + str(power).translate(SUPERSCRIPTS) if power else "1"


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

    def left(self, name: str, y: float, text: str, raised: float = 0.0) -> Label:
        """A number left of the box, at y; raised: by how many cells, to be clear of a number below the box."""
        x, level = self.at(np.array(self.x[0]), np.array(y)).tolist()
        at = (x - 0.2 * self.zoom, level - raised * self.zoom)
        return Label(name, "axis", at, text, "end", SIZE * self.zoom)


def nearest(points: Array, values: Array) -> Ints:
    """For each value the place of the nearest of the points, which rise.

    >>> nearest(np.array([0.0, 1.0, 2.0]), np.array([-5.0, 0.6])).tolist()
    [0, 1]
    """
    return np.abs(points[None] - np.ravel(values)[:, None]).argmin(axis=1)


@dataclass(frozen=True, eq=False)
class Chart:
    """What a chart is made of."""

    curves: tuple[Curve, ...]
    labels: tuple[Label, ...]


def chart(
    name: str,
    at: Point,
    size: Point,
    rows: Mapping[str, Sequence[float]],
    ends: Mapping[str, str],
    title: str,
    below: str,
) -> Chart:
    """A chart of rows of numbers by the role of their curve, over 0, 1, 2, ...

    at: its upper left corner; size: (width, height) of the space between the axes; ends: what stands at the end of each
    curve; title, below: over it, and under its horizontal axis. Its vertical axis begins at 0.

    >>> found = chart("field", (0.0, 0.0), (4.0, 2.0), {"hue1": [1, 3, 7]}, {"hue1": "7"}, "cells", "layers")
    >>> [curve.role for curve in found.curves], [label.text for label in found.labels]
    (['rule', 'hue1'], ['cells', 'layers', '7'])
    """
    (left, top), (width, height) = at, size
    last, most = max(map(len, rows.values())) - 1, max(max(row) for row in rows.values())
    box = Box(at, width, height, (0, max(last, 1)), (0, most or 1))
    axes = box.at(np.array([0, 0, last]), np.array([most, 0, 0]))
    middle, below_it = left + width / 2, top + height + ROOM
    labels = [
        Label(f"{name}.title", "title", (middle, top - ROOM), title, "middle", TITLE),
        Label(f"{name}.below", "axis", (middle, below_it), below, "middle", TITLE * 0.9),
    ]
    curves = [Curve(f"{name}.axes", "rule", axes)]
    for role, row in rows.items():
        points = box.at(np.arange(len(row)), np.array(row))
        curves.append(Curve(f"{name}.{role}", role, points))
        x, y = points[-1].tolist()
        labels.append(Label(f"{name}.{role}", "axis", (x + 0.2, y), ends[role], "start", TITLE))
    return Chart(tuple(curves), tuple(_apart(labels)))


def _apart(labels: list[Label]) -> list[Label]:
    """Labels, of which none at the end of a curve lies on the one before: it goes below, or is left out if the same."""
    kept: list[Label] = []
    for label in labels:
        others = [one for one in kept if one.align == "start" and abs(one.at[1] - label.at[1]) < TITLE * 1.1]
        if label.align == "start" and others:
            if others[0].text == label.text:
                continue
            label = Label(
                label.name, label.role, (label.at[0], others[0].at[1] + TITLE * 1.1), label.text, "start", TITLE
            )
        kept.append(label)
    return kept


NAMED = 0.4
"""The size of the names beside a table, in cells."""


def key_table(
    layout: Layout,
    at: tuple[float, float],
    width: float,
    names: Sequence[str],
    heads: Sequence[str],
    larger: float,
    text_size: float,
) -> tuple[int, list[Curve]]:
    """Put a table of outputs beside charts: a row for each of their lines, with its name and a piece of it.

    at: its left edge and the top of its cells; width: of a cell, which is 1 high; larger: how much larger than usual
    its letters and cells are; text_size: of its numbers. Returns its first cell, and the pieces of the lines.
    """
    (left, top), letters, width = at, NAMED * larger, width * larger
    start = left + 1.1
    edge, keys = start + max(text_width(name, letters) for name in names) + 1.9, []
    for n, name in enumerate(names):
        y = top + n + 0.5
        layout.label(Label(f"row:{n}", "title", (start, y), name, "start", letters))
        keys.append(Curve(f"key.{n}", f"hue{n + 1}", np.array([[left, y], [left + 0.85, y]])))
    size = min(0.34 * larger, *(width / text_width(head, 1.05) for head in heads))
    for n, head in enumerate(heads):
        layout.label(Label(f"head:{n}", "axis", (edge + (n + 0.5) * width, top - 0.32), head, "middle", size))
    cells = len(names) * len(heads)
    grid = layout.grid(
        "output",
        (edge, top),
        (len(names), len(heads)),
        np.full(cells, ROLES.index("output")),
        [""] * cells,
        lattice=((width, 0.0), (0.0, 1.0)),
        text_size=text_size,
    )
    return grid.first, keys
