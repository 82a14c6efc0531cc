"""What stands in the page is what the engine says, at every step, by whatever route; and what is asked lights up."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from depth import SOAK
from openings import seeded, stacks, views_of
from placed import inputs
from playwright.sync_api import expect

import convviz as cv
from convviz.layers.notation import from_text
from convviz.lessons import LESSONS
from convviz.page.link import from_query
from convviz.page.stacks import turned_stack
from convviz.page.state import State, opening
from convviz.page.values import Values
from convviz.paint.svg import svg
from convviz.scene.roles import LOOKS, REFERENCES, ROLES, STATES
from convviz.scene.scene import REFERENCE, Scene
from convviz.text import say
from convviz.themes import THEMES

SMALL = {
    "convolution": "conv2d-i5-k3-s2-p1",
    "transposed": "tconv2d-i2-k3-s2-p1",
    "dilated": "conv2d-i6-k2-d2",
    "gates": "gated1d-i9-k3-pcausal-r1",
}
"""Of each lesson a layer whose every view is large enough for its numbers."""


def points(text: str) -> Any:
    return np.array([[float(v) for v in pair.split(",")] for pair in text.split()])


GROUPS = ("scale", "strokes")
NUMBER = re.compile(r"-?[\d.]+(?:e-?\d+)?")


def painted(scene: Scene, t: int, cell: float = 44.0) -> dict[str, Any]:
    """The picture as the svg painter writes it, `cell` pixels a cell, in the form of `Visit.drawn`."""
    root = ET.fromstring(svg(scene, t, cell=cell))
    name = "{http://www.w3.org/2000/svg}"
    cells = [n.attrib for n in root.iter(f"{name}polygon") if "data-m" in n.attrib]
    texts = [n for n in root.iter(f"{name}text") if "data-m" in n.attrib]
    plain = [n for n in root.iter(f"{name}text") if "data-m" not in n.attrib]
    shapes = [n.attrib for n in root.iter() if "data-shape" in n.attrib]
    keys, strokes = ([n for g in root.iter(f"{name}g") if g.get("class") == kind for n in g] for kind in GROUPS)
    return {
        "cells": [[int(n["data-m"]), n["class"], n["points"]] for n in cells],
        "texts": [[int(n.attrib["data-m"]), n.attrib["class"], n.text] for n in texts],
        "shapes": [[n["class"], "" if n.get("visibility") == "hidden" else n["points"]] for n in shapes],
        "labels": [n.text for n in plain if n not in keys and "corner" not in n.attrib["class"].split()],
        "strokes": [[n.attrib["class"], n.get("points") or n.get("d") or ""] for n in strokes],
        "sentence": scene.sentence(t),
        "equation": scene.arithmetic(t),
        "step": t,
    }


def same(drawn: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Hold two pictures to each other, to a fiftieth of a cell."""
    for part in ("sentence", "equation", "step", "labels"):
        assert drawn[part] == wanted[part]
    assert sorted(drawn["texts"]) == sorted(wanted["texts"])
    assert [cell[:2] for cell in drawn["cells"]] == [cell[:2] for cell in wanted["cells"]]
    assert [shape[0] for shape in drawn["shapes"]] == [shape[0] for shape in wanted["shapes"]]
    lines = [[one for one in picture["strokes"] if one[1]] for picture in (drawn, wanted)]
    assert [one[0] for one in lines[0]] == [one[0] for one in lines[1]]
    for (_, one), (_, other) in zip(*lines, strict=True):
        assert np.allclose(*([float(n) for n in NUMBER.findall(text)] for text in (one, other)), atol=0.02)
    for part in ("cells", "shapes"):
        for one, other in zip(drawn[part], wanted[part], strict=True):
            assert bool(one[-1]) == bool(other[-1])
            assert np.allclose(points(one[-1]), points(other[-1]), atol=0.02) if one[-1] else True


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_view_at_any_step_is_the_painter_s(visit: Any, lesson: str) -> None:
    state = seeded(lesson, SMALL.get(lesson, LESSONS[lesson].opening))
    visit.open(state, plays=False).paused()
    rng = random.Random(lesson)
    for view in views_of(lesson):
        if view != state.view and LESSONS[lesson].edits:  # else it would open at the row where the last one stands
            visit.open(replace(state, view=view), plays=False).paused()
        elif view != state.view:
            with visit.change():
                visit.choose(view)
        state = replace(state, view=view)
        scene = state.scene()
        steps = (scene.steps - 1, rng.randrange(scene.steps), 0, rng.randrange(scene.steps))
        for t in steps if SOAK else steps[:2]:
            visit.seek(t)
            cell = visit.part("svg").evaluate("svg => svg.getScreenCTM().a")  # numbers that have no room are tones
            same(visit.drawn(), painted(scene, t, cell))


