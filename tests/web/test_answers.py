"""Answers to what is turned and typed, and the session that hears of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from loops import run
from openings import stacks
from starlette.requests import Request
from starlette.responses import Response

from convviz.lessons import LESSONS
from convviz.network import stack_from_text
from convviz.page.link import from_query, link
from convviz.page.state import opening
from convviz.player.wire import COMMON, wire
from convviz.web import answers, held
from convviz.web.held import PAST, Held


def post(lesson: str, body: bytes) -> Response:
    """What the route answers."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [], "path_params": {"lesson": lesson}}
    return run(answers.answer(Request(scope, receive)))


def answer(state: Any, **asked: Any) -> dict[str, Any]:
    """What is answered to a question about a state, to a session that there is."""
    mine = Held()
    held._BY_NAME[mine.name] = mine
    response = post(state.lesson, json.dumps({"link": link(state), "session": mine.name, **asked}).encode())
    assert response.status_code == 200
    return whole(bytes(response.body), wire(state.scene()))


def whole(body: bytes, shown: dict[str, Any]) -> dict[str, Any]:
    """An answer with what the page has already: what all scenes have alike, and the pixels of the images of the scene
    that is shown, found by their mark as in player/images.js."""
    said = dict(json.loads(body))
    if "scene" in said:
        assert not said["scene"].keys() & COMMON.keys()
        said["scene"] = json.loads(json.dumps(COMMON)) | said["scene"]
        pixels = {image["m"]: image["src"] for image in shown.get("images", ())}
        for image in said["scene"].get("images", ()):
            assert ("src" in image) != (image["m"] in pixels), "pixels are sent once, and never left out otherwise"
            image.setdefault("src", pixels.get(image["m"]))
    return said


def turn(name: str, value: Any, commit: bool = True) -> dict[str, Any]:
    return {"name": name, "value": value, "commit": commit}


def dial(said: dict[str, Any], name: str) -> dict[str, Any]:
    (one,) = (dial for dial in said["dials"] if dial["name"] == name)
    return dict(one)


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_what_the_page_would_have_sent(visit: Any, lesson: str, language: str) -> None:
    page = visit(lesson, lang=language)
    before = dict(page.dials)
    name, value = ("map", 5) if "map" in before else ("dilation", 2)
    said = answer(page.state(lesson), turn=turn(name, value))
    page.turn(lesson, name, value)
    sent = {name: page.player[name] for name in said if name not in ("dials", "apart")}
    assert {name: said[name] for name in sent} == sent
    shown = [dict(dial) for dial in page.dials.values()]
    for one, sent in zip(shown, said["dials"], strict=True):
        if "choices" in one and "choices" not in sent:
            assert one["choices"] == before[one["name"]]["choices"], "what the page has already"
            del one["choices"]
    assert said["dials"] == shown


def test_what_is_foreseen_is_the_answer_and_nobody_hears_of_it() -> None:
    state, mine = opening("convolution"), Held()
    held._BY_NAME[mine.name] = mine
    asked = {"link": link(state), "session": mine.name, "turn": turn("stride", 2)}
    foreseen = post("convolution", json.dumps({**asked, "foresee": True}).encode())
    assert foreseen.status_code == 200 and "convviz-told" not in foreseen.headers and not mine.news
    told = post("convolution", json.dumps(asked).encode())
    assert bytes(told.body) == bytes(foreseen.body) and told.headers["convviz-told"] == "1"


def test_nothing_is_foreseen_while_others_wait_for_their_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    state = opening("convolution")
    monkeypatch.setattr(answers, "_computing", [state])
    asked = {"link": link(state), "turn": turn("stride", 2), "foresee": True}
    response = post("convolution", json.dumps(asked).encode())
    assert response.status_code == 204 and not bytes(response.body)


