"""Every layer computes what plain loops, SciPy, ONNX's reference and PyTorch compute."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product
from math import prod

import depth
import numpy as np
import oracles
import pytest
from depth import cases
from drawn import SAME, SEEDS, arrays, avgpools, convs, denses, integers, maxpools, tconvs
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import convviz as cv

KINDS = st.sampled_from(("small", "small", "huge"))


def conv_arguments(layer):
    return layer.stride, layer.pads, layer.dilation, layer.groups, layer.padding_mode, layer.flip


def tconv_arguments(layer):
    return layer.stride, layer.pads, layer.extra, layer.dilation, layer.groups, layer.flip


def run(layer, x, weight, bias):
    """The layer's output, which has the shape that the layer said it would have."""
    output = cv.trace(layer, x, weight, bias).output
    channels = getattr(layer, "out_channels", len(x))
    assert output.shape == ((channels, *layer.output_size) if layer.shared else (layer.out_features,))
    return output


def assert_equal(output, wanted):
    assert output.shape == wanted.shape
    assert output.tolist() == wanted.tolist()


def assert_close(output, wanted):
    assert output.dtype == np.float64
    np.testing.assert_allclose(output, np.asarray(wanted, dtype=np.float64), rtol=1e-10, atol=1e-10)


class TestAgainstPlainLoops:
    @settings(max_examples=cases(4_000))
    @given(convs(), SEEDS, KINDS)
    def test_a_convolution_of_integers_is_exact(self, layer, seed, kind):
        x, weight, bias = arrays(layer, seed, kind)
        assert_equal(run(layer, x, weight, bias), oracles.convolve(x, weight, bias, *conv_arguments(layer)))

    @settings(max_examples=cases(1_000))
    @given(convs(), SEEDS)
    def test_a_convolution_of_floats_is_close(self, layer, seed):
        x, weight, bias = arrays(layer, seed, "float")
        assert_close(run(layer, x, weight, bias), oracles.convolve(x, weight, bias, *conv_arguments(layer)))

    @settings(max_examples=cases(3_000))
    @given(tconvs(), SEEDS, KINDS)
    def test_a_transposed_convolution_of_integers_is_exact(self, layer, seed, kind):
        x, weight, bias = arrays(layer, seed, kind)
        assert_equal(run(layer, x, weight, bias), oracles.convolve_transposed(x, weight, bias, *tconv_arguments(layer)))

    @settings(max_examples=cases(600))
    @given(tconvs(), SEEDS)
    def test_a_transposed_convolution_of_floats_is_close(self, layer, seed):
        x, weight, bias = arrays(layer, seed, "float")
        assert_close(run(layer, x, weight, bias), oracles.convolve_transposed(x, weight, bias, *tconv_arguments(layer)))

    @settings(max_examples=cases(2_500))
    @given(maxpools(), SEEDS, KINDS)
    def test_max_pooling_of_integers_is_exact_and_padding_never_wins(self, layer, seed, kind):
        x = integers(layer.x_shape, seed, kind) - 20
        wanted = oracles.pool(x, layer.kernel_size, layer.stride, layer.pads, layer.dilation, layer.ceil_mode)
        assert_equal(run(layer, x, None, None), wanted)

    @settings(max_examples=cases(2_000))
    @given(avgpools(), SEEDS, KINDS)
    def test_average_pooling_is_the_mean_as_a_float(self, layer, seed, kind):
        x = integers(layer.x_shape, seed, kind)
        counted = layer.count_include_pad and layer.padding not in SAME
        window = (layer.kernel_size, layer.stride, layer.pads, layer.dilation, layer.ceil_mode)
        assert_close(run(layer, x, None, None), oracles.pool(x, *window, mean=True, count_padding=counted))

    @settings(max_examples=cases(600))
    @given(denses(), SEEDS, KINDS)
    def test_a_dense_layer_of_integers_is_exact(self, layer, seed, kind):
        x, weight, bias = arrays(layer, seed, kind)
        wanted = [
            sum(int(w) * int(v) for w, v in zip(row, x, strict=True)) + (0 if bias is None else int(bias[n]))
            for n, row in enumerate(weight)
        ]
        assert run(layer, x, weight, bias).tolist() == wanted


