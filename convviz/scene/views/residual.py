"""residual: what a gated block with a residual gives, told twice: a part added to the input, or the input shared out.

y = x + (W ∗ x) s. As W ∗ x + x is as good a linear map, call it W′ ∗ x: then y = x (1 − s) + (W′ ∗ x) s. Each reading
has two bars a position, the part that passes unchanged and the part that is transformed; they end at the output, which
is the same line in both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convviz.errors import LayerError
from convviz.layers.linear import Array
from convviz.network import Network
from convviz.run import Run
from convviz.scene import narrate
from convviz.scene.canvas import factor
from convviz.scene.gating import HALVES, Gating, gating, refuse_ungated, spoken, told
from convviz.scene.layout import Layout
from convviz.scene.limits import refuse_large_nodes
from convviz.scene.linked import Board
from convviz.scene.links import Link
from convviz.scene.marks import Ints, Label, Point
from convviz.scene.parts import target_outline
from convviz.scene.roles import ROLES
from convviz.scene.rows import APART, HEADING, NAME, Rows, at_steps, read_track, rounded
from convviz.scene.scene import Scene
from convviz.scene.strokes import Curve
from convviz.scene.timeline import Sentences, Track
from convviz.scene.tones import scale_of
from convviz.scene.view import Narrow, Stacks, View
from convviz.scene.views.gate import links, window_outline
from convviz.text import say

TALL = 3.0
"""How high the bars of a reading are, in cells, from the lowest end of any to the highest."""

LEAST = 0.1
"""The least height of a bar; the part beside it is as much shorter."""

WIDE = 0.84
"""The width of a bar; of two that pull in opposite directions, which stand side by side, each has half of it."""

BETWEEN = 1.6
"""The room between the two readings, where the title of the second stands."""

LEGIBLE = 0.42
"""The least height of a bar that bears its number."""

READINGS = ("added", "shared")


@dataclass(frozen=True, eq=False)
class Reading:
    """(positions,) each: the part that passes unchanged and the part that is transformed; together the output."""

    unchanged: Array
    transformed: Array

    @property
    def output(self) -> Array:
        return np.asarray(self.unchanged + self.transformed)

    @property
    def reach(self) -> tuple[float, float]:
        """The lowest end of its bars, and the highest."""
        ends = np.stack([np.zeros_like(self.output), self.unchanged, self.output])
        return float(ends.min()), float(ends.max())


def readings(found: Gating) -> dict[str, Reading]:
    """Both readings of a block of one channel, by READINGS.

    >>> import convviz as cv
    >>> both = readings(gating(cv.trace(cv.GatedConv((8,), 3, padding="same", residual=True))))
    >>> bool(np.abs(both["added"].output - both["shared"].output).max() < 1e-12)
    True
    """
    x, value, share = (found.values(name).ravel().astype(np.float64) for name in ("x", "value", "sigmoid"))
    return {"added": Reading(x, value * share), "shared": Reading(x * (1 - share), (value + x) * share)}


def residual(shown: Run, language: str = "en") -> Scene:
    """Lay out the run of a gated block with a residual, of one channel along one axis."""
    found = gating(shown)
    refuse(found.run.network)  # type: ignore[arg-type]  # gating has seen it
    both, steps = readings(found), len(found.trace())
    rows, boards, place = _rows(found, language)
    bars = {name: _bars(rows.layout, place, name, both, language) for name in READINGS}
    names = ("value", "moved", "sigmoid")
    marks = [at_steps(boards[name]) for name in names]
    first, second = (bars[name][0] for name in READINGS)
    tracks = (
        Track("begun", np.full((steps, 1), -1)),
        Track("window", _window(found, boards["x"]), "window", "source"),
        *(Track(name, cells, "current", "target") for name, cells in zip(names, marks, strict=True)),
        Track("added", first, "", "target"),
        Track("shared", second, "", "target"),
        Track("current", at_steps(boards["output"]), "current", "target"),
        read_track([boards[name] for name in names]),
    )
    layout = rows.layout
    return Scene(
        found.block.kind,
        "residual",
        steps,
        steps,
        tuple(layout.grids),
        tracks,
        (window_outline(found), target_outline()),
        tuple(layout.labels),
        sentences=_sentences(found, both, language),
        formulas=narrate.formulas(found.conv),
        links=_links(found, boards, (first, second)),
        order=("begun", *names, *READINGS, "current"),
        curves=tuple(curve for name in READINGS for curve in bars[name][1]),
    )


def _window(found: Gating, canvas: Board) -> Ints:
    return canvas.block.marks(0, found.trace().layer.taps.flat_positions)


def _rows(found: Gating, language: str) -> tuple[Rows, dict[str, Board], Point]:
    """The numbers that both readings are made of, and the output; where the charts begin that stand beside them."""
    x, value = found.values("x"), found.values("value")
    rows = Rows(Layout(language), scale_of(x, value, value + x, found.values("output")))
    heads = tuple(map(str, range(1, x.shape[1] + 1)))
    boards = {"x": rows.canvas(found.trace(), say("gate.row.x", language), heads)}
    boards["value"] = rows.row("value", value, say("gate.row.value", language), APART)
    boards["moved"] = rows.row("moved", value + x, say("gate.row.moved", language))
    boards["sigmoid"] = rows.row("sigmoid", found.values("sigmoid"), say("gate.row.share", language), role="share")
    boards["output"] = rows.row("output", found.values("output"), say("gate.row.output", language), APART)
    weights = {half: found.trace(half).weight for half in HALVES}
    moved = weights["value"] + _identity(found)
    scale = scale_of(moved, *weights.values())
    rows.kernels_of(weights, language, ("value", "sigmoid"), scale)
    at = (rows.right + 0.7, rows.middles["moved"])
    right = rows.weights("moved", moved, None, say("gate.kernel.moved", language), scale, at)
    return rows, boards, (right + 1.4, 0.0)


def _identity(found: Gating) -> Ints:
    """(kernel,): 1 where a weight lies on the input of the output's own place."""
    reads = found.trace().layer.taps.flat_sources
    return (reads == np.arange(len(reads))[:, None]).any(axis=0).astype(np.int64)


