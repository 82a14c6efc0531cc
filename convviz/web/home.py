"""The start: the classic figures, alive, each opening its lesson with its settings."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from convviz.classics import CLASSICS, lesson_of
from convviz.layers import Layer
from convviz.lessons.facts import facts
from convviz.scene.build import scene
from convviz.state import opening
from convviz.text import say
from convviz.web import session, shell_words
from convviz.web.player import player

COLUMNS = 4


def home_page() -> None:
    """The gallery."""
    language = session.language()
    st.title(say("home.title", language))
    st.markdown(say("home.lead", language))
    if st.button(say("home.open", language), type="primary"):
        st.switch_page(shell_words.lesson("convolution", language))
    st.subheader(say("gallery.title", language))
    st.markdown(say("gallery.lead", language))
    for start in range(0, len(CLASSICS), COLUMNS):
        for column, (name, layer) in zip(st.columns(COLUMNS), CLASSICS[start : start + COLUMNS], strict=False):
            with column:
                card(name, layer, language)


def card(name: str, layer: Layer, language: str) -> None:
    """One figure with its name and the settings it shows."""
    player(scene(layer, "isometric", language, plain=True), session.theme(), language, f"card:{name}", mini=True)
    title = say(f"preset.{name}", language)
    if st.button(title, key=f"open:{name}", type="tertiary", width="stretch"):
        lesson = lesson_of(name)
        session.open_lesson(lesson, replace(opening(lesson, language), layer=layer, view="isometric"))
        st.switch_page(shell_words.lesson(lesson, language))
    caption = "gallery.caption.transposed" if layer.kind == "tconv" else "gallery.caption"
    st.caption(say(caption, language, **facts(layer)), text_alignment="center")
