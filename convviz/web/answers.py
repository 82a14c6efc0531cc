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

from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.lessons.facts import facts, spelled
from convviz.player.wire import payload
from convviz.state import State, from_query, link
from convviz.text import say
from convviz.themes import THEMES, Theme
from convviz.web import beats, controls, exports, held, places, values

MOST_BYTES = 1 << 16
"""Bytes that a question has at most."""


def shown(state: State, theme: Theme) -> tuple[Any, dict[str, Any]]:
    """A state's scene, and what the player needs beside it that changes with the state."""
    scene = state.scene()
    others = {"link": link(state), "note": note(state), "tour": beats.tour(state)}
    return scene, others | exports.offered(state, scene, theme)


def note(state: State) -> str:
    """What the layer costs, in words; of a transposed layer, also whose parameters they are."""
    numbers = facts(state.layer)
    if state.layer.kind == "tconv":
        layer = state.layer
        sizes = {"i": layer.input_size, "o": layer.output_size, "k": layer.kernel_size, "s": layer.stride}
        numbers |= {name: spelled(value) for name, value in {**sizes, "p": layer.pads, "d": layer.dilation}.items()}
    lines = ["cost.line"] if state.layer.kind != "tconv" else ["cost.line", "cost.forward"]
    return "\n".join(say(line, state.language, **numbers) for line in lines)


def answered(state: State, asked: dict[str, Any], apart: bool, theme: Theme) -> tuple[bytes, State | None, bool]:
    """The dials and the picture after what was asked, as JSON; the state, and if each axis has a control of its own.

    Where it cannot be, the dials alone and why, and no state.
    """
    turn, edit = asked.get("turn"), asked.get("edit")
    refused, before = None, state
    try:
        if isinstance(turn, dict):
            apart = bool(turn.get("value")) if turn.get("name") == controls.AXES else apart
            state = controls.turned(state, turn)
        if isinstance(edit, dict):
            state = values.edited(state, edit)
        state.scene()
    except LayerError as error:
        refused = controls.refusal(before, turn, error) if isinstance(turn, dict) else ("", error)
    said: dict[str, Any] = {"dials": controls.dials(before if refused else state, apart, refused), "apart": apart}
    if refused:
        said["refused"] = refused[1].text(state.language)
        return json.dumps(said).encode(), None, apart
    scene, others = shown(state, theme)
    return payload(scene, **said, **others), state, apart


def kept(asked: dict[str, Any]) -> bool:
    """Whether what was asked is a step of the history, and not a dial that is still being turned."""
    turn = asked.get("turn")
    return bool(turn.get("commit")) if isinstance(turn, dict) else True


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
    data, after, apart = await run_in_threadpool(answered, state, asked, asked.get("apart") is True, theme)
    headers = {"cache-control": "no-store"}
    if after and kept(asked):
        news = held.News(state, after, apart)
        told = held.hear(str(asked.get("session")), news, asked.get("again") is True)
        if not told:
            return places.plain("409", 409)
        headers["convviz-told"] = str(told)
    return Response(data, media_type="application/json", headers=headers)


ROUTE = Route("/answer/{lesson:path}", answer, methods=places.METHODS)
