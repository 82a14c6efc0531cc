"""The address from which a page fetches lessons to present."""

from __future__ import annotations

import gzip
import json

from loops import run
from starlette.requests import Request
from starlette.responses import Response

from convviz.lessons import LESSONS
from convviz.page.link import link
from convviz.page.present import presented
from convviz.page.state import opening
from convviz.page.tour import showing
from convviz.player.wire import wire
from convviz.web.present import present

MOST = 80_000
"""Bytes that a lesson has at most as it is sent, but for the pixels of photographs, which are packed already."""

PIXELS = 60_000
"""Bytes of one photograph on average, in the letters of an address."""


def get(lesson: str, query: str = "", method: str = "GET", **headers: str) -> Response:
    sent = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "method": method, "path_params": {"lesson": lesson}}
    return run(present(Request(scope | {"query_string": query.encode(), "headers": sent})))


def test_a_lesson_is_sent_in_the_language_that_is_asked_for() -> None:
    assert bytes(get("dilated").body) == presented("dilated", "en")
    assert json.loads(bytes(get("dilated", "lang=zh").body)) == json.loads(presented("dilated", "zh"))
    assert bytes(get("dilated", "lang=xx").body) == presented("dilated", "en")


def test_it_is_packed_for_a_browser_that_unpacks_it() -> None:
    for lesson in LESSONS:
        found = get(lesson, accept_encoding="gzip, br")
        assert found.headers["content-encoding"] == "gzip"
        whole = gzip.decompress(bytes(found.body))
        assert whole == presented(lesson, "en")
        images = json.loads(whole)["images"]
        pixels = len(gzip.compress(json.dumps(images).encode())) if images else 0
        assert len(found.body) - pixels < MOST and pixels <= len(images) * PIXELS
        assert len(set(images.values())) == len(images), "the pixels of each are sent once"
    assert "content-encoding" not in get("dilated").headers


def test_who_has_it_already_is_told_so() -> None:
    mark = get("dilated").headers["etag"]
    again = get("dilated", if_none_match=mark)
    assert again.status_code == 304 and not again.body
    assert get("dilated", "lang=zh", if_none_match=mark).status_code == 200


def test_what_is_no_lesson_and_what_does_not_read_is_refused() -> None:
    assert get("lenses").status_code == 404
    refused = get("dilated", method="POST")
    assert refused.status_code == 405 and "GET" in refused.headers["allow"]


def test_a_picture_of_ones_own_is_drawn_to_be_read_from_afar_where_its_view_has_a_way() -> None:
    shown = showing(opening("learning", "zh"), {"kind": "challenge", "n": 0})
    found = get("learning", f"afar=1&{link(shown)}")
    near, far = (json.loads(json.dumps(wire(shown.scene(afar)))) for afar in (False, True))
    assert json.loads(bytes(found.body)) == far != near
    for lesson, query in (("convolution", "v=1&view=isometric"), ("learning", "v=1&layer=nothing")):
        assert get(lesson, f"afar=1&{query}").status_code == 204
