"""Boards one by one, each with its own words, for a narrow page on which none has to stay beside another."""

from __future__ import annotations

from collections.abc import Sequence

from convviz.scene.legends import around
from convviz.scene.marks import Box, Grid, Label
from convviz.scene.scene import Scene


def family(grid: Grid) -> str:
    """What the boards of one array have in common: conv1.1 and conv1.2 are two of its maps."""
    return grid.name.partition(".")[0]


def singly(scene: Scene, leaves: Sequence[str] = ()) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The boards of each name, in their order, with the labels that are about them: (numbers of grids, of labels).

    A label is about the board that it stands over or, with none below it, under. leaves: names of labels that are left
    out, such as "each" for "each:4".
    """
    names = dict.fromkeys(family(grid) for grid in scene.grids)
    grids = [tuple(n for n, grid in enumerate(scene.grids) if family(grid) == name) for name in names]
    boxes = [around(scene.grids[n].ample for n in own) for own in grids]
    labels = [_about(label, boxes) for label in scene.labels]
    kept = [label.name.partition(":")[0] not in leaves for label in scene.labels]
    return [(own, tuple(n for n, at in enumerate(labels) if at == m and kept[n])) for m, own in enumerate(grids)]


def _about(label: Label, boxes: Sequence[Box]) -> int:
    x, y = label.at

    def far(n: int) -> tuple[float, bool, float]:
        left, top, right, bottom = boxes[n]
        return max(left - x, x - right, 0.0), top < y, abs(top - y) if top >= y else y - bottom

    return min(range(len(boxes)), key=far)
