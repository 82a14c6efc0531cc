"""Rows of cells one under another, in which a column is a position: what becomes of each position is read downwards.

A row has its name at its left, and a line of cells a channel. Beside the rows stand small boards and charts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np

from convviz.layers import Layer
from convviz.layers.linear import Array
from convviz.scene.canvas import canvas_roles, canvas_texts, canvas_values, number, numbers
from convviz.scene.filled import Block
from convviz.scene.layout import Layout, text_width
from convviz.scene.linked import Board
from convviz.scene.marks import Editable, Ints, Label, Point, Scale
from convviz.scene.roles import ROLES, binned
from convviz.scene.timeline import Track
from convviz.scene.tones import scale_of
from convviz.text import say
from convviz.trace import Trace

NAME, HEADING = 0.4, 0.34
"""The size of a row's name, and of the words above columns, in cells."""

APART, CLOSE = 0.65, 0.2
"""Cells between two rows that begin something new, and between those that belong together."""

WEIGHT = 0.8
"""The width of a weight beside the rows, in cells."""

DECIMALS, DIGITS, FINEST = 2, 3, 5
"""Decimals of a value; digits of a share, so that value times share comes out as written; the most decimals."""


def rounded(values: Array, share: bool = False) -> list[str]:
    """Values, or shares between 0 and 1, as texts with few decimals.

    >>> rounded(np.array([0.8808, 2.0, -0.001])), rounded(np.array([0.8808, 0.0474, 0.0015]), share=True)
    (['0.88', '2', '0'], ['0.881', '0.0474', '0.0015'])
    """
    if values.dtype.kind != "f":
        return numbers(values)
    if not share:
        return numbers(values.round(DECIMALS) + 0.0)
    flat = values.ravel()
    places = DIGITS - 1 - np.floor(np.log10(np.maximum(np.abs(flat), 10.0**-FINEST))).astype(int)
    return [number(round(v, int(n))) for v, n in zip(flat.tolist(), np.clip(places, DIGITS, FINEST), strict=True)]


