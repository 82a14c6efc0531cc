"""What one output sees is counted as plain matrices count it, whatever branches, and lies where the sizes say."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest
from depth import cases
from graphs import random_network
from test_network_text import branching

import convviz as cv
from convviz.field import followed
from convviz.graph import INPUT
from convviz.reaching import LARGEST, seen


def size(shape):
    return shape[1:] or shape


def matrix(node, below):
    """(cells of the node, cells of its input): how many taps join them, as whole numbers of any size."""
    layer = node.layer
    if not node.has_taps:
        if not isinstance(layer, cv.Crop):
            return np.eye(int(np.prod(below)), dtype=object)
        every = np.arange(int(np.prod(below))).reshape(below)
        kept = layer.forward(every[None])[0].ravel()
        return np.eye(every.size, dtype=object)[kept]
    if not layer.shared:
        return np.ones((layer.out_features, int(np.prod(below))), dtype=object)
    return reduce(np.kron, [axis.matrix.astype(object) for axis in layer.taps.axes])


def counted(network, name, place):
    """The same by plain matrices, in Python's integers."""
    shapes = {INPUT: network.x_shape} | {node.name: node.shape for node in network.nodes}
    found = {name: np.zeros(size(shapes[name]), dtype=object)}
    found[name][place] = 1
    for node in reversed(network.nodes):
        if node.name not in found:
            continue
        for number, below in enumerate(node.inputs):
            part = down(node, number, found[node.name], [shapes[one] for one in node.inputs])
            found[below] = found.get(below, 0) + part
    return found


def down(node, number, above, shapes):
    shape = shapes[number]
    if isinstance(node.layer, cv.Flatten | cv.Reshape):
        moved = np.broadcast_to(above, node.shape).ravel().reshape(shape)
        return moved if len(shape) == 1 else moved.max(axis=0)
    if len(node.shape) == 1 and isinstance(node.layer, cv.Select | cv.Concat | cv.ChannelShuffle):
        numbers = [np.arange(shape[0]) if n == number else np.full(one[0], -1) for n, one in enumerate(shapes)]
        came = node.layer.forward(*numbers)
        part = np.zeros(shape, dtype=object)
        for cell, source in enumerate(came):
            part[source] += above[cell] if source >= 0 else 0
        return part
    return (matrix(node, size(shape)).T @ above.ravel()).reshape(size(shape))


@pytest.mark.parametrize("seed", range(cases(400)))
def test_it_is_what_plain_matrices_count(seed):
    network = (branching if seed % 2 else random_network)(seed)
    rng = np.random.default_rng(seed)
    node = network.nodes[int(rng.integers(len(network.nodes)))] if seed % 3 else network.nodes[-1]
    place = tuple(int(rng.integers(n)) for n in size(node.shape))
    found, wanted = seen(network, node.name, place), counted(network, node.name, place)
    assert found.exact
    assert found.keys() == wanted.keys()
    for name, table in wanted.items():
        assert found[name].shape == table.shape
        assert found[name].astype(object).tolist() == table.tolist()


def ones(network):
    """Weights of 1 for all layers that have some."""
    return {node.name: np.ones(node.layer.weight_shape, dtype=int) for node in network.nodes if node.parameters}


@pytest.mark.parametrize("seed", range(cases(200)))
def test_it_is_what_an_output_becomes_where_one_input_is_1_and_so_are_all_weights(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 8))
    modes = ("zeros", "replicate", "circular", "reflect")
    one = cv.Conv(n, 3, padding=1, padding_mode=modes[seed % 4])
    other = cv.Conv(n, 3, padding=2, dilation=2)
    up = cv.ConvTranspose(n, 3, 2, 1, output_padding=1)
    nodes = {"a": (one, "x"), "b": (other, ["a"]), "sum": (cv.Add(), ["x", "a", "b"]), "up": (up, "sum")}
    network = cv.Network(nodes | {"skip": (cv.Crop(n), "up"), "end": (cv.Add(), ["skip", "x"])})
    place = tuple(int(k) for k in rng.integers(n, size=2))
    wanted = np.zeros((n, n), dtype=int)
    for cell in np.ndindex(n, n):
        x = np.zeros((1, n, n), dtype=int)
        x[0][cell] = 1
        wanted[cell] = cv.output(network, x, ones(network))[0][place]
    assert seen(network, place=place)["x"].tolist() == wanted.tolist()


