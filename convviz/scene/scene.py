"""The Scene: marks, a timeline over them, links between them, and the words of every step.

Any step can be reached directly: `scene.at(t)` is the whole picture at t, and depends on nothing drawn before.
"""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass
from functools import cached_property
from math import inf
from operator import itemgetter
from typing import Any

import numpy as np

from convviz.layers import Formula
from convviz.scene.canvas import factor
from convviz.scene.covering import covered
from convviz.scene.frame import Frame
from convviz.scene.legends import WIDE, Legend, around, box_of, label_box, legends
from convviz.scene.lens import Lens
from convviz.scene.links import Link, Relation, of_steps, related
from convviz.scene.marks import NOTE_PX, TEXT_SIZE, Box, Floats, Grid, Image, Ints, Label, Shape
from convviz.scene.moments import Moment, pair, veil
from convviz.scene.roles import STATES, looks_at_rest
from convviz.scene.strokes import Curve, Edges
from convviz.scene.timeline import Detail, Differing, Equation, Events, Notes, Pick, Sentences, StepTexts, Track
from convviz.scene.tones import least_pixels
from convviz.text import DEFAULT, fill

REFERENCE = re.compile(r"\[([a-z]+)\|([^\]]*)\]")
"""Words that name a part of the picture: [role|words]."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What is seen, at every step. See the module's docstring.

    equations: one for each cell that a step writes and that has arithmetic of its own, as the cells of several maps
    have; a step's words are about the first, or about that of a cell that is asked for. language: of its words; toned:
    whether values are seen as tones also where numbers can be read; order: the tracks whose cells a step writes one
    after the other; seen: the most pixels a cell is taken to have, where it is decided what can be read; differing:
    cells that differ from another part's; parts: of a picture of two, these, in the order of its marks; images: pixels
    under grids; lens: what the browser tells of their pixels; grip: the grid on which what is seen is drawn along the
    steps, a cell down that of the next row; details: boards that are larger elsewhere; picks: cells that turn a dial.
    """

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
    equations: tuple[Equation, ...] = ()
    formulas: tuple[Formula, ...] = ()
    links: tuple[Link, ...] = ()
    language: str = DEFAULT
    toned: bool = False
    notes: tuple[Notes, ...] = ()
    order: tuple[str, ...] = ()
    curves: tuple[Curve, ...] = ()
    edges: tuple[Edges, ...] = ()
    seen: float = inf
    differing: Differing | None = None
    parts: tuple[Scene, ...] = ()
    images: tuple[Image, ...] = ()
    lens: Lens | None = None
    grip: int | None = None
    details: tuple[Detail, ...] = ()
    picks: tuple[Pick, ...] = ()

    @cached_property
    def track(self) -> dict[str, Track]:
        return {track.name: track for track in self.tracks}

    @cached_property
    def cells(self) -> int:
        return sum(grid.count for grid in self.grids)

    @cached_property
    def crowd(self) -> int:
        """How many of its cells are looked at one by one: not the places of an image."""
        places = {image.grid for image in self.images}
        return sum(grid.count for n, grid in enumerate(self.grids) if n not in places)

    @cached_property
    def roles(self) -> Ints:
        """(cells,): the role of every cell."""
        return np.concatenate([grid.roles for grid in self.grids])

    @cached_property
    def levels(self) -> Ints:
        """(cells,): the level of every cell; 0 where its role has no scale."""
        return np.concatenate([np.zeros(g.count, dtype=np.int64) if g.levels is None else g.levels for g in self.grids])

    @cached_property
    def tones(self) -> Ints:
        """(cells,): the level of every cell's value on its board's scale, where that does not change with the step."""
        return np.concatenate([np.zeros(g.count, dtype=np.int64) if g.tones is None else g.tones for g in self.grids])

    @cached_property
    def born(self) -> Ints:
        """(cells,): the step from which every cell has its value."""
        return np.concatenate([np.zeros(g.count, dtype=np.int64) if g.born is None else g.born for g in self.grids])

    @cached_property
    def covered(self) -> Ints:
        """The cells that a later board lies over: see `convviz.scene.covering`."""
        return covered(self.grids)

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
        return around([self._bare, *(legend.box for legend in self.legends)])

    @cached_property
    def _bare(self) -> Box:
        images = ((x, y, x + w, y + h) for x, y, w, h in map(self.image_box, self.images))
        curves = (box_of(curve.points) for curve in self.curves)
        return around([*(grid.ample for grid in self.grids), *images, *curves, *map(label_box, self.labels)])

    def image_box(self, image: Image) -> Box:
        """Left, top, width and height of an image, in cells."""
        return image.place(self.grids[image.grid])

    @cached_property
    def legends(self) -> tuple[Legend, ...]:
        """The scales of the boards' tones; none where every number can be read at any size that a page shows."""
        smallest = min(TEXT_SIZE, *(grid.text_share for grid in self.grids))
        across = (self._bare[2] - self._bare[0]) * TEXT_SIZE / smallest
        lines = tuple(curve.points for curve in self.curves)
        hangs = any(shape.role == "dropped" for shape in self.shapes)
        return legends(self.grids, self.labels, lines, hangs) if self.toned or across > WIDE else ()

    @cached_property
    def _wordless(self) -> list[bool]:
        """For every grid, whether none of its cells ever bears a text."""
        marks = [*(one.marks for one in self.step_texts), *([self.events.marks] if self.events else [])]
        told = set(np.concatenate(marks).tolist()) if marks else set()
        return [not any(g.texts) and told.isdisjoint(range(g.first, g.first + g.count)) for g in self.grids]

    def legible(self, cell: float) -> list[bool]:
        """For every grid, whether its numbers can be read where a cell is so many pixels wide."""
        wide = min(cell, self.seen)
        return [g.across[0] * wide >= least_pixels(g.roles, self.crowd, g.text_share) for g in self.grids]

    def shows_tones(self, cell: float = inf) -> list[bool]:
        """For every grid, whether its values are seen as tones where a cell is so many pixels wide."""
        pairs = zip(self._wordless, self.legible(cell), strict=True)
        return [self.toned or wordless or not legible for wordless, legible in pairs]

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
            if told.texts:
                texts[told.marks] = told.row(t)
        if self.events is not None:
            until = int(np.searchsorted(self.events.steps, t, side="right"))
            texts[self.events.marks[:until]] = self.events.texts[:until]
        return list(texts)

    def tones_at(self, t: int) -> Ints:
        """(cells,): the level of every cell's value on its board's scale; 0 where there is none."""
        levels = self.tones.copy()
        for told in self.step_texts:
            if told.tones is not None:
                levels[told.marks] = told.tones[t]
        if self.events is not None and self.events.tones is not None:
            until = int(np.searchsorted(self.events.steps, t, side="right"))
            levels[self.events.marks[:until]] = self.events.tones[:until]
        return levels

    def points_at(self, t: int) -> list[Floats | None]:
        """(n, 2) for every shape: where its anchors lie."""
        named = [[int(self.track[a.track].marks[t, a.column]) for a in shape.anchors] for shape in self.shapes]
        pairs = [list(zip(marks, shape.anchors, strict=True)) for marks, shape in zip(named, self.shapes, strict=True)]
        places = [np.array([a.at(self.corners[mark]) for mark, a in pair]) for pair in pairs]
        return [None if min(marks) < 0 else at for marks, at in zip(named, places, strict=True)]

    def lit_edges(self, t: int) -> list[Ints]:
        """Of each of `edges`, those that are lit at step t."""
        return [edges.lit(self.track[edges.track].marks[t]) for edges in self.edges]

    def at(self, t: int, cell: float = inf, moment: Moment | None = None) -> Frame:
        """The picture at step t, where a cell is so many pixels wide; without them, wide enough for every number.

        moment: how far the step has come; without one it is whole.
        """
        if not 0 <= t < self.steps:
            raise IndexError(f"step {t} of {self.steps}")
        states, texts, counts = self.states_at(t), self.texts_at(t), [grid.count for grid in self.grids]
        tones = self.tones_at(t)
        if moment is not None:
            hidden, counting = veil(self, t, moment)
            states[hidden] = np.where(self.born[hidden] == t, STATES.index("pending"), 0)
            for mark, text in [*((mark, "") for mark in hidden), *counting.items()]:
                texts[mark] = text
                tones[mark] = 0
        for grid, shown in zip(self.grids, self.legible(cell), strict=True):
            if not shown:
                texts[grid.first : grid.first + grid.count] = [""] * grid.count
        for mark in self.covered.tolist():
            texts[mark] = ""
        toned = self.shows_tones(cell)
        seen = np.where(np.repeat(toned, counts), tones, 0)
        looks = looks_at_rest(self.roles, np.where(seen > 0, seen, self.levels)) + states
        keys = [legend for legend in self.legends if toned[legend.grids[0]]]
        lit = () if moment is None else tuple(pair(self, t, moment))
        notes = self._read(self.notes_at(t), texts, min(cell, self.seen))
        differing = self.differing.at(t, states, self.covered) if self.differing else ()
        points = self.points_at(t)
        if moment is not None:
            points = [None if one.late else at for one, at in zip(self.shapes, points, strict=True)]
        return Frame(t, states, looks, texts, points, keys, notes, lit, self.covered, differing)

    def notes_at(self, t: int) -> dict[int, str]:
        """{cell: text} of the notes of step t."""
        rows = [zip(self.track[notes.track].marks[t].tolist(), notes.row(t), strict=True) for notes in self.notes]
        return {mark: text for row in rows for mark, text in row if mark >= 0 and text}

    def _read(self, notes: dict[int, str], texts: list[str], cell: float) -> dict[int, str]:
        """Those of the notes that can be read beside the cells' texts where a cell is so many pixels wide."""
        seen = {mark: note for mark, note in notes.items() if mark not in set(self.covered.tolist())}
        sizes = {mark: self.grid_of(mark).note_size(note, texts[mark]) for mark, note in seen.items()}
        return {mark: note for mark, note in seen.items() if sizes[mark] and sizes[mark] * cell >= NOTE_PX}

    def grid_of(self, mark: int) -> Grid:
        """The grid that a cell belongs to."""
        return self.grids[bisect(self._firsts, mark) - 1]

    @cached_property
    def _firsts(self) -> list[int]:
        return [grid.first for grid in self.grids]

    def equation(self, t: int, cell: int = -1) -> Equation | None:
        """The arithmetic that the words of step t are about: of a cell that it writes, or of the first that has one."""
        own = [e for e in self.equations if e.result and 0 <= cell == self.track[e.result].marks[t, e.column]]
        return next(iter([*own, *self.equations]), None)

    def sentence(self, t: int, marked: bool = False, cell: int = -1) -> str:
        """The sentence of step t; `marked` keeps its references to parts of the picture; cell: see `equation`."""
        if self.sentences is None:
            return ""
        text = fill(self.sentences.templates[int(self.sentences.chosen[t])], self._values(t, self.equation(t, cell)))
        return text if marked else REFERENCE.sub(r"\2", text)

    def _values(self, t: int, equation: Equation | None) -> dict[str, object]:
        columns = (self.sentences.columns if self.sentences else {}) | (equation.columns if equation else {})
        return {name: column[t] for name, column in columns.items()}

    def arithmetic(self, t: int, cell: int = -1) -> str:
        """The sum of step t, as text: what stands beside the picture; cell: see `equation`."""
        e = self.equation(t, cell)
        if e is None:
            return ""
        texts, left = self.texts_at(t), self.track[e.left].marks[t]
        right = self.track[e.right].marks[t] if e.right else left
        joined = [(a, b) for a, b in zip(left.tolist(), right.tolist(), strict=True) if a >= 0 and b >= 0]
        pairs = [(texts[a], texts[b]) for a, b in sorted(joined, key=itemgetter(0))]  # as they stand in the window
        firsts = [factor(a) if n and e.adds else a for n, (a, _) in enumerate(pairs)]
        terms = [f"{a}·{factor(b)}" if e.right else a for a, (_, b) in zip(firsts, pairs, strict=True)]
        result = f" = {texts[int(self.track[e.result].marks[t, e.column])]}" if e.result else ""
        none = "0" if e.result else ""
        head, tail = (fill(text, self._values(t, e)) for text in (e.head, e.tail))
        return f"{head}{e.join.join(terms) or none}{tail}{result}"

    @cached_property
    def relation(self) -> Relation:
        """What each cell is made of and what it feeds: by the links, or else by what each step reads and writes."""
        return related(self.links or of_steps(self.tracks))

    def cone(self, mark: int) -> dict[int, int]:
        """{cell: depth} of what lights up for a cell: all that it is made of, or, of an input, all that it feeds."""
        return self.relation.cone(mark)
