"""What the cells of a board hold, before they have their places."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from convviz.layers.linear import Array
from convviz.scene.marks import Editable, Ints, Point, Scale


@dataclass(frozen=True, eq=False)
class Filled:
    """What the cells of a board hold: see `Layout.board`. roles, born: of one channel; texts, levels,
    values: of all, values in (channels, cells) as they are drawn; room: cells that stay free right of each plane and
    below it."""

    roles: Ints
    texts: list[str]
    born: Ints | None
    levels: Ints | None
    longest: int
    array: str
    places: tuple[tuple[int, int, int], ...]
    values: Array | None
    scale: Scale | None
    room: Point = (0.0, 0.0)

    def editable(self, channel: int, piece: int) -> Editable | None:
        """Where values can be typed in one plane; a slice of padding or of inserted zeros has none."""
        if not self.array:
            return None
        (_, _, rows), (_, _, columns) = ((0, 1, 1), (0, 1, 1), *self.places)[-3:][1:]
        start = channel * prod(count for _, _, count in self.places)
        if len(self.places) == 3:
            first, step, count = self.places[0]
            inside, off = divmod(piece - first, step)
            if off or not 0 <= inside < count:
                return None
            start += inside * rows * columns
        return Editable(self.array, start, *((0, 1, 1), *self.places)[-2:])


@dataclass(frozen=True)
class Block:
    """A board: the number of its first cell, its spatial shape, and whether its planes are rotated 180°.

    pitch: on each axis, how many cells lie from one value to the next: more than 1 where gaps are drawn between them.
    """

    first: int
    shape: tuple[int, ...]
    turned: bool = False
    pitch: tuple[int, ...] = ()

    def marks(self, channel: int | Ints, cells: Ints) -> Ints:
        """The cell numbers of flat spatial indices in one channel; gaps are not counted among these."""
        count = prod(self.shape)
        if any(step > 1 for step in self.pitch):
            own = tuple((size - 1) // step + 1 for size, step in zip(self.shape, self.pitch, strict=True))
            places = [at * step for at, step in zip(np.unravel_index(cells, own), self.pitch, strict=True)]
            cells = np.ravel_multi_index(tuple(places), self.shape)
        return self.first + channel * count + (count - 1 - cells if self.turned else cells)


def turned_texts(texts: list[str], cells: int, turned: bool) -> list[str]:
    """The texts of planes of so many cells, each of them last first where they are turned."""
    starts = range(0, len(texts), cells)
    return [text for start in starts for text in texts[start : start + cells][::-1]] if turned else texts
