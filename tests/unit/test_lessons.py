"""Lessons are data that builds, moves, and says no more than a learner can take in at once."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from openings import stacks

import convviz as cv
from convviz.classics import CLASSICS, lesson_of
from convviz.layers import Conv, Layer
from convviz.layers.notation import from_text, to_text
from convviz.lessons import LESSONS, Lesson
from convviz.lessons.facts import facts
from convviz.network import stack_from_text, stack_of, stack_to_text
from convviz.page.state import opening
from convviz.run import run_of
from convviz.scene.views import VIEWS
from convviz.text import LANGUAGES, catalogue, say
from convviz.trace import trace

MOST_WORDS, MOST_SIGNS = 40, 70
LONGEST = 900
FORWARD = {
    "no_padding_no_strides": Conv(4, 3),
    "arbitrary_padding_no_strides": Conv(5, 4, padding=2),
    "same_padding_no_strides": Conv(5, 3, padding=1),
    "full_padding_no_strides": Conv(5, 3, padding=2),
    "no_padding_strides": Conv(5, 3, stride=2),
    "padding_strides": Conv(5, 3, stride=2, padding=1),
    "padding_strides_odd": Conv(6, 3, stride=2, padding=1),
}
each_lesson = pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.name)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def shown(lesson: Lesson) -> dict[str, Any]:
    """What stands on the stage while a text is read, by the text's key."""
    root = f"lesson.{lesson.name}"
    begun = stack_from_text(lesson.opening)
    stage: dict[str, Any] = {f"{root}.{part}": begun for part in ("title", "question", "intro")}
    stage[f"{root}.short"] = stage[f"{root}.title"]
    last: Any = begun
    for beat in lesson.beats:
        last = stack_from_text(beat.setting) if beat.setting else last
        for key in (beat.name, *(f"{beat.name}.{tried}" for tried in beat.tries)):
            stage[f"{root}.beat.{key}"] = last
        for part in ("question", "because") if beat.ask else ():
            stage[f"{root}.ask.{beat.name}.{part}"] = last
    for part in ("text", "solved"):
        stage[f"{root}.challenge.{part}"] = stack_from_text(lesson.challenge.setting)
    for myth in lesson.misconceptions:
        for part in ("think", "so"):
            stage[f"{root}.myth.{myth.name}.{part}"] = stack_from_text(myth.setting)
    return stage


def plain(text: str) -> str:
    return re.sub(r"\[[^|\]]*\|([^\]]*)\]", r"\1", text)


def length(text: str, language: str) -> int:
    """Words; in Chinese the signs, where a number or a Latin word counts as one."""
    return len(text.split()) if language == "en" else len(re.findall(r"[A-Za-z0-9_.]+|\S", text))


def settings(lesson: Lesson) -> list[str]:
    beats = [beat.setting for beat in lesson.beats if beat.setting]
    others = [*lesson.presets, *lesson.misconceptions, lesson.challenge]
    return [lesson.opening, *beats, *(other.setting for other in others)]


@each_lesson
def test_each_setting_builds_under_its_own_text_and_can_be_traced(lesson: Lesson) -> None:
    whole = {beat.setting for beat in lesson.beats if beat.step == -1}  # those are shown when all steps are done
    for text in settings(lesson):
        layer = stack_from_text(text)
        assert stack_to_text(layer) == text
        most = LONGEST if text in whole else 256
        if lesson.photo:
            assert all(cv.scene(layer, view).steps <= most for view in lesson.views if not VIEWS[view].refuses(layer))
            assert VIEWS[lesson.views[0]].refuses(layer) is None
        elif lesson.edits:
            view = next(view for view in (*lesson.views, *lesson.stack_views) if VIEWS[view].refuses(layer) is None)
            assert cv.scene(layer, view).steps <= most
        elif not (network := stack_of(layer)):
            assert len(trace(layer)) == facts(layer)["steps"] <= most
        else:
            view = lesson.stack_views[0]
            assert cv.scene(network if view == "coverage" else cv.trace(network), view=view).steps <= most


@each_lesson
def test_the_opening_moves_and_is_not_trivial(lesson: Lesson) -> None:
    state = opening(lesson.name)
    assert lesson.layer in {state.layer.kind, *(layer.kind for layer in state.layer.layers)}
    assert state.scene().steps >= 8
    assert len(np.unique(run_of(cv.trace(state.layer)).output)) > 2


