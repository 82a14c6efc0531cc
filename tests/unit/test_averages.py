"""A box of a picture brought down to cells: each the mean of what it covers, parts of pixels counted as parts."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
from depth import cases
from hypothesis import given, settings
from hypothesis import strategies as some

from convviz.page.averages import Box, averaged, sums

sides = some.integers(1, 9)


def slowly(grey: Any, box: Box, cells: tuple[int, int]) -> list[list[Fraction]]:
    """The mean of each cell, pixel by pixel, in fractions."""
    side = Fraction(box.size, max(cells))

    def parts(first: int, number: int) -> list[tuple[int, Fraction]]:
        start, end = first + number * side, first + (number + 1) * side
        return [(n, min(end, n + 1) - max(start, n)) for n in range(floor(start), ceil(end))]

    def mean(i: int, j: int) -> Fraction:
        found = sum(
            (int(grey[r, c]) * high * wide for r, high in parts(box.row, i) for c, wide in parts(box.column, j)),
            Fraction(0),
        )
        return found / side**2

    return [[mean(i, j) for j in range(cells[1])] for i in range(cells[0])]


@some.composite
def boxes(draw: Any) -> tuple[Any, Box, tuple[int, int]]:
    """A picture, a box that may lie outside it, and cells."""
    rows, columns, seed = draw(some.integers(1, 24)), draw(some.integers(1, 24)), draw(some.integers(0, 99))
    box = Box(*(draw(some.integers(-9, 40)) for _ in range(3)))
    grey = np.random.default_rng(seed).integers(0, 256, (rows, columns)).astype(np.uint8)
    return grey, box, (draw(sides), draw(sides))


@settings(max_examples=cases(400))
@given(boxes())
def test_each_cell_is_the_rounded_mean_that_a_slow_loop_finds(case: tuple[Any, Box, tuple[int, int]]) -> None:
    grey, box, cells = case
    wanted = slowly(grey, box.within(grey.shape, cells), cells)
    assert averaged(grey, box, cells).tolist() == [[floor(mean + Fraction(1, 2)) for mean in row] for row in wanted]


@settings(max_examples=cases(400))
@given(boxes())
def test_the_mean_is_kept_exactly(case: tuple[Any, Box, tuple[int, int]]) -> None:
    """The sums of the cells add up to the sum over the whole box, in which each pixel counts by its part inside."""
    grey, box, cells = case
    inside = box.within(grey.shape, cells)
    longer = max(cells)
    fine = np.repeat(np.repeat(grey.astype(np.int64), longer, axis=0), longer, axis=1)  # a pixel has longer x longer
    top, left = inside.row * longer, inside.column * longer
    whole = fine[top : top + inside.size * cells[0], left : left + inside.size * cells[1]]
    assert whole.shape == (inside.size * cells[0], inside.size * cells[1])
    assert sums(grey, inside, cells).sum() == whole.sum()


def test_a_box_of_one_pixel_a_cell_is_the_picture_itself() -> None:
    grey = np.arange(48).reshape(6, 8)
    assert (averaged(grey, Box(1, 2, 5), (4, 5)) == grey[1:5, 2:7]).all()


@settings(max_examples=cases(400))
@given(boxes())
def test_a_box_is_brought_inside_and_one_that_is_inside_stays(case: tuple[Any, Box, tuple[int, int]]) -> None:
    grey, box, cells = case
    inside = box.within(grey.shape, cells)
    assert inside.within(grey.shape, cells) == inside
    for first, count, pixels in zip(inside[:2], cells, grey.shape, strict=True):
        assert first >= 0 and first + Fraction(inside.size * count, max(cells)) <= pixels
    for wanted, found in zip(box[:2], inside[:2], strict=True):
        assert found == max(wanted, 0) or found < wanted
