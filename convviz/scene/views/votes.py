"""votes: how ten scores are made of the pooled maps: each value times its weight, the products of each map added up.

A step is a digit with its score. The weights of a dense layer lie as the maps do that they multiply, so that they are
seen as pictures: where a digit wants a map to be bright, and where it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from convviz.layers.linear import Array
from convviz.layers.reader import CLASSES, MAPS
from convviz.run import Run
from convviz.scene.canvas import factor, number, numbers
from convviz.scene.layout import Layout, times
from convviz.scene.links import Link
from convviz.scene.marks import Ints, Label
from convviz.scene.parts import target_outline
from convviz.scene.reader import DENSE, HIGH, POOLED, SIZED, SMALL, Boards, reader_in, refuse_others, scores
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.timeline import Equation, Sentences, StepTexts, Track
from convviz.scene.tones import scale_of, toned
from convviz.scene.view import Narrow, Stacks, View
from convviz.text import say

UNIT, GAP, APART, DOWN = 0.5, 0.4, 1.3, 4
"""A cell of a map, the gap between two maps, and between two columns, in cells; and the rows of maps."""

NUMBER, MAPPED, NAMED, ZOOM = (2.4, 0.95), 1.6, 0.9, 1.2
"""A number's width and height; the room of the maps' names, and of the digits; how much larger letters are."""

PITCH = SMALL * UNIT + GAP
TALL, WIDE = DOWN * PITCH - GAP, MAPS // DOWN * PITCH - GAP


def votes(run: Run, language: str = "en") -> Scene:
    """Lay out the scores of a run."""
    boards = Boards(Layout(language), run, ZOOM)
    weights, values = run[DENSE].weight.reshape(CLASSES, -1), run.values[POOLED].ravel()
    size, left = times((SMALL, SMALL)), 0.0
    boards.lay(POOLED, _places(left), (UNIT, UNIT))
    boards.head(POOLED, WIDE / 2, say("votes.maps", language), say("anatomy.maps", language, maps=MAPS, size=size))
    told = []
    for name, role, table in (("weights", "kernel", weights), ("multiplied", "product", weights * values)):
        boards.layout.labels.append(
            Label(f"sign:{name}", "sign", (left + WIDE + APART / 2, TALL / 2), SIGNS[name], size=0.7 * ZOOM)
        )
        left += WIDE + APART
        told.append(_changing(boards, name, left, role, table))
        boards.head(name, left + WIDE / 2, say(f"votes.{name}", language), about=role)
    sums = (weights * values).reshape(CLASSES, MAPS, -1).sum(axis=2)
    told.append(_sums(boards, left + WIDE + APART, sums))
    left += WIDE + 2 * APART + MAPPED + NUMBER[0] + NAMED
    top = (TALL - CLASSES * NUMBER[1]) / 2
    boards.arrow(left - NAMED - APART / 2, TALL / 2)
    boards.lay(DENSE, [(left, top)], NUMBER, np.arange(CLASSES), (CLASSES, 1), scores(run))
    boards.head(DENSE, left + NUMBER[0] / 2, say("anatomy.dense5", language))
    _names(boards, left - 0.25, top, list(map(str, range(CLASSES))))
    cells = [boards.found[POOLED].cells, *(one.marks for one in told)]
    return Scene(
        reader_in(run).kind,
        "votes",
        CLASSES,
        CLASSES,
        tuple(boards.layout.grids),
        _tracks(cells, boards.found[DENSE].cells),
        (target_outline(),),
        tuple(boards.layout.labels),
        tuple(told),
        sentences=_sentences(run, sums, language),
        equations=_equation(run),
        links=_links(cells, boards.found[DENSE].cells),
        order=("begun", "multiplied", "sums", "current"),
    )


SIGNS = {"weights": "×", "multiplied": "="}


def _places(left: float) -> list[tuple[float, float]]:
    """Where eight maps lie, from the left."""
    columns = MAPS // DOWN
    return [(left + n % columns * PITCH, n // columns * PITCH) for n in range(MAPS)]


def _changing(boards: Boards, name: str, left: float, role: str, table: Array) -> StepTexts:
    """Boards that lie as the maps do and bear the values (steps, cells) of each step in turn."""
    texts, scale, first = numbers(table), scale_of(table), boards.layout.count
    for n, at in enumerate(_places(left)):
        boards.layout.grid(
            f"{name}.{n + 1}",
            at,
            (SMALL, SMALL),
            np.full(SMALL**2, ROLES.index(role)),
            [""] * SMALL**2,
            lattice=((UNIT, 0.0), (0.0, UNIT)),
            longest=max(map(len, texts)),
            scale=scale,
        )
    return StepTexts(first + np.arange(table.shape[1]), texts, toned(table, scale), values=table)


def _sums(boards: Boards, left: float, sums: Array) -> StepTexts:
    """What the products of each map add up to, a number a map."""
    language, top, texts = boards.layout.language, (TALL - MAPS * NUMBER[1]) / 2, numbers(sums)
    boards.arrow(left - APART / 2, TALL / 2)
    left += MAPPED
    names = [say("votes.map", language, n=n + 1) for n in range(MAPS)]
    _names(boards, left - 0.25, top, names)
    boards.head("sums", left + NUMBER[0] / 2, say("votes.sums", language), about="product")
    scale = scale_of(sums)
    grid = boards.layout.grid(
        "sums",
        (left, top),
        (MAPS, 1),
        np.full(MAPS, ROLES.index("product")),
        [""] * MAPS,
        lattice=((NUMBER[0], 0.0), (0.0, NUMBER[1])),
        text_size=HIGH * NUMBER[1] / NUMBER[0],
        longest=max(map(len, texts)),
        scale=scale,
    )
    return StepTexts(grid.first + np.arange(MAPS), texts, toned(sums, scale), values=sums)


def _names(boards: Boards, x: float, top: float, names: Sequence[str]) -> None:
    """What each row of numbers is about."""
    for n, name in enumerate(names):
        at = (x, top + (n + 0.5) * NUMBER[1])
        boards.layout.labels.append(Label(f"row:{x:.1f}:{n}", "axis", at, name, "end", SIZED * ZOOM))


def _tracks(cells: list[Ints], results: Ints) -> tuple[Track, ...]:
    """What each step reads and writes."""
    maps, weights, products, sums = (np.tile(one, (CLASSES, 1)) for one in cells)
    return (
        Track("begun", np.full((CLASSES, 1), -1)),  # what follows does not add up term by term before it is seen
        Track("window", maps, "", "source"),
        Track("kernel", weights, "", "source"),
        Track("multiplied", products, "", "source"),
        Track("sums", sums, "", "source"),
        Track("current", results[:, None], "current", "target"),
    )


def _links(cells: list[Ints], results: Ints) -> tuple[Link, ...]:
    """A score is the sum of what each map adds, which is the sum of its products, each of a value and a weight."""
    maps, weights, products, sums = cells
    return (
        Link(results, np.tile(sums, (CLASSES, 1))),
        Link(sums, products.reshape(MAPS, -1)),
        Link(products, np.stack([maps, weights], axis=1)),
    )


def _equation(run: Run) -> tuple[Equation, ...]:
    """What the maps add, and the bias."""
    bias = run[DENSE].bias
    if bias is None:
        return (Equation("sums", "", "current"),)
    columns: dict[str, list[object]] = {"bias": [factor(number(one)) for one in bias]}
    return (Equation("sums", "", "current", tail=" + {bias}", columns=columns),)


def _sentences(run: Run, sums: Array, language: str) -> Sentences:
    """Which map adds the most to a score, and what it becomes."""
    columns: dict[str, list[object]] = {
        "digit": list(range(CLASSES)),
        "count": [prod(run[DENSE].weight.shape[1:])] * CLASSES,
        "map": (sums.argmax(axis=1) + 1).tolist(),
        "most": [number(value) for value in sums.max(axis=1)],
        "total": list(scores(run)),
    }
    return Sentences((say("votes.says", language),), np.zeros(CLASSES, dtype=np.int64), columns)


refuse = refuse_others("votes")


VIEW = View(
    "votes",
    votes,
    refuse,
    aspect=0.38,
    narrow=Narrow(tall=2.1, aligned=True),
    stacks=Stacks(votes, refuse, values=True, alone=True),
    compares=False,
)
