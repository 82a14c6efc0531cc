"""Where the values in the cells come from: photographs, shapes, seeded numbers, a picture that somebody brings."""

from __future__ import annotations

import streamlit as st

from convviz.errors import LayerError
from convviz.page.offers import offered
from convviz.page.sources import OWN, chosen, shuffled
from convviz.page.state import State
from convviz.pictures import grey_picture
from convviz.text import say
from convviz.web import held, session
from convviz.web.player import sources


def choose(state: State) -> None:
    """A popover with the sources of the input's values; what only counts, in every view of it, has none."""
    if not state.offers_values:
        return
    language, name = state.language, state.lesson
    with st.popover(say("control.values", language)):
        _forget_removed(name)
        told = offered(state, held.picture(held.session(), name)) | {"heard": held.session().heard}
        sources(told, f"sources:{name}", on_turn=lambda: _turned(name))
        with st.container(horizontal=True, gap="xsmall"):
            st.button(say("control.shuffle", language), key=f"shuffle:{name}", on_click=_shuffle, args=(name,))
            st.button(say("values.reset", language), key=f"reset:{name}", on_click=session.reset, args=(name,))
        st.file_uploader(
            say("values.upload", language),
            ["png", "jpg", "jpeg", "webp"],
            key=f"upload:{name}",
            max_upload_size=8,
            on_change=_brought,
            args=(name,),
        )
        if isinstance(error := held.session().pictures.get(name), LayerError):
            st.error(session.verbatim(error.text(language)))


def _turned(name: str) -> None:
    turn = getattr(held.said(f"sources:{name}"), "turn", None)
    if isinstance(turn, dict):
        session.do(name, {"turn": turn})


def _shuffle(name: str) -> None:
    session.update(name, shuffled)


def _brought(name: str) -> None:
    """Read the picture that was uploaded, and show it; where it cannot be read, nothing else changes."""
    file, kept = held.said(f"upload:{name}"), held.session().pictures
    kept.pop(name, None)
    if file is None:
        return
    try:
        grey = kept[name] = grey_picture(file.getvalue(), file.name)
        session.update(name, lambda state: chosen(state, OWN, grey))
    except LayerError as error:
        kept[name] = error


def _forget_removed(name: str) -> None:
    """Forget a picture whose file stands in the uploader no more, for example because the page was left."""
    if held.said(f"upload:{name}") is None:
        held.session().pictures.pop(name, None)
