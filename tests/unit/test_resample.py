"""Upsampling and pixel shuffle: their values, taps, costs, and how evenly they cover an output with a convolution."""

from __future__ import annotations

from collections import Counter

import depth
import numpy as np
import oracles
import pytest
from depth import cases
from drawn import SEEDS, floats, integers, shuffles, upsamples
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.network import stack_from_text

KINDS = st.sampled_from(("small", "small", "huge"))
NEAREST, BILINEAR = st.just("nearest"), st.just("bilinear")


def closed(output, wanted):
    assert output.shape == wanted.shape
    np.testing.assert_allclose(output, np.asarray(wanted, dtype=np.float64), rtol=1e-12, atol=1e-12)


class TestAgainstPlainLoops:
    @settings(max_examples=cases(300))
    @given(upsamples(modes=NEAREST), SEEDS, KINDS)
    def test_nearest_copies_whole_numbers_of_any_size(self, layer, seed, kind):
        x = integers(layer.x_shape, seed, kind)
        wanted = oracles.upsampled(x, layer.scale_factor, "nearest")
        assert cv.trace(layer, x).output.tolist() == wanted.tolist()

    @settings(max_examples=cases(300))
    @given(upsamples(modes=BILINEAR), SEEDS, KINDS)
    def test_bilinear_is_the_float_next_to_the_true_mean(self, layer, seed, kind):
        x = integers(layer.x_shape, seed, kind)
        output = cv.trace(layer, x).output
        assert output.dtype == np.float64
        assert output.tolist() == oracles.upsampled(x, layer.scale_factor, "bilinear").astype(float).tolist()

    @settings(max_examples=cases(300))
    @given(upsamples(), SEEDS)
    def test_floats_are_close(self, layer, seed):
        x = floats(layer.x_shape, seed)
        closed(cv.trace(layer, x).output, oracles.upsampled(x, layer.scale_factor, layer.mode))

    @settings(max_examples=cases(300))
    @given(shuffles(), SEEDS, KINDS)
    def test_a_pixel_shuffle_moves_whole_numbers_of_any_size(self, layer, seed, kind):
        x = integers(layer.x_shape, seed, kind)
        assert cv.trace(layer, x).output.tolist() == oracles.shuffled(x, layer.upscale_factor).tolist()


@pytest.fixture(scope="module")
def torch():
    return depth.torch()


@pytest.mark.oracle
class TestAgainstTorch:
    @settings(max_examples=cases(300))
    @given(upsamples(modes=NEAREST), SEEDS)
    def test_nearest_is_torchs_interpolate(self, torch, layer, seed):
        x = integers(layer.x_shape, seed)
        wanted = torch.nn.functional.interpolate(
            torch.tensor(x, dtype=torch.float64)[None], scale_factor=layer.scale_factor, mode="nearest"
        )
        assert cv.trace(layer, x).output.tolist() == wanted[0].tolist()

    @settings(max_examples=cases(300))
    @given(upsamples(modes=BILINEAR), SEEDS)
    def test_bilinear_is_torchs_interpolate_with_corners_not_aligned(self, torch, layer, seed):
        x = floats(layer.x_shape, seed)
        mode = ("linear", "bilinear", "trilinear")[len(layer.input_size) - 1]
        wanted = torch.nn.functional.interpolate(
            torch.tensor(x)[None], scale_factor=layer.scale_factor, mode=mode, align_corners=False
        )
        closed(cv.trace(layer, x).output, wanted[0].numpy())

    @settings(max_examples=cases(300))
    @given(st.integers(1, 3), st.sampled_from((1, 2, 4)), SEEDS)
    def test_bilinear_by_a_power_of_two_is_exactly_torchs(self, torch, dims, factor, seed):
        x = integers((2, *(3 + n for n in range(dims))), seed)
        mode = ("linear", "bilinear", "trilinear")[dims - 1]
        wanted = torch.nn.functional.interpolate(
            torch.tensor(x, dtype=torch.float64)[None], scale_factor=factor, mode=mode, align_corners=False
        )
        assert cv.trace(cv.Upsample(x.shape[1:], factor, "bilinear", 2), x).output.tolist() == wanted[0].tolist()

    @settings(max_examples=cases(300))
    @given(shuffles(), SEEDS)
    def test_a_pixel_shuffle_is_torchs(self, torch, layer, seed):
        x = integers(layer.x_shape, seed)
        wanted = torch.nn.PixelShuffle(layer.upscale_factor)(torch.tensor(x)[None])
        assert cv.trace(layer, x).output.tolist() == wanted[0].tolist()


RESAMPLINGS = st.one_of(upsamples(), shuffles())


