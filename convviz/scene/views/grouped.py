"""grouped: the gradient of a kernel that is learned, before the first training step, as the convolution that it is.

The taps, grouped by kernel cell: each weight has met some inputs, and its gradient is these inputs times the errors
that they led to, added up. So the errors slide over the input as a kernel does; the stride becomes the dilation.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convviz.layers.conv import Conv
from convviz.layers.learn import Learn
from convviz.learning import Descent, descend
from convviz.scene.layout import times
from convviz.scene.scene import Scene
from convviz.scene.view import View
from convviz.scene.views.flat import LARGER, flat
from convviz.scene.views.learning import refuse_others
from convviz.text import say
from convviz.trace import Trace

TERMS = 30
"""The most terms of a sum that is written out: more do not fit under the picture of a phone."""


def errors_as_kernel(run: Descent) -> Trace:
    """The convolution of the pictures with twice the first errors: its output is the first gradient.

    Where the loss is a mean, the sum is divided by the number of errors.

    >>> import convviz as cv
    >>> run = cv.descend(cv.trace(cv.Learn(5, 3, stride=2, padding=1, pairs=2)))
    >>> bool(np.allclose(errors_as_kernel(run).output.ravel(), run.gradients[0]))
    True
    """
    layer, shown = run.problem.layer, run.problem.shown
    size, spare = tuple(layer.output_size), _spare(layer)
    pads = tuple((before, max(after - left, 0)) for (before, after), left in zip(layer.pads, spare, strict=True))
    cut = tuple(max(left - after, 0) for (_, after), left in zip(layer.pads, spare, strict=True))
    x = shown.x[(slice(None), *(slice(None, i - n) for i, n in zip(layer.input_size, cut, strict=True)))]
    strides = {"stride": layer.dilation, "dilation": layer.stride}
    conv = Conv(x.shape[1:], size, padding=pads, in_channels=layer.pairs, **strides)
    errors = 2 * run.errors[0].reshape(1, layer.pairs, *size)
    whole = bool((errors == errors.round()).all())
    weight = errors.round().astype(np.int64) if whole else errors.round(9)
    return Trace(conv, x, weight, None, errors.size if layer.loss == "mean" else 1)


def _spare(layer: Learn) -> tuple[int, ...]:
    """How many cells at the end of each axis no window covers, where the errors, sliding, would find room for one more
    place there; else 0."""
    axes = zip(layer.padded_size, layer.span, layer.stride, layer.output_size, layer.dilation, strict=True)
    spare = [(padded - span - s * (o - 1), d) for padded, span, s, o, d in axes]
    return tuple(left if left >= d else 0 for left, d in spare)


def grouped(trace: Trace, language: str = "en", larger: float = LARGER) -> Scene:
    """Lay out the first gradient of a `Learn` as the convolution of its pictures with the errors."""
    run = descend(trace)
    turned = errors_as_kernel(run)
    word = "gradient" if turned.divisor == 1 else "divided"
    words = {
        "kernel": say("grouped.errors", language, size=times(tuple(trace.layer.output_size))),
        "output": say(f"grouped.{word}", language, size=times(tuple(trace.layer.kernel_size)), count=turned.divisor),
    }
    drawn = flat(turned, language, larger=larger)
    typed = "x" if turned.x.shape == trace.x.shape else ""
    grids = [
        grid if grid.editable and grid.editable.array == typed else replace(grid, editable=None) for grid in drawn.grids
    ]
    labels = [replace(one, text=words.get(one.name.removeprefix("title:"), one.text)) for one in drawn.labels]
    sums = drawn.equations if turned.windows[0, 0].size * len(turned.x) <= TERMS else ()
    return replace(
        drawn, name=trace.layer.kind, view="grouped", grids=tuple(grids), labels=tuple(labels), equations=sums
    )


def refuse(layer: object) -> None:
    """Refuse what is no kernel that is to be learned."""
    refuse_others(layer, "grouped")


VIEW = View("grouped", grouped, refuse, boards=2, afar={"larger": 2.4}, compares=False)
