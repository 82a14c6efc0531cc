"""Our own addresses, and which function answers each.

Its module is imported when it is first asked for, so that the server need not wait for what no first page asks for;
`convviz.web.warming` asks for all of them soon after the start.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from convviz.web.places import METHODS

ADDRESSES = {
    "/answer/{lesson:path}": "answers.answer",
    "/export/{lesson}/{name:path}": "exports.export",
    "/font/{name:path}": "codes.font",
    "/glyphs": "codes.glyphs",
    "/photograph/{name:path}": "photographs.photograph",
    "/picture/{lesson:path}": "uploads.upload",
    "/present/{lesson:path}": "present.present",
    "/qr": "codes.qr",
}
"""The functions by their modules in `convviz.web`."""

EMBED = "embeds.embed"
"""What answers a link with embed=1."""

_found: dict[str, Callable[..., Awaitable[Any]]] = {}


def find(name: str) -> Callable[..., Awaitable[Any]]:
    """The function of a name such as "answers.answer".

    >>> find("codes.qr").__name__
    'qr'
    """
    if name not in _found:
        module, _, function = name.partition(".")
        _found[name] = getattr(import_module(f"convviz.web.{module}"), function)
    return _found[name]


async def _answerer(name: str) -> Callable[..., Awaitable[Any]]:
    """The same, without keeping others waiting while it is imported."""
    return _found[name] if name in _found else await run_in_threadpool(find, name)


def _route(path: str, name: str) -> Route:
    async def answer(request: Request) -> Response:
        return await (await _answerer(name))(request)

    return Route(path, answer, methods=METHODS, name=name)


ROUTES = [_route(path, name) for path, name in ADDRESSES.items()]


class _Embeds:
    """ASGI middleware that answers links of a lesson with embed=1."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        found = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
            if query.pop("embed", "") == "1":
                found = await (await _answerer(EMBED))(scope, query)
        await (found or self.app)(scope, receive, send)


EMBEDS = Middleware(_Embeds)
