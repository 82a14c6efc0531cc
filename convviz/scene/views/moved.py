"""moved: a digit that is moved through its field, and how probable each answer is to three networks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convviz.layers.digit import SIZE
from convviz.layers.linear import Array
from convviz.moving import PLACES, answers
from convviz.recognising import CLASSES, NAMES, network
from convviz.scene.fields import (
    HEAD,
    LINES,
    NOTE,
    STEPS,
    board,
    frames,
    layer_of,
    limited,
    lying,
    percents,
    refuse_others,
    where,
)
from convviz.scene.layout import Layout
from convviz.scene.links import Link
from convviz.scene.marks import Grid, Label
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.strokes import Curve
from convviz.scene.timeline import Sentences, StepTexts, Track
from convviz.scene.view import Narrow, View
from convviz.text import say

TOP, LEFT = 1.8, 13.9
"""Where the boards begin, and how far right of the field the first network does, in cells."""

CELL = (1.7, SIZE / CLASSES)
"""The width and the height of a probability."""

LONG, BETWEEN = 4.0, 1.7
"""How long the bar of a certain answer is, and the room behind it."""

FINE = 41
"""Places at which a bar may end."""

PEN = 8
"""How many times as wide as a curve a bar is."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A network with its answers. grid: its probabilities, a row a class; given: (steps, classes)."""

    name: str
    grid: Grid
    given: Array

    @property
    def says(self) -> Array:
        """(steps,): what it answers."""
        return np.asarray(self.given.argmax(axis=1))


def moved(shown: object, language: str = "en", larger: float = 1.0) -> Scene:
    """Lay out the field and the three networks' probabilities; larger: how much so letters are."""
    layer, layout = layer_of(shown), Layout(language)
    field, ink = board(layout, layer, (0.0, TOP))
    asked = [_asked(layout, n, given, larger) for n, given in enumerate(answers(layer.digit, layer.shuffled))]
    marks = np.concatenate([one.grid.first + np.arange(CLASSES) for one in asked])
    texts = [text for t in range(STEPS) for one in asked for text in percents(one.given[t])]
    says = np.stack([one.grid.first + one.says for one in asked], axis=1)
    pixels = np.broadcast_to(field.first + np.arange(field.count), (len(marks), field.count))
    return Scene(
        layer.kind,
        "moved",
        STEPS,
        PLACES,
        tuple(layout.grids),
        (
            Track("begun", np.full((STEPS, 1), -1)),
            lying(field, layer),
            Track("probable", np.tile(marks, (STEPS, 1)), "", "target"),
            Track("current", says, "current", "target"),
        ),
        frames(layer),
        tuple(layout.labels),
        (ink, StepTexts(marks, texts)),
        sentences=_sentences(asked, language),
        links=(Link(marks, pixels),),
        order=("probable", "current"),
        curves=tuple(bar for one in asked for bar in _bars(one)),
        grip=layout.grids.index(field),
    )


def _asked(layout: Layout, n: int, given: Array, larger: float) -> Asked:
    """The probabilities of a network, with its name, its weights and the classes."""
    name, language = NAMES[n], layout.language
    left = LEFT + n * (CELL[0] + LONG + BETWEEN)
    grid = layout.grid(
        name,
        (left, TOP),
        (CLASSES, 1),
        np.full(CLASSES, ROLES.index("output")),
        [""] * CLASSES,
        lattice=((CELL[0], 0.0), (0.0, CELL[1])),
        text_size=0.3,
        longest=4,
    )
    middle, weights = left + (CELL[0] + LONG) / 2, network(name).parameters
    said = (say(f"moved.network.{name}", language), say("moved.weights", language, weights=weights))
    for line, (text, size) in enumerate(zip(said, (HEAD, NOTE), strict=True)):
        layout.label(Label(f"{name}:{line}", "title", (middle, TOP - LINES[line]), text, "middle", size, "output"))
    for label in range(CLASSES):
        at = (left - 0.25, TOP + (label + 0.5) * CELL[1])
        layout.label(Label(f"{name}.{label}", "axis", at, str(label), "end", 0.4 * larger))
    return Asked(name, grid, given)


def _bars(asked: Asked) -> list[Curve]:
    """A bar for each probability, beside its cell; what is asked shows none."""
    (left, top), found = asked.grid.corner, []
    ends = left + CELL[0] + 0.12 + LONG * np.linspace(0.0, 1.0, FINE)
    for label in range(CLASSES):
        points = np.stack([ends, np.full(FINE, top + (label + 0.5) * CELL[1])], axis=1)
        until = 1 + np.rint(asked.given[:, label] * (FINE - 1)).astype(np.int64)
        cell = asked.grid.first + label
        found.append(Curve(f"{asked.name}.{label}", "hue1", points, until, pen=PEN, cell=cell))
    return found


def _sentences(asked: list[Asked], language: str) -> Sentences:
    """Where the digit lies, and what each network answers."""
    columns: dict[str, list[object]] = {"where": [where(t, language) for t in range(STEPS)]}
    for one in asked:
        columns[one.name] = one.says.tolist()
        columns[f"{one.name}_share"] = list(percents(one.given.max(axis=1)))
    return Sentences((say("moved.says", language),), np.zeros(STEPS, dtype=np.int64), columns)


VIEW = View(
    "moved",
    moved,
    refuse_others("moved"),
    aspect=0.43,
    narrow=Narrow(tall=1.75),
    afar={"larger": 1.6},
    limit=limited,
    compares=False,
    values=False,
)
