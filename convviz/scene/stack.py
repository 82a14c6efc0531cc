"""The picture of a stack: one output, and what it sees a layer deeper at each step. Its channels are drawn as one."""

from __future__ import annotations

from functools import reduce
from math import prod, sqrt
from typing import Any

import numpy as np

from convviz.field import Reach, followable, followed
from convviz.layers import Layer
from convviz.network import Network
from convviz.scene.filled import Block
from convviz.scene.heat import heat, outer
from convviz.scene.layout import COMFORTABLE, GAP, Layout, planes, rising, times, zoom
from convviz.scene.marks import Ints
from convviz.scene.parts import target_outline
from convviz.scene.scene import Scene
from convviz.scene.stack_limits import refuse_large_stack
from convviz.scene.timeline import Sentences, Track
from convviz.text import say

ACROSS = 2 * COMFORTABLE[0]
"""The most cells across in one row of boards; a deeper stack has several rows."""

SHAPE = 2
"""How much wider than high the picture of several rows is."""

Line = list[Ints]
"""For each axis of a board, how many chains of taps lead from its cells to the output."""


def stack_scene(network: Network, language: str) -> Scene:
    """One output of a stack and what it sees. Raises LayerError for a stack of too many cells."""
    refuse_large_stack(network)
    layers, output = network.layers, followable(network.layers)
    lines = followed(layers, output)
    seen = [reduce(outer, line) for line in lines]
    layout, blocks = _boards(seen, language)
    steps, target = len(layers), blocks[-1].first + int(np.ravel_multi_index(output, network.output_size))
    tracks = (
        Track("window", _sources(seen, blocks), "window", "source"),
        Track("current", np.full((steps, 1), target), "current", "target"),
    )
    return Scene(
        "network",
        "coverage",
        steps,
        steps,
        tuple(layout.grids),
        tracks,
        (target_outline(),),
        tuple(layout.labels),
        sentences=_sentences(network, output, lines, language),
    )


def _boards(seen: list[Ints], language: str) -> tuple[Layout, list[Block]]:
    """A board for the input and one a layer, from left to right, in as many rows as they need; strips rise."""
    last = len(seen) - 1
    shapes = [counts.shape for counts in seen]
    rows = [[depth] for depth in range(last + 1)] if rising(shapes) else _rows(shapes)
    layout = Layout(language, max(zoom(*(shapes[depth] for depth in row)) for row in rows))
    blocks = []
    for number, row in enumerate(rows):
        layout.place = (last - number if rising(shapes) else number, -1)
        for depth in row:
            counts = seen[depth]
            layout.cell("→" if depth and not rising(shapes) else "")
            roles, texts, levels = heat(counts)
            born = np.full(counts.size, max(last - 1 - depth, 0))
            word = "paths_input" if depth == 0 else "output" if depth == last else "hidden"
            title = say(f"board.{word}", language, size=times(counts.shape), n=depth)
            name = "output" if depth else "canvas"
            blocks.append(layout.board(name, 1, counts.shape, roles, texts, title=title, born=born, levels=levels))
    layout.settle()
    return layout, blocks


def _rows(shapes: list[tuple[int, ...]]) -> list[list[int]]:
    """Which boards stand in which row: all in one, or so many that the picture has its SHAPE."""
    widths = [depth * columns + GAP for depth, _, columns in map(planes, shapes)]
    highest = max(height for _, height, _ in map(planes, shapes))
    across = max(ACROSS, *widths, sqrt(SHAPE * sum(widths) * (highest + GAP)))
    rows: list[list[int]] = [[]]
    for number, width in enumerate(widths):
        if rows[-1] and sum(widths[n] for n in rows[-1]) + width > across + GAP:
            rows.append([])
        rows[-1].append(number)
    return rows


def _sources(seen: list[Ints], blocks: list[Block]) -> Ints:
    """(steps, n): the cells that the output sees, a board deeper at each step; -1 for none."""
    deeper = list(zip(seen[:-1], blocks[:-1], strict=True))[::-1]
    cells = [block.marks(0, np.flatnonzero(counts.ravel())) for counts, block in deeper]
    table = np.full((len(cells), max(1, *map(len, cells))), -1)
    for step, marks in enumerate(cells):
        table[step, : len(marks)] = marks
    return table


def _sentences(network: Network, output: tuple[int, ...], lines: list[Line], language: str) -> Sentences:
    """What one output sees through one layer, through two, and so on: its field by the formula, and the cells read."""
    depths = range(len(network.layers) - 1, -1, -1)
    told = [_told(network, output, depth, lines[depth]) for depth in depths]
    kinds = [_kind(row) for row in told]
    used = sorted(set(kinds))
    columns: dict[str, list[object]] = {name: [row[name] for row in told] for name in told[0]}
    columns["layers"] = list(range(1, len(told) + 1))
    columns["area"] = list(map(str, columns["area"]))  # may exceed what a number in the browser can hold
    templates = tuple(say(f"sentence.stack_{kind}", language) for kind in used)
    return Sentences(templates, np.array([used.index(kind) for kind in kinds]), columns)


def _told(network: Network, output: tuple[int, ...], depth: int, line: Line) -> dict[str, object]:
    """The numbers of the board `depth` (0: the input): what the output's field and what its taps have of its cells."""
    layers = network.layers[depth:]
    fields = [_field(layers, axis, output, row) for axis, row in enumerate(line)]
    inside = [row[max(first, 0) : max(last + 1, 0)] for (first, last), row in zip(fields, line, strict=True)]
    within, read = prod(map(len, inside)), prod(int(np.count_nonzero(row)) for row in inside)
    widths = tuple(last - first + 1 for first, last in fields)
    return {
        "field": times(widths),
        "area": prod(widths),
        "inside": within,
        "count": prod(int(np.count_nonzero(row)) for row in line),
        "missed": within - read,
    }


def _field(layers: tuple[Layer, ...], axis: int, output: tuple[int, ...], row: Ints) -> tuple[int, int]:
    """From which to which cell of a board the output's own field goes along an axis, borders ignored."""
    if not layers[0].shared:
        return 0, len(row) - 1
    ends = Reach(layers, axis).ends(len(layers), output[axis] if axis < len(output) else 0) or (0, -1)
    cells = np.flatnonzero(row)
    if len(cells) > ends[1] - ends[0] + 1:  # padding copies cells from farther off than the formula's field
        return int(cells[0]), int(cells[-1])
    return ends


def _kind(told: dict[str, Any]) -> str:
    """Which sentence tells of a step."""
    if not told["count"]:
        return "none"
    gaps = "_gaps" if told["missed"] else ""
    return ("cut" if told["inside"] < told["area"] else "whole") + gaps
