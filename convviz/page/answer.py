"""What is answered to what a person does: the one way from a state, and what is asked of it, to the next state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from convviz.errors import LayerError
from convviz.lessons.facts import facts, spelled
from convviz.page import dials, tour
from convviz.page.dials import Refusal
from convviz.page.state import State, link
from convviz.scene.limits import CELLS
from convviz.scene.scene import Scene
from convviz.text import say

SIZES = {"i": "input_size", "o": "output_size", "k": "kernel_size", "s": "stride", "p": "pads", "d": "dilation"}
"""The letters by which a note names what a layer has along its axes."""


@dataclass(frozen=True)
class Answer:
    """What came of a question.

    state: the next one, or the one before where the next cannot be; apart: if each axis has a control of its own; kept:
    whether it is a step of the history, and not a dial that is still being turned; refused: the dial and why it cannot
    be where it was turned to, the dial being "" for a number typed into a cell.
    """

    state: State
    apart: bool = False
    kept: bool = True
    refused: Refusal | None = None


def answered(state: State, asked: Mapping[str, Any], apart: bool = False) -> Answer:
    """The answer to a question about a state: a turned dial, a fix, a typed number, a beat. Nothing is raised.

    asked: {"turn": {name, value, commit}}, where a fix is a turn of that name; {"edit": {array, index, value}}; or
    {"show": {kind, n}}. What is none of these changes nothing. apart: if each axis has a control of its own by now.

    >>> from convviz.page.state import opening
    >>> answered(opening("convolution"), {"turn": {"name": "stride", "value": 3}}).state.layer.stride
    (3, 3)
    >>> answered(opening("convolution"), {"turn": {"name": "stride", "value": 0}}).refused
    ('stride', LayerError('stride: 0 - must be at least 1 - try stride 1'))
    """
    turn, edit, show = (one if isinstance(one, dict) else None for one in map(asked.get, ("turn", "edit", "show")))
    try:
        after = state
        if turn is not None:
            after = dials.turned(after, turn)
        if edit is not None:
            after = edited(after, edit)
        if show is not None:
            after = tour.shown(after, show)
        after.scene()
    except LayerError as error:
        refused = dials.refusal(state, turn, error) if turn is not None else ("", error)
        return Answer(state, apart, False, refused)
    if turn is None:
        return Answer(after, apart)
    if turn.get("name") == dials.AXES:
        apart = bool(turn.get("value"))
    return Answer(after, apart, bool(turn.get("commit")))


def edited(state: State, edit: Mapping[str, Any]) -> State:
    """The state after a number was typed into a cell, `edit` being {array, index, value}; what is none changes nothing.

    Raises LayerError for a number that does not fit.
    """
    array, index, value = edit.get("array"), edit.get("index"), edit.get("value")
    if type(index) is not int or not 0 <= index < CELLS:
        return state
    if array == "x":
        return replace(state, x=state.x.edited(index, value))
    return replace(state, weight=state.weight.edited(index, value)) if array == "weight" else state


def shown(state: State) -> tuple[Scene, dict[str, Any]]:
    """A state's scene, and the words beside it that change with the state: its link, what it costs, the open beat."""
    return state.scene(), {"link": link(state), "note": note(state), "tour": tour.tour(state)}


def note(state: State) -> str:
    """What the layer costs, in words; of a transposed layer, also whose parameters they are."""
    numbers = facts(state.layer)
    if state.stack or not state.single.spreads:
        return say("cost.line", state.language, **numbers)
    numbers |= {letter: spelled(getattr(state.layer, name)) for letter, name in SIZES.items()}
    return "\n".join(say(line, state.language, **numbers) for line in ("cost.line", "cost.forward"))
