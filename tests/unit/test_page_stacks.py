"""The values of a stack on its page are those with which Python runs it: seeded alike, and typed into one flat row."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from openings import stacks

import convviz as cv
from convviz.network import Network, stack_from_text
from convviz.page.link import from_query, to_query
from convviz.page.state import State, opening
from convviz.page.turn import outcome
from convviz.page.values import Values
from convviz.player.wire import wire
from convviz.scene.scene import Scene

TEXTS = (
    stacks("dilated")[0],
    stacks("dilated")[1],
    "conv1d-i8-k3-c2-o3~conv1d-i6-k2-c3-o1",
    "conv2d-i5-k3-p1~conv2d-i5-k1",
)
each_text = pytest.mark.parametrize("text", TEXTS)


def stack(text: str) -> Network:
    network = stack_from_text(text)
    assert isinstance(network, Network)
    return network


def shown(text: str, **others: Any) -> State:
    return replace(opening("dilated"), layer=stack(text), view="stack", **others)


def same(one: Scene, other: Scene) -> bool:
    return json.dumps(wire(one)) == json.dumps(wire(other))


@each_text
@pytest.mark.parametrize("seed", [0, 3])
def test_its_values_are_those_that_python_seeds(text: str, seed: int) -> None:
    values = Values("seed", (seed,))
    assert same(shown(text, x=values, weight=values).scene(), cv.scene(cv.trace(stack(text), seed=seed), "stack"))


@each_text
def test_what_is_typed_stands_in_one_flat_row_over_all_weights(text: str) -> None:
    network, state = stack(text), shown(text)
    seeded = cv.trace(network)
    flat = np.concatenate([seeded[n].weight.ravel() for n in range(len(network.layers))])
    for n, place in enumerate((0, len(flat) // 2, len(flat) - 1)):
        flat[place] = 7 + n
        state = outcome(state, {"edit": {"array": "weight", "index": place, "value": 7 + n}}).state
    ends = np.cumsum([layer.parameters for layer in network.layers])[:-1]
    parts = zip(np.split(flat, ends), network.layers, strict=True)
    weights = [part.reshape(layer.weight_shape) for part, layer in parts]
    assert same(state.scene(), cv.scene(cv.trace(network, weights=weights), "stack"))
    assert from_query(to_query(state), "dilated") == (state, [])


@each_text
def test_a_number_typed_into_its_input_is_in_its_run(text: str) -> None:
    state = outcome(shown(text), {"edit": {"array": "x", "index": 4, "value": 99}}).state
    x = np.array(cv.trace(stack(text)).x)
    x.flat[4] = 99
    assert same(state.scene(), cv.scene(cv.trace(stack(text), x=x), "stack"))


def test_what_is_too_large_to_show_with_values_is_refused_at_the_view_and_can_be_counted() -> None:
    text = "conv2d-i20-k1-o40~conv2d-i20-k1-c40"
    before = replace(shown(text), view="coverage")
    came = outcome(before, {"turn": {"name": "view", "value": "stack", "commit": True}})
    assert before.scene().steps and came.state is before
    assert came.refused is not None and came.refused[0] == "view"
