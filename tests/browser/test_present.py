"""Presenting: large, by keys alone, from the first stop of all lessons to the last, without a network."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from depth import SOAK
from openings import plain
from playwright.sync_api import Locator, expect

from convviz.lessons import LESSONS
from convviz.network import stack_from_text
from convviz.page.link import to_query
from convviz.page.present import presented
from convviz.page.state import State, opening, setting
from convviz.page.tour import showing
from convviz.scene.tabled import COLUMNS
from convviz.text import LANGUAGES, say

SCREENS = {"1920x1080": {"width": 1920, "height": 1080}, "1280x720": {"width": 1280, "height": 720}}
NAMES = list(LESSONS)
NETWORKS = [one.setting for one in LESSONS["receptive"].presets if "misfit" not in one.setting]

TEXTS = """dialog => {
  const shown = node => node.checkVisibility({ visibilityProperty: true }) && node.getBoundingClientRect().width > 0
  const found = []
  for (const walk = document.createTreeWalker(dialog, NodeFilter.SHOW_TEXT); walk.nextNode(); ) {
    const node = walk.currentNode.parentElement
    if (!walk.currentNode.textContent.trim() || node.closest("style, title") || !shown(node)) continue
    const scale = node.ownerSVGElement ? node.getScreenCTM().a : 1
    const range = document.createRange()
    range.selectNodeContents(walk.currentNode)
    const { left, top, right, bottom } = range.getBoundingClientRect()
    const size = parseFloat(getComputedStyle(node).fontSize) * scale
    found.push({ text: walk.currentNode.textContent, size, left, top, right, bottom })
  }
  return found
}"""
"""Each text that is seen, the pixels of its letters, and where it stands."""

SAID = """dialog => {
  const part = name => dialog.querySelector(`[data-part=${name}]`)
  const svg = part("far")
  const pixels = svg.getBoundingClientRect()
  return {
    words: part("told").textContent,
    more: part("more").textContent,
    offered: [...part("offered").children].map(n => n.textContent),
    sum: part("sum").hidden ? "" : part("sum").textContent,
    lines: part("sum").hidden ? 0 : part("sum").getClientRects().length,
    labels: [...svg.querySelectorAll(".labels text, .texts .r-heat")].map(n => n.textContent),
    step: dialog.querySelector("[data-step]").dataset.step,
    width: pixels.width, height: pixels.height, top: pixels.top,
    saying: part("saying").getBoundingClientRect().bottom,
  }
}"""
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def numbers(text: str) -> set[str]:
    return set(NUMBER.findall(plain(text).replace("180°", "").replace(",", "")))


def walk(language: str = "en") -> list[tuple[str, int, dict[str, Any]]]:
    """Each stop of all lessons in order: its place, as the page names it, the steps of its picture, and itself."""
    found = []
    for number, lesson in enumerate(LESSONS, 1):
        told = json.loads(presented(lesson, language))
        for slide in told["slides"]:
            for n, stop in enumerate(slide["stops"], 1):
                found.append((f"{number}.{slide['n']}.{n}", told["scenes"][stop["scene"]]["steps"], stop))
    return found


class Presented:
    """A presentation that a visitor sees."""

    def __init__(self, visit: Any) -> None:
        self.visit = visit
        self.page = visit.page

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog.present")

    def begin(self) -> Presented:
        self.page.keyboard.press("p")
        return self.whole()

    def whole(self) -> Presented:
        """Wait until all lessons are there."""
        expect(self.dialog).to_have_attribute("data-known", str(len(LESSONS)))
        return self

    def at(self, place: str) -> Presented:
        expect(self.dialog).to_have_attribute("data-place", place)
        return self

    def press(self, *keys: str) -> Presented:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def texts(self) -> list[dict[str, Any]]:
        return list(self.dialog.evaluate(TEXTS))

    def said(self) -> dict[str, Any]:
        return dict(self.dialog.evaluate(SAID))


@pytest.fixture
def presents(visitor: Any) -> Any:
    """Opens a page and begins to present it."""

    def begins(lesson: str = NAMES[0], language: str = "en", screen: str = "1280x720", **options: Any) -> Presented:
        visit = visitor(viewport=SCREENS[screen], reduced_motion="reduce", **options)
        visit.open(opening(lesson, language))
        return Presented(visit).begin()

    return begins


def told(lesson: str, n: int) -> State:
    return showing(opening(lesson), {"kind": "beat", "n": n - 1})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("lesson", NAMES)
@pytest.mark.long(20)
def test_no_letter_is_smaller_than_a_thirtieth_of_the_height(
    presents: Any, lesson: str, screen: str, language: str
) -> None:
    shown = presents(lesson, language, screen)
    size = SCREENS[screen]
    places = [one for one in walk(language) if one[0].startswith(f"{NAMES.index(lesson) + 1}.")]
    for place, _, stop in places:
        shown.at(place)
        texts = shown.texts()
        assert texts
        small = [(one["text"], one["size"]) for one in texts if one["size"] < size["height"] / 30]
        assert not small, place
        outside = [one for one in texts if one["left"] < 0 or one["top"] < -1 or one["right"] > size["width"]]
        assert not outside and max(one["bottom"] for one in texts) <= size["height"] + 1, place
        said = shown.said()
        assert said["width"] > 0.9 * size["width"] or said["height"] > 0.62 * size["height"], place
        assert said["top"] >= -1 and said["saying"] <= size["height"] + 1, place
        assert said["words"] == plain(stop["text"]) and said["lines"] <= 1
        asks = stop.get("ask", {})
        assert said["offered"] == (asks["choices"] if asks.get("takes") == "choice" else []), place
        seen = numbers(" ".join([*said["labels"], said["more"]]))
        assert stop["kind"] == "question" or numbers(stop["text"]) <= seen, place  # a question gives its own numbers
        shown.press("PageDown")


WRITTEN = """dialog => {
  const texts = [...dialog.querySelectorAll("[data-part=far] .texts text")].filter(n => n.textContent)
  return Object.fromEntries(texts.map(n => [n.dataset.m, n.getBBox().width]))
}"""
"""How wide the text of each cell is, in cells."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("setting", NETWORKS)
@pytest.mark.long(6)
def test_no_column_of_a_network_s_table_is_blank_from_afar(visitor: Any, setting: str, language: str) -> None:
    state = replace(opening("receptive", language), layer=stack_from_text(setting))
    scene = state.scene(afar=True)
    for screen in SCREENS.values():
        visit = visitor(viewport=screen, reduced_motion="reduce").open(state)
        visit.page.keyboard.press("p")
        wanted = {str(m): scene.grid_of(m) for m, text in enumerate(scene.texts_at(0)) if text}
        dialog = Presented(visit).dialog
        visit.comes(lambda dialog=dialog: set(dialog.evaluate(WRITTEN)), set(wanted))
        wide = {m: width / wanted[m].across[0] for m, width in dialog.evaluate(WRITTEN).items()}
        assert max(wide.values()) < 1, "no text is wider than its column"
        heads = {label.text for label in scene.labels if label.name in {f"head:{name}" for name in COLUMNS}}
        assert heads <= {*labels_of(dialog)}


