"""A lesson's words: its beats, which set what they speak of, and what people often think."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from convviz.layers import Layer
from convviz.lessons import LESSONS
from convviz.lessons.facts import facts
from convviz.lessons.lesson import Beat, Misconception
from convviz.network import BETWEEN, Network
from convviz.page.state import State, setting, with_layer
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
        stray = (setting_of(beat) or state.text) != state.text
        stray = stray or (beat.view or state.drawn) != state.drawn
    return {"n": state.beat, "count": len(lesson.beats), "text": said, "stray": stray}


def text(key: str, state: State, shown: Beat | Misconception) -> str:
    """A text of the lesson with its numbers, which are facts of what it shows."""
    numbers = facts(layer_of(shown, state))
    return say(f"lesson.{state.lesson}.{key}", state.language, **numbers)


def look(state: State) -> str:
    """The role that the open beat speaks of."""
    return LESSONS[state.lesson].beats[state.beat - 1].look if state.beat else ""


def setting_of(shown: Beat | Misconception) -> str | None:
    """The text of the layer or the stack that a beat sets, or None where it leaves what is there."""
    return BETWEEN.join(getattr(shown, "network", ())) or shown.setting


def layer_of(shown: Beat | Misconception, state: State) -> Layer | Network:
    """The layer or the stack that a beat speaks of: its own, or what the state shows where it sets none."""
    set_to = setting_of(shown)
    return setting(set_to) if set_to else state.layer


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
    view, beat = said.view or state.view, number + 1 if beats else 0
    return with_layer(state, layer_of(said, state), view=view, step=said.step or 0, beat=beat)
