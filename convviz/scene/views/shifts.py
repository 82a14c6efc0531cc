"""shifts: how many held-out digits three networks recognise, by how far these are moved; once more with all pixels of a
field shuffled in one way. A step is a distance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convviz.layers.digit import HELD_OUT
from convviz.recognised import SEEDS, WAYS, measured
from convviz.recognising import FURTHEST, LEARNED, NAMES
from convviz.scene.chart import Box, key_table
from convviz.scene.fields import layer_of, limited, refuse_others
from convviz.scene.layout import Layout
from convviz.scene.marks import Label
from convviz.scene.scene import Scene
from convviz.scene.strokes import Curve
from convviz.scene.timeline import Sentences, StepTexts, Track
from convviz.scene.view import Narrow, View
from convviz.scene.views.why import percent
from convviz.spread import Spread
from convviz.text import say

STEPS = FURTHEST + 1
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)

ACROSS, DOWN, BETWEEN = 6.0, 6.4, 2.2
"""The width and the height of a chart, and the room behind it, in cells."""

CELL = 2.2
"""The width of a number in the table, in cells."""


@dataclass(frozen=True)
class Charts:
    """Both charts; larger: how much so their letters are."""

    layout: Layout
    larger: float

    def box(self, shuffled: bool) -> Box:
        left = 1.4 + shuffled * (ACROSS + BETWEEN * self.larger)
        return Box((left, 1.0), ACROSS, DOWN, (0, FURTHEST), (0.0, 1.0), self.larger)

    def curves(self, shuffled: bool) -> list[Curve]:
        """The axes, and of each network the median with its spread, as far as the step."""
        box, steps, word = self.box(shuffled), np.arange(STEPS), WAYS[shuffled]
        found = [box.rule(f"{word}.{n:g}", ((0, n), (FURTHEST, n))) for n in (0.0, 1.0)]
        found.append(box.rule(f"{word}.up", ((0, 0.0), (0, 1.0))))
        for n, name in enumerate(NAMES, start=1):
            spreads = measured().by_distance[name][shuffled]
            for end in Spread._fields:
                points, middle = box.at(steps, np.array([getattr(one, end) for one in spreads])), end == "median"
                role, dot = (f"hue{n}", steps) if middle else ("spread", None)
                found.append(Curve(f"{word}.{name}.{end}", role, points, steps + 1, dot))
        return found

    def labels(self, shuffled: bool) -> list[Label]:
        """What the chart shows, and the numbers at its axes."""
        box, word, language = self.box(shuffled), WAYS[shuffled], self.layout.language
        middle, bottom = box.corner[0] + ACROSS / 2, box.corner[1] + DOWN
        said = [Label(f"title:{word}", "title", (middle, 0.42), say(f"shifts.{word}", language), "middle", 0.42)]
        said += [box.left(f"{word}.y{n:g}", n, percent(n)) for n in TICKS]
        said += [box.below(f"{word}.x{n}", n, str(n)) for n in range(STEPS)]
        under = (middle, bottom + 0.3 + 0.5 * self.larger)
        return [*said, Label(f"{word}.by", "axis", under, say("shifts.by", language), "middle", 0.34)]


def shifts(shown: object, language: str = "en", larger: float = 1.0) -> Scene:
    """Lay out what was measured; larger: how much so letters are."""
    layer, charts = layer_of(shown), Charts(Layout(language), larger)
    left = charts.box(True).corner[0] + ACROSS + 0.9
    first, keys = _table(charts.layout, left, larger)
    said = say("shifts.how", language, digits=LEARNED, held=HELD_OUT, seeds=SEEDS).split("\n")
    for n, line in enumerate(said):
        at = (left, 6.4 + 0.66 * larger * n)
        charts.layout.label(Label(f"how:{n}", "title", at, line, "start", 0.36 * larger))
    count = len(NAMES) * len(WAYS)
    texts = [percent(_median(name, way, t)) for t in range(STEPS) for name in NAMES for way in WAYS]
    marks = first + np.arange(count)
    own = marks.reshape(len(NAMES), len(WAYS))[:, list(WAYS).index(layer.shuffled)]
    return Scene(
        layer.kind,
        "shifts",
        STEPS,
        STEPS,
        tuple(charts.layout.grids),
        (
            Track("all", np.tile(marks, (STEPS, 1)), "", "target"),
            Track("current", np.tile(own, (STEPS, 1)), "current", "target"),
        ),
        (),
        (*charts.layout.labels, *(label for way in WAYS for label in charts.labels(way))),
        (StepTexts(marks, texts),),
        sentences=_sentences(layer.shuffled, language),
        curves=(*(curve for way in WAYS for curve in charts.curves(way)), *keys),
    )


def _median(name: str, shuffled: bool, distance: int) -> float:
    return measured().by_distance[name][shuffled][distance].median


def _table(layout: Layout, left: float, larger: float) -> tuple[int, list[Curve]]:
    """The numbers of the networks, a row each, with its name and a piece of its line; returns the first cell and these
    pieces."""
    names = [say(f"moved.network.{name}", layout.language) for name in NAMES]
    heads = [say(f"shifts.head.{word}", layout.language) for word in WAYS.values()]
    return key_table(layout, (left, 1.9), CELL, names, heads, larger, 0.18)


def _sentences(shuffled: bool, language: str) -> Sentences:
    """The accuracies at a distance."""
    columns: dict[str, list[object]] = {"far": list(range(STEPS))}
    for name in NAMES:
        columns[name] = [percent(_median(name, shuffled, far)) for far in range(STEPS)]
    return Sentences((say(f"shifts.says.{WAYS[shuffled]}", language),), np.zeros(STEPS, dtype=np.int64), columns)


VIEW = View(
    "shifts",
    shifts,
    refuse_others("shifts"),
    aspect=0.4,
    narrow=Narrow(tall=1.7),
    afar={"larger": 1.6},
    limit=limited,
    compares=False,
    values=False,
)