def labels_of(dialog: Locator) -> list[str]:
    """What is written around the boards."""
    return list(dialog.locator("[data-part=far] .labels text").all_text_contents())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", SCREENS)
def test_a_hall_reads_the_numbers_of_a_step(presents: Any, screen: str, language: str) -> None:
    shown = presents("filters", language, screen).press("1", "Enter", "PageDown")
    lens = ["11", "86", "125", "10", "87", "124", "−11", "−22", "250", "456"]
    shown.visit.comes(lambda: {*lens} - {one["text"] for one in shown.texts()}, set())
    shown = presents("pooling", language, screen).press("6", "Enter", "PageDown")
    shown.visit.comes(lambda: [one["text"] for one in shown.texts()].count("0.75"), 4)
    shown = presents("learning", language, screen).press("5", "Enter", "PageDown")
    training = {"0.7": 5, "−0.7": 5, "−1.3": 5, "1.3": 5, "0.36": 2, "−12.8": 2, "16.4": 1}
    shown.visit.comes(lambda: {n: [one["text"] for one in shown.texts()].count(n) for n in training}, training)


def test_page_down_alone_goes_from_the_first_stop_to_the_last(presents: Any) -> None:
    shown = presents()
    every = walk()
    for place, _, stop in every:
        shown.at(place)
        said = shown.said()
        assert said["words"] == plain(stop["text"]), place
        assert said["step"] == str(stop["t"]), place
        shown.press("PageDown")
    shown.at(every[-1][0])  # there is no more
    for place, _, _ in reversed(every[-12:]):
        shown.at(place).press("PageUp")


