"""Where the values in the cells come from: seeded numbers, typed ones, a patch of a photograph or of a picture."""

from __future__ import annotations

import streamlit as st

from convviz.errors import LayerError
from convviz.layers.linear import Array
from convviz.page.sources import cut, photographed, plane, shuffled
from convviz.page.state import State
from convviz.pictures import grey_picture, photograph
from convviz.text import say
from convviz.web import held, session


def choose(state: State) -> None:
    """A popover with the sources of the input's values; what only counts, in every view of it, has none."""
    if not state.offers_values:
        return
    language, name = state.language, state.lesson
    with st.popover(say("control.values", language)):
        with st.container(horizontal=True, gap="xsmall"):
            st.button(say("control.shuffle", language), key=f"shuffle:{name}", on_click=_shuffle, args=(name,))
            st.button(say("control.values.photo", language), key=f"photo:{name}", on_click=_photo, args=(name,))
            st.button(say("values.reset", language), key=f"reset:{name}", on_click=session.reset, args=(name,))
        st.file_uploader(
            say("values.upload", language),
            ["png", "jpg", "jpeg", "webp"],
            key=f"upload:{name}",
            max_upload_size=8,
            on_change=_brought,
            args=(name,),
        )
        found = _picture(name)
        if isinstance(found, LayerError):
            st.error(session.verbatim(found.text(language)))
        elif state.x.kind == "photo" or found is not None:
            _patch_sliders(state, photograph() if found is None else found)


def _shuffle(name: str) -> None:
    session.update(name, shuffled)


def _photo(name: str) -> None:
    session.update(name, photographed)


def _brought(name: str) -> None:
    """Read the picture that was uploaded, and show a patch of it; where it cannot be read, nothing else changes."""
    file, kept = held.said(f"upload:{name}"), held.session().pictures
    kept.pop(name, None)
    if file is None:
        return
    try:
        kept[name] = grey_picture(file.getvalue(), file.name)
        _cut(name)
    except LayerError as error:
        kept[name] = error


def _picture(name: str) -> Array | LayerError | None:
    """The picture that stands in the uploader, or why it cannot be read; None where there is none."""
    found: Array | LayerError | None = held.session().pictures.get(name)
    return None if held.said(f"upload:{name}") is None else found


def _patch_sliders(state: State, grey: Array) -> None:
    height, width = plane(state)
    start = state.x.numbers if state.x.kind == "photo" else (0, 0)
    for axis, (label, most) in enumerate((("row", grey.shape[0] - height), ("column", grey.shape[1] - width))):
        key = f"patch_{label}:{state.lesson}"
        st.session_state.setdefault(key, min(int(start[axis]), max(most, 0)))
        if most > 0:
            text = say(f"control.patch_{label}", state.language)
            st.slider(text, 0, most, key=key, on_change=_cut, args=(state.lesson,))


def _cut(name: str) -> None:
    """Take the patch at the sliders' place, of the picture that was brought or of the photograph."""
    row, column = (int(held.said(f"patch_{axis}:{name}") or 0) for axis in ("row", "column"))
    grey = _picture(name)
    if isinstance(grey, LayerError):
        return  # the last good picture stays
    if grey is not None:
        session.update(name, lambda state: cut(state, grey, row, column))
    elif session.current(name).x.kind == "photo":
        session.update(name, lambda state: photographed(state, row, column))
