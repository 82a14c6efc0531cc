"""Every painter draws what the scene holds: the same marks, roles, states and words, for the whole gallery."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from convviz.paint.frames import Frames
from convviz.paint.raster import Sheet
from convviz.paint.svg import svg
from convviz.scene.marks import ROLES, STATES
from convviz.scene.scene import Scene
from convviz.themes import THEMES

SVG = "{http://www.w3.org/2000/svg}"
SCALE = 24.0
ASIDE = (0.5, 0.14)
"""A place in a cell where neither its text nor its outline is."""


def some_steps(scene: Scene) -> list[int]:
    return sorted({0, scene.steps // 2, scene.steps - 1})


def colour(text: str) -> list[int]:
    return [int(text[n : n + 2], 16) for n in (1, 3, 5)]


def classes(scene: Scene, mark: int, state: int) -> set[str]:
    """What a cell must be called."""
    grid = next(g for g in scene.grids if g.first <= mark < g.first + g.count)
    role = ROLES[scene.roles[mark]]
    called = {f"r-{role}"} | ({f"s-{STATES[state]}"} if state else set())
    return called | ({f"l-{grid.levels[mark - grid.first]}"} if role == "heat" and grid.levels is not None else set())


def test_svg_holds_every_mark_in_its_state_and_every_word(picture: Any) -> None:
    scene = picture.scene
    for t in some_steps(scene):
        frame, root = scene.at(t), ElementTree.fromstring(svg(scene, t, THEMES["light"]))
        cells = {int(e.attrib["data-m"]): e for e in root.iter(f"{SVG}polygon") if "data-m" in e.attrib}
        words = {int(e.attrib["data-m"]): e for e in root.iter(f"{SVG}text") if "data-m" in e.attrib}
        assert sorted(cells) == list(range(scene.cells))
        for mark, cell in cells.items():
            assert set(cell.attrib["class"].split()) == classes(scene, mark, int(frame.states[mark]))
            points = [[float(n) for n in point.split(",")] for point in cell.attrib["points"].split()]
            assert np.abs(np.array(points) - scene.corners[mark]).max() <= 0.001
        assert {m: e.text for m, e in words.items()} == {m: text for m, text in enumerate(frame.texts) if text}
        labels = [e.text for e in root.iter(f"{SVG}text") if "data-m" not in e.attrib]
        assert labels == [label.text for label in scene.labels]
        shapes = [e for e in root.iter() if "data-shape" in e.attrib]
        assert [e.get("visibility") != "hidden" for e in shapes] == [p is not None for p in frame.points]
        assert root.attrib["aria-label"] == scene.sentence(t)


def test_raster_writes_every_word_and_draws_every_shape(picture: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    drawn: list[Any] = []
    monkeypatch.setattr(Sheet, "write", lambda self, texts, *rest: written.extend(texts))
    monkeypatch.setattr(Sheet, "line", lambda self, points, *rest: drawn.append(points))
    scene = picture.scene
    for t in some_steps(scene):
        frame = scene.at(t)
        written.clear()
        drawn.clear()
        frames = Frames(scene, THEMES["light"], SCALE)
        frames.show(t)
        assert written == [text for text in frame.texts if text] + [label.text for label in scene.labels]
        wanted = [points for points in frame.points if points is not None]
        assert len(drawn) == len(wanted)
        for points, cells in zip(drawn, wanted, strict=True):
            assert np.abs(points - frames.place.pixels(cells)).max() <= 1, "to the nearest pixel"


def test_raster_fills_every_cell_with_the_paint_of_its_role_and_state(picture: Any) -> None:
    scene, theme = replace(picture.scene, shapes=()), sorted(THEMES)[picture.scene.cells % len(THEMES)]
    frames = Frames(scene, THEMES[theme], SCALE)
    across, down = scene.corners[:, 1] - scene.corners[:, 0], scene.corners[:, 3] - scene.corners[:, 0]
    spots = frames.place.pixels(scene.corners[:, 0] + ASIDE[0] * across + ASIDE[1] * down).astype(int)
    levels = np.concatenate([np.zeros(g.count, int) if g.levels is None else g.levels for g in scene.grids])
    for t in some_steps(scene):
        frames.show(t)
        states = scene.states_at(t)
        found = frames.pixels[spots[:, 1], spots[:, 0], :3].tolist()
        for mark, here in enumerate(found):
            paint = THEMES[theme].paint(ROLES[scene.roles[mark]], STATES[states[mark]], int(levels[mark]))
            assert here == colour(paint.fill), (t, mark)
