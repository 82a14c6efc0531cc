"""What is around every page: the list of pages with their titles, the settings in the sidebar, the style."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import streamlit as st

from convviz.lessons import LESSONS
from convviz.page.state import AUTO
from convviz.text import LANGUAGES, say
from convviz.themes import THEMES
from convviz.web import session

PAGES = Path(__file__).parents[2] / "pages"
LANGUAGE_NAMES = {"en": "English", "zh": "中文"}
SPACING = """<style>
@media (min-width: 768px) {
  .stSidebar[data-collapsed="false"] { width: 232px !important; min-width: 232px !important }
}
.stAppHeader { background: transparent }
.stAppHeader, .stAppHeader * { pointer-events: none }
.stAppHeader :is(button, a), .stAppHeader :is(button, a) * { pointer-events: auto }
.stMainBlockContainer { padding: 1.3rem 2.2rem 3rem; max-width: 78rem }
@media (min-width: 641px) {
  body:has(.stSidebar[data-collapsed="true"]) .stMainBlockContainer { padding-top: 3.6rem }
}
.stMainBlockContainer h1 { padding: 0 0 .35rem; font-size: 2.1rem }
.stMainBlockContainer h2 { padding: .6rem 0 .2rem; font-size: 1.5rem }
/* the accent on its own tint is too pale to be read */
.stSidebar [role="radio"][aria-checked="true"] p { color: color-mix(in srgb, currentColor, light-dark(#000, #fff) 25%) }
/* a lesson: the picture has what the window leaves */
.stMainBlockContainer:has(.st-key-head) { max-width: 104rem }
@media (min-width: 641px) {
  body .stMainBlockContainer.stMainBlockContainer:has(.st-key-head) { padding-top: .1rem }
  body:has(.stSidebar[data-collapsed="true"]) .st-key-head { padding-left: 5.5rem }
}
@media (min-width: 641px) and (min-height: 900px) {
  body .stMainBlockContainer.stMainBlockContainer:has(.st-key-head) { padding-top: .9rem }
}
.stMainBlockContainer:has(.st-key-head) .stVerticalBlock { gap: .4rem }
.st-key-head { align-items: center; min-height: 2.4rem }
.st-key-head h1 { padding: 0; font-size: 1.65rem }
.st-key-head [data-testid="stMarkdownContainer"] p { font-size: .95rem; line-height: 1.25 }
.st-key-head button { min-height: 2.1rem; padding-block: .15rem }
html[data-no-values] .st-key-head [data-testid="stPopover"] { visibility: hidden }
@media (min-width: 900px) {
  .st-key-head { flex-wrap: nowrap }
  .st-key-head > :nth-child(2) { flex: 1 1 0; min-width: 0 }
  .st-key-head > :last-child { margin-right: 1.6rem }
}
@media (max-width: 899px) {
  .st-key-head { gap: .2rem .8rem }
  .st-key-head > :nth-child(1) { flex: 1 1 auto }
  .st-key-head > :nth-child(2) { order: 1; flex-basis: 100% }
}
.stMainBlockContainer > .stVerticalBlock { gap: .8rem }
@media (min-width: 641px) {
  .stMainBlockContainer .st-key-tabs { display: none }
}
/* a phone: the lessons as tabs in the header, beside the button of the sidebar */
@media (max-width: 640px) {
  .stAppHeader { background: light-dark(#fff, #12161c) }
  .stMainBlockContainer { padding: 3.9rem 1rem 3rem }
  .stMainBlockContainer h1 { font-size: 1.45rem }
  .st-key-head h1 { font-size: 1.3rem; line-height: 1.25 }
  .st-key-head > :nth-child(1) { flex: 1 1 0; min-width: 0 }
  .st-key-head button { min-height: 44px }
  .stStatusWidget, [data-testid="stStatusWidget"] { display: none }
  .stLogo, [data-testid="stHeaderLogo"] { display: none }
  .stMainBlockContainer .st-key-tabs {
    position: fixed; z-index: 999991; inset: 0 0 auto 3.3rem; width: calc(100vw - 3.3rem) !important; height: 3.75rem;
    flex-wrap: nowrap; gap: 0; align-items: center; overflow-x: auto; scrollbar-width: none;
    background: light-dark(#fff, #12161c)
  }
  .st-key-tabs > * { flex: none }
  /* the tab of the page that is shown stays in sight */
  .st-key-tabs > :has([aria-current]) {
    position: sticky; inset: auto 0; z-index: 1; background: inherit;
    box-shadow: 0 0 .5rem .5rem light-dark(#fff, #12161c)
  }
  .st-key-tabs a { min-height: 44px; padding: 0 .75rem; white-space: nowrap }
}
</style>"""


def pages(language: str) -> dict[str, list[st.Page]]:
    """The navigation: the start, then the lessons in teaching order."""
    home = st.Page(PAGES / "home.py", title=say("nav.home", language), url_path="home", default=True)
    return {"": [home], say("nav.lessons", language): [lesson(name, language) for name in LESSONS]}


def lesson(name: str, language: str) -> st.Page:
    """The page of a lesson."""
    return st.Page(PAGES / f"{name}.py", title=say(f"lesson.{name}.short", language), url_path=name)


def tabs(language: str) -> None:
    """The pages as a row of tabs at the top, where the window is too narrow for the sidebar."""
    with st.container(horizontal=True, key="tabs", gap="small"):
        for page in chain.from_iterable(pages(language).values()):
            st.page_link(page, width="content")


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
            on_change=session.choose,
            args=("language",),
        )
        st.pills(  # as all buttons: a list to unfold brings its own twenty files to a first visitor
            say("control.theme", language),
            (AUTO, *THEMES),
            format_func=lambda name: say(f"theme.{name}", language),
            key="theme",
            required=True,
            on_change=session.choose,
            args=("theme",),
        )


def style() -> None:
    """Spacing that the theme's options do not reach."""
    st.html(SPACING)
