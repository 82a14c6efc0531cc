"""However large a layer is asked for, a picture of it is drawn soon or refused with a layer that can be drawn."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import convviz as cv
from convviz.errors import LayerError
from convviz.layers.notation import from_text
from convviz.network import stack_from_text
from convviz.page.link import from_query
from convviz.scene.canvas import number
from convviz.scene.limits import CELLS, STEPS, TAPS, refuse_large, refuse_large_matrix
from convviz.scene.stack_limits import WIDEST, refuse_large_stack

LARGE = {
    "conv2d-i400-k3": "too_many_cells",
    "conv2d-i70-k1": "too_many_steps",
    "conv2d-i60-k11": "too_many_drawn",
    "conv2d-i40-k3-c20-o20": "too_many_cells",
    "conv2d-i5-k3-p300": "too_many_cells",
    "conv3d-i20-k5": "too_many_cells",
    "tconv2d-i30-k3-s9": "too_many_cells",
    "tconv2d-i2-k2-s900": "too_many_cells",
    "maxpool2d-i200-k2": "too_many_cells",
}


@pytest.mark.parametrize(("text", "key"), LARGE.items(), ids=LARGE)
def test_what_is_too_large_names_what_to_turn_down_and_it_works(text: str, key: str) -> None:
    layer: Any = from_text(text)
    with pytest.raises(LayerError) as refused:
        refuse_large(layer)
    assert refused.value.key == key and refused.value.fix
    smaller = replace(layer, **refused.value.fix)
    refuse_large(smaller)
    cv.scene(smaller)


@pytest.mark.parametrize("text", ["conv2d-i32-k3-p1", "conv2d-i60-k5", "tconv2d-i16-k4-s2-p1", "conv2d-i8-k3-c4-o8"])
def test_what_a_class_looks_at_is_not(text: str) -> None:
    refuse_large(from_text(text))


def test_a_matrix_and_a_stack_have_limits_of_their_own() -> None:
    with pytest.raises(LayerError, match="the matrix would have") as matrix:
        refuse_large_matrix(cv.Conv(32, 3))
    refuse_large_matrix(cv.Conv(kernel_size=3, **matrix.value.fix))


class TestStacks:
    """A stack is refused for what its picture draws, and the refusal names the layer and layers that can be drawn."""

    LENET = (
        cv.Conv(32, 5, out_channels=6),
        cv.AvgPool(28, 2, channels=6),
        cv.Conv(14, 5, in_channels=6, out_channels=16),
        cv.AvgPool(10, 2, channels=16),
        cv.Dense(400, 120),
        cv.Dense(120, 84),
        cv.Dense(84, 10),
    )

    @pytest.mark.parametrize(
        ("layers", "cells"),
        [
            ((cv.Conv(12, 3, in_channels=3, out_channels=64), cv.Conv(10, 3, in_channels=64, out_channels=64)), 308),
            (LENET, 32**2 + 28**2 + 14**2 + 10**2 + 5**2 + 120 + 84 + 10),
            ((cv.Conv(13, 3, padding=1, in_channels=9, out_channels=9),) * 64, 65 * 13**2),
            ((cv.Dense(9_000, 2_000), cv.Dense(2_000, 500)), 11_500),
        ],
        ids=["64 channels", "LeNet-5", "64 layers", "dense"],
    )
    def test_one_channel_a_layer_is_drawn_and_counted(self, layers: Any, cells: int) -> None:
        assert cv.scene(cv.Network(layers)).cells == cells

    @pytest.mark.parametrize(
        ("layers", "named", "nearest"),
        [
            ([cv.Conv(100, 3), cv.Conv(98, 3)], "layer 1: conv", "input_size 65"),
            ([cv.Conv(9, 3), cv.ConvTranspose(7, 3, stride=300), cv.Conv(1803, 3)], "layer 2: tconv", "input_size 3"),
            ([cv.MaxPool(4, 2), cv.ConvTranspose(2, 1, stride=3), cv.Conv(4, 3, padding=90)], "layer 3: conv", "p"),
            ([cv.Conv(5, 3, padding=300), cv.Conv(603, 3)], "layer 1: conv", "padding 37"),
            ([cv.Conv(5, 3), cv.Dense(9, 20_000)], "layer 2: dense", "out_features 11966"),
            ([cv.Dense(900_000, 2), cv.Dense(2, 2)], "layer 1: dense", "in_features 11996"),
            ([cv.Conv((5,), 300_001, padding=150_000), cv.Conv((5,), 1)], "layer 1: conv", "conv1d-i1-k1"),
            ([cv.Conv((5,), 1), cv.Conv((5,), 300_001, padding=150_000)], "layer 2: conv", "layers[:1]"),
            ([cv.Conv(20, 3, padding=1)] * 40, "layer 30: conv", "input_size 17"),
        ],
    )
    def test_a_refusal_names_the_layer_and_its_fix_can_be_drawn(self, layers: Any, named: str, nearest: str) -> None:
        with pytest.raises(LayerError) as refused:
            cv.scene(cv.Network(layers))
        said = str(refused.value)
        assert said.startswith(named) and f" - try {nearest}" in said, said
        assert refused.value.text("zh").startswith(f"第 {said.split(':')[0].split()[1]} 层")
        assert cv.scene(cv.Network(**refused.value.fix)).cells <= CELLS

    @pytest.mark.parametrize("view", [None, "stack"])
    def test_each_view_refuses_a_long_kernel_before_its_taps_are_made(self, view: str | None) -> None:
        with pytest.raises(LayerError, match=r"1,500,0\d\d products"):
            cv.scene(stack_from_text("conv1d-i5-k300001-p150000~conv1d-i5-k1"), view=view)

    def test_the_input_that_is_named_is_the_largest(self) -> None:
        with pytest.raises(LayerError) as refused:
            refuse_large_stack(cv.Network([cv.Conv(100, 3), cv.Conv(98, 3)]))
        (side, _), *_ = (layer.input_size for layer in refused.value.fix["layers"])
        refuse_large_stack(cv.Network([cv.Conv(side, 3), cv.Conv(side - 2, 3)]))
        with pytest.raises(LayerError):
            refuse_large_stack(cv.Network([cv.Conv(side + 1, 3), cv.Conv(side - 1, 3)]))

    def test_a_row_that_is_too_long_to_be_seen_is_refused_but_not_one_at_a_zoom(self) -> None:
        wide = cv.Network([cv.Conv((WIDEST + 1,), 2, padding="causal"), cv.Conv((WIDEST + 1,), 2, padding="causal")])
        with pytest.raises(LayerError, match="257 cells, at most 256 can be told apart") as refused:
            cv.scene(wide, view="coverage")
        assert cv.scene(cv.Network(**refused.value.fix), view="coverage").cells == 3 * WIDEST
        assert cv.scene(wide, view="strip").steps


@pytest.mark.parametrize("layer", ["conv2d-i9999-k3", "conv2d-i5-k3-p99999", "conv2d-i99-k3-c999", "conv3d-i99-k9"])
@pytest.mark.parametrize("view", ["flat", "isometric", "matrix", "coverage"])
def test_a_link_to_something_huge_opens_the_lesson_at_once(layer: str, view: str) -> None:
    state, wrong = from_query({"layer": layer, "view": view}, "convolution")
    assert wrong and state.scene().steps <= STEPS


def test_limits_are_those_that_are_written_down() -> None:
    assert (CELLS, STEPS, TAPS) == (12_000, 4_096, 2**18)


class TestExact:
    """Whole numbers of any size are counted exactly, in every view."""

    LARGE = 2**53 + 1

    def texts(self, view: str) -> set[str]:
        x = np.zeros((1, 4, 4), dtype=np.int64)
        x[0, 1, 1] = self.LARGE
        made = cv.trace(cv.Conv(4, 1), x, np.ones((1, 1, 1, 1), dtype=np.int64))
        picture = cv.scene(made, view)
        return set(picture.texts_at(picture.steps - 1))

    @pytest.mark.parametrize("view", ["flat", "isometric", "matrix"])
    def test_a_sum_is_not_rounded(self, view: str) -> None:
        assert number(self.LARGE) in self.texts(view)

    def test_numbers_are_as_long_as_a_cell_takes(self) -> None:
        assert [number(v) for v in (0, -3, 2.0, 0.5, -1.25, 1 / 3)] == ["0", "−3", "2", "0.5", "−1.25", "0.333"]
        assert len(number(123456789.123)) <= 9 and len(number(1.23456e-9)) <= 9


class TestSentences:
    """What is said of odd layers is what they do."""

    def said(self, layer: Any, view: str, step: int = 0, **values: Any) -> str:
        return cv.scene(cv.trace(layer, **values), view).sentence(step)

    def test_padding_is_counted_in_every_channel(self) -> None:
        one, three = (self.said(cv.Conv(3, 3, padding=1, in_channels=c), "flat") for c in (1, 3))
        assert " 5 " in one and " 15 " in three

    def test_a_row_of_the_matrix_has_as_many_entries_as_inputs_it_reads(self) -> None:
        row = cv.scene(cv.Conv(3, 3, padding=1, padding_mode="reflect"), "matrix")
        assert " 4 " in row.sentence(0)  # nine taps, which fold onto four inputs

    def test_an_input_that_is_never_read_stamps_nothing(self) -> None:
        picture = cv.scene(cv.Conv(6, 3, stride=2).transpose(), "stamp")
        assert picture.steps and "stamps nothing" not in picture.sentence(0)

    def test_a_negative_bias_stands_in_brackets(self) -> None:
        picture = cv.scene(cv.trace(cv.Conv(3, 3, bias=True), bias=np.array([-2])), "flat")
        assert picture.arithmetic(0).split(" = ")[0].endswith(" + (−2)")


def test_errors_travel_between_processes() -> None:
    with pytest.raises(LayerError) as caught:
        cv.Conv(5, 9)
    twin = pickle.loads(pickle.dumps(caught.value))
    assert (str(twin), twin.key, twin.fix, twin.text("zh")) == (
        str(caught.value),
        caught.value.key,
        caught.value.fix,
        caught.value.text("zh"),
    )


@pytest.mark.parametrize("nothing", [None, "conv2d-i5-k3", 7, object(), cv.Conv])
def test_whatever_is_not_a_layer_is_refused(nothing: Any) -> None:
    for ask in (cv.trace, cv.scene):
        with pytest.raises(LayerError, match="is not a layer"):
            ask(nothing)
