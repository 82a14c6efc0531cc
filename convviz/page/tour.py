"""What a lesson says beside its picture: beats that set what they speak of, what people often think, a closing task."""

from __future__ import annotations

from dataclasses import replace

from convviz.lessons import LESSONS
from convviz.lessons.facts import facts, spelled
from convviz.lessons.lesson import Beat, Challenge, Goal, Misconception, Told
from convviz.lessons.measures import OF_VALUES, Judged, Measure, judged
from convviz.page import kernels
from convviz.page.asked import asked, question
from convviz.page.link import read_layer
from convviz.page.pasting import misfit_of
from convviz.page.sources import chosen
from convviz.page.state import AUTO, State, opening, setting
from convviz.run import Run
from convviz.scene.views import VIEWS
from convviz.text import say
from convviz.trace import Trace

SIGNED = {"=": "equal", "≤": "most", "≥": "least"}
"""What says how a goal's number is compared."""


def story(state: State) -> dict[str, object]:
    """What story.js shows: all beats, the closing task and the misconceptions, each with a button that shows it; code.

    A beat that asks has its question as well, which stands in place of its text until it is answered.
    """
    lesson, language = LESSONS[state.lesson], state.language
    words = {"tour": "tour.title", "myths": "myths.title", "show": "myths.show"}
    words |= {"challenge": "challenge.title", "begin": "challenge.begin", "waits": "ask.waits"}
    words |= {"codes": "codes.title", "copy": "codes.copy", "copied": "codes.copied", "selected": "codes.selected"}
    return {
        "words": {part: say(key, language) for part, key in words.items()},
        "lesson": state.lesson,
        "open": {"beat": state.beat, "myth": state.myth, "challenge": int(state.challenge)},
        "beats": [_told(beat, state) for beat in lesson.beats],
        "challenge": said(lesson.challenge, state),
        "myths": [{"think": thought(myth, state), "so": said(myth, state)} for myth in lesson.misconceptions],
        "codes": [{"label": say(f"code.{code.name}", language), "text": code.text} for code in lesson.codes],
    }


def _told(beat: Beat, state: State) -> dict[str, str]:
    """A beat of the story."""
    told = {"text": said(beat, state)}
    if beat.ask is None:
        return told
    return told | {"asks": beat.name, "question": question(state, beat)}


def tour(state: State) -> dict[str, object]:
    """What the player says under the picture: the open beat or misconception, or else what the lesson is about.

    stray: whether the picture shows something else by now than what is spoken of; think: what people often think;
    tries: kernels to choose from, each {value, label, picture, does, chosen}; ask: the beat's question, see `asked`;
    goals: of the closing task, each {text, met}; solved: what is said once all of them are met; own: see `_intro`.
    """
    lesson = LESSONS[state.lesson]
    told: dict[str, object] = {"n": state.beat, "count": len(lesson.beats), "myth": state.myth}
    shown = state.told
    if isinstance(shown, Challenge):
        return told | _goals(state, shown)
    if shown is None:
        return told | {"stray": False} | _intro(state)
    told |= {"text": said(shown, state), "stray": _stray(state, shown)}
    if isinstance(shown, Misconception):
        return told | {"think": thought(shown, state)}
    if isinstance(shown, Beat) and shown.ask:
        told |= {"asks": shown.name, "question": question(state, shown)}
        if not told["stray"]:
            told["ask"] = asked(_as_set(state, shown))
    return told | ({"tries": _tries(state, shown)} if shown.tries else {})


def _intro(state: State) -> dict[str, object]:
    """What is said where nothing is open: what the lesson is about, or of what does not fit the message and what to do.

    own: whether it is about what is shown, so that it is also said where that is presented.
    """
    if misfit := misfit_of(state):
        return {"text": say("misfit.intro", state.language, message=misfit.message), "own": True}
    return {"text": say(f"lesson.{state.lesson}.intro", state.language)}


def _as_set(state: State, shown: Told) -> State:
    """The state that a question belongs to: at its beat's step, and without what does not affect the question."""
    step = shown.step % state.scene().steps if shown.step else 0
    return replace(state, step=step, theme=AUTO)


def _goals(state: State, challenge: Challenge) -> dict[str, object]:
    """The closing task, and how far it is met."""
    language, goals = state.language, []
    for goal in challenge.goals:
        found = judged_in(state, goal)
        numbers = {"now": _measured(found.now), "wanted": _measured(found.wanted)}
        text = say(f"challenge.{SIGNED[goal.sign]}", language, what=say(f"goal.{goal.measure}", language), **numbers)
        goals.append({"text": text, "met": found.met})
    solved = say(f"lesson.{state.lesson}.challenge.solved", language) if all(goal["met"] for goal in goals) else ""
    text = said(challenge, state)
    return {"challenge": 1, "text": text, "stray": False, "goals": goals, "solved": solved}


