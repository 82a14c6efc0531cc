"""The app's entry: `streamlit run app.py`, or any ASGI server on `app:app`. The pages are called from the shell."""

from pathlib import Path

import streamlit as st

from convviz.web import answers, codes, exports, photographs, present, uploads
from convviz.web.bundle import BUNDLES
from convviz.web.embeds import EMBEDS
from convviz.web.places import PLACES
from convviz.web.serving import HEADERS, warm

app = st.App(
    Path(__file__).parent / "convviz" / "web" / "shell.py",
    lifespan=warm,
    middleware=[HEADERS, EMBEDS, PLACES, BUNDLES],
    routes=[answers.ROUTE, exports.ROUTE, photographs.ROUTE, present.ROUTE, uploads.ROUTE, *codes.ROUTES],
)
