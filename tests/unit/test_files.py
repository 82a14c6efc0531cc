"""A file is what was seen: in the width, the ground, the speed and the pace that were chosen, with its own letters."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import resvg_py
from PIL import Image, ImageFilter, ImageSequence

import convviz as cv
from convviz import cli
from convviz.errors import LayerError
from convviz.export.formats import FORMATS, SPEEDS, Options, hundredths
from convviz.export.sum_line import LINES, SumLine
from convviz.lessons import LESSONS
from convviz.page.state import opening
from convviz.paint.drawing import pixels_at
from convviz.paint.outlines import width
from convviz.paint.pixels import WIDTH_RANGE, placement
from convviz.paint.svg import view_box
from convviz.scene.moments import TERM_MS, unfolded
from convviz.scene.scene import Scene
from convviz.text import LANGUAGES
from convviz.themes import THEMES

MOVING = [one.suffix for one in FORMATS if one.kind == "animation"]
DRAWN = [one.suffix for one in FORMATS if "width" in one.options]


def saved(shown: Any, suffix: str, **options: Any) -> bytes:
    file = io.BytesIO()
    cv.save(shown, file, suffix=suffix, **options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    """A picture of any of the formats; an SVG is drawn by resvg, on a machine without any font."""
    if data.startswith(b"<svg"):
        data = bytes(resvg_py.svg_to_bytes(svg_string=data.decode(), skip_system_fonts=True))
    return Image.open(io.BytesIO(data))


def frames(data: bytes) -> list[np.ndarray]:
    return [np.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(opened(data))]


@pytest.fixture(scope="module")
def scene() -> Scene:
    return cv.scene(cv.trace(cv.Conv(5, 3, stride=2, padding=1)))


def blurred(picture: Image.Image) -> np.ndarray:
    """Without what two programs round otherwise at the edges of lines and letters."""
    return np.asarray(picture.convert("RGB").filter(ImageFilter.BoxBlur(2))).astype(int)


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_another_program_without_our_font_draws_an_svg_as_the_painter_draws_it(lesson: str, theme: str) -> None:
    shown = opening(lesson, "zh").scene()
    cell, step = placement(shown, THEMES[theme], 30.0).scale, shown.steps // 2
    left, top, across, down = view_box(shown)
    other = opened(saved(shown, ".svg", scale=cell, step=step, theme=theme))
    pixels = pixels_at(shown, step, THEMES[theme], cell)
    x, y = (round((here - there) * cell) for here, there in zip((left, top), corner(shown, theme), strict=True))
    own = Image.fromarray(pixels).crop((x, y, x + other.width, y + other.height))
    assert other.size == pytest.approx((across * cell, down * cell), abs=1)
    apart = np.abs(blurred(own) - blurred(other)).max(axis=2)
    assert apart.mean() < 3 and (apart > 60).mean() < 0.004


def corner(shown: Scene, theme: str) -> tuple[float, float]:
    place = placement(shown, THEMES[theme], 30.0)
    return place.left, place.top


@pytest.mark.parametrize("lesson", LESSONS)
def test_an_svg_has_no_text_that_depends_on_a_font_and_nothing_of_the_player(lesson: str) -> None:
    shown = opening(lesson).scene()
    root = ET.fromstring(saved(shown, ".svg", step=1))
    space = "{http://www.w3.org/2000/svg}"
    assert not list(root.iter(f"{space}text")) and "font" not in saved(shown, ".svg").decode()
    names = {name for node in root.iter() for name in node.attrib}
    assert not {name for name in names if name.startswith(("data-", "aria-")) or name in ("role", "tabindex")}
    assert root.find(f"{space}title").text and shown.sentence(1) in root.find(f"{space}desc").text
    used = {node.get("href")[1:] for node in root.iter(f"{space}use")}
    assert used == {node.get("id") for node in root.iter(f"{space}path") if node.get("id")}


@pytest.mark.long
@pytest.mark.parametrize("suffix", MOVING)
@pytest.mark.parametrize("speed", SPEEDS)
def test_a_frame_stays_as_long_as_its_speed_and_pace_say(scene: Scene, suffix: str, speed: float) -> None:
    data = saved(scene, suffix, speed=speed, pace="terms", step_ms=640, pause_ms=2000, scale=14)
    wanted = [
        hundredths((TERM_MS if moment else 2000 if t == scene.steps - 1 else 640) / speed)
        for t, moment in unfolded(scene, "terms")
    ]
    assert times(data) == wanted


def times(data: bytes) -> list[int]:
    """Milliseconds of each frame."""
    if data.startswith(b"GIF"):
        return [10 * int.from_bytes(found[1:3], "little") for found in re.findall(rb"\x21\xf9\x04(...)", data, re.S)]
    with Image.open(io.BytesIO(data)) as file:
        ends = [
            (file.seek(t), file.load(), file.info["timestamp"] + file.info["duration"])[2] for t in range(file.n_frames)
        ]
    return np.diff([0, *ends]).tolist()


def test_at_four_times_the_speed_a_term_takes_a_quarter_of_its_time() -> None:
    assert (hundredths(TERM_MS / 4), hundredths(TERM_MS / 16)) == (60, 20)


@pytest.mark.parametrize("suffix", MOVING)
def test_an_animation_plays_once_where_that_is_chosen(scene: Scene, suffix: str) -> None:
    loop = b"NETSCAPE2.0" if suffix == ".gif" else b"ANIM\x06\0\0\0\0\0\0\0\0\0"
    assert loop in saved(scene, suffix, scale=14)
    assert loop not in saved(scene, suffix, scale=14, loop=False)


@pytest.mark.long
@pytest.mark.parametrize("suffix", DRAWN)
@pytest.mark.parametrize("across", [64, 333, 1280])
def test_a_picture_is_as_wide_as_it_was_asked_to_be(scene: Scene, suffix: str, across: int) -> None:
    usual, wide = opened(saved(scene, suffix)), opened(saved(scene, suffix, width=across))
    assert wide.width == across
    assert wide.height == pytest.approx(usual.height * across / usual.width, abs=2)


@pytest.mark.parametrize("suffix", DRAWN)
def test_a_transparent_ground_is_seen_through_and_a_cell_is_not(scene: Scene, suffix: str) -> None:
    shown, theme = replace(scene, shapes=()), THEMES["light"]
    place = placement(shown, theme, 24.0)
    corner = view_box(shown)[:2] if suffix == ".svg" else (place.left, place.top)
    for t, frame in enumerate(frames(saved(shown, suffix, transparent=True, scale=24))):
        middles = ((shown.corners.mean(axis=1) + 0.3 - corner) * 24).astype(int)
        assert (frame[middles[:, 1], middles[:, 0], 3] == 255).all(), t
        edges = (frame[0], frame[-1], frame[:, 0], frame[:, -1])
        assert all((edge[:, 3] == 0).all() for edge in edges), t
    assert all(frame[..., 3].min() == 255 for frame in frames(saved(shown, suffix, scale=24)))


@pytest.mark.parametrize("view", ["flat", "isometric"])
def test_each_frame_on_a_transparent_ground_is_the_picture_without_it(view: str) -> None:
    shown, theme = cv.scene(cv.trace(cv.Conv(4, 3, padding=1)), view), THEMES["dark"]
    one, other = (frames(saved(shown, s, transparent=True, scale=20, theme="dark")) for s in (".gif", ".webp"))
    assert len(one) == shown.steps
    ground = np.array([int(theme.background[n : n + 2], 16) for n in (1, 3, 5)])
    for t, (gif, webp) in enumerate(zip(one, other, strict=True)):
        seen = gif[..., 3] == 255
        assert np.array_equal(seen, webp[..., 3] == 255) and np.array_equal(gif[seen], webp[seen]), t
        laid = np.where(seen[..., None], gif[..., :3], ground)
        assert np.abs(laid - pixels_at(shown, t, theme, 20).astype(int)).mean() < 2, t


def test_a_png_s_transparent_letters_lie_on_any_ground_as_if_drawn_there(scene: Scene) -> None:
    clear = opened(saved(scene, ".png", transparent=True, scale=30))
    for ground in ("#ffffff", "#88cc44"):
        under = Image.new("RGBA", clear.size, ground)
        under.alpha_composite(clear)
        pixels = np.asarray(under.convert("RGB")).astype(int)
        if ground == THEMES["light"].background:
            assert np.abs(pixels - pixels_at(scene, scene.steps - 1, THEMES["light"], 30)).max() <= 2


@pytest.mark.parametrize("suffix", DRAWN)
def test_the_sum_line_stands_under_the_picture_and_changes_with_the_step(scene: Scene, suffix: str) -> None:
    bare, summed = frames(saved(scene, suffix, scale=24)), frames(saved(scene, suffix, scale=24, sum_line=True))
    height = bare[0].shape[0]
    assert summed[0].shape[0] > height and summed[0].shape[1] == bare[0].shape[1]
    for t, (one, other) in enumerate(zip(bare, summed, strict=True)):
        apart = np.abs(one[: height - 2].astype(int) - other[: height - 2])
        assert apart.mean() < (3 if suffix == ".svg" else 1e-9), t
    strips = {frame[height:].tobytes() for frame in summed}
    assert len(strips) == len({scene.arithmetic(t) for t in range(len(summed))})


@pytest.mark.parametrize("kernel", [1, 3, 5, 7, 11])
@pytest.mark.parametrize("view", ["flat", "isometric", "channels"])
def test_the_lines_of_a_sum_fit_and_say_all_of_it_or_where_something_is_left_out(kernel: int, view: str) -> None:
    shown = cv.scene(cv.trace(cv.Conv(12, kernel, in_channels=2 if view == "channels" else 1)), view)
    sums = SumLine.under(shown)
    for t in range(0, shown.steps, 7):
        lines = sums.at(t)
        assert len(lines) <= LINES and all(width(text) * sums.size <= sums.room * 1.001 for text, _ in lines)
        assert 0 < lines[0][1] < lines[-1][1] + sums.size / 2 <= sums.height or len(lines) == 1
        told = " ".join(text for text, _ in lines)
        first, mark, last = told.partition("+ … ")
        whole = shown.arithmetic(t)
        assert whole.startswith(first) and whole.endswith(last) if mark else told == whole


WRONG = (
    ({"speed": 3}, "choice", {"speed": 2}),
    ({"speed": "fast"}, "choice", {"speed": 1}),
    ({"speed": float("nan")}, "choice", {"speed": 1}),
    ({"width": 10}, "smallest", {"width": WIDTH_RANGE[0]}),
    ({"width": 10**6}, "largest", {"width": WIDTH_RANGE[1]}),
    ({"width": 300.5}, "count", {"width": 300}),
    ({"width": 300, "scale": 20}, "width_scale", {"width": None}),
    ({"transparent": "yes"}, "flag", {"transparent": True}),
    ({"sum_line": 2}, "flag", {"sum_line": False}),
)


@pytest.mark.long
@pytest.mark.parametrize(("options", "key", "fix"), WRONG)
@pytest.mark.parametrize("suffix", MOVING)
def test_what_cannot_be_is_said_with_the_nearest_that_can(
    scene: Scene, suffix: str, options: dict[str, Any], key: str, fix: dict[str, Any]
) -> None:
    with pytest.raises(LayerError) as caught:
        saved(scene, suffix, **options)
    assert (caught.value.key, caught.value.fix) == (key, fix)
    assert len({caught.value.text(language) for language in LANGUAGES}) == len(LANGUAGES)
    saved(scene, suffix, **options | fix)


@pytest.mark.parametrize("suffix", DRAWN)
def test_a_picture_that_adds_nothing_up_has_no_sum_line(suffix: str) -> None:
    with pytest.raises(LayerError) as caught:
        saved(cv.scene(cv.trace(cv.Conv(5, 3)), "coverage"), suffix, sum_line=True)
    assert caught.value.key == "no_sum" and caught.value.fix == {"sum_line": False}


def test_the_command_has_the_options_and_names_a_file_after_its_speed(tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    words = "gif conv -i 5 -k 3 --pace terms --speed 4 --width 300 --transparent --sum-line --once"
    assert cli.main(words.split()) == 0
    data = (tmp_path / "conv2d-i5-k3-terms-4x.gif").read_bytes()
    options = {"pace": "terms", "speed": 4, "width": 300, "transparent": True, "sum_line": True, "loop": False}
    assert data == saved(cv.trace(cv.Conv(5, 3)), ".gif", **options)


@pytest.mark.parametrize(
    "words", ["--speed 3", "--width 5", "--width x", "--scale 9 --width 90", "--view coverage --sum-line"]
)
def test_the_command_says_what_cannot_be(words: str, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["gif", "conv", "-i", "5", "-k", "3", "-o", str(tmp_path / "x.gif"), *words.split()]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1 and not list(tmp_path.iterdir())


def test_options_are_checked_before_a_frame_is_drawn() -> None:
    with pytest.raises(LayerError):
        Options(speed=3).frames(cv.scene(cv.Conv(4, 3)), THEMES["light"])


@pytest.mark.long
@pytest.mark.parametrize("suffix", DRAWN)
def test_what_was_seen_as_tones_is_so_in_a_file_of_any_width(suffix: str) -> None:
    shown = cv.scene(cv.trace(cv.Conv(24, 21)))
    small, large = shown.at(3, 9.0), replace(shown, seen=9.0).at(3, 44.0)
    assert np.array_equal(small.looks, large.looks) and small.texts == large.texts and small.notes == large.notes
    assert not np.array_equal(shown.at(3, 44.0).looks, large.looks)
    assert saved(replace(shown, seen=9.0), suffix, width=2000) != saved(shown, suffix, width=2000)
