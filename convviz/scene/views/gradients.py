"""gradients: how much of a gradient is left at the input of stacks of blocks, by their depth, as it was measured.

Two charts, without and with a residual, whose scale is logarithmic: the median over drawings as a line for each block,
the 10th and the 90th percentile as thin ones. A step is a depth. Below the numbers of that depth stand those of the
block that is shown, computed anew for a few depths.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log10, sqrt

import numpy as np

from convviz.gradients import BLOCKS, DEPTHS, measured
from convviz.network import Gated, Network
from convviz.run import Run, trace
from convviz.scene.chart import Box, norm_text, power_text
from convviz.scene.gating import HALVES, Gating, gating, refuse_ungated
from convviz.scene.layout import Layout, text_width
from convviz.scene.limits import refuse_large_nodes
from convviz.scene.marks import Label
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.strokes import Curve
from convviz.scene.timeline import Sentences, StepTexts, Track
from convviz.scene.view import Narrow, Stacks, View
from convviz.spread import Spread
from convviz.text import say

LEAST, MOST = -22.0, 6.0
"""The powers of ten between which the charts show norms."""

TICKS = (-20, -15, -10, -5, 0, 5)
ENDS = (1, 8, 16, 24, 32)

ACROSS, DOWN, BETWEEN = 6.4, 6.4, 3.5
"""The width and the height of a chart, and the room behind it, where names stand at the curves' ends, in cells."""

NAME, APART = 0.32, 0.42
"""The size of those names, and how far apart they are at least."""

NAMED, CELL = 0.4, (2.3, 1.0)
"""The size of the names in the table beside them, and the width and the height of a number."""

LIVE = (1, 2, 3, 4)
"""The depths for which the block that is shown is run."""

WAYS = (False, True)


@dataclass(frozen=True)
class Charts:
    """Both charts, and the marks that are in them; larger: how much so the letters are."""

    layout: Layout
    language: str
    larger: float

    @property
    def between(self) -> float:
        """The room behind a chart, where names stand at the ends of its curves, and before the next one's numbers."""
        return BETWEEN + 2.2 * (self.larger - 1)

    def box(self, residual: bool) -> Box:
        left = 1.2 + residual * (ACROSS + self.between)
        return Box((left, 1.0), ACROSS, DOWN, (DEPTHS[0], DEPTHS[-1]), (LEAST, MOST))

    def curves(self, residual: bool) -> list[Curve]:
        """The axes, and of each block its median and its spread, as far as the step's depth."""
        box, steps = self.box(residual), np.arange(len(DEPTHS))
        way = "residual" if residual else "plain"
        found = [box.rule(f"{way}.depth", ((DEPTHS[0], LEAST), (DEPTHS[-1], LEAST)))]
        found += [box.rule(f"{way}.{n}", ((DEPTHS[0], n), (DEPTHS[-1], n))) for n in (0,)]
        found.append(box.rule(f"{way}.norm", ((DEPTHS[0], LEAST), (DEPTHS[0], MOST))))
        for number, block in enumerate(BLOCKS, start=1):
            for part in Spread._fields:
                norms = [log10(getattr(one, part)) for one in measured()[block, residual]]
                points, name = box.at(np.array(DEPTHS), np.array(norms)), f"{way}.{block}.{part}"
                if part == "median":
                    found.append(Curve(name, f"hue{number}", points, steps + 1, steps))
                else:
                    found.append(Curve(name, "spread", points, steps + 1))
        return found

    def labels(self, residual: bool) -> list[Label]:
        """The numbers at the axes, and what the chart shows."""
        box, way = self.box(residual), "residual" if residual else "plain"
        middle = (box.corner[0] + ACROSS / 2, 0.45)
        said = [Label(f"title:{way}", "title", middle, say(f"gradients.{way}", self.language), "middle", 0.42)]
        said += [box.left(f"{way}.y{n}", n, power_text(n)) for n in TICKS]
        said += [box.below(f"{way}.x{n}", n, str(n)) for n in ENDS]
        ends = {block: log10(measured()[block, residual][-1].median) for block in BLOCKS}
        level = float(box.corner[1])
        for block in sorted(ends, key=lambda block: -ends[block]):
            x, y = box.at(np.array(DEPTHS[-1]), np.array(ends[block])).tolist()
            level = max(y, level + APART * self.larger)
            name = say(f"gradients.end.{block}", self.language)
            said.append(Label(f"{way}.{block}", "axis", (x + 0.3, level), name, "start", NAME))
        under = (middle[0], box.corner[1] + DOWN + 0.3 + 0.48 * self.larger)
        return [*said, Label(f"{way}.depth", "axis", under, say("gradients.depth", self.language), "middle", 0.34)]


def gradients(shown: Run, language: str = "en", larger: float = 1.0) -> Scene:
    """Lay out what was measured, and the norms of the block that is shown; larger: how much so its letters are."""
    found = gating(shown)
    charts = Charts(Layout(language), language, larger)
    left = charts.box(True).corner[0] + ACROSS + charts.between - 0.7
    first, keys = _table(charts, left)
    _live(charts, left, found)
    steps = len(DEPTHS)
    texts = [norm_text(measured()[block, way][t].median) for t in range(steps) for block in BLOCKS for way in WAYS]
    marks = first + np.arange(len(BLOCKS) * len(WAYS))
    return Scene(
        found.block.kind,
        "gradients",
        steps,
        steps,
        tuple(charts.layout.grids),
        (Track("current", np.tile(marks, (steps, 1)), "current", "target"),),
        (),
        (*charts.layout.labels, *(label for way in WAYS for label in charts.labels(way))),
        (StepTexts(marks, texts),),
        sentences=_sentences(language),
        curves=(*(curve for way in WAYS for curve in charts.curves(way)), *keys),
    )


