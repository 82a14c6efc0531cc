"""A layer's text says all of it, and nothing else is a layer's text."""

from __future__ import annotations

import string

import pytest
from drawn import layers
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.layers import REGISTRY
from convviz.layers.notation import EXAMPLE, LONGEST, from_text, to_text
from convviz.network import LAYERS, stack_from_text, stack_to_text, stacked

TEXTS = [
    (cv.Conv(5, 3, stride=2, padding=1), "conv2d-i5-k3-s2-p1"),
    (cv.Conv((5,), 3), "conv1d-i5-k3"),
    (cv.Conv((3, 4, 5), (1, 2, 3)), "conv3d-i3x4x5-k1x2x3"),
    (cv.Conv((5, 7), 3, padding=((0, 1), (2, 2)), padding_mode="reflect"), "conv2d-i5x7-k3-p0.1x2-mreflect"),
    (cv.Conv((9,), 2, padding="causal", dilation=4, bias=True, flip=True), "conv1d-i9-k2-pcausal-d4-b1-f1"),
    (cv.depthwise(5, 3, 2), "conv2d-i5-k3-c2-o2-g2"),
    (cv.Conv(5, 4, padding="SAME_LOWER"), "conv2d-i5-k4-psame_lower"),
    (cv.ConvTranspose(3, 3, 2, 1, 1), "tconv2d-i3-k3-s2-p1-a1"),
    (cv.ConvTranspose((3,), 3, 2, "Same_Upper"), "tconv1d-i3-k3-s2-psame_upper"),
    (cv.MaxPool(4, 2), "maxpool2d-i4-k2"),
    (cv.MaxPool(4, 2, stride=1, ceil_mode=True), "maxpool2d-i4-k2-s1-e1"),
    (cv.AvgPool((9,), 3, padding=1, count_include_pad=False), "avgpool1d-i9-k3-p1-n0"),
    (cv.AdaptiveMaxPool(7, 3), "adaptivemaxpool2d-i7-o3"),
    (cv.AdaptiveAvgPool((4, 6), (1, 4), 2), "adaptiveavgpool2d-i4x6-o1x4-c2"),
    (cv.Upsample(4), "upsample2d-i4"),
    (cv.Upsample((4, 2, 1), (1, 2, 3), "bilinear", 2), "upsample3d-i4x2x1-s1x2x3-mbilinear-c2"),
    (cv.PixelShuffle((2, 3), 3, 2), "pixelshuffle2d-i2x3-s3-c2"),
    (cv.Dense(4, 2), "dense-i4-o2"),
    (cv.Dense(4, 2, bias=False), "dense-i4-o2-b0"),
]

HOSTILE = [
    *("", "-", "conv2d", "conv2d-", "conv2d-i5", "conv2d--i5-k3", "conv2d-i5-k3-", "-conv2d-i5-k3", "conv4d-i5-k3"),
    *("conv-i5-k3", "Conv2d-i5-k3", "conv2d-i5-k3\n", "conv2d\n-i5-k3", "conv2d-i5-k3 ", "conv2d-i 5-k3", "lstm-i5"),
    *("conv2d-i5-k3-k3", "conv2d-i5-k3-z1", "conv2d-i5-k", "conv2d-ix-k3", "conv2d-i5x-k3", "conv2d-i5x5x5-k3"),
    *("conv2d-i5.1-k3", "conv2d-i5-k3-p1.2.3", "conv2d-i5-k3-p.", "conv2d-i5-k3-p-1", "conv2d-i5-k3-s0"),
    *("conv2d-i٥-k3", "conv2d-i5-k３", "conv2d-i5-k²", "conv2d-i1e3-k3", "conv2d-i0x5-k3", "conv2d-i5-k3-b2"),
    *(
        "conv2d-i5-k3-psome",
        "conv2d-i5-k3-psame_",
        "conv2d-i5-k3-p_same",
        "conv2d-i5-k3-psame__lower",
        "conv2d-i5-k3-pcausal",
        "conv2d-i5-k3-mwrong",
        "conv2d-i5-k3-m",
        "conv2d-i5-k3-g2",
    ),
    *(
        "conv2d-i99999999999999-k3",
        "conv2d-i" + "9" * 5000 + "-k3",
        "conv2d-i5-k3-" * 1000,
        "\0",
        "\ud800",
        "🙂",
        "%s{0}{field}",
    ),
    *("dense", "dense2d-i5-o3", "dense-i5x5-o3", "dense-i5", "tconv2d-i1-k1-p9", "maxpool2d-i4-k2-p2", "__class__"),
    *(None, 5, 2.5, b"conv2d-i5-k3", [], ["conv2d-i5-k3"], {"a": 1}, object()),
]


