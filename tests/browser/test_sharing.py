"""Sharing: the link, its QR code and a frame of it lead to what is shown, and only a frame's page can be framed."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from convviz.layers.notation import from_text
from convviz.lessons import LESSONS
from convviz.page.link import from_query
from convviz.page.state import opening
from convviz.text import LANGUAGES, say
from convviz.themes import THEMES

STATE = replace(opening("convolution"), layer=from_text("conv2d-i6-k3-s2-p1"), view="isometric", step=4)


def shared(visit: Any) -> Any:
    """The box, opened."""
    visit.part("share").click()
    expect(visit.part("share_box")).to_be_visible()
    return visit


def restored(address: str) -> Any:
    found = urlsplit(address)
    return from_query(dict(parse_qsl(found.query)), found.path.strip("/"))


def decoded(picture: bytes) -> str:
    """What the QR codes in a picture say, all of them the same."""
    (text,) = {found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)).convert("RGB"))}
    return str(text)


def test_the_link_is_copied_and_restores_what_is_shown(visit: Any) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shared(visit.open(STATE, plays=False))
    visit.part("copy_link").click()
    expect(visit.part("share_said")).to_have_text(say("sharing.copied"))
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{visit.server}/convolution?") and restored(copied) == (STATE, [])
    visit.page.keyboard.press("Escape")
    expect(visit.part("share_box")).to_be_hidden()
    visit.part("next").click()
    shared(visit)
    assert restored(visit.part("share_link").input_value())[0].step == 5


REFUSED = """() => {
  Object.defineProperty(navigator, 'clipboard', { value: undefined })
  document.execCommand = () => false
}"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["link", "frame"])
def test_where_copying_is_refused_the_text_is_selected_and_that_is_said(visit: Any, name: str, language: str) -> None:
    visit.open(replace(STATE, language=language), plays=False)
    visit.page.evaluate(REFUSED)
    shared(visit).part(f"copy_{name}").click()
    expect(visit.part("share_said")).to_have_text(say("sharing.selected", language))
    field = visit.part(f"share_{name}")
    assert field.evaluate("n => n.selectionEnd - n.selectionStart === n.value.length && n.value.length > 9")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_qr_code_read_back_is_the_link(visit: Any, scheme: str) -> None:
    visit.page.emulate_media(color_scheme=scheme)
    shared(visit.open(STATE, plays=False))
    link = visit.part("share_link").input_value()
    code = visit.part("share_code").locator("img")
    expect(code).to_have_js_property("complete", True)
    assert decoded(code.screenshot()) == link
    visit.part("share_code").click()
    large = visit.part("share_large")
    expect(large).to_be_visible()
    box = large.locator("img").bounding_box()
    assert box["height"] > 0.8 * visit.page.viewport_size["height"]
    assert decoded(visit.page.screenshot()) == link
    visit.page.keyboard.press("Escape")
    expect(large).to_be_hidden()


class Elsewhere:
    """Pages of another origin, each with a frame."""

    def __init__(self) -> None:
        self.html = ""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.end_headers()
                self.wfile.write(outer.html.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, frame: str) -> str:
        self.html = f"<!doctype html><meta charset=utf-8><h1>Notes</h1>{frame}"
        return f"http://127.0.0.1:{self.server.server_address[1]}/"


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    found = Elsewhere()
    yield found
    found.server.shutdown()