@pytest.mark.parametrize("lesson", NAMES if SOAK else NAMES[-3:-2])
def test_a_presentation_goes_on_without_a_network(presents: Any, lesson: str) -> None:
    shown = presents(lesson)
    shown.page.context.set_offline(True)
    left = [one for one in walk() if int(one[0].partition(".")[0]) > NAMES.index(lesson)]
    for place, _, stop in left:
        shown.at(place)
        assert shown.said()["words"] == plain(stop["text"])
        shown.press("PageDown")
    shown.press("3", "Enter").at(f"{len(LESSONS)}.3.1")
    shown.page.context.set_offline(False)


def test_a_lesson_can_be_presented_where_the_network_goes_before_it_is_asked_for(visit: Any) -> None:
    visit.go("dilated", plays=False)
    visit.presentable()
    visit.page.wait_for_timeout(200)
    visit.page.context.set_offline(True)
    shown = Presented(visit).press("p")
    own = [one for one in walk() if one[0].startswith(f"{NAMES.index('dilated') + 1}.")]
    for place, _, stop in own:
        shown.at(place)
        assert shown.said()["words"] == plain(stop["text"])
        shown.press("PageDown")
    expect(shown.dialog.locator("[data-part=note]")).to_have_text(say("present.away", "en"))
    visit.page.context.set_offline(False)
    shown.press("PageDown").at(f"{NAMES.index('dilated') + 2}.0.1")
    visit.errors.clear()  # of what could not be fetched


def test_each_key_of_a_presentation_does_its_part(presents: Any) -> None:
    shown = presents("convolution")
    dark = shown.dialog.locator("[data-part=dark]")
    shown.at("1.0.1").press("PageDown").at("1.1.1").press("n").at("1.2.1").press("PageUp").at("1.1.4")
    for key in ("b", ".", "B"):
        shown.press(key)
        expect(dark).to_be_visible()
        shown.press(key)
        expect(dark).to_be_hidden()
    shown.press("b", "PageDown")
    expect(dark).to_be_hidden()  # the first key brings the picture back, and no more
    shown.at("1.1.4")
    note = shown.dialog.locator("[data-part=note]")
    shown.press("7")
    expect(note).to_have_text("7")
    shown.press("Enter").at("1.7.1")
    expect(note).to_be_hidden()
    shown.press("1", "Backspace", "4", "Enter").at("1.4.1").press("9", "9", "Enter").at("1.9.1")
    shown.press("0", "Enter").at("1.0.1")
    step = shown.dialog.locator("[data-step]")
    for key, t in (("ArrowRight", 1), ("ArrowDown", 4), ("ArrowLeft", 3), ("ArrowUp", 0), ("End", 8), ("Home", 0)):
        shown.press(key)
        expect(step).to_have_attribute("data-step", str(t))
    shown.press(" ")
    expect(step).not_to_have_attribute("data-step", "0")
    shown.press(" ")
    keys = shown.dialog.locator("[data-part=list]")
    shown.press("?")
    expect(keys).to_be_visible()
    assert min(one["size"] for one in shown.texts()) >= 720 / 30
    shown.press("h")
    expect(keys).to_be_hidden()
    shown.press("r", "c", "F5")  # what Streamlit and the browser would take
    expect(shown.dialog).to_be_visible()
    shown.press("Escape")
    expect(shown.dialog).to_have_count(0)


