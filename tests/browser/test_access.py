"""For everybody: what axe finds, a walk by the keyboard alone, where its place goes, what can be read, at any zoom."""

from __future__ import annotations

import random
from itertools import cycle, pairwise, product
from typing import Any

import pytest
from depth import SOAK, cases, few
from playwright.sync_api import expect

from convviz.classics import CLASSICS
from convviz.errors import LayerError
from convviz.export.formats import FORMATS
from convviz.lessons import LESSONS
from convviz.page.dials import dials
from convviz.page.state import opening
from convviz.text import LANGUAGES, say

PAGES = ("", *LESSONS)
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
ALL = list(product(PAGES, LANGUAGES, (WIDE, NARROW)))
SEEN = ALL if SOAK else [(page, LANGUAGES[n % 2], (WIDE, NARROW)[n % 2]) for n, page in enumerate((*PAGES, *PAGES[1:]))]
"""The pages that are looked at: all of them by `make soak`, else each lesson once wide and once narrow."""

NAMED = [f"{page or 'start'}-{language}-{size['width']}" for page, language, size in SEEN]
WRONG = {
    "convolution": "conv2d-i5-k9",
    "transposed": "tconv2d-i3-k3-p9",
    "dilated": "conv2d-i5-k3-d9",
    "sequences": "conv1d-i5-k9",
    "channels": "conv2d-i5-k3-c3-g2",
    "gates": "gated1d-i8-k9",
    "pooling": "maxpool2d-i6-k9",
    "learning": "learn2d-i5-k9",
    "filters": "conv2d-i5-k9",
    "sharing": "local2d-i8-k9",
    "anatomy": "digits-m9",
    "receptive": "conv2d-i5-k9",
}
"""Links whose layer cannot be: the page opens with a notice and a button."""

OWN = {
    ("list", "[data-testid=stSidebarNav]"): "Streamlit puts the pages of a section into a div within its list",
    ("listitem", "[data-testid=stSidebarNav]"): "the same list, seen from its items",
}
"""What axe finds of Streamlit's own making, which a page cannot change: rule, place, and why it is no fault of ours."""


def opened(visit: Any, page: str, language: str, size: dict[str, int]) -> Any:
    """A page with all that can be unfolded: more dials, what people think, the keys, a beat, and two refusals."""
    visit.page.set_viewport_size(size)
    if not page:
        return visit.go("", {"lang": language})
    visit.go(page, {"v": "1", "lang": language, "beat": "1", "layer": WRONG[page]})
    expect(visit.page.locator("[class*='st-key-fix'] button")).to_be_visible()
    for more in visit.page.locator(".panel > details > summary:visible").all():
        more.click()
    for summary in visit.page.locator(".story summary").all():
        summary.click()
    visit.page.keyboard.press("?")
    if opening(page).takes_values:
        visit.control("edit").click()
    if page in REFUSED:
        refuse(visit, page)
    else:
        turn(visit, *TURNED[page])
    visit.part("tour_again").wait_for()
    return visit


REFUSED = {
    "convolution": ("stride", "2", "kernel_size", "7"),
    "transposed": ("padding", "1", "output_padding", "3"),
    "dilated": ("input_size", "6", "dilation", "4"),
    "sequences": ("padding_kind", "valid", "layers", "5"),
    "channels": ("kernel_size", "5", "dilation", "4"),
    "gates": ("input_size", "2", "padding", "0"),
    "pooling": ("input_size", "4", "dilation", "4"),
    "learning": ("input_size", "4", "dilation", "4"),
    "filters": ("padding_mode", "reflect", "input_size", "1"),
    "sharing": ("share", "2", "input_size", "9"),
    "receptive": ("row", "1", "input_size", "1"),
}
"""A dial and what it can be set to, and a dial and what it cannot be set to then."""


TURNED = {"anatomy": ("map", "5")}
"""A dial of a lesson none of whose dials can be set to what cannot be, and another value."""


def turn(visit: Any, name: str, value: str) -> None:
    """Turn a dial, which may be a choice or stand behind "More"."""
    dial = visit.dial(name)
    if dial.is_hidden():
        visit.page.locator(".panel > details > summary").click()
    if dial.evaluate("node => node.localName") == "select":
        dial.select_option(value)
        visit.page.wait_for_url(lambda url: value in url or "layer=" in url)
    else:
        dial.fill(value)