class TestSteps:
    @settings(max_examples=cases(300))
    @given(RESAMPLINGS, SEEDS)
    def test_the_products_of_a_step_add_up_to_its_output(self, layer, seed):
        trace = cv.trace(layer, integers(layer.x_shape, seed))
        for t, step in enumerate(trace):
            sums = step.products.reshape(len(step.taps), -1).sum(axis=0)
            closed(sums, trace.output.reshape(-1, len(trace))[:, t])
            assert np.ravel(step.total).tolist() == trace.output.reshape(-1, len(trace))[:, t].tolist()

    @settings(max_examples=cases(300))
    @given(RESAMPLINGS, SEEDS)
    def test_every_read_is_an_input_and_no_product_of_a_read_is_always_0(self, layer, seed):
        trace = cv.trace(layer, np.abs(integers(layer.x_shape, seed)) + 1)
        for step in trace:
            assert ((step.reads >= 0) & (step.reads < layer.input_size)).all()
            assert len({tuple(read) for read in step.reads.tolist()}) == len(step.reads)
            assert (np.asarray(step.products) > 0).all()

    @settings(max_examples=cases(300))
    @given(RESAMPLINGS, SEEDS)
    def test_read_by_input_cell_the_same_products_arrive_at_the_same_outputs(self, layer, seed):
        trace = cv.trace(layer, integers(layer.x_shape, seed))
        sums = np.zeros((layer.out_channels, *layer.output_size))
        for step in trace.scatter():
            for place, product in zip(step.output.tolist(), step.products, strict=True):
                sums[(slice(None), *place)] += np.reshape(product, -1)
        closed(sums, trace.output)

    @settings(max_examples=cases(300))
    @given(upsamples())
    def test_macs_of_a_blend_are_its_products_and_a_copy_has_none(self, layer):
        products = sum(step.products.size for step in cv.trace(layer))
        assert (layer.parameters, layer.macs) == (0, products if layer.mode == "bilinear" else 0)

    @settings(max_examples=cases(300))
    @given(RESAMPLINGS)
    def test_the_size_formula_is_the_input_times_the_factor(self, layer):
        for axis, (i, s, o) in enumerate(zip(layer.input_size, layer.stride, layer.output_size, strict=True)):
            assert o == i * s
            assert layer.formula(axis).text() == f"o = i · s = {i} · {s} = {o}"


class TestTaps:
    def test_nearest_has_one_an_output_and_so_has_a_pixel_shuffle(self):
        for layer in (cv.Upsample(3, 4), cv.PixelShuffle(3, 4)):
            assert set(layer.taps.output_counts.flat) == {1}
            assert set(layer.taps.input_counts.flat) == {16}

    def test_bilinear_has_two_an_axis_but_one_at_a_border_and_where_an_output_lies_on_an_input(self):
        assert cv.Upsample((3,), 2, "bilinear").taps.output_counts.tolist() == [1, 2, 2, 2, 2, 1]
        assert cv.Upsample((3,), 3, "bilinear").taps.output_counts.tolist() == [1, 1, 2, 2, 1, 2, 2, 1, 1]
        assert cv.Upsample((3,), 1, "bilinear").taps.output_counts.tolist() == [1, 1, 1]
        assert cv.Upsample((1,), 4, "bilinear").taps.output_counts.tolist() == [1, 1, 1, 1]

    @settings(max_examples=cases(300))
    @given(upsamples(modes=BILINEAR))
    def test_the_shares_of_an_output_add_up_to_1(self, layer):
        closed(layer.shares.sum(axis=1), np.ones(layer.taps.steps))
        assert ((layer.shares > 0) == layer.takes_part()).all()


def inside(counts, margin):
    """{count: how many of the cells that lie so far from all borders have it}."""
    return Counter(counts[(slice(margin, -margin),) * counts.ndim].ravel().tolist())


def chains(*layers):
    """(*output_size): how many chains of taps end in each output of a stack."""
    rows = [table.sum(axis=1) for table in cv.Network(layers).chains]
    return np.multiply.outer(*rows)


def weighed(*layers):
    """(*output_size): what each output gives for an input of ones, where every weight is 1."""
    network = cv.Network(layers)
    weights = {node.name: np.ones(node.layer.weight_shape, dtype=int) for node in network.nodes if node.parameters}
    return cv.trace(network, np.ones(network.x_shape, dtype=int), weights).output[0]


