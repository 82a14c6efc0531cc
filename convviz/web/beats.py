"""The lesson's words beside its picture: beats that set what they speak of, and what people often think."""

from __future__ import annotations

import re
from dataclasses import replace

import streamlit as st

from convviz.lessons import LESSONS
from convviz.lessons.facts import facts
from convviz.lessons.lesson import Beat, Misconception
from convviz.network import BETWEEN, stack_from_text
from convviz.scene.scene import REFERENCE
from convviz.state import State
from convviz.text import say
from convviz.web import session


def words(key: str, state: State, shown: Beat | Misconception) -> str:
    """A text of the lesson with its numbers, the words that name parts of the picture in bold."""
    setting = setting_of(shown)
    numbers = facts(stack_from_text(setting) if setting else state.layer)
    text = say(f"lesson.{state.lesson}.{key}", state.language, **numbers)
    return re.sub(r"\s+", " ", REFERENCE.sub(r"**\2**", text))


def look(state: State) -> str:
    """The role that the open beat speaks of."""
    return LESSONS[state.lesson].beats[state.beat - 1].look if state.beat else ""


def setting_of(shown: Beat | Misconception) -> str | None:
    """The text of the layer or the stack that a beat sets, or None where it leaves what is there."""
    return BETWEEN.join(getattr(shown, "network", ())) or shown.setting


def tour(state: State) -> None:
    """The beats, one after another, each with a button that shows what it says."""
    lesson = LESSONS[state.lesson]
    st.subheader(say("tour.title", state.language))
    for number, beat in enumerate(lesson.beats, start=1):
        text, button = st.columns([6, 1], vertical_alignment="center")
        text.markdown(f"{number}. {words(f'beat.{beat.name}', state, beat)}")
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
        with st.expander(words(f"myth.{myth.name}.think", state, myth)):
            st.markdown(words(f"myth.{myth.name}.so", state, myth))
            st.button(
                say("myths.show", state.language),
                key=f"myth:{state.lesson}:{myth.name}",
                on_click=_show,
                args=(state.lesson, myth, 0),
            )


def _show(lesson: str, shown: Beat | Misconception, number: int) -> None:
    """Set the page to what a beat or a myth speaks of; what it leaves open stays."""

    def set_up(state: State) -> State:
        setting = setting_of(shown)
        layer = stack_from_text(setting) if setting else state.layer
        step = getattr(shown, "step", None) or 0
        return replace(state, layer=layer, view=shown.view or state.view, step=step, beat=number)

    session.update(lesson, set_up)
    session.seek()
