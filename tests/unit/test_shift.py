"""What a shift of the input changes, and where a gradient goes: both views of poolings, against plain loops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn import avgpools, integers, maxpools
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.player.wire import wire
from convviz.scene.shifting import shifted, ways
from convviz.scene.views.backward import handed

ZHANG = np.array([[0, 0, 1, 1, 0, 0, 1, 1]])


def circular(x, n):
    return x[n % len(x)]


class TestShift:
    def test_zhangs_example_turns_into_ones(self):
        trace = cv.trace(cv.MaxPool((8,), 2), ZHANG)
        scene = cv.scene(trace, "shift")
        assert trace.output.tolist() == [[0, 1, 0, 1]]
        assert ways(trace.layer).outputs(shifted(ZHANG, 1))["pool"].tolist() == [[1, 1, 1, 1]]
        said = scene.sentence(0)
        assert "Max pooling: 2 of 4 outputs changed, by 2 in all" in said
        assert "Blurred, then skipped: 4 of 4, by 1." in said

    @settings(max_examples=80, deadline=None)
    @given(st.integers(2, 12), st.integers(1, 4), st.integers(1, 4), st.integers(0, 10**6), st.booleans())
    def test_each_way_is_what_loops_give(self, size, k, stride, seed, mean):
        k = min(k, size)
        layer = (cv.AvgPool if mean else cv.MaxPool)((size,), k, stride)
        x = integers((1, size), seed)
        found = ways(layer).outputs(x)
        row = x[0].tolist()
        pick = (lambda values: sum(values) / len(values)) if mean else max
        assert np.allclose(found["pool"][0], [pick(row[s : s + k]) for s in range(0, size - k + 1, stride)])
        wanted = [row[s + k - 1] - (row[s] if k > 1 else 0) for s in range(0, size - k + 1, stride)]
        assert found["conv"][0].tolist() == wanted
        each = [pick([circular(row, n + m) for m in range(k)]) for n in range(size)]
        blurred = [
            (circular(each, n - 1) + 2 * each[n] + circular(each, n + 1)) / 4
            for n in range(0, size + 2 - 3 + 1, stride)
        ]
        assert np.allclose(found["blur"][0], blurred)

    @pytest.mark.parametrize("layer", [cv.MaxPool((8,), 2), cv.MaxPool(6, 3, 2), cv.AvgPool(4, 2, 1, 1)])
    def test_the_ticked_outputs_are_those_that_are_not_the_same(self, layer):
        trace = cv.trace(layer)
        scene, found = cv.scene(trace, "shift"), ways(layer)
        plain = np.concatenate([found.outputs(trace.x)[name].ravel() for name in ("pool", "conv", "blur")])
        _, others = scene.differing.pairs
        for t in range(scene.steps):
            after = found.outputs(np.roll(trace.x, -t - 1, axis=-1))
            now = np.concatenate([after[name].ravel() for name in ("pool", "conv", "blur")])
            assert set(scene.at(t).differing) == set(others[now != plain].tolist())
        assert not scene.at(scene.steps - 1).differing, "shifted all the way round it is the same again"

    def test_a_shift_by_the_stride_moves_the_outputs_of_a_pooling_by_one(self):
        x = integers((1, 12), 5)
        found = ways(cv.MaxPool((12,), 3))
        assert found.outputs(shifted(x, 3))["pool"].tolist() == shifted(found.outputs(x)["pool"], 1).tolist()

    def test_the_browser_is_told_that_a_tick_is_of_one_step(self):
        assert wire(cv.scene(cv.MaxPool(4, 2), "shift"))["differing"]["b"] == 1

    @pytest.mark.parametrize(
        "layer", [cv.Conv(4, 2), cv.AdaptiveMaxPool(4, 2), cv.MaxPool(4, 2, channels=2), cv.Upsample(3)]
    )
    def test_what_is_no_pooling_by_a_stride_is_refused(self, layer):
        with pytest.raises(cv.LayerError, match="try view flat"):
            cv.scene(layer, "shift")

    def test_a_dilated_one_wraps_around_as_far_as_its_window_reaches(self):
        found = ways(cv.MaxPool((7,), 2, 1, dilation=3))
        assert found.every.output_size == (7,)


ONE_OR_TWO = st.sampled_from((1, 2))
POOLINGS = st.one_of(maxpools(dims=ONE_OR_TWO), avgpools(dims=ONE_OR_TWO)).map(lambda layer: replace(layer, channels=1))


class TestBackward:
    @settings(max_examples=60, deadline=None)
    @given(POOLINGS, st.integers(0, 10**6))
    def test_the_sums_at_the_end_are_the_gradient_of_the_engine(self, layer, seed):
        trace = cv.trace(layer, integers(layer.x_shape, seed))
        scene = cv.scene(trace, "backward")
        grid = next(grid for grid in scene.grids if grid.name == "gradient")
        told = scene.texts_at(scene.steps - 1)[grid.first : grid.first + grid.count]
        wanted = trace.backward(np.ones_like(trace.output, dtype=float)).x.ravel()
        assert np.allclose([float(text.replace("−", "-")) for text in told], wanted, atol=6e-4 * max(1, wanted.max()))

    @settings(max_examples=60, deadline=None)
    @given(POOLINGS, st.integers(0, 10**6))
    def test_a_winner_gets_all_and_a_mean_gives_equal_shares(self, layer, seed):
        trace = cv.trace(layer, integers(layer.x_shape, seed))
        shares, part = handed(trace), layer.takes_part()
        assert np.allclose(shares.sum(axis=1), 1)
        assert not shares[~part].any()
        if layer.reduce == "max":
            assert ((shares == 1).sum(axis=1) == 1).all()
        else:
            assert np.allclose(shares, part / part.sum(axis=1, keepdims=True))

    def test_it_says_where_the_winner_stands_and_what_padding_loses(self):
        said = cv.scene(cv.trace(cv.MaxPool((4,), 2), [[1, 5, 2, 0]]), "backward").sentence(0)
        assert (
            "goes to the winner, position 2 of the input, whose value is 5. The other 1 input of the window gets"
            in said
        )
        said = cv.scene(cv.AvgPool((4,), 2, 2, 1), "backward").sentence(0)
        assert "0.5 to each of the 2 values in the window, 1 of which is padding: its share is lost" in said

    @pytest.mark.parametrize("layer", [cv.Conv(4, 2), cv.MaxPool((2, 2, 2), 2), cv.MaxPool(4, 2, channels=2)])
    def test_what_it_has_no_place_for_is_refused(self, layer):
        with pytest.raises(cv.LayerError, match="try view flat"):
            cv.scene(layer, "backward")