GRID = tuple(product(range(1, 8), range(1, 6), range(1, 5), range(4), (1, 2, 3), (False, True)))
"""Along one axis: size, kernel, stride, padding, dilation, ceil_mode. A padding of 3 is more than some kernels take."""


def poolings(dims):
    """Every pooling of the grid: its class, its arguments, and what a mean counts; in 2-D over all pairs of sizes."""
    for size, k, s, p, d, ceil_mode in GRID:
        for sizes in ((size,),) if dims == 1 else ((size, other) for other in range(1, 8)):
            arguments = {"input_size": sizes, "kernel_size": k, "stride": s, "padding": p, "ceil_mode": ceil_mode}
            yield cv.MaxPool, arguments | {"dilation": d}
            if d == 1:
                for counted in (True, False):
                    yield cv.AvgPool, arguments | {"count_include_pad": counted}


def a_share_of(grid, count):
    """So many of a grid's entries, the same at every run; all of them if there are no more."""
    entries = list(grid)
    return random.Random(7).sample(entries, min(count, len(entries)))


def pooled(kind, arguments, x):
    """The output of a pooling, or None where it is refused; what is then said to try must work."""
    try:
        layer = kind(**arguments)
    except cv.LayerError as error:
        kind(**arguments | error.fix)
        return None
    return run(layer, x, None, None)


class TestEveryPooling:
    """Shape, value, acceptance and refusal of the whole grid; the loops know no other layer of this library."""

    @pytest.mark.parametrize(("dims", "count"), [(1, 5600), (2, 12_000)])
    def test_is_what_plain_loops_give_or_is_refused_if_they_give_nothing(self, dims, count):
        for kind, arguments in a_share_of(poolings(dims), cases(count)):
            sizes, pads = arguments["input_size"], ((arguments["padding"],) * 2,) * dims
            window = [(arguments[name],) * dims for name in ("kernel_size", "stride")]
            window += [pads, (arguments.get("dilation", 1),) * dims, arguments["ceil_mode"]]
            x = integers((1, *sizes), prod(sizes))
            output = pooled(kind, arguments, x)
            assert (output is not None) == oracles.poolable(sizes, *window), arguments
            if output is not None:
                mean, counted = kind is cv.AvgPool, arguments.get("count_include_pad", False)
                wanted = oracles.pool(x, *window, mean=mean, count_padding=counted)
                np.testing.assert_allclose(output, wanted.astype(float), rtol=1e-12, err_msg=str(arguments))

    @pytest.mark.parametrize(("size", "k", "s", "outputs"), [(10, 1, 2, 5), (32, 8, 4, 7), (4, 3, 3, 2), (6, 1, 2, 3)])
    def test_a_window_that_would_start_in_the_padding_after_the_input_is_dropped(self, size, k, s, outputs):
        for kind in (cv.MaxPool, cv.AvgPool):
            assert kind((size,), k, s, ceil_mode=True).output_size == (outputs,)

    @pytest.mark.parametrize(
        ("counted", "ceil_mode", "wanted"),
        [
            (True, False, [6 / 3, 16 / 3, 16 / 3]),
            (False, False, [6 / 2, 16 / 3, 16 / 3]),
            (True, True, [6 / 3, 16 / 3, 16 / 3, 7 / 2]),
            (False, True, [6 / 2, 16 / 3, 16 / 3, 7 / 1]),
        ],
    )
    def test_the_padding_counts_as_told_and_what_hangs_over_never(self, counted, ceil_mode, wanted):
        layer = cv.AvgPool((6,), 3, 2, padding=1, ceil_mode=ceil_mode, count_include_pad=counted)
        assert cv.trace(layer, [[2, 4, 3, 9, 0, 7]]).output.tolist() == [wanted]

    @pytest.mark.parametrize(
        ("layer", "x", "wanted"),
        [
            (cv.MaxPool((1,), 2, 2, ceil_mode=True), [[7]], [[7]]),
            (cv.AvgPool(2, 3, 2, ceil_mode=True), [[[0, 1], [2, 3]]], [[[1.5]]]),
            (cv.MaxPool((4,), 3, 2, dilation=2, ceil_mode=True), [[0, 1, 2, 3]], [[2]]),
            (cv.AvgPool((3,), 9, 9, ceil_mode=True), [[1, 2, 6]], [[3.0]]),  # a pooler larger than its map
        ],
    )
    def test_takes_what_is_left_of_a_window_that_hangs_over(self, layer, x, wanted):
        assert cv.trace(layer, x).output.tolist() == wanted

    @pytest.mark.parametrize("kind", [cv.MaxPool, cv.AvgPool])
    def test_is_refused_where_a_whole_stride_would_hang_over(self, kind):
        with pytest.raises(cv.LayerError, match="a window may extend past it by 1: try kernel_size") as caught:
            kind((1,), 5, 2, ceil_mode=True)
        assert caught.value.fix == {"kernel_size": (2,)}
        with pytest.raises(cv.LayerError) as caught:
            kind(0, 5, 2, ceil_mode=True)
        assert caught.value.fix == {"input_size": 4}


