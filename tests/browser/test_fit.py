"""The page fits the window: the picture is seen whole when a page opens, and no row of controls wraps."""

from __future__ import annotations

from typing import Any

import pytest
from depth import SOAK, few
from openings import views_of
from playwright.sync_api import Locator, expect

from convviz.lessons import LESSONS
from convviz.page.state import opening
from convviz.text import LANGUAGES, say

DESKTOPS = ((1280, 720), (1280, 800), (1920, 1080))

SEEN = """player => {
  const box = name => player.querySelector(`[data-part=${name}]`).getBoundingClientRect()
  const [svg, dock, stage] = ['svg', 'dock', 'stage'].map(box)
  const cell = svg.width / player.querySelector('[data-part=svg]').viewBox.baseVal.width
  const numbers = [...player.querySelectorAll('.texts text')].filter(n => n.textContent.trim()).length
  const inside = svg.top >= 0 && svg.left >= stage.left - 1 && svg.right <= stage.right + 1
  const whole = inside && svg.bottom <= dock.top + 1 && dock.bottom <= innerHeight + 1
  const toned = player.querySelectorAll('.cells .toned').length
  return { whole, cell, numbers, toned, width: stage.width }
}"""

ROW = "n => [...n.children].map(c => c.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom])"


def sized(visit: Any, size: tuple[int, int]) -> None:
    visit.page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))


def one_row(group: Locator) -> bool:
    """Whether all within lie side by side, inside it."""
    found, box = group.evaluate(ROW), group.bounding_box()
    assert found and box
    level = max(top for _, top, _, _ in found) < min(bottom for *_, bottom in found)
    return level and all(right <= box["x"] + box["width"] + 1 for _, _, right, _ in found)


TONED = ("matrix", "paths", "field")
"""Views whose numbers are too many, or that show all of them as colours."""

FEW = {"why": 3, "shifts": 5, "feature": 8, "votes": 8}
"""Views of few numbers, beside charts: they have more than so many."""


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_whole_picture_stands_above_the_dock_in_every_view(visitor: Any, lesson: str) -> None:
    visit = visitor(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    for n, view in enumerate(views_of(lesson)):
        sized(visit, DESKTOPS[0])
        if SOAK or n == 0:
            visit.go(lesson, {"v": "1", "view": view})
        else:
            with visit.change():
                visit.choose(view)
        for size in DESKTOPS:
            sized(visit, size)
            visit.comes(lambda: visit.player.evaluate(SEEN)["whole"], True)
            seen = visit.player.evaluate(SEEN)
            legible = seen["cell"] >= 13.99 and seen["numbers"] > FEW.get(view, 10)
            assert legible or view == "curtain" or (view in TONED and seen["toned"] > 10), (lesson, view, size, seen)
            assert size[0] < 1900 or seen["width"] > 1500, "a wide window is used"


def test_the_picture_is_whole_also_while_more_is_open(visitor: Any) -> None:
    visit = visitor(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    visit.go("convolution")
    before = visit.part("stage").bounding_box()
    visit.page.locator(".panel > details > summary").click()
    visit.comes(lambda: visit.player.evaluate(SEEN)["whole"], True)
    visit.page.locator(".panel > details > summary").click()
    visit.comes(lambda: visit.part("stage").bounding_box(), before)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [1280, 1920, 800, 390])
def test_presets_and_views_are_one_row_each_at_any_width(visitor: Any, width: int, language: str) -> None:
    visit = visitor(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    for lesson in few(f"rows {width} {language}", LESSONS):
        visit.open(opening(lesson, language))
        for name in ("preset", "view"):
            group = visit.page.locator(f".pills.{name} > .row")
            visit.comes(lambda group=group: one_row(group), True)
            assert group.locator("[aria-pressed=true]:visible").count() == 1, "what is chosen is in sight"
        if width >= 1280:
            assert one_row(visit.page.locator(".bottom"))
            assert visit.page.locator(".pills.view .others").count() == 0, "all views have room"


def test_more_stands_beside_the_dials(visitor: Any) -> None:
    visit = visitor(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    visit.go("convolution")
    dials, more = (
        visit.page.locator(where).bounding_box() for where in (".panel > .dials", ".panel > details > summary")
    )
    assert dials["y"] <= more["y"] and more["y"] + more["height"] <= dials["y"] + dials["height"] + 1
    assert more["x"] >= dials["x"] + dials["width"]


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_what_the_row_has_no_room_for_is_chosen_in_its_menu_and_the_row_stays_as_it_is(visitor: Any, how: str) -> None:
    visit = visitor(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    visit.go("convolution")
    row, others = visit.page.locator(".pills.preset > .row"), visit.page.locator("#others-preset")
    expect(others).to_have_text(say("control.preset_others"))
    before = row.evaluate(ROW)
    setting = LESSONS["convolution"].preset("circular").setting
    with visit.change():
        if how == "mouse":
            others.click()
            visit.choose(setting)
        else:
            others.press("Enter")
            expect(others).to_have_attribute("aria-expanded", "true")
            for _ in range(3):
                visit.page.keyboard.press("ArrowDown")
            expect(visit.pill(setting)).to_be_focused()
            visit.page.keyboard.press("Enter")
    expect(others).to_have_text(say("preset.circular"))
    expect(others).to_have_attribute("aria-pressed", "true")
    expect(others).to_be_focused()
    assert row.evaluate(ROW) == before
    with visit.change():
        visit.dial("kernel_size").press("ArrowRight")
    expect(others).to_have_text(say("control.preset_others"))
    assert row.evaluate(ROW) == before


def test_a_picture_that_has_no_room_for_a_while_keeps_its_size_and_draws_nothing_wrong(visit: Any) -> None:
    """As while another page takes its place: an outline around cells of no size would be no path."""
    visit.go("convolution", "v=1&layer=conv2d-i5-k3-p1&beat=6", plays=False)
    size = "n => [n.clientWidth, n.clientHeight]"
    before = visit.part("svg").evaluate(size)
    assert visit.player.locator(".marks .r-lit").count() == 1
    visit.player.evaluate("n => (n.style.display = 'none')")
    visit.page.evaluate("() => new Promise(done => setTimeout(done, 100))")
    visit.page.keyboard.press("ArrowRight")
    visit.player.evaluate("n => (n.style.display = '')")
    expect(visit.player).to_have_attribute("data-step", "1")
    visit.comes(lambda: visit.part("svg").evaluate(size), before)
