"""A fix, from wherever it comes, goes through the same checks as any other turn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from depth import cases
from hypothesis import given, settings
from hypothesis import strategies as some

from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.page.dials import refusal, turned
from convviz.page.state import opening

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
