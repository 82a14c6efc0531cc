"""Playing, seeking, speed and the keyboard: all of it in the browser, nothing of it asks the server."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from depth import few
from playwright.sync_api import expect

import convviz as cv
from convviz.lessons import LESSONS
from convviz.page.state import opening

CONVOLUTION = opening("convolution").scene()


def test_each_page_opens_on_a_picture_in_motion(visit: Any) -> None:
    for page in ("", *few("in motion", LESSONS)):
        visit.go(page)
        picture = visit.player if page else visit.start.locator(".hero")
        expect(picture).to_have_count(1)
        expect(picture.locator(".cells .s-current, .cells .s-window")).not_to_have_count(0)
        expect(picture).not_to_have_attribute("data-step", "0")
        for card in visit.start.locator(".card").all():
            expect(card.locator(".cells .s-current, .cells .s-window")).not_to_have_count(0)


@pytest.mark.parametrize("where", ["page", "picture", "button"])
def test_each_key_does_its_part(visit: Any, where: str) -> None:
    visit.go("convolution").paused()
    if where == "picture":
        visit.part("svg").focus()
    elif where == "page":
        visit.page.evaluate("document.activeElement.blur()")
    press, last, row = visit.page.keyboard.press, CONVOLUTION.steps - 1, CONVOLUTION.row_length
    for key, step in (
        ("ArrowRight", 1),
        ("ArrowLeft", 0),
        ("ArrowLeft", 0),
        ("ArrowDown", row),
        ("ArrowRight", row + 1),
        ("ArrowUp", 1),
        ("PageDown", 2),
        ("PageUp", 1),
        ("End", last),
        ("ArrowRight", last),
        ("ArrowDown", last),
        ("Home", 0),
        ("ArrowUp", 0),
    ):
        press(key)
        expect(visit.player).to_have_attribute("data-step", str(step))
        expect(visit.part("sentence")).to_have_text(CONVOLUTION.sentence(step))
    if where != "button":  # a focused button is pressed by Space
        press("Space")
        expect(visit.part("play")).to_have_attribute("data-playing", "true")
        expect(visit.player).not_to_have_attribute("data-step", "0")
        press("Space")
        expect(visit.part("play")).to_have_attribute("data-playing", "false")
    press("e")
    expect(visit.player).to_have_attribute("data-editing", "true")
    press("Escape")
    expect(visit.player).to_have_attribute("data-editing", "false")


def test_keys_typed_into_a_control_do_not_move_the_picture(visit: Any) -> None:
    visit.go("convolution").paused()
    visit.dial("stride").focus()
    with visit.change():
        visit.page.keyboard.press("ArrowRight")
    assert visit.step == 0 and visit.dial("stride").input_value() == "2"
    visit.part("speed").focus()
    visit.page.keyboard.press("End")
    assert visit.step == 0


def test_a_clicker_moves_the_picture_from_wherever_the_keyboard_is(visit: Any) -> None:
    visit.go("convolution").paused()
    press = visit.page.keyboard.press
    visit.dial("stride").focus()
    press("PageDown")
    expect(visit.player).to_have_attribute("data-step", "1")
    assert visit.dial("stride").input_value() == "1"
    visit.pill("flat").focus()
    press("PageDown")
    expect(visit.player).to_have_attribute("data-step", "2")
    press("ArrowRight")
    expect(visit.pill("flat")).not_to_be_focused()  # in a group of buttons the arrows go from one to another
    expect(visit.player).to_have_attribute("data-step", "2")
    visit.page.locator("#beat-0").focus()
    press("ArrowLeft")
    expect(visit.player).to_have_attribute("data-step", "1")
    press("ArrowRight")
    expect(visit.player).to_have_attribute("data-step", "2")
    press("?")
    expect(visit.part("keys_list")).to_be_visible()
    visit.dial("stride").focus()
    press("Escape")
    press("ArrowLeft")
    expect(visit.player).to_have_attribute("data-step", "1")


def test_each_button_does_its_part(visit: Any) -> None:
    visit.go("convolution").paused()
    last, row = CONVOLUTION.steps - 1, CONVOLUTION.row_length
    for part, step in (("next", 1), ("down", row + 1), ("up", 1), ("back", 0), ("end", last), ("start", 0)):
        visit.part(part).click()
        expect(visit.player).to_have_attribute("data-step", str(step))
        assert visit.part("position").text_content() == f"step {step + 1} of {last + 1}"


def test_playing_goes_through_all_steps_in_order_and_round_again_and_speed_is_faster(visit: Any) -> None:
    visit.go("convolution").paused()
    play = """async ([player, speed, count]) => {
      const part = name => player.querySelector(`[data-part=${name}]`)
      part('speed').value = speed
      part('speed').dispatchEvent(new Event('change'))
      const seen = [Number(player.dataset.step)]
      const start = performance.now()
      await new Promise(done => {
        const watch = new MutationObserver(() => {
          if (Number(player.dataset.step) !== seen.at(-1)) seen.push(Number(player.dataset.step))
          if (seen.length > count) (watch.disconnect(), done())
        })
        watch.observe(player, { attributes: true })
        part('play').click()
      })
      const took = performance.now() - start
      part('play').click()
      return { seen, took }
    }"""
    host = visit.player.element_handle()
    fast = visit.page.evaluate(play, [host, "16", 12])
    steps = CONVOLUTION.steps
    assert fast["seen"] == [t % steps for t in range(13)]
    start = visit.step
    slow = visit.page.evaluate(play, [host, "1", 2])
    assert slow["seen"] == [(start + t) % steps for t in range(3)]
    assert fast["took"] / 12 < slow["took"] / 2


def test_whoever_seeks_while_it_plays_stops_it_there(visit: Any) -> None:
    visit.go("convolution")
    expect(visit.part("play")).to_have_attribute("data-playing", "true")
    visit.seek(6)
    expect(visit.part("play")).to_have_attribute("data-playing", "false")
    assert visit.drawn()["sentence"] == CONVOLUTION.sentence(6)


def test_playing_seeking_pointing_and_speed_ask_no_server(visit: Any) -> None:
    visit.go("convolution")
    visit.page.wait_for_load_state("networkidle")
    visit.presentable()
    sent, asked = len(visit.sent), len(visit.asked)
    expect(visit.player).not_to_have_attribute("data-step", str(visit.step))
    for t in range(CONVOLUTION.steps):
        visit.seek(t)
    for part in ("next", "back", "up", "down", "end", "start", "play"):
        visit.part(part).click()
    visit.part("speed").select_option("16")
    for mark in range(0, CONVOLUTION.cells, 9):
        visit.cell(mark).hover(force=True)
    visit.cell(CONVOLUTION.cells - 1).click(force=True)
    for key in ("ArrowLeft", "Home", "End", "PageUp", "Space", "Space", "e", "Escape"):
        visit.page.keyboard.press(key)
    visit.part("legend").locator("[data-ref]").first.hover()
    visit.page.wait_for_url(lambda url: "step=" in url)
    assert visit.sent[sent:] == [] and visit.asked[asked:] == []


def test_the_address_keeps_the_step_without_a_step_of_the_history(visit: Any) -> None:
    visit.go("convolution").paused()
    length = visit.page.evaluate("history.length")
    visit.seek(5)
    visit.page.wait_for_url(lambda url: url.endswith("step=5"))
    visit.part("start").click()
    visit.page.wait_for_url(lambda url: "step" not in url)
    assert visit.page.evaluate("history.length") == length


MOVED = """player => {
  const before = [...player.querySelectorAll('.shapes > *')].map(n => n.getAttribute('points'))
  player.querySelector('[data-part=next]').click()
  return [before, [...player.querySelectorAll('.shapes > *')].map(n => n.getAttribute('points'))]
}"""


def test_with_reduced_motion_nothing_starts_and_nothing_glides(visitor: Any) -> None:
    visit = visitor(reduced_motion="reduce")
    for page in few("at rest", LESSONS):
        visit.go(page)
        visit.page.evaluate("() => new Promise(done => setTimeout(done, 1300))")  # two steps' time, were it playing
        steps = visit.page.locator(".player[data-ready]").evaluate_all("all => all.map(p => p.dataset.step)")
        assert set(steps) == {"0"}
    visit.go("convolution")
    assert visit.part("play").get_attribute("data-playing") != "true"
    before, after = visit.player.evaluate(MOVED)
    assert before != after, "it is there at once"
    drawn = visit.drawn()
    assert [points for _, points in drawn["shapes"]] == after
    visit.part("play").click()
    expect(visit.player).not_to_have_attribute("data-step", "1")


def test_with_motion_shapes_glide(visit: Any) -> None:
    visit.go("convolution").paused()
    visit.drawn()
    before, after = visit.player.evaluate(MOVED)
    assert [points for _, points in visit.drawn()["shapes"]] != after == before


SCRUBBED = """async ([player, steps]) => {
  const scrub = player.querySelector('[data-part=scrub]')
  const to = (t) => { scrub.value = t; scrub.dispatchEvent(new Event('input', { bubbles: true })) }
  for (const start = performance.now(); performance.now() - start < 400; ) {
    steps.push(steps.shift())
    to(steps[0])
    await new Promise(requestAnimationFrame)
  }
  return player.querySelector('[data-part=svg]').getAnimations({ subtree: true }).length
}"""
"""What still moves in the picture right after steps, one a frame."""


def test_steps_that_come_faster_than_motion_takes_are_shown_at_once(visit: Any) -> None:
    visit.go("convolution").paused()
    player = visit.player.element_handle()
    assert visit.page.evaluate(SCRUBBED, [player, [0, 3, 6]]) == 0
    visit.page.wait_for_timeout(200)
    before, after = visit.player.evaluate(MOVED)
    assert before == after, "what comes after a rest glides"


def test_the_sentence_is_read_out_only_while_nothing_plays(visit: Any) -> None:
    visit.go("convolution")
    expect(visit.part("sentence")).to_have_attribute("aria-live", "off")
    visit.part("play").click()
    expect(visit.part("sentence")).to_have_attribute("aria-live", "polite")


SAMPLED = """async ([player, lasts]) => {
  const cells = (name) => player.querySelectorAll(`[data-grid=${name}] polygon[data-m]`)
  const grid = (name) => new Set([...cells(name)].map((n) => n.dataset.m))
  const marks = Object.fromEntries(["product", "total", "output"].map((name) => [name, grid(name)]))
  const count = (name) =>
    [...player.querySelectorAll(".texts text")].filter((n) => n.textContent && marks[name].has(n.dataset.m)).length
  const opaque = (node) => !node.closest(".later")
  const seen = (name) => [...player.querySelectorAll(name)].filter(opaque).length
  const notes = () => Number(getComputedStyle(player.querySelector(".notes")).opacity)
  const found = []
  for (const start = performance.now(); performance.now() - start < lasts; ) {
    await new Promise(requestAnimationFrame)
    found.push({
      step: Number(player.dataset.step), whole: player.dataset.whole === "true",
      products: count("product"), total: count("total"), outputs: count("output"),
      terms: seen(".term"), result: seen(".total"), sentence: seen(".sentence"), notes: notes(),
      frame: player.querySelector(".shapes .r-frame").getAttribute("points"),
    })
  }
  return found
}"""
"""What each frame shows, for some milliseconds: how many products, sums and outputs, and where the window is."""


def test_inside_a_step_the_window_comes_then_the_products_then_the_sum_then_the_output(visit: Any) -> None:
    """The first step that plays is shown term by term; at a row's end the window does not cross the board."""
    state = replace(opening("convolution"), layer=cv.Conv(5, 3), view="flat")
    for _ in range(4):  # until enough frames are seen, from early enough on: a busy machine has too few
        visit.open(state)
        frames = visit.page.evaluate(SAMPLED, [visit.player.element_handle(), 6500])
        first = [frame for frame in frames if frame["step"] == 0]
        counts = [frame["products"] for frame in first]
        if counts and counts[0] < 5 and len(frames) > 150:
            break
    assert counts == sorted(counts) and len(set(counts)) > 4, "one product after the other"
    assert first[-1]["whole"] and first[-1]["outputs"] == 1
    assert all(not frame["outputs"] for frame in first if not frame["whole"])
    for step in (1, 2):
        shown = [(bool(f["products"]), bool(f["total"]), f["outputs"] > step) for f in frames if f["step"] == step]
        order = list(dict.fromkeys(shown))
        wanted = [(False, False, False), (True, False, False), (True, True, False), (True, True, True)]
        assert order == wanted, f"step {step}"
        for frame in frames:
            assert frame["step"] != step or frame["result"] == frame["whole"], "the words do not run ahead"
        still = {f["frame"] for f in frames if f["step"] == step and f["notes"] == 0}
        assert len(still) > 1, "the weights come when the window has come"
    places = {step: {f["frame"] for f in frames if f["step"] == step} for step in (2, 3)}
    assert len(places[2]) > 2, "the window glides along its row"
    assert len(places[3]) == 1, "and does not fly back across the board"


