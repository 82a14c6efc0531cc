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
from convviz.scene.marks import Ints
from convviz.scene.scene import Scene
from convviz.scene.timeline import Track
from convviz.scene.view import View
from convviz.scene.views.flat import LARGER, flat
from convviz.scene.views.learning import refuse_others
from convviz.text import say
from convviz.trace import Trace

TERMS = 30
"""The most terms of a sum that is written out: more do not fit under the picture of a phone. Of a longer one those that
are zero are left out."""

FIRST = 6
"""How many terms stand before the dots where even those are too many."""


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
    drawn = replace(drawn, name=trace.layer.kind, view="grouped", grids=tuple(grids), labels=tuple(labels))
    return _shortened(drawn)


def _shortened(drawn: Scene) -> Scene:
    """The scene, its sums of more than TERMS terms with those alone that are not zero; dots stand for further ones."""
    tracks, sums = list(drawn.tracks), []
    for n, sum_ in enumerate(drawn.equations):
        factors = [drawn.track[name].marks for name in (sum_.left, sum_.right)]
        if factors[0].shape[1] > TERMS:
            written, more = _written(drawn, *factors)
            names = [f"written:{n}", f"times:{n}"]
            tracks += [Track(name, np.where(written, marks, -1)) for name, marks in zip(names, factors, strict=True)]
            columns = sum_.columns | {"more": [f"{sum_.join}…" if one else "" for one in more]}
            sum_ = replace(sum_, left=names[0], right=names[1], tail="{more}" + sum_.tail, columns=columns)
        sums.append(sum_)
    return replace(drawn, tracks=tuple(tracks), equations=tuple(sums))


def _written(drawn: Scene, left: Ints, right: Ints) -> tuple[np.ndarray, list[bool]]:
    """(steps, terms): which terms are written, in the order of the window; and for each step whether others are not."""
    bears = [np.array(drawn.texts_at(t), dtype=object) for t in range(drawn.steps)]
    counts = np.array([(texts[a] != "0") & (texts[b] != "0") for texts, a, b in zip(bears, left, right, strict=True)])
    counts &= (left >= 0) & (right >= 0)
    order = np.argsort(left, axis=1)
    ranks = np.take_along_axis(np.cumsum(np.take_along_axis(counts, order, 1), axis=1), np.argsort(order, axis=1), 1)
    more = counts.sum(axis=1) > TERMS
    return counts & ((ranks <= FIRST) | ~more[:, None]), more.tolist()


def refuse(layer: object) -> None:
    """Refuse what is no kernel that is to be learned."""
    refuse_others(layer, "grouped")


VIEW = View("grouped", grouped, refuse, boards=2, afar={"larger": 2.4}, compares=False)
