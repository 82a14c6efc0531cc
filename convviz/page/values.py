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
from convviz.page.boxes import boxed, patch, plane, spread
from convviz.page.inked import cells, held_out, inked, picked
from convviz.page.packed import MARK, PLAIN, packed_numbers, unpacked_numbers
from convviz.page.shapes import SHAPES
from convviz.page.shapes import shape as drawn
from convviz.pictures import COLOURED, PHOTOGRAPHS
from convviz.scene.roles import COLOURS
from convviz.scene.shades import FEW
from convviz.series import SERIES, Series, series
from convviz.tokens import SENTENCES, tokens

MOST = 999
"""The largest magnitude that can be typed into a cell: it still fits the cell."""

EDITS = 1_200
"""Cells that can be typed over: more than the largest board with numbers that can be read has."""

PATCH = 33
"""The most rows and columns of a patch of an uploaded picture, whose values are part of the link."""

LISTED = 1 + PATCH**2
LONGEST = 24_000
"""Letters of a text of values that is read."""

_LETTERS = {
    "seed": "s",
    "photo": "p",
    "shape": "h",
    "list": "v",
    "kernel": "k",
    "series": "y",
    "sentence": "t",
    "own": "u",
    "digit": "d",
    "drawn": "b",
}
_COUNTS = {"seed": (1,), "photo": (2, 4), "shape": (1,), "list": range(2, LISTED + 1), "series": (1,), "sentence": (1,)}
_COUNTS |= {"own": (3,), "digit": (1,), "drawn": (0,)}
_NUMBER = re.compile(r"-?\d{1,4}(\.\d{1,3})?")


@dataclass(frozen=True)
class Values:
    """kind: "seed" (small whole numbers), "photo" (of a bundled photograph), "own" (of a picture that was brought),
    "shape", "list" (given ones), "series" (real numbers, one a year), "sentence" (features of words), "digit" (a
    held-out one), "drawn" (a digit that somebody drew, `name` being its text: see `convviz.page.inked`), or, of
    weights, "kernel" (one by its name).

    numbers: the seed; or the place of the photograph in PHOTOGRAPHS, and the row, column and size of the box that is
    averaged, or the row and column of a patch of the first one, pixel by pixel; or such a box of the picture that was
    brought, whose name is `name`; or the place of the shape in SHAPES, of the series in SERIES, whose newest values are
    taken, of the sentence in SENTENCES, or of the digit among those held out; or the width and the values in raster
    order, a row for each channel in one dimension. edits: (flat index, value) pairs in the order of typing.

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
        if self.kind in ("photo", "own"):
            return True
        return self.kind == "list" and max(self.numbers[1:]) > FEW and min(self.numbers) >= 0

    def in_colour(self, channels: int) -> bool:
        """Whether so many channels are the red, the green and the blue of a photograph."""
        bundled = self.kind == "photo" and len(self.numbers) > 2 and self.numbers[0] in COLOURED
        return channels == len(COLOURS) and (self.kind == "own" or bundled)

    def text(self) -> str:
        """The values as short text; `values_from_text` reads it."""
        said = list(SHAPES)[int(self.numbers[0])] if self.kind == "shape" else "_".join(map(_brief, self.numbers))
        head = _LETTERS[self.kind] + self.name + "_" * (self.kind == "own") + said
        return head + "".join(f"~{index}:{_brief(value)}" for index, value in self.edits)

    @property
    def packed(self) -> str:
        """The text that a link has: that of `text`, or a shorter one that nobody can read, where it would be long."""
        text = self.text()
        if len(text) <= PLAIN or self.kind == "drawn":
            return text
        head, *_ = text.split("~")
        named = head if self.kind in ("shape", "kernel") else _LETTERS[self.kind]
        numbers = () if named == head else self.numbers
        return min(text, packed_numbers(named, numbers, self.edits), key=len)

    def array(self, shape: tuple[int, ...], least: int, most: int, offset: int = 0) -> Array:
        """The values of an array; edits beyond its end wait until it grows again.

        least, most: the range of seeded numbers; offset: tells arrays with one seed apart. Raises LayerError for a
        patch outside the photograph.
        """
        return self.arrays([shape], least, most, offset)[0]

    def arrays(self, shapes: Sequence[tuple[int, ...]], least: int, most: int, offset: int = 0) -> list[Array]:
        """The values of several arrays, each with seeded numbers of its own; edits count through all of them."""
        return self.typed([self._plain(shape, least, most, offset + n) for n, shape in enumerate(shapes)])

    def typed(self, tables: Sequence[Array]) -> list[Array]:
        """Arrays with what is typed over their cells, counted through all of them."""
        found, first = [], 0
        for given in tables:
            table = given.copy()
            edits = [(index - first, value) for index, value in self.edits if first <= index < first + table.size]
            if any(value != int(value) for _, value in edits):
                table = table.astype(np.float64)
            for index, value in edits:
                table.flat[index] = value
            found.append(table)
            first += table.size
        return found

    def _plain(self, shape: tuple[int, ...], least: int, most: int, offset: int) -> Array:
        if self.kind == "photo" and len(self.numbers) == 2:
            return patch(int(self.numbers[0]), int(self.numbers[1]), shape)
        if self.kind in ("photo", "own"):
            return boxed(self.name, *map(int, self.numbers), colours=self.in_colour(shape[0]), shape=shape)
        if self.kind == "shape":
            return spread(drawn(list(SHAPES)[int(self.numbers[0])], *plane(shape)), shape)
        if self.kind == "series":
            return spread(newest(int(self.numbers[0]), shape[-1]).values[None], shape)
        if self.kind == "list":
            return _listed(self.numbers, shape)
        if self.kind in ("digit", "drawn"):
            found = picked(int(self.numbers[0])) if self.kind == "digit" else inked(self.name)
            return spread(_fitted(found, *plane(shape)), shape)
        if self.kind == "sentence":
            return _channels(tokens(list(SENTENCES)[int(self.numbers[0])]), shape)
        if self.kind == "kernel" and not (kernel := KERNELS[self.name]).missing(shape[2:]):
            return np.broadcast_to(kernel.weights(shape[2:]), shape).copy()
        return small_integers(shape, int(sum(self.numbers[:1])) + offset, least, most)

    def moved(self, shape: tuple[int, ...], to: tuple[int, ...]) -> Values:
        """These values for an array of another shape, what is typed over each cell staying at its row and column.

        >>> Values("seed", (3,), ((4, -2),)).moved((1, 3, 3), (1, 3, 5)).edits
        ((6, -2),)
        """
        if shape == to or not self.edits:
            return self
        inside = [(np.unravel_index(index, shape), value) for index, value in self.edits if index < np.prod(shape)]
        kept = [(at, value) for at, value in inside if all(n < size for n, size in zip(at, to, strict=True))]
        return replace(self, edits=tuple((int(np.ravel_multi_index(at, to)), value) for at, value in kept))

    def edited(self, index: int, value: object) -> Values:
        """These values with one typed over; a second edit of a cell replaces the first. Raises LayerError for a number
        that does not fit, and where EDITS others are typed over."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= MOST:
            raise LayerError("cell", "value", {"value": 0}, value=value, least=-MOST, most=MOST, nearest=0)
        kept = tuple(edit for edit in self.edits if edit[0] != index)
        if len(kept) == EDITS:
            raise LayerError("edits", "values", None, value=EDITS + 1, most=EDITS)
        return replace(self, edits=(*kept, (index, round(float(value), 3))))


