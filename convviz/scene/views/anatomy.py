"""anatomy: a whole network that reads digits, from the pixels to ten probabilities, each map a picture in tones.

All values are there at once; a step tells of one map, of its place in the row, of a score or a probability. Pointing at
any cell lights all that it is made of, board after board.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convviz.graph import INPUT
from convviz.layers.reader import CLASSES, MAPS, POOL, SIZE
from convviz.run import Run
from convviz.scene.canvas import number
from convviz.scene.compose import spoken
from convviz.scene.layout import TITLE, Layout, times
from convviz.scene.marks import Ints, Label
from convviz.scene.reader import (
    BELOW,
    CONV,
    DENSE,
    FLAT,
    POOLED,
    RELU,
    SMALL,
    SOFTMAX,
    STAGES,
    Boards,
    around,
    named,
    outermost,
    percents,
    reader_in,
    refuse_others,
    scores,
)
from convviz.scene.scene import Scene
from convviz.scene.strokes import Curve
from convviz.scene.timeline import Detail, Sentences
from convviz.scene.view import Narrow, Stacks, View
from convviz.text import say

UNIT, GAP, APART = 0.25, 0.25, 1.3
"""A cell of a map, the gap between two maps, and between two layers, in cells of the picture."""

DOWN = 4
"""Rows of maps; there are as many columns as it takes."""

INK, ROW = 0.36, 0.35
"""A pixel of the input, and a number of the flattened row."""

NUMBER = (2.5, 0.95)
"""The width and the height of a score."""

BAR = 4.0
"""How long the bar of a probability of one is."""

PITCH = SIZE * UNIT + GAP
TALL = DOWN * PITCH - GAP
ZOOM = 1.3

NAMED = 0.9
"""Cells beside the scores, where the digits stand."""

COLUMNS = MAPS // DOWN
COUNTS = {CONV: MAPS, RELU: MAPS, POOLED: MAPS, FLAT: MAPS, DENSE: CLASSES, SOFTMAX: CLASSES}
"""How many steps each node takes: one a map, or one a number."""

STEPS = sum(COUNTS.values())


def anatomy(run: Run, language: str = "en") -> Scene:
    """Lay out the network's run."""
    boards = Boards(Layout(language), run, ZOOM)
    bars = _answer(boards, _maps(boards), percents(run.output))
    rows = [row for name in STAGES for row in boards.found[name].cells.reshape(COUNTS[name], -1)]
    sources = [row for name in STAGES for row in _read(boards, name)]
    centres = np.concatenate([grid.centres for grid in boards.layout.grids])
    return Scene(
        reader_in(run).kind,
        "anatomy",
        STEPS,
        MAPS,
        tuple(boards.layout.grids),
        (
            named("window", sources, "", "source"),
            named("made", rows, "", "target"),
            named("current", _largest(run, rows), "current"),
            named("read", [outermost(centres, row) for row in sources]),
            named("written", [outermost(centres, row) for row in rows]),
        ),
        (around("frame", "read"), around("target", "written")),
        tuple(boards.layout.labels),
        sentences=_sentences(run, language),
        links=boards.links(),
        curves=bars,
        details=_details(boards),
    )


