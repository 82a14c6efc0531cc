"""The mounts of player, dials, sources, story and start: all that knows how Streamlit registers a component."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from convviz.player.data import data, look
from convviz.scene.scene import Scene
from convviz.text import catalogue
from convviz.themes import Theme
from convviz.web import session


@cache
def _mount(name: str) -> Any:
    """A component, registered once a process, when it is first shown: its files are known to a running server only."""
    return st.components.v2.component(f"convviz.{name}", js=f"{name}.js", css=f"{name}.css")


def player(
    scene: Scene,
    others: dict[str, object],
    theme: Theme,
    language: str,
    key: str,
    on_edit: Callable[[], None] | None = None,
    on_undo: Callable[[], None] | None = None,
    on_show: Callable[[], None] | None = None,
) -> None:
    """Show a scene; for `others` see `convviz.player.data`."""
    _mount("player")(
        data=data(scene, theme, session.page_theme(), language, **others),
        key=key,
        on_edit_change=on_edit or _nothing,
        on_undo_change=on_undo or _nothing,
        on_show_change=on_show or _nothing,
    )


def dials(said: dict[str, Any], language: str, key: str, on_turn: Callable[[], None]) -> None:
    """Show the controls of a layer; see `convviz.page.dials` for what a dial says of itself."""
    theme = session.page_theme()
    said |= {"words": {"more": catalogue(language)["control.more"]}, "tones": theme.tones} | look(theme)
    _mount("dials")(data=json.dumps(said, ensure_ascii=False).encode(), key=key, on_turn_change=on_turn)


def sources(said: dict[str, Any], key: str, on_turn: Callable[[], None]) -> None:
    """Show where an input's values may come from; see `convviz.page.offers` for what is said of it."""
    told = json.dumps(said | look(session.page_theme()), ensure_ascii=False).encode()
    _mount("sources")(data=told, key=key, on_turn_change=on_turn)


def story(said: dict[str, object], key: str, on_show: Callable[[], None]) -> None:
    """Show a lesson's words; see `convviz.web.beats` for what they are."""
    told = json.dumps(said | look(session.page_theme()), ensure_ascii=False).encode()
    _mount("story")(data=told, key=key, on_show_change=on_show)


def start(told: bytes, key: str, on_open: Callable[[], None]) -> None:
    """Show the start; see `convviz.page.start` for what is told of it."""
    _mount("start")(data=told, key=key, on_open_change=on_open)


def _nothing() -> None:
    """A component's event that nobody here waits for."""
