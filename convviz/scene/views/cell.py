"""cell: one map of the network that reads digits, a placement of its kernel at each step: window, products, sum."""

from __future__ import annotations

from dataclasses import replace

from convviz.run import Run
from convviz.scene.layout import times
from convviz.scene.reader import CONV, of_kernel, reader_in, refuse_others, single
from convviz.scene.scene import Scene
from convviz.scene.view import Narrow, Stacks, View
from convviz.scene.views.flat import flat
from convviz.text import say


def cell(run: Run, language: str = "en", larger: float = 1.9) -> Scene:
    """Lay out one map of the run; larger: how large, in cells, the arithmetic of a step is."""
    followed = reader_in(run).map
    drawn = flat(single(run, CONV), language, larger=larger)
    titles = {"title:kernel": "feature.kernel", "title:output": "feature.conv1"}
    own = single(run, CONV).layer
    sizes = {"title:kernel": times(own.kernel_size), "title:output": times(own.output_size)}
    labels = [
        replace(label, text=say(titles[label.name], language, n=followed, size=sizes[label.name]))
        if label.name in titles
        else label
        for label in drawn.labels
    ]
    grids = tuple(of_kernel(grid, followed - 1) for grid in drawn.grids)
    return replace(drawn, name=reader_in(run).kind, view="cell", grids=grids, labels=tuple(labels), formulas=())


refuse = refuse_others("cell")


VIEW = View(
    "cell",
    cell,
    refuse,
    aspect=0.38,
    narrow=Narrow(),
    afar={"larger": 2.4},
    stacks=Stacks(cell, refuse, values=True, alone=True),
    compares=False,
)
