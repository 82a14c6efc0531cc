"""versus: a stack along one axis beside the same stack without dilation, on the same input, in step."""

from __future__ import annotations

from dataclasses import replace

from convviz.errors import LayerError
from convviz.network import Network
from convviz.run import Run, run_of, trace
from convviz.scene.compose import beside
from convviz.scene.layout import TITLE
from convviz.scene.marks import Label
from convviz.scene.scene import Scene
from convviz.scene.strips import Strips, refuse_other, without_dilation, zoom_of
from convviz.scene.timeline import Sentences
from convviz.scene.view import Narrow, Stacks, View
from convviz.scene.views.strip import strip
from convviz.text import say
from convviz.trace import Trace

GAP = 1.6
"""Cells between the two stacks."""


def versus(shown: Trace | Run, language: str = "en") -> Scene:
    """Lay out a stack and its twin without dilation: the same weights, and so as many of them."""
    run = run_of(shown)
    network = Network([node.layer for node in run.nodes])
    weights = [run[node.name].weight for node in run.nodes if node.parameters]
    plain = without_dilation(network)
    other = trace(plain, run.x, weights)
    sides = [
        _headed(strip(one, language, alone=False), word, language) for one, word in ((run, "with"), (other, "without"))
    ]
    both = beside(*sides, gap=GAP)
    one, two = Strips(network).told()["count"].tolist(), Strips(plain).told()["count"].tolist()
    columns: dict[str, list[object]] = {"column": list(range(1, len(one) + 1)), "count": one, "other": two}
    said = Sentences((say("sentence.versus", language),), Strips(network).told()["column"] * 0, columns)
    return replace(both, view="versus", sentences=said, equations=(), formulas=sides[0].formulas)


def _headed(scene: Scene, word: str, language: str) -> Scene:
    """A stack with a title over it."""
    x = float(scene.grids[0].outline[:, 0].mean())
    top = min(float(grid.outline[:, 1].min()) for grid in scene.grids)
    head = Label(f"head:{word}", "title", (x, top - 0.7), say(f"strip.{word}", language), "middle", TITLE * 1.1)
    return replace(scene, labels=(*scene.labels, head))


def refuse_alike(network: Network) -> None:
    """Refuse a stack without dilation, and one that has other outputs without it."""
    refuse_other(network)
    dilated = any(layer.dilation[0] > 1 for layer in network.layers)
    if not dilated or zoom_of(network) > 1 or without_dilation(network).output_size != network.output_size:
        raise LayerError("view_versus", "view", {"view": "strip"}, value="versus", nearest="strip")


VIEW = View(
    "versus",
    versus,
    aspect=0.4,
    narrow=Narrow(tall=1.4),
    stacks=Stacks(versus, refuse_alike, values=True, alone=True),
    compares=False,
)