def test_what_is_foreseen_gives_way_to_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    state, mine = opening("convolution"), Held()
    held._BY_NAME[mine.name] = mine
    asked = {"link": link(state), "session": mine.name, "turn": turn("stride", 2)}
    usual = answers.outcome

    def meanwhile(*given: Any) -> Any:
        answers._computing.append(asked)
        return usual(*given)

    monkeypatch.setattr(answers, "_computing", [])
    monkeypatch.setattr(answers, "outcome", meanwhile)
    response = post("convolution", json.dumps({**asked, "foresee": True}).encode())
    assert response.status_code == 204 and not bytes(response.body)
    assert answers._computing == [asked], "it is not computed any more"
    assert post("convolution", json.dumps(asked).encode()).status_code == 200, "who waits gets the answer"


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


@pytest.mark.parametrize(
    ("lesson", "name", "value"),
    [
        ("convolution", "preset", "tconv2d-i3-k3"),
        ("convolution", "preset", "conv2d-i9999-k3"),
        ("convolution", "preset", None),
        ("convolution", "view", "roundtrip"),
        ("convolution", "view", {"a": 1}),
        ("convolution", "input_size", "1" * 5000),
        ("convolution", "padding", "1" * 5000),
        ("convolution", "dilation", 10**9),
        ("convolution", "nothing", 1),
        ("dilated", "rate\u00b2", 2),
        ("dilated", "rate0", 10**30),
        ("dilated", "axes", True),
    ],
)
def test_a_turn_that_no_dial_makes_leaves_the_picture_as_it_is(lesson: str, name: str, value: Any) -> None:
    stack = next(iter(stacks(lesson)), None) if lesson == "dilated" else None
    state = replace(opening(lesson), layer=stack_from_text(stack)) if stack else opening(lesson)
    said = answer(state, turn=turn(name, value))
    assert "refused" in said or said["link"] == link(state)
    assert said["dials"]


def test_axes_stay_apart_while_it_is_said_that_they_are() -> None:
    state = opening("convolution")
    assert answer(state, turn=turn("axes", True))["apart"]
    assert dial(answer(state, turn=turn("stride", 2), apart=True), "padding")["kind"] == "text"
    assert dial(answer(state, turn=turn("stride", 2)), "padding")["kind"] == "range"


def test_a_typed_number_changes_what_depends_on_it_and_one_that_does_not_fit_is_refused() -> None:
    state = opening("convolution")
    said = answer(state, edit={"array": "x", "index": 3, "value": -7})
    assert said["link"] == link(replace(state, x=state.x.edited(3, -7)))
    assert "refused" in answer(state, edit={"array": "x", "index": 3, "value": 1000})


@pytest.mark.parametrize(
    ("lesson", "body", "code"),
    [
        ("nowhere", b"{}", 404),
        ("convolution", b"", 400),
        ("convolution", b"[[[[1", 400),
        ("convolution", b"[" * 900_000, 400),
        ("convolution", b"\xff", 400),
        ("convolution", b"[]", 400),
        ("convolution", b" " * (answers.MOST_BYTES + 1), 413),
        ("convolution", b'{"link": "layer=conv2d-i99999-k1&v=1"}', 400),
        ("convolution", b'{"link": "x=%3Cb%3E&v=1"}', 400),
        ("convolution", b'{"link": 3, "turn": 3, "edit": "x", "session": {}, "apart": []}', 409),
        ("convolution", b'{"turn": {"name": "stride", "value": 2, "commit": true}, "session": "another"}', 409),
        ("convolution", b'{"turn": {"name": "stride", "value": 2}}', 200),
    ],
)
def test_a_question_that_no_page_asks_does_no_harm(lesson: str, body: bytes, code: int) -> None:
    response = post(lesson, body)
    assert response.status_code == code
    assert response.headers["content-type"].split(";")[0] in ("text/plain", "application/json")