def newest(number: int, count: int) -> Series:
    """The last `count` values of a bundled series; raises LayerError where it does not have so many.

    >>> newest(0, 3).times.tolist()
    [2006, 2007, 2008]
    """
    whole = series(SERIES[number])
    if count > len(whole.times):
        most = len(whole.times)
        raise LayerError("series_long", "values", {"input_size": most}, value=count, most=most, nearest=most)
    return whole.part(int(whole.times[-count]), count)


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
    rows = rows.astype(np.int64) if (rows == rows.round()).all() else rows
    if len(shape) == 2 and len(rows) > 1:
        return _channels(rows, shape)
    height, length = plane(shape)
    return spread(_fitted(rows, height, length), shape)


def _channels(rows: Array, shape: tuple[int, ...]) -> Array:
    """(channels, *spatial) values along the last axis, a row for each channel; the rest is 0."""
    table = _fitted(rows, shape[0], shape[-1])
    return np.broadcast_to(table.reshape(shape[0], *[1] * (len(shape) - 2), shape[-1]), shape).copy()


def _fitted(rows: Array, height: int, length: int) -> Array:
    """The first rows and columns of a table, or the table with zeros behind and below it."""
    table = np.zeros((height, length), dtype=rows.dtype)
    kept = rows[:height, :length]
    table[: kept.shape[0], : kept.shape[1]] = kept
    return table


def values_from_text(text: str) -> Values:
    """The values that a text describes; raises LayerError if it is not valid.

    >>> values_from_text("p40_60").numbers
    (40.0, 60.0)
    """
    text = readable(text) if isinstance(text, str) else ""
    head, *edits = text.split("~") if len(text) <= LONGEST else [""]
    kind = next((kind for kind, letter in _LETTERS.items() if letter == head[:1]), "")
    parts = head[1:].split("_")
    name = parts.pop(0) if kind in ("own", "drawn") else ""
    given = _shape_number(head[1:]) if kind == "shape" else [_number(part) for part in parts]
    numbers = tuple(n for n in given if n is not None)
    if kind == "drawn":
        cells(name)
    if not kind or len(numbers) < len(given) or not _possible(kind, numbers) or len(edits) > EDITS:
        raise LayerError("values", "values", {"values": "s0"}, value=text, nearest="s0")
    typed: dict[int, float] = {}
    for edit in edits:
        index, _, value = edit.partition(":")
        number = _number(value)
        if number is None or abs(number) > MOST or not (index.isdigit() and index.isascii() and len(index) <= 5):
            raise LayerError("values", "values", {"values": "s0"}, value=text, nearest="s0")
        typed[int(index)] = number
    return Values(kind, numbers, tuple(typed.items()), name)


def readable(text: str) -> str:
    """The plain text of a packed one, and of any other itself; raises LayerError if it cannot be unpacked."""
    if text[:1] != MARK:
        return text
    try:
        head, numbers, edits = unpacked_numbers(text)
    except ValueError:
        raise LayerError("values", "values", {"values": "s0"}, value=text, nearest="s0") from None
    told = "_".join(map(_brief, numbers)) + "".join(f"~{index}:{_brief(value)}" for index, value in edits)
    return head + told


def _shape_number(name: str) -> list[float | None]:
    return [float(list(SHAPES).index(name)) if name in SHAPES else None]


def _possible(kind: str, numbers: tuple[float, ...]) -> bool:
    """Whether there are such numbers of a kind: of a list, only its width is restricted."""
    whole = [n >= 0 and n == int(n) for n in (numbers[:1] if kind == "list" else numbers)]
    if len(numbers) not in _COUNTS[kind] or not all(whole):
        return False
    if kind == "list":
        return numbers[0] >= 1
    if kind == "digit":
        return numbers[0] < len(held_out())
    if kind == "series":
        return numbers[0] < len(SERIES)
    if kind == "sentence":
        return numbers[0] < len(SENTENCES)
    return kind != "photo" or len(numbers) == 2 or numbers[0] < len(PHOTOGRAPHS)


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) and text.isascii() else None
