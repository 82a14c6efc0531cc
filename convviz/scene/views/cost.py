"""cost: what a depthwise and a pointwise convolution cost of an ordinary one, over maps and kernels."""

from __future__ import annotations

from dataclasses import replace
from math import floor

import numpy as np

from convviz.layers import Conv, Layer
from convviz.layers.linear import Array
from convviz.scene.layout import TITLE, Layout
from convviz.scene.marks import Label, Point
from convviz.scene.parts import target_outline
from convviz.scene.roles import ROLES, binned
from convviz.scene.scene import Scene
from convviz.scene.timeline import Equation, Sentences, Track
from convviz.scene.view import Narrow, View
from convviz.scene.views.channels import refuse_other
from convviz.separable import separated
from convviz.text import say
from convviz.trace import Trace

MAPS = tuple(2**n for n in range(11))
KERNELS = (1, 3, 5, 7, 9)
"""The numbers of maps, from left to right, and the sizes of kernels, from top to bottom."""

CELL = (1.7, 1.0)
"""Width and height of a cell: a percentage is longer than a number."""

APART = 0.35
"""Cells between the map and what its cells add up."""


def cost(trace: Trace, language: str = "en") -> Scene:
    """Lay out the ratio of both ways' multiply-accumulates, the sum of 1/N above and 1/k^2 beside it; the place of the
    layer traced is outlined."""
    layer, layout = trace.layer, Layout(language)
    first = _lay(layout, "output", (0.0, 0.0), np.array([[1 / maps for maps in MAPS]]), "output")
    second = _lay(layout, "kernel", (-CELL[0] - APART, 1 + APART), np.array([[1 / k**2] for k in KERNELS]), "kernel")
    shares = np.array([[_share(maps, kernel) for maps in MAPS] for kernel in KERNELS])
    whole = _lay(layout, "canvas", (0.0, 1 + APART), shares, "heat")
    _axes(layout)
    row, column = np.divmod(np.arange(shares.size), len(MAPS))
    place = _place(layer)
    tracks = (
        Track("read", np.stack([first + column, second + row], axis=1), "window", "source"),
        Track("current", whole + np.arange(shares.size)[:, None], "current", "target"),
        Track("place", np.full((shares.size, 1), -1 if place is None else whole + place)),
    )
    texts = [text for grid in layout.grids if grid.name == "canvas" for text in grid.texts]
    return Scene(
        layer.kind,
        "cost",
        shares.size,
        len(MAPS),
        tuple(layout.grids),
        tracks,
        (target_outline(), replace(target_outline("place"), name="place", role="frame")),
        tuple(layout.labels),
        sentences=_sentences(texts, shares, language),
        equations=(Equation("read", "", "", "1/{maps} + 1/{kernel}² = ", tail=" {sign} {share}"),),
    )


def _lay(layout: Layout, name: str, corner: Point, shares: Array, role: str) -> int:
    """Add a board of shares; the number of its first cell."""
    first, flat = layout.count, shares.ravel()
    levels = binned(flat, "heat", 0, 1) if role == "heat" else None
    lattice = ((CELL[0], 0.0), (0.0, CELL[1]))
    roles, texts = np.full(flat.size, ROLES.index(role)), [_percent(share) for share in flat.tolist()]
    layout.grid(name, corner, shares.shape, roles, texts, lattice=lattice, levels=levels, text_size=0.27)
    return first


def _share(maps: int, kernel: int) -> float:
    """What of the multiply-accumulates of an ordinary convolution both others need: the same for any size of input."""
    whole = Conv(kernel, kernel, padding="same", out_channels=maps)
    return separated(whole).macs / whole.macs


def _percent(share: float) -> str:
    """A share as a percentage, with one decimal where it is not whole, halves up.

    >>> [_percent(share).replace("\\u00a0", " ") for share in (1 / 4, 1 / 8, 1 / 9, 1 / 16)]
    ['25 %', '12.5 %', '11.1 %', '6.3 %']
    """
    tenths = floor(1000 * share + 0.5)
    return f"{tenths / 10:.1f}".removesuffix(".0") + "\u00a0%"


def _axes(layout: Layout) -> None:
    """The numbers of maps above the columns, the kernels left of the rows, and what they are."""
    left = -CELL[0] - APART
    for n, maps in enumerate(MAPS):
        layout.labels.append(Label(f"maps:{n}", "axis", ((n + 0.5) * CELL[0], -0.4), f"{maps:,}", size=0.4))
    for n, kernel in enumerate(KERNELS):
        text, level = f"{kernel}\u00a0×\u00a0{kernel}", 1 + APART + (n + 0.5) * CELL[1]
        layout.labels.append(Label(f"kernel:{n}", "axis", (left - 0.3, level), text, "end", 0.4))
    layout.labels.append(Label("first", "axis", (-0.3, 0.5), "1/N", "end", 0.42, "output"))
    layout.labels.append(Label("second", "axis", (left + CELL[0] / 2, 0.7 + APART), "1/k²", "middle", 0.42, "kernel"))
    at = (len(MAPS) * CELL[0] / 2, -1.2)
    layout.labels.append(Label("title:canvas", "title", at, say("cost_map.title", layout.language), size=TITLE))


def _place(layer: Layer) -> int | None:
    """The cell of a layer's own number of maps and kernel, if it is there."""
    kernel = set(layer.kernel_size)
    if len(kernel) > 1 or layer.out_channels not in MAPS or not kernel <= set(KERNELS):
        return None
    return KERNELS.index(kernel.pop()) * len(MAPS) + MAPS.index(layer.out_channels)


def _sentences(texts: list[str], shares: Array, language: str) -> Sentences:
    """What a cell says, in words; sign: of its sum, which is rounded where a tenth of a percent does not say it all."""
    exact = np.isclose(1000 * shares, np.round(1000 * shares), atol=1e-9).ravel().tolist()
    columns: dict[str, list[object]] = {
        "maps": list(MAPS) * len(KERNELS),
        "kernel": [kernel for kernel in KERNELS for _ in MAPS],
        "share": list(texts),
        "sign": ["=" if whole else "≈" for whole in exact],
    }
    return Sentences((say("sentence.cost", language),), np.zeros(len(texts), dtype=np.int64), columns)


def refuse(layer: Layer) -> None:
    """Refuse a layer that is no convolution over channels."""
    refuse_other(layer, "cost")


VIEW = View("cost", cost, refuse, aspect=0.4, narrow=Narrow(scrolls=True), compares=False)