FILLS = """player => [...player.querySelectorAll('.cells polygon[data-m]')].map(n => getComputedStyle(n).fill)"""


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[n : n + 2], 16)) for n in (1, 3, 5))})" if colour else "none"


@pytest.mark.parametrize("theme", THEMES)
def test_every_cell_has_the_paint_of_the_theme_also_where_it_is_a_pixel(visit: Any, theme: str) -> None:
    photograph = Values("photo", (8, 86), ((7, 0), (8, 255)))
    shown = [("convolution", "flat"), ("convolution", "isometric"), ("transposed", "both"), ("convolution", "coverage")]
    for lesson, view in shown if SOAK else shown[list(THEMES).index(theme) % 2 :: 2]:
        state = replace(opening(lesson), view=view, theme=theme, x=photograph)
        scene, paints = state.scene(), list(THEMES[theme].table.values())
        visit.open(state, plays=False).paused()
        assert ("tone" in {LOOKS[look].role for look in scene.at(0).looks}) == (view != "coverage")
        for t in (0, scene.steps - 1):
            visit.seek(t)
            wanted = [rgb(paints[look].fill) for look in scene.at(t).looks]
            visit.comes(lambda: visit.player.evaluate(FILLS), wanted)


def read_of(state: State, t: int) -> set[int]:
    """The inputs, in raster order, that an output reads, from the engine alone."""
    layer = state.layer
    reads = cv.trace(layer)[t].reads
    inside = (reads >= 0).all(axis=1) & (reads < layer.input_size).all(axis=1)
    return {int(np.ravel_multi_index(tuple(index), layer.input_size)) for index in reads[inside]}


