"""One way from a state and something asked to the next; and how little is made on it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from depth import cases
from hypothesis import given, settings
from hypothesis import strategies as some
from openings import stacks

import convviz.layers as layers
from convviz.lessons import LESSONS
from convviz.network import stacked
from convviz.page import dials, fixes, link, shown, state, tour, turn
from convviz.page.link import from_query, to_query
from convviz.page.state import State, opening
from convviz.page.values import Values
from convviz.themes import THEMES

REPEATED = re.compile(r"\b(\w+) \1\b")
"""A word that is written twice."""

STACK = stacks("dilated")[0]
ASKED = {
    "dial": ("convolution", "", {"turn": {"name": "stride", "value": 1, "commit": True}}),
    "dial while it is dragged": ("convolution", "", {"turn": {"name": "input_size", "value": 9, "commit": False}}),
    "padding by a word": ("convolution", "", {"turn": {"name": "padding_kind", "value": "same", "commit": True}}),
    "each axis": ("convolution", "", {"turn": {"name": "axes", "value": True, "commit": True}}),
    "one size for both axes": ("convolution", "conv2d-i5x7-k3", {"turn": {"name": "axes", "value": False}}),
    "preset": ("convolution", "", {"turn": {"name": "preset", "value": "conv2d-i4-k3", "commit": True}}),
    "view": ("convolution", "", {"turn": {"name": "view", "value": "matrix", "commit": True}}),
    "fix": ("convolution", "", {"turn": {"name": "fix", "value": {"kernel_size": [2, 2]}, "commit": True}}),
    "edit": ("convolution", "", {"edit": {"array": "x", "index": 3, "value": 9}}),
    "beat": ("convolution", "", {"show": {"kind": "beat", "n": 4}}),
    "transposed dial": ("transposed", "", {"turn": {"name": "stride", "value": 3, "commit": True}}),
    "transposed preset": ("transposed", "", {"turn": {"name": "preset", "value": "tconv2d-i2-k3", "commit": True}}),
    "dilated dial": ("dilated", "", {"turn": {"name": "dilation", "value": 3, "commit": True}}),
    "stack": ("dilated", "", {"turn": {"name": "preset", "value": STACK, "commit": True}}),
}


class Counted:
    """How often each of these is called, and each class of layers made."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.calls: dict[str, int] = {}
        for kind in layers.REGISTRY:
            self.count(patch, kind, "__post_init__", kind.__name__)
        for name in ("stack_to_text", "stack_from_text", "to_query"):
            for module in (state, link, shown, dials, fixes, turn):
                if hasattr(module, name):
                    self.count(patch, module, name, name)

    def count(self, patch: pytest.MonkeyPatch, owner: Any, name: str, told: str) -> None:
        before = getattr(owner, name)

        def counting(*given: Any, **named: Any) -> Any:
            self.calls[told] = self.calls.get(told, 0) + 1
            return before(*given, **named)

        patch.setattr(owner, name, counting)


def turned(lesson: str, query: dict[str, str], asked: dict[str, Any]) -> turn.Outcome:
    """All that is computed for a turn: the state of the link, the next one, its dials, its picture and its files."""
    before, wrong = from_query(query, lesson)
    assert not wrong
    came = turn.outcome(before, asked)
    assert came.refused is None
    dials.dials(came.state, came.apart)
    shown.shown(came.state, THEMES["light"])
    return came


def fresh(lesson: str, query: dict[str, str]) -> None:
    """No picture is kept but the one that is shown."""
    state._drawn.cache_clear()
    from_query(query, lesson)[0].scene()


