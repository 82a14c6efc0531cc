"""Kernels by name: the well-known ones of 3 by 3, other sizes of the same, and what each does to a picture."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import convviz as cv
from convviz.errors import LayerError
from convviz.kernels import KERNELS, RANDOM, WIDEST

KNOWN = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "box": [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
    "gaussian": [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "vertical": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "horizontal": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "outline": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
}
ONE_AXIS = {
    "identity": [0, 1, 0],
    "box": [1, 1, 1],
    "gaussian": [1, 2, 1],
    "sharpen": [-1, 3, -1],
    "vertical": [-1, 0, 1],
    "outline": [-1, 2, -1],
    "emboss": [-1, 1, 1],
}
SUMS = {"identity": 1, "sharpen": 1, "emboss": 1, "vertical": 0, "horizontal": 0, "outline": 0}
SIZES = [*((n,) for n in range(1, 8)), *product(range(1, 8), repeat=2), (3, 3, 3), (2, 3, 5), (1, 1, 1)]
MADE = [(name, size) for name in KERNELS for size in SIZES if not KERNELS[name].missing(size)]


def test_the_well_known_ones_of_three_by_three() -> None:
    assert {name: cv.kernel(name, 3)[0].tolist() for name in KNOWN} == KNOWN
    assert [*KNOWN, RANDOM] == list(KERNELS)


def test_those_of_one_axis() -> None:
    assert {name: cv.kernel(name, (3,))[0].tolist() for name in ONE_AXIS} == ONE_AXIS


def test_only_what_smooths_is_divided_and_then_by_the_sum_of_its_weights() -> None:
    assert {name: cv.kernel(name, 3)[1] for name in KERNELS if cv.kernel(name, 3)[1] != 1} == {"box": 9, "gaussian": 16}


@pytest.mark.parametrize(("name", "size"), MADE)
def test_every_size_has_whole_weights_with_the_sum_that_its_name_promises(name: str, size: tuple[int, ...]) -> None:
    weights, divisor = cv.kernel(name, size)
    assert weights.shape == size and weights.dtype == np.int64
    if name in SUMS:
        assert (weights.sum(), divisor) == (SUMS[name], 1)
    elif name != RANDOM:
        assert weights.sum() == divisor and (weights > 0).all()


def test_a_kernel_of_one_cell_is_the_identity_or_a_random_one() -> None:
    for size in ((1,), (1, 1), (1, 1, 1)):
        assert [name for name, one in KERNELS.items() if not one.missing(size)] == ["identity", RANDOM]


def test_without_a_middle_there_is_nothing_that_is_around_it() -> None:
    assert [name for name, one in KERNELS.items() if one.missing((2, 3)) == "middle"] == [
        "identity",
        "sharpen",
        "outline",
        "emboss",
    ]


@pytest.mark.parametrize(
    ("name", "size", "why"),
    [
        ("box", 1, "needs more than one cell"),
        ("outline", 4, "needs a cell in the middle"),
        ("horizontal", (3,), "compares rows"),
        ("horizontal", (1, 3), "compares rows"),
        ("vertical", (3, 1), "compares columns"),
        ("gaussian", WIDEST + 1, "too long for their cells"),
        ("gauss", 3, "try kernel gaussian"),
        (3, 3, "no kernel of this name"),
        ("box", "3", "must be a whole number"),
    ],
)
def test_what_has_no_meaning_is_refused_and_told_why(name: str, size: object, why: str) -> None:
    with pytest.raises(LayerError, match=why):
        cv.kernel(name, size)
