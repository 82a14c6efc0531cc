"""Lesson 8 on its page: a cell and its patch, rows that are edited, code and errors that are pasted, and how fast."""

from __future__ import annotations

import statistics
import sys
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from convviz.counted import counted, networked
from convviz.lessons import LESSONS
from convviz.lessons.receptive import OPENING, SMOOTH, STRIDED
from convviz.network import stack_from_text
from convviz.page.dials import dials
from convviz.page.link import from_query
from convviz.page.state import State, opening
from convviz.text import say

BLOCK = "conv2d-i8-k3-p1-c4-o4~relu~conv2d-i8-k3-p1-c4-o4~add@0.3~relu"
TAIL = "maxpool2d-i8-k2-c4~upsample2d-i4-c4~flatten~dense-i256-o10"
PAIR = "conv2d-i9-k3~conv2d-i7-k3"
CODE = "nn.Sequential(\n  nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(),\n  nn.Foo(), nn.MaxPool2d(2))"
ERROR = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x25088 and 4096x1000)"


def state_of(visit: Any) -> State:
    """What the address says."""
    state, wrong = from_query(dict(parse_qsl(urlsplit(visit.page.url).query)), "receptive")
    assert not wrong
    return state


def field_of(layer: str) -> State:
    return replace(opening("receptive"), layer=stack_from_text(layer), view="field")


def paste(visit: Any, text: str, shape: str = "") -> None:
    """Paste a text into the box, which opens first."""
    if visit.page.locator(".paste textarea").is_hidden():
        visit.dial("paste").click()
    visit.page.locator(".paste textarea").fill(text)
    visit.page.locator(".paste .size input").fill(shape)
    visit.page.locator(".paste .go").click()


def test_a_click_on_a_cell_lights_the_patch_that_composed_taps_name(visit: Any) -> None:
    state = field_of(PAIR)
    scene, network = state.scene(), state.layer
    visit.open(state, plays=False)
    (below,) = [grid for grid in scene.grids if grid.name == "input"]
    board = next(grid for grid in scene.grids if grid.name == "map2")
    matrix = np.linalg.multi_dot([layer.taps.axes[0].matrix for layer in network.layers[::-1]])
    for row, column in ((0, 0), (3, 1)):
        mark = board.first + row * board.columns + column
        visit.point(mark)
        read = [np.flatnonzero(matrix[place]) for place in (row, column)]
        wanted = {below.first + int(r) * below.columns + int(c) for r in read[0] for c in read[1]}
        lit = visit.lit()
        assert {one for one in lit if one < below.first + below.count} == wanted
        visit.cell(mark).click()
        visit.comes(lambda: state_of(visit).at, (2, row, column))
        after = state_of(visit).scene()
        window = {int(one) for one in after.track["window"].marks[1] if 0 <= one < below.count}
        assert window == wanted


SEEN = """player => {
  const svg = player.querySelector("[data-part=svg]")
  const texts = [...svg.querySelectorAll(".texts text")].filter(n => n.textContent)
  const size = n => parseFloat(getComputedStyle(n).fontSize) * svg.getScreenCTM().a
  return Object.fromEntries(texts.map(n => [n.dataset.m, size(n)]))
}"""
"""The pixels of the letters in each cell that has a text."""


@pytest.mark.parametrize("width", [390, 360])
@pytest.mark.parametrize("layer", [OPENING, PAIR, STRIDED, SMOOTH, "vgg16", "resnet50", "unet"])
@pytest.mark.long(4)
def test_a_phone_says_under_each_board_how_much_of_it_is_seen(visitor: Any, layer: str, width: int) -> None:
    visit = visitor(viewport={"width": width, "height": 844}, reduced_motion="reduce").open(field_of(layer))
    scene = field_of(layer).scene()
    feet = [grid.first for grid in scene.grids if grid.name.endswith(".seen")]
    for step in (0, scene.steps - 1):
        visit.seek(step)
        sizes = visit.player.evaluate(SEEN)
        said = [str(mark) for mark in feet if scene.texts_at(step)[mark]]
        assert said and min(sizes.get(mark, 0.0) for mark in said) >= 11 - 0.05


