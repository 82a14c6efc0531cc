"""What stands in front covers what is behind: the same in the pixels of a file and of the browser."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import convviz as cv
from convviz.paint.drawing import pixels_at
from convviz.paint.pixels import Placement, placement
from convviz.paint.svg import view_box
from convviz.scene.roles import LOOKS
from convviz.scene.scene import Scene
from convviz.themes import THEMES, Theme

SCALE = 30.0
EVERY = 0.11
"""Cells between the points that are looked at."""


def slabs(channels: int) -> Scene:
    """A picture of slabs in colours, which do not depend on its size, without the outlines that lie over them."""
    layer = cv.Conv(
        5, 3, padding=1, in_channels=channels, out_channels=channels, groups=channels if channels > 4 else 1
    )
    return replace(cv.scene(layer, "slabs", tones=True), shapes=())


def looked_at(scene: Scene, theme: Theme, step: int) -> tuple[NDArray[Any], list[str], set[int]]:
    """Points of the picture that lie on the ground of a cell, the colour that each must have, and the cells."""
    left, top, right, bottom = scene.bounds
    x, y = np.meshgrid(np.arange(left, right, EVERY), np.arange(top, bottom, EVERY))
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    owner, place = np.full(len(points), -1), np.zeros((len(points), 2))
    for grid in scene.grids:
        here = (points - np.array(grid.corner)) @ np.linalg.inv(np.array([grid.across, grid.down]))
        inside = ((here > 0) & (here < (grid.columns, grid.rows))).all(axis=1)
        column, row = np.floor(here[inside]).astype(int).T
        owner[inside], place[inside] = grid.first + row * grid.columns + column, here[inside] % 1
    ground = (place > 0.2).all(axis=1) & (place < 0.8).all(axis=1)
    written = (np.abs(place[:, 0] - 0.5) < 0.42) & (np.abs(place[:, 1] - 0.5) < 0.26) | (place[:, 1] > 0.68)
    clear = (owner >= 0) & ground & ~written
    looks = scene.at(step, SCALE).looks
    fills = [theme.table[LOOKS[looks[mark]]].fill or theme.background for mark in owner[clear].tolist()]
    return points[clear], fills, set(owner[clear].tolist())


def wrong(pixels: NDArray[Any], place: Placement, points: NDArray[Any], fills: list[str]) -> list[Any]:
    """The points whose colour is another one."""
    at = place.pixels(points).astype(int)
    found = pixels[at[:, 1], at[:, 0], :3].astype(int)
    wanted = np.array([[int(fill[n : n + 2], 16) for n in (1, 3, 5)] for fill in fills])
    return np.flatnonzero(np.abs(found - wanted).max(axis=1) > 3).tolist()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("channels", [3, 4, 8])
def test_slabs_cover_one_another_alike_in_a_file_and_in_the_browser(
    opened: Callable[..., Any], channels: int, theme: str
) -> None:
    scene, step = slabs(channels), 12
    points, fills, seen = looked_at(scene, THEMES[theme], step)
    assert len(scene.covered) > 5 * channels and len(points) > 500
    assert len(seen & set(scene.covered.tolist())) < len(scene.covered), "some are covered whole"

    pixels = pixels_at(scene, step, THEMES[theme], SCALE)
    assert not wrong(pixels, placement(scene, THEMES[theme], SCALE), points, fills)

    alone = opened(scene, theme=theme)
    alone.page.set_viewport_size({"width": 1900, "height": 1000})
    alone.part("scrub").fill(str(step))
    alone.at(step)
    svg = alone.part("svg")
    image = np.asarray(Image.open(io.BytesIO(svg.screenshot())).convert("RGB"))
    left, top, width, height = view_box(scene)
    scale = min(image.shape[1] / width, image.shape[0] / height)
    beside, above = (image.shape[1] / scale - width) / 2, (image.shape[0] / scale - height) / 2
    there = Placement(scale, left - beside, top - above, image.shape[1], image.shape[0])
    assert not wrong(image, there, points, fills)


@pytest.mark.parametrize("channels", [3, 4, 8])
def test_what_is_covered_bears_nothing_in_the_browser(
    opened: Callable[..., Any], drawn: Callable[[Any], dict[str, Any]], channels: int
) -> None:
    scene = slabs(channels)
    alone = opened(scene)
    page = drawn(alone.player)
    covered = set(scene.covered.tolist())
    assert covered and not covered & {mark for mark, _, _ in page["texts"]}
    texts = {mark for mark, text in enumerate(scene.at(0).texts) if text}
    assert not covered & texts
