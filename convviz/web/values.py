"""Where the values in the cells come from: photographs, shapes, seeded numbers, a picture that somebody brings."""

from __future__ import annotations

import streamlit as st

from convviz.page.offers import offered
from convviz.page.state import State
from convviz.text import say
from convviz.web import held, session
from convviz.web.player import sources


def choose(state: State) -> None:
    """A popover with the sources of the input's values; what only counts, in every view of it, has none."""
    if not state.offers_values:
        return
    language, name, mine = state.language, state.lesson, held.session()
    with st.popover(say("control.values", language)):
        told = offered(state, held.picture(mine, name)) | {"heard": mine.heard, "session": mine.name}
        sources(told, f"sources:{name}", on_turn=lambda: _turned(name))
        st.button(say("values.reset", language), key=f"reset:{name}", on_click=session.reset, args=(name,))


def _turned(name: str) -> None:
    turn = getattr(held.said(f"sources:{name}"), "turn", None)
    if isinstance(turn, dict):
        session.do(name, {"turn": turn})
