"""The start: what a convolution does, in a picture that moves, the lessons, and the classic figures."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock

import streamlit as st

from convviz.page.start import places, start
from convviz.text import say
from convviz.themes import Theme
from convviz.web import held, navigation, session
from convviz.web import player as components

KEY = "start"
_DRAWING = Lock()


def home_page() -> None:
    """The start; where one of its pictures was asked to open, the lesson that it leads to."""
    language, mine = session.language(), held.session()
    asked, mine.opening = mine.opening, None
    if asked:
        st.switch_page(navigation.lesson(asked, language))
    st.title(say("home.title", language), anchor=False)
    st.markdown(say("home.lead", language))
    components.start(told(language, session.colours(), session.page_theme()), KEY, on_open=_open)


def told(language: str, colours: str, page: Theme) -> bytes:
    """What the start is told; where it is being drawn already, that is waited for. See `convviz.page.start`."""
    with _DRAWING:
        return start(language, colours, page)


def _open() -> None:
    """Make what was opened its lesson's state, a lesson's own card excepted; the page then turns to the lesson."""
    asked = getattr(held.said(KEY), "open", None) or {}
    name, step = str(asked.get("to")), asked.get("step")
    state = places(session.language()).get(name)
    if state is None:
        return
    if not name.startswith("lesson."):  # which is found as it was left
        session.change(replace(state, step=step if type(step) is int and 0 <= step < state.scene().steps else 0))
    held.session().opening = state.lesson
