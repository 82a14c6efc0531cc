"""What a lesson says beside its picture: beats that set what they speak of, and what people often think."""

from __future__ import annotations

from dataclasses import replace

from convviz.lessons import LESSONS
from convviz.lessons.facts import facts
from convviz.lessons.lesson import Misconception, Told
from convviz.page import kernels
from convviz.page.link import read_layer
from convviz.page.sources import chosen
from convviz.page.state import State, opening, setting
from convviz.text import say


def story(state: State) -> dict[str, object]:
    """What story.js shows: all beats and the misconceptions, each with a button that shows what it says; and code."""
    lesson, language = LESSONS[state.lesson], state.language
    words = {"tour": "tour.title", "myths": "myths.title", "show": "myths.show"}
    words |= {"codes": "codes.title", "copy": "codes.copy", "copied": "codes.copied", "selected": "codes.selected"}
    return {
        "words": {part: say(key, language) for part, key in words.items()},
        "open": {"beat": state.beat, "myth": state.myth},
        "beats": [{"text": said(beat, state)} for beat in lesson.beats],
        "myths": [{"think": thought(myth, state), "so": said(myth, state)} for myth in lesson.misconceptions],
        "codes": [{"label": say(f"code.{code.name}", language), "text": code.text} for code in lesson.codes],
    }


def tour(state: State) -> dict[str, object]:
    """What the player says under the picture: the open beat or misconception, or else what the lesson is about.

    stray: whether the picture shows something else by now than what is spoken of; think: what people often think;
    tries: kernels to choose from, each {value, label, picture, does, chosen}.
    """
    lesson, language = LESSONS[state.lesson], state.language
    told: dict[str, object] = {"n": state.beat, "count": len(lesson.beats), "myth": state.myth}
    shown = lesson.told(state.beat, state.myth)
    if shown is None:
        return told | {"text": say(f"lesson.{state.lesson}.intro", language), "stray": False}
    told |= {"text": said(shown, state), "stray": _stray(state, shown)}
    if isinstance(shown, Misconception):
        return told | {"think": thought(shown, state)}
    return told | ({"tries": _tries(state, shown)} if shown.tries else {})


def _stray(state: State, shown: Told) -> bool:
    """Whether the picture shows something else than what is spoken of."""
    if (shown.setting or state.text) != state.text or (shown.view or state.view) != state.view:
        return True
    wanted = _filled(state, shown)
    return state != (replace(wanted, weight=state.weight) if state.weight.name in shown.tries else wanted)


def _tries(state: State, shown: Told) -> list[dict[str, object]]:
    """The kernels that are offered with it, and what each shows."""
    return [
        {
            "value": name,
            "label": say(f"kernel.{name}.label", state.language),
            "picture": kernels.small(name),
            "does": does(shown, name, state),
            "chosen": state.weight.name == name,
        }
        for name in shown.tries
    ]


def said(shown: Told, state: State) -> str:
    """What is said, with its numbers, which are facts of what it shows."""
    key = f"myth.{shown.name}.so" if isinstance(shown, Misconception) else f"beat.{shown.name}"
    return _text(key, state, shown)


def does(shown: Told, kernel: str, state: State) -> str:
    """What is said of a kernel that is offered with it."""
    return _text(f"beat.{shown.name}.{kernel}", state, shown)


def thought(myth: Misconception, state: State) -> str:
    """What people often think."""
    return _text(f"myth.{myth.name}.think", state, myth)


def _text(key: str, state: State, shown: Told) -> str:
    numbers = facts(setting(shown.setting) if shown.setting else state.layer)
    return say(f"lesson.{state.lesson}.{key}", state.language, **numbers)


def look(state: State) -> str:
    """The role that is spoken of."""
    shown = LESSONS[state.lesson].told(state.beat, state.myth)
    return shown.look if shown else ""


def showing(state: State, asked: dict[str, object]) -> State:
    """The state after a beat or a myth was asked for, `asked` being {kind, n}; what it leaves open stays.

    A number that stands for none changes nothing. Values that what was told before has brought go with it.
    """
    plan, number = LESSONS[state.lesson], asked.get("n")
    kind = "beat" if asked.get("kind") == "beat" else "myth"
    listed: tuple[Told, ...] = plan.beats if kind == "beat" else plan.misconceptions
    if type(number) is not int or not 0 <= number < len(listed):
        return state
    shown = listed[number]
    layer = setting(shown.setting) if shown.setting else state.layer
    beat, myth = (number + 1, 0) if kind == "beat" else (0, number + 1)
    after = replace(_left(state), layer=layer, view=shown.view or state.view, beat=beat, myth=myth, kept=None)
    after = _filled(after, shown)
    return replace(after, step=shown.step % after.scene().steps if shown.step else 0)


def preset(state: State, text: str) -> State:
    """The state with the layer of a preset, or of any text, and with the values that the preset brings.

    Values that the one before has brought go with it. Raises LayerError for a text that the lesson does not take.
    """
    plan, plain = LESSONS[state.lesson], opening(state.lesson)
    after = read_layer(_left(state), text, plan)
    before, wanted = (next((p for p in plan.presets if p.setting == said), None) for said in (state.text, text))
    if before and before.x is not None and state.x == chosen(state, before.x).x:
        after = replace(after, x=plain.x)
    if before and before.weight is not None and state.weight == kernels.weights_from_text(before.weight):
        after = replace(after, weight=plain.weight)
    if wanted and wanted.weight is not None:
        after = replace(after, weight=kernels.weights_from_text(wanted.weight))
    return after if wanted is None or wanted.x is None else chosen(after, wanted.x)


def _left(state: State) -> State:
    """The state without the values that what is open has brought, if they are still there."""
    left, plain = LESSONS[state.lesson].told(state.beat, state.myth), opening(state.lesson)
    if left is None:
        return state
    brought = _filled(state, left)
    x = plain.x if left.x is not None and state.x == brought.x else state.x
    mine = state.weight.name in left.tries or (left.weight is not None and state.weight == brought.weight)
    return replace(state, x=x, weight=plain.weight if mine else state.weight)


def _filled(state: State, shown: Told) -> State:
    """The state with the values that what is told names."""
    if shown.x is not None:
        state = chosen(state, shown.x)
    weight = kernels.named(shown.tries[0]) if shown.tries else None
    weight = kernels.weights_from_text(shown.weight) if shown.weight is not None else weight
    return state if weight is None else replace(state, weight=weight)
