"""One way for whatever is asked of a page: the next state comes out, or why it cannot be, and nothing is raised."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from depth import cases
from hypothesis import given, settings
from hypothesis import strategies as some

from convviz.lessons import LESSONS
from convviz.page.answer import answered, note, shown
from convviz.page.state import State, from_query, opening, to_query

JUNK = some.recursive(
    some.none() | some.booleans() | some.integers(-9, 10**12) | some.floats() | some.text(max_size=9),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
TURNS = ["stride", "padding", "kernel_size", "padding_kind", "axes", "preset", "view", "fix", "rate0", "nothing"]
ASKED = some.fixed_dictionaries(
    {},
    optional={
        "turn": JUNK | some.fixed_dictionaries({"name": some.sampled_from(TURNS), "value": JUNK}),
        "edit": JUNK | some.fixed_dictionaries({"array": JUNK | some.just("x"), "index": JUNK, "value": JUNK}),
        "show": JUNK | some.fixed_dictionaries({"kind": JUNK | some.just("beat"), "n": some.integers(-2, 9)}),
    },
)


@settings(max_examples=cases(600), deadline=None)
@given(some.sampled_from(list(LESSONS)), ASKED)
def test_whatever_is_asked_there_is_a_state_with_a_picture_and_a_link(lesson: str, asked: dict[str, Any]) -> None:
    before = opening(lesson)
    found = answered(before, asked)
    if found.refused:
        assert found.state is before and not found.kept and found.refused[1].text("zh")
    scene, said = shown(found.state)
    assert scene.steps and said["note"] and said["tour"]["text"]
    assert from_query(to_query(found.state), lesson) == (found.state, [])


def test_a_dial_that_is_still_being_turned_is_no_step_of_the_history() -> None:
    turn = {"name": "stride", "value": 3}
    assert not answered(opening("convolution"), {"turn": turn}).kept
    assert answered(opening("convolution"), {"turn": turn | {"commit": True}}).kept
    assert answered(opening("convolution"), {"edit": {"array": "x", "index": 0, "value": 1}}).kept


@pytest.mark.parametrize("lesson", LESSONS)
def test_each_beat_and_myth_can_be_shown_and_sets_what_it_speaks_of(lesson: str) -> None:
    plan = LESSONS[lesson]
    for kind, listed in (("beat", plan.beats), ("myth", plan.misconceptions)):
        for n, said in enumerate(listed):
            found = answered(opening(lesson), {"show": {"kind": kind, "n": n}})
            assert found.kept and found.refused is None
            assert found.state.beat == (n + 1 if kind == "beat" else 0)
            assert not said.setting or found.state.text == said.setting


def test_a_refused_number_has_no_dial_and_a_refused_turn_names_its_own() -> None:
    found = answered(opening("convolution"), {"edit": {"array": "weight", "index": 0, "value": 1000}})
    assert found.refused is not None and found.refused[0] == ""
    found = answered(opening("convolution"), {"turn": {"name": "kernel_size", "value": 99}})
    assert found.refused is not None and found.refused[0] == "kernel_size" and found.refused[1].fix


def test_only_a_layer_that_spreads_says_whose_parameters_it_has() -> None:
    lines = {lesson: note(opening(lesson)).count("\n") for lesson in LESSONS}
    assert lines == {"convolution": 0, "transposed": 1, "dilated": 0}


def test_a_picture_is_the_same_whatever_its_page_has_beside_it() -> None:
    state = opening("convolution")
    others = replace(state, theme="dark", step=3, beat=1)
    assert others.picture == state.picture and others != state
    assert isinstance(state.picture, State) and replace(state, view="matrix").picture != state.picture