def judged_in(state: State, goal: Goal) -> Judged:
    """A goal in what a state shows: in its setting, or in its values."""
    ran = state.ran() if goal.measure in OF_VALUES else None
    return judged(ran if isinstance(ran, Run | Trace) else state.layer, goal)


def _measured(measure: Measure) -> str:
    """A number, or one for each axis where they differ; a dash where there is none."""
    return "–" if measure is None else spelled(measure)


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
    key = "challenge.text" if isinstance(shown, Challenge) else key
    return _text(key, state, shown)


def does(shown: Told, kernel: str, state: State) -> str:
    """What is said of a kernel that is offered with it."""
    return _text(f"beat.{shown.name}.{kernel}", state, shown)


def thought(myth: Misconception, state: State) -> str:
    """What people often think."""
    return _text(f"myth.{myth.name}.think", state, myth)


def _text(key: str, state: State, shown: Told) -> str:
    numbers = facts(setting(shown.setting) if shown.setting else state.layer)
    numbers |= shown.numbers if isinstance(shown, Challenge) else {}
    return say(f"lesson.{state.lesson}.{key}", state.language, **numbers)


def look(state: State) -> str:
    """The role that is spoken of."""
    return state.told.look if state.told else ""


def showing(state: State, ask: dict[str, object]) -> State:
    """The state after a beat, a myth or the closing task was asked for: `ask`, {kind, n}. What it leaves open stays.

    A number that stands for none changes nothing. Values that what was told before has brought go with it.
    """
    plan, number = LESSONS[state.lesson], ask.get("n")
    kind = str(ask.get("kind"))
    listed: dict[str, tuple[Told, ...]] = {"beat": plan.beats, "challenge": (plan.challenge,)}
    told = listed.get(kind, plan.misconceptions)
    if type(number) is not int or not 0 <= number < len(told):
        return state
    shown = told[number]
    layer = setting(shown.setting) if shown.setting else state.layer
    beat = number + 1 if isinstance(shown, Beat) else 0
    myth = number + 1 if isinstance(shown, Misconception) else 0
    opened = {"beat": beat, "myth": myth, "challenge": isinstance(shown, Challenge)}
    after = replace(_left(state), layer=layer, view=shown.view or state.view, kept=None, at=(), **opened)  # type: ignore[arg-type]
    after = _filled(after, shown)
    return replace(after, step=shown.step % after.scene().steps if shown.step else 0)


def preset(state: State, text: str) -> State:
    """The state with the layer of a preset, or of any text, and with the values that the preset brings.

    Values that the one before has brought go with it; a challenge's stay as long as a setting is tried on it. Raises
    LayerError for a text that the lesson does not take.
    """
    plan, plain = LESSONS[state.lesson], opening(state.lesson)
    before, wanted = (next((p for p in plan.presets if p.setting == said), None) for said in (state.text, text))
    if state.challenge and wanted is None:
        return read_layer(state, text, plan)
    after = read_layer(_left(state), text, plan)
    if before and before.x is not None and state.x == chosen(state, before.x).x:
        after = replace(after, x=plain.x)
    if before and before.weight is not None and state.weight == kernels.weights_from_text(before.weight):
        after = replace(after, weight=plain.weight)
    if wanted and wanted.weight is not None:
        after = replace(after, weight=kernels.weights_from_text(wanted.weight))
    after = after if wanted is None or wanted.x is None else chosen(after, wanted.x)
    return after if wanted is None else _seen(after)


def _seen(state: State) -> State:
    """The state in its view, or in the first of the lesson's that shows such a layer."""
    if VIEWS[state.seen].refuses(state.layer) is None:
        return state
    others = (view for view in state.views if VIEWS[view].refuses(state.layer) is None)
    return replace(state, view=next(others, state.view))


def _left(state: State) -> State:
    """The state without the values that what is open has brought, if they are still there."""
    left, plain = state.told, opening(state.lesson)
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
    state = replace(state, then=shown.then)
    weight = kernels.named(shown.tries[0]) if shown.tries else None
    weight = kernels.weights_from_text(shown.weight) if shown.weight is not None else weight
    return state if weight is None else replace(state, weight=weight)
