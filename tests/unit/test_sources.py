"""Where the input's values come from: what choosing a source makes of a state, and what is shown of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

import convviz as cv
from convviz.errors import LayerError
from convviz.page.averages import Box, averaged
from convviz.page.link import from_query, to_query
from convviz.page.offers import offered, standing
from convviz.page.shapes import SHAPES
from convviz.page.sources import SQUARES, around, chosen, whole
from convviz.page.state import State, opening
from convviz.page.values import PATCH
from convviz.pictures import PHOTOGRAPHS, photograph
from convviz.series import SERIES
from convviz.text import LANGUAGES

PICTURE = np.random.default_rng(0).integers(0, 256, (60, 90)).astype(np.uint8)


def state_of(*size: int) -> State:
    return replace(opening("convolution"), layer=cv.Conv(size, (1,) * len(size)))


def x_of(state: State) -> np.ndarray:
    return state.x.array(state.layer.x_shape, 0, 5)[0]


@pytest.mark.parametrize("number", range(len(PHOTOGRAPHS)))
@pytest.mark.parametrize("size", [(5, 5), (7, 7), (32, 32), (9, 5), (4, 12), (8,)])
def test_a_photograph_is_shown_whole_and_keeps_its_proportions(number: int, size: tuple[int, ...]) -> None:
    state = chosen(state_of(*size), f"p{number}")
    _, row, column, side = map(int, state.x.numbers)
    square, cells = SQUARES[number], (1, *size)[-2:]
    assert Box(row, column, side) == Box(row, column, side).within(photograph(number).shape, cells)
    assert side == square.size
    high, wide = (side * count / max(cells) for count in cells)
    assert abs(row + high / 2 - square.row - side / 2) <= 1 and abs(column + wide / 2 - square.column - side / 2) <= 1
    assert (x_of(state) == averaged(photograph(number), Box(row, column, side), cells)).all()


@given(some.tuples(*[some.integers(0, 400)] * 3), some.sampled_from([(5, 5), (9, 4), (3, 8), (6,)]))
def test_a_box_that_is_dragged_is_inside_and_its_link_gives_the_same_picture(
    box: tuple[int, int, int], size: tuple[int, ...]
) -> None:
    state = chosen(state_of(*size), "_".join(map(str, ("p1", *box))))
    cells = (1, *size)[-2:]
    assert Box(*map(int, state.x.numbers[1:])) == Box(*box).within(photograph(1).shape, cells)
    found, wrong = from_query(to_query(state), "convolution")
    assert not wrong and found == state
    assert standing(state)["box"] == Box(*box).within(photograph(1).shape, cells)


def test_new_numbers_leave_the_weights_as_they_are() -> None:
    before = opening("convolution")
    after = chosen(before, "s")
    assert after.x.text() == "s1" and after.weight == before.weight
    assert chosen(chosen(after, "hstep"), "s").x.text() == "s1"


@pytest.mark.parametrize("size", [(7, 7), (6, 9), (9,)])
def test_a_picture_that_was_brought_is_shown_whole_and_then_by_its_box(size: tuple[int, ...]) -> None:
    state = chosen(state_of(*size), "u", PICTURE)
    cells = (1, *size)[-2:]
    assert (x_of(state) == averaged(PICTURE, whole(PICTURE, cells), cells)).all()
    moved = chosen(state, "u_10_20_30", PICTURE)
    assert (x_of(moved) == averaged(PICTURE, Box(10, 20, 30), cells)).all()
    found, wrong = from_query(to_query(moved), "convolution")
    assert not wrong and found.x == moved.x


def test_of_a_large_input_as_many_cells_are_filled_as_a_link_holds() -> None:
    table = x_of(chosen(state_of(50, 50), "u", PICTURE))
    assert (table[:PATCH, :PATCH] == averaged(PICTURE, whole(PICTURE, (PATCH, PATCH)), (PATCH, PATCH))).all()
    assert not table[PATCH:].any() and not table[:, PATCH:].any()


@pytest.mark.parametrize(
    "value", ["u", "u_1_2_3", "p9", "p9_1_2_3", "hcircle", "", "p0_1_2_x", None, 3, [1], "p9999_9"]
)
def test_what_is_no_source_is_refused(value: object) -> None:
    with pytest.raises(LayerError):
        state = chosen(state_of(5, 5), value)
        state.scene()


@pytest.mark.parametrize("value", ["u_", "u_1", "u_1_2", "u_1_2_3_4", "u1_2_3", "uu_1_2_3", "u_-1_2_3", "u_1_2_3~0:5"])
def test_what_is_no_box_of_a_picture_is_refused(value: str) -> None:
    with pytest.raises(LayerError):
        chosen(state_of(5, 5), value, PICTURE)


def test_a_square_and_the_largest_box_have_the_input_s_shape() -> None:
    assert around(Box(0, 0, 240), (4, 2)) == Box(0, 60, 240)
    assert whole(PICTURE, (5, 5)) == Box(0, 15, 60)
    assert whole(PICTURE, (1, 3)) == Box(15, 0, 90)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [(6, 6), (9,)])
def test_each_source_that_is_offered_can_be_chosen_and_is_then_marked(language: str, size: tuple[int, ...]) -> None:
    state = replace(state_of(*size), language=language)
    said = offered(state, PICTURE)
    series = len(SERIES) - 1 if len(size) == 1 else 0  # along one axis; a shape is left out there
    assert len(said["sources"]) == len(PHOTOGRAPHS) + len(SHAPES) + 2 + series
    assert len({source["label"] for source in said["sources"]}) == len(said["sources"])
    for source in said["sources"]:
        after = chosen(state, source["value"], PICTURE)
        after.scene()
        found = standing(after, PICTURE)
        assert found["chosen"] == source["value"]
        assert (found["box"] is not None) == (source["value"] in said["pictures"])
        assert {grey for row in source["small"] for grey in row} <= set(range(256))


def test_a_link_of_before_shows_its_patch_as_a_box() -> None:
    state, wrong = from_query({"v": "1", "x": "p40_60"}, "convolution")
    assert not wrong and (x_of(state) == photograph()[40:45, 60:65]).all()
    told = standing(state)
    assert told["chosen"] == "p0" and told["box"] == (40, 60, 5)
    assert (x_of(chosen(state, "p0_40_60_5")) == x_of(state)).all()
