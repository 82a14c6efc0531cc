"""A turn is answered at once, and whatever is done next finds the page as it is seen."""

from __future__ import annotations

from typing import Any

import pytest
from openings import seeded
from playwright.sync_api import expect

from convviz.text import say


@pytest.fixture
def turned(visit: Any) -> Any:
    """A visitor who has just turned a dial, without the page's script."""
    visit.go("convolution", {"v": "1", "layer": "conv2d-i6-k3"}, plays=False).paused()
    asked = len(visit.sent)
    before = visit.player.get_attribute("data-ready")
    visit.dial("stride").fill("3")
    expect(visit.player).not_to_have_attribute("data-ready", before)
    assert len(visit.sent) == asked, "the picture has come without the page's script"
    return visit


def shows(visit: Any, *, stride: str, steps: str) -> None:
    expect(visit.dial("stride")).to_have_value(stride)
    expect(visit.part("scrub")).to_have_attribute("max", steps)


def test_undo_takes_back_just_that(turned: Any) -> None:
    turned.part("undo").click()
    shows(turned, stride="1", steps="15")
    expect(turned.part("undo")).to_be_disabled()


def test_the_language_of_the_page_is_changed_around_it(turned: Any) -> None:
    turned.page.get_by_test_id("stSidebar").get_by_text("中文").click()
    expect(turned.page.locator("h1")).to_have_text(say("lesson.convolution.title", "zh"))
    turned.still()
    shows(turned, stride="3", steps="3")


def test_another_page_and_back_again_finds_it(turned: Any) -> None:
    turned.page.get_by_test_id("stSidebarNav").get_by_role("link").nth(2).click()
    expect(turned.dial("stride")).to_have_value("2")
    turned.page.get_by_test_id("stSidebarNav").get_by_role("link").nth(1).click()
    shows(turned, stride="3", steps="3")


def test_a_number_typed_next_is_typed_into_it(turned: Any) -> None:
    cell = turned.player.locator("polygon.r-input").first
    cell.dblclick(force=True)
    turned.page.keyboard.type("88")
    with turned.change():
        turned.page.keyboard.press("Enter")
    shows(turned, stride="3", steps="3")
    expect(turned.player.locator(".texts text", has_text="88").first).to_be_attached()


def test_two_dials_at_once_are_both_turned(visit: Any) -> None:
    visit.go("convolution", {"v": "1", "layer": "conv2d-i6-k3"}, plays=False).paused()
    visit.page.evaluate(
        """() => {
          const dial = (name) => {
            const all = [...document.querySelectorAll("*")].flatMap((n) => [n.shadowRoot].filter(Boolean))
            return all.map((root) => root.querySelector(`#dial-${name}`)).find(Boolean)
          }
          for (const [name, value] of [["stride", 2], ["padding", 1], ["kernel_size", 4]]) {
            dial(name).value = value
            dial(name).dispatchEvent(new Event("input"))
            dial(name).dispatchEvent(new Event("change"))
          }
        }"""
    )
    for name, value in (("stride", "2"), ("padding", "1"), ("kernel_size", "4")):
        expect(visit.dial(name)).to_have_value(value)
    expect(visit.part("scrub")).to_have_attribute("max", "8")


def test_where_no_answer_comes_the_page_s_script_does_it(visitor: Any) -> None:
    visit = visitor()
    visit.go("convolution", {"v": "1", "layer": "conv2d-i6-k3"}, plays=False).paused()
    visit.page.route("**/answer/**", lambda route: route.fulfill(status=404, body="no such thing"))
    with visit.change():
        visit.dial("stride").fill("3")
    shows(visit, stride="3", steps="3")
    visit.errors.clear()  # the browser's own line about the 404


SLOW = """() => {
  const usual = window.fetch
  const late = address => String(address).startsWith('answer/') ? 150 : 0
  window.fetch = async (...given) => (await new Promise(done => setTimeout(done, late(given[0]))), usual(...given))
}"""
"""Makes answers come late."""


def test_a_dial_that_is_turned_faster_than_answers_come_loses_no_turn(visit: Any) -> None:
    visit.go("convolution", plays=False).paused()
    visit.page.evaluate(SLOW)
    size = int(visit.dial("input_size").input_value())
    for _ in range(8):
        visit.dial("input_size").press("ArrowRight")
        visit.page.wait_for_timeout(60)
    expect(visit.dial("input_size")).to_have_value(str(size + 8))
    visit.page.wait_for_url(lambda url: f"-i{size + 8}-" in url)
    expect(visit.dial("input_size")).to_have_value(str(size + 8))


def test_a_box_that_is_resized_faster_than_answers_come_loses_no_key(visit: Any) -> None:
    visit.go("convolution", {"v": "1", "x": "p0_0_0_100"}, plays=False).paused()
    visit.page.get_by_role("button", name=say("control.values"), exact=True).click()
    box = visit.page.get_by_role("slider", name=say("source.box"))
    visit.page.evaluate(SLOW)
    for _ in range(8):
        box.press("+")
        visit.page.wait_for_timeout(60)
    visit.page.wait_for_url(lambda url: "x=p0_0_0_164" in url)
    expect(box).to_have_attribute("aria-valuenow", "164")


