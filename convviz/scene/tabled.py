"""The rows of a network as columns of cells: those around the current row where there are too many to be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from convviz.counted import Counted, along, counted
from convviz.network import Network
from convviz.scene.layout import Layout, times
from convviz.scene.marks import Ints, Label
from convviz.scene.naming import named
from convviz.scene.roles import ROLES
from convviz.scene.timeline import StepTexts
from convviz.scene.tones import scale_of, toned
from convviz.text import say

COLUMNS = {
    "number": 1.1,
    "layer": 9.2,
    "shape": 4.2,
    "weights": 3.6,
    "macs": 4.2,
    "field": 2.6,
    "jump": 1.7,
    "padding": 3.1,
    "centre": 2.3,
}
"""The columns, and how many heights of a row each is wide."""

COSTS = ("weights", "macs")
"""Columns whose numbers are seen as tones."""

ROLE = {"weights": "kernel", "macs": "product", "field": "input"}
"""What the cells of a column are, where they are parts that words may name."""

SPARE = 2
"""How many more rows are written, rather than to leave so few out."""

LETTERS = 0.42
"""How high the letters are, in rows."""

NAMED, LONG = 0.284, 12.3
"""The width of a letter of a layer's name, and the most that the column of names is wide."""

LETTER, FREE = 0.34, 0.7
"""The width of a letter in a column that is as wide as its texts, and how many letters are free in it."""


def letters(text: str) -> float:
    """Letters as wide as digits, at least as many as `player/afar.js` counts: capitals and signs are wider.

    >>> letters("64 × 7"), letters("卷积"), letters("LU")
    (5.25, 4.0, 2.5)
    """
    wide = {**dict.fromkeys(".,· ", 0.5), "×": 1.25}
    return sum(2.0 if one > "\u2e00" else wide.get(one, 1.25 if one.isupper() else 1.0) for one in text)


def texts_of(row: Counted, language: str) -> dict[str, str]:
    """What a row says in each column."""
    told = row.told
    return {
        "number": str(row.number),
        "layer": named(row, language),
        "shape": times(row.shape),
        "weights": f"{row.parameters:,}",
        "macs": f"{row.macs:,}",
        "field": along(told.field),
        "jump": row.jump,
        "padding": along(told.padding),
        "centre": along(told.centre),
    }


@dataclass
class Table:
    """The table as it is laid out.

    high: how many rows are written at once, the input's among them; fits: whether each column is as wide as its texts,
    which else may be small; rows: those of the network; cells: of each column, (high,) the numbers of its cells; told:
    what they bear at each step, where not all rows are written at once; widths: of the columns.
    """

    layout: Layout
    network: Network
    high: int
    fits: bool = False
    rows: tuple[Counted, ...] = ()
    cells: dict[str, Ints] = field(default_factory=dict)
    told: list[StepTexts] = field(default_factory=list)
    width: float = 0.0
    widths: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = counted(self.network)
        if self.steps + 1 <= self.high + SPARE:
            self.high = self.steps + 1

    @property
    def steps(self) -> int:
        """One for each row but the input's."""
        return len(self.rows)

    @property
    def whole(self) -> bool:
        """Whether all rows are written at any step."""
        return self.high == self.steps + 1

    @cached_property
    def first(self) -> Ints:
        """(steps,): the number of the row that is written first; the input's is 0."""
        return np.clip(np.arange(1, self.steps + 1) - self.high // 2, 0, self.steps + 1 - self.high)

    @cached_property
    def written(self) -> Ints:
        """(steps, high): the numbers of the rows that are written."""
        return self.first[:, None] + np.arange(self.high)

    def draw(self, columns: Sequence[str]) -> None:
        """Add the columns, with their heads over them."""
        language = self.layout.language
        said = [texts_of(row, language) for row in self.rows]
        given = {"layer": say("table.input", language), "shape": times(self.network.x_shape), "field": "1", "jump": "1"}
        for name in columns:
            texts = [given.get(name, ""), *(one[name] for one in said)]
            head, about = say(f"table.{name}", language), ROLE.get(name, "")
            longest = max(map(letters, (head, *texts)))
            roomy = min(LONG, max(COLUMNS[name], NAMED * max(map(len, texts)))) if name == "layer" else COLUMNS[name]
            wide = self.widths[name] = LETTER * (longest + FREE) if self.fits else roomy
            self._column(name, texts)
            at = (self.width + wide / 2, -0.5)
            self.layout.labels.append(Label(f"head:{name}", "axis", at, head, "middle", LETTERS, about))
            self.width += wide

    def _column(self, name: str, texts: list[str]) -> None:
        role, wide = ROLE.get(name, "zero"), self.widths[name]
        grid = self.layout.grid(
            name,
            (self.width, 0.0),
            (self.high, 1),
            np.full(self.high, ROLES.index(role)),
            texts if self.whole else [""] * self.high,
            lattice=((wide, 0.0), (0.0, 1.0)),
            text_size=LETTERS / wide,
            longest=max(map(len, texts)),
        )
        self.cells[name] = grid.first + np.arange(self.high)
        shown = [] if self.whole else [texts[n] for n in self.written.ravel().tolist()]
        if name in COSTS:
            costs = np.array([0, *(self._cost(name, row) for row in self.rows)])
            seen = costs[self.written]
            self.layout.grids[-1] = replace(grid, tones=np.zeros(self.high, dtype=np.int64))  # at each step its own
            self.told.append(StepTexts(self.cells[name], shown, toned(seen, scale_of(costs)), values=seen))
        elif shown:
            self.told.append(StepTexts(self.cells[name], shown))

    @staticmethod
    def _cost(name: str, row: Counted) -> int:
        return row.parameters if name == "weights" else row.macs

    def place(self, number: int) -> Ints:
        """(steps,): where a row stands among those that are written, -1 where it is not."""
        at = number - self.first
        return np.where((at >= 0) & (at < self.high), at, -1)

    def marked(self, numbers: Sequence[Sequence[int]], columns: Sequence[str]) -> list[list[int]]:
        """For each step the cells of these rows in these columns."""
        found = []
        for t, wanted in enumerate(numbers):
            places = [int(self.place(n)[t]) for n in wanted]
            found.append([int(self.cells[name][at]) for name in columns for at in places if at >= 0])
        return found

    def picked(self) -> tuple[Ints, Ints]:
        """The cells of all columns, (n,), and the number of the row that each belongs to at every step, (steps, n)."""
        marks = np.concatenate(list(self.cells.values()))
        return marks, np.tile(self.written, (1, len(self.cells)))


def skipped(rows: Sequence[Counted]) -> Iterator[tuple[int, int, int]]:
    """The lines of what is read otherwise than from the row before: from which row, to which, and in which lane.

    Lines that would lie on one another have lanes of their own, the first nearest to the table.
    """
    lanes: list[int] = []
    for row in rows:
        for source in row.reads:
            if source == row.number - 1:
                continue
            lane = next((n for n, end in enumerate(lanes) if end < source), len(lanes))
            lanes[lane : lane + 1] = [row.number]
            yield source, row.number, lane
