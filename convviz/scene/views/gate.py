"""gate: a gated convolution in step: a value and a gate made of the same window, the gate's share, what passes.

Along one axis each is a row, so that a position is read downwards; over a picture each is a board.
"""

from __future__ import annotations

from math import prod

import numpy as np

from convviz.errors import LayerError
from convviz.layers.elementwise import Sigmoid
from convviz.network import Network
from convviz.run import Run
from convviz.scene import narrate
from convviz.scene.chart import FINE, Box, nearest
from convviz.scene.gating import HALVES, Gating, gating, refuse_ungated, sentences
from convviz.scene.layout import Layout
from convviz.scene.limits import refuse_large_nodes
from convviz.scene.linked import Board, tap_link
from convviz.scene.links import Link
from convviz.scene.marks import Anchor, Label, Point, Shape
from convviz.scene.parts import target_outline, window_corners
from convviz.scene.planes import LOWER, MIDDLE, Planes, planes_of
from convviz.scene.rows import APART, CLOSE, Rows, at_steps, read_track
from convviz.scene.scene import Scene
from convviz.scene.strokes import Curve
from convviz.scene.timeline import Equation, Track
from convviz.scene.tones import scale_of
from convviz.scene.view import Narrow, Stacks, View
from convviz.text import say

Words = tuple[tuple[str, ...], tuple[str, ...]]
"""Words for the positions, and for the channels, of an input."""

REACH = 6.0
"""From where to where the gate goes on the sigmoid's curve; what lies beyond has its dot at the end."""

CURVE = (4.2, 2.6)
"""The width and the height of that curve, in cells."""

RAISED = 0.21
"""How far the 0 beside the curve stands above its axis, in cells, to be clear of the numbers below it."""


def gate(shown: Run, language: str = "en", pixels: bool = False, words: Words = ((), ())) -> Scene:
    """Lay out a gated block's run; pixels: the input is a picture; words: for its positions and channels."""
    found = gating(shown)
    if len(found.conv.input_size) == 1:
        layout, boards, corner = _rows(found, language, words)
    else:
        planes, boards = planes_of(found, language, pixels)
        layout, corner = planes.layout, _beneath(planes)
    curves, labels = _curve(found, corner, layout.zoom)
    return Scene(
        found.block.kind,
        "gate",
        len(found.trace()),
        narrate.row_length(found.trace()),
        tuple(layout.grids),
        tracks(found, boards),
        (window_outline(found), target_outline()),
        (*layout.labels, *labels),
        sentences=sentences(found, language),
        equations=_equation(found),
        formulas=narrate.formulas(found.conv),
        links=links(found, boards),
        order=("begun", *found.names[:-1], "current"),
        curves=curves,
    )


def _rows(found: Gating, language: str, words: Words) -> tuple[Layout, dict[str, Board], Point]:
    """The boards along one axis, and where the curve has its place: beside the rows, below the kernels."""
    halves = [half for half in HALVES if half in found.names]
    scale = scale_of(found.values("x"), *(found.values(name) for name in found.names if name != "sigmoid"))
    rows = Rows(Layout(language), scale)
    heads = words[0] or tuple(map(str, range(1, found.conv.input_size[0] + 1)))
    boards = {"x": rows.canvas(found.trace(), say("gate.row.x", language), heads, words[1])}
    for name in found.names:
        new = name in (*halves[:1], found.joined)
        role = "share" if name == "sigmoid" else "output"
        boards[name] = rows.row(name, found.values(name), found.title(name, language), APART if new else CLOSE, role)
    rows.kernels_of({half: found.trace(half).weight for half in halves}, language)
    return rows.layout, boards, (rows.right + 1.3, rows.middles[found.joined] - CURVE[1] + 0.5)


def _beneath(planes: Planes) -> Point:
    """Where the curve has its place among boards: below what passes, its foot level with the gate's boards."""
    left, rows, down = planes.places["sigmoid"][0], planes.size[0], CURVE[1] * planes.zoom
    foot = planes.top(LOWER, rows) + rows
    clear = planes.top(MIDDLE, rows) + rows + 0.6 * planes.zoom
    return left + planes.size[1] + 1.3 * planes.zoom, max(foot - down, clear)


