"""Photographs: the Image mark in every painter, filters of any size against SciPy, the lens, two kernels in a row."""

from __future__ import annotations

import base64
import io
import json
import re
import tracemalloc
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from scipy import ndimage, signal

import convviz as cv
from convviz.applied import Applied, in_a_row
from convviz.errors import LayerError
from convviz.kernels import KERNELS, combined
from convviz.paint.drawing import Drawing, pixels_at
from convviz.paint.svg import svg
from convviz.pictures import COLOURED, PHOTOGRAPHS, coloured, photograph
from convviz.player.wire import wire
from convviz.png import png
from convviz.scene.bare import PIXELS, bare
from convviz.scene.marks import Image
from convviz.scene.photo import SIDE, both_shades, places_of
from convviz.scene.scene import Scene
from convviz.scene.views import VIEWS
from convviz.themes import theme_named

LIGHT = theme_named("light")
WHOLE = [name for name, view in VIEWS.items() if view.whole]
MODES = {"zeros": "constant", "reflect": "mirror", "replicate": "nearest", "circular": "wrap"}
"""Ours, and SciPy's words for the same."""


def filtered(name: str = "vertical", size: int = 40, kernel: int = 3, channels: int = 1, **others: Any) -> Applied:
    """A filter on a small part of a bundled photograph."""
    x = photograph(3)[100 : 100 + size, 180 : 180 + size].astype(np.int64)[None]
    x = np.concatenate([x, 255 - x, x // 2])[:channels]
    weights, divisor = cv.kernel(name, kernel)
    layer = cv.Conv(size, kernel, in_channels=channels, out_channels=channels, groups=channels, **others)
    return Applied(layer, x, np.broadcast_to(weights, (channels, 1, *weights.shape)), divisor)


# --- the engine -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", [name for name in KERNELS if name != "random"])
@pytest.mark.parametrize("size", [3, 5])
def test_each_named_kernel_gives_what_scipy_s_correlate_gives(name: str, size: int, mode: str) -> None:
    found = filtered(name, 64, size, padding=size // 2, padding_mode=mode)
    wanted = ndimage.correlate(found.x[0], found.weight[0, 0], mode=MODES[mode])
    assert np.array_equal(found.sums[0], wanted)
    assert np.allclose(found.output[0], wanted / found.divisor)


@pytest.mark.parametrize("size", [3, 5])
def test_a_photograph_of_a_million_pixels_too(size: int) -> None:
    x = np.tile(photograph(3).astype(np.int64), (2, 2))[None]
    weights, _ = cv.kernel("emboss", size)
    layer = cv.Conv(SIDE, size, padding=size // 2)
    wanted = signal.correlate(x[0], weights, mode="same", method="direct")
    assert np.array_equal(cv.output(layer, x, weights[None, None])[0], wanted)


@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (3, 2), (1, 4)])
def test_stride_and_dilation_pick_from_what_scipy_gives(stride: int, dilation: int) -> None:
    found = filtered("outline", 50, 3, stride=stride, dilation=dilation, padding=2)
    spread = np.zeros((2 * dilation + 1,) * 2, dtype=np.int64)
    spread[::dilation, ::dilation] = found.weight[0, 0]
    padded = np.pad(found.x[0], 2)
    assert np.array_equal(found.sums[0], signal.correlate(padded, spread, mode="valid")[::stride, ::stride])


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
def test_the_record_of_a_few_windows_is_that_of_all_of_them(flip: bool, channels: int) -> None:
    found = filtered("emboss", 30, 3, channels, padding=((2, 1), (0, 3)), stride=(2, 1), dilation=(1, 2), flip=flip)
    whole = cv.trace(found.layer, found.x, found.weight)
    places = places_of(found)
    for channel in range(channels):
        record = found.windows(places, channel)
        rows, columns = places.T
        assert np.array_equal(record.output.ravel(), found.sums[channel][rows, columns])
        steps = np.ravel_multi_index((rows, columns), found.layer.output_size)
        assert np.array_equal(record.windows[0], whole.windows[channel][steps])


# --- two kernels in a row -------------------------------------------------------------------------------------------


def test_two_kernels_in_a_row_are_their_convolution_away_from_borders_for_200_pairs() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        shapes = [tuple(rng.integers(1, 6, 2).tolist()) for _ in range(2)]
        first, second = (rng.integers(-9, 10, shape) for shape in shapes)
        x = rng.integers(0, 256, (1, 24, 23))
        once = combined(first, second)
        assert np.array_equal(once, signal.convolve2d(first, second))
        inner = cv.output(cv.Conv((24, 23), shapes[0]), x, first[None, None])
        row = cv.output(cv.Conv(inner.shape[1:], shapes[1]), inner, second[None, None])
        assert np.array_equal(row, cv.output(cv.Conv((24, 23), once.shape), x, once[None, None]))


@pytest.mark.parametrize("size", [3, 5])
@pytest.mark.parametrize("mode", MODES)
def test_with_padding_they_differ_at_the_border_alone(size: int, mode: str) -> None:
    both = in_a_row(
        filtered("emboss", 40, size, padding=size // 2, padding_mode=mode), cv.kernel("vertical", size)[0], 1
    )
    assert both.second.sums.shape == both.once.sums.shape
    edge = size - 1
    assert not both.differs[:, edge:-edge, edge:-edge].any()
    assert both.differs.any() == (mode != "circular"), "what goes on at the other side has no border"
    assert both.once.divisor == both.first.divisor


def test_a_combined_kernel_of_no_numbers_is_refused() -> None:
    for first, second in (([[1]], [1, 2]), ([[1]], "x"), ([], [[1]])):
        with pytest.raises(LayerError):
            combined(first, second)


# --- the mark -------------------------------------------------------------------------------------------------------


def of_svg(text: str) -> list[np.ndarray[Any, Any]]:
    """The images of an SVG document, as far as they are seen, in its own pixels."""
    found = []
    for box, data in re.findall(r'<svg class="pixels"[^>]*viewBox="([^"]*)"[^>]*><image [^>]*base64,([^"]*)"', text):
        first, _, columns, _ = map(int, box.split())
        pixels = np.asarray(Pillow.open(io.BytesIO(base64.b64decode(data))))
        found.append(np.atleast_3d(pixels)[:, first : first + columns])
    return found


@pytest.mark.parametrize("channels", [1, 3])
def test_the_png_that_is_written_here_is_read_by_others(channels: int) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (37, 51, channels)).astype(np.uint8)
    assert np.array_equal(np.atleast_3d(np.asarray(Pillow.open(io.BytesIO(png(pixels))))), pixels)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("channels", [1, 3])
def test_svg_wire_and_scene_have_the_same_pixels(name: str, channels: int) -> None:
    scene = cv.scene(filtered("sharpen", channels=channels, padding=1), name)
    for t in (0, scene.steps // 2, scene.steps - 1):
        shown = [image.pixels[:, image.first(t) :] for image in scene.images if image.first(t) < image.size[1]]
        in_svg = of_svg(svg(scene, t, LIGHT))
        assert len(in_svg) == len(shown)
        assert all(
            np.array_equal(one, other) for one, other in zip(sorted_by_mean(in_svg), sorted_by_mean(shown), strict=True)
        )
    sent: Any = wire(scene)["images"]
    for image, said in zip(scene.images, sent, strict=True):
        read = np.asarray(Pillow.open(io.BytesIO(base64.b64decode(said["src"].split(",")[1]))))
        assert np.array_equal(np.atleast_3d(read), image.pixels)
        assert (said["r"], said["c"], said["m"]) == (*image.size, image.mark)
    assert all("src" not in said for said in wire(scene, *(image.mark for image in scene.images))["images"])  # type: ignore[attr-defined]


def sorted_by_mean(pictures: list[Any]) -> list[Any]:
    return sorted(pictures, key=lambda picture: (picture.shape, float(picture.mean())))


def area(scene: Scene, image: Image, drawing: Drawing) -> np.ndarray[Any, Any]:
    """The pixels of a drawing where an image lies."""
    left, top, width, height = scene.image_box(image)
    (x0, y0), (x1, y1) = np.rint(drawing.place.pixels(np.array([[left, top], [left + width, top + height]]))).astype(
        int
    )
    return drawing.pixels[y0:y1, x0:x1, :3]


@pytest.mark.parametrize("channels", [1, 3])
def test_in_pixels_each_pixel_is_where_it_belongs_and_a_smaller_picture_has_their_means(channels: int) -> None:
    scene = cv.scene(filtered("identity", 22, channels=channels, padding=1), "curtain")
    bare_scene = replace(scene, shapes=())
    image = scene.images[1]
    for scale in (22 * 3 / 11, 22 * 8 / 11):  # three, and eight pixels for each
        drawing = Drawing(bare_scene, LIGHT, scale)
        drawing.show(0)
        shown, each = area(scene, image, drawing), round(scale / 2)
        wanted = np.broadcast_to(image.pixels, (22, 22, 3)).repeat(each, 0).repeat(each, 1)
        assert shown.shape == wanted.shape and np.array_equal(shown, wanted)
    small = cv.scene(filtered("identity", 88, padding=1), "curtain")
    drawing = Drawing(replace(small, shapes=()), LIGHT, 4.0)  # two pixels of it for one
    drawing.show(0)
    means = small.images[1].pixels.reshape(44, 2, 44, 2).mean(axis=(1, 3))
    assert np.abs(area(small, small.images[1], drawing)[..., 0] - means).max() <= 0.5


def test_a_curtain_that_moves_draws_what_it_would_draw_alone() -> None:
    scene = cv.scene(filtered(padding=1), "curtain")
    drawing = Drawing(scene, LIGHT, 12.0)
    for t in (0, 7, 30, 3, 40, 39, 0):
        drawing.show(t)
        assert np.array_equal(drawing.pixels[..., :3], pixels_at(scene, t, LIGHT, 12.0))


def test_the_result_lies_over_the_middles_of_its_windows() -> None:
    found = filtered("identity", 44, stride=2)
    result, photo = cv.scene(found, "curtain").images
    left, top, width, height = result.box
    assert (left / 40 * 44, top * 44) == pytest.approx((0.5, 0.5)), "the middle pixel of a window of three, two wide"
    assert (width / 40, height) == pytest.approx((42 / 44, 42 / 44)) and photo.box == (0, 0, 40, 1)


def test_an_image_is_one_mark_and_small_where_a_card_shows_it() -> None:
    found = filtered(size=200, padding=1)
    scene = cv.scene(found)
    assert scene.view == "picture" and scene.cells < 600 and len(scene.images) == 2
    small = bare(scene)
    assert max(max(image.size) for image in small.images) <= PIXELS
    assert [small.grids[image.grid].name for image in small.images] == ["photo", "result"]
    only = bare(scene, "result")
    assert [image.name for image in only.images] == ["result"] and only.images[0].grid == 0


# --- what is seen ---------------------------------------------------------------------------------------------------


def test_zero_is_grey_where_some_are_negative_and_a_photograph_is_cut_off() -> None:
    edges, blur, sharp = (both_shades(filtered(name, padding=1))[1] for name in ("vertical", "gaussian", "sharpen"))
    assert edges.signed and edges.black == -edges.white
    values = filtered("vertical", padding=1).output
    assert set(edges.pixels[..., 0][values[0] == 0].tolist()) == {128}
    assert not blur.signed and (blur.black, blur.white) == (0, 255)
    values = filtered("sharpen", padding=1).output[0]
    assert values.min() < 0 and set(sharp.pixels[..., 0][values < 0].tolist()) == {0}
    bright = both_shades(Applied(cv.Conv(3, 1), np.full((1, 3, 3), 200), np.full((1, 1, 1, 1), 3)))[1]
    assert (bright.black, bright.white) == (0, 600), "nothing is cut off where it is no photograph again"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("kernel", ["gaussian", "outline"])
def test_every_step_has_a_sentence_of_its_own_with_its_numbers(name: str, language: str, kernel: str) -> None:
    found = filtered(kernel, padding=1)
    scene = cv.scene(found, name, language)
    said = [scene.sentence(t) for t in range(scene.steps)]
    assert len(set(said)) == len(said) and all("{" not in text for text in said)
    if name == "picture":
        for t, (row, column) in enumerate(places_of(found).tolist()):
            value = number_of(found.output[0, row, column])
            assert scene.arithmetic(t).endswith(f"= {value}") and value in said[t]
            assert scene.texts_at(t)[scene.track["current"].marks[t, 0]] == value, "and it is written"
            if found.divisor != 1:
                assert f"÷\u00a0{found.divisor}" in scene.arithmetic(t) and str(found.divisor) in said[t]


def number_of(value: float) -> str:
    text = f"{np.round(value, 2):.2f}".rstrip("0").rstrip(".")
    return text.replace("-", "−") if text != "-0" else "0"


def test_the_lens_has_what_every_output_is_made_of() -> None:
    found = filtered("emboss", 20, padding=2, padding_mode="reflect", stride=2)
    lens = cv.scene(found).lens
    assert lens is not None
    for row, column in ((0, 0), (4, 7), (10, 10)):
        values = found.x[0][np.ix_(lens.rows[row], lens.columns[column])]
        assert (values * lens.weights).sum() == found.sums[0, row, column]


def test_no_scene_of_a_large_photograph_holds_a_record_of_its_steps() -> None:
    x = np.tile(photograph(3), (2, 2))[None].astype(np.int64)
    layer = cv.Conv(SIDE, 5, padding=2)
    weights, divisor = cv.kernel("gaussian", 5)
    tracemalloc.start()
    try:
        scene = cv.scene(Applied(layer, x, weights[None, None], divisor))
        assert len(json.dumps({k: v for k, v in wire(scene).items() if k != "images"})) < 90_000
        assert tracemalloc.get_traced_memory()[1] < 150e6  # a record would have 26 million reads, 200 MB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("layer", "key"),
    [
        (cv.Conv(SIDE + 1, 3), "photo_side"),
        (cv.Conv(10**6, 3), "photo_side"),
        (cv.Conv(64, 11), "photo_kernel"),
        (cv.Conv(64, 3, bias=True), "view_photo"),
        (cv.Conv(64, 3, in_channels=3), "view_photo"),
        (cv.Conv((64,), 3), "view_photo"),
        (cv.MaxPool(64, 2), "view_photo"),
        (cv.Conv(64, 3, padding=1000), "photo_side"),
    ],
)
def test_what_is_no_filter_of_a_photograph_or_too_large_is_refused_with_what_works(layer: Any, key: str) -> None:
    with pytest.raises(LayerError) as raised:
        cv.scene(layer, "picture")
    assert raised.value.key == key
    if key != "view_photo":
        assert cv.scene(replace(layer, **raised.value.fix), "picture").steps


def test_a_view_that_needs_every_step_does_not_take_a_filtered_photograph() -> None:
    with pytest.raises(LayerError) as raised:
        cv.scene(filtered(), "flat")
    assert raised.value.fix == {"view": "picture"}


def test_the_bundled_photographs_are_as_they_are_said_to_be() -> None:
    for number in range(len(PHOTOGRAPHS)):
        assert photograph(number).dtype == np.uint8 and photograph(number).ndim == 2
        assert coloured(number).shape == (3, *photograph(number).shape)
        assert (coloured(number)[0] != coloured(number)[1]).any() == (number in COLOURED)
