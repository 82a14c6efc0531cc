"""QR codes of links, and the picture's letters: as a font, and as the outlines that a file has of them."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from convviz.asset import asset
from convviz.lessons import LESSONS
from convviz.page.link import LONGEST, from_query
from convviz.paint.outlines import outline
from convviz.web import places

MOST_LETTERS = 400
"""Different letters whose outlines are asked for at one time."""

FONTS = tuple(f"ConvvizSans-{name}.woff2" for name in ("latin", "han"))

KEEP = {"cache-control": "public, max-age=86400"}


def code(link: str) -> bytes:
    """The QR code of a link as SVG: dark on light in every theme, with the margin that a camera needs.

    >>> code("https://example.org/convolution?v=1")[:5]
    b'<svg '
    """
    file = BytesIO()
    made = segno.make(link, error="m" if len(link) < 300 else "l", micro=False)
    made.save(file, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True, nl=False)
    return file.getvalue()


async def qr(request: Request) -> Response:
    """GET /qr?link=<a link of a lesson, as a whole>: its QR code. 400 for what is no such link."""
    if request.method not in ("GET", "HEAD"):
        return places.plain("405", 405, allow="GET, HEAD")
    link = request.query_params.get("link", "")
    return Response(code(link), media_type="image/svg+xml", headers=KEEP) if ours(link) else places.plain("400", 400)


def ours(link: str) -> bool:
    """Whether a link leads to a lesson, wherever the app may be, and can be read.

    >>> ours("https://example.org/convolution?v=1&step=3"), ours("https://example.org/"), ours("javascript:convolution")
    (True, False, False)
    """
    try:
        found = urlsplit(link)
    except ValueError:
        return False
    lesson = found.path.rstrip("/").rpartition("/")[2]
    if len(link) > LONGEST or found.scheme not in ("http", "https") or not found.netloc or lesson not in LESSONS:
        return False
    return not from_query(dict(parse_qsl(found.query)), lesson)[1]


async def glyphs(request: Request) -> Response:
    """GET /glyphs?text=<letters>: {letter: [its outline, how wide it is]}, as `convviz.paint.outlines` has them."""
    if request.method not in ("GET", "HEAD"):
        return places.plain("405", 405, allow="GET, HEAD")
    wanted = sorted(set(request.query_params.get("text", "")))
    if len(wanted) > MOST_LETTERS:
        return places.plain("413", 413)
    return JSONResponse({letter: outline(letter) for letter in wanted}, headers=KEEP)


async def font(request: Request) -> Response:
    """GET /font/<name>: a file of the picture's letters."""
    if request.method not in ("GET", "HEAD"):
        return places.plain("405", 405, allow="GET, HEAD")
    if (name := request.path_params["name"]) not in FONTS:
        return places.plain("404", 404)
    return Response(asset(f"fonts/{name}").read_bytes(), media_type="font/woff2", headers=KEEP)
