"""Values are seen: on one symmetric scale a board, in two hues that stay apart, with a stroke that grey print keeps."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from depth import cases
from gallery import GALLERY, LEARNED, Picture, named
from numpy.typing import NDArray
from PIL import Image
from reading import Stylesheet, fills, fitting

import convviz as cv
from convviz.colour import LEAST_CONTRAST, contrast
from convviz.network import Network
from convviz.page.sources import FACE
from convviz.page.values import Values
from convviz.paint.drawing import Drawing, pixels_at
from convviz.paint.svg import stylesheet, svg
from convviz.scene.roles import LOOKS, ROLES, SIDE, STATES, TONES, VALUED, ZERO, Look
from convviz.scene.scene import Scene
from convviz.scene.tones import LARGE, minus_ends, scale_of, toned
from convviz.scene.views import VIEWS
from convviz.themes import THEMES, Theme

OWN = [theme for name, theme in THEMES.items() if name != "classic"]
"""The classic theme's colours are fixed: it shows no tones."""

SOBEL = np.array([[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]])
"""A kernel that answers to vertical edges."""

SCALE = 24.0


LEAST_TALL = 5.8
"""Pixels that a written number is tall, at least."""


@pytest.fixture(params=OWN, ids=lambda theme: theme.name)
def theme(request: pytest.FixtureRequest) -> Theme:
    return request.param


def face(size: int = 32, **others: Any) -> tuple[Any, Scene]:
    """The bundled face under a vertical edge kernel: its trace and its picture."""
    layer = cv.Conv(size, 3)
    trace = cv.trace(layer, Values("photo", FACE).array(layer.x_shape, 0, 5), SOBEL)
    return trace, cv.scene(trace, pixels=True, **others)


def larger(shown: Any, size: int) -> Any:
    """A layer, or a row of layers, on an input of so many cells a side; None where there is none."""
    try:
        if not isinstance(shown, Network):
            return replace(shown, input_size=(size,) * len(shown.input_size)) if shown.shared else None
        layers: list[Any] = []
        for layer in shown.layers:
            side = layers[-1].output_size if layers else (size,) * len(layer.input_size)
            layers.append(replace(layer, input_size=side))
        return Network(layers)
    except (ValueError, AttributeError, TypeError):  # a digit's field has one size
        return None


def resized(size: int) -> Iterator[tuple[str, Scene]]:
    """Every picture of the gallery on an input of so many cells a side, where it can be drawn."""
    seen = set()
    for picture in GALLERY.values():
        view, shown = VIEWS[picture.view], larger(picture.layer, size)
        if shown is None or view.name in LEARNED or view.refuses(shown) is not None or not view.has_values(shown):
            continue
        if (name := f"{named(shown)}:{view.name}") not in seen:
            seen.add(name)
            yield name, cv.scene(cv.trace(shown), view.name, tones=True)


def boards(scene: Scene, t: int) -> Iterator[tuple[NDArray[Any], list[str]]]:
    """The levels, and the texts, of the cells of each board that have a value at a step."""
    looks, texts = [LOOKS[look] for look in scene.at(t).looks], scene.texts_at(t)
    groups: dict[int, list[int]] = {}
    for grid in scene.grids:
        if grid.scale is not None:
            marks = range(grid.first, grid.first + grid.count)
            groups.setdefault(id(grid.scale), []).extend(m for m in marks if looks[m].tone)
    for marks in groups.values():
        yield np.array([looks[m].tone for m in marks]), [texts[m] for m in marks]


def value(text: str) -> float:
    """The number that a text is, which may be a fraction."""
    return float(Fraction(text.replace("−", "-")))


