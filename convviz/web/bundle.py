"""A component's modules put together in one file: a browser asks for each module by itself, and one after the other.

Each becomes a function that is called once and returns what it exports, so that no two names meet. Only the forms of
import and export that our modules have are known here.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import Response

import convviz
from convviz.web.places import plain

MODULES = Path(convviz.__file__).parent / "player"

COMPONENTS = ("player", "dials", "story")
"""The components that a page mounts; the browser needs an entry and a style of each, and nothing else of the folder."""

_IMPORT = re.compile(r'^import (\{[^}]+\}) from "\./(\w+)\.js"$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_FILE = re.compile(r".*/_stcore/bidi-components/convviz\.([^/]*)/(.*)", re.DOTALL)


def bundle(entry: str, modules: Path = MODULES) -> str:
    """The source of a module, with all that it imports before it.

    >>> "import" in bundle("story"), bundle("story").count("const $mount = ")
    (False, 1)
    """
    parts: dict[str, str] = {}

    def add(name: str) -> None:
        source = (modules / f"{name}.js").read_text(encoding="utf-8")
        for _, used in _IMPORT.findall(source):
            if used not in parts:
                add(used)
        source = _IMPORT.sub(r"const \1 = $\2", source)
        if name != entry:
            exported = ", ".join(_EXPORT.findall(source))
            source = f"const ${name} = (() => {{\n{_EXPORT.sub('', source)}\nreturn {{ {exported} }}\n}})()\n"
        parts[name] = source

    add(entry)
    return "".join(parts.values())


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
        body, headers = bundle(asked[1]).encode(), {"cache-control": "no-cache", "vary": "accept-encoding"}
        if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            body, headers["content-encoding"] = gzip.compress(body), "gzip"
        await Response(body, media_type="text/javascript", headers=headers)(scope, receive, send)


BUNDLES = Middleware(_Bundles)
