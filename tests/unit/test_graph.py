"""A network runs as its layers do one by one, and its gradients are those of finite differences and of PyTorch."""

from __future__ import annotations

from dataclasses import fields

import depth
import numpy as np
import pytest
from depth import cases
from drawn import arrays, floats, integers, layers
from graphs import SHAPES, clear, random_network, weights_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracles import regrouped

import convviz as cv
from convviz.layers import REGISTRY
from convviz.layers.elementwise import BatchNorm


def by_hand(network, x, weights):
    """Each node on what came before it: layers by their own trace, the others by NumPy."""
    found = {"x": x}
    for node in network.nodes:
        inputs = [found[name] for name in node.inputs]
        weight, bias = weights.get(node.name, (None, None))
        if node.has_taps:
            own = cv.trace(node.layer, inputs[0].reshape(node.layer.x_shape), weight, bias).output
        else:
            own = plainly(node.layer, inputs, weight, bias)
        found[node.name] = own
    return found[network.nodes[-1].name]


def plainly(layer, inputs, weight, bias):
    x = inputs[0]
    lie = [1] * (x.ndim - 1)
    match layer:
        case cv.ReLU():
            return np.maximum(x, 0)
        case cv.Sigmoid():
            return 1 / (1 + np.exp(-x.astype(float)))
        case cv.Tanh():
            return np.tanh(x.astype(float))
        case cv.Softmax():
            return np.exp(x.astype(float)) / np.exp(x.astype(float)).sum(axis=0)
        case cv.Scale():
            return x * layer.factor + layer.offset
        case cv.Add():
            return sum(inputs[1:], x)
        case cv.Multiply():
            return np.prod(np.stack(inputs), axis=0)
        case BatchNorm():
            normal = (x - layer.mean[0]) / np.sqrt(layer.variance[0] + layer.eps)
            return normal * weight.reshape(-1, *lie) + bias.reshape(-1, *lie)
        case cv.Concat():
            return np.concatenate(inputs)
        case cv.Select():
            return np.stack([x[c] for c in layer.channels])
        case cv.ChannelShuffle():
            return regrouped(x, layer.groups)
        case cv.Flatten():
            return x.ravel()
        case cv.Reshape():
            return x.reshape(layer.shape)
        case cv.Crop():
            starts = [(n - w) // 2 for n, w in zip(x.shape[1:], layer.size, strict=True)]
            return x[(slice(None), *[slice(a, a + w) for a, w in zip(starts, layer.size, strict=True)])]
    raise AssertionError(layer)


@settings(max_examples=cases(5_000))
@given(st.integers(0, 10**6))
def test_a_network_runs_as_its_layers_one_by_one(seed):
    network = random_network(seed)
    x, weights = floats(network.x_shape, seed), weights_of(network, seed, floats)
    run = cv.trace(network, x, weights)
    assert run.output.shape == network.output_shape
    np.testing.assert_allclose(run.output, by_hand(network, x, weights), rtol=1e-12, atol=1e-12)


def test_every_layer_and_every_operation_is_drawn():
    """So that what is compared here, with plain loops, finite differences and PyTorch, is all that there is."""
    drawn = {type(node.layer) for seed in range(40 * len(SHAPES)) for node in random_network(seed).nodes}
    public = {getattr(cv, name) for name in cv.__all__}
    assert drawn == set(REGISTRY) | {kind for kind in public if isinstance(kind, type) and hasattr(kind, "forward")}


@settings(max_examples=cases(500))
@given(st.integers(0, 10**6))
def test_whole_numbers_stay_exact_through_sums_and_products(seed):
    size, rng = (5,), np.random.default_rng(seed)
    conv = cv.Conv(size, 3, padding=1)
    nodes = {"a": (conv, "x"), "b": (conv, "x"), "p": (cv.Multiply(), ["a", "b"]), "s": (cv.Add(), ["p", "x", "p"])}
    x, huge = integers((1, 5), seed, "huge"), integers((1, 1, 3), seed + 1, "huge")
    run = cv.trace(cv.Network(nodes), x, {"a": huge, "b": huge})
    one = [sum(int(huge[0, 0, k]) * int(x[0, i + k - 1]) for k in range(3) if 0 <= i + k - 1 < 5) for i in range(5)]
    assert [int(v) for v in run.output[0]] == [2 * v * v + int(x[0, i]) for i, v in enumerate(one)]
    assert rng is not None


class TestBackward:
    @settings(max_examples=cases(300))
    @given(layers(), st.integers(0, 10**6))
    def test_of_a_layer_is_that_of_finite_differences(self, layer, seed):
        x, weight, bias = arrays(layer, seed, "float")
        x = apart(x.shape, seed) if layer.reduce == "max" else x
        trace = cv.trace(layer, x, weight, bias)
        upstream = floats(trace.output.shape, seed + 3)
        gradient = trace.backward(upstream)
        for field, array in (("x", x), ("weight", weight), ("bias", bias)):
            got = getattr(gradient, field)
            if array is None:
                assert got is None
                continue
            assert got.shape == array.shape

            def loss(changed, field=field):
                given = {"x": x, "weight": weight, "bias": bias} | {field: changed}
                return float((cv.trace(layer, **given).output * upstream).sum())

            close(got, differences(loss, array, seed))

    @settings(max_examples=cases(300))
    @given(st.integers(0, 10**6))
    def test_of_a_network_is_that_of_finite_differences(self, seed):
        network = random_network(seed)
        x, weights = floats(network.x_shape, seed), weights_of(network, seed, floats)
        run = cv.trace(network, x, weights)
        assume(clear(run))
        upstream = floats(run.output.shape, seed + 7)
        gradients = run.backward(upstream)
        close(
            gradients.x, differences(lambda v: float((cv.trace(network, v, weights).output * upstream).sum()), x, seed)
        )
        for name, pair in weights.items():
            for place, (field, array) in enumerate(zip(("weight", "bias"), pair, strict=True)):
                if array is None:
                    continue

                def loss(changed, name=name, place=place, pair=pair):
                    other = tuple(changed if n == place else value for n, value in enumerate(pair))
                    return float((cv.trace(network, x, weights | {name: other}).output * upstream).sum())

                close(getattr(gradients[name], field), differences(loss, array, seed))

    def test_of_equal_cells_the_first_gets_it_all(self):
        trace = cv.trace(cv.MaxPool((4,), 2), x=[[1, 1, 0, 0]])
        assert trace.backward([[5, 7]]).x.tolist() == [[5, 0, 7, 0]]

    @settings(max_examples=cases(300))
    @given(layers(), st.integers(0, 10**6))
    def test_of_whole_numbers_is_exact(self, layer, seed):
        """<upstream, layer(x)> is linear in the weight: its gradient times the weight is the whole, without a bias."""
        if layer.weight_shape is None:
            return
        x, weight, bias = arrays(layer, seed, "huge")
        trace = cv.trace(layer, x, weight, None if bias is None else bias * 0)
        upstream = integers(trace.output.shape, seed + 3)
        whole = sum(int(u) * int(o) for u, o in zip(upstream.flat, trace.output.flat, strict=True))
        gradient = trace.backward(upstream)
        assert sum(int(g) * int(w) for g, w in zip(gradient.weight.flat, weight.flat, strict=True)) == whole
        assert sum(int(g) * int(v) for g, v in zip(gradient.x.flat, x.flat, strict=True)) == whole

    def test_a_gradient_of_another_shape_is_refused(self):
        with pytest.raises(cv.LayerError, match="upstream"):
            cv.trace(cv.Conv(4, 3)).backward(np.ones((1, 3, 3)))
        with pytest.raises(cv.LayerError, match="upstream"):
            cv.trace(cv.Network([cv.Conv(4, 3)])).backward(np.ones(4))


def apart(shape, seed):
    """Floats of which no two are close."""
    return np.random.default_rng(seed).permutation(int(np.prod(shape))).reshape(shape) / 7


def close(got, wanted):
    """Equal but for 1e-6 of the largest entry; entries that were not looked at are not a number."""
    seen = ~np.isnan(wanted)
    scale = max(float(np.abs(wanted[seen]).max(initial=0)), 1.0)
    assert np.abs(got.astype(float)[seen] - wanted[seen]).max(initial=0) <= 1e-6 * scale


def differences(loss, array, seed, most=6):
    """Central differences at up to `most` entries, by Richardson's rule; nan elsewhere."""
    found = np.full(array.shape, np.nan)
    chosen = np.random.default_rng(seed).permutation(array.size)[:most]
    for place in chosen:
        slopes = []
        for step in (1e-5, 5e-6):
            ends = []
            for sign in (1, -1):
                moved = array.astype(float).copy()
                moved.flat[place] += sign * step
                ends.append(loss(moved))
            slopes.append((ends[0] - ends[1]) / (2 * step))
        found.flat[place] = (4 * slopes[1] - slopes[0]) / 3
    return found


@pytest.fixture(scope="module")
def torch():
    return depth.torch()


@pytest.mark.oracle
class TestAgainstAutograd:
    @settings(max_examples=cases(300))
    @given(layer=layers(), seed=st.integers(0, 10**6))
    def test_gradients_of_layers(self, torch, layer, seed):
        given_arrays = dict(zip(("x", "weight", "bias"), arrays(layer, seed, "float"), strict=True))
        trace = cv.trace(layer, **given_arrays)
        upstream = floats(trace.output.shape, seed + 3)
        leaves = {n: None if a is None else torch.tensor(a, requires_grad=True) for n, a in given_arrays.items()}
        output = layer_in_torch(torch, layer, **leaves)
        output.backward(torch.tensor(upstream))
        np.testing.assert_allclose(trace.output, output.detach().numpy(), rtol=1e-9, atol=1e-12)
        gradient = trace.backward(upstream)
        for field, leaf in leaves.items():
            if leaf is None:
                assert getattr(gradient, field) is None
            else:
                close(getattr(gradient, field), leaf.grad.numpy())

    @settings(max_examples=cases(300))
    @given(seed=st.integers(0, 10**6))
    def test_gradients_of_networks(self, torch, seed):
        network = random_network(seed)
        x, weights = floats(network.x_shape, seed), weights_of(network, seed, floats)
        run = cv.trace(network, x, weights)
        upstream = floats(run.output.shape, seed + 7)
        leaf = torch.tensor(x, requires_grad=True)
        learned = {
            name: tuple(None if a is None else torch.tensor(a, requires_grad=True) for a in pair)
            for name, pair in weights.items()
        }
        output = in_torch(torch, network, leaf, learned)
        output.backward(torch.tensor(upstream))
        np.testing.assert_allclose(run.output, output.detach().numpy(), rtol=1e-9, atol=1e-12)
        gradients = run.backward(upstream)
        close(gradients.x, leaf.grad.numpy())
        for name, pair in learned.items():
            for field, tensor in zip(("weight", "bias"), pair, strict=True):
                if tensor is not None:
                    close(getattr(gradients[name], field), tensor.grad.numpy())


def in_torch(torch, network, x, weights):
    """The network by torch.nn.functional."""
    found = {"x": x}
    for node in network.nodes:
        inputs = [found[name] for name in node.inputs]
        weight, bias = weights.get(node.name, (None, None))
        if node.has_taps:
            own = layer_in_torch(torch, node.layer, inputs[0].reshape(node.layer.x_shape), weight, bias)
        else:
            own = operation_in_torch(torch, node.layer, inputs, weight, bias)
        found[node.name] = own
    return found[network.nodes[-1].name]


TORCH_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def layer_in_torch(torch, layer, x, weight, bias):
    """A layer by torch.nn.functional: what is padded, turned or cropped in its own way there is so before or after."""
    f, dims = torch.nn.functional, len(layer.input_size)
    axes = tuple(range(-dims, 0))
    if weight is not None and getattr(layer, "flip", False):
        weight = weight.flip(axes)
    match layer:
        case cv.Dense():
            return f.linear(x, weight, bias)
        case cv.Conv():
            wide = padded(f, x, layer.pads, mode=TORCH_MODES[layer.padding_mode])
            return getattr(f, f"conv{dims}d")(wide, weight, bias, layer.stride, 0, layer.dilation, layer.groups)[0]
        case cv.ConvTranspose():
            stamp = getattr(f, f"conv_transpose{dims}d")
            whole = stamp(x[None], weight, None, layer.stride, 0, 0, layer.groups, layer.dilation)[0]
            whole = padded(f, whole, [(0, extra) for extra in layer.extra])[0]
            sides = zip(layer.pads, whole.shape[1:], strict=True)
            cut = whole[(slice(None), *(slice(before, size - after) for (before, after), size in sides))]
            return cut if bias is None else cut + bias.reshape(-1, *[1] * dims)
        case cv.MaxPool():
            wide = padded(f, x, hanging(layer), value=-np.inf)
            return getattr(f, f"max_pool{dims}d")(wide, layer.kernel_size, layer.stride, 0, layer.dilation)[0]
        case cv.AvgPool():
            mean, ones = getattr(f, f"avg_pool{dims}d"), torch.ones_like(x)
            counts = layer.count_include_pad and not isinstance(layer.padding, str)
            ones = padded(f, ones, hanging(layer), layer.pads if counts else ())
            window = (layer.kernel_size, layer.stride)
            return (mean(padded(f, x, hanging(layer)), *window) / mean(ones, *window))[0]
        case cv.AdaptiveMaxPool() | cv.AdaptiveAvgPool():
            reduced = "max" if isinstance(layer, cv.AdaptiveMaxPool) else "avg"
            return getattr(f, f"adaptive_{reduced}_pool{dims}d")(x[None], layer.output_size)[0]
        case cv.Upsample():
            mode = ("linear", "bilinear", "trilinear")[dims - 1] if layer.mode == "bilinear" else layer.mode
            corners = None if layer.mode == "nearest" else False
            return f.interpolate(x[None], scale_factor=layer.scale_factor, mode=mode, align_corners=corners)[0]
        case cv.PixelShuffle():
            return f.pixel_shuffle(x[None], layer.upscale_factor)[0]
    raise AssertionError(layer)


def hanging(layer):
    """The padding of a pooling up to the end of its last window: in cells, or, below 0, without those never read."""
    axes = zip(layer.input_size, layer.output_size, layer.stride, layer.span, layer.pads, strict=True)
    return [(before, (o - 1) * s + e - i - before) for i, o, s, e, (before, _) in axes]


def padded(f, x, pads, counted=(), mode="constant", value=0.0):
    """(channels, ...) with a batch of one and cells around it; counted: how many of these are 1."""
    if counted:
        x = f.pad(x, [n for pair in reversed(counted) for n in pair], value=1.0)
        pads = [(b - c, a - e) for (b, a), (c, e) in zip(pads, counted, strict=True)]
    sides = [n for pair in reversed(pads) for n in pair]
    return f.pad(x[None], sides, mode, value) if any(sides) else x[None]


def operation_in_torch(torch, layer, inputs, weight, bias):
    x = inputs[0]
    lie = [1] * (x.ndim - 1)
    match layer:
        case cv.ReLU() | cv.Sigmoid() | cv.Tanh():
            return getattr(torch, layer.kind)(x)
        case cv.Softmax():
            return torch.softmax(x, 0)
        case cv.Scale():
            return x * layer.factor + layer.offset
        case cv.Add():
            return torch.stack(inputs).sum(0)
        case cv.Multiply():
            return torch.stack(inputs).prod(0)
        case BatchNorm():
            normal = (x - layer.mean[0]) / (layer.variance[0] + layer.eps) ** 0.5
            return normal * weight.reshape(-1, *lie) + bias.reshape(-1, *lie)
        case cv.Concat():
            return torch.cat(inputs)
        case cv.Select():
            return x[list(layer.channels)]
        case cv.ChannelShuffle():
            return torch.nn.ChannelShuffle(layer.groups)(x.reshape(1, len(x), -1))[0].reshape(x.shape)
        case cv.Flatten():
            return x.reshape(-1)
        case cv.Reshape():
            return x.reshape(layer.shape)
        case cv.Crop():
            starts = [(n - w) // 2 for n, w in zip(x.shape[1:], layer.size, strict=True)]
            return x[(slice(None), *[slice(a, a + w) for a, w in zip(starts, layer.size, strict=True)])]
    raise AssertionError(layer)


class TestSpelling:
    def test_a_sequence_and_its_graph_are_one(self):
        one, two = cv.Conv(6, 3), cv.MaxPool(4, 2)
        assert cv.Network([one, two]) == cv.Network({"conv1": (one, ["x"]), "maxpool2": (two, ["conv1"])})

    def test_nodes_may_be_named_in_any_order(self):
        nodes = {"sum": (cv.Add(), ["a", "x"]), "a": (cv.Conv(5, 3, padding=1), ["x"])}
        assert [node.name for node in cv.Network(nodes).nodes] == ["a", "sum"]

    def test_a_sequence_in_a_sequence_is_one_sequence(self):
        network = cv.Network([cv.separable(5, 3), cv.Conv(3, 3, in_channels=4)])
        assert [node.name for node in network.nodes] == ["conv1", "conv2", "conv3"]

    def test_a_network_in_a_graph_is_known_by_its_own_name(self):
        block = cv.GatedConv((6,), 3, padding="same")
        network = cv.Network({"one": (block, "x"), "two": (block, "one")})
        assert [node.name for node in network.nodes][-1] == "two"
        assert cv.trace(network)["one"].shape == (1, 6)

    def test_a_node_is_found_by_its_name_or_its_place(self):
        run = cv.trace(cv.Network([cv.Conv(6, 3), cv.ReLU()]))
        assert run[0] is run["conv1"] and run[-1] is run["relu2"]

    @pytest.mark.parametrize(
        ("nodes", "says"),
        [
            ({}, "one or more layers"),
            ([], "one or more layers"),
            ({"a": cv.ReLU()}, "a node is"),
            ({"x": (cv.ReLU(), ["x"])}, "the name x"),
            ({"a": (cv.Conv(5, 3), ["y"])}, "nothing here has that name - try x"),
            ({"a": (cv.Conv(5, 3), ["x"]), "b": (cv.Conv(5, 3), ["x"])}, "one output"),
            ({"a": (cv.Add(), ["x", "b"]), "b": (cv.Add(), ["x", "a"]), "c": (cv.Add(), ["a", "b"])}, "circle"),
            ([cv.ReLU()], "no layer says the size"),
            ({"a": (cv.Conv(5, 3), ["x"]), "b": (cv.Add(), ["x", "a"])}, "same shape"),
            ({"a": (cv.Conv(5, 3), ["x"]), "b": (cv.Add(), ["a"])}, "takes 2"),
            ({"a": (cv.Conv(5, 3), ["x", "x"])}, "takes 1"),
            ([cv.Conv(5, 3), cv.Reshape((2, 3))], "holds 6 values, but is given 9"),
            ([cv.Conv(5, 3), cv.Crop(4)], "try size"),
            ([cv.Conv(5, 3, out_channels=6), cv.ChannelShuffle(4)], "must divide 6 channels - try groups 3"),
            ([cv.Conv(5, 3), cv.Select(1)], "the input has 1 channel, numbered"),
            ([cv.Conv(5, 3), cv.Conv], "one or more layers"),
            ([cv.Conv(5, 3), cv.ReLU], "one or more layers"),
        ],
    )
    def test_an_invalid_network_says_why(self, nodes, says):
        with pytest.raises(cv.LayerError, match=says):
            cv.Network(nodes)

    @pytest.mark.parametrize("weights", [{"b": 1}, [1, 2], {7: 1}, 5])
    def test_weights_for_layers_without_weights_are_refused(self, weights):
        with pytest.raises(cv.LayerError, match="weights"):
            cv.trace(cv.Network([cv.Conv(5, 3), cv.ReLU()]), weights=weights)

    def test_a_residual_names_the_padding_with_which_shapes_match(self):
        with pytest.raises(cv.LayerError, match="try padding same") as caught:
            cv.GatedConv(5, 3, residual=True)
        assert cv.GatedConv(5, 3, residual=True, **caught.value.fix).output_size == (5, 5)

    def test_operations_are_frozen(self):
        for operation in (cv.ReLU(), cv.Scale(2), cv.Crop(3), cv.BatchNorm()):
            assert operation == type(operation)(**{f.name: getattr(operation, f.name) for f in fields(operation)})


class TestReach:
    def test_the_stack_of_the_literature(self):
        """Araujo, Norris, Sim, Distill 2019: kernel 7, stride 2; pooling by 2; and both again, over 384 cells."""
        layers_ = [cv.Conv(384, 7, 2, "same"), cv.MaxPool(192, 2), cv.Conv(96, 7, 2, "same"), cv.MaxPool(48, 2)]
        row = cv.Network(layers_).summary()[-1]
        assert (row.receptive_field, row.jump, row.padding, row.centre) == ((41, 41), (16, 16), (10, 10), (10, 10))

    def test_where_branches_meet_the_field_is_around_both(self):
        nodes = {"a": (cv.Conv((9,), 3, padding=1), "x"), "b": (cv.Conv((9,), 5, padding=2), "a")}
        network = cv.Network(nodes | {"sum": (cv.Add(), ["x", "b"])})
        assert network.receptive_field() == (7,)
