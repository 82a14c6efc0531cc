"""The arithmetic of a step as boards: the window, opened; what is multiplied; the products; what they add up to."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import prod
from operator import not_

import numpy as np

from convviz.layers.linear import Array, roomy
from convviz.scene.canvas import factor, number, numbers, outputs
from convviz.scene.layout import Layout, times
from convviz.scene.timeline import StepTexts
from convviz.scene.tones import scale_of, toned
from convviz.text import say
from convviz.trace import Trace

PARTS, LONGEST = 512, 5
"""A share is written as a fraction: of so many parts at most, with so many letters at most."""


def terms(trace: Trace) -> list[tuple[str, str]]:
    """Which tracks the arithmetic of a step joins, for each channel of the output."""
    layer = trace.layer
    if layer.weight_shape is None:
        return [(f"taken:{n}", "" if layer.shares is None else "shares") for n in range(layer.y_shape[0])]
    if not layer.shared or prod(layer.weight_shape) == prod(layer.kernel_size):
        return [("window", "kernel")]
    each = layer.out_channels // layer.groups
    return [(f"factors:{n // each}", f"weights:{n}") for n in range(layer.out_channels)]


def products(trace: Trace) -> tuple[Array, list[str]]:
    """(steps, kernel cells): the products of each step's window with the kernel, and their texts in turn."""
    windows, kernel = roomy(trace.windows[0], trace.weight.reshape(1, -1))
    table = windows * kernel
    return table, numbers(table)


def products_board(
    layout: Layout, shape: tuple[int, ...], values: Array, texts: list[str], turned: bool = False, like: str = ""
) -> StepTexts:
    """What is multiplied at a step, one cell a tap; returns its cells, as the kernel's, and what they bear.

    values: (steps, cells) of all steps, and their texts, "" where nothing is multiplied; like: see StepTexts.
    """
    title = say("board.products", layout.language, size=times(shape))
    return _step_board(layout, "product", "product", shape, values, title, "product", turned, texts, like)


def opened_board(layout: Layout, trace: Trace, turned: bool) -> StepTexts:
    """The window of each step, opened beside a large input: its values, in the order of the kernel's cells."""
    values = trace.windows[0]
    title = say("board.window", layout.language, size=times(trace.layer.kernel_size))
    size = tuple(trace.layer.kernel_size)
    return _step_board(layout, "opened", "input", size, values, title, "window", turned, like="window")


def shares_board(layout: Layout, trace: Trace) -> StepTexts:
    """The weight that geometry gives each cell of a step's window; empty where there is no cell."""
    layer = trace.layer
    assert layer.shares is not None
    title, size = say("board.shares", layout.language), tuple(layer.kernel_size)
    texts = _written(layer.shares)
    return _step_board(layout, "shares", "kernel", size, layer.shares, title, "kernel", texts=texts)


def _written(shares: Array) -> list[str]:
    """Shares as texts, those of each step in turn; none where there is no cell to take a share of."""
    return [_fraction(share) if share else "" for share in shares.ravel().tolist()]


def _fraction(share: float) -> str:
    """A share as a fraction where that is short, as 1/4 is; else with decimals.

    >>> _fraction(0.25), _fraction(1.0), _fraction(1 / 3), _fraction(343 / 512)
    ('1/4', '1', '1/3', '0.67')
    """
    text = str(Fraction(share).limit_denominator(PARTS))
    return text if len(text) <= LONGEST else number(share)


def total_board(layout: Layout, trace: Trace) -> StepTexts:
    """What the products of each step add up to, in one cell."""
    title = say("board.total", layout.language)
    if trace.divisor == 1:
        return _one_cell(layout, "total", title, trace.totals[0], like="current")
    return _one_cell(layout, "total", title, trace.totals[0], numbers(trace.totals[0]))


def divided_board(layout: Layout, trace: Trace) -> StepTexts:
    """The sum of each step divided, with the bias, in one cell."""
    word, bias = ("divided", "") if trace.bias is None else ("divided_bias", factor(number(trace.bias.flat[0])))
    title = say(f"board.{word}", layout.language, divisor=trace.divisor, bias=bias)
    values = trace.output.reshape(-1, len(trace))[0]
    return _one_cell(layout, "divided", title, values, outputs(trace)[: len(trace)], "current")


def _one_cell(
    layout: Layout, name: str, title: str, values: Array, texts: list[str] | None = None, like: str = ""
) -> StepTexts:
    """One cell with a value a step; it has no tones."""
    told = _step_board(layout, name, "product", (1,), values[:, None], title, "current", texts=texts, like=like or name)
    return replace(told, like=like)


def _step_board(
    layout: Layout,
    name: str,
    role: str,
    shape: tuple[int, ...],
    values: Array,
    title: str,
    about: str,
    turned: bool = False,
    texts: list[str] | None = None,
    like: str = "",
) -> StepTexts:
    """A small board that bears the values (steps, cells) of each step in turn; returns its cells and what they bear.

    texts: of the values, where some are not written; like: see StepTexts, such a board has no tones of its own.
    """
    scale, width = None if like else scale_of(values), prod(shape)
    if texts is None:
        texts = numbers(values)
    longest = max(map(len, set(texts)))
    block = layout.board(
        name,
        1,
        shape,
        role,
        [""] * width,
        title=title,
        about=about,
        turned=turned,
        longest=longest,
        small=True,
        scale=scale,
    )
    cells = block.marks(0, np.arange(width))
    if scale is None:
        return StepTexts(cells, texts, like=like)
    tones = toned(values, scale)
    if "" in texts:
        tones[np.fromiter(map(not_, texts), bool, len(texts)).reshape(tones.shape)] = 0
    return StepTexts(cells, texts, tones, values=values.reshape(tones.shape))
