"""Questions: hidden until they are answered, answered by mouse and by keyboard, compared on the picture; challenges."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from openings import plain
from playwright.sync_api import expect
from test_questions import QUESTIONS, SOLUTIONS, question, solution

from convviz.lessons import LESSONS
from convviz.page.link import from_query, to_query
from convviz.page.state import State, opening, setting
from convviz.page.tour import judged_in, preset, said, showing
from convviz.text import LANGUAGES, fill, say

each_question = pytest.mark.parametrize(("lesson", "n"), QUESTIONS)
each_lesson = pytest.mark.parametrize("lesson", LESSONS)
each_language = pytest.mark.parametrize("language", LANGUAGES)

READ = """() => {
  // all that can be read or heard, but for what is given: the dials, the numbers of input and kernel, where one is
  const LABELS = ['aria-label', 'aria-valuetext', 'aria-valuemax', 'max', 'title', 'alt', 'placeholder', 'value']
  const found = []
  const given = '.panel, select, [data-part=tour_place], [data-part=ask_choices], [data-part=tour_text], .scales'
  const walk = root => {
    for (const node of root.querySelectorAll('*')) {
      if (node.shadowRoot) walk(node.shadowRoot)
      if (node.closest(given) || node.closest('details:not([open]) > :not(summary), style, script, template')) continue
      for (const name of LABELS) {
        const said = node.getAttribute?.(name)
        if (said && node.localName !== 'button') found.push([node.localName, name, said])
      }
      const own = [...node.childNodes].filter(one => one.nodeType === 3).map(one => one.textContent).join('')
      if (own.trim()) found.push([node.localName, node.dataset?.m ?? node.getAttribute('class') ?? '', own])
    }
  }
  walk(document)
  return found
}"""
"""Every text and every label of the page, through its shadow roots."""

NUMBER = re.compile(r"[−-]?\d+(?:\.\d+)?")


def asks(visit: Any, lesson: str, n: int, language: str = "en") -> tuple[State, dict[str, Any]]:
    """Open a beat that asks."""
    state = showing(opening(lesson, language), {"kind": "beat", "n": n})
    visit.open(state, plays=False)
    expect(visit.part("asks")).to_be_visible()
    return state, question(lesson, n, language)


def answer(visit: Any, ask: dict[str, Any], given: Any) -> None:
    """By mouse."""
    if ask["takes"] == "cells":
        for mark in given:
            visit.cell(mark).evaluate(
                "n => n.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }))"
            )
        visit.part("ask_lock").click()
    elif ask["takes"] == "choice":
        visit.part("ask_choices").get_by_text(given, exact=True).click()
    else:
        visit.part("ask_field").fill(given.replace("−", "-"))
        visit.part("ask_lock").click()


def told(ask: dict[str, Any], given: Any, language: str) -> tuple[str, str]:
    """The gap and the sentence that an answer gets."""
    cells = ask["takes"] == "cells"
    right = given == ask["right"]
    kind = f"{'given' if given is None else 'hit' if right else 'miss'}{'_cells' if cells else ''}"
    hit = len(set(given or ()) & set(ask["right"])) if cells else 0
    numbers = (
        {"right": len(ask["right"]), "hit": hit, "extra": len(given or ()) - hit} if cells else {"right": ask["right"]}
    )
    known = next((one["says"] for one in ask["answers"] if given in one["is"]), ask["because"])
    return fill(say(f"ask.{kind}", language), numbers | {"said": given}), known


def answered(visit: Any, state: State, ask: dict[str, Any], given: Any) -> None:
    gap, says = told(ask, given, state.language)
    text = visit.part("tour_text")
    expect(text.locator(".gap")).to_have_text(gap)
    expect(text).to_contain_text(plain(says))
    expect(text).to_contain_text(plain(said(LESSONS[state.lesson].beats[state.beat - 1], state)))
    expect(visit.player).to_have_attribute("data-step", str(ask["step"]))
    expect(visit.part("sentence")).to_have_text(state.scene().sentence(state.step))


def other(ask: dict[str, Any]) -> Any:
    """A wrong answer that no mistake gives."""
    if ask["takes"] == "cells":
        return [mark for mark in ask["choices"] if mark not in ask["right"]][-1:]
    return "987"


@each_question
def test_the_answer_is_not_to_be_read_while_the_question_is_open(visit: Any, lesson: str, n: int) -> None:
    state, ask = asks(visit, lesson, n)
    expect(visit.part("tour_text")).to_have_text(ask["question"])
    for part in ("sentence", "equation", "formulas", "note", "position"):
        expect(visit.part(part)).to_have_text("")
    body = plain(said(LESSONS[lesson].beats[n], state))
    expect(visit.page.locator(".story li").nth(n).locator("p")).to_have_text(ask["question"])
    texts = visit.page.evaluate(READ)
    assert len(texts) > 20
    assert not any(body in text or ask["because"] in text for _, _, text in texts)
    if ask["takes"] == "cells":
        assert not visit.lit() & set(ask["right"])
        classes = visit.player.evaluate(
            "p => [...p.querySelectorAll('.cells [data-m]')].map(n => n.getAttribute('class'))"
        )
        assert len(
            {classes[mark] for mark in ask["right"]} - {classes[m] for m in ask["choices"] if m not in ask["right"]}
        ) <= (lesson == "sequences"), "cells that are right look like others"
        return
    scene = state.scene()
    values = {str(grid.first + cell) for grid in scene.grids for cell in range(grid.count)}
    for name, where, text in texts:
        if text == ask["question"]:  # which says what is given
            continue
        number = where in values and int(where) not in {*ask["hide"]["empty"], ask["hide"]["place"]}
        heads = where == "r-axis" and re.fullmatch(r"−?\d+", text)
        one_step = (
            name == "input" and where in ("max", "value") and text == "0"
        )  # whatever is asked, the scrubber has one place
        if number or heads or one_step or (name == "p" and text.startswith(("Lesson", "People"))):
            continue
        assert ask["right"] not in NUMBER.findall(text.replace(",", "")) or name in (
            "option",
            "h1",
            "button",
            "summary",
        ), text
    shown = visit.player.locator(".texts text")
    bare = {*ask["hide"]["empty"]} - {ask["hide"]["place"]}
    written = dict(shown.evaluate_all("all => all.map(n => [n.dataset.m, n.textContent])"))
    assert all(not written.get(str(mark)) for mark in bare)
    if ask["hide"]["place"] >= 0:
        assert written.get(str(ask["hide"]["place"]), "") in ("?", ""), "a small cell bears nothing"


@pytest.mark.parametrize(("lesson", "n"), [("convolution", 0), ("convolution", 6), ("dilated", 0)])
def test_playing_stepping_and_pointing_do_not_give_the_answer_away(visit: Any, drawn: Any, lesson: str, n: int) -> None:
    _, ask = asks(visit, lesson, n)
    before = drawn(visit.player)
    for key in ("ArrowRight", "End", " ", "PageDown", "ArrowDown", "Home"):
        if ask["takes"] == "cells" and key.startswith("Arrow"):
            continue
        visit.page.keyboard.press(key)
    visit.part("play").click(force=True)
    visit.page.wait_for_timeout(700)
    if ask["takes"] == "cells":
        visit.part("tour_text").hover()
    else:
        visit.point(ask["hide"]["asked"][0] if ask["hide"]["asked"] else 0)
    expect(visit.part("sentence")).to_have_text("")
    assert visit.lit() <= set(ask["hide"]["asked"])
    assert drawn(visit.player) == before
    for item in visit.part("legend").locator("li").all():
        item.hover()
        assert visit.lit() <= set(ask["hide"]["asked"])


@each_language
@each_question
def test_a_right_answer_a_wrong_one_and_each_mistake_are_answered(
    visit: Any, lesson: str, n: int, language: str
) -> None:
    state, ask = asks(visit, lesson, n, language)
    givens = [ask["right"], *(one["is"][0] for one in ask["answers"])]
    givens += [] if ask["takes"] == "choice" else [other(ask)]
    for given in givens:
        answer(visit, ask, given)
        answered(visit, state, ask, given)
        expect(visit.part("ask_lock")).to_be_hidden()
        visit.part("ask_again").click()
        expect(visit.part("tour_text")).to_have_text(ask["question"])
    visit.part("ask_reveal").click()
    answered(visit, state, ask, None)
    expect(visit.page.locator(".story li").nth(n).locator("p")).not_to_have_text(ask["question"])


@each_question
def test_a_question_is_answered_by_keyboard_alone(visit: Any, lesson: str, n: int) -> None:
    state, ask = asks(visit, lesson, n)
    press = visit.page.keyboard.press
    press("a")
    if ask["takes"] == "number":
        expect(visit.part("ask_field")).to_be_focused()
        press("Enter")
        expect(visit.part("ask_status")).to_have_text(say("ask.missing"))
        visit.page.keyboard.type(ask["right"])
        press("Enter")
        given = ask["right"]
    elif ask["takes"] == "choice":
        given = ask["choices"][0]
        press("Enter")
    else:
        press("ArrowRight")
        press(" ")
        press("ArrowRight")
        press(" ")
        expect(visit.part("ask_status")).to_contain_text(fill(say("ask.chosen"), {"count": 2}))
        chosen = visit.marked("chosen")
        given = sorted(chosen)
        assert len(given) == 2 and chosen <= set(ask["choices"])
        visit.part("ask_lock").focus()
        press("Enter")
    answered(visit, state, ask, given)
    expect(visit.part("tour_words")).to_be_focused()
    assert visit.part("tour_words").get_attribute("aria-live") == "polite"


def test_the_gap_is_shown_on_the_picture(visit: Any) -> None:
    _, ask = asks(visit, "convolution", 0)
    answer(visit, ask, ask["answers"][0]["is"][0])
    assert visit.marked("miss") == {ask["hide"]["place"]}
    expect(visit.player.locator(".notes text").get_by_text(f"{ask['answers'][0]['is'][0]}?", exact=True)).to_have_count(
        1
    )
    expect(visit.part("equation")).to_contain_text(ask["right"])
    _, ask = asks(visit, "convolution", 6)
    answer(visit, ask, "3")
    guess = visit.player.locator(".marks .r-guess")
    board = visit.player.locator(".cells [data-grid=output]").bounding_box()
    box = guess.bounding_box()
    assert box["width"] / board["width"] == pytest.approx(3 / 2, rel=0.05)
    _, ask = asks(visit, "dilated", 0)
    given = ask["answers"][1]["is"][0]
    answer(visit, ask, given)
    assert visit.marked("hit") == set(ask["right"]) & set(given)
    assert visit.marked("miss") == set(given) - set(ask["right"])
    visit.part("ask_again").click()
    answer(visit, ask, ask["right"][:3])
    assert visit.marked("left") == set(ask["right"][3:])


def test_an_answer_stays_in_the_open_page_and_nowhere_else(visit: Any) -> None:
    state, ask = asks(visit, "convolution", 0)
    answer(visit, ask, "15")
    answered(visit, state, ask, "15")
    visit.part("tour_next").click()
    expect(visit.part("tour_place")).to_have_text(say("tour.position", "en", n=2, count=9))
    visit.part("tour_back").click()
    answered(visit, state, ask, "15")
    visit.page.go_back()
    expect(visit.part("tour_place")).to_have_text(say("tour.position", "en", n=2, count=9))
    visit.page.go_forward()
    answered(visit, state, ask, "15")
    stored = visit.page.evaluate("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")
    assert "ask" not in visit.page.url and "convolution/cell" not in stored
    visit.go(*("convolution", urlsplit(visit.page.url).query), plays=False)
    expect(visit.part("tour_text")).to_have_text(ask["question"])


def test_a_question_that_the_picture_has_left_waits_and_comes_again(visit: Any) -> None:
    _, ask = asks(visit, "convolution", 6)
    with visit.change():
        visit.dial("stride").fill("1")
    expect(visit.part("tour_text")).to_have_text(ask["question"])
    expect(visit.part("asks")).to_be_hidden()
    expect(visit.part("sentence")).not_to_have_text("")
    visit.part("tour_again").click()
    expect(visit.part("asks")).to_be_visible()
    expect(visit.part("sentence")).to_have_text("")


def test_the_next_beat_comes_without_an_answer(visit: Any) -> None:
    asks(visit, "convolution", 0)
    visit.page.keyboard.press("n")
    expect(visit.part("tour_place")).to_have_text(say("tour.position", "en", n=2, count=9))
    expect(visit.part("asks")).to_be_hidden()
    expect(visit.part("sentence")).not_to_have_text("")


@each_lesson
def test_touch_answers_on_a_phone_by_targets_that_a_finger_meets(visitor: Callable[..., Any], lesson: str) -> None:
    visit = visitor(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    n = next(n for name, n in QUESTIONS if name == lesson)
    state, ask = asks(visit, lesson, n)
    for part in ("ask_field", "ask_lock", "ask_reveal", "tour_next"):
        if visit.part(part).is_visible():
            box = visit.part(part).bounding_box()
            assert min(box["width"], box["height"]) >= 44, part
    if ask["takes"] == "cells":
        expect(visit.part("ask_status")).to_have_text(re.sub("<.*[|](.*)>", r"\1", say("ask.help")))
        visit.cell(ask["choices"][0]).evaluate("n => n.scrollIntoView({ block: 'center' })")
        visit.cell(ask["choices"][0]).tap(force=True)
        visit.part("ask_lock").tap()
        answered(visit, state, ask, ask["choices"][:1])
    else:
        visit.part("ask_reveal").tap()
        answered(visit, state, ask, None)


@each_language
@each_lesson
def test_a_challenge_is_failed_and_solved_with_the_dials(visit: Any, lesson: str, language: str) -> None:
    plan = LESSONS[lesson]
    last = showing(opening(lesson, language), {"kind": "beat", "n": len(plan.beats) - 1})
    visit.open(last, plays=False)
    expect(visit.part("tour_next")).to_have_text(say("challenge.title", language))
    visit.part("tour_next").click()
    expect(visit.part("tour_place")).to_have_text(say("challenge.title", language))
    expect(visit.part("tour_next")).to_be_hidden()
    start = showing(last, {"kind": "challenge", "n": 0})
    expect(visit.part("tour_text")).to_have_text(said(plan.challenge, start))
    met = [str(judged_in(start, goal).met).lower() for goal in plan.challenge.goals]
    goals = visit.part("goals").locator("li")
    visit.comes(lambda: goals.evaluate_all("all => all.map(n => n.dataset.met)"), met)
    query = to_query(solution(lesson, preset(start, SOLUTIONS[lesson])))
    visit.go(lesson, query, plays=False)
    expect(visit.part("tour_text")).to_have_text(say(f"lesson.{lesson}.challenge.solved", language))
    expect(visit.part("tour")).to_have_attribute("data-solved", "true")
    visit.part("tour_again").click()
    visit.comes(lambda: goals.evaluate_all("all => all.map(n => n.dataset.met)"), met)
    address = dict(parse_qsl(urlsplit(visit.page.url).query))
    visit.comes(
        lambda: from_query(dict(parse_qsl(urlsplit(visit.page.url).query)), lesson)[0].layer,
        setting(plan.challenge.setting),
    )
    assert address["challenge"] == "1"


WHOLE = """panel => {
  const frame = panel.getBoundingClientRect()
  const all = [...panel.children].filter(n => n.offsetHeight).map(n => n.getBoundingClientRect())
  return all.every(box => box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1)
}"""


@each_language
def test_the_challenge_of_the_calculator_is_seen_whole(visitor: Any, language: str) -> None:
    visit = visitor(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    start = showing(opening("receptive", language), {"kind": "challenge", "n": 0})
    for state in (start, solution("receptive", start)):
        visit.open(state, plays=False)
        expect(visit.part("goals").locator("li")).to_have_count(3)
        assert visit.page.locator(".dock .tour .words_of").evaluate(WHOLE)


def test_the_goals_follow_the_dials(visit: Any) -> None:
    visit.open(showing(opening("convolution"), {"kind": "challenge", "n": 0}), plays=False)
    visit.part("tour").wait_for()
    with visit.change():
        visit.dial("padding").fill("1")
    expect(visit.part("tour")).to_have_attribute("data-solved", "true")
    expect(visit.part("tour_text")).to_have_text(say("lesson.convolution.challenge.solved"))
    with visit.change():
        visit.dial("padding").fill("2")
    expect(visit.part("tour")).to_have_attribute("data-solved", "false")


def test_the_story_opens_the_challenge(visit: Any) -> None:
    visit.go("dilated", plays=False)
    visit.page.locator("#challenge-0").click()
    expect(visit.part("tour_place")).to_have_text(say("challenge.title"))
    expect(visit.page.locator(".story li.open p")).to_contain_text(say("challenge.title"))
    visit.part("tour_back").click()
    expect(visit.part("tour_place")).to_have_text(say("tour.position", "en", n=6, count=6))
