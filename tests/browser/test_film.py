"""The film of a training: the page scrubs through it by itself, and each epoch shows the kernels that were saved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect
from test_film import BEAT, STEPS, kernels_of, state
from test_phone import CUT, OVER, SIZES, SMALL, WIDER

from convviz.recognised import film
from convviz.text import LANGUAGES

AT = np.random.default_rng(0).permutation(STEPS).tolist()
"""All epochs, in no order."""


def texts_of(visit: Any, cells: int) -> tuple[str, ...]:
    """What the cells of the picture say."""
    found = {mark: text for mark, _, text in visit.drawn()["texts"]}
    return tuple(found.get(mark, "") for mark in range(cells))


@pytest.mark.parametrize("width", [1280, 390])
def test_scrubbing_asks_nobody_and_each_epoch_has_its_own_kernels(visitor: Any, width: int) -> None:
    visit = visitor(viewport={"width": width, "height": 844}, reduced_motion="reduce")
    visit.open(state(), plays=False)
    scene = state().scene()
    if width > 390:
        visit.presentable()  # which a wide page fetches a while after it has opened
    sent, asked = len(visit.sent), len(visit.asked)
    for t in AT:
        visit.seek(t)
        shown = kernels_of(scene, texts_of(visit, scene.cells))
        assert np.abs(shown - film().kernels[t]).max() <= 0.0501, "with one decimal"
        expect(visit.part("sentence")).to_have_text(scene.sentence(t))
    assert (len(visit.sent), len(visit.asked)) == (sent, asked)


@pytest.mark.parametrize("size", SIZES, ids=["390", "360"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_each_digit_can_be_read_and_no_text_lies_on_another(visitor: Any, language: str, size: Any) -> None:
    visit = visitor(viewport=size, reduced_motion="reduce")
    visit.open(state(language), plays=False)
    for t in (0, 1, STEPS - 1):
        visit.seek(t)
        assert visit.page.evaluate(SMALL) == []
        assert visit.player.evaluate(OVER) == [] == visit.player.evaluate(CUT)
    assert visit.page.evaluate(WIDER) <= 0


def test_the_beat_is_presented_epoch_by_epoch(visit: Any) -> None:
    visit.open(state(), plays=False)
    visit.presentable()
    visit.page.keyboard.press("p")
    for key in (*str(BEAT + 1), "Enter"):
        visit.page.keyboard.press(key)
    screen = visit.page.locator("dialog[open]")
    expect(screen).to_contain_text(str(BEAT + 1))
    for t in (0, 1, 2, 5, STEPS - 1):
        expect(screen).to_contain_text(f"{100 * film().course.held_out[t]:.1f}".removesuffix(".0"))
        visit.page.keyboard.press("PageDown")
