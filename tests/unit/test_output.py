"""cv.output gives what the trace gives, for every layer and network, without a record; and for far larger arrays."""

from __future__ import annotations

import tracemalloc
from importlib import import_module

import numpy as np
import pytest
from depth import cases
from drawn import arrays, floats, layers
from graphs import random_network, weights_of
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz import LayerError


@settings(max_examples=cases(3_000))
@given(layers(), st.integers(0, 10**6), st.sampled_from(["small", "huge"]))
def test_whole_numbers_are_exactly_those_of_the_trace(layer, seed, kind):
    x, weight, bias = arrays(layer, seed, kind)
    wanted = cv.trace(layer, x, weight, bias).output
    got = cv.output(layer, x, weight, bias)
    assert got.dtype == wanted.dtype and got.shape == wanted.shape
    assert got.tolist() == wanted.tolist()


@settings(max_examples=cases(2_000))
@given(layers(), st.integers(0, 10**6))
def test_floats_are_those_of_the_trace_but_for_the_order_of_the_sum(layer, seed):
    x, weight, bias = arrays(layer, seed, "float")
    got = cv.output(layer, x, weight, bias)
    assert got.dtype == np.float64
    np.testing.assert_allclose(got, cv.trace(layer, x, weight, bias).output, rtol=1e-12, atol=1e-9)


@settings(max_examples=cases(500))
@given(st.integers(0, 10**6))
def test_a_network_gives_what_its_run_gives(seed):
    network = random_network(seed)
    x, weights = floats(network.x_shape, seed), weights_of(network, seed, floats)
    np.testing.assert_allclose(
        cv.output(network, x, weights), cv.trace(network, x, weights).output, rtol=1e-12, atol=1e-12
    )


def test_arrays_that_are_left_out_are_those_of_the_trace():
    for shown in (cv.Conv(5, 3, bias=True), cv.MaxPool(4, 2), cv.Dense(4, 2), cv.separable(5, 3)):
        assert cv.output(shown, seed=3).tolist() == cv.trace(shown, seed=3).output.tolist()


@pytest.mark.parametrize(
    "layer",
    [
        cv.Conv((300,), 3, padding=1, stride=2),
        cv.Conv((70, 900), 3, padding=2, dilation=2, padding_mode="reflect"),
        cv.Conv((90, 700), (3, 5), in_channels=2, out_channels=3, padding="same"),
        cv.ConvTranspose((90, 350), 3, stride=2, padding=1, output_padding=1),
        cv.MaxPool((200, 331), 3, 2, ceil_mode=True),
        cv.AvgPool((200, 331), 3, 2, padding=1, ceil_mode=True),
    ],
)
def test_where_the_rows_are_computed_in_several_blocks_nothing_changes(layer, monkeypatch):
    x, weight, bias = arrays(layer, 1)
    wanted = cv.trace(layer, x, weight, bias).output
    for block in (1, 1000, 2**15):
        monkeypatch.setattr(import_module("convviz.output"), "BLOCK", block)
        assert cv.output(layer, x, weight, bias).tolist() == wanted.tolist()


@pytest.mark.parametrize("kernel", [3, 5])
def test_a_large_picture_is_scipy_s_correlation(kernel):
    signal = pytest.importorskip("scipy.signal")
    x, weight = floats((1, 1024, 1024), 0), floats((1, 1, kernel, kernel), 1)
    got = cv.output(cv.Conv(1024, kernel, padding=kernel // 2), x, weight)
    np.testing.assert_allclose(got[0], signal.correlate(x[0], weight[0, 0], "same"), rtol=1e-9, atol=1e-6)


def test_it_holds_little_beside_its_input_and_output():
    layer, x = cv.Conv(1024, 3, padding=1), floats((1, 1024, 1024), 0)
    tracemalloc.start()
    cv.output(layer, x, floats((1, 1, 3, 3), 1))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * x.nbytes, "a trace would hold nine times the input in its windows, and as much in indices"


@pytest.mark.parametrize(
    ("shown", "key"),
    [
        (cv.Conv(100_000, 3), "too_many_taps"),
        (cv.Conv(20_000, 1, out_channels=9), "too_many_taps"),
        ("conv", "no_layer"),
    ],
)
def test_what_cannot_be_held_is_refused_before_anything_is_made(shown, key):
    with pytest.raises(LayerError) as caught:
        cv.output(shown)
    assert caught.value.key == key
    if caught.value.fix:
        assert cv.Conv(**{"input_size": 20_000, "kernel_size": 1} | caught.value.fix)


def test_a_wrong_array_is_refused_as_by_the_trace():
    with pytest.raises(LayerError):
        cv.output(cv.Conv(5, 3), np.zeros((1, 4, 5)))
    with pytest.raises(LayerError):
        cv.output(cv.MaxPool(4, 2), weight=[1])
