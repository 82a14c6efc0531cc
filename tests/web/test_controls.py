"""What a dial, an edit or an undo does: the picture is the engine's; what cannot be is refused beside its control."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from depth import cases
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from openings import seeded

from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.network import stack_from_text
from convviz.page import dials as controls
from convviz.page.dials import refusal, turned
from convviz.page.link import MOST, from_query
from convviz.page.stacks import RATE, RATES
from convviz.page.state import State, opening
from convviz.page.values import EDITS
from convviz.scene.views import VIEWS
from convviz.text import LANGUAGES, say


def linked(page: Any, lesson: str) -> tuple[State, list[Any]]:
    """What the page's own link restores."""
    return from_query(dict(pair.split("=") for pair in page.player["link"].split("&")), lesson)


def test_a_dial_sets_its_argument(visit: Any) -> None:
    page = visit("convolution")
    for name, value in (("input_size", 7), ("kernel_size", 2), ("stride", 1), ("padding", 0), ("dilation", 2)):
        page.turn("convolution", name, value)
        set_to = getattr(page.state("convolution").layer, name)
        assert set(set_to) in ({value}, {(value, value)}) and page.dials[name]["value"] == value
    page.turn("convolution", "padding_mode", "circular").turn("convolution", "bias", True)
    assert page.state("convolution").layer.bias and page.state("convolution").layer.padding_mode == "circular"
    assert linked(page, "convolution") == (page.state("convolution"), [])


def test_padding_may_be_a_word_and_a_number_again(visit: Any) -> None:
    page = visit("convolution").turn("convolution", "padding_kind", "same")
    assert page.state("convolution").layer.padding == "same"
    page.turn("convolution", "padding_kind", "number")
    assert page.state("convolution").layer.padding == page.state("convolution").layer.pads


def test_each_axis_may_have_its_own(visit: Any) -> None:
    page = visit("convolution").turn("convolution", "axes", True)
    assert page.dials["input_size"]["kind"] == "text"
    page.turn("convolution", "input_size", "5x7").turn("convolution", "padding", "0.1x2")
    assert page.state("convolution").layer.input_size == (5, 7)
    assert page.state("convolution").layer.padding == ((0, 1), (2, 2))
    page.turn("convolution", "axes", False)
    assert page.state("convolution").layer.input_size == (5, 5)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("kernel_size", 7, "spans 7 cells"),
        ("stride", 0, "at least 1"),
        ("stride", "x", "whole number"),
        ("padding", "<b>", "must be a number or one of"),
        ("padding", -1, "at least 0"),
        ("input_size", 10**9, "at most"),
        ("input_size", 2.5, "whole"),
        ("kernel_size", None, "whole"),
        ("padding_mode", "mirror", "must be one of"),
        ("bias", 2, "True or False"),
    ],
)
def test_what_cannot_be_is_explained_beside_its_dial_and_the_last_picture_stays(
    visit: Any, name: str, value: Any, word: str
) -> None:
    page = visit("convolution").turn("convolution", "preset", "conv2d-i4-k3")
    before = page.player
    page.turn("convolution", name, value)
    assert word in page.dials[name]["note"], page.dials[name]["note"]
    assert not any(dial.get("note") for other, dial in page.dials.items() if other != name)
    assert page.player["scene"] == before["scene"] and page.player["link"] == before["link"]
    page.turn("convolution", "stride", 1)
    assert not any(dial.get("note") for dial in page.dials.values()), "a good value takes the note away"


def test_a_view_that_cannot_show_the_layer_says_so_and_the_last_picture_stays(visit: Any) -> None:
    page = visit("convolution").turn("convolution", "input_size", 32)
    before = page.player["scene"]
    page.turn("convolution", "view", "matrix")
    assert page.player["scene"] == before
    assert page.dials["view"].get("note"), "and it is explained"


def test_while_it_is_dragged_the_picture_follows_and_the_history_does_not(visit: Any) -> None:
    page = visit("convolution")
    stamp = page.player["stamp"]
    for size in (6, 7, 8):
        page.turn("convolution", "input_size", size, commit=False)
        assert page.state("convolution").layer.input_size == (size, size)
        assert page.player["stamp"] == stamp and not page.player["undo"]
    page.turn("convolution", "input_size", 8)
    assert page.player["stamp"] > stamp and page.player["undo"]
    page.say("player:convolution", "undo", {})
    assert page.state("convolution") == opening("convolution") and not page.player["undo"]


