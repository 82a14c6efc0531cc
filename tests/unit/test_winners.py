"""The ring of a step is around the value that its output takes over: the first of the largest, never padding."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import adaptives, integers, maxpools
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.paint.drawing import Drawing
from convviz.paint.svg import svg
from convviz.player.wire import wire
from convviz.scene.moments import Moment, moments
from convviz.scene.scene import Scene
from convviz.scene.winners import CORNERS, RADIUS
from convviz.themes import THEMES

LAYERS = st.one_of(maxpools(), adaptives(kinds=st.just(cv.AdaptiveMaxPool)))


def rings(scene: Scene, t: int, moment: Moment | None = None) -> list[np.ndarray]:
    points = scene.at(t, moment=moment).points
    found = [at for shape, at in zip(scene.shapes, points, strict=True) if shape.role == "winner"]
    return [at for at in found if at is not None]


@settings(max_examples=60, deadline=None)
@given(LAYERS, st.integers(0, 10**6))
def test_it_is_around_the_first_of_the_largest_inputs(layer, seed):
    trace = cv.trace(layer, np.abs(integers(layer.x_shape, seed)) - 10)
    scene = cv.scene(trace)
    for t, step in enumerate(trace):
        assert len(rings(scene, t)) == layer.channels
        for c, ring in enumerate(rings(scene, t)):
            values = [int(trace.x[(c, *read)]) for read in step.reads.tolist()]
            place = step.reads[int(np.argmax(values))]
            mark = int(scene.track["winner"].marks[t, c])
            assert scene.texts_at(t)[mark].replace("−", "-") == str(max(values))
            assert np.allclose(ring.mean(axis=0), scene.corners[mark].mean(axis=0), atol=1e-3)
            canvas = [axis.origin for axis in layer.taps.axes]
            flat = np.ravel_multi_index(tuple(place + canvas), layer.taps.canvas_shape)
            assert mark == flat + c * np.prod(layer.taps.canvas_shape)


@pytest.mark.parametrize("layer", [cv.AvgPool(4, 2), cv.AdaptiveAvgPool(5, 2), cv.Conv(4, 2), cv.Upsample(3)])
def test_where_values_are_mixed_there_is_none(layer):
    for view in ("flat", "isometric"):
        assert not any(shape.role == "winner" for shape in cv.scene(layer, view).shapes)


@pytest.mark.parametrize("view", ["flat", "isometric"])
def test_it_comes_with_the_output_and_not_before(view):
    scene = cv.scene(cv.MaxPool(4, 2, channels=1), view)
    for t in range(scene.steps):
        assert rings(scene, t)
        assert not any(rings(scene, t, moment) for moment in moments(scene, t, slowly=True))


def test_a_ring_lies_within_its_cell_and_no_number_crosses_it():
    assert 0.35 < RADIUS < 0.5 and CORNERS >= 16


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_painter_draws_it_in_the_theme_s_ink(theme):
    scene = cv.scene(cv.trace(cv.MaxPool((4,), 2), [[1, 5, 2, 0]]))
    assert f".r-winner{{fill:none;stroke:{theme.paint('winner').line}" in svg(scene, 0, theme)
    assert 'data-shape="winner:0" class="r-winner" points="' in svg(scene, 0, theme)
    whole, before = Drawing(scene, theme), Drawing(scene, theme)
    whole.show(0)
    before.show(0, Moment(0))
    ink = np.array([int(theme.paint("winner").line[n : n + 2], 16) for n in (1, 3, 5)])
    x, y = whole.place.pixels(rings(scene, 0)[0])[CORNERS // 4]
    there = (slice(int(y) - 1, int(y) + 2), slice(int(x) - 1, int(x) + 2), slice(0, 3))
    assert np.abs(whole.pixels[there].astype(int) - ink).sum(axis=-1).min() < 60
    assert (whole.pixels[there] != before.pixels[there]).any()


def test_the_browser_is_told_that_it_comes_late():
    said = wire(cv.scene(cv.MaxPool(4, 2)))
    assert [shape["r"] for shape in said["shapes"] if shape.get("l")] == ["winner"]
