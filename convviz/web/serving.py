"""The headers of every answer, also of the one about a fault of ours."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import Headers
from starlette.middleware import Middleware

from convviz.text import say
from convviz.web.places import accepted, plain

LOG = logging.getLogger("convviz")

POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss: data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)
"""Nothing from other hosts: what the page shows comes from here. Streamlit's own page has one inline script."""


POLICY_NAME = b"content-security-policy"


class _SecurityHeaders:
    """ASGI middleware that adds the headers to every answer, also to the one about a fault of ours.

    An answer that names a policy of its own keeps it, and says in it who may frame it.
    """

    usual = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"))
    extra = ((POLICY_NAME, POLICY.encode()), (b"x-frame-options", b"SAMEORIGIN"))

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        started = False

        async def with_headers(message: Any) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                own = [*message.get("headers", [])]
                free = any(name.lower() == POLICY_NAME for name, _ in own)
                message["headers"] = [*own, *self.usual, *(() if free else self.extra)]
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self.app(scope, receive, with_headers)
        except Exception:
            if started:  # too late for another answer
                raise
            LOG.exception("%s %s", scope["method"], scope["path"])
            said = say("server.broken", accepted(Headers(scope=scope)))
            await plain(said, 500)(scope, receive, with_headers)


HEADERS = Middleware(_SecurityHeaders)
