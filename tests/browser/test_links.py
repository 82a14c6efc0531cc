"""A link is what is seen; Back goes back one thing; what is no link does no harm."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from depth import SOAK
from playwright.sync_api import expect

from convviz.layers.notation import from_text
from convviz.lessons import LESSONS
from convviz.lessons.sequences import OPENING
from convviz.page.link import from_query, to_query
from convviz.page.state import State, opening
from convviz.page.values import Values
from convviz.text import say
from convviz.themes import THEMES

LAYERS = {
    "convolution": (
        "conv2d-i4-k3",
        "conv2d-i6x4-k3x2-s2x1-p1",
        "conv1d-i7-k3-pcausal",
        "conv2d-i4-k2-p1.0-mreflect-b1-f1",
    ),
    "transposed": ("tconv2d-i2-k3-s2", "tconv2d-i3x2-k2-p1x0", "tconv1d-i4-k3-s2-p1-a1", "tconv2d-i2-k2-s3-b1"),
    "sequences": (OPENING, "conv1d-i9-k3-pcausal", "conv1d-i16-k3-s2-psame~conv1d-i8-k3-s2-psame"),
    "dilated": ("conv2d-i6-k2-d3", "conv2d-i5-k3-d2-p1", "conv1d-i9-k3-d4", "conv2d-i13-k3-d2~conv2d-i9-k3-d2"),
}


@pytest.fixture
def visit(visitor: Any) -> Any:
    """A visitor before whom nothing moves by itself, so that what is seen is what was set."""
    return visitor(reduced_motion="reduce")


def random_states(count: int) -> list[State]:
    """Of each lesson some, in any view, with any values, theme, language and step."""
    rng, states = random.Random(5), []
    while len(states) < count:
        lesson = list(LESSONS)[len(states) % len(LESSONS)]
        texts = LAYERS.get(lesson) or [preset.setting for preset in LESSONS[lesson].presets]
        text = texts[len(states) // len(LESSONS) % len(texts)]
        state, wrong = from_query({"layer": text, "view": rng.choice(LESSONS[lesson].views)}, lesson)
        if wrong:
            continue
        edits = tuple((rng.randrange(12), float(rng.randint(-99, 99))) for _ in range(rng.randrange(3)))
        x = rng.choice([Values("seed", (float(rng.randrange(99)),), edits), Values("photo", (40.0, 60.0)), Values()])
        state = replace(
            state,
            x=state.x if LESSONS[lesson].photo else replace(x, edits=tuple(dict(x.edits).items())),
            weight=Values("seed", (float(rng.randrange(99)),)),
            theme=rng.choice(list(THEMES)),
            language=rng.choice(["en", "zh"]),
        )
        states.append(replace(state, step=rng.randrange(state.scene().steps)))
    return states


def address(visit: Any, lesson: str) -> State:
    """What the address of the page restores."""
    state, wrong = from_query(dict(parse_qsl(urlsplit(visit.page.url).query)), lesson)
    assert not wrong
    return state


def stands(visit: Any, state: State) -> None:
    """Hold the page to a state: its picture, its words, its colours, its address."""
    scene, theme = state.scene(), THEMES[state.theme if state.theme in THEMES else "light"]
    expect(visit.player).to_have_attribute("data-step", str(state.step))
    expect(visit.part("sentence")).to_have_text(scene.sentence(state.step))
    expect(visit.player.locator(".cells polygon[data-m]")).to_have_count(scene.cells)
    expect(visit.page.locator("h1")).to_have_text(say(f"lesson.{state.lesson}.title", state.language))
    visit.comes(lambda: visit.part("stage").evaluate("n => n.style.getPropertyValue('--ground')"), theme.background)
    written = [(mark, text) for mark, text in enumerate(scene.texts_at(state.step)) if text]

    def missing() -> list[tuple[int, str]]:
        """What is not written, but for boards whose numbers have no room: those show them as tones."""
        drawn = {mark: text for mark, _, text in visit.drawn()["texts"]}
        boards = {scene.grid_of(mark).name for mark in drawn}
        assert drawn.items() <= dict(written).items() or not drawn
        there = [one for one in written if scene.grid_of(one[0]).name in boards or scene.grid_of(one[0]).tones is None]
        return [one for one in there if drawn.get(one[0]) != one[1]] if drawn else []

    visit.comes(missing, [])


def test_a_link_restores_its_state(visit: Any) -> None:
    for state in random_states(24 if SOAK else 6):
        visit.open(state)
        stands(visit, state)
        if state.step:  # a link to a step opens there, and stays there
            assert address(visit, state.lesson) == state


def test_the_address_of_what_was_set_by_hand_opens_it_elsewhere(visitor: Any) -> None:
    one, other = visitor(reduced_motion="reduce"), visitor(reduced_motion="reduce")
    one.go("convolution", plays=False).paused()
    with one.change():
        one.dial("padding").fill("2")
    with one.change():
        one.choose("isometric")
    one.page.wait_for_url(lambda url: "isometric" in url)
    one.seek(4)
    one.page.wait_for_url(lambda url: "step=4" in url)
    layer = replace(opening("convolution").layer, padding=2)
    state = replace(opening("convolution"), layer=layer, view="isometric", step=4)
    other.page.goto(one.page.url)
    other.still()
    stands(other, state)


def test_back_goes_back_one_thing_and_forward_does_it_again(visit: Any) -> None:
    visit.go("convolution", plays=False).paused()
    states = [opening("convolution")]

    def did(**now: Any) -> None:
        states.append(replace(states[-1], **now))
        wanted = to_query(states[-1])
        visit.page.wait_for_url(lambda url: dict(parse_qsl(urlsplit(url).query)) == wanted)
        stands(visit, states[-1])

    visit.dial("padding").fill("2")
    did(layer=replace(states[-1].layer, padding=2))
    visit.choose("conv2d-i6-k3-s2-p1")
    did(layer=from_text("conv2d-i6-k3-s2-p1"))
    visit.choose("isometric")
    did(view="isometric")
    visit.cell(14).dblclick(force=True)
    visit.player.locator("input.cell").fill("-9")
    visit.page.keyboard.press("Enter")
    place = visit.page.wait_for_url(lambda url: "x=" in url) or states[-1].x
    edits = address(visit, "convolution").x.edits
    assert len(edits) == 1 and edits[0][1] == -9 and place == opening("convolution").x
    did(x=replace(states[-1].x, edits=edits))
    visit.page.get_by_test_id("stSidebar").get_by_text("中文").click()
    did(language="zh")
    visit.page.get_by_test_id("stSidebar").get_by_text(say("theme.dark", "zh"), exact=True).click()
    did(theme="dark")
    for state in reversed(states[:-1]):
        visit.page.go_back()
        stands(visit, state)
        assert address(visit, "convolution") == state
    for state in states[1:]:
        visit.page.go_forward()
        stands(visit, state)
        assert address(visit, "convolution") == state


def test_back_leads_to_the_page_before_as_it_was(visit: Any) -> None:
    visit.go("convolution", plays=False).paused()
    with visit.change():
        visit.dial("stride").fill("2")
    visit.page.wait_for_url(lambda url: "layer=" in url)
    before = replace(opening("convolution"), layer=replace(opening("convolution").layer, stride=2))
    sidebar = visit.page.get_by_test_id("stSidebarNav")
    sidebar.get_by_role("link", name=say("lesson.dilated.short")).click()
    expect(visit.page.locator("h1")).to_have_text(say("lesson.dilated.title"))
    visit.still().paused()
    stands(visit, opening("dilated"))
    visit.page.go_back()
    stands(visit.still(), before)
    visit.page.go_forward()
    expect(visit.page.locator("h1")).to_have_text(say("lesson.dilated.title"))
    visit.still()


def test_back_from_a_card_of_the_start_leads_to_the_start(visit: Any) -> None:
    visit.go()
    visit.page.locator(".classics .card").nth(9).click()
    expect(visit.page.locator("h1")).to_have_text(say("lesson.transposed.title"))
    visit.page.wait_for_url(lambda url: "/transposed?" in url and "isometric" in url)
    visit.page.go_back()
    expect(visit.page.locator("h1")).to_have_text(say("home.title"))
    expect(visit.page.locator(".classics .card")).to_have_count(15)


HOSTILE = [
    "layer=<script>alert(1)</script>",
    "layer=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
    "layer=[click](javascript:alert(1))",
    "layer=![x](http://example.com/x.png)",
    "layer=conv2d-i99999-k3",
    "layer=conv2d-i99999-k1-s99999",
    "layer=maxpool2d-i5-k2",
    "layer=tconv2d-i3-k3",
    "layer=%3Flayer%3D%253Cscript%253E",
    "layer=conv2d-i5%00-k3",
    "layer=" + quote("conv2d-i٥-k3"),
    "layer=" + quote("🐙" * 60),
    "layer=" + "conv2d-i5-k3~" * 780,
    "layer={0.__class__}",
    "layer=[role|x]",
    "layer=" + quote("# one\n\n<iframe src=javascript:alert(1)>"),
    "v=7",
    "x=s0~1:NaN",
    "w=v3_" + "1_" * 4900 + "1",
    "view=javascript:alert(1)",
    "theme=" + quote("red;background:url(//example.com)"),
    "step=" + "9" * 300,
]


def test_what_is_no_link_gives_a_notice_and_a_default_page_and_nothing_of_it_becomes_markup(visit: Any) -> None:
    visit.hear("dialog", lambda dialog: visit.errors.append(dialog.message) or dialog.dismiss())
    plain = None
    for query in HOSTILE if SOAK else random.Random(3).sample(HOSTILE, 6):
        visit.go("convolution", query)
        notice = visit.page.get_by_test_id("stAlert")
        expect(notice).to_have_count(1)
        expect(visit.page.locator("h1")).to_have_text(say("lesson.convolution.title"))
        drawn = visit.drawn()
        plain = plain or drawn
        assert drawn == plain, query
        assert drawn["sentence"] == opening("convolution").scene().sentence(0)
        assert notice.locator("a, img, script, iframe, h1, h2, ul, table").count() == 0, query
        inside = notice.evaluate("n => [...n.querySelectorAll('*')].flatMap(e => e.getAttributeNames())")
        assert not any(name.startswith("on") for name in inside)
        assert visit.page.locator("iframe").count() == 0


def test_a_page_that_is_none_leads_to_one_that_is(visit: Any) -> None:
    visit.page.goto(f"{visit.server}/<script>nonsense?v=1")
    expect(visit.page.locator("h1")).to_have_text("There is no such page")
    visit.errors = [error for error in visit.errors if "404" not in error]  # so it is
    visit.page.locator("a[href^='/transposed']").click()
    visit.still()
    assert visit.page.url.startswith(f"{visit.server}/transposed")


def test_two_tabs_do_not_disturb_each_other(visitor: Any) -> None:
    one, other = visitor(reduced_motion="reduce"), visitor(reduced_motion="reduce")
    one.go("convolution", plays=False).paused()
    other.go("convolution", {"lang": "zh", "v": "1"}, plays=False).paused()
    with one.change():
        one.dial("stride").fill("1")
    with other.change():
        other.choose("isometric")
    with one.change():
        one.dial("kernel_size").fill("2")
    first = replace(opening("convolution").layer, stride=1, kernel_size=2)
    stands(one, replace(opening("convolution"), layer=first))
    stands(other, replace(opening("convolution", "zh"), view="isometric"))


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh"), ("de-DE", "en")])
def test_a_first_visit_is_in_the_browser_s_language(visitor: Any, locale: str, language: str) -> None:
    visit = visitor(locale=locale).go("convolution")
    expect(visit.page.locator("h1")).to_have_text(say("lesson.convolution.title", language))
