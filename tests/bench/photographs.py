"""Photographs of a million pixels in Chromium: from the click on a kernel to the painted result, and the lens."""

from __future__ import annotations

import statistics
from functools import partial
from typing import Any

import numpy as np

from convviz.pictures import photograph
from convviz.png import png
from convviz.scene.photo import SIDE
from convviz.text import say
from tests.bench import serving
from tests.bench.figure import Figure, p95
from tests.bench.page import ASKED, FRAMES, STOP, Traffic, hover, opened

KERNELS = ("gaussian", "outline", "sharpen", "emboss", "horizontal", "box", "vertical")
"""What is clicked in turn, before which another kernel is shown."""

CLICKED = """(player) => {
  const within = (root, found) => root.querySelector(found) ??
    [...root.querySelectorAll("*")].map((node) => node.shadowRoot && within(node.shadowRoot, found)).find(Boolean)
  const image = within(player, "g[data-grid=result] image")
  addEventListener("click", (event) => (bench.click = event.timeStamp), true)
  new MutationObserver(() => {
    const click = bench.click
    bench.click = undefined
    if (click === undefined) return
    requestAnimationFrame(() => {
      const painted = new MessageChannel()
      painted.port1.onmessage = () => (bench.result = performance.now() - click)
      painted.port2.postMessage(0)
    })
  }).observe(image, { attributeFilter: ["href"] })
}"""
"""Notes the milliseconds from a click until the frame with the result's new pixels is painted: the task after it."""


def figures() -> list[Figure]:
    """The click and the lens, at 3 by 3 and at 5 by 5 weights."""
    found: list[Figure] = []
    messages = 0
    with serving.browser() as chromium, serving.app() as address:
        for size in (3, 5):
            page, traffic = _brought(chromium, address, size)
            found.append(_clicks(page, size))
            frames, sent = _lens(page, traffic)
            messages += sent
            found.append(_frames(frames, size))
            page.close()
    return [*found, Figure("messages to the server while the lens moves", str(messages), "none", messages == 0)]


def _brought(chromium: Any, address: str, size: int) -> tuple[Any, Traffic]:
    """A page on which somebody has brought a photograph of SIDE by SIDE pixels, at rest."""
    page, traffic = opened(chromium, address, f"conv2d-i64-k{size}-p{size // 2}", lesson="filters")
    large = np.tile(photograph(3), (2, 2))[:SIDE, :SIDE]
    page.get_by_role("button", name=say("control.values"), exact=True).click()
    page.locator(".sources[data-ready]").wait_for()
    file = {"name": "mine.png", "mimeType": "image/png", "buffer": png(large[..., None])}
    page.locator(".sources input[type=file]").set_input_files(file)
    page.locator(".player .labels text", has_text=f"{SIDE} × {SIDE}").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(".player").evaluate(CLICKED)
    if page.locator("[data-part=play]").get_attribute("data-playing") == "true":
        page.locator("[data-part=play]").click()
    page.wait_for_timeout(1500)
    return page, traffic


def _clicks(page: Any, size: int) -> Figure:
    """A click on each of some kernels."""
    times = []
    for name in KERNELS:
        page.locator("#dial-kernel").click()
        page.evaluate("bench.result = 0")
        page.locator(f".grid button[data-value='{name}']").click()
        while not (took := page.evaluate("bench.result")):
            page.wait_for_timeout(50)
        times.append(float(took))
        page.wait_for_timeout(600)
    middle = statistics.median(times)
    what = f"click on a kernel to painted result, {SIDE}x{SIDE}, {size}x{size} weights"
    note = f"median of {len(times)} kernels, {min(times):.0f} to {max(times):.0f} ms"
    return Figure(what, f"{middle:.0f} ms", "at most 500 ms", middle <= 500, note)


def _lens(page: Any, traffic: Traffic) -> tuple[list[float], int]:
    """The frames while the pointer moves over the photograph, and the messages that are sent meanwhile."""
    point = partial(hover, page, board="photo")
    point()  # the pixels are read when the lens is first there
    page.wait_for_timeout(600)
    before = len(traffic.sent)
    page.evaluate(ASKED)
    page.evaluate(FRAMES)
    point()
    frames = page.evaluate(STOP)
    return frames, len(traffic.sent) - before + page.evaluate(ASKED)[0]


def _frames(frames: list[float], size: int) -> Figure:
    slow = p95(frames)
    what = f"the lens over {SIDE}x{SIDE}, {size}x{size} weights: frame interval, p95"
    note = f"{len(frames)} frames, median {statistics.median(frames):.1f} ms"
    return Figure(what, f"{slow:.1f} ms", "at most 17 ms", slow <= 17, note)
