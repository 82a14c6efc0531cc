"""A lesson's page: its question, its presets, the picture with its controls, the beats, what people often think."""

from __future__ import annotations

import streamlit as st

from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.page import fixes
from convviz.page.dials import dials as dials_of
from convviz.page.offers import standing
from convviz.page.shown import shown
from convviz.page.state import State
from convviz.scene.scene import Scene
from convviz.text import say
from convviz.themes import Theme
from convviz.web import beats, held, session, values
from convviz.web.player import dials, player


def lesson_page(name: str) -> None:
    """Show a lesson. The picture, what is turned beside it and what is told of it run alone when they change."""
    state = session.current(name)
    language = state.language
    with st.container():  # also where it is empty: what follows keeps its place, and so is not made anew
        for error in session.notices():
            _notice(name, error, language)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="head"):
        st.title(say(f"lesson.{name}.title", language), width="content", anchor=False)
        st.markdown(say(f"lesson.{name}.question", language))
        values.choose(state)
    picture(name)


def _notice(name: str, error: LayerError, language: str) -> None:
    """Say what of a link could not be read, with a button that sets the nearest that can be, where there is one."""
    st.warning(say("notice.link", language, reason=session.verbatim(error.text(language))))
    if error.fix:
        st.button(fixes.label(error.fix, language), key=f"fix:{name}", on_click=_mend, args=(name, error.fix))


def _mend(name: str, fix: dict[str, object]) -> None:
    """Set what a notice offers. Its button goes away, so the keyboard goes to the dial that it has set."""
    session.update(name, lambda state: fixes.fixed(state, fix))
    session.focus(next((dial for dial in fix if dial != "layer"), "preset"))


@st.fragment
def picture(name: str) -> None:
    """Controls -> layer -> scene -> player."""
    state, theme = session.current(name), session.theme()
    dials(
        {
            "dials": dials_of(state, session.apart(), session.refused(name)),
            "stamp": session.stamp(),
            "heard": held.session().heard,  # an answer that was dropped is shown nowhere any more, in the dials neither
            "focus": session.focus(),
        },
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


def lesson_scene(state: State, theme: Theme) -> tuple[Scene, dict[str, object]]:
    """The scene of a state, and what a lesson's player is sent beside it."""
    scene, others = shown(state, theme)
    if state.offers_values:
        picture = held.picture(held.session(), state.lesson)
        others["input"] = standing(state, picture) if state.takes_values else None
    return scene, others | {
        "main": True,
        "lesson": state.lesson,
        "lessons": [*LESSONS],
        "present": state.present,
        "apart": session.apart(),
        "session": held.session().name,
        "heard": held.session().heard,
        "autoplay": state.step == 0 and not (state.beat or state.myth),
        "step": state.step,
        "seek": session.sought(),
        "stamp": session.stamp(),
        "undo": session.can_undo(state.lesson),
    }


def _said(key: str, event: str) -> object:
    """What a component said; None where the page was left at the same moment."""
    return getattr(held.said(key), event, None)


def _turned(name: str) -> None:
    turn = _said(f"dials:{name}", "turn")
    if isinstance(turn, dict):
        session.do(name, {"turn": turn})


def _edited(name: str) -> None:
    edit = _said(f"player:{name}", "edit")
    if isinstance(edit, dict) and (error := session.do(name, {"edit": edit})):
        st.toast(session.verbatim(error.text(session.language())))
