"""The link of a page: a State as the query of an address, and back.

    ?v=1&layer=conv2d-i5-k3-s2-p1&x=s3~4:-2&w=v1_0_-1&view=flat&theme=dark&lang=zh&step=12

Whatever equals the lesson's opening state is left out, and what would be long is packed, so that links stay short.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from convviz.counted import within
from convviz.errors import LayerError
from convviz.kernels import kernel_named
from convviz.layers import REGISTRY
from convviz.layers.notation import MISFITS
from convviz.lessons import LESSONS, Lesson
from convviz.network import BETWEEN, spelled_of, stack_from_text, stack_of
from convviz.page.brought import brought
from convviz.page.kernels import weights_from_text
from convviz.page.packed import packed_text, unpacked_text
from convviz.page.state import AUTO, Kept, State, opening, setting
from convviz.page.values import values_from_text
from convviz.scene.views import VIEWS
from convviz.text import LANGUAGES
from convviz.themes import THEMES

VERSION = "1"

LONGEST = 2_000
"""Letters of a link: browsers, chats and slides take as many."""

ROOM = 120
"""Those of them that are left for the address itself, the step and what else is added to a link."""

MOST = LONGEST - ROOM
"""Letters of a query."""

SHOWN = 120
"""Letters of a stack's text that an error shows."""


def to_query(state: State) -> dict[str, str]:
    """The query of the link that restores a state.

    >>> to_query(replace(opening("convolution"), step=3))
    {'v': '1', 'step': '3'}
    """
    plain = opening(state.lesson)
    said = {
        "layer": (packed_text(state.text), packed_text(plain.text)),
        "x": (state.x.packed, plain.x.text()),
        "w": (state.weight.packed, plain.weight.text()),
        "with": (packed_text(state.kept.text) if state.kept else "", ""),
        "with_w": (state.kept.weight.packed if state.kept else "", state.weight.packed if state.kept else ""),
        "view": (state.view, plain.view),
        "then": (state.then, ""),
        "at": ("_".join(map(str, state.at)), ""),
        "tones": (str(int(state.tones)), str(int(plain.tones))),
        "theme": (state.theme, AUTO),
        "lang": (state.language, "en"),
        "beat": (str(state.beat), "0"),
        "myth": (str(state.myth), "0"),
        "challenge": (str(int(state.challenge)), "0"),
        "present": (str(int(state.present)), "0"),
        "step": (str(state.step), str(usual_step(state))),
    }
    query = {name: text for name, (text, usual) in said.items() if text != usual}
    return {"v": VERSION} | query if query else {}


def link(state: State) -> str:
    """The query of a state's link as text, without the step, which the player adds.

    >>> link(replace(opening("convolution"), view="matrix"))
    'v=1&view=matrix'
    """
    query = to_query(state)
    query.pop("step", None)
    return urlencode(query if query.keys() > {"v"} else {}, safe="~:,.@")


def refuse_long(state: State) -> None:
    """Refuse a state that no link of LONGEST letters can hold.

    >>> refuse_long(opening("convolution"))
    """
    kept = state.kept
    layers = [len(one.layers) if one else 1 for one in (state.stack, stack_of(kept.layer) if kept else None)]
    edits = len(state.x.edits) + len(state.weight.edits) + (len(kept.weight.edits) if kept else 0)
    if 60 * sum(layers) + 10 * edits + 6 * len(state.x.numbers) + len(state.x.name) < MOST / 2:
        return  # a layer and a number take less than that, whatever they are
    if (length := len(link(state))) > MOST:
        raise LayerError("link_long", "values", None, value=edits, length=length + ROOM, most=LONGEST)


