"""Themes hold what nobody should have to look for: texts can be read, and nothing is told by colour alone."""

from __future__ import annotations

from itertools import combinations

import pytest

from convviz.colour import LEAST_CONTRAST, contrast, luminance
from convviz.errors import LayerError
from convviz.pens import MARKS
from convviz.scene.roles import LINES, LOOKS, ROLES, SCALES, STATES, WORDS
from convviz.themes import THEMES, Theme, theme_named

OWN = [name for name in THEMES if name != "classic"]
"""The classic theme repeats the figures of 2016, whose faults are known; ours must not have them."""


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest) -> Theme:
    return THEMES[request.param]


@pytest.fixture(params=OWN)
def own(request: pytest.FixtureRequest) -> Theme:
    return THEMES[request.param]


def ratio(theme: Theme, one: tuple[str, str], other: tuple[str, str]) -> float:
    """How far apart two fills are in greyscale."""
    return contrast(theme.paint(*one).fill, theme.paint(*other).fill)


def test_every_text_can_be_read(theme: Theme) -> None:
    for look, paint in theme.table.items():
        assert contrast(paint.text, paint.fill or theme.background) >= LEAST_CONTRAST, look
    for word in WORDS:
        assert contrast(theme.paint(word).text, theme.background) >= LEAST_CONTRAST, word


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


ATTENTION = (*MARKS, "frame", "dropped")


def test_marks_of_attention_differ_from_one_another_and_from_the_window_without_colour(theme: Theme) -> None:
    lines = {name: theme.paint(name) for name in ATTENTION}
    assert len({(paint.width, paint.dash) for paint in lines.values()}) == len(ATTENTION)
    assert all(paint.fill == "" for paint in lines.values()), "what is marked is still seen"


def test_marks_of_attention_stand_out_from_the_ground_and_where_there_is_colour_from_the_window(theme: Theme) -> None:
    for name in ATTENTION:
        assert contrast(theme.paint(name).line, theme.background) >= 3, name
    if theme.name != "print":
        colours = [theme.paint(name).line for name in ("frame", "lit", "edit", "error")]
        assert len(set(colours)) == len(colours)


@pytest.mark.parametrize("role", SCALES)
def test_a_scale_gets_lighter_or_darker_at_every_level(theme: Theme, role: str) -> None:
    steps = [luminance(theme.paint(role, "", level).fill) for level in range(SCALES[role])]
    assert len(set(steps)) == SCALES[role]
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert contrast(theme.paint(role, "", 0).fill, theme.paint(role, "", SCALES[role] - 1).fill) >= 2


def test_every_look_has_its_paint_in_the_table_and_nothing_else_stands_there(theme: Theme) -> None:
    assert tuple(theme.table) == LOOKS
    assert set(SCALES) == set(theme.ramps)
    assert {look.role for look in LOOKS} == set(ROLES)
    assert all(theme.paint(*look) is paint for look, paint in theme.table.items())


@pytest.mark.parametrize("name", ["solarized", "Light", "", None, 3])
def test_a_wrong_name_says_the_nearest(name: object) -> None:
    with pytest.raises(LayerError, match="there is no such theme - try theme") as caught:
        theme_named(name)
    assert caught.value.fix["theme"] in THEMES
