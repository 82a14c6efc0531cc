"""A stack along one axis as rows of cells, layer over layer: where each cell stands, and what leads to which output.

A cell stands over the middle of its window, or, where the layer is causal, over the newest input that it reads. It is
as wide as the step from it to its neighbour, in cells of the input.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Formula, Layer
from convviz.layers.formula import Term
from convviz.network import Network
from convviz.scene.limits import CELLS, TAPS
from convviz.scene.marks import Floats, Ints
from convviz.scene.view import natural
from convviz.taps import Axis
from convviz.text import say

BETWEEN = " · "
"""Between the parts of a row's name."""

LISTED = 6
"""The most layers whose terms a formula lists one by one."""

WIDEST = 64
"""The most positions of an input whose cells are drawn one by one; a longer one is drawn at a zoom."""


def refuse_other(network: Network) -> None:
    """Refuse what is no row of layers whose windows slide along one axis, over one channel, a stride apart."""
    layers = network.layers
    slides = network.sequence and all(layer.shared and not layer.enlarges and not layer.adapts for layer in layers)
    if not slides or len(network.input_size) != 1:
        nearest = natural(network)
        raise LayerError("view_strip", "view", {"view": nearest}, value="strip", nearest=nearest)
    if any(channels_of(layer) > 1 for layer in layers):
        raise LayerError("view_channels", "view", {"view": "stack"}, value="strip", nearest="stack")
    taps = sum(layer.output_size[0] * layer.kernel_size[0] for layer in layers)
    for key, count, most in (("run_cells", zoomed_cells(network), CELLS), ("run_taps", taps, TAPS)):
        if count > most:
            raise LayerError(key, "layers", None, count=count, most=most)


def channels_of(layer: Layer) -> int:
    """How many boards a layer reads and writes, at the most."""
    return max(layer.x_shape[0], layer.out_channels)


