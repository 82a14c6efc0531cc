"""The lesson on filters: the lens, the curtain, the pixels that are saved, a picture of a million pixels."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

import convviz as cv
from convviz.applied import Applied
from convviz.kernels import kernel
from convviz.network import stack_from_text
from convviz.page.kernels import named
from convviz.page.state import State, opening
from convviz.paint.drawing import Drawing
from convviz.paint.svg import view_box
from convviz.scene.canvas import number
from convviz.scene.photo import SIDE
from convviz.text import say
from convviz.themes import THEMES

SIZE = 64
PLACE = """(player, [name, row, column]) => {
  const window = [...player.querySelectorAll('svg.pixels')].find(n => n.parentNode.dataset.grid === name)
  const { x, y, width, height } = window.getBoundingClientRect()
  const [, , columns, rows] = window.getAttribute('viewBox').split(' ').map(Number)
  return [x + (column + 0.5) * width / columns, y + (row + 0.5) * height / rows]
}"""
"""Where a pixel of an image is on the screen."""


def shown(text: str = f"conv2d-i{SIZE}-k3-p1", kernel_name: str = "vertical", view: str = "picture") -> State:
    return replace(opening("filters"), layer=stack_from_text(text), view=view, weight=named(kernel_name))


def at(visit: Any, board: str, row: float, column: float) -> list[float]:
    return list(visit.player.evaluate(PLACE, [board, row, column]))


def told(visit: Any) -> tuple[list[str], str, str]:
    """The numbers of the window and the result, and the arithmetic."""
    drawn = visit.drawn()
    texts = {mark: text for mark, _, text in drawn["texts"]}
    return list(texts.values()), drawn["sentence"], drawn["equation"]


def wanted(state: State, row: int, column: int) -> tuple[list[str], str]:
    """The pixels of a window, and what its products add up to, by NumPy alone."""
    layer = state.single
    weights, divisor = kernel(state.weight.name, layer.kernel_size)
    padded = np.pad(state.x.array(layer.x_shape, 0, 5)[0], layer.pads[0][0])
    high, wide = layer.kernel_size
    window = padded[row * layer.stride[0] :, column * layer.stride[1] :][:high, :wide]
    total = int((window * weights).sum())
    value = total if divisor == 1 else float(np.round(total / divisor, 2))
    return [number(int(pixel)) for pixel in window.ravel()], number(value)


@pytest.mark.parametrize("name", ["vertical", "gaussian"])
def test_the_lens_tells_of_any_pixel_what_numpy_gives_and_asks_no_server(visit: Any, name: str) -> None:
    state = shown(kernel_name=name)
    visit.open(state, plays=False).paused()
    visit.page.mouse.move(*at(visit, "result", 5, 5))
    expect(visit.player).to_have_attribute("data-lens", "5,5")
    visit.presentable()
    before, sent = len(visit.asked), len(visit.sent)
    for row, column in ((0, 0), (3, 17), (31, 40), (SIZE - 1, SIZE - 1), (20, SIZE - 1), (44, 9)):
        for board in ("result", "photo"):
            visit.page.mouse.move(*at(visit, board, row, column))
            expect(visit.player).to_have_attribute("data-lens", f"{row},{column}")
            texts, sentence, equation = told(visit)
            pixels, total = wanted(state, row, column)
            assert texts[: len(pixels)] == pixels or set(pixels) <= set(texts)
            assert equation.endswith(f"= {total}")
            assert str(row + 1) in sentence and str(column + 1) in sentence and total in sentence
    assert len(visit.asked) == before and len(visit.sent) == sent
    visit.page.mouse.move(3, 3)
    expect(visit.player).not_to_have_attribute("data-lens", re.compile("."))
    assert visit.drawn()["sentence"] == state.scene().sentence(0)


@pytest.mark.parametrize("text", ["conv2d-i60-k1-s4", "conv2d-i60-k3", "conv2d-i60-k2-s2-p1"])
def test_over_the_photograph_the_lens_is_where_a_window_is_around_the_pointer(visit: Any, text: str) -> None:
    state = shown(text, "identity")
    (stride, _), (pad, _), (size, _) = state.single.stride, state.single.pads[0], state.single.kernel_size
    visit.open(state, plays=False).paused()
    for row, column in ((2, 3), (9, 7)):
        middle = (stride * place - pad + (size - 1) / 2 for place in (row, column))
        visit.page.mouse.move(*at(visit, "photo", *middle))
        expect(visit.player).to_have_attribute("data-lens", f"{row},{column}")


def test_the_lens_at_a_stop_is_the_step_that_stops_there(visit: Any) -> None:
    state = shown(kernel_name="sharpen")
    visit.open(state, plays=False).paused()
    visit.seek(37)
    step = visit.drawn()
    row, column = (int(n) * SIZE // 16 for n in divmod(37, 16))
    visit.page.mouse.move(*at(visit, "result", row, column))
    expect(visit.player).to_have_attribute("data-lens", f"{row},{column}")
    assert visit.drawn() == step


def test_the_lens_is_moved_by_keys_kept_by_a_click_and_let_go(visit: Any) -> None:
    visit.open(shown(), plays=False).paused()
    visit.player.locator("[data-part=svg]").focus()
    keys = {"0,1": "ArrowRight", "1,1": "ArrowDown", "2,1": "ArrowDown", "2,0": "ArrowLeft", "1,0": "ArrowUp"}
    for place, key in keys.items():
        visit.page.keyboard.press(f"Shift+{key}")
        expect(visit.player).to_have_attribute("data-lens", place)
    assert visit.step == 0, "the step stays"
    visit.page.keyboard.press("Escape")
    expect(visit.player).not_to_have_attribute("data-lens", re.compile("."))
    visit.page.mouse.click(*at(visit, "photo", 30, 20))
    visit.page.mouse.move(3, 3)
    expect(visit.player).to_have_attribute("data-lens", "30,20")
    with visit.change():
        visit.page.locator("#dial-kernel_size").press("ArrowRight")
    expect(visit.player).to_have_attribute("data-lens", "30,20")
    visit.page.keyboard.press("Escape")


def test_a_finger_puts_the_lens_where_it_taps(visitor: Any) -> None:
    visit = visitor(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    visit.open(shown(), plays=False)
    x, y = at(visit, "photo", 12, 40)
    visit.page.touchscreen.tap(x, y)
    expect(visit.player).to_have_attribute("data-lens", re.compile(r"1[123],(39|40|41)"))


def test_the_lens_follows_over_a_million_pixels_and_asks_no_server(visit: Any) -> None:
    state = shown(f"conv2d-i{SIDE}-k5-p2", "gaussian")
    visit.open(state, plays=False).paused()
    visit.presentable()
    before, sent = len(visit.asked), len(visit.sent)
    for n in range(12):
        visit.page.mouse.move(*at(visit, "photo", 300 + 40 * n, 500 - 30 * n), steps=4)
        expect(visit.player).to_have_attribute("data-lens", re.compile("."))
        row, column = map(int, visit.player.get_attribute("data-lens").split(","))
        texts, _, equation = told(visit)
        pixels, total = wanted(state, row, column)
        assert set(pixels) <= set(texts) and equation.endswith(f"= {total}")
    assert len(visit.asked) == before and len(visit.sent) == sent


def test_the_curtain_is_drawn_by_the_pointer_and_by_keys(visit: Any) -> None:
    visit.open(shown(view="curtain"), plays=False).paused()
    box = visit.player.locator("svg.pixels").nth(0).bounding_box()
    y = box["y"] + box["height"] / 2
    visit.page.mouse.move(box["x"] + box["width"] * 0.2, y)
    visit.page.mouse.down()
    for share in (0.3, 0.5, 0.75):
        visit.page.mouse.move(box["x"] + box["width"] * share, y)
        expect(visit.player).to_have_attribute("data-step", str(round(share * 40)))
    visit.page.mouse.up()
    expect(visit.player).to_have_attribute("data-step", "30")
    top = visit.player.locator("svg.pixels").nth(1)
    assert top.get_attribute("viewBox") == f"{round(SIZE * 30 / 40)} 0 {SIZE - round(SIZE * 30 / 40)} {SIZE}"
    visit.page.keyboard.press("ArrowLeft")
    expect(visit.player).to_have_attribute("data-step", "29")


def test_the_result_is_saved_pixel_by_pixel(visit: Any) -> None:
    state = shown(f"conv2d-i{SIZE}-k3-s2-p1", "gaussian")
    visit.open(state, plays=False).paused()
    visit.part("save").click()
    with visit.page.expect_download() as saving:
        visit.part("pixels_file").click()
    found = np.asarray(Image.open(saving.value.path()))
    result = next(image for image in state.scene().images if image.name == "result")
    assert np.array_equal(np.atleast_3d(found), result.pixels)


def test_the_browser_shows_the_pixels_that_the_painters_draw(visit: Any) -> None:
    state = shown(f"conv2d-i{SIZE}-k3-p1", "sharpen")
    visit.open(state, plays=False).paused()
    scene = state.scene()
    for image in scene.images:
        node = visit.player.locator(f"g[data-grid={image.name}] svg.pixels")
        place = [float(node.get_attribute(name) or 0) for name in ("x", "y", "width", "height")]
        assert place == pytest.approx(scene.image_box(image), abs=2e-3)
        assert node.locator("image").get_attribute("href") == image.address
    left, top, _, _ = view_box(scene)
    svg = visit.player.locator("[data-part=svg]")
    picture = np.asarray(Image.open(io.BytesIO(svg.screenshot())).convert("RGB")).astype(int)
    scale = svg.bounding_box()["width"] / view_box(scene)[2]
    drawing = Drawing(scene, THEMES["light"], scale)
    drawing.show(0)
    x, y, width, height = scene.image_box(scene.images[1])
    for share_x, share_y in ((0.3, 0.6), (0.5, 0.5), (0.7, 0.3), (0.45, 0.85)):
        column, row = int(share_x * SIZE), int(share_y * SIZE)
        place = ((column + 0.5) / SIZE * width + x, (row + 0.5) / SIZE * height + y)
        seen = picture[round((place[1] - top) * scale), round((place[0] - left) * scale)]
        drawn_at = drawing.place.pixels(np.array([place]))[0].round().astype(int)
        assert np.abs(seen - scene.images[1].pixels[row, column]).max() <= 3
        assert np.abs(drawing.pixels[drawn_at[1], drawn_at[0], :3].astype(int) - seen).max() <= 3


@pytest.mark.parametrize("size", [3, 5])
def test_a_million_pixels_of_one_s_own_are_painted_as_the_engine_has_them(visit: Any, size: int) -> None:
    rng = np.random.default_rng(0)
    x = np.linspace(0, 40, SIDE)
    grey = (
        (np.sin(x)[:, None] * np.cos(x / 2) * 90 + 128 + rng.normal(0, 3, (SIDE, SIDE))).clip(0, 255).astype(np.uint8)
    )
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "PNG")
    visit.open(shown(f"conv2d-i{SIZE}-k{size}-p{size // 2}"), plays=False).paused()
    visit.page.get_by_role("button", name=say("control.values"), exact=True).click()
    visit.page.locator(".sources[data-ready]").wait_for()
    visit.page.locator(".sources input[type=file]").set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": stream.getvalue()}
    )
    title = visit.player.locator(".labels text", has_text=f"{SIDE} × {SIDE}").first
    title.wait_for()
    visit.page.keyboard.press("Escape")
    layer = cv.Conv(SIDE, size, padding=size // 2)
    for name in ("gaussian", "outline", "sharpen"):
        visit.page.locator("#dial-kernel").click()
        visit.page.locator(f".grid button[data-value='{name}']").click()
        weights, divisor = kernel(name, (size, size))
        scene = cv.scene(Applied(layer, grey[None].astype(np.int64), weights[None, None], divisor))
        painted = visit.player.locator("g[data-grid=result] image")
        expect(painted).to_have_attribute("href", scene.images[1].address)


def test_what_is_too_large_says_what_it_became(visit: Any) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (2000, 1500), (200, 90, 30)).save(stream, "PNG")
    visit.open(shown(), plays=False).paused()
    visit.page.get_by_role("button", name=say("control.values"), exact=True).click()
    visit.page.locator(".sources[data-ready]").wait_for()
    visit.page.locator(".sources input[type=file]").set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": stream.getvalue()}
    )
    expect(visit.page.locator(".sources [role=alert]")).to_have_text(
        say("source.smaller", wide=2000, high=1500, columns=1024, rows=768)
    )
    visit.player.locator(".labels text", has_text="768 × 768").first.wait_for()


def test_colour_and_two_kernels_are_turned_on_the_page(visit: Any) -> None:
    visit.open(shown(), plays=False).paused()
    with visit.change():
        visit.page.locator("#dial-colour").check()
    assert "c3-o3-g3" in visit.page.url
    with visit.change():
        visit.choose("twice")
    expect(visit.player.locator("svg.pixels")).to_have_count(4)