class TestHeard:
    """The session has heard of what the browser shows."""

    @staticmethod
    def ask(page: Any, lesson: str = "convolution", **asked: Any) -> dict[str, Any]:
        """Ask as the page's player does, of what it shows, which is then what was answered."""
        shown = getattr(page, "shown", None) or page.player
        kept = getattr(page, "kept", page.player["link"])
        question = {"link": shown["link"], "before": kept, "session": page.player["session"], **asked}
        body = bytes(post(lesson, json.dumps(question).encode()).body)
        page.shown = whole(body, shown.get("scene", {}))
        page.kept = page.shown["link"] if asked.get("turn", {"commit": True})["commit"] else kept
        return page.shown

    def test_it_finds_it_when_its_script_runs_next(self, visit: Any) -> None:
        page = visit("convolution")
        said = self.ask(page, turn=turn("stride", 3))
        page.run()
        assert page.player["link"] == said["link"] and page.player["undo"] and page.player["scene"] == said["scene"]

    def test_undo_goes_back_a_step_of_what_was_kept(self, visit: Any) -> None:
        page = visit("convolution")
        stamp = page.player["stamp"]
        for value, commit in ((2, False), (3, True), (1, True)):
            self.ask(page, turn=turn("stride", value, commit))
        for stride in (3, 1):
            page.say("player:convolution", "undo", {})
            assert page.state("convolution").layer.stride == (stride, stride) and page.player["stamp"] > stamp
        assert page.state("convolution") == opening("convolution") and not page.player["undo"]

    def test_a_whole_drag_is_one_step_of_the_history(self, visit: Any) -> None:
        page = visit("convolution")
        for value, commit in ((2, False), (3, False), (3, True)):
            self.ask(page, turn=turn("stride", value, commit))
        page.run()
        assert page.state("convolution").layer.stride == (3, 3) and page.player["undo"]
        page.say("player:convolution", "undo", {})
        assert page.state("convolution") == opening("convolution") and not page.player["undo"]

    def test_what_comes_in_the_place_of_the_one_before_is_one_step_with_it(self, visit: Any) -> None:
        page = visit("convolution")
        for value in (2, 3, 4):
            self.ask(page, turn=turn("kernel_size", value), again=True)
        page.say("player:convolution", "undo", {})
        assert page.state("convolution") == opening("convolution") and not page.player["undo"]

    def test_of_very_many_the_newest_are_kept(self, visit: Any) -> None:
        page = visit("convolution")
        for value in range(PAST + 5):
            self.ask(page, edit={"array": "x", "index": 3, "value": value})
        page.run()
        assert page.player["link"] == page.shown["link"]
        for _ in range(PAST):
            page.say("player:convolution", "undo", {})
        assert page.state("convolution") == opening("convolution") and not page.player["undo"]

    def test_what_was_asked_of_another_picture_is_forgotten(self, visit: Any) -> None:
        page = visit("convolution")
        page.turn("convolution", "padding", 2)
        before = page.sent("dials")
        page.shown, page.kept = {"link": ""}, ""
        self.ask(page, turn=turn("stride", 3))
        page.run()
        assert page.sent("dials") != before, "dials that show the answer show the page's again"
        assert page.state("convolution") == replace(opening("convolution"), layer=page.state("convolution").layer)
        assert page.state("convolution").layer.stride == (1, 1)

    def test_the_language_that_is_chosen_meanwhile_stays(self, visit: Any) -> None:
        page = visit("convolution")
        said = self.ask(page, turn=turn("stride", 3))
        page.choose("language", "zh")
        assert page.player["link"].replace("&lang=zh", "") == said["link"]

    def test_axes_that_were_taken_apart_stay_so(self, visit: Any) -> None:
        page = visit("convolution")
        self.ask(page, turn=turn("axes", True))
        page.run()
        assert page.dials["padding"]["kind"] == "text" and not page.player["undo"]

    def test_a_session_that_is_over_is_forgotten(self) -> None:
        mine = Held()
        held._BY_NAME[mine.name] = mine
        name = mine.name
        del mine
        assert not held.hear(name, held.News(opening("convolution"), opening("convolution"), False), False)