def test_of_a_row_of_layers_it_is_the_product_of_its_axes():
    network = cv.Network([cv.Conv((9, 11), 3, padding=1), cv.MaxPool((9, 11), 2), cv.ConvTranspose((4, 5), 4, 2, 1)])
    found = seen(network, place=(3, 4))
    for table, axes in zip(
        [found["x"], *(found[node.name] for node in network.nodes)], followed(network.layers, (3, 4)), strict=True
    ):
        assert table.tolist() == np.multiply.outer(*axes).tolist()


@pytest.mark.parametrize("seed", range(cases(200)))
def test_the_field_is_what_the_outputs_of_a_period_see_away_from_borders(seed):
    """Of graphs whose branches have strides, or enlarge what others made smaller."""
    rng = np.random.default_rng(seed)
    n = 360
    k, d, wide, up = (int(rng.integers(1, 5)) for _ in range(4))
    down = cv.Conv((n,), up + 1, up, padding=((0, 3 * up),))
    nodes = {"stem": (cv.Conv((n,), k, padding="same", dilation=d), "x"), "down": (down, "stem")}
    small = down.output_size[0]
    nodes["mid"] = (cv.Conv((small,), wide, padding="same"), "down")
    tall = cv.ConvTranspose((small,), wide + 1, up)
    nodes |= {"up": (tall, "mid"), "fit": (cv.Crop(n), "up"), "sum": (cv.Concat(), ["fit", "stem"])}
    nodes["end"] = (cv.Conv((n,), 2, padding="same", in_channels=2), "sum")
    network = cv.Network(nodes)
    told = {row.name: row for row in network.summary()}
    for name in ("down", "mid", "up", "sum", "end"):
        count = told[name].output_size[0]
        spans = [seen(network, name, place).span()[0] for place in range(count // 2 - up, count // 2 + up)]
        assert told[name].receptive_field == (max(last - first + 1 for first, last in spans),)


@pytest.mark.parametrize(
    ("name", "node"), [("vgg16", "maxpool31"), ("resnet50", "stage1.3"), ("mobilenet_v1", "conv22")]
)
def test_of_known_networks_the_field_is_as_published_away_from_borders(name, node):
    network = cv.known(name)
    row = next(row for row in network.summary() if row.name == node)
    assert tuple(last - first + 1 for first, last in seen(network, node).span()) == row.receptive_field


@pytest.mark.parametrize("seed", range(0, cases(200), 2))
def test_a_graph_reads_the_cells_to_which_there_are_paths(seed):
    network = branching(seed)
    place = tuple(n - 1 for n in network.output_size)
    wanted = counted(network, network.nodes[-1].name, place)[INPUT]
    assert network.cells_read(place) == int(np.count_nonzero(wanted))
    assert network.cells_read() > 0


def test_unets_outputs_see_up_to_204_pixels_each_its_own_way():
    network = cv.known("unet")
    spans = [seen(network, place=(n, n)).span()[0] for n in range(190, 206)]
    assert {last - first + 1 for first, last in spans} >= {188, 204}
    assert network.receptive_field() == (204, 204)


def test_counts_beyond_2_to_the_53rd_are_as_exact_as_they_say():
    network = cv.Network([cv.Conv((40,), 7, padding="same")] * 30)
    found, wanted = seen(network), counted(network, network.nodes[-1].name, (20,))
    assert not found.exact
    assert 0 < found.error < 1e-12
    for name, table in wanted.items():
        for count, exact in zip(found[name], table, strict=True):
            assert abs(int(count) - exact) <= found.error * exact


def test_numbers_too_large_for_floats_are_told_as_powers_of_two():
    block = {f"n{n}": (cv.Add(), ["x" if n == 0 else f"n{n - 1}"] * 2) for n in range(1300)}
    found = seen(cv.Network(block, input_shape=(1, 2)), place=(1,))
    assert LARGEST == 2.0**600
    assert found["x"].tolist() == [0, 2.0**100] and found.scales["x"] == 1200
    assert found.shares().tolist() == [0, 1]


@pytest.mark.parametrize(("node", "place"), [("y", None), (None, (9, 9)), (None, (0,)), (None, -1), ("conv1", "x")])
def test_what_is_not_there_is_refused(node, place):
    with pytest.raises(cv.LayerError):
        seen(cv.Network([cv.Conv(5, 3)]), node, place)


def test_a_network_of_too_many_cells_is_refused_before_any_array_is_made():
    with pytest.raises(cv.LayerError, match="at most"):
        seen(cv.known("resnet50", 10**9))
