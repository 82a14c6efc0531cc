"""The field of a digit that is moved: its board, where the digit lies at each step, and the words for that."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from convviz.digits import LEVELS
from convviz.digits import SIZE as INK
from convviz.errors import LayerError
from convviz.layers.digit import SIZE, Digit
from convviz.layers.linear import Array
from convviz.moving import PLACES, inked, label_of, moved, shift_of, shown_at
from convviz.scene.layout import Layout
from convviz.scene.marks import Anchor, Grid, Label, Point, Shape
from convviz.scene.roles import ROLES
from convviz.scene.timeline import StepTexts, Track
from convviz.scene.tones import scale_of, toned
from convviz.text import say

STEPS = PLACES**2
"""A step is a place of the digit; they go row by row, so that the keys of a row and of a step move it."""

HEAD, NOTE = 0.55, 0.44
"""The size of a title, and of the words under it."""

LINES = (1.2, 0.5)
"""How far above their board both stand."""

WAYS = (("up", "down"), ("left", "right"))
"""What a negative, and a positive, shift along each axis is called."""


def layer_of(shown: object) -> Digit:
    """The digit that is shown: itself, or the layer of its trace."""
    found = getattr(shown, "layer", shown)
    assert isinstance(found, Digit), "these views refuse all others"
    return found


def board(layout: Layout, layer: Digit, corner: Point) -> tuple[Grid, StepTexts]:
    """The field, with how much ink each pixel has, and its title; what it bears at each step."""
    ink = np.rint(moved(layer.digit, layer.shuffled).reshape(STEPS, -1) * LEVELS).astype(np.int64)
    scale = scale_of(np.array([LEVELS]))
    grid = layout.grid(
        "field",
        corner,
        (SIZE, SIZE),
        np.full(SIZE**2, ROLES.index("input")),
        [""] * SIZE**2,
        longest=2,
        scale=scale,
    )
    word = "shuffled" if layer.shuffled else "plain"
    said = (
        say(f"moved.field.{word}", layout.language),
        say("moved.label", layout.language, label=label_of(layer.digit)),
    )
    for n, (text, size) in enumerate(zip(said, (HEAD, NOTE), strict=True)):
        at = (corner[0] + SIZE / 2, corner[1] - LINES[n])
        layout.label(Label(f"field:{n}", "title", at, text, "middle", size, "input"))
    texts = [str(n) if n else "" for n in ink.ravel().tolist()]
    return grid, StepTexts(grid.first + np.arange(SIZE**2), texts, toned(ink, scale), values=ink)


def lying(grid: Grid, layer: Digit) -> Track:
    """The pixels of the digit at each step, which is what moves."""
    cells = shown_at()[inked()] if layer.shuffled else inked()
    return Track("window", grid.first + cells, "", "source")


def frames(layer: Digit) -> tuple[Shape, ...]:
    """The outline of the digit's own pixels; none where they are shuffled, as they are all over the field then."""
    if layer.shuffled:
        return ()
    last = INK - 1
    corners = enumerate((0, last, INK * INK - 1, INK * last))
    return (Shape("frame", "frame", tuple(Anchor("window", cell, n) for n, cell in corners), closed=True),)


def where(place: int, language: str) -> str:
    """Where the digit lies at a step.

    >>> where(0, "en"), where(12, "en"), where(13, "en")
    ('moved up by 2 and left by 2', 'in the middle', 'moved right by 1')
    """
    parts = [
        say(f"moved.way.{ways[by > 0]}", language, n=abs(by))
        for by, ways in zip(shift_of(place), WAYS, strict=True)
        if by
    ]
    if not parts:
        return say("moved.way.none", language)
    if len(parts) == 1:
        return say("moved.way.one", language, way=parts[0])
    return say("moved.way.both", language, first=parts[0], second=parts[1])


def percents(shares: Array) -> list[str]:
    """Shares in whole per cent, in the order of the cells.

    >>> percents(np.array([0.974, 0.004]))
    ['97%', '0%']
    """
    return [f"{round(100 * share)}%" for share in np.ravel(shares).tolist()]


def refuse_others(view: str) -> Callable[[object], None]:
    """What a view of digits refuses: all else."""

    def refuse(layer: object) -> None:
        if not isinstance(layer, Digit):
            raise LayerError("view_digit", "view", {"view": "flat"}, value=view, nearest="flat")

    return refuse


def limited(layer: object, boards: int) -> None:
    """Pictures of digits have one size, which is no trouble."""
