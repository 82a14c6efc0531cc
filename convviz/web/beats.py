"""The lesson's words under its picture: beats that set what they speak of, and what people often think."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from convviz.lessons import LESSONS
from convviz.lessons.facts import facts
from convviz.lessons.lesson import Beat, Misconception
from convviz.network import BETWEEN, stack_from_text, stack_to_text
from convviz.state import State
from convviz.text import say
from convviz.web import held, session
from convviz.web.player import story


def tell(state: State) -> None:
    """All beats and the misconceptions, each with a button that shows what it says."""
    lesson, language, name = LESSONS[state.lesson], state.language, state.lesson
    words = {"tour": "tour.title", "myths": "myths.title", "show": "myths.show"}
    said = {
        "words": {part: say(key, language) for part, key in words.items()},
        "open": state.beat,
        "beats": [{"text": text(f"beat.{beat.name}", state, beat)} for beat in lesson.beats],
        "myths": [
            {part: text(f"myth.{myth.name}.{part}", state, myth) for part in ("think", "so")}
            for myth in lesson.misconceptions
        ],
    }
    story(said, f"story:{name}", lambda: show_asked(name, f"story:{name}"))


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


def show_asked(lesson: str, component: str) -> None:
    """Show the beat or the myth that a component asked for."""
    asked = getattr(held.said(component), "show", None)
    if not isinstance(asked, dict):
        return
    plan = LESSONS[lesson]
    listed: tuple[Beat | Misconception, ...] = plan.beats if asked.get("kind") == "beat" else plan.misconceptions
    number = asked.get("n")
    if isinstance(number, int) and 0 <= number < len(listed):
        _show(lesson, listed[number], number + 1 if listed is plan.beats else 0)


def _show(lesson: str, shown: Beat | Misconception, number: int) -> None:
    """Set the page to what a beat or a myth speaks of; what it leaves open stays."""

    def set_up(state: State) -> State:
        setting = setting_of(shown)
        layer = stack_from_text(setting) if setting else state.layer
        step = shown.step or 0
        return replace(state, layer=layer, view=shown.view or state.view, step=step, beat=number)

    session.update(lesson, set_up)
    session.seek()
