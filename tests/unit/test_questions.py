"""Questions and challenges: what is right, what a mistake gives, and when a task is done, against other definitions."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import reduce
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
from test_lessons import MOST_SIGNS, MOST_WORDS, length, plain

from convviz.digits import digits
from convviz.errors import LayerError
from convviz.layers import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, Conv, ConvTranspose, MaxPool
from convviz.layers.learn import Learn
from convviz.layers.local import Local
from convviz.lessons import LESSONS, Beat
from convviz.lessons.facts import facts
from convviz.lessons.measures import overlap, solved
from convviz.lessons.questions import MISTAKES, SUBJECTS, Case, mistaken
from convviz.network import GatedConv, Network, stack_from_text
from convviz.output import output
from convviz.page.asked import asked
from convviz.page.link import from_query, to_query
from convviz.page.state import State, opening, setting
from convviz.page.tour import judged_in, said, showing, story, tour
from convviz.page.tour import preset as with_preset
from convviz.page.values import Values, values_from_text
from convviz.recognised import shipped
from convviz.recognising import NAMES, field, network, split
from convviz.run import trace as trace_of
from convviz.text import LANGUAGES, catalogue, say
from convviz.trace import trace

QUESTIONS = [(lesson, n) for lesson, plan in LESSONS.items() for n, beat in enumerate(plan.beats) if beat.ask]
each_question = pytest.mark.parametrize(("lesson", "n"), QUESTIONS)
each_lesson = pytest.mark.parametrize("lesson", LESSONS)
each_language = pytest.mark.parametrize("language", LANGUAGES)

SOLUTIONS = {
    "convolution": "conv2d-i12-k3-s2-p1",
    "transposed": "tconv2d-i5-k4-s2-p1",
    "dilated": "conv2d-i7-k5-p4-d2",
    "sequences": "~".join(f"conv1d-i32-k3-pcausal{d}" for d in ("", "-d2", "-d4", "-d8")),
    "channels": "conv2d-i5-k3-p1-c4-o6-g2",
    "gates": "gated1d-i9-k5-pcausal-r1",
    "pooling": "maxpool1d-i7-k7",
    "learning": "learn2d-i5-k3-p1-r90",
    "filters": "conv2d-i256-k4-s4",
    "sharing": "local2d-i8-k3-h3",
    "anatomy": "digits-m2",
    "receptive": "conv2d-i32-k3-s2-p1-c3-o8~conv2d-i16-k3-s2-p1-c8-o8~conv2d-i8-k3-p2-d2-c8-o8",
}
"""A setting that has all that a lesson's challenge asks for."""

SOLVING = {"anatomy": "d5"}
"""The input that it is asked with, where the challenge asks for values."""


def solution(lesson: str, start: State) -> State:
    """The closing task, solved."""
    after = replace(start, layer=stack_from_text(SOLUTIONS[lesson]))
    return replace(after, x=values_from_text(SOLVING[lesson])) if lesson in SOLVING else after


def solves(state: State) -> bool:
    return all(judged_in(state, goal).met for goal in LESSONS[state.lesson].challenge.goals)


def shown(lesson: str, n: int, language: str = "en") -> tuple[State, Beat]:
    state = showing(opening(lesson, language), {"kind": "beat", "n": n})
    return state, LESSONS[lesson].beats[n]


def question(lesson: str, n: int, language: str = "en") -> dict[str, Any]:
    found = asked(shown(lesson, n, language)[0])
    assert found is not None
    return found


@each_lesson
def test_a_lesson_asks_twice_on_different_beats_and_names_a_mistake_each_time(lesson: str) -> None:
    asks = [beat.ask for beat in LESSONS[lesson].beats if beat.ask]
    assert len(asks) >= 2
    for ask in asks:
        assert ask.about in SUBJECTS and ask.mistakes and set(ask.mistakes) <= set(MISTAKES)