# --- from values to levels ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(cases(300)))
def test_a_level_says_the_sign_and_the_share_of_the_largest_magnitude(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = random.integers(-(10 ** random.integers(1, 9)), 10 ** random.integers(1, 9), 50)
    values = values if seed % 2 else values * random.random()
    scale = scale_of(values)
    levels = toned(values, scale) - ZERO
    assert (np.sign(levels) == np.sign(values)).all(), "0 is white, and nothing else is"
    assert np.array_equal(toned(-values, scale) - ZERO, -levels), "symmetric"
    assert (np.diff(levels[np.argsort(values)]) >= 0).all(), "in order"
    assert np.abs(levels).max() == SIDE == (len(TONES) - 1) // 2
    share = np.abs(values) / np.abs(values).max()
    assert (np.abs(levels) >= share * SIDE - 1e-9).all() and (np.abs(levels) < share * SIDE + 1 + 1e-9).all()


def test_numbers_of_any_kind_and_size_have_levels() -> None:
    huge = np.array([-(2**70), 2**69, 0, 1], dtype=object)
    assert (toned(huge, scale_of(huge)) - ZERO).tolist() == [-7, 4, 0, 1]
    ends = np.array([-(2**63), 2**63 - 1, 0])
    assert (toned(ends, scale_of(ends)) - ZERO).tolist() == [-7, 7, 0]
    odd = np.array([np.nan, np.inf, -np.inf, 2.0, 0.0])
    assert toned(odd, scale_of(odd)).tolist() == [0, ZERO + SIDE, ZERO - SIDE, ZERO + SIDE, ZERO]
    assert toned(np.zeros(2), scale_of(np.zeros(2))).tolist() == [ZERO, ZERO]
    assert scale_of().most == 0


# --- in pictures ----------------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("size", [5, 16, 32])
def test_a_board_shows_more_than_one_tone_where_its_values_differ(size: int) -> None:
    drawn = list(resized(size))
    assert len(drawn) >= 10
    for name, scene in drawn:
        for levels, texts in boards(scene, scene.steps - 1):
            values = np.array([value(text) for text in texts if text])
            if len(values) == len(levels) > 0 and np.ptp(values) > np.abs(values).max() / SIDE:
                assert len(set(levels.tolist())) > 1, name


def test_every_cell_with_a_number_has_the_level_of_that_number(picture: Picture) -> None:
    scene = replace(picture.scene, toned=True)
    for t in sorted({0, scene.steps // 2, scene.steps - 1}):
        frame, scales = scene.at(t), [g.scale for g in scene.grids for _ in range(g.count)]
        for mark, look in enumerate(LOOKS[n] for n in frame.looks):
            text = frame.texts[mark]
            if look.role in VALUED and look.state != "pending" and scales[mark] and text:
                assert np.sign(look.tone - ZERO) == np.sign(value(text)), (t, mark, text)
                share = abs(value(text)) / (float(scales[mark].most) or 1)
                assert share * SIDE - 0.01 <= abs(look.tone - ZERO) <= share * SIDE + 1.01
            if look.state == "pending":
                assert not look.tone


def test_without_the_switch_numbers_that_can_be_read_stand_on_the_usual_colours(picture: Picture) -> None:
    scene = picture.scene
    for grid, shown, wordless in zip(scene.grids, scene.shows_tones(), scene._wordless, strict=True):
        assert shown == (wordless or scene.toned), grid.name


def test_where_no_number_can_be_read_its_tone_is_seen(picture: Picture) -> None:
    frame = picture.scene.at(picture.scene.steps - 1, cell=4.0)
    assert not any(frame.texts)
    tones, full = (
        [LOOKS[n].tone for n in one.looks] for one in (frame, replace(picture.scene, toned=True).at(frame.step))
    )
    assert tones == full


@pytest.mark.parametrize("name", ["light", "dark"])
def test_svg_pixels_and_the_scene_have_the_same_tones(picture: Picture, name: str) -> None:
    scene, theme = replace(picture.scene, toned=True, shapes=(), curves=()), THEMES[name]
    scale, t = fitting(scene, SCALE), scene.steps - 1
    rules, drawing = Stylesheet(stylesheet(theme)), Drawing(scene, theme, scale)
    drawing.show(t)
    document = svg(scene, t, theme, scale)
    for mark, (seen, look) in enumerate(
        zip(fills(scene, drawing.pixels, drawing.place), scene.at(t, scale).looks, strict=True)
    ):
        assert f'data-m="{mark}" class="{LOOKS[look].classes}"' in document
        if mark in scene.covered:
            continue  # another board is seen there
        fill = theme.paint(*LOOKS[look]).fill
        assert rules.of("polygon", LOOKS[look].classes)["fill"] == (fill or "none"), mark
        assert seen == (fill or theme.background), mark  # what has no fill lets the ground be seen


# --- legends --------------------------------------------------------------------------------------------------------


def test_every_board_with_values_has_a_legend_that_lies_on_nothing(picture: Picture) -> None:
    scene = replace(picture.scene, toned=True)
    scales = {id(g.scale): g.scale for g in scene.grids if g.scale is not None and g.scale.most}
    assert [legend.labels[2].text for legend in scene.legends] == [scale.text for scale in scales.values()]
    left, top, right, bottom = scene.bounds
    taken = [(*g.outline.min(axis=0), *g.outline.max(axis=0)) for g in scene.grids]
    for legend in scene.legends:
        assert [label.text for label in legend.labels] == [f"−{legend.labels[2].text}", "0", legend.labels[2].text]
        a, b, c, d = legend.box
        assert left <= a < c <= right and top <= b < d <= bottom
        assert not any(a < box[2] and box[0] < c and b < box[3] and box[1] < d for box in taken)
        taken.append(legend.box)


# --- the face -------------------------------------------------------------------------------------------------------


def read(scene: Scene, pixels: NDArray[Any], theme: Theme, scale: float) -> list[int]:
    """The tones of a board's cells, read from pixels; 0 where a colour is none."""
    drawing = Drawing(scene, theme, scale)
    known = {fill: level for level, fill in zip(TONES, theme.tones, strict=True)}
    return [known.get(colour, 0) for colour in fills(scene, pixels, drawing.place)]


@pytest.mark.parametrize("suffix", [".png", ".gif", ".webp"])
def test_the_face_under_an_edge_kernel_is_in_files_what_the_engine_computes(suffix: str, theme: Theme) -> None:
    trace, scene = face()
    wanted = toned(trace.output, scale_of(trace.output)).ravel().tolist()
    assert len(set(wanted)) == len(TONES), "every level is there"
    board = next(g for g in scene.grids if g.name == "output")
    assert board.count > LARGE
    last = replace(_at(scene, scene.steps - 1), shapes=()) if suffix != ".png" else replace(scene, shapes=())
    file = io.BytesIO()
    cv.save(last, file, theme.name, scale=14, suffix=suffix)
    with Image.open(file) as image:
        pixels = np.asarray(image.convert("RGB"))
    found = read(last, pixels, theme, 14)[board.first : board.first + board.count]
    assert found == wanted


def _at(scene: Scene, t: int) -> Scene:
    """A scene of one step: that of another."""
    return replace(
        scene,
        steps=1,
        tracks=tuple(replace(track, marks=track.marks[t : t + 1]) for track in scene.tracks),
        grids=tuple(g if g.born is None else replace(g, born=g.born * 0) for g in scene.grids),
        step_texts=tuple(
            replace(s, texts=s.row(t), tones=None if s.tones is None else s.tones[t : t + 1]) for s in scene.step_texts
        ),
    )


def test_the_face_in_svg_is_what_the_engine_computes() -> None:
    trace, scene = face()
    wanted = toned(trace.output, scale_of(trace.output)).ravel().tolist()
    board = next(g for g in scene.grids if g.name == "output")
    document = svg(scene, scene.steps - 1, THEMES["light"], 14)
    for n, level in enumerate(wanted[:-1]):
        assert f'data-m="{board.first + n}" class="r-output toned v-{level}"' in document
    paths = document.split('<g class="minuses">')[1].split("</g>")[0]
    assert paths.count("M") == sum(level < ZERO for level in wanted)


def test_in_grey_print_a_negative_cell_tells_itself(theme: Theme) -> None:
    """The stroke is darker, or lighter, than the rest of its cell in grey; no other cell has one."""
    trace, scene = face()
    board = next(g for g in scene.grids if g.name == "output")
    scale = 20.0
    pixels = pixels_at(replace(scene, shapes=()), scene.steps - 1, theme, scale)
    grey = np.asarray(Image.fromarray(pixels).convert("L")).astype(int)
    place = Drawing(scene, theme, scale).place
    corners = scene.corners[board.first : board.first + board.count]
    ends, plain = place.pixels(minus_ends(corners)), place.pixels(corners.mean(axis=1))
    for n, negative in enumerate((trace.output < 0).ravel().tolist()):
        (x0, y), (x1, _) = ends[n]
        strip = grey[int(y) - 2 : int(y) + 3, int(x0) + 1 : int(x1)]
        beside = grey[int(plain[n, 1]), int(plain[n, 0])]
        assert (np.abs(strip - beside).max() >= 40) == negative, n


def test_the_classic_theme_keeps_its_colours() -> None:
    theme = THEMES["classic"]
    assert not theme.tones
    for look, paint in theme.table.items():
        assert look.role not in VALUED or paint == theme.table[Look(look.role, look.state)]
    _, scene = face()
    assert {LOOKS[n].tone for n in scene.at(899, 14).looks} > {0}
    pixels = pixels_at(scene, 899, theme, 14).reshape(-1, 3)
    known = {tuple(int(fill[n : n + 2], 16) for n in (1, 3, 5)) for own in OWN for fill in own.tones} - {(255,) * 3}
    assert not known & set(map(tuple, np.unique(pixels, axis=0).tolist()))


# --- colours --------------------------------------------------------------------------------------------------------

PROTANOPIA = [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
DEUTERANOPIA = [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
"""On linear RGB, at full severity: Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation of
Color Vision Deficiency, IEEE Transactions on Visualization and Computer Graphics 15 (6), 2009."""

_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def linear(colour: str) -> NDArray[Any]:
    share = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(colour: str, seen_with: Any = None) -> NDArray[Any]:
    """A colour in CIELAB (D65), as it is seen with a deficiency."""
    light = linear(colour) if seen_with is None else np.clip(np.array(seen_with) @ linear(colour), 0, 1)
    share = _XYZ @ light / (_XYZ @ np.ones(3))
    x, y, z = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(one: str, other: str, seen_with: Any = None) -> float:
    """How far two colours lie apart; 2.3 is just noticeable side by side."""
    return float(np.linalg.norm(lab(one, seen_with) - lab(other, seen_with)))


def test_numbers_are_read_on_every_tone(theme: Theme) -> None:
    for look, paint in theme.table.items():
        if look.tone:
            assert contrast(paint.text, paint.fill) >= LEAST_CONTRAST, look


def test_zero_is_the_ground_and_each_side_goes_evenly_away_from_it(theme: Theme) -> None:
    assert theme.tones[ZERO - 1] == theme.background and len(theme.tones) == len(TONES)
    assert all(apart(one, other) >= 10 for one, other in pairwise(theme.tones))
    light = [lab(fill)[0] for fill in theme.tones]
    for side in (light[ZERO - 1 :: -1], light[ZERO - 1 :]):
        assert side in (sorted(side), sorted(side, reverse=True))


@pytest.mark.parametrize("seen_with", [None, PROTANOPIA, DEUTERANOPIA], ids=["all", "protanopia", "deuteranopia"])
def test_negative_and_positive_stay_apart_for_every_eye(theme: Theme, seen_with: Any) -> None:
    negative, positive = theme.tones[: ZERO - 1][::-1], theme.tones[ZERO:]
    assert all(apart(n, p, seen_with) >= 25 for n, p in zip(negative, positive, strict=True))


def test_tones_are_no_accents(theme: Theme) -> None:
    accents = {theme.accent, theme.paint("frame").line} - {"#000000"}
    assert all(apart(fill, accent) >= 25 for fill in theme.tones for accent in accents)


def test_strokes_are_seen_on_their_tones(theme: Theme) -> None:
    assert all(contrast(a, b) >= 2.5 for a, b in zip(theme.tones, theme.strokes, strict=True))


def test_the_cell_that_is_written_keeps_its_outline_and_the_window_its_lines(theme: Theme) -> None:
    for role in ("input", "kernel", "output"):
        at_rest, at_work = (theme.paint(role, state, ZERO + 3) for state in ("", "current"))
        assert at_rest.fill == at_work.fill
        assert contrast(at_work.line, theme.background) > contrast(at_rest.line, theme.background)
    assert set(STATES) == {"", "pending", "window", "current"} and set(VALUED) <= set(ROLES)


def test_long_numbers_give_way_to_tones_before_they_are_too_small_to_read() -> None:
    x = (np.arange(18 * 18) ** 2 % 255).reshape(1, 18, 18)
    scene = cv.scene(cv.trace(cv.Conv(18, 3), x=x, weight=cv.kernel("gaussian", 3)[0][None, None], divisor=16))
    short = cv.scene(cv.trace(cv.Conv(18, 3), x=x % 3, weight=np.ones((1, 1, 3, 3), dtype=int)))
    for cell in range(8, 60):
        for one in (scene, short):
            for grid, legible in zip(one.grids, one.legible(cell), strict=True):
                assert not legible or grid.text_size * cell >= LEAST_TALL
    assert not scene.legible(20)[-1] and scene.shows_tones(20)[-1] and scene.at(255, 20).legends
    assert scene.grids[-1].name == short.grids[-1].name == "output" and short.legible(20)[-1]
