"""The numbers that the words of a lesson may name, all computed from the taps of a layer or a stack."""

from __future__ import annotations

from functools import singledispatch
from math import prod
from typing import cast

import numpy as np

from convviz.alike import told
from convviz.field import read_at_all
from convviz.generalising import CLASSES, TRAINED, WAYS, features, measured
from convviz.gradients import DEPTHS, SEEDS
from convviz.layers import Layer
from convviz.layers.digit import HELD_OUT, Digit
from convviz.layers.learn import Learn
from convviz.layers.local import Local
from convviz.layers.misfit import Misfit
from convviz.layers.reader import CLASSES as DIGITS
from convviz.layers.reader import KERNEL, MAPS, POOL, SIZE
from convviz.lessons.calculator_facts import calculator_facts
from convviz.lessons.digit_facts import digit_facts, local_facts
from convviz.network import Gated, Network, Reading
from convviz.recognising import EPOCHS, LEARNED
from convviz.taps import BEYOND, PADDING, Taps

SEEN = 2**16
"""The most inputs of a network of which it is counted which of them are read."""


@singledispatch
def facts(shown: Layer | Network) -> dict[str, object]:
    """Numbers of a layer or a network by short names, for the places in a lesson's text; sizes along the first axis.

    i, k, s, p, d, a, o: input, kernel, stride, padding (before), dilation, output_padding, output; span: cells that
    the dilated kernel spans; canvas: the padded (and spread) input; gap: zeros between neighbours of a transposed
    input; margin: padding around the spread input; steps: outputs; cells: kernel cells; weights, macs; unread: inputs
    never read; covered, idle: canvas columns, padding included, that some window reads, and that none does;
    idle_cells: cells of padding that none covers; c, m, g: channels of the input, maps of the output, groups; each,
    others: channels that a map reads, and does not; more: see `pair_facts`, `pooling_facts`, `learn_facts`;
    exact: the size before rounding; least_reached, most_reached: the fewest and the most taps that reach an output.
    For a network see `network_facts`; for settings of their own `convviz.lessons.digit_facts`.

    >>> from convviz.layers import Conv
    >>> f = facts(Conv(6, 3, stride=2))
    >>> f["o"], f["exact"], f["unread"]
    (2, '2.5', 11)
    """
    layer = cast(Layer, shown)  # a network has a function of its own
    own: dict[str, object] = {
        "weights": layer.parameters,
        "macs": layer.macs,
        "c": layer.x_shape[0],
        "m": layer.out_channels,
    }
    each = max(layer.x_shape[0] // layer.groups, 1)
    own |= {"g": layer.groups, "each": each, "others": layer.x_shape[0] - each}
    own |= pair_facts(layer) | pooling_facts(layer) | learn_facts(layer)
    return _axis_facts(layer) | _taps_facts(layer.taps) | own


def _taps_facts(taps: Taps) -> dict[str, object]:
    """Counts of cells and taps, told from each axis by itself."""
    reached = [(int(axis.output_counts.min()), int(axis.output_counts.max())) for axis in taps.axes]
    return {
        "steps": taps.steps,
        "cells": prod(taps.kernel_shape),
        "inputs": prod(taps.input_shape),
        "unread": prod(taps.input_shape) - prod(int((axis.input_counts > 0).sum()) for axis in taps.axes),
        "idle_cells": _idle(taps),
        "least_reached": prod(least for least, _ in reached),
        "most_reached": prod(most for _, most in reached),
    }


def _idle(taps: Taps) -> int:
    """How many cells of padding no window covers, told from each axis by itself, as pictures may be large."""
    every, inside, covered, both = 1, 1, 1, 1
    for axis in taps.axes:
        kinds, read = axis.kinds, np.isin(np.arange(len(axis.canvas)), axis.positions)
        there, own = kinds != BEYOND, kinds != PADDING
        every, inside = every * int(there.sum()), inside * int((there & own).sum())
        covered, both = covered * int((there & read).sum()), both * int((there & own & read).sum())
    return (every - inside) - (covered - both)


def _axis_facts(layer: Layer) -> dict[str, object]:
    """Those of the first axis."""
    axis = layer.taps.axes[0]
    stride, dilation, pads = layer.stride[0], layer.dilation[0], layer.pads[0]
    covered = len(np.unique(axis.positions))
    room = axis.size + sum(pads) - layer.span[0]
    return {
        "i": axis.size,
        "k": axis.kernel_size,
        "s": stride,
        "p": pads[0],
        "d": dilation,
        "a": layer.extra[0],
        "o": axis.outputs,
        "span": layer.span[0],
        "canvas": len(axis.canvas),
        "gap": axis.spacing - 1,
        "margin": axis.origin,
        "covered": covered,
        "idle": len(axis.canvas) - covered,
        "exact": f"{room / stride + 1:g}",
    }


def pair_facts(layer: Layer) -> dict[str, object]:
    """What a depthwise convolution and a pointwise one after it cost in place of an ordinary one without groups.

    Told without making them, as facts are asked for at every turn; `convviz.network.separated` makes them.
    """
    if layer.weight_shape is None or not layer.shared or layer.spreads or layer.groups > 1:
        return {}
    first, second = layer.x_shape[0] * prod(layer.kernel_size), layer.x_shape[0] * layer.out_channels
    pair: dict[str, object] = {"first_weights": first, "second_weights": second, "pair_weights": first + second}
    return pair | {"pair_macs": prod(layer.output_size) * (first + second)}


def pooling_facts(layer: Layer) -> dict[str, object]:
    """What was measured of pooling, beside a layer that pools.

    plain_, pooled_: of the network on digits without pooling, and with it: features, dense weights, and of the digits
    held out those that are right at the end, in per cent; digits: how many they learn from; alike, shuffled: the
    correlation of neighbouring pixels of the photograph, and of its pixels shuffled.
    """
    if layer.weight_shape is not None or layer.enlarges or not layer.shared:
        return {}
    found: dict[str, object] = {"digits": TRAINED}
    for pooled, word in WAYS.items():
        held_out = measured()[pooled].held_out[-1].median
        found |= {f"{word}_features": features(pooled), f"{word}_dense": features(pooled) * CLASSES}
        found |= {f"{word}_held": f"{round(100 * held_out, 1):g}"}
    return found | dict(zip(("alike", "shuffled"), told(), strict=True))


def learn_facts(layer: object) -> dict[str, object]:
    """Of a kernel that is learned: rounds, how many training steps; percent: the learning rate, in percent of the
    edge; pairs: how many pictures."""
    if not isinstance(layer, Learn):
        return {}
    return {"rounds": layer.rounds, "percent": layer.learning_rate, "pairs": layer.pairs}


facts.register(Digit)(digit_facts)
facts.register(cast(type[Layer], Misfit))(lambda misfit: {"message": misfit.message})
facts.register(Local)(local_facts)


@facts.register
def network_facts(network: Network) -> dict[str, object]:
    """Numbers of a network: i, o, steps, inputs, weights, macs as of a layer, and layers, how many it has.

    least: the size of its smallest map; field: inputs along the axis that one output of the last layer spans, by the
    formula, and plain: the same at rate 1; read: inputs that the output reads by which a picture shows the network;
    unread: inputs that no output of the last layer depends on; k: the kernel size of its first layer.

    >>> from convviz.layers import Conv
    >>> f = facts(Network([Conv((9,), 3, dilation=2), Conv((5,), 3, dilation=2)]))
    >>> f["field"], f["unread"]
    (9, 4)

    Of any other graph, and of operations in a row, only those of `calculator_facts`, which a row of layers has too.
    """
    whole = calculator_facts(network)
    if not network.sequence or prod(network.input_size) > SEEN:
        return whole
    inputs = prod(network.input_size)
    return whole | {
        "i": network.input_size[0],
        "o": network.output_size[0],
        "k": getattr(network.layers[0], "kernel_size", (1,))[0],
        "layers": len(network.layers),
        "least": min(layer.output_size[0] for layer in network.layers),
        "steps": prod(network.output_size),
        "inputs": inputs,
        "weights": network.parameters,
        "macs": network.macs,
        "field": network.receptive_field()[0],
        "plain": _plain_field(network),
        "read": network.cells_read(),
        "unread": inputs - prod(int(row.sum()) for row in read_at_all(network.layers)),
    }


def _plain_field(network: Network) -> int:
    """The receptive field along the first axis of the same layers without dilation."""
    width, jump = 1, 1
    for layer in network.layers:
        width += (getattr(layer, "kernel_size", (1,))[0] - 1) * jump
        jump *= getattr(layer, "stride", (1,))[0]
    return width


@facts.register
def gated_facts(block: Gated) -> dict[str, object]:
    """Numbers of a gated block: those of each of its convolutions, but weights and macs of both; one: the weights of
    one of them; deepest: the most blocks that were measured on one another; seeds: how often.

    >>> from convviz.network import GatedConv
    >>> f = facts(GatedConv((8,), 3, padding="causal"))
    >>> f["weights"], f["one"], f["o"]
    (6, 3, 8)
    """
    each = facts(block.block.conv)
    own = {"weights": block.parameters, "macs": block.macs, "one": each["weights"]}
    return each | own | {"channels": block.block.in_channels, "deepest": DEPTHS[-1], "seeds": SEEDS}


@facts.register
def reading_facts(reader: Reading) -> dict[str, object]:
    """Numbers of the network that reads digits: i, k, pool: pixels a side, the kernel's and the pooling's window;
    maps, features, classes: how many maps, numbers of the row, and digits; dense: weights of the dense layer, without
    biases; map: the one that is followed; learned, held: digits that it learns from, and others; epochs: how often it
    sees them; weights, macs.

    >>> from convviz.layers.reader import DigitReader
    >>> from convviz.network import spelled
    >>> f = facts(spelled(DigitReader(3)))
    >>> f["features"], f["dense"], f["map"]
    (288, 2880, 3)
    """
    features = MAPS * (SIZE // POOL) ** 2
    own: dict[str, object] = {"i": SIZE, "k": KERNEL, "pool": POOL, "maps": MAPS, "classes": DIGITS}
    own |= {"features": features, "dense": features * DIGITS, "map": reader.block.map}
    own |= {"learned": LEARNED, "held": HELD_OUT, "epochs": EPOCHS}
    return own | {"weights": reader.parameters, "macs": reader.macs}


def spelled(value: object) -> str:
    """An argument over all axes, as people write it; a padding that differs before and after is a sum.

    >>> spelled((3, 3)), spelled((3, 2)), spelled(((1, 0), (1, 1)))
    ('3', '3×2', '1+0 × 1')
    """
    if not isinstance(value, tuple):
        return str(value)
    sides = [entry if isinstance(entry, tuple) else (entry,) for entry in value]
    entries = ["+".join(map(str, side if len(set(side)) > 1 else side[:1])) for side in sides]
    if len(set(entries)) == 1:
        return entries[0]
    return (" × " if any("+" in entry for entry in entries) else "×").join(entries)
