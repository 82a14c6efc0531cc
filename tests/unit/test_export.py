"""Files: right in every reader, whole or not there, and no larger in memory for having many frames."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import imageio.v3 as imageio
import numpy as np
import pytest
from PIL import Image, ImageSequence
from reading import fitting

import convviz as cv
from convviz.errors import LayerError
from convviz.export.gif import gif
from convviz.export.name import file_name
from convviz.export.palette import CLEAR, Quantiser, colours
from convviz.paint.drawing import pixels_at
from convviz.pens import Paint
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.themes import THEMES, Theme


@pytest.fixture(scope="module")
def scene() -> Scene:
    return cv.scene(cv.trace(cv.Conv(5, 3, stride=2, padding=1)))


def saved(shown: Any, **options: Any) -> bytes:
    file = io.BytesIO()
    cv.save(shown, file, **{"suffix": ".gif", "scale": 16} | options)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_one_frame_a_step_at_its_pace_with_a_pause_before_it_starts_again(scene: Scene) -> None:
    with opened(saved(scene, step_ms=250, pause_ms=900)) as file:
        assert file.n_frames == scene.steps
        assert file.info["loop"] == 0
        durations = [part.info["duration"] for part in ImageSequence.Iterator(file)]
    assert durations == [250] * (scene.steps - 1) + [900]


def test_paces_left_out_are_the_theme_s(scene: Scene) -> None:
    for theme in THEMES.values():
        with opened(saved(scene, theme=theme.name)) as file:
            durations = [part.info["duration"] for part in ImageSequence.Iterator(file)]
        assert durations == [theme.step_ms] * (scene.steps - 1) + [theme.pause_ms]


def test_imageio_reads_the_same_frames_as_pillow(scene: Scene) -> None:
    data = saved(scene)
    frames = imageio.imread(data, extension=".gif", index=None, mode="RGB")
    with opened(data) as file:
        ours = [np.asarray(part.convert("RGB")) for part in ImageSequence.Iterator(file)]
    assert np.array_equal(frames, np.stack(ours))


def paints(scene: Scene, theme: Theme) -> list[Paint]:
    """All paints that cells of the scene's roles may have."""
    toned = any(scene.shows_tones())
    return [
        paint
        for look, paint in theme.table.items()
        if ROLES.index(look.role) in scene.roles and (toned or not look.tone)
    ]


def test_frames_are_the_painter_s_pictures_in_the_palette_s_colours(picture: Any) -> None:
    """Flat areas exactly; the mixes at the edges of lines and letters near enough that nobody sees it."""
    shown = picture.scene
    theme = THEMES["light"]
    few = replace(shown, steps=min(shown.steps, 3))
    fills = {theme.background, *(paint.fill for paint in paints(shown, theme))} - {""}
    flat = {int(fill[1:], 16) for fill in fills}
    scale = fitting(shown, 14)
    with opened(gif(few, theme, scale=scale)) as file:
        for t, part in enumerate(ImageSequence.Iterator(file)):
            there, here = np.asarray(part.convert("RGB")).astype(int), pixels_at(shown, t, theme, scale).astype(int)
            apart = np.abs(there - here)
            assert apart.max() <= (112 if len({curve.role for curve in shown.curves}) > 2 else 96)  # where hues cross
            assert apart.mean() <= 2
            changed = here[apart.any(axis=2)] @ (1 << 16, 1 << 8, 1)
            assert not flat & set(changed.tolist())


def test_equal_steps_are_frames_all_the_same() -> None:
    scene = cv.scene(cv.trace(cv.Conv(5, 3)))
    still = replace(scene, tracks=tuple(replace(t, marks=np.repeat(t.marks[:1], 9, axis=0)) for t in scene.tracks))
    still = replace(still, step_texts=(), grids=tuple(replace(grid, born=None) for grid in still.grids))
    data = saved(still)
    with opened(data) as file:
        assert file.n_frames == 9
        pictures = [part.convert("RGB").tobytes() for part in ImageSequence.Iterator(file)]
    assert len(set(pictures)) == 1
    assert len(data) < len(saved(replace(still, steps=1))) + 8 * 40, (
        "a frame in which nothing changes costs next to nothing"
    )


