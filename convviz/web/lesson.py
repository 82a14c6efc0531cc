"""A lesson's page: its question, its presets, the picture with its controls, the beats, what people often think."""

from __future__ import annotations

import streamlit as st

from convviz.lessons.facts import facts
from convviz.state import State
from convviz.text import say
from convviz.web import beats, controls, exports, session, values
from convviz.web.player import dials, player


def lesson_page(name: str) -> None:
    """Show a lesson. The picture and what is turned beside it run alone when they change."""
    state = session.current(name)
    language = state.language
    for error in session.notices():
        st.warning(say("notice.link", language, reason=session.verbatim(error.text(language))))
    st.title(say(f"lesson.{name}.title", language))
    st.markdown(say(f"lesson.{name}.question", language))
    picture(name)
    values.choose(state)
    beats.tell(state)


@st.fragment
def picture(name: str) -> None:
    """Controls -> layer -> scene -> player."""
    state = session.current(name)
    theme = session.theme()
    dials(controls.dials(state), state.language, f"dials:{name}", lambda: _turned(name))
    scene = state.scene()
    player(
        scene,
        theme,
        state.language,
        f"player:{name}",
        on_edit=lambda: _edited(name),
        on_undo=lambda: session.undo(name),
        main=True,
        autoplay=state.step == 0,
        step=state.step,
        seek=session.sought(),
        look=beats.look(state),
        link=session.link(state),
        stamp=session.stamp(),
        undo=session.can_undo(name),
        **exports.offered(state, scene),
        note=cost(state),
    )


def cost(state: State) -> str:
    """What the layer costs, in words."""
    numbers = facts(state.layer)
    return say("cost.line", state.language, weights=numbers["weights"], macs=numbers["macs"])


def _turned(name: str) -> None:
    turn = st.session_state[f"dials:{name}"].turn
    if isinstance(turn, dict):
        controls.turned(name, turn)


def _edited(name: str) -> None:
    edit = st.session_state[f"player:{name}"].edit
    if isinstance(edit, dict):
        values.edited(name, edit)