@pytest.mark.parametrize("name", ASKED)
def test_a_turn_makes_each_layer_text_and_query_at_most_twice(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson, layer, asked = ASKED[name]
    query = {"layer": layer} if layer else {}
    turned(lesson, query, asked)  # what a lesson says of itself is read once
    fresh(lesson, query)
    counted = Counted(monkeypatch)
    came = turned(lesson, query, asked)
    assert counted.calls.get("to_query", 0) == 2, "the link, and the address of the files, which names the language"
    most = {"Conv": 2 * (len(came.state.layer.layers) if came.state.stack else 1)}
    assert {told: count for told, count in counted.calls.items() if count > most.get(told, 2)} == {}


def test_a_turn_of_a_stack_makes_each_of_its_layers_at_most_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"turn": {"name": "rate1", "value": 3, "commit": True}}
    turned("dilated", {"layer": STACK}, asked)
    fresh("dilated", {"layer": STACK})
    counted = Counted(monkeypatch)
    turned("dilated", {"layer": STACK}, asked)
    assert counted.calls["Conv"] <= 2 * 3 and counted.calls["stack_from_text"] == 1


def test_the_switch_shows_values_as_colours_and_moves_nothing() -> None:
    before, _ = from_query({"step": "5", "tones": "0"}, "convolution")
    came = turn.outcome(before, {"turn": {"name": "tones", "value": True, "commit": True}})
    assert came.state.tones and came.state.step == 5 and came.kept
    assert "tones=1" in link.link(replace(came.state, lesson="dilated")) and "tones" not in link.link(came.state)
    assert came.state.scene().toned and not before.scene().toned
    switch = {dial["name"]: dial for dial in dials.dials(came.state)}["tones"]
    assert switch["value"] is True and switch["help"]
    counted, _ = from_query(
        {"layer": "conv2d-i13-k3-d2~conv2d-i9-k3-d2~conv2d-i5-k3-d2", "view": "coverage"}, "dilated"
    )
    assert "tones" not in {dial["name"] for dial in dials.dials(counted)}, "counts are no values"


def test_what_cannot_be_leaves_the_state_and_names_its_dial() -> None:
    before = opening("convolution")
    came = turn.outcome(before, {"turn": {"name": "kernel_size", "value": 9, "commit": True}})
    assert came.state is before and came.refused is not None
    name, error = came.refused
    assert name == "kernel_size" and turn.tried(before, lambda one: fixes.fixed(one, error.fix)) != before


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_view_that_cannot_be_names_one_that_the_lesson_has(lesson: str) -> None:
    plan, network = LESSONS[lesson], stacks(lesson)[:1]
    for setting in {plan.opening, *network, *(one.setting for one in plan.presets)}:
        before, _ = from_query({"layer": setting}, lesson)
        for view in {*plan.views, *plan.stack_views}:
            came = turn.outcome(before, {"turn": {"name": "view", "value": view, "commit": True}})
            if came.refused:
                said, fix = came.refused[1].text(), came.refused[1].fix
                assert not REPEATED.search(said), said
                assert f"try view {fix.get('view')}" in said or "try view" not in said, said


def test_what_no_link_could_hold_is_refused() -> None:
    before = opening("dilated")
    many = replace(before, layer=stacked(1, [1] * 64))
    came = turn.outcome(many, {"turn": {"name": "rate63", "value": 2, "commit": True}})
    assert came.refused is None and from_query(to_query(came.state), "dilated") == (came.state, [])
    with pytest.raises(ValueError, match="cannot be read"):
        dials._linkable(replace(before, layer=stacked(1, [1] * 65)))


@pytest.mark.parametrize(
    "asked", [{}, {"turn": 3}, {"edit": "x"}, {"show": {"kind": "beat", "n": 99}}, {"show": {"n": True}}]
)
def test_what_is_nothing_that_can_be_asked_changes_nothing(asked: dict[str, Any]) -> None:
    assert turn.outcome(opening("convolution"), asked) == turn.Outcome(opening("convolution"), False, None, True)


