"""A lesson as it is presented, for a page that shows it from then on without the server."""

from __future__ import annotations

import gzip
import hashlib
from functools import lru_cache
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from convviz.lessons import LESSONS
from convviz.page.link import from_query
from convviz.page.present import from_afar, presented
from convviz.text import DEFAULT, LANGUAGES
from convviz.web import places


class Made(NamedTuple):
    """A lesson as it is sent: whole and packed, and a mark of what it is."""

    whole: bytes
    packed: bytes
    mark: str


@lru_cache(maxsize=len(LESSONS) * len(LANGUAGES))
def made(lesson: str, language: str) -> Made:
    """A lesson in a language; made once for all visitors."""
    whole = presented(lesson, language)
    return Made(whole, gzip.compress(whole), f'"{hashlib.sha256(whole).hexdigest()[:16]}"')


async def present(request: Request) -> Response:
    """GET /present/<lesson>?lang=: see `convviz.page.present`. 304 to a browser that has it already. With afar, the
    picture of a link, whose query the rest is, as it is read from afar; 204 where that is as on a page."""
    if request.method not in ("GET", "HEAD"):
        return places.plain("405", 405, allow="GET, HEAD")
    lesson, language = request.path_params["lesson"], request.query_params.get("lang", DEFAULT)
    if lesson not in LESSONS:
        return places.no_lesson(request, lesson)
    if "afar" in request.query_params:
        return await run_in_threadpool(_from_afar, {**request.query_params}, lesson)
    found = await run_in_threadpool(made, lesson, language if language in LANGUAGES else DEFAULT)
    headers = {"cache-control": "no-cache", "vary": "accept-encoding", "etag": found.mark}
    if request.headers.get("if-none-match") == found.mark:
        return Response(status_code=304, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(found.whole, media_type="application/json", headers=headers)
    return Response(found.packed, media_type="application/json", headers=headers | {"content-encoding": "gzip"})


def _from_afar(query: dict[str, str], lesson: str) -> Response:
    state, wrong = from_query({name: text for name, text in query.items() if name != "afar"}, lesson)
    found = b"" if wrong else from_afar(state)
    if not found:
        return Response(status_code=204)
    return Response(found, media_type="application/json", headers={"cache-control": "no-store"})
