"""The page in Chromium: from a key to the new picture, what is sent for it, and how evenly frames follow each other."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from convviz.text import say
from tests.bench import serving
from tests.bench.figure import Figure, p95

SAMPLES = 15
PAGE = {"width": 1280, "height": 900}

WATCH = """(host) => {
  window.bench = { shown: [], at: [] }
  addEventListener("keydown", (event) => (bench.key = event.timeStamp), true)
  new MutationObserver(() => {
    bench.at.push(performance.now())
    const key = bench.key
    bench.key = undefined
    if (key === undefined) return
    requestAnimationFrame(() => {
      const painted = new MessageChannel()
      painted.port1.onmessage = () => bench.shown.push(performance.now() - key)
      painted.port2.postMessage(0)
    })
  }).observe(host, { attributeFilter: ["data-ready"] })
}"""
"""Notes, for every key, the milliseconds until the frame that shows what came of it is painted: the task after it."""

ASKED = """() => {
  const all = performance.getEntriesByType("resource").filter((entry) => entry.name.includes("/answer/"))
  performance.clearResourceTimings()
  const foreseen = all.filter((entry) => entry.name.endsWith("?foresee"))
  const bytes = (entries) => entries.reduce((sum, entry) => sum + entry.decodedBodySize, 0)
  return [all.length, bytes(all) - bytes(foreseen), bytes(foreseen)]
}"""
"""How often the server was asked for an answer since this was asked last, and the bytes of the answers, unpacked: of
what a hand asked, and of what was foreseen."""

FRAMES = """() => {
  bench.frames = []
  let before = performance.now()
  const next = (now) => {
    if (!bench.frames) return
    bench.frames.push(now - before)
    before = now
    requestAnimationFrame(next)
  }
  requestAnimationFrame(next)
}"""

STOP = "() => { const all = bench.frames.slice(2); bench.frames = null; return all }"


@dataclass
class Traffic:
    """What went over the page's websockets. What it asked beside them, the page counts by itself: `ASKED`."""

    sent: list[int] = field(default_factory=list)
    received: list[int] = field(default_factory=list)

    def watch(self, page: Any) -> None:
        page.on("websocket", self.listen)

    def listen(self, socket: Any) -> None:
        socket.on("framesent", lambda payload: self.sent.append(len(payload)))
        socket.on("framereceived", lambda payload: self.received.append(len(payload)))


def figures() -> list[Figure]:
    """Keys, edits, bytes and frames at two sizes; dragging; and the start of the server."""
    found: list[Figure] = []
    with serving.browser() as chromium:
        with serving.app() as address:
            found += _changes(chromium, address, 7, most_ms=40, most_bytes=10_000)
            found += _changes(chromium, address, 32, most_ms=70, most_bytes=80_000)
            found += _boards(chromium, address)
            found += _motion(chromium, address)
            found.append(_drag(chromium, address))
            found.append(_turn(chromium, address))
        found += _start(chromium)
    return found


REST = 400
"""Milliseconds for which a hand rests on a slider before it presses a key: the page asks what that will give."""

PRESSES = (
    "a hand that has rested on it",
    "at once after another change",
    "again after a quarter of a second",
    "at once on one that nobody has touched",
)
"""When a key is pressed on a slider. The last is asked 10 ms after the keyboard has come to it: nothing is foreseen."""

FIRST = 5
"""Pages that are opened for it."""


def opened(chromium: Any, address: str, setting: str, lesson: str = "convolution") -> tuple[Any, Traffic]:
    """A page on the lesson with a setting, watched, and at rest."""
    page, traffic = chromium.new_page(viewport=PAGE), Traffic()
    traffic.watch(page)
    page.goto(f"{address}/{lesson}?v=1&layer={setting}")
    page.wait_for_selector(".player[data-ready]")
    page.locator(".player").evaluate(WATCH)
    page.wait_for_timeout(1500)
    return page, traffic