def test_a_drag_that_ends_at_what_cannot_be_keeps_what_it_showed_last(visit: Any) -> None:
    """The address, the dial and the picture are then one state; undo goes back to what was there before the drag."""
    visit.open(seeded("transposed", "tconv2d-i4-k4-s2-p1"), plays=False).paused()
    dial = visit.dial("input_size")
    before = dial.input_value()
    box, most = dial.bounding_box(), int(dial.get_attribute("max") or 0)
    assert box and most >= 20
    y = box["y"] + box["height"] / 2
    visit.choose("both")  # a view that refuses large inputs
    visit.comes(lambda: visit.pill("both").get_attribute("aria-pressed"), "true")
    visit.page.mouse.move(box["x"] + box["width"] / 3, y)
    visit.page.mouse.down()
    visit.page.mouse.move(box["x"] + 2, y)
    visit.comes(dial.input_value, "1")
    visit.comes(lambda: len(visit.drawn()["cells"]) < 100, True)
    visit.page.mouse.move(box["x"] + box["width"] - 1, y)
    visit.page.mouse.up()
    expect(visit.note("input_size")).to_be_visible()
    visit.comes(lambda: "layer=tconv2d-i1-k4-s2-p1" in visit.page.url, True)
    visit.comes(dial.input_value, "1")
    with visit.change():
        visit.part("undo").click()
    visit.comes(dial.input_value, before)
    visit.comes(lambda: "tconv2d-i4-k4-s2-p1" in visit.page.url, True)


HELD = """() => {
  const usual = window.fetch
  window.held = []
  window.foreseen = []
  window.fetch = async (address, given) => {
    const question = String(address).startsWith('answer/') ? JSON.parse(given.body) : {}
    if (question.foresee && window.deaf) await new Promise(() => {})
    if (question.turn && !question.foresee) await new Promise(done => window.held.push(done))
    const answer = await usual(address, given)
    if (question.foresee) window.foreseen.push(question.turn.value)
    return answer
  }
}"""
"""Holds back what is asked; what is foreseen is answered, and its values noted. While `deaf`, it is not."""


def test_the_next_press_of_a_key_shows_its_picture_before_the_server_hears_of_it(visit: Any) -> None:
    visit.go("convolution", {"v": "1", "layer": "conv2d-i6-k3"}, plays=False).paused()
    visit.page.evaluate(HELD)
    visit.dial("stride").focus()
    visit.comes(lambda: visit.page.evaluate("foreseen"), [2])  # there is no stride 0
    visit.dial("stride").press("ArrowRight")
    shows(visit, stride="2", steps="3")
    expect(visit.dial("stride").locator("xpath=../output")).to_have_text("2")
    expect(visit.part("undo")).to_be_enabled()
    visit.page.evaluate("held.shift()()")
    visit.comes(lambda: sorted(visit.page.evaluate("foreseen.slice(1)")), [1, 3])
    visit.page.wait_for_timeout(200)  # what follows within 150 ms is one step of the history with it
    visit.dial("stride").press("ArrowRight")
    shows(visit, stride="3", steps="3")
    visit.page.evaluate("held.shift()()")
    visit.page.wait_for_url(lambda url: "-s3" in url)
    visit.part("undo").click()
    shows(visit, stride="2", steps="3")


def test_a_key_pressed_while_its_picture_is_foreseen_does_not_ask_for_it_again(visit: Any) -> None:
    visit.go("convolution", {"v": "1", "layer": "conv2d-i6-k3"}, plays=False).paused()
    visit.page.evaluate("""() => {
      const usual = window.fetch
      window.told = []
      window.fetch = async (address, given) => {
        const question = String(address).startsWith('answer/') ? JSON.parse(given.body) : {}
        if (question.turn) window.told.push(Boolean(question.foresee))
        if (question.foresee) await new Promise((done) => (window.release = done))
        return usual(address, given)
      }
    }""")
    visit.dial("stride").focus()
    visit.comes(lambda: visit.page.evaluate("told"), [True])
    visit.dial("stride").press("ArrowRight")
    visit.page.wait_for_timeout(200)
    assert visit.page.evaluate("told") == [True]
    visit.page.evaluate("release()")
    shows(visit, stride="2", steps="3")
    visit.comes(lambda: visit.page.evaluate("told.slice(0, 2)"), [True, False])  # then the session hears of it
    visit.page.wait_for_url(lambda url: "-s2" in url)


def test_the_slider_that_was_turned_last_is_foreseen_after_another_change_too(visit: Any) -> None:
    visit.go("convolution", {"v": "1", "layer": "conv2d-i6-k3"}, plays=False).paused()
    with visit.change():
        visit.dial("stride").press("ArrowRight")
    visit.page.evaluate(HELD)
    visit.page.evaluate("held = { push: (done) => done() }")
    visit.player.locator("svg polygon.r-input").nth(3).dblclick(force=True)
    visit.player.locator("input.cell").fill("-4")
    visit.page.keyboard.press("Enter")
    visit.comes(lambda: sorted(visit.page.evaluate("foreseen.slice(-2)")), [1, 3])


