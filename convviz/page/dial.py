"""One control of a layer, as dials.js shows it, made from a parameter and its value."""

from __future__ import annotations

from typing import Any

from convviz.layers import Layer, Parameter
from convviz.layers.arguments import common_divisors
from convviz.layers.notation import value_text
from convviz.lessons.facts import spelled
from convviz.page import edge
from convviz.page.state import State
from convviz.text import catalogue, say


def control(parameter: Parameter, state: State, by_axis: bool, place: str) -> dict[str, Any]:
    language, value = state.language, getattr(state.single, parameter.name)
    pools = parameter.name == "kernel_size" and state.single.weight_shape is None
    word = "pool_size" if pools else parameter.name  # Chinese has no one word for the window of both
    said = {
        "name": parameter.name,
        "label": say(f"control.{word}.label", language),
        "help": say(f"control.{word}.help", language),
        "place": place,
    }
    if parameter.kind == "flag":
        return said | {"kind": "flag", "value": value}
    if parameter.kind == "choice":
        return (
            said | choice(parameter.name, value, parameter.choices, language) | {"label": said["label"], "place": place}
        )
    if parameter.kind == "padding" and isinstance(value, str):
        pads = pads_of(state.single)
        return said | _range(parameter, pads[0][0], spelled(pads))
    if by_axis and parameter.kind in ("size", "padding"):
        return said | {"kind": "text", "value": _each_axis(value)}
    if parameter.divides:
        return said | _divisors(parameter, state.single, language)
    whole = value[0] if isinstance(value, tuple) else value
    shown = edge.told(parameter.name, value, language) or spelled(value)
    return said | _range(parameter, whole[0] if isinstance(whole, tuple) else whole, shown)


def _each_axis(value: tuple[int | tuple[int, int], ...]) -> str:
    entries = [f"{e[0]}" if isinstance(e, tuple) and e[0] == e[1] else value_text((e,)) for e in value]
    return "x".join(entries)


def _range(parameter: Parameter, value: int, shown: str = "") -> dict[str, object]:
    most = max(parameter.most, value)
    return {"kind": "range", "value": value, "least": parameter.least, "most": most, "shown": shown or str(value)}


def _divisors(parameter: Parameter, layer: Layer, language: str) -> dict[str, object]:
    """A range that has a place for each number that divides what the parameter must divide; its ends have names."""
    numbers = [getattr(layer, name) for name in parameter.divides]
    choices = [(n, _divided(parameter.name, n, numbers[0], language)) for n in common_divisors(*numbers)]
    value = getattr(layer, parameter.name)
    return _range(parameter, value, dict(choices)[value]) | {"most": choices[-1][0], "stops": choices}


def _divided(name: str, number: int, whole: int, language: str) -> str:
    """What it means that a count divides another into so many: not at all, in parts, or one by one."""
    kind = "one" if number == 1 else "each" if number == whole else "some"
    return say(f"control.{name}.{kind}", language, n=number)


def choice(name: str, value: str, choices: tuple[str, ...], language: str, kind: str = "") -> dict[str, object]:
    """A choice among words; kind: of a layer that may have words of its own for them."""
    words = catalogue(language)
    pairs = [(choice, words.get(f"choice.{kind}_{choice}", words[f"choice.{choice}"])) for choice in choices]
    label = say(f"control.{name}.label", language)
    return {
        "name": name,
        "label": label,
        "help": "",
        "kind": "choice",
        "value": value,
        "choices": pairs,
        "place": "more",
    }


def flag(name: str, label: str, value: bool) -> dict[str, object]:
    return {"name": name, "label": label, "help": "", "kind": "flag", "value": value, "place": "more"}


def padding_kind(layer: Layer) -> str:
    """The choice that is shown for a padding: "same_upper" is "same" by another name."""
    padding = getattr(layer, "padding", 0)
    return padding.replace("same_upper", "same") if isinstance(padding, str) else "number"


def pads_of(layer: Layer) -> tuple[tuple[int, int], ...]:
    """The cells before and after along each axis that a layer's padding comes to, also where it is a word."""
    return getattr(layer, "pads", ((0, 0),))


def padding_words(layer: Layer) -> tuple[str, ...]:
    """The words that a layer's padding may be."""
    words = next((p.choices for p in layer.parameter_list if p.kind == "padding"), ())
    return tuple(word for word in words if word != "causal" or len(layer.input_size) == 1)
