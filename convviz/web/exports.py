"""Taking the picture away: an address for every animation, which draws it when it is asked for.

The drawing is done by other processes (convviz.web.drawers), and only while somebody listens.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from secrets import token_hex
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.page import longest
from convviz.page.state import State, from_query, to_query
from convviz.scene.scene import Scene
from convviz.text import say
from convviz.themes import Theme
from convviz.web import places
from convviz.web.drawers import POOL, Full, Refused
from convviz.web.drawing import Wanted

SECONDS_A_FRAME = 0.004
"""What a frame of a small picture takes to draw and store, for the estimate beside the button and for the queue."""

CHUNK = 1 << 16
"""Bytes of a file that are sent, and held, at one time."""

RUN = token_hex(4)
"""Tells the files of this server's run from those of another, which may draw the same picture differently."""


def file_name(state: State) -> str:
    """A name that says the settings, as far as a name may go, without its suffix.

    >>> from convviz.page.state import opening
    >>> file_name(opening("dilated"))
    'conv2d-i7-k3-d2-flat'
    """
    return f"{state.text.replace('~', '+')[:120]}-{state.view}"


def seconds_of(scene: Scene) -> float:
    """About how long it takes to draw all steps and store them."""
    return max(0.1, scene.steps * SECONDS_A_FRAME * (1 + scene.cells / 20_000))


def offered(state: State, scene: Scene, theme: Theme) -> dict[str, Any]:
    """What the player needs for its buttons: the files' name, the animation's address and how long it takes."""
    name = file_name(state)
    shown = to_query(state) | {"lang": state.language, "theme": theme.name}
    seconds = seconds_of(scene)
    estimate = say("export.estimate", state.language, seconds=f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}")
    return {
        "name": name,
        "gif": f"export/{state.lesson}/{quote(name)}.gif?{urlencode(shown, safe='~:,.')}",
        "estimate": estimate,
    }


async def export(request: Request) -> Response:
    """GET /export/<lesson>/<any name>.gif?<the query of a link>: the animation of that state.

    400 for a link that cannot be read, 404 for another lesson, 413 for an animation that is too long to be saved here;
    503 with Retry-After where too many wait. HEAD draws nothing.
    """
    lesson = request.path_params["lesson"]
    if request.method not in ("GET", "HEAD"):
        return places.plain("405", 405, allow="GET, HEAD")
    if lesson not in LESSONS:
        return places.no_lesson(request, lesson)
    query = dict(request.query_params)
    state, wrong, cost = await run_in_threadpool(_read, query, lesson, places.language(request))
    if wrong:
        code = 413 if wrong.key == longest.KEY else 400
        return places.plain(wrong.text(state.language), code)
    wanted = Wanted.of(state)
    tag = f'"{RUN}-{sha256("|".join(wanted).encode("utf-8", "replace")).hexdigest()[:24]}"'
    name = quote(f"{file_name(state)}.gif")
    headers = {"cache-control": "max-age=3600", "etag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = f"attachment; filename*=UTF-8''{name}"
    if request.method == "HEAD":
        return Response(media_type="image/gif", headers=headers)
    return await _animation(request, state.language, wanted, cost, headers)


ROUTE = Route("/export/{lesson}/{name:path}", export, methods=places.METHODS)


def _read(query: dict[str, str], lesson: str, language: str) -> tuple[State, LayerError | None, float]:
    """The state of a link, why it cannot be saved, and how long it takes to draw."""
    state, wrong = from_query(query, lesson, language)
    if wrong:
        return state, wrong[0], 0
    try:
        longest.refuse_long(state)
    except LayerError as error:
        return state, error, 0
    return state, None, seconds_of(state.scene())


async def _animation(request: Request, language: str, wanted: Wanted, cost: float, headers: dict[str, str]) -> Response:
    """The file, from where it is kept or as soon as it is drawn."""
    file = POOL.find(wanted)
    if file is None:
        try:
            await _drawn(request, wanted, cost)
        except Full as full:
            said = say("server.busy", language, seconds=full.seconds)
            return places.plain(said, 503, retry_after=str(full.seconds))
        except Refused as refused:
            return places.plain(str(refused), 400)
        file = POOL.find(wanted)
    if file is None:  # nobody listens, drawing broke off, or the file had to make room at once
        said = say("server.failed", language)
        return places.plain(said, 503, retry_after="1")
    size = file.seek(0, 2)
    file.seek(0)
    headers |= {"content-length": str(size)}
    return StreamingResponse(_chunks(file), media_type="image/gif", headers=headers)


async def _drawn(request: Request, wanted: Wanted, cost: float) -> None:
    """Until the animation is drawn, or nobody listens any more. Raises Full or Refused."""
    job = POOL.ask(wanted, cost)
    try:
        drawn, gone = asyncio.wrap_future(job.drawn), asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait((drawn, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
    finally:
        POOL.leave(job)
    if drawn.done() and isinstance(error := drawn.exception(), Refused):
        raise error


async def _gone(request: Request) -> None:
    """Until the other side has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    """A file piece by piece, so that it is never held whole."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
