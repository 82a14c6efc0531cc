"""Questions and files as a browser sends them to the app's own addresses, without a server."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from loops import run
from starlette.requests import Request
from starlette.responses import Response

from convviz.web import answers, uploads


def post(asked: dict[str, Any], lesson: str = "convolution") -> Response:
    """What the address that answers at once says to a question about a lesson."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(asked).encode(), "more_body": False}

    scope = {"type": "http", "method": "POST", "path_params": {"lesson": lesson}, "headers": []}
    return run(answers.answer(Request(scope, receive)))


def sent(session: str, name: str, data: bytes, lesson: str = "convolution", method: str = "POST") -> Response:
    """What the address for pictures says to a file."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": data, "more_body": False}

    headers = {"convviz-session": session, "convviz-name": quote(name), "convviz-language": "en"}
    raw = [(key.encode(), value.encode()) for key, value in headers.items()]
    scope = {"type": "http", "method": method, "path_params": {"lesson": lesson}, "headers": raw}
    return run(uploads.upload(Request(scope, receive)))
