"""What a browser gets of a component: all of its modules in one file, for one after the other they take their time.

Streamlit wants a default export that mounts the component. mount.js makes it of a class that knows no Streamlit.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Awaitable, Callable
from functools import cache
from hashlib import blake2b
from typing import Any

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import Response

from convviz.player.bundle import bundle
from convviz.web.places import plain

COMPONENTS = {
    "player": ("player", "presentable", "Presentable"),
    "dials": ("panel", "dials", "Dials"),
    "sources": ("sources", "sources", "Sources"),
    "story": ("story", "story", "Story"),
    "start": ("start", "start", "Start"),
}
"""The components that a page mounts, with the name of their element, their module and their class. The browser needs a
script and a style of each, and nothing else of the folder."""

_FILE = re.compile(r".*/_stcore/bidi-components/convviz\.([^/]*)/(.*)", re.DOTALL)


def component(name: str) -> str:
    """The script of a component.

    >>> component("story").count("export default ")
    1
    """
    element, module, made = COMPONENTS[name]
    return f'{bundle("mount", module)}export default $mount.component("{element}", ${module}.{made})\n'


@cache
def _made(name: str) -> tuple[bytes, bytes, str]:
    """The script of a component, the same packed, and what tells whether a browser has it already."""
    body = component(name).encode()
    return body, gzip.compress(body), f'"{blake2b(body, digest_size=12).hexdigest()}"'


class _Bundles:
    """ASGI middleware that answers what a browser asks of a component: its entry and its style, and no other file."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        asked = _FILE.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if asked is None or (asked[1] in COMPONENTS and asked[2] == f"{asked[1]}.css"):
            await self.app(scope, receive, send)
            return
        if asked[1] not in COMPONENTS or asked[2] != f"{asked[1]}.js":
            await plain("404", 404)(scope, receive, send)
            return
        body, packed, tag = _made(asked[1])
        given, headers = Headers(scope=scope), {"cache-control": "no-cache", "vary": "accept-encoding", "etag": tag}
        if given.get("if-none-match") == tag:
            await Response(status_code=304, headers=headers)(scope, receive, send)
            return
        if "gzip" in given.get("accept-encoding", ""):
            body, headers["content-encoding"] = packed, "gzip"
        await Response(body, media_type="text/javascript", headers=headers)(scope, receive, send)


BUNDLES = Middleware(_Bundles)