def test_what_was_foreseen_is_not_shown_where_something_else_has_changed_since(visit: Any) -> None:
    visit.go("convolution", {"v": "1", "layer": "conv2d-i6-k3"}, plays=False).paused()
    visit.page.evaluate(HELD)
    visit.dial("stride").focus()
    visit.comes(lambda: visit.page.evaluate("foreseen"), [2])
    visit.page.evaluate("held = { push: (done) => done() }")
    with visit.change():
        visit.dial("input_size").fill("7")
    with visit.change():
        visit.dial("stride").fill("2")
    shows(visit, stride="2", steps="8")


def test_nothing_foreseen_is_kept_once_the_input_comes_from_elsewhere(visit: Any) -> None:
    """A picture of one's own may be another one, and its link the same."""
    visit.go("convolution", {"v": "1", "layer": "conv2d-i6-k3"}, plays=False).paused()
    visit.page.evaluate(HELD)
    visit.dial("stride").focus()
    visit.comes(lambda: visit.page.evaluate("foreseen"), [2])
    visit.page.evaluate("window.asked = held; held = { push: (done) => done() }; window.deaf = true")
    link, ready = visit.page.url, visit.player.get_attribute("data-ready")
    visit.page.evaluate("""() => {
      const detail = { name: "x", value: "hbar" } // as it is
      document.dispatchEvent(new CustomEvent("convviz:turn", { detail }))
    }""")
    expect(visit.player).not_to_have_attribute("data-ready", ready)
    assert visit.page.url == link, "nothing of it is said by the link"
    visit.page.evaluate("held = asked")
    visit.dial("stride").press("ArrowRight")
    visit.page.wait_for_timeout(300)
    expect(visit.part("scrub")).to_have_attribute("max", "15")
    visit.page.evaluate("held.shift()()")
    shows(visit, stride="2", steps="3")


def test_an_answer_that_is_not_what_was_foreseen_takes_its_place(visit: Any) -> None:
    visit.go("convolution", {"v": "1", "layer": "conv2d-i6-k3"}, plays=False).paused()
    visit.page.evaluate("""() => {
      const usual = window.fetch
      window.foreseen = 0
      window.fetch = async (address, given) => {
        const question = String(address).startsWith('answer/') ? JSON.parse(given.body) : {}
        if (question.foresee) question.turn.value = 4
        const answer = await usual(address, question.foresee ? { ...given, body: JSON.stringify(question) } : given)
        window.foreseen += Boolean(question.foresee)
        return answer
      }
    }""")
    visit.dial("stride").focus()
    visit.comes(lambda: visit.page.evaluate("foreseen"), 1)
    visit.dial("stride").press("ArrowRight")
    shows(visit, stride="2", steps="3")
    visit.page.wait_for_url(lambda url: "-s2" in url)


def test_nothing_is_foreseen_while_a_dial_is_dragged(visit: Any) -> None:
    visit.go("convolution", {"v": "1", "layer": "conv2d-i6-k3"}, plays=False).paused()
    visit.page.evaluate(HELD)
    box = visit.dial("stride").bounding_box()
    visit.page.mouse.move(box["x"] + 10, box["y"] + box["height"] / 2)
    visit.page.mouse.down()
    visit.page.wait_for_timeout(400)
    assert visit.page.evaluate("foreseen") == []
    visit.page.mouse.up()
    visit.page.evaluate("held.forEach((done) => done())")


def test_a_slider_that_is_dragged_back_shows_what_it_showed_without_asking(visit: Any) -> None:
    visit.go("convolution", {"v": "1", "layer": "conv2d-i6-k3"}, plays=False).paused()
    dial = visit.dial("stride")
    box = dial.bounding_box()
    y = box["y"] + box["height"] / 2
    visit.page.mouse.move(box["x"] + 10, y)
    visit.page.mouse.down()
    asked = []
    for _ in range(3):
        before = len(visit.asked)
        for part, stride, steps in ((0.99, "4", "0"), (0.01, "1", "15")):
            visit.page.mouse.move(box["x"] + box["width"] * part, y)
            expect(dial.locator("xpath=../output")).to_have_text(stride)
            expect(visit.part("scrub")).to_have_attribute("max", steps)
        asked.append(sum("/answer/" in address for address in visit.asked[before:]))
    assert asked[0] == 2 and asked[-1] == 0, asked
    visit.page.mouse.up()
    shows(visit, stride="1", steps="15")


def test_the_texts_of_one_picture_are_used_again_for_the_next(visit: Any) -> None:
    """New elements, and ones that are put in again, cost the most of a change."""
    visit.go("convolution", {"v": "1", "layer": "conv2d-i7-k3"}, plays=False).paused()
    texts = visit.page.locator(".player [data-part=svg] > .texts > text")
    texts.evaluate_all("all => { for (const node of all) node.old = true }")
    before = texts.count()
    with visit.change():
        visit.dial("stride").press("ArrowRight")
    shows(visit, stride="2", steps="8")
    assert texts.evaluate_all("all => all.filter((node) => node.old).length") == min(before, texts.count()) > 50
