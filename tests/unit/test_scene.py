"""What a picture says is what the taps say: links, sums, sentences, and marks of what is never read."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
import pytest
from gallery import CHANNELS, LEARNED, MOVED, POOLINGS, ROWS, TOLD, UNFIT
from reading import places

from convviz.network import Network, spelled_of
from convviz.scene.canvas import number
from convviz.scene.roles import REFERENCES, ROLES, STATES
from convviz.scene.scene import REFERENCE, Scene
from convviz.scene.shifting import ways
from convviz.text import LANGUAGES


def cells(scene: Scene, *names: str) -> list[int]:
    """The cells of the boards with these names, in their order."""
    return [m for grid in scene.grids if grid.name in names for m in range(grid.first, grid.first + grid.count)]


def outputs(scene: Scene, name: str) -> list[int]:
    """The cells of a board that are outputs; sums that padding crops are none."""
    return [m for m in cells(scene, name) if ROLES[scene.roles[m]] != "cropped"]


def flat(indices: Any, shape: tuple[int, ...]) -> set[int]:
    """Those of (n, D) indices that lie within a shape, in raster order."""
    inside = (indices >= 0).all(axis=1) & (indices < shape).all(axis=1)
    return {int(np.ravel_multi_index(tuple(index), shape)) for index in indices[inside]}


def read(picture: Any, t: int) -> set[int]:
    """The inputs that a step reads: where the padding is drawn, its copies of inputs are cells of their own."""
    if picture.view in ("flat", "isometric", "coverage", *CHANNELS):
        return flat(picture.trace[t].reads, picture.layer.input_size)
    sources = picture.layer.taps.flat_sources[t]
    return set(sources[sources >= 0].tolist())


def ends(scene: Scene, end: str) -> set[int]:
    return {int(m) for track in scene.tracks if track.end == end for m in track.marks.ravel() if m >= 0}


def in_views(*views: str) -> pytest.MarkDecorator:
    return pytest.mark.only(lambda picture: picture.view in views)


with_inputs = pytest.mark.only(
    lambda picture: (
        picture.view not in ("stack", *ROWS, *LEARNED) and not spelled_of(picture.layer) and places(picture.scene, "x")
    )
)
OTHERWISE = ("stamp", "roundtrip", "enlarge", *ROWS, *TOLD, *POOLINGS, *MOVED, *LEARNED, *UNFIT)
step_by_output = pytest.mark.only(
    lambda picture: not isinstance(picture.layer, Network) and picture.view not in OTHERWISE
)


def each_output(picture: Any, scene: Scene) -> Iterator[tuple[int, int]]:
    """(cell, step) of every output that is drawn, of every channel."""
    for board in ("output", "sum"):
        for n, mark in enumerate(outputs(scene, board)):
            yield mark, n % len(picture.trace)


@with_inputs
def test_an_output_lights_exactly_the_inputs_and_weights_that_its_taps_name(picture: Any) -> None:
    scene, x = picture.scene, places(picture.scene, "x")
    weights, layer = places(scene, "weight"), picture.layer
    size, cells_of_kernel = prod(layer.input_size), prod(layer.kernel_size)
    for mark, t in each_output(picture, scene):
        step, lit = picture.trace[t], scene.cone(mark)
        assert {x[m] % size for m in lit if m in x} == read(picture, t)
        if not weights or picture.view == "stamp":
            continue
        taps = step.taps[:, -len(layer.kernel_size) :]
        if layer.kind == "tconv":  # where the window covers a zero, no weight of it is used
            taps = taps[(step.reads >= 0).all(axis=1) & (step.reads < layer.input_size).all(axis=1)]
        wanted = flat(taps, layer.kernel_size)
        own = 0 if layer.shared else t * cells_of_kernel
        assert {weights[m] - own for m in lit if m in weights} == wanted or layer.shared
        assert {weights[m] % cells_of_kernel for m in lit if m in weights} == wanted


@pytest.mark.only(lambda picture: picture.view in ("flat", "isometric") and picture.layer.kind != "tconv")
def test_a_window_lights_as_many_cells_of_padding_as_reads_leave_the_input(picture: Any) -> None:
    scene, x = picture.scene, places(picture.scene, "x")
    canvas = [m for m in cells(scene, "canvas") if m not in x]
    for mark, t in each_output(picture, scene):
        reads = picture.trace.layer.taps.gathered(picture.trace[t].output)[0]
        outside = ((reads < 0) | (reads >= picture.layer.input_size)).any(axis=1).sum()
        assert len(set(scene.cone(mark)) & set(canvas)) == outside * len(picture.trace.windows)


@pytest.mark.only(
    lambda picture: picture.view not in ("gradients", "why", "shifts", "learning", "film")
)  # whose cells are of no step, but of a measurement, or of a training: see test_learning.py and test_film.py
def test_links_lead_there_and_back(picture: Any) -> None:
    scene = picture.scene
    sources, targets = ends(scene, "source"), ends(scene, "target")
    for link in scene.links:
        targets |= set(link.targets.tolist())
        sources |= set(link.sources.ravel().tolist()) - {-1}
    assert (sources and targets) or picture.view == "table"  # whose cells bear other rows at other steps
    made_of, feeds = scene.relation.made_of, scene.relation.feeds
    assert set(made_of) <= targets and set(feeds) <= sources
    assert all(mark in feeds[other] for mark, others in made_of.items() for other in others)
    assert all(mark in made_of[other] for mark, others in feeds.items() for other in others)


@with_inputs
def test_an_input_lights_every_output_that_it_feeds(picture: Any) -> None:
    scene, x = picture.scene, places(picture.scene, "x")
    layer = picture.layer
    size = prod(layer.input_size)
    if picture.view == "both" and getattr(layer, "padding_mode", "zeros") != "zeros":
        return  # above, the padding's copies of an input are cells of their own; below they are not
    fed: dict[int, set[int]] = {i: set() for i in range(prod(layer.x_shape))}
    for t in range(len(picture.trace)):
        channels = range(layer.x_shape[0]) if layer.channels_read is None else layer.channels_read[t]
        for i in read(picture, t):
            for c in channels if layer.shared else (0,):
                fed[c * size + i].add(t)
    for board in ("output", "sum"):
        step_of = {mark: n % len(picture.trace) for n, mark in enumerate(outputs(scene, board))}
        for mark, i in x.items():
            found = scene.cone(mark)
            if step_of and (found or picture.view != "both"):
                assert {step_of[m] for m in found if m in step_of} == fed[i], (board, i)


@with_inputs
def test_what_is_marked_as_never_read_is_what_no_tap_reads(picture: Any) -> None:
    scene, x = picture.scene, places(picture.scene, "x")
    layer = picture.layer
    sources = layer.taps.flat_sources
    if picture.view == "shift":  # other layers read the same input there
        sources = np.concatenate([read.ravel() for read in ways(layer).sources().values()])
    never = set(range(prod(layer.input_size))) - set(sources[sources >= 0].tolist())
    marked = {x[m] % prod(layer.input_size) for m in x if ROLES[scene.roles[m]] == "unread"}
    assert marked == never


def current(scene: Scene, t: int) -> list[int]:
    return list(np.flatnonzero(scene.states_at(t) == STATES.index("current")).tolist())


@step_by_output
def test_the_cell_that_is_written_bears_what_the_engine_computed(picture: Any) -> None:
    scene, table = picture.scene, picture.trace.output.reshape(-1, len(picture.trace))
    if picture.view == "coverage" and picture.layer.enlarges:
        layer = picture.layer
        read = 1 if layer.channels_read is not None else layer.x_shape[0] // layer.groups
        table = np.tile(layer.taps.output_counts.reshape(1, -1) * read, (layer.out_channels, 1))
    track = scene.track["current"]
    for t in range(scene.steps):
        texts = scene.texts_at(t)
        assert [texts[m] for m in track.marks[t]] == [number(value) for value in table[:, t]]
        assert set(current(scene, t)) >= set(track.marks[t].tolist()) or not track.state


@in_views("both")
def test_both_orders_have_finished_the_same_number_at_every_step(picture: Any) -> None:
    scene = picture.scene
    for t in range(scene.steps):
        texts = scene.texts_at(t)
        gathered, stamped = (texts[int(scene.track[name].marks[t, 0])] for name in ("current", "1.sum"))
        assert gathered == stamped != ""


@in_views("both", "stamp")
def test_both_orders_end_in_the_same_output(picture: Any) -> None:
    scene = picture.scene
    texts = scene.texts_at(scene.steps - 1)
    assert [texts[m] for m in outputs(scene, "sum")] == [number(v) for v in picture.trace.output.ravel()]


def spoken(text: str) -> list[str]:
    return re.findall(r"−?\d+(?:\.\d+)?", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_a_sentence_of_its_own(picture: Any, language: str) -> None:
    scene = picture.drawn(language)
    said = [scene.sentence(t) for t in range(scene.steps)]
    assert all(said) and not any(sign in text for text in said for sign in "{}|[]")
    second = scene.steps - len(picture.trace) if picture.view == "roundtrip" else 0  # there, and back again
    assert len(set(said[:second])) == second and len(set(said[second:])) == scene.steps - second


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reference_in_a_sentence_lights_something_at_its_step(picture: Any, language: str) -> None:
    scene = picture.drawn(language)
    roles = {ROLES[role] for role in set(scene.roles.tolist())}
    for t in range(scene.steps):
        states = {STATES[state] for state in set(scene.states_at(t).tolist())} | scene.track.keys()
        if "window" not in states:
            continue  # nothing is read at this step: its words say so
        for role, words in REFERENCE.findall(scene.sentence(t, marked=True)):
            assert words
            assert (roles | states) & set(REFERENCES[role]), (t, role)


@pytest.mark.parametrize("language", LANGUAGES)
@step_by_output
def test_a_sentence_tells_the_place_and_the_number_of_its_step(picture: Any, language: str) -> None:
    scene = picture.drawn(language)
    for t in range(scene.steps):
        numbers, texts = spoken(scene.sentence(t)), scene.texts_at(t)
        if picture.view != "matrix":
            where = [str(place + 1) for place in picture.trace[t].output]
            assert numbers[: len(where)] == where
        written = [texts[m] for m in scene.track["current"].marks[t]]
        if picture.view == "coverage" and picture.layer.enlarges:
            written = written[:1]  # the same in every channel
        if picture.view == "coverage" and written == ["0"]:
            continue  # no tap, in words
        assert numbers[-len(written) :] == written


SUM = re.compile(r"\(?(−?[\d.]+)\)?·\(?(−?[\d.]+)\)?(?:/(\d+))?")


def plain(text: str) -> float:
    """A number as it is written in a sum, in brackets or not."""
    return float(text.strip("()").replace("−", "-"))


def evaluated(arithmetic: str) -> tuple[float, float]:
    """What the left and the right of an arithmetic come to, read as a pupil would."""
    left, right = arithmetic.rsplit(" = ", 1)
    if left.startswith("exp("):
        score, most = left[4:-1].split(" − ")
        return float(np.exp(plain(score) - plain(most))), plain(right)
    if left.startswith("100·") and " ÷ " in left:
        share, total = left.removeprefix("100·").split(" ÷ ")
        return 100 * plain(share) / plain(total), plain(right)
    if left.startswith("max("):
        return max(plain(v) for v in left[4:-1].split(", ")), plain(right)
    if " / " in left:
        terms, share = left.rsplit(" / ", 1)
        return sum(plain(v) for v in terms[1:-1].split(" + ")) / float(share), plain(right)
    terms = SUM.findall(left)
    total = sum(plain(a) * plain(b) / int(under or 1) for a, b, under in terms)
    rest = SUM.sub("", left).split()
    return total + sum(plain(word) for word in rest if word != "+"), plain(right)


@pytest.mark.only(
    lambda picture: picture.view not in LEARNED and any(equation.result for equation in picture.scene.equations)
)
def test_the_arithmetic_of_every_output_comes_to_the_number_in_it(picture: Any) -> None:
    scene = picture.scene
    results = [scene.track[equation.result].marks[:, equation.column].tolist() for equation in scene.equations]
    for t, m in [(t, column[t]) for column in results for t in range(scene.steps) if column[t] >= 0]:
        text = scene.arithmetic(t, m)
        assert text.rsplit(" = ", 1)[1] == scene.texts_at(t)[m] and "+ −" not in text
        if "·" not in text and not text.startswith(("max(", "(", "exp(")):
            assert evaluated("0 + " + text.lstrip(" +"))[1] is not None  # a window of zeros alone has no terms
            continue
        left, right = evaluated(text)
        few = 0.06 if picture.view == "softmax" else None  # powers have four decimals, and per cent one
        assert left == pytest.approx(right, rel=5e-3, abs=few), text


def test_any_step_is_the_same_by_whatever_route(picture: Any) -> None:
    scene, rng = picture.scene, random.Random(7)
    order = [rng.randrange(scene.steps) for _ in range(12)]
    seen = {t: scene.at(t) for t in order}
    fresh = picture.drawn()
    for t, frame in seen.items():
        again = fresh.at(t)
        assert (again.looks == frame.looks).all() and again.texts == frame.texts
        for one, other in zip(again.points, frame.points, strict=True):
            assert (one is None) == (other is None) and (one is None or np.allclose(one, other))


def test_every_step_begins_with_something_lit(picture: Any) -> None:
    scene = picture.scene
    for t in range(scene.steps):
        read = (scene.states_at(t) == STATES.index("window")).any()
        assert current(scene, t) or (picture.view == "stamp" and read)
