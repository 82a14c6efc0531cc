"""Two settings side by side on a page: by a button, a key and a link; in step without the server; on a phone."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from convviz.page.state import Kept, State, opening, setting
from convviz.text import say

TICKS = "svg => (svg.querySelector('.ticks .tick:not(.under)')?.getAttribute('d').match(/M/g) ?? []).length"
BOXES = """svg => ['a.output', 'output'].map((name) => {
  const { left, top } = svg.querySelector(`[data-grid="${name}"]`).getBoundingClientRect()
  return [left, top]
})"""


def compared(one: str = "conv2d-i5-k3", other: str = "conv2d-i5-k3-s2", lesson: str = "convolution") -> State:
    plain = opening(lesson)
    return State(lesson, setting(other), plain.views[0], plain.x, plain.weight, kept=Kept(setting(one), plain.weight))


def button(visit: Any, part: str = "label") -> Any:
    return visit.page.get_by_role("button", name=say(f"control.compare.{part}", "en"), exact=True)


def asked(visit: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(visit.page.url).query)


def ticks(visit: Any) -> int:
    return int(visit.part("svg").evaluate(TICKS))


def labels(visit: Any) -> list[str]:
    return [text for text in visit.player.locator(".labels text").all_text_contents() if text[:1] in "AB"]


@pytest.fixture
def both(visit: Any) -> Any:
    """A visitor who compares the opening setting with itself, at the first step."""
    visit.go("convolution", plays=False).paused()
    with visit.change():
        button(visit).click()
    return visit


def test_the_button_keeps_the_setting_and_a_dial_turns_the_other_one(both: Any) -> None:
    expect(button(both)).to_have_attribute("aria-pressed", "true")
    assert labels(both)[:2] == ["B", "A"]
    with both.change():
        both.dial("stride").fill("2")
    said = labels(both)
    assert any("stride s = 2" in text and text.startswith("B") for text in said)
    assert any("stride s = 1" in text and text.startswith("A") for text in said)
    both.comes(lambda: asked(both).get("with"), ["conv2d-i5-k3"])
    assert asked(both)["layer"] == ["conv2d-i5-k3-s2"]
    expect(both.part("scrub")).to_have_attribute("max", "8")


def test_swap_lets_the_dials_turn_the_other_one_and_ending_keeps_b(both: Any) -> None:
    with both.change():
        both.dial("stride").fill("2")
    with both.change():
        button(both, "swap").click()
    expect(both.dial("stride")).to_have_value("1")
    with both.change():
        both.dial("padding").fill("1")
    with both.change():
        button(both).click()
    expect(button(both)).to_have_attribute("aria-pressed", "false")
    expect(button(both, "swap")).to_be_hidden()
    both.comes(lambda: asked(both).get("layer"), ["conv2d-i5-k3-p1"])
    assert "with" not in asked(both) and ticks(both) == 0


def test_back_and_undo_end_comparing(both: Any) -> None:
    both.comes(lambda: "with" in asked(both), True)
    both.part("undo").click()
    expect(button(both)).to_have_attribute("aria-pressed", "false")
    with both.change():
        button(both).click()
    both.comes(lambda: "with" in asked(both), True)
    both.page.go_back()
    expect(button(both)).to_have_attribute("aria-pressed", "false")
    assert "with" not in asked(both)


def test_the_key_c_begins_and_ends_it(visit: Any) -> None:
    visit.go("dilated", plays=False).paused()
    visit.part("svg").focus()
    with visit.change():
        visit.page.keyboard.press("c")
    expect(button(visit)).to_have_attribute("aria-pressed", "true")
    with visit.change():
        visit.page.keyboard.press("c")
    expect(button(visit)).to_have_attribute("aria-pressed", "false")


def test_the_keyboard_stays_on_the_button(both: Any) -> None:
    button(both).focus()
    with both.change():
        both.page.keyboard.press("Enter")
    expect(button(both)).to_be_focused()


def test_a_link_shows_both_with_the_ticks_of_each_step_and_asks_no_server_for_a_step(visit: Any) -> None:
    state = compared()
    picture = state.scene()
    visit.open(state, plays=False).paused()
    sent = len(visit.sent)
    for t in range(picture.steps):
        visit.seek(t)
        assert ticks(visit) == len(picture.at(t).differing)
    expect(visit.part("sentence")).to_have_text(picture.sentence(picture.steps - 1))
    assert len(visit.sent) == sent


def test_pointing_at_a_cell_marks_the_same_cell_of_the_other_picture(visit: Any) -> None:
    state = compared()
    picture = state.scene()
    visit.open(state, plays=False).paused()
    visit.seek(picture.steps - 1)
    one, other = picture.differing.pairs[:, 0].tolist()
    for cell in (one, other):
        visit.point(cell)
        assert visit.marked("hover") == {one, other}
        assert visit.lit() == {cell, *picture.cone(cell)}


def test_the_legend_names_the_tick_and_lights_the_cells_that_bear_it(visit: Any) -> None:
    state = compared()
    picture = state.scene()
    visit.open(state, plays=False).paused()
    visit.seek(picture.steps - 1)
    visit.part("legend").get_by_text(say("role.differs", "en")).hover()
    assert visit.lit() == set(picture.at(picture.steps - 1).differing)


@pytest.mark.parametrize(("width", "across"), [(1280, True), (390, False)])
def test_on_a_phone_one_stands_above_the_other(visitor: Any, width: int, across: bool) -> None:
    visit = visitor(viewport={"width": width, "height": 844}).open(compared(), plays=False)
    (left, top), (other_left, other_top) = visit.part("svg").evaluate(BOXES)
    assert (other_left - left > 200) == across
    assert (other_top - top > 100) == (not across)


def test_a_window_that_becomes_narrow_puts_one_above_the_other(visitor: Any) -> None:
    visit = visitor(viewport={"width": 1280, "height": 844}).open(compared(), plays=False).paused()
    visit.seek(4)
    visit.page.set_viewport_size({"width": 390, "height": 844})
    visit.comes(lambda: visit.part("svg").evaluate(BOXES)[1][1] - visit.part("svg").evaluate(BOXES)[0][1] > 100, True)
    assert visit.step == 4


def test_a_pair_that_is_too_large_is_refused_beside_the_button(visit: Any) -> None:
    visit.go("convolution", {"v": "1", "layer": "conv2d-i60-k3"}, plays=False).paused()
    button(visit).click()
    note = visit.page.locator(".compare .note")
    expect(note.locator("[role=alert]")).to_contain_text("two pictures together")
    expect(button(visit)).to_have_attribute("aria-pressed", "false")
    with visit.change():
        note.locator("button").click()
    with visit.change():
        button(visit).click()
    expect(button(visit)).to_have_attribute("aria-pressed", "true")


def test_a_file_has_both(visit: Any) -> None:
    visit.open(compared(), plays=False).paused()
    visit.part("save").click()
    with visit.page.expect_download() as saved:
        visit.part("svg_file").click()
    assert saved.value.suggested_filename.startswith("conv2d-i5-k3-vs-conv2d-i5-k3-s2-flat")
