"""The lesson on filters: large pictures of one's own, what an answer sends of them, files of them, what becomes of old
ones."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from PIL import Image
from sending import post, sent

from convviz.page import brought as store
from convviz.page.link import from_query
from convviz.page.state import opening
from convviz.player.wire import wire
from convviz.text import say
from convviz.themes import THEMES
from convviz.web.answers import answered
from convviz.web.drawers import Pool
from convviz.web.drawing import Wanted


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_kept", type(store._kept)())


def picture(rows: int, columns: int) -> tuple[bytes, Any]:
    pixels = np.random.default_rng(4).integers(0, 256, (rows, columns, 3)).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue(), pixels


def bring(page: Any, data: bytes) -> dict[str, Any]:
    answer = sent(page.player["session"], "mine.png", data, lesson="filters")
    assert answer.status_code == 200
    page.say("sources:filters", "turn", {"name": "x", "value": "u", "commit": True})
    return dict(json.loads(bytes(answer.body)))


def test_a_picture_of_one_s_own_is_filtered_in_grey_and_in_colour_undone_and_linked(visit: Any) -> None:
    page, (data, pixels) = visit("filters"), picture(40, 60)
    said = bring(page, data)
    assert "told" not in said and said["source"]["value"] == "u"
    state = page.state("filters")
    assert state.layer.input_size == (40, 40) and state.x.numbers == (0, 10, 40)
    page.turn("filters", "colour", True)
    state = page.state("filters")
    assert state.text.endswith("c3-o3-g3")
    assert np.array_equal(state.x.array((3, 40, 40), 0, 5), pixels[:, 10:50].transpose(2, 0, 1))
    restored, wrong = from_query(dict(parse_qsl(page.player["link"])), "filters")
    assert not wrong and restored.x == state.x and restored.layer == state.layer
    page.say("player:filters", "undo", {})
    page.say("player:filters", "undo", {})
    assert page.state("filters").x == opening("filters").x


def test_a_larger_one_is_scaled_down_and_that_is_said(visit: Any) -> None:
    page, (data, _) = visit("filters"), picture(1200, 1100)
    said = bring(page, data)
    assert said["told"] == say("source.smaller", "en", wide=1100, high=1200, columns=939, rows=1024)
    assert page.state("filters").layer.input_size == (939, 939)
    assert len(said["picture"]["address"]) < 1_500_000 and said["picture"]["rows"] == 1024


def test_a_picture_that_had_to_make_room_is_told_of_and_the_page_goes_on(visit: Any) -> None:
    page, (data, _) = visit("filters"), picture(40, 40)
    bring(page, data)
    store._kept.clear()
    page.run()
    assert not page.exception and page.state("filters").x == opening("filters").x
    assert any("not on this server any more" in warning.value for warning in page.warning)


def test_an_answer_sends_no_pixels_that_the_page_shows() -> None:
    state = opening("filters")
    data, came = answered(
        state, {"turn": {"name": "kernel", "value": "gaussian", "commit": True}}, False, THEMES["light"]
    )
    photo, result = json.loads(data)["scene"]["images"]
    assert "src" not in photo and result["src"].startswith("data:image/png;base64,")
    whole: Any = wire(came.state.scene())
    assert photo["m"] == whole["images"][0]["m"] == state.scene().images[0].mark


def test_a_turn_of_a_large_picture_is_answered_from_its_link(visit: Any) -> None:
    page, (data, _) = visit("filters"), picture(300, 300)
    bring(page, data)
    link, session = page.player["link"], page.player["session"]
    asked = {"link": link, "session": session, "turn": {"name": "kernel", "value": "outline", "commit": True}}
    answer = post(asked, "filters")
    assert answer.status_code == 200
    page.run()
    assert page.state("filters").weight.name == "outline"


def test_a_file_of_a_picture_of_one_s_own_is_drawn_by_the_other_process() -> None:
    _, pixels = picture(24, 24)
    state, wrong = from_query(
        {"x": f"u{store.keep(pixels)}_0_0_24", "layer": "conv2d-i24-k3-p1", "view": "curtain"}, "filters"
    )
    assert not wrong
    pool = Pool(places=1, waiting=1, idle=5.0)
    try:
        job = pool.ask(Wanted.of(state), 0.1)
        job.drawn.result(60)
        with pool.find(Wanted.of(state)) as file:  # type: ignore[union-attr]
            frame = np.asarray(Image.open(file).convert("RGB"))
        assert len(np.unique(frame.reshape(-1, 3), axis=0)) > 60, "it has the picture's colours"
    finally:
        pool.close()
