"""The taps grouped by input cell: which sums each input is stamped onto, and how the sums grow."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.linear import Array, roomy
from convviz.scene.canvas import number, numbers
from convviz.scene.marks import Ints, Scale
from convviz.scene.roles import ROLES
from convviz.scene.timeline import Events
from convviz.scene.tones import scale_of, toned
from convviz.trace import Trace


@dataclass(frozen=True, eq=False)
class Stamps:
    """Every stamp of a layer with one channel.

    shape: of the board of sums, which holds the output and what padding crops; outputs: (sums,) the output that each
    sum is, or -1; sums, kernel: (inputs, n) where each input adds, and through which kernel cell, -1 for none;
    products: (inputs, n) what it adds.
    """

    shape: tuple[int, ...]
    outputs: Ints
    sums: Ints
    kernel: Ints
    products: Array

    @property
    def roles(self) -> Ints:
        return np.where(self.outputs >= 0, ROLES.index("output"), ROLES.index("cropped"))

    def of_output(self, output: Ints) -> Ints:
        """The sums that are given outputs."""
        place = np.zeros(int(self.outputs.max()) + 1, dtype=np.int64)
        inside = np.flatnonzero(self.outputs >= 0)
        place[self.outputs[inside]] = inside
        return place[output]


def refuse_unstamped(layer: Layer) -> None:
    """Refuse a layer without one shared kernel of one channel: a stamp has no place for it."""
    if layer.weight_shape is None or not layer.shared or prod(layer.weight_shape) != prod(layer.kernel_size):
        key = "view_kernel" if layer.weight_shape is None or not layer.shared else "view_channels"
        raise LayerError(key, "view", {"view": "flat"}, value="stamp", nearest="flat")


def stamps(trace: Trace) -> Stamps:
    """Read a trace by input cell. Raises LayerError for a layer that `refuse_unstamped` refuses."""
    layer = trace.layer
    refuse_unstamped(layer)
    taps, offset = trace.scatter().stamped
    reach = tuple(max(o + b, full) for o, b, full in zip(layer.output_size, offset, taps.output_shape, strict=True))
    steps, kernel = np.nonzero(taps.flat_sources >= 0)
    inputs = taps.flat_sources[steps, kernel]
    order = np.lexsort((kernel, inputs))
    steps, kernel, inputs = steps[order], kernel[order], inputs[order]
    sums = np.ravel_multi_index(np.unravel_index(steps, taps.output_shape), reach)
    counts = np.bincount(inputs, minlength=prod(layer.input_size))
    column = np.arange(len(inputs)) - np.repeat(np.cumsum(counts) - counts, counts)
    shape = (len(counts), max(int(counts.max()), 1))
    weights = layer.kernels(trace.weight).ravel()
    x, weights = roomy(trace.x.ravel(), weights, weights.size)
    values = x[inputs] * weights[kernel]
    return Stamps(
        reach,
        _outputs(layer, reach, offset),
        _table(shape, inputs, column, sums, -1),
        _table(shape, inputs, column, kernel, -1),
        _table(shape, inputs, column, values, 0),
    )


def _table(shape: tuple[int, int], rows: Ints, columns: Ints, values: Array, empty: int) -> Array:
    table = np.full(shape, empty, dtype=values.dtype)
    table[rows, columns] = values
    return table


def _outputs(layer: Layer, reach: tuple[int, ...], offset: tuple[int, ...]) -> Ints:
    """(sums,): the output, in raster order, that each sum is, or -1 where padding crops it."""
    grids = np.meshgrid(*[np.arange(n) - b for n, b in zip(reach, offset, strict=True)], indexing="ij")
    inside = np.ones(reach, dtype=bool)
    flat = np.zeros(reach, dtype=np.int64)
    for axis, grid in enumerate(grids):
        inside &= (grid >= 0) & (grid < layer.output_size[axis])
        flat = flat * layer.output_size[axis] + grid
    return np.where(inside, flat, -1).ravel()


def growing(table: Stamps, when: Ints, first: int, bias: Array | None) -> tuple[Events, Ints, Scale]:
    """The texts of the growing sums, input i being stamped at step when[i], the step at which each sum is complete, and
    the scale of all of them.

    first: the number of the board's first cell.
    """
    inputs, column = np.nonzero(table.sums >= 0)
    sums, values, steps = table.sums[inputs, column], table.products[inputs, column], when[inputs]
    by_sum = np.lexsort((inputs, steps, sums))
    starts = np.flatnonzero(np.diff(sums[by_sum], prepend=-1))
    place = np.arange(len(sums)) - np.repeat(starts, np.diff(np.append(starts, len(sums))))
    rows = _table((len(table.outputs), int(place.max(initial=0)) + 1), sums[by_sum], place, values[by_sum], 0)
    running = np.cumsum(rows, axis=1)[sums[by_sum], place] + (0 if bias is None else bias[0])
    complete = np.zeros(len(table.outputs), dtype=np.int64)
    np.maximum.at(complete, sums, steps)
    in_time = np.argsort(steps[by_sum], kind="stable")
    marks = first + sums[by_sum][in_time]
    scale = scale_of(running, _alone(bias))
    running = running[in_time]
    events = Events(steps[by_sum][in_time], marks, numbers(running), toned(running, scale), running)
    return events, complete, scale


def resting(table: Stamps, bias: Array | None) -> tuple[list[str], Array]:
    """The text and the value of each sum before any stamp; only sums that no stamp ever reaches show them."""
    reached = np.zeros(len(table.outputs), dtype=bool)
    reached[table.sums[table.sums >= 0]] = True
    alone = _alone(bias)
    return ["" if hit else number(alone[0]) for hit in reached], np.repeat(alone, len(reached))


def _alone(bias: Array | None) -> Array:
    """(1,): what a sum is before anything is added."""
    return np.zeros(1, dtype=np.int64) if bias is None else bias[:1]
