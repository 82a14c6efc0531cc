"""The values of the cells: short text and back, typed ones over seeded ones, patches of a photograph."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from convviz.arrays import small_integers
from convviz.errors import LayerError
from convviz.layers import ConvTranspose
from convviz.page.shapes import BRIGHT, GRADES, SHAPES
from convviz.page.values import EDITS, MOST, Values, listed, values_from_text
from convviz.pictures import photograph
from convviz.trace import trace


@given(some.integers(0, 9999), some.dictionaries(some.integers(0, 99_999), some.integers(-999, 999), max_size=9))
def test_text_is_read_back(seed: int, typed: dict[int, int]) -> None:
    values = Values("seed", (float(seed),), tuple((n, float(v)) for n, v in typed.items()))
    assert values_from_text(values.text()) == values


NOTHING = (
    *(
        "s",
        "s-1",
        "s1.5",
        "s1_2",
        "p1",
        "p1_-2",
        "p1_2_3",
        "p9_0_0_9",
        "p0_0_0_9_9",
        "p0_0_0_1.5",
        "v0_1",
        "v-1_2",
        "v1.5_2",
        "q1",
        "h",
        "h1",
        "hcircle",
        "hbar_1",
        "<b>",
        "s{0}",
        "s00000",
        "s٣",
    ),
    *("s0~", "s0~1", "s0~a:1", "s0~1:", "s0~1:1000", "s0~-1:1", "s0~1:1:1", "s0~123456:1", "s0~٣:1", "s0~1:nan"),
    *("", "s0\n", "s0~1:2\n", "s0 "),
)
LONG = ["v2_" + "_".join("1" * 1200), "s0" + "~1:1" * (EDITS + 1), "s0" * 9999]


@pytest.mark.parametrize("text", [*NOTHING, *LONG])
def test_text_that_is_not_a_layer_is_refused(text: str) -> None:
    with pytest.raises(LayerError, match="values"):
        values_from_text(text)


def test_what_is_typed_stands_in_its_cell_and_nowhere_else() -> None:
    plain = Values().array((1, 3, 3), 0, 5)
    typed = Values().edited(4, -7).array((1, 3, 3), 0, 5)
    assert typed[0, 1, 1] == -7 and (np.delete(typed.ravel(), 4) == np.delete(plain.ravel(), 4)).all()
    assert typed.dtype == np.int64


def test_the_second_number_typed_into_a_cell_replaces_the_first() -> None:
    assert Values().edited(2, 1).edited(3, 5).edited(2, 8).edits == ((3, 5.0), (2, 8.0))


def test_as_many_cells_as_there_may_be_are_read_back() -> None:
    values = Values(edits=tuple((index, 1.0) for index in range(EDITS)))
    assert values_from_text(values.text()) == values_from_text(values.packed) == values


@pytest.mark.parametrize(
    "value", [MOST + 1, -MOST - 1, float("nan"), float("inf"), "3", None, True, [1], {"a": 1}, 10**400]
)
def test_what_does_not_fit_a_cell_is_refused(value: object) -> None:
    with pytest.raises(LayerError, match="must be a number between -999 and 999"):
        Values().edited(0, value)


def test_a_decimal_makes_the_array_decimal() -> None:
    assert Values().edited(0, 2.5).array((1, 2, 2), 0, 5)[0, 0, 0] == 2.5


def test_typed_cells_beyond_the_end_wait_until_the_array_grows() -> None:
    values = Values().edited(20, 9)
    assert (values.array((1, 3, 3), 0, 5) == Values().array((1, 3, 3), 0, 5)).all()
    assert values.array((1, 5, 5), 0, 5).ravel()[20] == 9


def test_a_seed_gives_the_engine_s_own_numbers() -> None:
    assert (Values("seed", (3,)).array((1, 4, 4), 0, 5) == small_integers((1, 4, 4), 3, 0, 5)).all()


def test_a_patch_is_cut_from_the_photograph() -> None:
    grey = photograph()
    assert (Values("photo", (40, 60)).array((2, 3, 5), 0, 5) == grey[40:43, 60:65]).all()
    assert (Values("photo", (40, 60)).array((1, 7), 0, 5) == grey[40, 60:67]).all()


def test_a_patch_outside_the_photograph_is_refused_with_the_nearest_inside() -> None:
    rows, columns = photograph().shape
    with pytest.raises(LayerError) as refused:
        Values("photo", (rows, 0)).array((1, 4, 4), 0, 5)
    row, column = refused.value.fix["patch"]
    assert Values("photo", (row, column)).array((1, 4, 4), 0, 5).shape == (1, 4, 4)
    with pytest.raises(LayerError):
        Values("photo", (0, 0)).array((1, 4, columns + 1), 0, 5)


@given(some.integers(0, 1), *[some.integers(0, 9999)] * 3)
def test_a_box_s_text_is_read_back_and_is_short(number: int, row: int, column: int, size: int) -> None:
    values = Values("photo", (number, row, column, size), ((3, 7.0),))
    assert values_from_text(values.text()) == values
    assert values.text() == f"p{number}_{row}_{column}_{size}~3:7"


def test_a_box_of_a_photograph_is_averaged_to_the_input_s_cells() -> None:
    block = photograph(1)[30:90, 40:100].reshape(6, 10, 6, 10).mean(axis=(1, 3))
    assert (np.abs(Values("photo", (1, 30, 40, 60)).array((2, 6, 6), 0, 5) - block) <= 0.5).all()
    row = photograph()[30:40, 40:100].reshape(10, 6, 10).mean(axis=(0, 2))
    assert (np.abs(Values("photo", (0, 30, 40, 60)).array((1, 6), 0, 5) - row) <= 0.5).all()


@given(*[some.integers(0, 9999)] * 3, some.integers(1, 20), some.integers(1, 20))
def test_a_box_anywhere_and_of_any_size_is_brought_into_the_photograph(
    row: int, column: int, size: int, rows: int, columns: int
) -> None:
    table = Values("photo", (0, row, column, size)).array((1, rows, columns), 0, 5)
    assert table.shape == (1, rows, columns) and table.min() >= 0 and table.max() <= 255


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_read_back_and_has_few_small_whole_numbers_at_any_size(name: str) -> None:
    values = values_from_text(f"h{name}~2:-4")
    assert values.text() == f"h{name}~2:-4" and not values.grey
    for size in [(1, 1), (1, 2), (1, 9), (4, 7), (2, 3, 3), (3, 16), (1, 32, 20), (9,), (1, 2, 4, 4)]:
        plain = Values("shape", values.numbers).array(size, 0, 5)
        assert plain.shape == size and plain.dtype == np.int64
        assert set(plain.ravel().tolist()) <= set(range(GRADES + 1))
        assert len(size) == 1 or (plain == plain[:1]).all()  # the same for all channels
    assert values.array((1, 5, 5), 0, 5)[0, 0, 2] == -4


def test_each_shape_is_what_its_name_says() -> None:
    shown = {name: values_from_text(f"h{name}").array((1, 4, 5), 0, 5)[0] for name in SHAPES}
    assert (shown["bar"] == [0, 0, BRIGHT, 0, 0]).all()
    assert (shown["step"] == [0, 0, BRIGHT, BRIGHT, BRIGHT]).all()
    assert shown["corner"].tolist() == [[0] * 5] * 2 + [[0, 0, BRIGHT, BRIGHT, BRIGHT]] * 2
    assert shown["checkerboard"][:2].tolist() == [[0, 5, 0, 5, 0], [5, 0, 5, 0, 5]]
    assert shown["gradient"][0].tolist() == [0, 2, 5, 7, 9]
    assert shown["impulse"].sum() == 1 and shown["impulse"][2, 2] == 1


def test_a_bar_leaves_the_same_room_on_both_sides() -> None:
    for width in range(3, 60):
        bar = values_from_text("hbar").array((1, width), 0, 5)
        assert (bar == bar[:, ::-1]).all() and 0 < (bar > 0).sum() < width


def test_one_lit_cell_gives_the_kernel_itself() -> None:
    layer = ConvTranspose(5, 3)
    kernel = np.arange(1, 10).reshape(1, 1, 3, 3)
    found = trace(layer, values_from_text("himpulse").array(layer.x_shape, 0, 5), kernel).output
    assert (found[0, 2:5, 2:5] == kernel[0, 0]).all() and found.sum() == kernel.sum()


def test_listed_numbers_keep_their_places_when_the_array_grows_or_shrinks() -> None:
    table = np.arange(1, 7).reshape(2, 3)
    values = listed(table)
    assert (values.array((1, 2, 3), 0, 5)[0] == table).all()
    assert values.array((1, 3, 4), 0, 5)[0].tolist() == [[1, 2, 3, 0], [4, 5, 6, 0], [0, 0, 0, 0]]
    assert values.array((1, 1, 2), 0, 5)[0].tolist() == [[1, 2]]
    assert values.array((5,), 0, 5).tolist() == [1, 2, 3, 0, 0]
    assert values_from_text(values.text()) == values
