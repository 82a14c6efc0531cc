"""The charts of a training run: the loss at each step, and the loss after all steps for each learning rate."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor, inf, log10

import numpy as np

from convviz.layers.linear import Array
from convviz.learning import Descent, swept
from convviz.scene.chart import SIZE as AXIS
from convviz.scene.chart import Box, power_text
from convviz.scene.layout import Layout
from convviz.scene.marks import Label
from convviz.scene.strokes import Curve
from convviz.scene.training import edge_text, rate_text
from convviz.text import say

ACROSS, DOWN, BESIDE = 7.0, 4.4, 1.6
"""The width and the height of a chart, in cells, and the room for the numbers beside it."""

SIZE = 0.46
"""The size of the words at its axes."""

ZOOM = SIZE / AXIS
"""How much larger than usual the numbers at their axes are."""

BELOW, ABOVE = 9, 3
"""How many powers of ten the charts show below and above the first loss."""

PERCENTS = np.arange(2, 122, 2)
"""The learning rates that are compared, in percent of the edge."""

UNDER = 1.15
"""How far under a chart its lowest words stand."""

ROOM = ACROSS + BESIDE
"""How wide a chart is with these."""


def charts(layout: Layout, run: Descent) -> tuple[list[Curve], list[Label]]:
    """The loss at each step, and the loss after all steps for each learning rate, under their titles."""
    power = log10(max(float(run.losses[0]), 1e-12))
    y = (floor(power) - BELOW, ceil(power) + ABOVE)
    titles = {label.name: label.at for label in layout.labels}
    top = titles.get("title:target", titles["title:hidden"])[1]
    own = ("title:rates", "title:losses")
    layout.labels = [replace(one, at=(one.at[0], top)) if one.name in own else one for one in layout.labels]
    zoom = layout.zoom
    boxes = {
        name: Box(
            (titles[f"title:{name}"][0] + (BESIDE - ACROSS) / 2 * zoom, top + 0.7 * zoom),
            ACROSS * zoom,
            DOWN * zoom,
            x,
            y,
            ZOOM * zoom,
        )
        for name, x in {
            "losses": (0, len(run.losses) - 1),
            "rates": (0, max(120, run.problem.layer.learning_rate)),
        }.items()
    }
    curves, labels = [], []
    for name, box in boxes.items():
        curves += [
            box.rule(f"{name}.x", ((box.x[0], y[0]), (box.x[1], y[0]))),
            box.rule(f"{name}.y", ((box.x[0], y[0]), (box.x[0], y[1]))),
        ]
        labels += [box.left(f"{name}.y{n}", n, power_text(n)) for n in range(y[0], y[1] + 1, 3)]
    return [*curves, *_losses(boxes["losses"], run), *_rates(boxes["rates"], run)], [
        *labels,
        *_loss_words(boxes["losses"], layout.language),
        *_rate_words(boxes["rates"], run, layout.language),
    ]


def _logged(losses: Array) -> Array:
    """The powers of ten of losses; what has left all numbers is as high as can be."""
    return np.log10(np.clip(np.nan_to_num(losses, nan=inf, posinf=1e300), 1e-300, 1e300))


def _losses(box: Box, run: Descent) -> list[Curve]:
    steps = np.arange(len(run.losses))
    return [Curve("loss", "hue1", box.at(steps, _logged(run.losses)), steps + 1, steps)]


def _rates(box: Box, run: Descent) -> list[Curve]:
    """The loss after all steps for each learning rate, with a dot at the one that is shown, and the edge upright."""
    rate = run.problem.layer.learning_rate
    percents = np.union1d(PERCENTS, [rate])
    after = _logged(swept(run.problem, percents, len(run.losses) - 1))
    at = np.full(len(run.losses), int(np.searchsorted(percents, rate)))
    edge = box.at(np.array([100, 100]), np.array(box.y))
    return [Curve("after", "hue1", box.at(percents, after), None, at), Curve("edge", "hue2", edge)]


def _loss_words(box: Box, language: str) -> list[Label]:
    middle = box.corner[0] + box.across / 2
    last = int(box.x[1])
    said = [box.below(f"losses.x{n}", n, str(n)) for n in sorted({0, last // 2, last})]
    at = (middle, box.corner[1] + box.down + UNDER * box.zoom / ZOOM)
    return [*said, Label("losses.step", "axis", at, say("learning.step", language), "middle", SIZE * box.zoom / ZOOM)]


def _rate_words(box: Box, run: Descent, language: str) -> list[Label]:
    """The numbers at the axis, the edge's own, and the learning rate that is shown."""
    layer, edge = run.problem.layer, run.problem.edge
    said = [box.below(f"rates.x{n}", n, f"{n}%") for n in (0, 50, 100)]
    name = say("learning.edge", language, edge=edge_text(edge, language))
    top = box.at(np.array(100), np.array(box.y[1])).tolist()
    said.append(
        Label(
            "rates.edge",
            "axis",
            (top[0] - 0.2 * box.zoom / ZOOM, top[1] + 0.25 * box.zoom / ZOOM),
            name,
            "end",
            SIZE * box.zoom / ZOOM,
        )
    )
    shown = say("learning.rate", language, rate=rate_text(run.rate), percent=layer.learning_rate)
    at = (box.corner[0] + box.across / 2, box.corner[1] + box.down + UNDER * box.zoom / ZOOM)
    return [*said, Label("rates.rate", "axis", at, shown, "middle", SIZE * box.zoom / ZOOM)]
