"""The window that is dropped, over the canvas's edge: after the last one where a size is rounded down; where it is
rounded up, one that would start in the padding after the input."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convviz.layers import Layer
from convviz.scene.filled import Block
from convviz.scene.marks import Anchor, Point, Shape
from convviz.scene.parts import window_corners
from convviz.scene.scene import Scene
from convviz.scene.timeline import Track
from convviz.trace import Trace


def room_for_dropped(layer: Layer) -> Point:
    """The cells right of a canvas and below it that such a window may take.

    They depend on the stride and the kernel alone, so that the picture keeps its size while the input grows; of a layer
    that rounds up there are such only along an axis that has such a window.

    >>> import convviz as cv
    >>> room_for_dropped(cv.Conv(6, 3, stride=2)), room_for_dropped(cv.Conv(7, 3, stride=(2, 1)))
    ((1.0, 1.0), (0.0, 1.0))
    """
    if not layer.rounds_down and not any(layer.overhang):
        return 0.0, 0.0
    spans = (int(np.ptp(axis.positions[0])) + 1 for axis in layer.taps.axes)
    axes = zip(layer.stride, spans, layer.overhang, strict=True)
    rooms = [float(min(s - 1, span)) if layer.rounds_down or over else 0.0 for s, span, over in axes]
    return rooms[-1], rooms[-2] if len(rooms) > 1 else 0.0


def with_dropped(scene: Scene, trace: Trace, canvas: Block) -> Scene:
    """A scene with the outlines of the windows that do not fit, one for each axis, under its other shapes.

    Each is seen while the last window of its axis is, a stride further. Of a volume, the front slice is outlined.
    """
    layer = trace.layer
    places = np.unravel_index(np.arange(len(trace)), layer.output_size)
    window = canvas.marks(0, layer.taps.flat_positions)[:, list(window_corners(trace))]
    tracks, shapes = [], []
    for axis, along in ((-1, (1, 0)), (-2, (0, 1)))[: len(layer.output_size)]:
        if layer.overhang[axis]:
            name, by = f"dropped{axis}", (float(along[0] * layer.stride[axis]), float(along[1] * layer.stride[axis]))
            last = places[axis] == layer.output_size[axis] - 1
            tracks.append(Track(name, np.where(last[:, None], window, -1)))
            shapes.append(Shape(name, "dropped", tuple(Anchor(name, n, n, by) for n in range(4)), closed=True))
    return replace(scene, tracks=(*scene.tracks, *tracks), shapes=(*shapes, *scene.shapes))
