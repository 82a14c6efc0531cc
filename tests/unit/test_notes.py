"""Notes: what multiplies a cell stands beside its value, in every view in which a window slides over values."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from gallery import GALLERY, LEARNED, MOVED, PLANNED, ROWS, TOLD, UNFIT, named

import convviz as cv
from convviz.scene.marks import LETTER, NOTE_PX
from convviz.scene.scene import Scene
from convviz.scene.views.stack import steps_of
from convviz.trace import Trace

WITHOUT = (
    "matrix",
    "coverage",
    "enlarge",
    "slabs",
    *ROWS,
    *TOLD,
    *MOVED,
    "gate",
    "residual",
    "forms",
    "path",
    "gradients",
    "anatomy",
    "film",
    "feature",
    "votes",
    "softmax",
    "learning",
    *UNFIT,
    *PLANNED,
)
"""Views that have none: a matrix's cells are the weights, what is counted has no values, slabs cover one another, the
weights of a strip stand beside it, a digit is read by whole networks, the window of a gated block is multiplied by two
kernels, a step of the network that reads digits has several windows, or none, what does not fit is not computed, and
tables and fields are told from sizes alone."""


def value(text: str) -> float:
    return float(text.strip("()").replace("−", "-"))


def some_steps(scene: Scene) -> list[int]:
    return sorted({0, scene.steps // 3, scene.steps // 2, scene.steps - 1})


def weighed(layer: Any) -> bool:
    """Whether its outputs are sums of products: with weights, or with shares that geometry gives."""
    return bool(layer.weight_shape) or layer.shares is not None


slides = pytest.mark.only(lambda picture: picture.scene.notes and picture.view not in ("stamp", *LEARNED))


@pytest.mark.parametrize("name", list(GALLERY))
def test_each_view_of_a_layer_with_weights_has_notes_or_a_reason_for_none(name: str) -> None:
    picture = GALLERY[name]
    layers = [picture.layer]
    if isinstance(picture.layer, cv.Network):
        layers = [node.layer for node in picture.trace.nodes if node.has_taps]
    wanted = picture.view not in WITHOUT and any(map(weighed, layers))
    assert bool(picture.scene.notes) is wanted


@slides
def test_the_values_times_their_notes_add_up_to_the_output_but_for_a_bias(picture: Any) -> None:
    """Once for each reading of the step that has notes: above and below in the view `both`."""
    scene = picture.scene
    for t in some_steps(scene):
        texts, bias = scene.texts_at(t), bias_at(picture, t)
        output = next(track for track in scene.tracks if track.end == "target").marks[t, 0]
        for notes in scene.notes:
            pairs = zip(scene.track[notes.track].marks[t].tolist(), notes.row(t), strict=True)
            there = [(mark, note) for mark, note in pairs if mark >= 0 and note]
            assert all(note[0] == "×" for _, note in there) and len(dict(there)) == len(there)
            products = [value(texts[mark] or "0") * value(note[1:]) for mark, note in there]
            if there:
                assert sum(products) + bias == pytest.approx(value(texts[output]), rel=0.02, abs=0.02)


def bias_at(picture: Any, t: int) -> float:
    """What is added to the products at a step, beside what is read."""
    found, step = picture.trace, t
    if picture.view == "roundtrip":
        step = t - (picture.scene.steps - len(found))  # the convolution before it has no bias
    elif not isinstance(found, Trace):
        for node in picture.trace.nodes:
            found, count = picture.trace.found[node.name], steps_of(picture.trace, node)
            if step < count:
                break
            step -= count
    if not isinstance(found, Trace) or found.bias is None or step < 0:
        return 0
    followed = picture.layer.block.map - 1 if picture.view == "cell" else 0
    return float(found.bias[followed if found.layer.shared else step])


@pytest.mark.only(lambda picture: picture.view == "isometric")
def test_in_perspective_each_cell_bears_the_note_that_it_has_side_by_side(picture: Any) -> None:
    beside = GALLERY[f"{named(picture.layer)}:flat{':photograph' if picture.x else ''}"].scene
    if "opened" not in beside.track:
        for t in some_steps(beside):
            assert picture.scene.notes_at(t) == beside.notes_at(t)


@pytest.mark.only(lambda picture: picture.view == "stamp")
def test_each_note_of_a_stamp_is_what_its_sum_grows_by(picture: Any) -> None:
    scene = picture.scene
    bias = 0 if picture.trace.bias is None else picture.trace.bias[0]
    for t in range(scene.steps):
        before, texts, notes = scene.texts_at(t - 1) if t else [""] * scene.cells, scene.texts_at(t), scene.notes_at(t)
        landed: dict[int, list[float]] = {}
        for mark, product in zip(scene.track["current"].marks[t], scene.track["products"].marks[t], strict=True):
            if mark >= 0:
                landed.setdefault(int(mark), []).append(value(texts[product]))
        assert sorted(notes) == sorted(landed) and not any("×−" in note for note in notes.values())
        for mark, products in landed.items():
            factors = [value(part) for part in notes[mark].removeprefix("+").split("×")]
            grown = value(texts[mark]) - (value(before[mark]) if before[mark] else bias)
            assert np.prod(factors) == pytest.approx(sum(products), abs=0.02)
            assert np.prod(factors) == pytest.approx(grown, abs=0.02)


def test_an_input_that_padding_copies_has_the_sum_of_its_weights() -> None:
    layer = cv.Conv((4,), 3, padding=1, padding_mode="reflect")
    scene = cv.scene(cv.trace(cv.Network([layer]), [[1, 2, 3, 4]], {0: np.array([[[5, 7, 11]]])}))
    assert scene.notes_at(0) == {0: "×7", 1: "×16"}
    assert scene.notes_at(1) == {0: "×5", 1: "×7", 2: "×11"}


@pytest.mark.parametrize(
    "scene",
    [
        cv.scene(cv.Conv(5, 3), "isometric", plain=True),
        cv.scene(cv.Conv(24, 3), "isometric"),
        cv.scene(cv.Network([cv.Conv(24, 3)])),
        cv.scene(cv.ConvTranspose(12, 3, stride=2), "stamp"),
        cv.scene(cv.MaxPool(4, 2), "isometric"),
    ],
    ids=["without numbers", "a large canvas", "a large board", "many sums", "no weights"],
)
def test_what_has_no_weights_or_is_read_by_nobody_has_no_notes(scene: Scene) -> None:
    assert not scene.notes


@pytest.mark.parametrize("view", ["flat", "isometric", "stamp", "both", "stack", "roundtrip"])
def test_notes_vanish_where_they_could_not_be_read(view: str) -> None:
    scene = cv.scene(cv.Network([cv.Conv(4, 3)]) if view == "stack" else cv.ConvTranspose(2, 3), view)
    assert scene.at(0).notes and not scene.at(0, cell=20).notes
    for cell in (28, 32, 40):
        frame = scene.at(0, cell)
        for mark, note in scene.notes_at(0).items():
            size = scene.grid_of(mark).note_size(note, frame.texts[mark]) * cell
            assert (mark in frame.notes) is (size >= NOTE_PX)


@pytest.mark.parametrize("note", ["×2", "×−1", "×0.5", "×−1.25", "+12×(−10)"])
@pytest.mark.parametrize("text", ["", "3", "−4", "125", "−0.333"])
@pytest.mark.parametrize("view", ["flat", "isometric"])
def test_a_note_lies_in_its_cell_and_in_a_slanted_one_behind_the_number(view: str, text: str, note: str) -> None:
    grid = cv.scene(cv.Conv(4, 3), view).grids[0]
    size, (x, y) = grid.note_size(note, text), grid.note_place(0, text)
    width = LETTER * size * len(note)
    left, right = (x - width, x) if grid.upright else (x, x + width)
    ring, cross = [*grid.corners[0], grid.corners[0, 0]], []
    for a, b in pairwise(ring):
        cross += [(b - a)[0] * (y - a[1]) - (b - a)[1] * (end - a[0]) for end in (left, right)]
    assert not size or min(cross) >= -1e-9, "inside each of its sides"
    if not grid.upright:
        assert left >= grid.centres[0][0] + LETTER * grid.text_size * len(text) / 2
