"""Two settings in one picture: what is marked is what differs, in step, on one scale; a link holds both."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from depth import cases
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.lessons import LESSONS
from convviz.page import comparing
from convviz.page.comparing import offered
from convviz.page.dials import dials
from convviz.page.link import from_query, to_query
from convviz.page.shown import file_name, note
from convviz.page.state import Kept, opening, setting
from convviz.page.turn import outcome
from convviz.page.values import Values
from convviz.paint.svg import svg
from convviz.player.wire import wire
from convviz.scene.compare import part_of, shared_input
from convviz.scene.pacing import together
from convviz.scene.scales import keyed
from convviz.scene.together import parted
from convviz.scene.views import VIEWS
from convviz.web.drawing import Wanted

ON = {"turn": {"name": "compare", "value": "on", "commit": True}}
SWAP = {"turn": {"name": "compare", "value": "swap", "commit": True}}
OFF = {"turn": {"name": "compare", "value": "off", "commit": True}}


def turned(state, name, value):
    came = outcome(state, {"turn": {"name": name, "value": value, "commit": True}})
    assert not came.refused, came.refused
    return came.state


def drawn_pair(seed):
    """Two random layers of one kind, with the axes of one input, and a view that shows both."""
    rng = random.Random(seed)
    axes = rng.choice((1, 2, 2))
    kind = rng.choice(("conv", "conv", "tconv", "pool"))
    while True:
        layers = []
        for _ in range(2):
            size = tuple(rng.randint(3, 7) for _ in range(axes))
            kernel, stride = rng.randint(1, 3), rng.randint(1, 3)
            try:
                if kind == "conv":
                    padding, dilation = rng.randint(0, 2), rng.randint(1, 2)
                    layers.append(cv.Conv(size, kernel, stride, padding, dilation))
                elif kind == "tconv":
                    layers.append(cv.ConvTranspose(size, kernel, stride, rng.randint(0, 1)))
                else:
                    layers.append(rng.choice((cv.MaxPool, cv.AvgPool))(size, kernel, stride))
            except cv.LayerError:
                break
        names = [n for n, v in VIEWS.items() if v.compares and len(layers) == 2 and not any(map(v.refuses, layers))]
        names = [name for name in names if name in ("flat", "isometric", "matrix", "stamp", "strip", "coverage")]
        if len(layers) == 2 and names:
            return (*layers, rng.choice(names))


@pytest.mark.parametrize("seed", range(cases(50)))
def test_what_is_marked_is_what_differs(seed):
    one, other, view = drawn_pair(seed)
    picture = cv.compare(one, other, view=view)
    shape = tuple(map(max, one.x_shape, other.x_shape))
    x = cv.trace(type(one)(shape[1:], 1)).x if isinstance(one, cv.MaxPool) else cv.trace(cv.Conv(shape[1:], 1)).x
    traces = [cv.trace(layer, x[tuple(map(slice, layer.x_shape))]) for layer in (one, other)]
    outputs = [
        cv.output(layer, trace.x, trace.weight, trace.bias).reshape(layer.y_shape)
        for layer, trace in zip((one, other), traces, strict=True)
    ]
    both = list(product(*(range(min(sides)) for sides in zip(outputs[0].shape, outputs[1].shape, strict=True))))
    wanted = {place for place in both if outputs[0][place] != outputs[1][place]}
    if view == "coverage":
        check_counts(picture, one, other, wanted)
        return
    marked = set(picture.differing.marks.tolist())
    pairs = picture.differing.pairs.T.tolist()
    assert len(pairs) == len(both)
    assert {place for place, (cell, _) in zip(both, pairs, strict=True) if cell in marked} == wanted
    assert marked == {cell for place, pair in zip(both, pairs, strict=True) if place in wanted for cell in pair}
    last = picture.at(picture.steps - 1)
    for place, pair in zip(both, pairs, strict=True):  # each cell shows the number that was compared
        for cell, output in zip(pair, outputs, strict=True):
            assert last.texts[cell].replace("−", "-") in (f"{output[place]:g}", f"{output[place]:.3f}".rstrip("0"))
    assert set(last.differing) == marked


def check_counts(picture, one, other, wanted):
    """In a picture of counts what differs is how often an input is used, or how many products an output sums."""
    enlarges = one.enlarges
    counts = [layer.taps.output_counts if enlarges else layer.taps.input_counts for layer in (one, other)]
    both = product(*(range(min(sides)) for sides in zip(counts[0].shape, counts[1].shape, strict=True)))
    count = sum(counts[0][place] != counts[1][place] for place in both)
    assert len(picture.differing.marks) == 2 * (count + (0 if enlarges else len(wanted)))


@pytest.mark.parametrize("seed", range(cases(50)))
@pytest.mark.parametrize("tones", (False, True))
def test_corresponding_boards_have_one_scale(seed, tones):
    one, other, view = drawn_pair(seed)
    picture = cv.compare(one, other, view=view, tones=tones)
    halves = [
        {key: g for key, g in keyed(picture.grids) if key[0].startswith("a.") == first} for first in (True, False)
    ]
    mine = {(name.removeprefix("a."), n): grid for (name, n), grid in halves[0].items()}
    last = picture.at(picture.steps - 1)
    for key in mine.keys() & halves[1].keys():
        ones, others = mine[key], halves[1][key]
        assert (ones.scale is None) == (others.scale is None)
        if ones.scale is None or ones.values is None:
            continue
        assert ones.scale.most == others.scale.most >= max(np.abs(ones.values).max(), np.abs(others.values).max())
        seen = {}  # the same value has the same level in both
        for grid in (ones, others):
            for value, level in zip(np.ravel(grid.values).tolist(), grid.tones.tolist(), strict=True):
                assert not level or seen.setdefault(value, level) == level
    assert len(last.texts) == picture.cells


def test_both_show_the_same_output_cell_and_the_smaller_waits():
    for one, other in product([(3, 3), (2, 4), (4, 1)], repeat=2):
        pace = together([one], [other])
        held = [None, None]
        places = list(product(*(range(max(s)) for s in zip(one, other, strict=True))))
        places = [p for p in places if any(all(a < b for a, b in zip(p, size, strict=True)) for size in (one, other))]
        assert pace.places.tolist() == [list(p) for p in places]
        for t, place in enumerate(places):
            for side, size in enumerate((one, other)):
                has = all(a < b for a, b in zip(place, size, strict=True))
                assert bool(pace.has[side][t]) == has
                if has:
                    held[side] = place
                assert np.unravel_index(pace.at[side][t], size) == held[side]


@pytest.mark.parametrize("seed", range(cases(50)))
def test_each_half_shows_at_each_step_what_its_own_picture_shows(seed):
    one, other, view = drawn_pair(seed)
    x = shared_input(one, other)
    traces = [cv.trace(layer, part_of(x, layer.x_shape)) for layer in (one, other)]
    alone = [cv.scene(trace, view=view) for trace in traces]
    picture = cv.compare(*traces, view=view)
    halves = (range(alone[1].cells, picture.cells), range(alone[1].cells))
    shown = [{(tuple(f.texts), tuple(f.states)) for f in map(scene.at, range(scene.steps))} for scene in alone]
    for t in range(picture.steps):
        frame = picture.at(t)
        for cells, own in zip(halves, shown, strict=True):
            assert (tuple(frame.texts[m] for m in cells), tuple(frame.states[m] for m in cells)) in own


SEVERAL = [name for name in LESSONS if offered(opening(name))]


def test_where_every_view_compares_by_itself_nothing_is_offered_or_kept():
    alone = {
        "learning": "kernels that are compared already",
        "filters": "a curtain, and two ways to one result",
        "anatomy": "one network, with the weights that it has",
    }
    assert {name for name in LESSONS if name not in SEVERAL} == alone.keys()
    for name in alone:
        state = opening(name)
        assert "compare" not in [dial["name"] for dial in dials(state)]
        asked = outcome(state, ON)
        assert asked.state == state and asked.refused


@pytest.mark.parametrize("name", SEVERAL)
def test_every_lesson_compares_what_it_opens_with_in_every_view_that_it_then_offers(name):
    state = outcome(opening(name), ON).state
    assert state.kept and state.views and all(VIEWS[view].compares for view in state.views)
    for view in state.views:
        if VIEWS[view].refuses(state.layer) is None:
            picture = replace(state, view=view).scene()
            assert picture.differing is not None and len(picture.differing.marks) == 0
            assert "A" in {label.text for label in picture.labels} >= {"B"}


def test_a_dial_turns_b_alone_and_swap_lets_it_turn_the_other():
    state = turned(outcome(opening("convolution"), ON).state, "stride", 2)
    assert (state.kept.text, state.text) == ("conv2d-i5-k3", "conv2d-i5-k3-s2")
    other = outcome(state, SWAP).state
    assert (other.kept.text, other.text) == ("conv2d-i5-k3-s2", "conv2d-i5-k3")
    assert outcome(other, SWAP).state == state
    assert outcome(state, OFF).state == replace(state, kept=None)
    assert outcome(state, {"show": {"kind": "beat", "n": 0}}).state.kept is None


def test_what_is_typed_stays_in_its_cell_of_the_one_input():
    state = turned(outcome(opening("convolution"), ON).state, "input_size", 7)
    state = outcome(state, {"edit": {"array": "x", "index": 8, "value": 42}}).state  # row 1, column 1 of 7
    places = {(g.name, m - g.first) for g in state.scene().grids if "canvas" in g.name for m in cells_with(state, g)}
    assert places == {("canvas", 8), ("a.canvas", 6)}
    assert {e for e, _ in outcome(state, SWAP).state.x.edits} == {6}


def cells_with(state, grid):
    return [m for m in range(grid.first, grid.first + grid.count) if grid.texts[m - grid.first] == "42"]


WEIGHTS = st.sampled_from([Values(), Values("kernel", (), name="gaussian"), Values("seed", (4,), ((1, 3),))])


@settings(max_examples=cases(300))
@given(st.sampled_from(list(LESSONS)), st.data())
def test_a_link_holds_both(name, data):
    presets = st.sampled_from([preset.setting for preset in LESSONS[name].presets])
    plain = opening(name)
    kept = Kept(setting(data.draw(presets)), data.draw(WEIGHTS))
    state = replace(plain, layer=setting(data.draw(presets)), weight=data.draw(WEIGHTS), kept=kept)
    try:
        state.scene()
    except cv.LayerError:
        return
    read, wrong = from_query(to_query(state), name)
    assert (read, wrong) == (state, [])


def test_a_file_is_of_both():
    state = turned(outcome(opening("convolution"), ON).state, "stride", 2)
    wanted = Wanted.of(state)
    assert Wanted(*wanted).state().scene().steps == state.scene().steps
    assert wanted != Wanted.of(replace(state, kept=None))
    assert file_name(state) == "conv2d-i5-k3-vs-conv2d-i5-k3-s2-flat"
    assert note(state).startswith("A: ") and "\nB: " in note(state)


def test_the_ticks_are_in_the_svg_and_in_what_the_browser_gets():
    picture = cv.compare(cv.Conv(5, 3), cv.Conv(5, 3, padding=1))
    assert svg(picture, picture.steps - 1).count('<path class="tick') == 2
    assert ('class="tick' in svg(picture, 0)) == bool(picture.at(0).differing)
    said = wire(picture)
    assert said["differing"]["m"] and said["tall"] > said["aspect"]


@pytest.mark.parametrize(
    ("one", "other", "options", "says"),
    [
        (cv.Conv(60, 3), cv.Conv(60, 3), {}, "try input_size"),
        (cv.Conv(5, 3), cv.Conv((9,), 3), {}, "their axes differ"),
        (cv.Conv(5, 3), cv.Conv(5, 3), {"view": "versus"}, "cannot be compared - try view flat"),
        (cv.ConvTranspose(3, 3), cv.ConvTranspose(4, 3), {"view": "both"}, "try view flat"),
        (cv.Conv(5, 3), cv.Conv(5, 3), {"view": "none"}, "no such view"),
        (cv.Conv(5, 3), cv.Dense(4, 3), {}, "their axes differ"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_what_can(one, other, options, says):
    with pytest.raises(cv.LayerError, match=says):
        cv.compare(one, other, **options)


def test_too_large_a_pair_is_refused_on_the_page_with_a_size_that_works():
    state = turned(opening("convolution"), "input_size", 60)
    came = outcome(state, ON)
    name, error = came.refused
    assert name == comparing.NAME and came.state == state
    smaller = outcome(state, {"turn": {"name": "fix", "value": error.fix, "commit": True}}).state
    assert not outcome(smaller, ON).refused


@pytest.mark.parametrize("seed", range(cases(50)))
def test_on_a_narrow_page_each_mark_stands_in_one_block_and_all_of_a_before_b(seed):
    one, other, view = drawn_pair(seed)
    picture = cv.compare(one, other, view=view)
    found = parted(picture.parts, [VIEWS[view].narrow] * 2)
    assert sorted(n for block in found for n in block.grids) == list(range(len(picture.grids)))
    labels = [n for block in found for n in (*block.labels, *([block.sign] if block.sign >= 0 else []))]
    assert sorted(labels) == list(range(len(picture.labels)))
    sides = [picture.grids[n].name.startswith("a.") for block in found for n in block.grids]
    assert sides == sorted(sides, reverse=True)
    heads = [{picture.labels[n].text[0] for n in block.labels if picture.labels[n].name == "head:0"} for block in found]
    assert [head for head in heads if head] == [{"A"}, {"B"}] and heads[0] == {"A"}
