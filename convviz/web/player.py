"""The player's and the dials' mounts: what is sent to the browser, and what comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from convviz.paint.svg import stylesheet
from convviz.player.wire import payload
from convviz.scene.scene import Scene
from convviz.text import catalogue
from convviz.themes import Theme
from convviz.web import session


@cache
def _mount(name: str) -> Any:
    """A component, registered once a process, when it is first shown: its files are known to a running server only."""
    return st.components.v2.component(f"convviz.{name}", js=f"{name}.js", css=f"{name}.css")


ROLES = ["input", "padding", "beyond", "inserted", "unread", "kernel", "window", "product", "output", "cropped"]
ROLES += ["heat", "tone"]


WORDS = {
    "play": "player.play",
    "pause": "player.pause",
    "next": "player.next",
    "back": "player.previous",
    "down": "player.row_next",
    "up": "player.row_previous",
    "start": "player.start",
    "end": "player.end",
    "speed": "player.speed",
    "scrub": "player.scrub",
    "edit": "player.edit_values",
    "edit_help": "player.edit_keys",
    "undo": "player.undo",
    "position": "player.step",
    "controls": "player.aria.controls",
    "picture": "player.aria.picture",
    "still": "player.still",
    "keyboard": "player.keyboard",
}
TOUR = {
    "start": "tour.title",
    "next": "tour.next",
    "back": "tour.previous",
    "again": "myths.show",
    "position": "tour.position",
}
KEYS = ("play", "step", "row", "ends", "page", "beat", "edit", "undo", "leave")


def words(language: str) -> dict[str, Any]:
    """The player's words."""
    said = catalogue(language)
    tables = {"roles": {role: said[f"role.{role}"] for role in ROLES}, "keys": [said[f"keys.{key}"] for key in KEYS]}
    tables["tour"] = {part: said[key] for part, key in TOUR.items()}
    return {part: said[key] for part, key in WORDS.items()} | tables


def look(theme: Theme) -> dict[str, str]:
    """The colours that a component's own elements take: those of the page, or, on the stage, of the picture."""
    return {"accent": theme.accent, "ground": theme.background, "ink": theme.foreground}


def player(
    scene: Scene,
    others: dict[str, Any],
    theme: Theme,
    language: str,
    key: str,
    on_edit: Callable[[], None] | None = None,
    on_undo: Callable[[], None] | None = None,
    on_open: Callable[[], None] | None = None,
    on_show: Callable[[], None] | None = None,
) -> None:
    """Show a scene. `others` go to player.js beside it: main, step, seek, look, link, session, stamp, undo, note, tour
    and the files' names; or mini, title, caption."""
    page = look(session.page_theme()) | {"paper": look(theme), "page": session.page_theme().name}
    usual = {"step_ms": theme.step_ms, "autoplay": True}
    _mount("player")(
        data=payload(scene, css=stylesheet(theme, ".player "), words=words(language), **(usual | page | others)),
        key=key,
        on_edit_change=on_edit or _nothing,
        on_undo_change=on_undo or _nothing,
        on_open_change=on_open or _nothing,
        on_show_change=on_show or _nothing,
    )


def dials(said: dict[str, Any], language: str, key: str, on_turn: Callable[[], None]) -> None:
    """Show the controls of a layer; see `convviz.page.dials` for what a dial says of itself."""
    said |= {"words": {"more": catalogue(language)["control.more"]}} | look(session.page_theme())
    _mount("dials")(data=json.dumps(said, ensure_ascii=False).encode(), key=key, on_turn_change=on_turn)


def story(said: dict[str, Any], key: str, on_show: Callable[[], None]) -> None:
    """Show a lesson's words; see `convviz.web.beats` for what they are."""
    data = json.dumps(said | look(session.page_theme()), ensure_ascii=False).encode()
    _mount("story")(data=data, key=key, on_show_change=on_show)


def _nothing() -> None:
    """A component's event that nobody here waits for."""
