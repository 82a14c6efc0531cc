"""The values in a picture's cells: where they come from, and what has been typed over them. Short enough for a link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from convviz.arrays import small_integers
from convviz.errors import LayerError
from convviz.kernels import KERNELS
from convviz.layers.linear import Array
from convviz.pictures import photograph

MOST = 999
"""The largest magnitude that can be typed into a cell: it still fits the cell."""

EDITS = 200
"""Cells that can be typed over; the oldest edit makes room for the next."""

PATCH = 33
"""The most rows and columns of a patch of an uploaded picture, whose values are part of the link."""

LISTED = 1 + PATCH**2
_NUMBER = re.compile(r"-?\d{1,4}(\.\d{1,3})?")


@dataclass(frozen=True)
class Values:
    """kind: "seed" (small whole numbers), "photo" (a patch of the bundled photograph), "list" (given ones), or, of
    weights, "kernel" (one by its name).

    numbers: the seed; or the patch's first row and column; or the values in raster order. edits: (flat index, value)
    pairs in the order they were typed.

    >>> Values("seed", (3,), ((4, -2),)).text()
    's3~4:-2'
    """

    kind: str = "seed"
    numbers: tuple[float, ...] = (0,)
    edits: tuple[tuple[int, float], ...] = ()
    name: str = ""

    @property
    def grey(self) -> bool:
        """Whether the values are pixels: from a photograph, or a list with values too large for typed arithmetic."""
        return self.kind == "photo" or (self.kind == "list" and max(self.numbers[1:]) > 31 and min(self.numbers) >= 0)

    def text(self) -> str:
        """The values as short text; `values_from_text` reads it."""
        head = {"seed": "s", "photo": "p", "list": "v", "kernel": "k"}[self.kind]
        head += self.name + "_".join(_brief(n) for n in self.numbers)
        return head + "".join(f"~{index}:{_brief(value)}" for index, value in self.edits)

    def array(self, shape: tuple[int, ...], least: int, most: int, offset: int = 0) -> Array:
        """The values of an array; edits beyond its end wait until it grows again.

        least, most: the range of seeded numbers; offset: tells arrays with one seed apart. Raises LayerError for a
        patch outside the photograph.
        """
        return self.arrays([shape], least, most, offset)[0]

    def arrays(self, shapes: Sequence[tuple[int, ...]], least: int, most: int, offset: int = 0) -> list[Array]:
        """The values of several arrays, each with seeded numbers of its own; edits count through all of them."""
        found, first = [], 0
        for number, shape in enumerate(shapes):
            table = self._plain(shape, least, most, offset + number)
            edits = [(index - first, value) for index, value in self.edits if first <= index < first + table.size]
            if any(value != int(value) for _, value in edits):
                table = table.astype(np.float64)
            for index, value in edits:
                table.flat[index] = value
            found.append(table)
            first += table.size
        return found

    def _plain(self, shape: tuple[int, ...], least: int, most: int, offset: int) -> Array:
        if self.kind == "photo":
            return patch(int(self.numbers[0]), int(self.numbers[1]), shape)
        if self.kind == "list":
            return _listed(self.numbers, shape)
        if self.kind == "kernel" and not (kernel := KERNELS[self.name]).missing(shape[2:]):
            return np.broadcast_to(kernel.weights(shape[2:]), shape).copy()
        return small_integers(shape, int(sum(self.numbers[:1])) + offset, least, most)

    def edited(self, index: int, value: object) -> Values:
        """These values with one typed over; a second edit of a cell replaces the first."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MOST:
            raise LayerError("cell", "value", {"value": 0}, value=value, least=-MOST, most=MOST, nearest=0)
        kept = tuple(edit for edit in self.edits if edit[0] != index)
        return replace(self, edits=(*kept, (index, round(float(value), 3)))[-EDITS:])


def _brief(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


def listed(table: Array) -> Values:
    """A (rows, columns) array as values of the kind "list"."""
    return Values("list", (table.shape[1], *[float(value) for value in table.ravel()]))


def _listed(numbers: tuple[float, ...], shape: tuple[int, ...]) -> Array:
    """Given rows placed into the last two axes from the first corner; the rest is 0."""
    width = int(numbers[0])
    rows = np.zeros((-(-(len(numbers) - 1) // width), width))
    rows.flat[: len(numbers) - 1] = numbers[1:]
    spatial = shape[1:] or shape
    height, length = (1, 1, *spatial)[-2:]
    plane = np.zeros((height, length))
    plane[: min(height, len(rows)), : min(length, width)] = rows[:height, :length]
    whole = (plane == plane.round()).all()
    plane = plane.astype(np.int64 if whole else np.float64)
    return np.broadcast_to(plane if len(spatial) > 1 else plane[0], shape).copy()


def values_from_text(text: str) -> Values:
    """The values that a text describes; raises LayerError if it is not valid.

    >>> values_from_text("p40_60").numbers
    (40.0, 60.0)
    """
    head, *edits = text.split("~") if isinstance(text, str) and len(text) <= 7_000 else [""]
    kind = {"s": "seed", "p": "photo", "v": "list"}.get(head[:1])
    numbers = [_number(part) for part in head[1:].split("_")]
    counts = {"seed": (1, 1), "photo": (2, 2), "list": (2, LISTED)}
    wrong = kind is None or None in numbers or len(edits) > EDITS
    if wrong or not counts[str(kind)][0] <= len(numbers) <= counts[str(kind)][1]:
        raise LayerError("values", "values", {"values": "s0"}, value=text, nearest="s0")
    if kind == "list" and not (numbers[0] and numbers[0] >= 1 and numbers[0] == int(numbers[0])):
        raise LayerError("values", "values", {"values": "s0"}, value=text, nearest="s0")
    if kind != "list" and any(n is None or n < 0 or n != int(n) for n in numbers):
        raise LayerError("values", "values", {"values": "s0"}, value=text, nearest="s0")
    typed: dict[int, float] = {}
    for edit in edits:
        index, _, value = edit.partition(":")
        number = _number(value)
        if number is None or abs(number) > MOST or not (index.isdigit() and index.isascii() and len(index) <= 5):
            raise LayerError("values", "values", {"values": "s0"}, value=text, nearest="s0")
        typed[int(index)] = number
    given = tuple(n for n in numbers if n is not None)
    return Values(str(kind), given, tuple(typed.items()))


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) and text.isascii() else None


def patch(row: int, column: int, shape: tuple[int, ...]) -> Array:
    """(channels, *spatial) grey values of the photograph from (row, column) on, the same for all channels.

    In one dimension it is a piece of one row. Raises LayerError where the patch leaves the photograph.
    """
    grey = photograph()
    spatial = shape[1:] or shape
    height, width = (1, 1, *spatial)[-2:]
    most = (grey.shape[0] - height, grey.shape[1] - width)
    if min(most) < 0 or row > most[0] or column > most[1]:
        nearest = (max(0, min(row, most[0])), max(0, min(column, most[1])))
        size = f"{grey.shape[0]} x {grey.shape[1]}"
        raise LayerError("patch", "patch", {"patch": nearest}, value=(row, column), size=size, nearest=nearest)
    piece = grey[row : row + height, column : column + width].astype(np.int64)
    return np.broadcast_to(piece if len(spatial) > 1 else piece[0], shape).copy()
