"""Taking the picture away: an address for every file, which is made when it is asked for.

The drawing is done by other processes (convviz.web.drawers), and only while somebody listens.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from math import inf
from pathlib import PurePosixPath
from secrets import token_hex
from typing import BinaryIO
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from convviz.errors import LayerError
from convviz.export.formats import FORMATS, SPEEDS, Format, Options
from convviz.layers.arguments import flag, whole
from convviz.lessons import LESSONS
from convviz.page import longest
from convviz.page.link import from_query
from convviz.page.shown import file_name, seconds_of
from convviz.page.state import State
from convviz.page.tables import TABLES, offered_tables, table_text
from convviz.paint.pixels import WIDTH_RANGE
from convviz.text import say
from convviz.web import places
from convviz.web.drawers import POOL, Full, Refused
from convviz.web.drawing import ASKED, Wanted

MADE_HERE = tuple(one for one in FORMATS if one.page == "server")
"""The formats that have an address."""

CELL = "cell"
"""The name of the pixels a cell in an address."""

CHUNK = 1 << 16
"""Bytes of a file that are sent, and held, at one time."""

RUN = token_hex(4)
"""Tells the files of this server's run from those of another, which may draw the same picture differently."""


async def export(request: Request) -> Response:
    """GET /export/<lesson>/<any name>.<format>?<the query of a link>: the file of that state in that format.

    Options of the file may stand in the query, too: `pace`, `speed`, `width`, and `transparent`, `sum_line` and `loop`,
    which are 0 or 1; and `cell`, the pixels a cell at which a number that could not be read was seen as a tone.

    400 for a link that cannot be read, 404 for another lesson or for a format that is not made here, 413 for an
    animation that is too long to be saved here; 503 with Retry-After where too many wait. HEAD draws nothing.
    """
    lesson = request.path_params["lesson"]
    if request.method not in ("GET", "HEAD"):
        return places.plain("405", 405, allow="GET, HEAD")
    if lesson not in LESSONS:
        return places.no_lesson(request, lesson)
    suffix = PurePosixPath(request.path_params["name"]).suffix.lower()
    if suffix in TABLES and LESSONS[lesson].edits:
        return await run_in_threadpool(_table, request, lesson, suffix)
    made = next((one for one in MADE_HERE if one.suffix == suffix and not one.missing), None)
    if made is None:
        names = ", ".join(one.suffix for one in MADE_HERE)
        return places.plain(say("server.missing_format", places.language(request), names=names), 404)
    query = dict(request.query_params)
    asked = {name: query.pop(name) for name in (*ASKED, CELL) if name in query}
    state, wrong, cost, options = await run_in_threadpool(_read, query, lesson, places.language(request), made, asked)
    if wrong:
        code = 413 if wrong.key == longest.KEY else 400
        return places.plain(wrong.text(state.language), code)
    wanted = Wanted.of(state, made.suffix, options, _seen(asked, made))
    tag = f'"{RUN}-{sha256("|".join(map(str, wanted)).encode("utf-8", "replace")).hexdigest()[:24]}"'
    name = quote(file_name(state, options) + made.suffix)
    headers = {"cache-control": "max-age=3600", "etag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = f"attachment; filename*=UTF-8''{name}"
    if request.method == "HEAD":
        return Response(media_type=made.media_type, headers=headers)
    return await _file(request, state.language, wanted, cost, made.media_type, headers)


def _table(request: Request, lesson: str, suffix: str) -> Response:
    """The table of a link's network, or its code; 400 for a link that cannot be read, and for what is no network."""
    query = {name: text for name, text in request.query_params.items() if name not in (*ASKED, CELL)}
    state, wrong = from_query(query, lesson, places.language(request))
    if wrong or suffix not in offered_tables(state):
        return places.plain(wrong[0].text(state.language) if wrong else "400", 400)
    name = quote(file_name(state) + suffix)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(table_text(state, suffix), media_type=TABLES[suffix].media_type, headers=headers)


def _read(
    query: dict[str, str], lesson: str, language: str, made: Format, asked: dict[str, str]
) -> tuple[State, LayerError | None, float, Options]:
    """The state of a link, why it cannot be saved, how long it takes to draw, and the options."""
    state, wrong = from_query(query, lesson, language)
    options = Options()
    if wrong:
        return state, wrong[0], 0, options
    try:
        options = _options({name: text for name, text in asked.items() if name in made.options})
        pace = options.paced()
        if made.kind == "animation":
            longest.refuse_long(state, pace)
        scene = state.scene()
    except LayerError as error:
        return state, error, 0, options
    return state, None, seconds_of(scene, made, pace), options


def _seen(asked: dict[str, str], made: Format) -> float | None:
    """The pixels a cell at which an animation was seen, if it is said."""
    text = asked.get(CELL, "")
    return (
        float(text) if made.kind == "animation" and text.isdecimal() and text.isascii() and 0 < len(text) < 4 else None
    )


def _options(asked: dict[str, str]) -> Options:
    """The options that a query names; raises LayerError for one that cannot be."""

    def switch(name: str, usual: bool = False) -> bool:
        text = asked.get(name, str(int(usual)))
        return flag(name, {"0": False, "1": True}.get(text, text))

    width = asked.get("width")
    options = Options(
        pace=asked.get("pace"),
        speed=next((one for one in SPEEDS if f"{one:g}" == asked.get("speed", "1")), inf),
        width=None if width is None else whole("width", int(width) if width.isdecimal() else width, *WIDTH_RANGE),
        transparent=switch("transparent"),
        sum_line=switch("sum_line"),
        loop=switch("loop", usual=True),
    )
    options.faster()
    return options


async def _file(
    request: Request, language: str, wanted: Wanted, cost: float, media_type: str, headers: dict[str, str]
) -> Response:
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
    return StreamingResponse(_chunks(file), media_type=media_type, headers=headers)


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