def _curve(found: Gating, corner: Point, zoom: float) -> tuple[tuple[Curve, ...], tuple[Label, ...]]:
    """The sigmoid with a dot at the step's gate, in the first channel, and its axes."""
    box = Box(corner, CURVE[0] * zoom, CURVE[1] * zoom, (-REACH, REACH), (0.0, 1.0), zoom)
    x = np.linspace(-REACH, REACH, FINE)
    opened = found.values(found.form.opened)[0].ravel()
    curve = Curve("sigmoid", "hue1", box.at(x, Sigmoid().forward(x)), at=nearest(x, opened))
    rules = (box.rule("zero", ((-REACH, 0), (REACH, 0))), box.rule("one", ((-REACH, 1), (REACH, 1))))
    axis = box.rule("middle", ((0, 0), (0, 1)))
    ends = (box.left("zero", 0, "0", raised=RAISED), box.left("one", 1, "1"))
    numbers = [box.below(f"x{n:g}", n, f"{n:g}".replace("-", "−")) for n in (-REACH, 0.0, REACH)]
    return (*rules, axis, curve), (*ends, *numbers)


def tracks(found: Gating, boards: dict[str, Board]) -> tuple[Track, ...]:
    """What each step reads, and what it writes, one after the other; nothing adds up term by term before the value."""
    steps = len(found.trace())
    positions = found.trace().layer.taps.flat_positions
    window = np.concatenate([boards["x"].block.marks(c, positions) for c in range(found.conv.in_channels)], axis=1)
    names = [*found.names[:-1], "current"]
    written = zip(names, found.names, strict=True)
    return (
        Track("begun", np.full((steps, 1), -1)),
        Track("window", window, "window", "source"),
        *(Track(name, at_steps(boards[node]), "current", "target") for name, node in written),
        read_track([boards[name] for name in found.names[:-1]]),
        *_added(found, boards),
    )


def _added(found: Gating, boards: dict[str, Board]) -> tuple[Track, ...]:
    """The terms of a sum in place of the product."""
    if found.joined != "sum":
        return ()
    terms = (at_steps(boards[name])[:, :1] for name in (found.form.passed, "sigmoid"))
    return (Track("terms", np.concatenate(list(terms), axis=1)),)


def window_outline(found: Gating) -> Shape:
    """The outline of the window, over all channels of a row."""
    cells = prod(found.conv.kernel_size)
    last = (found.conv.in_channels - 1) * cells
    ends = zip(window_corners(found.trace()), (0, 0, last, last), strict=True)
    return Shape("frame", "frame", tuple(Anchor("window", c + by, n) for n, (c, by) in enumerate(ends)), closed=True)


def links(found: Gating, boards: dict[str, Board]) -> tuple[Link, ...]:
    """What each cell is made of: of its taps, or of the cells of its own place."""
    made: list[Link] = []
    for node in found.run.nodes:
        own = boards[node.name]
        if node.has_taps:
            made.append(tap_link(found.conv, own, boards["x"]))
        else:
            made += [Link(own.cells, boards[name].cells[:, None]) for name in node.inputs]
    return tuple(made)


def _equation(found: Gating) -> tuple[Equation, ...]:
    """What passes, of one channel: the value times the share; rounded, so about that."""
    if found.conv.out_channels > 1:
        return ()
    tail = " + {added} ≈ {output}" if found.block.residual else " ≈ {passed}"
    if found.joined == "sum":
        return (Equation("terms", "", "", tail=tail),)
    left = found.form.passed if found.form.passed != found.names[-1] else "current"
    return (Equation(left, "sigmoid", "", tail=tail),)


def refuse(network: Network) -> None:
    """Refuse what is no gated block along one axis, or over a picture of one channel; told from sizes alone."""
    conv = refuse_ungated(network, "gate").conv
    if len(conv.input_size) > 2:
        raise LayerError("view_space", "view", {"view": "stack"}, value="gate", nearest="stack")
    if len(conv.input_size) == 2 and max(conv.in_channels, conv.out_channels) > 1:
        raise LayerError("view_channels", "view", {"view": "stack"}, value="gate", nearest="stack")
    refuse_large_nodes(network.nodes, network.x_shape)


VIEW = View("gate", gate, refuse, aspect=0.5, narrow=Narrow(tall=1.4), stacks=Stacks(gate, refuse, True, True, True))
