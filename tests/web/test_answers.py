"""Answers to what is turned and typed, and the session that is told of them afterwards."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from starlette.requests import Request
from starlette.responses import Response

from convviz.layers.notation import from_text
from convviz.lessons import LESSONS
from convviz.player.wire import wire
from convviz.state import from_query, link, opening, to_query
from convviz.web import answers


def get(lesson: str, query: str) -> Response:
    """What the route answers."""
    scope = {"type": "http", "method": "GET", "headers": [], "query_string": query.encode()}
    return asyncio.run(answers.answer(Request(scope | {"path_params": {"lesson": lesson}})))


def answer(state: Any, **asked: Any) -> dict[str, Any]:
    """What is answered to a question about a state."""
    said = {name: json.dumps(value) if name in ("turn", "edit") else value for name, value in asked.items()}
    response = get(state.lesson, urlencode(to_query(state) | said))
    assert response.status_code == 200
    return dict(json.loads(bytes(response.body)))


def turn(name: str, value: Any, commit: bool = True) -> dict[str, Any]:
    return {"name": name, "value": value, "commit": commit}


def dial(said: dict[str, Any], name: str) -> dict[str, Any]:
    (one,) = (dial for dial in said["dials"] if dial["name"] == name)
    return dict(one)


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_what_the_page_would_have_sent(visit: Any, lesson: str, language: str) -> None:
    page = visit(lesson, lang=language)
    said = answer(page.state(lesson), turn=turn("dilation", 2))
    page.turn(lesson, "dilation", 2)
    sent = {name: page.player[name] for name in said if name not in ("dials", "apart")}
    assert {name: said[name] for name in sent} == sent
    assert said["dials"] == list(page.dials.values())


@settings(max_examples=40, deadline=None)
@given(
    some.sampled_from(
        ["input_size", "kernel_size", "stride", "padding", "output_padding", "dilation", "view", "rate0"]
    ),
    some.integers(-1, 9) | some.sampled_from(LESSONS["transposed"].views) | some.none() | some.just({"a": []}),
)
def test_whatever_is_turned_there_is_an_answer_and_its_link_is_its_picture_s(name: str, value: Any) -> None:
    said = answer(opening("transposed"), turn=turn(name, value))
    if "refused" in said:
        assert "scene" not in said
        return
    state, wrong = from_query(dict(pair.split("=") for pair in said["link"].split("&") if pair), "transposed")
    assert not wrong and said["scene"] == json.loads(json.dumps(wire(state.scene())))


def test_what_cannot_be_is_explained_at_its_dial() -> None:
    said = answer(opening("convolution"), turn=turn("kernel_size", 99))
    assert said["refused"] and dial(said, "kernel_size")["note"] == said["refused"]


def test_axes_stay_apart_while_it_is_said_that_they_are() -> None:
    state = opening("convolution")
    assert answer(state, turn=turn("axes", True))["apart"]
    assert dial(answer(state, turn=turn("stride", 2), apart="1"), "padding")["kind"] == "text"
    assert dial(answer(state, turn=turn("stride", 2)), "padding")["kind"] == "range"


def test_a_typed_number_changes_what_depends_on_it_and_one_that_does_not_fit_is_refused() -> None:
    state = opening("convolution")
    said = answer(state, edit={"array": "x", "index": 3, "value": -7})
    assert said["link"] == link(replace(state, x=state.x.edited(3, -7)))
    assert "refused" in answer(state, edit={"array": "x", "index": 3, "value": 1000})


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("nowhere", 404),
        ("convolution?turn={", 400),
        ("convolution?layer=conv2d-i99999-k1&v=1", 400),
        ("convolution?x=%3Cb%3E&v=1", 400),
        ("convolution?turn=[[[[1", 400),
        ("convolution?turn=3&edit=%22x%22", 200),
        ("convolution", 200),
    ],
)
def test_a_question_that_no_page_asks_does_no_harm(path: str, code: int) -> None:
    response = get(*path.partition("?")[::2])
    assert response.status_code == code
    assert response.headers["content-type"].split(";")[0] in ("text/plain", "application/json")


class TestTold:
    """The session is told what the browser shows."""

    def test_it_knows_it_and_sends_nothing_again(self, visit: Any) -> None:
        page = visit("convolution")
        before = page.player, page.dials
        state = replace(page.state("convolution"), layer=from_text("conv2d-i6-k3-s2"))
        page.say("dials:convolution", "turn", {"links": [link(state)], "apart": False})
        assert page.state("convolution") == state
        assert (page.player, page.dials) == before, "the same bytes, which the browser has"
        page.run()
        assert page.player["link"] == link(state) and page.player["undo"]

    def test_undo_goes_back_from_what_the_browser_shows(self, visit: Any) -> None:
        page = visit("convolution")
        state = replace(opening("convolution"), layer=from_text("conv2d-i6-k3-s2"))
        stamp = page.player["stamp"]
        page.say("player:convolution", "undo", {"links": [link(state)], "apart": False})
        assert page.state("convolution") == opening("convolution") and page.player["stamp"] > stamp

    def test_the_same_twice_is_one_step_of_the_history(self, visit: Any) -> None:
        page = visit("convolution")
        news = {"links": [link(replace(opening("convolution"), view="matrix"))], "apart": False}
        page.say("dials:convolution", "turn", news).say("dials:convolution", "turn", news)
        page.say("player:convolution", "undo", news)
        assert page.state("convolution") == opening("convolution") and not page.player["undo"]

    def test_each_link_is_a_step_of_the_history(self, visit: Any) -> None:
        page = visit("convolution")
        states = [replace(opening("convolution"), layer=from_text(f"conv2d-i6-k3-s{stride}")) for stride in (1, 2, 3)]
        page.say("dials:convolution", "turn", {"links": [link(state) for state in states]})
        for state in (states[1], states[0], opening("convolution")):
            page.say("player:convolution", "undo", {"links": []})
            assert page.state("convolution") == state

    @pytest.mark.parametrize("nonsense", ["v=9", "layer=conv9d&v=1", "v=1&layer=conv2d-i99999-k1", "x=%00&v=1"])
    def test_nonsense_changes_nothing(self, visit: Any, nonsense: str) -> None:
        page = visit("convolution")
        page.say("dials:convolution", "turn", {"links": [nonsense]})
        assert page.state("convolution") == opening("convolution")
        assert page.player["link"] == ""