def test_every_step_is_shown_term_by_term_where_that_is_chosen(visit: Any) -> None:
    state = replace(opening("convolution"), layer=cv.Conv(5, 3), view="flat")
    visit.open(state).paused()
    visit.seek(3)
    visit.part("speed").select_option("terms")
    visit.presentable()
    sent, asked = len(visit.sent), len(visit.asked)
    visit.part("next").click()
    frames = visit.page.evaluate(SAMPLED, [visit.player.element_handle(), 3200])
    counts = [frame["products"] for frame in frames]
    assert counts == sorted(counts) and set(counts) >= set(range(1, 10))
    assert frames[-1]["whole"] and frames[-1]["outputs"] == 5
    for frame in frames:
        assert frame["terms"] == frame["products"], "the sum in words has the terms that the picture has"
        assert frame["result"] == frame["sentence"] == frame["whole"], "and its total when it is written"
    assert visit.sent[sent:] == [] and visit.asked[asked:] == []


def test_with_reduced_motion_a_step_is_whole_at_once(visitor: Any) -> None:
    visit = visitor(reduced_motion="reduce")
    visit.open(replace(opening("convolution"), layer=cv.Conv(5, 3), view="flat"))
    visit.part("next").click()
    frames = visit.page.evaluate(SAMPLED, [visit.player.element_handle(), 300])
    assert all(frame["whole"] and frame["products"] == 9 for frame in frames)


def test_the_weights_stay_where_the_window_stays(visit: Any) -> None:
    visit.open(replace(opening("convolution"), layer=cv.Conv(5, 3), view="flat")).paused()
    visit.seek(8)
    fading = """async (player, part) => {
      await new Promise(done => setTimeout(done, 150))  // what comes right after a step does not fade
      const notes = player.querySelector(".notes")
      notes.getAnimations().forEach((one) => one.finish())
      player.querySelector(`[data-part=${part}]`).click()
      return notes.getAnimations().length
    }"""
    assert visit.player.evaluate(fading, "back") == 1
    assert visit.player.evaluate(fading, "end") == 1
    assert visit.player.evaluate(fading, "end") == 0, "it is there already"
