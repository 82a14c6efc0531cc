"""A trace is the whole record: its steps add up to its output, in whichever order they are read."""

from __future__ import annotations

import sys
import tracemalloc
from collections import Counter
from dataclasses import replace

import numpy as np
import oracles
import pytest
from depth import cases
from drawn import SEEDS, arrays, avgpools, convs, denses, floats, integers, layers, maxpools, tconvs
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.layers.memory import held

KINDS = st.sampled_from(("small", "huge"))
LIMIT = sys.modules["convviz.trace"].TRACE_LIMIT


def traced(layer, seed, kind="small"):
    return cv.trace(layer, *arrays(layer, seed, kind))


def table_of(step):
    """The products as (taps, channels in, channels out)."""
    return step.products.reshape(len(step.taps), *(step.products.shape[1:] or (1, 1)))


def totals_of(step):
    return np.atleast_1d(np.asarray(step.total, dtype=object)).tolist()


class TestSteps:
    @settings(max_examples=cases(1_500))
    @given(layers())
    def test_there_is_one_for_each_output_cell_in_raster_order(self, layer):
        trace = cv.trace(layer)
        assert [step.output for step in trace] == list(np.ndindex(*layer.output_size))
        assert len(trace) == len(list(trace)) == layer.taps.steps
        assert trace[-1].output == trace[len(trace) - 1].output
        for beyond in (len(trace), -len(trace) - 1):
            with pytest.raises(IndexError):
                trace[beyond]

    @settings(max_examples=cases(2_500))
    @given(st.one_of(convs(), tconvs(), denses()), SEEDS, KINDS)
    def test_products_and_bias_add_up_to_the_total_and_the_output(self, layer, seed, kind):
        trace = traced(layer, seed, kind)
        outs = trace.output.reshape(-1, len(trace))
        for t, step in enumerate(trace):
            bias = [0] * len(outs) if trace.bias is None else trace.bias.tolist() if layer.shared else [trace.bias[t]]
            table = table_of(step).astype(object)
            assert [int(b) + int(n) for b, n in zip(bias, table.sum(axis=(0, 1)), strict=True)] == totals_of(step)
            assert totals_of(step) == outs[:, t].tolist()

    @settings(max_examples=cases(1_500))
    @given(maxpools(), SEEDS, KINDS)
    def test_the_largest_product_is_the_total_of_a_max_pooling(self, layer, seed, kind):
        trace = cv.trace(layer, integers(layer.x_shape, seed, kind))
        for t, step in enumerate(trace):
            winners = table_of(step).max(axis=(0, 1)).tolist()
            assert winners == totals_of(step) == trace.output.reshape(-1, len(trace))[:, t].tolist()

    @settings(max_examples=cases(1_500))
    @given(avgpools(), SEEDS, KINDS)
    def test_the_mean_of_the_products_is_the_total_of_an_average_pooling(self, layer, seed, kind):
        trace = cv.trace(layer, integers(layer.x_shape, seed, kind))
        for t, step in enumerate(trace):
            means = [sum(map(int, values)) / len(values) for values in table_of(step)[:, 0].T]
            np.testing.assert_allclose(totals_of(step), means, rtol=1e-12)
            assert totals_of(step) == trace.output.reshape(-1, len(trace))[:, t].tolist()

    @settings(max_examples=cases(2_000))
    @given(convs(), SEEDS)
    def test_of_a_convolution_read_where_the_relation_says_and_multiply_what_stands_there(self, layer, seed):
        trace = traced(layer, seed)
        ins, outs = layer.in_channels // layer.groups, layer.out_channels // layer.groups
        for step in trace:
            assert len(step.taps) == np.prod(layer.kernel_size)
            for read, tap, products in zip(step.reads.tolist(), step.taps.tolist(), table_of(step), strict=True):
                turned = [k - 1 - t if layer.flip else t for t, k in zip(tap, layer.kernel_size, strict=True)]
                axes = zip(step.output, turned, layer.stride, layer.dilation, layer.pads, strict=True)
                assert read == [s * o + d * k - p for o, k, s, d, (p, _) in axes]
                for out in range(layer.out_channels):
                    for c in range(ins):
                        x = oracles.value_at(trace.x, (out // outs) * ins + c, read, layer.padding_mode)
                        assert products[c, out] == x * trace.weight[(out, c, *tap)]

    @settings(max_examples=cases(1_500))
    @given(tconvs(), SEEDS)
    def test_of_a_transposed_convolution_read_the_relation_backwards(self, layer, seed):
        trace = traced(layer, seed)
        ins, outs = layer.in_channels // layer.groups, layer.out_channels // layer.groups
        for step in trace:
            for read, tap, products in zip(step.reads.tolist(), step.taps.tolist(), table_of(step), strict=True):
                turned = [k - 1 - t if layer.flip else t for t, k in zip(tap, layer.kernel_size, strict=True)]
                axes = zip(read, turned, layer.stride, layer.dilation, layer.pads, strict=True)
                assert list(step.output) == [s * i + d * k - p for i, k, s, d, (p, _) in axes]
                for out in range(layer.out_channels):
                    for c in range(ins):
                        channel = (out // outs) * ins + c
                        x = oracles.value_at(trace.x, channel, read)
                        assert products[c, out] == x * trace.weight[(channel, out % outs, *tap)]

    @settings(max_examples=cases(1_000))
    @given(st.one_of(maxpools(), avgpools()), SEEDS)
    def test_of_a_pooling_hold_what_competes_or_is_averaged(self, layer, seed):
        trace = cv.trace(layer, integers(layer.x_shape, seed))
        counts_padding = layer.kind == "avgpool" and layer.count_include_pad and not isinstance(layer.padding, str)
        window = (layer.kernel_size, layer.stride, layer.pads, layer.dilation, layer.ceil_mode)
        for step, (output, places) in zip(trace, oracles.windows(layer.input_size, *window), strict=True):
            margins = layer.pads if counts_padding else ((0, 0),) * len(output)
            sides = list(zip(layer.input_size, margins, strict=True))
            kept = [p for p in places if all(-b <= n < i + a for n, (i, (b, a)) in zip(p, sides, strict=True))]
            assert (step.output, [tuple(read) for read in step.reads.tolist()]) == (output, kept)
            values = [[oracles.value_at(trace.x, c, place) for c in range(layer.channels)] for place in kept]
            assert table_of(step)[:, 0].tolist() == values

    def test_of_a_dense_layer_name_the_row_of_the_weight(self):
        trace = cv.trace(cv.Dense(3, 2), [1, 2, 3], [[1, 0, 2], [5, 6, 7]], [10, 20])
        assert trace[1].reads.tolist() == [[0], [1], [2]]
        assert trace[1].taps.tolist() == [[1, 0], [1, 1], [1, 2]]
        assert (trace[1].products.tolist(), trace[1].total) == ([5, 12, 21], 58)

    def test_have_a_plain_number_for_one_channel_and_one_a_channel_for_many(self):
        assert cv.trace(cv.Conv(3, 2))[0].products.shape == (4,)
        many = cv.trace(cv.Conv(3, 2, in_channels=2, out_channels=3))[0]
        assert (many.products.shape, many.total.shape) == ((4, 2, 3), (3,))


class TestScatter:
    @settings(max_examples=cases(2_500))
    @given(tconvs(), SEEDS, KINDS)
    def test_stamps_of_a_transposed_convolution_add_up_to_its_output(self, layer, seed, kind):
        trace = traced(layer, seed, kind)
        sums = np.zeros(trace.output.shape, dtype=object)
        if trace.bias is not None:
            sums += trace.bias.astype(object).reshape(-1, *[1] * len(layer.output_size))
        for t, step in enumerate(trace.scatter()):
            assert (step.reads == np.unravel_index(t, layer.input_size)).all()
            for place, products in zip(step.output.tolist(), table_of(step), strict=True):
                if all(0 <= o < n for o, n in zip(place, layer.output_size, strict=True)):
                    for out in range(layer.out_channels):
                        sums[(out, *place)] += int(products[:, out].astype(object).sum())
        assert sums.tolist() == trace.output.tolist()

    @settings(max_examples=cases(1_000))
    @given(tconvs())
    def test_a_stamp_is_whole_even_if_the_padding_crops_it(self, layer):
        scatter = cv.trace(layer).scatter()
        assert len(scatter) == np.prod(layer.input_size)
        for step in scatter:
            assert len(step.taps) == np.prod(layer.kernel_size)

    @settings(max_examples=cases(2_000))
    @given(st.one_of(convs(), tconvs(), denses()), SEEDS, KINDS)
    def test_gather_and_scatter_hold_the_same_taps_and_products(self, layer, seed, kind):
        trace = traced(layer, seed, kind)
        mode = getattr(layer, "padding_mode", "zeros")
        gathered, scattered = Counter(), Counter()
        for step in trace:
            for read, tap, products in zip(step.reads.tolist(), step.taps.tolist(), table_of(step), strict=True):
                source = [stands_for(i, n, mode) for i, n in zip(read, layer.input_size, strict=True)]
                if None not in source:
                    gathered[(step.output, tuple(source), tuple(tap), str(products.tolist()))] += 1
        for step in trace.scatter():
            rows = zip(step.output.tolist(), step.reads.tolist(), step.taps.tolist(), table_of(step), strict=True)
            for place, read, tap, products in rows:
                if all(0 <= o < n for o, n in zip(place, layer.output_size, strict=True)):
                    scattered[(tuple(place), tuple(read), tuple(tap), str(products.tolist()))] += 1
        assert gathered == scattered

    @settings(max_examples=cases(1_000))
    @given(st.one_of(convs(), tconvs(), denses()), SEEDS, KINDS)
    def test_a_total_is_the_exact_sum_of_what_an_input_gives(self, layer, seed, kind):
        for step in traced(layer, seed, kind).scatter():
            wanted = step.products.astype(object).sum(axis=0)
            assert np.asarray(step.total, dtype=object).tolist() == np.asarray(wanted, dtype=object).tolist()

    def test_an_input_that_is_never_read_gives_nothing(self):
        scatter = cv.trace(cv.Conv((4,), 1, stride=2)).scatter()
        assert [len(step.output) for step in scatter] == [1, 0, 1, 0]
        assert [int(step.total) for step in scatter][1::2] == [0, 0]

    @settings(max_examples=cases(600))
    @given(layers())
    def test_it_can_be_read_at_any_step_and_not_beyond(self, layer):
        scatter = cv.trace(layer).scatter()
        assert scatter[-1].reads.tolist() == scatter[len(scatter) - 1].reads.tolist()
        with pytest.raises(IndexError):
            scatter[len(scatter)]


def stands_for(index, size, mode):
    """The input that stands at an index under a padding mode, or None."""
    names = np.arange(size)[None]
    if mode == "zeros":
        return index if 0 <= index < size else None
    return int(oracles.value_at(names, 0, (index,), mode))


class TestValues:
    def test_arrays_left_out_are_small_integers_that_depend_on_the_seed(self):
        layer = cv.Conv(5, 3, bias=True, out_channels=2)
        first, again, other = cv.trace(layer), cv.trace(layer, seed=0), cv.trace(layer, seed=7)
        assert first.x.tolist() == again.x.tolist() != other.x.tolist()
        assert first.x.min() >= 0 and first.x.max() <= 5
        assert first.weight.min() >= -1 and first.weight.max() <= 2
        assert first.bias.shape == (2,)

    @given(st.integers(1, 8), st.integers(1, 8), st.integers(-5, 5))
    def test_a_cell_keeps_its_number_when_the_input_grows(self, small, more, seed):
        few, many = (cv.trace(cv.Conv(size, 1), seed=seed).x for size in (small, small + more))
        assert many[:, :small, :small].tolist() == few.tolist()

    @pytest.mark.parametrize(
        "x",
        [
            [[2**63, -1, 3]],  # NumPy makes floats of these
            [[2**62, 2**62, 2**62]],
            [[-(2**63)] * 3],
            [[2**63 - 1] * 3],
            [[10**400, 1, -(10**399)]],
            np.array([[2**64 - 1] * 3], dtype=np.uint64),
            np.array([[200, 255, 3]], dtype=np.uint8),
            np.array([[np.int64(3), 2**70, 1]], dtype=object),
        ],
    )
    def test_integers_of_any_size_are_exact_in_every_layer(self, x):
        values = [int(v) for v in np.asarray(x, dtype=object).ravel()]
        wanted = sum(values)
        assert cv.trace(cv.Conv((3,), 3), x, [[[1, 1, 1]]]).output.tolist() == [[wanted]]
        assert cv.trace(cv.ConvTranspose((3,), 3, padding=2), x, [[[1, 1, 1]]]).output.tolist() == [[wanted]]
        assert cv.trace(cv.Dense(3, 1), values, [[1, 1, 1]], [2**63]).output.tolist() == [wanted + 2**63]
        assert cv.trace(cv.MaxPool((3,), 3), x).output.tolist() == [[max(values)]]
        if max(map(abs, values)) < 2**1000:
            assert cv.trace(cv.AvgPool((3,), 3), x).output.tolist() == [[pytest.approx(wanted / 3)]]

    @settings(max_examples=cases(1_000))
    @given(st.one_of(convs(), tconvs(), denses()), SEEDS, st.sampled_from(("x", "weight", "bias")))
    def test_one_float_makes_the_output_float64(self, layer, seed, which):
        given_arrays = dict(zip(("x", "weight", "bias"), arrays(layer, seed, "huge"), strict=True))
        if given_arrays[which] is None:
            which = "x"
        given_arrays[which] = floats(np.shape(given_arrays[which]), seed)
        trace = cv.trace(layer, **given_arrays)
        assert trace.output.dtype == np.float64
        for step in trace:
            products = table_of(step).astype(float)
            bias = 0.0 if trace.bias is None else trace.bias if layer.shared else trace.bias[step.output]
            rounding = 1e-12 * (abs(products).sum() + np.max(np.abs(np.asarray(bias, dtype=float))))
            wanted = products.sum(axis=(0, 1)) + np.asarray(bias, dtype=float)
            np.testing.assert_allclose(np.atleast_1d(step.total), wanted, rtol=0, atol=rounding)

    def test_a_trace_keeps_its_own_copy(self):
        x = np.ones((1, 3, 3))
        trace = cv.trace(cv.Conv(3, 3), x, np.ones((1, 1, 3, 3)))
        x[:] = 7
        assert trace.output.tolist() == [[[9.0]]]


class Arrayless:
    def __array__(self, *_, **__):
        raise TypeError("not an array")


NUMBERS = [
    [[1, float("nan"), 2]],
    [[1, float("inf"), 2]],
    np.array([[1, 2, -np.inf]], dtype=np.float16),
    np.array([[1e4000, 1, 2]], dtype=np.longdouble),
    [[1, 2j, 3]],
    [["1", "2", "3"]],
    [[True, False, True]],
    [[1, 2, None]],
    [[1, 2, [3]]],
    [[1, 2], [3]],
    np.array([[1, 2, {}]], dtype=object),
    np.array([[1, 2.5, 3]], dtype=object),
    np.array([[1, 2, 3]], dtype="datetime64[D]"),
    [[10**5000, 0.5, 1]],
    "123",
    b"123",
    {1, 2, 3},
    {"a": 1},
    object(),
    int,
    Arrayless(),
    2**63 - 1j,
]
SHAPES = [[1, 2, 3], [[1, 2]], [[1, 2, 3, 4]], [[[1, 2, 3]]], 5, 2.5, [], [[]], np.zeros((0, 3)), np.zeros((3, 1))]


def named(value):
    return value if isinstance(value, str) else type(value).__name__


class TestRefusals:
    @pytest.mark.parametrize("field", ["x", "weight", "bias"])
    @pytest.mark.parametrize("wrong", [*NUMBERS, *SHAPES], ids=named)
    def test_a_wrong_array_is_a_layer_error_that_names_it(self, field, wrong):
        layer = cv.Conv((3,), 1, out_channels=3, bias=True)
        if isinstance(wrong, list) and wrong == [1, 2, 3] and field == "bias":
            wrong = [wrong]  # for it alone, that is right
        with pytest.raises(cv.LayerError) as caught:
            cv.trace(layer, **{field: wrong})
        assert caught.value.field == field
        assert " - try " in str(caught.value)
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("wrong", SHAPES, ids=named)
    def test_a_wrong_shape_is_told_with_the_right_one(self, wrong):
        with pytest.raises(cv.LayerError, match=r"the layer takes \(1, 3\) - try an array of shape \(1, 3\)"):
            cv.trace(cv.Conv((3,), 1), wrong)

    @pytest.mark.parametrize("layer", [cv.AvgPool((3,), 3), cv.Conv((3,), 3)])
    def test_an_integer_beyond_all_floats_is_refused_where_the_result_is_one(self, layer):
        weight = None if layer.kind == "avgpool" else [[[0.5, 0.5, 0.5]]]
        with pytest.raises(cv.LayerError, match="must hold whole numbers or finite decimals"):
            cv.trace(layer, [[10**400, 1, 2]], weight)

    @pytest.mark.parametrize(
        ("layer", "field"),
        [
            (cv.MaxPool(4, 2), "weight"),
            (cv.AvgPool(4, 2), "bias"),
            (cv.Conv(4, 2), "bias"),
            (cv.Dense(2, 2, False), "bias"),
        ],
    )
    def test_a_layer_refuses_arguments_that_it_does_not_have(self, layer, field):
        with pytest.raises(cv.LayerError, match=f"{field}: given - this layer has none - try {field} None"):
            cv.trace(layer, **{field: [1]})

    @pytest.mark.parametrize("seed", ["3", 2.5, None, [], float("nan"), 10**5000, True], ids=named)
    def test_a_seed_is_a_whole_number(self, seed):
        with pytest.raises(cv.LayerError) as caught:
            cv.trace(cv.Conv(3, 2), seed=seed)
        cv.trace(cv.Conv(3, 2), **caught.value.fix)


HUGE = [
    cv.Conv(10**9, 3),
    cv.Conv((10**9,), 3),
    cv.Conv((10**9,) * 3, 3),
    cv.Conv((10**9, 1), 1),
    cv.Conv(10**9, 1, stride=10**9),  # a single step, but what an input
    cv.Conv(10**6, 10**6),
    cv.Conv(5, 3, padding=10**6),
    cv.Conv((5,), 1, stride=10**12, padding=10**12),  # a single step, but what a canvas
    cv.Conv(5, 3, padding="full", dilation=10**9),
    cv.Conv(5, 3, in_channels=10**9),
    cv.Conv(5, 3, out_channels=10**9),
    cv.Conv(1, 1, in_channels=10**5, out_channels=10**5),
    cv.depthwise(5, 3, 10**9),
    cv.Conv(10**4, 10**4, padding=10**4, in_channels=10**4, out_channels=10**4),
    cv.Conv(10**5, 3, padding=10**4, padding_mode="reflect"),
    cv.ConvTranspose(10**9, 3, 2, 1, 1),
    cv.ConvTranspose((2,), 2, stride=10**12),
    cv.ConvTranspose(2, 2, stride=10**6),
    cv.ConvTranspose(1, 1, stride=10**12, output_padding=10**12 - 1),
    cv.ConvTranspose((10**9,), 1, padding=((10**9 - 1, 0),)),  # crops all but one cell
    cv.MaxPool(10**9, 2),
    cv.MaxPool((10**9,), 3, 2, 1, ceil_mode=True),
    cv.MaxPool(5, 2, channels=10**9),
    cv.AvgPool(10**9, 10**9),
    cv.Dense(10**9, 1),
    cv.Dense(1, 10**9),
    cv.Dense(10**9, 10**9),
]


class TestTooMany:
    @pytest.mark.parametrize("layer", HUGE, ids=lambda layer: f"{layer.kind}-{layer.input_size}-{layer.output_size}")
    def test_is_refused_before_any_array_is_made_and_the_fix_fits(self, layer):
        tracemalloc.start()
        try:
            with pytest.raises(cv.LayerError) as caught:
                cv.trace(layer)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 2**20
        error = caught.value
        assert error.key == "too_many_taps"
        assert error.field in error.fix
        assert held(replace(layer, **error.fix)) <= LIMIT
        assert str(error).endswith("try " + ", ".join(f"{name} {value}" for name, value in error.fix.items()))

    @pytest.mark.parametrize(
        ("layer", "fix"),
        [
            (cv.Conv(10**9, 3), {"input_size": 1367}),
            (cv.Conv((10**9,), 3), {"input_size": (5_592_407,)}),
            (cv.Conv((10**9, 4), 3), {"input_size": (932_069, 4)}),
            (cv.MaxPool(10**9, 2), {"input_size": 4096}),
            (cv.Conv(5, 3, in_channels=10**9), {"in_channels": 207_126}),
            (cv.Conv(5, 3, out_channels=10**9), {"out_channels": 1_864_135}),
            (cv.Dense(10**9, 2), {"in_features": 2**23}),
            (cv.Dense(1, 10**9), {"out_features": 2**24}),
            (cv.ConvTranspose(2, 2, stride=10**6), None),
        ],
    )
    def test_the_fix_is_the_nearest_that_fits(self, layer, fix):
        with pytest.raises(cv.LayerError) as caught:
            cv.trace(layer)
        assert fix is None or caught.value.fix == fix

    @settings(max_examples=cases(2_000))
    @given(layers(), st.integers(1, 300))
    def test_with_a_lower_limit_every_layer_is_traced_or_mended(self, layer, limit):
        module = sys.modules["convviz.trace"]
        before, module.TRACE_LIMIT = module.TRACE_LIMIT, limit
        try:
            try:
                trace = cv.trace(layer)
            except cv.LayerError as error:
                trace = cv.trace(replace(layer, **error.fix))
            arrays_ = [trace.x, trace.weight, trace.windows, trace.output]
            assert all(array.size <= limit for array in arrays_ if array is not None)
        finally:
            module.TRACE_LIMIT = before

    @settings(max_examples=cases(1_500))
    @given(layers())
    def test_the_size_computed_in_advance_is_the_size_of_the_trace(self, layer):
        trace = cv.trace(layer)
        arrays_ = [trace.x, trace.weight, trace.windows, trace.output, *(axis.canvas for axis in layer.taps.axes)]
        assert max(array.size for array in arrays_ if array is not None) == held(layer)