class TestSame:
    @settings(max_examples=cases(2_000))
    @given(tconvs(), st.sampled_from(SAME), SEEDS, KINDS)
    def test_a_transposed_convolution_is_the_gradient_of_tensorflows_convolution(self, layer, word, seed, kind):
        layer = replace(layer, padding=word, output_padding=0)
        assert layer.output_size == tuple(i * s for i, s in zip(layer.input_size, layer.stride, strict=True))
        x, weight, bias = arrays(layer, seed, kind)
        lower = word == "same_lower"
        others = (layer.stride, layer.dilation, lower, layer.groups, layer.flip)
        assert_equal(run(layer, x, weight, bias), oracles.transposed_same(x, weight, bias, *others))

    @settings(max_examples=cases(1_000))
    @given(tconvs(), st.sampled_from(SAME))
    def test_its_output_is_the_input_times_the_stride_whatever_output_padding_adds(self, layer, word):
        layer = replace(layer, padding=word)
        assert layer.output_size == tuple(i * s for i, s in zip(layer.input_size, layer.stride, strict=True))

    @pytest.mark.parametrize(
        ("k", "s", "word", "cropped", "added"),
        [
            (3, 2, "same", (0, 1), 0),
            (3, 2, "same_lower", (1, 0), 0),
            (4, 2, "same", (1, 1), 0),
            (2, 5, "same", (0, 0), 3),
        ],
    )
    def test_the_odd_cell_is_cropped_after_or_before_and_what_lacks_is_added_after(self, k, s, word, cropped, added):
        layer = cv.ConvTranspose((3,), k, s, word)
        assert (layer.pads, layer.extra, layer.output_size) == ((cropped,), (added,), (3 * s,))

    @settings(max_examples=cases(1_000))
    @given(convs(), st.sampled_from(SAME))
    def test_a_padded_layer_has_ceil_of_size_by_stride_outputs_and_the_odd_cell_on_its_side(self, layer, word):
        assume(layer.padding_mode == "zeros")
        layer = replace(layer, padding=word)
        assert layer.output_size == tuple(-(-i // s) for i, s in zip(layer.input_size, layer.stride, strict=True))
        for before, after in layer.pads:
            assert (before - after if word == "same_lower" else after - before) in (0, 1)

    @settings(max_examples=cases(1_200))
    @given(convs(modes=st.just("zeros"), flip=st.just(False)), st.sampled_from(("same_upper", "same_lower")), SEEDS)
    def test_a_convolution_is_onnxs(self, layer, word, seed):
        layer = replace(layer, padding=word)
        x, weight, bias = arrays(layer, seed)
        wanted = oracles.onnx_run(
            "Conv",
            [array for array in (x[None], weight, bias) if array is not None],
            auto_pad=word.upper(),
            strides=layer.stride,
            dilations=layer.dilation,
            group=layer.groups,
        )
        assert_equal(run(layer, x, weight, bias), wanted[0])

    @settings(max_examples=cases(1_200))
    @given(tconvs(flip=st.just(False)), st.sampled_from(("same_upper", "same_lower")), SEEDS)
    def test_a_transposed_convolution_is_onnxs_where_nothing_is_added(self, layer, word, seed):
        """Where a stamp is narrower than the stride, its reference adds half before; others add none."""
        assume(all(e >= s for e, s in zip(layer.span, layer.stride, strict=True)))
        layer = cv.ConvTranspose(layer.input_size, layer.kernel_size, layer.stride, word, dilation=layer.dilation)
        x, weight, _ = arrays(layer, seed)
        others = {"strides": layer.stride, "dilations": layer.dilation, "auto_pad": word.upper()}
        assert_equal(run(layer, x, weight, None), oracles.onnx_run("ConvTranspose", [x[None], weight], **others)[0])

    @settings(max_examples=cases(600))
    @given(avgpools(rounding=st.just(False)), st.sampled_from(("same_upper", "same_lower")), SEEDS)
    def test_an_average_pooling_is_onnxs(self, layer, word, seed):
        """Its reference knows no stride wider than the window, and no such max pooling without a stride."""
        assume(all(k >= s for k, s in zip(layer.kernel_size, layer.stride, strict=True)))
        layer = replace(layer, padding=word)
        x = integers(layer.x_shape, seed)
        others = {"strides": layer.stride, "kernel_shape": layer.kernel_size, "auto_pad": word.upper()}
        assert_close(run(layer, x, None, None), oracles.onnx_run("AveragePool", [x[None]], **others)[0])

    @pytest.mark.parametrize("word", ["SAME", "Same", "sAME_loWER", "SAME_UPPER", "Valid"])
    @pytest.mark.parametrize("kind", [cv.Conv, cv.ConvTranspose, cv.MaxPool, cv.AvgPool])
    def test_a_word_is_one_in_any_case_of_letters(self, kind, word):
        assert kind(5, 4, stride=2, padding=word) == kind(5, 4, stride=2, padding=word.lower())
        assert kind(5, 4, stride=2, padding=word).padding == word.lower()


class TestAgainstSciPy:
    @settings(max_examples=cases(2_500))
    @given(convs(), SEEDS)
    def test_a_convolution_is_correlate_over_the_padded_input(self, layer, seed):
        x, weight, bias = arrays(layer, seed)
        assert_equal(run(layer, x, weight, bias), oracles.scipy_convolve(x, weight, bias, *conv_arguments(layer)))

    @settings(max_examples=cases(2_000))
    @given(tconvs(), SEEDS)
    def test_a_transposed_convolution_is_convolve_of_the_spread_input(self, layer, seed):
        x, weight, bias = arrays(layer, seed)
        assert_equal(run(layer, x, weight, bias), oracles.scipy_transposed(x, weight, bias, *tconv_arguments(layer)))

    @settings(max_examples=cases(800))
    @given(st.integers(3, 9), st.integers(3, 9), st.integers(0, 1), SEEDS)
    def test_padding_modes_are_those_of_ndimage(self, height, width, reach, seed):
        from scipy import ndimage

        x, weight = integers((1, height, width), seed), integers((1, 1, 2 * reach + 1, 2 * reach + 1), seed + 1)
        names = {"zeros": "constant", "reflect": "mirror", "replicate": "nearest", "circular": "grid-wrap"}
        for mode, name in names.items():
            layer = cv.Conv((height, width), 2 * reach + 1, padding=reach, padding_mode=mode)
            assert_equal(run(layer, x, weight, None)[0], ndimage.correlate(x[0], weight[0, 0], mode=name))

    @settings(max_examples=cases(400))
    @given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 2), SEEDS)
    def test_max_pooling_is_ndimages_maximum_filter(self, height, width, reach, seed):
        from scipy import ndimage

        layer = cv.MaxPool((height, width), 2 * reach + 1, stride=1, padding=reach)
        x = integers(layer.x_shape, seed)
        wanted = ndimage.maximum_filter(x[0], 2 * reach + 1, mode="constant", cval=-100)
        assert_equal(run(layer, x, None, None)[0], wanted)


