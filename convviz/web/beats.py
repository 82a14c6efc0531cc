"""The lesson's words under its picture, and what is set when one of them is shown."""

from __future__ import annotations

from convviz.page import tour
from convviz.page.state import State
from convviz.web import held, session
from convviz.web.player import story


def tell(state: State) -> None:
    """All beats and the misconceptions, each with a button that shows what it says."""
    key = f"story:{state.lesson}"
    story(tour.told(state), key, lambda: show_asked(state.lesson, key))


def show_asked(lesson: str, component: str) -> None:
    """Show the beat or the myth that a component asked for."""
    asked = getattr(held.said(component), "show", None)
    if isinstance(asked, dict):
        session.ask(lesson, {"show": asked})
        session.seek()
