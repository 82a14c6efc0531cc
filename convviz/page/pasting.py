"""Code, or an error message, that is pasted: the network that it describes, or what does not fit; and the way back."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import cast

from convviz.code.message import diagnosed
from convviz.code.read import Read, read
from convviz.code.write import to_code
from convviz.counted import networked
from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.misfit import Misfit
from convviz.lessons import LESSONS
from convviz.network import Network, stack_from_text, stack_of, stack_to_text
from convviz.page.link import read_layer
from convviz.page.state import State
from convviz.text import say

NAME, MEND = "paste", "mend"
"""The turns: what was pasted, {text, input}; and a layer that fits, by its text."""

LONGEST = 200_000
"""Letters that are read; of a longer text the last ones, as a traceback ends with its message."""

FRAMEWORKS = {"pytorch": "PyTorch", "keras": "Keras"}
"""What is written of what is shown, and what the frameworks are called."""

LISTED = 30
"""How many places of a text are listed that are not understood."""

Place = tuple[str, int, int]
"""What is said of a place of a text, its line and its column; 0 where it is about all of it."""


def misfit_of(state: State) -> Misfit | None:
    """What is shown, if it is what does not fit."""
    return state.layer if isinstance(state.layer, Misfit) else None


def dial(state: State) -> dict[str, object]:
    """The box, with the code of what is shown."""
    words = {part: say(f"paste.{part}", state.language) for part in WORDS}
    shape = networked(state.layer).x_shape if misfit_of(state) is None else ()
    box: dict[str, object] = {"name": NAME, "kind": "paste", "place": "bottom", "rare": True}
    box["longest"] = LONGEST
    return box | words | {"input": "x".join(map(str, shape)) or USUAL, "codes": _codes(state)}


USUAL = "3x224x224"
"""What is proposed as an input where nothing is shown that has one."""

WORDS = ("label", "help", "placeholder", "sized", "go", "copy", "copied", "written")


def _codes(state: State) -> list[tuple[str, str]]:
    """What is shown, as code of each framework that has words for it."""
    if misfit := misfit_of(state):
        return [("PyTorch", misfit.code), *((fix.label(state.language), fix.code) for fix in misfit.fixes())]
    found = []
    for name, label in FRAMEWORKS.items():
        with suppress(LayerError):
            found.append((label, written(networked(state.layer), name)))
    return found


@lru_cache(maxsize=64)
def written(shown: Network, framework: str) -> str:
    """The code of a network. Raises LayerError for what a framework has no words for."""
    return to_code(shown, framework)


def mends(state: State) -> list[dict[str, object]]:
    """The layers that fit, each with what is changed."""
    misfit, language = misfit_of(state), state.language
    if misfit is None:
        return []
    fixes = [(stack_to_text(cast(Layer, fix.layer)), fix.label(language)) for fix in misfit.fixes() if fix.layer]
    label = say("paste.mend", language)
    said: dict[str, object] = {
        "name": MEND,
        "kind": "choice",
        "place": "main",
        "value": "",
        "label": label,
        "help": label,
    }
    return [said | {"choices": [("", say("paste.none", language)), *fixes]}]


def mended(state: State, text: str) -> State:
    """The state with a layer that fits; "" leaves it as it is."""
    return replace(read_layer(state, text, LESSONS[state.lesson]), view="table", step=0, at=()) if text else state


def pasted(state: State, value: object) -> State:
    """The state with what was pasted. Raises LayerError where nothing of it is a layer or a known error."""
    text, shape = _given(value)
    misfit = diagnosed(text)
    if misfit is not None:
        return replace(state, layer=cast(Layer, misfit), view=misfit.views[0], at=(), step=0)
    found = _read(text, shape)
    if found.network is None:
        raise LayerError("paste_nothing", NAME, None, value=text.strip()[:40])
    layer = stack_from_text(stack_to_text(found.network))
    view = state.view if stack_of(layer) or state.view != "misfit" else "table"
    return replace(state, layer=layer, view=view if view != "misfit" else "table", at=(), step=0)


def problems(value: object, language: str) -> list[Place]:
    """What of a text is not understood, or does not fit, each with its place."""
    text, shape = _given(value)
    if diagnosed(text) is not None:
        return []
    found = _read(text, shape)
    said = [(one.text(language), one.line, one.column) for one in found.problems[:LISTED]]
    return said or ([] if found.network else [(say("paste.nothing", language), 0, 0)])


def rest(value: object, language: str) -> str:
    """What is shown of a text of which a part is not understood; "" where all of it is, or nothing."""
    text, shape = _given(value)
    found = None if diagnosed(text) is not None else _read(text, shape)
    if found is None or found.network is None or not found.problems:
        return ""
    return say("paste.rest", language, n=len(found.network.nodes))


def _given(value: object) -> tuple[str, tuple[int, ...] | None]:
    said = value if isinstance(value, dict) else {}
    text, numbers = str(said.get("text", ""))[-LONGEST:], re.findall(r"\d{1,6}", str(said.get("input", ""))[:60])
    return text, tuple(map(int, numbers[:4])) or None


@lru_cache(maxsize=16)
def _read(text: str, shape: tuple[int, ...] | None) -> Read:
    """What a text says; a page asks it twice, for the picture and for what is listed."""
    return read(text, shape[0] if shape and len(shape) == 1 else shape)