def _table(charts: Charts, left: float) -> tuple[int, list[Curve]]:
    """The norms of a depth, a row for each block, beside its name and a piece of its line, from `left` on.

    Returns the number of the first cell, and the pieces.
    """
    layout, language = charts.layout, charts.language
    names = [say(f"gradients.block.{block}", language) for block in BLOCKS]
    start, top, letters, width = left + 1.1, 1.6, NAMED * charts.larger, CELL[0] * charts.larger
    edge = start + max(text_width(name, letters) for name in names) + 0.3
    keys = []
    for n, name in enumerate(names):
        y = top + n * CELL[1] + CELL[1] / 2
        layout.label(Label(f"block:{n}", "title", (start, y), name, "start", letters))
        keys.append(Curve(f"key.{n}", f"hue{n + 1}", np.array([[left, y], [left + 0.85, y]])))
    _heads(layout, [say(f"gradients.head_{way}", language) for way in ("plain", "residual")], edge, top, width)
    grid = layout.grid(
        "output",
        (edge, top),
        (len(BLOCKS), len(WAYS)),
        np.full(len(BLOCKS) * len(WAYS), ROLES.index("output")),
        [""] * len(BLOCKS) * len(WAYS),
        lattice=((width, 0.0), (0.0, CELL[1])),
        text_size=0.17,
    )
    return grid.first, keys


def _heads(layout: Layout, words: list[str], left: float, top: float, width: float) -> None:
    """Words above the columns of a board."""
    size = min(0.34, *(width / text_width(text, 1.05) for text in words))
    for n, text in enumerate(words):
        at = (left + (n + 0.5) * width, top - 0.32)
        layout.label(Label(f"head:{left:g},{n}", "axis", at, text, "middle", size))


def _live(charts: Charts, left: float, found: Gating) -> None:
    """The norms of stacks of the block that is shown, without and with a residual, where its output fits its input."""
    layout, language, top = charts.layout, charts.language, 7.3
    layout.label(Label("title:live", "title", (left, top - 0.85), say("gradients.live", language), "start", 0.4))
    if found.run.output.shape != found.run.x.shape:
        layout.label(Label("title:none", "axis", (left, top), say("gradients.unequal", language), "start", 0.36))
        return
    words = [say(f"gradients.{way}", language) for way in ("plain", "residual")]
    edge, width = left + max(text_width(word, 0.36) for word in words) + 0.3, 1.75
    _heads(layout, list(map(str, LIVE)), edge, top, width)
    for row, (word, way) in enumerate(zip(words, WAYS, strict=True)):
        y = top + row * CELL[1]
        layout.label(Label(f"live:{row}", "axis", (edge - 0.25, y + CELL[1] / 2), word, "end", 0.36))
        layout.grid(
            "live",
            (edge, y),
            (1, len(LIVE)),
            np.full(len(LIVE), ROLES.index("product")),
            [norm_text(norm) for norm in live_norms(found, way)],
            lattice=((width, 0.0), (0.0, CELL[1])),
            text_size=0.22,
        )


def live_norms(found: Gating, residual: bool) -> list[float]:
    """Of a gradient of norm 1, alike in all cells, the norm that is left at the input of stacks of a block, one for
    each of LIVE; every block of a stack has the same weights.

    >>> import convviz as cv
    >>> len(live_norms(gating(cv.trace(cv.GatedConv((6,), 3, padding="same"))), residual=True))
    4
    """
    own = {half: found.trace(half) for half in HALVES if half in found.names}
    upstream = np.full(found.run.x.shape, 1 / sqrt(found.run.x.size))
    norms = []
    for depth in LIVE:
        block = Gated(replace(found.block, residual=residual))
        names = [f"block{n}" for n in range(depth + 1)]
        nodes = {name: (block, [before]) for before, name in zip(["x", *names[1:]], names[1:], strict=False)}
        weights = {f"{name}.{half}": (t.weight, t.bias) for name in names[1:] for half, t in own.items()}
        norms.append(float(np.linalg.norm(trace(Network(nodes), found.run.x, weights).backward(upstream).x)))
    return norms


def _sentences(language: str) -> Sentences:
    """What is left at a depth, of each block, without and with a residual."""
    columns: dict[str, list[object]] = {"depth": list(DEPTHS)}
    for (block, way), norms in measured().items():
        columns[f"{block}_{'residual' if way else 'plain'}"] = [norm_text(one.median) for one in norms]
    return Sentences((say("gradients.says", language),), np.zeros(len(DEPTHS), dtype=np.int64), columns)


def refuse(network: Network) -> None:
    """Refuse what is no gated block, or is too large to be run; told from sizes alone."""
    refuse_ungated(network, "gradients")
    refuse_large_nodes(network.nodes, network.x_shape)


VIEW = View(
    "gradients",
    gradients,
    refuse,
    aspect=0.42,
    narrow=Narrow(tall=1.7),
    afar={"larger": 2.0},
    stacks=Stacks(gradients, refuse, values=True),
    compares=False,
)
