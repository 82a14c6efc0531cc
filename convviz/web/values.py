"""Where the values in the cells come from: seeded numbers, typed ones, a patch of a photograph or of a picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from convviz.errors import LayerError
from convviz.layers.linear import Array
from convviz.network import Network
from convviz.pictures import grey_picture, photograph
from convviz.scene.limits import CELLS
from convviz.state import State
from convviz.text import say
from convviz.values import Values, listed
from convviz.web import session


def choose(state: State) -> None:
    """A popover with the sources of the input's values; a stack, which only counts, has none."""
    if isinstance(state.layer, Network):
        return
    language, name = state.language, state.lesson
    with st.popover(say("control.values", language)):
        st.button(say("control.shuffle", language), key=f"shuffle:{name}", on_click=_shuffle, args=(name,))
        st.button(say("values.reset", language), key=f"reset:{name}", on_click=session.reset, args=(name,))
        st.divider()
        st.button(say("control.values.photo", language), key=f"photo:{name}", on_click=_photo, args=(name,))
        brought = st.file_uploader(
            say("values.upload", language), ["png", "jpg", "jpeg", "webp"], key=f"upload:{name}", max_upload_size=8
        )
        grey = _brought(name, brought, language)
        if state.x.kind == "photo" or grey is not None:
            _patch_sliders(state, photograph() if grey is None else grey)


def _shuffle(name: str) -> None:
    def new(state: State) -> State:
        seed = state.x.numbers[0] if state.x.kind == "seed" else 0
        fresh = Values("seed", ((int(seed) + 1) % 1000,))
        return replace(state, x=fresh, weight=fresh)

    session.update(name, new)


def _photo(name: str) -> None:
    session.update(name, lambda state: replace(state, x=Values("photo", (78, 92))))


def _brought(name: str, file: Any, language: str) -> Array | None:
    """The picture that was uploaded, read once; where it cannot be read, why, and nothing else changes."""
    kept = st.session_state.setdefault("pictures", {})
    if file is None:
        kept.pop(name, None)
        return None
    if kept.get(name, ("",))[0] != file.file_id:
        try:
            kept[name] = (file.file_id, grey_picture(file.getvalue(), file.name))
            _cut(name)
        except LayerError as error:
            kept[name] = (file.file_id, error)
    found = kept[name][1]
    if isinstance(found, LayerError):
        st.error(session.verbatim(found.text(language)))
        return None
    return found


def _patch_sliders(state: State, grey: Array) -> None:
    height, width = (1, 1, *state.layer.input_size)[-2:]
    start = state.x.numbers if state.x.kind == "photo" else (0, 0)
    for axis, (label, most) in enumerate((("row", grey.shape[0] - height), ("column", grey.shape[1] - width))):
        key = f"patch_{label}:{state.lesson}"
        st.session_state.setdefault(key, min(int(start[axis]), max(most, 0)))
        if most > 0:
            text = say(f"control.patch_{label}", state.language)
            st.slider(text, 0, most, key=key, on_change=_cut, args=(state.lesson,))


def _cut(name: str) -> None:
    """Take the patch at the sliders' place, of the picture that was brought or of the photograph."""
    row, column = (int(st.session_state.get(f"patch_{axis}:{name}", 0)) for axis in ("row", "column"))
    _, grey = st.session_state.get("pictures", {}).get(name, ("", None))
    if grey is None or isinstance(grey, LayerError):
        session.update(name, lambda state: replace(state, x=Values("photo", (row, column))))
        return

    def cut(state: State) -> State:
        height, width = (1, 1, *state.layer.input_size)[-2:]
        return replace(state, x=listed(grey[row : row + height, column : column + width]))

    session.update(name, cut)


def edited(name: str, edit: dict[str, Any]) -> None:
    """Take a number that was typed into a cell: {array, index, value}."""
    array, index, value = edit.get("array"), edit.get("index"), edit.get("value")
    if array not in ("x", "weight") or type(index) is not int or not 0 <= index < CELLS:
        return
    field = "x" if array == "x" else "weight"
    error = session.update(name, lambda s: replace(s, **{field: getattr(s, field).edited(index, value)}))
    if error:
        st.toast(session.verbatim(error.text(session.language())))