@pytest.mark.parametrize(
    ("lesson", "view"),
    [("convolution", "flat"), ("convolution", "isometric"), ("transposed", "both"), ("dilated", "matrix")],
)
def test_a_cell_that_is_pointed_at_lights_just_what_it_depends_on_or_feeds(visit: Any, lesson: str, view: str) -> None:
    state = replace(opening(lesson), layer=from_text(SMALL.get(lesson, LESSONS[lesson].opening)), view=view)
    scene = state.scene()
    visit.open(state, plays=False).paused()
    stands = inputs(scene)
    written = scene.track["current"].marks[:, 0].tolist()
    for t in (0, scene.steps // 2, scene.steps - 1):
        mark = written[t]
        visit.point(mark)
        lit = visit.lit()
        assert lit == {mark, *scene.cone(mark)}
        assert {stands[m] for m in lit if m in stands} == read_of(state, t)
        drawn = visit.drawn()
        assert drawn["step"] == 0, "pointing does not move the picture"
        assert drawn["sentence"] == scene.sentence(t)
        for told in scene.step_texts:  # what is multiplied is that of the cell, too
            shown = {mark: text for mark, _, text in drawn["texts"]}
            assert [shown.get(mark, "") for mark in told.marks.tolist()] == told.row(t)
    for mark in list(stands)[:: len(stands) // 3]:
        visit.point(mark)
        lit = visit.lit()
        assert lit == ({mark, *scene.cone(mark)} if scene.cone(mark) else set())
        assert {written.index(m) for m in lit if m in written} == {
            t for t in range(scene.steps) if stands[mark] in read_of(state, t)
        }
    visit.part("position").hover()
    assert visit.lit() == set()
    assert visit.drawn()["sentence"] == scene.sentence(0)


def test_a_click_pins_a_cell_until_it_is_clicked_again_or_escaped(visit: Any) -> None:
    scene = opening("convolution").scene()
    visit.go("convolution", plays=False).paused()
    mark = next(grid for grid in scene.grids if grid.name == "output").first + 5
    for let_go in ("click", "Escape"):
        visit.cell(mark).click(force=True)
        visit.part("position").hover()
        assert visit.lit() == {mark, *scene.cone(mark)}
        assert visit.step == 5, "the step that writes it is shown"
        visit.part("next").click()
        assert visit.lit() == {mark, *scene.cone(mark)}, "it stays while the picture goes on"
        if let_go == "click":
            visit.cell(mark).click(force=True)
            visit.part("position").hover()
        else:
            visit.page.keyboard.press("Escape")
        assert visit.lit() == set()


def spoken_of(scene: Scene, role: str, t: int) -> set[int]:
    """The cells that a word lights."""
    states = scene.states_at(t)
    for name in REFERENCES.get(role, (role,)):
        by_state = states == STATES.index(name) if name in STATES else np.zeros(scene.cells, dtype=bool)
        by_role = scene.roles == ROLES.index(name) if name in ROLES else np.zeros(scene.cells, dtype=bool)
        if name not in (*STATES, *ROLES) and name in scene.track:
            return {mark for mark in scene.track[name].marks[t].tolist() if mark >= 0}
        if (by_state | by_role).any():
            return set(np.flatnonzero(by_state | by_role).tolist())
    return set()


@pytest.mark.parametrize("lesson", ["convolution", "transposed"])
def test_terms_words_titles_and_legend_light_the_cells_that_they_speak_of(visit: Any, lesson: str) -> None:
    state = replace(opening(lesson), layer=from_text(SMALL.get(lesson, LESSONS[lesson].opening)), view="flat")
    scene, t = state.scene(), 1
    visit.open(state, plays=False).paused()
    visit.seek(t)
    window, kernel = (scene.track[name].marks[t] for name in (scene.equations[0].left, scene.equations[0].right))
    joined = sorted((int(a), int(b)) for a, b in zip(window, kernel, strict=True) if a >= 0 and b >= 0)
    pairs = [{a, b} for a, b in joined]  # in the order of reading
    terms = visit.part("equation").locator(".term")
    assert terms.count() == len(pairs)
    for i in (0, len(pairs) // 2, len(pairs) - 1):
        terms.nth(i).hover()
        assert visit.lit() == pairs[i]
    for part in ("sentence", "formulas", "legend"):
        words = visit.part(part).locator("[data-ref]")
        assert words.count() >= 2
        for i in range(words.count()):
            role = words.nth(i).get_attribute("data-ref")
            words.nth(i).hover()
            assert visit.lit() == spoken_of(scene, role, t) != set(), (part, role)
    said = REFERENCE.findall(scene.sentence(t, marked=True))
    refs = visit.part("sentence").locator("[data-ref]")
    assert [(r.get_attribute("data-ref"), r.text_content()) for r in refs.all()] == said
    titles = visit.player.locator(".labels [data-ref]")
    for i in range(titles.count()):
        titles.nth(i).hover()
        assert visit.lit() == spoken_of(scene, titles.nth(i).get_attribute("data-ref"), t) != set()
    visit.part("position").hover()
    assert visit.lit() == set()


def test_words_of_the_lesson_light_the_picture(visit: Any) -> None:
    scene = opening("convolution").scene()
    visit.go("convolution", plays=False).paused()
    words = visit.page.locator(".story [data-ref]")
    assert words.count() >= 5
    for i in range(min(words.count(), 6)):
        word = words.nth(i)
        if not word.is_visible():
            continue
        word.hover()
        assert visit.lit() == spoken_of(scene, word.get_attribute("data-ref"), 0)


def test_the_legend_is_reached_by_keyboard(visit: Any) -> None:
    scene = seeded("convolution").scene()
    visit.open(seeded("convolution"), plays=False).paused()
    item = visit.part("legend").locator("[data-ref=kernel]")
    item.focus()
    assert visit.lit() == spoken_of(scene, "kernel", 0)


TURNS = {
    "convolution": [("kernel_size", 2), ("stride", 2), ("padding", 2), ("input_size", 6)],
    "transposed": [("input_size", 4), ("stride", 3), ("kernel_size", 4), ("padding", 1)],
    "sequences": [("kernel_size", 3), ("layers", 5), ("input_size", 20)],
    "dilated": [("dilation", 3), ("padding", 1), ("input_size", 9), ("kernel_size", 2)],
}


@pytest.mark.parametrize("lesson", TURNS)
def test_each_dial_is_turned_and_the_picture_is_the_engine_s(visit: Any, lesson: str) -> None:
    view = "flat" if "flat" in views_of(lesson) else views_of(lesson)[0]
    state = replace(seeded(lesson), view=view)
    visit.open(seeded(lesson), plays=False).paused()
    if visit.pill(view).get_attribute("aria-pressed") == "false":
        with visit.change():
            visit.choose(view)
    for name, value in TURNS[lesson]:
        with visit.change():
            visit.dial(name).fill(str(value))
        visit.page.wait_for_url(lambda url: "layer=" in url)
        if stack := state.stack:
            state = replace(state, layer=turned_stack(stack, name, value))
        else:
            state = replace(state, layer=replace(state.layer, **{name: value}))
        scene = state.scene()
        visit.seek(scene.steps - 1)
        drawn = visit.drawn()
        same(drawn, painted(scene, scene.steps - 1))
        formula = visit.part("formulas").locator(".numbers").last.text_content()
        if stack:
            assert formula.rstrip().endswith(f"= {state.layer.receptive_field()[0]}")
            continue
        assert formula.rstrip().endswith(f"= {state.layer.output_size[0]}")
        output = next(grid for grid in scene.grids if grid.name == "output")
        shown = [text.replace("−", "-") for m, _, text in sorted(drawn["texts"]) if m >= output.first]
        assert list(map(int, shown)) == cv.trace(state.layer).output.ravel().tolist(), (name, value)


def test_what_is_behind_more_sets_its_arguments_too(visit: Any) -> None:
    visit.open(seeded("convolution"), plays=False).paused()
    visit.page.locator("summary", has_text=say("control.more")).click()
    layer = seeded("convolution").layer
    for name, value in (("dilation", 2), ("flip", True), ("bias", True), ("padding_mode", "circular")):
        dial = visit.dial(name)
        with visit.change():
            if value is True:
                dial.check()
            elif name == "padding_mode":
                dial.select_option(value)
            else:
                dial.fill(str(value))
        layer = replace(layer, **{name: value})
        same(visit.drawn(), painted(replace(seeded("convolution"), layer=layer).scene(), 0))
    visit.dial("axes").check()
    visit.page.locator("input#dial-input_size[type=text]").wait_for()
    with visit.change():
        visit.dial("input_size").fill("5x7")
        visit.dial("input_size").press("Enter")
    layer = replace(layer, input_size=(5, 7))
    same(visit.drawn(), painted(replace(seeded("convolution"), layer=layer).scene(), 0))


def test_a_preset_and_a_stack_are_shown(visit: Any) -> None:
    visit.go("dilated", plays=False).paused()
    for setting in ("conv2d-i7-k3", stacks("dilated")[0]):
        with visit.change():
            visit.choose(setting)
        state, wrong = from_query({"layer": setting}, "dilated")
        assert not wrong and visit.pill(setting).get_attribute("aria-pressed") == "true"
        scene = state.scene()
        visit.seek(scene.steps - 1)
        drawn, wanted = visit.drawn(), painted(scene, scene.steps - 1)
        assert drawn["texts"] == [] or sorted(drawn["texts"]) == sorted(wanted["texts"])
        same(drawn | {"texts": []}, wanted | {"texts": []})


def test_the_picture_follows_a_dial_while_it_is_dragged(visit: Any) -> None:
    """Moved by the mouse, step for step, before the button is let go."""
    visit.go("convolution", plays=False).paused()
    dial = visit.dial("input_size")
    box = dial.bounding_box()
    mouse = visit.page.mouse
    before = visit.page.evaluate("history.length")
    mouse.move(box["x"] + box["width"] * 0.13, box["y"] + box["height"] / 2)
    mouse.down()
    seen = set()
    for share in (0.2, 0.3):
        with visit.change():
            mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        seen.add(int(dial.input_value()))
        size = int(dial.input_value())
        scene = replace(opening("convolution"), layer=replace(opening("convolution").layer, input_size=size)).scene()
        visit.player.locator(f".cells polygon[data-m='{scene.cells - 1}']").wait_for(state="attached")
    assert len(seen) == 2
    with visit.change():
        mouse.up()
    size = dial.input_value()
    visit.page.wait_for_url(lambda url: f"-i{size}-" in url)
    assert visit.page.evaluate("history.length") == before + 1, "the whole drag is one step of the history"
    visit.part("undo").click()
    visit.page.wait_for_url(lambda url: "-i" not in url)
    assert dial.input_value() == str(opening("convolution").layer.input_size[0]) != size


def test_a_view_that_cannot_be_drawn_says_why_and_the_picture_stays(visit: Any) -> None:
    visit.open(replace(opening("convolution"), layer=from_text("conv2d-i32-k3-s2-p1")), plays=False).paused()
    before = visit.drawn()
    visit.choose("matrix")
    note = visit.page.locator(".pills.view .note")
    expect(note).to_contain_text("the matrix would have")
    assert visit.drawn()["texts"] == before["texts"]
    with visit.change():
        visit.choose("isometric")
    expect(note).to_be_hidden()


def corners(visit: Any) -> dict[int, str]:
    """The notes that are seen, by cell."""
    found: list[list[Any]] = visit.part("svg").evaluate(
        "(svg) => [...svg.querySelectorAll('.notes text')].map((n) => [Number(n.dataset.m), n.textContent])"
    )
    return dict(found)


VIEWS_WITH_NOTES = (("convolution", "isometric"), ("transposed", "stamp"), ("transposed", "roundtrip"))


@pytest.mark.parametrize(("lesson", "view"), VIEWS_WITH_NOTES)
def test_pointing_at_an_input_writes_its_weights_in_the_outputs(visit: Any, lesson: str, view: str) -> None:
    layer = cv.Conv(4, 3) if lesson == "convolution" else cv.ConvTranspose(2, 3)
    state = replace(opening(lesson), layer=layer, view=view)
    scene = state.scene()
    visit.open(state).paused()
    assert corners(visit) == scene.at(0).notes
    mark = int(next(track for track in scene.tracks if track.end == "source").marks[0, 0])
    visit.part("svg").locator(f"polygon[data-m='{mark}']").hover()
    fed = set(scene.cone(mark))
    taken = corners(visit)
    assert taken and set(taken) <= fed and all("×" in note for note in taken.values())
    visit.part("position").hover()
    assert corners(visit) == scene.at(0).notes


def test_notes_that_could_not_be_read_are_left_out_on_a_phone(visitor: Any) -> None:
    visit = visitor(viewport={"width": 390, "height": 800})
    visit.open(replace(opening("convolution"), layer=cv.Conv(7, 3), view="isometric")).paused()
    assert not corners(visit)
