"""What the server does beside answering: it imports and draws what is asked for next, and keeps the collector swift.

The server listens before most of the project is imported. That happens while the first visitor's browser loads
Streamlit's own files, which takes it as long.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from starlette.datastructures import Headers
from starlette.middleware import Middleware

from convviz.text import DEFAULT, LANGUAGES
from convviz.web.places import accepted

FIRST = 2.0
"""Seconds for the first visitor's page, before the start is drawn for whoever turns to it."""

TIDY, SWEEP = 0.25, 300.0
"""Seconds between two freezes of all objects, and between two full sweeps."""

_QUEUE = ThreadPoolExecutor(1, "warming")
"""One thing after the other: two at a time would only take turns, and the one that is waited for would come late."""


@asynccontextmanager
async def warm(app: object) -> AsyncIterator[None]:
    """Import what is slow while the first visitor's browser is still loading the page's own files; then stay swift."""
    warming = asyncio.create_task(_warming())
    tidying = asyncio.create_task(_tidy())
    yield
    from convviz.web.drawers import POOL

    tidying.cancel()
    warming.cancel()
    await asyncio.to_thread(POOL.close)
    with contextlib.suppress(asyncio.CancelledError):
        await warming


async def _warming() -> None:
    """Each step is begun when the one before it is done: what a visitor waits for comes between two of them."""
    loop = asyncio.get_running_loop()
    for step in STEPS:
        await loop.run_in_executor(_QUEUE, step)
    await asyncio.sleep(FIRST)
    await loop.run_in_executor(_QUEUE, _draw, DEFAULT)


def _start() -> None:
    """Import what the shell and the start need, and do what Streamlit would do within the first run of a script."""
    import inspect

    import streamlit.emojis  # noqa: F401

    from convviz.web import home, navigation  # noqa: F401

    inspect.stack()  # learns of all modules, when it is called first
    gc.freeze()


def _lesson() -> None:
    """Import what a lesson needs, and draw one."""
    from convviz.page.state import opening
    from convviz.web import lesson  # noqa: F401

    opening("convolution").scene().at(0)


def _answers() -> None:
    """Import what answers our own addresses."""
    import inspect

    from convviz.web import routes

    for name in (*routes.ADDRESSES.values(), routes.EMBED):
        routes.find(name)
    inspect.stack()
    gc.collect()
    gc.freeze()


STEPS = (_start, _lesson, _answers)
"""What a first visitor may wait for comes first."""


def _draw(language: str) -> None:
    """Draw what the start shows, which is kept."""
    from convviz.page.state import AUTO
    from convviz.themes import THEMES
    from convviz.web.home import told

    told(language, AUTO, THEMES["light"])


class _Ahead:
    """ASGI middleware that has the start drawn when it is asked for, in each language once: its script runs only when
    the browser has loaded Streamlit's files."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app, self.languages = app, {*LANGUAGES}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.languages and scope["type"] == "http" and scope["path"] == "/":
            language = accepted(Headers(scope=scope))
            if language in self.languages:
                self.languages.remove(language)
                _QUEUE.submit(_draw, language)
        await self.app(scope, receive, send)


AHEAD = Middleware(_Ahead)


async def _tidy() -> None:
    """Keep the collector's work small: Streamlit has it look at everything after every run of a script.

    Frozen objects are not looked at: modules, pages and cached pictures, which would slow a rerun from some 10 ms to
    100. They are still freed by reference count; cycles, such as the sessions of visitors who left, wait for the
    next sweep.
    """
    loop = asyncio.get_running_loop()
    swept = loop.time()
    while True:
        gc.freeze()
        await asyncio.sleep(TIDY)
        if loop.time() - swept > SWEEP:
            gc.unfreeze()
            gc.collect()
            swept = loop.time()
