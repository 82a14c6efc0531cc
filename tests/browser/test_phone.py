"""A phone: nothing too small to be read, one row of controls, and everything within reach of a finger."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from depth import few
from openings import views_of
from playwright.sync_api import Locator, expect

from convviz.lessons import LESSONS
from convviz.page.state import opening
from convviz.text import LANGUAGES, say

PHONE = {"width": 390, "height": 844}
SIZES = (PHONE, {"width": 360, "height": 740})
HAND: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
TARGET = 44
LEAST = 11

SMALL = """() => {
  const found = []
  const scale = svg => {
    const { width } = svg.getBoundingClientRect()
    return svg.viewBox.baseVal?.width ? width / svg.viewBox.baseVal.width : 1
  }
  const own = n => [...n.childNodes].filter(c => c.nodeType === 3).map(c => c.data).join('').trim()
  const walk = root => root.querySelectorAll('*').forEach(n => {
    if (n.shadowRoot) walk(n.shadowRoot)
    const text = own(n)
    if (!text || n.closest?.('style, script') || !n.checkVisibility({ visibilityProperty: true })) return
    const svg = n.closest('svg')
    const size = parseFloat(getComputedStyle(n).fontSize) * (svg ? scale(svg) : 1)
    const { width, height } = n.getBoundingClientRect()
    const said = svg ? /[\\d\\p{L}]/u.test(text) : /\\d/.test(text)
    if (size < %s && said && width > 1 && height > 1) found.push(`${text} ${size.toFixed(1)}`)
  })
  walk(document)
  return found
}""" % (LEAST - 0.05)
"""Digits, and words in pictures, that are smaller than can be read."""

WIDER = "() => document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth"

OVER = """player => {
  const all = [...player.querySelectorAll('.texts text, .labels text, .scales text')]
  const texts = all.filter(n => n.textContent.trim())
  const boxes = texts.map(n => [n.textContent, n.getBoundingClientRect(), n.closest('g').className.baseVal])
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.45 * Math.min(a.height, b.height)
  return boxes.flatMap(([text, box], n) => boxes.slice(n + 1).filter(([, other]) => over(box, other))
    .map(([one]) => `${text} | ${one}`))
}"""
"""Texts of the picture that lie on one another."""

FITS = """player => {
  const [stage, svg] = ['stage', 'svg'].map(n => player.querySelector(`[data-part=${n}]`).getBoundingClientRect())
  return svg.width > 0.8 * stage.width - 1 && svg.width <= stage.width + 1 && svg.height <= stage.height + 1
}"""

CUT = """player => [...player.querySelectorAll('.sentence, .equation')]
  .filter(n => n.scrollHeight > n.clientHeight + 1).map(n => n.textContent)"""

CASES = [(lesson, view) for lesson in LESSONS for view in views_of(lesson)]


@pytest.mark.parametrize("size", SIZES, ids=["390", "360"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("lesson", "view"), CASES)
@pytest.mark.long(20)
def test_no_digit_is_smaller_than_can_be_read_in_any_view(
    visitor: Any, lesson: str, view: str, language: str, size: Any
) -> None:
    visit = visitor(viewport=size, reduced_motion="reduce")
    visit.go(lesson, {"v": "1", "lang": language, "view": view})
    steps = int(visit.part("scrub").get_attribute("max"))
    for step in sorted({0, steps // 2, steps}):
        visit.seek(step)
        assert visit.page.evaluate(SMALL) == []
        assert visit.player.evaluate(OVER) == []
        assert visit.player.evaluate(CUT) == []
    assert visit.page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_start_has_no_digit_too_small_either(visitor: Any, language: str) -> None:
    visit = visitor(viewport=PHONE, reduced_motion="reduce").go("", {"lang": language})
    assert visit.page.evaluate(SMALL) == []
    assert visit.page.evaluate(WIDER) <= 0


def targets(found: Locator) -> None:
    """What is in sight of some controls is at least as large as a finger needs."""
    for one in found.all():
        if not one.is_visible():
            continue
        box = one.bounding_box()
        assert box["height"] >= TARGET - 0.5, (one.evaluate("n => n.outerHTML.slice(0, 120)"), box)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_lesson_is_opened_by_its_tab(visitor: Any, language: str) -> None:
    visit = visitor(**HAND).go("", {"lang": language})
    tabs = visit.page.locator(".st-key-tabs a")
    expect(tabs).to_have_count(1 + len(LESSONS))
    for n, lesson in few("tabs", list(enumerate(LESSONS, start=1)), 3):
        tab = tabs.nth(n)
        tab.scroll_into_view_if_needed()
        tab.tap()
        expect(visit.page.locator("h1")).to_have_text(say(f"lesson.{lesson}.title", language))
        visit.still()
        expect(tabs.nth(n)).to_have_attribute("aria-current", "page")
        expect(tabs.nth(n)).to_be_in_viewport(ratio=0.9)
        targets(tabs)
        targets(visit.page.locator(".st-key-head button"))
    assert visit.page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("size", SIZES, ids=["390", "360"])
def test_the_controls_are_one_row_of_targets_for_a_finger(visitor: Any, size: Any) -> None:
    visit = visitor(**HAND | {"viewport": size})
    for lesson in few(f"controls {size}", LESSONS):
        visit.open(opening(lesson))
        shown = [one for one in visit.part("bar").locator("> *").all() if one.is_visible()]
        boxes = [one.bounding_box() for one in shown if one.get_attribute("data-part") != "position"]
        assert len(boxes) == 5 and len({round(box["y"]) for box in boxes}) == 1
        assert all(box["height"] >= TARGET for box in boxes)
        assert all(one["x"] + one["width"] <= other["x"] + 0.5 for one, other in pairwise(boxes))
        assert boxes[-1]["x"] + boxes[-1]["width"] <= size["width"]
        visit.part("more").tap()
        targets(visit.part("drawer").locator("button, select, summary"))
        visit.part("save").tap()
        targets(visit.part("files").locator("button"))
        assert visit.page.evaluate(WIDER) <= 0
        visit.page.locator("h1").tap()
        expect(visit.part("drawer")).to_be_hidden()
        for where in (
            ".pills button",
            ".dial :is(input[type=range], select)",
            ".panel > details > summary",
            ".tour button",
            ".story button",
        ):
            targets(visit.page.locator(where))


class Finger:
    """Touches as a browser gets them from a screen."""

    def __init__(self, visit: Any) -> None:
        self.tools = visit.page.context.new_cdp_session(visit.page)

    def __call__(self, kind: str, *points: tuple[float, float]) -> None:
        touched = [{"x": x, "y": y} for x, y in points]
        self.tools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})


def middle(found: Locator) -> tuple[float, float]:
    box = found.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_tap_lights_a_cell_a_second_one_keeps_it_lit_and_a_third_lets_it_go(visitor: Any) -> None:
    visit = visitor(**HAND)
    visit.open(opening("convolution"))
    scene = opening("convolution").scene()
    output = next(grid for grid in scene.grids if grid.name == "output")
    mark = output.first + 4
    cone = {mark, *scene.cone(mark)}
    visit.cell(mark).tap()
    visit.comes(lambda: cone <= visit.lit(), True)
    expect(visit.player).to_have_attribute("data-pinned", "")
    visit.cell(mark).tap()
    expect(visit.player).to_have_attribute("data-pinned", str(mark))
    expect(visit.player).to_have_attribute("data-step", "4")
    visit.cell(mark).tap()
    expect(visit.player).to_have_attribute("data-pinned", "")
    assert not visit.lit()


@pytest.mark.parametrize("how", ["long tap", "button"])
def test_a_value_is_edited_by_a_finger(visitor: Any, how: str) -> None:
    visit = visitor(**HAND)
    visit.open(opening("convolution"))
    if how == "button":
        visit.part("more").tap()
        visit.part("edit").tap()
        visit.cell(7).tap()
    else:
        finger = Finger(visit)
        finger("touchStart", middle(visit.cell(7)))
        visit.page.wait_for_timeout(700)
        finger("touchEnd")
    field = visit.page.locator("input.cell")
    expect(field).to_be_visible()
    assert field.evaluate("n => parseFloat(getComputedStyle(n).fontSize)") >= 16  # else a phone enlarges the page
    with visit.change():
        field.fill("9")
        field.press("Enter")
    expect(visit.player.locator(".texts text[data-m='7']")).to_have_text("9")


def test_play_step_and_the_scrubber_by_a_finger_and_the_page_stays_where_it_is(visitor: Any) -> None:
    visit = visitor(**HAND | {"reduced_motion": "no-preference"})
    visit.open(opening("dilated"), plays=False)
    visit.part("next").tap()
    expect(visit.player).to_have_attribute("data-step", "1")
    visit.part("back").tap()
    expect(visit.player).to_have_attribute("data-step", "0")
    visit.part("play").tap()
    visit.comes(lambda: visit.step > 1, True)
    visit.part("play").tap()
    top = "() => document.querySelector('[data-testid=stMain]').scrollTop"
    before, box = visit.page.evaluate(top), visit.part("scrub").bounding_box()
    y, finger = box["y"] + box["height"] / 2, Finger(visit)
    finger("touchStart", (box["x"] + 12, y))
    for n in range(1, 9):
        finger("touchMove", (box["x"] + 12 + n * (box["width"] - 24) / 8, y - 3 * n))
    finger("touchEnd")
    steps = int(visit.part("scrub").get_attribute("max"))
    visit.comes(lambda: visit.step == steps, True)
    assert visit.page.evaluate(top) == before


def test_presets_dials_views_and_values_by_a_finger(visitor: Any) -> None:
    visit = visitor(**HAND)
    visit.open(opening("convolution"))
    preset = LESSONS["convolution"].presets[1]
    visit.page.locator("#others-preset").tap()
    with visit.change():
        visit.page.locator(f".pills.preset button[data-value='{preset.setting}']").tap()
    others = visit.page.locator("#others-preset")
    others.tap()
    inside = visit.page.locator(".pills.preset .column button")
    expect(inside.first).to_be_visible()
    targets(inside)
    visit.page.locator("h1").tap()
    expect(inside.first).to_be_hidden()
    dial = visit.page.locator(".panel > .dials input[type=range]").first
    box, value = dial.bounding_box(), dial.input_value()
    with visit.change():
        visit.page.touchscreen.tap(box["x"] + box["width"] - 10, box["y"] + box["height"] / 2)
    assert dial.input_value() != value
    visit.page.locator(".st-key-head button").tap()
    expect(visit.page.locator(".sources")).to_be_visible()


def test_words_speak_of_what_a_finger_can_do(visitor: Any) -> None:
    for hand, word in ((HAND, "Tap any cell"), ({}, "Point at any cell")):
        visit = visitor(**hand)
        visit.open(opening("sequences"))
        expect(visit.part("tour_text")).to_contain_text(word)
        titles = visit.player.evaluate("n => [...n.querySelectorAll('[title]')].map(one => one.title).join()")
        assert ("(Space)" in titles) == (not hand)


def test_a_phone_that_is_turned_has_the_picture_fitted_again(visitor: Any) -> None:
    visit = visitor(viewport=PHONE, reduced_motion="reduce")
    visit.open(opening("convolution"))
    for size in ({"width": 844, "height": 390}, PHONE, {"width": 360, "height": 740}):
        visit.page.set_viewport_size(size)
        visit.comes(lambda: visit.page.evaluate("() => innerWidth"), size["width"])
        visit.comes(lambda: visit.page.evaluate(SMALL), [])
        visit.comes(lambda: visit.player.evaluate(FITS), True)
        assert visit.player.locator(".texts text").count() > 20