class TestAgainstOnnx:
    """Small integers in float64 are exact there too."""

    @settings(max_examples=cases(1_200))
    @given(convs(modes=st.just("zeros"), flip=st.just(False)), SEEDS)
    def test_conv(self, layer, seed):
        x, weight, bias = arrays(layer, seed)
        wanted = oracles.onnx_run(
            "Conv",
            [array for array in (x[None], weight, bias) if array is not None],
            strides=layer.stride,
            pads=oracles.onnx_pads(layer.pads),
            dilations=layer.dilation,
            group=layer.groups,
        )
        assert_equal(run(layer, x, weight, bias), wanted[0])

    @settings(max_examples=cases(1_200))
    @given(tconvs(flip=st.just(False), words=False), SEEDS)
    def test_conv_transpose(self, layer, seed):
        """Group by group, as the reference mixes groups up; and with what its col2im takes of output_padding."""
        less = tuple(min(a, s - 1) for a, s in zip(layer.output_padding, layer.stride, strict=True))
        assume(all(o > e - a for o, e, a in zip(layer.output_size, layer.output_padding, less, strict=True)))
        layer = replace(layer, output_padding=less)
        x, weight, bias = arrays(layer, seed)
        parts = [np.split(array, layer.groups) for array in (x, weight, bias) if array is not None]
        wanted = [
            oracles.onnx_run(
                "ConvTranspose",
                [part[0][None], *part[1:]],
                strides=layer.stride,
                pads=oracles.onnx_pads(layer.pads),
                output_padding=layer.output_padding,
                dilations=layer.dilation,
            )[0]
            for part in zip(*parts, strict=True)
        ]
        assert_equal(run(layer, x, weight, bias), np.concatenate(wanted))

    @settings(max_examples=cases(1_200))
    @given(maxpools(), SEEDS)
    def test_max_pool(self, layer, seed):
        """Strided or dilated: the reference forgets the padding of a max pooling that is neither."""
        assume(max(*layer.stride, *layer.dilation) > 1)
        x = integers(layer.x_shape, seed)
        wanted = oracles.onnx_run(
            "MaxPool",
            [x[None]],
            kernel_shape=layer.kernel_size,
            strides=layer.stride,
            pads=oracles.onnx_pads(layer.pads),
            dilations=layer.dilation,
            ceil_mode=int(layer.ceil_mode),
        )
        assert_equal(run(layer, x, None, None), wanted[0])

    @settings(max_examples=cases(1_200))
    @given(avgpools(words=False, rounding=st.just(False)), SEEDS)
    def test_average_pool(self, layer, seed):
        """Rounded down: the reference puts half of what ceil_mode adds before the input."""
        x = integers(layer.x_shape, seed)
        wanted = oracles.onnx_run(
            "AveragePool",
            [x[None]],
            kernel_shape=layer.kernel_size,
            strides=layer.stride,
            pads=oracles.onnx_pads(layer.pads),
            count_include_pad=int(layer.count_include_pad),
        )
        assert_close(run(layer, x, None, None), wanted[0])

    @settings(max_examples=cases(600))
    @given(denses(), SEEDS)
    def test_gemm(self, layer, seed):
        x, weight, bias = arrays(layer, seed)
        given_arrays = [array for array in (x[None], weight, bias) if array is not None]
        assert_equal(run(layer, x, weight, bias), oracles.onnx_run("Gemm", given_arrays, transB=1)[0])


