"""Cells and what they are made of, over any number of boards; and pictures made of pictures."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest
from depth import cases
from graphs import random_network
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.network import stacked
from convviz.scene.compose import above, beside
from convviz.scene.links import Link, of_steps, related
from convviz.scene.views.stack import stack


def boards(scene):
    """The cells of each board of a stack, in the order of its nodes, the input first."""
    found = []
    for grid in scene.grids:
        cells = range(grid.first, grid.first + grid.count)
        found.append(list(cells))
    return found


@settings(max_examples=cases(1_000))
@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(1, 2), st.booleans()), min_size=1, max_size=4)
)
def test_the_cone_of_every_cell_of_a_stack_is_what_its_composed_taps_name(layers):
    size, made = (9,), []
    for kernel, stride, dilation, same in layers:
        padding = "same" if same else 0
        assume(same or dilation * (kernel - 1) < size[0])
        made.append(cv.Conv(size, kernel, stride, padding, dilation))
        size = made[-1].output_size
    network = cv.Network(made)
    scene = stack(cv.trace(network))
    cells = boards(scene)
    for top in range(1, len(cells)):
        for below in range(top):
            (table,) = cv.Network(made[below:top]).chains
            for place, mark in enumerate(cells[top]):
                wanted = {cells[below][i] for i in np.flatnonzero(table[place])}
                found = scene.cone(mark)
                assert {m for m in found if m in cells[below]} == wanted
                assert {found[m] for m in wanted} <= {top - below}


def test_an_inputs_cone_is_all_that_it_feeds():
    scene = stack(cv.trace(stacked(3, (1, 2), 1)))
    cells = boards(scene)
    for mark in cells[0]:
        fed = {m for board in cells[1:] for m in board if mark in scene.cone(m)}
        assert set(scene.cone(mark)) == fed


@settings(max_examples=cases(300))
@given(st.integers(0, 10**5))
def test_every_cell_of_any_network_is_made_of_something_and_reaches_the_output(seed):
    network = random_network(seed)
    scene = stack(cv.trace(network))
    assert scene.cells == prod(network.x_shape) + sum(prod(node.shape) for node in network.nodes)
    for t in range(scene.steps):
        assert scene.sentence(t)
        scene.at(t)
    made_of, first = scene.relation.made_of, prod(network.x_shape)
    if not any(node.layer.kind == "tconv" for node in network.nodes):  # whose stamps may leave holes
        assert all(mark in made_of for mark in range(first, scene.cells))


def test_cells_show_their_values_once_they_are_computed():
    run = cv.trace(cv.Network([cv.Conv(4, 3), cv.ReLU()]))
    scene = stack(run)
    assert scene.steps == 5
    assert scene.at(0).texts[16:24] == [str(run["conv1"].output.ravel()[0]).replace("-", "−"), *[""] * 7]
    assert scene.at(4).texts[20:24] == [str(v) for v in run.output.ravel()]


def test_a_link_without_a_source_leads_nowhere():
    relation = related([Link(np.array([2, 3]), np.array([[0, -1], [-1, -1]]))])
    assert relation.cone(2) == {0: 1} and relation.cone(3) == {} and relation.cone(1) == {}


def test_the_steps_of_a_picture_are_a_way_to_say_its_links():
    scene = cv.scene(cv.Conv(3, 2))
    assert {link.sources.shape[0] for link in of_steps(scene.tracks)} == {4}


class TestComposition:
    one = staticmethod(lambda: cv.scene(cv.Conv(4, 3)))

    @pytest.mark.parametrize("way", [beside, above])
    @pytest.mark.parametrize("joined", [False, True])
    def test_each_part_is_drawn_as_it_is_alone(self, way, joined):
        parts = [self.one(), cv.scene(cv.Conv(3, 2), view="isometric")]
        whole = way(*parts, joined=joined)
        assert whole.steps == (8 if joined else 4)
        for t in range(4):
            frame, first = whole.at(t), parts[0].at(t)
            assert frame.texts[: parts[0].cells] == first.texts
            assert frame.states[: parts[0].cells].tolist() == first.states.tolist()
            other, at = parts[1].at(t), whole.at(4 + t if joined else t)
            assert at.texts[parts[0].cells :] == other.texts
            assert at.states[parts[0].cells :].tolist() == other.states.tolist()
            assert [p is None for p in at.points[len(parts[0].shapes) :]] == [p is None for p in other.points]

    def test_the_parts_do_not_overlap(self):
        for way, axis in ((beside, 0), (above, 1)):
            whole, cut = way(self.one(), self.one()), self.one().cells
            low, high = whole.corners[:cut, :, axis].max(), whole.corners[cut:, :, axis].min()
            assert high > low

    def test_joined_scenes_say_one_sentence_after_the_other(self):
        one, other = self.one(), cv.scene(cv.MaxPool(4, 2))
        whole = beside(one, other, joined=True)
        said = [whole.sentence(t) for t in range(whole.steps)]
        assert said == [*(one.sentence(t) for t in range(4)), *(other.sentence(t) for t in range(4))]

    def test_aligned_scenes_have_equally_many_steps(self):
        with pytest.raises(ValueError, match="equally many"):
            beside(self.one(), cv.scene(cv.Conv(5, 3)))

    def test_events_of_both_parts_come_in_time(self):
        part = cv.scene(cv.ConvTranspose(2, 2), view="stamp")
        whole = above(part, part, joined=True)
        for t in range(4):
            assert whole.at(4 + t).texts[part.cells :] == part.at(t).texts

    def test_cones_stay_within_their_part(self):
        one = self.one()
        whole = beside(one, one)
        mark = one.cells - 1
        assert set(whole.cone(mark)) == set(one.cone(mark))
        assert set(whole.cone(mark + one.cells)) == {m + one.cells for m in one.cone(mark)}
