"""A stack with values: its own view of them, its input and its weights, typed into as a layer's are."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import convviz as cv
from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.network import BETWEEN, Network, stack_from_text
from convviz.page.answer import answered
from convviz.page.dials import dials
from convviz.page.state import State, from_query, opening, to_query
from convviz.page.values import Values
from convviz.player.wire import wire
from convviz.scene.scene import Scene
from convviz.web.drawing import Wanted

TEXTS = (
    BETWEEN.join(LESSONS["dilated"].stacks[0]),
    BETWEEN.join(LESSONS["dilated"].stacks[1]),
    "conv1d-i8-k3-c2-o3~conv1d-i6-k2-c3-o1",
    "conv2d-i5-k3-p1~conv2d-i5-k1",
)


@pytest.fixture(autouse=True)
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lesson lists the view that shows a stack's values."""
    list_views(monkeypatch, "stack")


def list_views(patch: pytest.MonkeyPatch, *more: str) -> None:
    plan = LESSONS["dilated"]
    views = tuple(view for view in plan.views if view != "stack")
    patch.setitem(LESSONS, "dilated", replace(plan, views=(*views, *more)))


def shown(text: str, view: str = "stack", **others: Any) -> State:
    return replace(opening("dilated"), layer=stack_from_text(text), view=view, **others)


def same(one: Scene, other: Scene) -> bool:
    return json.dumps(wire(one)) == json.dumps(wire(other))


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("seed", [0, 3])
def test_its_values_are_those_that_python_seeds(text: str, seed: int) -> None:
    values = Values("seed", (seed,))
    run = cv.trace(stack_from_text(text), seed=seed)
    assert same(shown(text, x=values, weight=values).scene(), cv.scene(run, "stack"))


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_typed_stands_in_one_flat_row_over_all_weights(text: str) -> None:
    network = stack_from_text(text)
    assert isinstance(network, Network)
    seeded = cv.trace(network)
    flat = np.concatenate([seeded[n].weight.ravel() for n in range(len(network.layers))])
    places = (0, len(flat) // 2, len(flat) - 1)
    state = shown(text)
    for n, place in enumerate(places):
        flat[place] = 7 + n
        state = answered(state, {"edit": {"array": "weight", "index": place, "value": 7 + n}}).state
    ends = np.cumsum([layer.parameters for layer in network.layers])[:-1]
    weights = [
        part.reshape(layer.weight_shape) for part, layer in zip(np.split(flat, ends), network.layers, strict=True)
    ]
    assert same(state.scene(), cv.scene(cv.trace(network, weights=weights), "stack"))
    assert from_query(to_query(state), "dilated") == (state, [])


def test_a_number_typed_into_its_input_is_in_its_run() -> None:
    state = answered(shown(TEXTS[3]), {"edit": {"array": "x", "index": 4, "value": 99}}).state
    network = stack_from_text(TEXTS[3])
    x = np.array(cv.trace(network).x)
    x.flat[4] = 99
    assert same(state.scene(), cv.scene(cv.trace(network, x=x), "stack"))


def test_the_views_that_take_it_can_be_chosen() -> None:
    for view, chosen in (("stack", "stack"), ("coverage", "coverage"), ("flat", "coverage")):
        (pills,) = [dial for dial in dials(shown(TEXTS[0], view)) if dial["name"] == "view"]
        assert [name for name, *_ in pills["choices"]] == ["coverage", "stack"] and pills["value"] == chosen
    found = answered(shown(TEXTS[0], "flat"), {"turn": {"name": "view", "value": "stack", "commit": True}})
    assert found.refused is None and found.state.scene().view == "stack"


def test_where_one_view_takes_it_there_is_nothing_to_choose(monkeypatch: pytest.MonkeyPatch, visit: Any) -> None:
    list_views(monkeypatch)
    page = visit("dilated", layer=TEXTS[0])
    assert "view" not in page.dials and page.player["scene"]["view"] == "coverage"
    assert not [button for button in page.button if button.key == "shuffle:dilated"]


def test_its_page_has_new_numbers_and_undo(visit: Callable[..., Any]) -> None:
    page = visit("dilated", layer=TEXTS[0], view="stack")
    assert page.player["scene"] == json.loads(json.dumps(wire(shown(TEXTS[0]).scene())))
    before = page.player["scene"]
    page.press("shuffle:dilated")
    assert page.player["scene"] != before and "x=s1" in page.player["link"]
    page.press("photo:dilated")
    assert page.state("dilated").x.kind == "photo"
    page.say("player:dilated", "edit", {"array": "weight", "index": 12, "value": 5})
    assert page.state("dilated").weight.edits == ((12, 5.0),)
    for _ in range(3):
        page.say("player:dilated", "undo", {})
    assert page.player["scene"] == before and not page.player["undo"]


def test_what_is_too_large_for_it_is_refused_before_there_are_numbers() -> None:
    large = "conv2d-i20-k1-o40~conv2d-i20-k1-c40"
    assert shown(large, "coverage").scene().steps
    found = answered(shown(large, "coverage"), {"turn": {"name": "view", "value": "stack", "commit": True}})
    assert found.refused is not None and found.refused[0] == "view" and found.state.view == "coverage"
    _, (wrong,) = from_query({"layer": large, "view": "stack"}, "dilated")
    assert isinstance(wrong, LayerError)


def test_its_file_depends_on_its_values_just_where_they_are_shown() -> None:
    other = Values("seed", (5,))
    assert Wanted.of(shown(TEXTS[0], x=other)) != Wanted.of(shown(TEXTS[0]))
    assert Wanted.of(shown(TEXTS[0], "coverage", x=other)) == Wanted.of(shown(TEXTS[0], "flat"))
    assert same(Wanted.of(shown(TEXTS[0], x=other)).state().scene(), shown(TEXTS[0], x=other).scene())
