"""The controls of a layer, made from its list of parameters, and what turning one of them does.

Nothing here knows a visitor: a state goes in, and what is shown for it, or the next state, comes out.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.arguments import nearest_divisor
from convviz.layers.notation import value_from_text, value_text
from convviz.lessons import LESSONS
from convviz.network import refuse_unreadable
from convviz.page import comparing, editing, fixes, kernels, pad, pasting, photo, rows, tour
from convviz.page.dial import choice, control, flag, padding_kind, padding_words, pads_of
from convviz.page.link import read_view, usual_step
from convviz.page.stacks import stack_dials, turned_stack
from convviz.page.state import State, changed
from convviz.page.weights import with_layer
from convviz.scene.views import VIEWS
from convviz.text import say

AXES = "axes"
"""The switch that gives each axis a value of its own."""

Refusal = tuple[str, LayerError]
"""The name of a dial, and why it cannot be where it was turned to; the error's fix is what its button sets."""

TONES = "tones"
"""The switch that shows all values as colours."""

KIND = "padding_kind"
"""The choice between a number of cells and a padding word."""


def dials(state: State, apart: bool = False, refused: Refusal | None = None) -> list[dict[str, object]]:
    """What dials.js shows for a state: the lesson's parameters, then what stands behind "More".

    apart: each axis has a control of its own, even where both values are the same; refused: what could not be set.
    """
    shown = _shown(state, apart)
    for dial in shown:
        if refused and dial["name"] == refused[0]:
            error = refused[1]
            dial["note"] = error.text(state.language)
            if error.fix:
                dial["fix"] = {"label": fixes.label(error.fix, state.language), "value": error.fix}
    return shown


def _shown(state: State, apart: bool) -> list[dict[str, object]]:
    if LESSONS[state.lesson].edits:
        misfit = pasting.misfit_of(state)
        own = pasting.mends(state) if misfit else editing.dials(state)
        acts = [] if misfit else [editing.acts(state)]
        return [rows.presets(state), *own, rows.views(state), *acts, pasting.dial(state), *_compared(state)]
    if state.stack and not state.parameters:
        own = stack_dials(state.stack, state.language)
        return [rows.presets(state), *own, rows.views(state), *_colours(state), comparing.dial(state)]
    lesson, language = LESSONS[state.lesson], state.language
    by_name = {parameter.name: parameter for parameter in state.parameters}
    by_axis = apart or axes_differ(state)
    shown = [rows.presets(state), *pad.dials(state)]
    known_here = [by_name[name] for name in lesson.dials if name in by_name]
    shown += [photo.further(state.lesson, control(one, state, by_axis, "main")) for one in known_here]
    if words := padding_words(state.single):
        shown.append(choice(KIND, padding_kind(state.single), ("number", *words), language, state.layer.kind))
    more = (control(by_name[name], state, by_axis, "more") for name in lesson.more if name in by_name)
    shown += [photo.further(state.lesson, dial) for dial in more]
    return [
        *shown,
        *_axes(state, by_axis),
        rows.views(state),
        *_colours(state),
        *photo.colour(state),
        *_kernel(state),
        *photo.second(state),
        *_compared(state),
    ]


def _compared(state: State) -> list[dict[str, object]]:
    """The buttons that compare two settings, where the lesson has a view for it."""
    return [comparing.dial(state)] if comparing.offered(state) else []


def _axes(state: State, by_axis: bool) -> list[dict[str, object]]:
    """The switch that gives each axis a value of its own, if arguments have such."""
    own = any(one.kind in ("size", "padding") for one in state.parameters)
    return [flag(AXES, say("control.axes", state.language), by_axis)] if own else []


def known(state: State) -> dict[str, object]:
    """Choices of dials by name that a page which shows a state has: they are long, and need not be sent again."""
    said: dict[str, object] = {"preset": rows.settings(state.lesson, state.language)}
    if LESSONS[state.lesson].edits and not pasting.misfit_of(state):
        said[editing.EDIT] = editing.acts(state)["choices"]
    if _named(state):
        said[kernels.NAME] = kernels.choices(state.single, state.weight, state.language)
    return said


def _colours(state: State) -> list[dict[str, Any]]:
    """The switch that shows values as colours, where the picture has values."""
    if not state.has_values or VIEWS[state.seen].whole:
        return []
    label, told = (say(f"control.tones.{part}", state.language) for part in ("label", "help"))
    return [flag(TONES, label, state.toned) | {"place": "bottom", "rare": True, "help": told, "fixed": state.x.grey}]


def _kernel(state: State) -> list[dict[str, object]]:
    """The kernels by name, where one kernel slides."""
    return [kernels.tiles(state.single, state.weight, state.language)] if _named(state) else []


def _named(state: State) -> bool:
    """Whether its kernel can have a name: one kernel slides, over values that are shown."""
    layer = state.single
    return not state.stack and state.has_values and layer.weight_shape is not None and layer.shared