def test_the_view_opens_where_an_output_sees_the_most_and_a_link_opens_what_was_shown(visit: Any) -> None:
    visit.open(opening("receptive"), plays=False)
    wanted = field_of(OPENING).scene().picks[0].step
    visit.choose("field")
    visit.comes(lambda: visit.step, wanted)
    for step in (0, 3):
        visit.seek(step)
        visit.comes(lambda: state_of(visit).step, step)
        visit.page.reload()
        visit.still()
        visit.comes(lambda: visit.step, step)


def test_a_click_on_a_row_chooses_it_and_its_dials_edit_it(visit: Any) -> None:
    state = opening("receptive")
    visit.open(state, plays=False)
    number = next(grid for grid in state.scene().grids if grid.name == "layer")
    visit.cell(number.first + 4).click()
    visit.comes(lambda: state_of(visit).at, (4,))
    visit.comes(lambda: visit.step, 3)
    with visit.change():
        visit.dial("kernel_size").press("ArrowRight")
    visit.comes(lambda: state_of(visit).layer.nodes[5].layer.kernel_size, (4, 4))
    expect(visit.part("sentence")).to_contain_text("4 × 4")
    visit.part("undo").click()
    visit.comes(lambda: state_of(visit).layer, state.layer)


def test_a_layer_is_added_moved_and_removed_by_a_button_each(visit: Any) -> None:
    visit.open(replace(opening("receptive"), layer=stack_from_text("conv2d-i9-k5~maxpool2d-i5-k2")), plays=False)

    def press(name: str, wanted: list[str]) -> None:
        button = visit.page.locator(f".acts button[data-value={name}]")
        button.focus()
        visit.page.keyboard.press("Enter")
        visit.comes(lambda: [row.layer.kind for row in counted(networked(state_of(visit).layer))], wanted)
        expect(button).to_be_focused()

    press("add_conv", ["conv", "conv", "maxpool"])
    press("down", ["conv", "maxpool", "conv"])
    press("add_pool", ["conv", "maxpool", "conv", "maxpool"])
    press("up", ["conv", "maxpool", "maxpool", "conv"])
    press("remove", ["conv", "maxpool", "conv"])
    assert state_of(visit).at == (3,)
    visit.part("undo").click()
    visit.comes(lambda: len(counted(networked(state_of(visit).layer))), 4)


def test_the_row_that_is_marked_is_the_row_that_is_edited(visit: Any) -> None:
    state = replace(opening("receptive"), layer=stack_from_text("conv2d-i9-k5~maxpool2d-i5-k2~conv2d-i2-k2"))
    visit.open(state, plays=False)
    for wanted in (1, 2):
        visit.part("next").click()
        visit.comes(lambda: visit.dial("row").input_value(), str(wanted + 1))
        assert visit.step == wanted
    visit.part("back").click()
    visit.comes(lambda: visit.dial("row").input_value(), "2")
    visit.page.locator(".acts button[data-value=remove]").click()
    visit.comes(lambda: [row.layer.kind for row in counted(networked(state_of(visit).layer))], ["conv", "conv"])


@pytest.mark.parametrize("began", [0, 3])
def test_the_marked_row_is_edited_also_when_another_network_comes(visit: Any, began: int) -> None:
    """What was followed before is of the network that was shown then."""
    visit.open(replace(opening("receptive"), step=began), plays=False)
    presets = [one.setting for one in LESSONS["receptive"].presets[1:4]]
    for n, setting in enumerate(presets):
        if n:
            visit.seek(3)
            visit.comes(lambda: visit.dial("row").input_value(), "4")
        with visit.change():
            visit.pill(setting).click()
        visit.comes(lambda: visit.dial("row").input_value() == str(visit.step + 1), True)
        visit.page.wait_for_timeout(600)
        assert visit.dial("row").input_value() == str(visit.step + 1)


def test_rows_that_are_followed_one_after_another_are_one_step_of_the_history(visit: Any) -> None:
    visit.open(opening("receptive"), plays=False)
    for wanted in ("2", "3", "4"):
        visit.part("next").click()
        visit.comes(lambda: visit.dial("row").input_value(), wanted)
    visit.page.keyboard.press("Control+z")
    visit.comes(lambda: visit.dial("row").input_value(), "1")
    visit.page.wait_for_timeout(600)
    assert (visit.dial("row").input_value(), visit.step) == ("1", 0)


