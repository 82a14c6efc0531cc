"""Weights that are typed over a gated block keep their places in the window when its kernel grows or shrinks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openings import seeded

from convviz.lessons import LESSONS
from convviz.page.dials import turned
from convviz.page.state import State, opening
from convviz.page.tour import preset
from convviz.page.values import values_from_text

CHOSEN = [one.setting for one in LESSONS["gates"].presets if one.weight]


def halves(state: State) -> list[Any]:
    """The weights of the value and of the gate."""
    shapes = [node.layer.weight_shape for node in state.layer.nodes if node.parameters]
    return list(state.weight.arrays(shapes, -1, 2, offset=1))


def grown(weights: Any, size: int, causal: bool) -> Any:
    """Weights in a larger kernel: before them, or around them, there are zeros."""
    more = [size - k for k in weights.shape[2:]]
    return np.pad(weights, [(0, 0), (0, 0), *((n, 0) if causal else (n // 2, n - n // 2) for n in more)])


@pytest.mark.parametrize("size", [5, 7])
@pytest.mark.parametrize("setting", CHOSEN)
def test_chosen_numbers_stay_where_they_are_in_the_window(setting: str, size: int) -> None:
    state = preset(opening("gates"), setting)
    larger = turned(state, {"name": "kernel_size", "value": size})
    for before, after in zip(halves(state), halves(larger), strict=True):
        assert np.array_equal(after, grown(before, size, "causal" in setting))
    again = turned(larger, {"name": "kernel_size", "value": state.single.kernel_size[0]})
    assert all(np.array_equal(*pair) for pair in zip(halves(state), halves(again), strict=True))


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 3), st.data())
def test_the_newest_weights_of_a_causal_block_stay_the_newest(size: int, other: int, channels: int, data: Any) -> None:
    state = seeded("gates", f"gated1d-i6-k{size}-pcausal" + (f"-c{channels}" if channels > 1 else ""))
    edits = data.draw(st.dictionaries(st.integers(0, 2 * channels * size - 1), st.integers(-3, 3), max_size=6))
    state = replace(state, weight=values_from_text("v1_0" + "".join(f"~{n}:{v}" for n, v in edits.items())))
    after = turned(state, {"name": "kernel_size", "value": other})
    kept = min(size, other)
    for one, two in zip(halves(state), halves(after), strict=True):
        assert np.array_equal(one[..., size - kept :], two[..., other - kept :])
