"""Gradients of deep stacks: right by finite differences, measured as the file says, and no more than was measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import convviz as cv
from convviz.asset import asset
from convviz.gradients import BLOCKS, DEEPEST, DEPTHS, FILE, deep, draw, measured, norm, spread

each_block = pytest.mark.parametrize("block", BLOCKS)
each_way = pytest.mark.parametrize("residual", [False, True], ids=["plain", "residual"])


@each_block
@each_way
def test_the_gradient_through_eight_blocks_is_that_of_finite_differences(block: str, residual: bool) -> None:
    network = deep(block, 8, residual)
    x, weights, upstream = draw(network, 3)
    found = cv.trace(network, x, weights).backward(upstream)
    rng, step = np.random.default_rng(0), 1e-4

    def loss(moved: np.ndarray, given: dict[str, np.ndarray]) -> float:
        return float((cv.output(network, moved, given) * upstream).sum())

    ways = [rng.standard_normal(x.shape) for _ in range(3)]
    for way in ways:
        ahead, back = loss(x + step * way, weights), loss(x - step * way, weights)
        assert (found.x * way).sum() == pytest.approx((ahead - back) / (2 * step), rel=1e-6)
    name = next(iter(weights))
    way = rng.standard_normal(weights[name].shape)
    ahead, back = (loss(x, weights | {name: weights[name] + sign * step * way}) for sign in (1, -1))
    assert (found[name].weight * way).sum() == pytest.approx((ahead - back) / (2 * step), rel=1e-6)


@each_block
@each_way
def test_the_file_has_what_is_measured_now(block: str, residual: bool) -> None:
    said = measured()[block, residual]
    assert len(said) == len(DEPTHS)
    for place in (0, 3, 5):
        assert tuple(said[place]) == pytest.approx(tuple(spread(block, DEPTHS[place], residual)), rel=1e-3)


def test_what_was_measured_is_told_as_it_is() -> None:
    """Squashing by a sigmoid loses a gradient soonest; a gate alone loses it too, for it is closed by half; a residual
    keeps it."""
    at = {key: spreads[-1].median for key, spreads in measured().items()}
    plain = {block: at[block, False] for block in BLOCKS}
    assert plain["sigmoid"] < plain["gated_tanh"] and plain["sigmoid"] < plain["glu"] < plain["tanh"] < 1
    assert all(at[block, True] > 1e3 * plain[block] or block == "tanh" for block in BLOCKS)
    assert all(at[block, True] > 0.1 for block in BLOCKS)


@each_block
def test_a_gate_that_is_open_lets_the_value_s_gradient_through(block: str) -> None:
    assert 0 < norm(block, 1) < 1.5
    assert norm(block, 1) == norm(block, 1, seed=0) != norm(block, 1, seed=1)


def test_a_block_and_a_depth_that_there_are_not_name_one_that_there_is() -> None:
    with pytest.raises(cv.LayerError, match="try block sigmoid"):
        deep("relu", 1)
    for depth, nearest in ((0, 1), (DEEPEST + 1, DEEPEST), (-3, 1), (2.5, 2), ("", 1)):
        with pytest.raises(cv.LayerError, match=f"try depth {nearest}$"):
            deep("glu", depth)  # type: ignore[arg-type]


@pytest.mark.parametrize("lacks", ["depths", "seeds", "norms"])
def test_a_file_of_another_version_is_refused_with_the_way_to_make_it_again(
    lacks: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = json.loads(asset(FILE).read_text("utf-8"))
    del said[lacks]
    (tmp_path / FILE).write_text(json.dumps(said))
    monkeypatch.setattr("convviz.gradients.asset", lambda name: tmp_path / name)
    with pytest.raises(ValueError, match=r"tools/gradients\.py"):
        measured.__wrapped__()
