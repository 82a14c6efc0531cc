"""What the dials of a state say of themselves, and what turning one does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.network import stack_from_text
from convviz.page.dials import RATE, RATES, dials, turned
from convviz.page.state import opening
from convviz.scene.views import VIEWS
from convviz.text import LANGUAGES, say


def test_a_deep_stack_has_its_first_rates_before_more_and_the_others_behind_it() -> None:
    layers = "~".join(["conv2d-i5-k1"] * (RATES + 2))
    shown = dials(replace(opening("dilated"), layer=stack_from_text(layers)))
    places = [dial["place"] for dial in shown if dial["name"].startswith(RATE)]
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
    (shown,) = [dial for dial in dials(state) if dial["name"] == "view"]
    offered = [name for name, _, _ in shown["choices"]]
    works = [name for name in LESSONS[lesson].views if VIEWS[name].refuses(state.layer) is None]
    assert offered == works and shown["value"] in offered


def test_a_view_for_which_a_layer_is_too_large_says_so_beside_its_button() -> None:
    state = replace(opening("convolution"), layer=stack_from_text("conv2d-i32-k3"))
    (shown,) = [dial for dial in dials(state) if dial["name"] == "view"]
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
        turned(opening("convolution"), {"name": "input_size", "value": value})
    assert fix.items() <= caught.value.fix.items()
