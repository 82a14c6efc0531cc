"""The presets of a lesson, and its views."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from convviz.layers.notation import from_text, to_text
from convviz.lessons import LESSONS
from convviz.state import State
from convviz.text import say
from convviz.web import session


def row(state: State) -> None:
    """A pill a preset; the one whose setting is shown is marked."""
    lesson, key = LESSONS[state.lesson], f"preset:{state.lesson}"
    shown = to_text(state.layer)
    st.session_state[key] = next((p.name for p in lesson.presets if p.setting == shown), None)
    st.pills(
        say("control.preset", state.language),
        [preset.name for preset in lesson.presets],
        format_func=lambda name: say(f"preset.{name}", state.language),
        key=key,
        label_visibility="collapsed",
        on_change=_chosen,
        args=(state.lesson,),
    )


def _chosen(lesson: str) -> None:
    name = st.session_state[f"preset:{lesson}"]
    if name:
        layer = from_text(LESSONS[lesson].preset(name).setting)
        session.update(lesson, lambda state: replace(state, layer=layer, step=0, beat=0))


def views(state: State) -> None:
    """The ways to look at the layer."""
    key = f"view:{state.lesson}"
    st.session_state[key] = state.view
    st.segmented_control(
        say("control.view", state.language),
        LESSONS[state.lesson].views,
        format_func=lambda view: say(f"view.{view}.label", state.language),
        key=key,
        label_visibility="collapsed",
        required=True,
        on_change=_viewed,
        args=(state.lesson,),
    )


def _viewed(lesson: str) -> None:
    view = st.session_state[f"view:{lesson}"]
    if view:
        session.update(lesson, lambda state: replace(state, view=view, step=0))
