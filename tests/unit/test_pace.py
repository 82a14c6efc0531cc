"""Paces: a step at once, or term by term; a file shows what the player shows, frame by frame."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import convviz as cv
from convviz import cli
from convviz.errors import LayerError
from convviz.export.formats import FORMATS, Options
from convviz.export.html import html
from convviz.paint.drawing import Drawing
from convviz.paint.pixels import Placement
from convviz.scene.moments import PACES, TERM_MS, Moment, count_unfolded, pair, unfolded
from convviz.scene.scene import Scene
from convviz.themes import THEMES

MOVING = [one.suffix for one in FORMATS if one.kind == "animation"]
SCALE = 30.0


@pytest.fixture(scope="module")
def scene() -> Scene:
    return cv.scene(cv.trace(cv.Conv(4, 3, bias=True)))


def frames(shown: Any, suffix: str, **options: Any) -> list[tuple[NDArray[Any], int]]:
    """The pixels of each frame, and its milliseconds."""
    file = io.BytesIO()
    cv.save(shown, file, suffix=suffix, **options)
    with Image.open(file) as image:
        found = []
        for n in range(image.n_frames):
            image.seek(n)
            pixels = np.asarray(image.convert("RGB")).astype(int)
            found.append((pixels, int(image.info["duration"])))
        return found


def test_what_is_shown_is_counted_without_going_through_it(picture: Any) -> None:
    for pace in PACES:
        all_shown = list(unfolded(picture.scene, pace))
        assert len(all_shown) == count_unfolded(picture.scene, pace)
        assert [t for t, moment in all_shown if moment is None] == list(range(picture.scene.steps))
        slow = {t for t, moment in all_shown if moment}
        assert slow <= {"steps": set(), "first": {0}, "terms": set(range(picture.scene.steps))}[pace]


@pytest.mark.only(lambda picture: "products" in picture.scene.order)
def test_the_cells_of_each_term_are_a_value_its_weight_and_their_product(picture: Any) -> None:
    scene = picture.scene
    for t in (0, scene.steps - 1):
        texts, terms = scene.texts_at(t), scene.track["products"].marks[t]
        for n in range(int((terms >= 0).sum())):
            product, *factors = pair(scene, t, Moment(0, n + 1))
            if texts[product] and len(factors) == 2:  # of zeros that are inserted no weight is lit
                values = [float((texts[m] or "0").replace("−", "-")) for m in (product, *factors)]
                assert values[0] == pytest.approx(values[1] * values[2], rel=1e-2)
        assert pair(scene, t, Moment(0, 0)) == pair(scene, t, Moment(2)) == []


def written(scene: Scene, pixels: NDArray[Any], marks: list[int]) -> list[bool]:
    """Whether something is written in the middle of each cell of a picture."""
    place, found = Drawing(scene, THEMES["light"], SCALE).place, []
    for mark in marks:
        (left, top), (right, bottom) = place.pixels(scene.corners[mark][[0, 2]]) + np.array([[8, 8], [-8, -8]])
        part = pixels[int(top) : int(bottom), int(left) : int(right)]
        found.append(bool(np.ptp(part, axis=(0, 1)).max()))
    return found


def outlined(pixels: NDArray[Any], place: Placement, corners: NDArray[Any]) -> bool:
    """Whether a cell is lit: its left and its right side have the colour of what is lit."""
    lit = THEMES["light"].paint("lit").line
    accent = [int(lit[n : n + 2], 16) for n in (1, 3, 5)]
    sides = [place.pixels(corners[ends].mean(axis=0)).astype(int) for ends in ([0, 3], [1, 2])]
    return all((pixels[y, x - 2 : x + 3] == accent).all(axis=1).any() for x, y in sides)


def test_a_step_of_a_gif_is_read_back_term_by_term(scene: Scene) -> None:
    shown = frames(scene, ".gif", pace="terms", scale=SCALE)
    each = len(shown) // scene.steps
    assert each == 9 + 1 + 1 + 1, "no term, nine terms, the total with its bias, the whole step"
    place = Drawing(scene, THEMES["light"], SCALE).place
    for t in range(scene.steps):
        products, (total,), (output,) = (scene.track[name].marks[t].tolist() for name in scene.order)
        for n, (pixels, _) in enumerate(shown[each * t : each * (t + 1)]):
            assert written(scene, pixels, products) == [k < n for k in range(9)]
            assert written(scene, pixels, [total, output]) == [n > 0, n == each - 1]
            assert [outlined(pixels, place, scene.corners[m]) for m in products] == [k == n - 1 for k in range(9)]


@pytest.mark.parametrize("suffix", MOVING)
@pytest.mark.parametrize("pace", PACES)
def test_each_format_has_the_frames_of_the_pace_and_their_times(suffix: str, pace: str, scene: Scene) -> None:
    found = frames(scene, suffix, pace=pace, scale=12, step_ms=600, pause_ms=1200)
    wanted = list(Options(pace=pace, step_ms=600, pause_ms=1200).frames(scene, THEMES["light"]))
    assert len(found) == count_unfolded(scene, pace) == len(wanted)
    assert [one.milliseconds for one in wanted[:-1]] == [TERM_MS if one.moment else 600 for one in wanted[:-1]]
    assert wanted[-1].milliseconds == 1200
    drawing = Drawing(scene, THEMES["light"], 12)
    for (pixels, _), (step, moment, _) in zip(found, wanted, strict=True):
        drawing.show(step, moment)
        assert np.abs(drawing.pixels[..., :3].astype(int) - pixels).mean() <= 2, (step, moment)
    if suffix == ".gif":
        assert [milliseconds for _, milliseconds in found] == [one.milliseconds for one in wanted]


def test_a_moment_is_the_same_by_whatever_route(scene: Scene) -> None:
    drawing = Drawing(scene, THEMES["dark"], 24)
    shown = list(unfolded(scene, "terms"))
    for n in np.random.default_rng(0).permutation(len(shown))[:20].tolist():
        anew = Drawing(scene, THEMES["dark"], 24)
        anew.show(*shown[n])
        drawing.show(*shown[n])
        assert np.array_equal(anew.pixels, drawing.pixels), shown[n]


class Nowhere(io.RawIOBase):
    def write(self, data: Any) -> int:
        return len(data)


@pytest.mark.long
@pytest.mark.parametrize("suffix", MOVING)
def test_term_by_term_memory_does_not_grow_either(suffix: str) -> None:
    long = cv.scene(cv.trace(cv.Conv((28,), 5)))

    def peak(pace: str) -> int:
        tracemalloc.start()
        try:
            cv.save(long, Nowhere(), suffix=suffix, scale=12, pace=pace)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    cv.save(long, Nowhere(), suffix=suffix, scale=12, pace="terms")  # the outlines of its letters are kept from here on
    assert count_unfolded(long, "terms") == 24 * 8
    assert peak("terms") < peak("first") + 400_000


@pytest.mark.parametrize("suffix", MOVING)
def test_progress_counts_frames(suffix: str, scene: Scene) -> None:
    told: list[tuple[int, int]] = []
    cv.save(scene, Nowhere(), suffix=suffix, scale=12, pace="first", progress=lambda *said: told.append(said))
    frames = count_unfolded(scene, "first")
    assert told == [(n + 1, frames) for n in range(frames)]


def test_a_pace_that_there_is_not_names_the_nearest(scene: Scene) -> None:
    for wrong, nearest in (("term", "terms"), ("slow", "steps"), (3, "steps")):
        with pytest.raises(LayerError) as caught:
            cv.save(scene, Nowhere(), suffix=".gif", pace=wrong)  # type: ignore[arg-type]
        assert caught.value.fix == {"pace": nearest} and caught.value.key == "choice"


def test_the_command_takes_a_pace_and_names_the_file_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["gif", "conv2d-i4-k3", "--pace", "terms", "--scale", "12"]) == 0
    cv.save(cv.Conv(4, 3), "python.gif", scale=12, pace="terms")
    assert Path("conv2d-i4-k3-terms.gif").read_bytes() == Path("python.gif").read_bytes()
    assert cli.main(["gif", "conv2d-i4-k3", "--pace", "slow"]) == 2
    assert all(pace in capsys.readouterr().err for pace in ("terms",))


def test_a_page_of_its_own_opens_with_the_pace(scene: Scene) -> None:
    assert '"pace":"first"' in html(scene, THEMES["light"])
    assert '"pace":"terms"' in html(scene, THEMES["light"], Options(pace="terms"))
