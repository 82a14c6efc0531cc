"""roundtrip: an input convolved, then transposed with the same kernel: the shape returns, the values do not."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from convviz.errors import LayerError
from convviz.graph import INPUT
from convviz.layers import Conv, Layer
from convviz.network import Network
from convviz.run import Run
from convviz.run import trace as run_of
from convviz.scene import narrate
from convviz.scene.layout import times
from convviz.scene.scene import Scene
from convviz.scene.timeline import Sentences
from convviz.scene.view import View
from convviz.scene.views.stack import stack
from convviz.text import say
from convviz.trace import Trace


def roundtrip(shown: Trace, language: str = "en") -> Scene:
    """Lay out a transposed convolution with one channel behind the convolution that it transposes: a stack of two.

    The convolution runs on small whole numbers, the transposed one on its results; both use the kernel shown,
    and neither divides its sums.
    """
    network = Network([_forward(shown.layer), shown.layer])
    run = run_of(network, weights={0: shown.weight, 1: (shown.weight, shown.bias)})
    words = dict(zip((INPUT, *(node.name for node in run.nodes)), ("before", "between", "after"), strict=True))
    picture = stack(run, language, {name: say(f"roundtrip.{word}", language) for name, word in words.items()})
    return replace(
        picture,
        name=shown.layer.kind,
        view="roundtrip",
        grids=tuple(replace(grid, editable=None) for grid in picture.grids),  # what it begins with is not the layer's x
        sentences=_closed(picture.sentences, run, language),
        formulas=narrate.formulas(shown.layer),
    )


def refuse(layer: Layer) -> None:
    """Refuse a layer that is not the transpose of a convolution of one channel."""
    _forward(layer)


def _forward(layer: Layer) -> Conv:
    """The convolution that the layer transposes."""
    if not layer.spreads or prod(layer.weight_shape or ()) != prod(layer.kernel_size):
        key = "view_channels" if layer.spreads else "view_transposed"
        raise LayerError(key, "view", {"view": "flat"}, value="roundtrip", nearest="flat")
    stride, padding, dilation = layer.stride, layer.pads, layer.dilation
    forward = Conv(layer.output_size, layer.kernel_size, stride, padding, dilation, flip=layer.flip)
    if forward.output_size != layer.input_size:
        raise LayerError("view_forward", "view", {"view": "flat"}, value="roundtrip", nearest="flat")
    return forward


def _closed(said: Sentences | None, run: Run, language: str) -> Sentences:
    """The sentences, of which the last says what has come back."""
    assert said is not None
    told = {"size": times(run.output.shape[1:]), "all": run.x.size, "other": int((run.output != run.x).sum())}
    columns = said.columns | {name: [value] * len(said.chosen) for name, value in told.items()}
    chosen = said.chosen.copy()
    last = say("roundtrip.so", language)  # the window of this step has been told of at all steps before
    chosen[-1] = len(said.templates)
    return Sentences((*said.templates, last), chosen, columns)


VIEW = View("roundtrip", roundtrip, refuse, boards=3, compares=False)
