"""The row of presets marks the one that is shown, with the values that it brings, and none where others are shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from convviz.lessons import LESSONS
from convviz.page.pad import picked
from convviz.page.rows import presets
from convviz.page.sources import edited
from convviz.page.state import opening, setting
from convviz.page.tour import preset, showing
from convviz.page.values import values_from_text


@pytest.mark.parametrize("lesson", list(LESSONS))
def test_each_preset_is_marked_from_wherever_it_is_chosen(lesson: str) -> None:
    plan = LESSONS[lesson]
    for start in (opening(lesson), showing(opening(lesson), {"kind": "beat", "n": len(plan.beats) - 1})):
        for one in plan.presets:
            assert presets(preset(start, one.setting))["value"] == one.setting, one.name


def test_a_digit_of_one_s_own_is_none_of_the_presets() -> None:
    shown = opening("anatomy")
    assert presets(shown)["value"] == LESSONS["anatomy"].opening
    for other in (
        replace(shown, x=values_from_text("b")),
        picked(shown, 40),
        edited(shown, {"array": "x", "index": 5, "value": 1}),
    ):
        assert presets(other)["value"] == ""
    again = preset(picked(shown, 40), LESSONS["anatomy"].opening)
    assert presets(again)["value"] == LESSONS["anatomy"].opening and again.x == shown.x


def test_the_map_of_another_preset_does_not_mark_it() -> None:
    assert presets(replace(opening("anatomy"), layer=setting("digits-m6")))["value"] == ""


def test_a_preset_that_brings_no_values_is_marked_whatever_is_typed() -> None:
    shown = opening("convolution")
    assert presets(edited(shown, {"array": "x", "index": 3, "value": 9}))["value"] == shown.text
