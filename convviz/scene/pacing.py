"""Two pictures in step: at each step both show the same cell, and the one that has no such cell waits.

The same cell teaches more than the same number of a step: with strides 1 and 2 the windows of one output cell lie
where its index times the stride says, and what is written at that cell can be compared. In raster order the smaller
map waits at the end of each of its rows until the larger one has finished its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.layers import Layer
from convviz.network import Network, stack_of
from convviz.scene.marks import Grid, Ints
from convviz.scene.scene import Scene
from convviz.scene.timeline import Equation, Events, Sentences, Track

Size = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Pace:
    """How two pictures go together.

    at: for each, (steps,) which of its own steps is shown; has: (steps,) whether it has the cell, or waits; places:
    (steps, axes) the cell, where all are cells of one map, else None; row: steps in a row, all of them where rows are
    not equally long.
    """

    at: tuple[Ints, Ints]
    has: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    places: Ints | None
    row: int


def sizes(scene: Scene, shown: Layer | Network) -> list[Size]:
    """The maps whose cells the steps of a picture go through, one after the other; shown: its layer or network."""
    stack: Network | None = stack_of(shown)
    if scene.steps == prod(shown.output_size):
        return [tuple(shown.output_size)]
    if stack is None and scene.steps == prod(shown.input_size):
        return [tuple(shown.input_size)]
    if stack is not None:
        each = [tuple(node.shape[1:] or node.shape) if node.has_taps else (1,) for node in stack.nodes]
        if scene.steps == sum(map(prod, each)):
            return each
    return [(scene.steps,)]


def together(one: list[Size], other: list[Size]) -> Pace:
    """How two pictures go through their maps together: map by map, cell by cell in raster order.

    >>> pace = together([(2, 3)], [(1, 2)])
    >>> pace.at[0].tolist(), pace.at[1].tolist(), pace.has[1].tolist()
    ([0, 1, 2, 3, 4, 5], [0, 1, 1, 1, 1, 1], [True, True, False, False, False, False])
    """
    parts = [_paired(*pair) for pair in zip_longest(one, other)]
    at: list[Ints] = []
    for side, maps in enumerate((one, other)):
        starts = np.cumsum([0, *map(prod, maps)]).tolist() + [sum(map(prod, maps))] * len(parts)
        own = [part[0][side] + min(start, starts[-1]) for part, start in zip(parts, starts, strict=False)]
        at.append(np.concatenate(own))
    has = [np.concatenate([part[1][side] for part in parts]) for side in (0, 1)]
    places, row = (parts[0][2], parts[0][3]) if len(parts) == 1 else (None, len(has[0]))
    return Pace((at[0], at[1]), (has[0], has[1]), places, row)


def _paired(one: Size | None, other: Size | None) -> tuple[list[Ints], list[NDArray[np.bool_]], Ints, int]:
    """The cells of two maps together: which of each map's is shown, whether it is the same, the places, and the row.

    Of a map that is not there the last cell of the one before is shown, -1.
    """
    axes = max(len(one or ()), len(other or ()))
    shapes = [None if size is None else (1,) * (axes - len(size)) + size for size in (one, other)]
    whole = tuple(max(sides) for sides in zip(*(shape for shape in shapes if shape), strict=True))
    places = np.indices(whole).reshape(axes, -1).T
    inside = [_within(places, shape) for shape in shapes]
    kept = inside[0] | inside[1]
    places = places[kept]
    at = [np.full(len(places), -1) if shape is None else _held(places, shape) for shape in shapes]
    row = whole[-1] if kept.all() else len(places)
    return at, [own[kept] for own in inside], places, row


def _within(places: Ints, shape: Size | None) -> NDArray[np.bool_]:
    """Which places are cells of a map."""
    found: NDArray[np.bool_] = np.all(places < np.array(shape or (0,)), axis=1)
    return found


def _held(places: Ints, shape: Size) -> Ints:
    """The last cell of a map, in raster order, that does not come after each of these places."""
    over = np.cumsum(places >= np.array(shape), axis=1) > 0  # past the edge of this axis, or of one before it
    last = np.array(shape) - 1
    return np.ravel_multi_index(tuple(np.where(over, last, places).T), shape).astype(np.int64)


def paced(scene: Scene, at: Ints) -> Scene:
    """A picture whose step t shows what step at[t] of another shows; at: never less than before, no step left out.

    >>> import convviz as cv
    >>> slow = paced(cv.scene(cv.Conv(3, 2)), np.array([0, 0, 1, 2, 3]))
    >>> slow.steps, [slow.at(t).texts[-1] for t in range(5)]
    (5, ['', '', '', '', '7'])
    """

    if len(at) == scene.steps:
        return scene

    def grid(one: Grid) -> Grid:
        return one if one.born is None else replace(one, born=np.searchsorted(at, one.born))

    return replace(
        scene,
        steps=len(at),
        grids=tuple(map(grid, scene.grids)),
        tracks=tuple(replace(track, marks=track.marks[at]) for track in scene.tracks),
        step_texts=tuple(told.paced(at) for told in scene.step_texts),
        notes=tuple(note.paced(at) for note in scene.notes),
        curves=tuple(
            replace(c, until=None if c.until is None else c.until[at], at=None if c.at is None else c.at[at])
            for c in scene.curves
        ),
        events=scene.events and _events(scene.events, at),
        sentences=scene.sentences and _sentences(scene.sentences, at),
        equations=tuple(replace(one, columns=_columns(one.columns, at)) for one in scene.equations),
    )


def _events(events: Events, at: Ints) -> Events:
    return replace(events, steps=np.searchsorted(at, events.steps))


def _sentences(said: Sentences, at: Ints) -> Sentences:
    return Sentences(said.templates, said.chosen[at], _columns(said.columns, at))


def _columns(columns: dict[str, list[Any]], at: Ints) -> dict[str, list[Any]]:
    return {name: [column[step] for step in at.tolist()] for name, column in columns.items()}


def in_order(
    parts: list[Scene], pace: Pace, equations: tuple[Equation, ...]
) -> tuple[tuple[str, ...], tuple[Track, ...], tuple[Equation, ...]]:
    """What a step writes one after the other, in both parts at once; a part that waits writes nothing.

    Where the two do not write as many terms, the terms are written all at once. The terms of the first sum are found in
    the columns of the terms that are written, so that its tracks have as many. Returns the order, new tracks, and the
    sums.
    """
    orders = [part.order for part in parts]
    plain = [tuple(name.removeprefix("1.") for name in order) for order in orders]
    if not all(orders) or plain[0] != plain[1]:
        return (), (), equations
    rows = [[_written(part, name, has) for name in part.order] for part, has in zip(parts, pace.has[::-1], strict=True)]
    joined = [np.concatenate(pair, axis=1) for pair in zip(*rows, strict=True)]
    if len(joined) > 2 and rows[0][0].shape != rows[1][0].shape:
        joined = [np.concatenate(joined[:-1], axis=1), joined[-1]]
    tracks = [Track(f"order{n}", marks) for n, marks in enumerate(joined)]
    if equations and len(joined) > 2:
        first, room = equations[0], joined[0].shape[1]
        wide = {end: f"told.{end}" for end in ("left", "right") if getattr(first, end)}
        tracks += [Track(name, _widened(parts[0].track[getattr(first, end)].marks, room)) for end, name in wide.items()]
        first = replace(first, left=wide["left"], right=wide.get("right", ""))
        equations = (first, *equations[1:])
    return tuple(f"order{n}" for n in range(len(joined))), tuple(tracks), equations


def _widened(marks: Ints, room: int) -> Ints:
    """Marks with so many columns, of no cell where there was none."""
    wide = np.full((len(marks), max(room, marks.shape[1])), -1)
    wide[:, : marks.shape[1]] = marks
    return wide


def _written(part: Scene, name: str, has: NDArray[np.bool_]) -> Ints:
    return np.where(has[:, None], part.track[name].marks, -1)
