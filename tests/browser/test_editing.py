"""Numbers are typed into cells, by mouse or by keyboard; the engine answers; undo takes it back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from openings import seeded
from playwright.sync_api import expect

import convviz as cv
from convviz.errors import LayerError
from convviz.layers.notation import from_text
from convviz.page.averages import averaged
from convviz.page.sources import SQUARES
from convviz.page.state import State, opening
from convviz.pictures import photograph
from convviz.scene.scene import Scene
from convviz.text import say


def written(visit: Any, scene: Scene) -> list[int]:
    """The output as it stands in the page at the last step."""
    visit.seek(scene.steps - 1)
    marks = scene.track["current"].marks[:, 0].tolist()
    texts = {m: text for m, _, text in visit.drawn()["texts"]}
    return [int(texts[m].replace("−", "-")) for m in marks]


def cell_of(scene: Scene, array: str, row: int, column: int) -> int:
    """The cell in which an entry of an array stands."""
    grid = next(g for g in scene.grids if g.editable and g.editable.array == array)
    (top, down, _), (left, across, _) = grid.editable.rows, grid.editable.columns
    return grid.first + (top + row * down) * grid.columns + left + column * across


def output_of(state: State) -> list[int]:
    layer = state.layer
    x, weight = state.x.array(layer.x_shape, 0, 5), state.weight.array(layer.weight_shape, -1, 2, offset=1)
    return cv.trace(layer, x, weight).output.ravel().tolist()


@pytest.mark.parametrize("view", ["flat", "isometric"])
def test_by_mouse_every_output_that_depends_on_a_cell_changes_and_undo_restores_it(visit: Any, view: str) -> None:
    state = replace(opening("convolution"), view=view)
    scene = state.scene()
    visit.open(state, plays=False).paused()
    before = written(visit, scene)
    assert before == output_of(state)
    visit.cell(cell_of(scene, "x", 2, 1)).dblclick(force=True)
    visit.player.locator("input.cell").fill("-41")
    with visit.change():
        visit.page.keyboard.press("Enter")
    typed = replace(state, x=state.x.edited(2 * 5 + 1, -41))
    after = written(visit, scene)
    assert after == output_of(typed)
    mark = cell_of(scene, "x", 2, 1)
    marks = scene.track["current"].marks[:, 0].tolist()
    weights = state.weight.array(state.layer.weight_shape, -1, 2, offset=1)
    changed = {marks[t] for t in range(len(before)) if before[t] != after[t]}
    assert changed <= set(scene.cone(mark))
    if np.all(weights != 0):
        assert changed == {m for m in scene.cone(mark) if m in marks}
    visit.page.keyboard.press("Escape")
    with visit.change():
        visit.page.keyboard.press("Control+z")
    assert written(visit, scene) == before
    expect(visit.part("undo")).to_be_disabled()


def test_by_keyboard_alone_an_input_and_a_weight_are_typed(visit: Any) -> None:
    state = opening("transposed")
    state = replace(state, view="flat", layer=from_text("tconv2d-i2-k3-s2"))
    scene, press = state.scene(), visit.page.keyboard.press
    visit.open(state, plays=False).paused()
    visit.part("svg").focus()
    press("e")
    expect(visit.player).to_have_attribute("data-cursor", str(cell_of(scene, "x", 0, 0)))
    press("ArrowRight")
    expect(visit.player).to_have_attribute("data-cursor", str(cell_of(scene, "x", 0, 1)))
    press("ArrowDown")
    press("ArrowLeft")
    expect(visit.player).to_have_attribute("data-cursor", str(cell_of(scene, "x", 1, 0)))
    visit.page.keyboard.type("12")
    with visit.change():
        press("Enter")
    state = replace(state, x=state.x.edited(2, 12))
    expect(visit.player).to_have_attribute("data-cursor", str(cell_of(scene, "x", 1, 1)))
    press("Tab")
    kernel = next(grid for grid in scene.grids if grid.name == "kernel")
    expect(visit.player).to_have_attribute("data-cursor", str(kernel.first))
    press("Enter")
    visit.page.keyboard.type("-3")
    with visit.change():
        press("Enter")
    index = next(i for i in range(9) if cell_of(scene, "weight", *divmod(i, 3)) == kernel.first)
    state = replace(state, weight=state.weight.edited(index, -3))
    press("Escape")
    expect(visit.player).to_have_attribute("data-editing", "false")
    assert written(visit, scene) == output_of(state)
    for _ in range(2):
        with visit.change():
            press("Control+z")
    assert written(visit, scene) == output_of(replace(opening("transposed"), layer=state.layer))


def test_what_is_no_other_number_is_not_sent(visit: Any) -> None:
    scene = seeded("convolution").scene()
    visit.open(seeded("convolution"), plays=False).paused()
    mark = cell_of(scene, "x", 0, 0)
    assert scene.texts_at(0)[mark] == "4"
    visit.page.wait_for_load_state("networkidle")
    visit.presentable()
    sent, asked = len(visit.sent), len(visit.asked)
    for typed in ("", "abc", "--3", "99999", "1e9", "<b>", "4"):
        visit.cell(mark).dblclick(force=True)
        field = visit.player.locator("input.cell")
        field.fill("")
        field.type(typed)
        visit.page.keyboard.press("Enter")
        expect(field).to_have_count(0)
        visit.page.keyboard.press("Escape")
        drawn = visit.drawn()
        assert [text for _, _, text in sorted(drawn["texts"])] == [text for text in scene.texts_at(0) if text], typed
    assert (len(visit.sent), len(visit.asked)) == (sent, asked)


def test_escape_leaves_the_cell_as_it_was(visit: Any) -> None:
    scene = opening("convolution").scene()
    visit.go("convolution", plays=False).paused()
    sent = len(visit.sent)
    visit.cell(cell_of(scene, "weight", 0, 0)).dblclick(force=True)
    visit.page.keyboard.type("77")
    visit.page.keyboard.press("Escape")
    visit.page.keyboard.press("Escape")
    expect(visit.player).to_have_attribute("data-editing", "false")
    assert visit.sent[sent:] == []


def test_a_number_beyond_what_fits_is_refused_with_a_reason(visit: Any) -> None:
    scene = opening("convolution").scene()
    visit.go("convolution", plays=False).paused()
    visit.cell(cell_of(scene, "x", 0, 0)).dblclick(force=True)
    visit.player.locator("input.cell").fill("1000")
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_test_id("stToast")).to_contain_text("must be a number between -999 and 999")
    assert written(visit, scene) == output_of(opening("convolution"))


def test_a_dial_that_cannot_be_explains_itself_and_the_last_picture_stays(visit: Any) -> None:
    visit.go("convolution", {"v": "1", "layer": "conv2d-i5-k3"}, plays=False).paused()
    good = visit.drawn()
    with pytest.raises(LayerError) as refused:
        replace(from_text("conv2d-i5-k3"), kernel_size=7)
    visit.dial("kernel_size").fill("7")
    expect(visit.note("kernel_size")).to_have_text(refused.value.text())
    expect(visit.dial("kernel_size")).to_have_attribute("aria-invalid", "true")
    assert visit.drawn() == good
    address = visit.page.url
    with visit.change():
        visit.dial("padding").fill("1")
    expect(visit.note("kernel_size")).to_have_text("")
    expect(visit.page).not_to_have_url(address)  # which is written once the picture is shown
    assert visit.dial("kernel_size").input_value() == "3"


def test_an_axis_text_that_is_none_explains_itself(visit: Any) -> None:
    visit.go("convolution", {"v": "1", "layer": "conv2d-i5x6-k3"}, plays=False).paused()
    good = visit.drawn()
    visit.dial("input_size").fill("5xx")
    visit.dial("input_size").press("Enter")
    expect(visit.note("input_size")).to_contain_text("try")
    assert visit.drawn() == good


def test_new_numbers_and_a_photograph_change_the_picture(visit: Any) -> None:
    visit.go("convolution", plays=False).paused()
    first = visit.drawn()
    visit.page.get_by_role("button", name=say("control.values"), exact=True).click()
    with visit.change():
        visit.page.locator(".sources").get_by_role("button", name=say("source.random")).click()
    shuffled = visit.drawn()
    assert shuffled["texts"] != first["texts"]
    with visit.change():
        visit.page.get_by_role("button", name=say("source.face")).click()
    photo = averaged(photograph(), SQUARES[0], (5, 5)).ravel().tolist()
    shown = {m: text for m, _, text in visit.drawn()["texts"]}
    scene = opening("convolution").scene()
    assert [int(shown[cell_of(scene, "x", *divmod(i, 5))]) for i in range(25)] == photo


def test_the_cell_that_will_be_edited_is_seen_at_once(visit: Any) -> None:
    visit.go("convolution", plays=False).paused()
    visit.part("svg").focus()
    visit.page.keyboard.press("e")
    expect(visit.player).to_have_attribute("data-editing", "true")
    assert visit.marked("edit") == {int(visit.player.get_attribute("data-cursor"))}
