"""What is sent to the browser: plain, and little. That it says the same picture, tests/browser/test_scene.py shows."""

from __future__ import annotations

from typing import Any

import pytest

from convviz.page.link import from_query
from convviz.player.wire import payload, wire
from convviz.themes import THEMES


def test_only_plain_numbers_and_strings_are_sent(picture: Any) -> None:
    def walk(value: Any) -> None:
        assert type(value) in (dict, list, tuple, str, int, float, bool, type(None)), type(value)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
            walk(inner)

    walk(wire(picture.scene))


@pytest.mark.parametrize(("layer", "most"), [("conv2d-i7-k3-p1", 23_000), ("conv2d-i32-k3", 80_000)])
@pytest.mark.parametrize("view", ["flat", "isometric"])
def test_a_change_sends_little(layer: str, most: int, view: str) -> None:
    from convviz.paint.svg import stylesheet

    state, wrong = from_query({"layer": layer, "view": view}, "convolution")
    sent = payload(state.scene(), css=stylesheet(THEMES["light"], ".player "), words="x" * 1500)
    assert not wrong and len(sent) <= most