@pytest.mark.parametrize("lesson", [name for name in LESSONS if opening(name).takes_values])
def test_an_edit_changes_what_depends_on_it_and_undo_takes_it_back(visit: Any, lesson: str) -> None:
    page = visit(lesson)
    before, state = page.player["scene"], page.state(lesson)
    page.say(f"player:{lesson}", "edit", {"array": "x", "index": 3, "value": -7})
    assert page.state(lesson) == replace(state, x=state.x.edited(3, -7)) and page.player["scene"] != before
    page.say(f"player:{lesson}", "edit", {"array": "weight", "index": 0, "value": 2.5})
    assert page.state(lesson).weight == state.weight.edited(0, 2.5)
    page.say(f"player:{lesson}", "undo", {}).say(f"player:{lesson}", "undo", {})
    assert page.state(lesson) == state and page.player["scene"] == before
    page.say(f"player:{lesson}", "undo", {})
    assert page.state(lesson) == state


@pytest.mark.parametrize(
    "edit",
    [
        {"array": "x", "index": 0, "value": 1000},
        {"array": "x", "index": 0, "value": None},
        {"array": "x", "index": 0, "value": "<b>1"},
        {"array": "x", "index": -1, "value": 1},
        {"array": "x", "index": "0", "value": 1},
        {"array": "x", "index": True, "value": 1},
        {"array": "x", "index": 10**12, "value": 1},
        {"array": "bias", "index": 0, "value": 1},
        {"array": ["x"], "index": 0, "value": 1},
        {"array": "__class__", "index": 0, "value": 1},
        {},
    ],
)
def test_an_edit_that_is_none_changes_nothing(visit: Any, edit: dict[str, Any]) -> None:
    page = visit("convolution")
    before = page.player
    page.say("player:convolution", "edit", edit)
    assert page.player["scene"] == before["scene"] and page.state("convolution") == opening("convolution")


@pytest.mark.parametrize("event", ["turn", "edit", "undo", "show", "open"])
@pytest.mark.parametrize("value", [None, 0, "x", [], {"name": {}, "value": {}}, {"kind": "beat", "n": 99}])
def test_an_event_that_no_page_sends_does_no_harm(visit: Any, event: str, value: Any) -> None:
    page = visit("dilated")
    for key in ("dials:dilated", "player:dilated", "story:dilated"):
        page.say(key, event, value)
    assert page.state("dilated").layer == opening("dilated").layer


