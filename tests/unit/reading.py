"""Pictures read back: which entry of an array stands in a cell, and which colour a cell has in pixels and in SVG."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from convviz.errors import LayerError
from convviz.paint.pixels import Placement, placement
from convviz.scene.scene import Scene
from convviz.themes import THEMES

LOW = 0.4
"""The height of a cell, in cells, below which it bears no number, and is looked at in its middle."""

ASIDE = (0.5, 0.14)
"""A place in a cell where neither its text nor its outline is, as shares of its width and height."""


def fitting(scene: Scene, usual: float) -> float:
    """The usual pixels a cell, or, of a picture that is too large for them, the most with which it can be saved."""
    try:
        placement(scene, THEMES["light"], usual)
    except LayerError as error:
        return float(error.fix["scale"])
    return usual


def places(scene: Scene, array: str) -> dict[int, int]:
    """Which entry of an array stands in a cell: what typing into the cell would change."""
    found = {}
    for grid in scene.grids:
        e = grid.editable
        if e is None or e.array != array:
            continue
        (top, down, rows), (left, across, columns) = e.rows, e.columns
        for row in range(rows):
            for column in range(columns):
                mark = grid.first + (top + row * down) * grid.columns + left + column * across
                found[mark] = e.first + row * columns + column
    return found


def fills(scene: Scene, pixels: NDArray, place: Placement) -> list[str]:
    """The colour of every cell of a picture without shapes, as #rrggbb."""
    first, across, down = (scene.corners[:, n] for n in (0, 1, 3))
    low = np.abs(down - first).max(axis=1, keepdims=True) < LOW
    spots = place.pixels(first + ASIDE[0] * (across - first) + np.where(low, 0.5, ASIDE[1]) * (down - first)).astype(
        int
    )
    return [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in pixels[spots[:, 1], spots[:, 0], :3].tolist()]


class Stylesheet:
    """A stylesheet of tags and classes, as a browser reads it."""

    def __init__(self, css: str) -> None:
        self._rules = [
            (tag, set(classes.split(".")) - {""}, dict(part.split(":", 1) for part in body.split(";")))
            for tag, classes, body in re.findall(r"([a-z]*)((?:\.[\w-]+)*)\{([^}]*)\}", css)
        ]

    def of(self, tag: str, classes: str) -> dict[str, str]:
        """What an element comes to look like: of two rules, the one with more classes, then the later one."""
        own = [
            (len(names), n)
            for n, (t, names, _) in enumerate(self._rules)
            if t in ("", tag) and names <= set(classes.split())
        ]
        found: dict[str, str] = {}
        for _, n in sorted(own):
            found |= self._rules[n][2]
        return found
