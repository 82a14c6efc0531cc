"""What the server does before the first visitor, and the headers of every answer."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import inspect
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.datastructures import Headers
from starlette.middleware import Middleware

from convviz.text import DEFAULT, say
from convviz.themes import THEMES
from convviz.web.drawers import POOL
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


@asynccontextmanager
async def warm(app: object) -> AsyncIterator[None]:
    """Import what is slow while the first visitor's browser is still loading the page's own files; then stay swift."""
    warming = asyncio.create_task(_warming())
    tidying = asyncio.create_task(_tidy())
    yield
    tidying.cancel()
    warming.cancel()
    await asyncio.to_thread(POOL.close)
    with contextlib.suppress(asyncio.CancelledError):
        await warming


FIRST = 2.0
"""Seconds for the first visitor's page, before pictures are drawn that may be asked for next."""


async def _warming() -> None:
    await asyncio.to_thread(_warm)
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(FIRST)
        await asyncio.to_thread(_draw)


def _draw() -> None:
    """Draw what the start shows, which is kept."""
    from convviz.page.start import start
    from convviz.page.state import AUTO

    start(DEFAULT, AUTO, THEMES["light"])


def _warm() -> None:
    """Import, and draw one picture; and what Streamlit itself would do only within the first run of a script."""
    import streamlit.emojis  # noqa: F401

    from convviz.page.state import opening
    from convviz.web import home, lesson, navigation  # noqa: F401

    opening("convolution").scene().at(0)
    inspect.stack()  # learns of all modules, when it is called first
    gc.collect()
    gc.freeze()


TIDY, SWEEP = 0.25, 300.0
"""Seconds between two freezes of all objects, and between two full sweeps."""


async def _tidy() -> None:
    """Keep the collector's work small: Streamlit has it look at everything after every run of a script.

    Frozen objects are not looked at: modules, pages and cached pictures, which would slow a rerun from some 10 ms to
    100. They are still freed by reference count; cycles, such as the sessions of visitors who left, wait for the
    next sweep.
    """
    loop = asyncio.get_running_loop()
    swept = loop.time()
    while True:
        await asyncio.sleep(TIDY)
        if loop.time() - swept > SWEEP:
            gc.unfreeze()
            gc.collect()
            swept = loop.time()
        gc.freeze()
