"""mobilenet: where the work and the weights of MobileNet v1 are, by kind of layer, beside what its paper prints."""

from __future__ import annotations

import numpy as np

from convviz.known import MOBILENET_PUBLISHED, MobileNetCost, mobilenet_costs
from convviz.layers import Conv, Layer
from convviz.scene.layout import TITLE, Layout
from convviz.scene.marks import Label
from convviz.scene.parts import target_outline
from convviz.scene.roles import ROLES, binned
from convviz.scene.scene import Scene
from convviz.scene.timeline import Sentences, Track
from convviz.scene.view import Narrow, View
from convviz.scene.views.channels import refuse_other
from convviz.separable import separated
from convviz.text import say
from convviz.trace import Trace

COLUMNS = ("macs", "macs_share", "macs_printed", "weights", "weights_share", "weights_printed")
COUNTS, SHARES = [0, 3], [1, 4]
"""The columns; the places of those that are counted, and of the shares of them, which are shown as tones."""

CELL = (3.6, 1.0)
"""Width and height of a cell."""

KINDS = 4.4
"""Cells left of the table, for the kinds of layers."""


def mobilenet(trace: Trace, language: str = "en") -> Scene:
    """Lay out the table; the layer traced says nothing of it."""
    layout, rows = Layout(language), mobilenet_costs()
    total = MobileNetCost(sum(row.macs for row in rows.values()), sum(row.weights for row in rows.values()))
    table = [_row(row, total, MOBILENET_PUBLISHED[kind]) for kind, row in rows.items()]
    printed = [sum(MOBILENET_PUBLISHED[kind][n] for kind in rows) for n in (0, 1)]
    table.append(_row(total, total, (round(printed[0], 2), round(printed[1], 2))))
    lattice = ((CELL[0], 0.0), (0.0, CELL[1]))
    shares = [part / of for row in (*rows.values(), total) for part, of in zip(row, total, strict=True)]
    levels = np.zeros((len(table), len(COLUMNS)), dtype=np.int64)
    levels[:, SHARES] = binned(np.array(shares), "heat", 0, 1).reshape(-1, 2)
    roles = np.full(levels.shape, ROLES.index("zero"))
    roles[:, SHARES] = ROLES.index("heat")
    texts = [text for row in table for text in row]
    layout.grid(
        "canvas",
        (KINDS, 0.0),
        levels.shape,
        roles.ravel(),
        texts,
        lattice=lattice,
        levels=levels.ravel(),
        text_size=0.115,
    )
    names = [*rows, "total"]
    _words(layout, names)
    cells = np.arange(len(texts)).reshape(len(table), -1)
    return Scene(
        trace.layer.kind,
        "mobilenet",
        len(table),
        len(table),
        tuple(layout.grids),
        (Track("read", cells[:, COUNTS], "window", "source"), Track("current", cells[:, SHARES], "current", "target")),
        (target_outline(),),
        tuple(layout.labels),
        sentences=_sentences(names, table, language),
    )


def _row(cost: MobileNetCost, total: MobileNetCost, printed: tuple[float, float]) -> list[str]:
    """The texts of a row: counts, computed shares, printed shares."""
    shares = (cost.macs / total.macs, cost.weights / total.weights)
    counts = (cost.macs, cost.weights)
    texts = [
        [f"{count:,}", _percent(100 * share), _percent(paper)]
        for count, share, paper in zip(counts, shares, printed, strict=True)
    ]
    return [*texts[0], *texts[1]]


def _percent(share: float) -> str:
    return f"{share:.2f}\u00a0%"


def _words(layout: Layout, names: list[str]) -> None:
    """The heads of the columns, the kinds of layers, and one layer of the network as an example."""
    language = layout.language
    for n, name in enumerate(COLUMNS):
        at = (KINDS + (n + 0.5) * CELL[0], -0.45)
        layout.labels.append(Label(f"column:{name}", "axis", at, say(f"mobilenet.{name}", language), size=0.38))
    for n, name in enumerate(names):
        at = (KINDS - 0.3, (n + 0.5) * CELL[1])
        layout.labels.append(Label(f"kind:{name}", "axis", at, say(f"mobilenet.{name}", language), "end", 0.4))
    middle = KINDS + len(COLUMNS) * CELL[0] / 2
    title, example = say("mobilenet.title", language), say("mobilenet.example", language, **_example())
    layout.labels.append(Label("title:canvas", "title", (middle, -1.4), title, size=TITLE))
    layout.labels.append(Label("caption:canvas", "title", (middle, len(names) + 0.7), example, size=0.38))


def _example() -> dict[str, object]:
    """One of its layers, as an ordinary convolution and as the pair that it has (the paper's table 6)."""
    size, channels = 14, 512
    whole = Conv(size, 3, padding="same", in_channels=channels, out_channels=channels)
    pair = separated(whole)
    said: dict[str, object] = {"size": size, "channels": channels}
    return said | {
        "macs": whole.macs,
        "pair_macs": pair.macs,
        "weights": whole.parameters,
        "pair_weights": pair.parameters,
    }


def _sentences(names: list[str], table: list[list[str]], language: str) -> Sentences:
    """What a row says, in words."""
    columns: dict[str, list[object]] = {name: [row[n] for row in table] for n, name in enumerate(COLUMNS)}
    columns["kind"] = [say(f"mobilenet.{name}", language) for name in names]
    return Sentences((say("sentence.mobilenet", language),), np.zeros(len(table), dtype=np.int64), columns)


def refuse(layer: Layer) -> None:
    """Refuse a layer that is no convolution over channels."""
    refuse_other(layer, "mobilenet")


VIEW = View("mobilenet", mobilenet, refuse, aspect=0.4, narrow=Narrow(scrolls=True), compares=False)
