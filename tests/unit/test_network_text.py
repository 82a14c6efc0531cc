"""A network's text says all of it: its layers, what each reads, the shape of the input. Nothing else is such a text."""

from __future__ import annotations

import string

import numpy as np
import pytest
from depth import cases
from graphs import activation, random_network, same
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.graph import INPUT
from convviz.known import KNOWN
from convviz.layers.operations import NAMES, OPERATIONS, operation_to_text
from convviz.lessons import LESSONS
from convviz.network import LAYERS, PARTS, refuse_unreadable, stack_from_text, stack_to_text
from convviz.page.link import from_query


def graph(network):
    """What a network is but for the names of its nodes."""
    places = {INPUT: 0} | {node.name: n for n, node in enumerate(network.nodes, start=1)}
    layers = [("crop", node.shape) if isinstance(node.layer, cv.Crop) else node.layer for node in network.nodes]
    reads = [tuple(places[name] for name in node.inputs) for node in network.nodes]
    return network.x_shape, list(zip(layers, reads, [node.shape for node in network.nodes], strict=True))


def branching(seed):
    """A graph whose nodes read any nodes before them; what nothing reads is joined at the end."""
    rng = np.random.default_rng(seed)
    size = tuple(int(n) for n in rng.integers(3, 7, rng.integers(1, 4)))
    shapes = {INPUT: (int(rng.integers(1, 5)), *size)}
    nodes = {}

    def add(layer, reads):
        name = f"n{len(nodes)}"
        given = [shapes[one] for one in reads]
        shapes[name] = layer.y_shape if hasattr(layer, "y_shape") else layer.output_shape(*given)
        nodes[name] = (layer, reads)

    for _ in range(int(rng.integers(1, 12))):
        names = list(shapes)
        one = names[rng.integers(len(names))]
        alike = [name for name in names if shapes[name] == shapes[one]]
        several = [alike[n] for n in rng.integers(len(alike), size=int(rng.integers(2, 4)))]
        match rng.integers(6):
            case 0 | 1:
                add(same(rng, shapes[one][0], size, int(rng.integers(1, 5))), [one])
            case 2:
                add((cv.Add(), cv.Multiply())[rng.integers(2)], several)
            case 3:
                add(cv.Concat(), [names[n] for n in rng.integers(len(names), size=2)])
            case 4:
                chosen = rng.permutation(shapes[one][0])[: int(rng.integers(1, 9))]
                add(cv.Select([int(n) for n in chosen]), [one])
            case _:
                add(activation(rng), [one])
    read = {name for _, reads in nodes.values() for name in reads}
    loose = [name for name in nodes if name not in read]
    if len(loose) > 1:
        add(cv.Concat(), loose)
    return cv.Network(nodes, input_shape=shapes[INPUT])


@settings(max_examples=cases(500), deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_a_text_stands_for_just_its_network(seed, branches):
    network = (branching if branches else random_network)(seed)
    text = stack_to_text(network)
    found = stack_from_text(text)
    if not hasattr(found, "nodes"):  # a network of one layer has the layer's text
        assert (found,) == network.layers
        return
    assert graph(found) == graph(network)
    assert stack_to_text(found) == text
    refuse_unreadable(text)


@settings(max_examples=cases(500), deadline=None)
@given(st.integers(0, 10**6))
def test_a_text_needs_no_escaping_in_a_link(seed):
    assert set(stack_to_text(branching(seed))) <= set(string.ascii_lowercase + string.digits + "-._~@")


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_network_is_told_by_its_name(name):
    found = stack_from_text(name)
    assert graph(found) == graph(cv.known(name))
    assert stack_to_text(found) == name


@pytest.mark.parametrize("text", ["resnet50-i112", "resnet50-i64x96", "unet-i188", "dcgan-i2"])
def test_and_by_the_size_of_its_input_if_that_is_another(text):
    assert stack_to_text(stack_from_text(text)) == text


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_changed_in_a_known_network_is_still_told_in_a_link(name):
    """Its layers are written out, at most LAYERS with taps and PARTS in all."""
    net = cv.known(name)
    plain = cv.Network({node.name: (node.layer, node.inputs) for node in net.nodes}, input_shape=net.x_shape)
    assert graph(stack_from_text(stack_to_text(plain))) == graph(net)


TEXTS = {
    "conv2d-i8-k3~relu~maxpool2d-i6-k2": "a row with an operation in it",
    "conv2d-i5-k3-p1~add@0.1": "a residual",
    "conv1d-i9-k3-psame~conv1d-i9-k3-psame@0~sigmoid~multiply@1.3": "a gate",
    "x-s4x8x8~select-c0.2~relu": "what takes its shape from its input",
    "conv2d-i4-k1-o4~pixelshuffle2d-i4": "a layer that is rearranging",
    "conv2d-i4-k3~bn~flatten~dense-i4-o3~softmax": "a small network",
    "x-s1x6~scale-f0.5-on2~tanh": "numbers with a point and a minus",
    "x-s8x4x4~reshape-s2x64~crop-s32": "other shapes",
    "x-s6x4~channelshuffle-g3~relu": "groups",
}


@pytest.mark.parametrize("text", TEXTS, ids=TEXTS.values())
def test_texts_as_they_are_written(text):
    assert stack_to_text(stack_from_text(text)) == text


def test_x_is_the_input_too():
    assert stack_to_text(stack_from_text("conv2d-i5-k3-p1~add@x.1")) == "conv2d-i5-k3-p1~add@0.1"


def test_every_operation_has_a_text():
    public = {getattr(cv, name) for name in cv.__all__}
    operations = {kind for kind in public if isinstance(kind, type) and hasattr(kind, "output_shape")}
    assert {kind for kind in operations if hasattr(kind, "forward")} == set(OPERATIONS)
    assert {kind.kind for kind in OPERATIONS} <= NAMES.keys()


@settings(max_examples=cases(500))
@given(
    st.one_of(st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False)),
    st.one_of(st.integers(-9, 9), st.floats(-1e-300, 1e300)),
)
def test_the_numbers_of_a_scale_are_told_to_the_last_digit(factor, offset):
    text = f"x-s1x5~{operation_to_text(cv.Scale(factor, offset))}"
    (found,) = stack_from_text(text).layers
    assert found == cv.Scale(factor, offset)
    assert type(found.factor) is type(factor)


