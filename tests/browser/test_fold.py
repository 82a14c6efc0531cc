"""The table of lesson 8 on a phone: each row takes two lines, and nothing of it is scrolled sideways."""

from __future__ import annotations

from typing import Any

import pytest
from depth import few
from test_phone import HAND, OVER, PHONE, SMALL

from convviz.lessons import LESSONS
from convviz.page.link import from_query
from convviz.page.state import State
from convviz.text import LANGUAGES, say

RESIDUAL = "conv2d-i9-k3-p1-c4-o4~relu~conv2d-i9-k3-p1-c4-o4~add@0.3~relu"
SETTINGS = tuple(preset.setting for preset in LESSONS["receptive"].presets if not preset.setting.startswith("misfit"))
COMPARED = (("lenet5", "alexnet"), (RESIDUAL, "conv2d-i9-k3-p1-c4-o4~relu"), ("vgg16", "resnet50"))

OUT = """player => {
  const [stage, svg] = ['stage', 'svg'].map(n => player.querySelector(`[data-part=${n}]`))
  const room = stage.getBoundingClientRect()
  const all = [svg, ...svg.querySelectorAll('text, polygon[data-m], .shapes > *')]
  const said = n => n.localName !== 'text' || n.textContent
  const seen = all.filter(n => n.checkVisibility({ visibilityProperty: true }) && said(n))
  const far = ({ left, right }) => left < room.left - 1 || right > room.right + 1
  return [...seen.filter(n => far(n.getBoundingClientRect())).map(n => n.outerHTML.slice(0, 90)),
    ...(stage.scrollWidth > stage.clientWidth ? [`scrolled: ${stage.scrollWidth}`] : [])]
}"""
"""What of the picture is wider than its room."""

TIGHT = """player => [...player.querySelectorAll('.texts text')].filter(n => n.textContent).flatMap(n => {
  const both = [n, player.querySelector(`polygon[data-m='${n.dataset.m}']`)]
  const [text, cell] = both.map(one => one.getBoundingClientRect())
  const inside = cell.left <= text.left + 0.5 && text.right <= cell.right + 0.5
  const level = Math.abs(text.top + text.bottom - cell.top - cell.bottom) < 3
  return inside && level ? [] : [n.textContent]
})"""
"""The texts that do not stand in their cells."""

ROW = """(player, marks) => {
  const outline = player.querySelector('.shapes .r-target').getBoundingClientRect()
  const of = m => [player.querySelector(`.texts text[data-m='${m}']`), player.querySelector(`polygon[data-m='${m}']`)]
  const boxes = marks.flatMap(of).filter(n => n && (n.localName !== 'text' || n.textContent))
  const out = boxes.filter(n => {
    const { left, right, top, bottom } = n.getBoundingClientRect()
    const aside = left < outline.left - 2 || right > outline.right + 2
    return aside || (n.localName === 'text' ? (top + bottom) / 2 < outline.top || (top + bottom) / 2 > outline.bottom
      : top < outline.top - 2 || bottom > outline.bottom + 2)
  })
  return { out: out.map(n => n.outerHTML), texts: boxes.filter(n => n.localName === 'text').map(n => n.textContent) }
}"""
"""What of a row lies outside its outline, and what is written in it."""


def shown(layer: str, **query: str) -> tuple[State, dict[str, str]]:
    """A setting in the table, and its link."""
    link = {"v": "1", "lang": "en", "view": "table", "layer": layer, **query}
    state, wrong = from_query(link, "receptive", link["lang"])
    assert not wrong
    return state, link


CASES = [(setting, language) for setting in SETTINGS for language in LANGUAGES]


