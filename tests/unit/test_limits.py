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
from convviz.scene.canvas import number
from convviz.scene.limits import CELLS, STEPS, TAPS, refuse_large, refuse_large_matrix, refuse_large_stack
from convviz.state import from_query

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
    with pytest.raises(LayerError, match="the picture would have") as stack:
        refuse_large_stack(cv.Network([cv.Conv(100, 3), cv.Conv(98, 3)]))
    side = stack.value.fix["input_size"]
    refuse_large_stack(cv.Network([cv.Conv(side, 3), cv.Conv(side - 2, 3)]))
    with pytest.raises(LayerError):
        refuse_large_stack(cv.Network([cv.Conv(side + 1, 3), cv.Conv(side - 1, 3)]))


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
def test_what_is_no_layer_is_refused(nothing: Any) -> None:
    for ask in (cv.trace, cv.scene):
        with pytest.raises(LayerError, match="is not a layer"):
            ask(nothing)
