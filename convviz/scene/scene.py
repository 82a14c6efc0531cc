"""The Scene: marks, a timeline over them, links between them, and the words of every step.

Any step can be reached directly: `scene.at(t)` is the whole picture at t, and depends on nothing drawn before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from convviz.layers import Formula
from convviz.scene.links import Link, Relation, of_steps, related
from convviz.scene.marks import STATES, Floats, Grid, Ints, Label, Shape, looks_at_rest
from convviz.text import DEFAULT, fill

REFERENCE = re.compile(r"\[([a-z]+)\|([^\]]*)\]")
"""Words that name a part of the picture: [role|words]."""


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


@dataclass(frozen=True, eq=False)
class StepTexts:
    """Cells whose texts change at each step: marks (n,), texts: a row of n per step."""

    marks: Ints
    texts: list[list[str]]


@dataclass(frozen=True, eq=False)
class Events:
    """Texts written at a step and kept until written again: steps (m,) in rising order, marks (m,), texts."""

    steps: Ints
    marks: Ints
    texts: list[str]


@dataclass(frozen=True, eq=False)
class Sentences:
    """One sentence per step: a template for each kind of step, the number of the template of each step, and the columns
    that fill the places (see `convviz.text`)."""

    templates: tuple[str, ...]
    chosen: Ints
    columns: dict[str, list[Any]]


@dataclass(frozen=True)
class Equation:
    """The arithmetic of a step, read from the texts of cells.

    left, right: tracks whose cells are multiplied pair by pair (right "" where nothing is multiplied); result: the
    track whose first cell shows the result, or "" if there is none; head, join, tail: the text around and between
    the terms, with {places} filled from the sentences' columns.
    """

    left: str
    right: str
    result: str
    head: str = ""
    join: str = " + "
    tail: str = ""


@dataclass(frozen=True, eq=False)
class Frame:
    """The picture at one step.

    states: (cells,) indices into STATES; looks: (cells,) indices into LOOKS; texts: of every cell; points: where those
    of each shape lie, None where it is hidden.
    """

    step: int
    states: Ints
    looks: Ints
    texts: list[str]
    points: list[Floats | None]


@dataclass(frozen=True, eq=False)
class Scene:
    """What is seen, at every step. See the module's docstring. language: of its titles and sentences."""

    name: str
    view: str
    steps: int
    row_length: int
    grids: tuple[Grid, ...]
    tracks: tuple[Track, ...]
    shapes: tuple[Shape, ...] = ()
    labels: tuple[Label, ...] = ()
    step_texts: tuple[StepTexts, ...] = ()
    events: Events | None = None
    sentences: Sentences | None = None
    equation: Equation | None = None
    formulas: tuple[Formula, ...] = ()
    links: tuple[Link, ...] = ()
    language: str = DEFAULT

    @cached_property
    def track(self) -> dict[str, Track]:
        return {track.name: track for track in self.tracks}

    @cached_property
    def cells(self) -> int:
        return sum(grid.count for grid in self.grids)

    @cached_property
    def roles(self) -> Ints:
        """(cells,): the role of every cell."""
        return np.concatenate([grid.roles for grid in self.grids])

    @cached_property
    def levels(self) -> Ints:
        """(cells,): the level of every cell; 0 where its role has no scale."""
        return np.concatenate([np.zeros(g.count, dtype=np.int64) if g.levels is None else g.levels for g in self.grids])

    @cached_property
    def _rest(self) -> Ints:
        return looks_at_rest(self.roles, self.levels)

    @cached_property
    def born(self) -> Ints:
        """(cells,): the step from which every cell has its value."""
        return np.concatenate([np.zeros(g.count, dtype=np.int64) if g.born is None else g.born for g in self.grids])

    @cached_property
    def corners(self) -> Floats:
        """(cells, 4, 2): the corners of every cell."""
        return np.concatenate([grid.corners for grid in self.grids])

    @cached_property
    def _texts(self) -> np.ndarray[Any, Any]:
        return np.array([text for grid in self.grids for text in grid.texts], dtype=object)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom of all marks, in cells; labels take half their size around them."""
        outlines = np.concatenate([grid.outline for grid in self.grids])
        low, high = outlines.min(axis=0), outlines.max(axis=0)
        for label in self.labels:
            width = 0.56 * label.size * sum(1.7 if ord(c) > 0x2E00 else 1.0 for c in label.text)
            left = label.at[0] - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[label.align]
            low = np.minimum(low, [left, label.at[1] - label.size * 0.6])
            high = np.maximum(high, [left + width, label.at[1] + label.size * 0.6])
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def states_at(self, t: int) -> Ints:
        """(cells,): indices into STATES; where two tracks name a cell, the later one holds."""
        states = np.where(self.born > t, STATES.index("pending"), 0)
        for track in self.tracks:
            if track.state:
                marks = track.marks[t]
                states[marks[marks >= 0]] = STATES.index(track.state)
        return states

    def texts_at(self, t: int) -> list[str]:
        """The text of every cell; empty until its value is there."""
        texts = np.where(self.born > t, "", self._texts)
        for told in self.step_texts:
            texts[told.marks] = told.texts[t]
        if self.events is not None:
            until = int(np.searchsorted(self.events.steps, t, side="right"))
            texts[self.events.marks[:until]] = self.events.texts[:until]
        return list(texts)

    def points_at(self, t: int) -> list[Floats | None]:
        """(n, 2) for every shape: where its anchors lie."""
        points: list[Floats | None] = []
        for shape in self.shapes:
            marks = [int(self.track[a.track].marks[t, a.column]) for a in shape.anchors]
            corners = [self.corners[mark, a.corner] for mark, a in zip(marks, shape.anchors, strict=True)]
            points.append(None if min(marks) < 0 else np.array(corners))
        return points

    def at(self, t: int) -> Frame:
        """The picture at step t."""
        if not 0 <= t < self.steps:
            raise IndexError(f"step {t} of {self.steps}")
        states = self.states_at(t)
        return Frame(t, states, self._rest + states, self.texts_at(t), self.points_at(t))

    def sentence(self, t: int, marked: bool = False) -> str:
        """The sentence of step t; `marked` keeps its references to parts of the picture."""
        if self.sentences is None:
            return ""
        text = fill(self.sentences.templates[int(self.sentences.chosen[t])], self._values(t))
        return text if marked else REFERENCE.sub(r"\2", text)

    def _values(self, t: int) -> dict[str, object]:
        return {name: column[t] for name, column in self.sentences.columns.items()} if self.sentences else {}

    def arithmetic(self, t: int) -> str:
        """The sum of step t, as text: what stands beside the picture."""
        if self.equation is None:
            return ""
        e, texts = self.equation, self.texts_at(t)
        left = self.track[e.left].marks[t]
        right = self.track[e.right].marks[t] if e.right else left
        pairs = [(texts[a], texts[b]) for a, b in zip(left, right, strict=True) if a >= 0 and b >= 0]
        terms = [f"{a}·{factor(b)}" if e.right else a for a, b in pairs]
        result = f" = {texts[int(self.track[e.result].marks[t, 0])]}" if e.result else ""
        none = "0" if e.result else ""
        tail = fill(e.tail, self._values(t)) if self.sentences else e.tail
        return f"{e.head}{e.join.join(terms) or none}{tail}{result}"

    @cached_property
    def relation(self) -> Relation:
        """What each cell is made of and what it feeds: by the links, or else by what each step reads and writes."""
        return related(self.links or of_steps(self.tracks))

    def cone(self, mark: int) -> dict[int, int]:
        """{cell: depth} of what lights up for a cell: all that it is made of, or, of an input, all that it feeds."""
        return self.relation.cone(mark)


def factor(text: str) -> str:
    """A number next to a sign: a negative one in brackets."""
    return f"({text})" if text.startswith("−") else text
