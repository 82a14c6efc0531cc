"""What a turned dial or a typed number gives, answered at once; the session hears of it for when its script runs next.

A run of the page's script takes several messages, and redraws the page around the picture. This is one question with
one answer, which holds a link and what the picture needs.
"""

from __future__ import annotations

import gzip
import json
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from convviz.layers.linear import Array
from convviz.lessons import LESSONS
from convviz.page import pasting
from convviz.page.dials import dials, known
from convviz.page.link import from_query
from convviz.page.offers import standing
from convviz.page.shown import shown
from convviz.page.sources import asks_for_own
from convviz.page.state import State
from convviz.page.turn import Outcome, outcome
from convviz.player.wire import change
from convviz.themes import THEMES, Theme
from convviz.web import held, places

MOST_BYTES = 1 << 20
"""Bytes that a question has at most: a log that is pasted is long."""

SWIFTLY = 1
"""How well an answer is packed: better takes up to 16 ms, twenty times as long, for a seventh less to be sent."""

LARGE = 200_000
"""Bytes of an answer from which on it is not packed: nearly all of them are pixels, which are."""

_computing: list[object] = []
"""What is asked in each question whose answer is computed now, those that are only foreseen included."""


class Overtaken(Exception):
    """Somebody waits for an answer while another one is computed that is only foreseen."""


def _give_way() -> None:
    """Raise Overtaken where somebody waits."""
    if not all(map(_foreseen, _computing)):
        raise Overtaken


def _foreseen(asked: object) -> bool:
    return isinstance(asked, dict) and asked.get("foresee") is True


def answered(
    state: State, asked: dict[str, object], apart: bool, theme: Theme, picture: Array | None = None
) -> tuple[bytes, Outcome]:
    """The dials and the picture after what was asked, as JSON, and what came of it.

    Where it cannot be, the dials alone and why. picture: one that was brought, (rows, columns) of greys. Raises
    Overtaken for what is only foreseen, as soon as somebody waits for an answer.
    """
    between = _give_way if _foreseen(asked) else bool
    came = outcome(state, asked, apart, picture)
    between()
    shows = dials(came.state, came.apart, came.refused)
    had = known(state)
    for dial in shows:
        if "choices" in dial and dial["choices"] == had.get(str(dial["name"])):
            del dial["choices"]  # the page has them
    _tell_problems(shows, asked.get("turn"), state.language)
    said: dict[str, object] = {"dials": shows, "apart": came.apart}
    if came.state.offers_values:
        said["input"] = standing(came.state, picture) if came.state.takes_values else None
    if came.refused:
        said["refused"] = came.refused[1].text(state.language)
        return json.dumps(said).encode(), came
    scene, others = shown(came.state, theme)
    between()
    before = (image.mark for image in state.scene().images)  # which the page shows
    return change(scene, *before, **said, **others), came


def _tell_problems(shows: list[dict[str, object]], turn: object, language: str) -> None:
    """Say in the box what of a pasted text is not understood, and what is shown of it all the same."""
    if isinstance(turn, dict) and turn.get("name") == pasting.NAME:
        for dial in shows:
            if dial["name"] == pasting.NAME:
                dial["problems"] = pasting.problems(turn.get("value"), language)
                dial["rest"] = pasting.rest(turn.get("value"), language)


async def answer(request: Request) -> Response:
    """POST /answer/<lesson>: what the dials and the player show after a turn, or after a number typed into a cell.

    The question is JSON: link, the query of the link that is shown; before, that of the last one that is a step of the
    history, which differs from it while a dial is dragged; turn or edit; apart, if each axis has a control of
    its own; page, the theme of the page around the picture; session, which is to hear of the answer, and again, if it
    takes the place of the one before. 409 where the session is not one of this process. With foresee nobody hears of
    it: the page asks what may be asked next, and gets 204, without an answer, while others wait for theirs.
    """
    lesson = request.path_params["lesson"]
    if request.method != "POST":
        return places.plain("405", 405, allow="POST")
    if lesson not in LESSONS:
        return places.no_lesson(request, lesson)
    asked = await _question(request)
    if isinstance(asked, Response):
        return asked
    state, wrong = from_query(dict(parse_qsl(str(asked.get("link", "")))), lesson)
    if wrong:
        return places.plain(wrong[0].text(state.language), 400)
    picture = held.picture(held.known(str(asked.get("session"))), lesson)
    if picture is None and asks_for_own(asked.get("turn")):
        return places.plain("409", 409)  # it is in another process's session
    theme = THEMES.get(state.theme) or THEMES["dark" if asked.get("page") == "dark" else "light"]
    foreseen = _foreseen(asked)
    if foreseen and _computing:
        return Response(status_code=204)
    _computing.append(asked)
    try:
        data, came = await run_in_threadpool(answered, state, asked, asked.get("apart") is True, theme, picture)
    except Overtaken:
        return Response(status_code=204)
    finally:
        _computing.remove(asked)
    told = None if foreseen else _told(asked, state, came)
    if told == 0:
        return places.plain("409", 409)
    return _packed(data, {"cache-control": "no-store"} | ({"convviz-told": str(told)} if told else {}), request)


def _told(asked: dict[str, object], state: State, came: Outcome) -> int | None:
    """Tell the session what came of what was asked, if it is kept: how many answers it knows now, 0 where it is another
    process's; None where there is nothing to tell."""
    before = _before(asked, state)
    dragged = before != came.state  # a drag that ends at what cannot be keeps what it showed last
    if not came.kept or (came.refused and not dragged):
        return None
    news = held.News(before, came.state, came.apart)
    return held.hear(str(asked.get("session")), news, asked.get("again") is True)


async def _question(request: Request) -> dict[str, object] | Response:
    """What is asked, or why it is no question."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return places.plain("413", 413)
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        asked = None
    return asked if isinstance(asked, dict) else places.plain("400", 400)


def _packed(data: bytes, headers: dict[str, str], request: Request) -> Response:
    """The answer as it is sent; packed, for a browser that unpacks it."""
    headers["vary"] = "accept-encoding"
    if len(data) < LARGE and "gzip" in request.headers.get("accept-encoding", ""):
        data, headers["content-encoding"] = gzip.compress(data, SWIFTLY), "gzip"
    return Response(data, media_type="application/json", headers=headers)


def _before(asked: dict[str, object], state: State) -> State:
    """The state that a step of the history starts from: what was shown, or, after a dial was dragged, before that."""
    query = asked.get("before")
    if not isinstance(query, str) or query == asked.get("link"):
        return state
    before, wrong = from_query(dict(parse_qsl(query)), state.lesson)
    return state if wrong else before
