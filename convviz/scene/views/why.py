"""why: what pooling is for: fewer numbers for the layers above, and a network that does better on what it has not seen.

Two charts of a training that was measured: accuracy on the digits learned from, and on others, with pooling and without
it; a step is a number of epochs. Beside them the numbers of both networks, and how alike neighbouring pixels are.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from convviz.alike import told
from convviz.errors import LayerError
from convviz.generalising import CLASSES, EPOCHS, SEEDS, SIZE, TRAINED, WAYS, features, measured
from convviz.layers import Layer
from convviz.network import stack_of
from convviz.scene import narrate
from convviz.scene.chart import Box, key_table
from convviz.scene.layout import Layout
from convviz.scene.marks import Label
from convviz.scene.scene import Scene
from convviz.scene.strokes import Curve
from convviz.scene.timeline import Sentences, StepTexts, Track
from convviz.scene.view import Narrow, View
from convviz.spread import Spread
from convviz.text import say
from convviz.trace import Trace

PARTS = ("trained", "held_out")
NOTED = {"trained": "many", "held_out": "placed"}
"""What is said under each chart of how all of it was measured."""

SETUP = {"digits": TRAINED, "seeds": SEEDS, "field": SIZE}
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
ENDS = (0, 8, 16, 24, 32)

ACROSS, DOWN, BETWEEN = 6.0, 5.6, 2.2
"""The width and the height of a chart, and the room behind it, in cells."""

CELL = 2.5
"""The width of a number in the table, in cells."""


def percent(share: float) -> str:
    """A share in per cent, with one decimal where it has one.

    >>> percent(0.7012), percent(1.0)
    ('70.1%', '100%')
    """
    return f"{round(100 * share, 1):g}%"


@dataclass(frozen=True)
class Charts:
    """Both charts; larger: how much so their letters are."""

    layout: Layout
    larger: float

    def box(self, part: str) -> Box:
        left = 1.4 + PARTS.index(part) * (ACROSS + BETWEEN * self.larger)
        return Box((left, 1.0), ACROSS, DOWN, (EPOCHS[0], EPOCHS[-1]), (0.0, 1.0), self.larger)

    def curves(self, part: str) -> list[Curve]:
        """The axes, and of both networks the median with its spread, as far as the step."""
        box, steps = self.box(part), np.arange(len(EPOCHS))
        found = [box.rule(f"{part}.{n:g}", ((EPOCHS[0], n), (EPOCHS[-1], n))) for n in (0.0, 1.0)]
        found.append(box.rule(f"{part}.up", ((EPOCHS[0], 0.0), (EPOCHS[0], 1.0))))
        for n, (pooled, word) in enumerate(WAYS.items(), start=1):
            spreads = getattr(measured()[pooled], part)
            for end in Spread._fields:
                points = box.at(np.array(EPOCHS), np.array([getattr(one, end) for one in spreads]))
                name, middle = f"{part}.{word}.{end}", end == "median"
                role, dot = (f"hue{n}", steps) if middle else ("spread", None)
                found.append(Curve(name, role, points, steps + 1, dot))
        return found

    def labels(self, part: str, language: str) -> list[Label]:
        """What the chart shows, and the numbers at its axes."""
        box = self.box(part)
        middle, bottom = box.corner[0] + ACROSS / 2, box.corner[1] + DOWN
        title, how = (say(f"why.{key}", language, **SETUP) for key in (part, NOTED[part]))
        said = [Label(f"title:{part}", "title", (middle, 0.42), title, "middle", 0.42)]
        said += [box.left(f"{part}.y{n:g}", n, percent(n)) for n in TICKS]
        said += [box.below(f"{part}.x{n}", n, str(n)) for n in ENDS]
        under = (middle, bottom + 0.3 + 0.5 * self.larger)
        said.append(Label(f"{part}.epochs", "axis", under, say("why.epochs", language), "middle", 0.34))
        return [*said, Label(f"{part}.how", "axis", (middle, under[1] + 0.62), how, "middle", 0.34)]


def why(trace: Trace, language: str = "en", larger: float = 1.0) -> Scene:
    """Lay out what was measured, beside the sizes of the pooling that is shown; larger: how much so letters are."""
    charts, steps = Charts(Layout(language), larger), len(EPOCHS)
    last = charts.box(PARTS[-1])
    left = last.corner[0] + ACROSS + 0.9
    first, keys = _table(charts.layout, left, larger)
    _below(charts.layout, trace, left, larger)
    marks = first + np.arange(len(WAYS) * len(PARTS))
    texts = [text for t in range(steps) for pooled in WAYS for text in _row(pooled, t)]
    return Scene(
        trace.layer.kind,
        "why",
        steps,
        steps,
        tuple(charts.layout.grids),
        (Track("current", np.tile(marks, (steps, 1)), "current", "target"),),
        (),
        (*charts.layout.labels, *(label for part in PARTS for label in charts.labels(part, language))),
        (StepTexts(marks, texts),),
        sentences=_sentences(language),
        formulas=narrate.formulas(trace.layer),
        curves=(*(curve for part in PARTS for curve in charts.curves(part)), *keys),
    )


def dense_weights(pooled: bool) -> int:
    """The weights of the dense layer, without its bias.

    >>> dense_weights(False), dense_weights(True)
    (8000, 2000)
    """
    return features(pooled) * CLASSES


def _row(pooled: bool, t: int) -> list[str]:
    """What a row of the table bears at a step."""
    return [percent(getattr(measured()[pooled], part)[t].median) for part in PARTS]


def _table(layout: Layout, left: float, larger: float) -> tuple[int, list[Curve]]:
    """The numbers of both networks, a row each, with its name and a piece of its line; returns the first cell and these
    pieces."""
    names = [say(f"why.{word}", layout.language) for word in WAYS.values()]
    heads = [say(f"why.head.{head}", layout.language) for head in PARTS]
    return key_table(layout, (left, 1.9), CELL, names, heads, larger, 0.17)


def _below(layout: Layout, trace: Trace, left: float, larger: float) -> None:
    """Under the table: how alike neighbouring pixels are, and the sizes of the pooling that is shown."""
    layer, size = trace.layer, 0.38 * larger
    numbers = dict(zip(("alike", "shuffled"), told(), strict=True))
    sizes = {"before": prod(layer.x_shape), "after": prod(layer.y_shape)}
    for pooled, word in WAYS.items():
        sizes |= {f"{word}_features": features(pooled), f"{word}_weights": dense_weights(pooled)}
    told_of = ("features", "weights", "alike", "shuffled", "shown")
    lines = [say(f"why.{name}", layout.language, **sizes, **numbers) for name in told_of]
    for n, line in enumerate(lines):
        y = 4.5 + (n + ((n > 1) + (n > 3)) * 0.3) * 0.66 * larger
        layout.label(Label(f"said:{n}", "title", (left, y), line, "start", size))


def _sentences(language: str) -> Sentences:
    """The accuracies after a number of epochs."""
    columns: dict[str, list[object]] = {"epochs": list(EPOCHS), "seeds": [SEEDS] * len(EPOCHS)}
    for pooled, word in WAYS.items():
        for part in PARTS:
            columns[f"{word}_{part}"] = [percent(one.median) for one in getattr(measured()[pooled], part)]
    return Sentences((say("why.says", language),), np.zeros(len(EPOCHS), dtype=np.int64), columns)


def refuse(layer: Layer) -> None:
    """Refuse what is no pooling."""
    if stack_of(layer) or layer.weight_shape or layer.enlarges or not layer.shared:
        raise LayerError("view_why", "view", {"view": "flat"}, value="why", nearest="flat")


VIEW = View("why", why, refuse, aspect=0.42, narrow=Narrow(tall=1.7), afar={"larger": 1.7}, compares=False)
