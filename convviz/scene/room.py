"""How large the boards of a convolution of several channels are drawn, and in how many columns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np

from convviz.layers import Layer
from convviz.scene.layout import TITLE, planes
from convviz.scene.marks import Ints, Point
from convviz.scene.slabs import NAMED, Form

UNITS = (0.68, 0.8, 1.0)
"""How large, in cells, the cells of the maps may be drawn: smaller, a map fits into its kernel's row."""

WIDE = 2.8
"""How much wider than high the room of a picture is on a page, about."""

PAGE = (970.0, 335.0)
"""The room of a picture in pixels, on a page in a window of 1280 by 720."""

LETTERS = 12.4
"""How high the letters of a title are there, in pixels; those of names are a little smaller."""

SAID = 2.7
"""Cells above and below the boards, for titles, costs and the scales of tones."""

ALIGNED = 1.12
"""How much smaller cells may be drawn so that each map stands in its kernel's row."""

ROW = 0.45
"""Cells between the rows of kernels."""

SLAB_UNITS = (0.7, 0.85, 1.0, 1.2)
"""The same of slabs: of the volumes, and of the kernels."""

LARGE = 10
"""The most cells on a side of the input beside which kernels and sums are drawn with cells as large as its."""

BESIDE = 8.0
"""Cells across for what stands between the boards, about."""

SUM = 0.8
"""Cells between the sums of two channels, where a plus stands."""


class Grouped(NamedTuple):
    """How many channels there are, and how they go together."""

    ins: int
    outs: int
    each: int
    """Channels that a map reads."""

    @classmethod
    def of(cls, layer: Layer) -> Grouped:
        """The channels of a layer."""
        ins = layer.x_shape[0]
        return cls(ins, layer.out_channels, ins // layer.groups)

    def first(self, out: int) -> int:
        """The first channel that a map reads.

        >>> [Grouped(4, 6, 2).first(out) for out in range(6)]
        [0, 0, 0, 2, 2, 2]
        """
        return out * self.ins // self.each // self.outs * self.each

    def read(self) -> Ints:
        """(outs, each): the channels that each map reads."""
        return np.array([self.first(out) + np.arange(self.each) for out in range(self.outs)])


@dataclass(frozen=True)
class Sizes:
    """How large the parts of a picture are.

    row: from one kernel's row to the next; unit: how wide the cells of sums are; form, kernel_form, map_form: of the
    input's planes, the kernels' and the maps'; columns: in which the input's planes stand; map_columns: the same of the
    maps, 0 where each stands in its kernel's row; height: of all boards.
    """

    row: float
    unit: float
    form: Form
    kernel_form: Form
    map_form: Form
    columns: int
    map_columns: int
    height: float
    width: float

    @property
    def zoom(self) -> float:
        """How much larger than usual letters are drawn, so that they can be read in the window of PAGE."""
        cell = min(PAGE[0] / self.width, PAGE[1] / (self.height + SAID))
        return max(1.0, LETTERS / (TITLE * cell))


def sized(layer: Layer, form: Form) -> Sizes:
    """The sizes of the parts, chosen so that cells are as large as can be where the picture has the room of a page."""
    group = Grouped.of(layer)
    if form.slabs:
        candidates = [_slabs(layer, group, *units) for units in product(SLAB_UNITS, SLAB_UNITS)]
    else:
        columns = product(_folds(group.ins), [0, *_folds(group.outs)], UNITS)
        candidates = [_apart(layer, group, *places) for places in columns]
    return max(candidates, key=_largest)


def _folds(count: int) -> list[int]:
    """In how many columns so many planes may stand: of those that make as many rows, the fewest.

    >>> _folds(8)
    [1, 2, 3, 4, 8]
    """
    return sorted({-(-count // rows) for rows in range(1, count + 1)})


def _largest(sizes: Sizes) -> float:
    """How large the smallest cells are, as a share of the height of a page's room."""
    scale = min(WIDE / sizes.width, 1 / (sizes.height + SAID))
    widths = (form.lattice[0][0] for form in (sizes.form, sizes.kernel_form, sizes.map_form))
    return scale * min(1.0, *widths) * (1 if sizes.map_columns else ALIGNED)


def _small(layer: Layer) -> float:
    """How much larger than the input's the cells of small boards are drawn beside a large input."""
    return max(1.0, max(layer.taps.canvas_shape) / LARGE)


def _apart(layer: Layer, group: Grouped, columns: int, map_columns: int, unit: float) -> Sizes:
    """The sizes with the input and the maps in so many columns, the cells of maps so large."""
    small = _small(layer)
    form, kernel, maps = Form(), Form(unit=small), Form(unit=unit)
    _, high, wide = (n * small for n in planes(layer.span))
    _, rows, across = planes(layer.output_size)
    row = max(high, small if map_columns else rows * unit) + ROW * small
    box = maps.size(group.outs, layer.output_size, map_columns) if map_columns else (across * unit, group.outs * row)
    inputs = form.size(group.ins, layer.taps.canvas_shape, columns)
    height = max(inputs[1], group.outs * row + 2 * ROW, box[1])
    width = inputs[0] + group.ins * (wide + NAMED) + group.each * (1 + SUM) * small + box[0] + BESIDE * small
    return Sizes(row, small, form, kernel, maps, columns, map_columns, height, width)


def _slabs(layer: Layer, group: Grouped, unit: float, small: float) -> Sizes:
    """The same of slabs one before the other, with cells so large, and so small in the kernels."""
    larger = _small(layer)
    form, kernel = Form(True, unit), Form(True, small * larger)
    boxes = [form.size(group.ins, layer.taps.canvas_shape, 1), form.size(group.outs, layer.output_size, 1)]
    boxes.append(slab_kernels(layer, kernel)[1])
    row = (1 + ROW) * larger
    height = max(group.outs * row, *(box[1] for box in boxes))
    width = sum(box[0] for box in boxes) + (group.each * (1 + SUM) + BESIDE) * larger
    return Sizes(row, larger, form, kernel, form, 1, 1, height, width)


def slab_kernels(layer: Layer, form: Form) -> tuple[list[Point], Point]:
    """Where each board of the kernels begins, kernels in a block as nearly square as can be; and how large that is."""
    group = Grouped.of(layer)
    one, (wide, deep) = form.places(group.each, layer.span, 1), form.size(group.each, layer.span, 1)
    right, down, columns = wide + NAMED, deep - NAMED + ROW, ceil(sqrt(group.outs))  # they have no names above them
    places = [(m % columns * right + x, m // columns * down + y - NAMED) for m in range(group.outs) for x, y in one]
    return places, (columns * right - NAMED, -(-group.outs // columns) * down - ROW)