@dataclass
class Rows:
    """Rows that grow downwards. left: where the outputs' first column begins; scale: of all values' tones; middles: the
    height of each row; kernels: the first cell of each kernel beside them."""

    layout: Layout
    scale: Scale
    left: float = 0.0
    below: float = 0.0
    right: float = 0.0
    middles: dict[str, float] = field(default_factory=dict)
    kernels: dict[str, int] = field(default_factory=dict)

    def canvas(self, trace: Trace, title: str, heads: Sequence[str] = (), lines: Sequence[str] = ()) -> Board:
        """The input on its canvas, at the top; heads: words above its positions; lines: words beside its channels."""
        taps, values = trace.layer.taps, canvas_values(trace)
        (axis,) = taps.axes
        channels, width = values.shape
        grid = self.layout.grid(
            "canvas",
            (0.0, 0.0),
            (channels, width),
            np.tile(canvas_roles(taps), channels),
            canvas_texts(trace),
            editable=Editable("x", 0, (0, 1, channels), (axis.origin, axis.spacing, axis.size)),
            values=values,
            scale=self.scale,
        )
        self.left = _first_column(trace.layer)
        self.right = max(float(width), self.left + taps.steps)
        for place, text in enumerate(heads):
            at = (axis.origin + axis.spacing * place + 0.5, -0.32)
            size = min(HEADING, 0.96 / text_width(text, 1.0)) if text else HEADING
            self.layout.label(Label(f"head:{place}", "axis", at, text, "middle", size))
        self._name("canvas", title, "input", channels)
        for place, text in enumerate(lines):
            self.layout.label(Label(f"line:{place}", "axis", (self.right + 0.25, place + 0.5), text, "start", HEADING))
        self.below = float(channels)
        inside = np.arange(axis.size) * axis.spacing + axis.origin
        cells = grid.first + (np.arange(channels)[:, None] * width + inside).ravel()
        return Board(Block(grid.first, (width,)), channels, cells, np.zeros(0, np.int64))

    def row(self, name: str, values: Array, title: str, gap: float = CLOSE, role: str = "output") -> Board:
        """A row of (channels, positions) values, each written at its step; those of a gate are seen as shares."""
        channels, width = values.shape
        self.below += gap
        share = role == "share"
        shown = values if values.dtype.kind != "f" else values.round(DECIMALS)  # a tone and its number say the same
        grid = self.layout.grid(
            name,
            (self.left, self.below),
            (channels, width),
            np.full(values.size, ROLES.index(role)),
            rounded(values, share),
            born=np.tile(np.arange(width), channels),
            levels=binned(values.ravel(), role, 0, 1) if share else None,
            values=None if share else shown,
            scale=None if share else self.scale,
        )
        self._name(name, title, role, channels)
        self.below += channels
        cells = grid.first + np.arange(values.size)
        return Board(Block(grid.first, (width,)), channels, cells, np.tile(np.arange(width), channels))

    def _name(self, name: str, title: str, about: str, channels: int) -> None:
        self.middles[name] = self.below + channels / 2
        at = (-0.35, self.middles[name])
        self.layout.label(Label(f"title:{name}", "title", at, title, "end", NAME, about))

    def kernels_of(
        self, weights: dict[str, Array], language: str, rows: Sequence[str] = (), scale: Scale | None = None
    ) -> None:
        """The kernels, (out, in, kernel) each, by their half; each beside its row, or, if they are higher than a row,
        beside one another. rows: those that they belong to, where these are not called as the halves; scale: of their
        tones, where it is not theirs alone."""
        scale, first, left = scale or scale_of(*weights.values()), 0, self.right + 0.7
        middles = [self.middles[row] for row in rows or weights]
        high = any(weight.shape[1] > 1 for weight in weights.values())
        for (half, weight), middle in zip(weights.items(), middles, strict=True):
            at = (left, sum(middles) / len(middles) if high else middle)
            end = self.weights(half, weight, first, say(f"gate.kernel.{half}", language), scale, at)
            first, left = first + weight.size, end + 0.6 if high else left

    def weights(self, name: str, weight: Array, first: int | None, title: str, scale: Scale, at: Point) -> float:
        """A kernel, a board for each output channel; returns where it ends.

        first: of its values in the flat row of all that can be typed, None for one that follows from others; at: its
        left, and its middle's height.
        """
        outs, ins, size = weight.shape
        unit = min(WEIGHT, 2.2 / ins)
        left, top = at[0], at[1] - ins * unit / 2
        self.layout.label(Label(f"title:{name}", "title", (left, at[1]), title, "start", NAME, "kernel"))
        left += max(text_width(title, NAME), 0.5) + 0.2
        self.kernels[name] = self.layout.count
        for out in range(outs):
            place = None if first is None else (first + out * ins * size,)
            self.layout.grid(
                "kernel",
                (left, top),
                (ins, size),
                np.full(ins * size, ROLES.index("kernel")),
                rounded(weight[out]),
                lattice=((unit, 0.0), (0.0, unit)),
                editable=place and Editable("weight", place[0], (0, 1, ins), (0, 1, size)),
                values=weight[out],
                scale=scale,
            )
            left += size * unit + 0.3
        return left - 0.3


def _first_column(layer: Layer) -> float:
    """Where the first output stands: below the input of its own place where there are as many, else in the middle."""
    (axis,) = layer.taps.axes
    if layer.taps.steps == axis.size:
        return float(axis.origin)
    return (len(axis.canvas) - layer.taps.steps) / 2


def read_track(boards: Sequence[Board]) -> Track:
    """The cells that a step writes and reads again, as a source of its links."""
    return Track("read", np.concatenate([at_steps(board) for board in boards], axis=1), "", "source")


def at_steps(board: Board) -> Ints:
    """(steps, channels): the cells that a board gets at each step."""
    steps = prod(board.block.shape)
    return board.cells.reshape(-1, steps).T
