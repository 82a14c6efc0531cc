"""The bundled photographs, for the page that shows them with a box on them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from convviz.asset import asset
from convviz.pictures import PHOTOGRAPHS
from convviz.web import places


async def photograph(request: Request) -> Response:
    """GET /photograph/<name>: the file of a bundled photograph."""
    if request.method not in ("GET", "HEAD"):
        return places.plain("405", 405, allow="GET, HEAD")
    name = request.path_params["name"]
    if name not in PHOTOGRAPHS:
        return places.plain("404", 404)
    headers = {"cache-control": "public, max-age=86400"}
    return Response(asset(f"pictures/{name}").read_bytes(), media_type="image/png", headers=headers)
