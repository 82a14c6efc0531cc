"""Every page for everybody: wide and narrow, in both languages, light and dark, by keyboard and when read out."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from depth import SOAK, few
from openings import views_of
from playwright.sync_api import expect

from convviz.colour import contrast
from convviz.lessons import LESSONS
from convviz.page.link import to_query
from convviz.page.state import opening
from convviz.player.wire import payload
from convviz.player.words import words
from convviz.text import say
from convviz.themes import THEMES

PAGES = ("", *LESSONS)
SCHEMES = ("light", "dark")


def title(page: str, language: str) -> str:
    return say(f"lesson.{page}.title" if page else "home.title", language)


def test_language_is_switched_at_once_everywhere(visit: Any) -> None:
    visit.go("transposed", plays=False).paused()
    sidebar = visit.page.get_by_test_id("stSidebar")
    for name, language in (("中文", "zh"), ("English", "en")):
        sidebar.get_by_text(name).click()
        scene = replace(opening("transposed"), language=language).scene()
        expect(visit.page.locator("h1")).to_have_text(title("transposed", language))
        expect(visit.part("sentence")).to_have_text(scene.sentence(0))
        expect(visit.part("position")).to_have_text(say("player.step", language, n=1, count=scene.steps))
        expect(visit.part("edit")).to_have_text(say("player.edit_values", language))
        expect(visit.page.locator("label[for=dial-stride]")).to_contain_text(say("control.stride.label", language)[:2])
        expect(visit.page.locator(".story h2").first).to_have_text(say("tour.title", language))
        for lesson in LESSONS:
            expect(sidebar.get_by_role("link", name=say(f"lesson.{lesson}.short", language))).to_be_visible()
        expect(sidebar.get_by_text(say("control.theme", language), exact=True)).to_be_visible()
        labels = visit.player.locator(".labels text").all_text_contents()
        assert labels == [label.text for label in scene.labels]
        expect(visit.page).to_have_title(f"{say('lesson.transposed.short', language)} · convviz")


def test_colours_are_switched_at_once(visit: Any) -> None:
    visit.go("transposed", plays=False).paused()
    for name in ("dark", "classic", "print", "colorblind", "light"):
        visit.page.get_by_test_id("stSidebar").get_by_text(say(f"theme.{name}"), exact=True).click()
        theme = THEMES[name]
        visit.page.wait_for_url(lambda url, name=name: f"theme={name}" in url)
        assert visit.part("stage").evaluate("n => n.style.getPropertyValue('--ground')") == theme.background
        cell = visit.player.locator("polygon.r-kernel").first
        state = "window" if "s-window" in (cell.get_attribute("class") or "") else ""
        expect(cell).to_have_css("fill", rgb(theme.paint("kernel", state).fill))


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[n : n + 2], 16)) for n in (1, 3, 5))})" if colour else "none"


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_picture_is_dark_where_the_page_is(visitor: Any, scheme: str) -> None:
    visit = visitor(color_scheme=scheme).go("convolution")
    visit.page.wait_for_function(
        "want => document.querySelector('.stApp') && [...document.querySelectorAll('*')].some(n => n.shadowRoot"
        "?.querySelector('.player')?.style.getPropertyValue('--ground') === want)",
        arg=THEMES[scheme].background,
    )


@pytest.mark.parametrize(("language", "widths"), [("en", (390, 1280)), ("zh", (1280, 390))])
def test_nothing_is_wider_than_the_page(visitor: Any, language: str, widths: tuple[int, int]) -> None:
    """Neither where it opens, nor where the window is made another width."""
    visit = visitor(viewport={"width": widths[0], "height": 844})
    for page in few(f"wide {language}", PAGES):
        visit.page.set_viewport_size({"width": widths[0], "height": 844})
        visit.go(page, {"lang": language, "v": "1"})
        expect(visit.page.locator("h1")).to_have_text(title(page, language))
        for view in views_of(page) if page else ("",):
            if view and visit.pill(view).get_attribute("aria-pressed") == "false":
                with visit.change():
                    visit.choose(view)
            for width in (*widths, widths[0]):
                visit.page.set_viewport_size({"width": width, "height": 844})
                visit.comes(lambda: max(visit.page.evaluate(TOO_WIDE)), 0)
                if page and width == widths[0]:
                    boxes = [visit.part(part).bounding_box() for part in ("sentence", "bar", "formulas")]
                    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)


TOO_WIDE = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
    .map(n => Math.max(n.scrollWidth - n.clientWidth, 0))"""


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_words_of_a_step_stand_right_under_the_picture_in_every_view(visit: Any, lesson: str) -> None:
    tops = set()
    for n, view in enumerate(views_of(lesson)):
        if SOAK or n == 0:
            visit.open(replace(opening(lesson), view=view), plays=False).paused()
        else:
            with visit.change():
                visit.choose(view)
        stage = visit.part("stage").bounding_box()
        boxes = [visit.part(part).bounding_box() for part in ("sentence", "equation", "formulas")]
        tour = visit.part("tour").bounding_box()
        docked = stage["y"] + stage["height"] > tour["y"]  # a tall picture goes on below what is docked
        assert docked or tour["y"] - stage["y"] - stage["height"] <= 20
        assert 0 <= boxes[0]["y"] - tour["y"] - tour["height"] <= 20
        assert len({round(box["y"]) for box in boxes}) == 1
        tops |= {round(box["x"]) for box in boxes}
    assert len(tops) == 3, "each in its own column, in every view"


