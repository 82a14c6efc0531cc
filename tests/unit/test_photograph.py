"""A photograph in a file has the greys of the page: GIF, WebP, PNG and SVG are written, and read back cell by cell."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from gallery import PHOTOGRAPH
from PIL import Image
from reading import Stylesheet, fills, places

import convviz as cv
from convviz.kernels import KERNELS
from convviz.paint.drawing import pixels_at
from convviz.paint.pixels import placement
from convviz.scene.canvas import tone_levels
from convviz.scene.roles import ROLES, SCALES, Look
from convviz.scene.scene import Scene
from convviz.themes import THEMES, Theme

SCALE = 24.0
STEP = 1
SVG = "{http://www.w3.org/2000/svg}"

photographs = pytest.mark.only(lambda picture: picture.x is not None)
every_theme = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def written(scene: Scene, theme: Theme, suffix: str) -> io.BytesIO:
    """A file of the scene, without the shapes that lie over its cells."""
    file = io.BytesIO()
    cv.save(replace(scene, shapes=()), file, theme.name, scale=SCALE, step=STEP, suffix=suffix)
    return file


def from_pixels(scene: Scene, theme: Theme, suffix: str) -> list[str]:
    with Image.open(written(scene, theme, suffix)) as file:
        if getattr(file, "is_animated", False):
            file.seek(STEP)
        pixels = np.asarray(file.convert("RGB"))
    return fills(scene, pixels, placement(scene, theme, SCALE))


def from_svg(scene: Scene, theme: Theme, suffix: str) -> list[str]:
    root = ElementTree.fromstring(written(scene, theme, suffix).getvalue())
    style = root.find(f"{SVG}style")
    rules = Stylesheet(str(style.text) if style is not None else "")
    cells = [node.attrib for node in root.iter(f"{SVG}polygon")][: scene.cells]  # they come first, in their order
    return [rules.of("polygon", cell["class"])["fill"] for cell in cells]


READERS: dict[str, Callable[[Scene, Theme, str], list[str]]] = {
    ".gif": from_pixels,
    ".webp": from_pixels,
    ".png": from_pixels,
    ".svg": from_svg,
}


@pytest.mark.parametrize("suffix", READERS)
@every_theme
@photographs
@pytest.mark.long
def test_a_file_has_the_greys_of_the_values(picture: Any, theme: Theme, suffix: str) -> None:
    scene, levels = picture.scene, tone_levels(picture.trace.x).ravel()
    found = READERS[suffix](scene, theme, suffix)
    stands = {mark: index for mark, index in places(scene, "x").items() if ROLES[scene.roles[mark]] == "tone"}
    assert stands
    for mark, index in stands.items():
        assert found[mark] == theme.table[Look("tone", "", int(levels[index]))].fill, mark


@every_theme
@photographs
def test_an_input_that_is_no_longer_read_is_no_pixel(picture: Any, theme: Theme) -> None:
    scene = picture.scene
    found = from_pixels(scene, theme, ".png")
    for mark, role in enumerate(scene.roles.tolist()):
        if ROLES[role] == "unread" and mark not in scene.covered:
            assert found[mark] == theme.paint("unread").fill


@pytest.mark.only(lambda picture: picture.x is not None and picture.layer.input_size == (6, 6))
def test_the_gallery_s_photographs_have_pixels_of_every_level(picture: Any) -> None:
    assert set(picture.scene.levels.tolist()) == set(range(SCALES["tone"]))


def test_black_is_the_lowest_level_and_white_the_highest() -> None:
    assert tone_levels(np.array([-3, 0, 255, 999])).tolist() == [0, 0, SCALES["tone"] - 1, SCALES["tone"] - 1]
    assert (np.diff(tone_levels(np.arange(256))) >= 0).all()
    assert np.bincount(tone_levels(np.arange(256))).min() >= 256 // SCALES["tone"] // 2, "no level is passed over"


@every_theme
@pytest.mark.parametrize("view", ["flat", "isometric"])
@pytest.mark.parametrize("name", KERNELS)
def test_an_output_is_a_picture_again_where_the_weights_add_up_to_one(name: str, view: str, theme: Theme) -> None:
    layer = cv.Conv(8, 3)
    grey = PHOTOGRAPH.array(layer.x_shape, 0, 255)
    weight, divisor = cv.kernel(name, 3)
    trace = cv.trace(layer, grey, weight[None, None], divisor=divisor)
    shown = cv.scene(trace, view, pixels=True)
    board = next(grid for grid in shown.grids if grid.name == "output")
    again = weight.sum() == divisor
    assert {ROLES[role] for role in board.roles} == {"picture" if again else "output"}
    if again:
        assert board.levels is not None and board.tones is None
        wanted = [theme.paint("picture", level=level).fill for level in tone_levels(trace.output).ravel().tolist()]
        last = replace(shown, shapes=())
        drawn = fills(last, pixels_at(last, len(trace) - 1, theme, SCALE), placement(last, theme, SCALE))
        assert drawn[board.first : board.first + board.count - 1] == wanted[:-1]
        assert theme.paint("picture", "pending") == theme.paint("output", "pending")
