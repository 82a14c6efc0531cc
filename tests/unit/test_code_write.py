"""Networks as code: what is written is read back to the same network, and does in PyTorch what it does here."""

from __future__ import annotations

from dataclasses import replace

import depth
import numpy as np
import pytest
from depth import cases
from drawn import floats, layers
from graphs import random_network, weights_of
from hypothesis import given, settings
from hypothesis import strategies as st

import convviz as cv
from convviz.code import read, to_code
from convviz.known import KNOWN


def rounded_down(layer):
    """The size of a pooling's output without ceil_mode; None where it cannot be without."""
    try:
        return replace(layer, ceil_mode=False).output_size
    except cv.LayerError:
        return None


def settled(layer, given):
    """The layer with its padding in numbers, as code has it."""
    if layer.kind in ("conv", "tconv", "maxpool", "avgpool"):
        plain = {"padding": layer.pads}
        if layer.kind == "tconv":
            plain["output_padding"] = layer.extra
        if layer.kind == "avgpool" and isinstance(layer.padding, str):
            plain["count_include_pad"] = False
        if layer.kind == "avgpool" and not any(map(sum, layer.pads)):
            plain["count_include_pad"] = True
        if "pool" in layer.kind and rounded_down(layer) == layer.output_size:
            plain["ceil_mode"] = False
        if layer.kind == "conv" and not any(map(sum, layer.pads)):
            plain["padding_mode"] = "zeros"
        try:
            return replace(layer, **plain)
        except cv.LayerError:  # "same" may be wider than half a window
            same = replace(layer, padding="same")
            return same if same.pads == layer.pads else layer
    if layer.kind == "scale":
        return cv.Scale(float(layer.factor), float(layer.offset))
    if layer.kind == "reshape" and len(layer.shape) == 1:
        return cv.Flatten()
    return layer


def told(network):
    """What a network is, whatever its nodes are called, and however a row of numbers comes about."""
    shapes = {"x": network.x_shape} | {node.name: node.shape for node in network.nodes}
    found, passed = {}, {"x": "x"}
    for node in network.nodes:
        given = shapes[node.inputs[0]]
        if (node.layer.kind == "flatten") or (node.layer.kind == "reshape" and len(given) == len(node.shape) == 1):
            passed[node.name] = passed[node.inputs[0]]
            continue
        passed[node.name] = len(found)
        found[passed[node.name]] = settled(node.layer, given), [passed[name] for name in node.inputs]
    return network.x_shape, network.output_shape, list(found.values())


def without_statistics(network):
    """The network with normalisation as it is before anything is learned, which is all that code says."""
    nodes = {
        node.name: (cv.BatchNorm() if node.layer.kind == "batchnorm" else node.layer, list(node.inputs))
        for node in network.nodes
    }
    return cv.Network(nodes, network.x_shape)


def read_back(network, framework):
    """What is read of what is written; None for what the framework has no words for."""
    try:
        text = to_code(network, framework)
    except cv.LayerError as error:
        assert error.key == "code_unsaid"
        return None
    found = read(text)
    assert found.problems == (), f"{text}\n{found.problems[0].text()}"
    assert found.framework == framework
    return found.network


@settings(max_examples=cases(1000))
@given(layers(), st.sampled_from(["pytorch", "keras"]))
def test_a_layer_is_read_back_as_it_was_written(layer, framework):
    network = cv.Network([layer])
    if found := read_back(layer, framework):
        assert told(found) == told(network), to_code(layer, framework)


@pytest.mark.parametrize("seed", range(cases(200)))
@pytest.mark.parametrize("framework", ["pytorch", "keras"])
def test_a_graph_is_read_back_as_it_was_written(seed, framework):
    network = without_statistics(random_network(seed))
    if found := read_back(network, framework):
        assert told(found) == told(network), to_code(network, framework)


WITHOUT_WORDS = {("keras", "lenet5_1998")}
"""Its third layer reads some of the maps, which Keras has no layer for."""


@pytest.mark.parametrize("name", KNOWN)
def test_known_networks_are_written_and_read_back(name):
    network = cv.known(name)
    for framework in ("pytorch", "keras"):
        found = read_back(network, framework)
        if (framework, name) in WITHOUT_WORDS:
            assert found is None
        else:
            assert (found.parameters, found.macs) == (network.parameters, network.macs)
            assert told(found) == told(network)


