"""The story under the picture, as a component of the page."""

from __future__ import annotations

from convviz.page.state import State
from convviz.page.tour import story
from convviz.web import held, player, session


def tell(state: State) -> None:
    """All beats and the misconceptions, each with a button that shows what it says."""
    name = state.lesson
    player.story(story(state), f"story:{name}", lambda: show_asked(name, f"story:{name}"))


def show_asked(lesson: str, component: str) -> None:
    """Show the beat or the myth that a component asked for."""
    asked = getattr(held.said(component), "show", None)
    if isinstance(asked, dict) and asked.get("kind") in ("beat", "myth", "challenge"):
        session.do(lesson, {"show": asked})
        session.seek()
