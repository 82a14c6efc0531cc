"""Random networks for the tests: sequences, gates, residuals, branches that are added or joined."""

from __future__ import annotations

import numpy as np

import convviz as cv

SHAPES = ("sequence", "gate", "residual", "added", "joined", "nested")


def same(rng, channels, size, out=None):
    """A convolution that keeps the size."""
    dims = len(size)
    kernel = tuple(int(k) for k in rng.integers(1, 4, dims))
    return cv.Conv(
        size,
        kernel,
        padding="same",
        dilation=tuple(int(d) for d in rng.integers(1, 3, dims)),
        in_channels=channels,
        out_channels=out or channels,
        bias=bool(rng.integers(2)),
    )


def activation(rng):
    """Some operation that keeps the shape."""
    choices = [cv.ReLU(), cv.Sigmoid(), cv.Tanh(), cv.Softmax(), cv.BatchNorm(mean=0.5, variance=2.0)]
    choices += [cv.Scale(int(rng.integers(1, 4)), int(rng.integers(-2, 3)))]
    return choices[rng.integers(len(choices))]


def windowed(rng, channels, size):
    """Some layer with a window that fits, and changes the size."""
    kernel = tuple(int(rng.integers(1, n + 1)) if n < 3 else int(rng.integers(1, 4)) for n in size)
    stride = tuple(int(s) for s in rng.integers(1, 3, len(size)))
    which = rng.integers(7)
    if which == 0:
        return cv.Conv(size, kernel, stride, in_channels=channels, out_channels=int(rng.integers(1, 5)), bias=True)
    if which == 1:
        return cv.ConvTranspose(size, kernel, stride, in_channels=channels, out_channels=int(rng.integers(1, 3)))
    if which in (5, 6) and len(size) == 2 and rng.random() < 0.6:
        factor = 1 if channels % 4 else 2
        return cv.PixelShuffle(size, factor, channels // factor**2)
    if which == 6:
        pool = (cv.AdaptiveMaxPool, cv.AdaptiveAvgPool)[rng.integers(2)]
        return pool(size, tuple(int(rng.integers(1, n + 1)) for n in size), channels)
    if which >= 4:
        return cv.Upsample(size, stride, ("nearest", "bilinear")[rng.integers(2)], channels)
    pool = cv.MaxPool if which == 2 else cv.AvgPool
    return pool(size, kernel, stride, channels=channels)


def random_network(seed):
    """A network of one of SHAPES, in one or two dimensions, with one to three channels."""
    rng = np.random.default_rng(seed)
    shape = SHAPES[seed % len(SHAPES)]
    channels = int(rng.integers(1, 4))
    size = tuple(int(n) for n in rng.integers(3, 7, rng.integers(1, 3)))
    if shape == "sequence":
        return _sequence(rng, channels, size)
    if shape == "gate":
        return cv.GatedConv(size, 3, channels, channels, residual=bool(rng.integers(2)), padding="same", bias=True)
    one, other = same(rng, channels, size), same(rng, channels, size)
    if shape == "residual":
        return cv.Network(
            {"a": (one, "x"), "t": (activation(rng), "a"), "b": (other, "t"), "sum": (cv.Add(), ["x", "b"])}
        )
    if shape == "added":
        return cv.Network(
            {"a": (one, "x"), "b": (other, "x"), "sum": (cv.Add(), ["a", "b"]), "t": (activation(rng), "sum")}
        )
    if shape == "joined":
        nodes = {"b": (cv.MaxPool(size, 1, channels=channels), "x"), "a": (one, "x"), "both": (cv.Concat(), ["a", "b"])}
        nodes |= {"some": (cv.Select(range(channels)), "both"), "flat": (cv.Flatten(), "some")}
        features = channels * int(np.prod(size))
        return cv.Network(nodes | {"scores": (cv.Dense(features, 4), "flat"), "end": (cv.Softmax(), "scores")})
    block = cv.Network({"a": (one, "x"), "sum": (cv.Add(), ["x", "a"])})
    return cv.Network([block, activation(rng), same(rng, channels, size), block, cv.Crop(tuple(n - 1 for n in size))])


def _sequence(rng, channels, size):
    layers, shape = [], (channels, *size)
    for _ in range(rng.integers(1, 5)):
        chosen = rng.integers(7)
        if chosen == 6:
            groups = [n for n in range(1, shape[0] + 1) if shape[0] % n == 0]
            layers.append(cv.ChannelShuffle(groups[rng.integers(len(groups))]))
        elif chosen == 0 and len(shape) > 2:
            layers.append(cv.Reshape((shape[0], int(np.prod(shape[1:])))))
        else:
            layers.append(windowed(rng, shape[0], shape[1:]) if chosen < 4 else activation(rng))
        shape = cv.Network(layers, input_shape=(channels, *size)).output_shape
    return cv.Network(layers, input_shape=(channels, *size))


def clear(run, margin=2e-3):
    """Whether no value of a run is close to a bend: a ReLU's zero, or two cells that compete for a maximum."""
    for node in run.nodes:
        if node.layer.kind == "relu" and np.abs(run.values[node.inputs[0]]).min() < margin:
            return False
        if node.layer.kind in ("maxpool", "adaptivemaxpool"):
            trace = run[node.name]
            ordered = np.sort(np.where(trace.layer.takes_part(), trace.windows, -np.inf), axis=-1)
            if ordered.shape[-1] > 1 and (ordered[..., -1] - ordered[..., -2]).min() < margin:
                return False
    return True


def weights_of(network, seed, make):
    """Weights, and biases where there are some, for every node that learns; make(shape, seed) makes an array."""
    found = {}
    for n, node in enumerate(network.nodes):
        if not node.parameters:
            continue
        if node.has_taps:
            bias = make((node.shape[0],), seed + 3 * n + 2) if node.layer.bias else None
            found[node.name] = (make(node.layer.weight_shape, seed + 3 * n + 1), bias)
        else:
            found[node.name] = (make((node.shape[0],), seed + 3 * n + 1), make((node.shape[0],), seed + 3 * n + 2))
    return found
