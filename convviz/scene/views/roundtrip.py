"""roundtrip: an input convolved, then transposed with the same kernel: the shape returns, the values do not."""

from __future__ import annotations

from math import prod

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Conv, Layer
from convviz.scene import narrate
from convviz.scene.canvas import numbers
from convviz.scene.layout import Block, Layout, times, zoom
from convviz.scene.links import Link
from convviz.scene.marks import Anchor, Ints, Shape
from convviz.scene.scene import Scene, Sentences, Track
from convviz.scene.view import View
from convviz.text import say
from convviz.trace import Trace, trace


def roundtrip(shown: Trace, language: str = "en") -> Scene:
    """Lay out a transposed convolution with one channel behind the convolution that it transposes.

    The convolution runs on small whole numbers, the transposed one on its results; both use the kernel shown.
    """
    forward = _forward(shown.layer)
    there = trace(forward, weight=shown.weight)
    back = trace(shown.layer, there.output, shown.weight, shown.bias)
    layout = Layout(language, zoom(forward.input_size, forward.output_size, forward.input_size))
    first = _board(layout, "", "before", numbers(there.x), forward.input_size, "input", None)
    n, m = len(there), len(back)
    between = _board(layout, "→", "between", numbers(there.output), forward.output_size, "output", np.arange(n))
    last = _board(layout, "→", "after", numbers(back.output), shown.layer.output_size, "output", n + np.arange(m))
    layout.settle()
    tracks = (
        Track("window", _read(there, first, back, between), "window", "source"),
        Track(
            "current",
            np.concatenate([between.marks(0, np.arange(n)), last.marks(0, np.arange(m))])[:, None],
            "current",
            "target",
        ),
    )
    target = Shape("target", "target", tuple(Anchor("current", 0, c) for c in range(4)), closed=True)
    return Scene(
        shown.layer.kind,
        "roundtrip",
        n + m,
        n + m,
        tuple(layout.grids),
        tracks,
        (target,),
        tuple(layout.labels),
        sentences=_sentences(there, back, language),
        formulas=narrate.formulas(shown.layer),
        links=(_link(there, first, between), _link(back, between, last)),
    )


def refuse(layer: Layer) -> None:
    """Refuse a layer that is not the transpose of a convolution of one channel."""
    _forward(layer)


def _forward(layer: Layer) -> Conv:
    """The convolution that the layer transposes."""
    if layer.kind != "tconv" or prod(layer.weight_shape or ()) != prod(layer.kernel_size):
        key = "view_channels" if layer.kind == "tconv" else "view_transposed"
        raise LayerError(key, "view", {"view": "flat"}, value="roundtrip", nearest="flat")
    stride, padding, dilation = layer.stride, layer.pads, layer.dilation  # type: ignore[attr-defined]
    forward = Conv(layer.output_size, layer.kernel_size, stride, padding, dilation, flip=layer.flip)  # type: ignore[attr-defined]
    if forward.output_size != layer.input_size:
        raise LayerError("view_forward", "view", {"view": "flat"}, value="roundtrip", nearest="flat")
    return forward


def _board(
    layout: Layout, sign: str, word: str, texts: list[str], size: tuple[int, ...], role: str, born: Ints | None
) -> Block:
    layout.cell(sign)
    title = f"{say(f'roundtrip.{word}', layout.language)} {times(size)}"
    return layout.board(role, 1, size, role, texts, title=title, about=role, born=born)


def _link(run: Trace, below: Block, above: Block) -> Link:
    """What each cell of one board is made of on the board before it."""
    sources = run.layer.taps.flat_sources
    return Link(above.marks(0, np.arange(len(run))), np.where(sources >= 0, below.marks(0, sources), -1))


def _read(there: Trace, first: Block, back: Trace, between: Block) -> Ints:
    """What each step reads: inputs while convolving, then the results."""
    tables = [
        np.where(t.layer.taps.flat_sources >= 0, block.marks(0, t.layer.taps.flat_sources), -1)
        for t, block in ((there, first), (back, between))
    ]
    return np.concatenate(tables)


def _sentences(there: Trace, back: Trace, language: str) -> Sentences:
    """The sentences of the convolution, then those of the transposed one; the last also says what has come back."""
    one, two = (narrate.gather_sentences(t, language) for t in (there, back))
    columns = {name: [*one.columns[name], *two.columns[name]] for name in two.columns if name in one.columns}
    columns |= {name: [said[0]] * len(there) + said for name, said in two.columns.items() if name not in columns}
    chosen = np.concatenate([one.chosen, two.chosen + len(one.templates)])
    templates = one.templates + two.templates
    told = {"size": times(back.layer.output_size), "all": there.x.size, "other": int((back.output != there.x).sum())}
    columns |= {name: [value] * len(chosen) for name, value in told.items()}
    last = f"{templates[chosen[-1]]}{' ' if language == 'en' else ''}{say('roundtrip.so', language)}"
    chosen[-1] = len(templates)
    return Sentences((*templates, last), chosen, columns)


VIEW = View("roundtrip", roundtrip, refuse, boards=3)
