"""A visitor in a real browser: one server and one Chromium a test process, a fresh tab a test."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

import convviz as cv
from convviz.lessons import LESSONS
from convviz.page.link import to_query
from convviz.page.state import State
from convviz.scene.scene import Scene
from convviz.themes import THEMES
from tools import browser as chromium

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PATIENCE = 15_000
"""Milliseconds after which a state that does not come is a failure; nothing waits that long otherwise."""

QUIET = ("/_stcore/health", "/_stcore/host-config")
"""What Streamlit asks for at every level of the path until it is answered: its 404s are no errors of the app."""

HOST = "127.0.0.1"
FLAGS = (
    "--global.e2eTest=true",
    "--server.fileWatcherType=none",
    "--server.headless=true",
    "--server.address=127.0.0.1",
)
READY = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
SHOWN = f"{READY}:not(:has([data-testid=stSkeleton]))"
"""The app once its script has run; and once no component is still to come, either."""

WRITTEN = "() => new Promise((done) => setTimeout(done, 35))"
"""The address follows its picture after the 30 milliseconds that address.js waits."""

UNOPTIMIZED = "--js-flags=--no-maglev,--no-opt"
"""No page lives long enough to win back what it costs to optimize its scripts: a tenth of each page that is opened."""

expect.set_options(timeout=PATIENCE)


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app's address."""
    port = _port()
    log = tmp_path_factory.mktemp("server") / "log"
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, str(Path(__file__).with_name("serve.py")), *FLAGS]
    command += [f"--server.address={HOST}", f"--server.port={port}"]
    address = f"http://127.0.0.1:{port}"
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out, env={**os.environ, "PYTHONPATH": paths})
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                break
            if process.poll() is not None:
                pytest.fail(f"the server has ended: {log.read_text()}")
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
        yield address
    finally:
        ended = process.poll()
        process.terminate()
        process.wait(10)
    assert ended is None, f"the server ended by itself, with {ended}: {log.read_text()}"
    assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of the process; where there is none, a loud skip, and with CI=true a failure."""
    path = chromium.find()
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            "no Chromium: set CHROMIUM, or see tools/browser.py"
        )
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=[*chromium.FLAGS, UNOPTIMIZED])
        yield started
        started.close()


DRAWN = """async player => {
  const attribute = (node, name) => node.getAttribute(name)
  const all = selector => [...player.querySelectorAll(selector)]
  const shapes = () => all('.shapes > *').map(n =>
    [attribute(n, 'class'), attribute(n, 'visibility') === 'hidden' ? '' : attribute(n, 'points')])
  const frame = () => new Promise(requestAnimationFrame)
  for (let seen = '', calm = 0; calm < 3; await frame()) {  // until the step is whole
    const now = JSON.stringify(shapes())
    calm = seen === now && player.dataset.whole !== 'false' ? calm + 1 : 0
    seen = now
  }
  const words = name => {
    const part = player.querySelector(`[data-part=${name}]`)
    return part.hidden ? '' : part.textContent
  }
  return JSON.stringify({
    cells: all('.cells polygon[data-m]').map(n =>
      [Number(n.dataset.m), attribute(n, 'class'), attribute(n, 'points')]),
    texts: all('.texts text').filter(n => n.textContent).map(n =>
      [Number(n.dataset.m), attribute(n, 'class'), n.textContent]),
    shapes: shapes(),
    strokes: all('.strokes > *').map(n => [attribute(n, 'class'), attribute(n, 'points') ?? attribute(n, 'd') ?? '']),
    labels: all('.labels text').map(n => n.textContent),
    sentence: words('sentence'),
    equation: words('equation'),
    step: Number(player.dataset.step),
  })
}"""
"""The picture of a player as one text, which is much faster than to hand its numbers over one by one."""


LIT = """player => {
  const outline = player.querySelector('.marks .r-lit')
  const middle = ({ x, y, width, height }) => new DOMPoint(x + width / 2, y + height / 2)
  const lit = node => outline.isPointInFill(middle(node.getBBox()))
  return outline ? [...player.querySelectorAll('.cells polygon[data-m]')].filter(lit).map(n => Number(n.dataset.m)) : []
}"""
"""The cells within the outline of what is lit."""

MARKED = """(player, kind) => {
  const middle = node => {
    const { x, y, width, height } = node.getBBox()
    return [x + width / 2, y + height / 2]
  }
  const cells = [...player.querySelectorAll('.cells polygon[data-m]')]
  const near = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]) < 0.01
  return [...player.querySelectorAll(`.marks .r-${kind}`)].filter(n => !n.matches('.flag, .caret')).flatMap(
    mark => cells.filter(n => near(middle(n), middle(mark))).map(n => Number(n.dataset.m)))
}"""
"""The cells around whose middle a mark of a kind is drawn."""


@pytest.fixture(scope="session")
def lit() -> Callable[[Locator], set[int]]:
    """Reads which cells of a player are lit."""
    return lambda player: set(player.evaluate(LIT))


@pytest.fixture(scope="session")
def drawn() -> Callable[[Locator], dict[str, Any]]:
    """Reads the picture of a player, once its shapes have come to rest."""
    return lambda player: dict(json.loads(player.evaluate(DRAWN)))


class Tab:
    """A tab, and what is heard in it as long as a test has it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.heard: list[tuple[str, Any]] = []
        self.hear("console", self._console)
        self.hear("pageerror", lambda error: self.errors.append(str(error)))
        self.hear("request", lambda request: self.asked.append(request.url))
        self.come: list[str] = []
        self.hear("requestfinished", lambda request: self.come.append(request.url))

    def hear(self, event: str, told: Any) -> None:
        """Be told of what happens in the tab, until it is left."""
        self.page.on(event, told)
        self.heard.append((event, told))

    def leave(self) -> None:
        """Hear no more: the tab may be another's."""
        for event, told in self.heard:
            self.page.remove_listener(event, told)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(message.location.get("url", "").endswith(path) for path in QUIET):
            self.errors.append(f"{message.text} {message.location}")