def zoom_of(network: Network) -> int:
    """How many positions one cell of the picture stands for: 1 where each has a cell of its own.

    >>> from convviz.layers import Conv
    >>> zoom_of(Network([Conv((64,), 3)])), zoom_of(Network([Conv((1024,), 2)]))
    (1, 16)
    """
    return -(-network.input_size[0] // WIDEST)


def zoomed_cells(network: Network) -> int:
    """How many cells the picture has."""
    zoom = zoom_of(network)
    sizes = [network.input_size[0], *(layer.output_size[0] for layer in network.layers)]
    return sum(-(-size // zoom) for size in sizes)


@dataclass(frozen=True, eq=False)
class Strips:
    """The rows of a stack along one axis; row 0 is the input, row n the output of layer n."""

    network: Network

    @property
    def layers(self) -> tuple[Any, ...]:
        return tuple(self.network.layers)

    @cached_property
    def sizes(self) -> list[int]:
        """How many cells each row has."""
        return [self.network.input_size[0], *(layer.output_size[0] for layer in self.layers)]

    @cached_property
    def places(self) -> list[tuple[float, float]]:
        """(middle of the first cell, distance from one to the next) of each row, in cells of the input."""
        found = [(0.5, 1.0)]
        for layer in self.layers:
            (start, step), reads = found[-1], layer.taps.axes[0].reads
            over = reads.max(axis=1) if layer.padding == "causal" else (reads.min(axis=1) + reads.max(axis=1)) / 2
            apart = over[1] - over[0] if len(over) > 1 else 1.0
            found.append((start + step * float(over[0]), step * float(apart)))
        return found

    @cached_property
    def paths(self) -> list[Ints]:
        """For each row an (outputs, cells) table: how many chains of taps lead from its cells to the last outputs."""
        found = [np.eye(self.sizes[-1], dtype=np.int64)]
        for layer in reversed(self.layers):
            found.insert(0, below(found[0], layer.taps.axes[0]))
        return found

    @cached_property
    def born(self) -> list[Ints]:
        """For each row, the step at which each cell is first needed; after the last step, one that never is."""
        steps = self.sizes[-1]
        return [np.where((table > 0).any(axis=0), (table > 0).argmax(axis=0), steps) for table in self.paths]

    def ends(self, depth: int) -> tuple[Ints, Ints]:
        """The taps of layer `depth` (1: the first): the cells below that are read, and those that read them."""
        sources = self.layers[depth - 1].taps.axes[0].sources
        targets = np.broadcast_to(np.arange(len(sources))[:, None], sources.shape)
        there = sources >= 0
        return sources[there], targets[there]

    def field(self, plain: bool = False) -> list[int]:
        """How many inputs an output of each row sees, by the formula; plain: without dilation."""
        shown = without_dilation(self.network) if plain else self.network
        return [1, *(row.receptive_field[0] for row in shown.summary())]

    def told(self) -> dict[str, Any]:
        """What each output sees of the input: the first and the last cell, counted from 1, and how many."""
        seen = self.paths[0] > 0
        counts = seen.sum(axis=1)
        first = np.where(counts, seen.argmax(axis=1) + 1, 0)
        last = np.where(counts, seen.shape[1] - seen[:, ::-1].argmax(axis=1), 0)
        return {"column": np.arange(len(seen)) + 1, "c0": first, "c1": last, "count": counts}


def below(table: Ints, axis: Axis) -> Ints:
    """(outputs, cells) chains of taps one layer further down; in Python's integers once 64 bits might not hold them."""
    sources = axis.sources
    large = int(table.max()) * sources.size >= 2**63
    found = np.zeros((axis.size, len(table)), dtype=object if large else np.int64)
    for read in sources.T:
        np.add.at(found, read[read >= 0], table.T[read >= 0])
    return found.T


def without_dilation(network: Network) -> Network:
    """The same stack with every rate 1, and as many outputs; raises LayerError where there is no such stack."""
    layers: list[Any] = []
    for layer in network.layers:
        size = layers[-1].output_size if layers else layer.input_size
        layers.append(replace(layer, input_size=size, dilation=1))
    return Network(layers)


def middles(place: tuple[float, float], count: int) -> Floats:
    """(count,): where the middles of a row's cells lie."""
    start, step = place
    return np.asarray(start + step * np.arange(count), dtype=np.float64)


def field_formula(network: Network) -> Formula:
    """R = 1 + the sum over layers of (k - 1) d times the strides before, in symbols and in numbers.

    The receptive field of a stack along its first axis (Araujo et al., "Computing receptive fields of convolutional
    neural networks", Distill 2019).

    >>> from convviz.network import stacked
    >>> field_formula(stacked(2, (1, 2, 4), dims=1)).text()
    'R = 1 + Σ (k − 1)d = 1 + 1·1 + 1·2 + 1·4 = 8'
    """
    jumps = [layer.stride[0] > 1 for layer in network.layers[:-1]]
    terms, jump = [], 1
    for layer in network.layers:
        parts = [layer.kernel_size[0] - 1, layer.dilation[0], *([jump] if any(jumps) else [])]
        terms.append("·".join(map(str, parts)))
        jump *= layer.stride[0]
    symbols = [Term("R", "field"), Term(" = 1 + Σ ("), Term("k", "kernel"), Term(" − 1)"), Term("d", "dilation")]
    symbols += [Term("·"), Term("S", "jump")] if any(jumps) else []
    period = next(n for n in range(1, len(terms) + 1) if terms[:n] * (len(terms) // n) == terms)
    times = len(terms) // period if len(terms) > LISTED else 1
    block = terms[: len(terms) // times]
    shown = [*block[:3], "…", block[-1]] if len(block) > LISTED else block
    summed = [piece for text in shown for piece in (Term(" + "), Term(text, "" if text == "…" else "dilation"))]
    numbers = [Term("1"), *summed]
    if times > 1:
        numbers = [Term("1 + "), Term(str(times)), Term(" · ("), *summed[1:], Term(")")]
    value = network.receptive_field()[0]
    return Formula(tuple(symbols), tuple(numbers), (str(value),), value)


def row_name(strips: Strips, depth: int, language: str) -> str:
    """What stands before a row: what it is, its size where it is the first or the last, and its layer's rate."""
    if depth == 0:
        return say("strip.input", language, size=strips.sizes[0])
    layer = strips.layers[depth - 1]
    told = [
        say(
            "strip.output" if depth == len(strips.layers) else "strip.layer",
            language,
            n=depth,
            size=strips.sizes[depth],
        )
    ]
    if layer.stride[0] > 1:
        told.append(say("strip.stride", language, s=layer.stride[0]))
    return BETWEEN.join([*told, say("strip.rate", language, d=layer.dilation[0])])
