"""player/scene.js itself reads every picture of the gallery, and says at every step what Python says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from depth import SOAK
from gallery import GALLERY
from playwright.sync_api import Browser, Page

import convviz as cv
from convviz.player.bundle import bundle
from convviz.player.wire import payload
from convviz.scene.links import Neighbours
from convviz.scene.moments import moments, veil
from convviz.scene.scene import Scene

SCENE = bundle("scene", "moments", "telling") + (
    "export const { differing } = $compared\n"
    "export const { Scene } = $scene, { moments, veil, pair } = $moments\n"
    "export const { sentence, arithmetic, between } = $telling\n"
)
CONES = 40
"""Cells of a picture whose cones are compared, evenly spread."""

READ = """([wire, cones]) => {
  const { moments, veil, pair, sentence, arithmetic, between } = window
  const sum = (made) => {
    if (!made) return ""
    const none = made.result < 0 ? "" : "0"
    const terms = made.terms.map(({ text }) => text).join(made.join)
    return made.head + (terms || none) + made.tail + (made.result < 0 ? "" : ` = ${made.total}`)
  }
  const scene = new window.Scene(JSON.parse(wire).scene)
  const steps = []
  for (let t = 0; t < scene.steps; t++) {
    steps.push({
      states: [...scene.statesAt(t)],
      texts: scene.textsAt(t),
      tones: scene.tonesAt(t),
      notes: [...scene.notesAt(t)],
      moments: [false, true].map((slowly) => moments(scene, t, slowly).map((moment) => {
        const { hidden, texts } = veil(scene, t, moment)
        return { ...moment, hidden: [...hidden], texts: [...texts], lit: moment.terms ? pair(scene, t, moment) : [] }
      })),
      points: scene.pointsAt(t),
      said: [-1, ...new Set(scene.tracks.filter((track) => track.e === 2).flatMap((track) => track.at(t)))].map(
        (cell) => [cell, sentence(scene, t, cell), sum(arithmetic(scene, t, cell))]),
    })
  }
  return JSON.stringify({
    cells: scene.cells, roles: [...scene.roles], levels: [...scene.levels], steps,
    cones: cones.map((mark) => [...scene.cone(mark)]),
    writers: cones.map((mark) => scene.stepsOf(mark)),
    taken: cones.map((mark) => [...scene.takenTo(mark)]),
    between: cones.map((mark) => between(scene, mark)),
  })
}"""
"""What is read comes as one text: the browser's driver would take each number of it in hand, one by one."""


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Page]:
    """A page with the module, and nothing else."""
    page = browser.new_page()
    source = SCENE
    page.evaluate(
        """async (source) => {
          Object.assign(window, await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" }))))
        }""",
        source,
    )
    yield page
    page.close()


def read(reader: Page, scene: Scene, cones: list[int]) -> dict[str, Any]:
    return dict(json.loads(reader.evaluate(READ, [payload(scene).decode(), cones])))


def compared(reader: Page, scene: Scene) -> None:
    cones = sorted({int(mark) for mark in np.linspace(0, scene.cells - 1, CONES)})
    found = read(reader, scene, cones)
    assert found["cells"] == scene.cells
    assert found["roles"] == scene.roles.tolist()
    assert [max(level, 0) for level in found["levels"]] == scene.levels.tolist()
    assert len(found["steps"]) == scene.steps
    for t, step in enumerate(found["steps"]):
        frame = scene.at(t)
        assert step["states"] == frame.states.tolist(), t
        assert step["texts"] == scene.texts_at(t), t
        assert dict(step["notes"]) == scene.notes_at(t), t
        for slowly, sent in zip((False, True), step["moments"], strict=True):
            wanted = moments(scene, t, slowly)
            assert [(one["parts"], one.get("terms")) for one in sent] == [(one.parts, one.terms) for one in wanted], t
            for one, moment in zip(sent, wanted, strict=True):
                hidden, texts = veil(scene, t, moment)
                assert (set(one["hidden"]), dict(one["texts"])) == (set(hidden), texts), (t, moment)
                assert one["lit"] == list(scene.at(t, moment=moment).lit), (t, moment)
        assert step["tones"] == scene.tones_at(t).tolist(), t
        for cell, sentence, arithmetic in step["said"]:
            assert sentence == scene.sentence(t, marked=True, cell=cell), (t, cell)
            assert arithmetic == scene.arithmetic(t, cell), (t, cell)
        for sent, points in zip(step["points"], frame.points, strict=True):
            assert (sent is None) == (points is None), t
            assert sent is None or points is None or np.allclose(sent, points, atol=2e-4), t
    for mark, cone in zip(cones, found["cones"], strict=True):
        assert dict(cone) == scene.cone(mark), mark
    for mark, taken in zip(cones, found["taken"], strict=True):
        assert dict(taken) == taken_to(scene, mark), mark
    for mark, own in zip(cones, found["between"], strict=True):
        assert own == between(scene, mark), mark