def _changes(chromium: Any, address: str, size: int, most_ms: float, most_bytes: int) -> list[Figure]:
    """A key on a slider and a number in a cell, each to a state that was never shown before."""
    setting = f"conv2d-i{size}-k3-s2"
    page, traffic = opened(chromium, address, setting)
    keys: Keys = ([], [], [], _first(chromium, address, "convolution", setting, "stride", "ArrowLeft"))
    edits, volumes, beforehand = [], [], []
    for number in range(2 * SAMPLES):
        _edit(page, 11 + 2 * number)  # at stride 2, so that what follows is new
        rests = number % 2 == 0
        page.locator("#dial-stride").focus()
        page.wait_for_timeout(REST if rests else 0)
        before = len(traffic.received)
        page.evaluate(ASKED)
        keys[not rests].append(_key(page, "ArrowLeft"))
        _, asked, foreseen = page.evaluate(ASKED)
        volumes.append(sum(traffic.received[before:]) + asked)
        beforehand.append(foreseen)
        page.wait_for_timeout(REST)
        edits.append(_edit(page, 12 + 2 * number))
        page.locator("#dial-stride").focus()
        _key(page, "ArrowRight")
    _key(page, "ArrowLeft")
    keys[2].extend(_again(page, "stride"))
    page.close()
    steps = (size - 2) ** 2
    case = f"{size}x{size}, {steps} steps"
    edit, volume = (statistics.median(found) for found in (edits, volumes))
    way = f"median of {SAMPLES} changes to states that were not shown before; {{:.0f}} to {{:.0f}} ms"
    return [
        *_presses(case, keys, most_ms),
        Figure(
            f"sent to the browser for one key press, {case}",
            f"{volume / 1000:.1f} kB",
            f"at most {most_bytes // 1000} kB",
            volume <= most_bytes,
            "the answer, and everything on the websocket, before compression; "
            f"{statistics.median(beforehand) / 1000:.1f} kB more for what the next press may ask, once the hand rests",
        ),
        Figure(
            f"number typed into a cell to repainted, {case}",
            f"{edit:.0f} ms",
            "at most 90 ms",
            edit <= 90,
            way.format(min(edits), max(edits)),
        ),
    ]


Keys = tuple[list[float], list[float], list[float], list[float]]
"""Milliseconds from keys on a slider to their pictures, for each of PRESSES."""


def _again(page: Any, dial: str) -> Iterator[float]:
    """A key a quarter of a second after another one, both to states that were never shown before."""
    for number in range(SAMPLES):
        slider = page.locator(f"#dial-{dial}")
        slider.focus()
        _key(page, "ArrowRight")
        _key(page, "ArrowRight")
        _edit(page, 201 + number)
        slider.focus()
        _key(page, "ArrowLeft", wait=250)
        yield _key(page, "ArrowLeft")


def _first(chromium: Any, address: str, lesson: str, setting: str, dial: str, key: str) -> list[float]:
    """The first key on a slider, after a number was typed, each on a page of its own."""
    found = []
    for number in range(FIRST):
        page, _ = opened(chromium, address, setting, lesson=lesson)
        _edit(page, 301 + number)
        page.locator(f"#dial-{dial}").focus()
        found.append(_key(page, key))
        page.close()
    return found


def _presses(case: str, keys: Keys, most: float) -> Iterator[Figure]:
    for when, took in zip(PRESSES, keys, strict=True):
        middle = statistics.median(took)
        note = f"median of {len(took)} changes to states not shown before; {min(took):.0f} to {max(took):.0f} ms"
        what = f"slider key press to painted picture, {when}, {case}"
        yield Figure(what, f"{middle:.0f} ms", f"at most {most:.0f} ms", middle <= most, note)


CAUSAL = "~".join("conv1d-i32-k2-pcausal" + (f"-d{2**n}" if n else "") for n in range(5))
STACK = "~".join(f"conv2d-i{size}-k3" for size in (11, 9, 7))
PICTURES = (
    (
        "a network of four boards, 11x11 to 5x5",
        "dilated",
        "conv2d-i11-k3~conv2d-i9-k3~conv2d-i7-k3&view=stack",
        "rate2",
    ),
    ("a strip of 5 layers by 32 cells", "sequences", CAUSAL, "kernel_size"),
    ("both ways from 5x5x3 to 5x5x4", "channels", "conv2d-i5-k3-p1-c3-o4&view=separable", "kernel_size"),
    ("a gated block over 9 positions", "gates", "gated1d-i9-k3-pcausal", "kernel_size"),
)
"""Pictures of several boards: what, the lesson, its setting, and the dial that is turned."""


def _boards(chromium: Any, address: str) -> list[Figure]:
    """A key on a slider of pictures of several boards: every value is new."""
    found: list[Figure] = []
    for what, lesson, setting, dial in PICTURES:
        page, _ = opened(chromium, address, setting, lesson=lesson)
        keys: Keys = ([], [], [], _first(chromium, address, lesson, setting, dial, "ArrowRight"))
        for number in range(2 * SAMPLES):
            _edit(page, 11 + number)
            rests = number // 2 % 2 == 0
            page.locator(f"#dial-{dial}").focus()
            page.wait_for_timeout(REST if rests else 0)
            keys[not rests].append(_key(page, "ArrowRight" if number % 2 == 0 else "ArrowLeft"))
        keys[2].extend(_again(page, dial))
        page.close()
        found += _presses(what, keys, 90)
    return found


