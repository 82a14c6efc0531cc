"""The rows of names above a picture: a lesson's settings that have names, and the ways to look at what is shown."""

from __future__ import annotations

from functools import lru_cache

from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.lessons.lesson import Preset
from convviz.network import stack_of
from convviz.page.kernels import weights_from_text
from convviz.page.sources import chosen
from convviz.page.state import State, setting
from convviz.scene.views import VIEWS
from convviz.text import say

Choice = tuple[str, ...]
"""What is chosen, its name and, of a view, what it shows."""

PRESETS = 7
"""Presets that stand in the row, if there is room; the others are in its menu."""


def presets(state: State) -> dict[str, object]:
    """The settings of a lesson that have names; the one that is shown is marked, with the values that it brings."""
    choices, value = settings(state.lesson, state.language), state.text if _shown(state) else ""
    return _pills("preset", value, choices, "top", state.language) | {"most": PRESETS}


def _shown(state: State) -> bool:
    """Whether the values are those that the preset of such a setting brings, if it brings any."""
    preset = next((one for one in LESSONS[state.lesson].presets if one.setting == state.text), None)
    if preset is None:
        return True
    same = preset.x is None or state.x == chosen(state, preset.x).x
    return same and (preset.weight is None or state.weight == weights_from_text(preset.weight))


@lru_cache
def settings(lesson: str, language: str) -> list[Choice]:
    """The settings of a lesson that have names, each with its name."""
    return [(preset.setting, _name(preset, language)) for preset in LESSONS[lesson].presets]


def _name(preset: Preset, language: str) -> str:
    stack = stack_of(setting(preset.setting))
    rates = ", ".join(str(layer.dilation[0]) for layer in stack.layers) if stack and stack.sequence else ""
    return say(f"preset.{preset.name.removesuffix('_transposed')}", language, rates=rates)


def views(state: State) -> dict[str, object]:
    """The ways to look at the layer: those that can show such a layer. One that is too large for a view is told why."""
    language = state.language
    choices: list[Choice] = []
    for view in state.views:
        refused = _refused(State("", state.layer, view))
        if state.kept and refused is None:
            refused = _refused(State("", state.kept.layer, view))
        if refused is None or refused.fix.keys() != {"view"}:  # else no value of its arguments would mend it
            told = say(f"view.{view}.help", language) if refused is None else refused.text(language)
            choices.append((view, say(f"view.{view}.label", language), told))
    return _pills("view", state.seen, choices, "bottom", language)


@lru_cache(maxsize=1024)
def _refused(state: State) -> LayerError | None:
    """Why a state's view cannot show its layer; a page asks it of all views at each change."""
    refused = VIEWS[state.view].refuses(state.layer)
    return refused and refused.with_traceback(None)  # the stack would hold on to what was looked at


def _pills(name: str, value: str, choices: list[Choice], place: str, language: str) -> dict[str, object]:
    """A row of names; others: what the menu of those is called that the row has no room for."""
    label, others = say(f"control.{name}", language), say(f"control.{name}_others", language)
    said: dict[str, object] = {"name": name, "kind": "pills", "value": value, "choices": choices, "place": place}
    return said | {"label": label, "others": others}
