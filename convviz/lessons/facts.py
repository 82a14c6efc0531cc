"""The numbers that the words of a lesson may name, all computed from the taps of a layer or a stack."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from convviz.field import read_at_all
from convviz.layers import Layer
from convviz.network import Network


def facts(layer: Layer | Network) -> dict[str, Any]:
    """Numbers of a layer by short names, for the places in a lesson's text; sizes are those of the first axis.

    i, k, s, p, d, a, o: input, kernel, stride, padding (before), dilation, output_padding, output; span: cells that
    the dilated kernel spans; canvas: the padded (and spread) input; gap: zeros between neighbours of a transposed
    input; margin: padding around the spread input; steps: outputs; cells: kernel cells; weights, macs; unread: inputs
    never read; covered, idle: canvas columns, padding included, that some window reads, and that none does;
    exact: the size before rounding; least_reached, most_reached: the fewest and the most taps that reach an output.

    Of a network: i, o, layers, steps, inputs, weights, macs as above; field: inputs along the axis that one output of
    the last layer spans, by the formula; read: inputs that the output reads by which a picture shows the network;
    unread: inputs that no output of the last layer depends on.

    >>> from convviz.layers import Conv
    >>> f = facts(Conv(6, 3, stride=2))
    >>> f["o"], f["exact"], f["unread"]
    (2, '2.5', 11)
    >>> f = facts(Network([Conv((9,), 3, dilation=2), Conv((5,), 3, dilation=2)]))
    >>> f["field"], f["unread"]
    (9, 4)
    """
    if isinstance(layer, Network):
        return _network_facts(layer)
    taps = layer.taps
    axis = taps.axes[0]
    stride = getattr(layer, "stride", (1,))[0]
    dilation = getattr(layer, "dilation", (1,))[0]
    span = dilation * (axis.kernel_size - 1) + 1
    pads = getattr(layer, "pads", ((0, 0),))[0]
    room = axis.size + sum(pads) - span
    return {
        "i": axis.size,
        "k": axis.kernel_size,
        "s": stride,
        "p": pads[0],
        "d": dilation,
        "a": getattr(layer, "output_padding", (0,))[0],
        "o": axis.outputs,
        "span": span,
        "canvas": len(axis.canvas),
        "gap": axis.spacing - 1,
        "margin": axis.origin,
        "steps": taps.steps,
        "cells": prod(taps.kernel_shape),
        "inputs": prod(taps.input_shape),
        "weights": layer.parameters,
        "macs": layer.macs,
        "unread": int((taps.input_counts == 0).sum()),
        "covered": len(np.unique(axis.positions)),
        "idle": len(axis.canvas) - len(np.unique(axis.positions)),
        "exact": f"{room / stride + 1:g}",
        "least_reached": int(taps.output_counts.min()),
        "most_reached": int(taps.output_counts.max()),
    }


def spelled(value: Any) -> str:
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


def _network_facts(network: Network) -> dict[str, Any]:
    inputs = prod(network.input_size)
    return {
        "i": network.input_size[0],
        "o": network.output_size[0],
        "layers": len(network.layers),
        "steps": prod(network.output_size),
        "inputs": inputs,
        "weights": network.parameters,
        "macs": network.macs,
        "field": network.receptive_field()[0],
        "read": network.cells_read(),
        "unread": inputs - prod(int(row.sum()) for row in read_at_all(network.layers)),
    }
