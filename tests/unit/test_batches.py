"""Batches give what the engine gives for each of their inputs, forward and backward."""

from __future__ import annotations

import numpy as np
import pytest

import convviz as cv
from convviz.batches import Weights, backward, begun, forward
from convviz.recognising import NAMES, network, scoring
from convviz.training import slope

DEEP = cv.Network(
    [
        cv.Conv(9, 3, stride=2, padding=1, in_channels=2, out_channels=3, bias=True),
        cv.ReLU(),
        cv.MaxPool(5, 3, 2, padding=1, channels=3),
        cv.Conv(3, 2, padding="same", in_channels=3, out_channels=4, dilation=2, bias=True, padding_mode="circular"),
        cv.ReLU(),
        cv.AdaptiveMaxPool(3, 2, channels=4),
        cv.Flatten(),
        cv.Dense(16, 5),
        cv.Softmax(),
    ]
)
"""Layers one above another: strides, paddings, windows that overlap and that differ in size."""

NETWORKS = {name: network(name) for name in NAMES} | {"deep": DEEP}
each_network = pytest.mark.parametrize("net", NETWORKS.values(), ids=NETWORKS)


def drawn(net: cv.Network, count: int = 3) -> tuple[Weights, np.ndarray, np.ndarray]:
    """Weights with biases, inputs and an upstream gradient."""
    rng = np.random.default_rng(1)
    weights = {name: (weight, rng.standard_normal(bias.shape)) for name, (weight, bias) in begun(net, rng).items()}
    return weights, rng.standard_normal((count, *net.x_shape)), rng.standard_normal((count, *net.output_shape))


@each_network
def test_every_node_has_the_values_of_the_engine(net):
    weights, x, _ = drawn(net)
    passed = forward(net, weights, x)
    for number, one in enumerate(x):
        run = cv.trace(net, one, weights)
        for name, values in run.values.items():
            assert np.allclose(passed.values[name][number], values, rtol=1e-12, atol=1e-12)


@each_network
def test_gradients_are_the_sum_of_the_engine_s(net):
    weights, x, upstream = drawn(net)
    found = backward(net, weights, forward(net, weights, x), upstream)
    own = [cv.trace(net, one, weights).backward(above) for one, above in zip(x, upstream, strict=True)]
    assert found.keys() == weights.keys()
    for name, (weight, bias) in found.items():
        assert np.allclose(weight, sum(each[name].weight for each in own), rtol=1e-10, atol=1e-12)
        assert np.allclose(bias, sum(each[name].bias for each in own), rtol=1e-10, atol=1e-12)


@each_network
def test_gradients_are_those_of_finite_differences(net):
    weights, x, upstream = drawn(net)
    found = backward(net, weights, forward(net, weights, x), upstream)
    rng, step = np.random.default_rng(2), 1e-6
    for name, pair in weights.items():
        for which in (0, 1):
            way = rng.standard_normal(pair[which].shape)

            def loss(sign: int, name: str = name, which: int = which, way: np.ndarray = way) -> float:
                moved = list(weights[name])
                moved[which] = moved[which] + sign * step * way
                return float((forward(net, weights | {name: tuple(moved)}, x).output * upstream).sum())

            wanted = (loss(1) - loss(-1)) / (2 * step)
            assert (found[name][which] * way).sum() == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_the_slope_of_the_scores_is_what_the_engine_passes_through_its_softmax(name):
    net, label = network(name), 3
    weights, x, _ = drawn(net, 1)
    run = cv.trace(net, x[0], weights)
    above = np.zeros(10)
    above[label] = -1 / run.output[label]  # of the cross-entropy, -log p
    scores = forward(scoring(name), weights, x).output
    assert np.allclose(run.backward(above)[net.nodes[-1].name].x, slope(scores, np.array([label]))[0])


def test_what_it_does_not_know_is_refused_by_name():
    net = cv.Network([cv.AvgPool(4, 2), cv.Flatten()])
    with pytest.raises(ValueError, match="avgpool1"):
        forward(net, {}, np.ones((1, 1, 4, 4)))
    with pytest.raises(ValueError, match="conv1"):
        forward(cv.Network([cv.depthwise(4, 2)]), {}, np.ones((1, 3, 4, 4)))
