"""strip: a stack along one axis as rows of cells, layer over layer, with an edge for each tap.

A step is one output of the last layer, and the picture shows all that it is made of, down to the input. A stack that is
too wide for that is drawn at a zoom: see `convviz.scene.zoomed`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from convviz.layers.linear import Array
from convviz.network import Network
from convviz.run import Run, run_of
from convviz.scene import narrate
from convviz.scene.canvas import numbers, outputs
from convviz.scene.chart import Chart, chart
from convviz.scene.layout import TITLE, text_width
from convviz.scene.links import Link
from convviz.scene.marks import LETTER, TEXT_SIZE, Editable, Grid, Label, Scale
from convviz.scene.parts import target_outline
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.strips import Strips, field_formula, refuse_other, row_name, zoom_of
from convviz.scene.strokes import Edges
from convviz.scene.timeline import Equation, Sentences, StepTexts, Track
from convviz.scene.tones import board_tones, scale_of, toned
from convviz.scene.view import Narrow, Stacks, View
from convviz.scene.zoomed import zoomed
from convviz.text import say
from convviz.trace import Trace

PITCH = 2.3
"""From one row to the next, in cells: edges need room."""

ASIDE = 1.0
"""Cells between the rows, the kernels beside them and the chart."""

SMALL = 0.8
"""How wide the cells of a kernel are."""

PLOT = 5.0
"""How wide the chart is."""


@dataclass
class Drawn:
    """The boards of a picture while they are laid out; scale: of the tones of all rows; weights: of all kernels."""

    strips: Strips
    language: str
    scale: Scale
    weights: Scale
    grids: list[Grid] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(grid.count for grid in self.grids)

    @property
    def right(self) -> float:
        """Where all that is drawn ends."""
        return max(float(grid.outline[:, 0].max()) for grid in self.grids)

    def top(self, depth: int) -> float:
        """Where a row begins: the input lowest."""
        return (len(self.strips.layers) - depth) * PITCH


def strip(shown: Trace | Run, language: str = "en", counts: bool = False, alone: bool = True) -> Scene:
    """Lay out a stack along one axis.

    counts: cells bear how many paths lead from them to the output of the step; alone: its kernels, and a chart that
    says how the receptive field grows with the layers, stand beside it.
    """
    run = run_of(shown)
    strips = Strips(Network([node.layer for node in run.nodes]))
    if zoom_of(strips.network) > 1:
        return zoomed(strips, language)
    drawn = _rows(run, strips, language, counts)
    kernels = _kernels(drawn, run) if alone and not counts else []
    plot = _chart(drawn) if alone else Chart((), ())
    equations, own = _equations(drawn, run[run.nodes[-1].name], kernels[-1]) if kernels else ((), ())
    steps, depths, view = strips.sizes[-1], range(1, len(strips.sizes)), "paths" if counts else "strip"
    return Scene(
        "network",
        view,
        steps,
        steps,
        tuple(drawn.grids),
        (*_tracks(drawn), *own),
        (target_outline(),),
        (*drawn.labels, *plot.labels),
        step_texts=_paths(drawn) if counts else (),
        sentences=_sentences(drawn, view),
        equations=equations,
        formulas=(field_formula(strips.network),),
        links=tuple(_link(drawn, depth) for depth in depths),
        curves=plot.curves,
        edges=tuple(_edges(drawn, depth) for depth in depths),
        toned=counts,
    )


def _rows(run: Run, strips: Strips, language: str, counts: bool) -> Drawn:
    """The input and the output of each layer, a row each."""
    learned = scale_of(*(run[node.name].weight for node in run.nodes if node.parameters))
    shown = strips.paths if counts else run.values.values()
    drawn = Drawn(strips, language, scale_of(*shown), learned)
    for depth in range(len(strips.sizes)):
        _row(drawn, run, depth, counts)
    return drawn


def _kernels(drawn: Drawn, run: Run) -> list[Grid | None]:
    """The kernel of each layer, right of the rows."""
    left = drawn.right + ASIDE
    return [_kernel(drawn, run, number, left) for number in range(len(run.nodes))]


def _row(drawn: Drawn, run: Run, depth: int, counts: bool) -> None:
    """The cells of the input or of a layer, in their places, and their name before them."""
    strips = drawn.strips
    (start, step), size = strips.places[depth], strips.sizes[depth]
    role, values, texts = _values(run, depth)
    roles = np.full(size, ROLES.index(role))
    if counts:
        texts, born, editable = [""] * size, None, None
        longest = len(str(int(strips.paths[depth].max())))
        tones, scale = board_tones(None, roles, drawn.scale)
    else:
        born = strips.born[depth] if depth else None
        editable = Editable("x", 0, (0, 1, 1), (0, 1, size)) if depth == 0 else None
        longest = max(map(len, texts))
        tones, scale = board_tones(values, roles, drawn.scale)
    corner, text_size = (start - step / 2, drawn.top(depth)), min(TEXT_SIZE, 0.86 * step / (LETTER * longest))
    made = Grid(f"row{depth}", drawn.count, 1, size, corner, (step, 0.0), (0.0, 1.0), roles, tuple(texts), born)
    made = replace(made, tones=tones, scale=scale, values=None if counts else values)
    drawn.grids.append(replace(made, text_size=text_size, editable=editable))
    left = min(corner[0], 0.0) - 0.5
    name = Label(
        f"title:row{depth}",
        "title",
        (left, corner[1] + 0.5),
        row_name(drawn.strips, depth, drawn.language),
        "end",
        TITLE,
        role,
    )
    drawn.labels.append(name)


def _values(run: Run, depth: int) -> tuple[str, Array, list[str]]:
    """The role of a row, its values, and how they are written."""
    if depth == 0:
        return "input", run.x.reshape(-1), numbers(run.x)
    found = run[run.nodes[depth - 1].name]
    return "output", found.output.reshape(-1), outputs(found)


def _kernel(drawn: Drawn, run: Run, number: int, left: float) -> Grid | None:
    """The kernel of a layer, between the rows that it joins; None for a layer without weights."""
    found = run[run.nodes[number].name]
    if found.layer.weight_shape is None:
        return None
    before = sum(run[node.name].weight.size for node in run.nodes[:number] if node.parameters)
    weights, size = found.weight.reshape(-1), found.weight.size
    roles = np.full(size, ROLES.index("kernel"))
    tones, scale = board_tones(weights, roles, drawn.weights)
    corner = (left, drawn.top(number) - (PITCH - 1 + SMALL) / 2)
    texts = numbers(weights)
    longest = max(map(len, texts))
    made = Grid(f"kernel{number}", drawn.count, 1, size, corner, (SMALL, 0.0), (0.0, SMALL), roles, tuple(texts))
    text_size = SMALL * min(TEXT_SIZE, 0.86 / (LETTER * longest))
    typed = Editable("weight", before, (0, 1, 1), (0, 1, size))
    made = replace(made, tones=tones, scale=scale, values=weights)
    drawn.grids.append(replace(made, text_size=text_size, editable=typed))
    if found.divisor != 1:
        text = say("board.divided", drawn.language, divisor=found.divisor)
        at = (left + SMALL * size + 0.2, corner[1] + SMALL / 2)
        drawn.labels.append(Label(f"divided{number}", "sign", at, text, "start", TITLE))
    return drawn.grids[-1]


def _chart(drawn: Drawn) -> Chart:
    """How many inputs an output sees after each layer, beside the same stack without dilation."""
    strips = drawn.strips
    rows = {"hue1": strips.field()}
    if any(layer.dilation[0] > 1 for layer in strips.layers):
        rows["hue2"] = strips.field(plain=True)
    height = max(drawn.top(0), PITCH)
    title, below = (say(f"strip.{word}", drawn.language) for word in ("seen", "depth"))
    at = (drawn.right + 2 * ASIDE + max(text_width(title, TITLE) - PLOT, 0) / 2, 0.7)
    ends = {role: say(f"strip.{role}", drawn.language, count=row[-1]) for role, row in rows.items()}
    return chart("field", at, (PLOT, height - 0.9), rows, ends, title, below)


def _tracks(drawn: Drawn) -> tuple[Track, ...]:
    """What each step is made of, row by row, and the output that it writes."""
    strips = drawn.strips
    rows = [
        np.where(table > 0, drawn.grids[n].first + np.arange(table.shape[1]), -1)
        for n, table in enumerate(strips.paths)
    ]
    current = drawn.grids[len(strips.layers)].first + np.arange(strips.sizes[-1])[:, None]
    below = np.concatenate(rows[:-1], axis=1)
    return (
        Track("window", below, "window", "source"),
        Track("current", current, "current", "target"),
        Track("cone", np.concatenate([below, current], axis=1)),
    )


def _equations(drawn: Drawn, last: Trace, kernel: Grid | None) -> tuple[tuple[Equation, ...], tuple[Track, ...]]:
    """The sum of the last layer at each step."""
    depth, sources = len(drawn.strips.layers), last.layer.taps.axes[0].sources
    tracks = [Track("read", np.where(sources >= 0, drawn.grids[depth - 1].first + sources, -1))]
    if kernel is not None:
        used = np.where(sources >= 0, kernel.first + np.arange(sources.shape[1]), -1)
        tracks.append(Track("used", used, "window"))
    return narrate.gather_equations(last, [("read", "" if kernel is None else "used")]), tuple(tracks)


def _paths(drawn: Drawn) -> tuple[StepTexts, ...]:
    """In every cell, how many paths lead from it to the output of the step."""
    told = []
    for grid, table in zip(drawn.grids, drawn.strips.paths, strict=False):
        texts = [text if text != "0" else "" for text in numbers(table)]
        told.append(StepTexts(grid.first + np.arange(table.shape[1]), texts, toned(table, drawn.scale)))
    return tuple(told)


def _sentences(drawn: Drawn, kind: str) -> Sentences:
    """What the output of each step sees of the input."""
    strips = drawn.strips
    told = strips.told()
    field = strips.field()[-1]
    inside = told["c1"] - told["c0"] + 1
    kinds = np.select([told["count"] == 0, told["count"] == field, told["count"] < inside], [3, 0, 2], 1)
    words = ("whole", "cut", "gaps", "none")
    used = sorted(set(kinds.tolist()))
    columns = {name: column.tolist() for name, column in told.items()}
    columns |= {"field": [field] * len(kinds), "missed": (inside - told["count"]).tolist()}
    columns["most"] = [str(number) for number in strips.paths[0].max(axis=1).tolist()]
    templates = tuple(say(f"sentence.{kind}_{words[n]}", drawn.language) for n in used)
    return Sentences(templates, np.array([used.index(n) for n in kinds.tolist()]), columns)


def _link(drawn: Drawn, depth: int) -> Link:
    """What each cell of a row is made of."""
    sources = drawn.strips.layers[depth - 1].taps.axes[0].sources
    below, own = drawn.grids[depth - 1].first, drawn.grids[depth].first
    return Link(own + np.arange(len(sources)), np.where(sources >= 0, below + sources, -1))


def _edges(drawn: Drawn, depth: int) -> Edges:
    sources, targets = drawn.strips.ends(depth)
    return Edges(drawn.grids[depth - 1].first + sources, drawn.grids[depth].first + targets, "cone")


VIEW = View(
    "strip", strip, aspect=0.45, narrow=Narrow(tall=1.4), stacks=Stacks(strip, refuse_other, values=True, alone=True)
)
