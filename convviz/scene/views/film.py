"""film: how the network that reads digits was trained, an epoch a step.

Above, its kernels as they were saved, on one scale; below, how many digits it recognises, and what it answers for the
digit that is shown. Seen from afar, kernels are larger, and the answer is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convviz.filmed import answers
from convviz.graph import INPUT
from convviz.layers.linear import Array
from convviz.layers.reader import CLASSES, KERNEL, MAPS, SIZE
from convviz.layers.reader import POOL as SIDE
from convviz.recognised import FILMED, Course
from convviz.recognised import film as saved
from convviz.recognising import EPOCHS, network, split
from convviz.run import Run
from convviz.scene.chart import Box
from convviz.scene.layout import TITLE, Layout, text_width
from convviz.scene.links import Link
from convviz.scene.marks import Ints, Label
from convviz.scene.reader import SIZED, Boards, percents, reader_in, refuse_others
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.strokes import Curve
from convviz.scene.timeline import Sentences, StepTexts, Track
from convviz.scene.tones import toned
from convviz.scene.training import brief, reach
from convviz.scene.view import Narrow, Stacks, View
from convviz.scene.views.moved import FINE, PEN
from convviz.scene.views.why import TICKS, percent
from convviz.text import say

STEPS = EPOCHS + 1
LABELS = range(0, STEPS, 5)
"""The epochs that the axis names."""

PARTS = Course._fields
"""The digits that are learned from, and those that are held out."""

HALF, FAMILIES = MAPS // 2, ("kernels", "others")
"""Kernels stand in two halves, which are two rows where the page is narrow."""

PITCH = KERNEL + 0.75
"""How far apart kernels stand, in their cells."""

CELL, LONG = (1.9, 0.54), 2.0
"""The width and the height of a probability, and the bar of one, in cells."""

DOWN = CLASSES * CELL[1]
"""How high what stands below the kernels is: as high as the probabilities."""

INK = DOWN / SIZE
"""A pixel of the digit."""

NUMBER, KEY, NAMED = 1.7, 0.8, 0.38
"""The width of an accuracy, that of the piece of its line, and the size of its name, in cells."""

SPARE = 1.25
"""How much wider than usual a name may get, where letters are larger on a narrow page."""


@dataclass(frozen=True)
class _Place:
    """Where things stand: how wide the cells of kernels are; the corner and the sides of the chart; the corner of what
    is written about it; how much larger letters are than usual; the corner of the answer, if it is there; how far under
    the others the second half of the kernels stands, in their cells, 0 for beside them."""

    unit: float
    chart: tuple[float, float]
    sides: tuple[float, float]
    said: tuple[float, float]
    larger: float
    answer: tuple[float, float] | None = None
    under: float = 0.0


NEAR = _Place(1.0, (1.2, 5.4), (6.8, DOWN), (8.8, 5.4), 1.0, (17.2, 5.4))
AFAR = _Place(1.35, (21.5, 0.2), (6.2, 2.9), (20.6, 4.9), 1.35, under=KERNEL + 1.15)


def film(run: Run, language: str = "en", far: bool = False) -> Scene:
    """Lay out the epochs, and what the network answers for a run's input; far: as it is seen from afar."""
    place = AFAR if far else NEAR
    boards = Boards(Layout(language), run)
    kernels = _kernels(boards, place)
    box = Box(place.chart, *place.sides, (0, EPOCHS), (0.0, 1.0), place.larger)
    first, keys = _table(boards.layout, place)
    _counted(boards.layout, place)
    course = saved().course
    rows = zip(course.trained, course.held_out, strict=True)
    told = [kernels, StepTexts(first + np.arange(2), [percent(share) for row in rows for share in row])]
    current = np.full((STEPS, 1), first + 1)
    bars: list[Curve] = []
    links: tuple[Link, ...] = ()
    if place.answer:
        answer, bars, said = _answer(boards, place.answer, answers(run.x))
        current = np.append(current, said, axis=1)
        told.append(answer)
        pixels = boards.found[INPUT].cells
        links = (Link(answer.marks, np.tile(pixels, (CLASSES, 1))),)
    return Scene(
        reader_in(run).kind,
        "film",
        STEPS,
        STEPS,
        tuple(boards.layout.grids),
        (Track("kernel", np.tile(kernels.marks, (STEPS, 1))), Track("current", current, "current", "target")),
        (),
        (*boards.layout.labels, *_words(box, language)),
        tuple(told),
        sentences=_sentences(language),
        links=links,
        curves=(*_curves(box), *keys, *bars),
    )


