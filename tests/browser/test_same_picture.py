"""The GIF, the WebP and the HTML page of a scene show the same picture, read back at three steps."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from depth import SOAK
from numpy.typing import NDArray
from PIL import Image

import convviz as cv
from convviz.page.sources import FACE
from convviz.page.values import Values
from convviz.paint.drawing import pixels_at
from convviz.paint.pixels import Placement, placement
from convviz.paint.svg import view_box
from convviz.scene.canvas import number
from convviz.scene.roles import LOOKS
from convviz.scene.scene import Scene
from convviz.scene.tones import scale_of, toned
from convviz.themes import THEMES

GREY = cv.Conv(12, 3, padding=1, stride=2)
PHOTOGRAPH = cv.trace(GREY, Values("photo", (20, 30)).array(GREY.x_shape, -9, 9))
SCENES = {
    "flat": lambda: cv.scene(cv.trace(cv.Conv(5, 3, stride=2, padding=1))),
    "isometric": lambda: cv.scene(cv.trace(cv.Conv(5, 3, padding=1)), view="isometric"),
    "transposed stamp": lambda: cv.scene(cv.trace(cv.ConvTranspose(3, 3, stride=2)), view="stamp"),
    "all values as colours": lambda: cv.scene(cv.trace(cv.Conv(5, 3, padding=1)), tones=True),
    "stamps as colours": lambda: cv.scene(cv.trace(cv.ConvTranspose(3, 3, stride=2)), view="stamp", tones=True),
    "photograph": lambda: cv.scene(PHOTOGRAPH, view="flat", pixels=True),
    "matrix, in Chinese": lambda: cv.scene(cv.trace(cv.Conv(4, 3)), view="matrix", language="zh"),
}
SPOTS = ((0.5, 0.5), (0.5, 0.14), (0.5, 0.86), (0.14, 0.5), (0.86, 0.5), (0.22, 0.22), (0.78, 0.22))
"""Places in a cell, as shares of its width and height: a text or a line goes through less than half of them."""


def frame(scene: Scene, suffix: str, theme: str, scale: float, step: int) -> NDArray[Any]:
    """The pixels of one step of an animation."""
    file = io.BytesIO()
    cv.save(scene, file, theme, scale=scale, suffix=suffix)
    with Image.open(file) as image:
        assert image.n_frames == scene.steps
        image.seek(step)
        return np.asarray(image.convert("RGB")).astype(int)


def fills(scene: Scene, pixels: NDArray[Any], place: Placement) -> list[tuple[int, ...]]:
    """The colour of most spots of each cell."""
    first, across, down = (scene.corners[:, n] for n in (0, 1, 3))
    seen = []
    for x, y in SPOTS:
        at = place.pixels(first + x * (across - first) + y * (down - first)).astype(int)
        seen.append([tuple(colour) for colour in pixels[at[:, 1], at[:, 0]].tolist()])
    return [Counter(colours).most_common(1)[0][0] for colours in zip(*seen, strict=True)]


def shown(alone: Any, scene: Scene) -> tuple[NDArray[Any], Placement]:
    """A screenshot of the page's picture, and where the scene lies in it."""
    svg = alone.part("svg")
    image = Image.open(io.BytesIO(svg.screenshot())).convert("RGB")
    left, top, width, height = view_box(scene)
    scale = min(image.width / width, image.height / height)
    beside, above = (image.width / scale - width) / 2, (image.height / scale - height) / 2
    return np.asarray(image).astype(int), Placement(scale, left - beside, top - above, image.width, image.height)


EVERY = [(name, theme) for name in SCENES for theme in ("light", "dark")]


@pytest.mark.parametrize(("name", "theme"), EVERY if SOAK else EVERY[::4] + EVERY[3::4])
def test_three_files_show_the_same_picture_at_three_steps(
    opened: Callable[..., Any], drawn: Callable[[Any], dict[str, Any]], name: str, theme: str
) -> None:
    scene = SCENES[name]()
    alone = opened(scene, theme=theme)
    for step in (0, scene.steps // 2, scene.steps - 1):
        alone.part("scrub").fill(str(step))
        alone.at(step)
        page = drawn(alone.player)
        pixels, place = shown(alone, scene)
        there = placement(scene, THEMES[theme], 30.0)
        gif, webp = (frame(scene, suffix, theme, 30.0, step) for suffix in (".gif", ".webp"))
        assert np.array_equal(gif, webp)
        apart = np.abs(webp - pixels_at(scene, step, THEMES[theme], 30.0).astype(int))
        assert apart.max() <= 96 and apart.mean() <= 2, "near the painter's own, at the edges of lines and letters"

        wanted, found = fills(scene, webp, there), fills(scene, pixels, place)
        differ = [m for m in range(scene.cells) if np.abs(np.subtract(wanted[m], found[m])).max() > 2]
        assert not differ, [(m, wanted[m], found[m]) for m in differ[:5]]

        here = scene.at(step)
        classes = {mark: look for mark, look, _ in page["cells"]}
        assert classes == {mark: LOOKS[look].classes for mark, look in enumerate(here.looks.tolist())}
        texts = {mark: text for mark, _, text in page["texts"]}
        legible = {m: text for m, text in enumerate(here.texts) if text and m in texts}
        assert texts == legible and (name == "photograph" or len(texts) == sum(map(bool, here.texts)))
        assert page["labels"] == [label.text for label in scene.labels]
        assert page["sentence"] == scene.sentence(step)
        for (_, points), wanted_points in zip(page["shapes"], here.points, strict=True):
            numbers = [float(v) for v in points.replace(",", " ").split()]
            assert numbers == pytest.approx([] if wanted_points is None else wanted_points.ravel().tolist(), abs=0.002)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_face_under_an_edge_kernel_has_the_tones_of_the_engine_s_values(
    opened: Callable[..., Any], theme: str
) -> None:
    """Read back from the pixels of the page: its numbers are too small, so tones are seen without being asked for."""
    layer = cv.Conv(32, 3)
    edge = np.array([[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]])
    trace = cv.trace(layer, Values("photo", FACE).array(layer.x_shape, 0, 5), edge)
    scene = cv.scene(trace, pixels=True)
    alone = opened(scene, theme=theme)
    last = scene.steps - 1
    alone.part("scrub").fill(str(last))
    alone.at(last)
    alone.part("svg").evaluate("(svg) => (svg.querySelector('.shapes').style.display = 'none')")
    pixels, place = shown(alone, scene)
    board = next(grid for grid in scene.grids if grid.name == "output")
    found = fills(scene, pixels, place)[board.first : board.first + board.count]
    tones = [tuple(int(fill[n : n + 2], 16) for n in (1, 3, 5)) for fill in THEMES[theme].tones]
    levels = toned(trace.output, scale_of(trace.output)).ravel()
    wrong = [n for n, level in enumerate(levels) if np.abs(np.subtract(tones[level - 1], found[n])).max() > 2]
    assert not wrong and len(set(levels.tolist())) == len(tones)
    strokes = alone.part("svg").evaluate("(svg) => svg.querySelector('.minuses').innerHTML.split('M').length - 1")
    assert strokes == (trace.output < 0).sum()
    texts = alone.part("svg").evaluate("(svg) => [...svg.querySelectorAll('.scales text')].map((n) => n.textContent)")
    assert texts == [f"−{number(np.abs(trace.output).max())}", "0", number(np.abs(trace.output).max())]
