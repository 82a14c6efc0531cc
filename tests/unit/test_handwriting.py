"""A drawn digit becomes what the bundled ones are, however thick its strokes are, and is recognised."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import convviz as cv
from convviz.digits import digits
from convviz.handwriting import FINE, LEAST, MOST, WIDEST, bitmap, digit, even, fitted, grown, thinned, upright
from convviz.recognised import shipped
from convviz.recognising import CLASSES, field, network

STROKES = {int(key): found for key, found in json.loads(Path(__file__).with_name("strokes.json").read_text()).items()}
"""Ten drawings of each digit on a pad of 32 by 32 cells, placed point by point for these tests: five shapes of each, in
two hands that differ in size, width, slant and place."""

THIN, THICK = 1.5, 4.5
"""Cells that a pen is wide."""

each_pen = pytest.mark.parametrize("pen", [THIN, THICK], ids=["thin", "thick"])


def every(pen: float) -> tuple[np.ndarray, np.ndarray]:
    """All drawings as (100, 8, 8), and what they are of."""
    made = [(digit(bitmap(strokes, pen)), label) for label, found in STROKES.items() for strokes in found]
    return np.array([one for one, _ in made]), np.array([label for _, label in made])


def told(images: np.ndarray) -> np.ndarray:
    return np.array([cv.output(network("flatten"), field(one), shipped("flatten")).argmax() for one in images])


def test_there_are_ten_drawings_of_each_digit_and_no_two_are_alike():
    assert {label: len(found) for label, found in STROKES.items()} == dict.fromkeys(range(CLASSES), 10)
    assert len({json.dumps(strokes) for found in STROKES.values() for strokes in found}) == 100


@each_pen
def test_nine_of_ten_drawings_are_recognised(pen):
    images, labels = every(pen)
    right = told(images) == labels
    assert right.mean() >= 0.9, {int(n): int((~right)[labels == n].sum()) for n in range(CLASSES)}


@each_pen
def test_a_drawn_digit_is_like_the_bundled_ones(pen):
    images, _ = every(pen)
    assert images.shape[1:] == (8, 8) and images.min() >= 0 and images.max() <= 16
    assert (images[:, 0].any(axis=1) & images[:, 7].any(axis=1)).all(), "rows 0 and 7 have ink"
    low, high = np.percentile(digits().images.sum(axis=(1, 2)), [1, 99])
    ink = images.sum(axis=(1, 2))
    assert low <= np.percentile(ink, 10) and np.percentile(ink, 90) <= high


def test_the_bundled_digits_have_the_ink_that_strokes_are_evened_to():
    assert ((digits().images.sum(axis=(1, 2)) >= LEAST) & (digits().images.sum(axis=(1, 2)) <= MOST)).mean() > 0.85
    assert digits().images[:, [0, 7]].any(axis=2).all(), "each is as high as its field"


def test_neither_its_place_nor_its_size_matters():
    pad = np.zeros((40, 60), dtype=bool)
    part = bitmap(STROKES[5][0], THICK)[2:30, 5:27]
    pad[:28, :22] = part
    moved = np.roll(pad, (9, 30), axis=(0, 1))
    assert np.array_equal(digit(pad), digit(moved))
    assert np.array_equal(fitted(pad), fitted(np.kron(pad, np.ones((3, 3), dtype=bool))))


def test_it_is_scaled_to_full_height_and_is_not_too_wide():
    assert fitted(np.ones((3, 30), dtype=bool)).any(axis=0).sum() == WIDEST
    narrow = fitted(np.ones((16, 3), dtype=bool))
    assert narrow.any(axis=1).all() and narrow.any(axis=0).sum() == 6
    assert np.flatnonzero(narrow.any(axis=0)).tolist() == list(range(13, 19)), "in the middle"


def test_a_stroke_grows_and_thins_by_one_cell():
    line = np.zeros((5, 5), dtype=bool)
    line[:, 2] = True
    assert grown(line).sum(axis=1).tolist() == [2] * 6
    assert np.array_equal(thinned(grown(line)), line)
    assert LEAST <= even(fitted(np.eye(20, dtype=bool))).sum() <= MOST


def test_what_slants_is_pushed_upright_about_its_middle():
    slanting = np.zeros((FINE, FINE), dtype=bool)
    slanting[np.arange(FINE), 25 - np.arange(FINE) // 2] = True
    found = upright(slanting)
    columns = found.argmax(axis=1)
    assert found.sum(axis=1).tolist() == [1] * FINE
    assert columns[0] == columns[-1] and np.ptp(columns) <= 1
    assert np.array_equal(upright(found), found)


def test_a_pen_inks_the_cells_whose_middle_it_covers():
    dot = bitmap([[(16, 16)]], 2)
    assert np.argwhere(dot).tolist() == [[15, 15], [15, 16], [16, 15], [16, 16]]
    assert bitmap([[(4.5, 0), (4.5, 32)]], 1).sum() == FINE


def test_an_empty_pad_is_refused():
    with pytest.raises(ValueError, match="draw something"):
        digit(np.zeros((FINE, FINE)))
