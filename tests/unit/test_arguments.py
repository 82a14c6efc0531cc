"""Wrong arguments raise LayerError alone, which says what, why and what to try; and what it says to try works."""

from __future__ import annotations

import re
from dataclasses import fields

import numpy as np
import pytest
from depth import cases
from drawn import layers
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.layers import REGISTRY
from convviz.layers.arguments import LARGEST

FORM = re.compile(r"[a-z_]+: .+ - .+ - try .+|kernel_size .+ spans .+: try .+")
NESTED: list = []
NESTED.append(NESTED)


class Unshowable:
    def __repr__(self):
        raise RuntimeError("cannot be shown")


WRONG = [
    *("3", "abc", "", "Same", "val", "full", "causal", "same", "valid", "a\nb", "reflect", "yes", "1" * 5000, b"3"),
    *(None, True, False, np.True_, 2.5, 0.0, -0.5, float("nan"), float("inf"), -float("inf"), 1j, np.float64(3)),
    *(0, -1, 3, 4, 7, 100, -(10**30), 10**9, 10**30, 10**5000, -(10**5000), np.int64(2), np.uint8(0)),
    *([], (), [[]], [[3]], [3, [3]], (3, 3, 3, 3), (0, 0), (-1, 2), (2, -1), (7, 1), (1, 7), (3,), [3, 3], (3, 3, 3)),
    *(((-1, 1), (0, 0)), ((0, 9), (9, 0)), ((1, 2, 3), (1,)), ((1, "2"), (0, 0)), ((0, 1),), ((None, 1), (1, 1))),
    *([float("nan"), 3], [None, None], ["3", "3"], [True, True], [10**5000, 1], (10**30, 1)),
    *({}, {3}, {"a": 1}, range(3), object(), Unshowable(), int, NESTED, np.array([3, 3]), np.array(3), np.array([])),
]

