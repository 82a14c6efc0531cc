"""follow: a digit that is moved, and the map of one kernel, which moves along and keeps its largest value."""

from __future__ import annotations

import numpy as np

from convviz.layers.digit import KERNEL, SIZE, Digit
from convviz.moving import FOLLOWED, PLACES, Followed, followed
from convviz.recognising import MAPS
from convviz.scene.canvas import number
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
    refuse_others,
    where,
)
from convviz.scene.layout import Layout
from convviz.scene.links import Link
from convviz.scene.marks import Grid, Label, Point, Scale
from convviz.scene.roles import ROLES
from convviz.scene.rows import rounded
from convviz.scene.scene import Scene
from convviz.scene.timeline import Sentences, StepTexts, Track
from convviz.scene.tones import scale_of, toned
from convviz.scene.view import Narrow, View
from convviz.scene.winners import ring
from convviz.text import say

TOP = 1.8
"""Where the boards begin, in cells."""

WEIGHT, FAR, POOLED = 1.5, 2.2, 2.6
"""The width of a weight, and of one that is read from afar; that of the one value that is left of a map."""

BETWEEN = 1.7
"""The room between boards, where a sign stands."""


def follow(shown: object, language: str = "en", weight: float = WEIGHT) -> Scene:
    """Lay out the field, the kernel, its map after the ReLU, and the largest value of that. weight: how wide one is."""
    layer, layout = layer_of(shown), Layout(language)
    found = followed(layer.digit, layer.shuffled)
    field, ink = board(layout, layer, (0.0, TOP))
    _kernel(layout, found, SIZE + BETWEEN, weight)
    left = SIZE + 2 * BETWEEN + KERNEL * weight
    rows = found.maps.reshape(STEPS, -1)
    scale, largest = scale_of(rows.round(2)), found.largest[:, None]
    grid = _board(layout, "map", (left, TOP), (SIZE, 1.0), scale, n=found.number + 1, maps=MAPS[FOLLOWED])
    at = (left + SIZE + BETWEEN, TOP + (SIZE - POOLED) / 2)
    pooled = _board(layout, "largest", at, (1, POOLED), scale)
    for x in (SIZE, left - BETWEEN, left + SIZE):
        layout.label(Label(f"sign:{x:g}", "sign", (x + BETWEEN / 2, TOP + SIZE / 2), "→", "middle", 0.7))
    texts = [text if text != "0" else "" for text in rounded(rows)]
    cells, best = grid.first + np.arange(grid.count), grid.first + found.where[:, None]
    return Scene(
        layer.kind,
        "follow",
        STEPS,
        PLACES,
        tuple(layout.grids),
        (
            lying(field, layer),
            Track("map", np.tile(cells, (STEPS, 1)), "", "target"),
            Track("winner", best),
            Track("current", np.full((STEPS, 1), pooled.first), "current", "target"),
        ),
        (*frames(layer), ring("winner", 0)),
        tuple(layout.labels),
        (
            ink,
            StepTexts(cells, texts, toned(rows, scale), values=rows),
            StepTexts(np.array([pooled.first]), rounded(largest), toned(largest, scale), values=largest),
        ),
        sentences=_sentences(found, language),
        links=_links(field, grid, pooled),
        order=("map", "current"),
        grip=layout.grids.index(field),
    )


def _kernel(layout: Layout, found: Followed, left: float, weight: float) -> None:
    """The weights, each so wide, and the bias under them."""
    at = (left, TOP + (SIZE - KERNEL * weight) / 2)
    weights = found.kernel.ravel()
    layout.grid(
        "kernel",
        at,
        (KERNEL, KERNEL),
        np.full(weights.size, ROLES.index("kernel")),
        rounded(weights),
        lattice=((weight, 0.0), (0.0, weight)),
        text_size=0.3,
        values=weights.round(2),
    )
    middle = left + KERNEL * weight / 2
    said = say("follow.kernel", layout.language, size=f"{KERNEL} × {KERNEL}")
    layout.label(Label("title:kernel", "title", (middle, at[1] - 0.5), said, "middle", HEAD, "kernel"))
    bias = say("follow.bias", layout.language, bias=number(round(found.bias, 2)))
    layout.label(Label("bias", "axis", (middle, at[1] + KERNEL * weight + 0.45), bias, "middle", NOTE))


def _board(layout: Layout, name: str, at: Point, sides: tuple[int, float], scale: Scale, **numbers: object) -> Grid:
    """A board of values that come at each step, and its title in two lines; sides: its cells, and how wide each is."""
    side, width = sides
    grid = layout.grid(
        name,
        at,
        (side, side),
        np.full(side * side, ROLES.index("output")),
        [""] * side * side,
        lattice=((width, 0.0), (0.0, width)),
        longest=4,
        text_size=0.3,
        scale=scale,
    )
    middle = at[0] + side * width / 2
    for n, (part, size) in enumerate((("title", HEAD), ("note", NOTE))):
        text = say(f"follow.{name}.{part}", layout.language, **numbers)
        layout.label(Label(f"{name}:{n}", "title", (middle, at[1] - LINES[n]), text, "middle", size, "output"))
    return grid


def _links(field: Grid, grid: Grid, pooled: Grid) -> tuple[Link, ...]:
    """Each cell of the map is made of the pixels under the kernel, the largest value of all of them."""
    sources = Digit().taps.flat_sources
    cells = grid.first + np.arange(grid.count)
    return (
        Link(cells, np.where(sources >= 0, field.first + sources, -1)),
        Link(np.array([pooled.first]), cells[None]),
    )


def _sentences(found: Followed, language: str) -> Sentences:
    """Where the digit lies, and where the largest value of the map, and how large it is."""
    rows, columns = np.divmod(found.where, SIZE)
    columns_said: dict[str, list[object]] = {
        "where": [where(t, language) for t in range(STEPS)],
        "row": (rows + 1).tolist(),
        "column": (columns + 1).tolist(),
        "largest": list(rounded(found.largest)),
    }
    return Sentences((say("follow.says", language),), np.zeros(STEPS, dtype=np.int64), columns_said)


VIEW = View(
    "follow",
    follow,
    refuse_others("follow"),
    aspect=0.4,
    narrow=Narrow(tall=2.3),
    afar={"weight": FAR},
    limit=limited,
    compares=False,
    values=False,
)