def test_each_mistake_is_made_somewhere_and_has_its_words() -> None:
    made = {name for lesson, n in QUESTIONS for name in LESSONS[lesson].beats[n].ask.mistakes}  # type: ignore[union-attr]
    assert made == set(MISTAKES)
    assert {LESSONS[lesson].beats[n].ask.about for lesson, n in QUESTIONS} == set(SUBJECTS)  # type: ignore[union-attr]
    assert {f"mistake.{name}" for name in MISTAKES} == {key for key in catalogue("en") if key.startswith("mistake.")}


@each_question
def test_no_mistake_gives_what_is_right_or_what_another_gives(lesson: str, n: int) -> None:
    state, beat = shown(lesson, n)
    assert beat.ask is not None
    case = Case(state.layer, state.step, state.ran)
    answers = [SUBJECTS[beat.ask.about].right(case)]
    answers += [answer for name in beat.ask.mistakes for answer in mistaken(case, name)]
    assert len(set(answers)) == len(answers)
    assert len(question(lesson, n)["answers"]) == len(beat.ask.mistakes)


@each_language
@each_question
def test_the_words_of_a_question_are_short_and_say_their_numbers(lesson: str, n: int, language: str) -> None:
    ask = question(lesson, n, language)
    texts = [ask["question"], ask["because"], *(answer["says"] for answer in ask["answers"])]
    for text in texts:
        assert not set("{}|") & set(plain(text)), text
        assert length(plain(text), language) <= (MOST_WORDS if language == "en" else MOST_SIGNS)
    for answer in ask["answers"]:
        if ask["takes"] != "cells":
            assert answer["is"][0] in answer["says"], "it says what was given"


@each_question
def test_a_question_does_not_say_its_answer(lesson: str, n: int) -> None:
    """A choice offers it among others; how many cells are right is not said of cells."""
    ask = question(lesson, n)
    if ask["takes"] == "number" and ask["hide"]["place"] >= 0 and not ask["hide"]["gone"]:
        assert ask["right"] not in ask["question"].split()


# --- what is right, by another way ----------------------------------------------------------------------------------


def read_by(layer: Any, output: tuple[int, ...]) -> set[int]:
    """The inputs that an output depends on, found by changing one after another."""

    x, ones = np.zeros(layer.x_shape, dtype=np.int64), np.ones(layer.weight_shape, dtype=np.int64)
    found = set()
    for cell in range(x.size):
        lit = x.copy()
        lit.ravel()[cell] = 1
        if trace(layer, lit, ones).output[(0, *output)]:
            found.add(cell)
    return found


def fed_by(layer: Any, cell: tuple[int, ...]) -> set[int]:

    lit, ones = np.zeros(layer.x_shape, dtype=np.int64), np.ones(layer.weight_shape, dtype=np.int64)
    lit[(0, *cell)] = 1
    return set(np.flatnonzero(trace(layer, lit, ones).output[0]).tolist())


def one_of(state: State) -> Any:
    """1 at the output of the step, 0 at all others."""
    ones = np.zeros(state.layer.y_shape)
    ones.ravel()[state.step] = 1
    return ones


