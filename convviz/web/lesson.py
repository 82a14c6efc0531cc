"""A lesson's page: its question, its presets, the picture with its controls, the beats, what people often think."""

from __future__ import annotations

from typing import Any

import streamlit as st

from convviz.scene.scene import Scene
from convviz.state import State
from convviz.text import say
from convviz.themes import Theme
from convviz.web import answers, beats, controls, session, values
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
    """Controls -> layer -> scene -> player. What the browser shows already is not sent again."""
    again = session.was_told(name)
    state, theme = session.current(name), session.theme()
    dials(
        lambda: {
            "dials": controls.dials(state, session.apart(), session.refused(name)),
            "stamp": session.stamp(),
        },
        state.language,
        f"dials:{name}",
        on_turn=lambda: _turned(name),
        again=again,
    )
    player(
        lambda: lesson_scene(state, theme),
        theme,
        state.language,
        f"player:{name}",
        on_edit=lambda: _edited(name),
        on_undo=lambda: _undone(name),
        again=again,
    )


def lesson_scene(state: State, theme: Theme) -> tuple[Scene, dict[str, Any]]:
    """The scene of a state, and what a lesson's player is sent beside it."""
    scene, others = answers.shown(state, theme)
    return scene, others | {
        "main": True,
        "lesson": state.lesson,
        "apart": session.apart(),
        "autoplay": state.step == 0,
        "step": state.step,
        "seek": session.sought(),
        "look": beats.look(state),
        "stamp": session.stamp(),
        "undo": session.can_undo(state.lesson),
    }


def _said(key: str, event: str) -> Any:
    """What a component said; None where the page was left at the same moment."""
    return getattr(st.session_state.get(key), event, None)


def _told(name: str, event: Any) -> bool:
    """Whether an event tells what the browser shows already; then the session knows it too."""
    links = event.get("links") if isinstance(event, dict) else None
    if not isinstance(links, list):
        return False
    session.apart(bool(event.get("apart", session.apart())))
    session.told(name, [link for link in links if isinstance(link, str)])
    return True


def _turned(name: str) -> None:
    turn = _said(f"dials:{name}", "turn")
    if _told(name, turn) or not isinstance(turn, dict):
        return
    if turn.get("name") == controls.AXES:
        session.apart(bool(turn.get("value")))
    error = session.update(name, lambda state: controls.turned(state, turn), bool(turn.get("commit")))
    if error:
        session.refuse(name, str(turn.get("name")), error)


def _edited(name: str) -> None:
    edit = _said(f"player:{name}", "edit")
    if _told(name, edit) or not isinstance(edit, dict):
        return
    error = session.update(name, lambda state: values.edited(state, edit))
    if error:
        st.toast(session.verbatim(error.text(session.language())))


def _undone(name: str) -> None:
    _told(name, _said(f"player:{name}", "undo"))
    session.was_told(name)  # what was before is not what the browser shows
    session.undo(name)
