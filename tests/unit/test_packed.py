"""Links stay short: what is long is packed, what no link can hold is refused, and nothing is lost on the way."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from depth import cases
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.network import stack_from_text
from convviz.page.link import LONGEST, MOST, ROOM, from_query, link, refuse_long, to_query
from convviz.page.packed import (
    MOST_BYTES,
    packed_numbers,
    packed_text,
    unpacked_numbers,
    unpacked_text,
)
from convviz.page.state import State, opening
from convviz.page.turn import outcome
from convviz.page.values import EDITS, PATCH, Values, listed, values_from_text
from convviz.text import LANGUAGES
from convviz.themes import THEMES

NUMBERS = st.integers(-999, 999).map(float) | st.integers(-999_999, 999_999).map(lambda n: n / 1000)


@given(
    st.sampled_from(["v", "s", "kvertical", "hline"]),
    st.lists(NUMBERS | st.integers(0, 255).map(float), max_size=80),
    st.lists(st.tuples(st.integers(0, 99_999), NUMBERS), max_size=80),
)
def test_numbers_are_unpacked_as_they_were(head: str, numbers: list[float], pairs: list[tuple[int, float]]) -> None:
    assert unpacked_numbers(packed_numbers(head, numbers, pairs)) == (head, numbers, pairs)


@given(st.text(st.characters(codec="ascii"), max_size=900))
def test_a_text_is_unpacked_as_it_was(text: str) -> None:
    packed = packed_text(text)
    assert len(packed) <= len(text)
    if not text.startswith("z"):
        assert unpacked_text(packed) == text


@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode("latin-1")))
def test_what_was_never_packed_is_refused_and_is_no_fault(text: str) -> None:
    for field in ("x", "w", "layer"):
        state, wrong = from_query({field: f"z{text}"}, "convolution")
        assert [error.field for error in wrong] or state != opening("convolution")
    with pytest.raises(LayerError):
        values_from_text("z!")


def test_what_would_unpack_to_a_great_deal_is_not_unpacked() -> None:
    bomb = packed_text("a" * 50 * MOST_BYTES)
    assert len(bomb) < 3000
    assert from_query({"layer": bomb}, "convolution")[1] and from_query({"x": bomb}, "convolution")[1]


def filled(values: Values, count: int, number: Any) -> Values:
    for index in range(count):
        values = values.edited(index, number())
    return values


def large(dice: random.Random) -> State:
    """A large state of any kind: many cells typed over, a picture of one's own, a stack of many layers."""
    lesson = dice.choice(list(LESSONS))
    kinds = (lambda: dice.randint(-9, 9), lambda: dice.randint(-999, 999), lambda: round(dice.uniform(-999, 999), 3))
    x, weight = opening(lesson).x, opening(lesson).weight
    if dice.random() < 0.4:
        x = listed(np.array([[dice.randrange(256) for _ in range(PATCH)] for _ in range(PATCH)]))
    x = filled(x, dice.choice([0, 30, 300, 1_089]), dice.choice(kinds))
    weight = filled(weight, dice.choice([0, 9, 121]), dice.choice(kinds))
    state = replace(opening(lesson, dice.choice(LANGUAGES)), x=x, weight=weight, theme=dice.choice(list(THEMES)))
    return replace(state, tones=True, step=dice.randrange(5))


@settings(max_examples=cases(200))
@given(st.integers(0, 10**6))
def test_a_large_state_has_a_link_of_2000_letters_that_restores_it_or_is_refused(seed: int) -> None:
    state = large(random.Random(seed))
    length = len(link(state)) + ROOM
    if length <= LONGEST:
        refuse_long(state)
        assert from_query(dict(parse_qsl(link(state))), state.lesson)[0] == replace(state, step=0)
    else:
        with pytest.raises(LayerError) as caught:
            refuse_long(state)
        for language in LANGUAGES:
            said = caught.value.text(language)
            assert f"{length:,}" in said or str(length) in said


def test_every_cell_of_the_largest_board_can_be_typed_over() -> None:
    """With numbers as people type them."""
    dice = random.Random(3)
    x = filled(Values(), PATCH**2, lambda: dice.randint(-9, 9))
    state = replace(opening("convolution"), x=x, weight=filled(Values(), 9, lambda: dice.randint(-9, 9)))
    assert len(link(state)) <= MOST and from_query(to_query(state), "convolution") == (state, [])


def test_any_picture_of_one_s_own_fits_a_link() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (PATCH, PATCH))
    state = replace(opening("convolution", "zh"), x=listed(noise), theme="colorblind", tones=False)
    assert len(link(state)) <= MOST and from_query(to_query(state), "convolution") == (state, [])


def test_a_stack_of_64_layers_fits_a_link() -> None:
    dice = random.Random(1)
    kernels = [dice.choice((1, 2, 3)) for _ in range(64)]
    text = "~".join(f"conv1d-i999-k{k}-d{dice.choice((1, 2, 4, 8))}-pcausal" for k in kernels)
    state = replace(opening("sequences"), layer=stack_from_text(text))
    assert len(state.text) > LONGEST / 2 and len(link(state)) < 600


def test_a_number_that_no_link_could_hold_is_refused_and_what_was_typed_stays() -> None:
    dice = random.Random(2)
    state = opening("convolution")
    state = replace(state, x=filled(state.x, 330, lambda: round(dice.uniform(-999, 999), 3)))
    last = None
    for index in range(330, 500):
        came = outcome(state, {"edit": {"array": "x", "index": index, "value": round(dice.uniform(-999, 999), 3)}})
        if came.refused:
            last = came
            break
        state = came.state
    assert last and last.state == state and last.refused and last.refused[1].key == "link_long"
    assert from_query(to_query(state), "convolution") == (state, [])


def test_a_long_link_of_old_opens_without_its_typed_numbers_and_says_so() -> None:
    dice = random.Random(4)
    text = "s0" + "".join(f"~{n}:{dice.uniform(-999, 999):.3f}" for n in range(600))
    state, wrong = from_query({"x": text, "view": "matrix"}, "convolution")
    assert [error.key for error in wrong] == ["link_long"]
    assert (state.x, state.view) == (Values(), "matrix") and len(link(state)) <= MOST


def test_no_more_cells_are_typed_over_than_there_may_be_and_none_is_forgotten() -> None:
    full = filled(Values(), EDITS, lambda: 1)
    assert full.edited(5, 2).edits[-1] == (5, 2.0)
    with pytest.raises(LayerError, match="at most 1,200 cells"):
        full.edited(EDITS, 1)
    assert values_from_text(full.text()) == values_from_text(full.packed) == full
