"""A digit that is moved: by keys, by the mouse, by a finger; the answers go with it, and no server is asked."""

from __future__ import annotations

from typing import Any

import pytest
from depth import few
from playwright.sync_api import expect
from test_fit import DESKTOPS, SEEN
from test_phone import CUT, OVER, SMALL, WIDER

from convviz.layers.digit import SIZE, Digit
from convviz.moving import MIDDLE, PLACES, answers, moved
from convviz.page.link import from_query
from convviz.page.state import State
from convviz.recognising import CLASSES, NAMES
from convviz.text import LANGUAGES, say

NUMBER = 64
VIEWS = Digit.views


def shown(view: str = "moved") -> State:
    state, wrong = from_query({"v": "1", "layer": f"digit2d-n{NUMBER}", "view": view}, "sharing")
    assert not wrong
    return state


def at(visit: Any, cell: int) -> tuple[float, float]:
    box = visit.player.locator(f'polygon[data-m="{cell}"]').bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def says(visit: Any, place: int) -> None:
    """What is on the screen is the digit at that place, and what the engine's networks answer there."""
    expect(visit.player).to_have_attribute("data-step", str(place))
    texts = {mark: text for mark, _, text in visit.drawn()["texts"]}
    texts = {int(mark): text for mark, text in texts.items()}
    ink = [round(16 * value) for value in moved(NUMBER)[place].ravel().tolist()]
    assert {mark: text for mark, text in texts.items() if mark < SIZE**2} == {m: str(n) for m, n in enumerate(ink) if n}
    for n in range(len(NAMES)):
        found = [texts[SIZE**2 + n * CLASSES + label] for label in range(CLASSES)]
        assert found == [f"{round(100 * share)}%" for share in answers(NUMBER)[n, place].tolist()]


def test_the_arrow_keys_move_the_digit_as_far_as_its_field_goes(visit: Any) -> None:
    visit.open(shown(), plays=False).paused()
    sent = len(visit.sent)
    visit.page.keyboard.press("Home")
    place = 0
    for key, by in (("Right", 1), ("Down", PLACES), ("Down", PLACES), ("Left", -1), ("Left", 0), ("Up", -PLACES)):
        visit.page.keyboard.press(f"Arrow{key}")
        place += by
        says(visit, place)
    for _ in range(PLACES):
        visit.page.keyboard.press("ArrowRight")
    says(visit, PLACES * (place // PLACES) + PLACES - 1)
    assert len(visit.sent) == sent, "no server is asked"


@pytest.mark.parametrize("view", ["moved", "follow"])
def test_the_mouse_draws_the_digit_and_a_click_still_pins_a_cell(visit: Any, view: str) -> None:
    visit.open(shown(view), plays=False).paused()
    visit.page.keyboard.press("Home")
    start, beside = at(visit, 0), at(visit, 1)
    width = beside[0] - start[0]
    x, y = at(visit, SIZE * 5 + 5)
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x + 1.1 * width, y + 0.2 * width, steps=4)
    expect(visit.player).to_have_attribute("data-step", "1")
    visit.page.mouse.move(x + 2 * width, y + 2.2 * width, steps=4)
    expect(visit.player).to_have_attribute("data-step", str(MIDDLE))
    visit.page.mouse.move(x + 40 * width, y + 40 * width, steps=4)
    visit.page.mouse.up()
    expect(visit.player).to_have_attribute("data-step", str(PLACES**2 - 1))
    assert not visit.player.locator(".pin[d]:not([d=''])").count(), "what was drawn is not pinned"
    visit.page.mouse.click(x, y)
    expect(visit.player).to_have_attribute("data-step", str(PLACES**2 - 1))


def test_a_finger_draws_the_digit_on_a_phone(visitor: Any) -> None:
    visit = visitor(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, reduced_motion="reduce")
    visit.open(shown(), plays=False)
    visit.player.locator('polygon[data-m="0"]').scroll_into_view_if_needed()
    x, y = at(visit, SIZE * 6 + 6)
    width = at(visit, SIZE * 6 + 7)[0] - x
    before = int(visit.player.get_attribute("data-step") or 0)
    session = visit.page.context.new_cdp_session(visit.page)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": left, "y": top} for left, top in places]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    scrolled = visit.page.evaluate("scrollY")
    touch("touchStart", (x, y))
    for part in range(1, 9):
        touch("touchMove", (x + width * part / 4, y + width * part / 4))
    touch("touchEnd")
    expect(visit.player).to_have_attribute("data-step", str(before + 2 * PLACES + 2))
    assert visit.page.evaluate("scrollY") == scrolled, "the page stays"
    says(visit, before + 2 * PLACES + 2)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("shuffled", [False, True], ids=["plain", "shuffled"])
def test_its_views_are_whole_and_can_be_read_wide_and_on_a_phone(visitor: Any, view: str, shuffled: bool) -> None:
    query = {"v": "1", "layer": f"digit2d-n{NUMBER}{'-u1' * shuffled}", "view": view}
    for size in DESKTOPS:
        visit = visitor(viewport=dict(zip(("width", "height"), size, strict=True)), reduced_motion="reduce")
        visit.go("sharing", query)
        seen = visit.player.evaluate(SEEN)
        assert seen["whole"] and seen["numbers"] > 5 and seen["cell"] >= 13.99, (view, size, seen)
    for language in few(f"{view} {shuffled}", LANGUAGES, 1):
        visit = visitor(viewport={"width": 360, "height": 780}, reduced_motion="reduce")
        visit.go("sharing", query | {"lang": language})
        for step in (0, int(visit.part("scrub").get_attribute("max"))):
            visit.seek(step)
            assert visit.page.evaluate(SMALL) == []
            assert visit.player.evaluate(OVER) == []
            assert visit.player.evaluate(CUT) == []
        assert visit.page.evaluate(WIDER) <= 0


def test_another_kind_of_setting_brings_its_values_and_takes_them_away(visit: Any) -> None:
    """A preset that is a digit has no numbers to type, so that the page has no sources for them."""
    visit.go("sharing", {"v": "1"}).paused()
    sources = visit.page.locator("[data-testid=stPopover]").filter(has_text=say("control.values"))
    expect(sources).to_be_visible()
    with visit.change():
        visit.choose(f"digit2d-n{NUMBER}")
    expect(sources).to_be_hidden()
    with visit.change():
        visit.choose("local2d-i8-k3-h6")
    expect(sources).to_be_visible()
