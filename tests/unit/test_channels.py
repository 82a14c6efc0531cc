"""Channels: grouped, depthwise, pointwise, separable and shuffled equal plain loops; what their pictures say is so."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import gcd
from typing import Any

import depth
import numpy as np
import oracles
import pytest
from depth import cases
from hypothesis import given, settings
from hypothesis import strategies as st
from openings import seeded
from reading import places

import convviz as cv
from convviz.errors import LayerError
from convviz.layers.linear import channel_sums
from convviz.layers.notation import from_text
from convviz.lessons import LESSONS
from convviz.lessons.facts import facts
from convviz.page.dials import dials, turned
from convviz.page.fixes import fixed
from convviz.page.sources import chosen
from convviz.page.turn import outcome
from convviz.scene import room
from convviz.scene.canvas import factor, number
from convviz.scene.covering import covered
from convviz.scene.layout import text_width
from convviz.scene.moments import Moment, veil
from convviz.scene.roles import ROLES
from convviz.scene.views import VIEWS
from convviz.separable import separated
from convviz.text import LANGUAGES

SAME = {"padding": "same"}


def drawn(shape: tuple[int, ...], seed: int) -> Any:
    return np.random.default_rng(seed).integers(-5, 6, shape)


def looped(layer: Any, x: Any, weight: Any) -> Any:
    """A convolution, one product after the other."""
    return oracles.convolve(
        x, weight, None, layer.stride, layer.pads, layer.dilation, layer.groups, layer.padding_mode, layer.flip
    )


@st.composite
def grouped(draw: Any) -> Any:
    """Convolutions of several channels, from ordinary to depthwise."""
    groups, ins, outs = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    size, kernel = draw(st.integers(3, 5)), draw(st.integers(1, 3))
    others = {"stride": draw(st.integers(1, 2)), "padding": draw(st.integers(0, 2)), "flip": draw(st.booleans())}
    channels = {"in_channels": groups * ins, "out_channels": groups * outs, "groups": groups}
    return cv.Conv(draw(st.sampled_from(((size,), (size, size)))), kernel, **channels, **others)


@settings(max_examples=cases(500), deadline=None)
@given(grouped(), st.integers(0, 10**6))
def test_a_layer_with_groups_is_what_plain_loops_give(layer: Any, seed: int) -> None:
    x, weight = drawn(layer.x_shape, seed), drawn(layer.weight_shape, seed + 1)
    assert np.array_equal(cv.trace(layer, x, weight).output, looped(layer, x, weight))


@settings(max_examples=cases(500), deadline=None)
@given(st.integers(1, 4), st.integers(1, 2), st.integers(1, 4), st.integers(1, 3), st.integers(0, 10**6))
def test_depthwise_then_pointwise_is_a_loop_over_each_channel_and_a_sum_through_them(
    channels: int, multiplier: int, maps: int, kernel: int, seed: int
) -> None:
    first = cv.depthwise(4, kernel, channels, multiplier, **SAME)
    second = cv.pointwise(4, channels * multiplier, maps)
    x = drawn(first.x_shape, seed)
    each, mixing = drawn(first.weight_shape, seed + 1), drawn(second.weight_shape, seed + 2)
    alone = [
        looped(cv.Conv(4, kernel, **SAME), x[[n // multiplier]], each[[n]])[0] for n in range(channels * multiplier)
    ]
    assert np.array_equal(cv.trace(first, x, each).output, np.stack(alone))
    mixed = np.tensordot(mixing[:, :, 0, 0], np.stack(alone), axes=1)
    assert np.array_equal(cv.trace(cv.Network([first, second]), x, {0: each, 1: mixing}).output, mixed)
    if multiplier == 1:
        whole = cv.separable(4, kernel, channels, maps, **SAME)
        assert np.array_equal(cv.trace(whole, x, {0: each, 1: mixing}).output, mixed)


@settings(max_examples=cases(500), deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.sampled_from(((), (3,), (2, 3))), st.integers(0, 10**6))
def test_a_shuffle_takes_the_first_channel_of_every_group_then_the_second(
    groups: int, each: int, size: tuple[int, ...], seed: int
) -> None:
    layer, x = cv.ChannelShuffle(groups), drawn((groups * each, *size), seed)
    found = layer.forward(x)
    assert np.array_equal(found, oracles.regrouped(x, groups))
    back = layer.backward(found, [x], found)[0]
    assert np.array_equal(back, x), "the gradient goes back to where its cell came from"
    assert np.array_equal(cv.ChannelShuffle(each).forward(found), x), "the other number of groups undoes it"


@pytest.mark.oracle
def test_groups_and_shuffles_are_those_of_pytorch() -> None:
    torch = depth.torch()
    for seed in range(cases(500)):
        groups, ins, outs, kernel = (seed % n + 1 for n in (4, 3, 2, 3))
        channels = {"in_channels": groups * ins, "out_channels": groups * outs, "groups": groups}
        layer = cv.Conv(5, kernel, padding=1, stride=seed % 2 + 1, **channels)
        x, weight = drawn(layer.x_shape, seed), drawn(layer.weight_shape, seed + 1)
        wanted = torch.nn.functional.conv2d(
            torch.tensor(x)[None].double(), torch.tensor(weight).double(), None, layer.stride, 1, 1, groups
        )[0]
        assert np.array_equal(cv.trace(layer, x, weight).output, wanted.numpy())
        shuffled = torch.nn.ChannelShuffle(groups)(torch.tensor(x)[None])[0]
        assert np.array_equal(cv.ChannelShuffle(groups).forward(x), shuffled.numpy())


@settings(max_examples=cases(500), deadline=None)
@given(grouped(), st.integers(0, 10**6))
def test_what_the_channels_give_adds_up_to_each_map(layer: Any, seed: int) -> None:
    trace = cv.trace(layer, drawn(layer.x_shape, seed), drawn(layer.weight_shape, seed + 1))
    parts = channel_sums(trace.windows, layer.kernels(trace.weight))
    each = layer.in_channels // layer.groups
    assert parts.shape == (layer.out_channels, each, len(trace))
    assert np.array_equal(parts.sum(axis=1), trace.totals)
    alone = replace(layer, in_channels=1, out_channels=1, groups=1)
    for out in range(layer.out_channels):
        first = out // (layer.out_channels // layer.groups) * each
        for n in range(each):
            one = looped(alone, trace.x[[first + n]], trace.weight[[out]][:, [n]])
            assert np.array_equal(parts[out, n], one.ravel())


@settings(max_examples=cases(100), deadline=None)
@given(grouped(), st.sampled_from(["channels", "slabs"]))
def test_the_picture_shows_those_sums_and_their_totals(layer: Any, view: str) -> None:
    trace = cv.trace(layer)
    scene = cv.scene(trace, view)
    parts = channel_sums(trace.windows, layer.kernels(trace.weight)).reshape(-1, len(trace))
    for t in {0, len(trace) - 1}:
        texts = scene.texts_at(t)
        assert [texts[m] for m in scene.track["sums"].marks[t]] == [number(v) for v in parts[:, t]]
        totals = [number(v) for v in trace.totals[:, t]]
        assert [texts[m] for m in scene.track["totals"].marks[t]] == totals
        assert [texts[m] for m in scene.track["current"].marks[t]] == totals
        each, cells = layer.in_channels // layer.groups, scene.track["current"].marks[t].tolist()
        for out, cell in enumerate(cells):
            told = [number(v) for v in parts[out * each : (out + 1) * each, t]]
            added = " + ".join(factor(text) if n else text for n, text in enumerate(told))
            assert scene.arithmetic(t, cell) == f"{added} = {totals[out]}"
            assert f"for map {out + 1}, " in scene.sentence(t, cell=cell)
            assert f" {', '.join(told)}. " in scene.sentence(t, cell=cell)
        assert scene.arithmetic(t) == scene.arithmetic(t, int(scene.track["told"].marks[t, 0]))


@settings(max_examples=cases(200), deadline=None)
@given(grouped(), st.sampled_from(["channels", "slabs"]))
def test_an_output_lights_the_channels_of_its_group_alone(layer: Any, view: str) -> None:
    scene = cv.scene(layer, view)
    x, weights = places(scene, "x"), places(scene, "weight")
    size, steps = int(np.prod(layer.input_size)), layer.taps.steps
    ins, outs = layer.in_channels // layer.groups, layer.out_channels // layer.groups
    kernel = int(np.prod(layer.kernel_size))
    for grid in (g for g in scene.grids if g.name == "output"):
        out = (grid.first - next(g.first for g in scene.grids if g.name == "output")) // steps
        for t in range(steps):
            lit = scene.cone(grid.first + t)
            reads = layer.taps.flat_sources[t]
            wanted = {(out // outs * ins + n) * size + i for n in range(ins) for i in reads[reads >= 0].tolist()}
            assert {x[m] for m in lit if m in x} == wanted
            own = out * ins * kernel
            assert {weights[m] for m in lit if m in weights} == set(range(own, own + ins * kernel))


def test_the_sums_of_all_maps_are_counted_channel_by_channel() -> None:
    scene = cv.scene(cv.Conv(4, 2, in_channels=3, out_channels=2), "channels")
    sums, totals = (scene.track[name].marks[0].tolist() for name in ("sums", "totals"))
    texts = scene.texts_at(0)
    for n in range(4):
        hidden, counting = veil(scene, 0, Moment(0, n))
        there = [mark for mark in sums if mark not in hidden]
        assert there == [m for row in (sums[:3], sums[3:]) for m in row[:n]]
        for counter, row in zip(totals, (sums[:3], sums[3:]), strict=True):
            added = sum(int(texts[m].replace("−", "-")) for m in row[:n])
            assert counting[counter] == (number(added) if n else "")


@settings(max_examples=cases(100), deadline=None)
@given(st.integers(1, 8), st.integers(1, 4), st.integers(1, 3), st.integers(0, 10**6))
def test_a_cell_is_covered_where_a_later_board_lies_over_its_text(ins: int, size: int, kernel: int, seed: int) -> None:
    scene = cv.scene(cv.Conv(size + 2, kernel, in_channels=ins, out_channels=2), "slabs")
    hidden = set(scene.covered.tolist())
    rng = np.random.default_rng(seed)
    for mark in rng.integers(0, scene.cells, 40).tolist():
        own, place = scene.grid_of(mark), scene.corners[mark]
        at = place[0] + rng.uniform(0.3, 0.7, (20, 2)) @ (place[[1, 3]] - place[0])
        over = False
        for grid in scene.grids[scene.grids.index(own) + 1 :]:
            inside = (at - np.array(grid.corner)) @ np.linalg.inv(np.array([grid.across, grid.down]))
            over |= bool(((inside > 0.02) & (inside < (grid.columns - 0.02, grid.rows - 0.02))).all(axis=1).all())
        assert not over or mark in hidden
    for mark in hidden:
        assert not scene.at(0).texts[mark] and mark not in scene.at(0).notes


def test_upright_boards_cover_nothing() -> None:
    for view in ("flat", "channels", "separable"):
        assert not len(covered(cv.scene(cv.Conv(4, 3, in_channels=2, out_channels=2), view).grids))


class TestBothWays:
    scene = staticmethod(lambda: cv.scene(cv.Conv(5, 3, padding=1, in_channels=3, out_channels=4), "separable"))

    def test_they_step_together_over_one_input_and_say_what_they_cost(self) -> None:
        scene = self.scene()
        assert scene.steps == 25
        said = " ".join(label.text for label in scene.labels)
        for cost in (
            "108 weights, 2,700 multiply-accumulates",
            "39 weights, 975",
            "27 weights",
            "12 weights",
            "675",
            "300",
        ):
            assert cost in said
        assert scene.formulas[0].text() == "1/N + 1/k² = 1/4 + 1/3² = 39/108 = 975/2,700 = 0.36111"
        assert sum(grid.name == "canvas" for grid in scene.grids) == 3

    def test_the_last_maps_are_made_of_the_maps_between_and_these_of_one_channel_each(self) -> None:
        scene = self.scene()
        names = {m: g.name for g in scene.grids for m in range(g.first, g.first + g.count)}
        end = int(scene.track["last"].marks[12, 0])
        cone = scene.cone(end)
        between = [m for m in cone if names[m] == "between"]
        assert len(between) == 3 and {cone[m] for m in between} == {1}
        assert {cone[m] for m in cone if names[m] == "canvas"} == {2}
        for mark in between:
            assert sum(names[m] == "canvas" for m in scene.cone(mark)) == 9

    def test_the_pair_costs_one_by_n_and_one_by_k_squared(self) -> None:
        layer = cv.Conv(7, (3, 5), padding="same", in_channels=6, out_channels=8, stride=2)
        pair = separated(layer)
        assert pair.output_size == layer.output_size
        assert pair.macs / layer.macs == pytest.approx(1 / 8 + 1 / 15)
        assert "1/8 + 1/(3·5)" in cv.scene(layer, "separable").formulas[0].text()


class TestOtherViews:
    def test_without_a_shuffle_a_channel_knows_its_group_and_with_it_all(self) -> None:
        scene = cv.scene(cv.Conv(5, 1, in_channels=6, out_channels=6, groups=2), "shuffle")
        inputs = [set(range(g.first, g.first + g.count)) for g in scene.grids if g.name == "input"]
        for t in range(scene.steps):
            few, many = (int(scene.track[name].marks[t, 0]) for name in ("current", "other"))
            assert len(set(scene.cone(few)) & inputs[0]) == 3
            assert len(set(scene.cone(many)) & inputs[1]) == 6
            assert all(len(chosen) for chosen in scene.lit_edges(t))

    @settings(max_examples=cases(200), deadline=None)
    @given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4))
    def test_a_shuffle_without_groups_to_exchange_says_the_nearest_that_works(
        self, groups: int, each: int, maps: int
    ) -> None:
        layer = cv.Conv(3, 1, in_channels=groups * each, out_channels=groups * maps, groups=groups)
        refused = VIEWS["shuffle"].refuses(layer)
        assert (refused is None) is (groups > 1 and maps > 1)
        if refused:
            assert refused.field in refused.fix and "view" not in refused.fix
            assert VIEWS["shuffle"].refuses(replace(layer, **refused.fix)) is None

    def test_choosing_it_offers_to_set_the_groups_as_well(self) -> None:
        for text, wanted in (
            ("conv2d-i5-k3-p1-c4-o4", {"groups": 2}),
            ("conv2d-i5-k3-p1-c3-o4", {"groups": 2, "in_channels": 4}),
            ("conv2d-i5-k3-p1-c8-o8-g8", {"groups": 4}),
        ):
            state = seeded("channels", text)
            came = outcome(state, {"turn": {"name": "view", "value": "shuffle", "commit": True}})
            assert came.state == state and came.refused is not None
            found = came.refused[1]
            assert found.fix == {"view": "shuffle"} | wanted
            assert fixed(state, found.fix).scene().view == "shuffle"

    def test_the_map_of_costs_is_the_formula_at_every_place(self) -> None:
        scene = cv.scene(cv.Conv(5, 3, padding=1, in_channels=3, out_channels=4), "cost")
        shares = [1 / maps + 1 / k**2 for k in (1, 3, 5, 7, 9) for maps in (2**n for n in range(11))]
        board = next(grid for grid in scene.grids if grid.name == "canvas")
        texts = scene.texts_at(0)
        for text, share in zip(texts[board.first : board.first + board.count], shares, strict=True):
            assert float(text.removesuffix("\u00a0%")) == pytest.approx(100 * share, abs=0.05 + 1e-9)
            assert not text.endswith(".0\u00a0%")
        place = int(scene.track["place"].marks[0, 0])
        assert scene.points_at(0)[1] is not None and texts[place] == "36.1\u00a0%"
        assert sorted(texts[mark] for mark in scene.cone(place)) == ["11.1\u00a0%", "25\u00a0%"]

    def test_the_sum_beside_the_map_of_costs_is_that_of_the_place_that_is_pointed_at(self) -> None:
        scene = cv.scene(cv.Conv(5, 3, padding=1, in_channels=3, out_channels=4), "cost")
        said = [scene.arithmetic(t).replace("\u00a0", " ") for t in range(scene.steps)]
        assert said[11 + 3] == "1/8 + 1/3² = 12.5 % + 11.1 % ≈ 23.6 %"
        assert said[3] == "1/8 + 1/1² = 12.5 % + 100 % = 112.5 %"
        assert len(set(said)) == scene.steps and not scene.formulas, "and the layer's own formula is not beside it"

    def test_mobilenet_is_counted_beside_what_is_printed_the_slip_included(self) -> None:
        scene = cv.scene(cv.Conv(5, 3), "mobilenet")
        texts = [text.replace("\u00a0", " ") for text in scene.texts_at(0)]
        rows = [texts[n : n + 6] for n in range(0, len(texts), 6)]
        assert [row[1] for row in rows] == ["94.86 %", "3.06 %", "1.91 %", "0.18 %", "100.00 %"]
        assert [row[2] for row in rows] == ["94.86 %", "3.06 %", "1.19 %", "0.18 %", "99.29 %"]
        assert (
            [row[4] for row in rows]
            == [row[5] for row in rows]
            == ["74.59 %", "1.06 %", "0.02 %", "24.33 %", "100.00 %"]
        )
        assert rows[-1][0] == "568,740,352"
        said = scene.labels[-1].text
        assert all(count in said for count in ("462,422,016", "52,283,392", "2,359,296", "266,752"))


class TestTheDialOfGroups:
    @settings(max_examples=cases(200), deadline=None)
    @given(st.integers(1, 8), st.integers(1, 8))
    def test_it_stops_at_the_common_divisors_from_ordinary_to_depthwise(self, ins: int, outs: int) -> None:
        state = seeded("channels", f"conv2d-i4-k2-c{ins}-o{outs}".replace("-c1", "").replace("-o1", ""))
        dial: Any = next(dial for dial in dials(state) if dial["name"] == "groups")
        stops = [number for number, _ in dial["stops"]]
        assert stops == [n for n in range(1, gcd(ins, outs) + 1) if ins % n == outs % n == 0]
        for groups in stops:
            layer: Any = turned(state, {"name": "groups", "value": groups}).layer
            assert layer.groups == groups and layer.macs * groups == state.single.macs

    def test_its_ends_have_names(self) -> None:
        state = seeded("channels", "conv2d-i4-k2-c6-o6")
        dial: Any = next(dial for dial in dials(state) if dial["name"] == "groups")
        assert dial["stops"] == [(1, "1 · ordinary"), (2, "2 · grouped"), (3, "3 · grouped"), (6, "6 · depthwise")]

    @settings(max_examples=cases(200), deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(["in_channels", "out_channels", "groups"]), st.integers(1, 8))))
    def test_turning_channels_keeps_the_nearest_number_of_groups_that_works(self, turns: list[tuple[str, int]]) -> None:
        state = seeded("channels")
        for name, value in turns:
            before: Any = state.layer
            try:
                state = turned(state, {"name": name, "value": value})
            except LayerError:
                assert name == "groups" and gcd(before.in_channels, before.out_channels, value) != value
                continue
            layer: Any = state.layer
            assert getattr(layer, name) == value and layer.in_channels % layer.groups == 0
            if name != "groups":
                common = [n for n in range(1, 9) if layer.in_channels % n == layer.out_channels % n == 0]
                assert abs(layer.groups - before.groups) == min(abs(n - before.groups) for n in common)


def test_a_photograph_in_colour_is_three_channels_of_their_own() -> None:
    state = chosen(seeded("channels", "conv2d-i12-k3-c3-o2"), "p2")
    scene = state.scene()
    planes = [grid for grid in scene.grids if grid.name == "canvas"]
    assert [{ROLES[role] for role in grid.roles} for grid in planes] == [{"red"}, {"green"}, {"blue"}]
    x = state.x.array((3, 12, 12), 0, 5)
    assert all(not np.array_equal(one, other) for one, other in pairwise(x))
    assert np.array_equal(state.x.array((1, 12, 12), 0, 5)[0], state.x.array((2, 12, 12), 0, 5)[1]), "else it is grey"


def test_facts_of_channels() -> None:
    numbers = facts(cv.Conv(5, 3, padding=1, in_channels=3, out_channels=4))
    assert (numbers["weights"], numbers["macs"]) == (108, 2700)
    assert (numbers["first_weights"], numbers["second_weights"]) == (27, 12)
    assert (numbers["pair_weights"], numbers["pair_macs"]) == (39, 975)
    split = facts(cv.Conv(5, 3, in_channels=4, out_channels=4, groups=2))
    assert (split["c"], split["g"], split["each"], split["others"]) == (4, 2, 2, 2)


WINDOW = (970, 335)
"""The room of a picture, in pixels, where a page is shown in a window of 1280 by 720."""

FEW = [one.setting for one in LESSONS["channels"].presets if "-c8" not in one.setting]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("view", "least"), [("channels", 11), ("slabs", 10.5), ("separable", 9.5)])
def test_letters_can_be_read_in_a_small_window(view: str, least: float, language: str) -> None:
    for setting in FEW:
        layer: Any = from_text(setting)
        if VIEWS[view].refuses(layer):
            continue
        scene = cv.scene(layer, view, language)
        left, top, right, bottom = scene.bounds
        cell = min(WINDOW[0] / (right - left), WINDOW[1] / (bottom - top))
        for label in scene.labels:
            if label.role in ("title", "axis"):
                assert label.size * cell >= least, (setting, label.text, label.size * cell)


@pytest.mark.parametrize(("ins", "outs"), [(2048, 4), (1, 600), (90, 90)])
def test_however_many_channels_there_are_few_ways_to_place_them_are_tried(
    ins: int, outs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of ways that make as many rows, one; a way for each pair of counts would take a minute."""
    tried: list[tuple[int, int, float]] = []
    place = room._apart
    monkeypatch.setattr(room, "_apart", lambda *given: tried.append(given[2:]) or place(*given))
    room.sized(cv.Conv(1, 1, in_channels=ins, out_channels=outs), room.Form())
    assert 0 < len(tried) <= len(room.UNITS) * 2 * ins**0.5 * (2 * outs**0.5 + 1)
    assert {columns for columns, _, _ in tried} >= {1, ins} and {columns for _, columns, _ in tried} >= {0, 1, outs}


def test_a_mark_around_a_sum_leaves_the_plus_beside_it_free() -> None:
    scene = cv.scene(cv.Conv(5, 3, padding=1, in_channels=3, out_channels=4), "channels")
    first, second = (scene.corners[mark] for mark in scene.track["sums"].marks[0, :2])
    plus = next(label for label in scene.labels if label.text == "+")
    gap = second[:, 0].min() - first[:, 0].max()
    assert gap >= text_width("+", plus.size) + 2 * 0.2, "a fifth of a cell on either side"
