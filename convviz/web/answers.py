"""What a turned dial or a typed number gives, answered at once; the session hears of it for when its script runs next.

A run of the page's script takes several messages, and redraws the page around the picture. This is one question with
one answer, which holds a link and what the picture needs.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from convviz.lessons import LESSONS
from convviz.page import answer as page
from convviz.page import dials
from convviz.page.state import State, from_query
from convviz.player.wire import payload
from convviz.scene.scene import Scene
from convviz.themes import THEMES, Theme
from convviz.web import exports, held, places

MOST_BYTES = 1 << 16
"""Bytes that a question has at most."""


def shown(state: State, theme: Theme) -> tuple[Scene, dict[str, Any]]:
    """A state's scene, and what the player needs beside it that changes with the state."""
    scene, others = page.shown(state)
    return scene, others | exports.offered(state, scene, theme)


def told(found: page.Answer, theme: Theme) -> bytes:
    """An answer as JSON: the dials, and the picture with its words; the dials alone, and why, where it is refused."""
    said: dict[str, Any] = {"dials": dials.dials(found.state, found.apart, found.refused), "apart": found.apart}
    if found.refused:
        return json.dumps(said | {"refused": found.refused[1].text(found.state.language)}).encode()
    scene, others = shown(found.state, theme)
    return payload(scene, **said, **others)


async def answer(request: Request) -> Response:
    """POST /answer/<lesson>: what the dials and the player show after a turn, or after a number typed into a cell.

    The question is JSON: link, the query of the link that is shown; turn or edit; apart, if each axis has a control of
    its own; page, the theme of the page around the picture; session, which is to hear of the answer, and again, if it
    takes the place of the one before. 409 where the session is not one of this process.
    """
    lesson = request.path_params["lesson"]
    if request.method != "POST":
        return places.plain("405", 405, allow="POST")
    if lesson not in LESSONS:
        return places.no_lesson(request, lesson)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return places.plain("413", 413)
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        return places.plain("400", 400)
    state, wrong = from_query(dict(parse_qsl(str(asked.get("link", "")))), lesson)
    if wrong:
        return places.plain(wrong[0].text(state.language), 400)
    theme = THEMES.get(state.theme) or THEMES["dark" if asked.get("page") == "dark" else "light"]
    found, data = await run_in_threadpool(_answered, state, asked, theme)
    headers = {"cache-control": "no-store"}
    if found.kept:
        news = held.News(state, found.state, found.apart)
        told = held.hear(str(asked.get("session")), news, asked.get("again") is True)
        if not told:
            return places.plain("409", 409)
        headers["convviz-told"] = str(told)
    return Response(data, media_type="application/json", headers=headers)


def _answered(state: State, asked: dict[str, Any], theme: Theme) -> tuple[page.Answer, bytes]:
    found = page.answered(state, asked, asked.get("apart") is True)
    return found, told(found, theme)


ROUTE = Route("/answer/{lesson:path}", answer, methods=places.METHODS)
