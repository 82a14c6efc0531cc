"""The lesson's words beside its picture: beats that set what they speak of, and what people often think."""

from __future__ import annotations

import re
from dataclasses import replace

import streamlit as st

from convviz.layers.notation import from_text
from convviz.lessons import LESSONS
from convviz.lessons.facts import facts
from convviz.lessons.lesson import Beat, Misconception
from convviz.scene.scene import REFERENCE
from convviz.state import State
from convviz.text import say
from convviz.web import session


def words(key: str, state: State, setting: str | None) -> str:
    """A text of the lesson with its numbers, the words that name parts of the picture in bold."""
    numbers = facts(from_text(setting) if setting else state.layer)
    text = say(f"lesson.{state.lesson}.{key}", state.language, **numbers)
    return re.sub(r"\s+", " ", REFERENCE.sub(r"**\2**", text))


def tour(state: State) -> None:
    """The beats, one after another, each with a button that shows what it says."""
    lesson = LESSONS[state.lesson]
    st.subheader(say("tour.title", state.language))
    for number, beat in enumerate(lesson.beats, start=1):
        text, button = st.columns([6, 1], vertical_alignment="center")
        text.markdown(f"{number}. {words(f'beat.{beat.name}', state, beat.setting)}")
        button.button(
            say("myths.show", state.language),
            key=f"beat:{state.lesson}:{number}",
            on_click=_show,
            args=(state.lesson, beat, number),
            type="primary" if state.beat == number else "secondary",
        )


def myths(state: State) -> None:
    """What people often think, what is so, and the setting that shows it."""
    lesson = LESSONS[state.lesson]
    if not lesson.misconceptions:
        return
    st.subheader(say("myths.title", state.language))
    for myth in lesson.misconceptions:
        with st.expander(words(f"myth.{myth.name}.think", state, myth.setting)):
            st.markdown(words(f"myth.{myth.name}.so", state, myth.setting))
            st.button(
                say("myths.show", state.language),
                key=f"myth:{state.lesson}:{myth.name}",
                on_click=_show,
                args=(state.lesson, myth, 0),
            )


def _show(lesson: str, shown: Beat | Misconception, number: int) -> None:
    """Set the page to what a beat or a myth speaks of; what it leaves open stays."""

    def set_up(state: State) -> State:
        layer = from_text(shown.setting) if shown.setting else state.layer
        step = getattr(shown, "step", None) or 0
        return replace(state, layer=layer, view=shown.view or state.view, step=step, beat=number)

    session.update(lesson, set_up)