def _until(page: Any, condition: str, most: float = 10) -> None:
    """Until a condition holds in the page, whose security policy forbids Playwright's own way to wait for it."""
    until = time.perf_counter() + most
    while not page.evaluate(condition):
        if time.perf_counter() > until:
            raise TimeoutError(condition)
        page.wait_for_timeout(20)


def _key(page: Any, key: str, wait: float = 450) -> float:
    """Press a key; the milliseconds until its picture was painted, once everything has come to rest."""
    page.evaluate("bench.shown = []")
    page.keyboard.press(key)
    page.wait_for_timeout(wait)  # nothing is asked of the page meanwhile
    _until(page, "bench.shown.length > 0")
    return float(page.evaluate("bench.shown[0]"))


def _edit(page: Any, number: int) -> float:
    """Type a number into an input cell; the milliseconds from Enter until it was repainted."""
    cell = page.locator(".player svg polygon.r-input").nth(3)
    cell.dblclick(force=True)
    page.wait_for_timeout(100)
    page.keyboard.type(str(number))
    took = _key(page, "Enter")
    page.keyboard.press("Escape")
    return took


MOVING_PICTURES = (
    ("32x32, 900 steps", "convolution", "conv2d-i32-k3", "canvas"),
    ("a strip of 5 layers by 32 cells", "sequences", CAUSAL, "row0"),
    ("both ways from 5x5x3 to 5x5x4", "channels", PICTURES[2][2], "canvas"),
    ("a training as a film, 21 steps", "learning", "digits", "x"),
)
"""Pictures whose frames are measured: what, the lesson, its setting, and the board that is pointed at."""


def _motion(chromium: Any, address: str) -> list[Figure]:
    """Frames while playing, scrubbing and hovering; nothing may be sent meanwhile."""
    messages, found = 0, []
    for what, lesson, setting, board in MOVING_PICTURES:
        page, traffic = opened(chromium, address, setting, lesson=lesson)
        for name, act in (("playing", _play), ("scrubbing", _scrub), ("hovering", partial(hover, board=board))):
            page.wait_for_timeout(600)
            before = len(traffic.sent)
            page.evaluate(ASKED)
            page.evaluate(FRAMES)
            act(page)
            frames = page.evaluate(STOP)
            messages += len(traffic.sent) - before + page.evaluate(ASKED)[0]
            slow = p95(frames)
            note = f"{len(frames)} frames, median {statistics.median(frames):.1f} ms"
            found.append(
                Figure(f"{name} {what}: frame interval, p95", f"{slow:.1f} ms", "at most 17 ms", slow <= 17, note)
            )
        page.close()
    what = "messages to the server meanwhile"
    return [*found, Figure(what, str(messages), "none", messages == 0)]


def _play(page: Any) -> None:
    page.locator("[data-part=speed]").select_option("4")
    if page.locator("[data-part=play]").get_attribute("data-playing") != "true":
        page.locator("[data-part=play]").click()
    page.wait_for_timeout(4000)
    page.locator("[data-part=play]").click()


def _scrub(page: Any) -> None:
    box = page.locator("[data-part=scrub]").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, y)
    page.mouse.down()
    sweep(page, box["x"] + 8, y, box["x"] + box["width"] - 8, y)
    page.mouse.up()


def hover(page: Any, board: str) -> None:
    box = page.locator(f"[data-grid={board}]").first.bounding_box()
    sweep(page, box["x"] + 5, box["y"] + 5, box["x"] + box["width"] - 5, box["y"] + box["height"] - 5)


def sweep(page: Any, x: float, y: float, to_x: float, to_y: float, lasts: float = 3.0, ways: int = 4) -> None:
    """Move the pointer along a line and back for some seconds; ways: how often it goes one way."""
    start = time.perf_counter()
    while (passed := time.perf_counter() - start) < lasts:
        share = abs((passed / lasts * ways) % 2 - 1)
        page.mouse.move(x + (to_x - x) * share, y + (to_y - y) * share)
        page.wait_for_timeout(12)


def _drag(chromium: Any, address: str) -> Figure:
    """How many pictures a second follow a slider that is dragged, as often as a mouse tells where it is."""
    page, _ = opened(chromium, address, "conv2d-i7-k3")
    box = page.locator("#dial-input_size").bounding_box()
    left, right, y = box["x"] + 30, box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2
    page.mouse.move(left, y)
    page.mouse.down()
    page.evaluate(INPUTS)
    for end in (right, left) * 4:
        page.mouse.move(end, y, steps=18)  # without waiting in between, as Playwright's own way to move does not
    times, inputs = page.evaluate("[bench.at, bench.inputs]")
    page.mouse.up()
    page.close()
    rate = (len(times) - 1) / (times[-1] - times[0]) * 1000
    note = f"input size 3 to 20 and back, while the slider is held; {len(times)} pictures of {inputs} values"
    return Figure("pictures a second while a slider is dragged", f"{rate:.0f}", "at least 25", rate >= 25, note)


