"""Taking the picture away: an address for every animation, which makes it when it is asked for."""

from __future__ import annotations

import io
from functools import lru_cache
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

import convviz as cv
from convviz.lessons import LESSONS
from convviz.network import stack_to_text
from convviz.scene.scene import Scene
from convviz.state import AUTO, State, from_query, to_query
from convviz.text import say
from convviz.themes import Theme

SECONDS_A_FRAME = 0.003
"""What a frame of a small picture takes to draw and store on two cores, for the estimate beside the button."""

AT_ONCE = BoundedSemaphore(2)
"""Animations made at one time; the others wait, and the pages go on."""


def file_name(state: State) -> str:
    """A name that says the settings, as far as a name may go, without its suffix.

    >>> from convviz.state import opening
    >>> file_name(opening("dilated"))
    'conv2d-i7-k3-d2-flat'
    """
    return f"{stack_to_text(state.layer).replace('~', '+')[:120]}-{state.view}"


def offered(state: State, scene: Scene, theme: Theme) -> dict[str, Any]:
    """What the player needs for its buttons: the files' name, the animation's address and how long it takes."""
    name = file_name(state)
    shown = to_query(state) | {"lang": state.language, "theme": theme.name}
    seconds = max(0.1, scene.steps * SECONDS_A_FRAME * (1 + scene.cells / 1500))
    estimate = say("export.estimate", state.language, seconds=f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}")
    return {
        "name": name,
        "gif": f"export/{state.lesson}/{quote(name)}.gif?{urlencode(shown, safe='~:,.')}",
        "estimate": estimate,
    }


async def export(request: Request) -> Response:
    """GET /export/<lesson>/<any name>.gif?<the query of a link>: the animation of that state."""
    lesson = request.path_params["lesson"]
    if lesson not in LESSONS:
        return PlainTextResponse("404", status_code=404)
    state, wrong = from_query(dict(request.query_params), lesson)
    if wrong:
        return PlainTextResponse(wrong[0].text(state.language), status_code=400)
    data = await run_in_threadpool(animation, state)
    name = quote(f"{file_name(state)}.gif")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}", "cache-control": "max-age=3600"}
    return Response(data, media_type="image/gif", headers=headers)


ROUTE = Route("/export/{lesson}/{name}", export)


@lru_cache(maxsize=16)
def animation(state: State) -> bytes:
    """The GIF of a state."""
    file = io.BytesIO()
    with AT_ONCE:
        theme = "light" if state.theme == AUTO else state.theme
        cv.save(state.scene(), file, theme=theme, language=state.language, suffix=".gif")
    return file.getvalue()
