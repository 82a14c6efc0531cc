"""The canvas that a kernel slides over: the value and role of each cell, and the cells' numbers."""

from __future__ import annotations

from functools import reduce
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convviz.layers.linear import Array
from convviz.scene.marks import Ints
from convviz.scene.roles import COLOURS, ROLES, binned
from convviz.taps import ABSENT, BEYOND, INPUT, INSERTED, PADDING, Taps
from convviz.trace import Trace

_ROLE = {name: number for number, name in enumerate(ROLES)}


def number(value: Any) -> str:
    """A value as it is shown: whole numbers whole, decimals with three digits, a real minus sign.

    >>> number(-3), number(2.5), number(1 / 3), number(4.0), number(1998.5)
    ('−3', '2.5', '0.333', '4', '1998.5')
    """
    if isinstance(value, int | np.integer):
        text = str(value)
    elif abs(value) < 1e15 and value == int(value):
        text = str(int(value))
    elif 1 <= abs(value) < 1e6:
        text = f"{float(value):.3f}".rstrip("0").rstrip(".")
    else:
        text = f"{float(value):.3g}"
    return text.replace("-", "−")


def factor(text: str) -> str:
    """A number next to a sign: a negative one in brackets."""
    return f"({text})" if text.startswith("−") else text


class _Texts(dict[int, str]):
    """Integers as texts; small ones are cached."""

    def __missing__(self, value: int) -> str:
        text = str(value).replace("-", "−")
        if abs(value) < 10_000:
            self[value] = text
        return text


_TEXTS = _Texts()


def numbers(values: Array) -> list[str]:
    """Every value of an array as text, in raster order."""
    if values.dtype.kind == "f":
        return [number(value) for value in values.ravel().tolist()]
    return list(map(_TEXTS.__getitem__, values.ravel().tolist()))


def outputs(trace: Trace) -> list[str]:
    """Every value of a trace's output as text: with at most two decimals where a sum was divided."""
    return numbers(trace.output if trace.divisor == 1 else trace.output.round(2))


def canvas_sources(taps: Taps) -> Ints:
    """(cells,): the input cell, in raster order, whose value stands in each canvas cell, or ABSENT."""
    grids = np.meshgrid(*[axis.canvas for axis in taps.axes], indexing="ij")
    flat = sum(g * prod(taps.input_shape[d + 1 :]) for d, g in enumerate(grids))
    present = reduce(np.logical_and, [g != ABSENT for g in grids])
    return np.where(present, flat, ABSENT).ravel()


def canvas_roles(taps: Taps) -> Ints:
    """(cells,): input, padding, inserted, beyond; unread or idle where no window ever covers an input or padding."""
    kinds = np.meshgrid(*[axis.kinds for axis in taps.axes], indexing="ij")
    padding = reduce(np.logical_or, [k == PADDING for k in kinds])
    inside = reduce(np.logical_and, [k == INPUT for k in kinds])
    roles = np.where(padding, _ROLE["padding"], np.where(inside, _ROLE["input"], _ROLE["inserted"])).ravel()
    counts = np.append(taps.input_counts.ravel(), 0)
    unread = inside.ravel() & (counts[canvas_sources(taps)] == 0)
    roles = np.where(unread, _ROLE["unread"], roles)
    roles = np.where(padding.ravel() & ~_covered(taps), _ROLE["idle"], roles)
    return np.where(reduce(np.logical_or, [k == BEYOND for k in kinds]).ravel(), _ROLE["beyond"], roles)


def _covered(taps: Taps) -> NDArray[np.bool_]:
    """(cells,): whether some window covers the canvas cell."""
    lines = [np.isin(np.arange(len(axis.canvas)), axis.positions) for axis in taps.axes]
    return reduce(np.logical_and, np.meshgrid(*lines, indexing="ij")).ravel()


def never_used(roles: Ints) -> dict[str, int]:
    """How many cells of a canvas no window ever covers, by their role.

    >>> never_used(np.array([ROLES.index("unread"), ROLES.index("input")]))
    {'unread': 1, 'idle': 0}
    """
    return {role: int((roles == _ROLE[role]).sum()) for role in ("unread", "idle")}


def canvas_texts(trace: Trace) -> list[str]:
    """The number in each canvas cell, of every channel; none beyond the padded input, where nothing stands."""
    values = canvas_values(trace)
    texts = numbers(values)
    beyond = np.flatnonzero(canvas_roles(trace.layer.taps) == _ROLE["beyond"]).tolist()
    for channel in range(len(values)):
        for cell in beyond:
            texts[channel * values.shape[1] + cell] = ""
    return texts


def canvas_values(trace: Trace) -> Array:
    """(channels, cells): the value in each canvas cell; 0 where nothing stands."""
    rows = trace.x.reshape(-1 if not trace.layer.shared else len(trace.x), prod(trace.layer.input_size))
    padded = np.concatenate([rows, np.zeros((len(rows), 1), dtype=rows.dtype)], axis=1)
    return padded.take(canvas_sources(trace.layer.taps), axis=1)


def canvas_tones(trace: Trace) -> tuple[Ints, Ints]:
    """(cells,) roles and (channels, cells) levels of a canvas whose inputs are pixels, 0 (black) to 255."""
    roles = canvas_roles(trace.layer.taps)
    pixels = roles == _ROLE["input"]
    levels = tone_levels(canvas_values(trace))
    return np.where(pixels, _ROLE["tone"], roles), np.where(pixels, levels, 0)


def colour_tones(trace: Trace) -> tuple[Ints, Ints]:
    """(channels, cells) roles and levels of a canvas whose channels are the red, the green and the blue of pixels."""
    roles, values = canvas_roles(trace.layer.taps), canvas_values(trace)
    pixels = roles == _ROLE["input"]
    levels = np.stack([binned(one, colour, 0, 255) for one, colour in zip(values, COLOURS, strict=True)])
    return np.stack([np.where(pixels, _ROLE[colour], roles) for colour in COLOURS]), np.where(pixels, levels, 0)


def tone_levels(grey: Array) -> Ints:
    """The levels of pixels, 0 (black) to 255 (white).

    >>> tone_levels(np.array([0, 128, 255])).tolist()
    [0, 8, 16]
    """
    return binned(grey, "tone", 0, 255)


def picture_levels(trace: Trace) -> Ints | None:
    """(cells,) levels of an output that is a picture again, of an input of pixels; None where it is none.

    It is one where the weights add up to one: what is the same everywhere stays as bright as it was.
    """
    weight = trace.weight if trace.layer.weight_shape else None
    if weight is None or trace.bias is not None or weight.shape[0] > 1 or weight.sum() != trace.divisor:
        return None
    return tone_levels(trace.output).ravel()


def input_roles(taps: Taps) -> Ints:
    """(cells,): the inputs alone, without a canvas: input, or unread."""
    return np.where(taps.input_counts.ravel() == 0, _ROLE["unread"], _ROLE["input"])


def inputs_on_canvas(taps: Taps) -> tuple[tuple[int, int, int], ...]:
    """(first, step, count) for each axis: the canvas cells that hold the inputs themselves."""
    return tuple((axis.origin, axis.spacing, axis.size) for axis in taps.axes)


def canvas_word(taps: Taps) -> str:
    """Which title the canvas has: input, canvas (padded) or spread (zeros inserted)."""
    inserted = any(INSERTED in axis.kinds for axis in taps.axes)
    return "spread" if inserted else "canvas" if canvas_is_padded(taps) else "input"


def canvas_is_padded(taps: Taps) -> bool:
    """Whether padding stands around the inputs."""
    return any(PADDING in axis.kinds for axis in taps.axes)
