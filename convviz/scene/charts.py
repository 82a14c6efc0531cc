"""A small chart among the boards: two axes and a curve for each row of numbers, with its last number at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from convviz.layers.linear import Array
from convviz.scene.layout import TITLE
from convviz.scene.marks import Floats, Label, Point
from convviz.scene.strokes import Curve

ROOM = 0.6
"""Cells that a number at the end of a curve, or under an axis, needs."""


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
    left, top = at
    width, height = size
    foot = np.array([left, top + height])
    most = max(max(row) for row in rows.values())
    corner = np.array([[left, top], foot, [left + width, top + height]])
    curves = [Curve(f"{name}.axes", "rule", corner)]
    labels = [
        Label(f"{name}.title", "title", (left + width / 2, top - ROOM), title, "middle", TITLE),
        Label(f"{name}.below", "axis", (left + width / 2, top + height + ROOM), below, "middle", TITLE * 0.9),
    ]
    for role, row in rows.items():
        points = foot + _scaled(np.array(row, dtype=float), most, size)
        curves.append(Curve(f"{name}.{role}", role, points))
        labels.append(_end(f"{name}.{role}", points, ends[role]))
    return Chart(tuple(curves), tuple(_apart(labels)))


def _scaled(row: Array, most: float, size: Point) -> Floats:
    across = np.linspace(0, size[0], len(row)) if len(row) > 1 else np.zeros(1)
    return np.stack([across, -size[1] * row / (most or 1)], axis=1)


def _end(name: str, points: Floats, text: str) -> Label:
    x, y = points[-1].tolist()
    return Label(name, "axis", (x + 0.2, y), text, "start", TITLE)


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
