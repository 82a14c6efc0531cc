"""What the shell is made of: the pages with their titles, the settings in the sidebar, the page's own style."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from convviz.lessons import LESSONS
from convviz.state import AUTO
from convviz.text import LANGUAGES, say
from convviz.themes import THEMES
from convviz.web import session

PAGES = Path(__file__).parents[2] / "pages"
LANGUAGE_NAMES = {"en": "English", "zh": "中文"}
SPACING = """<style>
.stMainBlockContainer { padding-top: 2.6rem; padding-bottom: 3rem; max-width: 78rem }
.stMainBlockContainer h1 { padding-bottom: .1rem }
</style>"""


def pages(language: str) -> dict[str, list[st.Page]]:  # type: ignore[valid-type]
    """The navigation: the start, then the lessons in teaching order."""
    home = st.Page(PAGES / "home.py", title=say("nav.home", language), url_path="home", default=True)
    lessons = [
        st.Page(PAGES / f"{name}.py", title=say(f"lesson.{name}.short", language), url_path=name) for name in LESSONS
    ]
    return {"": [home], say("nav.lessons", language): lessons}


def settings() -> None:
    """Language and colours, at the sidebar's foot."""
    language = session.language()
    with st.sidebar:
        st.segmented_control(
            say("control.language", language),
            LANGUAGES,
            format_func=LANGUAGE_NAMES.__getitem__,
            key="language",
            required=True,
            on_change=session.changed,
        )
        st.selectbox(
            say("control.theme", language),
            (AUTO, *THEMES),
            format_func=lambda name: say(f"theme.{name}", language),
            key="theme",
            on_change=session.changed,
        )


def style() -> None:
    """Spacing that the theme's options do not reach."""
    st.html(SPACING)
