"""The start: a picture that moves until it is asked something else, and cards that rest until they are pointed at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect

from convviz.classics import CLASSICS
from convviz.lessons import LESSONS
from convviz.page.start import CROWD, KERNELS, hero
from convviz.page.state import opening
from convviz.paint.places import coordinates
from convviz.scene.bare import bare
from convviz.scene.roles import LOOKS
from convviz.scene.scene import Scene
from convviz.text import say

LAST = hero(KERNELS[0]).scene().steps - 1

CLASSES = "board => [...board.querySelectorAll('.cells polygon[data-m]')].map(n => n.getAttribute('class'))"

FRAMES = """n => new Promise(done => {
  const frame = left => left ? requestAnimationFrame(() => frame(left - 1)) : done()
  frame(n)
})"""

CHANGES = """(root, frames) => new Promise(done => {
  let changes = 0
  const watch = new MutationObserver(found => (changes += found.length))
  watch.observe(root, { subtree: true, childList: true, attributes: true, characterData: true })
  const frame = left => left ? requestAnimationFrame(() => frame(left - 1)) : (watch.disconnect(), done(changes))
  frame(frames)
})"""
"""How many changes of the page there are within so many frames."""


def board(visit: Any, name: str) -> Any:
    return visit.start.locator(f".hero [data-part={name}]")


def step(visit: Any) -> int:
    return int(visit.start.locator(".hero").get_attribute("data-step"))


def choose(visit: Any, n: int) -> Any:
    button = visit.start.locator(".kernels button").nth(n)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    return button


def looks(scene: Scene, t: int, name: str) -> list[str]:
    """The classes of the cells of one board at a step, where no number can be read."""
    part = bare(scene, name, numbers=False)
    return [LOOKS[look].classes for look in part.at(t, 1).looks]


def whole(visit: Any) -> Any:
    """A visitor before whose eyes nothing moves by itself any more."""
    visit.go()
    choose(visit, 0)
    return visit


def test_the_hero_moves_by_itself_until_it_is_paused(visit: Any) -> None:
    visit.go()
    window = board(visit, "face").locator(".shapes .r-frame")
    places = {window.get_attribute("points")}
    visit.comes(lambda: places.add(window.get_attribute("points")) or len(places) > 3, True)
    pause = visit.page.get_by_role("button", name=say("player.pause"))
    pause.click()
    at = step(visit)
    visit.page.evaluate(FRAMES, 12)
    assert step(visit) == at < LAST
    assert board(visit, "written").evaluate(CLASSES) == looks(hero(KERNELS[0]).scene(), at, "output")
    visit.page.get_by_role("button", name=say("player.play")).click()
    visit.comes(lambda: step(visit) > at, True)


def test_each_kernel_changes_its_picture_and_the_map_at_once(visit: Any) -> None:
    whole(visit)
    for n in (1, 2, 0):
        choose(visit, n)
        scene = hero(KERNELS[n]).scene()
        assert step(visit) == LAST
        assert board(visit, "written").evaluate(CLASSES) == looks(scene, LAST, "output")
        assert board(visit, "face").evaluate(CLASSES) == looks(scene, LAST, "canvas")
        expect(board(visit, "does")).to_have_text(say(f"home.does.{KERNELS[n]}"))
        kernel = visit.start.locator(".kernels button").nth(n)
        numbers = kernel.locator(".texts text").all_text_contents()
        assert numbers == bare(scene, "kernel").texts_at(0)
        expect(kernel).to_contain_text(say(f"kernel.{KERNELS[n]}.label"))


def test_after_the_first_map_is_whole_the_next_kernel_begins(visit: Any) -> None:
    visit.go()
    second = visit.start.locator(".kernels button").nth(1)
    expect(second).to_have_attribute("aria-pressed", "true", timeout=60_000)
    visit.comes(lambda: 0 < step(visit) < LAST, True)


def test_a_kernel_is_chosen_by_the_keyboard(visit: Any) -> None:
    whole(visit)
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")
    buttons = visit.start.locator(".kernels button")
    expect(buttons.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(buttons.nth(1)).to_be_focused()
    assert [buttons.nth(n).get_attribute("tabindex") for n in range(3)] == ["-1", "0", "-1"]


def test_with_reduced_motion_the_map_is_whole_and_nothing_moves(visitor: Any) -> None:
    visit = visitor(reduced_motion="reduce").go()
    visit.start.locator(".card").first.hover()
    assert visit.start.evaluate(CHANGES, 20) == 0
    assert step(visit) == LAST
    assert board(visit, "written").evaluate(CLASSES) == looks(hero(KERNELS[0]).scene(), LAST, "output")
    visit.start.locator(".hero .play").click()  # who asks for it sees it
    visit.comes(lambda: 0 < step(visit) < LAST, True)


def test_a_cell_of_the_map_that_is_pointed_at_shows_its_window(visit: Any) -> None:
    whole(visit)
    board(visit, "written").locator("polygon[data-m='300']").hover(force=True)
    visit.comes(lambda: step(visit), 300)
    scene = bare(hero(KERNELS[0]).scene(), "canvas")
    (window,) = scene.points_at(300)
    assert window is not None
    assert board(visit, "face").locator(".r-frame").get_attribute("points") == coordinates(window)
    assert all("pending" not in name for name in board(visit, "written").evaluate(CLASSES))


def test_the_picture_opens_the_first_lesson_on_what_it_shows(visit: Any) -> None:
    whole(visit)
    choose(visit, 1)
    board(visit, "written").locator("polygon[data-m='100']").hover(force=True)
    visit.comes(lambda: step(visit), 100)
    board(visit, "written").locator("polygon[data-m='100']").click(force=True)
    visit.page.wait_for_url(lambda url: "x=p0" in url and "w=" not in url and "step=100" in url)
    expect(visit.page.locator("h1")).to_have_text(say("lesson.convolution.title"))
    visit.still()
    assert visit.step == 100
    visit.page.go_back()
    expect(visit.page.locator("h1")).to_have_text(say("home.title"))


def test_the_link_beside_the_picture_opens_the_same_in_a_tab_of_its_own(visit: Any) -> None:
    whole(visit)
    choose(visit, 2)
    address = visit.page.get_by_role("link", name=say("home.open")).get_attribute("href")
    visit.go(address)
    assert f"w=k{KERNELS[2]}" in visit.page.url
    expect(visit.page.locator("h1")).to_have_text(say("lesson.convolution.title"))
    assert visit.player.get_attribute("data-failed") is None


def test_no_kernel_moves_what_is_around_it(visitor: Any) -> None:
    read = """root => [...root.querySelectorAll('.hero [data-part], .kernels button, .card')]
        .map(n => JSON.stringify(n.getBoundingClientRect()))"""
    for width, language in ((1280, "en"), (390, "zh"), (390, "en")):
        visit = visitor(viewport={"width": width, "height": 900}).go("", {"v": "1", "lang": language})
        choose(visit, 0)
        boxes = visit.start.evaluate(read)
        for n in (1, 2):
            choose(visit, n)
            assert visit.start.evaluate(read) == boxes


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_lesson_has_a_card_with_its_question_and_its_picture(visit: Any, language: str) -> None:
    visit.go("", {"v": "1", "lang": language})
    found = visit.start.locator(".lessons .card")
    expect(found).to_have_count(len(LESSONS))
    for n, name in enumerate(LESSONS):
        card = found.nth(n)
        for part in ("title", "question"):
            expect(card).to_contain_text(say(f"lesson.{name}.{part}", language))
        state = opening(name)
        if LESSONS[name].photo:  # its card has a curtain, half open
            scene = replace(state, view="curtain").scene()
            assert int(card.get_attribute("data-step")) == scene.steps // 2
            expect(card.locator("svg.pixels image")).to_have_count(len(scene.images))
            continue
        if state.scene().crowd > CROWD:  # its card has the view with the least in it
            state = replace(state, view=state.views[-1])
        scene = state.scene()
        assert int(card.get_attribute("data-step")) == scene.steps // 2
        assert len(card.evaluate(CLASSES)) == scene.cells
        tones = {word for classes in card.evaluate(CLASSES) for word in classes.split() if word.startswith("v-")}
        assert len(tones) > 3, "its values are seen"


def test_cards_rest_in_the_middle_until_they_are_pointed_at_or_have_the_keyboard(visit: Any) -> None:
    whole(visit)
    found = visit.start.locator(".classics .card")
    expect(found).to_have_count(len(CLASSICS))
    rest = [card.get_attribute("data-step") for card in found.all()]
    assert rest == [str(layer.taps.steps // 2) for _, layer in CLASSICS]
    assert visit.start.evaluate(CHANGES, 20) == 0, "nothing on the page is at work"
    for act, leave in (
        (lambda card: card.hover(), lambda: visit.page.mouse.move(2, 2)),
        (lambda card: (visit.page.keyboard.press("Tab"), card.focus()), lambda: found.nth(0).evaluate("n => n.blur()")),
    ):
        act(found.nth(0))
        visit.comes(lambda: found.nth(0).get_attribute("data-step") != rest[0], True)
        assert [card.get_attribute("data-step") for card in found.all()[1:]] == rest[1:]
        leave()
        expect(found.nth(0)).to_have_attribute("data-step", rest[0])
        expect(found.nth(0)).to_have_attribute("data-playing", "false")


def test_a_finger_opens_a_card_and_plays_none(visitor: Any) -> None:
    visit = visitor(has_touch=True, viewport={"width": 390, "height": 844}).go()
    visit.start.locator(".lessons .card").nth(1).tap()
    expect(visit.page.locator("h1")).to_have_text(say(f"lesson.{list(LESSONS)[1]}.title"))