def test_many_edits_keep_the_link_short_enough(visit: Any) -> None:
    page = visit("convolution")
    state = page.state("convolution")
    for index in range(EDITS):
        state = replace(state, x=state.x.edited(index, -999))
    page.session_state["held"].states["convolution"] = state
    page.run()
    page.sound()
    assert len(page.player["link"]) <= MOST and linked(page, "convolution") == (state, [])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    some.lists(
        some.tuples(
            some.sampled_from(["input_size", "kernel_size", "stride", "padding", "output_padding", "dilation", "view"]),
            some.integers(-1, 9) | some.sampled_from(LESSONS["transposed"].views),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_however_the_dials_are_turned_there_is_a_picture_and_it_is_the_state_s(visit: Any, turns: Any) -> None:
    page = visit("transposed")
    for name, value in turns:
        page.turn("transposed", name, value)
        state = page.state("transposed")
        assert page.player["scene"]["steps"] == state.scene().steps
        assert page.player["scene"]["view"] == state.view


REFUSED = [
    ("convolution", "kernel_size", 9),
    ("convolution", "stride", 0),
    ("convolution", "padding", "x"),
    ("convolution", "input_size", 10**6),
    ("convolution", "padding_kind", "causal"),
    ("convolution", "padding_mode", "mirror"),
    ("transposed", "padding", 9),
    ("transposed", "output_padding", 5),
    ("dilated", "dilation", 9),
]


@pytest.mark.parametrize(("lesson", "name", "value"), REFUSED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_refused_offers_the_nearest_that_works(
    visit: Any, lesson: str, name: str, value: Any, language: str
) -> None:
    page = visit(lesson, lang=language).turn(lesson, name, value)
    fix = page.dials[name]["fix"]
    assert all(str(part) in fix["label"] for part in fix["value"].values() if isinstance(part, int))
    page.turn(lesson, "fix", fix["value"])
    layer = page.state(lesson).layer
    for argument, wanted in fix["value"].items():
        assert getattr(layer, argument) == getattr(replace(layer, **{argument: wanted}), argument)
    assert not any(dial.get("note") for dial in page.dials.values())
    changed = page.state(lesson) != opening(lesson, language)
    assert page.player["undo"] == changed, "it is one turn like any other"


def test_a_refused_view_or_preset_is_offered_with_what_it_needs(visit: Any) -> None:
    page = visit("convolution").turn("convolution", "input_size", 32).turn("convolution", "view", "matrix")
    page.turn("convolution", "fix", page.dials["view"]["fix"]["value"])
    state = page.state("convolution")
    assert state.view == "matrix" and state.layer.input_size < (32, 32)
    page.turn("convolution", "preset", "conv2d-i60-k3")
    assert page.dials["preset"]["note"]
    page.turn("convolution", "fix", page.dials["preset"]["fix"]["value"])
    assert page.state("convolution").layer.kernel_size == (3, 3) and page.state("convolution").view == "matrix"


JUNK = some.recursive(
    some.none() | some.booleans() | some.integers(-9, 10**12) | some.floats() | some.text(max_size=9),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = ["stride", "padding", "kernel_size", "input_size", "in_channels", "layer", "view", "__class__", "x", "lesson"]


@settings(max_examples=cases(600), deadline=None)
@given(some.dictionaries(some.sampled_from(NAMES), JUNK, max_size=4) | JUNK, some.sampled_from(list(LESSONS)))
def test_a_fix_that_no_page_offers_is_checked_like_any_turn(fix: Any, lesson: str) -> None:
    before = opening(lesson)
    turn = {"name": "fix", "value": fix}
    try:
        after = turned(before, turn)
        after.scene()
    except LayerError as error:
        name, refused = refusal(before, turn, error)
        assert name == "fix" and refused.text("zh")
        if refused.fix:
            turned(before, {"name": "fix", "value": refused.fix}).scene()
    else:
        assert replace(after, layer=before.layer, view=before.view, step=before.step) == before


def test_a_fix_sets_no_argument_that_the_layer_does_not_have(visit: Any) -> None:
    page = visit("convolution")
    for fix in (
        {"output_padding": 1},
        {"kind": "tconv"},
        {"x": [1]},
        {"step": 3},
        {f"stride{n}": 1 for n in range(99)},
    ):
        page.turn("convolution", "fix", fix)
        assert page.state("convolution") == opening("convolution")


def test_a_deep_stack_has_its_first_rates_before_more_and_the_others_behind_it() -> None:
    layers = "~".join(["conv2d-i5-k1"] * (RATES + 2))
    dials = controls.dials(replace(opening("dilated"), layer=stack_from_text(layers)))
    places = [dial["place"] for dial in dials if dial["name"].startswith(RATE)]
    assert places == ["main"] * RATES + ["more"] * 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("lesson", "layer"),
    [
        ("convolution", "conv2d-i5-k3-c2"),
        ("convolution", "conv3d-i3-k2"),
        ("transposed", "tconv2d-i3-k3"),
        ("transposed", "tconv2d-i2-k2-c2"),
        ("dilated", "conv2d-i7-k3-d2"),
    ],
)
def test_only_views_that_can_show_such_a_layer_are_offered(lesson: str, layer: str, language: str) -> None:
    """One that is merely too large for a view keeps its button, with the reason and what to set."""
    state = replace(opening(lesson, language), layer=stack_from_text(layer), view="flat")
    (shown,) = [dial for dial in controls.dials(state) if dial["name"] == "view"]
    offered = [name for name, _, _ in shown["choices"]]
    refused = {name: VIEWS[name].refuses(state.layer) for name in LESSONS[lesson].views}
    works = [name for name, why in refused.items() if why is None or why.fix.keys() != {"view"}]
    assert offered == works and shown["value"] in offered


def test_a_view_for_which_a_layer_is_too_large_says_so_beside_its_button() -> None:
    state = replace(opening("convolution"), layer=stack_from_text("conv2d-i32-k3"))
    (shown,) = [dial for dial in controls.dials(state) if dial["name"] == "view"]
    help_of = {name: text for name, _, text in shown["choices"]}
    assert "the matrix would have" in help_of["matrix"] and "try input_size" in help_of["matrix"]
    assert help_of["isometric"] == say("view.isometric.help", "en")


@pytest.mark.parametrize(
    ("value", "why", "fix"),
    [
        ("5,7", "axes are separated by x", {"input_size": (5, 7)}),
        ("5x7x9", "has 3 entries, but the input has 2 axes", {"input_size": 5}),
        ("-1", "must be at least 1", {"input_size": 1}),
        ("9" * 50, "must be at most", {"input_size": 10**12}),
        ("five", "must be a whole number", {"input_size": 1}),
    ],
)
def test_what_is_typed_for_each_axis_is_refused_for_its_own_reason(value: str, why: str, fix: dict[str, Any]) -> None:
    with pytest.raises(LayerError, match=why) as caught:
        turned(seeded("convolution", "conv2d-i5-k3-p1"), {"name": "input_size", "value": value})
    assert fix.items() <= caught.value.fix.items()
