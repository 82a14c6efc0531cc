"""One division after the sum: the total stays whole and exact, the output is the total divided."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from depth import cases
from hypothesis import given, settings
from hypothesis import strategies as some

import convviz as cv
from convviz.errors import LayerError
from convviz.kernels import KERNELS, RANDOM

NAMED = [name for name in KERNELS if name != RANDOM]


def looped(x: Any, weight: Any, divisor: int) -> tuple[list[int], list[float]]:
    """The totals and the outputs of a convolution without padding, cell by cell."""
    rows, columns = (x.shape[n] - weight.shape[n] + 1 for n in (0, 1))
    totals = [
        sum(int(x[r + i, c + j]) * int(weight[i, j]) for i, j in np.ndindex(weight.shape))
        for r, c in product(range(rows), range(columns))
    ]
    return totals, [float(Fraction(total, divisor)) for total in totals]


@settings(max_examples=cases(300))
@given(some.integers(1, 2**60), some.integers(1, 300), some.integers(0, 99), some.integers(2, 4))
def test_totals_and_outputs_equal_loops(most: int, divisor: int, seed: int, side: int) -> None:
    random = np.random.default_rng(seed)
    x, weight = random.integers(-most, most, (5, 5)), random.integers(-9, 9, (side, side))
    shown = cv.trace(cv.Conv(5, side), x[None], weight[None, None], divisor=divisor)
    totals, outputs = looped(x, weight, divisor)
    assert [int(step.total) for step in shown] == totals
    assert shown.output.ravel().tolist() == (outputs if divisor > 1 else totals)
    assert [step.value for step in shown] == shown.output.ravel().tolist()


def test_the_bias_is_added_after_the_division_and_to_no_total() -> None:
    layer = cv.Conv(4, 3, out_channels=2, bias=True)
    weight = np.ones((2, 1, 3, 3), dtype=int)
    plain = cv.trace(layer, weight=weight, bias=[0, 0])
    shown = cv.trace(layer, weight=weight, bias=[5, -1], divisor=9)
    assert (shown.totals == plain.totals).all()
    assert (shown.output == plain.output / 9 + np.array([5, -1])[:, None, None]).all()
    assert (
        shown[1].total.tolist() == plain[1].total.tolist() and shown[1].value.tolist() == shown.output[:, 0, 1].tolist()
    )


def test_it_is_the_same_as_every_weight_divided_backwards_too() -> None:
    for layer in (cv.Conv(5, 3, padding=1), cv.ConvTranspose(3, 3, stride=2), cv.Dense(4, 3)):
        weight = np.arange(np.prod(layer.weight_shape)).reshape(layer.weight_shape)
        one, other = cv.trace(layer, weight=weight, divisor=7), cv.trace(layer, weight=weight / 7)
        np.testing.assert_allclose(one.output, other.output)
        above = np.ones_like(one.output)
        np.testing.assert_allclose(one.backward(above).x, other.backward(above).x)
        np.testing.assert_allclose(one.backward(above).weight * 7, other.backward(above).weight)


def test_without_a_divisor_nothing_is_another_number() -> None:
    shown = cv.trace(cv.Conv(5, 3, bias=True))
    assert shown.output.dtype == np.int64 and shown[2].total == shown[2].value == shown.output[0, 0, 2]


@pytest.mark.parametrize("divisor", [0, -1, 1.5, "9", None])
def test_what_nothing_can_be_divided_by_is_refused(divisor: Any) -> None:
    with pytest.raises(LayerError, match="divisor"):
        cv.trace(cv.Conv(5, 3), divisor=divisor)


def test_a_layer_without_weights_has_no_sum_to_divide() -> None:
    with pytest.raises(LayerError, match="divisor"):
        cv.trace(cv.MaxPool(4, 2), divisor=2)


def test_a_total_too_large_for_a_float_is_refused_and_not_made_infinite() -> None:
    with pytest.raises(LayerError, match="x"):
        cv.trace(cv.Conv((1,), 1), [[10**400]], [[[1]]], divisor=2)


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("size", [(3, 3), (5, 5), (3,), (3, 5), (3, 3, 3), (2, 2), (7,)])
def test_on_a_picture_of_one_grey_each_gives_it_times_the_sum(name: str, size: tuple[int, ...]) -> None:
    if KERNELS[name].missing(size):
        return
    weight, divisor = cv.kernel(name, size)
    x = np.full((1, *(8,) * len(size)), 7)
    shown = cv.trace(cv.Conv(x.shape[1:], size), x, weight[None, None], divisor=divisor)
    assert (shown.totals == 7 * weight.sum()).all()
    assert (shown.output == 7 * weight.sum() / divisor).all()


class TestEdges:
    """A step from dark to bright."""

    STEP = np.repeat([[0, 0, 0, 9, 9, 9]], 6, axis=0)

    def seen(self, name: str, picture: Any, size: int = 3) -> Any:
        weight, divisor = cv.kernel(name, size)
        return cv.trace(cv.Conv(6, size), picture[None], weight[None, None], divisor=divisor).output[0]

    @pytest.mark.parametrize("size", [2, 3, 4, 5])
    def test_a_vertical_edge_is_positive_where_it_gets_brighter_to_the_right(self, size: int) -> None:
        assert self.seen("vertical", self.STEP, size).max() > 0 and self.seen("vertical", self.STEP, size).min() >= 0
        assert self.seen("vertical", self.STEP[:, ::-1], size).max() <= 0
        assert not self.seen("vertical", self.STEP.T, size).any()

    @pytest.mark.parametrize("size", [2, 3, 4, 5])
    def test_a_horizontal_edge_is_positive_where_it_gets_brighter_downwards(self, size: int) -> None:
        assert self.seen("horizontal", self.STEP.T, size).max() > 0
        assert self.seen("horizontal", self.STEP.T[::-1], size).max() <= 0
        assert not self.seen("horizontal", self.STEP, size).any()

    def test_sobel_on_a_step(self) -> None:
        assert self.seen("vertical", self.STEP)[0].tolist() == [0, 36, 36, 0]

    def test_an_outline_has_both_signs_at_an_edge_and_nothing_elsewhere(self) -> None:
        assert self.seen("outline", self.STEP)[0].tolist() == [0, -27, 27, 0]

    def test_a_blur_leaves_no_value_outside_what_was_there(self) -> None:
        for name in ("box", "gaussian"):
            blurred = self.seen(name, self.STEP)[0]
            assert blurred[0] == 0 and blurred[-1] == 9 and (np.diff(blurred) > 0).all()

    def test_the_identity_leaves_the_picture_as_it_is(self) -> None:
        assert (self.seen("identity", self.STEP) == self.STEP[1:-1, 1:-1]).all()
