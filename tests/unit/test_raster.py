"""Pixels: the same picture by whatever route and in whatever thread, sharp where it can be, every letter drawn."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from reading import fitting

import convviz as cv
from convviz.asset import asset
from convviz.errors import LayerError
from convviz.paint.drawing import WIDEST, Drawing, pixels_at
from convviz.paint.pixels import COMFORTABLE_PIXELS, MOST_PIXELS, holds, merged, placement
from convviz.paint.raster import Sheet, drawable, text_width
from convviz.scene.marks import Label
from convviz.text import LANGUAGES, catalogue
from convviz.themes import THEMES

THEME_NAMES = sorted(THEMES)


def test_any_route_to_a_step_gives_the_same_pixels(picture: Any) -> None:
    scene, dice = picture.scene, random.Random(picture.view)
    scale: float | None
    theme, scale = THEMES[dice.choice(THEME_NAMES)], dice.choice([19.0, 24.0, 29.53])
    scale = scale if scale <= placement(scene, theme).scale * 2 else None
    drawing = Drawing(scene, theme, scale)
    for t in [scene.steps - 1, 0, *(dice.randrange(scene.steps) for _ in range(2))]:
        before = drawing.pixels.copy()
        changed = drawing.show(t)
        assert np.array_equal(drawing.pixels[:, :, :3], pixels_at(scene, t, theme, scale)), t
        for left, top, right, bottom in changed:
            before[top:bottom, left:right] = drawing.pixels[top:bottom, left:right]
        assert np.array_equal(before, drawing.pixels), "nothing changes outside of what is reported"


def test_two_threads_draw_as_one_does() -> None:
    jobs = [(view, n) for view in ("flat", "isometric", "matrix", "coverage") for n in (4, 5, 6)]

    def last(job: tuple[str, int]) -> bytes:
        scene = cv.scene(cv.trace(cv.Conv(job[1], 3)), job[0])
        drawing = Drawing(scene, THEMES["light"])
        for t in range(scene.steps):
            drawing.show(t)
        return drawing.pixels.tobytes()

    alone = [last(job) for job in jobs]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(last, jobs)) == alone


def test_upright_cells_have_sharp_lines() -> None:
    scene = replace(cv.scene(cv.trace(cv.Conv(5, 3))), shapes=(), labels=())
    bare = replace(
        scene,
        step_texts=(),
        notes=(),
        grids=tuple(replace(g, texts=("",) * g.count, tones=None, scale=None) for g in scene.grids),
    )
    theme = THEMES["light"]
    for scale in (24.0, 44.0, 31.7):
        found = {tuple(c) for c in np.unique(pixels_at(bare, 3, theme, scale).reshape(-1, 3), axis=0).tolist()}
        paints = [theme.paint(role, state) for role in ("input", "kernel", "product", "output") for state in STATES]
        fills = {paint.fill for paint in paints} | {paint.line for paint in paints} | {theme.background}
        assert found <= {tuple(int(c[n : n + 2], 16) for n in (1, 3, 5)) for c in fills}, scale


STATES = ("", "pending", "window", "current")


def test_a_long_number_stays_in_its_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: dict[str, float] = {}
    monkeypatch.setattr(Sheet, "write", lambda self, texts, tall, *rest: sizes.update(zip(texts, tall, strict=True)))
    x = np.full((1, 3, 3), -0.00123456)
    pixels_at(cv.scene(cv.trace(cv.Conv(3, 3), x=x, weight=np.ones((1, 1, 3, 3)))), 0, THEMES["light"], 60)
    assert any("0.00123" in text for text in sizes)
    assert all(size * text_width(text) <= 60 * WIDEST + 1 for text, size in sizes.items() if "0.00" in text)


def test_digits_are_all_equally_wide_and_a_sign_is_no_wider_than_two() -> None:
    assert len({text_width(digit) for digit in "0123456789"}) == 1
    assert all(text_width(sign) < 2 * text_width("0") for sign in "−×·→+=")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_of_the_catalogues_can_be_drawn(language: str) -> None:
    letters = {letter for text in catalogue(language).values() for letter in text if letter.isprintable()}
    missing = sorted(letter for letter in letters if not drawable(letter))
    assert not missing, f"{missing} cannot be drawn: run  python tools/subset_font.py"


def test_the_font_is_small_and_its_licence_lies_beside_it() -> None:
    assert asset("fonts/ConvvizSans.otf").stat().st_size < 400_000
    assert "SIL OPEN FONT LICENSE" in asset("fonts/OFL.txt").read_text("utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_is_cut(picture: Any, language: str) -> None:
    scene = picture.scene if language == "en" else picture.drawn(language)
    place = placement(scene, THEMES["light"], fitting(scene, 20))
    for label in scene.labels:
        left, right = _ends(label)
        assert (left - place.left) * place.scale >= 1
        assert (right - place.left) * place.scale <= place.width - 1


def _ends(label: Label) -> tuple[float, float]:
    width = text_width(label.text) * label.size
    left = label.at[0] - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[label.align]
    return left, left + width


def test_a_scale_makes_pictures_of_that_many_pixels_a_cell() -> None:
    scene = cv.scene(cv.trace(cv.Conv(5, 3)))
    small, large = (placement(scene, THEMES["light"], scale) for scale in (20, 40))
    assert abs(large.width - 2 * small.width) <= 1
    assert abs(large.height - 2 * small.height) <= 1


def test_without_a_scale_a_large_picture_stays_comfortable() -> None:
    place = placement(cv.scene(cv.trace(cv.Conv(32, 3))), THEMES["light"])
    assert max(place.width, place.height) <= COMFORTABLE_PIXELS
    assert place.scale < THEMES["light"].cell


@pytest.mark.parametrize("scale", [0, -3, 3.9, 401, float("nan"), float("inf"), "large", True])
def test_a_scale_that_cannot_be_says_the_nearest(scale: Any) -> None:
    scene = cv.scene(cv.trace(cv.Conv(4, 3)))
    number = isinstance(scale, int | float) and not isinstance(scale, bool) and scale == scale
    says = "pixels a cell - try scale" if number else "must be a number - try scale"
    with pytest.raises(LayerError, match=says) as caught:
        placement(scene, THEMES["light"], scale)
    assert placement(scene, THEMES["light"], caught.value.fix["scale"]).width > 0


def test_a_scale_that_makes_too_large_a_picture_says_the_largest_that_works() -> None:
    scene = cv.scene(cv.trace(cv.Conv(20, 3)))
    with pytest.raises(LayerError, match=f"at most {MOST_PIXELS:,} a side") as caught:
        placement(scene, THEMES["light"], 300)
    fixed = placement(scene, THEMES["light"], caught.value.fix["scale"])
    assert MOST_PIXELS * 0.98 <= max(fixed.width, fixed.height) <= MOST_PIXELS


def test_merged_rectangles_hold_all_and_lie_apart() -> None:
    dice = random.Random(0)
    for _ in range(200):
        rects = [(x, y, x + dice.randint(1, 9), y + dice.randint(1, 9)) for x, y in _places(dice)]
        apart = merged(rects)
        assert all(any(holds(outer, rect) for outer in apart) for rect in rects)
        area = np.zeros((50, 50), dtype=int)
        for left, top, right, bottom in apart:
            area[top:bottom, left:right] += 1
        assert area.max() == 1


def _places(dice: random.Random) -> list[tuple[int, int]]:
    return [(dice.randrange(40), dice.randrange(40)) for _ in range(dice.randint(1, 8))]