def _bars(
    layout: Layout, corner: Point, name: str, both: dict[str, Reading], language: str
) -> tuple[Ints, tuple[Curve, ...]]:
    """The bars of a reading, (positions, 2) cells, and its lines: where they begin, and the outputs, where they end.

    corner: of the first reading's chart; the second lies below it.
    """
    unit = TALL / (max(reading.reach[1] - reading.reach[0] for reading in both.values()) or 1.0)
    reading, (left, top) = both[name], corner
    if name != READINGS[0]:
        first = both[READINGS[0]].reach
        top += (first[1] - first[0]) * unit + BETWEEN
    zero, foot = top + reading.reach[1] * unit, top + (reading.reach[1] - reading.reach[0]) * unit
    pairs = zip(reading.unchanged.tolist(), reading.transformed.tolist(), strict=True)
    cells = [_pair(layout, name, n, pair, (left + n, zero), unit) for n, pair in enumerate(pairs)]
    foot = max(foot, *(float(grid.extent[:, 1].max()) for grid in layout.grids if grid.first in np.ravel(cells)))
    steps = np.arange(len(cells))
    at = (left + len(steps) / 2, top - 0.45)
    layout.label(Label(f"title:{name}", "title", at, say(f"gate.reading.{name}", language), "middle", NAME))
    for n in steps.tolist():
        layout.label(Label(f"{name}:{n}", "axis", (left + n + 0.5, foot + 0.3), str(n + 1), "middle", HEADING))
    ground = Curve(f"{name}.zero", "rule", np.array([[left, zero], [left + len(steps), zero]]))
    tops = np.stack([left + steps + 0.5, zero - reading.output * unit], axis=1)
    return np.array(cells), (ground, Curve(f"{name}.output", "rule", tops, steps + 1, steps))