def test_a_slider_that_ends_where_it_was_taken_is_kept_as_it_stands(visit: Any) -> None:
    """Another row's cell was shown meanwhile, and a browser tells no change of a slider that is back where it was."""
    visit.open(replace(field_of(PAIR), at=(1, 0, 6)), plays=False)
    row = visit.dial("row")
    box = row.bounding_box()
    y = box["y"] + box["height"] / 2
    visit.page.mouse.move(box["x"] + 5, y)
    visit.page.mouse.down()
    for part, wanted in ((0.99, "2"), (0.01, "1")):
        visit.page.mouse.move(box["x"] + box["width"] * part, y)
        visit.comes(lambda: (row.input_value(), str(visit.step + 1)), (wanted, wanted))
    visit.page.mouse.up()
    visit.comes(lambda: state_of(visit).at, (1,))
    parts = ("cells", "shapes", "sentence")
    shown = [visit.drawn()[part] for part in parts]
    visit.open(replace(field_of(PAIR), at=(1,)), plays=False)  # as its address opens anew
    assert [visit.drawn()[part] for part in parts] == shown


def test_what_is_pointed_at_in_a_table_leaves_its_other_numbers_clear(visit: Any) -> None:
    state = opening("receptive")
    visit.open(state, plays=False)
    shape = next(grid for grid in state.scene().grids if grid.name == "shape")
    visit.point(shape.first + 4)
    visit.comes(lambda: visit.marked("hover"), {shape.first + 4})
    assert visit.page.locator(".veil.on").count() == 0


def test_a_beat_edits_the_row_that_it_speaks_of(visit: Any) -> None:
    number = next(n for n, beat in enumerate(LESSONS["receptive"].beats, start=1) if beat.name == "cost")
    visit.go("receptive", {"v": "1", "beat": str(number), "layer": "vgg16"}, plays=False)
    expect(visit.dial("row")).to_have_value(str(visit.step + 1))
    assert visit.step > 0


