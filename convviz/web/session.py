"""One State a lesson, held in the session, restored from links, and changed in one place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.state import AUTO, State, from_query, opening
from convviz.text import DEFAULT, LANGUAGES
from convviz.themes import THEMES, Theme

UNDO = 100
"""How many states back an undo can go."""


def begin() -> None:
    """At the start of every run: language and colours, from the link where it names them, before their widgets.

    They are kept beside the widgets' own values, which Streamlit drops when a script turns to another page.
    """
    chosen = st.session_state.setdefault("chosen", {})
    if not chosen or _by_history():
        usual = {"language": (st.context.locale or DEFAULT)[:2], "theme": AUTO}
        if not _lesson_in_address():  # the start has no link of its own, and leaves both as they were
            usual |= chosen
        elif _by_history():  # a lesson's link leaves out what is usual
            usual["language"] = DEFAULT
        asked = {"language": st.query_params.get("lang"), "theme": st.query_params.get("theme")}
        for name, known in (("language", LANGUAGES), ("theme", (AUTO, *THEMES))):
            wanted = asked[name] or usual[name]
            chosen[name] = wanted if wanted in known else known[0]
    st.session_state.update(chosen)


def choose(name: str) -> None:
    """Take what the widget of the language or of the colours says."""
    st.session_state["chosen"][name] = st.session_state[name] or st.session_state["chosen"][name]
    changed()


def _lesson_in_address() -> bool:
    """Whether the browser stands on a lesson, and not on the start."""
    return (st.context.url or "").rstrip("/").rpartition("/")[2] in LESSONS


def _by_history() -> bool:
    """Whether this run answers the browser's Back or Forward."""
    context = get_script_run_ctx()
    return bool(context and context.is_history_navigation)


def language() -> str:
    """The language of the page."""
    return _chosen("language", DEFAULT)


def _chosen(name: str, otherwise: str) -> str:
    return str(st.session_state.get("chosen", {}).get(name, otherwise))


def theme() -> Theme:
    """The theme of the pictures; as the page, where none is chosen."""
    name = _chosen("theme", AUTO)
    if name in THEMES:
        return THEMES[name]
    return page_theme()


def page_theme() -> Theme:
    """The theme that the page around the pictures has, which only the browser's menu changes."""
    return THEMES["dark" if st.context.theme.type == "dark" else "light"]


def current(lesson: str) -> State:
    """The lesson's state: that of the link on arrival and on Back, else as it was left."""
    states = st.session_state.setdefault("states", {})
    here = (lesson, str(sorted(st.query_params.to_dict().items()))) if _by_history() else None
    if lesson not in states or (here and st.session_state.get("read") != here):
        state, wrong = from_query(st.query_params.to_dict(), lesson, language())
        states[lesson] = state
        st.session_state.setdefault("committed", {})[lesson] = state
        st.session_state["notices"] = wrong
        _refused().pop(lesson, None)
        seek()
    st.session_state["read"] = here
    return replace(states[lesson], language=language(), theme=_chosen("theme", AUTO))


def notices() -> list[LayerError]:
    """What could not be read of the link that was opened last; said once."""
    return st.session_state.pop("notices", [])


def verbatim(text: str) -> str:
    """Markdown that shows a text as it stands: it may hold a link's or a file's own words, which must not be markup.

    >>> verbatim("see [this](http://x)")
    '`see [this](http://x)`'
    """
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{' '.join(text.split())}{pad}{fence}"


def change(state: State, commit: bool = True) -> None:
    """Put a state in the place of the one before; `commit` makes it a step of the history."""
    _refused().pop(state.lesson, None)
    states = st.session_state.setdefault("states", {})
    if commit:
        before = st.session_state.get("committed", {}).get(state.lesson, states.get(state.lesson))
        if before is not None and before != state:
            past = st.session_state.setdefault("past", {}).setdefault(state.lesson, [])
            past.append(before)
            del past[:-UNDO]
        st.session_state.setdefault("committed", {})[state.lesson] = state
        changed()
    states[state.lesson] = state


def changed() -> None:
    """Say that the link is another now: the player writes it into the address, as a new step of the history."""
    st.session_state["stamp"] = st.session_state.get("stamp", 0) + 1


def update(lesson: str, how: Callable[[State], State], commit: bool = True) -> LayerError | None:
    """Change a lesson's state; where the new one cannot be shown, keep the old and return why."""
    try:
        state = how(current(lesson))
        state.scene()
    except LayerError as error:
        return error
    change(state, commit)
    return None


def _refused() -> dict[str, tuple[str, LayerError]]:
    found: dict[str, tuple[str, LayerError]] = st.session_state.setdefault("refused", {})
    return found


def refused(lesson: str) -> tuple[str, LayerError] | None:
    """The dial that was turned to what cannot be, and why it cannot."""
    return _refused().get(lesson)


def refuse(lesson: str, name: str, error: LayerError) -> None:
    """Say beside a dial why it cannot be where it was turned to."""
    _refused()[lesson] = (name, error)


def apart(to: bool | None = None) -> bool:
    """Whether each axis has a control of its own; `to` sets it."""
    if to is not None:
        st.session_state["apart"] = to
    return bool(st.session_state.get("apart"))


TOLD = 30
"""Links that one message tells at most."""


def told(lesson: str, links: list[str]) -> None:
    """Take the links of what the browser has shown already, the last one last: nothing of it is sent again.

    Each is a step of the history. Where the last is no link, what is known stays, and is sent.
    """
    for link in links[-TOLD:]:
        state, wrong = from_query(dict(parse_qsl(link)), lesson, language())
        st.session_state["told"] = None if wrong else lesson
        if not wrong and state != replace(current(lesson), step=state.step):
            change(state)


def sent(key: str, make: Callable[[], bytes], again: bool) -> bytes:
    """What a component is sent: made anew, or what it was sent last, where the browser shows what is newer already."""
    kept = st.session_state.setdefault("sent", {})
    if not again or key not in kept:
        kept[key] = make()
    return bytes(kept[key])


def was_told(lesson: str) -> bool:
    """Whether this run is only for telling the session what the browser shows."""
    return bool(st.session_state.pop("told", None) == lesson)


def can_undo(lesson: str) -> bool:
    """Whether there is a state to go back to."""
    return bool(st.session_state.get("past", {}).get(lesson))


def undo(lesson: str) -> None:
    """The state before the last change."""
    past = st.session_state.get("past", {}).get(lesson)
    if past:
        before = past.pop()
        st.session_state["states"][lesson] = before
        st.session_state.setdefault("committed", {})[lesson] = before
        _refused().pop(lesson, None)
        changed()


def stamp() -> int:
    """A number that grows with every step of the history."""
    return int(st.session_state.get("stamp", 0))


def seek() -> None:
    """Let the player go to the state's step, wherever it is now."""
    st.session_state["sought"] = sought() + 1


def sought() -> int:
    """A number that grows whenever the player is to go to the state's step."""
    return int(st.session_state.get("sought", 0))


def reset(lesson: str) -> None:
    """The lesson as it opens."""
    change(opening(lesson, language()))