class TestStacks:
    """A stack runs values, in the view that shows them."""

    def shown(self, **changes: Any) -> State:
        found, wrong = from_query({"layer": STACK, "view": "stack"}, "dilated")
        assert not wrong
        return replace(found, **changes)

    def test_its_views_are_those_of_stacks(self) -> None:
        plain, _ = from_query({"layer": STACK}, "dilated")
        assert (plain.seen, plain.has_values) == ("coverage", False)
        assert (self.shown().seen, self.shown().has_values) == ("stack", True)
        assert opening("dilated").views == LESSONS["dilated"].views

    def test_its_numbers_follow_the_seed_and_what_is_typed(self) -> None:
        first = self.shown().scene()
        other = self.shown(weight=Values("seed", (3,))).scene()
        assert first.texts_at(first.steps - 1) != other.texts_at(other.steps - 1)
        typed = turn.outcome(self.shown(), {"edit": {"array": "x", "index": 0, "value": 99}}).state
        assert "99" in typed.scene().texts_at(0)

    def test_each_layer_has_weights_of_its_own_and_edits_count_through_all(self) -> None:
        shapes = [(1, 1, 3, 3), (1, 1, 3, 3)]
        one, two = Values("seed", (0,), ((10, 99),)).arrays(shapes, -1, 2, offset=1)
        assert one.tolist() != two.tolist()
        assert two.flat[1] == 99 and 99 not in one

    def test_its_link_restores_it(self) -> None:
        found = self.shown(x=Values("seed", (5,)), step=7)
        assert from_query(to_query(found), "dilated") == (found, [])


JUNK = some.recursive(
    some.none() | some.booleans() | some.integers(-9, 10**12) | some.floats() | some.text(max_size=9),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
TURNS = ["stride", "padding", "kernel_size", "padding_kind", "axes", "preset", "view", "fix", "rate0", "nothing"]
ANYTHING = some.fixed_dictionaries(
    {},
    optional={
        "turn": JUNK | some.fixed_dictionaries({"name": some.sampled_from(TURNS), "value": JUNK}),
        "edit": JUNK | some.fixed_dictionaries({"array": JUNK | some.just("x"), "index": JUNK, "value": JUNK}),
        "show": JUNK | some.fixed_dictionaries({"kind": JUNK | some.just("beat"), "n": some.integers(-2, 9)}),
    },
)
STATES = [
    *map(opening, LESSONS),
    *(from_query({"layer": STACK, "view": view}, "dilated")[0] for view in ("stack", "coverage")),
]


@settings(max_examples=cases(600), deadline=None)
@given(some.sampled_from(STATES), ANYTHING)
def test_whatever_is_asked_there_is_a_state_with_a_picture_and_a_link(before: State, asked: dict[str, Any]) -> None:
    came = turn.outcome(before, asked)
    if came.refused:
        assert came.state is before and came.refused[1].text("zh")
    assert came.state.scene().steps
    assert from_query(to_query(came.state), before.lesson) == (came.state, [])


def shown_beat(before: State, name: str) -> State:
    number = [beat.name for beat in LESSONS[before.lesson].beats].index(name)
    return turn.outcome(before, {"show": {"kind": "beat", "n": number}}).state


def switched(before: State, value: bool) -> State:
    return turn.outcome(before, {"turn": {"name": "tones", "value": value, "commit": True}}).state


@pytest.mark.parametrize("before", [False, True])
def test_a_beat_that_shows_tones_leaves_them_as_they_were(before: bool) -> None:
    face = shown_beat(replace(opening("convolution"), tones=before), "meaning")
    assert face.toned and face.scene().toned
    assert shown_beat(face, "stride").tones == before
    linked, wrong = from_query(to_query(face), "convolution")
    assert not wrong and shown_beat(linked, "stride").tones == before


def test_the_values_of_a_beat_go_with_it_unless_others_were_chosen_meanwhile() -> None:
    face = shown_beat(opening("convolution"), "meaning")
    assert face.x != opening("convolution").x and face.weight.name == "vertical"
    left = shown_beat(face, "stride")
    assert (left.x, left.weight) == (opening("convolution").x, opening("convolution").weight)
    tried = turn.outcome(face, {"turn": {"name": "kernel", "value": "sharpen", "commit": True}}).state
    assert tour.tour(tried)["stray"] is False and shown_beat(tried, "stride").weight == left.weight
    mine = turn.outcome(face, {"turn": {"name": "x", "value": "hstep", "commit": True}}).state
    assert tour.tour(mine)["stray"] is True and shown_beat(mine, "stride").x == mine.x
