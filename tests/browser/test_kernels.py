"""Kernels by name: chosen by mouse and by keyboard, the picture and the link follow; Back and undo restore."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from openings import seeded
from playwright.sync_api import expect

from convviz.kernels import KERNELS, RANDOM
from convviz.page.kernels import named
from convviz.page.state import State, opening
from convviz.text import say


def tile(visit: Any, name: str) -> Any:
    return visit.page.locator(f".grid button[data-value='{name}']")


def shows(visit: Any, state: State) -> None:
    """The picture shows the kernel's weights of a state."""
    scene = state.scene()
    kernel = next(grid for grid in scene.grids if grid.name == "kernel")
    cells = range(kernel.first, kernel.first + kernel.count)
    texts = {m: text for m, _, text in visit.drawn()["texts"]}
    assert [texts[cell] for cell in cells] == [scene.texts_at(0)[cell] for cell in cells]


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_choosing_a_vertical_edge_changes_picture_and_link_and_back_restores_them(visit: Any, by: str) -> None:
    state = seeded("convolution")
    visit.open(state, plays=False).paused()
    opener, press = visit.page.locator("#dial-kernel"), visit.page.keyboard.press
    expect(opener).to_contain_text(say("kernel.random.label"))
    if by == "mouse":
        opener.click()
        tile(visit, "vertical").hover()
        line = visit.page.locator(".tiles .line")
        expect(line).to_contain_text(say("kernel.vertical.does"))
        with visit.change():
            tile(visit, "vertical").click()
    else:
        opener.focus()
        press("Enter")
        expect(tile(visit, RANDOM)).to_be_focused()
        press("ArrowUp")
        press("ArrowLeft")
        expect(tile(visit, "vertical")).to_be_focused()
        with visit.change():
            press("Enter")
        expect(opener).to_be_focused()
    visit.page.wait_for_url(lambda url: "w=" not in url)
    expect(opener).to_contain_text(say("kernel.vertical.label"))
    shows(visit, replace(state, weight=named("vertical")))
    with visit.change():
        visit.page.go_back()
    expect(opener).to_contain_text(say("kernel.random.label"))
    shows(visit, state)


def test_escape_closes_the_list_changes_nothing_and_gives_the_keyboard_back(visit: Any) -> None:
    visit.open(seeded("convolution"), plays=False).paused()
    opener = visit.page.locator("#dial-kernel")
    opener.focus()
    visit.page.keyboard.press("Space")
    expect(tile(visit, RANDOM)).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "true")
    visit.page.keyboard.press("Home")
    expect(visit.page.locator(".tiles .line")).to_contain_text(say("kernel.identity.does"))
    visit.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    assert "w=s0" in visit.page.url


def test_one_that_this_size_has_not_says_why_and_stays_unchosen(visit: Any) -> None:
    visit.open(seeded("convolution", "conv2d-i5-k4"), plays=False).paused()
    visit.page.locator("#dial-kernel").click()
    tile(visit, "sharpen").click(force=True)
    expect(visit.page.locator(".tiles .line")).to_contain_text("middle")
    expect(tile(visit, "sharpen")).to_have_attribute("aria-disabled", "true")
    expect(tile(visit, "sharpen")).to_be_visible()
    assert "w=s0" in visit.page.url


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_the_list_lies_within_the_window_and_nothing_moves_for_it(visit: Any, size: tuple[int, int]) -> None:
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    visit.open(opening("convolution"), plays=False).paused()
    opener = visit.page.locator("#dial-kernel")
    opener.scroll_into_view_if_needed()
    before = visit.player.bounding_box()
    opener.click()
    box = visit.page.locator(".tiles .list").bounding_box()
    assert box["x"] >= 0 and box["y"] >= 0
    assert box["x"] + box["width"] <= size[0] and box["y"] + box["height"] <= size[1]
    assert visit.player.bounding_box() == before
    for name in ("horizontal", "box", "identity"):
        if name != "horizontal":
            opener.click()
        with visit.change():
            tile(visit, name).click()
        assert visit.player.bounding_box()["y"] == before["y"], name


def test_each_tile_has_the_tones_of_its_weights(visit: Any) -> None:
    visit.open(opening("convolution"), plays=False).paused()
    visit.page.locator("#dial-kernel").click()
    fills = "tile => [...tile.querySelectorAll('rect')].map(cell => getComputedStyle(cell).fill)"
    seen = {name: tile(visit, name).evaluate(fills) for name in KERNELS}
    edge, blur = seen["vertical"], seen["box"]
    assert len(set(blur)) == 1 and len(set(edge[1::3])) == 1 and edge[0] == edge[6] != edge[3]
    assert edge[2] == edge[8] and len({edge[0], edge[1], edge[2], edge[3], edge[5]}) == 5
    assert all(len(cells) == 9 for cells in seen.values())