def _kernels(boards: Boards, place: _Place) -> StepTexts:
    """The kernels, a board each, and their weights after every epoch."""
    layout, language, values = boards.layout, boards.layout.language, saved().kernels
    scale = reach(values, values)
    texts = [brief(value, digits=1) for value in values.ravel().tolist()]
    written = values.round(1)  # a cell that says 0 has no tone
    for n in range(MAPS):
        half, column = divmod(n, HALF)
        left, top = (column + (0 if place.under else half * HALF)) * PITCH, half * place.under
        layout.grid(
            f"{FAMILIES[half]}.{n + 1}",
            (left * place.unit, top * place.unit),
            (KERNEL, KERNEL),
            np.full(KERNEL**2, ROLES.index("kernel")),
            [""] * KERNEL**2,
            lattice=((place.unit, 0.0), (0.0, place.unit)),
            longest=4,
            values=written[0, n].ravel(),
            scale=scale,
        )
        if column == 0:
            said = say("film.kernels", language, first=n + 1, last=n + HALF)
            at = ((left + (HALF * PITCH - PITCH + KERNEL) / 2) * place.unit, top * place.unit - 0.6 * place.larger)
            layout.label(Label(f"title:{FAMILIES[half]}", "title", at, said, "middle", TITLE * place.larger, "kernel"))
    first = layout.grids[0].first
    marks = np.arange(first, first + MAPS * KERNEL**2)
    rows = values.reshape(STEPS, -1)
    return StepTexts(marks, texts, toned(written.reshape(STEPS, -1), scale), values=rows)


def _table(layout: Layout, place: _Place) -> tuple[int, list[Curve]]:
    """The accuracies, a row each, with its name and a piece of its line; returns the first cell and these pieces."""
    (left, top), larger, keys = place.said, place.larger, []
    names = [say(f"film.{name}", layout.language, count=len(some)) for name, some in zip(PARTS, split(), strict=True)]
    start = left + KEY * larger
    edge = start + (SPARE * max(text_width(name, NAMED) for name in names) + 0.3) * larger
    for n, name in enumerate(names):
        y = top + (n + 0.5) * larger
        layout.label(Label(f"row:{n}", "title", (start, y), name, "start", NAMED * larger))
        keys.append(Curve(f"key.{n}", f"hue{n + 1}", np.array([[left, y], [start - 0.2 * larger, y]])))
    grid = layout.grid(
        "output",
        (edge, top),
        (len(names), 1),
        np.full(len(names), ROLES.index("output")),
        [""] * len(names),
        lattice=((NUMBER * larger, 0.0), (0.0, larger)),
        text_size=0.2,
        longest=5,
    )
    return grid.first, keys


