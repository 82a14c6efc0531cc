"""Taking the picture away: the animation is made when its button is clicked, off the page's own thread."""

from __future__ import annotations

import io

import streamlit as st

from convviz.network import stack_to_text
from convviz.scene.scene import Scene
from convviz.state import State
from convviz.text import say
from convviz.themes import Theme
from convviz.web import session

SECONDS_A_FRAME = 0.004
"""What a frame of a picture takes to draw and store on two cores, for the estimate beside the button."""


def file_name(state: State) -> str:
    """A name that says the settings, without its suffix.

    >>> from convviz.state import opening
    >>> file_name(opening("dilated"))
    'conv2d-i7-k3-d2-flat'
    """
    return f"{stack_to_text(state.layer).replace('~', '+')}-{state.view}"


def row(state: State, scene: Scene) -> None:
    """The button of the animation, with how long it takes."""
    theme, language = session.theme(), state.language
    seconds = max(0.1, scene.steps * SECONDS_A_FRAME * (1 + scene.cells / 1500))
    estimate = say("export.estimate", language, seconds=f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}")
    st.download_button(
        f"{say('export.gif', language)} · {estimate}",
        data=lambda: animation(scene, theme, language),
        file_name=f"{file_name(state)}.gif",
        mime="image/gif",
        on_click="ignore",
        key=f"gif:{state.lesson}",
        help=say("export.help", language),
    )


def animation(scene: Scene, theme: Theme, language: str) -> bytes:
    """The scene as a GIF."""
    import convviz as cv

    file = io.BytesIO()
    cv.save(scene, file, theme=theme.name, language=language, suffix=".gif")
    return file.getvalue()