@pytest.fixture(scope="module")
def torch():
    return depth.torch()


@pytest.mark.oracle
class TestAgainstTorch:
    """Where PyTorch is installed: its float64 is exact for small integers."""

    @staticmethod
    def double(torch, array):
        return None if array is None else torch.tensor(np.asarray(array, dtype=np.float64))

    @settings(max_examples=cases(2_000))
    @given(convs(flip=st.just(False), symmetric=True, words=False), SEEDS)
    def test_conv(self, torch, layer, seed):
        arrays_ = arrays(layer, seed)
        module = getattr(torch.nn, f"Conv{len(layer.input_size)}d")(
            layer.in_channels,
            layer.out_channels,
            layer.kernel_size,
            layer.stride,
            tuple(before for before, _ in layer.pads),
            layer.dilation,
            layer.groups,
            layer.bias,
            layer.padding_mode,
            dtype=torch.float64,
        )
        x, weight, bias = (self.double(torch, array) for array in arrays_)
        with torch.no_grad():
            module.weight.copy_(weight)
            if layer.bias:
                module.bias.copy_(bias)
            wanted = module(x[None])[0].numpy()
        assert_equal(run(layer, *arrays_), wanted)
        assert layer.parameters == sum(p.numel() for p in module.parameters())

    @settings(max_examples=cases(800))
    @given(convs(flip=st.just(False), modes=st.just("zeros")), SEEDS)
    def test_padding_same(self, torch, layer, seed):
        layer = cv.Conv(layer.input_size, layer.kernel_size, padding="same", dilation=layer.dilation)
        arrays_ = arrays(layer, seed)
        x, weight, _ = (self.double(torch, array) for array in arrays_)
        conv = getattr(torch.nn.functional, f"conv{len(layer.input_size)}d")
        wanted = conv(x[None], weight, padding="same", dilation=layer.dilation)
        assert_equal(run(layer, *arrays_), wanted[0].numpy())

    @settings(max_examples=cases(2_000))
    @given(tconvs(flip=st.just(False), symmetric=True, words=False), SEEDS)
    def test_conv_transpose(self, torch, layer, seed):
        arrays_ = arrays(layer, seed)
        x, weight, bias = (self.double(torch, array) for array in arrays_)
        wanted = getattr(torch.nn.functional, f"conv_transpose{len(layer.input_size)}d")(
            x[None],
            weight,
            bias,
            layer.stride,
            tuple(before for before, _ in layer.pads),
            layer.output_padding,
            layer.groups,
            layer.dilation,
        )
        assert_equal(run(layer, *arrays_), wanted[0].numpy())

    @settings(max_examples=cases(2_000))
    @given(maxpools(symmetric=True, words=False), SEEDS)
    def test_max_pool(self, torch, layer, seed):
        x = integers(layer.x_shape, seed)
        pool = getattr(torch.nn.functional, f"max_pool{len(layer.input_size)}d")
        pads = tuple(before for before, _ in layer.pads)
        wanted = pool(
            self.double(torch, x)[None], layer.kernel_size, layer.stride, pads, layer.dilation, layer.ceil_mode
        )
        assert_equal(run(layer, x, None, None), wanted[0].numpy())

    @settings(max_examples=cases(2_000))
    @given(avgpools(symmetric=True, words=False), SEEDS)
    def test_average_pool(self, torch, layer, seed):
        if len(layer.input_size) == 3:  # its avg_pool3d wants an input that holds the kernel without padding
            assume(all(i >= k for i, k in zip(layer.input_size, layer.kernel_size, strict=True)))
        x = integers(layer.x_shape, seed)
        pool = getattr(torch.nn.functional, f"avg_pool{len(layer.input_size)}d")
        pads = tuple(before for before, _ in layer.pads)
        wanted = pool(
            self.double(torch, x)[None],
            layer.kernel_size,
            layer.stride,
            pads,
            layer.ceil_mode,
            layer.count_include_pad,
        )
        assert_close(run(layer, x, None, None), wanted[0].numpy())

    @pytest.mark.parametrize("dims", [1, 2])
    def test_every_pooling_of_the_grid(self, torch, dims):
        """Where a window reads no input PyTorch gives minus infinity, which is no number: those are refused here."""
        for kind, arguments in a_share_of(poolings(dims), cases(60_000)):
            x = integers((1, *arguments["input_size"]), prod(arguments["input_size"]))
            output = pooled(kind, arguments, x)
            others = {name: value for name, value in arguments.items() if name != "input_size"}
            function = getattr(torch.nn.functional, f"{'max' if kind is cv.MaxPool else 'avg'}_pool{dims}d")
            try:
                wanted = function(self.double(torch, x)[None], **others)[0].numpy()
            except RuntimeError:
                assert output is None, arguments
                continue
            assert (output is None) == np.isinf(wanted).any(), arguments
            if output is not None:
                assert output.shape == wanted.shape, arguments
                np.testing.assert_allclose(output, wanted, rtol=1e-12, err_msg=str(arguments))

    @settings(max_examples=cases(400))
    @given(denses(), SEEDS)
    def test_linear(self, torch, layer, seed):
        arrays_ = arrays(layer, seed)
        wanted = torch.nn.functional.linear(*(self.double(torch, array) for array in arrays_))
        assert_equal(run(layer, *arrays_), wanted.numpy())


