"""Pooling by output size: its windows, its values and its gradients, against plain loops and PyTorch."""

from __future__ import annotations

from fractions import Fraction

import depth
import numpy as np
import oracles
import pytest
from depth import cases
from drawn import SEEDS, adaptives, floats, integers
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.field import Reach, fields, read_at_all
from convviz.layers.adaptive import adaptive_axis, widest
from convviz.layers.memory import held

KINDS = st.sampled_from(("small", "small", "huge"))
SIZES = st.integers(1, 60)


def closed(output, wanted):
    assert output.shape == wanted.shape
    np.testing.assert_allclose(output, np.asarray(wanted, dtype=np.float64), rtol=1e-12, atol=1e-12)


class TestAgainstPlainLoops:
    @settings(max_examples=cases(500))
    @given(adaptives(kinds=st.just(cv.AdaptiveMaxPool)), SEEDS, KINDS)
    def test_the_largest_of_each_window_is_exact(self, layer, seed, kind):
        x = integers(layer.x_shape, seed, kind) - 20
        wanted = oracles.adaptive(x, layer.output_size)
        assert cv.trace(layer, x).output.tolist() == wanted.tolist() == cv.output(layer, x).tolist()

    @settings(max_examples=cases(500))
    @given(adaptives(kinds=st.just(cv.AdaptiveAvgPool)), SEEDS, KINDS)
    def test_the_mean_of_each_window(self, layer, seed, kind):
        x = integers(layer.x_shape, seed, kind)
        closed(cv.trace(layer, x).output, oracles.adaptive(x, layer.output_size, mean=True))

    @pytest.mark.parametrize("kind", [cv.AdaptiveMaxPool, cv.AdaptiveAvgPool])
    @pytest.mark.parametrize("size", [(6,), (4, 6), (3, 4, 2)])
    def test_output_1_is_global_pooling(self, kind, size):
        x = floats((2, *size), 0)
        wanted = x.reshape(2, -1).max(axis=1) if kind is cv.AdaptiveMaxPool else x.reshape(2, -1).mean(axis=1)
        closed(cv.trace(kind(size, 1, 2), x).output.reshape(2), wanted)

    @pytest.mark.parametrize(
        ("adaptive", "plain"), [(cv.AdaptiveMaxPool, cv.MaxPool), (cv.AdaptiveAvgPool, cv.AvgPool)]
    )
    def test_where_the_sizes_divide_it_is_an_ordinary_pooling(self, adaptive, plain):
        x = integers((1, 6, 8), 3)
        assert cv.output(adaptive((6, 8), (3, 2)), x).tolist() == cv.output(plain((6, 8), (2, 4)), x).tolist()


class TestWindows:
    @settings(max_examples=300)
    @given(SIZES, SIZES)
    def test_every_input_is_read_and_every_window_has_inputs(self, size, outputs):
        axis = adaptive_axis(size, outputs)
        assert axis.kernel_size == widest(size, outputs)
        assert (axis.input_counts > 0).all() and (axis.output_counts > 0).all()
        assert axis.output_counts.max() == widest(size, outputs)

    @settings(max_examples=300)
    @given(SIZES, SIZES, st.integers(1, 9))
    def test_so_many_windows_together_are_at_most_so_wide(self, size, outputs, together):
        layer = cv.AdaptiveMaxPool((size,), outputs)
        begins = range(3 * outputs)
        spans = [sum(layer.window(0, o + together - 1)) - layer.window(0, o)[0] for o in begins]
        assert max(spans) == widest(size, outputs, together)

    @settings(max_examples=300)
    @given(SIZES, SIZES)
    def test_a_window_is_told_without_the_taps_and_repeats(self, size, outputs):
        layer = cv.AdaptiveAvgPool((size,), outputs)
        axis, ((every, further),) = layer.taps.axes[0], layer.repeats
        for o in range(outputs):
            first, count = layer.window(0, o)
            assert axis.sources[o][axis.sources[o] >= 0].tolist() == list(range(first, first + count))
            assert layer.window(0, o + every) == (first + further, count)

    def test_a_size_that_no_array_could_hold_is_told_all_the_same(self):
        layer = cv.AdaptiveAvgPool(10**9, 7)
        assert layer.kernel_size == (142857144,) * 2 and held(layer) > 2**24


class TestReach:
    @settings(max_examples=200)
    @given(SIZES, SIZES)
    def test_the_jump_is_the_share_of_the_input_that_an_output_has(self, size, outputs):
        (field,), (jump,) = fields([cv.AdaptiveMaxPool((size,), outputs)])[-1]
        assert field == widest(size, outputs) and jump == Fraction(size, outputs)

    @settings(max_examples=200)
    @given(st.integers(6, 20), st.integers(2, 12), st.integers(1, 3))
    def test_behind_a_convolution_an_output_reaches_what_its_taps_reach(self, size, outputs, stride):
        conv = cv.Conv((size,), 3, stride)
        layers = [conv, cv.AdaptiveMaxPool(conv.output_size, outputs)]
        reach = Reach(layers, 0)
        for o in range(outputs):
            first, count = layers[1].window(0, o)
            assert reach.ends(2, o) == (first * stride, (first + count - 1) * stride + 2)
        network = cv.Network(layers)
        assert network.receptive_field()[0] == max(
            reach.ends(2, o)[1] - reach.ends(2, o)[0] + 1 for o in range(outputs)
        )
        assert sum(read_at_all(layers)[0]) == conv.taps.axes[0].input_counts.astype(bool).sum()


@pytest.fixture(scope="module")
def torch():
    return depth.torch()


@pytest.mark.oracle
class TestAgainstTorch:
    @settings(max_examples=cases(500))
    @given(adaptives(), SEEDS)
    def test_the_output(self, torch, layer, seed):
        x = floats(layer.x_shape, seed)
        wanted = self.pooled(torch, layer, torch.tensor(x))[0].numpy()
        closed(cv.trace(layer, x).output, wanted)
        closed(cv.output(layer, x), wanted)

    @settings(max_examples=cases(500))
    @given(adaptives(), SEEDS)
    def test_the_gradient_with_ties(self, torch, layer, seed):
        x = np.random.default_rng(seed).integers(0, 3, layer.x_shape)
        read, trace = torch.tensor(x, dtype=torch.float64, requires_grad=True), cv.trace(layer, x)
        upstream = floats(trace.output.shape, seed)
        self.pooled(torch, layer, read)[0].backward(torch.tensor(upstream))
        closed(trace.backward(upstream).x, read.grad.numpy())

    def pooled(self, torch, layer, x):
        reduced = "max" if isinstance(layer, cv.AdaptiveMaxPool) else "avg"
        function = getattr(torch.nn.functional, f"adaptive_{reduced}_pool{len(layer.input_size)}d")
        return function(x[None], layer.output_size)
