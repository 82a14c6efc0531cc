"""What is imported and drawn late: when the server starts, and when somebody asks for it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from loops import run

from convviz.lessons import LESSONS
from convviz.page.start import start
from convviz.page.state import AUTO
from convviz.themes import THEMES
from convviz.web import home, places, routes, warming

ROOT = Path(__file__).parents[2]


async def behind(scope: Any, receive: Any, send: Any) -> None:
    """What is behind a middleware: says that it was reached."""
    await send("behind")


def asked(app: Any, path: str, query: bytes = b"", kind: str = "http", language: str = "en") -> list[Any]:
    """What an app sends."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"accept-language", language.encode())]
    scope = {"type": kind, "method": "GET", "path": path, "query_string": query, "headers": headers}
    run(app(scope, None, send))
    return sent


@pytest.mark.parametrize("name", [*routes.ADDRESSES.values(), routes.EMBED])
def test_each_address_has_its_function(name: str) -> None:
    assert callable(routes.find(name))
    assert f"{routes.find(name).__module__}.{routes.find(name).__name__}" == f"convviz.web.{name}"


def test_our_own_addresses_are_known_to_the_page_that_says_what_is_nowhere() -> None:
    assert sorted({path.split("/")[1] for path in routes.ADDRESSES}) == sorted(places.ROUTES)
    assert [route.name for route in routes.ROUTES] == list(routes.ADDRESSES.values())


def test_a_link_with_embed_is_answered_for_a_lesson_alone() -> None:
    app = routes.EMBEDS.cls(behind)
    assert asked(app, "/convolution", b"embed=1")[0]["status"] == 200
    assert asked(app, "/convolution", b"embed=1&layer=no")[0]["status"] == 400
    for path, query in (
        ("/nowhere", b"embed=1"),
        ("/", b"embed=1"),
        ("/convolution", b"embed=0"),
        ("/convolution", b""),
    ):
        assert asked(app, path, query) == ["behind"]


def test_the_start_is_drawn_when_it_is_asked_for_once_a_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not when a lesson or a file of Streamlit's is."""
    drawn: list[str] = []
    queue = ThreadPoolExecutor(1)
    monkeypatch.setattr(warming, "_QUEUE", queue)
    monkeypatch.setattr(warming, "_draw", drawn.append)
    app = warming.AHEAD.cls(behind)
    for path in ("/convolution", "/static/js/index.js", "/_stcore/health"):
        assert asked(app, path) == ["behind"]
    assert asked(app, "/", kind="websocket") == ["behind"]
    for language in ("en", "en-GB", "zh-CN", "fr", "zh"):
        assert asked(app, "/", language=language) == ["behind"]
    queue.shutdown()
    assert drawn == ["en", "zh"]


def test_what_is_drawn_ahead_is_what_the_start_shows() -> None:
    start.cache_clear()
    warming._draw("en")
    drawn = start.cache_info()
    assert home.told("en", AUTO, THEMES["light"]) == start("en", AUTO, THEMES["light"])
    assert (drawn.misses, start.cache_info().misses) == (1, 1)


def test_who_asks_for_the_start_while_it_is_drawn_waits_for_it_and_does_not_draw_it_again() -> None:
    start.cache_clear()
    with ThreadPoolExecutor(4) as threads:
        found = {*threads.map(lambda _: home.told("en", AUTO, THEMES["light"]), range(4))}
    assert len(found) == 1 and start.cache_info().misses == 1


def test_nothing_is_left_to_be_imported_when_a_lesson_is_opened_or_an_address_asked_for() -> None:
    """Whoever comes after the first seconds waits for no import of ours."""
    script = f"""
import sys, app
from convviz.web import warming
for step in warming.STEPS:
    step()
warming._draw("en")
before = {{*sys.modules}}
import importlib, pathlib
for path in sorted(pathlib.Path("convviz/web").glob("*.py")):
    if path.stem not in ("shell", "__init__"):
        importlib.import_module("convviz.web." + path.stem)
from convviz.page.state import opening
for lesson in {[*LESSONS]}:
    opening(lesson).scene().at(0)
print(*({{*sys.modules}} - before))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [name for name in done.stdout.split() if name.startswith("convviz")] == []
