"""The arithmetic of a step as it is drawn: each weight with the cell that it multiplies, the products, their sum."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pytest

import convviz as cv
from convviz.scene.moments import Moment, moments
from convviz.scene.roles import ROLES, STATES

has_products = pytest.mark.only(lambda picture: "products" in picture.scene.track and picture.view == "flat")


def value(text: str) -> float:
    return float(text.replace("−", "-"))


def some_steps(scene: Any) -> list[int]:
    return sorted({0, scene.steps // 3, scene.steps // 2, scene.steps - 1})


@has_products
def test_each_value_times_the_weight_in_its_corner_is_its_product(picture: Any) -> None:
    scene = picture.scene
    read = "opened" if "opened" in scene.track else "window"
    for t in some_steps(scene):
        texts, notes = scene.texts_at(t), scene.notes_at(t)
        cells, products = scene.track[read].marks[t].tolist(), scene.track["products"].marks[t].tolist()
        assert sorted(notes) == sorted(cells)
        for cell, product in zip(cells, products, strict=True):
            assert notes[cell][0] == "×"
            if texts[product]:
                assert value(texts[cell] or "0") * value(notes[cell][1:]) == pytest.approx(
                    value(texts[product]), rel=1e-2
                )


@has_products
def test_the_products_add_up_to_the_sum_but_for_a_bias(picture: Any) -> None:
    scene, trace = picture.scene, picture.trace
    bias = 0 if trace.bias is None else trace.bias[0]
    for t in some_steps(scene):
        texts = scene.texts_at(t)
        terms = [value(texts[mark]) for mark in scene.track["products"].marks[t] if texts[mark]]
        (total,) = scene.track["total"].marks[t]
        assert sum(terms) + bias == pytest.approx(value(texts[total]), abs=0.01 * max(1, *map(abs, terms), 1))


@pytest.mark.parametrize(
    ("layer", "opened"),
    [(cv.Conv(10, 3), False), (cv.Conv(11, 3), True), (cv.Conv(9, 3, padding=1), True), (cv.Conv((12,), 3), True)],
)
def test_the_window_is_opened_beside_inputs_of_more_than_ten_cells(layer: cv.Conv, opened: bool) -> None:
    scene = cv.scene(layer)
    assert ("opened" in scene.track) == opened
    marks = set(scene.track["opened" if opened else "window"].marks[0].tolist())
    assert set(scene.notes_at(0)) == marks


def test_of_several_channels_those_of_the_first_group_bear_the_first_kernel() -> None:
    layer = cv.Conv(4, 2, in_channels=4, out_channels=2, groups=2)
    trace = cv.trace(layer)
    scene = cv.scene(trace)
    window = scene.track["window"].marks[0]
    notes = scene.notes_at(0)
    assert [notes.get(mark) for mark in window[:8].tolist()] == [
        f"×{w}".replace("-", "−") for w in trace.weight[0].ravel()
    ]
    assert not set(window[8:].tolist()) & set(notes)


@pytest.mark.parametrize(
    "layer", [cv.Conv(9, 3, dilation=2), cv.Conv(9, (2, 3), dilation=(3, 1)), cv.Conv((9,), 3, dilation=3)]
)
def test_a_dilated_kernel_is_as_wide_as_it_reaches(layer: cv.Conv) -> None:
    scene, weight = cv.scene(layer), cv.trace(layer).weight
    (board,) = [grid for grid in scene.grids if grid.name == "kernel"]
    assert (board.rows, board.columns) == (1, *layer.span)[-2:]
    kernel = board.roles == ROLES.index("kernel")
    assert kernel.sum() == prod(layer.kernel_size) and (board.roles[~kernel] == ROLES.index("gap")).all()
    texts = np.array(board.texts, dtype=object)
    assert [value(text) for text in texts[kernel]] == weight.ravel().tolist() and not any(texts[~kernel])
    assert board.editable is not None and board.editable.rows[2] * board.editable.columns[2] == weight.size


@has_products
def test_inside_a_step_the_products_come_then_their_sum_then_the_output(picture: Any) -> None:
    scene = picture.scene
    t = scene.steps // 2
    whole = scene.at(t).texts
    products, total, output = (set(scene.track[name].marks[t].tolist()) for name in scene.order)
    for moment in moments(scene, t):
        texts = scene.at(t, moment=moment).texts
        hidden = set().union(*(products, total, output)[moment.parts :])
        assert all(texts[mark] == ("" if mark in hidden else whole[mark]) for mark in range(scene.cells))
    assert len(moments(scene, t)) == 3


@has_products
def test_term_by_term_the_sum_counts_up_to_the_total_but_for_a_bias(picture: Any) -> None:
    scene = picture.scene
    t, bias = scene.steps // 2, 0 if picture.trace.bias is None else picture.trace.bias[0]
    (total,) = scene.track["total"].marks[t]
    *terms, last = moments(scene, t, slowly=True)
    shown = [scene.at(t, moment=moment) for moment in terms]
    places = sorted(mark for mark in scene.track["products"].marks[t].tolist() if mark >= 0)
    final = [shown[-1].texts[mark] for mark in places]  # in the order of reading, also where the kernel is rotated
    assert [frame.lit[0] for frame in shown[1:]] == places
    for n, frame in enumerate(shown):
        running = sum(value(text) for text in final[:n] if text)
        assert (value(frame.texts[total]) if frame.texts[total] else 0) == pytest.approx(running)
    assert running + bias == pytest.approx(value(scene.at(t).texts[total]), abs=0.01 * max(1, abs(running)))
    written = scene.track["current"].marks[t].tolist()
    assert all(frame.states[mark] == STATES.index("pending") for frame in shown for mark in written)
    assert scene.at(t, moment=last).texts[total] == scene.at(t).texts[total]


def test_a_picture_without_products_writes_its_output_once_the_window_has_come() -> None:
    scene = cv.scene(cv.MaxPool(4, 2))
    assert moments(scene, 1) == moments(scene, 1, slowly=True) == [Moment(0)]
    before, after = scene.at(1, moment=Moment(0)), scene.at(1)
    (cell,) = scene.track["current"].marks[1]
    assert (before.texts[cell], after.texts[cell] != "") == ("", True)


@pytest.mark.parametrize("layer", [cv.ConvTranspose(3, 3, stride=2), cv.Conv(5, 3, flip=True), cv.Conv(5, 3)])
def test_the_sum_s_terms_stand_as_their_values_do_in_the_window(layer: Any) -> None:
    scene = cv.scene(layer, "flat")
    for t in range(scene.steps):
        texts, window = scene.texts_at(t), sorted(scene.track["window"].marks[t].tolist())
        read = [texts[mark] for mark in window if scene.roles[mark] == ROLES.index("input")]
        assert [term.split("·")[0].strip("()") for term in scene.arithmetic(t).split(" = ")[0].split(" + ")] == read
