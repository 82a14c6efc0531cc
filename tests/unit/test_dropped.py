"""The window that does not fit is drawn where the next window would stand, just where the size is rounded down."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import convviz as cv
from convviz.layers.notation import to_text
from convviz.scene.dropped import room_for_dropped
from convviz.scene.scene import Scene

LAYERS = (
    cv.Conv(6, 3, stride=2),
    cv.Conv(7, 3, stride=2),
    cv.Conv((6, 7), 3, stride=2, padding=((1, 0), (0, 2))),
    cv.Conv((9,), 2, stride=4),
    cv.Conv(8, 2, stride=3, dilation=2),
    cv.Conv((4, 4, 4), 3, stride=2),
    cv.Conv(6, 3, stride=2, in_channels=2),
    cv.Conv(6, 1, stride=4),
    cv.Conv(5, 3),
    cv.MaxPool(5, 2),
    cv.MaxPool(5, 2, ceil_mode=True),
    cv.MaxPool(5, 2, 3, 1, ceil_mode=True),
    cv.MaxPool((10,), 1, 2, ceil_mode=True),
    cv.AvgPool((4,), 3, 3, 1, ceil_mode=True),
    cv.MaxPool((6, 5), (1, 2), (2, 2), (0, 1), ceil_mode=True),
    cv.MaxPool((7,), 2, 4, ceil_mode=True),
    cv.AvgPool(7, 3, stride=2, padding=1),
    cv.ConvTranspose(3, 3, stride=2),
)


def hanging(layer: Any, axis: int) -> int:
    """By the formula alone, how far the window that is dropped hangs over the edge; 0 where none is.

    Rounded down, one is where the division has a rest; rounded up, where the last would begin behind the input.
    """
    if isinstance(layer, cv.ConvTranspose):
        return 0
    size, k, s, d = (getattr(layer, name)[axis] for name in ("input_size", "kernel_size", "stride", "dilation"))
    before, after = layer.pads[axis]
    room, reach = size + before + after - d * (k - 1) - 1, d * (k - 1) + 1
    if getattr(layer, "ceil_mode", False):
        start = -(-room // s) * s
        return start - room if start >= size + before and start <= size + before + after else 0
    over = (room // s + 1) * s + reach - (room + reach)
    return over if room % s and over <= reach else 0


def dropped(scene: Scene, t: int) -> dict[str, np.ndarray[Any, Any]]:
    found = zip(scene.shapes, scene.points_at(t), strict=True)
    return {shape.name: points for shape, points in found if shape.role == "dropped" and points is not None}


@pytest.mark.parametrize("view", ["flat", "coverage"])
@pytest.mark.parametrize("layer", LAYERS, ids=to_text)
def test_it_stands_a_stride_after_the_last_window_of_its_axis(layer: Any, view: str) -> None:
    if view == "coverage" and layer.x_shape[0] > 1:
        return
    scene, size = cv.scene(layer, view), layer.output_size
    frame = next(n for n, shape in enumerate(scene.shapes) if shape.role == "frame")
    canvas = scene.grids[0]
    for t in range(scene.steps):
        place, seen, window = np.unravel_index(t, size), dropped(scene, t), scene.points_at(t)[frame]
        for axis, along in ((-1, (1, 0)), (-2, (0, 1)))[: len(size)]:
            last = place[axis] == size[axis] - 1
            points = seen.pop(f"dropped{axis}", None)
            assert (points is not None) == bool(last and hanging(layer, axis)), (t, axis)
            if points is None or window is None:
                continue
            assert np.allclose(points, window + np.array(along) * layer.stride[axis])
            if len(size) < 3:
                edge = canvas.outline.max(axis=0) @ np.array(along)
                assert (points @ np.array(along)).max() - edge == pytest.approx(hanging(layer, axis))
        assert not seen


@pytest.mark.parametrize("layer", LAYERS, ids=to_text)
def test_it_lies_within_the_picture_and_on_no_other_board(layer: Any) -> None:
    scene = cv.scene(layer, "flat")
    left, top, right, bottom = scene.bounds
    for t in range(scene.steps):
        for points in dropped(scene, t).values():
            (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
            assert left - 1e-9 <= x0 < x1 <= right + 1e-9 and top - 1e-9 <= y0 < y1 <= bottom + 1e-9
            for grid in scene.grids:
                (a, b), (c, d) = grid.outline.min(axis=0), grid.outline.max(axis=0)
                overlaps = x0 < c - 1e-9 and a + 1e-9 < x1 and y0 < d - 1e-9 and b + 1e-9 < y1
                assert not overlaps or grid.name == "canvas"


def test_a_growing_input_leaves_the_room_beside_it_as_it_is() -> None:
    rooms = {room_for_dropped(cv.Conv(size, 3, stride=2)) for size in range(3, 12)}
    assert rooms == {(1.0, 1.0)}
    assert {cv.scene(cv.Conv(size, 3, stride=2)).grids[0].room for size in (6, 7)} == rooms
    assert room_for_dropped(cv.Conv(6, 3)) == room_for_dropped(cv.MaxPool(5, 2, ceil_mode=True)) == (0.0, 0.0)