def refuse(visit: Any, page: str) -> None:
    """Turn a dial to what can be, and another to what cannot."""
    first, good, name, value = REFUSED[page]
    turn(visit, first, good)
    turn(visit, name, value)
    expect(visit.page.locator(".dial", has=visit.dial(name)).locator(".fix")).to_be_visible()


def found_by(axe: Any, visit: Any) -> list[str]:
    """What axe finds, but for what is Streamlit's own."""
    faults = []
    for violation in axe.run(visit.page).response["violations"]:
        for node in violation["nodes"]:
            streamlits = [where for rule, where in OWN if rule == violation["id"]]
            if isinstance(node["target"][0], str) and len(node["target"]) == 1 and streamlits:
                within = "(n, where) => where.some(w => n.closest(w))"
                if visit.page.locator(node["target"][0]).evaluate(within, streamlits):
                    continue
            faults.append(f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:240]}")
    return faults


def schemes(n: int) -> tuple[str, ...]:
    """Light and dark; one of them alone, by turns, where not all is looked at."""
    return ("light", "dark") if SOAK else (("light", "dark")[n // 2 % 2],)


READ = """root => {
  const parse = text => {
    const numbers = (text.match(/-?[\\d.]+(e-?\\d+)?/g) ?? []).map(Number)
    const scale = text.startsWith('color(') ? 1 : 255
    const [r, g, b, a = 1] = numbers
    return { rgb: [r, g, b].map(c => c / scale), a }
  }
  const over = (below, above, a) => below.map((c, n) => c + (above[n] - c) * a)
  const luminance = rgb => {
    const [r, g, b] = rgb.map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const parent = n => n.parentElement ?? n.getRootNode().host
  const seen = node => {
    const chain = []
    for (let n = node; n; n = parent(n)) chain.unshift(getComputedStyle(n))
    const painted = (below, [style, ...inside]) => {
      const ground = parse(style.backgroundColor)
      const own = over(below, ground.rgb, ground.a)
      const text = parse(style.color)
      const [back, front] = inside.length ? painted(own, inside) : [own, over(own, text.rgb, text.a)]
      return [over(below, back, Number(style.opacity)), over(below, front, Number(style.opacity))]
    }
    const scheme = getComputedStyle(document.querySelector('.stApp')).colorScheme
    const [back, front] = painted(scheme.includes('dark') ? [0, 0, 0] : [1, 1, 1], chain)
    const [low, high] = [luminance(back), luminance(front)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  const faint = []
  const walk = from => {
    for (const n of from.querySelectorAll('*')) {
      if (n.shadowRoot) walk(n.shadowRoot)
      if (n.namespaceURI.endsWith('svg') || ['STYLE', 'SCRIPT', 'OPTION'].includes(n.tagName)) continue
      const field = n.matches('input[type=text], select')
      const says = field ? n.value : [...n.childNodes].filter(c => c.nodeType === 3).map(c => c.data).join('').trim()
      if (!says || !n.checkVisibility({ visibilityProperty: true })) continue
      const style = getComputedStyle(n)
      const size = parseFloat(style.fontSize)
      const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
      const ratio = seen(n)
      if (ratio < (large ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)} ${says.slice(0, 40)} ${n.outerHTML.slice(0, 120)}`)
    }
  }
  walk(document)
  return faint
}"""
"""Texts whose contrast, as it is painted, is too small: every ground and every opacity above them counted."""

BUTTONS = (
    ":is(.panel, .player, .story, .start) :is(button, a, summary, select, .ref, .term),"
    ".stSidebar [role=radio], .stMain button"
)


@pytest.mark.parametrize("n", range(len(SEEN)), ids=NAMED)
def test_axe_and_a_look_at_every_text_find_nothing(visitor: Any, n: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page, language, size = SEEN[n]
    visit = opened(visitor(reduced_motion="reduce"), page, language, size)
    for scheme in schemes(n):
        visit.dressed(scheme)
        assert found_by(axe, visit) == [], scheme
        assert visit.page.evaluate(READ) == [], scheme
    if page:
        unfolded(visit, page)
        assert found_by(axe, visit) == [], "unfolded"
        assert visit.page.evaluate(READ) == [], "unfolded"


def unfolded(visit: Any, page: str) -> None:
    """Unfold where values come from or, of a page that has none, where code is pasted, with a fault in the code."""
    if not LESSONS[page].edits:
        visit.page.get_by_test_id("stPopoverButton").click()
        visit.page.locator(".sources[data-ready]").wait_for()
        return
    visit.dial("paste").click()
    visit.page.locator(".paste textarea").fill("nn.Foo(3)\nnn.ReLU()")
    visit.page.locator(".paste .go").click()
    visit.page.locator(".paste .problems li").wait_for()
    for code in visit.page.locator(".paste summary").all():
        code.click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_pointed_at_or_pressed_can_be_read(visitor: Any, scheme: str) -> None:
    visit = visitor(color_scheme=scheme, reduced_motion="reduce")
    for page in ("", "convolution"):
        opened(visit, page, "en", WIDE)
        shown = visit.page.locator(BUTTONS).locator("visible=true")
        count = shown.count()
        assert count > (15, 50)[bool(page)]
        for n in range(count) if SOAK else random.Random(7).sample(range(count), 8):
            one = shown.nth(min(n, shown.count() - 1))  # pointing at one may change how many terms others have
            one.hover(force=True)
            assert visit.page.evaluate(READ) == [], one.evaluate("n => n.outerHTML.slice(0, 200)")


HELD = """() => {
  let node = document.activeElement
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement
  if (!node || node === document.body) return null
  const ours = node.getRootNode() !== document
  const style = getComputedStyle(node)
  const before = getComputedStyle(node, '::before')
  const drawn = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1
  const box = node.getBoundingClientRect()
  const top = document.querySelector('[data-testid=stMain]')?.scrollTop ?? 0
  const name = node.getAttribute('aria-label') || [...(node.labels ?? [])].map(n => n.textContent).join(' ')
    || node.textContent.trim() || node.title
  node.walked ??= `${(window.walked = (window.walked ?? 0) + 1)}`
  return {
    ours, name, tag: node.tagName.toLowerCase(), key: node.walked,
    part: node.id || node.dataset.part || node.dataset.value || node.dataset.ref || node.dataset.testid || '',
    host: node.getRootNode().host?.parentElement?.className ?? '',
    seen: drawn(style) || style.boxShadow !== 'none' || drawn(before) || node.classList.contains('lit'),
    left: box.left, right: box.right, top: box.top + top, bottom: box.bottom + top,
    inside: box.width > 0 && box.height > 0 && box.left >= -1 && box.right <= innerWidth + 1
      && box.bottom > 0 && box.top < innerHeight,
    html: node.outerHTML.slice(0, 160),
  }
}"""
"""Where the keyboard is."""


START = """() => {
  const start = document.createElement('i')
  start.tabIndex = -1
  document.body.prepend(start)
  start.focus()
}"""


def walked(visit: Any, key: str) -> list[dict[str, Any]]:
    """All stops from one end of the page to the other."""
    stops: list[dict[str, Any]] = []
    for _ in range(200):
        visit.page.keyboard.press(key)
        stop = visit.page.evaluate(HELD)
        if stop is None or any(stop["key"] == other["key"] for other in stops):
            return stops
        stops.append(stop)
    raise AssertionError(f"no end after {len(stops)} stops: {stops[-1]}")


@pytest.mark.parametrize(("page", "language", "size"), SEEN, ids=NAMED)
def test_a_walk_by_the_keyboard_comes_to_each_thing_once_and_in_the_order_of_reading(
    visitor: Any, page: str, language: str, size: Any
) -> None:
    visit = opened(visitor(reduced_motion="reduce"), page, language, size)
    if page and opening(page).takes_values:
        visit.control("edit").click()  # while cells are typed into, Tab goes from board to board
    visit.page.evaluate(START)
    stops = walked(visit, "Tab")
    ours = [stop for stop in stops if stop["ours"]]
    assert len(ours) > (14, 30)[bool(page)]
    for stop in ours:
        assert stop["inside"], f"a stop that cannot be seen: {stop}"
        assert stop["seen"], f"nothing shows that the keyboard is here: {stop['html']}"
        assert stop["name"], f"without a name: {stop['html']}"
    names = [(stop["name"], stop["tag"]) for stop in ours]
    assert len(set(names)) == len(names), [name for name in names if names.count(name) > 1]
    for one, other in pairwise(ours):
        if 'class="fix"' in one["html"]:  # a refusal's button comes right after its dial, in the row below
            continue
        to_the_right = other["left"] >= one["right"] - 1
        assert other["top"] >= one["bottom"] - 2 or to_the_right or other["top"] >= one["top"] - 2, (one, other)
    back = walked(visit, "Shift+Tab")
    assert [stop["key"] for stop in back if stop["ours"]] == [stop["key"] for stop in ours][::-1]


BOXES = """panel => [...panel.querySelectorAll('.dial :is(input, select, button), summary, .pills button')]
  .filter(n => n.checkVisibility({ visibilityProperty: true })).map(n => {
    const { left, right, top, bottom } = (n.matches('.fix') ? n.closest('.note') : n).getBoundingClientRect()
    return { fix: n.matches('.fix'), name: n.id || n.textContent, left, right, top, bottom }
  })"""
"""The panel's stops in the order of the keyboard; of a refusal's button the whole note."""


REFUSED_AT = [(lesson, *at) for lesson in REFUSED for at in ((1280, "en"), (1000, "zh"), (700, "en"), (390, "zh"))]


@pytest.mark.parametrize(("lesson", "width", "language"), REFUSED_AT if SOAK else REFUSED_AT[::5] + REFUSED_AT[3:4])
def test_whichever_dial_is_refused_its_note_covers_nothing_and_its_button_is_read_next(
    visitor: Any, lesson: str, width: int, language: str
) -> None:
    visit = visitor(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    state = opening(lesson, language)
    visit.open(state, plays=False).paused()
    visit.page.locator(".panel > details > summary").click()
    names = [one["name"] for one in dials(state) if one["kind"] == "range" and not one.get("absent")]
    assert len(names) > 4
    for name in names:
        error = LayerError("count", name, {name: 1}, value=99, nearest=1)
        shown = dials(state, refused=(name, error))
        visit.page.evaluate(
            "d => document.dispatchEvent(new CustomEvent('convviz:dials', { detail: d }))", {"dials": shown}
        )
        boxes = visit.page.locator(".panel").evaluate(BOXES)
        n = next(n for n, box in enumerate(boxes) if box["fix"])
        dial, note = boxes[n - 1 : n + 1]
        assert dial["name"] == f"dial-{name}" and note["top"] >= dial["bottom"] - 2
        for other in boxes:
            apart = other["top"] >= note["bottom"] - 2 or other["bottom"] <= note["top"] + 2
            assert other is note or apart or other["left"] >= note["right"] or other["right"] <= note["left"], other


def test_the_start_has_one_stop_a_card(visit: Any) -> None:
    visit.go("")
    visit.page.evaluate(START)
    stops = [stop["part"] for stop in walked(visit, "Tab") if stop["ours"]]
    cards = [f"lesson.{name}" for name in LESSONS] + [f"classic.{name}" for name, _ in CLASSICS]
    assert stops[0].startswith("hero.") and stops[1:] == ["play", "open", *cards]


def held(visit: Any) -> str:
    """The name of the control that has the keyboard; "" for none."""
    stop = visit.page.evaluate(HELD)
    return stop["part"] or stop["tag"] if stop and stop["ours"] else ""


def pressed(visit: Any, control: Any, key: str = "Enter") -> None:
    """Press a control from the keyboard, and wait until what comes of it is shown."""
    control.focus()
    with visit.change():
        visit.page.keyboard.press(key)
    visit.still()


def test_the_keyboard_stays_on_the_control_that_it_pressed(visit: Any) -> None:
    visit.go("convolution", plays=False).paused()
    for setting in ("conv2d-i6-k4-p0.1x2.1", *(p.setting for p in LESSONS["convolution"].presets)):
        pill = visit.pill(setting)
        if pill.count():
            inside = not pill.is_visible()
            if inside:
                visit.page.locator("#others-preset").press("Enter")
                expect(pill).to_be_visible()
            pill.focus()
            expect(pill).to_be_focused()
            visit.page.keyboard.press("Enter")
            expect(pill).to_have_attribute("aria-pressed", "true")
            visit.still()
            assert held(visit) == ("others-preset" if inside else setting)
    visit.page.locator(".panel > details > summary").click()
    for kind in ("text", "range"):
        visit.dial("axes").focus()
        visit.page.keyboard.press("Space")
        expect(visit.dial("stride")).to_have_attribute("type", kind)
        visit.still()
        assert held(visit) == "dial-axes"
    for n, summary in enumerate(visit.page.locator(".story summary").all()):
        summary.click()
        pressed(visit, visit.page.locator(f"#myth-{n}"))
        assert held(visit) == f"myth-{n}"
    pressed(visit, visit.page.locator("#beat-4"))
    assert held(visit) == "beat-4"
    for view in LESSONS["convolution"].views:
        visit.pill(view).focus()
        visit.page.keyboard.press("Enter")
        expect(visit.pill(view)).to_have_attribute("aria-pressed", "true")
        visit.still()
        assert held(visit) == view


@pytest.mark.parametrize("menu", [("#others-preset", ".pills.preset .column"), ("#dial-kernel", ".tiles.kernel .grid")])
def test_a_menu_leaves_the_keyboard_where_a_hand_has_put_it(visit: Any, menu: tuple[str, str]) -> None:
    """A browser tells that a menu is open after it has opened it; meanwhile a person may be in it already."""
    visit.go("convolution", plays=False).paused()
    opener, choices = (visit.page.locator(one) for one in menu)
    last = choices.locator("button").last
    opener.evaluate("(opener, last) => (opener.click(), last.focus())", last.element_handle())
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(last).to_be_focused()


def test_what_goes_away_hands_the_keyboard_to_its_neighbour(visit: Any) -> None:
    visit.go("convolution", plays=False).paused()
    count = len(LESSONS["convolution"].beats)
    for _ in range(count + 1):  # the challenge comes last
        pressed(visit, visit.part("tour_next"))
    expect(visit.part("tour_next")).to_be_hidden()
    assert held(visit) == "tour_back"
    for _ in range(count):
        pressed(visit, visit.part("tour_back"))
    expect(visit.part("tour_back")).to_be_hidden()
    assert held(visit) == "tour_next"
    visit.go("convolution", plays=False).paused()
    visit.dial("stride").focus()
    with visit.change():
        visit.page.keyboard.press("ArrowRight")
    expect(visit.part("undo")).to_be_visible()
    pressed(visit, visit.part("undo"))
    expect(visit.part("undo")).to_be_disabled()
    assert held(visit) == "undo", "it keeps its place, and the keyboard"


def test_whatever_is_pressed_the_keyboard_has_a_place(visit: Any) -> None:
    """Also where a word of the legend goes away, or a beat comes, under the keyboard."""
    rng = random.Random(11)
    stops = ":is(.player, .panel, .story) :is(button, input, select, summary, [tabindex='0']):visible"
    files = tuple(f"{one.name}_file" for one in FORMATS)
    for lesson in few("a place", LESSONS):
        visit.go(lesson, plays=False).paused()
        for more in visit.page.locator(".panel > details > summary:visible").all():
            more.click()
        for _ in range(cases(90)):
            one = rng.choice(visit.page.locator(stops).all())
            if one.get_attribute("data-part") in files:
                continue
            html = one.evaluate("n => n.outerHTML.slice(0, 200)")
            one.focus()
            key = rng.choice(["Enter", "Space", "n", "b", "ArrowRight", "Control+z"])
            visit.page.keyboard.press(key)
            visit.page.wait_for_timeout(60)
            visit.still()
            assert held(visit), f"{key} on {html}"


def test_a_group_of_buttons_is_one_stop_with_arrows(visit: Any) -> None:
    visit.go("convolution", plays=False).paused()
    press = visit.page.keyboard.press
    views = LESSONS["convolution"].views
    for group in (".preset", ".view"):
        stops = visit.page.locator(f".pills{group} [role=toolbar] button[tabindex='0']")
        expect(stops).to_have_count(1)
        expect(stops).to_have_attribute("aria-pressed", "true")
    visit.pill(views[0]).focus()
    for key, at in (
        ("ArrowRight", 1),
        ("End", -1),
        ("ArrowRight", 0),
        ("ArrowLeft", -1),
        ("Home", 0),
        ("ArrowDown", 1),
    ):
        press(key)
        expect(visit.pill(views[at])).to_be_focused()
        expect(visit.player).to_have_attribute("data-step", "0")
    press("Shift+Tab")
    press("Tab")
    expect(visit.pill(views[0])).to_be_focused()  # Tab comes back to what is chosen


@pytest.mark.parametrize("page", PAGES)
def test_headings_go_down_by_one(visit: Any, page: str) -> None:
    visit.go(page)
    levels = visit.page.evaluate(
        """() => {
          const found = []
          const walk = root => root.querySelectorAll('*').forEach(n => {
            if (/^H[1-6]$/.test(n.tagName) && n.checkVisibility()) found.push(Number(n.tagName[1]))
            if (n.shadowRoot) walk(n.shadowRoot)
          })
          walk(document)
          return found
        }"""
    )
    assert levels[0] == 1 and levels.count(1) == 1 and len(levels) > 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


@pytest.mark.parametrize("size", [(1280, 800), (640, 400), (320, 200), (390, 844), (844, 390)])
def test_the_controls_never_take_much_of_the_window(visit: Any, size: tuple[int, int]) -> None:
    """1280 by 800 at 200 % and 400 % are 640 by 400 and 320 by 200; the others are a phone, upright and turned."""
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    visit.go("transposed", plays=False).paused()
    bar = visit.part("dock")
    sticks = bar.evaluate("n => getComputedStyle(n).position") == "sticky"
    assert not sticks or bar.bounding_box()["height"] <= (0.26 if size[0] > 760 else 0.3) * size[1]
    assert sticks == (size[1] > 520)
    wide = visit.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= size[0], "nothing is to be scrolled sideways"


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_a_refusal_has_a_button_that_sets_the_nearest_value(visitor: Any, size: Any) -> None:
    visit = visitor(viewport=size, reduced_motion="reduce")
    for page, language in few(f"a refusal {size}", list(zip(REFUSED, cycle(("en", "zh")), strict=False))):
        visit.go(page, {"v": "1", "lang": language}, plays=False).paused()
        refuse(visit, page)
        note = visit.page.locator(".dial.wrong .note")
        name = note.locator("span").get_attribute("id").removeprefix("note-")
        box, covered = note.bounding_box(), visit.page.locator(".bar :is(button, input, select):visible")
        assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"]
        others = [one.bounding_box() for one in covered.all()]
        others += [one.bounding_box() for one in visit.page.locator(".dial input:visible, .pills button:visible").all()]
        assert not any(meet(box, other) for other in others)
        visit.page.keyboard.press("Tab")
        expect(note.locator("button")).to_be_focused()
        with visit.change():
            visit.page.keyboard.press("Enter")
        expect(note).to_have_count(0)  # no dial is wrong any more
        assert held(visit) == f"dial-{name}"


def meet(one: dict[str, float], other: dict[str, float]) -> bool:
    apart = [
        one[at] + one[side] <= other[at] or other[at] + other[side] <= one[at]
        for at, side in (("x", "width"), ("y", "height"))
    ]
    return not any(apart)


def test_a_refused_view_has_a_button_too(visit: Any) -> None:
    visit.go("convolution", {"v": "1", "layer": "conv2d-i32-k3"}, plays=False).paused()
    pressing = visit.pill("matrix")
    pressing.focus()
    visit.page.keyboard.press("Enter")
    button = visit.page.locator(".pills.view .note button")
    expect(button).to_contain_text(say("view.matrix.label"))
    button.focus()
    with visit.change():
        visit.page.keyboard.press("Enter")
    expect(pressing).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_hidden()
    assert held(visit) == "matrix"


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_broken_link_offers_what_it_may_have_meant(visit: Any, lesson: str) -> None:
    visit.go(lesson, {"v": "1", "layer": WRONG[lesson]})
    button = visit.page.locator("[class*='st-key-fix'] button")
    button.focus()
    with visit.change():
        visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_test_id("stAlert")).to_have_count(0)
    visit.page.wait_for_url(lambda url: "layer=" in url or lesson == "transposed")
    visit.comes(lambda: bool(held(visit)), True)
