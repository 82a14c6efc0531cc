"""The kernel by its name on a page: its link, its tiles, what choosing one gives, and what the dials make of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from openings import seeded

import convviz as cv
from convviz.errors import LayerError
from convviz.kernels import KERNELS, RANDOM
from convviz.layers.notation import from_text
from convviz.page import kernels
from convviz.page.dials import dials
from convviz.page.link import from_query, to_query
from convviz.page.sources import chosen
from convviz.page.state import State, opening
from convviz.page.turn import Outcome, outcome
from convviz.page.values import Values, values_from_text
from convviz.text import LANGUAGES, catalogue

NAMED = [name for name in KERNELS if name != RANDOM]
START = seeded("convolution")


def choose(state: State, name: object) -> Outcome:
    return outcome(state, {"turn": {"name": "kernel", "value": name, "commit": True}})


def turn(state: State, name: str, value: object) -> State:
    came = outcome(state, {"turn": {"name": name, "value": value, "commit": True}})
    assert came.refused is None
    return came.state


def dial(state: State) -> dict[str, Any]:
    return next(one for one in dials(state) if one["name"] == "kernel")  # type: ignore[return-value]


def weights(state: State) -> Any:
    return state.weight.array(state.layer.weight_shape, -1, 2, offset=1)


@pytest.mark.parametrize("name", NAMED)
def test_a_link_holds_the_name_and_what_is_typed_over_it(name: str) -> None:
    for edits in ((), ((4, -2.0), (0, 1.5))):
        state = replace(START, weight=replace(kernels.named(name), edits=edits))
        query = to_query(state)
        if state.weight == opening("convolution").weight:
            assert "w" not in query
            continue
        assert query["w"] == f"k{name}" + "".join(f"~{n}:{value:g}" for n, value in edits)
        assert from_query(query, "convolution") == (state, [])


@pytest.mark.parametrize("text", ["k", "kbox1", "krandom", "kbox~", "kbox~1:1000", "Kbox", "kbox_1", "k\n", "kbox~9"])
def test_a_text_that_names_no_kernel_is_refused(text: str) -> None:
    with pytest.raises(LayerError, match="values"):
        kernels.weights_from_text(text)


def test_an_input_is_no_kernel() -> None:
    with pytest.raises(LayerError):
        values_from_text("kbox")
    assert len(from_query({"x": "kbox"}, "convolution")[1]) == 1


@pytest.mark.parametrize("name", NAMED)
def test_choosing_one_shows_its_weights_and_divides_by_what_it_says(name: str) -> None:
    came = choose(START, name)
    wanted, divisor = cv.kernel(name, 3)
    assert came.kept and came.refused is None and (weights(came.state)[0, 0] == wanted).all()
    trace = cv.trace(START.layer, START.x.array((1, 5, 5), 0, 5), wanted[None, None], divisor=divisor)
    shown, drawn = came.state.scene(), cv.scene(trace)
    assert shown.texts_at(shown.steps - 1) == drawn.texts_at(drawn.steps - 1)
    assert dial(came.state)["value"] == name


def test_a_weight_can_be_typed_over_and_the_division_stays() -> None:
    state = choose(START, "gaussian").state
    typed = outcome(state, {"edit": {"array": "weight", "index": 4, "value": 9}}).state
    assert weights(typed).ravel()[4] == 9 and (np.delete(weights(typed), 4) == np.delete(weights(state), 4)).all()
    assert typed.scene().order == ("products", "total", "divided", "current")
    assert "changed" in dial(typed)["shown"] and dial(typed)["value"] == "gaussian"
    assert choose(typed, "gaussian").state == state, "chosen again, it is as it was"


def test_another_size_has_the_same_kernel_in_that_size() -> None:
    state = turn(choose(START, "vertical").state, "kernel_size", 5)
    assert (weights(state)[0, 0] == cv.kernel("vertical", 5)[0]).all() and state.weight.text() == "kvertical"


def test_a_size_that_has_none_shows_random_numbers_and_the_next_one_shows_the_kernel_again() -> None:
    state = choose(START, "sharpen").state
    even = turn(state, "kernel_size", 4)
    assert dial(even)["value"] == RANDOM and (weights(even) == weights(turn(START, "kernel_size", 4))).all()
    assert turn(even, "kernel_size", 3) == replace(state, step=0)


def test_random_chosen_again_is_other_numbers_and_chosen_after_a_name_the_first_ones() -> None:
    again = choose(START, RANDOM).state
    assert (weights(again) != weights(START)).any() and again.x == START.x
    assert choose(choose(START, "box").state, RANDOM).state.weight == START.weight
    assert dial(again)["picture"] == {c[0]: c[2] for c in dial(again)["choices"]}[RANDOM]


@pytest.mark.parametrize(("language", "own"), [("en", "Own numbers"), ("zh", "自定权重")])
def test_listed_weights_are_those_of_no_tile(language: str, own: str) -> None:
    listed = replace(START, weight=values_from_text("v3_1_0_1_0_2_0_1_0_1"), language=language)
    assert (dial(listed)["shown"], dial(listed)["value"]) == (own, "")
    assert choose(listed, RANDOM).state.weight == Values()


@pytest.mark.parametrize("value", ["sobel", "", None, 3, ["box"], {"a": 1}])
def test_what_is_no_kernel_is_refused_beside_the_dial(value: object) -> None:
    came = choose(START, value)
    assert came.state is START and came.refused is not None and came.refused[0] == "kernel"


def test_one_that_this_size_has_not_is_refused_and_its_tile_says_why() -> None:
    state = turn(START, "kernel_size", 4)
    came = choose(state, "outline")
    assert came.state is state and came.refused is not None
    assert "needs a cell in the middle" in str(came.refused[1]) and dials(state, False, came.refused)
    missing = {value: does for value, _, _, does, none in dial(state)["choices"] if none}
    assert missing.keys() == {"identity", "sharpen", "outline", "emboss"} and "middle" in missing["outline"]


def test_a_kernel_of_one_cell_is_the_identity_or_random() -> None:
    state = turn(START, "kernel_size", 1)
    assert [value for value, *_, none in dial(state)["choices"] if not none] == ["identity", RANDOM]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_tile_has_its_sum_and_what_it_does_in_eight_words(language: str) -> None:
    words = catalogue(language)
    for value, label, picture, does, none in dial(replace(START, language=language))["choices"]:
        assert label == words[f"kernel.{value}.label"] and words[f"kernel.{value}.does"] in does and not none
        assert len(words[f"kernel.{value}.does"].split()) <= 8
        total = int((weights(START) if value == RANDOM else cv.kernel(value, 3)[0]).sum())
        assert str(total).replace("-", "−") in does
        assert len(picture[0]) == 9 and picture[1] == 3


def test_a_kernel_that_is_slid_rotated_is_not_said_to_do_what_it_does_not() -> None:
    edge = catalogue("en")["kernel.vertical.does"]
    for layer, says in (("conv2d-i5-k3", True), ("conv2d-i5-k3-f1", False), ("tconv2d-i3-k3", False)):
        shown = kernels.tiles(from_text(layer), Values(), "en")
        said = {choice[0]: choice[3] for choice in shown["choices"]}  # type: ignore[attr-defined]
        assert (edge in said["vertical"]) is says
        assert "Sum 0" in said["vertical"]
    flipped = kernels.tiles(from_text("conv2d-i5-k3-f1"), Values(), "en")
    assert any(catalogue("en")["kernel.outline.does"] in choice[3] for choice in flipped["choices"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "layer", ["conv1d-i8-k3", "conv2d-i5-k3-c2-o2", "conv3d-i4-k3", "conv2d-i6-k2x3", "conv2d-i4-k3-c2-o2-g2-b1"]
)
def test_every_layer_whose_kernel_slides_offers_those_that_it_has(layer: str) -> None:
    state, wrong = from_query({"layer": layer}, "convolution")
    assert not wrong
    for value, *_, none in dial(state)["choices"]:
        came = choose(state, value)
        assert (came.refused is not None) == bool(none)
        assert none or from_query(to_query(came.state), "convolution") == (came.state, [])


def test_a_stack_has_no_kernel_by_name_and_a_link_that_names_one_shows_it_on_numbers() -> None:
    layers = "conv2d-i9-k3~conv2d-i7-k3"
    named, wrong = from_query({"layer": layers, "w": "kbox", "view": "stack"}, "dilated")
    plain, _ = from_query({"layer": layers, "view": "stack"}, "dilated")
    assert not wrong and "kernel" not in {one["name"] for one in dials(named)}
    assert named.scene().texts_at(5) == plain.scene().texts_at(5)


def test_random_makes_the_input_anew_among_its_sources_and_the_kernel_among_the_kernels() -> None:
    fresh = chosen(START, "s")
    assert fresh.x != START.x and fresh.weight == START.weight
    fresh = choose(START, "random").state
    assert fresh.weight != START.weight and fresh.x == START.x