LIES = """panel => ['.dials.main', 'details', '.bottom'].map(name => {
  const { x, y, width, height } = panel.querySelector(name).getBoundingClientRect()
  return [x, y, width, height].map(Math.round)
})"""
"""Where the parts of the panel lie."""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_panel_lies_the_same_whichever_layer_is_chosen(visitor: Any, width: int) -> None:
    """Layers have dials of their own; also those behind "More" are as high for all."""
    visit = visitor(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    state = replace(opening("receptive"), layer=stack_from_text(f"{BLOCK}~{TAIL}"))
    visit.open(state, plays=False)
    visit.page.locator(".panel > details > summary").click()
    panel, kinds = visit.page.locator(".panel"), set()
    before = panel.evaluate(LIES)
    for row in counted(networked(state.layer)):
        visit.dial("row").fill(str(row.number))
        visit.comes(lambda: visit.step, row.number - 1)
        visit.still()
        assert panel.evaluate(LIES) == before, row.layer.kind
        kinds.add(row.layer.kind)
    assert kinds == {"conv", "add", "maxpool", "upsample", "flatten", "dense"}


def test_pasted_code_is_shown_with_what_is_not_understood_beside_it(visit: Any) -> None:
    visit.open(opening("receptive"), plays=False)
    paste(visit, CODE, "3x32x32")
    visit.comes(lambda: state_of(visit).text, "conv2d-i32-k3-p1-c3-o16-b1~relu~maxpool2d-i32-k2-c16")
    expect(visit.page.locator(".paste .problems li")).to_have_count(1)
    expect(visit.page.locator(".paste .problems li")).to_contain_text("nn.Foo")
    expect(visit.page.locator(".paste .rest")).to_have_text(say("paste.rest", "en", n=3))
    visit.page.locator(".paste .problems button").click()
    found = visit.page.locator(".paste textarea").evaluate("box => box.value.slice(box.selectionStart).split('(')[0]")
    assert found.endswith("Foo")
    assert visit.page.locator(".paste textarea").input_value() == CODE, "the text stays"
    paste(visit, "")
    expect(visit.page.locator(".paste .problems li").first).not_to_contain_text("nn.Foo")
    visit.comes(lambda: state_of(visit).text, "conv2d-i32-k3-p1-c3-o16-b1~relu~maxpool2d-i32-k2-c16")
    expect(visit.page.locator(".paste .rest")).to_be_hidden()


STANDS = """box => {
  const left = (selector) => [...box.querySelectorAll(selector)].map((one) => one.getBoundingClientRect().left)
  const [line, mark] = [box.querySelector('.problems li'), box.querySelector('.problems button')].map((one) => {
    const { top, height } = one.getBoundingClientRect()
    return { top, height }
  })
  return { text: left('textarea')[0], codes: [...left('.written'), ...left('summary')], line, mark }
}"""
"""Where the left edges of the box and of what is written under it are; and the first problem and its words."""


def test_the_box_has_its_codes_at_the_left_under_their_heading(visit: Any) -> None:
    visit.open(opening("receptive", "zh"), plays=False)
    paste(visit, CODE, "3x32x32")
    expect(visit.page.locator(".paste .problems li")).to_have_count(1)
    expect(visit.page.locator(".paste .written")).to_have_text(say("paste.written", "zh"))
    lies = visit.page.locator(".paste .list").evaluate(STANDS)
    assert lies["codes"] == pytest.approx([lies["text"]] * 3, abs=1)
    assert lies["mark"]["top"] - lies["line"]["top"] < 6 and lies["line"]["height"] - lies["mark"]["height"] < 6


def test_a_pasted_error_is_drawn_and_a_fix_is_tried(visit: Any) -> None:
    visit.open(opening("receptive"), plays=False)
    paste(visit, ERROR)
    visit.comes(lambda: state_of(visit).text, "misfitdense-i25088-f4096-o1000-n8")
    visit.page.keyboard.press("Escape")
    visit.still()
    (mends,) = [dial for dial in dials(state_of(visit)) if dial["name"] == "mend"]
    choices: Any = mends["choices"]
    visit.dial("mend").select_option(choices[1][0])
    visit.comes(lambda: state_of(visit).text.startswith("misfit"), False)
    assert state_of(visit).seen == "table"


def test_a_long_log_is_pasted_for_the_message_at_its_end(visit: Any) -> None:
    visit.open(opening("receptive"), plays=False)
    paste(visit, "", "")  # which opens the box
    log = "epoch 1, loss 0.25\n" * 8_000 + ERROR
    visit.page.locator(".paste textarea").evaluate("(box, log) => (box.value = log)", log)  # to fill it in takes long
    visit.page.locator(".paste .go").click()
    visit.comes(lambda: state_of(visit).text, "misfitdense-i25088-f4096-o1000-n8")


TIMED = """([name, value]) => new Promise((done) => {
  const inside = [...document.querySelectorAll("*")].map((one) => one.shadowRoot?.querySelector(".player"))
  const player = document.querySelector(".player") ?? inside.find(Boolean)
  const [before, from] = [player.dataset.ready, performance.now()]
  const painted = () => requestAnimationFrame(() => done(performance.now() - from))
  const look = () => (player.dataset.ready === before ? requestAnimationFrame(look) : painted())
  document.dispatchEvent(new CustomEvent("convviz:turn", { detail: { name, value } }))
  requestAnimationFrame(look)
})"""
"""Milliseconds from a turn to the picture that has been painted for it."""


def test_the_largest_table_comes_and_a_row_of_it_is_edited(visit: Any) -> None:
    """With -s it says how fast: what is wanted is 300 ms, and 100 ms for the edit."""
    visit.open(opening("receptive"), plays=False)

    def timed(name: str, *values: object) -> float:
        return statistics.median(float(visit.page.evaluate(TIMED, [name, value])) for value in values)

    first, again = timed("preset", "resnet50"), timed("preset", "vgg16", "resnet50", "unet", "resnet50")
    timed("row", 30)
    edit = timed("padding_mode", "reflect", "zeros", "reflect", "circular")
    timed("preset", "vgg16")
    timed("row", 4)
    smaller = timed("out_channels", *range(100, 108))
    said = f"first table {first:.0f} ms, tables {again:.0f} ms, an edit {edit:.0f} ms, of VGG {smaller:.0f} ms"
    sys.stdout.write(f"{said}\n")
    visit.comes(lambda: counted(networked(state_of(visit).layer))[3].shape[0], 107)
    assert first > 0, said
