"""Any stack is drawn or refused, by whatever door it comes: Python, the command, a link, an answer, a saved file."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from depth import cases
from loops import run
from openings import stacks
from stacks import stack
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

import convviz as cv
from convviz import cli
from convviz.layers import is_layer
from convviz.layers.notation import to_text
from convviz.lessons import LESSONS
from convviz.network import BETWEEN, LAYERS, Network, stack_from_text, stack_to_text
from convviz.page.link import from_query, to_query
from convviz.web import answers, exports
from convviz.web.routes import ROUTES

LARGE = (
    "conv2d-i99999-k3~conv2d-i99997-k3",
    "conv1d-i5-k300001-p150000~conv1d-i5-k1",
    "tconv2d-i2-k2-s900~conv2d-i902-k3",
    "conv2d-i5-k3~dense-i9-o99999",
    "conv3d-i30-k3~conv3d-i28-k3",
)
WRONG = (
    "conv2d-i5-k3~conv2d-i5-k3",
    "conv2d-i5-k3~",
    "conv2d-i5-k3~dense",
    "conv1d-i5-k3~dense-i4-o2",
    "conv1d-i1-k2-d2-p1~",
)


def asked(number: int) -> str:
    """A stack's text; a few of them too large, or none."""
    odd = (*LARGE, *WRONG)
    return odd[number // 40 % len(odd)] if number % 40 == 39 else stack_to_text(stack(number))


def drawn(text: str, view: str | None = None) -> cv.LayerError | None:
    """Why Python does not draw a text in a view, or in its natural one, if it does not."""
    try:
        picture = cv.scene(stack_from_text(text), view)
    except cv.LayerError as error:
        return error
    cv.save(picture, io.BytesIO(), suffix=".svg", step=0)
    return None


def post(lesson: str, question: dict[str, Any]) -> Response:
    """What /answer says."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": json.dumps(question).encode(), "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [], "path_params": {"lesson": lesson}}
    return run(answers.answer(Request(scope, receive)))


def head(lesson: str, query: str) -> Response:
    """What /export says of a file, without it."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    place = {"path": f"/export/{lesson}/x.gif", "path_params": {"lesson": lesson, "name": "x.gif"}}
    scope = {"type": "http", "method": "HEAD", "headers": [], "query_string": query.encode(), **place}
    return run(exports.export(Request(scope, receive)))


@pytest.fixture(autouse=True)
def no_animation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are asked for, and need not be drawn."""
    monkeypatch.setattr(exports, "animation", lambda state: b"GIF89a", raising=False)


def shows(lesson: str, layer: Any) -> bool:
    """Whether a lesson is about such layers."""
    if LESSONS[lesson].edits:
        return True  # about all that are told from sizes alone
    if not isinstance(layer, Network):
        plan = LESSONS[lesson]
        presets = {one.kind for preset in plan.presets if is_layer(one := stack_from_text(preset.setting))}
        return layer.kind in {plan.layer, *presets}
    known = {part.kind for text in stacks(lesson) for part in stack_from_text(text).layers}
    return {part.kind for part in layer.layers} <= known


def test_every_door_draws_what_python_draws_and_refuses_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = {True: 0, False: 0}
    for number in range(cases(2000)):
        text, lesson = asked(number), sorted(LESSONS)[number % len(LESSONS)]
        error = drawn(text)
        counts[error is None] += 1
        out = tmp_path / "stack.svg"
        code = cli.main(["gif", text, "-o", str(out), "--step", "0"])
        said = capsys.readouterr().err
        assert (code, out.exists()) == ((0, True) if error is None else (2, False)), text
        assert not error or said.strip() == str(error)
        out.unlink(missing_ok=True)
        at_doors(text, lesson, error)
    assert counts[True] > counts[False] > 0


def at_doors(text: str, lesson: str, error: cv.LayerError | None) -> None:
    """A link, an answer and a file of a stack: each as Python has it, in a lesson that is about it."""
    plain = "flat" if "flat" in LESSONS[lesson].views else LESSONS[lesson].views[0]  # flat has a place for every layer
    query = {"v": "1", "layer": text, "view": plain}
    state, wrong = from_query(query, lesson)
    known = LESSONS[lesson].edits or (error is None and shows(lesson, stack_from_text(text)))
    first = LESSONS[lesson].stack_views[0] if known and BETWEEN in text else plain  # what the lesson opens it in
    here = known and drawn(text, first) is None
    assert bool(wrong) != here, (text, lesson, wrong)
    link = urlencode(query, safe="~:,.")
    answer, file = post(lesson, {"link": link, "turn": {"name": "stride", "value": 1}}), head(lesson, link)
    assert (answer.status_code, file.status_code) == ((200, 200) if here else (400, 400)), (text, lesson)
    if here:
        assert stack_to_text(state.layer) == stack_to_text(stack_from_text(text))
        assert from_query(to_query(state), lesson) == (state, [])
    elif known:
        assert str(wrong[0]) == str(drawn(text, first))
    elif error is None:
        assert wrong[0].key == "lesson_kind" and bytes(answer.body).decode() == str(wrong[0])


def test_any_stack_is_saved_as_an_animation() -> None:
    for number in range(cases(200)):
        file = io.BytesIO()
        cv.save(stack(number), file, suffix=".gif", scale=4)
        assert file.getvalue().startswith(b"GIF89a")


@pytest.mark.parametrize("text", ["conv1d-i1-k2-d2-p1~conv1d-i1-k1", "conv2d-i3-k3~conv2d-i1-k2-s2-p1-d2"])
def test_a_stack_whose_output_reads_padding_alone_has_a_page(visit: Any, text: str) -> None:
    page = visit("dilated", layer=text)
    assert not page.warning and page.state("dilated").layer == stack_from_text(text)
    assert page.player["scene"]["steps"] == 2


def test_a_lesson_says_where_a_stack_of_another_kind_is_shown() -> None:
    text = "conv2d-i5-k3~maxpool2d-i3-k3"
    for lesson, plan in LESSONS.items():
        state, errors = from_query({"layer": text}, lesson)
        if plan.edits:
            assert not errors and stack_to_text(state.layer) == text
            continue
        assert str(errors[0]).startswith(f"layer: {text} - this lesson shows layers of another kind")
        assert str(errors[0]).endswith(f"try /receptive?layer={text}")
    _, (wrong,) = from_query({"layer": "conv2d-i5-k3~conv2d-i3-k3"}, "convolution")
    assert str(wrong).endswith("try /dilated?layer=conv2d-i5-k3~conv2d-i3-k3")


def test_a_link_of_64_layers_goes_through_every_address() -> None:
    each = to_text(cv.Conv(12, 3, padding=((1, 1), (0, 2)), dilation=1, padding_mode="replicate", bias=True))
    layers = BETWEEN.join([each] * LAYERS)
    query = urlencode({"v": "1", "layer": layers, "view": "coverage"}, safe="~:,.")
    state, wrong = from_query(dict(parse_qsl(query)), "dilated")
    assert not wrong and len(state.layer.layers) == LAYERS
    said = post("dilated", {"link": query, "turn": {"name": "axes", "value": True}})
    assert said.status_code == 200
    told = json.loads(bytes(said.body))
    assert from_query(dict(parse_qsl(told["link"])), "dilated")[0].text == layers
    assert len(told["name"]) < 200
    for file in told["files"]:
        path, _, asked_for = file.get("address", "").partition("?")
        if path:
            assert path.endswith(f"/{quote(told['name'])}{file['suffix']}")
            scope = {"type": "http", "method": "GET", "path": f"/{path}"}
            assert [route.name for route in ROUTES if route.matches(scope)[0] is Match.FULL] == ["exports.export"]
            assert head("dilated", asked_for).status_code == 200
