"""Where the numbers come from: new ones, a photograph's, an uploaded picture's; a file that is none changes nothing."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from loops import run
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response

from convviz.lessons import LESSONS
from convviz.network import BETWEEN
from convviz.page.averages import Box, averaged
from convviz.page.link import from_query, to_query
from convviz.page.shapes import shape
from convviz.page.sources import SQUARES, whole
from convviz.page.state import opening
from convviz.page.values import Values
from convviz.pictures import photograph
from convviz.player.wire import wire
from convviz.web import answers


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


def test_shuffle_gives_new_numbers_and_reset_the_first_ones(visit: Any) -> None:
    page = visit("convolution")
    before = x_of(page)
    page.press("shuffle:convolution")
    assert (x_of(page) != before).any() and "x=s1" in page.player["link"] and "w=s1" in page.player["link"]
    page.press("reset:convolution")
    assert (x_of(page) == before).all() and page.state("convolution") == opening("convolution")


def post(asked: dict[str, Any]) -> Response:
    """What the address that answers at once says to a question about the lesson on convolution."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(asked).encode(), "more_body": False}

    scope = {"type": "http", "method": "POST", "path_params": {"lesson": "convolution"}, "headers": []}
    return run(answers.answer(Request(scope, receive)))


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
    page.file_uploader[0].upload("mine.png", data, "image/png").run()
    assert not page.sound().error
    assert (x_of(page) == averaged(grey, whole(grey, (5, 5)), (5, 5))).all()
    assert page.sent("sources")[0]["input"]["chosen"] == "u"
    choose(page, "u_7_20_5")
    assert (x_of(page) == grey[7:12, 20:25]).all()


def test_the_box_of_a_picture_that_was_brought_is_answered_at_once_by_its_own_session(visit: Any) -> None:
    page, (data, grey) = visit("convolution"), picture()
    page.file_uploader[0].upload("mine.png", data, "image/png").run()
    session, link = page.player["session"], page.player["link"]
    asked = {"link": link, "turn": {"name": "x", "value": "u_7_20_5", "commit": True}}
    answer = post(asked | {"session": session})
    assert answer.status_code == 200 and json.loads(bytes(answer.body))["input"]["chosen"] == "u"
    page.run()
    assert (x_of(page) == grey[7:12, 20:25]).all()
    assert post(asked | {"session": "another"}).status_code == 409
    page.file_uploader[0].set_value([]).run()
    assert [source for source in page.sound().sent("sources")[0]["sources"] if source["value"] == "u"] == []
    assert post(asked | {"session": session}).status_code == 409


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut.png", picture()[0][:60]),
        ("empty.png", b""),
        ("page.png", b"<script>alert(1)</script>"),
        ("[x](javascript:alert(1)) <b>.png", b"nothing"),
        ("large.png", bytes(8 * 2**20 + 1)),
    ],
)
def test_a_file_that_is_no_picture_is_refused_with_a_reason_and_the_last_picture_stays(
    visit: Any, name: str, data: bytes
) -> None:
    page = visit("convolution").press("shuffle:convolution")
    before = page.player["scene"]
    page.file_uploader[0].upload(name, data, "image/png").run()
    assert not page.exception
    (error,) = page.error
    assert error.value.startswith("`") and error.value.endswith("`") and "picture" in error.value
    assert page.player["scene"] == before


def test_a_picture_of_few_pixels_fills_the_input_with_parts_of_them(visit: Any) -> None:
    page, (data, grey) = visit("convolution"), picture(3, 4)
    page.file_uploader[0].upload("small.png", data, "image/png").run()
    page.sound()
    assert (x_of(page) == averaged(grey, Box(0, 0, 3), (5, 5))).all()


def test_a_patch_of_a_large_board_is_one_that_a_link_holds(visit: Any) -> None:
    page, (data, _) = visit("convolution", layer="conv2d-i50-k3"), picture(90, 90)
    page.file_uploader[0].upload("mine.png", data, "image/png").run()
    state = page.sound().state("convolution")
    found, wrong = from_query(to_query(state), "convolution")
    assert not wrong and found.x == state.x and state.layer.input_size == (50, 50)


@pytest.mark.parametrize("view", ["coverage", "stack"])
def test_a_stack_has_them_in_reach_before_the_view_that_shows_them_is_turned_to(visit: Any, view: str) -> None:
    """A turn is answered without the page's script, and so brings no new popover."""
    layer = BETWEEN.join(LESSONS["dilated"].stacks[0])
    page = visit("dilated", layer=layer, view=view).press("shuffle:dilated")
    page.turn("dilated", "view", "stack")
    state, _ = from_query({"layer": layer, "view": "stack", "x": "s1", "w": "s1"}, "dilated")
    assert page.player["scene"] == json.loads(json.dumps(wire(state.scene())))


def test_what_no_view_shows_with_values_has_none(visit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = LESSONS["dilated"]
    monkeypatch.setitem(LESSONS, "dilated", replace(plan, stack_views=("coverage",)))
    page = visit("dilated", layer=BETWEEN.join(plan.stacks[0]))
    assert not [button for button in page.button if button.key == "shuffle:dilated"]
