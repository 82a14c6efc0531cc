"""A lesson's page: its question, its presets, the picture with its controls, the beats, what people often think."""

from __future__ import annotations

from typing import Any

import streamlit as st

from convviz.scene.scene import Scene
from convviz.state import State
from convviz.text import say
from convviz.themes import Theme
from convviz.web import answers, beats, controls, held, session, values
from convviz.web.player import dials, player


def lesson_page(name: str) -> None:
    """Show a lesson. The picture, what is turned beside it and what is told of it run alone when they change."""
    state = session.current(name)
    language = state.language
    for error in session.notices():
        st.warning(say("notice.link", language, reason=session.verbatim(error.text(language))))
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", gap="xsmall"):
        st.title(say(f"lesson.{name}.title", language), width="content")
        values.choose(state)
    st.markdown(say(f"lesson.{name}.question", language))
    picture(name)


@st.fragment
def picture(name: str) -> None:
    """Controls -> layer -> scene -> player."""
    state, theme = session.current(name), session.theme()
    dials(
        {"dials": controls.dials(state, session.apart(), session.refused(name)), "stamp": session.stamp()},
        state.language,
        f"dials:{name}",
        on_turn=lambda: _turned(name),
    )
    player(
        *lesson_scene(state, theme),
        theme,
        state.language,
        f"player:{name}",
        on_edit=lambda: _edited(name),
        on_undo=lambda: session.undo(name),
        on_show=lambda: beats.show_asked(name, f"player:{name}"),
    )
    beats.tell(state)


def lesson_scene(state: State, theme: Theme) -> tuple[Scene, dict[str, Any]]:
    """The scene of a state, and what a lesson's player is sent beside it."""
    scene, others = answers.shown(state, theme)
    return scene, others | {
        "main": True,
        "lesson": state.lesson,
        "apart": session.apart(),
        "session": held.session().name,
        "autoplay": state.step == 0 and not state.beat,
        "step": state.step,
        "seek": session.sought(),
        "look": beats.look(state),
        "stamp": session.stamp(),
        "undo": session.can_undo(state.lesson),
    }


def _said(key: str, event: str) -> Any:
    """What a component said; None where the page was left at the same moment."""
    return getattr(held.said(key), event, None)


def _turned(name: str) -> None:
    turn = _said(f"dials:{name}", "turn")
    if not isinstance(turn, dict):
        return
    if turn.get("name") == controls.AXES:
        session.apart(bool(turn.get("value")))
    error = session.update(name, lambda state: controls.turned(state, turn), bool(turn.get("commit")))
    if error:
        session.refuse(name, str(turn.get("name")), error)


def _edited(name: str) -> None:
    edit = _said(f"player:{name}", "edit")
    if not isinstance(edit, dict):
        return
    error = session.update(name, lambda state: values.edited(state, edit))
    if error:
        st.toast(session.verbatim(error.text(session.language())))
