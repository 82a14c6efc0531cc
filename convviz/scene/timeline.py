"""A scene's timeline: which cells take part in a step, and which texts, notes, sentences and sums it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from convviz.scene.marks import Ints
from convviz.scene.roles import STATES


def padded(rows: Sequence[Sequence[int] | Ints]) -> Ints:
    """Rows of unequal length as one table, -1 where there is nothing."""
    table = np.full((len(rows), max(1, *(len(row) for row in rows))), -1)
    for row, marks in zip(table, rows, strict=True):
        row[: len(marks)] = marks
    return table


@dataclass(frozen=True, eq=False)
class Track:
    """For each step, the cells that play one part in it.

    marks: (steps, n) cell numbers, -1 for none; state: what they then are ("" leaves them as they are);
    end: "source" or "target" of the step's links, or "" for neither; part: of a picture made of several, the one whose
    sources and targets it joins.
    """

    name: str
    marks: Ints
    state: str = ""
    end: str = ""
    part: int = 0

    def within(self, before: int, steps: int) -> Track:
        """The same among `steps` steps, after `before` others; it names no cell at those."""
        marks = np.full((steps, self.marks.shape[1]), -1)
        marks[before : before + len(self.marks)] = self.marks
        return replace(self, marks=marks)


@dataclass(frozen=True, eq=False)
class StepTexts:
    """Cells whose texts change at each step: marks (n,), texts: n for each step, one after the other, tones: (steps, n)
    their levels, values: (steps, n) what these are the levels of. Without texts the tones alone change.

    like: the track whose first n cells bear the same texts at each step, if there is one.
    """

    marks: Ints
    texts: list[str]
    tones: Ints | None = None
    like: str = ""
    values: Any = None

    def row(self, t: int) -> list[str]:
        """The texts of step t."""
        return self.texts[t * len(self.marks) : (t + 1) * len(self.marks)]

    def within(self, before: int, steps: int) -> StepTexts:
        """The same among `steps` steps, after `before` others; the cells bear nothing at those."""
        width = len(self.marks)
        after = steps - before - len(self.texts) // width
        tones = None if self.tones is None else np.pad(self.tones, ((before, after), (0, 0)))
        texts = [""] * (before * width) + self.texts + [""] * (after * width)
        return replace(self, texts=texts, tones=tones, values=None)

    def paced(self, at: Ints) -> StepTexts:
        """The same, step t telling of what was step at[t]."""
        texts = [text for step in at.tolist() for text in self.row(step)] if self.texts else []
        tones, values = (None if rows is None else rows[at] for rows in (self.tones, self.values))
        return replace(self, texts=texts, tones=tones, values=values)


@dataclass(frozen=True, eq=False)
class Notes:
    """Small texts in a corner of the cells that a track names: a text for each of its columns, and a row of them for
    each step, or one row for all; an empty text is no note."""

    track: str
    texts: list[list[str]]

    def row(self, t: int) -> list[str]:
        """Those of step t."""
        return self.texts[t if len(self.texts) > 1 else 0]

    def within(self, before: int, steps: int) -> Notes:
        """The same among `steps` steps, after `before` others, at which the track names no cell."""
        rows = self.texts
        others = steps - before - len(rows)
        return self if len(rows) == 1 else replace(self, texts=[rows[0]] * before + rows + [rows[0]] * others)

    def paced(self, at: Ints) -> Notes:
        """The same, step t having those of what was step at[t]."""
        return self if len(self.texts) == 1 else replace(self, texts=[self.texts[step] for step in at.tolist()])


@dataclass(frozen=True, eq=False)
class Events:
    """Texts written at a step and kept until written again: steps (m,) in rising order, marks (m,), texts, tones, (m,)
    their levels, and values, (m,) what these are the levels of."""

    steps: Ints
    marks: Ints
    texts: list[str]
    tones: Ints | None = None
    values: Any = None


@dataclass(frozen=True, eq=False)
class Differing:
    """Cells that bear the mark of a difference: marks (n,), each from one of `steps` (n,) on; pairs: (2, m), all cells
    of one place, whether they differ or not; brief: whether each bears it at that one step alone."""

    marks: Ints
    steps: Ints
    pairs: Ints
    brief: bool = False

    def at(self, t: int, states: Ints, covered: Ints) -> tuple[int, ...]:
        """Those that bear it at step t, where cells have these states; what is pending or covered bears none."""
        due = self.steps == t if self.brief else self.steps <= t
        here = due & (states[self.marks] != STATES.index("pending")) & ~np.isin(self.marks, covered)
        return tuple(self.marks[here].tolist())


@dataclass(frozen=True, eq=False)
class Detail:
    """Boards that another picture shows larger: grids, (n,) their numbers; turn: what shows it, {view, arguments}."""

    grids: Ints
    turn: Mapping[str, object]


@dataclass(frozen=True, eq=False)
class Pick:
    """Cells a click on which chooses something: name: of the dial that it turns; marks: (n,) the cells; values: (n,),
    or (steps, n) where it depends on the step, what each chooses, 0 for nothing; step: the one that stands at what is
    chosen now, -1 where none does."""

    name: str
    marks: Ints
    values: Ints
    step: int = -1


@dataclass(frozen=True, eq=False)
class Sentences:
    """One sentence per step: a template for each kind of step, the number of the template of each step, and the columns
    that fill the places (see `convviz.text`)."""

    templates: tuple[str, ...]
    chosen: Ints
    columns: dict[str, list[Any]]


@dataclass(frozen=True, eq=False)
class Equation:
    """The arithmetic of one cell that a step writes, read from the texts of cells.

    left, right: tracks whose cells are multiplied pair by pair (right "" where nothing is multiplied); result: the
    track that shows the result in this column, or "" if there is none; head, join, tail: the text around and between
    the terms; columns: what fills {places} of head and tail, and of the step's sentence, where the words are about
    this result; other places are filled from the sentences' columns.
    """

    left: str
    right: str
    result: str
    head: str = ""
    join: str = " + "
    tail: str = ""
    column: int = 0
    columns: dict[str, list[Any]] = field(default_factory=dict)

    def within(self, before: int, steps: int) -> Equation:
        """The same among `steps` steps, after `before` others, at which it has no result."""
        columns = {
            name: [*column[:1] * before, *column, *column[:1] * (steps - before - len(column))]
            for name, column in self.columns.items()
        }
        return replace(self, columns=columns)

    @property
    def adds(self) -> bool:
        """Whether its terms are added up."""
        return "+" in self.join
