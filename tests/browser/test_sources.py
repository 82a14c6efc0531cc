"""The input's values are chosen by a source and by a box on a photograph: by mouse, by touch and by keyboard."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from PIL import Image
from placed import inputs
from playwright.sync_api import Locator, expect

from convviz.page.averages import Box, averaged
from convviz.page.link import from_query
from convviz.page.sources import SQUARES, whole
from convviz.page.state import State
from convviz.pictures import BYTES, photograph
from convviz.text import say

FACE = SQUARES[0]


def opened(visit: Any, **query: str) -> Locator:
    """The sources, on the lesson about convolution, whose picture is at rest."""
    visit.go("convolution", {"v": "1", **query}, plays=False).paused()
    visit.page.get_by_role("button", name=say("control.values"), exact=True).click()
    visit.page.locator(".sources[data-ready]").wait_for()
    return visit.page.locator(".sources")


def addressed(visit: Any) -> State:
    """The state of the address."""
    state, wrong = from_query(dict(parse_qsl(urlsplit(visit.page.url).query)), "convolution")
    assert not wrong
    return state


def numbers(visit: Any) -> list[int]:
    """The input's numbers as they stand in the picture."""
    texts = {mark: text for mark, _, text in visit.drawn()["texts"]}
    return [int(texts[mark]) for mark in inputs(addressed(visit).scene())]


def greys(box: Box, grey: Any = None) -> list[int]:
    return averaged(photograph() if grey is None else grey, box, (5, 5)).ravel().tolist()


def shows(visit: Any, box: Box) -> None:
    """Wait until the picture shows a box of the face, and the address names it."""
    visit.comes(lambda: numbers(visit), greys(box))
    visit.page.wait_for_url(lambda url: f"x=p0_{box.row}_{box.column}_{box.size}" in url)


