"""The film of the digit network's training: what is drawn is what was saved, epoch by epoch."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

import convviz as cv
from convviz.asset import asset
from convviz.filmed import CONVOLUTION, LAST, answers, weights_of
from convviz.lessons import LESSONS
from convviz.page.state import State, opening
from convviz.page.tour import showing
from convviz.recognised import FILMED, WEIGHTS, film, measured, shipped
from convviz.recognising import EPOCHS, accuracy, field, network, split
from convviz.scene.legends import label_box
from convviz.scene.scene import Scene

BEAT = [beat.name for beat in LESSONS["learning"].beats].index("film")
STEPS = EPOCHS + 1
KERNELS = ("kernels.", "others.")
"""What the names of their boards begin with."""


def state(language: str = "en") -> State:
    return showing(opening("learning", language), {"kind": "beat", "n": BEAT})


def kernels_of(scene: Scene, texts: tuple[str, ...]) -> np.ndarray:
    """(maps, 1, 3, 3): the numbers on the boards of the kernels."""
    boards = [grid for grid in scene.grids if grid.name.startswith(KERNELS)]
    read = [float(texts[grid.first + n].replace("−", "-")) for grid in boards for n in range(grid.count)]
    return np.array(read).reshape(-1, 1, 3, 3)


def board(scene: Scene, name: str) -> Any:
    return next(grid for grid in scene.grids if grid.name == name)


class TestWeights:
    def test_all_of_the_last_epoch_are_those_that_ship(self):
        for node, parts in shipped(FILMED).items():
            assert all(np.array_equal(own, other) for own, other in zip(weights_of(EPOCHS)[node], parts, strict=True))

    def test_every_epoch_recognises_as_many_digits_as_was_measured(self):
        course = measured().courses[FILMED]
        for part, some in zip(("trained", "held_out"), split(), strict=True):
            found = [accuracy(FILMED, weights_of(epoch), some) for epoch in range(STEPS)]
            assert np.allclose(found, getattr(course, part), atol=1e-3)

    def test_an_answer_is_what_the_engine_gives_with_the_weights_of_the_epoch(self):
        from convviz.digits import digits

        x = field(digits().images[int(split()[1][0])])
        found = answers(x)
        for epoch in (0, 1, EPOCHS):
            assert np.allclose(found[epoch], cv.output(network(FILMED), x, weights_of(epoch)), atol=1e-12)

    def test_the_files_are_small_and_name_every_epoch(self):
        assert asset("digits/film.npz").stat().st_size < 250_000
        assert {len(part) for part in (film().kernels, film().biases, film().course.trained)} == {STEPS}
        assert set(weights_of(0)) == {CONVOLUTION, LAST}


class TestPicture:
    def test_the_kernels_that_are_drawn_are_those_of_the_saved_epochs(self):
        with np.load(asset(WEIGHTS)) as file:
            saved = file["film.kernels"].astype(float)
        for afar in (False, True):
            scene = state().scene(afar)
            assert scene.steps == len(saved) == STEPS
            (told,) = [one for one in scene.step_texts if one.values is not None]
            assert np.array_equal(told.values.reshape(saved.shape), saved)
            for t in range(STEPS):
                assert np.abs(kernels_of(scene, scene.texts_at(t)) - saved[t]).max() <= 0.0501, "with one decimal"

    def test_tones_are_of_one_scale_over_all_kernels_and_epochs(self):
        scene = state().scene()
        scales = {grid.scale for grid in scene.grids if grid.name.startswith(KERNELS)}
        assert len(scales) == 1 and scales.pop().most == pytest.approx(np.abs(film().kernels).max(), abs=0.01)

    def test_the_accuracies_are_those_that_were_measured_and_the_curves_reach_the_epoch(self):
        scene, course = state().scene(), measured().courses[FILMED]
        first = board(scene, "output").first
        curves = {curve.name: curve for curve in scene.curves}
        for t in range(STEPS):
            said = [float(scene.texts_at(t)[first + n].rstrip("%")) for n in range(2)]
            assert said == [round(100 * course.trained[t], 1), round(100 * course.held_out[t], 1)]
            assert scene.sentence(t).rstrip(".").endswith(f"{said[1]:g}%")
            for name in course._fields:
                assert len(curves[name].shown(t)) == t + 1
                assert np.array_equal(curves[name].dot(t), curves[name].shown(t)[-1])

    def test_the_probabilities_are_the_engine_s_and_each_bar_is_as_long(self):
        shown = state()
        scene, first = shown.scene(), board(shown.scene(), "shares").first
        given = answers(shown.ran().x)
        bars = [curve for curve in scene.curves if curve.name.startswith("bar:")]
        whole = max(np.ptp(bar.points[:, 0]) for bar in bars)
        for t in range(STEPS):
            texts = scene.texts_at(t)
            assert [texts[first + n] for n in range(10)] == [f"{100 * share:.1f}" for share in given[t]]
            long = [np.ptp(bar.shown(t)[:, 0]) / whole for bar in bars]
            assert np.allclose(long, given[t], atol=0.02)
            assert first + given[t].argmax() in scene.track["current"].marks[t]

    def test_the_digit_of_the_beat_is_read_as_others_before_it_is_known(self):
        shown = state()
        said = answers(shown.ran().x).argmax(axis=1).tolist()
        assert len(set(said)) >= 4 and said[-1] == 5 and set(said[5:]) == {5}

    @pytest.mark.parametrize("afar", [False, True], ids=["near", "afar"])
    @pytest.mark.parametrize("language", ["en", "zh"])
    def test_no_board_lies_on_another_and_no_text_on_a_board(self, language, afar):
        scene = state(language).scene(afar)
        boxes = [(*grid.outline.min(axis=0), *grid.outline.max(axis=0)) for grid in scene.grids]
        texts = [label_box(label) for label in scene.labels]
        for one, other in [*combinations(boxes, 2), *((text, box) for text in texts for box in boxes)]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (one, other)

    def test_it_counts_the_weights_layer_by_layer(self):
        scene = state().scene()
        said = {label.name: label.text for label in scene.labels if label.name.startswith("count:")}
        assert [text.replace(",", "").split()[-1] for text in said.values()] == ["72", "2880", "18", "2970"]
        assert network(FILMED).parameters == 2970 == 72 + 2880 + 18

    def test_other_networks_are_refused(self):
        with pytest.raises(cv.LayerError, match="digits"):
            cv.scene(cv.trace(cv.Conv(5, 3)), view="film")
