"""One state: a link restores it, and nothing that stands in a link can do more than be refused."""

from __future__ import annotations

from dataclasses import replace

import drawn
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from convviz.errors import LayerError
from convviz.layers import Conv, ConvTranspose, Layer
from convviz.lessons import LESSONS
from convviz.network import stack_from_text
from convviz.page.link import from_query, to_query
from convviz.page.shapes import SHAPES
from convviz.page.state import AUTO, State, opening
from convviz.page.values import MOST, Values
from convviz.text import LANGUAGES
from convviz.themes import THEMES

HOSTILE = {
    "script": {"layer": "<script>alert(1)</script>"},
    "image with a handler": {"layer": "<img src=x onerror=alert(1)>"},
    "javascript": {"view": "javascript:alert(1)"},
    "markdown": {"layer": "[click](javascript:alert(1))"},
    "huge number": {"layer": "conv2d-i99999999999999999999-k3"},
    "huge picture": {"layer": "conv2d-i4000-k3"},
    "huge input of few steps": {"layer": "conv2d-i99999-k1-s99999"},
    "huge kernel": {"layer": "conv1d-i99999-k50000"},
    "huge padding": {"layer": "conv2d-i5-k3-p99999-s99999"},
    "many channels": {"layer": "conv2d-i9-k3-c9999-o9999"},
    "huge step": {"step": "9" * 400},
    "negative step": {"step": "-1"},
    "exponent": {"step": "1e3"},
    "unicode digits": {"step": "١٢"},
    "unicode digits in a layer": {"layer": "conv2d-i٥-k3"},
    "unicode digits in values": {"x": "s٣"},
    "another lesson's layer": {"layer": "maxpool2d-i5-k2"},
    "another lesson's view": {"view": "roundtrip!"},
    "version": {"v": "2"},
    "a switch that is neither on nor off": {"tones": "yes"},
    "a presentation that is neither on nor off": {"present": "yes"},
    "no version": {"v": ""},
    "nested": {"layer": "?layer=conv2d-i5-k3&layer=%253Cscript%253E"},
    "stack": {"layer": "~".join(["conv2d-i5-k1"] * 40)},
    "stack of one kind that does not fit": {"layer": "conv2d-i5-k3~conv2d-i5-k3"},
    "long": {"layer": "conv2d-i5-k3" + "-s1" * 3400},
    "long values": {"x": "v5_" + "_".join(["1"] * 5000)},
    "zero byte": {"layer": "conv2d-i5\0-k3"},
    "emoji": {"theme": "🐙"},
    "attributes": {"view": "{0.__class__}"},
    "template": {"layer": "{value.__class__.__mro__}{field!r:>9999}"},
    "reference": {"layer": "[role|x]", "x": "[input|y]|z"},
    "language": {"lang": "../../etc/passwd"},
    "colour": {"theme": "red;background:url(//x)"},
    "not a number": {"x": "s0~1:nan"},
    "infinite": {"x": "s0~1:1e999"},
    "patch outside": {"x": "p9999_9999"},
    "patch of an object": {"x": "p1_2_3"},
    "a photograph that is not there": {"x": "p7_1_2_3"},
    "a shape that is none": {"x": "hcircle"},
    "a shape of an object": {"x": "h__class__"},
    "beat": {"beat": "two"},
    "line feed": {"x": "s0\n"},
    "line feed in a layer": {"layer": "conv2d-i5-k3\n"},
}

sizes = some.integers(1, 7)
number = some.integers(-MOST, MOST).map(float) | some.integers(-9000, 9000).map(lambda n: n / 1000)
edits = some.dictionaries(some.integers(0, 60), number, max_size=4).map(lambda pairs: tuple(pairs.items()))
values = some.one_of(
    some.builds(Values, some.just("seed"), some.tuples(some.integers(0, 999).map(float)), edits),
    some.builds(Values, some.just("photo"), some.tuples(some.integers(0, 99).map(float), some.just(20.0)), edits),
    some.builds(Values, some.just("photo"), some.tuples(some.integers(0, 1), *[some.integers(0, 300)] * 3), edits),
    some.builds(Values, some.just("shape"), some.tuples(some.integers(0, len(SHAPES) - 1).map(float)), edits),
    some.builds(
        Values,
        some.just("list"),
        some.tuples(some.integers(1, 9).map(float), some.lists(number, min_size=1, max_size=30)).map(
            lambda pair: (pair[0], *pair[1])
        ),
        edits,
    ),
)


