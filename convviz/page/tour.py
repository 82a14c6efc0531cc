"""A lesson's words: its beats, which set what they speak of, and what people often think."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from convviz.lessons import LESSONS
from convviz.lessons.facts import facts
from convviz.lessons.lesson import Beat, Misconception
from convviz.network import BETWEEN, stack_from_text, stack_to_text
from convviz.page.state import State
from convviz.text import say


def told(state: State) -> dict[str, Any]:
    """All beats and the misconceptions, as the story shows them, each with a button for what it says."""
    lesson, language = LESSONS[state.lesson], state.language
    words = {"tour": "tour.title", "myths": "myths.title", "show": "myths.show"}
    return {
        "words": {part: say(key, language) for part, key in words.items()},
        "open": state.beat,
        "beats": [{"text": text(f"beat.{beat.name}", state, beat)} for beat in lesson.beats],
        "myths": [
            {part: text(f"myth.{myth.name}.{part}", state, myth) for part in ("think", "so")}
            for myth in lesson.misconceptions
        ],
    }


def tour(state: State) -> dict[str, Any]:
    """What the player says under the picture: the open beat, or what the lesson is about where none is open.

    stray: whether the picture shows another setting by now than the one that the beat speaks of.
    """
    lesson = LESSONS[state.lesson]
    if not state.beat:
        said, stray = say(f"lesson.{state.lesson}.intro", state.language), False
    else:
        beat = lesson.beats[state.beat - 1]
        said = text(f"beat.{beat.name}", state, beat)
        stray = (setting_of(beat) or stack_to_text(state.layer)) != stack_to_text(state.layer)
        stray = stray or (beat.view or state.view) != state.view
    return {"n": state.beat, "count": len(lesson.beats), "text": said, "stray": stray}


def text(key: str, state: State, shown: Beat | Misconception) -> str:
    """A text of the lesson with its numbers, which are facts of what it shows."""
    setting = setting_of(shown)
    numbers = facts(stack_from_text(setting) if setting else state.layer)
    return say(f"lesson.{state.lesson}.{key}", state.language, **numbers)


def look(state: State) -> str:
    """The role that the open beat speaks of."""
    return LESSONS[state.lesson].beats[state.beat - 1].look if state.beat else ""


def setting_of(shown: Beat | Misconception) -> str | None:
    """The text of the layer or the stack that a beat sets, or None where it leaves what is there."""
    return BETWEEN.join(getattr(shown, "network", ())) or shown.setting


def shown(state: State, asked: Mapping[str, Any]) -> State:
    """The state after the beat or the myth `asked`, {kind, n}, is shown; what it leaves open stays.

    What names none changes nothing.

    >>> from convviz.page.state import opening
    >>> shown(opening("convolution"), {"kind": "beat", "n": 1}).beat
    2
    """
    plan, number = LESSONS[state.lesson], asked.get("n")
    beats = asked.get("kind") == "beat"
    listed: tuple[Beat | Misconception, ...] = plan.beats if beats else plan.misconceptions
    if not isinstance(number, int) or not 0 <= number < len(listed):
        return state
    said = listed[number]
    setting = setting_of(said)
    layer = stack_from_text(setting) if setting else state.layer
    beat = number + 1 if beats else 0
    return replace(state, layer=layer, view=said.view or state.view, step=said.step or 0, beat=beat)
