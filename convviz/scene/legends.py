"""The scales of the boards' tones: a bar of all tones beside each board, with its least value, 0 and its greatest.

Legends find their own place: below their board, or on another side of it where something lies there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from convviz.scene.layout import TITLE, TITLE_ROOM, text_width
from convviz.scene.marks import Box, Floats, Grid, Label, Point
from convviz.scene.roles import TONES

WIDE = 26.0
"""Cells across up to which a page shows every picture so large that all its numbers can be read."""

LENGTH = (2.8, 5.0)
"""The least and the greatest length of a bar, in cells."""

HEIGHT = 0.2
NUMBER = 0.33
GAP = 0.15
"""The height of a bar, the size of its numbers, and the distance from what it belongs to, in cells."""


@dataclass(frozen=True)
class Legend:
    """The scale of the tones of a board.

    grids: the numbers of the board's grids, in the order of the scene's; at: where the bar begins; width, height: of
    the bar, which has one part for each of TONES; labels: its numbers, below it. It is seen where the tones are.
    """

    grids: tuple[int, ...]
    at: Point
    width: float
    height: float
    labels: tuple[Label, ...]

    @property
    def box(self) -> Box:
        """What it takes up."""
        (left, top), right = self.at, self.at[0] + self.width
        return around([(left, top, right, top + self.height), *map(label_box, self.labels)])

    def part(self, tone: int) -> Box:
        """Where one of TONES stands in the bar."""
        step = self.width / len(TONES)
        left = self.at[0] + (tone - TONES[0]) * step
        return left, self.at[1], left + step, self.at[1] + self.height


def label_box(label: Label) -> Box:
    """Roughly what a label takes up: half its size and a little more above and below its middle."""
    width, half = text_width(label.text, label.size), label.size * 0.6
    left = label.at[0] - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[label.align]
    return left, label.at[1] - half, left + width, label.at[1] + half


def box_of(points: Floats) -> Box:
    """The smallest box around (n, 2) points."""
    (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return left, top, right, bottom


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box around all."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def legends(
    grids: tuple[Grid, ...], labels: tuple[Label, ...], lines: tuple[Floats, ...] = (), hangs: bool = False
) -> tuple[Legend, ...]:
    """A legend for each board that has a scale wider than nothing, in the order of the boards; clear of all lines.

    hangs: whether a window is drawn that does not fit, which takes the room beside its board.
    """
    zoom = max((label.size / TITLE for label in labels if label.role == "title"), default=1.0)
    boards: dict[int, list[int]] = {}
    for number, grid in enumerate(grids):
        if grid.scale is not None and grid.scale.most:
            boards.setdefault(id(grid.scale), []).append(number)
    rooms = [grid.ample if hangs else grid.box for grid in grids]
    taken = [*rooms, *map(label_box, labels), *map(box_of, lines)]
    found = []
    for numbers in boards.values():
        board = around(grids[n].box for n in numbers)
        board = (*board[:3], around(rooms[n] for n in numbers)[3])  # also below a window that does not fit
        scale = grids[numbers[0]].scale
        assert scale is not None
        places = _places(tuple(numbers), board, scale.text, zoom, taken)
        free = next(legend for legend in places if _is_free(legend, taken))
        found.append(free)
        taken.append(free.box)
    return tuple(found)


def _places(numbers: tuple[int, ...], board: Box, most: str, zoom: float, taken: list[Box]) -> Iterable[Legend]:
    """Below the board, or below its caption, right of it, above, left of it; or below all that lies below it."""
    left, top, right, bottom = board
    middle, level, gap = (left + right) / 2, (top + bottom) / 2, GAP * zoom
    one = legend_at((0.0, 0.0), numbers, most, zoom, right - left)
    _, _, width, height = one.box
    deepest = max(box[3] for box in taken)
    spots = (
        (middle - width / 2, bottom + gap),
        (middle - width / 2, bottom + TITLE_ROOM * zoom + gap),
        (right + 2 * gap, level - height / 2),
        (middle - width / 2, top - gap - height),
        (left - 2 * gap - width, level - height / 2),
        (middle - width / 2, deepest + gap),
    )
    return (legend_at(spot, numbers, most, zoom, right - left) for spot in spots)


def legend_at(at: Point, numbers: tuple[int, ...], most: str, zoom: float, breadth: float) -> Legend:
    """A legend whose box begins at a point, for a board so many cells wide."""
    least = max(LENGTH[0] * zoom, 2.6 * text_width(f"−{most}", NUMBER * zoom))
    width, height = max(least, min(breadth, LENGTH[1] * zoom)), HEIGHT * zoom
    left, level = at[0], at[1] + height + 0.7 * NUMBER * zoom
    ends = ((left, f"−{most}", "start"), (left + width / 2, "0", "middle"), (left + width, most, "end"))
    labels = tuple(
        Label(f"scale:{numbers[0]}", "axis", (x, level), text, align, NUMBER * zoom) for x, text, align in ends
    )
    return Legend(numbers, at, width, height, labels)


def _is_free(legend: Legend, taken: list[Box]) -> bool:
    left, top, right, bottom = legend.box
    return not any(left < box[2] and box[0] < right and top < box[3] and box[1] < bottom for box in taken)