def middle(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pixel(visit: Any) -> float:
    """How wide a pixel of the photograph is on the screen."""
    box = visit.page.locator(".sources img").bounding_box()
    assert box
    return float(box["width"] / photograph().shape[1])


def test_each_source_is_a_button_that_fills_the_input(visit: Any) -> None:
    sources = opened(visit)
    height = sources.evaluate("n => n.getBoundingClientRect().height")
    for name, text in (("face", "p0_"), ("cat", "p1_"), ("step", "hstep"), ("impulse", "himpulse"), ("random", "s1")):
        button = sources.get_by_role("button", name=say(f"source.{name}"), exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        visit.page.wait_for_url(lambda url, text=text: f"x={text}" in url)
        state = addressed(visit)
        visit.comes(lambda: numbers(visit), state.x.array(state.layer.x_shape, 0, 5).ravel().tolist())
        assert sources.locator(".box:visible").count() == (name in ("face", "cat"))
        assert sources.evaluate("n => n.getBoundingClientRect().height") == height, "nothing else moves"


def test_the_box_is_dragged_and_resized_by_mouse_and_each_time_is_one_step_of_the_history(visit: Any) -> None:
    sources = opened(visit, x="_".join(map(str, ("p0", *FACE))))
    box, mouse, scale = sources.locator(".box"), visit.page.mouse, pixel(visit)
    shows(visit, FACE)
    address, (x, y) = visit.page.url, middle(box)
    mouse.move(x, y)
    mouse.down()
    for n in range(1, 5):
        mouse.move(x + 10 * n * scale, y + 5 * n * scale)
    moved = Box(FACE.row + 20, FACE.column + 37, FACE.size)  # at most as far as the photograph goes
    visit.comes(lambda: numbers(visit), greys(moved))
    assert visit.page.url == address, "while it is held, it follows, and nothing is kept"
    mouse.up()
    shows(visit, moved)
    x, y = middle(sources.locator(".handle"))
    mouse.move(x, y)
    mouse.down()
    mouse.move(x - 40 * scale, y - 40 * scale, steps=4)
    mouse.up()
    smaller = Box(moved.row, moved.column, moved.size - 40)
    shows(visit, smaller)
    visit.page.go_back()
    shows(visit, moved)
    told = say("source.place", row=moved.row, column=moved.column, rows=120, columns=120)
    expect(box).to_have_attribute("aria-valuetext", told)
    visit.page.go_back()
    shows(visit, FACE)


def test_the_box_is_moved_and_resized_by_keyboard(visit: Any) -> None:
    sources = opened(visit, x="_".join(map(str, ("p0", *FACE))))
    box = sources.get_by_role("slider", name=say("source.box"))
    box.focus()
    row, column, size = FACE
    for key, wanted in (
        ("ArrowLeft", Box(row, column - 4, size)),
        ("ArrowDown", Box(row + 4, column - 4, size)),
        ("-", Box(row + 8, column, size - 8)),
        ("+", Box(row + 4, column - 4, size)),
        ("Shift+ArrowDown", Box(row + 8, column, size - 8)),
        ("Shift+ArrowRight", Box(row + 4, column - 4, size)),
    ):
        box.press(key)
        shows(visit, wanted)
        told = say("source.place", row=wanted.row, column=wanted.column, rows=wanted.size, columns=wanted.size)
        expect(box).to_have_attribute("aria-valuetext", told)
        expect(box).to_be_focused()
        visit.page.wait_for_timeout(200)  # what comes sooner is the same step of the history
    visit.page.go_back()
    shows(visit, Box(row + 8, column, size - 8))


def test_keys_stop_at_the_edges_of_the_photograph(visit: Any) -> None:
    box = opened(visit, x="p0_2_1_100").get_by_role("slider", name=say("source.box"))
    box.press("ArrowUp")
    box.press("ArrowLeft")
    shows(visit, Box(0, 0, 100))
    for _ in range(16):
        box.press("+")
    most = min(photograph().shape)
    visit.comes(lambda: box.get_attribute("aria-valuenow"), str(most))
    assert box.get_attribute("aria-valuemax") == str(most)


def test_the_box_follows_a_finger_on_a_phone_and_its_targets_are_large_enough(visitor: Any) -> None:
    visit = visitor(viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce")
    sources = opened(visit, x="p0_60_60_60")
    box, scale = sources.locator(".box"), pixel(visit)
    shows(visit, Box(60, 60, 60))
    x, y = middle(box)
    tools = visit.page.context.new_cdp_session(visit.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        tools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": a, "y": b} for a, b in points]})

    touch("touchStart", (x, y))
    for n in range(1, 6):
        touch("touchMove", (x + 4 * n * scale, y - 6 * n * scale))
    touch("touchEnd")
    shows(visit, Box(30, 80, 60))
    at = "([x, y]) => { let n = document.elementFromPoint(x, y); n = n.shadowRoot?.elementFromPoint(x, y) ?? n;"
    at += " return n.className }"
    x, y = middle(sources.locator(".handle"))
    for dx, dy in ((-17, 0), (25, 0), (0, -17), (0, 25), (25, 25)):
        assert visit.page.evaluate(at, [x + dx, y + dy]) == "handle"
    for button in sources.get_by_role("button").all():
        size = button.bounding_box()
        assert size and min(size["width"], size["height"]) >= 44
    assert sources.locator(".seen").is_visible()


def file(grey: Any, name: str = "mine.png") -> dict[str, Any]:
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": stream.getvalue()}


def brought(visit: Any, sources: Locator) -> Any:
    """Bring a picture by the keyboard; returns its greys."""
    grey = np.random.default_rng(1).integers(0, 256, (100, 100)).astype(np.uint8)
    button = sources.get_by_role("button", name=say("source.upload"))
    with visit.page.expect_file_chooser() as chooser:
        button.press("Enter")
    chooser.value.set_files(file(grey))
    expect(sources.get_by_role("button", name=say("source.own"), exact=True)).to_have_attribute("aria-pressed", "true")
    visit.comes(lambda: numbers(visit), greys(whole(grey, (5, 5)), grey))
    return grey


def test_a_file_that_is_no_picture_is_refused_beside_the_sources_and_the_last_picture_stays(
    visit: Any, tmp_path: Path
) -> None:
    sources = opened(visit)
    grey, good = brought(visit, sources), visit.drawn()
    chosen = sources.locator("input[type=file]")
    alert = sources.locator(".error")
    expect(alert).to_be_hidden()
    for name, data, why in (
        ("<b>page.png", b"<script>alert(1)</script>", "<b>page.png"),
        ("large.png", bytes(BYTES + 2**19), "8.5 MiB"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        chosen.set_input_files(path)
        expect(alert).to_contain_text(why)
        assert visit.drawn() == good
    chosen.set_input_files(file(255 - grey))
    expect(alert).to_be_hidden()
    visit.comes(lambda: numbers(visit), greys(whole(grey, (5, 5)), 255 - grey))


def test_back_puts_the_box_on_a_picture_that_was_brought_to_where_it_was(visit: Any) -> None:
    sources = opened(visit)
    grey = brought(visit, sources)
    box = sources.get_by_role("slider", name=say("source.box"))
    places: list[Any] = []
    for key in ("-", "ArrowRight", "ArrowDown"):
        before = visit.page.url
        box.press(key)
        visit.page.wait_for_url(lambda url, before=before: url != before)
        visit.page.wait_for_timeout(300)  # longer than that in which one dial's values are one step of the history
        places.append(box.get_attribute("aria-valuetext"))
    assert len(set(places)) == 3
    for place, go in ((places[1], "go_back"), (places[0], "go_back"), (places[1], "go_forward")):
        getattr(visit.page, go)()
        visit.still()
        if not sources.count():
            visit.page.get_by_role("button", name=say("control.values"), exact=True).click()
        expect(box).to_have_attribute("aria-valuetext", place)
    assert numbers(visit) == greys(Box(4, 8, 92), grey)


def test_the_box_on_a_picture_that_was_brought_is_dragged_like_that_on_a_photograph(visit: Any) -> None:
    sources = opened(visit)
    grey = brought(visit, sources)
    box = sources.get_by_role("slider", name=say("source.box"))
    for _ in range(5):
        box.press("-")
    visit.comes(lambda: numbers(visit), greys(Box(20, 20, 60), grey))
    box.press("ArrowRight")
    visit.comes(lambda: numbers(visit), greys(Box(20, 24, 60), grey))
    expect(box).to_have_attribute("aria-valuetext", say("source.place", row=20, column=24, rows=60, columns=60))


@pytest.mark.parametrize("change", ["dial", "undo"])
def test_the_box_knows_what_was_turned_while_it_was_closed(visit: Any, change: str) -> None:
    sources = opened(visit, x="p0_60_60_60")
    expect(sources.locator(".box")).to_have_attribute("aria-valuenow", "60")
    sources.locator(".box").press("-")
    shows(visit, Box(64, 64, 52))
    visit.page.keyboard.press("Escape")
    expect(sources).to_have_count(0)
    if change == "undo":
        with visit.change():
            visit.part("undo").click()
        size, row = 60, 60
    else:
        with visit.change():
            visit.dial("input_size").fill("9")
        size, row = 52, 64
    visit.page.get_by_role("button", name=say("control.values"), exact=True).click()
    told = say("source.place", row=row, column=row, rows=size, columns=size)
    expect(sources.locator(".box")).to_have_attribute("aria-valuetext", told)
    assert len(addressed(visit).layer.input_size) == 2
