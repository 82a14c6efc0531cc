"""What is taken away is what is seen: a GIF of all steps, a PNG and an SVG of one, named after the settings."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import resvg_py
from PIL import Image, ImageFilter, ImageSequence
from playwright.sync_api import expect

import convviz as cv
from convviz.export.formats import FORMATS
from convviz.layers.notation import from_text
from convviz.page.state import opening
from convviz.page.tables import TABLES, table_text
from convviz.paint.svg import svg
from convviz.themes import THEMES

STATE = replace(opening("convolution"), layer=from_text("conv2d-i4-k3-p1"), theme="dark", language="zh", step=2)


SEEN = (
    ("convolution", "en", "light"),
    ("transposed", "zh", "dark"),
    ("dilated", "en", "colorblind"),
    ("sequences", "zh", "light"),
    ("channels", "en", "dark"),
    ("gates", "zh", "print"),
)
"""A lesson each, in a language and in colours."""

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


def test_a_network_is_taken_away_as_a_table_and_as_code(visit: Any) -> None:
    state = opening("receptive")
    visit.open(state, plays=False).paused()
    for suffix in TABLES:
        name, data = saved(visit, f"{suffix[1:]}_file")
        assert Path(name).suffix == suffix
        assert data.decode() == table_text(state, suffix)


def elsewhere(data: bytes, width: int) -> Image.Image:
    """An SVG as another program draws it, on a machine without any font."""
    drawn = resvg_py.svg_to_bytes(svg_string=data.decode(), width=width, skip_system_fonts=True)
    return Image.open(io.BytesIO(bytes(drawn)))


def blurred(picture: Image.Image, size: tuple[int, int]) -> np.ndarray:
    """Without what two programs round otherwise at the edges of lines and letters."""
    return np.asarray(picture.convert("RGB").resize(size).filter(ImageFilter.BoxBlur(3))).astype(int)


@pytest.mark.parametrize(("lesson", "language", "theme"), SEEN)
def test_a_still_opened_elsewhere_looks_as_it_does_here(visit: Any, lesson: str, language: str, theme: str) -> None:
    state = replace(opening(lesson, language), theme=theme, step=3)
    visit.open(state)
    visit.page.mouse.move(2, 2)
    visit.page.evaluate("document.fonts.ready")
    here = Image.open(io.BytesIO(visit.part("svg").screenshot()))
    for part in ("svg_file", "png_file"):
        data = saved(visit, part)[1]
        there = elsewhere(data, here.width) if part == "svg_file" else Image.open(io.BytesIO(data))
        assert there.height / there.width == pytest.approx(here.height / here.width, abs=0.01)
        apart = np.abs(blurred(here, here.size) - blurred(there, here.size)).max(axis=2)[
            16:-16, 16:-16
        ]  # round corners
        assert apart.mean() < 3 and (apart > 60).mean() < 0.004, part


def test_a_still_is_the_step_that_is_seen_and_has_nothing_of_the_player(visit: Any) -> None:
    visit.open(STATE)
    scene = STATE.scene()
    name, data = saved(visit, "svg_file")
    assert name == "conv2d-i4-k3-p1-flat-step3.svg"
    root, wanted = ET.fromstring(data), ET.fromstring(svg(scene, 2, THEMES["dark"]))
    space = "{http://www.w3.org/2000/svg}"
    assert [float(v) for v in root.get("viewBox").split()] == pytest.approx(
        [float(v) for v in wanted.get("viewBox").split()], abs=0.01
    )
    cells = [
        sorted(n.get("class") for n in picture.iter(f"{space}polygon") if n.get("class") in looks(wanted))
        for picture in (root, wanted)
    ]
    assert cells[0] == cells[1]
    names = {name for node in root.iter() for name in node.attrib}
    assert not {name for name in names if name.startswith(("data-", "aria-")) or name in ("role", "tabindex")}
    assert not list(root.iter(f"{space}text")) and root.find(f"{space}desc").text.startswith(scene.sentence(2))
    assert THEMES["dark"].background in data.decode()
    assert not any(word in data.decode() for word in ("<script", "http://127", "foreignObject", "var(", "font"))


def looks(picture: ET.Element) -> set[str | None]:
    return {n.get("class") for n in picture.iter() if "data-m" in n.attrib}


def test_a_still_has_the_width_the_ground_and_the_sum_line_that_are_chosen(visit: Any) -> None:
    visit.open(STATE)
    bare = Image.open(io.BytesIO(saved(visit, "png_file")[1]))
    visit.part("file_width").fill("640")
    visit.part("file_transparent").check()
    clear = Image.open(io.BytesIO(saved(visit, "png_file")[1]))
    assert clear.width == 640 and clear.height == pytest.approx(bare.height * 640 / bare.width, abs=1)
    alpha = np.asarray(clear.convert("RGBA"))[..., 3]
    assert alpha[0].max() == 0 and alpha.max() == 255 and (alpha == 255).mean() > 0.2
    visit.part("file_sum_line").check()
    data = saved(visit, "svg_file")[1]
    summed = elsewhere(data, 640)
    assert summed.height > clear.height and STATE.scene().arithmetic(2) in data.decode()
    under = np.asarray(summed)[clear.height :, :, 3]
    assert under.max() == 255 and under[:, :3].max() == 0, "letters in the middle, on no ground"
    visit.part("file_width").fill("9")
    visit.part("png_file").click()
    assert visit.part("file_width").evaluate("n => n.matches(':invalid')")
    expect(visit.part("png_file")).not_to_have_attribute("aria-busy", "true")


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_an_animation_is_what_was_chosen_for_it(visit: Any, suffix: str) -> None:
    state = replace(opening("convolution"), layer=from_text("conv2d-i4-k3"), view="flat")
    visit.open(state, plays=False).paused()
    visit.part("speed").select_option("4")
    visit.part("save").click()
    expect(visit.part("file_speed")).to_have_value("4")
    visit.part("file_pace").select_option("terms")
    visit.part("file_loop").select_option("0")
    visit.part("file_width").fill("420")
    visit.part("file_transparent").check()
    visit.part("file_sum_line").check()
    name, data = saved(visit, f"{suffix[1:]}_file")
    assert name == f"conv2d-i4-k3-flat-terms-4x{suffix}"
    file, options = io.BytesIO(), {"pace": "terms", "speed": 4, "loop": False, "width": 420}
    cv.save(state.scene(), file, suffix=suffix, transparent=True, sum_line=True, **options)
    assert data == file.getvalue()
    with Image.open(io.BytesIO(data)) as image:
        assert image.width == 420
        if suffix == ".gif":
            times = [frame.info["duration"] for frame in ImageSequence.Iterator(image)]
            assert set(times) == {60, 150, 300} and "loop" not in image.info


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
    assert saved(visit, part)[0] == f"conv2d-i4-k3-flat-2x{suffix}"
    visit.part("speed").select_option("1")
    assert saved(visit, part)[0] == before[0]


def test_an_animation_has_tones_where_the_picture_has_them(visit: Any) -> None:
    state = replace(opening("convolution"), layer=from_text("conv2d-i24-k21"), tones=False)
    visit.open(state, plays=False).paused()
    assert visit.player.locator("polygon.toned").count() > 500, "too small to be read"
    cell = visit.part("svg").evaluate("n => Math.floor(n.clientWidth / n.viewBox.baseVal.width)")
    file = io.BytesIO()
    cv.save(replace(state.scene(), seen=cell), file, suffix=".gif")
    assert saved(visit, "gif_file")[1] == file.getvalue()
