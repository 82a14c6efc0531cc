"""Comparing: keeping the setting that is shown while the dials turn another one, on the same input."""

from __future__ import annotations

from dataclasses import replace

from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.page.state import Kept, State
from convviz.scene.views import VIEWS
from convviz.text import say

NAME = "compare"
"""The dial that begins and ends it, and the turn's name."""

BEGIN, END, SWAP, TOGGLE = "on", "off", "swap", "toggle"


def offered(state: State) -> bool:
    """Whether the lesson has a view of such a layer in which two settings can be compared."""
    own, lesson = getattr(state.layer, "views", None), LESSONS[state.lesson]
    views = lesson.stack_views if state.stack else lesson.views
    shown = [view for view in views if own is None or view in own]
    return any(VIEWS[view].compares and (not lesson.edits or _takes(view, state)) for view in shown)


def _takes(view: str, state: State) -> bool:
    """Whether a view shows what a state has."""
    return VIEWS[view].refuses(state.layer) is None


def dial(state: State) -> dict[str, object]:
    """The buttons: begin or end, and, while two are compared, exchange them."""
    language, on = state.language, state.kept is not None
    words = {part: say(f"control.compare.{part}", language) for part in ("label", "swap", "swap_help", "hint")}
    told = say("control.compare.end" if on else "control.compare.help", language)
    return {"name": NAME, "kind": "compare", "place": "bottom", "rare": True, "value": on, "help": told} | words


def turned(state: State, value: object) -> State:
    """The state after the button was pressed: BEGIN keeps what is shown, END keeps what the dials have set, SWAP lets
    them turn the other one; TOGGLE begins or ends.

    >>> from convviz.page.state import opening
    >>> state = turned(opening("convolution"), BEGIN)
    >>> state.kept.text == state.text, turned(state, END).kept
    (True, None)
    """
    if value == TOGGLE:
        value = END if state.kept else BEGIN
    if value == BEGIN and not offered(state):
        raise LayerError("compare_view", NAME, None, value=state.text, other=state.text)
    if value == BEGIN:
        return state if state.kept else replace(state, kept=Kept(state.layer, state.weight))
    if value == END or state.kept is None:
        return replace(state, kept=None)
    if value != SWAP:
        raise LayerError("choice", NAME, None, value=value, choices=", ".join((BEGIN, END, SWAP)), nearest=END)
    kept = state.kept
    x = state.x.moved(state.layer.x_shape, kept.layer.x_shape)
    return replace(state, layer=kept.layer, weight=kept.weight, x=x, kept=Kept(state.layer, state.weight), step=0)
