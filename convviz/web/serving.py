"""What the server does before the first visitor, and the headers of every answer."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware

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
    ]
)
"""Nothing from other hosts: what the page shows comes from here. Streamlit's own page has one inline script."""


class _SecurityHeaders:
    """ASGI middleware that adds the headers to every answer."""

    extra = (
        (b"content-security-policy", POLICY.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
    )

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def with_headers(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self.extra]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


HEADERS = Middleware(_SecurityHeaders)


@asynccontextmanager
async def warm(app: Any) -> AsyncIterator[None]:
    """Import what is slow while the first visitor's browser is still loading the page's own files."""
    warming = asyncio.create_task(asyncio.to_thread(_warm))
    yield
    await warming


def _warm() -> None:
    """Import, draw one picture, then keep all of it out of the collector's way.

    Streamlit collects garbage after every run of a script; what is frozen here is never looked at again, which takes a
    rerun from some 100 ms to 10.
    """
    from convviz.state import opening
    from convviz.web import lesson, shell_words  # noqa: F401

    opening("convolution").scene().at(0)
    gc.collect()
    gc.freeze()
