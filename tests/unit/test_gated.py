"""Gated blocks: what each form computes, the text of a block, its pictures, and the code that a lesson shows of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import depth
import numpy as np
import pytest
from depth import cases
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.gradients import BLOCKS, DEPTHS, measured
from convviz.layers.gated import FORMS, MISTAKES
from convviz.lessons import LESSONS
from convviz.lessons.code import GLU_PYTORCH, GLU_TENSORFLOW, RESIDUAL_PYTORCH
from convviz.network import block_of, stack_from_text, stack_to_text
from convviz.page.state import opening
from convviz.page.tour import preset
from convviz.scene.gating import gating
from convviz.scene.rows import rounded
from convviz.scene.views.forms import outcomes
from convviz.scene.views.gradients import LIVE, live_norms, norm_text
from convviz.scene.views.path import factors
from convviz.scene.views.residual import readings
from convviz.text import LANGUAGES, say
from convviz.tokens import SENTENCES, tokens

SEEDS = st.integers(0, 10**6)
FORM = st.sampled_from(tuple(FORMS))


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


BY_HAND = {
    "glu": lambda value, gate: value * sigmoid(gate),
    "tanh": lambda value, gate: np.tanh(value) * sigmoid(gate),
    "add": lambda value, gate: value + sigmoid(gate),
    "one": lambda value, gate: value * sigmoid(value),
    "swapped": lambda value, gate: sigmoid(value) * gate,
}


def drawn(channels: int, size: int, seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(shape) for shape in ((channels, size), *[(channels, channels, 3)] * 2)]


def block(size: int, seed: int, form: str = "glu", residual: bool = False, padding: str = "causal") -> Any:
    """The run of a block of one channel on normal numbers."""
    x, value, gate = drawn(1, size, seed)
    weights = {"value": value} if form == "one" else {"value": value, "gate": gate}
    return cv.trace(cv.GatedConv((size,), 3, padding=padding, form=form, residual=residual), x, weights)


@settings(max_examples=cases(200), deadline=None)
@given(FORM, st.integers(1, 3), st.integers(1, 9), st.booleans(), SEEDS)
def test_each_form_is_what_numpy_gives(form: str, channels: int, size: int, residual: bool, seed: int) -> None:
    x, value, gate = drawn(channels, size, seed)
    weights = {"value": value} if form == "one" else {"value": value, "gate": gate}
    made = cv.GatedConv((size,), 3, channels, channels, residual, form, padding="causal")
    padded = np.pad(x, ((0, 0), (2, 0)))
    windows = np.stack([padded[:, n : n + size] for n in range(3)], axis=-1)
    both = [np.einsum("ctk,ock->ot", windows, weight) for weight in (value, gate)]
    wanted = BY_HAND[form](*both) + (x if residual else 0)
    np.testing.assert_allclose(cv.trace(made, x, weights).output, wanted, rtol=1e-12, atol=1e-12)


@settings(max_examples=cases(200), deadline=None)
@given(FORM, st.integers(1, 3), st.integers(1, 3), st.sampled_from(("same", "causal", 1)), st.booleans(), st.booleans())
def test_a_block_has_a_text_that_reads_back(
    form: str, ins: int, outs: int, padding: Any, bias: bool, residual: bool
) -> None:
    outs = ins if residual else outs
    made = cv.GatedConv((7,), 3, ins, outs, residual, form, padding=padding, bias=bias)
    text = stack_to_text(made)
    assert text.startswith("gated1d-i7-k3") and stack_from_text(text) == made and stack_to_text(made) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("gated1d-i8-k3-r1", "try padding same"),
        ("gated1d-i8-k3-pcausal-o2-r1", "try out_channels 1"),
        ("gated1d-i8-k3-trelu", "must be one of glu, tanh, add, one, swapped"),
        ("gated1d-i8-k9", "try kernel_size"),
        ("gated1d-i8", "cannot be read as a layer"),
        ("gated1d-i8-k3-z4", "the part z4 cannot be read"),
        ("gated1d-i8-k3~gated1d-i6-k3", "cannot be read as a layer"),
    ],
)
def test_a_text_that_cannot_be_says_why(text: str, says: str) -> None:
    with pytest.raises(cv.LayerError, match=says):
        stack_from_text(text)


def test_a_block_in_a_network_is_taken_apart_and_one_alone_keeps_its_arguments() -> None:
    alone = cv.GatedConv((6,), 3, padding="same", form="tanh")
    assert block_of(alone) is alone.block and alone.block.form == "tanh" and alone.kind == "gated"
    assert block_of(cv.Network([alone, alone])) is None and block_of(cv.Conv(5, 3)) is None


# --- pictures -------------------------------------------------------------------------------------------------------

ROWS = st.tuples(FORM, st.booleans(), st.integers(3, 9), SEEDS)


def texts_of(scene: Any, board: str) -> list[str]:
    texts, first = scene.texts_at(scene.steps - 1), scene.grids
    return [text for g in first if g.name == board for text in texts[g.first : g.first + g.count]]


@settings(max_examples=cases(60), deadline=None)
@given(ROWS)
def test_the_picture_of_a_gate_bears_the_numbers_of_its_run(drawing: tuple[str, bool, int, int]) -> None:
    form, residual, size, seed = drawing
    run = block(size, seed, form, residual)
    scene = cv.scene(run, "gate")
    assert scene.steps == size
    for node in run.nodes:
        assert texts_of(scene, node.name) == rounded(run.values[node.name], node.name == "sigmoid")
    for t in range(size):
        written = [scene.track[name].marks[t, 0] for name in scene.order[1:]]
        assert len(written) == len(run.nodes) and all(scene.born[mark] == t for mark in written)
        assert rounded(run.output)[t] in scene.sentence(t)


def test_pointing_at_what_passes_lights_its_cone_down_to_the_taps() -> None:
    run = block(6, 3)
    scene, taps = cv.scene(run, "gate"), run["value"].layer.taps.flat_sources
    grids = {grid.name: grid for grid in scene.grids}
    origin = grids["canvas"].columns - 6
    for t in range(6):
        cone = scene.cone(grids["product"].first + t)
        wanted = {grids[name].first + t for name in ("value", "sigmoid", "gate")}
        assert set(cone) == wanted | {grids["canvas"].first + origin + i for i in taps[t].tolist() if i >= 0}
        assert cone[grids["gate"].first + t] == 2


def test_the_dot_on_the_curve_stands_at_the_step_s_gate() -> None:
    run = block(7, 1)
    scene = cv.scene(run, "gate")
    curve = next(curve for curve in scene.curves if curve.name == "sigmoid")
    left, right = curve.points[0, 0], curve.points[-1, 0]
    for t, gate in enumerate(run["gate"].output[0].tolist()):
        x, y = curve.dot(t)
        assert (x - left) / (right - left) * 12 - 6 == pytest.approx(np.clip(gate, -6, 6), abs=0.07)
        share = (y - curve.points[0, 1]) / (curve.points[-1, 1] - curve.points[0, 1])
        assert share == pytest.approx(sigmoid(gate), abs=0.03)


def test_over_a_picture_every_board_is_filled_by_its_node() -> None:
    run = cv.trace(cv.GatedConv(4, 3, padding=1, residual=True), seed=5)
    scene = cv.scene(run, "gate")
    for node in run.nodes:
        assert texts_of(scene, node.name) == rounded(run.values[node.name], node.name == "sigmoid")


@settings(max_examples=cases(100), deadline=None)
@given(st.integers(3, 12), st.sampled_from(("causal", "same")), SEEDS)
def test_both_readings_of_a_residual_are_its_output(size: int, padding: str, seed: int) -> None:
    run = block(size, seed, residual=True, padding=padding)
    for reading in readings(gating(run)).values():
        np.testing.assert_allclose(reading.output, run.output[0], rtol=0, atol=1e-12)
    scene = cv.scene(run, "residual")
    ends = [curve.points for curve in scene.curves if curve.name.endswith(".output")]
    heights = [points[:, 1] - ground.points[0, 1] for points, ground in zip(ends, scene.curves[::2], strict=True)]
    np.testing.assert_allclose(heights[0], heights[1], atol=1e-9)


@settings(max_examples=cases(100), deadline=None)
@given(st.integers(3, 12), SEEDS)
def test_what_a_bar_begins_with_is_on_its_side_of_the_ground_line(size: int, seed: int) -> None:
    """However small it is: a part of 0.24 that lay below the line would be read as a negative one."""
    run = block(size, seed, residual=True)
    scene = cv.scene(run, "residual")
    for name, reading in readings(gating(run)).items():
        zero = next(curve for curve in scene.curves if curve.name == f"{name}.zero").points[0, 1]
        bars = [grid for grid in scene.grids if grid.name == f"{name}.input"]
        for part, other, bar in zip(reading.unchanged, reading.transformed, bars, strict=True):
            top, bottom = bar.extent[:, 1].min(), bar.extent[:, 1].max()
            if (part or other) < 0:
                assert top == pytest.approx(zero) and bottom > zero
            else:
                assert bottom == pytest.approx(zero) and top < zero


@settings(max_examples=cases(100), deadline=None)
@given(st.sampled_from(("glu", "tanh")), st.booleans(), st.integers(3, 9), st.sampled_from(("causal", "same")), SEEDS)
def test_the_factors_of_a_path_multiply_to_the_engine_s_gradient(
    form: str, residual: bool, size: int, padding: str, seed: int
) -> None:
    run = block(size, seed, form, residual, padding)
    found = factors(gating(run))
    for t, alone in enumerate(np.eye(size)):
        assert run.backward(alone[None]).x[0, t] == pytest.approx(found.whole[t], rel=1e-9, abs=1e-12)


def test_every_form_is_run_on_the_same_numbers_and_the_mistakes_differ() -> None:
    run = block(8, 2)
    made = outcomes(gating(run))
    assert list(made) == list(FORMS)
    assert np.array_equal(made["glu"], run.output)
    assert all(np.abs(made[form] - made["glu"]).max() > 0.1 for form in MISTAKES)
    both = [run[half].output for half in ("value", "gate")]
    for form, values in made.items():
        np.testing.assert_allclose(values, BY_HAND[form](*both), rtol=1e-12)


def test_the_chart_shows_what_was_measured_depth_by_depth() -> None:
    scene = cv.scene(block(6, 0), "gradients")
    assert scene.steps == len(DEPTHS)
    medians = {curve.name: curve for curve in scene.curves if curve.name.endswith(".median")}
    assert len(medians) == 2 * len(BLOCKS)
    for t in range(scene.steps):
        assert {len(curve.shown(t)) for curve in medians.values()} == {t + 1}
        for spreads in measured().values():
            assert norm_text(spreads[t].median) in scene.sentence(t)
    lower, upper = (medians[f"{way}.sigmoid.median"].points[-1, 1] for way in ("plain", "residual"))
    assert lower > upper, "a residual keeps what is lost without it"


def test_live_norms_are_those_of_finite_differences() -> None:
    run = block(5, 4)
    made = live_norms(gating(run), residual=True)
    assert len(made) == len(LIVE)
    one = cv.GatedConv((5,), 3, padding="causal", residual=True)
    weights = {half: run[half].weight for half in ("value", "gate")}
    step, upstream = 1e-6, np.full((1, 5), 5**-0.5)

    def loss(x: np.ndarray) -> float:
        return float((cv.output(one, x, weights) * upstream).sum())

    moves = step * np.eye(5)[:, None]
    slopes = [(loss(run.x + move) - loss(run.x - move)) / (2 * step) for move in moves]
    assert made[0] == pytest.approx(np.linalg.norm(slopes), rel=1e-6)


# --- words and code -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SENTENCES)
def test_each_word_of_a_sentence_has_its_features(name: str, language: str) -> None:
    words, features = (say(f"tokens.{name}.{part}", language).split() for part in ("words", "features"))
    assert tokens(name).shape == (len(features), len(words))


def test_a_negation_closes_the_gate_of_the_word_after_it() -> None:
    state = preset(opening("gates"), LESSONS["gates"].preset("gated_sentence").setting)
    scene, words = state.scene(), say("tokens.meal.words").split()
    assert [label.text for label in scene.labels if label.name.startswith("head:")] == words
    value, share, passed = (list(map(float, texts_of(scene, name))) for name in ("value", "sigmoid", "product"))
    good, cheap = words.index("good"), words.index("cheap")
    assert value[good] == value[cheap] and share[good] < 0.05 < 0.95 < share[cheap]
    assert passed[good] < 0.1 and passed[cheap] > 1.9


@pytest.mark.oracle
@pytest.mark.parametrize("code", [GLU_PYTORCH, RESIDUAL_PYTORCH], ids=lambda code: code.name)
def test_the_code_for_pytorch_is_what_the_lesson_shows(code: Any) -> None:
    torch = depth.torch()
    names: dict[str, Any] = {}
    exec(code.text, names)
    made = names["GatedBlock" if "residual" in code.name else "GatedConv"](2, 3).double()
    x, value, gate = drawn(2, 7, 11)
    made.both.weight.data = torch.tensor(np.concatenate([value, gate]))
    ours = cv.GatedConv((7,), 3, 2, 2, residual="residual" in code.name, padding="causal")
    found = cv.trace(ours, x, {"value": value, "gate": gate}).output
    np.testing.assert_allclose(made(torch.tensor(x)[None])[0].detach().numpy(), found, rtol=1e-10, atol=1e-12)


def conv1d(x: np.ndarray, w: np.ndarray, stride: int, padding: str) -> np.ndarray:
    """What TensorFlow's function of that name says that it does: x (batch, length, in), w (kernel, in, out)."""
    assert (stride, padding) == (1, "VALID")
    size, steps = len(w), x.shape[1] - len(w) + 1
    return np.stack([np.einsum("bki,kio->bo", x[:, t : t + size], w) for t in range(steps)], axis=1)


def test_the_code_for_tensorflow_is_what_the_lesson_shows() -> None:
    """Its five functions, by NumPy: TensorFlow itself is not among what the tests install."""
    tf = SimpleNamespace(pad=np.pad, nn=SimpleNamespace(conv1d=conv1d), multiply=np.multiply, sigmoid=sigmoid)
    names: dict[str, Any] = {"tf": tf}
    exec(GLU_TENSORFLOW.text.replace("import tensorflow as tf\n", ""), names)
    x, value, gate = drawn(2, 7, 12)
    found = names["gated_conv"](x.T[None], value.transpose(2, 1, 0), gate.transpose(2, 1, 0))
    ours = cv.trace(cv.GatedConv((7,), 3, 2, 2, padding="causal"), x, {"value": value, "gate": gate}).output
    np.testing.assert_allclose(found[0].T, ours, rtol=1e-10, atol=1e-12)