@pytest.mark.parametrize("size", [(1280, 560), (390, 580)])
def test_the_controls_are_in_sight_wherever_the_picture_is(visit: Any, size: tuple[int, int]) -> None:
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    visit.open(replace(opening("transposed"), view="matrix"), plays=False).paused()
    picture, bar = visit.part("svg").bounding_box(), visit.part("dock").bounding_box()
    assert picture["y"] + picture["height"] > bar["y"], "the picture goes on below what is docked"
    assert bar["y"] + bar["height"] <= size[1]
    visit.part("tour").scroll_into_view_if_needed()
    below = visit.part("tour").bounding_box()
    bar = visit.part("bar").bounding_box()
    assert bar["y"] + bar["height"] <= below["y"]


def test_the_keyboard_reaches_every_control_and_its_place_is_seen(visit: Any) -> None:
    visit.go("convolution", plays=False).paused()
    controls = visit.page.locator(
        ".player :is(button, input, select, [tabindex]):visible, .panel :is(button, input, select, summary):visible,"
        " .story :is(button, summary):visible"
    )
    assert controls.count() > 25
    visit.page.keyboard.press("Tab")  # from now on focus is the keyboard's
    for i in range(controls.count()):
        control = controls.nth(i)
        control.focus()
        seen = control.evaluate(
            """n => {
              const s = getComputedStyle(n)
              const lights = n.matches('[data-ref]') && n.classList.contains('lit')
              return lights || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== 'none'
            }"""
        )
        assert seen, control.evaluate("n => n.outerHTML.slice(0, 120)")


NAMES = """() => {
  const found = []
  const walk = root => root.querySelectorAll('*').forEach(n => {
    if (n.shadowRoot) walk(n.shadowRoot)
    if (!n.matches('button, input, select, summary, a[href], [role=group][tabindex], svg[tabindex]')) return
    const style = getComputedStyle(n)
    if (style.display === 'none' || style.visibility === 'hidden' || !n.getClientRects().length) return
    const labels = n.labels ? [...n.labels].map(l => l.textContent).join('') : ''
    const said = n.getAttribute('aria-label') || n.getAttribute('aria-labelledby') || n.textContent.trim()
    if (!said && !labels && !n.title) found.push(n.outerHTML.slice(0, 160))
  })
  walk(document)
  return found
}"""


@pytest.mark.parametrize("page", PAGES)
def test_every_control_has_a_name(visit: Any, page: str) -> None:
    visit.go(page)
    assert visit.page.evaluate(NAMES) == []


