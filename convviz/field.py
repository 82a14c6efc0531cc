"""What an output of a stack sees: its receptive field by the formula, and the cells that it reads by its taps.

The field is told from sizes alone, borders ignored, as the literature's formula has it (Araujo et al., "Computing
receptive fields of convolutional neural networks", Distill 2019). The cells read follow the taps, and are fewer where
padding takes the place of inputs. Both work one axis at a time: a stack's taps are the product of its axes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain, takewhile
from math import gcd

import numpy as np
from numpy.typing import NDArray

from convviz.layers import Layer
from convviz.layers.adaptive import widest
from convviz.taps import Axis, Ints

PLACES = 512
"""The most outputs sampled for the widest field: the pattern is periodic. For longer periods `_widest` is a bound."""

Ends = tuple[int, int] | None
"""The first and the last input that an output depends on; None if it has no tap at all."""


class Reach:
    """How far the outputs of a stack's layers reach along one axis of its input, borders ignored.

    After a transposed convolution what an output sees depends on its place, and repeats with a period: `periods`, after
    so many layers. `steps`: how far apart in the input two outputs a period apart stand.

    >>> from convviz.layers import Conv, ConvTranspose
    >>> reach = Reach([ConvTranspose((4,), 3, stride=2), Conv((9,), 2)], 0)
    >>> reach.periods, reach.ends(1, 0), reach.ends(1, 1), reach.width(2)
    ([1, 2, 2], (-1, 0), (0, 0), 2)
    """

    def __init__(self, layers: Sequence[Layer], axis: int) -> None:
        self.axis = axis
        self.layers = list(takewhile(lambda layer: layer.shared, layers))
        self.last = [layer.output_size[axis] for layer in self.layers]
        dense = len(self.layers) < len(layers)
        self.inputs = self.layers[0].input_size[axis] if self.layers else layers[0].input_size[axis]
        self.periods, self.steps = [1], [1]
        for layer in self.layers:
            period, step, (outputs, inputs) = self.periods[-1], self.steps[-1], layer.repeats[axis]
            shared = gcd(period, inputs)
            self.periods.append(outputs * period // shared)
            self.steps.append(step * inputs // shared)
        self._known: dict[tuple[int, int], Ends] = {}
        self.all = self._all() if dense else None

    def ends(self, depth: int, output: int) -> Ends:
        """The first and last input that an output of the layer `depth` (1: the first) reaches."""
        if depth == 0:
            return output, output
        if depth > len(self.layers):  # a dense layer sees all, and what comes after it sees no more
            return self.all
        turns, place = divmod(output, self.periods[depth])
        if (depth, place) not in self._known:
            self._follow(depth, place)
        ends, moved = self._known[depth, place], turns * self.steps[depth]
        return ends and (ends[0] + moved, ends[1] + moved)

    def _follow(self, depth: int, place: int) -> None:
        """Store the ends of an output and of everything it reads, layer by layer: recursion would be too deep."""
        wanted = [{place}]
        for level in range(depth - 1, 0, -1):
            read = {cell % self.periods[level] for above in wanted[-1] for cell in self._read(level + 1, above)}
            wanted.append({cell for cell in read if (level, cell) not in self._known})
        for level, places in enumerate(reversed(wanted), start=1):
            for cell in places:
                self._known[level, cell] = _around(self.ends(level - 1, below) for below in self._read(level, cell))

    def width(self, depth: int) -> int:
        """How many inputs the widest field of a layer's outputs has, from its first to its last."""
        if depth > len(self.layers):
            return _width(self.all)
        if self.periods[depth] > PLACES:
            return _widest(self.layers[:depth], self.axis)
        places = min(self.periods[depth], self.last[depth - 1])
        return max(_width(self.ends(depth, place)) for place in range(places))

    def _read(self, depth: int, output: int) -> Iterable[int]:
        """The cells of the layer's own input that decide how far an output reaches."""
        layer, period = self.layers[depth - 1], self.periods[depth - 1]
        s, d = layer.stride[self.axis], layer.dilation[self.axis]
        if layer.enlarges:
            k = (layer.span[self.axis] - 1) // d + 1  # the cells that one input reaches
            reached = (output + layer.pads[self.axis][0] - d * tap for tap in _outer(k, period * s))
            return (place // s for place in reached if place % s == 0)
        first, span = layer.window(self.axis, output)
        return (first + d * tap for tap in _outer((span - 1) // d + 1, period))

    def _all(self) -> Ends:
        """What all outputs of the last layer before a dense one reach together."""
        depth = len(self.layers)
        count = self.last[-1] if self.layers else self.inputs
        return _around(self.ends(depth, output) for output in _outer(count, self.periods[depth]))


def _outer(count: int, period: int) -> Iterable[int]:
    """The first and the last `period` of so many numbers: what lies between reaches no farther than these."""
    return range(count) if count <= 2 * period else chain(range(period), range(count - period, count))


def _around(found: Iterable[Ends]) -> Ends:
    """The first and last of all."""
    pairs = [ends for ends in found if ends]
    return (min(first for first, _ in pairs), max(last for _, last in pairs)) if pairs else None


def _width(ends: Ends) -> int:
    return ends[1] - ends[0] + 1 if ends else 0


def _widest(layers: Sequence[Layer], axis: int) -> int:
    """An upper bound for the field of any output, without following its cells."""
    width = 1
    for layer in reversed(layers):
        s, span = layer.stride[axis], layer.span[axis]
        if layer.adapts:
            width = widest(layer.input_size[axis], layer.output_size[axis], width)
        else:
            width = (width + span - 2) // s + 1 if layer.enlarges else (width - 1) * s + span
    return width


def fields(layers: Sequence[Layer]) -> list[tuple[tuple[int, ...], tuple[Fraction, ...]]]:
    """For each layer of a stack: its receptive field and its jump, an entry an axis of the stack's input.

    >>> from convviz.layers import Conv
    >>> fields([Conv((9,), 3, stride=2), Conv((4,), 3)])[-1]
    ((7,), (Fraction(2, 1),))
    """
    reaches = [Reach(layers, axis) for axis in range(len(layers[0].input_size))]
    shared = len(reaches[0].layers)
    copied = [_copied(layers[:shared], axis) for axis in range(len(reaches))]
    told = []
    for depth in range(1, len(layers) + 1):
        known = min(depth, shared)  # a dense layer leaves the jump as it is
        jump = tuple(Fraction(reach.steps[known], reach.periods[known]) for reach in reaches)
        read = [most[min(depth - 1, shared)] if most else 0 for most in copied]
        told.append((tuple(max(reach.width(depth), least) for reach, least in zip(reaches, read, strict=True)), jump))
    return told


COPIES = 2**22
"""The most table cells followed where padding copies cells; for larger stacks only the formula is used."""


def _copied(layers: Sequence[Layer], axis: int) -> list[int]:
    """The most inputs that any output reads, after each layer and by all outputs of the last together.

    Told only where padding copies what a transposed convolution gives: behind the copy at a border there may be an
    input, where by the formula, which goes on beyond the border, a zero stands that was inserted. Else empty.
    """
    spread = [layer.enlarges for layer in layers]
    copies = [layer.padding_mode != "zeros" and any(layer.pads[axis]) for layer in layers]
    if not any(copy and any(spread[:n]) for n, copy in enumerate(copies)):
        return []
    size = layers[0].input_size[axis]
    if size * max(layer.output_size[axis] * layer.kernel_size[axis] for layer in layers) > COPIES:
        return []
    read: NDArray[np.bool_] = np.eye(size, dtype=np.bool_)
    most = []
    for layer in layers:
        sources = layer.taps.axes[axis].sources
        read = np.asarray((read[sources] & (sources >= 0)[..., None]).any(axis=1))
        most.append(int(read.sum(axis=1).max()))
    return [*most, int(read.any(axis=0).sum())]


def followed(layers: Sequence[Layer], output: tuple[int, ...]) -> list[list[Ints]]:
    """How many chains of taps lead from each cell to one output of a stack, for each axis: in the input, and after
    every layer. Cells with 0 are not read.

    >>> from convviz.layers import Conv
    >>> [axes[0].tolist() for axes in followed([Conv((5,), 3, padding=1), Conv((5,), 3)], (0,))]
    [[2, 3, 2, 1, 0], [1, 1, 1, 0, 0], [1, 0, 0]]
    """
    places = zip(layers[-1].output_size, output, strict=True)
    rows = [(np.arange(size) == place).astype(np.int64) for size, place in places]
    found = [rows]
    for number, layer in reversed(list(enumerate(layers))):
        if layer.shared:
            rows = [_below(row, axis) for row, axis in zip(rows, layer.taps.axes, strict=True)]
        else:  # it sees everything that the layer before it gives
            below = layers[number - 1].output_size if number else layer.input_size
            rows = [np.ones(size, dtype=np.int64) for size in below]
        found.insert(0, rows)
    return found


def _below(row: Ints, axis: Axis) -> Ints:
    """The chains one layer further down; in Python's integers once 64 bits might not hold their number."""
    outputs = np.flatnonzero(row)
    sources = axis.sources[outputs]
    large = int(row.max()) * max(sources.size, 1) >= 2**63
    counts = np.zeros(axis.size, dtype=object if large else np.int64)
    np.add.at(counts, sources[sources >= 0], np.repeat(row[outputs], (sources >= 0).sum(axis=1)))
    return counts


def read_at_all(layers: Sequence[Layer]) -> list[NDArray[np.bool_]]:
    """Which inputs any output of a stack reads, for each axis of its input.

    >>> from convviz.layers import Conv
    >>> read_at_all([Conv((5,), 1, stride=2)])[0].tolist()
    [True, False, True, False, True]
    """
    shared = list(takewhile(lambda layer: layer.shared, layers))
    sizes = shared[-1].output_size if shared else layers[0].input_size
    rows = [np.ones(size, dtype=np.bool_) for size in sizes]
    for layer in reversed(shared):
        for number, axis in enumerate(layer.taps.axes):
            read = np.unique(axis.sources[rows[number]])
            rows[number] = np.zeros(axis.size, dtype=np.bool_)
            rows[number][read[read >= 0]] = True
    return rows


def followable(layers: Sequence[Layer]) -> tuple[int, ...]:
    """The output to show a stack by: of those that see their whole field one with the widest, nearest the middle; where
    borders cut every field, the one in the middle.

    >>> from convviz.layers import Conv
    >>> causal = [Conv((4,), 2, padding="causal", dilation=d) for d in (1, 2)]
    >>> followable(causal)
    (3,)
    """
    top = list(takewhile(lambda layer: layer.shared, reversed(layers)))[::-1]  # what is below is seen by each output
    sizes = top[0].input_size if top else layers[-1].output_size
    return tuple(_best(top, axis, size) for axis, size in enumerate(sizes))


def _best(layers: Sequence[Layer], axis: int, size: int) -> int:
    first = last = np.arange(size)
    cut: NDArray[np.bool_] = np.zeros(size, dtype=np.bool_)
    for layer in layers:
        taps = layer.taps.axes[axis]
        beyond = taps.exists & ((taps.reads < 0) | (taps.reads >= taps.size))
        sources, there = taps.sources, taps.sources >= 0
        some = there & (last[sources] >= 0)
        cut = np.asarray((beyond | (there & cut[sources])).any(axis=1))
        cut = cut if taps.clamped is None else cut | taps.clamped
        first = np.where(some, first[sources], size).min(axis=1)
        last = np.where(some, last[sources], -1).max(axis=1)
    seen = np.where(cut, 0, np.maximum(last - first + 1, 0))
    away = np.abs(np.arange(len(seen)) - len(seen) // 2)
    return int(np.lexsort((away, -seen))[0])
