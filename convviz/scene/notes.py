"""Notes: what multiplies a cell, in the corner of that cell, wherever a window slides over cells with values.

A view calls `weight_notes` for a window on the canvas, `opened_notes` for one that is opened beside it, `input_notes`
where the inputs stand without their canvas, and `landing_notes` where products are added up cell by cell.
"""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.typing import NDArray

from convviz.layers.linear import Array
from convviz.scene.canvas import factor, number, numbers
from convviz.scene.marks import Ints
from convviz.scene.parts import channels_read
from convviz.scene.stamps import Stamps
from convviz.scene.timeline import Notes, Track
from convviz.scene.tones import LARGE
from convviz.trace import Trace

Weights = tuple[Array, NDArray[np.bool_]]


def weight_notes(trace: Trace) -> tuple[Notes, ...]:
    """Each weight in the corner of the cell of the canvas that it multiplies, for the first channel of the output.

    Layers without weights have none, nor have canvases of so many cells that nobody reads them one by one.
    """
    if len(trace.windows) * prod(trace.layer.taps.canvas_shape) > LARGE:
        return ()
    return _noted("window", step_weights(trace))


def opened_notes(trace: Trace) -> tuple[Notes, ...]:
    """Each weight in the corner of the cell that it multiplies, in a window that has a board of its own."""
    return _noted("opened", step_weights(trace))


def input_notes(trace: Trace, inputs: Ints, name: str = "taken") -> tuple[tuple[Track, ...], tuple[Notes, ...]]:
    """The weight of each input that a step reads, with a track called `name` that names these inputs.

    inputs: (channels, cells) cell numbers. An input that a step reads more than once, as padding may copy it, has the
    sum of its weights.
    """
    weights = step_weights(trace)
    if weights is None or inputs.size > LARGE:
        return (), ()
    values, there = weights
    reads = trace.layer.taps.flat_sources
    read = [np.where(reads >= 0, inputs[channel, np.maximum(reads, 0)], -1) for channel in channels_read(trace)]
    marks, values = _once(np.where(there, np.concatenate(read, axis=1), -1), values)
    return (Track(name, marks),), _noted(name, (values, np.ones(values.shape, dtype=np.bool_)))


def landing_notes(trace: Trace, table: Stamps, track: str) -> tuple[Notes, ...]:
    """What each input adds to the sums that it is stamped on, +value×weight; track: names these sums, by input."""
    if len(table.outputs) > LARGE:
        return ()
    marks, weights = _once(table.sums, trace.layer.kernels(trace.weight).ravel()[table.kernel])
    values = [number(value) for value in trace.x.ravel().tolist()]
    rows = zip(values, marks.tolist(), map(numbers, weights), strict=True)
    texts = []
    for value, row, factors in rows:
        pairs = zip(row, factors, strict=True)
        texts.append([_added(value, weight) if mark >= 0 else "" for mark, weight in pairs])
    return (Notes(track, texts),)


def _added(value: str, weight: str) -> str:
    return f"{'' if value.startswith('−') else '+'}{value}×{factor(weight)}"


def step_weights(trace: Trace) -> Weights | None:
    """(steps, cells), or one row for all steps: the weight of each cell of a step's window, channel after channel, for
    the first channel of the output, and whether it has one. None for a layer without weights."""
    layer = trace.layer
    if layer.shares is not None:
        others = layer.shares.shape[1] * (len(trace.windows) - 1)
        shares = np.pad(layer.shares, ((0, 0), (0, others)))
        return shares, shares > 0
    if layer.weight_shape is None:
        return None
    table = layer.kernels(trace.weight)
    if not layer.shared:
        return table[0, :, 0], np.ones(table[0, :, 0].shape, dtype=np.bool_)
    if layer.owners is not None:
        return table[0, layer.owners, 0], np.ones((len(layer.owners), table.shape[-1]), dtype=np.bool_)
    first = table[0, 0]
    others = (len(trace.windows) - len(first)) * first.shape[1]
    return np.pad(first.ravel(), (0, others))[None], np.arange(first.size + others)[None] < first.size


def _noted(track: str, weights: Weights | None) -> tuple[Notes, ...]:
    if weights is None:
        return ()
    rows = [zip(numbers(row), there, strict=True) for row, there in zip(*weights, strict=True)]
    return (Notes(track, [[f"×{text}" if here else "" for text, here in row] for row in rows]),)


def _once(marks: Ints, weights: Array) -> tuple[Ints, Array]:
    """Marks (steps, n) that name each cell once a step, -1 in place of another time, and the weights of each step."""
    ordered = np.sort(marks, axis=1)
    if not ((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any():
        return marks, weights
    exact = np.float64 if weights.dtype.kind == "f" else object
    single, sums = marks.copy(), np.broadcast_to(weights, marks.shape).astype(exact)
    for row, values in zip(single, sums, strict=True):
        first: dict[int, int] = {}
        for n, mark in enumerate(row.tolist()):
            if mark >= 0 and first.setdefault(mark, n) != n:
                values[first[mark]] += values[n]
                row[n] = -1
    return single, sums