def hexadecimal(colour: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


def wrong_of_ours(visit: Any, axe: Any, **options: Any) -> list[str]:
    """What axe finds wrong with what is not Streamlit's own: that which stands in our components."""
    options = {"resultTypes": ["violations"], "rules": {"region": {"enabled": False}}} | options
    found = axe.run(visit.page, options=options).response["violations"]
    nodes = [(violation["id"], node) for violation in found for node in violation["nodes"]]
    within = [(rule, node) for rule, node in nodes if any(isinstance(step, list) for step in node["target"])]
    return [f"{rule}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}" for rule, node in within]


def test_a_picture_of_any_colours_can_be_read_on_a_page_that_is_light_or_dark(visitor: Any) -> None:
    """What else axe finds is in test_access.py."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    visit = visitor(reduced_motion="reduce")
    for n, theme in enumerate(THEMES):
        for scheme in SCHEMES if SOAK else SCHEMES[n % 2 :][:1]:
            visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            visit.go("convolution", {"v": "1", "layer": "conv2d-i3-k2-p1", "theme": theme, "beat": "1"})
            visit.dressed(scheme)
            assert wrong_of_ours(visit, axe, runOnly=["color-contrast"]) == [], (theme, scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_start_s_buttons_can_be_read(visitor: Any, scheme: str) -> None:
    visit = visitor(reduced_motion="reduce", color_scheme=scheme).go()
    visit.dressed(scheme)
    start = visit.page.get_by_role("link", name=say("home.open"))
    read = "n => [getComputedStyle(n).color, getComputedStyle(n).backgroundColor]"
    assert contrast(*map(hexadecimal, start.evaluate(read))) >= 4.5


def test_a_player_that_is_sent_nonsense_stands_up_again(visit: Any) -> None:
    """The component's own entry, called as Streamlit calls it."""
    visit.go("convolution")
    module = next(url for url in visit.asked if "player" in url and ".js" in url)
    scene = replace(opening("convolution"), step=0).scene()
    good = json.loads(payload(scene, css="", words=words("en", alone=True), main=False, autoplay=False, paper={}))
    bad: list[Any] = [
        None,
        {},
        {"scene": None},
        {"scene": {"grids": []}},
        good | {"scene": good["scene"] | {"tracks": 3}},
    ]
    outcome = visit.page.evaluate(
        """async ([module, good, bad]) => {
          const entry = (await import(module)).default
          const root = document.createElement('div')
          document.body.append(root)
          const parentElement = root.attachShadow({ mode: 'open' })
          const show = value => {
            const data = new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
            entry({ data, parentElement, setTriggerValue() {} })
            const host = parentElement.querySelector('.player')
            return [Boolean(host.dataset.failed), host.querySelectorAll('.cells polygon[data-m]').length]
          }
          const seen = [show('not JSON'), show(good)]
          for (const value of bad) seen.push(show(value))
          seen.push(show(good))
          return seen
        }""",
        [module, good, bad],
    )
    assert outcome[0][0] and outcome[1] == [False, scene.cells]
    assert all(failed for failed, _ in outcome[2:-1])
    assert outcome[-1] == [False, scene.cells], "and the next good picture is shown"
    visit.errors.clear()  # each was said in the console


def test_the_headers_let_nothing_in_from_elsewhere(visit: Any) -> None:
    answer = visit.page.request.get(f"{visit.server}/convolution")
    policy = answer.headers["content-security-policy"]
    assert (
        "default-src 'self'" in policy
        and "object-src 'none'" in policy
        and "unsafe-eval'" not in policy.replace("wasm-unsafe-eval'", "")
    )
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_without_a_connection_the_picture_goes_on(visit: Any) -> None:
    """A class whose network fails can still step, play and point."""
    visit.open(replace(opening("convolution"), step=1))
    visit.page.context.set_offline(True)
    visit.seek(5)
    visit.page.keyboard.press("Home")
    scene = opening("convolution").scene()
    assert visit.drawn()["sentence"] == scene.sentence(0)
    visit.page.context.set_offline(False)
    assert to_query(opening("convolution")) == {}
    visit.errors.clear()


@pytest.mark.parametrize("comes", [True, False])
def test_a_component_is_not_seen_bare_nor_hidden_for_good(visit: Any, comes: bool) -> None:
    """Where a style sheet fails, Streamlit says so in the component's place: that is not ours to test."""
    held: list[Any] = []
    visit.page.route(re.compile(r"/bidi-components/.*\.css"), lambda way: held.append(way))
    visit.page.goto(f"{visit.server}/convolution", wait_until="commit")
    visit.page.locator(".player[data-ready]").wait_for(state="attached")
    assert held and not visit.page.locator(".player").is_visible()
    for way in held if comes else ():
        way.continue_()
    expect(visit.page.locator(".player")).to_be_visible()
    visit.page.unroute_all()
