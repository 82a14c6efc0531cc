"""Every painter draws what the scene holds: the same marks, roles, states and words, for the whole gallery."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from reading import Stylesheet, fills, fitting

from convviz.paint.drawing import Drawing
from convviz.paint.raster import Sheet
from convviz.paint.svg import stylesheet, svg
from convviz.scene.roles import LOOKS, ROLES, SCALES, STATES
from convviz.scene.scene import Scene
from convviz.themes import THEMES, Theme

SVG = "{http://www.w3.org/2000/svg}"
SCALE = 24.0


def some_steps(scene: Scene) -> list[int]:
    return sorted({0, scene.steps // 2, scene.steps - 1})


def classes(scene: Scene, mark: int, state: int, tone: int) -> set[str]:
    """What a cell must be called."""
    grid = next(g for g in scene.grids if g.first <= mark < g.first + g.count)
    role = ROLES[scene.roles[mark]]
    called = {f"r-{role}"} | ({f"s-{STATES[state]}"} if state else set())
    called |= {"toned", f"v-{tone}"} if tone else set()
    return called | ({f"l-{grid.levels[mark - grid.first]}"} if role in SCALES and grid.levels is not None else set())


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_stylesheet_gives_every_look_the_paint_of_the_theme(theme: Theme) -> None:
    rules = Stylesheet(stylesheet(theme))
    for look, paint in theme.table.items():
        cell, text = (rules.of(tag, look.classes) for tag in ("polygon", "text"))
        assert (cell["fill"], cell["stroke"], text["fill"]) == (
            paint.fill or "none",
            paint.line or "none",
            paint.text,
        ), look
        assert cell["stroke-dasharray"] == (" ".join(f"{d:g}" for d in paint.dash) or "none"), look


def test_svg_holds_every_mark_in_its_state_and_every_word(picture: Any) -> None:
    scene = picture.scene
    for t in some_steps(scene):
        frame, root = scene.at(t, 44.0), ElementTree.fromstring(svg(scene, t, THEMES["light"]))
        cells = {int(e.attrib["data-m"]): e for e in root.iter(f"{SVG}polygon") if "data-m" in e.attrib}
        words = {int(e.attrib["data-m"]): e for e in root.iter(f"{SVG}text") if "data-m" in e.attrib}
        assert sorted(cells) == list(range(scene.cells))
        for mark, cell in cells.items():
            assert set(cell.attrib["class"].split()) == classes(
                scene, mark, int(frame.states[mark]), LOOKS[frame.looks[mark]].tone
            )
            points = [[float(n) for n in point.split(",")] for point in cell.attrib["points"].split()]
            assert np.abs(np.array(points) - scene.corners[mark]).max() <= 0.001
        assert {m: e.text for m, e in words.items()} == {m: text for m, text in enumerate(frame.texts) if text}
        plain = [e for e in root.iter(f"{SVG}text") if "data-m" not in e.attrib]
        noted = [e.text for e in plain if "corner" in e.attrib["class"].split()]
        assert noted == [frame.notes[mark] for mark in sorted(frame.notes)]
        labels = [e.text for e in plain if "corner" not in e.attrib["class"].split()]
        keys = [label.text for legend in frame.legends for label in legend.labels]
        assert labels == keys + [label.text for label in scene.labels]
        shapes = [e for e in root.iter() if "data-shape" in e.attrib]
        assert [e.get("visibility") != "hidden" for e in shapes] == [p is not None for p in frame.points]
        assert root.attrib["aria-label"] == scene.sentence(t)


def test_raster_writes_every_word_and_draws_every_shape(picture: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    drawn: list[Any] = []
    monkeypatch.setattr(Sheet, "write", lambda self, texts, *rest: written.extend(texts))
    monkeypatch.setattr(Sheet, "line", lambda self, points, *rest: drawn.append(points))
    scene = replace(picture.scene, curves=())  # which have a test of their own
    scale = fitting(scene, SCALE)
    for t in some_steps(scene):
        frame = scene.at(t, scale)
        written.clear()
        drawn.clear()
        drawing = Drawing(scene, THEMES["light"], scale)
        drawing.show(t)
        labels = [*scene.labels, *(label for legend in frame.legends for label in legend.labels)]
        notes = [frame.notes[mark] for mark in sorted(frame.notes)]
        assert written == [text for text in frame.texts if text] + notes + [label.text for label in labels]
        wanted = [points for points in frame.points if points is not None]
        curves = [curve.shown(t) for curve in scene.curves]
        for points in (points for points in curves if len(points) > 1):
            at = next(n for n, line in enumerate(drawn) if len(line) == len(points) and _near(drawing, line, points))
            drawn.pop(at)
        assert len(drawn) == len(wanted)
        for points, cells in zip(drawn, wanted, strict=True):
            assert np.abs(points - drawing.place.pixels(cells)).max() <= 1, "to the nearest pixel"


def _near(drawing: Drawing, line: Any, points: Any) -> bool:
    return bool(np.abs(line - drawing.place.pixels(points)).max() <= 1)


def test_raster_fills_every_cell_with_the_paint_of_its_role_and_state(picture: Any) -> None:
    scene, theme = replace(picture.scene, shapes=(), curves=()), sorted(THEMES)[picture.scene.cells % len(THEMES)]
    scale = fitting(scene, SCALE)
    drawing = Drawing(scene, THEMES[theme], scale)
    for t in some_steps(scene):
        drawing.show(t)
        states, looks = scene.states_at(t), [LOOKS[look] for look in scene.at(t, scale).looks]
        for mark, here in enumerate(fills(scene, drawing.pixels, drawing.place)):
            if mark in scene.covered:
                continue  # another board is seen there
            assert (looks[mark].role, looks[mark].state) == (ROLES[scene.roles[mark]], STATES[states[mark]])
            assert looks[mark].tone or looks[mark].role not in SCALES or looks[mark].level == scene.levels[mark]
            assert here == (THEMES[theme].paint(*looks[mark]).fill or THEMES[theme].background), (t, mark)
