"""misfit: what an error message says does not fit, and then, step by step, each change after which it fits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from convviz.errors import LayerError
from convviz.layers.misfit import Misfit
from convviz.layers.overhanging import Placed
from convviz.layers.unequal import Sides
from convviz.layers.unjoined import CatMisfit
from convviz.layers.unmatched import Slabs
from convviz.layers.unweighted import Rows
from convviz.scene.layout import COMFORTABLE, Layout
from convviz.scene.legends import around
from convviz.scene.marks import Anchor, Shape
from convviz.scene.misfits import Outline, Spot, Stage, window
from convviz.scene.scene import Scene
from convviz.scene.timeline import Sentences, Track, padded
from convviz.scene.unequal import added, joined, rows, slabs
from convviz.scene.view import Narrow, View
from convviz.text import say

CLOSE = 2.6
"""Cells between two stages."""


MOST = 1.7
"""How much larger than usual letters may be beside large boards."""


def misfit(shown: object, language: str = "en") -> Scene:
    """Lay out what does not fit and, after it, what fits with each of its fixes: a step each."""
    what = _of(shown)
    fixes, (layout, stages) = what.fixes(), _laid(what, language)
    pairs = [(t, n, one) for t, stage in enumerate(stages) for n, one in enumerate(stage.outlines)]
    outlines = [_outline(*pair, len(stages)) for pair in pairs]
    said = (what.says(language, marked=True), *(fix.says(language, marked=True) for fix in fixes))
    return Scene(
        what.kind,
        "misfit",
        len(stages),
        len(stages),
        tuple(layout.grids),
        (
            Track("window", padded([stage.read for stage in stages]), "window", "source"),
            Track("current", padded([stage.made for stage in stages]), "current", "target"),
            *(_whole(stages)),
            *(track for track, _ in outlines),
        ),
        tuple(shape for _, shape in outlines),
        tuple(layout.labels),
        sentences=Sentences(said, np.arange(len(stages)), {}),
    )


def _of(shown: object) -> Misfit:
    assert isinstance(shown, Misfit), "this view refuses all others"
    return shown


def _laid(what: Misfit, language: str) -> tuple[Layout, list[Stage]]:
    """The stages, with letters that are readable when the picture is as wide, and as high, as a page."""
    layout, stages = _stages(what, language, 1.0)
    left, top, right, bottom = around(grid.box for grid in layout.grids)
    zoom = min(MOST, max(1.0, (right - left) / COMFORTABLE[0], (bottom - top) / COMFORTABLE[1]))
    return _stages(what, language, zoom) if zoom > 1 else (layout, stages)


def _stages(what: Misfit, language: str, zoom: float) -> tuple[Layout, list[Stage]]:
    """The misfit, and what fits with each fix, each under its title."""
    fixes, layout = what.fixes(), Layout(language, zoom)
    drawn = [what.drawn, *(fix.drawn for fix in fixes)]
    titles = [say(f"misfit.title.{what.about}", language, **what.numbers), *(fix.label(language) for fix in fixes)]
    draw, across, stages = _drawing(what), _across(what, len(drawn)), []
    for n, (one, title) in enumerate(zip(drawn, titles, strict=True)):
        if n and n % across == 0:
            layout.row()
        layout.cell()
        stages.append(draw(Spot(layout, f"{n}:", title, fits=n > 0), one))
    layout.settle(CLOSE)
    return layout, stages


def _drawing(what: Misfit) -> Callable[[Spot, object], Stage]:
    """What draws such a misfit, and what fits in its place."""
    kinds: dict[type, Callable[..., Stage]] = {Placed: window, Rows: rows, Slabs: slabs}
    return kinds.get(type(what.drawn), joined if isinstance(what, CatMisfit) else added)


def _across(what: Misfit, stages: int) -> int:
    """How many stages stand beside one another: rows of numbers stand below one another."""
    flat = isinstance(what.drawn, Rows) or (isinstance(what.drawn, Sides) and what.drawn.dims <= 1)
    return 1 if flat else stages if stages <= 3 else -(-stages // 2)


def _whole(stages: list[Stage]) -> list[Track]:
    """The cells of a window that does not fit, which words may name at any step."""
    found = [cell for stage in stages for cell in stage.whole]
    return [Track("dropped", np.tile(found, (len(stages), 1)))] if found else []


def _outline(t: int, n: int, outline: Outline, steps: int) -> tuple[Track, Shape]:
    """An outline that is seen at its step alone."""
    name, marks = f"outline:{t}.{n}", np.full((steps, len(outline.corners)), -1)
    marks[t] = [cell for cell, _ in outline.corners]
    anchors = tuple(Anchor(name, column, corner) for column, (_, corner) in enumerate(outline.corners))
    return Track(name, marks), Shape(name, outline.role, anchors, outline.closed)


def refuse(layer: object) -> None:
    """Refuse what fits."""
    if not isinstance(layer, Misfit):
        raise LayerError("view_misfit", "view", {"view": "flat"}, value="misfit", nearest="flat")


def limited(layer: object, boards: int) -> None:
    """Pictures of what does not fit are cut, or at a zoom: they have few cells."""


VIEW = View(
    "misfit",
    misfit,
    refuse,
    aspect=0.5,
    narrow=Narrow(tall=0.96),
    limit=limited,
    compares=False,
    values=False,
)