def knowing(state: State) -> int:
    """How many of the networks recognise the digit where it lies at the step, each run by the engine."""
    digit: Any = state.layer
    image, label = (part[split()[1][digit.digit - 1]] for part in digits())
    x = field(image, (state.step // 5 - 2, state.step % 5 - 2), digit.shuffled)
    return sum(int(output(network(n), x, shipped(n, digit.shuffled)).argmax()) == label for n in NAMES)


def four_sums(state: State) -> Any:
    """The sums of the followed map that the step's pooled value is the largest of, two rows and two columns."""
    row, column = divmod(state.step, 6)
    found = state.ran().values["conv1"][state.layer.block.map - 1]  # type: ignore[union-attr]
    return found[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]


def stepped(state: State) -> float:
    """The first weight after the next step of the textbook's example, from zeros: along (1, -1) the loss curves by 12,
    and each step leaves 1 - 12 x rate of what the weight is away from 1."""
    return 1 - (1 - 12 * state.layer.learning_rate / 100 / 30) ** (state.step + 1)  # type: ignore[union-attr]


def chained(network: Any) -> Any:
    """(outputs, inputs) along the first axis: what reaches what, by the layers' matrices one after the other."""
    return reduce(lambda above, below: above @ below, [layer.taps.axes[0].matrix for layer in network.layers[::-1]])


RIGHT: dict[str, Callable[[State], Any]] = {
    "knowing": knowing,
    "own_weights": lambda state: prod(state.layer.output_size) * prod(state.layer.kernel_size),  # type: ignore[union-attr]
    "output": lambda state: float(state.ran().output.ravel()[state.step]),
    "size": lambda state: state.layer.output_size[0],
    "pooled": lambda state: max(0.0, float(four_sums(state).max())),
    "dense": lambda state: shipped("flatten")["dense5"][0].size,
    "weights": lambda state: sum(node.parameters for node in Network([state.layer]).nodes),
    "read": lambda state: int((state.layer.chains[0][0] > 0).sum()),  # type: ignore[union-attr]
    "changed": lambda state: sum(
        max(row[n], row[n + 1]) != max(row[n + 1], row[(n + 2) % len(row)])
        for row in state.ran().x.tolist()  # type: ignore[union-attr]
        for n in range(0, len(row), 2)
    ),
    "handed": lambda state: np.count_nonzero(state.ran().backward(one_of(state)).x),  # type: ignore[union-attr]
    "next": lambda state: pytest.approx(stepped(state)),
    "sees": lambda state: int(np.count_nonzero(chained(state.layer)[0])),
    "after": lambda state: trace_of(state.layer).output.shape[-1],
    "layer_weights": lambda state: prod(state.layer.weight_shape) + state.layer.out_channels,  # type: ignore[union-attr]
    "inputs": lambda state: read_by(state.layer, np.unravel_index(state.step, state.layer.output_size)),  # type: ignore[arg-type]
    "outputs": lambda state: fed_by(state.layer, np.unravel_index(state.step, state.layer.input_size)),  # type: ignore[arg-type]
}


@each_question
def test_what_is_right_is_so_by_another_way_too(lesson: str, n: int) -> None:
    state, beat = shown(lesson, n)
    assert beat.ask is not None
    right = SUBJECTS[beat.ask.about].right(Case(state.layer, state.step, state.ran))
    if beat.ask.about == "passed":
        values = state.ran().values  # type: ignore[union-attr]
        value, gate = (float(values[name].ravel()[state.step]) for name in ("value", "gate"))
        assert right == pytest.approx(value / (1 + np.exp(-gate)))
    else:
        assert right == RIGHT[beat.ask.about](state)


@each_question
def test_the_answer_is_what_the_picture_shows_once_it_is_whole(lesson: str, n: int) -> None:
    state, beat = shown(lesson, n)
    ask, scene = question(lesson, n), state.scene()
    assert beat.ask is not None
    if beat.ask.about in ("output", "passed"):
        assert scene.texts_at(state.step)[ask["hide"]["place"]] == ask["right"]
    if beat.ask.about == "inputs":
        inputs = {mark for mark in scene.track["window"].marks[state.step].tolist() if mark in ask["choices"]}
        assert set(ask["right"]) == inputs
    if beat.ask.about == "outputs":
        assert ask["right"] == sorted(scene.track["current"].marks[state.step].tolist())
    if beat.ask.about == "size":
        *_, board = ask["hide"]["gone"]
        widths = {scene.grids[board].columns, *(image.size[1] for image in scene.images if image.grid == board)}
        assert max(widths) >= int(ask["right"])


@each_question
def test_what_a_question_leaves_out_is_what_the_step_writes(lesson: str, n: int) -> None:
    ask, (state, _) = question(lesson, n), shown(lesson, n)
    scene, hide = state.scene(), ask["hide"]
    assert ask["step"] == state.step
    gone = {
        mark for n in hide["gone"] for mark in range(scene.grids[n].first, scene.grids[n].first + scene.grids[n].count)
    }
    if ask["takes"] != "cells" and hide["number"] == "":
        written = {int(mark) for mark in scene.track["current"].marks[state.step] if mark >= 0}
        assert written <= set(hide["empty"]) | gone
    if hide["gone"] or ask["takes"] == "cells":
        assert hide["plain"], "the outline of the window would tell"


def test_with_other_values_the_right_answer_is_theirs_and_a_mistake_without_harm_is_none() -> None:
    state, _ = shown("convolution", 0)
    found = asked(replace(state, x=Values("list", numbers=(5.0, *(0.0,) * 25))))
    assert found is not None
    assert found["right"] == "0" and found["answers"] == []


# --- what is sent ---------------------------------------------------------------------------------------------------


@each_question
def test_a_beat_asks_only_while_its_picture_is_there(lesson: str, n: int) -> None:
    state, _ = shown(lesson, n)
    assert tour(state)["ask"] == question(lesson, n)
    away = replace(state, view=next(view for view in state.views if view != state.view))
    assert "ask" not in tour(away) and tour(away)["question"] == question(lesson, n)["question"]


@each_language
@each_lesson
def test_the_story_has_each_question_and_the_challenge(lesson: str, language: str) -> None:
    state = opening(lesson, language)
    told: Any = story(state)
    for n, beat in enumerate(LESSONS[lesson].beats):
        if beat.ask is None:
            assert told["beats"][n].keys() == {"text"}
        else:
            assert told["beats"][n]["question"] == question(lesson, n, language)["question"]
            assert told["beats"][n]["asks"] == beat.name
    assert told["challenge"] == said(LESSONS[lesson].challenge, state)


# --- challenges -----------------------------------------------------------------------------------------------------


@each_lesson
def test_a_challenge_is_failed_where_it_starts_and_by_the_opening_and_can_be_solved(lesson: str) -> None:
    challenge = LESSONS[lesson].challenge
    assert challenge.setting is not None
    start = showing(opening(lesson), {"kind": "challenge", "n": 0})
    assert not solves(start)
    assert not solves(opening(lesson))
    assert solves(solution(lesson, start))
    assert not any(solves(with_preset(start, preset.setting)) for preset in LESSONS[lesson].presets)


@each_language
@each_lesson
def test_a_challenge_tells_what_is_met_with_its_numbers(lesson: str, language: str) -> None:
    start = showing(opening(lesson, language), {"kind": "challenge", "n": 0})
    assert start.challenge and not start.beat and not start.myth
    for state in (start, solution(lesson, start)):
        told: Any = tour(state)
        met = [judged_in(state, goal).met for goal in LESSONS[lesson].challenge.goals]
        assert [goal["met"] for goal in told["goals"]] == met
        assert bool(told["solved"]) == all(met)
        assert all(length(goal["text"], language) <= MOST_WORDS for goal in told["goals"])
    restored, wrong = from_query(to_query(start), lesson)
    assert (restored, wrong) == (start, [])


@pytest.mark.parametrize("lesson", [name for name in LESSONS if name != "anatomy"])  # that one is solved by drawing
def test_a_setting_that_is_tried_on_a_challenge_is_judged_on_its_values(lesson: str) -> None:
    start = showing(opening(lesson), {"kind": "challenge", "n": 0})
    tried = with_preset(start, SOLUTIONS[lesson])
    assert (tried.x, tried.weight) == (start.x, start.weight)
    assert tour(tried)["solved"]  # type: ignore[index]


def test_what_a_link_says_of_a_challenge_is_read_or_refused() -> None:
    state, wrong = from_query({"v": "1", "challenge": "1", "beat": "2"}, "dilated")
    assert state.challenge and not state.beat and not wrong
    state, wrong = from_query({"v": "1", "challenge": "x"}, "dilated")
    assert not state.challenge and len(wrong) == 1


def random_conv(rng: random.Random) -> Any:
    i = rng.choice((5, 7, 12, 12, 12))
    k, d = rng.choice((1, 2, 3, 5)), rng.choice((1, 1, 2))
    return Conv(i, k, rng.choice((1, 2, 2, 3)), rng.choice((0, 0, 1, 2, 4)), d)


def random_transposed(rng: random.Random) -> Any:
    return ConvTranspose(rng.choice((4, 5, 5)), rng.randint(1, 6), rng.choice((1, 2, 2, 2, 3)), rng.choice((0, 0, 1)))


def random_stack(rng: random.Random) -> Any:
    k, padding = rng.choice((2, 3, 3)), rng.choice(("causal", "causal", "same"))
    rates = rng.choice(([1, 2, 4, 8], [1, 1, 1, 1], [1, 3, 9], [2, 2, 2], [1, 2, 4, 16], [1, 2, 4], [1, 2, 3, 7]))
    return Network([Conv((32,), k, padding=padding, dilation=d) for d in rates])


def random_channels(rng: random.Random) -> Any:
    groups = rng.choice((1, 1, 2, 2, 4))
    return Conv(
        5, rng.choice((1, 3, 3, 5)), padding=2, in_channels=4, out_channels=rng.choice((4, 6, 6, 8)), groups=groups
    )


def random_gated(rng: random.Random) -> Any:
    padding = rng.choice(("causal", "causal", "same", 0))
    return GatedConv((9,), rng.choice((3, 5, 5)), padding=padding, residual=padding != 0 and rng.random() < 0.7)


def random_pooling(rng: random.Random) -> Any:
    """A pooling of a row; one in three has a window as wide as the row."""
    size = rng.randint(3, 10)
    k = size if rng.random() < 0.3 else rng.randint(1, size)
    if rng.random() < 0.3:
        return rng.choice((AdaptiveMaxPool, AdaptiveAvgPool))((size,), rng.randint(1, 3))
    pads, ceil_mode = rng.randint(0, k // 2) if rng.random() < 0.3 else 0, rng.random() < 0.3
    return rng.choice((MaxPool, AvgPool))((size,), k, rng.randint(1, 3), pads, ceil_mode=ceil_mode)


def random_learned(rng: random.Random) -> Any:
    """A kernel that is learned; two in three have the challenge's size."""
    rates = rng.choice((30, 60, 80, 90, 94, 98, 102, 110))
    made = Learn(5, rng.choice((2, 3, 3)), padding=1, learning_rate=rates, rounds=rng.choice((5, 15, 20, 20, 40)))
    return trace(made)


def random_filter(rng: random.Random) -> Any:
    return Conv(256, rng.choice((3, 4, 4, 5, 5, 7)), rng.choice((2, 3, 4, 4, 4)), rng.choice((0, 0, 1, 2)))


def random_local(rng: random.Random) -> Any:
    """A layer whose kernels are shared in part, more often than not by blocks."""
    size, k = rng.choice((6, 8, 8, 10)), rng.choice((1, 2, 3, 3))
    return Local(size, k, padding=rng.choice((0, 0, 1)), share=rng.choice((1, 2, 2, 3, 4, 6)))


def random_digit(rng: random.Random) -> Any:
    """The network's run of any of the held-out digits."""
    return replace(opening("anatomy"), x=Values("digit", (rng.randrange(360),))).ran()


def reads_an_eight(run: Any) -> bool:
    """Whether 8 has nine tenths of the powers of e, by NumPy alone, from the row of numbers on."""
    weight, bias = shipped("flatten")["dense5"]
    powers = np.exp(weight @ run.values["flatten4"] + bias)
    return bool(powers[8] >= 0.9 * powers.sum())


def random_calculated(rng: random.Random) -> Any:
    """Three convolutions of eight maps, each with a stride and a rate of its own."""
    layers: list[Any] = []
    for channels in (3, 8, 8):
        size = layers[-1].output_size if layers else (32, 32)
        s, d, k = rng.choice((1, 2, 2)), rng.choice((1, 1, 2, 3)), rng.choice((3, 3, 3, 5))
        layers.append(Conv(size, k, s, "same" if s == 1 else d, d, in_channels=channels, out_channels=8))
    return Network(layers)


def calculated(network: Any) -> bool:
    """What the closing task on receptive fields asks for, by the layers' own arithmetic."""
    width, jump = 1, 1
    for layer in network.layers:
        width, jump = width + (layer.kernel_size[0] - 1) * layer.dilation[0] * jump, jump * layer.stride[0]
    weights = [prod(layer.weight_shape) for layer in network.layers]
    macs = [prod(layer.output_size) * own for layer, own in zip(network.layers, weights, strict=True)]
    return width >= 20 and sum(weights) <= 1400 and sum(macs) <= 400_000


RANDOM: dict[str, Callable[[random.Random], Any]] = {
    "convolution": random_conv,
    "transposed": random_transposed,
    "dilated": random_conv,
    "sequences": random_stack,
    "channels": random_channels,
    "gates": random_gated,
    "pooling": random_pooling,
    "learning": random_learned,
    "filters": random_filter,
    "sharing": random_local,
    "anatomy": random_digit,
    "receptive": random_calculated,
}


def unused(layer: Any) -> int:
    """Inputs without a tap, by the table of all taps."""
    sources = layer.taps.flat_sources
    return layer.taps.input_counts.size - len(set(sources[sources >= 0].tolist()))


def far(network: Any) -> tuple[set[int], int]:
    """The inputs, counted back from its own place, that a late output of a stack reads, by the layers' arithmetic; and
    the most inputs after its own place that any output reads, by one lit input after another."""
    size = 200
    long = Network(
        [Conv((size,), one.kernel_size, padding=one.padding, dilation=one.dilation) for one in network.layers]
    )
    matrix = long.chains[0] > 0
    ahead = [int((np.flatnonzero(row) > n).sum()) for n, row in enumerate(matrix)]
    middle = size // 2
    return {middle - int(cell) for cell in np.flatnonzero(matrix[middle])}, max(ahead)


def even(layer: Any) -> bool:
    """Whether all inner outputs of a transposed layer sum equally many products: of a wide one, those in its middle."""
    wide = replace(layer, input_size=(24, 24), padding=0, output_padding=0)
    counts, margin = wide.taps.output_counts, 8
    return len(set(counts[margin:-margin, margin:-margin].ravel().tolist())) == 1


def kernel_reads(layer: Any) -> int:
    """How many channels of the input one map depends on: those whose weights it has."""
    return int(layer.weight_shape[1])


def read_along(layer: Any) -> set[int]:
    """The inputs along the first axis that some window covers, by where the windows stand."""
    windows = range(0, 256 + 2 * layer.pads[0][0] - layer.kernel_size[0] + 1, layer.stride[0])
    return {first + tap - layer.pads[0][0] for first in windows for tap in range(layer.kernel_size[0])} & {*range(256)}


def kernels_of(layer: Any) -> list[bytes]:
    """The different weights that outputs are made with, by seeded weights of which no two kernels are alike."""
    weight = np.arange(layer.parameters).reshape(layer.weight_shape)
    window = np.eye(prod(layer.kernel_size), dtype=np.int64)
    steps = range(layer.taps.steps)
    return list({b"".join(layer.products(row[None], weight, t).tobytes() for row in window) for t in steps})


def learned(shown: Any) -> float:
    """The share of the loss that is left, in percent, by descent with plain loops over the windows."""
    layer = shown.layer
    padded, k = np.pad(shown.x[0], 1).astype(float), layer.kernel_size[0]
    places = list(product(range(len(padded) - k + 1), repeat=2))
    windows = np.array([padded[r : r + k, c : c + k].ravel() for r, c in places])
    target, kernel = shown.output.ravel(), np.zeros(k * k)
    curvature = 2 * windows.T @ windows / len(places)
    rate = layer.learning_rate / 100 * 2 / np.linalg.norm(curvature, 2)
    first = np.mean((windows @ kernel - target) ** 2)
    for _ in range(layer.rounds):
        kernel = kernel - rate * 2 * windows.T @ (windows @ kernel - target) / len(places)
    return float(100 * np.mean((windows @ kernel - target) ** 2) / first)


DONE: dict[str, Callable[[Any], bool]] = {
    "sharing": lambda one: (
        len(kernels_of(one)) >= 4
        and len(kernels_of(one)) * prod(one.kernel_size) <= 100
        and min(one.kernel_size) >= 3
        and min(one.taps.output_shape) >= 6
    ),
    "anatomy": reads_an_eight,
    "receptive": calculated,
    "learning": lambda run: run.layer.kernel_size == (3, 3) and run.layer.rounds <= 20 and round(learned(run), 1) <= 1,
    "filters": lambda one: one.taps.output_shape == (64, 64) and read_along(one) == set(range(256)),
    "convolution": lambda one: one.input_size == (12, 12) and one.taps.output_shape == (6, 6) and unused(one) == 0,
    "transposed": lambda one: one.stride == (2, 2) and one.taps.output_shape == (10, 10) and even(one),
    "dilated": lambda one: (
        one.kernel_size == (5, 5) and one.dilation == (2, 2) and one.taps.output_shape == one.taps.input_shape
    ),
    "sequences": lambda n: (
        sum(prod(layer.weight_shape) for layer in n.layers) <= 12
        and (found := far(n))[1] == 0
        and max(found[0]) - min(found[0]) + 1 >= 24
        and len(found[0]) == max(found[0]) - min(found[0]) + 1
    ),
    "channels": lambda one: (
        one.x_shape[0] == 4
        and one.y_shape[0] == 6
        and min(one.kernel_size) >= 3
        and kernel_reads(one) >= 2
        and prod(one.weight_shape) <= 108
    ),
    "gates": lambda g: (
        g.block.kernel_size == (5,)
        and g.nodes[-1].inputs[0] == "x"
        and not np.triu(g.block.conv.taps.axes[0].matrix, 1).any()
    ),
    "pooling": lambda one: (
        one.input_size[0] >= 7
        and all(
            one.taps.scattered((n,))[0].ravel().tolist() == [*range(one.output_size[0])] for n in range(*one.input_size)
        )
    ),
}
"""What a challenge asks for, written once more and otherwise."""


@each_lesson
def test_a_checker_says_the_same_as_its_definition_for_random_settings(lesson: str) -> None:
    rng, found = random.Random(lesson), []
    challenge = LESSONS[lesson].challenge
    while len(found) < 200:
        try:
            layer = RANDOM[lesson](rng)
        except LayerError:
            continue
        found.append(solved(layer, challenge))
        assert found[-1] == DONE[lesson](layer), layer
    assert set(found) == {True, False}, "both are drawn"


def test_the_overlap_is_that_of_the_inner_outputs() -> None:
    for k, s, d in product(range(1, 7), range(1, 5), (1, 2, 3)):
        layer = ConvTranspose((60, 60), k, stride=s, dilation=d)
        inner = layer.taps.output_counts[20:-20, 20:-20]
        assert overlap(layer) == (inner.min(), inner.max())


def test_each_axis_has_to_be_as_wanted() -> None:
    challenge = LESSONS["convolution"].challenge
    uneven = Conv((12, 12), 3, stride=2, padding=((1, 1), (0, 0)))
    assert uneven.output_size[0] == 6 != uneven.output_size[1]
    assert not solved(uneven, challenge)


def test_what_a_setting_does_not_have_is_not_met_and_a_dash() -> None:
    state = showing(opening("dilated"), {"kind": "challenge", "n": 0})
    told: Any = tour(replace(state, layer=stack_from_text(LESSONS["dilated"].preset("gridding").setting)))
    assert not told["solved"]
    assert any(
        say("challenge.equal", what=say("goal.kernel"), now="–", wanted="5") == goal["text"] for goal in told["goals"]
    )


@each_lesson
def test_facts_of_a_question_are_those_of_its_setting(lesson: str) -> None:
    for n, beat in enumerate(LESSONS[lesson].beats):
        if beat.ask and beat.ask.about == "size":
            assert int(question(lesson, n)["right"]) == facts(setting(str(beat.setting)))["o"]
