"""What one change makes: each layer is built, written and read at most twice, whichever way the change comes."""

from __future__ import annotations

import functools
import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from loops import run
from openings import stacks
from starlette.requests import Request

from convviz import network
from convviz.layers import REGISTRY
from convviz.lessons import LESSONS
from convviz.network import BETWEEN
from convviz.page import link as links
from convviz.page import state as states
from convviz.page.dials import dials
from convviz.page.link import link
from convviz.page.state import State, opening, setting
from convviz.page.tour import story
from convviz.web import answers, held

MOST = 2
STACK = stacks("dilated")[0]
OTHER_STACK = stacks("dilated")[1]


def turn(name: str, value: Any) -> dict[str, Any]:
    return {"turn": {"name": name, "value": value, "commit": True}}


EDIT = {"edit": {"array": "x", "index": 3, "value": 7}}
ASKED: list[tuple[str, str, dict[str, Any]]] = [
    *(("convolution", "conv2d-i7-k3", turn(name, 2)) for name in ("kernel_size", "stride", "padding", "dilation")),
    ("convolution", "conv2d-i7-k3", turn("preset", LESSONS["convolution"].presets[0].setting)),
    ("convolution", "conv2d-i7-k3", turn("padding_kind", "same")),
    ("convolution", "conv2d-i7x6-k3", turn("axes", False)),
    ("convolution", "conv2d-i7-k3", turn("view", "isometric")),
    ("convolution", "conv2d-i7-k3", turn("fix", {"kernel_size": 2, "stride": 3})),
    ("convolution", "conv2d-i7-k3", turn("fix", {"layer": "conv2d-i6-k3", "stride": 2})),
    ("convolution", "conv2d-i7-k3", EDIT),
    ("convolution", "conv2d-i7-k3", {"show": {"kind": "beat", "n": 3}}),
    ("transposed", "tconv2d-i3-k3", turn("stride", 2)),
    ("transposed", "tconv2d-i3-k3", turn("fix", {"stride": 2})),
    ("transposed", "tconv2d-i3-k3", EDIT),
    ("dilated", "conv2d-i7-k3", turn("dilation", 2)),
    ("dilated", STACK, turn("rate0", 1)),
    ("dilated", STACK, turn("preset", OTHER_STACK)),
    ("dilated", "conv2d-i7-k3", turn("preset", STACK)),
    ("dilated", STACK, EDIT),
    ("dilated", "conv2d-i7-k3", {"show": {"kind": "beat", "n": 4}}),
]
each_asked = pytest.mark.parametrize(
    ("lesson", "layer", "asked"), ASKED, ids=[f"{lesson} {layer} {asked}" for lesson, layer, asked in ASKED]
)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each thing has been made, by its name; what the lessons set has been read before."""
    for lesson in LESSONS:
        dials(opening(lesson))
        story(opening(lesson))
        link(replace(opening(lesson), step=1))
    count: Counter[str] = Counter()

    def counted(name: str, make: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(make)
        def making(*given: Any, **named: Any) -> Any:
            count[name] += 1
            return make(*given, **named)

        return making

    for kind in REGISTRY:
        monkeypatch.setattr(kind, "__post_init__", counted(kind.__name__, kind.__post_init__))
    for home, name in ((network, "stack_to_text"), (network, "stack_from_text"), (links, "to_query")):
        first = getattr(home, name)
        for module in [m for n, m in sys.modules.items() if n.startswith("convviz")]:
            if getattr(module, name, None) is first:  # wherever it has been imported by its name
                monkeypatch.setattr(module, name, counted(name, first))
    states._drawn.cache_clear()  # so that the pictures are drawn, and what they need is counted
    return count


def few(made: Counter[str], *stacks: str) -> bool:
    """Whether everything was made at most twice; of a stack, each of its layers."""
    layers = max(stack.count(BETWEEN) + 1 for stack in stacks)
    counted = {name: count for name, count in made.items() if count > MOST * (layers if name in KINDS else 1)}
    return not counted


KINDS = {kind.__name__ for kind in REGISTRY}


def start(lesson: str, layer: str) -> State:
    """The state of a layer, in a view that draws it alone: some draw another layer beside it, which they make."""
    return replace(opening(lesson), layer=setting(layer), view="flat")


@each_asked
def test_an_answer_makes_each_thing_at_most_twice(
    made: Counter[str], lesson: str, layer: str, asked: dict[str, Any]
) -> None:
    mine = held.Held()
    held._BY_NAME[mine.name] = mine
    body = json.dumps({"link": link(start(lesson, layer)), "session": mine.name, **asked}).encode()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [], "path_params": {"lesson": lesson}}
    made.clear()
    response = run(answers.answer(Request(scope, receive)))
    assert response.status_code == 200 and "refused" not in json.loads(bytes(response.body))
    assert few(made, layer, str(mine.news[0].after.text)), made


@each_asked
def test_the_script_makes_each_thing_at_most_twice(
    visit: Any, made: Counter[str], lesson: str, layer: str, asked: dict[str, Any]
) -> None:
    page = visit(lesson, layer=layer, view="flat")
    ((event, said),) = asked.items()
    before = page.player["link"]
    states._drawn.cache_clear()
    made.clear()
    page.say(f"{'dials' if event == 'turn' else 'player'}:{lesson}", event, said)
    counted = Counter(made)
    assert page.player["link"] != before and not page.session_state["held"].refused
    assert few(counted, layer, page.state(lesson).text), counted
