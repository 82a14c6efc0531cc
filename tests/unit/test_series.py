"""The bundled series are what was counted, and show what a lesson says of them."""

from __future__ import annotations

import numpy as np
import pytest

import convviz as cv
from convviz.network import stacked
from convviz.series import SERIES, series

SUNSPOTS = series("sunspots")


def test_sunspots_are_those_of_309_years() -> None:
    assert SUNSPOTS.times.tolist() == list(range(1700, 2009))
    known = {1700: 5, 1705: 58, 1711: 0, 1957: 190.2, 2008: 2.9}  # 1957 has the most of all
    assert {year: SUNSPOTS.part(year, 1).values[0] for year in known} == known
    assert SUNSPOTS.values.max() == known[1957] and SUNSPOTS.values.min() == 0


def test_their_cycle_is_eleven_years_long() -> None:
    values = SUNSPOTS.values - SUNSPOTS.values.mean()
    cycles = int(np.abs(np.fft.rfft(values)).argmax())
    assert len(values) / cycles == pytest.approx(11, abs=0.1)


def test_a_stack_that_spans_the_cycle_evens_it_out_and_a_difference_shows_its_rise() -> None:
    years = SUNSPOTS.values[None]
    mean = cv.trace(cv.Conv((309,), 11), years, np.ones((1, 1, 11)) / 11).output[0]
    assert np.ptp(mean) < 0.6 * np.ptp(years)
    assert mean == pytest.approx(np.convolve(years[0], np.ones(11) / 11, "valid"))
    rise = cv.trace(cv.Conv((309,), 2), years, np.array([[[-1.0, 1.0]]])).output[0]
    assert rise == pytest.approx(np.diff(years[0]))
    assert (
        stacked(2, (1, 2, 4, 8), dims=1).receptive_field()[0] >= 11 > stacked(2, (1, 2, 4), dims=1).receptive_field()[0]
    )


def test_a_part_is_just_these_years_and_what_is_none_names_the_nearest() -> None:
    part = SUNSPOTS.part(1990, 3)
    assert part.times.tolist() == [1990, 1991, 1992]
    assert part.values.tolist() == SUNSPOTS.values[290:293].tolist()
    for first, count, said in (
        (1699, 3, "try first 1700"),
        (2007, 3, "try first 2006"),
        (1700, 310, "try count 309"),
        (1700, 0, "try count 1"),
    ):
        with pytest.raises(cv.LayerError, match=said):
            SUNSPOTS.part(first, count)
    with pytest.raises(cv.LayerError, match="try series sunspots"):
        series("moonspots")


@pytest.mark.parametrize("name", SERIES)
def test_nobody_can_change_what_all_share(name: str) -> None:
    with pytest.raises(ValueError, match="read-only"):
        series(name).values[0] = 1
