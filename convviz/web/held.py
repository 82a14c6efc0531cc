"""What a session holds: one object, read in a way that does not let Streamlit interrupt the reader.

A look at `st.session_state` is where Streamlit ends a run for a newer message; in the midst of a callback, that would
leave a change half made and forget the rest of it. `to_dict` is no such place.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_urlsafe
from threading import Lock
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

import streamlit as st

from convviz.errors import LayerError
from convviz.layers.linear import Array
from convviz.page.brought import brought
from convviz.page.state import State

PAST = 100
"""How many states are kept, and so how far back an undo can go."""


class News(NamedTuple):
    """An answer that the browser shows: the states before and after, and whether each axis has a control of its own."""

    before: State
    after: State
    apart: bool


@dataclass(eq=False)
class Held:
    """What a session holds besides the values of Streamlit's widgets; what belongs to a lesson is stored by lesson.

    chosen: language and theme, kept here because Streamlit drops a widget's value when a script turns to another page;
    states: what is shown; committed: what was shown at the last step of the history; past: those before, for undo;
    refused: the dial that was turned to what cannot be, and why; stamp, sought, focus: see their functions; opening:
    the lesson that was opened from the start; pictures: those uploaded, as numbers, or the
    names of large ones; name: the secret token of the
    session; news: answers that the session has not taken up yet; told, heard: how many answers came, and how many of
    them the page's script knew of when it ran.
    """

    chosen: dict[str, str] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    committed: dict[str, State] = field(default_factory=dict)
    past: dict[str, list[State]] = field(default_factory=dict)
    refused: dict[str, tuple[str, LayerError]] = field(default_factory=dict)
    notices: list[LayerError] = field(default_factory=list)
    read: tuple[str, str] | None = None
    pictures: dict[str, Array | str] = field(default_factory=dict)
    opening: str | None = None
    apart: bool = False
    focus: dict[str, Any] = field(default_factory=dict)
    stamp: int = 0
    sought: int = 0
    name: str = field(default_factory=token_urlsafe)
    news: list[News] = field(default_factory=list)
    told: int = 0
    heard: int = 0
    lock: Lock = field(default_factory=Lock)


_BY_NAME: WeakValueDictionary[str, Held] = WeakValueDictionary()


def session() -> Held:
    """This session's object."""
    found = said("held")
    if not isinstance(found, Held):
        found = st.session_state["held"] = Held()
        _BY_NAME[found.name] = found
    return found


def picture(session: Held | None, lesson: str) -> Array | None:
    """The picture that was brought to a lesson's page, (rows, columns) of greys, or (rows, columns, 3) where it is
    filtered whole; None where there is none."""
    found = session.pictures.get(lesson) if session else None
    if not isinstance(found, str):
        return found
    with suppress(LayerError):
        return brought(found)
    return None


def known(name: str) -> Held | None:
    """The session of this process that has a name."""
    return _BY_NAME.get(name)


def said(key: str) -> Any:
    """What a widget or a component says; None if it says nothing, for example when the page was just left."""
    return st.session_state.to_dict().get(key)


def hear(name: str, news: News, again: bool) -> int:
    """Tell a session what was answered, from any thread; returns how many answers it knows, 0 for another process's.

    again: the answer takes the place of the one before.
    """
    found = _BY_NAME.get(name)
    if found is None:
        return 0
    with found.lock:
        found.told += 1
        if again and found.news:
            news = news._replace(before=found.news.pop().before)
        found.news.append(news)
        if len(found.news) > PAST:  # the two oldest steps become one
            first = found.news.pop(0)
            found.news[0] = found.news[0]._replace(before=first.before)
        return found.told
