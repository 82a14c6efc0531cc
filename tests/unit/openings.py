"""Lessons opened on numbers from a seed, and on sizes of a test's own."""

from __future__ import annotations

from dataclasses import replace

from convviz.lessons import LESSONS
from convviz.network import BETWEEN
from convviz.page.state import State, opening, setting
from convviz.page.values import Values
from convviz.scene.scene import REFERENCE
from convviz.scene.views import VIEWS
from convviz.text import HAND


def seeded(lesson: str, layer: str = "", language: str = "en") -> State:
    """The opening of a lesson, with seeded numbers instead of what it brings, and no colours; layer: another one."""
    state = replace(opening(lesson, language), x=Values(), weight=Values(), tones=False)
    return replace(state, layer=setting(layer)) if layer else state


def stacks(lesson: str) -> list[str]:
    """The texts of the stacks that a lesson has settings of."""
    return [preset.setting for preset in LESSONS[lesson].presets if BETWEEN in preset.setting]


def plain(text: str) -> str:
    """What is read of a text of the catalogues, by one who has a pointer."""
    return REFERENCE.sub(r"\2", HAND.sub(r"\1", text))


def views_of(lesson: str) -> list[str]:
    """The views of a lesson that show its opening."""
    shown = opening(lesson)
    return [view for view in shown.views if VIEWS[view].refuses(shown.layer) is None]


def offered(lesson: str) -> list[str]:
    """The views that a lesson's page offers for its opening: those too that say what would have to be set for them."""
    shown = opening(lesson)
    refused = {view: VIEWS[view].refuses(shown.layer) for view in shown.views}
    return [view for view, error in refused.items() if error is None or error.fix.keys() != {"view"}]