@pytest.mark.parametrize(("layer", "language"), few("folded tables", CASES, 8))
def test_a_table_is_as_wide_as_a_phone_and_all_of_it_can_be_read(visitor: Any, layer: str, language: str) -> None:
    state, link = shown(layer, lang=language)
    visit = visitor(viewport=PHONE, reduced_motion="reduce").go("receptive", link)
    rows, last = state.scene().track["made"].marks, state.scene().steps - 1
    for step in sorted({0, last // 2, last}):
        visit.seek(step)
        assert visit.player.evaluate(OUT) == []
        assert visit.page.evaluate(SMALL) == []
        assert visit.player.evaluate(OVER) == []
        assert visit.player.evaluate(TIGHT) == []
        found = visit.player.evaluate(ROW, rows[step].tolist())
        assert found["out"] == []
        least = 6 if layer == "unet" else 7  # whose numbers are so long that multiply-adds have no room beside them
        assert len(found["texts"]) >= least, "its number, its name, its shape, weights, multiply-adds, field and jump"
    high = "part => part.getBoundingClientRect().height"
    assert visit.part("svg").evaluate(high) <= visit.part("stage").evaluate(high) + 1, "all of it is seen at once"
    heads = "".join(visit.player.locator(".labels .r-axis").all_text_contents())
    for name in ("number", "layer", "shape", "weights", "field", "jump"):
        assert set(say(f"table.{name}", language)) <= set(heads), f"{name}, maybe in two lines"


@pytest.mark.parametrize(("one", "other"), COMPARED)
def test_two_tables_that_are_compared_are_no_wider(visitor: Any, one: str, other: str) -> None:
    visit = visitor(viewport=PHONE, reduced_motion="reduce").go("receptive", shown(one, **{"with": other})[1])
    assert visit.player.evaluate(OUT) == []
    assert visit.page.evaluate(SMALL) == []
    assert visit.player.evaluate(OVER) == []
    assert visit.player.evaluate(TIGHT) == []


@pytest.mark.parametrize("layer", ["vgg16", "unet", RESIDUAL])
@pytest.mark.parametrize("size", [(360, 740), (320, 700), (844, 390), (700, 900)], ids=lambda size: f"{size[0]}")
def test_it_can_be_read_on_other_small_screens(visitor: Any, layer: str, size: tuple[int, int]) -> None:
    viewport = {"width": size[0], "height": size[1]}
    visit = visitor(viewport=viewport, reduced_motion="reduce").go("receptive", shown(layer)[1])
    assert visit.page.evaluate(SMALL) == []
    assert visit.player.evaluate(OVER) == []
    assert visit.player.evaluate(TIGHT) == []
    assert visit.player.locator(".texts text").count() > 20
    if size[0] > 320:
        assert visit.player.evaluate(OUT) == []


def test_a_tap_on_either_line_of_a_row_chooses_it(visitor: Any) -> None:
    state, link = shown("lenet5")
    visit = visitor(**HAND).go("receptive", link)
    boards = {grid.name: grid.first for grid in state.scene().grids}
    for name, row in (("layer", 4), ("weights", 2), ("number", 6)):
        visit.cell(boards[name] + row).tap()
        visit.comes(lambda row=row: visit.step, row - 1)
        visit.comes(lambda row=row: f"at={row}" in visit.page.url, True)


def test_lines_of_skips_lead_from_row_to_row(visitor: Any) -> None:
    state, link = shown(RESIDUAL)
    visit = visitor(viewport=PHONE, reduced_motion="reduce").go("receptive", link)
    first = next(grid.first for grid in state.scene().grids if grid.name == "number")
    box = visit.player.locator(".shapes .r-link").first.bounding_box()
    ends = [visit.cell(first + row).bounding_box() for row in (0, 3)]
    assert abs(box["x"] + box["width"] - ends[0]["x"]) < 3  # with half of both lines
    tops = (box["y"], box["y"] + box["height"])
    assert all(abs(top - (end["y"] + end["height"] / 2)) < 3 for top, end in zip(tops, ends, strict=True))


def test_a_wide_page_has_the_table_as_it_is_drawn_though_it_was_folded_before(visitor: Any) -> None:
    lies = "player => [...player.querySelectorAll('polygon, .labels text')].map(n => n.cloneNode(true).outerHTML)"
    wide = {"width": 1280, "height": 800}
    link = shown("vgg16")[1]
    visit = visitor(viewport=wide, reduced_motion="reduce").go("receptive", link)
    drawn = visit.player.evaluate(lies)
    visit.page.set_viewport_size(PHONE)
    visit.comes(lambda: visit.player.evaluate(OUT) == [] and visit.player.evaluate(lies) != drawn, True)
    visit.page.set_viewport_size(wide)
    visit.comes(lambda: visit.player.evaluate(lies), drawn)
