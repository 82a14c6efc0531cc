"""The tour: beat after beat beside the picture, by mouse and from the keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from openings import plain
from playwright.sync_api import expect

from convviz.lessons import LESSONS
from convviz.lessons.facts import facts
from convviz.network import stack_from_text
from convviz.page.state import State, opening
from convviz.page.tour import showing
from convviz.text import say


def beat_of(lesson: str, n: int) -> tuple[State, list[str]]:
    """The state that a beat sets, and what it says: of the kernel that is tried first, too."""
    beat, state = LESSONS[lesson].beats[n], opening(lesson)
    layer = stack_from_text(beat.setting or LESSONS[lesson].opening)
    keys = [beat.name, *(f"{beat.name}.{tried}" for tried in beat.tries[:1])]
    told = [plain(say(f"lesson.{lesson}.beat.{key}", "en", **facts(layer))) for key in keys]
    return showing(state, {"kind": "beat", "n": n}), told


def stands(visit: Any, lesson: str, n: int) -> None:
    state, told = beat_of(lesson, n)
    count = len(LESSONS[lesson].beats)
    expect(visit.part("tour_place")).to_have_text(say("tour.position", "en", n=n + 1, count=count))
    if LESSONS[lesson].beats[n].ask and visit.part("ask_reveal").is_visible():
        visit.part("ask_reveal").click()
    expect(visit.part("tour_text")).to_contain_text(" ".join(told))
    expect(visit.player).to_have_attribute("data-step", str(state.step))
    expect(visit.part("sentence")).to_have_text(state.scene().sentence(state.step))
    expect(visit.player.locator(".cells polygon[data-m]")).to_have_count(state.scene().cells)
    expect(visit.page.locator(".story li.open p")).to_have_text(told[0])


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_tour_leads_from_beat_to_beat(visit: Any, lesson: str) -> None:
    visit.go(lesson)
    intro = plain(say(f"lesson.{lesson}.intro", "en"))
    expect(visit.part("tour_text")).to_have_text(intro)
    for n in range(len(LESSONS[lesson].beats)):
        visit.part("tour_next").click()
        stands(visit, lesson, n)
    expect(visit.part("tour_next")).to_have_text(say("challenge.title", "en"))
    visit.part("tour_next").click()
    expect(visit.part("tour_next")).to_be_hidden()
    visit.part("tour_back").click()
    stands(visit, lesson, len(LESSONS[lesson].beats) - 1)


def test_the_tour_goes_on_from_the_keyboard(visit: Any) -> None:
    visit.go("convolution", plays=False).paused()
    for key, n in (("n", 0), ("n", 1), ("n", 2), ("b", 1), ("b", 0)):
        visit.page.keyboard.press(key)
        stands(visit, "convolution", n)
    visit.page.keyboard.press("?")
    expect(visit.part("keys_list")).to_contain_text(say("keys.beat"))
    visit.page.keyboard.press("?")
    expect(visit.part("keys_list")).to_be_hidden()


def test_a_beat_of_the_list_brings_its_picture_into_sight(visit: Any) -> None:
    visit.go("convolution", plays=False).paused()
    visit.page.locator(".story li button").nth(6).click()
    stands(visit, "convolution", 6)
    expect(visit.part("stage")).to_be_in_viewport(ratio=1)


def test_a_beat_that_the_picture_has_left_is_shown_again(visit: Any) -> None:
    visit.go("convolution", plays=False).paused()
    visit.page.keyboard.press("n")
    stands(visit, "convolution", 0)
    expect(visit.part("tour_again")).to_be_hidden()
    with visit.change():
        visit.dial("stride").fill("2")
    visit.part("tour_again").click()
    stands(visit, "convolution", 0)
    with visit.change():
        visit.choose("conv2d-i4-k3")
    expect(visit.part("tour_place")).to_have_text("")