def _pair(layout: Layout, name: str, place: int, parts: tuple[float, float], at: Point, unit: float) -> tuple[int, int]:
    """The two bars of a position, the second from where the first ends; the numbers of their cells.

    at: where its column and the ground line meet; unit: how high a bar of 1 is.
    """
    opposite = parts[0] * parts[1] < 0
    width, end, cells = (WIDE / 2 if opposite else WIDE), 0.0, list[int]()
    for n, (part, role) in enumerate(zip(parts, ("input", "output"), strict=True)):
        left = at[0] + (1 - WIDE) / 2 + (width if opposite and n else 0.0)
        begin, end = end, sum(parts[: n + 1]) * unit
        way = -1 if (part or parts[1 - n]) < 0 else 1
        if (end - begin) * way < LEAST:  # a small part is on its own side of the ground line all the same
            end = begin + way * LEAST
        tall = abs(end - begin)
        grid = layout.grid(
            f"{name}.{role}",
            (left, at[1] - max(begin, end)),
            (1, 1),
            np.array([ROLES.index(role)]),
            rounded(np.array([part])) if tall >= LEGIBLE and not opposite else [""],
            lattice=((width, 0.0), (0.0, tall)),
            born=np.array([place]),
            text_size=0.36,
        )
        cells.append(grid.first)
    return cells[0], cells[1]


def _links(found: Gating, boards: dict[str, Board], bars: tuple[Ints, Ints]) -> tuple[Link, ...]:
    """What each cell is made of: the bars and the output of their own position's numbers."""
    taps = links(found, {"gate": boards["sigmoid"], "product": boards["output"]} | boards)
    x, value, moved, share = (boards[name].cells for name in ("x", "value", "moved", "sigmoid"))
    first, second = bars
    own = (
        Link(moved, np.stack([value, x], axis=1)),
        Link(first[:, 0], x[:, None]),
        Link(first[:, 1], np.stack([value, share], axis=1)),
        Link(second[:, 0], np.stack([x, share], axis=1)),
        Link(second[:, 1], np.stack([moved, share], axis=1)),
    )
    return (*(link for link in taps if not np.array_equal(link.targets, link.sources[:, 0])), *own)


def _sentences(found: Gating, both: dict[str, Reading], language: str) -> Sentences:
    """Both readings of a position in numbers."""
    steps = len(found.trace())
    share = found.values("sigmoid")
    columns: dict[str, list[object]] = dict(narrate.places(found.trace()))
    columns |= {"share": told(share, steps, True), "rest": told(1 - share, steps, True)}
    columns |= {name: told(found.values(name), steps) for name in ("x", "output")}
    for name, values in (("value", found.values("value")), ("moved", found.values("value") + found.values("x"))):
        columns[name] = [factor(str(text)) for text in told(values, steps)]
    return Sentences((spoken(found, language, "readings"),), np.zeros(steps, dtype=np.int64), columns)


def refuse(network: Network) -> None:
    """Refuse what is no gated linear unit of one channel along one axis with a residual; told from sizes alone."""
    block = refuse_ungated(network, "residual")
    for fits, key, fix in (
        (len(block.conv.input_size) == 1, "gated_axis", {"view": "gate"}),
        (block.conv.in_channels == 1, "gated_channel", {"view": "gate"}),
        (block.form == "glu", "gated_form", {"form": "glu"}),
        (block.residual, "gated_residual", {"residual": True}),
    ):
        if not fits:
            field = next(iter(fix))
            raise LayerError(key, field, fix, value="residual", nearest=fix[field])
    refuse_large_nodes(network.nodes, network.x_shape)


VIEW = View(
    "residual",
    residual,
    refuse,
    aspect=0.42,
    narrow=Narrow(tall=1.9),
    stacks=Stacks(residual, refuse, values=True),
    compares=False,
)
