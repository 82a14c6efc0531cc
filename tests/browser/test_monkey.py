"""Whatever is done, in whatever order: no error, and picture, words and address are those of a fresh page."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from depth import SOAK, cases
from playwright.sync_api import Error

from convviz.export.formats import FORMATS
from convviz.lessons import LESSONS
from convviz.lessons.sequences import OPENING
from convviz.page.link import from_query
from convviz.page.state import State
from convviz.page.values import Values

ROUND = 50
"""Acts after which the page is compared with a fresh one."""

SEEDS = range(10) if SOAK else range(1, 10, 2)
"""Who does something: each seed does the same every time."""

ACTS = 300 if SOAK else cases(3000) // len(SEEDS)
"""Acts of each of them."""

PARTS = 5 if SOAK else 3
"""The pairs of states are gone through in so many parts, side by side."""

CALM = 5
"""How often in a row a page is found unchanged before it counts as settled; its quiet moments are shorter than that."""

KEYS = [*"0123456789-.", *"enb? e", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Enter", "Tab", "Shift+Tab"]
KEYS += ["Escape", "Home", "End", "PageUp", "PageDown", "Control+z", "ArrowRight", "Enter"]
FILES = tuple(f"{one.name}_file" for one in FORMATS)
"""Buttons that save a file."""

MOMENTS = (0, 0, 10, 30, 80, 200)
"""Milliseconds between two acts: most come while the one before is still being answered."""


class Monkey:
    """One who does anything at all, the same for the same seed."""

    def __init__(self, visit: Any, seed: int) -> None:
        self.visit, self.page = visit, visit.page
        self.rng = random.Random(seed)
        self.done: list[str] = []
        acts: list[tuple[int, Callable[[], str]]] = [
            (12, self.hover),
            (5, self.click),
            (4, self.double_click),
            (14, self.key),
            (9, self.dial),
            (3, self.drag),
            (7, self.press_any(".pills button")),
            (4, self.press_any(".story button, .tour button")),
            (3, self.press_any(".bar button")),
            (2, self.press_any(".story summary, .panel > details > summary")),
            (2, self.word),
            (2, self.press_any("[data-part=undo]")),
            (2, self.back),
            (1, self.forward),
            (1, self.press_any("[data-testid=stSidebarNavLink]")),
            (1, self.press_any("[data-testid=stSidebar] [data-testid=stBaseButton-segmented_control]")),
            (1, self.press_any("[data-testid=stSidebar] [data-testid=stBaseButton-pills]")),
        ]
        self.acts = [act for weight, act in acts for _ in range(weight)]

    def act(self) -> None:
        with contextlib.suppress(Error):  # what was to be pressed has gone
            self.done.append(self.rng.choice(self.acts)())
        self.page.wait_for_timeout(self.rng.choice(MOMENTS))

    def _spot(self, selector: str = ".stage svg") -> tuple[float, float] | None:
        """A place within an element; None where there is none, or where it goes while another page comes."""
        node, box = self.page.locator(selector).first, None
        with contextlib.suppress(Error):
            box = node.bounding_box(timeout=500) if node.count() else None
        if not box:
            return None
        return box["x"] + self.rng.random() * box["width"], box["y"] + self.rng.random() * box["height"]

    def hover(self) -> str:
        if spot := self._spot():
            self.page.mouse.move(*spot)
        return f"hover {spot}"

    def click(self) -> str:
        if spot := self._spot():
            self.page.mouse.click(*spot)
        return f"click {spot}"

    def double_click(self) -> str:
        if spot := self._spot():
            self.page.mouse.dblclick(*spot)
        return f"double click {spot}"

    def key(self) -> str:
        key = self.rng.choice(KEYS)
        self.page.keyboard.press(key)
        return f"key {key}"

    def word(self) -> str:
        words = self.page.locator(".player [data-ref]")
        if count := words.count():
            words.nth(self.rng.randrange(count)).hover(timeout=500, force=True)
        return "word"

    def dial(self) -> str:
        dials = self.page.locator(".dial input[type=range]")
        if not (count := dials.count()):
            return "no dial"
        dial = dials.nth(self.rng.randrange(count))
        key = self.rng.choice(["ArrowLeft", "ArrowRight", "Home", "End"])
        dial.focus(timeout=500)
        for _ in range(self.rng.randrange(1, 4)):
            self.page.keyboard.press(key)
        return f"dial {key}"

    def drag(self) -> str:
        spots = [self._spot(".dial input[type=range]") for _ in range(4)]
        if all(spots):
            self.page.mouse.move(*spots[0])  # type: ignore[misc]
            self.page.mouse.down()
            for spot in spots[1:]:
                self.page.mouse.move(*spot)  # type: ignore[misc]
            self.page.mouse.up()
        return "drag"

    def press_any(self, selector: str) -> Callable[[], str]:
        def press() -> str:
            nodes = self.page.locator(selector)
            if not (count := nodes.count()):
                return f"no {selector}"
            number = self.rng.randrange(count)
            if nodes.nth(number).get_attribute("data-part") in FILES:
                return "no file"
            nodes.nth(number).click(timeout=700)
            return f"press {number} of {selector}"

        return press

    def back(self) -> str:
        return self._history(-1)

    def forward(self) -> str:
        return self._history(1)

    def _history(self, by: int) -> str:
        go, back = self.page.go_back, self.page.go_forward
        if by > 0:
            go, back = back, go
        with contextlib.suppress(Error):  # there may be no such page
            go(timeout=2000)
        if not self._in_app(self.page.url):  # before the first page
            back(timeout=5000)
        return f"history {by}"

    @staticmethod
    def _in_app(url: str) -> bool:
        return urlsplit(url).path.strip("/") in ("", *LESSONS)


STANDS = """player => [
  location.href, player.dataset.ready, player.dataset.step,
  player.querySelector('[data-part=play]')?.dataset.playing === 'true',
]"""


CLOSED = "panel => panel.querySelectorAll('details').forEach(one => one.open = false)"


def standing(visit: Any) -> list[Any]:
    """What changes while something is on its way; the last is whether the picture plays."""
    if on_start(visit):  # which has no player
        return [len(visit.sent), len(visit.asked), visit.page.url, False]
    return [len(visit.sent), len(visit.asked), *visit.player.evaluate(STANDS)]


def settled(visit: Any) -> None:
    """Nothing plays, nothing is attended to, nothing is on its way; further dials, which take room, are closed."""
    page = visit.page
    page.mouse.move(1, 1)
    calmed(visit)
    if on_start(visit):
        return
    page.locator(".panel").evaluate(CLOSED)
    now = calmed(visit)
    visit.part("svg").evaluate("svg => svg.focus({ preventScroll: true })")
    for _ in range(2):
        page.keyboard.press("Escape")
    if standing(visit) != now:
        calmed(visit)


def calmed(visit: Any) -> list[Any]:
    """Wait until the page stays as it is; a step is written into the address once it has stayed a quarter second."""
    seen: list[Any] = []
    for _ in range(400):
        visit.still()
        now, calm = [], 0
        with contextlib.suppress(Error):  # another page comes in its place
            while calm < CALM and (now := standing(visit)) == (seen or now) and (on_start(visit) or not now[-1]):
                seen, calm = now, calm + 1
                visit.page.wait_for_timeout(60)
            if now and now[-1] and not on_start(visit):
                visit.page.locator(".player [data-part=play]").first.click()
        if calm == CALM:
            visit.still()
            if standing(visit) == seen:
                return seen
        seen = []
    return seen


def on_start(visit: Any) -> bool:
    return urlsplit(visit.page.url).path.strip("/") not in LESSONS


def dialled(visit: Any) -> Any:
    """What the dials show; nothing of one that says why it cannot be where it was turned to."""
    read = "n => [n.id, n.ariaInvalid === 'true' ? null : n.type === 'checkbox' ? n.checked : n.value]"
    return visit.page.locator(".panel").evaluate(
        f"panel => [...panel.querySelectorAll('.dial input, .dial select')].map({read})"
    )


def pictured(visit: Any) -> dict[str, Any]:
    """The picture; in which order its texts were written does not show."""
    drawn = visit.drawn()
    return drawn | {"texts": sorted(drawn["texts"])}


def differing(here: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    """The parts of two pictures that are not the same, and where they first are not."""
    found = {name: (here[name], there[name]) for name in here if here[name] != there[name]}
    for name, (one, other) in found.items():
        if isinstance(one, list):
            found[name] = (
                [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]][:3],
                len(one),
                len(other),
            )
    return found


def compared(visit: Any, other: Any, said: str) -> None:
    """The page is what a fresh one is that is opened by its address."""
    settled(visit)
    assert not visit.errors, said
    if on_start(visit):
        return
    assert visit.player.get_attribute("data-failed") is None, said
    address = urlsplit(visit.page.url)
    other.go(address.path.strip("/"), address.query)
    settled(other)
    if visit.part("ask_again").is_visible():  # an answer is no part of an address
        other.part("ask_reveal").click()
        other.seek(visit.step)
        settled(other)
    assert not (found := differing(pictured(visit), pictured(other))), f"{found} {said}"
    here, there = dialled(visit), dialled(other)
    assert [name for name, _ in here] == [name for name, _ in there], said
    assert [one for one, two in zip(here, there, strict=True) if one[1] is not None and one != two] == [], said
    assert urlsplit(other.page.url).query == address.query, said


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_is_done_the_page_is_that_of_its_address(visitor: Any, seed: int) -> None:
    visit, other = visitor(reduced_motion="reduce"), visitor(reduced_motion="reduce")
    visit.go(["", *LESSONS][(seed + 1) % (1 + len(LESSONS))])
    monkey = Monkey(visit, seed)
    for n in range(1, ACTS + 1):
        monkey.act()
        said = f"seed {seed}, {n} acts, the last ones: {monkey.done[-ROUND:]} at {visit.page.url}"
        assert not visit.errors, f"{visit.errors} {said}"
        if n % ROUND == 0 or n == ACTS:
            compared(visit, other, said)


LAYERS = {
    "convolution": ("conv2d-i4-k3", "conv2d-i9-k3-p1", "conv1d-i7-k3-pcausal", "conv2d-i6-k2-s2"),
    "transposed": ("tconv2d-i2-k3-s2", "tconv2d-i4-k4-s2-p1", "tconv1d-i4-k3-s2-p1-a1"),
    "channels": ("conv2d-i5-k3-p1-c3-o4", "conv2d-i5-k3-p1-c4-o4-g2", "conv2d-i6-k2-c3-o3-g3"),
    "sequences": (OPENING, "conv1d-i9-k3", "conv1d-i13-k3-d2~conv1d-i9-k3-d2~conv1d-i5-k3-d2"),
    "dilated": ("conv2d-i6-k2-d3", "conv2d-i9-k3-d3", "conv2d-i13-k3-d2~conv2d-i9-k3-d2"),
    "pooling": ("maxpool2d-i6-k2", "avgpool2d-i5-k3-s1-p1", "maxpool1d-i9-k2-e1", "adaptivemaxpool2d-i5-o3"),
    "filters": ("conv2d-i64-k3-p1", "conv2d-i60-k4-s4-p1", "conv2d-i48-k5-p2-c3-o3-g3"),
    "sharing": ("local2d-i8-k3", "local2d-i6-k3-p1-h2", "digit2d-n5", "digit2d-n9-u1"),
    "receptive": ("lenet5", "conv2d-i9-k3~relu~conv2d-i7-k3", "conv2d-i9-k3-p1-c4-o4~add@0.1", "conv2d-i8-k3-c3-o4"),
    "anatomy": ("digits", "digits-m5", "digits-m8"),
    "learning": ("learn2d-i5-k3-r60", "learn2d-i6-k2-n2-r102-wsmall", "learn1d-i9-k3-lsum", "conv2d-i5-k3"),
    "gates": ("gated1d-i8-k3-pcausal-r1", "gated1d-i6-k2-tadd", "gated2d-i4-k3-psame", "gated1d-i6-k2-pcausal-c2"),
}


def drawn_state(rng: random.Random, lesson: str) -> State:
    """A random state of a lesson."""
    while True:
        link = {"layer": rng.choice(LAYERS[lesson]), "view": rng.choice(LESSONS[lesson].views)}
        state, wrong = from_query(link, lesson)
        if not wrong:
            x = rng.choice([Values("seed", (float(rng.randrange(9)),)), Values("photo", (40.0, 60.0)), Values()])
            state = state if LESSONS[lesson].photo else replace(state, x=x)
            return replace(state, step=rng.randrange(state.scene().steps))


@pytest.mark.parametrize("part", range(PARTS))
def test_from_any_state_to_any_other_with_the_mouse_resting_on_a_cell(visitor: Any, part: int) -> None:
    visit, other = visitor(reduced_motion="reduce"), visitor(reduced_motion="reduce")
    rng = random.Random(part)
    for n in range(part, cases(100), PARTS):
        lesson = list(LESSONS)[n % len(LESSONS)]
        visit.open(drawn_state(rng, lesson))
        monkey = Monkey(visit, n)
        monkey.hover()
        act = rng.choice(["preset", "dial", "edit", "undo", "back", "beat"])
        presets = visit.page.locator(".pills.preset button")
        with contextlib.suppress(Error):
            if act in ("preset", "undo", "back") and (count := presets.count()):
                presets.nth(rng.randrange(count)).click(timeout=700)
                monkey.hover()
            if act == "undo":
                visit.page.keyboard.press("Control+z")
            elif act == "back":
                visit.page.wait_for_timeout(300)
                monkey.back()
            elif act == "dial":
                monkey.dial()
            elif act == "edit":
                monkey.double_click()
                visit.page.keyboard.type("7")
                visit.page.keyboard.press("Enter")
            elif act == "beat":
                visit.page.keyboard.press("n")
        monkey.hover()
        compared(visit, other, f"pair {n}: {act} at {visit.page.url}")
