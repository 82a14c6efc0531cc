"""What the guides show works as it stands there."""

from __future__ import annotations

import re
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from drawn import layers
from hypothesis import given, settings
from test_views import HUGE

import convviz as cv
from convviz.layers import is_layer
from convviz.lessons.measures import solved
from convviz.lessons.questions import SUBJECTS, Case, mistaken
from convviz.network import stack_from_text
from convviz.page.state import State
from convviz.paint.svg import svg
from convviz.scene.views import VIEWS

DOCS = Path(__file__).parents[2] / "docs"


def shown(guide: str, language: str) -> list[str]:
    """The code blocks of a guide in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", (DOCS / guide).read_text("utf-8"), re.MULTILINE | re.DOTALL)


def view_of_the_guide() -> Any:
    (code,) = shown("adding-a-view.md", "python")
    names: dict[str, Any] = {}
    exec(code, names)
    return names["VIEW"]


@settings(max_examples=50, deadline=None)
@given(layers())
def test_the_view_of_the_guide_draws_any_layer_that_it_does_not_refuse(layer: Any) -> None:
    view = view_of_the_guide()
    if view.refuses(layer) is None:
        scene = view.draw(cv.trace(layer))
        assert (scene.view, scene.steps) == (view.name, layer.taps.steps)
        assert scene.sentence(scene.steps - 1)
        assert svg(scene, 0)


@pytest.mark.parametrize("layer", HUGE, ids=lambda layer: layer.kind)
def test_the_view_of_the_guide_refuses_what_is_huge(layer: Any) -> None:
    assert view_of_the_guide().refuses(layer) is not None


def test_the_lesson_of_the_guide_is_one() -> None:
    names: dict[str, Any] = {}
    exec(shown("adding-a-lesson.md", "python")[0], names)
    lesson = names["LESSON"]
    words = "".join(shown("adding-a-lesson.md", "toml"))
    assert set(lesson.views) <= set(VIEWS)
    shows = stack_from_text(lesson.challenge.setting)
    assert not any(solved(shown, lesson.challenge) for shown in (shows, stack_from_text(lesson.opening)))
    for beat in lesson.beats:
        if beat.ask:
            state = State(lesson.name, stack_from_text(beat.setting), beat.view, step=beat.step)
            answer = SUBJECTS[beat.ask.about].right(case := Case(state.layer, state.step, state.ran))
            assert all(answer not in mistaken(case, name) for name in beat.ask.mistakes)
            assert f"[lesson.{lesson.name}.ask.{beat.name}]" in words
    for part in (*lesson.presets, *lesson.beats, *lesson.misconceptions):
        assert stack_from_text(part.setting).kind == lesson.layer
        assert re.search(rf"^{part.name} = |myth\.{part.name}\]", words, re.MULTILINE)


@pytest.mark.parametrize("guide", sorted(path.name for path in DOCS.glob("adding-*.md")))
def test_the_files_that_a_guide_names_are_there(guide: str) -> None:
    """But for those that it adds: its first section names them, or a paragraph just before their code."""
    text = re.sub(r"## 1\. .*?(?=## 2\. )", "", (DOCS / guide).read_text("utf-8"), flags=re.DOTALL)
    for part, following in pairwise([*text.split("\n\n"), ""]):
        if not following.startswith("```"):
            named = re.findall(r"`((?:convviz|tests|tools|docs|pages)/[\w/.-]+)`", part)
            assert [name for name in named if not (DOCS.parent / name).exists()] == []


def test_the_layer_of_the_guide_is_a_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("minpool")
    monkeypatch.setitem(sys.modules, "minpool", module)
    exec(shown("adding-a-layer.md", "python")[0], module.__dict__)
    layer = module.MinPool(5, 3, stride=2, padding=1)
    trace = cv.trace(layer)
    windows = np.where(layer.takes_part(), trace.windows, trace.x.max())
    assert is_layer(layer) and trace.output.ravel().tolist() == windows.min(axis=-1).ravel().tolist()
    assert cv.output(layer).tolist() == trace.output.tolist()
    assert trace.backward(np.ones(trace.output.shape)).x.sum() == trace.output.size
    with pytest.raises(cv.LayerError, match="padding"):
        module.MinPool(5, 3, padding=2)