WRONG = {
    "relu": "conv2d",  # alone it has no size
    "conv2d-i5-k3~rellu": "conv2d-i5-k3~relu",
    "conv2d-i5-k3~relu@2": "conv2d-i5-k3~relu",
    "conv2d-i5-k3~relu@9": "conv2d-i5-k3~relu",
    "conv2d-i5-k3~relu@": "conv2d-i5-k3~relu",
    "conv2d-i5-k3~relu@-1": "conv2d-i5-k3~relu",
    "conv2d-i5-k3~relu@1.y": "conv2d-i5-k3~relu",
    "conv2d-i5-k3~relu@1@1": "conv2d-i5-k3~relu",
    "conv2d-i5-k3~relu-f2": "conv2d-i5-k3",
    "conv2d-i5-k3~scale-finf": "conv2d-i5-k3",
    "conv2d-i5-k3~scale-f-2": "conv2d-i5-k3",
    "conv2d-i5-k3~select-c5.2": "conv2d-i5-k3",
    "conv2d-i5-k3~select-c0.99999999": "conv2d-i5-k3",
    "conv2d-i5-k3~crop": "conv2d-i5-k3",
    "x-s1x5": "conv2d",
    "conv2d-i5-k3~x-s1x3x3~relu": "conv2d",
    "resnet5": "resnet50",
    "vgg-16": "vgg16",
    "resnet50-k3": "resnet50",
    "unet-i100": "188",
    "unet-i0": "1",
    "lenet5-i28": "32",
    "resnet50~relu": "conv2d",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_read_is_told_what_can(text):
    with pytest.raises(cv.LayerError, match=f" - try .*{WRONG[text]}") as caught:
        stack_from_text(text)
    assert stack_from_text(caught.value.fix["layer"]).layers


@pytest.mark.parametrize(
    "text",
    [
        "conv2d-i5-k3~add@0.1",
        "conv2d-i5-k3-p1~conv2d-i5-k3-p1@0~add",
        "conv2d-i5-k3~conv2d-i5-k3@0",
        "x-s1x5~select-c4",
    ],
)
def test_a_graph_that_cannot_be_is_refused(text):
    with pytest.raises(cv.LayerError):
        stack_from_text(text)


def test_there_is_a_most_of_layers_and_of_parts():
    one = "conv2d-i5-k1"
    assert len(stack_from_text("~".join([one, "relu"] * LAYERS)).layers) == 2 * LAYERS
    for text in ("~".join([one, "relu"] * (LAYERS + 1)), "~".join([one] + ["relu"] * PARTS), "~" * 10**6):
        with pytest.raises(cv.LayerError):
            stack_from_text(text)


PIECES = st.sampled_from(
    (
        "conv2d-i5-k3-p1",
        "~",
        "@",
        "0",
        ".",
        "1",
        "x",
        "relu",
        "add",
        "x-s1x5x5",
        "select-c",
        "resnet50",
        "-i",
        "scale-f",
        "n",
    )
)


@settings(max_examples=cases(1000), deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=12).map("".join), st.text(alphabet="adrelux-~@.0123is", max_size=40)))
def test_chance_texts_are_networks_or_are_refused(text):
    try:
        found = stack_from_text(text)
    except cv.LayerError as error:
        assert "\n" not in str(error)
        return
    assert stack_to_text(stack_from_text(stack_to_text(found))) == stack_to_text(found)


FOREIGN = ("vgg16", "resnet50", "lenet5", "conv2d-i5-k3-p1~relu~conv2d-i5-k3-p1", "conv2d-i5-k3-p1~add@0.1")


@pytest.mark.parametrize("lesson", [name for name in LESSONS if name != "receptive"])
@pytest.mark.parametrize("text", FOREIGN)
def test_other_lessons_refuse_such_networks(lesson, text):
    _, wrong = from_query({"v": "1", "layer": text}, lesson)
    assert [error.key for error in wrong] == ["lesson_kind"]
