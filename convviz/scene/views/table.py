"""table: a network as a table, a row a layer: what it gives, what it costs, and what one of its outputs sees.

The time axis is the layer: step t stands at row t. Where there are more rows than can be read at once, those around the
current one are written, and all of them stand beside as a strip.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convviz.counted import FLOPS, Counted, along, counted, networked
from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.network import Network
from convviz.scene.layout import Layout, times
from convviz.scene.marks import Anchor, Ints, Label, Shape
from convviz.scene.naming import named
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.tabled import COLUMNS, LETTERS, Table, skipped
from convviz.scene.timeline import Pick, Sentences, Track, padded
from convviz.scene.tones import scale_of, toned
from convviz.scene.view import Narrow, Stacks, View
from convviz.text import say

ROWS = 12
"""The most rows that are written at once, the input's among them."""

MOST = 400
"""The most rows of a network that is drawn."""

AFAR = {"rows": 9, "columns": ("number", "layer", "shape", "weights", "macs", "field"), "fits": True}
"""What is there of them where they are read from afar, and that each column is as wide as its texts."""

STRIP, BESIDE = 0.8, 0.9
"""The width of each column of the strip of all rows, and how far beside the table it stands."""

FOLDS = tuple(
    (("number", "layer", "strip"), ("number", "shape", "weights", *macs, "field", "jump", "strip"))
    for macs in (("macs",), ())
)
"""The columns of the two lines that a row takes on a narrow page, and on one that is narrower still."""

LANE = 0.34
"""How far apart the lines of skips are, left of the table."""


def table(
    shown: Layer | Network,
    language: str = "en",
    at: tuple[int, ...] = (),
    rows: int = ROWS,
    columns: tuple[str, ...] = tuple(COLUMNS),
    fits: bool = False,
) -> Scene:
    """Lay out the table of a network, or of one layer.

    at: (number of the row that is edited, from 1, ...), or nothing; rows: how many are written at once; columns: which;
    fits: whether each is as wide as its texts.
    """
    found = Table(Layout(language), networked(shown), rows, fits)
    found.draw(columns)
    tracks, shapes = _marked(found, columns)
    _words(found)
    marks, values = found.picked()
    return Scene(
        found.network.kind,
        "table",
        found.steps,
        found.steps,
        tuple(found.layout.grids),
        tracks,
        shapes,
        tuple(found.layout.labels),
        tuple(found.told),
        sentences=_sentences(found.rows, language),
        toned=True,
        picks=(Pick("row", marks, values, at[0] - 1 if at else -1),),
    )


def _marked(found: Table, columns: tuple[str, ...]) -> tuple[tuple[Track, ...], tuple[Shape, ...]]:
    """What is marked at each step: the row, what it reads, the lines of skips, and its place among all rows."""
    row = found.marked([(one.number,) for one in found.rows], columns)
    window = Track("window", padded(found.marked([one.reads for one in found.rows], ("shape",))), "window")
    (tracks, lines), strip = _lines(found), () if found.whole else _strip(found)
    frames = _outlines(columns, len(window.marks[0]))
    given = found.marked([(one.number,) for one in found.rows], ("shape",))
    return (
        (window, Track("current", padded(given), "current"), Track("made", padded(row)), *strip, *tracks),
        (*lines, *(_frame() if strip else ()), *frames),
    )


def _strip(found: Table) -> tuple[Track, Track]:
    """All rows, small, with their shares of the weights and of the work: which of them are written, and the current."""
    left, high = found.width + BESIDE, found.high / found.steps
    costs = np.array([[row.parameters, row.macs] for row in found.rows], dtype=np.float64)
    shares = np.sqrt(costs / np.maximum(costs.max(axis=0), 1))  # else all but the largest would look alike
    roles = np.full(costs.size, ROLES.index("zero"))
    lattice = ((STRIP, 0.0), (0.0, high))
    grid = found.layout.grid("strip", (left, 0.0), costs.shape, roles, [""] * costs.size, lattice=lattice)
    tones = toned(shares.ravel(), scale_of(shares))  # of the same colours as the cells of the costs
    found.layout.grids[-1] = replace(grid, tones=tones)
    for n, name in enumerate(("weights", "macs")):
        label = say(f"table.strip_{name}", found.layout.language)
        at = (left + (n + 0.5) * STRIP, -0.5)
        found.layout.labels.append(Label(f"head:strip_{name}", "axis", at, label, "middle", LETTERS))
    cells = grid.first + np.arange(grid.count).reshape(costs.shape)
    first, last = np.maximum(found.written[:, 0] - 1, 0), found.written[:, -1] - 1
    corners = np.stack([cells[first, 0], cells[first, 1], cells[last, 1], cells[last, 0]], axis=1)
    return Track("written", corners), Track("all", cells, "current")


