"""The winner: where an output takes over one value of its window, as in max pooling, a ring around that value."""

from __future__ import annotations

from dataclasses import replace
from math import cos, pi, sin

import numpy as np

from convviz.scene.filled import Block
from convviz.scene.marks import Anchor, Ints, Shape
from convviz.scene.scene import Scene
from convviz.scene.timeline import Track
from convviz.trace import Trace

RADIUS, CORNERS = 0.42, 20
"""Of a ring, in cells, and how many corners it is drawn with."""

_ANGLES = [2 * pi * n / CORNERS for n in range(CORNERS)]
RING = tuple((round(0.5 + RADIUS * cos(a), 3), round(0.5 + RADIUS * sin(a), 3)) for a in _ANGLES)
"""Its corners, as (along, down) from the first corner of its cell."""


def with_winners(scene: Scene, trace: Trace, canvas: Block) -> Scene:
    """A scene in which each step rings the value that its output takes over, in every channel; of equal ones the first.

    Where values are mixed, as in a mean, nothing is ringed. The ring comes with the output.
    """
    marks = winning(trace, canvas)
    if marks is None:
        return scene
    rings = tuple(ring("winner", c) for c in range(marks.shape[1]))
    return replace(scene, tracks=(*scene.tracks, Track("winner", marks)), shapes=(*scene.shapes, *rings))


def winning(trace: Trace, canvas: Block) -> Ints | None:
    """(steps, channels): the cell of the canvas whose value each step takes over; None where values are mixed."""
    won = trace.layer.winners(trace.windows)
    if won is None:
        return None
    taps = won.argmax(axis=-1)
    positions = np.take_along_axis(trace.layer.taps.flat_positions, taps.T, axis=1)
    return np.stack([canvas.marks(c, column) for c, column in enumerate(positions.T)], axis=1)


def ring(track: str, column: int, name: str = "winner") -> Shape:
    """The ring around the cell that a column of a track names."""
    anchors = tuple(Anchor(track, column, 0, by) for by in RING)
    return Shape(f"{name}:{column}", "winner", anchors, closed=True, late=True)