def axes_differ(state: State) -> bool:
    """Whether each axis needs a control of its own, because the values differ."""
    values = [getattr(state.single, p.name) for p in state.parameters if p.kind in ("size", "padding")]
    return any(isinstance(value, tuple) and not value_text(value).isdigit() for value in values)


def turned(state: State, turn: dict[str, object]) -> State:
    """The state after a dial was turned, `turn` being {name, value}. Raises LayerError where it cannot be."""
    name, value = str(turn.get("name")), turn.get("value")
    if name == fixes.FIX:
        return fixes.fixed(state, value)
    if name in photo.TURNS and LESSONS[state.lesson].photo:
        return photo.TURNS[name](state, value)
    if name == pad.HELD and pad.reads_digits(state):
        return pad.picked(state, value)
    if name == TONES:
        return replace(state, tones=bool(value))
    if name == kernels.NAME and not state.stack:
        return replace(state, weight=kernels.chosen(state.single, state.weight, str(value)))
    if name == comparing.NAME:
        return comparing.turned(state, value)
    if name == AXES:
        return state if value or not state.parameters else _one_for_all(state)
    if name == "preset":
        return _opened(replace(tour.preset(state, str(value)), beat=0, myth=0, challenge=False, at=()))
    if name == "view":
        return _opened(read_view(state, str(value), LESSONS[state.lesson]))
    if name == pasting.NAME and LESSONS[state.lesson].edits:
        return _linkable(pasting.pasted(state, value))
    if name == pasting.MEND and LESSONS[state.lesson].edits:
        return pasting.mended(state, str(value))
    if LESSONS[state.lesson].edits:
        return _linkable(editing.turned(state, name, value))
    if state.stack and not state.parameters:
        return _linkable(replace(state, layer=turned_stack(state.stack, name, value), step=0))
    argument = _dividing(state.single, _argument(state, name, value))
    return _linkable(with_layer(state, changed(state.single, argument)))


def _opened(state: State) -> State:
    """The state at the step that a link without one opens."""
    return replace(state, step=usual_step(state))


def _linkable(state: State) -> State:
    """The state, whose layer is new; raises LayerError where no link could hold it."""
    refuse_unreadable(state.text)
    return state


def _argument(state: State, name: str, value: object) -> dict[str, object]:
    """The argument of the layer that a dial sets, and to what."""
    if name == KIND:
        name, value = "padding", pads_of(state.single) if value == "number" else value
    parameter = next((p for p in state.parameters if p.name == name), None)
    if parameter is None:
        raise LayerError("notation_part", "layer", None, value=name, part=name, nearest="stride")
    if isinstance(value, str) and parameter.kind in ("size", "padding"):
        value = value_from_text(parameter, value.strip().replace("×", "x"), len(state.layer.input_size))
    if name == "input_size" and isinstance(value, int) and (dims := len(state.layer.input_size)) != 2:
        value = (value,) * dims  # one number alone means two axes
    return {name: value}


def _dividing(layer: Layer, argument: dict[str, object]) -> dict[str, object]:
    """The argument that is set and, of those that must divide it, the nearest that do."""
    found = dict(argument)
    for parameter in layer.parameter_list:
        if parameter.divides and parameter.name not in argument and argument.keys() & set(parameter.divides):
            numbers = [argument.get(name, getattr(layer, name)) for name in parameter.divides]
            if whole := [n for n in numbers if isinstance(n, int) and n > 0]:
                nearest = nearest_divisor(getattr(layer, parameter.name), *whole)
                found |= {} if nearest == getattr(layer, parameter.name) else {parameter.name: nearest}
    return found


def refusal(state: State, turn: dict[str, object], error: LayerError) -> Refusal:
    """The dial that was turned in a state, and why it cannot be; the error's fix then sets the nearest that can."""
    name, value = str(turn.get("name")), turn.get("value")
    asked: dict[str, object] = {}
    if name in ("preset", "view"):
        asked = {"layer" if name == "preset" else "view": str(value)}
    elif LESSONS[state.lesson].edits:
        asked = {name: value} if name in editing.LASTING else {}
    elif state.stack and not state.parameters and name != fixes.FIX:
        asked = {name: value}
    elif name != fixes.FIX and state.parameters:
        with suppress(LayerError):
            asked = _argument(state, name, value)
    return name, fixes.with_fix(state, asked, error)


def _one_for_all(state: State) -> State:
    """The state with the first axis's values on every axis."""
    first = {}
    for parameter in state.parameters:
        value = getattr(state.single, parameter.name)
        if parameter.kind in ("size", "padding") and isinstance(value, tuple):
            first[parameter.name] = (value[0],) * len(value)
    return _linkable(replace(state, layer=changed(state.single, first)))
