"""The words of a step: the sentence that tells where, what and how much, and the arithmetic beside the picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from convviz.layers import Formula, Layer
from convviz.scene.canvas import number, numbers
from convviz.scene.layout import planes
from convviz.scene.scene import Equation, Sentences
from convviz.text import say
from convviz.trace import Trace

AXES = (("slice", "d0", "d1"), ("row", "r0", "r1"), ("column", "c0", "c1"))
"""For each of three axes, the words' names for the output's place and for the window's first and last canvas cell."""


def places(trace: Trace) -> dict[str, list[Any]]:
    """The columns that say where each step writes and what its window covers, counted from 1 as people do."""
    taps = trace.layer.taps
    outputs = np.unravel_index(np.arange(taps.steps), taps.output_shape)
    columns: dict[str, list[Any]] = {}
    for axis, output, (place, first, last) in zip(taps.axes, outputs, AXES[-len(taps.axes) :], strict=True):
        columns[place] = (output + 1).tolist()
        columns[first] = (axis.positions.min(axis=1)[output] + 1).tolist()
        columns[last] = (axis.positions.max(axis=1)[output] + 1).tolist()
    return columns


def totals(trace: Trace) -> list[str]:
    """What each step comes to; several output channels with commas between."""
    rows = trace.output.reshape(-1, len(trace))
    if len(rows) == 1:
        return numbers(rows[0])
    return [", ".join(number(value) for value in column) for column in rows.T.tolist()]


def gather_sentences(trace: Trace, language: str, kind: str = "") -> Sentences:
    """One sentence a step of a layer read output by output."""
    layer = trace.layer
    part = layer.takes_part()
    inputs = ((layer.taps.flat_sources >= 0) & part).sum(axis=1)
    each = layer.products(trace.windows[:, 0], trace.weight, 0).shape[1]
    columns = places(trace)
    columns |= {
        "count": (part.sum(axis=1) * each).tolist(),
        "inputs": inputs.tolist(),
        "padding": (part.sum(axis=1) - inputs).tolist(),
        "total": totals(trace),
    }
    name = kind or _kind(layer.kind)
    dims = "" if name == "dense" else f"{len(layer.input_size)}d"
    templates = [say(f"sentence.{name}{dims}", language), say(f"sentence.{name}{dims}_padded", language)]
    chosen = (inputs < part.sum(axis=1)).astype(np.int64)
    return Sentences(tuple(templates), chosen, columns)


def _kind(kind: str) -> str:
    return {"conv": "gather", "tconv": "transposed", "maxpool": "max", "avgpool": "mean", "dense": "dense"}[kind]


def gather_equation(trace: Trace, left: str = "window", right: str = "kernel") -> Equation:
    """The sum of a step, in terms of the cells it reads."""
    layer = trace.layer
    if layer.reduce == "max":
        return Equation(left, "", "current", "max(", ", ", ")")
    if layer.reduce == "mean":
        counts = np.unique(layer.takes_part().sum(axis=1))
        return Equation(left, "", "current", "(", " + ", f") / {counts[0]}" if len(counts) == 1 else ") / n")
    bias = "" if trace.bias is None else f" + {number(trace.bias[0])}"
    return Equation(left, right, "current", "", " + ", bias)


def row_length(trace: Trace) -> int:
    """How many steps make one row of the output."""
    return planes(trace.layer.output_size)[2]


def formulas(layer: Layer) -> tuple[Formula, ...]:
    """The size formula of each axis, once where all axes are alike."""
    each = [layer.formula(axis) for axis in range(len(layer.output_size))]
    return tuple(each[:1] if len({formula.text() for formula in each}) == 1 else each)
