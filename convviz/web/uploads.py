"""The pictures that people bring as an input's values."""

from __future__ import annotations

import asyncio
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from convviz.errors import LayerError
from convviz.layers.linear import Array
from convviz.lessons import LESSONS
from convviz.page.brought import keep
from convviz.page.offers import own
from convviz.pictures import BYTES, LARGE, colour_picture, grey_picture
from convviz.text import DEFAULT, LANGUAGES, say
from convviz.web import held, places

FRESH = {"cache-control": "no-store"}
_READING = asyncio.Semaphore(2)
"""Pictures that are unpacked at one time: each may take 150 MB."""


async def upload(request: Request) -> Response:
    """POST /picture/<lesson>: a picture file, which a session has from now on as a source of the lesson's input.

    The body is the file. Headers: convviz-session, the session's token, which no other site's page can send;
    convviz-name, the file's name, percent-encoded; convviz-language, of the words. The answer, JSON, is what sources.js
    shows of it, or `refused`, why it cannot be read; 409 where the session is not one of this process.
    """
    lesson = request.path_params["lesson"]
    if request.method != "POST":
        return places.plain("405", 405, allow="POST")
    if lesson not in LESSONS:
        return places.no_lesson(request, lesson)
    session = held.known(request.headers.get("convviz-session", ""))
    if session is None:
        return places.plain("409", 409)
    asked = request.headers.get("convviz-language", DEFAULT)
    language = asked if asked in LANGUAGES else DEFAULT
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > BYTES:
            break
    try:
        async with _READING:
            name = unquote(request.headers.get("convviz-name", ""))
            picture, kept, told = await run_in_threadpool(_taken, lesson, bytes(body), name, language)
    except LayerError as error:
        return JSONResponse({"refused": error.text(language)}, headers=FRESH)
    session.pictures[lesson] = kept
    return JSONResponse(own(picture, language) | ({"told": told} if told else {}), headers=FRESH)


def _taken(lesson: str, data: bytes, name: str, language: str) -> tuple[Array, Array | str, str]:
    """A picture of a lesson, what a session keeps of it, and what is said of a large one that was brought down."""
    if not LESSONS[lesson].photo:
        grey = grey_picture(data, name)
        return grey, grey, ""
    pixels, whole = colour_picture(data, name)
    told = ""
    if max(whole) > LARGE:
        size = {"columns": pixels.shape[1], "rows": pixels.shape[0]}
        told = say("source.smaller", language, wide=whole[0], high=whole[1], **size)
    return pixels, keep(pixels), told
