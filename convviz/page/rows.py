"""The rows of names above a picture: a lesson's settings that have names, and the ways to look at what is shown."""

from __future__ import annotations

from functools import lru_cache

from convviz.lessons import LESSONS
from convviz.network import BETWEEN
from convviz.page.state import State, setting
from convviz.scene.views import VIEWS
from convviz.text import say

Choice = tuple[str, ...]
"""What is chosen, its name and, of a view, what it shows."""

PRESETS = 7
"""Presets that stand in the row, if there is room; the others are in its menu."""


def presets(state: State) -> dict[str, object]:
    """The settings of a lesson that have names; the one that is shown is marked."""
    choices = settings(state.lesson, state.language)
    return _pills("preset", state.text, choices, "top", state.language) | {"most": PRESETS}


@lru_cache
def settings(lesson: str, language: str) -> list[Choice]:
    """The settings of a lesson that have names, each with its name."""
    names = [(preset.setting, preset.name.removesuffix("_transposed")) for preset in LESSONS[lesson].presets]
    choices: list[Choice] = [(text, say(f"preset.{name}", language)) for text, name in names]
    for stack in LESSONS[lesson].stacks:
        text = BETWEEN.join(stack)
        rates = ", ".join(str(layer.dilation[0]) for layer in setting(text).layers)
        choices.append((text, say("preset.stack", language, rates=rates)))
    return choices


def views(state: State) -> dict[str, object]:
    """The ways to look at the layer: those that can show such a layer. One that is too large for a view is told why."""
    language = state.language
    choices: list[Choice] = []
    for view in state.views:
        refused = VIEWS[view].refuses(state.layer)
        if refused is None or refused.fix.keys() != {"view"}:  # else no value of its arguments would mend it
            told = say(f"view.{view}.help", language) if refused is None else refused.text(language)
            choices.append((view, say(f"view.{view}.label", language), told))
    return _pills("view", state.seen, choices, "bottom", language)


def _pills(name: str, value: str, choices: list[Choice], place: str, language: str) -> dict[str, object]:
    """A row of names; others: what the menu of those is called that the row has no room for."""
    label, others = say(f"control.{name}", language), say(f"control.{name}_others", language)
    said: dict[str, object] = {"name": name, "kind": "pills", "value": value, "choices": choices, "place": place}
    return said | {"label": label, "others": others}
