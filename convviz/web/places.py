"""Paths: the reader's language, and the page that is shown where there is nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from convviz.text import DEFAULT, LANGUAGES, say

if TYPE_CHECKING:
    from convviz.lessons import Lesson

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
"""All HTTP methods: an address itself refuses those it does not take; otherwise Streamlit's page would answer."""

OWN = {"_stcore", "static", "media", "component", "app", "vendor"}
"""Parts of a path below which Streamlit has its own files, at any depth."""

ROUTES = ("answer", "export", "font", "glyphs", "photograph", "picture", "present", "qr")
"""Our own addresses, which answer every path below them."""


def accepted(headers: Headers) -> str:
    """The first language of an Accept-Language header that there are words for.

    >>> accepted(Headers({"accept-language": "fr, zh-CN;q=0.9, en;q=0.8"}))
    'zh'
    """
    wanted = [part.split(";")[0].strip()[:2].lower() for part in headers.get("accept-language", "").split(",")]
    return next((name for name in wanted if name in LANGUAGES), DEFAULT)


def language(request: Request) -> str:
    """The reader's language."""
    return accepted(request.headers)


def plain(text: str, status: int, **headers: str) -> PlainTextResponse:
    """A text as an answer; letters that cannot be sent are replaced."""
    sent = text.encode("utf-8", "replace").decode()
    return PlainTextResponse(sent, status_code=status, headers={n.replace("_", "-"): v for n, v in headers.items()})


def lessons() -> dict[str, Lesson]:
    """The lessons. They are imported late: the server listens before they are."""
    from convviz.lessons import LESSONS

    return LESSONS


def no_lesson(request: Request, name: str) -> PlainTextResponse:
    """The answer about a lesson that does not exist."""
    said = say("server.missing_lesson", language(request), name=name[:80], names=", ".join(lessons()))
    return plain(said, 404)


def _page(path: str, spoken: str) -> HTMLResponse:
    """A page that says that nothing is at this path, with the pages that exist."""
    title, shown = say("server.missing", spoken), path[:120].encode("utf-8", "replace").decode()
    lead = say("server.missing_lead", spoken, path=shown)
    pages = [("/", say("nav.home", spoken)), *((f"/{n}", say(f"lesson.{n}.title", spoken)) for n in lessons())]
    links = "".join(f'<li><a href="{address}?v=1&amp;lang={spoken}">{escape(name)}</a></li>' for address, name in pages)
    style = "body{font:1.1rem/1.6 sans-serif;max-width:40rem;margin:12vh auto;padding:0 1.5rem;color-scheme:light dark}"
    return HTMLResponse(
        f'<!doctype html><html lang="{spoken}"><meta charset="utf-8"><title>{escape(title)} · convviz</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}</style>'
        f"<h1>{escape(title)}</h1><p>{escape(lead)}</p><ul>{links}</ul></html>",
        status_code=404,
    )


def answer_to(path: str, spoken: str) -> Response | None:
    """The answer for a path that is not a page; None for pages, for Streamlit's own files and for our own addresses.

    >>> [answer_to(path, "en") is None for path in ("/", "/convolution", "/a/_stcore/health", "/favicon.png", "/x")]
    [True, True, True, True, False]
    """
    parts = [part for part in path.split("/") if part]
    if parts == ["home"]:
        return RedirectResponse("/", 307)
    if not parts or OWN.intersection(parts) or (len(parts) == 1 and ("." in parts[0] or parts[0] in lessons())):
        return None
    if parts[0] in ROUTES and (parts[0] != "export" or len(parts) > 2):
        return None
    return _page(path, spoken)


class _Places:
    """ASGI middleware that answers paths where there is nothing."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        found = answer_to(scope["path"], accepted(Headers(scope=scope))) if scope["type"] == "http" else None
        await (found or self.app)(scope, receive, send)


PLACES = Middleware(_Places)
