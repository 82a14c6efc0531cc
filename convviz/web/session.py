"""One State per lesson: held in the session, restored from links, changed in one place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.page import fixes
from convviz.page.link import from_query
from convviz.page.sources import still_here
from convviz.page.state import AUTO, State, opening
from convviz.page.turn import outcome, tried
from convviz.text import DEFAULT, LANGUAGES
from convviz.themes import THEMES, Theme
from convviz.web import held


def begin() -> None:
    """At the start of every run, before the widgets: set language and colours from the link, if it names them."""
    chosen = held.session().chosen
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
    chosen = held.session().chosen
    chosen[name] = held.said(name) or chosen[name]
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
    return held.session().chosen.get(name, otherwise)


def colours() -> str:
    """The name of the theme that was chosen, or AUTO."""
    return _chosen("theme", AUTO)


def theme() -> Theme:
    """The theme of the pictures; the page's own where none is chosen."""
    name = colours()
    if name in THEMES:
        return THEMES[name]
    return page_theme()


def page_theme() -> Theme:
    """The theme that the page around the pictures has, which the browser and its menu change."""
    return THEMES["dark" if st.context.theme.type == "dark" else "light"]


def current(lesson: str) -> State:
    """The lesson's state: that of the link on arrival and on Back, else as it was left."""
    session = held.session()
    _learn(session)
    here = (lesson, str(sorted(st.query_params.to_dict().items()))) if _by_history() else None
    if lesson not in session.states or (here and session.read != here):
        query = st.query_params.to_dict()
        state, wrong = from_query(query, lesson, language())
        session.notices = [fixes.of_link(state, query, error) for error in wrong]
        session.states[lesson] = session.committed[lesson] = state
        session.refused.pop(lesson, None)
        session.sought += 1
    session.read = here
    state, gone = still_here(session.states[lesson])
    if gone:
        session.notices.append(gone)
        session.states[lesson] = session.committed[lesson] = state
    said, shades = language(), colours()
    if (state.language, state.theme) == (said, shades):
        return state  # itself, with the text that it has written
    return replace(state, language=said, theme=shades)


def notices() -> list[LayerError]:
    """What could not be read of the link that was opened last; said once."""
    session = held.session()
    found, session.notices = session.notices, []
    return found


def verbatim(text: str) -> str:
    """Markdown that shows a text literally: words of a link or a file must not become markup.

    >>> verbatim("see [this](http://x)")
    '`see [this](http://x)`'
    """
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{' '.join(text.split())}{pad}{fence}"


def change(state: State, commit: bool = True) -> None:
    """Replace the state; `commit` makes it a step of the history."""
    session, lesson = held.session(), state.lesson
    session.refused.pop(lesson, None)
    if commit:
        before = session.committed.get(lesson, session.states.get(lesson))
        if before is not None and before != state:
            past = session.past.setdefault(lesson, [])
            past.append(before)
            del past[: -held.PAST]
        session.committed[lesson] = state
        session.stamp += 1
    session.states[lesson] = state


def changed() -> None:
    """Mark the link as changed: the player writes it into the address as a new step of the history."""
    held.session().stamp += 1


def do(lesson: str, asked: dict[str, object]) -> LayerError | None:
    """Do what was asked on a lesson's page (see `convviz.page.turn`); returns the refusal, unless a dial shows it."""
    came = outcome(current(lesson), asked, apart(), held.picture(held.session(), lesson))
    if not came.refused:
        apart(came.apart)
        change(came.state, came.kept)
        return None
    name, error = came.refused
    if not name:
        return error
    refuse(lesson, name, error)
    return None


def update(lesson: str, how: Callable[[State], State]) -> LayerError | None:
    """Change a lesson's state; where the new one cannot be shown, keep the old and return why."""
    found = tried(current(lesson), how)
    if isinstance(found, LayerError):
        return found
    change(found)
    return None


def refused(lesson: str) -> tuple[str, LayerError] | None:
    """The dial that was turned to an impossible value, and the reason."""
    return held.session().refused.get(lesson)


def refuse(lesson: str, name: str, error: LayerError) -> None:
    """Show beside a dial why its new value is impossible."""
    held.session().refused[lesson] = (name, error)


def apart(to: bool | None = None) -> bool:
    """Whether each axis has a control of its own; `to` sets it."""
    session = held.session()
    if to is not None:
        session.apart = to
    return session.apart


def _learn(session: held.Held) -> None:
    """Take what was answered and is shown. What was asked of another picture than the last one is forgotten."""
    with session.lock:
        heard, session.news, session.heard = session.news, [], session.told
    for before, after, each in heard:
        now = session.states.get(after.lesson)
        if now and _shape(now) == _shape(before):
            session.apart = each
            if _shape(now) != _shape(after):
                change(replace(after, step=now.step))


def _shape(state: State) -> State:
    """The state with the fields that do not affect the picture reset."""
    return replace(state, step=0, language=DEFAULT, theme=AUTO, present=False)


def can_undo(lesson: str) -> bool:
    """Whether there is a state to go back to."""
    return bool(held.session().past.get(lesson))


def undo(lesson: str) -> None:
    """The state before the last change."""
    session = held.session()
    _learn(session)
    if past := session.past.get(lesson):
        session.states[lesson] = session.committed[lesson] = past.pop()
        session.refused.pop(lesson, None)
        session.stamp += 1


def focus(name: str = "") -> dict[str, object]:
    """The dial to which the page's script last moved the keyboard focus; `name` moves it."""
    session = held.session()
    if name:
        session.focus = {"name": name, "at": session.focus.get("at", 0) + 1}
    return session.focus


def stamp() -> int:
    """A number that grows with every step of the history."""
    return held.session().stamp


def seek() -> None:
    """Make the player go to the state's step."""
    held.session().sought += 1


def sought() -> int:
    """A number that grows whenever the player is to go to the state's step."""
    return held.session().sought


def reset(lesson: str) -> None:
    """The lesson as it opens."""
    change(opening(lesson, language()))
