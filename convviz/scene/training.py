"""What a training run bears in a picture: its numbers as they are written, and the words of each step."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil, inf, log10

import numpy as np

from convviz.layers.linear import Array
from convviz.learning import Descent
from convviz.scene.canvas import factor, number
from convviz.scene.chart import norm_text
from convviz.scene.layout import GAP, planes
from convviz.scene.marks import Scale
from convviz.scene.timeline import Equation, Sentences
from convviz.scene.tones import scale_of
from convviz.text import say

BEYOND = 1000
"""How many times as large as at the start a loss is said to grow without bound."""

HELD = 10
"""How many times as large as at the start the numbers of a board may be that has a scale for them; others are words."""

SMALL = 1e-4
"""The share of the first loss below which a loss is all but 0."""

SIMPLE = 1000
"""The greatest denominator of an edge that is written as a fraction."""

LARGE = 2.0
"""How many times as wide as others the cells of the kernels and of the gradient are: they are what is watched."""

FAR, FEW = 1.55, 5
"""The same of outputs that are read from afar, and how many along an axis may be so wide then."""

LETTER = 0.0115
"""The width of a letter that is read from afar, as a share of the picture's: it is a thirtieth of a screen's height."""

KINDS = ("start", "falls", "rises", "still", "gone", "found", "other")
"""What can be said of a step: see `_kinds`."""


def brief(value: float, most: float = 1.0, digits: int = 2) -> str:
    """A number with so many digits behind the point, or fewer where it is large; most: the largest beside it, below
    which these would not do.

    >>> brief(0.7378), brief(-12.04), brief(4321.0), brief(25000.0), brief(0.001), brief(3e7), brief(0.0123, 0.02)
    ('0.74', '−12', '4321', '25k', '0', '30M', '0.0123')
    >>> brief(0.7378, digits=1), brief(0.0123, 0.02, 1)
    ('0.7', '0.012')
    """
    size, decimals = abs(value), _decimals(abs(value), most, digits)
    text = f"{value:.{decimals}f}"
    if size >= 9999.5:
        text = f"{value / 1e3:.0f}k" if size < 999_500 else f"{value / 1e6:.0f}M"
    elif decimals:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text in ("-0", "0") else text).replace("-", "−")


def _decimals(size: float, most: float, digits: int) -> int:
    """How many digits of a number of that size stand behind the point."""
    fine = max(0, ceil(-log10(3 * most))) if most > 0 else 0
    return min(digits, 2 if size < 9.995 else 1 if size < 99.95 else 0) + (fine if size < 1 else 0)


def roomy_afar(run: Descent, language: str) -> bool:
    """Whether the numbers of all boards, outputs among them, can be read from afar, where outputs have larger cells."""
    layer = run.problem.layer
    if layer.pairs > 1 or max(layer.output_size) > FEW:
        return False
    sizes = (layer.taps.canvas_shape, layer.kernel_size, layer.output_size)
    read, kernel, made = (planes(shape)[2] for shape in sizes)
    wide = read + 2 * LARGE * kernel + 2 * FAR * made + 4 * GAP
    both = np.stack([run.errors, run.predictions])
    texts, _ = written(both, reach(both, both[:, 0]), language, 1)
    return max(len(text) - text.count(".") / 2 for text in texts) * LETTER <= FAR / wide


def reach(values: Array, *first: Array) -> Scale:
    """The scale of a board: as wide as the first values, and as all later ones that are up to HELD times as large.

    >>> reach(np.array([2.0, 50.0, -7.0]), np.array([1.0, -1.0])).text
    '7'
    """
    start = scale_of(*first).most
    within = np.abs(values)[np.abs(values) <= HELD * start]
    most = max(start, float(within.max(initial=0.0)))
    return Scale(_rounded(most, most), brief(most, most))


def written(values: Array, scale: Scale, language: str, digits: int) -> tuple[list[str], Array]:
    """Numbers as the cells of a board bear them, and as they are then: rounded to so many digits. What is beyond the
    scale is a word with its sign, and as large as the scale."""
    words = {True: say("learning.huge", language), False: say("learning.minus_huge", language)}
    texts, shown = [], []
    for value in values.ravel().tolist():
        inside = abs(value) <= 1.01 * scale.most
        texts.append(brief(value, scale.most, digits) if inside else words[value > 0])
        shown.append(_rounded(value, scale.most, digits) if inside else scale.most * (1 if value > 0 else -1))
    return texts, np.array(shown).reshape(values.shape)


def _rounded(value: float, most: float, digits: int = 2) -> float:
    """A number as `brief` writes it.

    >>> _rounded(-0.0012, 1.0), _rounded(57.64, 57.6), _rounded(25321.0, 3e4)
    (0.0, 57.6, 25000.0)
    """
    text = brief(value, most, digits).replace("−", "-")
    return float(text.replace("k", "e3").replace("M", "e6")) or 0.0


def rate_text(rate: float) -> str:
    """A learning rate with three digits.

    >>> rate_text(0.03), rate_text(1 / 30), rate_text(1.4), rate_text(0.0000123)
    ('0.03', '0.0333', '1.4', '1.2·10⁻⁵')
    """
    return number(float(f"{rate:.3g}")) if rate >= 1e-4 else norm_text(rate)


def edge_text(edge: float, language: str) -> str:
    """The edge as 2 / largest eigenvalue, and what that is: a fraction, where it is a simple one, else a number.

    >>> edge_text(1 / 30, "en"), edge_text(0.0186413, "en")
    ('2/60 = 1/30', '2/107 ≈ 0.0186')
    """
    if edge == inf:
        return say("learning.no_edge", language)
    near = Fraction(edge).limit_denominator(SIMPLE)
    if near.numerator == 1 < near.denominator and abs(float(near) - edge) < 1e-9 * edge:
        return f"2/{2 * near.denominator} = 1/{near.denominator}"
    return f"2/{rate_text(2 / edge)} ≈ {rate_text(edge)}"


def sentences(run: Descent, language: str) -> Sentences:
    """What each step comes to."""
    steps, losses = len(run.losses), run.losses
    columns: dict[str, list[object]] = {
        "t": list(range(steps)),
        "n": [steps - 1] * steps,
        "loss": [loss_text(loss) for loss in losses],
        "before": [loss_text(loss) for loss in losses[[0, *range(steps - 1)]]],
    }
    templates = tuple(say(f"sentence.learning.{kind}", language) for kind in KINDS)
    return Sentences(templates, np.array([KINDS.index(kind) for kind in _kinds(run)], dtype=np.int64), columns)


def loss_text(loss: float) -> str:
    """A loss with three digits; one that is very large or very small with two, and its power of ten.

    >>> loss_text(12.0), loss_text(0.8241), loss_text(12345.0), loss_text(1.2e12), loss_text(float("inf"))
    ('12', '0.824', '12,300', '1.2·10¹²', '∞')
    """
    if not np.isfinite(loss):
        return "∞"
    plain = float(f"{loss:.3g}")
    return f"{plain:,.6g}" if 1e-3 <= plain < 1e6 else norm_text(float(loss))


def _kinds(run: Descent) -> Iterable[str]:
    """What is said of each step: that it is the start; that the loss falls, rises, stays, has left all bounds, or is
    all but 0, and then whether the kernel is the hidden one or another that does the same."""
    first = max(float(run.losses[0]), 1e-300)
    for t, loss in enumerate(run.losses.tolist()):
        if t == 0:
            yield "start"
        elif not loss < BEYOND * first:
            yield "gone"
        elif loss > SMALL * first and loss_text(loss) == loss_text(run.losses[t - 1]):
            yield "still"
        elif loss > run.losses[t - 1]:
            yield "rises"
        elif loss > SMALL * first:
            yield "falls"
        else:
            yield "found" if run.near(t) else "other"


def equation(run: Descent, track: str, language: str) -> Equation:
    """How the first weight changes: itself, less learning rate times gradient. track: one that names no cell."""
    head = say("learning.first", language, sum="{w} − {rate}·{g} = {next}")
    weights, gradients = run.kernels[:, 0], run.gradients[:, 0]
    said = {
        "w": [_term(value) for value in weights],
        "g": [factor(_term(value)) for value in gradients],
        "next": [_term(value) for value in weights - run.rate * gradients],
        "rate": [rate_text(run.rate)] * len(weights),
    }
    return Equation(track, "", "", head=head, columns={k: list(v) for k, v in said.items()})


def _term(value: float) -> str:
    """A number of the sum line: three digits behind the point, or three in all where it is large.

    >>> _term(-3.1461), _term(8400368.2), _term(-140008.5)
    ('−3.146', '8,400,000', '−140,000')
    """
    if abs(value) < 1e4:
        return number(round(float(value), 3))
    return ("−" if value < 0 else "") + loss_text(abs(value))
