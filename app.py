"""The app's entry: `streamlit run app.py`, or any ASGI server on `app:app`. The pages are called from the shell."""

from pathlib import Path

import streamlit as st

from convviz.web.bundle import BUNDLES
from convviz.web.places import PLACES
from convviz.web.routes import EMBEDS, ROUTES
from convviz.web.serving import HEADERS
from convviz.web.warming import AHEAD, warm

app = st.App(
    Path(__file__).parent / "convviz" / "web" / "shell.py",
    lifespan=warm,
    middleware=[HEADERS, EMBEDS, PLACES, BUNDLES, AHEAD],
    routes=ROUTES,
)
