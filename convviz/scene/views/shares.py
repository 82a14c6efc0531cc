"""shares: a layer whose kernels are shared by blocks of positions, or by none: the kernel of each position, and what it
costs, here and in the first layer of AlexNet.
"""

from __future__ import annotations

import numpy as np

from convviz.errors import LayerError
from convviz.layers.local import Local
from convviz.scene import narrate
from convviz.scene.canvas import numbers
from convviz.scene.filled import Block
from convviz.scene.layout import Layout, text_width, times
from convviz.scene.marks import Ints, Label
from convviz.scene.notes import weight_notes
from convviz.scene.parts import canvas_board, gather_tracks, output_board, window_outlines
from convviz.scene.roles import ROLES, SCALES, binned
from convviz.scene.scene import Scene
from convviz.scene.timeline import Sentences, StepTexts, Track
from convviz.scene.tones import scale_of, toned
from convviz.scene.view import Narrow, View
from convviz.sharing import ALEXNET_FIRST, likewise, parameters
from convviz.text import say
from convviz.trace import Trace

CELL, NAMED = (5.4, 1.1), 0.44
"""The width and the height of a number in the table, and the size of the words beside it."""

ROOMY = 1.9
"""How much room the names of its rows have, in their own widths: from afar letters are larger."""

WAYS = ("own", "here", "one")
"""The columns of the table: a kernel for each position, as the layer has it, one kernel for all."""


def shares(trace: Trace, language: str = "en") -> Scene:
    """Lay out the input, the kernel of each position by its number, that kernel, the output, and what it costs."""
    layer: Local = trace.layer  # type: ignore[assignment]
    layout = Layout(language)
    layout.cell()
    canvas = canvas_board(layout, trace)
    layout.cell()
    owners = _owners(layout, layer)
    layout.cell("→")
    kernel, weights = _kernel(layout, trace)
    layout.cell("→")
    output = output_board(layout, trace)
    layout.settle()
    _table(layout, layer)
    steps, cells = len(trace), np.arange(weights.marks.size)
    alike = layer.owners[:, None] == layer.owners[None]
    every = np.arange(steps)
    using = np.where(alike, owners.marks(0, every), -1)
    return Scene(
        layer.kind,
        "shares",
        steps,
        narrate.row_length(trace),
        tuple(layout.grids),
        (
            *gather_tracks(trace, canvas, output),
            Track("kernel", np.tile(kernel.marks(0, cells), (steps, 1)), "", "source"),
            Track("sharing", using, "window"),
        ),
        window_outlines(trace),
        tuple(layout.labels),
        (weights,),
        notes=weight_notes(trace),
        order=("current",),
        sentences=_sentences(trace, language),
        equations=narrate.gather_equations(trace, [("window", "kernel")]),
        formulas=narrate.formulas(layer),
    )


def _owners(layout: Layout, layer: Local) -> Block:
    """The number of each output's kernel, in the output's shape."""
    title = say("shares.owners", layout.language, count=layer.weight_shape[0])
    texts = [str(n + 1) for n in layer.owners.tolist()]
    return layout.board("owners", 1, layer.output_size, "kernel", texts, title=title, about="kernel")


def _kernel(layout: Layout, trace: Trace) -> tuple[Block, StepTexts]:
    """The kernel of the position that is written."""
    size, owners = trace.layer.kernel_size, trace.layer.owners
    rows = trace.weight.reshape(len(trace.weight), -1)[owners]
    scale = scale_of(trace.weight)
    written = numbers(rows)
    block = layout.board(
        "kernel",
        1,
        size,
        "kernel",
        [""] * rows.shape[1],
        title=say("shares.kernel", layout.language, size=times(size)),
        about="kernel",
        longest=max(map(len, written)),
        scale=scale,
    )
    marks = block.marks(0, np.arange(rows.shape[1]))
    return block, StepTexts(marks, written, toned(rows, scale), values=rows)


def _table(layout: Layout, layer: Local) -> None:
    """Weights with a kernel for each position, as here, and with one for all: of this layer, and of AlexNet's first.

    A colour is a power of ten.
    """
    language = layout.language
    rows = [costs(layer), alexnet(layer)]
    names = [say(f"shares.row.{name}", language) for name in ("layer", "alexnet")]
    left = min(float(grid.box[0]) for grid in layout.grids)
    top = max(float(grid.ample[3]) for grid in layout.grids) + 1.9
    edge = left + ROOMY * max(text_width(name, NAMED) for name in names) + 0.5
    for n, name in enumerate(names):
        at = (left, top + (n + 0.5) * CELL[1])
        layout.label(Label(f"row:{n}", "title", at, name, "start", NAMED))
    heads = [say(f"shares.head.{way}", language) for way in WAYS]
    size = min(0.42, *(CELL[0] / text_width(head, 1.1) for head in heads))
    for n, head in enumerate(heads):
        layout.label(Label(f"head:{n}", "axis", (edge + (n + 0.5) * CELL[0], top - 0.4), head, "middle", size))
    counts = np.array(rows)
    layout.grid(
        "weights",
        (edge, top),
        (len(rows), len(WAYS)),
        np.full(counts.size, ROLES.index("heat")),
        [f"{count:,}" for count in counts.ravel().tolist()],
        lattice=((CELL[0], 0.0), (0.0, CELL[1])),
        levels=binned(np.log10(counts.ravel()), "heat", 0, SCALES["heat"] - 1),
        text_size=0.1,
    )


def costs(layer: Local) -> tuple[int, int, int]:
    """The weights of a layer with a kernel for each position, as it is, and with one for all.

    >>> costs(Local(8, 3, share=2))
    (324, 81, 9)
    """
    one = layer.parameters // layer.weight_shape[0]
    return one * len(layer.owners), layer.parameters, one


def alexnet(layer: Local) -> tuple[int, int, int]:
    """The same of AlexNet's first layer, biases included, whose map is cut into as many blocks.

    >>> alexnet(Local(8, 3, share=6))
    (105705600, 34944, 34944)
    """
    side = likewise(ALEXNET_FIRST, layer.blocks[0], layer.share)
    return parameters(ALEXNET_FIRST, 1), parameters(ALEXNET_FIRST, side), parameters(ALEXNET_FIRST)


def _sentences(trace: Trace, language: str) -> Sentences:
    """What a step reads, through which kernel, and what it adds up to."""
    found = narrate.gather_sentences(trace, language, "local")
    owners: Ints = trace.layer.owners  # type: ignore[assignment]  # the layer is a Local
    counts = np.bincount(owners)[owners]
    columns: dict[str, list[object]] = {"kernel": (owners + 1).tolist(), "kernels": [len(trace.weight)] * len(owners)}
    columns |= {"sharing": counts.tolist()}
    return Sentences(found.templates, found.chosen, found.columns | columns)


def refuse(layer: object) -> None:
    """Refuse what shares one kernel, or has none."""
    if not isinstance(layer, Local):
        raise LayerError("view_shares", "view", {"view": "flat"}, value="shares", nearest="flat")


VIEW = View("shares", shares, refuse, boards=2, aspect=0.44, narrow=Narrow(tall=2.2), compares=False)
