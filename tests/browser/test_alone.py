"""A page written by `cv.save`: opened from a disk, with the network off, it plays, steps, scrubs and lights up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

import convviz as cv
from convviz.scene.scene import Scene
from convviz.text import HAND, LANGUAGES, say
from convviz.themes import THEMES

Opened = Callable[..., Any]
Lit = Callable[[Locator], set[int]]


STEPS = """player => new Promise(done => {
  const seen = []
  new MutationObserver((_, watch) => {
    const step = Number(player.dataset.step)
    if (seen.at(-1) !== step) seen.push(step)
    if (seen.length > 10) (watch.disconnect(), done(seen))
  }).observe(player, { attributes: true, attributeFilter: ["data-step"] })
})"""
"""The next steps that are shown, more than there are."""


@pytest.fixture(scope="module")
def scene() -> Scene:
    return cv.scene(cv.trace(cv.Conv(5, 3, stride=2, padding=1)))


def test_it_plays_by_itself_and_stops_when_it_is_told(opened: Opened, scene: Scene) -> None:
    alone = opened(scene, "no-preference", step_ms=60)
    button = alone.part("play")
    expect(button).to_have_attribute("data-playing", "true")
    seen = alone.player.evaluate(STEPS)
    assert seen == [(seen[0] + n) % scene.steps for n in range(len(seen))], "one after the other, and again"
    alone.page.keyboard.press("Space")
    expect(button).to_have_attribute("data-playing", "false")
    button.click()
    expect(button).to_have_attribute("data-playing", "true")


def test_it_steps_with_keys_and_buttons_and_scrubs(opened: Opened, scene: Scene) -> None:
    alone = opened(scene)
    alone.at(0)
    for key, step in (("ArrowRight", 1), ("ArrowDown", 4), ("End", 8), ("ArrowUp", 5), ("ArrowLeft", 4), ("Home", 0)):
        alone.page.keyboard.press(key)
        alone.at(step)
        expect(alone.part("sentence")).to_have_text(scene.sentence(step))
    alone.part("next").click()
    alone.at(1)
    alone.part("scrub").fill("6")
    alone.at(6)
    expect(alone.part("position")).to_have_text(say("player.step", n=7, count=9))


def test_it_opens_at_the_step_that_was_asked_for_and_stays_there(opened: Opened, scene: Scene) -> None:
    alone = opened(scene, "no-preference", step=5)
    alone.at(5)
    expect(alone.part("play")).to_have_attribute("data-playing", "false")


def test_a_cell_lights_up_what_it_depends_on(opened: Opened, scene: Scene, lit: Lit) -> None:
    alone = opened(scene)
    output = next(grid for grid in scene.grids if grid.name == "output")
    for mark in (output.first, output.first + 4):
        alone.player.locator(f"polygon[data-m='{mark}']").hover()
        assert lit(alone.player) == {mark} | set(scene.cone(mark))
    alone.page.mouse.move(2, 2)
    assert not lit(alone.player)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_has_the_colours_of_its_theme(opened: Opened, scene: Scene, theme: str) -> None:
    alone = opened(scene, theme=theme)
    read = "n => getComputedStyle(n).backgroundColor"
    wanted = tuple(int(THEMES[theme].background[n : n + 2], 16) for n in (1, 3, 5))
    for place in (alone.page.locator("body"), alone.part("stage")):
        assert place.evaluate(read) == f"rgb{wanted}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_the_scene_s_language(opened: Opened, language: str) -> None:
    alone = opened(cv.scene(cv.Conv(4, 3), language=language))
    assert alone.page.locator("html").get_attribute("lang") == language
    expect(alone.part("play")).to_have_attribute("aria-label", say("player.play", language))
    expect(alone.part("svg")).to_have_attribute(
        "aria-label", HAND.sub(r"\1", say("player.aria.picture_alone", language))
    )
    alone.page.keyboard.press("?")
    expect(alone.part("keys_list")).to_contain_text(say("keys.step", language))
    expect(alone.part("keys_list")).not_to_contain_text(say("keys.undo", language))


def test_what_needs_a_server_is_not_offered_and_does_nothing(opened: Opened, scene: Scene) -> None:
    alone = opened(scene)
    for part in ("edit", "undo", "tour"):
        expect(alone.part(part)).to_be_hidden()
    address = alone.page.url
    for key in ("e", "Control+z", "n", "b", "End", "1", "Enter", "Escape"):
        alone.page.keyboard.press(key)
    alone.player.locator("polygon[data-m='9']").dblclick()
    expect(alone.player.locator("input.cell")).to_have_count(0)
    expect(alone.player).to_have_attribute("data-editing", "false")
    alone.page.wait_for_timeout(400)  # after which the step would be in the address
    assert alone.page.url == address


def test_stills_are_made_in_the_page(opened: Opened, scene: Scene) -> None:
    alone = opened(scene, step=2)
    alone.part("save").click()
    assert alone.part("files").locator("button").all_inner_texts() == ["PNG", "SVG"]
    for part, start in (("png_file", b"\x89PNG"), ("svg_file", b"<svg")):
        with alone.page.expect_download() as download:
            alone.part(part).click()
        assert download.value.suggested_filename == f"conv-flat-step3.{part.removesuffix('_file')}"
        assert download.value.path().read_bytes().startswith(start)