@each_lesson
def test_a_lesson_has_its_parts(lesson: Lesson) -> None:
    assert 3 <= len(lesson.beats) <= 9
    assert lesson.presets and lesson.misconceptions
    assert set(lesson.views) <= set(VIEWS)
    for group in (lesson.presets, lesson.beats, lesson.misconceptions):
        names = [item.name for item in group]
        assert len(set(names)) == len(names)
    for item in (*lesson.beats, *lesson.misconceptions, lesson.challenge):
        assert item.view is None or item.view in (*lesson.views, *lesson.stack_views)
    for beat in lesson.beats:
        assert beat.look and f"role.{beat.look}" in catalogue("en")
        if beat.setting and not stack_of(stack_from_text(beat.setting)) and beat.step is not None:
            layer = from_text(beat.setting)
            scattered = int(np.prod(layer.input_size))
            assert -1 <= beat.step < (scattered if beat.view == "stamp" else len(trace(layer)))


@each_language
@each_lesson
def test_the_words_of_a_lesson_are_all_there_and_fit_what_is_shown(lesson: Lesson, language: str) -> None:
    stage = shown(lesson)
    written = {key for key in catalogue(language) if key.startswith(f"lesson.{lesson.name}.")}
    assert written == stage.keys()
    for key, layer in stage.items():
        text = plain(say(key, language, **facts(layer), **lesson.challenge.numbers, right=9))
        assert length(text, language) <= (MOST_WORDS if language == "en" else MOST_SIGNS), key
        assert "{" not in text
    assert {f"preset.{preset.name}" for preset in lesson.presets} <= catalogue(language).keys()


def test_the_classics_are_the_fifteen() -> None:
    wanted: list[tuple[str, Layer]] = [*FORWARD.items()]
    wanted += [(f"{name}_transposed", layer.transpose()) for name, layer in FORWARD.items()]
    wanted += [("dilation", Conv(7, 3, dilation=2))]
    assert list(CLASSICS) == wanted
    for name, layer in CLASSICS:
        assert LESSONS[lesson_of(name)].preset(name).setting == to_text(layer)


def test_the_stacks_of_the_dilated_lesson_end_in_one_output() -> None:
    gridding, covering = (facts(stack_from_text(text)) for text in stacks("dilated"))
    assert gridding["o"] == covering["o"] == 1
    assert gridding["field"] == gridding["i"] and gridding["unread"] == gridding["inputs"] - 7 * 7
    assert covering["field"] == covering["i"] and covering["unread"] == 0
    assert gridding["weights"] == covering["weights"]


def facts_of(lesson: str, myth: str) -> dict[str, Any]:
    found = next(m for m in LESSONS[lesson].misconceptions if m.name == myth)
    return facts(from_text(found.setting))


def test_each_misconception_is_refuted_by_its_setting() -> None:
    fraction = facts_of("convolution", "fraction")
    assert float(fraction["exact"]) != fraction["o"] and fraction["unread"] > 0
    divide = facts_of("convolution", "divide")
    assert divide["k"] % divide["s"] and divide["unread"] == 0
    ceil = facts_of("convolution", "ceil")
    assert float(ceil["exact"]) > ceil["o"]
    assert facts_of("convolution", "used")["idle"] > 0
    inverse = facts_of("transposed", "inverse")
    assert inverse["steps"] > inverse["inputs"]
    crop, less = facts_of("transposed", "padding"), facts_of("transposed", "inverse")
    assert crop["p"] > less["p"] and crop["o"] < less["o"]
    assert facts_of("transposed", "output_padding")["a"] > 0
    assert facts_of("transposed", "stride")["s"] > 1
    assert facts_of("dilated", "zeros")["gap"] == 0 < facts_of("dilated", "zeros")["d"] - 1
    assert facts_of("dilated", "stride")["s"] == 1 < facts_of("dilated", "stride")["d"]
    cost = facts_of("dilated", "cost")
    assert cost["span"] > cost["k"] and cost["cells"] == cost["weights"] == cost["k"] ** 2


def test_output_padding_appends_sums_and_not_zeros() -> None:
    text = next(m.setting for m in LESSONS["transposed"].misconceptions if m.name == "output_padding")
    layer = from_text(text)
    assert layer.taps.output_counts[-1].min() > 0
    assert np.any(trace(layer).output[0, -1] != 0)


def test_forward_then_transposed_restores_the_shape_and_other_numbers() -> None:
    forward = from_text("conv2d-i5-k3-s2-p1")
    there = trace(forward)
    back = trace(forward.transpose(), x=there.output, weight=there.weight)  # type: ignore[attr-defined]
    assert back.output.shape == there.x.shape
    assert np.any(back.output != there.x)


def test_the_overlap_is_uneven_where_the_stride_does_not_divide_the_kernel() -> None:
    inner = {}
    for name in ("checkerboard_uneven", "checkerboard_even"):
        layer = from_text(LESSONS["transposed"].preset(name).setting)
        inner[name] = set(layer.taps.output_counts[1:-1, 1:-1].ravel().tolist())
        assert layer.taps.output_counts.max() == facts(layer)["most_reached"]
    assert len(inner["checkerboard_uneven"]) > 1
    assert inner["checkerboard_even"] == {4}