BASES = [
    (cv.Conv, {"input_size": 5, "kernel_size": 3}),
    (cv.Conv, {"input_size": (7,), "kernel_size": 3, "stride": 2, "padding": ((0, 1),), "dilation": 2}),
    (cv.Conv, {"input_size": (3, 4, 5), "kernel_size": (2, 2, 3), "padding": 1, "padding_mode": "reflect"}),
    (cv.Conv, {"input_size": 3, "kernel_size": 5, "padding": 1, "groups": 2, "in_channels": 4, "out_channels": 6}),
    (cv.Conv, {"input_size": (2, 9), "kernel_size": (6, 3), "padding": (2, 0), "padding_mode": "circular"}),
    (cv.Conv, {"input_size": (6,), "kernel_size": 4, "padding": "causal", "bias": True}),
    (cv.Conv, {"input_size": 6, "kernel_size": 4, "padding": "same", "stride": 2, "flip": True}),
    (cv.ConvTranspose, {"input_size": 3, "kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1}),
    (cv.ConvTranspose, {"input_size": (2,), "kernel_size": 2, "padding": 1, "dilation": 3, "output_padding": 2}),
    (cv.ConvTranspose, {"input_size": (1, 2, 3), "kernel_size": 3, "padding": ((1, 1), (0, 2), (2, 0)), "groups": 1}),
    (cv.MaxPool, {"input_size": 5, "kernel_size": 3, "padding": 1, "stride": 2, "dilation": 1}),
    (cv.MaxPool, {"input_size": (7,), "kernel_size": 2, "padding": 1, "dilation": 6, "ceil_mode": True}),
    (cv.MaxPool, {"input_size": (3, 3, 3), "kernel_size": 2, "channels": 2}),
    (cv.AvgPool, {"input_size": 4, "kernel_size": 2, "padding": ((0, 1), (1, 0)), "count_include_pad": False}),
    (cv.AvgPool, {"input_size": (5,), "kernel_size": 4, "padding": "same", "stride": 3}),
    (cv.AdaptiveMaxPool, {"input_size": 7, "output_size": 3, "channels": 2}),
    (cv.AdaptiveAvgPool, {"input_size": (2, 5, 3), "output_size": (1, 2, 3)}),
    (cv.Upsample, {"input_size": 3, "scale_factor": 2, "mode": "bilinear", "channels": 2}),
    (cv.Upsample, {"input_size": (2, 3, 4), "scale_factor": (1, 2, 3)}),
    (cv.PixelShuffle, {"input_size": (2, 3), "upscale_factor": 3, "channels": 2}),
    (cv.Dense, {"in_features": 4, "out_features": 2, "bias": True}),
]
CASES = [
    pytest.param(kind, base, field.name, id=f"{kind.kind}{number}-{field.name}")
    for number, (kind, base) in enumerate(BASES)
    for field in fields(kind)
]


def error_of(kind, arguments):
    """The LayerError that these arguments raise, or None; anything else goes through."""
    try:
        kind(**arguments)
    except cv.LayerError as error:
        return error
    return None


def assert_helps(kind, arguments, error):
    """The sentence has its form and names the whole fix, and with the fix the layer can be made."""
    sentence = str(error)
    assert FORM.fullmatch(sentence), sentence
    assert error.fix, sentence
    tried = sentence.rpartition(" try " if " - try " in sentence else ": try ")[2]
    assert tried == ", ".join(f"{name} {value}" for name, value in error.fix.items()), sentence
    assert set(error.fix) <= {field.name for field in fields(kind)}
    assert error_of(kind, arguments | error.fix) is None, sentence


class TestOneWrongArgument:
    @pytest.mark.parametrize(("kind", "base", "name"), CASES)
    def test_is_refused_with_a_fix_that_works(self, kind, base, name):
        assert error_of(kind, base) is None
        refused = 0
        for value in WRONG:
            arguments = base | {name: value}
            error = error_of(kind, arguments)
            if error:
                assert_helps(kind, arguments, error)
                refused += 1
        assert refused > len(WRONG) / 2

    @pytest.mark.parametrize(
        ("layer", "sentence"),
        [
            (lambda: cv.Conv(5, 3, stride=0), "stride: 0 - must be at least 1 - try stride 1"),
            (
                lambda: cv.Conv(5, "3"),
                "kernel_size: '3' - must be a whole number, or one for each axis - try kernel_size 3",
            ),
            (
                lambda: cv.Conv(5, 5, dilation=2, padding=1),
                "kernel_size 5 with dilation 2 spans 9 cells, but the padded input has 7: try dilation 1",
            ),
            (
                lambda: cv.Conv(3, 5),
                "kernel_size 5 with dilation 1 spans 5 cells, but the padded input has 3: try kernel_size 3",
            ),
            (lambda: cv.Conv(0, 3), "input_size: 0 - must be at least 1 - try input_size 3"),
            (
                lambda: cv.Conv((5,), 3, padding=((-1, 1),)),
                "padding: ((-1, 1),) - must be at least 0 - try padding ((0, 1),)",
            ),
            (
                lambda: cv.Conv(5, 3, in_channels=4, out_channels=6, groups=4),
                "groups: 4 - must divide in_channels 4 and out_channels 6 - try groups 2",
            ),
            (
                lambda: cv.Conv(5, 3, padding=5, padding_mode="reflect"),
                "padding: 5 - reflect can pad at most 4 cells for an input of 5 - try padding 4",
            ),
            (
                lambda: cv.Conv(5, 3, padding="causal"),
                "padding: causal - looks back along one axis, but the input has 2 - try padding same",
            ),
            (
                lambda: cv.ConvTranspose(3, 3, 2, output_padding=2),
                "output_padding: 2 - must be smaller than the stride 2 or the dilation 1 - try output_padding 1",
            ),
            (
                lambda: cv.ConvTranspose(1, 3, padding=2),
                "padding: 2 - crops the whole output of 3 cells - try padding 1",
            ),
            (
                lambda: cv.MaxPool(5, 3, padding=2),
                "padding: 2 - pooling allows at most half a window, 1 cell - try padding 1",
            ),
            (
                lambda: cv.MaxPool(2, 2, padding=1, dilation=3),
                "dilation: 3 - some windows would read only padding: the input has 2 cells - try dilation 2",
            ),
            (
                lambda: cv.Dense(10**13, 1),
                "in_features: 10000000000000 - must be at most 1,000,000,000,000 - try in_features 1000000000000",
            ),
        ],
    )
    def test_reads_well(self, layer, sentence):
        with pytest.raises(cv.LayerError) as caught:
            layer()
        assert str(caught.value) == sentence

    @pytest.mark.parametrize(
        ("kind", "arguments"),
        [
            (cv.Conv, {"input_size": (2, 9, 3), "kernel_size": (3, 3, 9)}),
            (cv.Conv, {"input_size": (2, 9), "kernel_size": (2, 4), "dilation": (3, 4)}),
            (cv.Conv, {"input_size": (1, 1), "kernel_size": (2, 2), "dilation": 9, "padding": ((0, 1), (1, 0))}),
            (cv.Conv, {"input_size": (3, 3), "kernel_size": 9, "padding": 3, "padding_mode": "reflect"}),
            (cv.Conv, {"input_size": (1, 5), "kernel_size": 3, "padding": (2, 0), "padding_mode": "circular"}),
            (cv.Conv, {"input_size": (4,), "kernel_size": 9, "padding": "full", "padding_mode": "reflect"}),
            (cv.Conv, {"input_size": 5, "kernel_size": 3, "in_channels": 7 * 10**11, "groups": 10**6}),
            (cv.Conv, {"input_size": 5, "kernel_size": 3, "in_channels": 999_999_999_989, "groups": 2}),
            (cv.ConvTranspose, {"input_size": (1, 4), "kernel_size": (1, 2), "padding": ((3, 1), (0, 5))}),
            (cv.ConvTranspose, {"input_size": (2, 2), "kernel_size": 2, "stride": (1, 3), "output_padding": 5}),
            (cv.ConvTranspose, {"input_size": 2, "kernel_size": 1, "padding": ((0, 2), (10**12, 0))}),
            (cv.ConvTranspose, {"input_size": 2, "kernel_size": 3, "padding": "full"}),
            (cv.MaxPool, {"input_size": (1, 3), "kernel_size": (3, 9), "padding": 4}),
            (cv.MaxPool, {"input_size": (4, 2), "kernel_size": 2, "padding": 1, "dilation": (9, 3)}),
            (cv.AvgPool, {"input_size": (1, 3), "kernel_size": (1, 2), "padding": ((1, 0), (2, 2))}),
            (cv.AvgPool, {"input_size": 3, "kernel_size": 2, "padding": "full"}),
        ],
    )
    def test_a_combination_is_refused_with_a_fix_that_works(self, kind, arguments):
        error = error_of(kind, arguments)
        assert_helps(kind, arguments, error)

    @pytest.mark.parametrize("word", ["padding_mode", "padding"])
    def test_a_word_that_is_nearly_known_is_told_the_known_one(self, word):
        near = {"padding_mode": ("Reflection", "reflect"), "padding": ("sameish", "same")}[word]
        with pytest.raises(cv.LayerError) as caught:
            cv.Conv(5, 3, **{word: near[0]})
        assert caught.value.fix == {word: near[1]}

    @pytest.mark.parametrize("name", ["channels", "multiplier"])
    @pytest.mark.parametrize("value", ["3", None, 2.5, 0, True, [], 10**30])
    def test_a_depthwise_convolution_refuses_in_its_own_names(self, name, value):
        with pytest.raises(cv.LayerError) as caught:
            cv.depthwise(5, 3, **{name: value})
        assert set(caught.value.fix) == {name}
        cv.depthwise(5, 3, **caught.value.fix)

    @pytest.mark.parametrize("name", ["in_channels", "out_channels"])
    @pytest.mark.parametrize("value", ["3", None, 2.5, 0, True, []])
    def test_so_do_a_pointwise_and_a_separable_one(self, name, value):
        for make in (lambda **a: cv.pointwise(5, **a), lambda **a: cv.separable(5, 3, **a)):
            with pytest.raises(cv.LayerError) as caught:
                make(**{name: value})
            make(**caught.value.fix)


class TestManyWrongArguments:
    ANYTHING = st.one_of(
        st.sampled_from(WRONG),
        st.integers(-3, 12),
        st.tuples(st.integers(-1, 9), st.integers(-1, 9)),
        st.lists(st.tuples(st.integers(-1, 9), st.integers(-1, 9)), max_size=3).map(tuple),
        st.sampled_from(("reflect", "circular", "replicate", "zeros", "same", "full", True, False)),
    )

    @settings(max_examples=cases(6_000))
    @given(st.data())
    def test_only_layer_errors_come_and_the_fix_works_at_once(self, data):
        kind = data.draw(st.sampled_from(REGISTRY))
        arguments = {field.name: data.draw(self.ANYTHING) for field in fields(kind)}
        error = error_of(kind, arguments)
        if error:
            assert_helps(kind, arguments, error)

    @settings(max_examples=cases(3_000))
    @given(layers(), st.data())
    def test_a_working_layer_with_one_argument_changed_is_made_or_mended(self, layer, data):
        kind = type(layer)
        arguments = {field.name: getattr(layer, field.name) for field in fields(kind)}
        name = data.draw(st.sampled_from(sorted(arguments)))
        arguments[name] = data.draw(self.ANYTHING)
        error = error_of(kind, arguments)
        if error:
            assert_helps(kind, arguments, error)

    def test_fixing_one_argument_after_the_other_ends_too(self):
        arguments = {
            "input_size": "2",
            "kernel_size": (9, 9, 9),
            "stride": -1,
            "padding": [[1]],
            "groups": 4.0,
            "bias": 1,
        }
        rounds = 0
        while (error := error_of(cv.Conv, arguments)) is not None:
            arguments[error.field] = error.fix[error.field]
            rounds += 1
        assert rounds <= 7


class TestWhatIsTaken:
    def test_whole_numbers_of_numpy_and_lists_are_settled_to_plain_tuples(self):
        layer = cv.Conv(np.int64(5), [3, np.uint8(2)], padding=[[1, 0], (0, 1)], bias=np.True_)
        assert layer == cv.Conv((5, 5), (3, 2), padding=((1, 0), (0, 1)), bias=True)
        assert {type(n) for n in (*layer.input_size, *layer.kernel_size, *layer.padding[0])} == {int}
        assert layer.bias is True

    def test_one_number_means_two_axes_and_a_tuple_has_an_entry_an_axis(self):
        assert cv.Conv(5, 3).output_size == (3, 3)
        assert cv.Conv((5,), 3).output_size == (3,)
        assert cv.Conv((5, 6, 7), 3).output_size == (3, 4, 5)

    def test_paddings_mean_what_the_frameworks_mean(self):
        assert cv.Conv(5, 4, padding="valid").pads == ((0, 0), (0, 0))
        assert cv.Conv(5, 4, padding="same").pads == ((1, 2), (1, 2))  # TensorFlow's: the odd one after
        assert cv.Conv(6, 3, 2, padding="same").pads == ((0, 1), (0, 1))
        assert cv.Conv(5, 4, padding="full").pads == ((3, 3), (3, 3))
        assert cv.Conv((5,), 3, dilation=2, padding="causal").pads == ((4, 0),)
        assert cv.Conv(5, 3, padding=(1, (0, 2))).pads == ((1, 1), (0, 2))

    @given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 6), st.integers(1, 4))
    def test_same_gives_ceil_of_size_by_stride(self, i, k, s, d):
        assert cv.Conv((i,), k, s, "same", d).output_size == (-(-i // s),)
        assert cv.MaxPool((i,), k, s, "same").output_size == (-(-i // s),)

    def test_layers_are_values(self):
        layer = cv.Conv(5, 3)
        assert layer == cv.Conv((5, 5), (3, 3))
        assert hash(layer) == hash(cv.Conv((5, 5), (3, 3)))
        with pytest.raises(AttributeError):
            layer.stride = 2

    def test_the_largest_numbers_are_counted_and_not_laid_out(self):
        layer = cv.Conv((LARGEST,) * 3, 3, padding=LARGEST, in_channels=10**9)
        assert layer.output_size == (3 * LARGEST - 2,) * 3
        assert layer.macs == (3 * LARGEST - 2) ** 3 * 27 * 10**9
        assert layer.formula().value == 3 * LARGEST - 2
