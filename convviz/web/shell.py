"""The shell: runs before every page, with the navigation and what all pages share: language and colours."""

from pathlib import Path

import streamlit as st

from convviz.web import session
from convviz.web.navigation import pages, settings, style, tabs

session.begin()
page = st.navigation(pages(session.language()), position="sidebar", expanded=True)
logo, wordmark = (str(Path(__file__).parents[2] / "assets" / f"{name}.svg") for name in ("logo", "wordmark"))
st.set_page_config(page_title=f"{page.title} · convviz", page_icon=logo, layout="wide")
st.logo(wordmark, size="large", icon_image=logo)
style()
settings()
tabs(session.language())
page.run()
