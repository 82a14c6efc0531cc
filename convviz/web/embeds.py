"""The page of a link with embed=1, which any page may frame: the picture, what plays it, and a link home.

It is the player on a page of its own, made from the link alone; Streamlit has no part in it.
"""

from __future__ import annotations

import gzip
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from convviz.export.html import ground_of, page
from convviz.lessons import LESSONS
from convviz.page.link import from_query
from convviz.page.shown import file_name
from convviz.page.state import AUTO, State
from convviz.player.data import data, dress
from convviz.player.words import words
from convviz.text import say
from convviz.themes import THEMES
from convviz.web.places import accepted

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'unsafe-inline'",
        "style-src 'unsafe-inline'",
        "font-src 'self'",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors *",
    ]
)
"""Nothing is asked for but the letters. Any page may frame it, for nothing on it can be misused."""

_SCHEMES = """:root {{ color-scheme: light dark; --st-background-color: {light} }}
@media (prefers-color-scheme: dark) {{ :root {{ --st-background-color: {dark} }} }}
"""


def embedded(state: State, home: str) -> str:
    """The page of a state; home: the query of its link.

    >>> from convviz.page.state import opening
    >>> embedded(opening("convolution"), "v=1").count("<script")
    2
    """
    theme = THEMES.get(state.theme, THEMES["light"])
    title = say(f"lesson.{state.lesson}.title", state.language)
    schemes = {name: dress(THEMES[name], THEMES[name]) for name in ("light", "dark")} if state.theme == AUTO else {}
    said = data(
        state.scene(),
        theme,
        theme,
        state.language,
        words=words(state.language, alone=True),
        main=True,
        name=file_name(state),
        files=[],
        autoplay=state.step == 0,
        step=state.step,
        seek=0,
        schemes=schemes,
        home={"address": f"?{home}", "text": f"convviz · {title}", "title": say("player.home", state.language)},
    )
    ground = _SCHEMES.format(**{name: THEMES[name].background for name in schemes}) if schemes else ground_of(theme)
    return page(said, state.language, title, ground, padding=".4rem .6rem 0", width="none")


async def embed(scope: Any, query: dict[str, str]) -> Response | None:
    """The answer to a link with embed=1, which is no part of the query; 400, and why, for one that cannot be read, and
    None where it is no lesson's."""
    lesson, headers = scope["path"].strip("/"), Headers(scope=scope)
    if lesson not in LESSONS:
        return None
    state, wrong = await run_in_threadpool(from_query, query, lesson, accepted(headers))
    own = {"content-security-policy": POLICY, "cache-control": "no-cache", "vary": "accept-encoding, accept-language"}
    if wrong:
        return PlainTextResponse(wrong[0].text(state.language), 400, own)
    text = await run_in_threadpool(embedded, state, urlencode(query, safe="~:,.@"))
    if "gzip" not in headers.get("accept-encoding", ""):
        return HTMLResponse(text, headers=own)
    packed = await run_in_threadpool(gzip.compress, text.encode(), 5)
    return Response(packed, media_type="text/html", headers=own | {"content-encoding": "gzip"})