def from_query(query: Mapping[str, str], lesson: str, language: str = "en") -> tuple[State, list[LayerError]]:
    """The state of a link, and the errors in it; a part that cannot be read keeps its opening value.

    language: for links that name none.
    """
    state, wrong = opening(lesson, language), []
    if query.get("v", VERSION) != VERSION:
        return state, [LayerError("version", "link", None, value=query["v"], nearest=VERSION)]
    for name, read in _READERS.items():
        if name not in query:
            continue
        try:
            state = read(state, query[name], LESSONS[lesson])
        except LayerError as error:
            wrong.append(error)
    try:
        steps = state.scene().steps
    except LayerError as error:
        safe = replace(opening(lesson, state.language), theme=state.theme)
        return safe, [*wrong, error]
    try:
        refuse_long(state)
    except LayerError as error:
        wrong.append(error)
        state = replace(state, x=replace(state.x, edits=()), weight=replace(state.weight, edits=()), kept=None)
    if "step" not in query:
        state = replace(state, step=usual_step(state))
    return replace(state, step=min(state.step, steps - 1)), wrong


def usual_step(state: State) -> int:
    """The step that a link without one opens: that of what the lesson says then, or of the layer that the picture asks
    about; else the first."""
    told = state.told
    if told and told.step:
        return told.step % state.scene().steps
    picks = replace(state, step=0).scene().picks if VIEWS[state.seen].asks else ()
    return max((0, *(pick.step for pick in picks)))


def read_layer(state: State, text: str, lesson: Lesson) -> State:
    """The state with the layer, or the stack, of a text; raises LayerError for one that the lesson does not take."""
    try:
        text = unpacked_text(text)
    except ValueError:
        raise LayerError("notation", "layer", {"layer": lesson.opening}, value=text, nearest=lesson.opening) from None
    after = replace(state, layer=stack_from_text(text))
    own = getattr(after.layer, "views", (after.view,))
    after = after if after.view in own else replace(after, view=own[0])
    if not _takes(lesson, after):
        kinds = sorted(_stacked(lesson))
        stacks = [BETWEEN.join(kinds if len(kinds) > 1 else 2 * kinds)] if kinds else []
        wanted = ", ".join([*sorted(_alone(lesson)), *stacks])
        fix, nearest = {"layer": lesson.opening}, _elsewhere(after)
        raise LayerError("lesson_kind", "layer", fix, value=text, wanted=wanted, nearest=nearest)
    return after


def _takes(lesson: Lesson, state: State) -> bool:
    """Whether a lesson shows such a layer or stack."""
    if lesson.edits:
        if state.stack is not None:
            return spelled_of(state.layer) is None
        return state.single.kind in _alone(lesson) | {kind.kind for kind in REGISTRY}
    if state.stack is None or state.parameters:
        return state.single.kind in _alone(lesson) | _spelled(lesson)
    return {layer.kind for layer in state.stack.layers} <= _stacked(lesson)


def _alone(lesson: Lesson) -> set[str]:
    """The kinds of single layers that a lesson shows: its own, and those of its presets; of errors all or none."""
    shown = [setting(preset.setting) for preset in lesson.presets]
    kinds, misfits = {lesson.layer, *(one.kind for one in shown if not stack_of(one))}, {one.kind for one in MISFITS}
    return kinds | misfits if kinds & misfits else kinds


def _stacked(lesson: Lesson) -> set[str]:
    """The kinds of layers in the stacks that a lesson shows, if it shows any."""
    shown = [setting(preset.setting) for preset in lesson.presets]
    return {layer.kind for one in shown if (stack := stack_of(one)) and not spelled_of(one) for layer in stack.layers}


def _spelled(lesson: Lesson) -> set[str]:
    """The kinds of what its presets spell out as networks."""
    return {block.kind for preset in lesson.presets if (block := spelled_of(setting(preset.setting)))}


def _elsewhere(state: State) -> str:
    """Where to see a layer or a stack that this lesson does not show: another lesson's address, or the command."""
    text = state.text if len(state.text) <= SHOWN else f"{state.text[:SHOWN]}..."
    names = [name for name, lesson in LESSONS.items() if _takes(lesson, state)]
    other = min(names, key=lambda name: len(_stacked(LESSONS[name])), default=None)  # the one that is about no more
    return f"/{other}?layer={text}" if other else f'convviz gif "{text}"'


