"""A lesson as it is presented: its stops, and all that a screen needs without a server."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from convviz.lessons import LESSONS
from convviz.lessons.lesson import MOST_STOPS, QUESTION, Beat, Prediction
from convviz.page.asked import question
from convviz.page.link import from_query
from convviz.page.present import presented, stops
from convviz.page.state import State, opening
from convviz.page.tour import said, showing
from convviz.player.wire import wire
from convviz.text import LANGUAGES, say

each_lesson = pytest.mark.parametrize("lesson", LESSONS)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def read(lesson: str, language: str = "en") -> dict[str, Any]:
    return dict(json.loads(presented(lesson, language)))


def opened(link: str, lesson: str, language: str) -> State:
    state, wrong = from_query(dict(parse_qsl(link)), lesson, language)
    assert not wrong
    return state


def test_a_beat_that_names_no_stops_has_its_own_step() -> None:
    assert stops(Beat("one", step=-1), 9) == [("step", 8)]
    assert stops(Beat("one"), 9) == [("step", 0)]


def test_a_question_is_one_stop_and_its_answer_the_next() -> None:
    asking = Beat("one", step=2, ask=Prediction("output"))
    assert stops(asking, 9) == [(QUESTION, 2), ("answer", 2)]
    assert stops(Beat("one", step=2, stops=(0, QUESTION, -1)), 9) == [
        ("step", 0),
        (QUESTION, 2),
        ("answer", 2),
        ("step", 8),
    ]


def test_a_question_that_no_stop_names_comes_in_place_of_its_step() -> None:
    ask = Prediction("output")
    asked = [(QUESTION, 2), ("answer", 2)]
    assert stops(Beat("one", step=2, ask=ask, stops=(0, 2, -1)), 9) == [("step", 0), *asked, ("step", 8)]
    assert stops(Beat("one", step=2, ask=ask, stops=(0, -1)), 9) == [*asked, ("step", 0), ("step", 8)]


@each_lesson
def test_no_beat_has_more_stops_than_nine_and_each_lies_in_its_picture(lesson: str) -> None:
    for beat, slide in zip(LESSONS[lesson].beats, read(lesson)["slides"][1:], strict=True):
        steps = showing(opening(lesson), {"kind": "beat", "n": slide["n"] - 1}).scene().steps
        assert all(-steps <= stop < steps for stop in beat.stops if isinstance(stop, int))
        assert 1 <= len(slide["stops"]) <= MOST_STOPS


@each_language
@each_lesson
def test_each_stop_says_what_the_beat_says_of_the_picture_that_it_has(lesson: str, language: str) -> None:
    found = read(lesson, language)
    plan = LESSONS[lesson]
    assert [slide["n"] for slide in found["slides"]] == list(range(len(plan.beats) + 1))
    assert found["slides"][0]["stops"][0]["text"] == say(f"lesson.{lesson}.intro", language)
    for slide in found["slides"]:
        for stop in slide["stops"]:
            state = opened(stop["link"], lesson, language)
            assert state.beat == slide["n"]
            drawn = json.loads(json.dumps(wire(state.scene(afar=True))))
            sent = found["scenes"][stop["scene"]]
            for image in sent.get("images", ()):  # pixels are sent once
                image.setdefault("src", found["images"][image["m"]])
            assert sent == drawn
            assert 0 <= stop["t"] < drawn["steps"]
            if slide["n"]:
                beat = plan.beats[slide["n"] - 1]
                wanted = question(state, beat) if stop["kind"] == QUESTION else said(beat, state)
                assert stop["text"].startswith(wanted)
                assert ("ask" in stop) == (stop["kind"] == QUESTION)


@each_lesson
def test_a_question_comes_before_whatever_would_answer_it(lesson: str) -> None:
    for beat, slide in zip(LESSONS[lesson].beats, read(lesson)["slides"][1:], strict=True):
        kinds = [stop["kind"] for stop in slide["stops"]]
        assert kinds[:2] == [QUESTION, "answer"] if beat.ask else QUESTION not in kinds


@each_lesson
def test_each_picture_is_sent_once(lesson: str) -> None:
    scenes = [json.dumps(scene) for scene in read(lesson)["scenes"]]
    assert len(set(scenes)) == len(scenes)


def test_each_kernel_that_can_be_tried_is_a_stop_with_what_it_shows() -> None:
    slide = read("convolution")["slides"][3]
    tries = LESSONS["convolution"].beats[2].tries
    assert len(slide["stops"]) == len(tries) == len({stop["text"] for stop in slide["stops"]})
    names = [opened(stop["link"], "convolution", "en").weight.name for stop in slide["stops"]]
    assert tuple(names) == tries
