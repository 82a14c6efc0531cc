"""The words of a step: a sentence that says where, what and how much, and the arithmetic beside the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import numpy as np

from convviz.layers import Formula, Layer
from convviz.layers.linear import Array
from convviz.scene.canvas import canvas_is_padded, canvas_word, factor, number, numbers, outputs
from convviz.scene.layout import planes
from convviz.scene.timeline import Equation, Sentences
from convviz.text import catalogue, joined
from convviz.trace import Trace

AXES = (("slice", "d0", "d1"), ("row", "r0", "r1"), ("column", "c0", "c1"))
"""For each of three axes, the places for the output's index and the window's first and last canvas cell."""


def places(trace: Trace) -> dict[str, list[object]]:
    """The columns that say where each step writes and what its window covers, counted from 1 as people do."""
    taps = trace.layer.taps
    outputs = np.unravel_index(np.arange(taps.steps), taps.output_shape)
    columns: dict[str, list[object]] = {}
    for axis, output, (place, first, last) in zip(taps.axes, outputs, AXES[-len(taps.axes) :], strict=True):
        columns[place] = (output + 1).tolist()
        columns[first] = (axis.positions.min(axis=1)[output] + 1).tolist()
        columns[last] = np.minimum(axis.positions.max(axis=1)[output] + 1, axis.padded_size).tolist()
    return columns


def _columns(rows: Array) -> list[str]:
    """(channels, steps) values as one text per step, with commas between channels."""
    if len(rows) == 1:
        return numbers(rows[0])
    return [", ".join(number(value) for value in column) for column in rows.T.tolist()]


def _joined(texts: list[str], steps: int) -> list[str]:
    """The texts of (channels, steps) values as one text per step."""
    return texts if len(texts) == steps else [", ".join(texts[t::steps]) for t in range(steps)]


def gather_sentences(trace: Trace, language: str, kind: str = "") -> Sentences:
    """One sentence per step of a layer read output by output; `kind` replaces the layer's own kind of sentence."""
    layer = trace.layer
    part = layer.takes_part()
    inputs = ((layer.taps.flat_sources >= 0) & part).sum(axis=1)
    each = layer.products(trace.windows[:, 0], trace.weight, 0).shape[1]
    told = kind or _told(layer)
    spread = told in ("transposed", "both")
    count = np.full(len(trace), prod(layer.kernel_size)) if spread else part.sum(axis=1) * each
    columns = places(trace) | {
        "count": count.tolist(),
        "inputs": inputs.tolist(),
        "padding": ((part.sum(axis=1) - inputs) * each).tolist(),
        "total": _joined(outputs(trace), len(trace)),
    }
    if layer.channels_read is not None:
        columns |= {"channel": [", ".join(map(str, row)) for row in (layer.channels_read + 1).tolist()]}
        columns |= {"channels": [layer.out_channels] * len(trace)}
    if kind.startswith("matrix"):
        columns |= {"row": list(range(1, len(trace) + 1)), "count": _entries(layer).tolist()}
    name = f"sentence.{told}"
    name += "" if kind.startswith("matrix") or layer.kind == "dense" else f"{len(layer.input_size)}d"
    chosen = (inputs == 0) if spread else (inputs < part.sum(axis=1))
    usual = name + ".plain" if not canvas_is_padded(layer.taps) else name
    keys = [usual, name + (".none" if spread else ".padded")]
    over = (~layer.taps.flat_within(layer.taps.padded_shape)).sum(axis=1)
    if over.any():
        columns |= {"over": over.tolist(), "taps": [prod(layer.kernel_size)] * len(trace)}
        chosen, keys = np.where(over > 0, 2, chosen), [*keys, f"{usual}.over"]
    templates = [_said(key, name, trace, language) for key in keys]
    return Sentences(tuple(templates), chosen.astype(np.int64), columns | _after(trace))


def _after(trace: Trace) -> dict[str, list[object]]:
    """The columns of what is done with the sum of a step: a division, a bias."""
    columns: dict[str, list[object]] = {}
    if trace.divisor != 1:
        columns["sum"] = list(_columns(trace.totals))
        columns["divisor"] = [trace.divisor] * len(trace)
    if trace.bias is not None:
        added = trace.bias[:, None] if trace.layer.shared else trace.bias[None, :]
        rows = np.broadcast_to(added, (len(added), len(trace)))
        if trace.divisor == 1:
            columns["sum"] = list(_columns(trace.totals - rows))
        columns["bias"] = list(_columns(rows))
    return columns


def _entries(layer: Layer) -> Array:
    """(steps,): how many different inputs each step reads."""
    sources = np.sort(layer.taps.flat_sources, axis=1)
    return ((np.diff(sources, axis=1, prepend=-1) != 0) & (sources >= 0)).sum(axis=1)


def _said(key: str, otherwise: str, trace: Trace, language: str) -> str:
    """The template of `key`, or of `otherwise` if there is none, followed by what is done with the sum of a step."""
    words = catalogue(language)
    template = words.get(key, words[otherwise])
    more = ("divided" if trace.divisor != 1 else "") + ("_" if trace.divisor != 1 and trace.bias is not None else "")
    more += "" if trace.bias is None else "bias"
    if not more:
        return template
    return joined(template.replace("{total}", "{sum}"), words[f"sentence.{more}"])


def _told(layer: Layer) -> str:
    """Which sentence tells of a step: a layer without weights has the sentence of how it reduces its window.

    A transposed convolution that inserts no zeros has the sentence of the ordinary convolution that it then is.
    """
    if layer.weight_shape is None:
        return layer.reduce
    if not layer.shared:
        return layer.kind
    return "transposed" if layer.spreads and canvas_word(layer.taps) == "spread" else "gather"


def gather_equations(trace: Trace, ends: Sequence[tuple[str, str]], result: str = "current") -> tuple[Equation, ...]:
    """The sum of each map at a step, in terms of the cells it reads; none if each step adds a bias that no cell shows.

    ends: for each map the tracks that are joined, as in `Equation`; result: the track with the maps' cells.
    """
    if trace.bias is not None and not trace.layer.shared:
        return ()
    found = (_equation(trace, *pair, n) for n, pair in enumerate(ends))
    return tuple(replace(one, result=result, column=n) for n, one in enumerate(found) if one is not None)


def _equation(trace: Trace, left: str, right: str, n: int) -> Equation | None:
    """The sum of map n; None where nothing can be written."""
    layer = trace.layer
    if layer.placed:
        return Equation(left, right, "") if right else None
    if layer.divides:
        return Equation(left, "", "", "(", " + ", ") / {count}")
    if layer.weight_shape is None:
        return Equation(left, "", "", f"{layer.reduce}(", ", ", ")")
    added = "" if trace.bias is None else f" + {factor(number(trace.bias.flat[n]))}"
    if trace.divisor == 1:
        return Equation(left, right, "", "", " + ", added)
    over = f"\u00a0÷\u00a0{trace.divisor}"  # no line ends there
    columns: dict[str, list[object]] = {"whole": list(numbers(trace.totals[n]))}
    return Equation(left, right, "", "(", " + ", f"){over}{added} = {{whole}}{over}{added}", columns=columns)


def row_length(trace: Trace) -> int:
    """How many steps make one row of the output."""
    return planes(trace.layer.output_size)[2]


def formulas(layer: Layer) -> tuple[Formula, ...]:
    """The size formula of each axis; only one if all axes are alike."""
    each = [layer.formula(axis) for axis in range(len(layer.output_size))]
    return tuple(each[:1] if len({formula.text() for formula in each}) == 1 else each)
