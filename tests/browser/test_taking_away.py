"""What is taken away is what is seen: a GIF of all steps, a PNG and an SVG of one, named after the settings."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageSequence
from playwright.sync_api import expect

import convviz as cv
from convviz.export.formats import FORMATS
from convviz.layers.notation import from_text
from convviz.page.state import opening
from convviz.paint.svg import svg
from convviz.themes import THEMES

STATE = replace(opening("convolution"), layer=from_text("conv2d-i4-k3-p1"), theme="dark", language="zh", step=2)


STARTS = {".gif": b"GIF89a", ".webp": b"RIFF", ".png": b"\x89PNG", ".svg": b"<svg", ".html": b"<!doctype html>"}
"""The first bytes of a file of each format."""


def saved(visit: Any, part: str) -> tuple[str, bytes]:
    """The name and the bytes of the file that a button gives."""
    if not visit.part(part).is_visible():
        visit.part("save").click()
    with visit.page.expect_download() as download:
        visit.part(part).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


@pytest.mark.skipif(not hasattr(cv, "save"), reason="nothing saves yet")
@pytest.mark.parametrize("lesson", ["convolution", "transposed"])
def test_the_animation_has_a_frame_a_step(visit: Any, lesson: str) -> None:
    layer = {"convolution": "conv2d-i4-k3-p1", "transposed": "tconv2d-i2-k3-s2"}[lesson]
    state = replace(opening(lesson), layer=from_text(layer), view="isometric", theme="classic")
    visit.open(state, plays=False).paused()
    name, data = saved(visit, "gif_file")
    assert name == f"{layer}-isometric.gif"
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "GIF" and image.n_frames == state.scene().steps
        frames = [frame.convert("RGB").tobytes() for frame in ImageSequence.Iterator(image)]
        assert len(set(frames)) == len(frames), "each step looks like itself"
        assert image.info.get("loop") == 0
    expect(visit.part("gif_file")).to_be_enabled()
    expect(visit.part("gif_file")).to_have_text("GIF")


def test_each_format_that_the_page_offers_has_a_button_that_gives_its_file(visit: Any) -> None:
    visit.open(STATE, plays=False).paused()
    visit.part("save").click()
    buttons = visit.part("files").locator("button")
    assert buttons.all_inner_texts() == [one.label for one in FORMATS if one.page]
    for one in (one for one in FORMATS if one.page):
        name, data = saved(visit, f"{one.name}_file")
        assert Path(name).suffix == one.suffix
        assert data[: len(STARTS[one.suffix])] == STARTS[one.suffix]


def test_a_still_is_the_step_that_is_seen_in_its_colours_and_language(visit: Any) -> None:
    visit.open(STATE)
    scene = STATE.scene()
    name, data = saved(visit, "svg_file")
    assert name == "conv2d-i4-k3-p1-flat-step3.svg"
    root, wanted = ET.fromstring(data), ET.fromstring(svg(scene, 2, THEMES["dark"]))
    space = "{http://www.w3.org/2000/svg}"
    assert [float(v) for v in root.get("viewBox").split()] == pytest.approx(
        [float(v) for v in wanted.get("viewBox").split()], abs=0.01
    )

    def texts(picture: ET.Element) -> list[str]:
        return sorted(node.text for node in picture.iter(f"{space}text") if node.text)

    def cells(picture: ET.Element) -> list[tuple[str, str]]:
        polygons = [n.attrib for n in picture.iter(f"{space}polygon") if "data-m" in n.attrib]
        return sorted((n["data-m"], n["class"]) for n in polygons)

    assert texts(root) == texts(wanted) and cells(root) == cells(wanted)
    assert THEMES["dark"].background in data.decode()
    assert not any(word in data.decode() for word in ("<script", "http://127", "foreignObject"))

    name, data = saved(visit, "png_file")
    assert name == "conv2d-i4-k3-p1-flat-step3.png"
    width, height = (float(v) for v in root.get("viewBox").split()[2:])
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "PNG"
        assert image.size == pytest.approx((width * 88, height * 88), abs=1.5)
        ground = tuple(int(THEMES["dark"].background[n : n + 2], 16) for n in (1, 3, 5))
        assert image.convert("RGB").getpixel((1, 1)) == ground
        assert len(image.convert("RGB").getcolors(1 << 24)) > 5


def test_the_box_of_files_closes_when_one_turns_to_something_else(visit: Any) -> None:
    visit.open(STATE, plays=False).paused()
    box, save = visit.part("files"), visit.part("save")
    for leave in (
        lambda: save.click(),
        lambda: visit.page.mouse.click(2, 2),
        lambda: visit.page.keyboard.press("Escape"),
        lambda: visit.part("scrub").focus(),
    ):
        save.click()
        expect(box).to_be_visible()
        leave()
        expect(box).to_be_hidden()
        save.focus()


@pytest.mark.parametrize(
    "path",
    [
        "export/convolution/x.gif?layer=nonsense",
        "export/convolution/x.gif?layer=<script>alert(1)</script>",
        "export/convolution/x.gif?layer=conv2d-i99999-k1-s99999",
        "export/nothing/x.gif",
        "export/convolution/x.bmp",
        "export/convolution/x",
        "export/convolution/..%2f..%2fetc%2fpasswd?v=9",
    ],
)
def test_an_address_that_asks_for_no_animation_is_refused_as_plain_text(visit: Any, path: str) -> None:
    answer = visit.page.request.get(f"{visit.server}/{path}")
    assert answer.status in (400, 404)
    assert answer.headers.get("content-type", "text/plain").startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("suffix", [one.suffix for one in FORMATS if "pace" in one.options])
def test_a_file_has_the_pace_that_was_chosen_and_its_name_tells_it(visit: Any, suffix: str) -> None:
    state = replace(opening("convolution"), layer=from_text("conv2d-i4-k3"), view="flat")
    visit.open(state).paused()
    part = f"{suffix[1:]}_file"
    before = saved(visit, part)[0], visit.part(part).get_attribute("title")
    visit.part("speed").select_option("terms")
    name, data = saved(visit, part)
    assert (before[0], name) == (f"conv2d-i4-k3-flat{suffix}", f"conv2d-i4-k3-flat-terms{suffix}")
    file = io.BytesIO()
    cv.save(state.scene(), file, suffix=suffix, pace="terms")
    assert data == file.getvalue()
    assert before[1] != visit.part(part).get_attribute("title") or suffix == ".html"
    visit.part("speed").select_option("2")
    assert saved(visit, part)[0] == before[0]