def test_a_palette_has_the_theme_s_colours_and_at_most_256(picture: Any) -> None:
    theme = THEMES[sorted(THEMES)[picture.scene.cells % len(THEMES)]]
    table = colours(picture.scene, theme)
    assert len(table) <= 256
    known = {tuple(colour) for colour in table[CLEAR + 1 :].tolist()}
    for fill in {paint.fill for paint in paints(picture.scene, theme)} - {""}:
        assert tuple(int(fill[n : n + 2], 16) for n in (1, 3, 5)) in known


def test_a_quantiser_finds_the_nearest_colour_and_never_the_clear_one() -> None:
    table = np.array([[0, 0, 0], [255, 255, 255], [0, 0, 0], [200, 30, 30]], dtype=np.uint8)
    pixels = np.array(
        [[[250, 250, 250, 255], [3, 0, 9, 255], [190, 40, 10, 255], [255, 255, 255, 255]]], dtype=np.uint8
    )
    assert Quantiser(table)(pixels).tolist() == [[1, 2, 3, 1]]


def test_a_still_is_the_painter_s_picture(scene: Scene) -> None:
    for step, t in ((0, 0), (3, 3), (-1, scene.steps - 1), (None, scene.steps - 1)):
        with opened(saved(scene, suffix=".png", step=step, theme="dark")) as file:
            assert np.array_equal(np.asarray(file.convert("RGB")), pixels_at(scene, t, THEMES["dark"], 16))


def test_svg_is_a_picture_of_the_asked_scale(scene: Scene) -> None:
    sizes = [float(ElementTree.fromstring(saved(scene, suffix=".svg", scale=s)).attrib["width"]) for s in (16, 32)]
    assert sizes[1] == pytest.approx(2 * sizes[0], abs=1)


@pytest.mark.parametrize("suffix", [".gif", ".png", ".svg", ".GIF"])
def test_files_may_have_any_name(tmp_path: Path, scene: Scene, suffix: str) -> None:
    path = tmp_path / f"卷积 №1 – façade{suffix}"
    cv.save(scene, path, scale=8)
    cv.save(scene, str(path), scale=8)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_size > 100


@pytest.mark.parametrize(
    "shown", [cv.Conv(4, 3), cv.trace(cv.MaxPool(4, 2)), cv.Network([cv.Conv(5, 3), cv.Conv(3, 3)])]
)
def test_layers_traces_and_networks_are_laid_out_first(shown: Any) -> None:
    assert saved(shown)[:6] == b"GIF89a"


def test_view_and_language_lay_a_trace_out() -> None:
    trace = cv.trace(cv.Conv(4, 3))
    assert saved(trace, view="isometric") == saved(cv.scene(trace, view="isometric"))
    assert saved(trace, language="zh") == saved(cv.scene(trace, language="zh")) != saved(trace)


def test_progress_is_told_frame_by_frame(scene: Scene) -> None:
    told: list[tuple[int, int]] = []
    saved(scene, progress=lambda done, total: told.append((done, total)))
    assert told == [(n + 1, scene.steps) for n in range(scene.steps)]


@pytest.mark.parametrize("before", [None, b"the last good one"])
def test_what_goes_wrong_leaves_nothing_behind(tmp_path: Path, scene: Scene, before: bytes | None) -> None:
    path = tmp_path / "out.gif"
    if before:
        path.write_bytes(before)

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cv.save(scene, path, scale=16, progress=stop)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == ([before] if before else [])


