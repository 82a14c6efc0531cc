"""The presets of a lesson, and its views."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from convviz.lessons import LESSONS
from convviz.network import BETWEEN, Network, stack_from_text, stack_to_text
from convviz.state import State
from convviz.text import say
from convviz.web import session


def row(state: State) -> None:
    """A pill a preset; the one whose setting is shown is marked."""
    lesson, key = LESSONS[state.lesson], f"preset:{state.lesson}"
    names = {preset.setting: say(f"preset.{preset.name}", state.language) for preset in lesson.presets}
    names |= {BETWEEN.join(stack): _rates(stack) for stack in lesson.stacks}
    shown = stack_to_text(state.layer)
    st.session_state[key] = shown if shown in names else None
    st.pills(
        say("control.preset", state.language),
        list(names),
        format_func=names.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=_chosen,
        args=(state.lesson,),
    )


def _rates(stack: tuple[str, ...]) -> str:
    """The label of a stack: the dilation rates of its layers."""
    return "d " + ", ".join(str(stack_from_text(text).dilation[0]) for text in stack)  # type: ignore[union-attr]


def _chosen(lesson: str) -> None:
    setting = st.session_state[f"preset:{lesson}"]
    if setting:
        layer = stack_from_text(setting)
        session.update(lesson, lambda state: replace(state, layer=layer, step=0, beat=0))


def views(state: State) -> None:
    """The ways to look at the layer."""
    key = f"view:{state.lesson}"
    if isinstance(state.layer, Network):
        st.caption(say("coverage.stack", state.language))
        return
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
