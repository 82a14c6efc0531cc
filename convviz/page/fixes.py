"""What can be set in place of what was refused: the fix that a LayerError names, completed, tried, and as a button.

What comes from a browser as a fix is no more trusted than any other turn: it goes through the same checks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce

from convviz.errors import LayerError
from convviz.layers import Parameter
from convviz.layers.notation import ALONE, BLOCKS, value_text
from convviz.lessons import LESSONS
from convviz.lessons.facts import spelled
from convviz.network import BETWEEN, Network, refuse_unreadable
from convviz.page import editing
from convviz.page.link import read_layer, read_view
from convviz.page.stacks import turned_stack
from convviz.page.state import State, changed
from convviz.page.weights import with_layer
from convviz.text import catalogue, say

FIX = "fix"
"""The name of the turn that sets all that a fix names at once."""

ROUNDS = 4
"""How many faults, each found when the one before is mended, are mended together."""

NUMBERED = re.compile(r"(rate|stride)(\d+)")
"""A dial of one layer of a stack."""

ENTRIES = 16
"""How many things a fix sets at most."""


def fixed(state: State, fix: object) -> State:
    """The state with what a fix names: {layer: its text, view: its name, any argument of the layer: its value}.

    Raises LayerError for a name that is none of these, and for what cannot be set.

    >>> from convviz.page.state import opening
    >>> fixed(opening("convolution"), {"kernel_size": [2, 3], "view": "matrix"}).layer.kernel_size
    (2, 3)
    """
    if not isinstance(fix, dict) or len(fix) > ENTRIES:
        raise LayerError("notation_part", "layer", None, value=FIX, part=FIX, nearest="stride")
    lesson = LESSONS[state.lesson]
    changes = {str(name): _tupled(value) for name, value in fix.items() if name not in ("layer", "view")}
    if "view" in fix:
        state = read_view(state, str(fix["view"]), lesson)
    if "layer" in fix:
        state = read_layer(state, _mended(str(fix["layer"]), changes), lesson)
    elif changes and lesson.edits:
        state = reduce(_edited, sorted(changes.items(), key=_first), state)
        refuse_unreadable(state.text)
    elif changes and state.stack and not state.parameters:
        state = replace(state, layer=reduce(_turned, sorted(changes.items(), key=_first), state.stack), step=0)
        refuse_unreadable(state.text)
    elif changes:
        _check(changes, state.parameters)
        state = with_layer(state, changed(state.single, changes))
        refuse_unreadable(state.text)
    return state if state.step == 0 else replace(state, step=0)


def _first(change: tuple[str, object]) -> bool:
    """The input's size first: what else changes has to fit it."""
    return change[0] != "input_size"


def _turned(stack: Network, change: tuple[str, object]) -> Network:
    return turned_stack(stack, *change)


def _edited(state: State, change: tuple[str, object]) -> State:
    return editing.turned(state, *change)


def _check(changes: dict[str, object], known: Sequence[Parameter]) -> None:
    """Refuse what is none of the arguments of a layer."""
    for name in changes.keys() - {parameter.name for parameter in known}:
        raise LayerError("notation_part", "layer", None, value=name, part=name, nearest="stride")


def _tupled(value: object) -> object:
    """JSON has lists where arguments are tuples, or tuples of pairs."""
    if not isinstance(value, list):
        return value
    return tuple(tuple(entry) if isinstance(entry, list) else entry for entry in value)


def _mended(text: str, changes: dict[str, object]) -> str:
    """The text of a layer with other values for some of its arguments.

    >>> _mended("conv2d-i5-k9-s2", {"kernel_size": 5})
    'conv2d-i5-s2-k5'
    >>> _mended("digits-m9", {"map": 8})
    'digits-m8'
    """
    if not changes:
        return text
    head, *parts = text.split("-")
    kinds = [] if BETWEEN in text else [kind for kind in (*ALONE, *BLOCKS) if head.startswith(kind.kind)]
    kind = max(kinds, key=lambda one: len(one.kind), default=None)  # one kind's name may begin with another's
    known: tuple[Parameter, ...] = kind.parameter_list if kind else ()
    _check(changes, known)
    letters = {parameter.letter: parameter.name for parameter in known}
    kept = [part for part in parts if letters.get(part[:1]) not in changes]
    new = [f"{letter}{value_text(changes[name])}" for letter, name in letters.items() if name in changes]
    return "-".join([head, *kept, *new])


def with_fix(state: State, asked: Mapping[str, object], error: LayerError) -> LayerError:
    """The error of what was asked for in a state; its fix is all that has to be set in the state, or is empty.

    asked: what was asked for, as a fix. What the error would set is tried with it, and where that uncovers another
    fault, what mends that one is added.
    """
    fix = dict(asked) | error.fix
    for _ in range(ROUNDS):
        try:
            mended = fixed(state, fix)
            mended.scene()
            break
        except LayerError as further:
            fix |= further.fix
    else:
        return LayerError(error.key, error.field, None, **error.values)
    if "layer" in fix:
        fix = {"layer": mended.text} | {name: fix[name] for name in ("view",) if name in fix}
    values = dict(error.values)
    if "view" in fix and values.get("nearest") == error.fix.get("view"):
        values["nearest"] = fix["view"]  # the view that the error names may be none of this lesson's
    return LayerError(error.key, error.field, fix, **values)


def of_link(state: State, query: Mapping[str, str], error: LayerError) -> LayerError:
    """The error of a link that opened a state; its fix shows what the link may have meant, where that can be told."""
    asked = {name: query[name] for name in ("layer", "view") if name in query}
    found = with_fix(state, asked, error)
    # an error that names a whole layer names an example
    nothing = not found.fix or "layer" in error.fix or fixed(state, found.fix) == replace(state, step=0)
    return LayerError(error.key, error.field, None, **error.values) if nothing else found


def label(fix: dict[str, object], language: str) -> str:
    """What a fix's button says.

    >>> label({"stride": 1, "view": "flat"}, "en")
    'Set stride s = 1, view = Side by side'
    """
    said = [say("fix.one", language, name=_name(n, language), value=_value(n, v, language)) for n, v in fix.items()]
    joined = reduce(lambda first, second: say("fix.two", language, first=first, second=second), said)
    return say("fix.all", language, all=joined)


def _name(name: str, language: str) -> str:
    place = NUMBERED.fullmatch(name)
    if place:  # of one layer of a stack
        return say(f"control.layer_{place[1]}.label", language, n=int(place[2]) + 1)
    words = say({"layer": "fix.layer", "view": "control.view"}.get(name, f"control.{name}.label"), language)
    return words[:1].lower() + words[1:]


def _value(name: str, value: object, language: str) -> str:
    if name == "view":
        return say(f"view.{value}.label", language)
    if isinstance(value, bool):
        return say("fix.on" if value else "fix.off", language)
    if name in ("padding", "padding_mode", "form") and isinstance(value, str):
        return re.split("[:\uff1a]", catalogue(language).get(f"choice.{value}", value))[0]
    return spelled(_tupled(value))
