"""What each output of a graph sees along an axis is what a row of layers tells of itself."""

from __future__ import annotations

from depth import cases
from stacks import stack

import convviz as cv
from convviz.field import PLACES, Reach
from convviz.graph import settled
from convviz.phases import phases


def test_of_a_row_of_layers_each_place_sees_what_its_chains_reach():
    for number in range(cases(1000)):
        layers = list(stack(number, dense=False).layers)
        nodes, shape = settled(layers)
        found = phases(nodes, shape)
        if found is None:
            continue
        for axis in range(len(layers[0].input_size)):
            reach = Reach(layers, axis)
            for depth, node in enumerate(nodes, start=1):
                one = found[node.name][axis]
                assert [one.at(place) for place in range(one.size)] == [reach.ends(depth, n) for n in range(one.size)]
                assert one.field == reach.width(depth)


def test_it_is_not_told_for_a_period_that_is_too_long():
    layers, size = [], (2,)
    for _ in range(6):
        layers.append(cv.ConvTranspose(size, 5, stride=3))
        size = layers[-1].output_size
    assert PLACES < 3**6
    assert phases(*settled(layers)) is None
    assert cv.Network({"n": (cv.Network(layers), "x"), "e": (cv.Add(), ["n", "n"])}).receptive_field() >= (2,)


def test_it_is_not_told_where_branches_are_not_equally_far_apart():
    nodes = {
        "fine": (cv.ConvTranspose((4,), 2, 2), "x"),
        "wide": (cv.Conv((4,), 1, padding=((2, 2),)), "x"),
        "sum": (cv.Add(), ["fine", "wide"]),
    }
    network = cv.Network(nodes)
    assert phases(network.nodes, network.x_shape) is None
    assert network.receptive_field()[0] >= 1


def test_after_a_crop_the_first_output_sees_what_the_first_that_is_left_saw():
    network = cv.Network({"up": (cv.ConvTranspose((6,), 2, 2), "x"), "cut": (cv.Crop(4), "up")})
    assert [row.centre for row in network.summary()] == [(0,), (2,)]
    assert [row.padding for row in network.summary()] == [(0,), (-2,)]
