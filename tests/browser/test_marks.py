"""Each mark has one meaning: window, highlight, pointer, pin, edited cell and wrong value are told apart."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from openings import seeded
from playwright.sync_api import expect

from convviz.layers.notation import from_text
from convviz.lessons import LESSONS
from convviz.scene.roles import ROLES
from convviz.themes import THEMES

LEFT_OVER = seeded("convolution", "conv2d-i6-k3-s2")

STROKES = """player => [...player.querySelectorAll('.cells polygon[data-m]')].map(n => {
  const { stroke, strokeWidth, strokeDasharray } = getComputedStyle(n)
  return [n.dataset.m, n.getAttribute('class'), stroke, strokeWidth, strokeDasharray].join()
})"""

WINDOW = """player => {
  const window = player.querySelector('.shapes .r-frame')
  const { stroke, strokeWidth, visibility } = getComputedStyle(window)
  let opacity = 1
  for (let n = window; n !== player; n = n.parentElement) opacity *= Number(getComputedStyle(n).opacity)
  const marks = player.querySelector('.marks')
  const above = Boolean(marks.compareDocumentPosition(window) & Node.DOCUMENT_POSITION_FOLLOWING)
  return { stroke, strokeWidth, visibility, opacity, above }
}"""

LINE = """(player, name) => {
  const nodes = [...player.querySelectorAll(`.marks .r-${name}`)]
  const { stroke, strokeWidth, strokeDasharray } = getComputedStyle(nodes[0])
  return { stroke, strokeWidth, strokeDasharray, forms: nodes.map(n => getComputedStyle(n).fill !== 'none') }
}"""


def regions(visit: Any) -> int:
    """How many outlines there are around what is lit."""
    outlines = visit.player.locator(".marks .r-lit").all()
    return sum((one.get_attribute("d") or "").count("M") for one in outlines)


def dimmed(visit: Any) -> list[float]:
    """How opaque the veil over what is not lit is."""
    return list(
        visit.player.locator(".marks > .veil.on").evaluate_all("all => all.map(n => +getComputedStyle(n).opacity)")
    )


@pytest.mark.parametrize("view", LESSONS["convolution"].views)
def test_what_is_lit_has_one_outline_and_the_rest_is_dimmed_and_no_cell_changes(visitor: Any, view: str) -> None:
    visit = visitor(reduced_motion="reduce")
    visit.open(replace(LEFT_OVER, view=view)).paused()
    visit.part("position").hover()
    plain, window = visit.player.evaluate(STROKES), visit.player.evaluate(WINDOW)
    assert (regions(visit), dimmed(visit)) == (0, [])
    role = "heat" if view == "coverage" else "output"
    visit.part("legend").locator(f"[data-ref={role}]").hover()
    assert regions(visit) == 1, "one board, one outline"
    assert len(visit.lit()) >= 4 and 0.4 <= dimmed(visit)[0] < 1
    assert visit.player.evaluate(STROKES) == plain, "no mesh of outlined cells"
    assert visit.player.evaluate(WINDOW) == window and window["opacity"] == 1 and window["above"]
    assert visit.player.evaluate(LINE, "lit")["stroke"] != window["stroke"]


def test_the_window_keeps_its_strength_while_another_output_is_pointed_at(visitor: Any) -> None:
    visit = visitor(reduced_motion="reduce")
    visit.open(LEFT_OVER).paused()
    window = visit.player.evaluate(WINDOW)
    scene = LEFT_OVER.scene()
    last = int(scene.track["current"].marks[-1, 0])
    visit.point(last)
    assert last in visit.lit() and visit.player.evaluate(WINDOW) == window
    assert (window["visibility"], window["opacity"]) == ("visible", 1)


def test_the_beat_s_part_is_lit_by_the_same_marks(visitor: Any) -> None:
    visit = visitor(reduced_motion="reduce")
    beats = LESSONS["convolution"].beats
    number, beat = next((n, one) for n, one in enumerate(beats, 1) if one.look == "unread")
    state = replace(LEFT_OVER, layer=from_text(beat.setting), view=beat.view, step=beat.step, beat=number)
    visit.open(state)
    visit.part("ask_reveal").click()
    scene = state.scene()
    unread = set(np.flatnonzero(scene.roles == ROLES.index("unread")).tolist())
    assert visit.lit() == unread and regions(visit) == 1, "an angle is one region"
    assert dimmed(visit) == [], "the rest stays as clear: the beat speaks of that, too"


@pytest.mark.parametrize("theme", THEMES)
def test_pointer_pin_edit_and_error_are_told_apart(visitor: Any, theme: str) -> None:
    visit = visitor(reduced_motion="reduce")
    visit.open(replace(LEFT_OVER, theme=theme)).paused()
    scene = LEFT_OVER.scene()
    pinned = int(scene.track["current"].marks[2, 0])
    visit.cell(pinned).click(force=True)
    visit.point(0)
    assert (visit.marked("hover"), visit.marked("pin")) == ({0}, {pinned})
    seen = {name: visit.player.evaluate(LINE, name) for name in ("lit", "hover", "pin")}
    visit.cell(1).dblclick(force=True)
    seen["edit"] = visit.player.evaluate(LINE, "edit")
    assert visit.marked("edit") == {1} and visit.marked("error") == set()
    field = visit.player.locator("input.cell")
    field.fill("12x")
    seen["error"] = visit.player.evaluate(LINE, "error")
    assert visit.marked("error") == {1}
    assert field.evaluate("n => getComputedStyle(n).borderColor") == seen["error"]["stroke"]
    for (one, line), (other, another) in combinations(seen.items(), 2):
        assert line != another, (one, other)
    field.fill("12")
    assert visit.marked("error") == set()
    visit.page.keyboard.press("Escape")
    visit.page.keyboard.press("Escape")
    assert visit.marked("edit") == set()


def test_pointing_touches_no_cell_of_a_large_board(visitor: Any) -> None:
    """However many cells there are, a highlight changes a handful of elements."""
    visit = visitor(reduced_motion="reduce")
    visit.open(replace(seeded("convolution", "conv2d-i32-k3-p1"), view="coverage")).paused()
    visit.player.evaluate(
        """player => {
          window.changed = 0
          new MutationObserver(all => (window.changed += all.length)).observe(
            player.querySelector('.cells'), { subtree: true, childList: true, attributes: true })
        }"""
    )
    for mark in (40, 41, 300):
        visit.point(mark)
        assert mark in visit.lit()
    visit.part("legend").locator("[data-ref=output]").hover()
    assert len(visit.lit()) == 32 * 32 and regions(visit) == 1
    assert visit.page.evaluate("window.changed") == 0
    assert visit.player.locator(".marks *").count() < 12


def test_round_down_shows_the_window_that_does_not_fit_at_any_step(visitor: Any) -> None:
    visit = visitor(reduced_motion="reduce")
    visit.open(LEFT_OVER).paused()
    scene = LEFT_OVER.scene()
    assert all(
        points is None
        for points, shape in zip(scene.points_at(0), scene.shapes, strict=True)
        if shape.role == "dropped"
    )
    for part in ("formulas", "legend"):
        visit.part(part).locator("[data-ref=dropped]").first.hover()
        assert visit.player.locator(".marks .r-dropped").count() == 1 and regions(visit) == 1
        assert dimmed(visit) and visit.lit() and visit.lit() < set(range(36))
        visit.part("position").hover()
        assert regions(visit) == 0
    visit.part("end").click()
    expect(visit.player.locator(".shapes .r-dropped[visibility=visible]")).to_have_count(2)


@pytest.mark.parametrize("layer", ["conv2d-i6-k3-s2", "conv2d-i5-k3-s2-p1", "conv2d-i5-k2-d2"])
def test_the_legend_names_what_is_drawn_and_nothing_else(visitor: Any, layer: str) -> None:
    visit = visitor(reduced_motion="reduce")
    state = replace(LEFT_OVER, layer=from_text(layer))
    visit.open(state).paused()
    visit.part("end").click()
    named = {n.get_attribute("data-ref") for n in visit.part("legend").locator("li").all()}
    drawn = set(
        visit.player.evaluate(
            """player => [...player.querySelectorAll('.cells polygon[data-m], .shapes [visibility=visible]')].map(
              n => /r-([a-z]+)/.exec(n.getAttribute('class'))[1])"""
        )
    )
    shapes = {"frame": "window", "target": "current"}
    assert named == {shapes.get(role, role) for role in drawn} - {"gap", "zero"}


def test_a_still_has_none_of_what_a_person_points_at(visit: Any) -> None:
    visit.open(LEFT_OVER).paused()
    visit.cell(0).click(force=True)
    assert visit.marked("pin") == {0}
    visit.part("save").click()
    with visit.page.expect_download() as started:
        visit.part("svg_file").click()
    text = started.value.path().read_text("utf-8")
    assert "<use" in text and "veil" not in text and 'class="r-pin' not in text
