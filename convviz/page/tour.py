"""The lesson's words under its picture: beats that set what they speak of, and what people often think."""

from __future__ import annotations

from dataclasses import replace

from convviz.lessons import LESSONS
from convviz.lessons.facts import facts
from convviz.lessons.lesson import Beat, Misconception
from convviz.network import BETWEEN
from convviz.page.kernels import weights_from_text
from convviz.page.sources import chosen
from convviz.page.state import State, opening, setting
from convviz.text import say

Shown = Beat | Misconception


def story(state: State) -> dict[str, object]:
    """What story.js shows: all beats and the misconceptions, each with a button that shows what it says."""
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


def tour(state: State) -> dict[str, object]:
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
        stray = stray or (beat.view or state.view) != state.view
        stray = stray or _filled(state, beat) != state
    return {"n": state.beat, "count": len(lesson.beats), "text": said, "stray": stray}


def text(key: str, state: State, shown: Shown) -> str:
    """A text of the lesson with its numbers, which are facts of what it shows."""
    asked = setting_of(shown)
    numbers = facts(setting(asked) if asked else state.layer)
    return say(f"lesson.{state.lesson}.{key}", state.language, **numbers)


def look(state: State) -> str:
    """The role that the open beat speaks of."""
    return LESSONS[state.lesson].beats[state.beat - 1].look if state.beat else ""


def setting_of(shown: Shown) -> str | None:
    """The text of the layer or the stack that a beat sets, or None where it leaves what is there."""
    return BETWEEN.join(getattr(shown, "network", ())) or shown.setting


def showing(state: State, asked: dict[str, object]) -> State:
    """The state after a beat or a myth was asked for, `asked` being {kind, n}; what it leaves open stays.

    A number that stands for none changes nothing. What a beat brought, values and tones, goes when another is shown.
    """
    plan, number = LESSONS[state.lesson], asked.get("n")
    listed: tuple[Shown, ...] = plan.beats if asked.get("kind") == "beat" else plan.misconceptions
    if type(number) is not int or not 0 <= number < len(listed):
        return state
    shown = listed[number]
    wanted = setting_of(shown)
    layer = setting(wanted) if wanted else state.layer
    beat = number + 1 if listed is plan.beats else 0
    left = plan.beats[state.beat - 1] if state.beat else None
    if left and left.x:  # its values go with it
        plain, tones = opening(state.lesson), state.tones and not state.lent
        state = replace(state, x=plain.x, weight=plain.weight, tones=tones, lent=False)
    seen = replace(state, layer=layer, view=shown.view or state.view, step=shown.step or 0, beat=beat)
    return seen if isinstance(shown, Misconception) else _filled(seen, shown)


def _filled(state: State, beat: Beat) -> State:
    """The state with the values that a beat names, which are seen as tones."""
    if beat.x is not None:
        state = replace(chosen(state, beat.x), tones=True, lent=state.lent or not state.tones)
    return state if beat.weight is None else replace(state, weight=weights_from_text(beat.weight))