class TestCoverage:
    """Odena, Dumoulin and Olah, "Deconvolution and Checkerboard Artifacts" (Distill 2016): who covers evenly."""

    def test_a_transposed_convolution_whose_kernel_its_stride_does_not_divide_is_uneven(self):
        layer = cv.ConvTranspose(6, 3, stride=2)
        assert set(inside(layer.taps.output_counts, 2)) == {1, 2, 4}
        assert set(inside(weighed(layer), 2)) == {1, 2, 4}

    def test_one_whose_kernel_its_stride_divides_is_even(self):
        layer = cv.ConvTranspose(6, 4, stride=2)
        assert set(inside(layer.taps.output_counts, 2)) == {4}
        assert set(inside(weighed(layer), 2)) == {4}

    def test_nearest_and_then_a_convolution_is_even(self):
        stack = (cv.Upsample(6, 2), cv.Conv(12, 3, padding=1))
        assert set(inside(chains(*stack), 2)) == {9}
        assert set(inside(weighed(*stack), 2)) == {9}

    def test_bilinear_and_then_a_convolution_is_even(self):
        stack = (cv.Upsample(6, 2, "bilinear"), cv.Conv(12, 3, padding=1))
        assert set(inside(chains(*stack), 2)) == {36}, "nine reads, of four inputs each"
        assert set(inside(weighed(*stack), 2)) == {9}, "the four shares of a read add up to 1"

    def test_a_convolution_and_then_a_pixel_shuffle_is_even(self):
        stack = (cv.Conv(6, 3, padding=1, out_channels=4), cv.PixelShuffle(6, 2))
        assert set(inside(chains(*stack), 2)) == {9}
        assert set(inside(weighed(*stack), 2)) == {9}


class TestRefusals:
    @pytest.mark.parametrize(
        ("made", "said", "fix"),
        [
            (lambda: cv.Upsample(3, 0), "try scale_factor 1", {"scale_factor": 1}),
            (lambda: cv.Upsample(3, 1.6), "try scale_factor 2", {"scale_factor": 2}),
            (lambda: cv.Upsample(3, (2, 2, 2)), "try scale_factor 2", {"scale_factor": 2}),
            (lambda: cv.Upsample(3, 10**13), "try scale_factor 1000000000000", {"scale_factor": 10**12}),
            (lambda: cv.Upsample(3, 2, "trilinear"), "try mode bilinear", {"mode": "bilinear"}),
            (lambda: cv.Upsample(3, 2, "area"), "try mode nearest", {"mode": "nearest"}),
            (lambda: cv.PixelShuffle(3, 0), "try upscale_factor 1", {"upscale_factor": 1}),
            (lambda: cv.PixelShuffle(3, (2, 2)), "try upscale_factor 2", {"upscale_factor": 2}),
            (lambda: cv.PixelShuffle(3, 10**7), "try upscale_factor 1000000", {"upscale_factor": 10**6}),
            (lambda: cv.PixelShuffle((3,), 2), "try input_size 3", {"input_size": 3}),
            (lambda: cv.PixelShuffle(3, 10**6, 2), "try channels 1", {"channels": 1}),
            (lambda: cv.trace(cv.Upsample(5, 10**6)), "try", None),
            (lambda: cv.trace(cv.PixelShuffle(5, 10**5)), "try", None),
            (lambda: cv.trace(cv.Upsample(3), weight=[1]), "weight", {}),
        ],
    )
    def test_what_cannot_be_says_what_works(self, made, said, fix):
        with pytest.raises(cv.LayerError, match=said) as caught:
            made()
        assert fix is None or caught.value.fix == fix

    @pytest.mark.parametrize("layer", [cv.Upsample(5, 10**6), cv.PixelShuffle(5, 10**5), cv.Upsample(9, 2, "bilinear")])
    def test_a_matrix_and_a_round_trip_are_refused(self, layer):
        for view in ("matrix", "roundtrip", "stamp", "both"):
            with pytest.raises(cv.LayerError):
                cv.scene(layer, view)

    @pytest.mark.parametrize("text", ["pixelshuffle1d-i3", "pixelshuffle3d-i3", "upsample2d-i3-s0", "upsample2d-i3-mx"])
    def test_a_link_of_what_cannot_be_is_refused(self, text):
        with pytest.raises(cv.LayerError):
            stack_from_text(text)

    @pytest.mark.parametrize(
        ("channels", "factor", "wanted"), [(8, 2, (2, 2)), (6, 2, (1, 6)), (9, 4, (3, 1)), (12, 3, (2, 3))]
    )
    def test_in_a_network_a_pixel_shuffle_has_the_largest_factor_whose_square_divides(self, channels, factor, wanted):
        with pytest.raises(cv.LayerError) as caught:
            cv.Network([cv.Conv(4, 1, out_channels=channels), cv.PixelShuffle(5, factor)])
        mended = cv.Network(caught.value.fix["layers"]).layers[1]
        assert (mended.upscale_factor, mended.channels) == wanted

    def test_in_a_network_a_pixel_shuffle_after_one_axis_is_refused_without_a_fix(self):
        with pytest.raises(cv.LayerError, match="needs an input of 2 axes") as caught:
            cv.Network([cv.Conv((4,), 1), cv.PixelShuffle(4)])
        assert caught.value.fix == {}

    def test_in_a_network_a_wrong_size_or_number_of_channels_is_put_right(self):
        with pytest.raises(cv.LayerError, match="channels 2") as caught:
            cv.Network([cv.Conv(4, 3, padding=1, out_channels=2), cv.Upsample(4)])
        assert cv.Network(caught.value.fix["layers"]).output_size == (8, 8)
