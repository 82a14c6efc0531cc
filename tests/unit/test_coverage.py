"""The picture of a stack: one output, the cells that it reads a layer deeper at each step, and what is said of them."""

from __future__ import annotations

import json
import re
from math import prod

import numpy as np
import pytest
from depth import cases
from stacks import stack

import convviz as cv
from convviz.field import followable, followed
from convviz.lessons.facts import facts
from convviz.network import LAYERS, stack_from_text, stack_to_text
from convviz.player.wire import wire
from convviz.scene.roles import ROLES
from convviz.text import LANGUAGES

ALONE = (
    "conv1d-i1-k2-d2-p1~conv1d-i1-k1",
    "conv1d-i3-k2-d5-psame~conv1d-i3-k1",
    "conv2d-i3-k3~conv2d-i1-k2-s2-p1-d2",
)
"""Stacks whose middle output reads padding alone."""


def told(scene, step):
    """The numbers that a step's sentence may name."""
    return {name: column[step] for name, column in scene.sentences.columns.items()}


def numbers(text):
    return [int(n) for n in re.findall(r"\d+", text)]


@pytest.mark.parametrize("text", ALONE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_output_that_sees_padding_alone_reads_0_cells(text, language):
    network = stack_from_text(text)
    scene = cv.scene(network, language=language)
    last = told(scene, scene.steps - 1)
    assert (last["count"], network.cells_read()) == (0, 0)
    assert last["field"] == " × ".join(map(str, network.receptive_field()))
    assert numbers(scene.sentence(scene.steps - 1))[-1] == 0
    assert not any(scene.track["window"].marks[-1] >= 0)
    json.dumps(wire(scene))


def test_where_another_output_reads_an_input_it_is_followed():
    network = stack_from_text("tconv1d-i2-k1-s2~conv1d-i3-k1")
    scene = cv.scene(network)
    assert told(scene, 1)["count"] == network.cells_read() == 1
    assert scene.track["current"].marks[0, 0] in (scene.cells - 3, scene.cells - 1)  # the middle one reads a zero


def test_causal_layers_are_shown_by_an_output_that_sees_its_whole_field():
    network = cv.Network([cv.Conv((4,), 2, padding="causal", dilation=d) for d in (1, 2)])
    scene = cv.scene(network)
    assert scene.sentence(1) == "Layers passed: 2. Receptive field of this output: 4. Cells read: 4."


def test_where_the_border_cuts_every_field_the_sentence_says_so():
    scene = cv.scene(cv.Network([cv.Conv((3,), 3, padding=1)] * 2))
    assert scene.sentence(1) == (
        "Layers passed: 2. Receptive field of this output: 5. The border cuts it: the output sees 3 of 5, "
        "and the rest lies beyond the border. Cells read: 3."
    )


def test_gaps_are_counted_inside_the_field():
    scene = cv.scene(stack_from_text("conv2d-i13-k3-d2~conv2d-i9-k3-d2~conv2d-i5-k3-d2"))
    assert [told(scene, 2)[name] for name in ("field", "count", "missed")] == ["13 × 13", 49, 120]
    assert scene.sentence(2).endswith("Cells inside the field that are never used: 120.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_any_stack_each_step_shows_and_says_what_the_taps_read(language):
    for number in range(cases(2000)):
        network = stack(number)
        scene = cv.scene(network, language=language)
        lines = followed(network.layers, followable(network.layers))[::-1][1:]
        for step, line in enumerate(lines):
            said, cells = told(scene, step), scene.track["window"].marks[step]
            read = prod(int(np.count_nonzero(row)) for row in line)
            assert said["count"] == np.count_nonzero(cells >= 0) == read
            assert all(scene.roles[cells[cells >= 0]] == ROLES.index("heat"))
            width, field = int(said["area"]), prod(numbers(said["field"]))
            assert width == field >= said["inside"] >= said["missed"] >= 0
            assert read <= field
            shown = numbers(scene.sentence(step))
            assert shown[0] == step + 1 and read in shown
            assert ("border" in scene.sentence(step)) == (bool(read) and said["inside"] < field) or language != "en"
        assert scene.steps == len(network.layers) == len(set(map(scene.sentence, range(scene.steps))))


def test_facts_of_any_stack_can_be_computed():
    for number in range(cases(2000)):
        network = stack(number)
        found = facts(network)
        assert found["read"] == network.cells_read()
        assert 0 <= found["unread"] <= found["inputs"] - found["read"]
        assert found["field"] == network.receptive_field()[0]
        for layer in network.layers:
            assert facts(layer)["steps"] == prod(layer.output_size)


def test_a_stack_may_stand_in_a_stack():
    parts = cv.separable(5, 3)
    above = cv.Conv(3, 3, in_channels=4)
    network = cv.Network([parts, above])
    assert network.layers == (*parts.layers, above)
    assert cv.Network([cv.Network([network]), cv.Conv(1, 1)]).layers == (*network.layers, cv.Conv(1, 1))
    assert cv.scene(network).steps == 3
    with pytest.raises(cv.LayerError, match="layer 3 takes"):
        cv.Network([parts, cv.Conv(9, 3)])


def test_as_many_layers_as_a_link_holds_stand_in_rows_that_can_be_seen():
    network = cv.Network([cv.Conv(13, 3, padding=1)] * LAYERS)
    assert stack_from_text(stack_to_text(network)) == network
    scene = cv.scene(network)
    left, top, right, bottom = scene.bounds
    assert scene.steps == LAYERS and max(right - left, bottom - top) < 40 * 13
    corners = [grid.outline for grid in scene.grids]
    assert len({(round(float(c[0, 0]), 3), round(float(c[0, 1]), 3)) for c in corners}) == LAYERS + 1


def test_stacks_deeper_than_a_link_holds_are_drawn_from_python():
    layers = [cv.Conv((4,), 3, padding=1), cv.ConvTranspose((4,), 3, padding=1)] * 150
    scene = cv.scene(cv.Network(layers))
    assert scene.steps == 300 and told(scene, 299)["count"] == 4