def _frame() -> tuple[Shape, ...]:
    """The outline, in the strip, of the rows that are written."""
    return (Shape("written", "frame", tuple(Anchor("written", n, n) for n in range(4)), closed=True),)


def _lines(found: Table) -> tuple[tuple[Track, ...], tuple[Shape, ...]]:
    """What is read otherwise than from the row before, as lines left of the table; they end where the table does."""
    cells, wide, columns, shapes = found.cells["number"], found.widths["number"], list[Ints](), list[Shape]()
    for source, target, lane in skipped(found.rows):
        out = -(lane + 1) * LANE / wide
        places = [found.place(number) for number in (source, target)]
        above, below = source < found.first, target >= found.first + found.high
        ends = (  # of each end: where it is, and how far down its row, both ends in the table, or one beyond its edge
            ((places[0], 0.5, 0.0), (places[1], 0.5, 0.0)),
            ((np.where(above, 0, -1), 0.0, out), (places[1], 0.5, 0.0)),
            ((places[0], 0.5, 0.0), (np.where(below, found.high - 1, -1), 1.0, out)),
        )
        for (begin, top, left), (end, bottom, right) in ends[: 1 if found.whole else 3]:
            n = len(columns)
            there = (begin >= 0) & (end >= 0)
            columns += [np.where(there, cells[place], -1) for place in (begin, end)]
            spots = ((n, left, top), (n, out, top), (n + 1, out, bottom), (n + 1, right, bottom))
            anchors = tuple(Anchor("skips", column, 0, (x, y)) for column, x, y in spots)
            shapes.append(Shape(f"skip:{n // 2}", "link", anchors))
    return ((Track("skips", np.stack(columns, axis=1)),) if columns else ()), tuple(shapes)


def _outlines(columns: tuple[str, ...], reads: int) -> tuple[Shape, ...]:
    """The outlines of the current row, and of what it gives to it: the outputs of the rows that it reads."""
    last = len(columns) - 1
    spots = ((0, 0), (last, 1), (last, 2), (0, 3))
    row = Shape("target", "target", tuple(Anchor("made", n, corner) for n, corner in spots), closed=True)
    frames = (tuple(Anchor("window", n, corner) for corner in range(4)) for n in range(reads))
    return (*(Shape(f"frame:{n}", "frame", anchors, closed=True) for n, anchors in enumerate(frames)), row)


def _words(found: Table) -> None:
    """The title, and under the table what all rows come to."""
    language, middle = found.layout.language, found.width / 2
    macs = sum(row.macs for row in found.rows)
    numbers = {"layers": found.steps, "weights": sum(row.parameters for row in found.rows), "macs": macs}
    total = say("table.total", language, **numbers, flops=FLOPS * macs)
    found.layout.labels.append(Label("caption:layer", "title", (middle, found.high + 0.6), total, size=LETTERS))
    if lanes := max((lane + 1 for *_, lane in skipped(found.rows)), default=0):
        at = (-lanes * LANE / 2 - 0.15, -0.45)
        found.layout.labels.append(Label("head:reads", "axis", at, say("table.reads", language), size=0.3))
    if not found.whole:
        said = say("table.part", language, rows=found.high, all=found.steps + 1)
        found.layout.labels.append(Label("title:layer", "title", (middle, -1.3), said, size=LETTERS))


def _sentences(rows: tuple[Counted, ...], language: str) -> Sentences:
    """What each row says, in words."""
    columns: dict[str, list[object]] = {
        "n": [row.number for row in rows],
        "layer": [named(row, language) for row in rows],
        "shape": [times(row.shape) for row in rows],
        "weights": [row.parameters for row in rows],
        "macs": [row.macs for row in rows],
        "flops": [row.flops for row in rows],
        "jump": [row.jump for row in rows],
        "field": [along(row.told.field) for row in rows],
        "shortest": [along(row.told.shortest) for row in rows],
    }
    templates = (say("sentence.table", language), say("sentence.table_branches", language))
    return Sentences(templates, np.array([int(row.told.branches) for row in rows]), columns)


def refuse(network: Network) -> None:
    """Refuse a network of more rows than a table is drawn for."""
    if (count := len(counted(network))) > MOST:
        raise LayerError("table_long", "layers", None, count=count, most=MOST)


VIEW = View(
    "table",
    table,
    aspect=0.44,
    narrow=Narrow(tall=1.6, folds=FOLDS),
    afar=AFAR,
    stacks=Stacks(table, refuse, alone=True),
    compares=True,
    values=False,
    asks="row",
)