def test_a_folder_that_is_not_there_is_named_as_it_was_given(tmp_path: Path, scene: Scene) -> None:
    with pytest.raises(OSError, match=r"out\.gif") as caught:
        cv.save(scene, tmp_path / "none" / "out.gif")
    assert caught.value.filename == str(tmp_path / "none" / "out.gif")


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({"suffix": ".mp4"}, "suffix"),
        ({"suffix": ""}, "suffix"),
        ({"theme": "sepia"}, "theme"),
        ({"step_ms": 10}, "step_ms"),
        ({"step_ms": 10**6}, "step_ms"),
        ({"step_ms": float("nan")}, "number_type"),
        ({"step_ms": "600"}, "number_type"),
        ({"pause_ms": None, "step_ms": True}, "number_type"),
        ({"pause_ms": 1j}, "number_type"),
        ({"pause_ms": -1}, "step_ms"),
        ({"scale": 1}, "scale"),
        ({"scale": 399}, "pixels"),
        ({"suffix": ".png", "step": 9}, "step"),
        ({"suffix": ".png", "step": -10}, "step"),
        ({"suffix": ".svg", "step": 1.5}, "count"),
        ({"suffix": ".svg", "step": True}, "count"),
        ({"scale": "44"}, "number_type"),
        ({"scale": 1j}, "number_type"),
        ({"loop": None}, "loop"),
        ({"suffix": ".svg", "scale": 1}, "scale"),
    ],
)
def test_what_cannot_be_saved_says_what_can(scene: Scene, options: dict[str, Any], key: str) -> None:
    with pytest.raises(LayerError, match="- try ") as caught:
        saved(scene, **options)
    assert caught.value.key == key
    if key not in ("suffix", "theme"):
        fixed = {("step_ms" if name == "pause_ms" else name): value for name, value in caught.value.fix.items()}
        assert saved(scene, **options | fixed | ({"pause_ms": None} if "pause_ms" in options else {}))


def test_numbers_of_numpy_are_numbers(scene: Scene) -> None:
    given = {"step_ms": np.int64(250), "pause_ms": np.float32(900), "scale": np.float64(12), "loop": np.bool_(False)}
    assert saved(scene, **given) == saved(scene, step_ms=250, pause_ms=900, scale=12, loop=False)
    still = {"suffix": ".png", "scale": 12}
    assert saved(scene, step=np.int8(3), **still) == saved(scene, step=3, **still)


def test_a_name_that_no_file_can_have_is_refused_with_one_that_can(tmp_path: Path, scene: Scene) -> None:
    for name in ("a\0b.gif", "\ud800.gif"):
        with pytest.raises(LayerError, match=r"try out\.gif"):
            cv.save(scene, tmp_path / name)
    with pytest.raises(LayerError, match="is a folder"):
        cv.save(scene, tmp_path)


def test_a_suffix_that_is_not_written_is_refused_before_the_picture_is_made(tmp_path: Path) -> None:
    with pytest.raises(LayerError, match=r"out\.mp4 - cannot be written in this format, .* - try out\.gif"):
        cv.save("no layer at all", tmp_path / "out.mp4")


class Nowhere(io.RawIOBase):
    def write(self, data: Any) -> int:
        return len(data)


def peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_frames() -> None:
    scene = cv.scene(cv.trace(cv.Conv(16, 3)))
    options = {"theme": "light", "suffix": ".gif", "scale": 12}
    few, many = (
        peak(lambda steps=steps: cv.save(replace(scene, steps=steps), Nowhere(), **options))
        for steps in (20, scene.steps)
    )
    assert scene.steps == 196
    assert many < few + 400_000, "less than two pictures more"


def test_two_threads_save_as_one_does() -> None:
    jobs = [(cv.Conv(n, 3), theme) for n in (4, 5) for theme in ("light", "dark", "classic")]
    alone = [saved(layer, theme=theme) for layer, theme in jobs]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda job: saved(job[0], theme=job[1]), jobs)) == alone


def test_names_say_the_settings() -> None:
    assert (
        file_name(cv.trace(cv.Conv(5, 3, padding=((0, 1), (2, 2)))), ".png", "flat") == "conv2d-i5-k3-p0.1x2-flat.png"
    )
    assert file_name(cv.Network([cv.Conv(5, 3), cv.Conv(3, 3)])) == "conv2d-i5-k3+conv2d-i3-k3.gif"
    assert file_name(cv.scene(cv.Conv(5, 3))) == "conv-flat.gif"
