"""What comes of what is done on a page: the one way from a state and something asked to the next state, or to why not.

The page's script and the address that answers at once both go it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from convviz.errors import LayerError
from convviz.layers.linear import Array
from convviz.page.dials import AXES, Refusal, refusal, turned
from convviz.page.link import refuse_long
from convviz.page.sources import INPUT, chosen, edited
from convviz.page.state import State
from convviz.page.tour import showing


class Outcome(NamedTuple):
    """What comes of something asked.

    state: the next one; the one before, where it cannot be; apart: whether each axis has a control of its own; refused:
    the dial that was turned ("" for a typed number or a beat) and why it cannot be; kept: whether it is a step of the
    history, and not a dial that is still being turned.
    """

    state: State
    apart: bool
    refused: Refusal | None
    kept: bool


def outcome(state: State, asked: Mapping[str, object], apart: bool = False, picture: Array | None = None) -> Outcome:
    """What comes of `asked`: {turn: {name, value, commit}}, {edit: {array, index, value}} or {show: {kind, n}}.

    picture: one that was brought, (rows, columns) of greys. What is none of these changes nothing. A state that cannot
    be drawn is refused, and so is one that no link can hold.
    """
    turn = asked.get("turn")
    found = tried(state, lambda before: _after(before, asked, picture))
    kept = bool(turn.get("commit")) if isinstance(turn, dict) else True
    if isinstance(found, LayerError):
        return Outcome(state, apart, refusal(state, turn, found) if isinstance(turn, dict) else ("", found), kept)
    if isinstance(turn, dict) and turn.get("name") == AXES:
        apart = bool(turn.get("value"))
    return Outcome(found, apart, None, kept)


def tried(state: State, how: Callable[[State], State]) -> State | LayerError:
    """The state that `how` makes of one, if it can be drawn and a link can hold it, or why not."""
    try:
        after = how(state)
        after.scene()
        refuse_long(after)
    except LayerError as error:
        return error
    return after


def _after(state: State, asked: Mapping[str, object], picture: Array | None) -> State:
    turn = asked.get("turn")
    if isinstance(turn, dict) and turn.get("name") == INPUT:
        return chosen(state, turn.get("value"), picture)
    for name, do in _WAYS.items():
        if isinstance(said := asked.get(name), dict):
            state = do(state, said)
    return state


_WAYS: dict[str, Callable[[State, dict[str, object]], State]] = {"turn": turned, "edit": edited, "show": showing}