class TestTranspose:
    @settings(max_examples=cases(3_000))
    @given(convs(modes=st.just("zeros")), SEEDS, KINDS)
    def test_is_the_adjoint_under_the_same_weight(self, layer, seed, kind):
        """<Cx, y> = <x, C^T y>: the definition of a transpose, exactly."""
        layer = replace(layer, bias=False)
        back = layer.transpose()
        assert back.weight_shape == layer.weight_shape
        x, weight = integers(layer.x_shape, seed, kind), integers(layer.weight_shape, seed + 1, kind)
        y = integers(back.x_shape, seed + 2, kind)
        forward, backward = run(layer, x, weight, None), run(back, y, weight, None)
        assert oracles.inner(forward, y) == oracles.inner(x, backward)

    @settings(max_examples=cases(2_000))
    @given(convs(modes=st.just("zeros")))
    def test_restores_the_size_and_the_channels(self, layer):
        back = layer.transpose()
        assert back.output_size == layer.input_size
        assert (back.in_channels, back.out_channels) == (layer.out_channels, layer.in_channels)

    @pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
    def test_needs_zero_padding(self, mode):
        with pytest.raises(cv.LayerError, match="only convolutions padded with zeros") as caught:
            cv.Conv(5, 3, padding=1, padding_mode=mode).transpose()
        assert caught.value.fix == {"padding_mode": "zeros"}


