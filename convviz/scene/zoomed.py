"""A stack along one axis that is too wide for cells of its own: one output, and what it sees a layer deeper each step.

A cell of the picture stands for several positions side by side; its level says how many of them are read.
"""

from __future__ import annotations

import numpy as np

from convviz.field import Reach, followable, followed
from convviz.scene.heat import heat
from convviz.scene.layout import TITLE
from convviz.scene.marks import Grid, Ints, Label
from convviz.scene.parts import target_outline
from convviz.scene.scene import Scene
from convviz.scene.strips import Strips, field_formula, row_name, zoom_of
from convviz.scene.timeline import Sentences, Track, padded
from convviz.text import say

PITCH = 1.25
"""From one row to the next, in cells."""


def zoomed(strips: Strips, language: str, view: str = "strip") -> Scene:
    """Lay out what one output of a long stack sees.

    >>> from convviz.network import stacked
    >>> picture = zoomed(Strips(stacked(2, [2**n for n in range(10)], dims=1)), "en")
    >>> picture.steps, picture.grids[0].columns
    (10, 64)
    """
    network, zoom = strips.network, zoom_of(strips.network)
    lines = [line[0] for line in followed(network.layers, followable(network.layers))]
    grids, labels = _rows(strips, [_binned(line, zoom) for line in lines], zoom, language)
    last = len(lines) - 1
    depths = range(last - 1, -1, -1)
    current = grids[-1].first + np.flatnonzero(_binned(lines[-1], zoom))[:1]
    return Scene(
        "network",
        view,
        last,
        last,
        tuple(grids),
        (
            Track(
                "window", padded([_read(grids[depth], _binned(lines[depth], zoom)) for depth in depths]), "", "source"
            ),
            Track("current", np.broadcast_to(current, (last, 1)).copy(), "current", "target"),
        ),
        (target_outline(),),
        tuple(labels),
        sentences=_sentences(strips, lines, zoom, language),
        formulas=(field_formula(network),),
    )


def _binned(line: Ints, zoom: int) -> Ints:
    """How many of each `zoom` positions are read."""
    read = np.zeros(-(-len(line) // zoom) * zoom, dtype=np.int64)
    read[: len(line)] = line > 0
    return read.reshape(-1, zoom).sum(axis=1)


def _rows(strips: Strips, counts: list[Ints], zoom: int, language: str) -> tuple[list[Grid], list[Label]]:
    """The rows, the input lowest, each over the positions that it stands for, and their names."""
    grids: list[Grid] = []
    labels = []
    last = len(counts) - 1
    for depth, row in enumerate(counts):
        roles, _, levels = heat(row)
        start, y = strips.places[depth][0] / zoom - 0.5 / zoom, (last - depth) * PITCH
        born = np.full(len(row), max(last - 1 - depth, 0))
        first = sum(grid.count for grid in grids)
        shape, sides = (1, len(row)), ((start, y), (1.0, 0.0), (0.0, 1.0))
        grids.append(Grid(f"row{depth}", first, *shape, *sides, roles, ("",) * len(row), born, levels))
        text = row_name(strips, depth, language)
        labels.append(Label(f"title:row{depth}", "title", (-0.6, y + 0.5), text, "end", TITLE * 1.5))
    zoom_word = say("strip.zoom", language, count=zoom)
    middle = grids[0].columns / 2
    labels.append(Label("zoom", "axis", (middle, last * PITCH + 1.9), zoom_word, "middle", TITLE * 1.5))
    return grids, labels


def _read(grid: Grid, row: Ints) -> Ints:
    return grid.first + np.flatnonzero(row)


def _sentences(strips: Strips, lines: list[Ints], zoom: int, language: str) -> Sentences:
    """What one output sees through one layer, through two, and so on."""
    count = len(lines) - 1
    fields = [Reach(strips.layers[depth:], 0).width(count - depth) for depth in range(count - 1, -1, -1)]
    columns = {
        "layers": list(range(1, count + 1)),
        "count": [int((lines[depth] > 0).sum()) for depth in range(count - 1, -1, -1)],
        "field": fields,
        "zoom": [zoom] * count,
    }
    return Sentences((say("sentence.strip_zoomed", language),), np.zeros(count, dtype=np.int64), columns)
