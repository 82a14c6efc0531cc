"""The shell: runs before every page, with the navigation and what all pages share: language and colours."""

from pathlib import Path

import streamlit as st

from convviz.web import session
from convviz.web.shell_words import pages, settings, style

session.begin()
page = st.navigation(pages(session.language()), position="sidebar")
logo = str(Path(__file__).parents[2] / "assets" / "logo.svg")
st.set_page_config(page_title=f"{page.title} · convviz", page_icon=logo, layout="wide")
style()
settings()
page.run()