def _counted(layout: Layout, place: _Place) -> None:
    """All that the network learns, layer by layer."""
    (left, top), larger, features = place.said, place.larger, MAPS * (SIZE // SIDE) ** 2
    counts: dict[str, dict[str, object]] = {
        "kernels": {"m": KERNEL**2, "n": MAPS, "weights": MAPS * KERNEL**2},
        "dense": {"m": features, "n": CLASSES, "weights": CLASSES * features},
        "biases": {"m": MAPS, "n": CLASSES, "weights": MAPS + CLASSES},
        "all": {"weights": network(FILMED).parameters},
    }
    for n, (name, numbers) in enumerate(counts.items()):
        y = top + (2.8 + 0.66 * n) * larger
        text = say(f"film.count.{name}", layout.language, **numbers)
        layout.label(Label(f"count:{name}", "title", (left, y), text, "start", NAMED * larger))


def _curves(box: Box) -> list[Curve]:
    """The axes, and both accuracies as far as the step."""
    steps, course = np.arange(STEPS), saved().course
    found = [box.rule(f"level.{share:g}", ((0, share), (EPOCHS, share))) for share in (0.0, 1.0)]
    found.append(box.rule("up", ((0, 0.0), (0, 1.0))))
    for n, shares in enumerate(course, start=1):
        found.append(Curve(PARTS[n - 1], f"hue{n}", box.at(steps, np.array(shares)), steps + 1, steps))
    return found


def _words(box: Box, language: str) -> list[Label]:
    """The chart's title, and the numbers at its axes."""
    middle, bottom, zoom = box.corner[0] + box.across / 2, box.corner[1] + box.down, box.zoom
    at = (middle, box.corner[1] - 0.6 * zoom)
    said = [Label("title:course", "title", at, say("film.course", language), "middle", TITLE * zoom)]
    said += [box.left(f"share:{share:g}", share, percent(share)) for share in TICKS]
    said += [box.below(f"epoch:{n}", n, str(n)) for n in LABELS]
    under = (middle, bottom + 0.85 * zoom)
    return [*said, Label("epochs", "axis", under, say("film.epochs", language), "middle", SIZED * zoom)]


def _answer(boards: Boards, corner: tuple[float, float], given: Array) -> tuple[StepTexts, list[Curve], Ints]:
    """The digit, and its probabilities after every epoch, with a bar each; and the most probable one of each."""
    layout, (left, top) = boards.layout, corner
    language = layout.language
    boards.lay(INPUT, [corner], (INK, INK))
    at = (left + SIZE * INK / 2, top - 0.6)
    layout.label(Label("title:x", "title", at, say("film.digit", language), about="input"))
    boards.arrow(left + SIZE * INK + 0.7, top + DOWN / 2)
    left += SIZE * INK + 2.1
    grid = layout.grid(
        "shares",
        (left, top),
        (CLASSES, 1),
        np.full(CLASSES, ROLES.index("output")),
        [""] * CLASSES,
        lattice=((CELL[0], 0.0), (0.0, CELL[1])),
        text_size=0.19,
        longest=5,
    )
    for n in range(CLASSES):
        layout.label(Label(f"digit:{n}", "axis", (left - 0.25, top + (n + 0.5) * CELL[1]), str(n), "end", 0.4))
    at = (left + (CELL[0] + LONG) / 2, top - 0.6)
    layout.label(Label("title:shares", "title", at, say("film.answer", language), about="output"))
    marks = grid.first + np.arange(CLASSES)
    told = StepTexts(marks, percents(given))
    return told, _bars(given, left + CELL[0] + 0.12, top), (grid.first + given.argmax(axis=1))[:, None]


def _bars(given: Array, left: float, top: float) -> list[Curve]:
    """A bar for each probability, as long as it is after the epoch."""
    ends, found = left + LONG * np.linspace(0.0, 1.0, FINE), []
    for n in range(CLASSES):
        points = np.stack([ends, np.full(FINE, top + (n + 0.5) * CELL[1])], axis=1)
        until = 1 + np.rint(given[:, n] * (FINE - 1)).astype(np.int64)
        found.append(Curve(f"bar:{n}", "hue1", points, until, pen=PEN))
    return found


def _sentences(language: str) -> Sentences:
    """How many digits are recognised after each epoch: before the first, after one, and after more."""
    course = saved().course
    columns: dict[str, list[object]] = {"epoch": list(range(STEPS))}
    columns |= {name: [percent(share) for share in getattr(course, name)] for name in PARTS}
    kinds = np.minimum(np.arange(STEPS), 1)
    return Sentences(tuple(say(f"film.says.{kind}", language) for kind in ("before", "after")), kinds, columns)


refuse = refuse_others("film")


VIEW = View(
    "film",
    film,
    refuse,
    aspect=0.44,
    narrow=Narrow(tall=2.2),
    afar={"far": True},
    stacks=Stacks(film, refuse, values=True, alone=True),
    compares=False,
)