CLASSICS = {  # name: i, o, p, k, s, d; cells of the canvas; steps; the canvas and steps of its transpose
    "no_padding_no_strides": (4, 2, 0, 3, 1, 1, 4, 4, 6, 16),
    "arbitrary_padding_no_strides": (5, 6, 2, 4, 1, 1, 9, 36, 8, 25),
    "same_padding_no_strides": (5, 5, 1, 3, 1, 1, 7, 25, 7, 25),
    "full_padding_no_strides": (5, 7, 2, 3, 1, 1, 9, 49, 7, 25),
    "no_padding_strides": (5, 2, 0, 3, 2, 1, 5, 4, 7, 25),
    "padding_strides": (5, 3, 1, 3, 2, 1, 7, 9, 7, 25),
    "padding_strides_odd": (6, 3, 1, 3, 2, 1, 8, 9, 8, 36),
    "dilation": (7, 3, 0, 3, 1, 2, 7, 9, None, None),
}


class TestKnownSizes:
    """The animations of arXiv 1603.07285, which everybody in the field has seen."""

    @pytest.mark.parametrize("name", CLASSICS)
    def test_a_classic_has_its_output_canvas_and_steps(self, name):
        i, o, p, k, s, d, canvas, steps, _, _ = CLASSICS[name]
        layer = cv.Conv(i, k, s, p, d)
        assert layer.output_size == (o, o)
        assert layer.taps.canvas_shape == (canvas, canvas)
        assert layer.taps.steps == len(cv.trace(layer)) == steps

    @pytest.mark.parametrize("name", [name for name in CLASSICS if name != "dilation"])
    def test_a_transposed_classic_has_its_output_canvas_and_steps(self, name):
        i, o, p, k, s, d, _, _, canvas, steps = CLASSICS[name]
        layer = cv.Conv(i, k, s, p, d).transpose()
        assert layer.input_size == (o, o)
        assert layer.output_padding == ((i + 2 * p - k) % s,) * 2
        assert layer.output_size == (i, i)
        assert layer.taps.canvas_shape == (canvas, canvas)
        assert layer.taps.axes[0].origin == k - 1 - p
        assert layer.taps.steps == steps

    @pytest.mark.parametrize(
        ("layer", "size", "parameters", "macs"),
        [
            (cv.Conv(224, 7, 2, 3, in_channels=3, out_channels=64), 112, 9_408, 118_013_952),  # ResNet-50, first
            (cv.Conv(227, 11, 4, in_channels=3, out_channels=96, bias=True), 55, 34_944, 105_415_200),  # AlexNet, first
            (cv.Conv(224, 3, 1, 1, in_channels=3, out_channels=64, bias=True), 224, 1_792, 86_704_128),  # VGG-16, first
            (cv.depthwise(112, 3, 32, padding=1), 112, 288, 3_612_672),  # MobileNet v1, first depthwise
            (cv.pointwise(112, 32, 64), 112, 2_048, 25_690_112),  # MobileNet v1, first pointwise
            (cv.ConvTranspose(4, 4, 2, 1, in_channels=512, out_channels=256), 8, 2_097_152, 33_554_432),  # DCGAN
        ],
    )
    def test_a_published_layer_has_its_size_and_cost(self, layer, size, parameters, macs):
        assert layer.output_size == (size, size)
        assert (layer.parameters, layer.macs) == (parameters, macs)

    @pytest.mark.parametrize(
        ("layer", "size"),
        [
            (cv.MaxPool(112, 3, 2, 1), 56),
            (cv.MaxPool(55, 3, 2), 27),
            (cv.MaxPool(5, 2), 2),
            (cv.MaxPool(5, 2, ceil_mode=True), 3),
            (cv.MaxPool(5, 2, 3, 1, ceil_mode=True), 2),  # a third window would start in the padding
            (cv.AvgPool(7, 7), 1),
            (cv.Conv(5, 3, 2, "same"), 3),
            (cv.Conv(5, 3, 2, "full"), 4),
        ],
    )
    def test_a_pooling_or_a_padding_word_gives_its_size(self, layer, size):
        assert layer.output_size == (size, size)