@pytest.fixture
def outside(browser: Browser) -> Iterator[Callable[..., Page]]:
    contexts = []

    def opens(**options: Any) -> Page:
        contexts.append(browser.new_context(reduced_motion="reduce", **options))
        return contexts[-1].new_page()

    yield opens
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_copied_frame_works_in_a_page_of_another_origin(
    visit: Any, elsewhere: Elsewhere, outside: Any, language: str
) -> None:
    state = replace(STATE, language=language)
    shared(visit.open(state, plays=False))
    text = visit.part("share_frame").input_value()
    page = outside(locale="fr-FR")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(elsewhere.page(text))
    frame = page.frame_locator("iframe")
    player = frame.locator(".player[data-ready]")
    expect(player).to_have_attribute("data-step", str(STATE.step))
    assert frame.locator("html").get_attribute("lang") == language
    expect(player.locator("[data-part=position]")).to_have_text(
        say("player.step", language, n=STATE.step + 1, count=STATE.scene().steps)
    )
    player.locator("[data-part=next]").click()
    expect(player).to_have_attribute("data-step", str(STATE.step + 1))
    for part in ("sentence", "equation", "legend", "note", "tour", "save", "share", "edit", "keys"):
        expect(player.locator(f"[data-part={part}]")).to_be_hidden()
    home = player.locator("a.home")
    home.focus()
    link = home.evaluate("n => n.href")
    assert "embed" not in link and restored(link) == (replace(state, step=STATE.step + 1), [])
    inner = player.evaluate(
        "n => [n.getBoundingClientRect().bottom, innerHeight, document.body.scrollWidth, innerWidth]"
    )
    assert inner[0] <= inner[1] + 1 and inner[2] <= inner[3], "all of it is seen"
    assert "<iframe" in unescape(text) and not errors


@pytest.mark.parametrize(
    "path", ["", "convolution", "gates?v=1", "convolution?embed=0", "export/convolution/x.html", "nothing"]
)
def test_every_other_page_refuses_to_be_framed(visit: Any, elsewhere: Elsewhere, outside: Any, path: str) -> None:
    page = outside()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(elsewhere.page(f'<iframe src="{visit.server}/{path}"></iframe>'))
    page.wait_for_timeout(500)
    assert any("frame-ancestors" in text for text in said) or "attachment" in visit.page.request.get(
        f"{visit.server}/{path}"
    ).headers.get("content-disposition", "")
    assert page.frames[1].url.startswith(("chrome-error:", "about:blank", ""))
    assert not page.frame_locator("iframe").locator(".player").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", ["auto", "dark", "print"])
def test_a_frame_has_the_colours_of_its_link(visit: Any, outside: Any, theme: str, scheme: str) -> None:
    page = outside(color_scheme=scheme)
    page.goto(f"{visit.server}/dilated?theme={theme}&embed=1")
    player = page.locator(".player[data-ready]")
    player.wait_for()
    wanted = THEMES[scheme if theme == "auto" else theme].background
    read = "n => getComputedStyle(n).backgroundColor"
    colour = f"rgb{tuple(int(wanted[n : n + 2], 16) for n in (1, 3, 5))}"
    for place in (page.locator("body"), player.locator("[data-part=stage]")):
        assert place.evaluate(read) == colour


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("size", [(390, 300), (760, 420), (1280, 720)])
def test_a_frame_shows_the_whole_picture_of_each_lesson(visit: Any, outside: Any, lesson: str, size: Any) -> None:
    page = outside(viewport=dict(zip(("width", "height"), size, strict=True)))
    page.goto(f"{visit.server}/{lesson}?embed=1")
    player = page.locator(".player[data-ready]")
    player.wait_for()
    svg, stage, bar = (player.locator(f"[data-part={part}]").bounding_box() for part in ("svg", "stage", "bar"))
    assert svg["width"] <= stage["width"] + 1 and svg["height"] <= stage["height"] + 1
    assert bar["y"] + bar["height"] <= size[1] + 1 and svg["height"] > 0.3 * min(size)


@pytest.mark.parametrize("query", ["layer=nonsense&embed=1", "view=nothing&embed=1&lang=zh"])
def test_a_frame_of_a_link_that_cannot_be_read_says_why(visit: Any, query: str) -> None:
    answer = visit.page.request.get(f"{visit.server}/convolution?{query}")
    _, wrong = from_query(dict(parse_qsl(query)), "convolution")
    assert (answer.status, answer.text()) == (400, wrong[0].text("zh" if "zh" in query else "en"))
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
