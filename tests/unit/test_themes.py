"""Themes hold what nobody should have to look for: texts can be read, and nothing is told by colour alone."""

from __future__ import annotations

from itertools import combinations

import pytest

from convviz.errors import LayerError
from convviz.scene.marks import LEVELS, LINES, ROLES, STATES, WORDS
from convviz.themes import LEGIBLE, THEMES, Paint, Theme, contrast, luminance, theme_named

OWN = [name for name in THEMES if name != "classic"]
"""The classic theme repeats the figures of 2016, whose faults are known; ours must not have them."""


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    return THEMES[request.param]


@pytest.fixture(params=OWN)
def own(request: pytest.FixtureRequest) -> Theme:
    return THEMES[request.param]


def paints(theme: Theme) -> dict[str, Paint]:
    plain = {f"{r}.{s}": theme.paint(r, s) for r in ROLES for s in STATES if r != "heat"}
    return plain | {f"heat.{level}": theme.paint("heat", "", level) for level in range(LEVELS)}


def ratio(theme: Theme, one: tuple[str, str], other: tuple[str, str]) -> float:
    """How far apart two fills are in greyscale."""
    return contrast(theme.paint(*one).fill, theme.paint(*other).fill)


def test_every_text_can_be_read(theme: Theme) -> None:
    for name, paint in paints(theme).items():
        assert contrast(paint.text, paint.fill or theme.background) >= LEGIBLE, name
    for word in WORDS:
        assert contrast(theme.paint(word).text, theme.background) >= LEGIBLE, word


def test_lines_stand_out_from_the_background(theme: Theme) -> None:
    for name in (*LINES, "input", "padding", "inserted", "unread", "kernel", "product", "output", "cropped"):
        assert contrast(theme.paint(name).line, theme.background) >= 3, name


def test_input_and_output_stay_apart_in_greyscale(own: Theme) -> None:
    assert ratio(own, ("input", ""), ("output", "")) >= 1.25
    assert ratio(own, ("input", "window"), ("output", "current")) >= 1.25


@pytest.mark.parametrize(("role", "state"), [("input", "window"), ("output", "current"), ("output", "pending")])
def test_a_state_shows_in_greyscale(own: Theme, role: str, state: str) -> None:
    assert ratio(own, (role, ""), (role, state)) >= 1.25


def test_padding_inserted_zeros_and_unread_inputs_differ_by_pattern(own: Theme) -> None:
    patterns = {role: own.paint(role).dash for role in ("input", "padding", "inserted", "unread")}
    assert patterns["input"] == ()
    assert patterns["inserted"][0] < 0.05 < patterns["padding"][0] < patterns["unread"][0]
    assert all(one != other for one, other in combinations(patterns.values(), 2))


def test_a_role_keeps_its_line_and_its_pattern_in_all_states(theme: Theme) -> None:
    for role in ROLES:
        looks = {(theme.paint(role, state).width, theme.paint(role, state).dash) for state in STATES}
        assert len(looks) == 1, role


def test_the_window_and_the_current_output_are_outlined_thicker_than_cells(own: Theme) -> None:
    assert own.paint("frame").width > 2 * own.paint("input").width
    assert own.paint("target").width > 2 * own.paint("output").width


def test_more_heat_is_further_from_none(theme: Theme) -> None:
    steps = [luminance(theme.paint("heat", "", level).fill) for level in range(LEVELS)]
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert contrast(theme.low, theme.high) >= 2


@pytest.mark.parametrize("name", ["solarized", "Light", "", None, 3])
def test_a_wrong_name_says_the_nearest(name: object) -> None:
    with pytest.raises(LayerError, match="there is no such theme - try theme") as caught:
        theme_named(name)
    assert caught.value.fix["theme"] in THEMES
