"""What a turned dial or a typed number gives, answered at once: the page shows it, and tells the session afterwards.

A rerun of the page's script takes several messages, and redraws the page around the picture. This is one question with
one answer; they hold a link and what the picture needs, and nothing is kept here of who asked.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from convviz.errors import LayerError
from convviz.lessons import LESSONS
from convviz.lessons.facts import facts
from convviz.player.wire import payload
from convviz.state import State, from_query, link
from convviz.text import say
from convviz.themes import THEMES, Theme
from convviz.web import controls, exports, values

OWN = ("turn", "edit", "apart", "page")
"""What a question has beside the query of a link."""


def shown(state: State, theme: Theme) -> tuple[Any, dict[str, Any]]:
    """A state's scene, and what the player needs beside it that changes with the state."""
    scene = state.scene()
    return scene, {"link": link(state), "note": cost(state), **exports.offered(state, scene, theme)}


def cost(state: State) -> str:
    """What the layer costs, in words."""
    numbers = facts(state.layer)
    return say("cost.line", state.language, weights=numbers["weights"], macs=numbers["macs"])


def answered(state: State, asked: dict[str, Any], apart: bool, theme: Theme) -> bytes:
    """The dials and the picture after what was asked, as JSON; where it cannot be, the dials alone, and why."""
    turn, edit = asked.get("turn"), asked.get("edit")
    refused = None
    try:
        if isinstance(turn, dict):
            apart = bool(turn.get("value")) if turn.get("name") == controls.AXES else apart
            state = controls.turned(state, turn)
        if isinstance(edit, dict):
            state = values.edited(state, edit)
        state.scene()
    except LayerError as error:
        name = str(turn.get("name")) if isinstance(turn, dict) else ""
        refused = (name, error)
    said: dict[str, Any] = {"dials": controls.dials(state, apart, refused), "apart": apart}
    if refused:
        said["refused"] = refused[1].text(state.language)
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    scene, others = shown(state, theme)
    return payload(scene, **said, **others)


async def answer(request: Request) -> Response:
    """GET /answer/<lesson>?<the query of a link>&turn=<JSON>: what the dials and the player show after a turn.

    Or edit=<JSON>, a number typed into a cell; apart=1 where each axis has a control of its own; page, the theme of the
    page around the picture.
    """
    lesson, query = request.path_params["lesson"], dict(request.query_params)
    if lesson not in LESSONS:
        return PlainTextResponse("404", status_code=404)
    state, wrong = from_query({name: text for name, text in query.items() if name not in OWN}, lesson)
    try:
        asked: dict[str, Any] = {name: json.loads(query[name]) for name in ("turn", "edit") if name in query}
    except ValueError:
        return PlainTextResponse("400", status_code=400)
    if wrong:
        return PlainTextResponse(wrong[0].text(state.language), status_code=400)
    theme = THEMES.get(state.theme) or THEMES["dark" if query.get("page") == "dark" else "light"]
    data = await run_in_threadpool(answered, state, asked, query.get("apart") == "1", theme)
    return Response(data, media_type="application/json", headers={"cache-control": "no-store"})


ROUTE = Route("/answer/{lesson}", answer)
