"""curve: a layer or a stack along one axis over a series, its input and its output as curves above their cells.

The window slides on the curve and on the cells at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from convviz.errors import LayerError
from convviz.layers.linear import Array
from convviz.network import Network
from convviz.run import Run, run_of
from convviz.scene import narrate
from convviz.scene.canvas import numbers, outputs
from convviz.scene.layout import TITLE
from convviz.scene.marks import LETTER, TEXT_SIZE, Anchor, Editable, Floats, Grid, Ints, Label, Shape
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.strips import Strips, field_formula, middles, refuse_other
from convviz.scene.strokes import PENS, Curve
from convviz.scene.timeline import Sentences, Track
from convviz.scene.tones import board_tones
from convviz.scene.view import Stacks, View
from convviz.text import say
from convviz.trace import Trace

HIGH = 0.16
"""How high a curve is, as a share of the width of its row; at least LEAST cells."""

LEAST = 3.0

APART = 1.2
"""Cells between the row of one curve and the other curve; letters stand there."""

LONGEST = 400
"""The most values of a series."""

APART_FROM = 4
"""How many times as wide as the other a curve may be drawn on one axis with it."""

TICKS = 8
"""The most marks of time under the input."""


class Axis(NamedTuple):
    """The vertical axis of a curve: from the least to the greatest value, and how high it is drawn."""

    least: float
    most: float
    high: float
    pen: int

    @property
    def foot(self) -> float:
        """How far above its row a curve begins."""
        return 0.1 * self.high

    def level(self, values: Floats) -> Floats:
        """How high values lie above the foot."""
        return np.asarray(0.8 * self.high * (values - self.least) / ((self.most - self.least) or 1.0))


def curve(shown: Trace | Run, language: str = "en", since: int | None = None) -> Scene:
    """Lay out a series and what becomes of it; since: the time of its first value, where it is a real one."""
    run = run_of(shown)
    network = Network([node.layer for node in run.nodes])
    strips = Strips(network)
    size, steps = strips.sizes[0], strips.sizes[-1]
    high, scale = max(LEAST, HIGH * size), max(1.0, size / 30)
    pen = max(pen for pen in PENS if pen <= max(scale, 1))
    below = high + 1 + APART * scale + high
    last = run[run.nodes[-1].name]
    x = run.x.reshape(-1)
    ours, theirs = _axes(x, last.output, high, pen)
    grids = (
        _row("input", 0, strips.places[0], below, x, numbers(run.x), None),
        _row("output", size, strips.places[-1], high, last.output.reshape(-1), outputs(last), np.arange(steps)),
    )
    read = np.where(strips.paths[0] > 0, np.arange(size), -1)
    tracks = _tracks(strips, read, size)
    names = [(grids[0], "strip.input", size, "input"), (grids[1], "strip.output", steps, "output")]
    return Scene(
        "network",
        "curve",
        steps,
        steps,
        grids,
        tracks,
        (_frame(high), _above("target", "current", high)),
        (*(_name(*named, high, scale, language) for named in names), *_times(grids[0], since, scale)),
        sentences=_sentences(shown, strips, language),
        formulas=narrate.formulas(network.layers[0]) if len(network.layers) == 1 else (field_formula(network),),
        curves=(
            *_drawn("input", grids[0], strips.places[0], x, ours),
            *_drawn("output", grids[1], strips.places[-1], last.output.reshape(-1), theirs, np.arange(steps)),
        ),
    )


def _axes(x: Array, output: Array, high: float, pen: int) -> tuple[Axis, Axis]:
    """One axis for both curves; one for each where one of them would be flat beside the other."""
    ends = [(min(0.0, float(v.min())), max(0.0, float(v.max()))) for v in (x, output)]
    wide = [most - least for least, most in ends]
    if max(wide) > APART_FROM * min(wide):
        return Axis(*ends[0], high, pen), Axis(*ends[1], high, pen)
    whole = Axis(min(ends[0][0], ends[1][0]), max(ends[0][1], ends[1][1]), high, pen)
    return whole, whole


def _row(
    role: str, first: int, place: tuple[float, float], y: float, values: Array, texts: list[str], born: Ints | None
) -> Grid:
    (start, step), size = place, len(values)
    roles = np.full(size, ROLES.index(role))
    tones, scale = board_tones(values, roles, None)
    text_size = min(TEXT_SIZE, 0.86 * step / (LETTER * max(map(len, texts))))
    made = Grid(role, first, 1, size, (start - step / 2, y), (step, 0.0), (0.0, 1.0), roles, tuple(texts), born)
    typed = Editable("x", 0, (0, 1, 1), (0, 1, size)) if role == "input" else None
    return replace(made, text_size=text_size, editable=typed, tones=tones, scale=scale)


def _tracks(strips: Strips, read: Ints, first: int) -> tuple[Track, ...]:
    """What each step reads of the input, its first and last cell, and what it writes."""
    there = np.asarray(read >= 0)
    some = np.asarray(there.any(axis=1))
    ends = np.stack([there.argmax(axis=1), read.shape[1] - 1 - there[:, ::-1].argmax(axis=1)], axis=1)
    return (
        Track("window", read, "window", "source"),
        Track("ends", np.where(some[:, None], ends, -1)),
        Track("current", first + np.arange(strips.sizes[-1])[:, None], "current", "target"),
    )


def _frame(high: float) -> Shape:
    """The outline of the window: around its cells and the curve above them."""
    corners = (
        Anchor("ends", 0, 0, (0.0, -high)),
        Anchor("ends", 1, 1, (0.0, -high)),
        Anchor("ends", 1, 2),
        Anchor("ends", 0, 3),
    )
    return Shape("frame", "frame", corners, closed=True)


def _above(role: str, track: str, high: float) -> Shape:
    corners = (Anchor(track, 0, 0), Anchor(track, 0, 1), Anchor(track, 0, 2), Anchor(track, 0, 3))
    return Shape(role, role, corners, closed=True)


def _drawn(
    name: str, grid: Grid, place: tuple[float, float], values: Array, axis: Axis, until: Ints | None = None
) -> tuple[Curve, ...]:
    """The line of 0, and the values above their cells; until: where they are written one after the other."""
    foot = grid.corner[1] - axis.foot
    left, right = grid.outline[:, 0].min(), grid.outline[:, 0].max()
    zero = foot - axis.level(np.zeros(2))
    points: Floats = np.stack([middles(place, len(values)), foot - axis.level(values.astype(np.float64))], axis=1)
    base = Curve(f"{name}.zero", "rule", np.stack([np.array([left, right]), zero], axis=1))
    if until is None:
        return base, Curve(name, "hue1", points, pen=axis.pen)
    return base, Curve(name, "hue1", points, until=until + 1, at=until, pen=axis.pen)


def _name(grid: Grid, key: str, size: int, role: str, high: float, scale: float, language: str) -> Label:
    at = (float(grid.outline[:, 0].min()), grid.corner[1] - high - 0.45 * scale)
    return Label(f"title:{role}", "title", at, say(key, language, size=size), "start", TITLE * scale, role)


def _times(grid: Grid, since: int | None, scale: float) -> tuple[Label, ...]:
    """Marks of time under some cells of the input."""
    if since is None:
        return ()
    every = next(n for n in (1, 2, 5, 10, 20, 50, 100) if grid.count / n <= TICKS)
    first = -since % every
    y = grid.corner[1] + 1 + 0.6 * scale
    return tuple(
        Label(f"time:{n}", "axis", (float(grid.centres[n, 0]), y), str(since + n), "middle", TITLE * scale)
        for n in range(first, grid.count, every)
    )


def _sentences(shown: Trace | Run, strips: Strips, language: str) -> Sentences:
    """Of one layer, what its window covers and what comes out; of a stack, what the output sees."""
    if isinstance(shown, Trace):
        return narrate.gather_sentences(shown, language)
    told = {name: column.tolist() for name, column in strips.told().items()}
    values = outputs(shown[shown.nodes[-1].name])
    columns = told | {"total": values, "field": [strips.field()[-1]] * len(values)}
    return Sentences((say("sentence.curve", language),), np.zeros(len(values), dtype=np.int64), columns)


def _refuse(network: Network) -> None:
    """Refuse what has no strip, and a series whose cells cannot be told apart."""
    refuse_other(network)
    if network.input_size[0] > LONGEST:
        raise LayerError("view_zoom", "view", {"view": "strip"}, value="curve", nearest="strip")


VIEW = View(
    "curve", curve, aspect=0.42, times=True, stacks=Stacks(curve, _refuse, values=True, alone=True), compares=False
)