class Alone(Tab):
    """A page that `cv.save` has written, opened from a disk."""

    @property
    def player(self) -> Locator:
        return self.page.locator(".player[data-ready]")

    def part(self, name: str) -> Locator:
        return self.player.locator(f"[data-part={name}]")

    def at(self, step: int) -> None:
        """Wait until a step is shown."""
        expect(self.player).to_have_attribute("data-step", str(step))


@pytest.fixture(scope="session")
def offline(browser: Browser) -> Iterator[Page]:
    """A tab with the network off, kept for one saved page after another, which store nothing."""
    context = browser.new_context(**USUAL, offline=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def opened(offline: Page, tmp_path: Path) -> Iterator[Callable[..., Alone]]:
    """Saves a page and opens it, with the network off; afterwards it may have had no error and asked for nothing."""
    pages: list[Alone] = []

    def opens(scene: Scene, motion: str = "reduce", **options: Any) -> Alone:
        path = tmp_path / f"{len(pages)}.html"
        cv.save(scene, path, **options)
        offline.goto("about:blank")
        offline.mouse.move(-9, -9)
        offline.emulate_media(**MEDIA | {"reduced_motion": motion})
        pages.append(Alone(offline))
        offline.goto(path.as_uri())
        pages[-1].player.wait_for()
        return pages[-1]

    yield opens
    for one in pages:
        one.leave()
    for one in pages:
        assert not one.errors
        assert all(url.startswith(("file:", "blob:", "data:")) for url in one.asked), one.asked


class Visit(Tab):
    """A tab of the app, and what can be done and read in it."""

    def __init__(self, page: Page, server: str, motion: str) -> None:
        super().__init__(page)
        self.server, self.motion = server, motion
        self.sent: list[Any] = []
        self.hear("websocket", lambda socket: socket.on("framesent", lambda frame: self.sent.append(frame)))

    def go(self, path: str = "", query: dict[str, str] | str = "", plays: bool = True) -> Visit:
        """Open a page of the app by its address; `plays`: whether its picture may begin to play while it opens.

        A picture that plays while a page opens is drawn dozens of times for nobody, where a test stops it at once.
        """
        text = query if isinstance(query, str) else urlencode(query, safe="~:,.")
        if not plays:
            self.page.emulate_media(reduced_motion="reduce")
        self.page.goto(f"{self.server}/{path}{'?' if text else ''}{text}")
        self.still()
        if not plays:
            self.page.emulate_media(reduced_motion=self.motion)
        return self

    def open(self, state: State, plays: bool = True) -> Visit:
        """Follow the link of a state."""
        return self.go(state.lesson, to_query(state), plays)

    def still(self) -> Visit:
        """Wait until the script has run and every component has been shown.

        The script's end is heard of before the browser has made its last elements, so the last one is waited for.
        """
        self.page.locator(SHOWN).wait_for(state="attached")
        lesson = urlsplit(self.page.url).path.strip("/") in LESSONS
        (self.player if lesson else self.start).wait_for()
        if lesson:
            self.page.locator(".story[data-ready]").wait_for(state="attached")
        return self

    @property
    def player(self) -> Locator:
        return self.page.locator(".player[data-ready]").first

    @property
    def start(self) -> Locator:
        """The start page's component."""
        return self.page.locator(".start[data-ready]")

    def part(self, name: str) -> Locator:
        """A part of the player, by the name it has in template.js."""
        return self.player.locator(f"[data-part={name}]")

    def control(self, name: str) -> Locator:
        """A control of the player; on a narrow page "more" is opened, where it is behind that."""
        if self.part(name).is_hidden():
            self.part("more").click()
        return self.part(name)

    def presentable(self) -> None:
        """Wait until what a presentation of the lesson needs has been fetched."""
        self.comes(lambda: any("/present/" in url for url in self.come), True)

    def cell(self, mark: int) -> Locator:
        return self.player.locator(f"polygon[data-m='{mark}']")

    def point(self, mark: int) -> None:
        """Point at a cell, which is brought to where nothing that is docked covers it."""
        self.cell(mark).evaluate("n => n.scrollIntoView({ block: 'center' })")
        self.cell(mark).hover(force=True)

    def dial(self, name: str) -> Locator:
        return self.page.locator(f"#dial-{name}")

    def pill(self, value: str) -> Locator:
        """The button of a preset or a view."""
        return self.page.locator(f".pills button[data-value='{value}']")

    def choose(self, value: str) -> None:
        """Press the button of a preset or a view; one that the row has no room for stands in its menu."""
        found = self.pill(value)
        if found.is_hidden():
            inside = self.page.locator(f"button[data-value='{value}']")
            self.page.locator(".pills", has=inside).locator(".others").click()
        found.click()

    def note(self, name: str) -> Locator:
        """What is said beside a dial."""
        return self.page.locator(".dial", has=self.dial(name)).locator(".note [role=alert]")

    @contextlib.contextmanager
    def change(self) -> Iterator[None]:
        """Something is done that makes the server send a picture: wait until it is shown, and its address written."""
        before = self.player.get_attribute("data-ready")
        yield
        expect(self.player).not_to_have_attribute("data-ready", before or "")
        self.page.locator(READY).wait_for(state="attached")
        self.page.evaluate(WRITTEN)

    def comes(self, read: Callable[[], Any], *wanted: Any) -> None:
        """Wait until what is read is one of what is wanted."""
        until = time.monotonic() + PATIENCE / 1000
        while (found := read()) not in wanted and time.monotonic() < until:
            self.page.wait_for_timeout(50)
        assert found in wanted

    def dressed(self, scheme: str) -> Visit:
        """Make the page light or dark, and wait until each of its components is, which the page's script colours."""
        self.motion = "reduce"
        self.page.emulate_media(color_scheme=scheme, reduced_motion=self.motion)
        ground = THEMES[scheme].background
        hosts = self.page.locator(":is(.player, .panel, .story, .start)[data-ready]")
        read = "all => [...new Set(all.map(n => n.style.getPropertyValue('--ground')))]"
        self.comes(lambda: hosts.evaluate_all(read), [ground])
        return self.still()

    def paused(self) -> Visit:
        """Stop playing, and go to the first step."""
        start = self.part("start")
        start.dispatch_event("click") if start.is_hidden() else start.click()  # on a narrow page it is behind "more"
        expect(self.player).to_have_attribute("data-step", "0")
        return self

    def seek(self, t: int) -> None:
        """Move the scrubber."""
        self.part("scrub").fill(str(t))
        expect(self.player).to_have_attribute("data-step", str(t))

    @property
    def step(self) -> int:
        return int(self.player.get_attribute("data-step") or -1)

    def lit(self) -> set[int]:
        """The cells that are lit."""
        return set(self.player.evaluate(LIT))

    def marked(self, kind: str) -> set[int]:
        """The cells in whose middle a mark of attention is: hover, pin, edit or error."""
        return set(self.player.evaluate(MARKED, kind))

    def drawn(self) -> dict[str, Any]:
        """The picture as it stands in the page, once its shapes have come to rest."""
        return dict(json.loads(self.player.evaluate(DRAWN)))


USUAL: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US", "accept_downloads": True}
MEDIA: dict[str, Any] = {"reduced_motion": "no-preference", "color_scheme": "light"}
"""What a visitor's browser is set to, unless his test asks for something else; `MEDIA` can be set of a tab alone."""

STORED = "cookies,local_storage,indexeddb,websql,file_systems,service_workers,cache_storage"


@pytest.fixture(scope="session")
def desks(browser: Browser) -> Iterator[Callable[[int], Page]]:
    """Tabs that are kept from test to test, so that not each of them has to fetch and compile the app anew.

    Who sits at one knows nothing of who sits at another: each has a context of its own.
    """
    contexts: list[BrowserContext] = []

    def desk(number: int) -> Page:
        while len(contexts) <= number:
            contexts.append(browser.new_context(**USUAL))
            contexts[-1].set_default_timeout(PATIENCE)
            contexts[-1].new_page()
        return contexts[number].pages[0]

    yield desk
    for context in contexts:
        context.close()


def cleared(tab: Page, server: str, viewport: Any = USUAL["viewport"], **media: Any) -> Page:
    """The tab as if nobody had been there: nothing stored, no history, no other tab, no pointer, all settings."""
    for other in tab.context.pages[1:]:
        other.close()
    tab.context.set_offline(False)
    tab.unroute_all()
    tab.goto(f"{server}{QUIET[0]}")  # of the app's origin, but no page of the app
    tab.evaluate("() => { sessionStorage.clear(); window.name = '' }")
    tools = tab.context.new_cdp_session(tab)
    tools.send("Storage.clearDataForOrigin", {"origin": server, "storageTypes": STORED})
    tools.send("Page.resetNavigationHistory")
    tools.detach()
    tab.mouse.move(-9, -9)
    tab.mouse.up()
    tab.set_viewport_size(viewport)
    tab.emulate_media(**MEDIA | media)
    return tab


@pytest.fixture
def visitor(browser: Browser, server: str, desks: Callable[[int], Page]) -> Iterator[Callable[..., Visit]]:
    """Makes visitors, each here for the first time; afterwards none may have seen an error, or asked another host."""
    contexts, visits = [], []

    def made(**options: Any) -> Visit:
        if options.keys() <= {"viewport", *MEDIA}:
            page = cleared(desks(len(visits)), server, **options)
        else:  # one with a locale of his own
            contexts.append(browser.new_context(**USUAL | options))
            contexts[-1].set_default_timeout(PATIENCE)
            page = contexts[-1].new_page()
        visits.append(Visit(page, server, (USUAL | MEDIA | options)["reduced_motion"]))
        return visits[-1]

    yield made
    for visit in visits:
        visit.leave()
    for context in contexts:
        context.close()
    for visit in visits:
        assert not visit.errors
        assert all(url.startswith((server, "data:", "blob:")) for url in visit.asked), visit.asked


@pytest.fixture
def visit(visitor: Callable[..., Visit]) -> Visit:
    """A visitor at a desk."""
    return visitor()