def test_names_stay_where_code_can_have_them():
    network = cv.GatedConv((8,), 3, padding="causal", residual=True)
    for framework in ("pytorch", "keras"):
        assert [node.name for node in read(to_code(network, framework)).network.nodes] == [
            node.name for node in network.nodes
        ]
    odd = cv.Network({"class": (cv.Conv(5, 3), ["x"]), "a.b": (cv.ReLU(), ["class"]), "1": (cv.Tanh(), ["a.b"])})
    assert [node.name for node in read(to_code(odd)).network.nodes] == ["class_", "a_b", "layer_1"]


def test_what_a_framework_has_no_words_for_is_told_with_the_reason():
    with pytest.raises(cv.LayerError, match="flip: True - PyTorch has no words for this - try flip False"):
        to_code(cv.Conv(5, 3, flip=True))
    with pytest.raises(cv.LayerError, match="padding_mode: reflect - Keras has no words"):
        to_code(cv.Conv(5, 3, padding=1, padding_mode="reflect"), "keras")
    with pytest.raises(cv.LayerError, match="mean"):
        to_code(cv.Network([cv.BatchNorm(mean=2)], (1, 3, 3)))
    with pytest.raises(cv.LayerError, match="framework: jax - must be one of pytorch, keras"):
        to_code(cv.Conv(5, 3), "jax")


def test_the_code_of_a_layer_and_of_layers_in_a_row():
    assert to_code(cv.Conv(8, 3, 2, ((0, 1), (0, 1)), in_channels=3, bias=True)) == (
        "from torch import nn\n\n# input: (3, 8, 8)\nmodel = nn.Sequential(\n"
        "    nn.ZeroPad2d((0, 1, 0, 1)),\n    nn.Conv2d(3, 1, 3, stride=2),\n)"
    )
    assert to_code(cv.Conv(8, 3, 2, "same", bias=True), "keras") == (
        "import keras\nfrom keras import layers\n\nmodel = keras.Sequential([\n    keras.Input(shape=(8, 8, 1)),\n"
        '    layers.Conv2D(1, 3, strides=2, padding="same"),\n])'
    )


@pytest.fixture(scope="module")
def torch():
    return depth.torch()


def built(torch, network):
    """The module that the code makes; its weights are those given, in the order in which they are written."""
    text = to_code(network)
    names = {"torch": torch, "nn": torch.nn}
    code = text.partition("#")[0].strip() if "\n" not in text else text
    exec(f"from torch import nn\nmodel = {code}" if "\n" not in text else code, names)
    return names["model"] if "model" in names else names["Model"]()


def filled(torch, network, model, weights):
    """Give a module the weights of a network."""
    learning = [m for m in model.modules() if getattr(m, "weight", None) is not None]
    with torch.no_grad():
        for module, (weight, bias) in zip(learning, weights.values(), strict=True):
            module.weight.copy_(torch.tensor(weight))
            if bias is not None:
                module.bias.copy_(torch.tensor(bias))


def compare(torch, network, seed):
    x, weights = floats(network.x_shape, seed), weights_of(network, seed, floats)
    wanted = cv.trace(network, x, weights).output
    model = built(torch, network).double().eval()
    filled(torch, network, model, weights)
    with torch.no_grad():
        got = model(torch.tensor(x)[None])[0].numpy()
    assert got.shape == wanted.shape, to_code(network)
    np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-11, err_msg=to_code(network))


@pytest.mark.oracle
class TestAgainstTorch:
    @settings(max_examples=cases(1000))
    @given(layers(), st.integers(0, 10**6))
    def test_a_written_layer_computes_what_ours_does(self, torch, layer, seed):
        try:
            to_code(layer)
        except cv.LayerError as error:
            assert error.key == "code_unsaid"
            return
        compare(torch, cv.Network([layer]), seed)

    @pytest.mark.parametrize("seed", range(cases(200)))
    def test_a_written_graph_computes_what_ours_does(self, torch, seed):
        compare(torch, without_statistics(random_network(seed)), seed)