class TestCosts:
    @settings(max_examples=cases(1_000))
    @given(st.one_of(convs(), tconvs()))
    def test_parameters_are_the_weights_and_biases(self, layer):
        trace = cv.trace(layer)
        assert layer.parameters == trace.weight.size + (layer.bias and trace.bias.size)

    @settings(max_examples=cases(600))
    @given(convs())
    def test_macs_of_a_convolution_are_its_products(self, layer):
        assert layer.macs == sum(step.products.size for step in cv.trace(layer))

    @settings(max_examples=cases(600))
    @given(tconvs())
    def test_macs_of_a_transposed_convolution_are_its_stamped_products(self, layer):
        assert layer.macs == sum(step.products.size for step in cv.trace(layer).scatter())

    def test_pooling_has_no_weights_and_multiplies_nothing(self):
        for layer in (cv.MaxPool(4, 2), cv.AvgPool(4, 2)):
            assert (layer.parameters, layer.macs, layer.weight_shape) == (0, 0, None)

    def test_sharing_is_what_a_dense_layer_lacks(self):
        assert cv.Conv(28, 3, padding=1).parameters == 9
        assert cv.Dense(28 * 28, 28 * 28, bias=False).parameters == 614_656

    @given(st.integers(1, 8), st.integers(1, 8), st.integers(1, 5))
    def test_separable_costs_one_over_n_plus_one_over_k_squared(self, channels, outs, k):
        """arXiv 1704.04861, section 3.1."""
        whole = cv.Conv(6, k, padding="same", in_channels=channels, out_channels=outs)
        parts = cv.separable(6, k, channels, outs, padding="same")
        assert parts.macs * outs * k * k == whole.macs * (k * k + outs)
        assert prod(parts.output_size) == prod(whole.output_size)