def _maps(boards: Boards) -> float:
    """The input, the maps and the row that they become; returns where the row ends."""
    language, middle = boards.layout.language, TALL / 2
    boards.lay(INPUT, [(0.0, middle - SIZE * INK / 2)], (INK, INK))
    boards.head(INPUT, SIZE * INK / 2, say("anatomy.input", language), times((SIZE, SIZE)), "input")
    left = SIZE * INK
    for name, side in ((CONV, SIZE), (RELU, SIZE), (POOLED, SMALL)):
        boards.arrow(left + APART / 2, middle)
        left += APART
        pitch, inset = side * UNIT + GAP, (SIZE - side) * UNIT / 2
        places = [(left + n % COLUMNS * pitch, n // COLUMNS * PITCH + inset) for n in range(MAPS)]
        boards.lay(name, places, (UNIT, UNIT))
        width = COLUMNS * pitch - GAP
        size = say("anatomy.maps", language, maps=MAPS, size=times((side, side)))
        boards.head(name, left + width / 2, say(f"anatomy.{name}", language), size)
        left += width
    boards.arrow(left + APART / 2, middle)
    left += APART
    places = [(left + n * ROW, (TALL - SMALL**2 * ROW) / 2) for n in range(MAPS)]
    boards.lay(FLAT, places, (ROW, ROW), None, (SMALL**2, 1))
    boards.head(FLAT, left + MAPS * ROW / 2, say(f"anatomy.{FLAT}", language), str(MAPS * SMALL**2))
    return left + MAPS * ROW


def _answer(boards: Boards, left: float, shares: list[str]) -> tuple[Curve, ...]:
    """The scores and the probabilities, each in a row of its digit, and the bars of the probabilities."""
    language, (wide, high) = boards.layout.language, NUMBER
    top, bars = (TALL - CLASSES * high) / 2, []
    for name, texts in ((DENSE, scores(boards.run)), (SOFTMAX, shares)):
        boards.arrow(left + APART / 2, TALL / 2)
        left += APART + (NAMED if name == DENSE else 0)
        boards.lay(name, [(left, top)], NUMBER, None, (CLASSES, 1), texts, name == SOFTMAX)
        long = wide if name == DENSE else wide + BAR
        boards.head(name, left + long / 2, say(f"anatomy.{name}", language), str(CLASSES))
        if name == DENSE:
            _digits(boards, left - 0.25, top, high)
        left += wide
    for n, share in enumerate(boards.run.output.tolist()):
        y = top + (n + 0.5) * high
        points = np.array([[left + 0.25, y], [left + 0.25 + (BAR - 0.5) * share, y]])
        bars.append(Curve(f"bar:{n}", "hue1", points, pen=8))
    ends = np.array([[left + 0.25, top], [left + 0.25, top + CLASSES * high]])
    return (Curve("zero", "rule", ends), *bars)


def _digits(boards: Boards, x: float, top: float, high: float) -> None:
    """Which digit each row is about."""
    for n in range(CLASSES):
        at = (x, top + (n + 0.5) * high)
        boards.layout.labels.append(Label(f"digit:{n}", "axis", at, str(n), "end", TITLE * ZOOM))


def _largest(run: Run, rows: Sequence[Ints]) -> list[Ints]:
    """Of what each step makes, the cell with the largest value, of which its words tell."""
    values = [row for name in STAGES for row in run.values[name].reshape(COUNTS[name], -1)]
    return [row[[value.argmax()]] for row, value in zip(rows, values, strict=True)]


def _read(boards: Boards, name: str) -> list[Ints]:
    """What each step of a node reads, board by board."""
    below = boards.found[BELOW[name]].cells
    if name in (RELU, POOLED, FLAT):
        return list(below.reshape(MAPS, -1))
    return [below] * COUNTS[name]


def _details(boards: Boards) -> tuple[Detail, ...]:
    """What is shown larger: each map on its way, the scores with what they are made of, the probabilities."""
    maps = [
        boards.detail([f"{name}.{n + 1}" for name in (CONV, RELU, POOLED)], {"view": "feature", "map": n + 1})
        for n in range(MAPS)
    ]
    row = [f"{FLAT}.{n + 1}" for n in range(MAPS)]
    return (*maps, boards.detail([*row, DENSE], {"view": "votes"}), boards.detail([SOFTMAX], {"view": "softmax"}))


def _sentences(run: Run, language: str) -> Sentences:
    """What each step makes, and how large it is."""
    parts = []
    for name in STAGES:
        rows, count = run.values[name].reshape(COUNTS[name], -1), COUNTS[name]
        columns: dict[str, list[object]] = {
            "n": list(range(1, count + 1)),
            "digit": list(range(count)),
            "total": [number(value) for value in rows.max(axis=1)],
        }
        if name == POOLED:
            columns["k"] = [POOL] * count
        if name == RELU:
            columns["count"] = (run.values[CONV].reshape(count, -1) < 0).sum(axis=1).tolist()
        if name == FLAT:
            each = rows.shape[1]
            columns |= {"first": [n * each + 1 for n in range(count)], "last": [(n + 1) * each for n in range(count)]}
        if name == DENSE:
            columns["inputs"] = [run.values[FLAT].size] * count
        if name == DENSE:
            columns["total"] = list(scores(run))
        if name == SOFTMAX:
            columns["score"] = list(scores(run))
            columns["total"] = list(percents(rows))
        parts.append(Sentences((say(f"anatomy.says.{name}", language),), np.zeros(count, dtype=np.int64), columns))
    found = spoken(parts)
    assert found is not None
    return found


refuse = refuse_others("anatomy")


VIEW = View(
    "anatomy",
    anatomy,
    refuse,
    aspect=0.38,
    narrow=Narrow(tall=2.1, aligned=True),
    stacks=Stacks(anatomy, refuse, values=True, alone=True),
    compares=False,
)
