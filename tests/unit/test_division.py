"""One division after the sum, as it is drawn and said: what is shown is the output, in every view and language."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from gallery import CHANNELS, STEPPED, TOLD

import convviz as cv
from convviz.paint.outlines import outline
from convviz.scene.canvas import number
from convviz.scene.moments import Moment, moments, veil
from convviz.scene.views import VIEWS
from convviz.text import LANGUAGES

LAYERS = [
    cv.Conv(6, 3),
    cv.Conv(12, 3),
    cv.Conv(5, 3, padding=1, bias=True),
    cv.Conv((8,), 3),
    cv.ConvTranspose(3, 3, stride=2),
    cv.ConvTranspose(2, 3, bias=True),
    cv.Conv(5, 3, in_channels=2, out_channels=2),
]


def blurred(layer: Any, name: str = "gaussian") -> cv.Trace:
    weight, divisor = cv.kernel(name, tuple(layer.kernel_size))
    return cv.trace(layer, weight=np.broadcast_to(weight, layer.weight_shape), divisor=divisor)


def shown(trace: cv.Trace, t: int) -> str:
    """The output of a step's first channel, as people write it."""
    value = round(float(trace.output.ravel()[t]), 2)
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")


SCENES = [(la, v) for la in LAYERS for v in STEPPED if VIEWS[v].values and not VIEWS[v].refuses(la)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("layer", "view"), SCENES, ids=lambda one: getattr(one, "kind", one))
def test_the_output_that_is_written_is_the_one_that_is_said_and_computed(layer: Any, view: str, language: str) -> None:
    if view in ("coverage", "enlarge", "roundtrip", "paths", "needed", *TOLD):
        return  # counts; and sums that are left whole, or said otherwise
    trace = blurred(layer)
    scene = cv.scene(trace, view, language)
    written = scene.texts_at(scene.steps - 1)
    cells = next(grid for grid in reversed(scene.grids) if grid.count == len(trace))
    if layer.out_channels == 1 and view != "separable":  # whose last board is another layer's
        assert [written[cells.first + t] for t in range(len(trace))] == [shown(trace, t) for t in range(len(trace))]
    for t in {0, len(trace) // 2, len(trace) - 1}:
        if view == "stamp":
            continue  # says what is stamped, and not what comes of it
        said = re.sub(r"\[\w+\|([^]]*)\]", r"\1", scene.sentence(t))
        if view != "strip":  # says what an output sees
            assert shown(trace, t) in said and str(trace.divisor) in said
        if scene.equations:
            sum_of_it = scene.arithmetic(t)
            assert sum_of_it.endswith(f" = {shown(trace, t)}") and f"÷\u00a0{trace.divisor}" in sum_of_it


@pytest.mark.parametrize(("layer", "view"), [(cv.Conv((8,), 3), "strip"), *((LAYERS[-1], v) for v in CHANNELS)])
def test_the_picture_itself_says_what_is_divided_by(layer: Any, view: str) -> None:
    trace = blurred(layer)
    scene = cv.scene(trace, view)
    assert f"÷ {trace.divisor}" in [label.text for label in scene.labels]
    assert scene.equations, "and the sum beside it says what is divided"
    texts = scene.texts_at(scene.steps - 1)
    for t in range(len(trace)):
        cells = scene.track["current"].marks[t].tolist()
        values = trace.output.reshape(-1, len(trace))[:, t].round(2)
        assert [texts[cell] for cell in cells] == [number(value) for value in values]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.kind)
def test_side_by_side_the_sum_and_what_it_is_divided_by_are_steps_of_their_own(layer: Any) -> None:
    trace = blurred(layer)
    scene = cv.scene(trace)
    for t in {0, len(trace) - 1}:
        texts = scene.texts_at(t)
        total, divided = (texts[scene.track[name].marks[t, 0]] for name in ("total", "divided"))
        assert (total, divided) == (str(trace.totals[0, t]), shown(trace, t))
        assert texts[scene.track["current"].marks[t, 0]] == divided
    titles = [label.text for label in scene.labels if label.role == "title"]
    assert any(title.startswith(f"÷ {trace.divisor}") for title in titles)


def test_they_are_written_one_after_the_other() -> None:
    scene = cv.scene(blurred(cv.Conv(5, 3)))
    assert scene.order == ("products", "total", "divided", "current")
    assert moments(scene, 0) == [Moment(n) for n in range(4)]
    slow = moments(scene, 0, slowly=True)
    assert slow == [*(Moment(0, n) for n in range(10)), Moment(2), Moment(3)]
    last = [set(veil(scene, 0, moment)[0]) for moment in slow[-2:]]
    divided, current = (int(scene.track[name].marks[0, 0]) for name in ("divided", "current"))
    assert last == [{divided, current}, {current}]


def test_without_a_divisor_there_is_no_such_step() -> None:
    scene = cv.scene(cv.trace(cv.Conv(5, 3)))
    assert scene.order == ("products", "total", "current") and "÷" not in scene.arithmetic(0)


def test_every_format_draws_it(tmp_path: Any) -> None:
    for suffix in (".svg", ".png", ".html", ".gif"):
        cv.save(blurred(cv.Conv(4, 3), "box"), tmp_path / f"blur{suffix}")
    assert outline("÷").path in (tmp_path / "blur.svg").read_text("utf-8")
