"""Where the numbers come from: new ones, a photograph's, an uploaded picture's; a file that is none changes nothing."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from openings import stacks
from PIL import Image
from sending import post, sent

from convviz.lessons import LESSONS
from convviz.page.averages import Box, averaged
from convviz.page.link import from_query, to_query
from convviz.page.shapes import shape
from convviz.page.sources import SQUARES, whole
from convviz.page.state import opening
from convviz.page.values import Values
from convviz.pictures import BYTES, photograph
from convviz.player.wire import wire
from convviz.web import held


def picture(rows: int = 40, columns: int = 50) -> tuple[bytes, np.ndarray[Any, Any]]:
    grey = (np.arange(rows * columns).reshape(rows, columns) % 251).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "PNG")
    return stream.getvalue(), grey


def x_of(page: Any) -> Any:
    """The input's values, which are those that the player was sent."""
    state = page.state("convolution")
    assert page.player["scene"]["grids"][0]["t"] == wire(state.scene())["grids"][0]["t"]
    return state.x.array(state.layer.x_shape, 0, 5)[0]


def test_random_gives_new_numbers_and_reset_the_first_ones(visit: Any) -> None:
    page = visit("convolution")
    before = x_of(page)
    choose(page, "s")
    assert (x_of(page) != before).any() and "x=s1" in page.player["link"] and "w=" not in page.player["link"]
    page.press("reset:convolution")
    assert (x_of(page) == before).all() and page.state("convolution") == opening("convolution")


def bring(page: Any, name: str, data: bytes) -> None:
    """Upload a picture as sources.js does, and choose it."""
    answer = sent(page.player["session"], name, data)
    assert answer.status_code == 200
    said = json.loads(bytes(answer.body))
    choose(page, said["source"]["value"])
    offered = page.sent("sources")[0]
    assert offered["sources"][-1] == said["source"] and offered["pictures"]["u"] == said["picture"]


def choose(page: Any, source: str) -> None:
    page.say("sources:convolution", "turn", {"name": "x", "value": source, "commit": True})


def test_the_photograph_is_shown_whole_and_a_box_chooses_a_part_of_it(visit: Any) -> None:
    page = visit("convolution")
    choose(page, "p0")
    assert (x_of(page) == averaged(photograph(), SQUARES[0], (5, 5))).all()
    choose(page, "p1_11_23_50")
    assert page.state("convolution").x == Values("photo", (1, 11, 23, 50)) and "x=p1_11_23_50" in page.player["link"]
    assert (x_of(page) == averaged(photograph(1), Box(11, 23, 50), (5, 5))).all()
    assert page.player["input"]["chosen"] == "p1" and page.sent("sources")[0]["input"] == page.player["input"]


def test_a_shape_is_computed_at_the_input_s_size(visit: Any) -> None:
    page = visit("convolution")
    choose(page, "hstep")
    assert (x_of(page) == shape("step", 5, 5)).all() and "x=hstep" in page.player["link"]
    page.turn("convolution", "input_size", 8)
    assert (x_of(page) == shape("step", 8, 8)).all()


def test_a_picture_that_is_brought_is_shown_whole_and_a_box_chooses_a_part_of_it(visit: Any) -> None:
    page, (data, grey) = visit("convolution"), picture()
    bring(page, "mine.png", data)
    assert (x_of(page) == averaged(grey, whole(grey, (5, 5)), (5, 5))).all()
    assert page.sent("sources")[0]["input"]["chosen"] == "u"
    choose(page, "u_7_20_5")
    assert (x_of(page) == grey[7:12, 20:25]).all()


def test_the_box_of_a_picture_that_was_brought_is_answered_at_once_by_its_own_session(visit: Any) -> None:
    page, (data, grey) = visit("convolution"), picture()
    bring(page, "mine.png", data)
    session, link = page.player["session"], page.player["link"]
    asked = {"link": link, "turn": {"name": "x", "value": "u_7_20_5", "commit": True}}
    answer = post(asked | {"session": session})
    assert answer.status_code == 200 and json.loads(bytes(answer.body))["input"]["chosen"] == "u"
    page.run()
    assert (x_of(page) == grey[7:12, 20:25]).all()
    assert post(asked | {"session": "another"}).status_code == 409


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut.png", picture()[0][:60]),
        ("empty.png", b""),
        ("page.png", b"<script>alert(1)</script>"),
        ("[x](javascript:alert(1)) <b>.png", b"nothing"),
        ("large.png", bytes(BYTES + 1)),
    ],
)
def test_a_file_that_is_no_picture_is_refused_with_a_reason_and_the_last_one_stays(
    visit: Any, name: str, data: bytes
) -> None:
    page, (good, grey) = visit("convolution"), picture()
    bring(page, "mine.png", good)
    before = page.player["scene"]
    answer = sent(page.player["session"], name, data)
    (why,) = json.loads(bytes(answer.body)).values()
    assert answer.status_code == 200 and why.startswith("picture: ") and "try" in why
    assert page.run().player["scene"] == before
    assert (held.picture(held.known(page.player["session"]), "convolution") == grey).all()


def test_a_picture_is_taken_of_a_session_of_this_process_alone(visit: Any) -> None:
    data, _ = picture()
    session = visit("convolution").player["session"]
    assert sent("another", "mine.png", data).status_code == 409
    assert sent(session, "mine.png", data, lesson="none").status_code == 404
    refused = sent(session, "mine.png", data, method="GET")
    assert refused.status_code == 405 and refused.headers["allow"] == "POST"


def test_what_a_picture_gave_is_known_by_its_numbers_whatever_is_typed_over_them(visit: Any) -> None:
    page, (data, _) = visit("convolution"), picture()
    bring(page, "mine.png", data)
    first = page.player["input"]["numbers"]
    page.say("player:convolution", "edit", {"array": "x", "index": 3, "value": 7})
    assert page.player["input"]["numbers"] == first
    choose(page, "u_7_20_5")
    assert page.player["input"]["numbers"] != first


def test_a_picture_of_few_pixels_fills_the_input_with_parts_of_them(visit: Any) -> None:
    page, (data, grey) = visit("convolution"), picture(3, 4)
    bring(page, "small.png", data)
    assert (x_of(page) == averaged(grey, Box(0, 0, 3), (5, 5))).all()


def test_a_patch_of_a_large_board_is_one_that_a_link_holds(visit: Any) -> None:
    page, (data, _) = visit("convolution", layer="conv2d-i50-k3"), picture(90, 90)
    bring(page, "mine.png", data)
    state = page.sound().state("convolution")
    found, wrong = from_query(to_query(state), "convolution")
    assert not wrong and found.x == state.x and state.layer.input_size == (50, 50)


@pytest.mark.parametrize("view", ["coverage", "stack"])
def test_a_stack_has_them_in_reach_before_the_view_that_shows_them_is_turned_to(visit: Any, view: str) -> None:
    """A turn is answered without the page's script, and so brings no new popover."""
    layer = stacks("dilated")[0]
    page = visit("dilated", layer=layer, view=view)
    page.say("sources:dilated", "turn", {"name": "x", "value": "s", "commit": True})
    page.turn("dilated", "view", "stack")
    state, _ = from_query({"layer": layer, "view": "stack", "x": "s1"}, "dilated")
    assert page.player["scene"] == json.loads(json.dumps(wire(state.scene())))


def test_what_no_view_shows_with_values_has_none(visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = LESSONS["dilated"]
    monkeypatch.setitem(LESSONS, "dilated", replace(plan, stack_views=("coverage",)))
    page = visit("dilated", layer=stacks("dilated")[0])
    assert not page.sent("sources")