def test_what_was_set_on_the_page_is_presented_and_then_the_beats(visit: Any) -> None:
    visit.go("convolution", "layer=conv2d-i6-k2-s2", plays=False)
    visit.seek(4)
    shown = Presented(visit).begin().at("own")
    assert shown.said()["step"] == "4" and shown.said()["words"]
    shown.press("PageDown").at("1.0.1").press("PageUp").at("1.0.1")
    shown.press("Escape")
    expect(visit.player).to_have_attribute("data-step", "0")


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_what_does_not_fit_the_message_is_presented(visit: Any, language: str) -> None:
    state = replace(opening("receptive", language), layer=setting("misfitsum-a32-b30"), view="misfit")
    visit.open(state, plays=False)
    shown = Presented(visit).begin().at("own")
    assert "The size of tensor a (32) must match the size of tensor b (30)" in shown.said()["words"]


def test_leaving_shows_on_the_page_what_was_presented_last(presents: Any) -> None:
    shown = presents("convolution")
    length = shown.page.evaluate("history.length")
    shown.press("4", "Enter").at("1.4.1").press("ArrowRight", "p")
    expect(shown.dialog).to_have_count(0)
    shown.visit.still()
    expect(shown.visit.part("tour_place")).to_contain_text("4")
    expect(shown.visit.player).to_have_attribute("data-step", "1")
    assert parse_qs(urlsplit(shown.page.url).query).get("beat") == ["4"] and "present" not in shown.page.url
    shown.begin().at("1.4.2")
    for _ in range(80):
        if (shown.dialog.get_attribute("data-place") or "").startswith("2."):
            break
        shown.press("n")
    shown.press("2", "Enter").at("2.2.1").press("Escape")
    shown.page.wait_for_url(lambda url: "/transposed" in url and "beat=2" in url and "present" not in url)
    shown.visit.still()
    expect(shown.visit.page.locator("h1")).to_have_text(say("lesson.transposed.title", "en"))
    expect(shown.visit.part("tour_place")).to_contain_text("2")
    assert shown.page.evaluate("history.length") == length + 1  # the second presentation left one, too


def test_a_link_begins_a_presentation_and_back_leaves_it(visit: Any) -> None:
    state = replace(told("dilated", 3), present=True)
    visit.open(opening("dilated"), plays=False)
    shown = Presented(visit).begin()
    shown.press("3", "Enter").at("3.3.1")
    visit.page.wait_for_url(lambda url: "present=1" in url and "beat=3" in url)
    visit.page.go_back()
    expect(shown.dialog).to_have_count(0)
    visit.still()
    assert "present" not in visit.page.url
    visit.page.go_forward()
    expect(shown.dialog).to_be_visible()
    shown.whole().at("3.3.1")
    visit.go("dilated", to_query(state), plays=False)
    shown.whole().at("3.3.1").press("Escape")
    expect(shown.dialog).to_have_count(0)
    visit.page.wait_for_url(lambda url: "present" not in url)


def test_a_button_begins_a_presentation_and_the_pointer_is_hidden_at_rest(visit: Any) -> None:
    visit.page.clock.install()
    visit.go("gates", plays=False)
    visit.part("present").click()
    shown = Presented(visit)
    visit.page.mouse.move(400, 300)
    expect(shown.dialog).to_have_attribute("data-rests", "false")
    visit.page.clock.run_for(3100)
    expect(shown.dialog).to_have_attribute("data-rests", "true")
    visit.page.mouse.move(500, 300)
    expect(shown.dialog).to_have_attribute("data-rests", "false")
    shown.dialog.get_by_role("button", name=say("present.next", "en"), exact=True).click()
    shown.at(f"{NAMES.index('gates') + 1}.1.1")
    shown.dialog.get_by_role("button", name=say("present.leave", "en")).click()
    expect(shown.dialog).to_have_count(0)
