"""The start: the classic figures, alive, each opening its lesson with its settings."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from convviz.classics import CLASSICS, lesson_of
from convviz.layers import Layer
from convviz.lessons.facts import facts
from convviz.page.state import opening
from convviz.scene.build import scene
from convviz.text import say
from convviz.web import held, navigation, session
from convviz.web.player import player


def home_page() -> None:
    """The gallery."""
    language = session.language()
    st.title(say("home.title", language), anchor=False)
    st.markdown(say("home.lead", language))
    mine = held.session()
    asked, mine.opening = mine.opening, None
    if st.button(say("home.open", language), type="primary"):
        st.switch_page(navigation.lesson("convolution", language))
    if asked:
        st.switch_page(navigation.lesson(lesson_of(asked), language))
    st.header(say("gallery.title", language), anchor=False)
    st.markdown(say("gallery.symbols", language))
    with st.container(key="gallery"):  # whose style lays the cards out
        for name, layer in CLASSICS:
            card(name, layer, language)


def card(name: str, layer: Layer, language: str) -> None:
    """One figure with its name and whose parameters it shows."""
    caption = "gallery.caption.transposed" if layer.spreads else "gallery.caption"
    shown = {
        "mini": True,
        "first": name == CLASSICS[0][0],
        "title": say(f"preset.{name}", language),
        "caption": say(caption, language, **facts(layer)),
    }
    player(
        scene(layer, "isometric", language, plain=True),
        shown,
        session.theme(),
        language,
        f"card:{name}",
        on_open=lambda: _open(name, layer, language),
    )


def _open(name: str, layer: Layer, language: str) -> None:
    """Make the figure its lesson's state; the page then turns to that lesson."""
    lesson = lesson_of(name)
    session.change(replace(opening(lesson, language), layer=layer, view="isometric"))
    held.session().opening = name
