"""What a challenge asks of a setting: numbers that the engine computes, and whether they are what is wanted."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import reduce
from math import prod
from typing import NamedTuple, cast

import numpy as np

from convviz.field import read_at_all
from convviz.layers import Layer, is_layer
from convviz.layers.learn import Learn
from convviz.learning import descend
from convviz.lessons.lesson import Challenge, Goal
from convviz.network import Network, block_of, stack_of
from convviz.run import Run
from convviz.taps import after
from convviz.trace import Trace

Measure = int | float | tuple[int, ...] | None

Shown = Layer | Network | Run | Trace
"""What a goal is asked of: a setting, or what it has made of its values."""
"""A number, or one for each axis; None where a setting has no such number."""

SIGNS: dict[str, Callable[[float, float], bool]] = {"=": operator.eq, "≤": operator.le, "≥": operator.ge}
"""How a number is compared with what is wanted."""


class Judged(NamedTuple):
    """A goal in a setting: the number that is now, the one that is wanted, and whether it is met."""

    now: Measure
    wanted: Measure
    met: bool


def _conv(shown: Layer | Network) -> Layer | None:
    """The layer that is shown, or each of the two of a gated block; None for a stack of several."""
    block = block_of(shown)
    if block is not None:
        return block.conv
    stack = stack_of(shown)
    if stack is None:
        return cast(Layer, shown)
    return stack.layers[0] if len(stack.layers) == 1 else None


def _own(name: str) -> Callable[[Layer | Network], Measure]:
    """What a single layer has along its axes, or by itself."""

    def measured(shown: Layer | Network) -> Measure:
        layer = _conv(shown)
        found: Measure = getattr(layer, name, None)
        return found

    return measured


def _layers(shown: Layer | Network) -> list[Layer]:
    layer = _conv(shown)
    return [layer] if layer is not None else list(shown.layers)


def unread(shown: Layer | Network) -> int:
    """How many inputs no output reads."""
    rows = read_at_all(_layers(shown))
    return prod(len(row) for row in rows) - prod(int(row.sum()) for row in rows)


def overlap(layer: Layer) -> tuple[int, int]:
    """The fewest and the most products that an output of a transposed layer sums, away from the edges.

    A kernel cell t reaches every output whose place, less t times the dilation, is a multiple of the stride; so the
    outputs are of as many kinds as the stride has steps, along each axis.

    >>> from convviz.layers import ConvTranspose
    >>> overlap(ConvTranspose(4, 3, stride=2)), overlap(ConvTranspose(4, 4, stride=2))
    ((1, 4), (4, 4))
    """
    kinds = [
        np.bincount(np.arange(k) * d % s, minlength=s)
        for k, d, s in zip(layer.kernel_size, layer.dilation, layer.stride, strict=True)
    ]
    return prod(int(kind.min()) for kind in kinds), prod(int(kind.max()) for kind in kinds)


def _overlap(which: int) -> Callable[[Layer | Network], Measure]:
    def measured(shown: Layer | Network) -> Measure:
        layer = _conv(shown)
        return overlap(layer)[which] if layer is not None and layer.enlarges else None

    return measured


def field(shown: Layer | Network) -> tuple[int, ...] | None:
    """How many inputs one output sees along each axis, borders ignored; None of what does not fit."""
    stack = stack_of(shown)
    if stack is None and not is_layer(shown):
        return None
    return (Network(_layers(shown)) if stack is None or block_of(shown) else stack).receptive_field()


def gaps(shown: Layer | Network) -> int | None:
    """How many inputs of its field an output does not read along an axis, borders ignored; the most of all axes.

    >>> from convviz.network import stacked
    >>> gaps(stacked(3, (2, 2, 2))), gaps(stacked(3, (1, 2, 5)))
    (6, 0)
    """
    layers = _layers(shown)
    if any(layer.enlarges or not layer.shared for layer in layers):
        return None
    missed = []
    for axis in range(len(layers[0].input_size)):
        read = {0}
        for layer in reversed(layers):
            steps = [layer.dilation[axis] * tap for tap in range(layer.kernel_size[axis])]
            read = {place * layer.stride[axis] + step for place in read for step in steps}
        missed.append(max(read) - min(read) + 1 - len(read))
    return max(missed)


def future(shown: Layer | Network) -> int | None:
    """How many inputs after its own position an output reads, at most; None where positions are not kept."""
    layers = _layers(shown)
    if any(layer.enlarges or not layer.shared for layer in layers):
        return None
    most = 0
    for axis in range(len(layers[0].input_size)):
        read = reduce(after, [layer.taps.axes[axis].matrix for layer in layers]) > 0
        stride = prod(layer.stride[axis] for layer in layers)
        own = np.arange(len(read))[:, None] * stride
        later = read & (np.arange(read.shape[1])[None, :] > own)
        most = max(most, int(later.sum(axis=1).max()))
    return most


def carried(shown: Layer | Network) -> int:
    """How many outputs the input is added to, as it is."""
    block = block_of(shown)
    return prod(shown.output_size) if block is not None and block.residual else 0


def each(shown: Layer | Network) -> int | None:
    """How many channels of the input one map reads."""
    layer = _conv(shown)
    return None if layer is None else max(layer.x_shape[0] // layer.groups, 1)


def shiftable(shown: Layer | Network) -> int | None:
    """How many outputs of a pooling a circular shift along the last axis can change: those that do not see all inputs
    along it. What they see then holds other values; the same ones in another order have the same maximum and mean.

    >>> from convviz.layers import MaxPool
    >>> shiftable(MaxPool((8,), 2)), shiftable(MaxPool((7,), 7))
    (4, 0)
    """
    layer = _conv(shown)
    if layer is None or layer.weight_shape or layer.enlarges or not layer.shared:
        return None
    axis = layer.taps.axes[-1]
    seen = [len({*row.tolist()} - {-1}) for row in axis.sources]
    return sum(count < axis.size for count in seen) * prod(layer.output_size[:-1])


def kernels(shown: Layer | Network) -> int | None:
    """How many kernels a layer has for each map; None for what is no single layer, or has no weights.

    >>> from convviz.layers.local import Local
    >>> kernels(Local(8, 3, share=3))
    4
    """
    layer = _conv(shown)
    shape = layer and layer.weight_shape
    return shape[0] // layer.out_channels if layer and shape else None


def told(shown: Shown) -> int | None:
    """Which class has the largest output; None where there are no values."""
    return int(shown.output.argmax()) if isinstance(shown, Run) else None


def sure(shown: Shown) -> int | None:
    """The largest output, a probability, in whole per cent; None where there are no values."""
    return int(100 * shown.output.max()) if isinstance(shown, Run) else None


def left(shown: Shown) -> float | None:
    """How much of the loss is left when a kernel has been learned, in percent; None where none is.

    >>> from convviz.layers.learn import Learn
    >>> from convviz.trace import trace
    >>> left(trace(Learn(5, 3)))
    4.8
    """
    if not isinstance(shown, Trace) or not isinstance(shown.layer, Learn):
        return None
    losses = descend(shown).losses
    return round(100 * float(losses[-1] / losses[0]), 1) if losses[0] else 0


OF_VALUES = {"told": told, "sure": sure, "left": left}
"""What can be asked of the values that are shown, and not of a setting alone."""

MEASURES: dict[str, Callable[..., Measure]] = {
    "input": lambda shown: shown.input_size,
    "output": lambda shown: shown.output_size,
    "kernel": _own("kernel_size"),
    "stride": _own("stride"),
    "dilation": _own("dilation"),
    "channels": _own("in_channels"),
    "maps": _own("out_channels"),
    "weights": lambda shown: getattr(shown, "parameters", None),
    "parameters": lambda shown: getattr(shown, "parameters", None),
    "macs": lambda shown: getattr(shown, "macs", None),
    "each": each,
    "unread": unread,
    "overlap_least": _overlap(0),
    "overlap_most": _overlap(1),
    "field": field,
    "gaps": gaps,
    "future": future,
    "carried": carried,
    "shiftable": shiftable,
    "kernels": kernels,
    "rounds": _own("rounds"),
    "outputs": lambda shown: prod(shown.output_size),
    **OF_VALUES,
}
"""What can be asked of a setting, by name."""


def judged(shown: Shown, goal: Goal) -> Judged:
    """A goal in a setting, or of its values. Where each axis has a number of its own, all of them have to be as wanted.

    >>> from convviz.layers import Conv
    >>> judged(Conv(12, 3, stride=2, padding=1), Goal("output", "=", 6))
    Judged(now=(6, 6), wanted=6, met=True)
    """
    if isinstance(shown, Trace) and goal.measure not in OF_VALUES:
        shown = shown.layer
    now = MEASURES[goal.measure](shown)
    wanted = MEASURES[goal.wanted](shown) if isinstance(goal.wanted, str) else goal.wanted
    if now is None or wanted is None:
        return Judged(now, wanted, False)
    many = now if isinstance(now, tuple) else (now,)
    wants = wanted if isinstance(wanted, tuple) else (wanted,) * len(many)
    met = len(many) == len(wants) and all(SIGNS[goal.sign](one, other) for one, other in zip(many, wants, strict=True))
    return Judged(now, wanted, met)


def solved(shown: Shown, challenge: Challenge) -> bool:
    """Whether a setting has all that a challenge asks for."""
    return all(judged(shown, goal).met for goal in challenge.goals)