INPUTS = """() => {
  bench.at = []
  bench.inputs = 0
  document.addEventListener("input", () => bench.inputs++, true)
}"""
"""Counts from now on the values that a dial is set to, and notes when pictures come."""


MOVING = """async ([link, title]) => {
  const within = (root) => [...root.querySelectorAll(".player[data-ready] [data-playing=true]"),
    ...[...root.querySelectorAll("*")].flatMap((node) => node.shadowRoot ? within(node.shadowRoot) : [])]
  const before = within(document)
  const start = performance.now()
  document.querySelector(link).click()
  for (let seen = 0; seen < 2; ) {  // it plays, and has been painted so
    await new Promise(requestAnimationFrame)
    const other = within(document).some((one) => !before.includes(one))
    if (other && document.querySelector("h1")?.textContent === title) seen++
    if (performance.now() - start > 10000) break
  }
  return performance.now() - start
}"""
"""Follows a link of the app's list of pages; the milliseconds until the picture of the page with that title plays."""


def _turn(chromium: Any, address: str) -> Figure:
    """From a press on another page of the list until its picture plays, on a server that has shown the page before."""
    page, took = chromium.new_page(viewport=PAGE), []
    page.goto(f"{address}/convolution")
    page.wait_for_selector(".player[data-ready]")
    for number in range(9):
        page.wait_for_timeout(1200)
        lesson = ("transposed", "dilated", "convolution")[number % 3]
        link = f"[data-testid=stSidebarNavLink][href$='{lesson}']"
        took.append(page.evaluate(MOVING, [link, say(f"lesson.{lesson}.title")]))
    page.close()
    kept = took[3:]  # each page was shown once before
    middle = statistics.median(kept)
    note = f"{len(kept)} turns between three lessons, {min(kept):.0f} to {max(kept):.0f} ms"
    what = "page to page, until the new picture plays"
    return Figure(what, f"{middle:.0f} ms", "at most 500 ms", middle <= 500, note)


BARE = """import streamlit as st
svg = "<svg><polygon points='0,0 9,0 9,9'/></svg>"
st.components.v2.component("bare", html=svg, js="export default () => {}")(key="bare")
"""
"""A page with nothing but a component that says nothing: what no app of Streamlit's can be sooner than."""


PAINTED = """() => {
  const within = (root) => root.querySelector("polygon") ??
    [...root.querySelectorAll("*")].map((node) => node.shadowRoot && within(node.shadowRoot)).find(Boolean)
  const found = within(document)?.getBoundingClientRect().width > 0
  return found && (window.seen = (window.seen ?? 0) + 1) > 1
}"""
"""Whether a polygon was there in the frame before. Asked in every frame, not twice a second as selectors are."""


FIRST_PAGES = {"": "the start", "convolution": "lesson on convolution"}
"""The pages that a server's first visitor may open, and how they are called."""


def _start(chromium: Any) -> Iterator[Figure]:
    """From the server's start to the first picture, in a browser that is open already; the median of three."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        least: list[float] = []
        ours: dict[str, list[float]] = {path: [] for path in FIRST_PAGES}
        for _ in range(3):
            least.append(_first_picture(chromium, bare, ""))
            for path, took in ours.items():
                took.append(_first_picture(chromium, serving.ROOT / "app.py", path))
    for path, took in ours.items():
        middle = statistics.median(took)
        note = (
            f"{FIRST_PAGES[path]}, median of {len(took)}, {min(took):.1f} to {max(took):.1f} s; "
            "files warm in the system's cache; a bare page of Streamlit's with one polygon, in turn with it: "
            f"{statistics.median(least):.1f} s"
        )
        yield Figure("server start to first picture", f"{middle:.1f} s", "at most 2.5 s", middle <= 2.5, note)


def _first_picture(chromium: Any, script: Path, path: str) -> float:
    """Seconds from a server's start to the first polygon."""
    page, port = chromium.new_page(viewport=PAGE), serving.free_port()
    start = time.perf_counter()
    process = serving.start(port, script)
    try:
        serving.wait_for(port, process)
        page.goto(f"http://127.0.0.1:{port}/{path}", wait_until="commit")
        page.wait_for_function(PAINTED, polling="raf")
        return time.perf_counter() - start
    finally:
        process.terminate()
        process.wait(10)
        page.close()
