"""A link opens what it says; what cannot be read of it is said once, as plain text, and the page is as it opens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from convviz.layers.notation import from_text
from convviz.page.link import from_query, to_query
from convviz.page.state import opening
from convviz.page.values import Values
from convviz.text import LANGUAGES, say
from convviz.themes import THEMES

HOSTILE = (
    {"layer": "<script>alert(1)</script>"},
    {"layer": "[click](javascript:alert(1))"},
    {"layer": "![x](http://example.com/x.png) <img src=x onerror=alert(1)>"},
    {"layer": "``` `x` ```\n\n# heading\n\nhttp://example.com :red[x] $x$ :smile: :material/home:"},
    {"layer": "conv2d-i99999-k1-s99999"},
    {"layer": "maxpool2d-i5-k2"},
    {"layer": "{0.__class__} {reason} {}"},
    {"layer": "[role|x]"},
    {"v": "0"},
    {"v": "<b>"},
    {"x": "s0~1:nan"},
    {"x": "p999_999"},
    {"w": "v3_" + "1_" * 4900 + "1"},
    {"view": "roundtrip"},
    {"theme": "javascript:alert(1)"},
    {"lang": "xx"},
    {"step": "١٢"},
    {"step": "9" * 500},
    {"beat": "-1"},
    {"layer": "conv2d-i5\0-k3"},
    {"layer": "🐙" * 90},
    {"layer": "~" * 5000},
)


def test_a_link_opens_what_it_says(visit: Any) -> None:
    state = replace(
        opening("transposed", "zh"),
        layer=from_text("tconv2d-i3x4-k3x2-s2-p1x0"),
        view="stamp",
        x=Values("seed", (3,), ((4, -2.0),)),
        weight=Values("list", (2.0, 1.0, 0.0, -1.0)),
        theme="colorblind",
        step=5,
    )
    page = visit("transposed", **to_query(state))
    assert page.state("transposed") == state and not page.warning
    assert page.player["step"] == 5 and page.player["paper"]["ground"] == THEMES["colorblind"].background
    assert page.title[0].value == say("lesson.transposed.title", "zh")
    link = dict(pair.split("=") for pair in page.player["link"].split("&"))
    assert from_query(link | {"step": "5"}, "transposed") == (state, [])


@pytest.mark.parametrize("query", HOSTILE, ids=[str(query)[:40] for query in HOSTILE])
def test_what_cannot_be_read_is_said_as_plain_text_and_the_page_is_as_it_opens(visit: Any, query: Any) -> None:
    page = visit("convolution", **query)
    assert page.state("convolution") == opening("convolution")
    (notice,) = page.warning
    assert len(notice.value) < 700 and "\n" not in notice.value
    _, error = from_query(query, "convolution")[1], from_query(query, "convolution")[1][0]
    start, end = say("notice.link", "en", reason="\0").split("\0")
    shown = notice.value.removeprefix(start).removesuffix(end)
    fence = shown[: len(shown) - len(shown.lstrip("`"))]
    assert fence and shown.endswith(fence) and fence not in shown[len(fence) : -len(fence)].strip("`")
    assert " ".join(error.text().split()) in shown
    assert not page.run().warning, "it is said once"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reason_is_in_the_reader_s_language(visit: Any, language: str) -> None:
    page = visit("dilated", lang=language, layer="nonsense")
    (notice,) = page.warning
    assert from_query({"layer": "nonsense"}, "dilated")[1][0].text(language) in notice.value


def test_what_can_be_read_beside_it_is_kept(visit: Any) -> None:
    page = visit("convolution", layer="nonsense", view="isometric", lang="zh")
    assert page.state("convolution") == replace(opening("convolution", "zh"), view="isometric")
    assert len(page.warning) == 1


def test_a_query_on_the_start_does_no_harm(visit: Any) -> None:
    page = visit(layer="<script>", v="9", lang="zh", theme="<b>")
    assert page.title[0].value == say("home.title", "zh") and len(page.sent("start")) == 1


@pytest.mark.parametrize(
    ("lesson", "query", "wanted"),
    [
        ("convolution", {"layer": "conv2d-i5-k9"}, {"layer": "conv2d-i5-k5"}),
        ("convolution", {"layer": "conv2d-i6-k3-s0"}, {"layer": "conv2d-i6-k3"}),
        ("convolution", {"layer": "conv2d-i40-k3", "view": "matrix"}, {"layer": "conv2d-i11-k3", "view": "matrix"}),
        ("convolution", {"layer": "conv2d-i5x7-k9"}, {"layer": "conv2d-i5x7-k5x7"}),
        ("transposed", {"layer": "tconv2d-i3-k3-p9"}, {"layer": "tconv2d-i3-k3-p2"}),
    ],
)
def test_a_link_that_cannot_be_shown_offers_what_it_may_have_meant(
    visit: Any, lesson: str, query: dict[str, str], wanted: dict[str, str]
) -> None:
    page = visit(lesson, **query)
    (button,) = (one for one in page.button if one.key.startswith("fix:"))
    assert wanted["layer"] in button.label
    button.click().run()
    state, wrong = from_query({"v": "1"} | wanted, lesson)
    assert page.sound().state(lesson) == state and not wrong and not page.warning


def test_a_link_that_says_nothing_of_a_layer_offers_none(visit: Any) -> None:
    for query in ({"layer": "xx"}, {"view": "zz"}, {"theme": "q"}, {"step": "x"}, {"layer": "maxpool2d-i5-k2"}):
        page = visit("dilated", **query)
        assert page.warning and not [one for one in page.button if (one.key or "").startswith("fix:")]
