"""Learning a kernel: gradients by finite differences, the edge of the learning rate, what the pictures say of it."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
import pytest
from depth import cases
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.layers.learn import REDUCTIONS, STARTS
from convviz.learning import Descent, Problem, descend, swept
from convviz.lessons import LESSONS
from convviz.lessons.code import LEARNED_NUMPY
from convviz.network import stack_from_text, stack_to_text
from convviz.page.state import opening
from convviz.page.tour import preset, showing
from convviz.scene.roles import LOOKS, ZERO
from convviz.scene.training import BEYOND, LETTER, edge_text, rate_text
from convviz.scene.views.grouped import FIRST, TERMS, errors_as_kernel
from convviz.scene.views.learning import ORDER
from convviz.text import LANGUAGES, say

BAR = np.tile([1, 1, 0, 0, 0, 0, 1, 1], (6, 1))
SIDES = [[[[1, -1]]]]
EDGE = 1 / 30
"""The textbook's picture, kernel, and the edge of its learning rate: see DATA.md of the project's brief."""


def bar(percent: int, start: str = "small", rounds: int = 40, loss: str = "sum") -> Descent:
    layer = cv.Learn((6, 8), (1, 2), learning_rate=percent, rounds=rounds, start=start, loss=loss)
    return cv.descend(cv.trace(layer, BAR[None], SIDES))


@st.composite
def problems(draw: Any) -> Any:
    """The run of a hidden kernel on pictures of small numbers."""
    dims = draw(st.integers(1, 2))
    sizes = tuple(draw(st.integers(3, 6)) for _ in range(dims))
    kernel = tuple(draw(st.integers(1, 3)) for _ in range(dims))
    layer = cv.Learn(
        sizes,
        kernel,
        stride=draw(st.integers(1, 2)),
        padding=draw(st.integers(0, 1)),
        pairs=draw(st.integers(1, 3)),
        learning_rate=draw(st.integers(5, 95)),
        rounds=3,
        start=draw(st.sampled_from(tuple(STARTS))),
        loss=draw(st.sampled_from(REDUCTIONS)),
    )
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    return cv.trace(layer, rng.standard_normal(layer.x_shape), rng.standard_normal(layer.weight_shape))


def loss_of(shown: Any, kernel: np.ndarray) -> float:
    """The loss of a kernel, by a plain sum over windows."""
    errors = cv.output(shown.layer, shown.x, kernel.reshape(shown.layer.weight_shape), None) - shown.output
    return float(np.square(errors).sum() if shown.layer.loss == "sum" else np.square(errors).mean())


@settings(max_examples=cases(40), deadline=None)
@given(problems())
def test_each_gradient_is_that_of_finite_differences(shown: Any) -> None:
    run = cv.descend(shown)
    for kernel, gradient, loss in zip(run.kernels, run.gradients, run.losses, strict=True):
        assert loss == pytest.approx(loss_of(shown, kernel), rel=1e-9, abs=1e-12)
        step = 1e-3  # the loss is a parabola, so that a central difference has no error but rounding
        for cell in range(kernel.size):
            up, down = kernel.copy(), kernel.copy()
            up[cell] += step
            down[cell] -= step
            found = (loss_of(shown, up) - loss_of(shown, down)) / (2 * step)
            assert gradient[cell] == pytest.approx(found, rel=1e-6, abs=1e-9 * max(1.0, np.abs(run.gradients).max()))


@settings(max_examples=cases(40), deadline=None)
@given(problems())
def test_a_step_is_recorded_with_all_that_follows_from_its_kernel(shown: Any) -> None:
    run = cv.descend(shown)
    steps, target = shown.layer.rounds + 1, shown.output.reshape(shown.layer.pairs, -1)
    assert len(run.kernels) == len(run.losses) == len(run.gradients) == len(run.predictions) == steps
    for t in range(steps):
        kernel = run.kernels[t].reshape(shown.layer.weight_shape)
        assert np.allclose(run.predictions[t], cv.trace(shown.layer, shown.x, kernel).output.reshape(target.shape))
        assert np.allclose(run.errors[t], run.predictions[t] - target)
        if t:
            assert np.allclose(run.kernels[t], run.kernels[t - 1] - run.rate * run.gradients[t - 1])


@settings(max_examples=cases(40), deadline=None)
@given(problems())
def test_the_gradient_is_the_convolution_that_the_picture_shows(shown: Any) -> None:
    run = cv.descend(shown)
    turned = errors_as_kernel(run)
    assert turned.layer.output_size == shown.layer.kernel_size
    assert np.allclose(turned.output.ravel(), run.gradients[0], atol=1e-6)


@settings(max_examples=cases(40), deadline=None)
@given(problems())
def test_the_edge_is_where_descent_along_the_steepest_direction_neither_shrinks_nor_grows(shown: Any) -> None:
    problem = Problem(shown)
    if problem.edge == np.inf:
        return
    steepest = problem.curved[1][:, -1]
    for share, grows in ((0.98, False), (1.02, True)):
        start = (problem.hidden + steepest).reshape(shown.layer.kernel_size)
        run = cv.descend(shown, start=start, rate=share * problem.edge)
        assert (run.losses[-1] > run.losses[0]) == grows == run.diverges


def test_the_edge_of_the_textbooks_example_is_a_thirtieth() -> None:
    assert bar(50).problem.edge == pytest.approx(EDGE)
    assert bar(90).rate == pytest.approx(0.03), "the textbook's own learning rate"
    assert bar(50, loss="mean").problem.edge == pytest.approx(EDGE * 6 * 7), "the mean of as many squares"


def test_from_a_start_with_a_part_along_the_steepest_direction_it_diverges_past_the_edge_alone() -> None:
    assert bar(50).kernels[0].tolist() == [0.3, 0.1]
    past, within = bar(102, rounds=200), bar(98, rounds=200)
    assert past.diverges and past.losses[-1] > 1e3 * past.losses[0]
    assert not within.diverges and within.losses[-1] < 1e-3 * within.losses[0]
    assert within.near(200)


def test_from_zeros_it_does_not_diverge_there_because_nothing_lies_that_way() -> None:
    run = bar(102, "zeros", rounds=200)
    assert not run.diverges and run.near(200) and run.losses[-1] < 1e-9
    values, vectors = run.problem.curved
    assert (run.kernels[0] - run.problem.hidden) @ vectors[:, -1] == pytest.approx(0, abs=1e-12)
    assert run.problem.felt_edge(run.kernels[0]) == pytest.approx(2 / values[0]) == pytest.approx(5 * EDGE)


def test_the_loss_for_each_learning_rate_is_that_of_a_run_with_it() -> None:
    problem = bar(50).problem
    for percent, loss in zip((10, 50, 98, 120), swept(problem, np.array([10, 50, 98, 120]), 40), strict=True):
        assert loss == pytest.approx(bar(percent).losses[-1], rel=1e-6)


def test_pictures_that_leave_something_open_are_told_by_another_kernel_with_the_same_outputs() -> None:
    layer = cv.Learn((6, 8), 3, learning_rate=90, rounds=40, loss="sum")
    hidden = cv.kernel("vertical", 3)[0]
    run = cv.descend(cv.trace(layer, BAR[None], hidden.reshape(layer.weight_shape)))
    assert run.losses[-1] < 1e-6 * run.losses[0] and not run.near(40)
    learned = run.kernels[-1].reshape(3, 3)
    assert np.allclose(learned.sum(axis=0), hidden.reshape(3, 3).sum(axis=0), atol=1e-3)
    assert np.allclose(learned, learned[0]), "all rows alike, as those of the picture"


def test_a_picture_of_zeros_teaches_nothing() -> None:
    layer = cv.Learn(4, 2)
    run = cv.descend(cv.trace(layer, np.zeros(layer.x_shape, dtype=int)))
    assert run.problem.edge == np.inf and not run.diverges and set(run.losses.tolist()) == {0.0}
    assert cv.scene(cv.trace(layer, np.zeros(layer.x_shape, dtype=int))).sentence(3)


def test_the_code_to_copy_gives_our_kernels() -> None:
    room: dict[str, Any] = {}
    exec(LEARNED_NUMPY.text, room)
    run = bar(90)
    found = room["learn"](BAR, run.problem.target.reshape(6, 7), np.array([[0.3, 0.1]]), run.rate, 40)
    assert np.allclose(found.ravel(), run.kernels[40])


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"learning_rate": 0}, "learning_rate"),
        ({"rounds": 0}, "rounds"),
        ({"pairs": 99}, "pairs"),
        ({"start": "ones"}, "start"),
        ({"loss": "max"}, "loss"),
        ({"kernel_size": 9}, "kernel_size"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(arguments: dict[str, Any], field: str) -> None:
    given = {"input_size": 5, "kernel_size": 3} | arguments
    with pytest.raises(cv.LayerError) as refused:
        cv.Learn(**given)
    assert refused.value.field == field
    cv.Learn(**given | refused.value.fix)


def test_only_a_kernel_that_is_learned_is_learned() -> None:
    with pytest.raises(cv.LayerError):
        cv.descend(cv.trace(cv.Conv(5, 3)))
    with pytest.raises(cv.LayerError) as refused:
        cv.scene(cv.Learn(5, 3), view="flat")
    assert refused.value.fix == {"view": "learning"}
    with pytest.raises(cv.LayerError):
        stack_from_text("learn2d-i5-k3~conv2d-i3-k3")


@settings(max_examples=cases(40), deadline=None)
@given(problems())
def test_the_text_of_a_setting_is_read_back(shown: Any) -> None:
    assert stack_from_text(stack_to_text(shown.layer)) == shown.layer


# --- what is seen ---------------------------------------------------------------------------------------------------


def shown_texts(scene: Any, name: str, t: int) -> list[str]:
    texts = scene.texts_at(t)
    grids = [grid for grid in scene.grids if grid.name == name]
    return [text for grid in grids for text in texts[grid.first : grid.first + grid.count]]


def test_the_boards_bear_the_numbers_of_the_step() -> None:
    run = bar(90, "zeros", rounds=20)
    scene = cv.scene(run.problem.shown)
    assert scene.steps == 21
    for t in (0, 1, 20):
        for name, values in (("kernel", run.kernels), ("error", run.errors), ("gradient", run.gradients)):
            shown = [float(text.replace("−", "-")) for text in shown_texts(scene, name, t)]
            assert shown == pytest.approx(values[t].ravel().tolist(), abs=0.05)
    assert shown_texts(scene, "hidden", 0) == ["1", "−1"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_grows_without_bound_is_a_word_and_never_a_broken_number(language: str) -> None:
    run = bar(120, rounds=60)
    scene = cv.scene(run.problem.shown, language=language)
    words = {say("learning.huge", language), say("learning.minus_huge", language)}
    assert set(shown_texts(scene, "kernel", 60)) <= words and set(shown_texts(scene, "output", 60)) & words
    for t in range(scene.steps):
        for text in [*scene.texts_at(t), scene.sentence(t), scene.arithmetic(t)]:
            assert not re.search(r"nan|inf|e\+|\d{7}", text), text
    assert scene.sentences is not None
    gone = scene.sentences.templates[scene.sentences.chosen[60]]
    assert gone == say("sentence.learning.gone", language)
    assert run.losses[60] > BEYOND * run.losses[0]


def test_a_gradient_lights_all_errors_and_the_inputs_that_its_weight_met() -> None:
    shown = bar(90).problem.shown
    scene = cv.scene(shown)
    first = {grid.name: grid.first for grid in scene.grids}
    for cell in range(2):
        made = set(scene.relation.made_of[first["gradient"] + cell])
        reads = {first["canvas"] + int(read) for read in shown.layer.taps.flat_positions[:, cell]}
        assert made == reads | {first["error"] + n for n in range(42)}
    made = set(scene.relation.made_of[first["output"]])
    assert made == {first["canvas"], first["canvas"] + 1, first["kernel"], first["kernel"] + 1}


def test_links_of_a_training_lead_there_and_back() -> None:
    for pairs in (1, 2, 3):
        scene = cv.scene(cv.Learn(5, 3, padding=1, pairs=pairs))
        made_of, feeds = scene.relation.made_of, scene.relation.feeds
        boards = {
            grid.name for grid in scene.grids for mark in range(grid.first, grid.first + grid.count) if mark in made_of
        }
        assert boards == {"output", "target", "error", "gradient", "loss"}
        assert all(mark in feeds[other] for mark, others in made_of.items() for other in others)
        assert all(mark in made_of[other] for mark, others in feeds.items() for other in others)


@pytest.mark.parametrize("loss", REDUCTIONS)
@pytest.mark.parametrize("pairs", [1, 2])
def test_the_sum_of_a_gradient_is_written_out_and_equals_it(loss: str, pairs: int) -> None:
    shown = cv.trace(cv.Learn(4, 3, padding=1 if pairs == 1 else 0, pairs=pairs, loss=loss))
    run, scene = cv.descend(shown), cv.scene(shown, "grouped")
    first = next(grid.first for grid in scene.grids if grid.name == "output")
    for t in range(scene.steps):
        total = scene.arithmetic(t).rsplit(" = ", 1)[1]
        assert total == scene.texts_at(t)[first + t]
        assert float(total.replace("−", "-").replace(",", "")) == pytest.approx(run.gradients[0, t], rel=0.01)


@pytest.mark.parametrize("name", [one.name for one in LESSONS["learning"].presets])
def test_no_gradient_is_without_its_sum_however_many_terms_it_has(name: str) -> None:
    state = preset(opening("learning"), LESSONS["learning"].preset(name).setting)
    if stack_from_text(state.text).kind != "learn":
        return
    scene, turned = replace(state, view="grouped").scene(), errors_as_kernel(descend(state.ran()))  # type: ignore[arg-type]
    terms = turned.windows.transpose(1, 0, 2).reshape(len(turned), -1) * turned.weight.reshape(-1)
    for t, products in enumerate(terms):
        said, wanted = scene.arithmetic(t), products[products != 0]
        first = re.sub(r"^\(", "", said).split(")\u00a0÷")[0].split(" = ")[0].split(" + ")
        written = [prod(float(n.strip("()").replace("−", "-")) for n in one.split("·")) for one in first if one != "…"]
        short = len(products) > TERMS
        assert len(written) == (
            min(len(wanted), len(wanted) if len(wanted) <= TERMS else FIRST) if short else len(products)
        )
        assert ("…" in said) == (short and len(wanted) > TERMS)
        assert np.allclose(written, (wanted if short else products)[: len(written)], rtol=0.02, atol=0.02)


def test_a_cell_that_says_0_shows_no_tone_and_none_is_darker_than_the_scale() -> None:
    for percent in (90, 102, 120):
        scene = replace(cv.scene(bar(percent).problem.shown), toned=True)
        for t in (0, 20, 40):
            frame = scene.at(t)
            for text, look in zip(frame.texts, (LOOKS[n] for n in frame.looks), strict=True):
                assert look.role not in ("product", "kernel") or not text or (text == "0") == (look.tone == ZERO)


def test_a_step_comes_part_by_part() -> None:
    from convviz.scene.moments import moments

    scene = cv.scene(bar(90).problem.shown)
    assert scene.order == ORDER
    seen = [set(np.flatnonzero(np.array(scene.at(3, moment=moment).texts) == "")) for moment in moments(scene, 3, True)]
    assert all(later < sooner for sooner, later in pairwise(seen))


def test_the_dot_and_the_edge_stand_where_they_are() -> None:
    for percent in (10, 98, 102, 120):
        scene = cv.scene(bar(percent).problem.shown)
        curves = {curve.name: curve for curve in scene.curves}
        dot, edge = curves["after"].dot(0), curves["edge"].points[0]
        assert dot is not None
        assert (dot[0] > edge[0]) == (percent > 100)


def test_an_edge_is_told_as_a_fraction_where_it_is_one() -> None:
    assert edge_text(bar(50).problem.edge, "en") == "2/60 = 1/30"
    assert rate_text(bar(90).rate) == "0.03"


@pytest.mark.parametrize("name", [one.name for one in LESSONS["learning"].presets])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_preset_is_seen_with_its_words(name: str, language: str) -> None:
    state = preset(opening("learning", language), LESSONS["learning"].preset(name).setting)
    view = "learning" if stack_from_text(state.text).kind == "learn" else "flat"
    if name == "learn_count":
        view = "channels"
    scene = replace(state, view=view).scene()
    assert all(scene.sentence(t) for t in range(scene.steps))


def test_the_presets_do_what_they_are_called() -> None:
    def run(name: str) -> Descent:
        return descend(preset(opening("learning"), LESSONS["learning"].preset(name).setting).ran())  # type: ignore[arg-type]

    assert run("learn_slow").losses[-1] > 0.1 * run("learn_slow").losses[0]
    assert run("learn_past").diverges and run("learn_past").losses[-1] > run("learn_past").losses[0]
    assert not run("learn_within").diverges and not run("learn_zeros").diverges
    assert run("learn_bar").near(20) and run("learn_zeros").near(40)
    assert run("learn_pairs").losses[-1] < 0.01 * run("learn_pairs").losses[0]
    found = run("learn_square")
    assert found.losses[-1] < 1e-4 * found.losses[0] and not found.near(40)


OUTPUTS = {"output", "error", "target"}


@pytest.mark.parametrize("name", ["edge", "zeros", "near"])
def test_from_afar_outputs_whose_numbers_have_no_room_are_left_out(name: str) -> None:
    beats = [beat.name for beat in LESSONS["learning"].beats]
    ask = {"kind": "challenge", "n": 0} if name == "near" else {"kind": "beat", "n": beats.index(name)}
    shown = showing(opening("learning"), ask)
    near, far = ({grid.name for grid in shown.scene(afar).grids} for afar in (False, True))
    assert near > OUTPUTS and far == near - OUTPUTS
    wide = np.ptp(np.concatenate([grid.outline for grid in shown.scene(True).grids])[:, 0])
    kernel = next(grid for grid in shown.scene(True).grids if grid.name == "kernel")
    assert kernel.across[0] / wide > 5 * LETTER, "a number of five letters is read"


def test_from_afar_outputs_whose_numbers_have_room_stay() -> None:
    assert {grid.name for grid in opening("learning").scene(True).grids} > OUTPUTS


@given(problems())
@settings(deadline=None, max_examples=20)
def test_any_training_can_be_seen_from_afar(trace: Any) -> None:
    scene = cv.scene(trace, view="learning", far=True)
    assert {"kernel", "gradient", "hidden", "loss"} <= {grid.name for grid in scene.grids}
    assert all(scene.sentence(t) for t in range(scene.steps))
