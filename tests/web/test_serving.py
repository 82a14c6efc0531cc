"""Whatever it is asked, the server answers: never with a fault of its own, always with its headers."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from depth import cases
from hypothesis import given, settings
from hypothesis import strategies as some
from loops import run
from starlette.requests import Request

import convviz as cv
from convviz.export.formats import FORMATS
from convviz.lessons import LESSONS
from convviz.page import shown
from convviz.page.link import from_query
from convviz.page.state import opening
from convviz.text import LANGUAGES, say
from convviz.themes import THEMES
from convviz.web import answers, exports
from convviz.web.drawers import POOL
from convviz.web.places import PLACES
from convviz.web.serving import HEADERS


class Answer:
    """An answer as it was sent."""

    def __init__(self, sent: list[dict[str, Any]]) -> None:
        self.status = sent[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        self.body = b"".join(part.get("body", b"") for part in sent[1:])


def called(
    app: Any, path: str, method: str = "GET", body: bytes = b"", query: bytes = b"", stays: bool = False, **headers: str
) -> Answer:
    """An ASGI app's answer; stays: to one who waits for it, and does not leave when the question is asked."""
    sent: list[dict[str, Any]] = []
    parts = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if stays and not parts:
            await asyncio.Event().wait()
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    said = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": said}
    run(app(scope, receive, send))
    return Answer(sent)


