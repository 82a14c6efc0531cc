"""Nothing but the picture moves when a dial is turned, and the words of a step are in sight whenever the picture is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from depth import SOAK, few
from openings import views_of
from playwright.sync_api import expect

from convviz.lessons import LESSONS
from convviz.page.state import opening

WINDOWS = ((1280, 720), (1280, 800), (1920, 1080), (390, 844))
CASES = [(lesson, window) for lesson in LESSONS for window in WINDOWS]

PLACES = """player => {
  const page = player.getRootNode().host.ownerDocument
  const roots = [...page.querySelectorAll('[data-testid=stBidiComponentIsolated]')].map(n => n.shadowRoot)
  const parts = '[data-part], label, input, .pills button, .story li, summary'
  const all = roots.flatMap(r => [...r.querySelectorAll(parts)])
  const inside = n => n.closest('svg') || n.matches('[data-part=svg], [data-part=style], [hidden]')
  return Object.fromEntries(all.filter(n => !inside(n) && n.checkVisibility()).map((n, i) => {
    const { x, y, width, height } = n.getBoundingClientRect()
    const name = n.dataset.part ?? n.id ?? n.textContent
    return [`${i} ${name || n.textContent}`, [x, y, width, height].map(Math.round)]
  }))
}"""
"""Where everything beside the picture lies that a person sees of the page's components."""

SIGHT = """player => {
  const box = n => player.querySelector(`[data-part=${n}]`).getBoundingClientRect()
  const picture = box('svg')
  const seen = b => b.top >= 0 && b.bottom <= innerHeight + 1
  return picture.bottom <= 0 || picture.top >= innerHeight || ['sentence', 'equation'].every(n => seen(box(n)))
}"""


def turns(visit: Any) -> Iterator[None]:
    """Turn each dial in sight to its ends and back."""
    dials = visit.page.locator(".panel .dial.range input:visible")
    for n in range(dials.count()):
        dial = dials.nth(n)
        before = dial.input_value()
        for key in ("ArrowRight", "ArrowRight", "Home", "ArrowRight"):
            dial.press(key)
            visit.page.wait_for_timeout(120)
            yield
        dial.fill(before)
        expect(dial).to_have_value(before)
        visit.page.wait_for_timeout(120)


@pytest.mark.parametrize(("lesson", "window"), CASES if SOAK else [*CASES[::5], CASES[3]])
def test_turning_a_dial_moves_nothing_but_the_picture(visitor: Any, lesson: str, window: tuple[int, int]) -> None:
    visit = visitor(viewport=dict(zip(("width", "height"), window, strict=True)), reduced_motion="reduce")
    visit.open(opening(lesson))
    before = visit.player.evaluate(PLACES)
    assert len(before) > 25
    for _ in turns(visit):
        after = visit.player.evaluate(PLACES)
        moved = {name: (box, after.get(name)) for name, box in before.items() if after.get(name) != box}
        assert not moved, visit.page.url


@pytest.mark.parametrize("window", WINDOWS)
def test_the_sum_and_the_sentence_are_in_sight_wherever_the_picture_is(visitor: Any, window: tuple[int, int]) -> None:
    visit = visitor(viewport=dict(zip(("width", "height"), window, strict=True)), reduced_motion="reduce")
    for lesson, one in few(f"in sight {window}", LESSONS.items()):
        for view in views_of(lesson) if SOAK else one.views[:1]:
            visit.go(lesson, {"v": "1", "view": view})
            main = visit.page.get_by_test_id("stMain")
            for top in range(0, 900, 150):
                main.evaluate("(n, top) => n.scrollTo(0, top)", top)
                assert visit.player.evaluate(SIGHT), (lesson, view, top)