@some.composite
def layers(draw: some.DrawFn, kind: str) -> Layer:
    """A small layer of one or two axes, with every argument that a control sets; of other kinds, any."""
    if kind not in ("conv", "tconv"):
        return draw(drawn.layers().filter(lambda layer: layer.kind == kind))
    dims = draw(some.integers(1, 2))
    each = some.tuples(*[sizes] * dims)
    small = some.tuples(*[some.integers(1, 3)] * dims)
    pairs = some.tuples(*[some.tuples(some.integers(0, 2), some.integers(0, 2))] * dims)
    given = {
        "input_size": draw(each),
        "kernel_size": draw(small),
        "stride": draw(small),
        "padding": draw(pairs),
        "dilation": draw(small),
        "bias": draw(some.booleans()),
        "flip": draw(some.booleans()),
    }
    try:
        if kind == "tconv":
            return ConvTranspose(**given, output_padding=draw(some.integers(0, 1)))
        words = some.sampled_from(["valid", "same", "full"])
        given["padding"] = draw(some.just(given["padding"]) | words)
        return Conv(**given, padding_mode=draw(some.sampled_from(["zeros", "reflect", "replicate", "circular"])))
    except LayerError:
        return draw(some.nothing())  # such a layer is none: draw another


@some.composite
def states(draw: some.DrawFn) -> State:
    """Anything that a page can show."""
    lesson = draw(some.sampled_from(sorted(LESSONS)))
    plan = LESSONS[lesson]
    layer = draw(layers(plan.layer) | some.sampled_from([stack_from_text(p.setting) for p in plan.presets]))
    state = State(
        lesson,
        layer,
        draw(some.sampled_from(plan.views)),
        draw(values),
        draw(values),
        draw(some.sampled_from([AUTO, *THEMES])),
        draw(some.sampled_from(LANGUAGES)),
        beat=draw(some.integers(0, len(plan.beats))),
        tones=draw(some.booleans()),
        present=draw(some.booleans()),
    )
    try:
        return replace(state, step=draw(some.integers(0, state.scene().steps - 1)))
    except LayerError:
        return draw(some.nothing())  # this view has no place for it


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(states())
def test_a_link_restores_its_state(state: State) -> None:
    query = to_query(state)
    assert from_query(query, state.lesson) == (state, [])
    assert all(text.isascii() and len(text) < 2000 for text in query.values())


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_opening_needs_no_query_and_an_empty_one_gives_it(lesson: str) -> None:
    assert to_query(opening(lesson)) == {}
    assert from_query({}, lesson) == (opening(lesson), [])


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_read_is_named_and_the_page_is_as_it_opens(query: dict[str, str], language: str) -> None:
    state, wrong = from_query(query, "convolution", language)
    assert state == opening("convolution", language)
    assert wrong and all(len(error.text(language)) < 400 for error in wrong)


@pytest.mark.parametrize(
    "layer",
    ["conv2d-i99999-k3~conv2d-i99997-k3", "conv2d-i5-k3~conv2d-i9-k3", "conv2d-i5-k3~", "~", "conv1d-i5-k3~dense"],
)
def test_a_stack_that_is_too_large_or_does_not_fit_is_refused(layer: str) -> None:
    state, wrong = from_query({"layer": layer}, "dilated")
    assert state == opening("dilated") and wrong


def test_what_can_be_read_beside_it_is_kept() -> None:
    query = {"v": "1", "layer": "nonsense", "theme": "dark", "lang": "zh", "step": "3", "unknown": "x"}
    state, wrong = from_query(query, "dilated")
    assert state == replace(opening("dilated", "zh"), theme="dark", step=3)
    assert [error.field for error in wrong] == ["layer"]


def test_a_step_beyond_the_end_is_the_last_one() -> None:
    state, wrong = from_query({"step": "999999"}, "convolution")
    assert state.step == state.scene().steps - 1 and not wrong


@settings(max_examples=150, deadline=None)
@given(
    some.dictionaries(
        some.sampled_from(["v", "layer", "x", "w", "view", "theme", "lang", "step", "beat", "q"]),
        some.text(max_size=30) | some.from_regex(r"t?conv[0-4]d(-[a-z][0-9x.]{0,3}){0,5}", fullmatch=True),
        max_size=5,
    )
)
def test_any_query_gives_a_state_that_can_be_shown(query: dict[str, str]) -> None:
    state, _ = from_query(query, "convolution")
    assume(state.scene().steps)
    assert from_query(to_query(state), "convolution") == (state, [])


def test_a_beat_s_link_opens_the_beat_s_own_step_unless_it_names_another() -> None:
    beats = LESSONS["convolution"].beats
    number = next(n for n, beat in enumerate(beats, 1) if beat.step and beat.step > 0 and beat.setting)
    layer = {"layer": beats[number - 1].setting, "view": beats[number - 1].view}
    query = {"v": "1", "beat": str(number), **{k: v for k, v in layer.items() if v}}
    assert from_query(query, "convolution")[0].step == beats[number - 1].step
    assert from_query({**query, "step": "0"}, "convolution")[0].step == 0