def read_view(state: State, text: str, lesson: Lesson) -> State:
    """The state in another view; raises LayerError for one that the lesson does not have."""
    networks = any(stack_of(setting(preset.setting)) for preset in lesson.presets)
    if text not in (*lesson.views, *(lesson.stack_views if networks else ())):
        raise LayerError("view_name", "view", {"view": lesson.views[0]}, value=text, nearest=lesson.views[0])
    return replace(state, view=text)


def _read_kept(state: State, text: str, lesson: Lesson) -> State:
    """The state compared with the setting of a text, which has the same weights where the link names no others."""
    return replace(state, kept=Kept(read_layer(state, text, lesson).layer, state.weight))


def _read_kept_weight(state: State, text: str, lesson: Lesson) -> State:
    return replace(state, kept=state.kept and replace(state.kept, weight=weights_from_text(text)))


def _read_theme(state: State, text: str, lesson: Lesson) -> State:
    if text not in (AUTO, *THEMES):
        raise LayerError("theme", "theme", {"theme": AUTO}, value=text, nearest=AUTO)
    return replace(state, theme=text)


def _read_language(state: State, text: str, lesson: Lesson) -> State:
    if text not in LANGUAGES:
        raise LayerError("language", "language", {"language": "en"}, value=text, nearest="en")
    return replace(state, language=text)


def _whole(field: str, text: str) -> int:
    if not (text.isdigit() and text.isascii() and len(text) <= 6):
        raise LayerError("count", field, {field: 0}, value=text, nearest=0)
    return int(text)


def _read_at(state: State, text: str, lesson: Lesson) -> State:
    """The state in which a row of its network, and perhaps one of the outputs, is asked about: both are there."""
    given = tuple(_whole("at", part) for part in text.split("_", 3)) if lesson.edits else ()
    return replace(state, at=within(state.layer, given))


def _read_tones(state: State, text: str, lesson: Lesson) -> State:
    return replace(state, tones=_switch("tones", text))


def _read_present(state: State, text: str, lesson: Lesson) -> State:
    return replace(state, present=_switch("present", text))


def _switch(field: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise LayerError("count", field, {field: 1}, value=text, nearest=1)
    return text == "1"


def _read_step(state: State, text: str, lesson: Lesson) -> State:
    return replace(state, step=_whole("step", text))


def _read_x(state: State, text: str, lesson: Lesson) -> State:
    """The state with other values; raises LayerError for a picture that somebody brought and that is not here."""
    values = values_from_text(text)
    if values.kind == "own":
        if not lesson.photo:
            raise LayerError("values", "values", {"values": "s0"}, value=text, nearest="s0")
        brought(values.name)
    return replace(state, x=values)


def _read_beat(state: State, text: str, lesson: Lesson) -> State:
    return replace(state, beat=min(_whole("beat", text), len(lesson.beats)))


def _read_myth(state: State, text: str, lesson: Lesson) -> State:
    return replace(state, beat=0, myth=min(_whole("myth", text), len(lesson.misconceptions)))


def _read_challenge(state: State, text: str, lesson: Lesson) -> State:
    if text not in ("0", "1"):
        raise LayerError("count", "challenge", {"challenge": 1}, value=text, nearest=1)
    return replace(state, beat=0, myth=0, challenge=True) if text == "1" else state


_READERS: dict[str, Callable[[State, str, Lesson], State]] = {
    "lang": _read_language,
    "theme": _read_theme,
    "layer": read_layer,
    "x": _read_x,
    "w": lambda state, text, lesson: replace(state, weight=weights_from_text(text)),
    "with": _read_kept,
    "with_w": _read_kept_weight,
    "view": read_view,
    "then": lambda state, text, lesson: replace(state, then=kernel_named(text).name if lesson.photo else ""),
    "at": _read_at,
    "tones": _read_tones,
    "present": _read_present,
    "beat": _read_beat,
    "myth": _read_myth,
    "challenge": _read_challenge,
    "step": _read_step,
}