def between(scene: Scene, mark: int) -> dict[str, int] | None:
    """Of how many cells a cell is made at once, and at the last, and how many are made of it at the last, where it lies
    between others and no step writes it."""
    made, feeds = scene.relation.made_of, scene.relation.feeds
    if mark in written(scene) or not made.get(mark) or not feeds.get(mark):
        return None
    return {"count": len(made[mark]), "inputs": len(ends(made, mark)), "outputs": len(ends(feeds, mark))}


def ends(ways: Neighbours, mark: int) -> set[int]:
    """The cells that a cell leads to, one way or the other, and that lead no further."""
    found, edge = set[int](), {mark}
    while edge:
        edge = {m for cell in edge for m in ways.get(cell, ())} - found
        found |= edge
    return {m for m in found if not ways.get(m)}


def written(scene: Scene) -> set[int]:
    return {m for track in scene.tracks if track.end == "target" for m in track.marks.ravel().tolist()} - {-1}


def taken_to(scene: Scene, mark: int) -> dict[int, str]:
    """What takes a cell to the first cell that each step writes that reads it; where it bears no note, to all noted."""
    found: dict[int, str] = {}
    for t in range(scene.steps) if scene.notes and mark not in written(scene) else ():
        if not any(track.end == "source" and mark in track.marks[t] for track in scene.tracks):
            continue
        notes = scene.notes_at(t)
        targets = [track.marks[t].tolist() for track in scene.tracks if track.end == "target"]
        if mark in notes:
            found |= {row[0]: notes[mark] for row in targets if row[0] >= 0}
        else:
            found |= {m: notes[m] for row in targets for m in row if m in notes}
    return found


@pytest.mark.parametrize("name", list(GALLERY)[:: 1 if SOAK else 3])
def test_each_picture_is_read_as_it_was_drawn(reader: Page, name: str) -> None:
    compared(reader, GALLERY[name].scene)


@pytest.mark.parametrize(
    "scene", [cv.scene(cv.Conv(1, 1)), cv.scene(cv.Conv(4, 3), "isometric", plain=True)], ids=["one cell", "no text"]
)
def test_cells_without_any_text_and_single_cells_survive(reader: Page, scene: Scene) -> None:
    compared(reader, scene)


def test_what_is_sent_is_json(reader: Page) -> None:
    for picture in GALLERY.values():
        json.loads(payload(picture.scene), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


PAIRS = {
    "side by side": (cv.Conv(5, 3), cv.Conv(5, 3, padding=1), "flat"),
    "other kernels": (cv.Conv(6, 3, stride=2), cv.Conv(5, 2, bias=True), "flat"),
    "in perspective": (cv.Conv(5, 3), cv.Conv(4, 3, padding=1), "isometric"),
    "stamps": (cv.ConvTranspose(3, 3, stride=2), cv.ConvTranspose(3, 2, stride=2, padding=1), "stamp"),
    "channels": (cv.Conv(4, 3, in_channels=2, out_channels=3), cv.Conv(5, 3, in_channels=2), "channels"),
    "strips": (cv.Network([cv.Conv((9,), 2), cv.Conv((8,), 2)]), cv.Network([cv.Conv((9,), 3, padding=1)]), "strip"),
    "stacks": (cv.Network([cv.Conv(6, 3), cv.ReLU()]), cv.Network([cv.Conv(6, 3, 2), cv.ReLU()]), "stack"),
    "gates": (cv.GatedConv((6,), 3, padding="causal"), cv.GatedConv((6,), 2, padding="causal", residual=True), "gate"),
}
TICKED = """(wire) => {
  const { scene } = JSON.parse(wire)
  const read = new window.Scene(scene)
  const ticks = Array.from({ length: read.steps }, (_, t) => window.differing(read, t, read.statesAt(t)))
  return JSON.stringify({ ticks, twins: [...read.compared.twins] })
}"""


@pytest.mark.parametrize("name", PAIRS)
def test_two_pictures_in_one_are_read_as_python_has_them(reader: Page, name: str) -> None:
    one, other, view = PAIRS[name]
    scene = cv.compare(one, other, view=view)
    compared(reader, scene)
    found = json.loads(reader.evaluate(TICKED, payload(scene).decode()))
    assert [sorted(ticks) for ticks in found["ticks"]] == [sorted(scene.at(t).differing) for t in range(scene.steps)]
    assert scene.differing
    ones, others = scene.differing.pairs.tolist()
    assert dict(found["twins"]) == dict(zip(ones + others, others + ones, strict=True))
