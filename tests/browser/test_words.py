"""The words beside a picture are about the cell that is pointed at, or pinned, and about no other."""

from __future__ import annotations

from typing import Any

import pytest
from openings import plain
from playwright.sync_api import expect

import convviz as cv
from convviz.text import LANGUAGES, fill, say

SEVERAL = cv.Conv(4, 3, in_channels=2, out_channels=3, bias=True)
GROUPED = cv.Conv((5,), 2, in_channels=4, out_channels=2, groups=2)
PLAIN = cv.Conv(4, 3, in_channels=2, out_channels=3)
PICTURES = [(SEVERAL, "channels"), (SEVERAL, "slabs"), (SEVERAL, "flat"), (GROUPED, "flat"), (PLAIN, "separable")]


@pytest.mark.parametrize(("layer", "view"), PICTURES, ids=lambda one: one if isinstance(one, str) else None)
def test_a_cell_of_each_map_has_its_own_sum_and_sentence(opened: Any, layer: Any, view: str) -> None:
    scene, t = cv.scene(layer, view), 2
    page = opened(scene)
    for equation in scene.equations:
        cell = int(scene.track[equation.result].marks[t, equation.column])
        page.player.locator(f"polygon[data-m='{cell}']").hover(force=True)
        expect(page.part("equation")).to_have_text(scene.arithmetic(t, cell))
        expect(page.part("sentence")).to_have_text(scene.sentence(t, cell=cell))


def test_a_pinned_cell_keeps_its_sum(opened: Any) -> None:
    scene, t = cv.scene(SEVERAL, "channels"), 3
    page = opened(scene)
    cell = int(scene.track["current"].marks[t, 2])
    page.player.locator(f"polygon[data-m='{cell}']").click(force=True)
    page.at(t)
    page.page.mouse.move(1, 1)
    expect(page.part("equation")).to_have_text(scene.arithmetic(t, cell))
    assert scene.arithmetic(t, cell) != scene.arithmetic(t)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cell_between_is_told_of_by_what_it_is_made_of(opened: Any, language: str) -> None:
    layers = [cv.Conv((12,), 2), cv.Conv((11,), 2, dilation=2), cv.Conv((9,), 2, dilation=4)]
    scene = cv.scene(cv.Network(layers), "strip", language)
    page = opened(scene)
    between = next(grid for grid in scene.grids if grid.name == "row2")
    page.player.locator(f"polygon[data-m='{between.first + 4}']").hover(force=True)
    counts = {"count": 2, "inputs": 4, "outputs": 2}
    expect(page.part("sentence")).to_have_text(plain(fill(say("player.between", language), counts)))
    expect(page.part("equation")).to_have_text("")
    page.player.locator(f"polygon[data-m='{scene.track['current'].marks[1, 0]}']").hover(force=True)
    expect(page.part("sentence")).to_have_text(scene.sentence(1))
