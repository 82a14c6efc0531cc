"""shift: an input, and below it the same shifted by one cell more at each step.

Beside them stands what a pooling, a strided convolution and a pooling that blurs before it skips make of both; outputs
that are not the same any more bear a tick.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from convviz.layers import Layer
from convviz.layers.linear import Array
from convviz.scene import narrate
from convviz.scene.canvas import number, numbers
from convviz.scene.filled import Block
from convviz.scene.layout import Layout, times, zoom
from convviz.scene.links import Link
from convviz.scene.marks import Scale
from convviz.scene.scene import Scene
from convviz.scene.shifting import NAMES, shifted, ways
from convviz.scene.timeline import Differing, Sentences, StepTexts, Track
from convviz.scene.tones import scale_of, toned
from convviz.scene.view import Narrow, View
from convviz.text import say
from convviz.trace import Trace

CLOSE = 0.8
"""Cells between two ways: the nearer they are, the larger are the numbers that a hall is to read."""


@dataclass(frozen=True, eq=False)
class Moved:
    """One board as it is, and below it, at each step. one, other: the boards; plain: (cells,) values; after: (steps,
    cells) values of the lower board."""

    one: Block
    other: Block
    plain: Array
    after: Array

    @property
    def differs(self) -> Array:
        """(steps, cells): whether the lower board's value is not that of the upper one."""
        return np.asarray(self.after != self.plain)


def shift(trace: Trace, language: str = "en") -> Scene:
    """Lay out a pooling of one channel; step t shifts its input by t + 1 cells, along the last axis."""
    layer, found = trace.layer, ways(trace.layer)
    steps = int(layer.input_size[-1])
    inputs = [shifted(trace.x, t + 1) for t in range(steps)]
    plain, after = found.outputs(trace.x), [found.outputs(x) for x in inputs]
    layout = Layout(language, zoom(layer.input_size, layer.output_size, layer.output_size, layer.output_size))
    values = {"x": (trace.x, inputs)} | {name: (plain[name], [one[name] for one in after]) for name in NAMES}
    boards, told = _boards(layout, trace, values)
    layout.settle(CLOSE)
    x, outs = boards["x"], [boards[name] for name in NAMES]
    sources = found.sources()
    return Scene(
        layer.kind,
        "shift",
        steps,
        steps,
        tuple(layout.grids),
        (
            Track("moved", np.tile(_cells(x.other), (steps, 1)), "window", "source"),
            Track(
                "current", np.tile(np.concatenate([_cells(one.other) for one in outs]), (steps, 1)), "current", "target"
            ),
        ),
        (),
        tuple(layout.labels),
        told,
        sentences=_sentences(boards, trace, language),
        formulas=narrate.formulas(layer),
        links=tuple(
            Link(_cells(side), np.where(sources[name] >= 0, below.marks(0, sources[name]), -1))
            for name, own in zip(NAMES, outs, strict=True)
            for side, below in ((own.one, x.one), (own.other, x.other))
        ),
        order=("current",),
        differing=_differing(outs),
    )


def _cells(block: Block) -> Array:
    return block.first + np.arange(prod(block.shape))


def _boards(
    layout: Layout, trace: Trace, values: dict[str, tuple[Array, list[Array]]]
) -> tuple[dict[str, Moved], tuple[StepTexts, ...]]:
    """The boards of each name, in two rows, and what the lower ones bear at each step."""
    language, upper, found, told = layout.language, {}, {}, []
    scales = {name: scale_of(plain, *after) for name, (plain, after) in values.items()}
    for name, (plain, _) in values.items():
        layout.cell("→" if name == "pool" else "")
        title = say(f"shift.{trace.layer.reduce if name == 'pool' else name}", language, size=times(plain.shape[1:]))
        upper[name] = _board(layout, name, plain, title, scales[name])
    layout.row()
    for name, (plain, after) in values.items():
        layout.cell("→" if name == "pool" else "")
        rows = np.stack([one.ravel() for one in after])
        lower = _board(
            layout, name, plain, say("shift.moved" if name == "x" else "shift.after", language), scales[name], rows
        )
        told.append(
            StepTexts(lower.marks(0, np.arange(plain.size)), _written(rows), toned(rows, scales[name]), values=rows)
        )
        found[name] = Moved(upper[name], lower, plain.ravel(), rows)
    return found, tuple(told)


def _board(layout: Layout, name: str, values: Array, title: str, scale: Scale, rows: Array | None = None) -> Block:
    """A board of one channel. rows: what it bears at each step, if that changes; only what keeps can be typed over."""
    own, inputs = rows is None, name == "x"
    return layout.board(
        {"x": "input", "pool": "output"}.get(name, name) + ("" if own else ".moved"),
        1,
        values.shape[1:],
        "input" if inputs else "output",
        _written(values) if own else [""] * values.size,
        title=title,
        about="input" if inputs else "output",
        array="x" if inputs and own else "",
        longest=max(map(len, _written(values if rows is None else rows))),
        values=values if own else None,
        scale=scale,
    )


def _written(values: Array) -> list[str]:
    return numbers(values.round(2) if values.dtype.kind == "f" else values)


def _differing(boards: list[Moved]) -> Differing:
    """The outputs that are not the same at a step, and which are of one place."""
    places = [np.nonzero(one.differs) for one in boards]
    steps = np.concatenate([step for step, _ in places])
    marks = np.concatenate([_cells(one.other)[cell] for one, (_, cell) in zip(boards, places, strict=True)])
    ones, others = ([_cells(getattr(b, side)) for b in boards] for side in ("one", "other"))
    pairs = np.stack([np.concatenate(ones), np.concatenate(others)])
    order = np.argsort(steps, kind="stable")
    return Differing(marks[order], steps[order], pairs, brief=True)


def _sentences(boards: dict[str, Moved], trace: Trace, language: str) -> Sentences:
    """How many outputs of each way change at a step, and by how much in all."""
    steps = len(boards["x"].after)
    columns: dict[str, list[object]] = {"by": list(range(1, steps + 1))}
    for name in NAMES:
        one = boards[name]
        columns[f"{name}_outputs"] = [one.plain.size] * steps
        columns[name] = one.differs.sum(axis=1).tolist()
        columns[f"{name}_sum"] = [number(round(float(v), 2)) for v in np.abs(one.after - one.plain).sum(axis=1)]
    template = say(f"sentence.shift.{trace.layer.reduce}", language)
    return Sentences((template,), np.zeros(steps, dtype=np.int64), columns)


def refuse(layer: Layer) -> None:
    """Refuse what is no pooling of one channel by a stride."""
    ways(layer)


VIEW = View("shift", shift, refuse, boards=6, aspect=0.34, narrow=Narrow(tall=1.5), compares=False)