def routed(route: Any, values: dict[str, str]) -> Any:
    """A route's handler as an ASGI app."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        response = await route(Request(scope | {"path_params": values}, receive))
        await response(scope, receive, send)

    return app


JUNK = some.one_of(
    some.none(),
    some.booleans(),
    some.integers(-(10**400), 10**400),
    some.floats(),
    some.text(max_size=12),
    some.sampled_from(
        ["rate0", "rate" + "7" * 5_000, "preset", "view", "axes", "fix", "padding_kind", "input_size", "\ud800", "\0"]
    ),
    some.sampled_from(
        ["conv2d-i5-k3", "tconv2d-i3-k3-s2-p1", "x" * 9_000, "conv2d-i99999-k1", "conv2d-i5-k3~conv2d-i3-k3"]
    ),
)
NESTED = some.recursive(
    JUNK,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
TURNS = some.fixed_dictionaries({"name": JUNK, "value": NESTED}, optional={"commit": JUNK})
EDITS = some.fixed_dictionaries(
    {"array": some.sampled_from(["x", "weight", "y"]) | JUNK, "index": JUNK, "value": NESTED}
)
NAMES = ["v", "layer", "x", "w", "view", "theme", "lang", "beat", "challenge", "step"]
TEXTS = some.text(max_size=20) | some.sampled_from(
    [
        "1",
        "conv2d-i5-k3-p9",
        "s3~4:-2",
        "p1_1",
        "v2_1_2",
        "p9_9~0:1",
        "p1_9_9_99",
        "hbar~0:1",
        "matrix",
        "dark",
        "zh",
        "7" * 5_000,
        "\ud800",
        "",
        "-1",
        "conv2d-i64-k1",
    ]
)
LINKS = some.dictionaries(some.sampled_from(NAMES), TEXTS, max_size=5)


@settings(max_examples=cases(3_000))
@given(
    some.sampled_from([*LESSONS, "nothing", "\ud800"]),
    some.one_of(
        some.binary(max_size=60),
        some.builds(lambda said: json.dumps(said).encode(), NESTED),
        some.builds(
            lambda link, turn, edit: json.dumps(
                {"link": urlencode(link, errors="replace"), "turn": turn, "edit": edit}
            ).encode(),
            LINKS,
            TURNS | some.none(),
            EDITS | some.none(),
        ),
    ),
)
def test_no_question_is_answered_with_a_fault(lesson: str, body: bytes) -> None:
    answer = called(routed(answers.answer, {"lesson": lesson}), "/answer/x", "POST", body)
    assert answer.status in (200, 400, 404, 409, 413)


@settings(max_examples=cases(2_000))
@given(some.sampled_from([*LESSONS, "nothing"]), LINKS)
def test_no_link_of_an_animation_is_answered_with_a_fault(lesson: str, link: dict[str, str]) -> None:
    query = urlencode(link, errors="replace").encode()
    answer = called(routed(exports.export, {"lesson": lesson, "name": "x.gif"}), "/export/x", "HEAD", query=query)
    assert answer.status in (200, 400, 404, 413)


def test_a_body_of_letters_that_are_none_is_no_question() -> None:
    for body in (b"\xff\xfe", b"[" * 60_000, b"{" + b'"a":' * 9, b"1" * 70_000, b"1" * (answers.MOST_BYTES + 1)):
        assert called(routed(answers.answer, {"lesson": "convolution"}), "/", "POST", body).status in (400, 413)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_told_which_ones_there_are(method: str) -> None:
    asked = called(routed(exports.export, {"lesson": "convolution", "name": "x.gif"}), "/", method)
    assert (asked.status, asked.headers["allow"]) == (405, "GET, HEAD")
    asked = called(routed(answers.answer, {"lesson": "convolution"}), "/", method)
    assert (asked.status, asked.headers["allow"]) == (405, "POST")


def served(inner: Any) -> Any:
    return HEADERS.cls(PLACES.cls(inner))


async def streamlits(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"page"})


async def broken(scope: Any, receive: Any, send: Any) -> None:
    raise RuntimeError("a fault")


@pytest.mark.parametrize(("app", "status"), [(streamlits, 200), (broken, 500)])
def test_every_answer_has_the_headers_and_only_we_may_frame_it(app: Any, status: int) -> None:
    answer = called(served(app), "/convolution")
    assert answer.status == status
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path", ["/convolution/x", "/export/convolution", "/export", "/nothing", "/a/b/c", "/<b>", "/\ud800"]
)
def test_where_nothing_is_a_page_says_what_exists(path: str, language: str) -> None:
    answer = called(served(streamlits), path, accept_language=f"{language}-XX,fr;q=0.5")
    page = answer.body.decode()
    assert answer.status == 404 and "<b>" not in page
    assert say("server.missing", language) in page
    assert all(f'href="/{name}?' in page for name in LESSONS)
    assert "content-security-policy" in answer.headers


def test_the_starts_name_leads_to_the_start() -> None:
    answer = called(served(streamlits), "/home")
    assert (answer.status, answer.headers["location"]) == (307, "/")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/convolution",
        "/convolution/",
        "/convolution/_stcore/health",
        "/static/js/a.js",
        "/favicon.png",
        "/export/convolution/x.gif",
    ],
)
def test_pages_and_their_files_are_answered_as_ever(path: str) -> None:
    assert called(served(streamlits), path).body == b"page"


def test_an_animation_that_is_too_long_says_what_to_turn_down() -> None:
    query = b"layer=conv2d-i64-k1"
    answer = called(routed(exports.export, {"lesson": "convolution", "name": "x.gif"}), "/", "GET", query=query)
    assert answer.status == 413 and "try input_size" in answer.body.decode()


def export(name: str, query: bytes = b"layer=conv2d-i4-k3", method: str = "HEAD", **headers: str) -> Answer:
    """What /export/convolution/<name> answers."""
    app = routed(exports.export, {"lesson": "convolution", "name": name})
    return called(app, f"/export/convolution/{name}", method, query=query, stays=True, **headers)


MADE = [one for one in FORMATS if one.page == "server"]


def test_each_format_that_the_server_makes_has_its_type_its_name_and_its_tag() -> None:
    tags = set()
    for one in MADE:
        answer = export(f"x{one.suffix.upper()}")
        assert answer.status == 200 and answer.headers["content-type"].startswith(one.media_type)
        assert answer.headers["content-disposition"].endswith(f"conv2d-i4-k3-flat{one.suffix}")
        tags.add(answer.headers["etag"])
        assert export(f"other{one.suffix}", if_none_match=answer.headers["etag"]).status == 304
    assert len(tags) == len(MADE)


def test_each_format_is_what_cv_save_writes() -> None:
    for one in MADE:
        answer, file = export(f"x{one.suffix}", method="GET"), io.BytesIO()
        state, _ = from_query({"layer": "conv2d-i4-k3"}, "convolution")
        cv.save(state.scene(), file, suffix=one.suffix)
        assert answer.status == 200 and answer.body == file.getvalue()
        assert answer.headers["content-length"] == str(len(answer.body))
    POOL.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("suffix", [".bmp", ".png", ".svg", ".gif.exe", ".", "", ".\ud800"])
def test_a_suffix_that_is_not_made_here_is_told_which_ones_are(suffix: str, language: str) -> None:
    answer = export(f"x{suffix}", accept_language=language)
    assert answer.status == 404
    names = ", ".join(one.suffix for one in MADE)
    assert answer.headers["content-type"].startswith("text/plain")
    assert export(f"x{suffix}", method="GET", accept_language=language).body.decode() == say(
        "server.missing_format", language, names=names
    )


def test_only_an_animation_can_be_too_long() -> None:
    statuses = {one.suffix: export(f"x{one.suffix}", b"layer=conv2d-i64-k1").status for one in MADE}
    assert statuses == {one.suffix: 413 if one.kind == "animation" else 200 for one in MADE}


def test_a_file_at_a_pace_is_named_after_it_and_is_what_cv_save_writes() -> None:
    query = b"layer=conv2d-i4-k3&pace=terms"
    for one in MADE:
        answer, file = export(f"x{one.suffix}", query, method="GET"), io.BytesIO()
        state, _ = from_query({"layer": "conv2d-i4-k3"}, "convolution")
        cv.save(state.scene(), file, suffix=one.suffix, pace="terms")
        assert answer.status == 200 and answer.body == file.getvalue()
        assert answer.headers["content-disposition"].endswith(f"conv2d-i4-k3-flat-terms{one.suffix}")
        assert answer.headers["etag"] != export(f"x{one.suffix}").headers["etag"]
    POOL.close()
    wrong = export("x.gif", b"pace=slow", method="GET")
    assert wrong.status == 400 and "terms" in wrong.body.decode()


def test_term_by_term_an_animation_is_too_long_sooner() -> None:
    assert export("x.gif", b"layer=conv2d-i32-k3").status == 200
    answer = export("x.gif", b"layer=conv2d-i32-k3&pace=terms", method="GET")
    assert answer.status == 413 and "try input_size" in answer.body.decode()
    smaller = answer.body.decode().split("try input_size ")[1].split()[0]
    assert export("x.gif", f"layer=conv2d-i{smaller}-k3&pace=terms".encode()).status == 200


def test_the_page_offers_what_the_table_offers_and_nothing_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state = opening("convolution")

    def offered() -> list[dict[str, str]]:
        files: list[dict[str, str]] = shown.offered(state, state.scene(), THEMES["light"])["files"]
        return files

    assert [file["suffix"] for file in offered()] == [one.suffix for one in FORMATS if one.page]
    for file, one in zip(offered(), (one for one in FORMATS if one.page), strict=True):
        assert ("address" in file) is (one.page == "server") and ("estimate" in file) is (one.kind == "animation")
        assert file["label"] == one.label
    lacking = replace(FORMATS[0], suffix=".none", needs=("no_such_module",))
    monkeypatch.setattr(shown, "FORMATS", (lacking, *FORMATS))
    assert ".none" not in [file["suffix"] for file in offered()]