@settings(max_examples=500)
@given(layers())
def test_a_text_stands_for_just_its_layer(layer):
    assert from_text(to_text(layer)) == layer


@given(layers())
def test_a_text_needs_no_escaping_in_a_link(layer):
    assert set(to_text(layer)) <= set(string.ascii_lowercase + string.digits + "-._")


@pytest.mark.parametrize(("layer", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_what_is_usual_is_left_out(layer, text):
    assert to_text(layer) == text
    assert from_text(text) == layer


@pytest.mark.parametrize("kind", REGISTRY, ids=lambda kind: kind.kind)
def test_each_argument_has_a_letter_of_its_own(kind):
    letters = [parameter.letter for parameter in kind.parameter_list]
    assert len(set(letters)) == len(letters)
    assert all(len(letter) == 1 for letter in letters)


@pytest.mark.parametrize("text", HOSTILE, ids=[str(n) for n in range(len(HOSTILE))])
def test_any_other_text_is_refused(text):
    for read in (from_text, stack_from_text):
        with pytest.raises(cv.LayerError) as caught:
            read(text)
        assert " - try " in str(caught.value)
        assert "\n" not in str(caught.value)


PIECES = st.sampled_from(("conv2d", "-", "i5", "k3", "p1", "s2", "x", ".", "0", "~", "dense", "o2", "g2"))


@settings(max_examples=400)
@given(
    st.one_of(
        st.text(max_size=40),
        st.text(alphabet="convtdmaxpl123-.ikspx0~", max_size=60),
        st.lists(PIECES).map("".join),
        layers().map(to_text).flatmap(lambda text: st.integers(0, len(text)).map(lambda n: text[:n] + text[n + 1 :])),
    )
)
def test_chance_texts_are_layers_or_are_refused(text):
    try:
        layer = from_text(text)
    except cv.LayerError:
        return
    assert from_text(to_text(layer)) == layer


def test_the_example_that_a_refusal_names_is_a_layer():
    with pytest.raises(cv.LayerError) as caught:
        from_text("?")
    assert caught.value.fix == {"layer": EXAMPLE}
    assert to_text(from_text(EXAMPLE)) == EXAMPLE


def test_the_longest_layer_fits_into_a_text():
    most = 10**6 - 1
    layer = cv.Conv(
        (most, most - 1, most - 2),
        (most - 10, most - 11, most - 12),
        (most - 13, most - 14, most - 15),
        ((most, most - 1), (most - 2, most - 3), (most - 4, most - 5)),
        (1, 2, 1),
        most,
        most,
        most,
        "replicate",
        True,
        True,
    )
    assert len(to_text(layer)) <= LONGEST
    assert from_text(to_text(layer)) == layer


class TestStacks:
    @given(st.integers(1, 4), st.lists(st.integers(1, 9), min_size=2, max_size=5), st.integers(1, 3))
    def test_a_stacks_text_stands_for_just_its_layers(self, kernel_size, dilations, dims):
        network = stacked(kernel_size, dilations, dims)
        assert stack_from_text(stack_to_text(network)) == network

    def test_a_stack_of_one_is_a_layer(self):
        assert stack_from_text("conv2d-i5-k3") == cv.Conv(5, 3)
        assert stack_to_text(cv.Conv(5, 3)) == "conv2d-i5-k3"

    @pytest.mark.parametrize("text", ["~", "conv2d-i5-k3~", "~conv2d-i5-k3", "conv2d-i5-k3~conv2d-i5-k3"])
    def test_layers_that_do_not_fit_are_refused(self, text):
        with pytest.raises(cv.LayerError):
            stack_from_text(text)

    def test_no_more_layers_are_read_than_a_stack_has(self):
        one = "conv2d-i5-k1"
        assert len(stack_from_text("~".join([one] * LAYERS)).layers) == LAYERS
        with pytest.raises(cv.LayerError):
            stack_from_text("~".join([one] * (LAYERS + 1)))
        with pytest.raises(cv.LayerError):
            stack_from_text("~" * 10**6)
