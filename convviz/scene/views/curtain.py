"""curtain: a photograph and what a kernel makes of it, one on the other, up to a curtain that moves with the steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from convviz.applied import Applied, applied
from convviz.scene import narrate
from convviz.scene.layout import TITLE_ROOM, Layout
from convviz.scene.marks import Anchor, Image, Label, Shape
from convviz.scene.photo import (
    CAPTION,
    WIDE,
    both_shades,
    refuse_large_photograph,
    refuse_no_photograph,
    size_title,
    starts,
    told_shades,
)
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.timeline import Sentences, Track
from convviz.scene.view import Narrow, View
from convviz.text import catalogue
from convviz.trace import Trace

STEPS = 41
"""Places of the curtain, from the left edge to the right one."""


def curtain(shown: Applied | Trace, language: str = "en") -> Scene:
    """Lay the photograph over the result. It is seen from the curtain on, and each step moves that to the right."""
    found = applied(shown)
    before, after = both_shades(found)
    columns = before.pixels.shape[1]
    layout, cells = _laid(found, language), np.arange(STEPS)
    cut = np.rint(np.linspace(0, columns, STEPS)).astype(np.int64)
    top = Image("photo", 0, before.pixels, (0.0, 0.0, STEPS - 1.0, 1.0), cut)
    return Scene(
        found.layer.kind,
        "curtain",
        STEPS,
        1,
        tuple(layout.grids),
        (
            Track("current", cells[:, None], "current", "target"),
            Track("photo", np.broadcast_to(cells, (STEPS, STEPS))),
        ),
        (Shape("curtain", "path", (Anchor("current", 0, 0), Anchor("current", 0, 3))),),
        tuple(layout.labels),
        sentences=_sentences(cut.tolist(), columns, language),
        formulas=narrate.formulas(found.layer),
        images=(_under(found, after.pixels), top),
    )


def _laid(found: Applied, language: str) -> Layout:
    """One row of cells, at whose left edges the curtain stops, with what stands on either side of it."""
    layout, shades = Layout(language), both_shades(found)
    rows, columns = found.x.shape[1:]
    pixel = WIDE / max(rows, columns)
    wide, high = columns * pixel, rows * pixel
    layout.cell()
    layout.below = TITLE_ROOM
    lattice = ((wide / (STEPS - 1), 0.0), (0.0, high))
    layout.grid(
        "photo", (0.0, TITLE_ROOM), (1, STEPS), np.full(STEPS, ROLES.index("place")), [""] * STEPS, lattice=lattice
    )
    sides = (("result", "after", found.output, shades[1], 0.0), ("photo", "before", found.x, shades[0], wide))
    for about, key, values, shade, x in sides:
        title, told = size_title(key, values, language), told_shades(shade, language)
        align = "end" if x else "start"
        layout.label(Label(f"side:{key}", "title", (x, TITLE_ROOM / 2), title, align, about="photo"))
        layout.label(Label(f"caption:{about}", "title", (x, TITLE_ROOM * 1.5 + high), told, align, CAPTION, "photo"))
    layout.settle()
    return layout


def _under(found: Applied, pixels: NDArray[np.uint8]) -> Image:
    """The result, each of its pixels as wide as the stride and over the middle of its window."""
    layer, sides = found.layer, []
    for (first, stride, span), outputs, inputs, cells in zip(
        starts(found), layer.output_size, layer.input_size, (1, STEPS - 1), strict=True
    ):
        each = cells / inputs
        sides.append(((first + (span - stride) / 2) * each, outputs * stride * each))
    (top, height), (left, width) = sides
    return Image("result", 0, pixels, (left, top, width, height))


def _sentences(cut: list[int], columns: int, language: str) -> Sentences:
    said: dict[str, list[object]] = {"left": list(cut), "right": [columns - at for at in cut]}
    return Sentences((catalogue(language)["sentence.curtain"],), np.zeros(STEPS, dtype=np.int64), said)


VIEW = View(
    "curtain",
    curtain,
    refuse_no_photograph("curtain"),
    aspect=0.43,
    narrow=Narrow(tall=1.3),
    limit=refuse_large_photograph,
    compares=False,
    whole=True,
)
