"""cv.compare: two settings side by side on one input, in step, on one scale, with what differs marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from convviz.arrays import as_array, small_integers
from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.arguments import LARGEST, whole
from convviz.layers.linear import Array
from convviz.layers.memory import refuse
from convviz.network import Network, stack_of, stack_to_text
from convviz.run import Run, trace
from convviz.scene.build import scene
from convviz.scene.compose import merged, placed
from convviz.scene.differing import Side, numbers, paired, settings
from convviz.scene.heads import Line, headed, lines, sums, told_of, zoom_of
from convviz.scene.layout import times
from convviz.scene.limits import CELLS, STEPS, drawn
from convviz.scene.links import of_steps
from convviz.scene.pacing import Pace, in_order, paced, sizes, together
from convviz.scene.scales import alike
from convviz.scene.scene import Scene
from convviz.scene.timeline import Differing, Sentences
from convviz.scene.view import natural
from convviz.scene.views import VIEWS
from convviz.text import say
from convviz.trace import SEEDED, Trace

NAME = "compare"
"""What the picture's view is called."""

ASPECT = 0.6
"""The height that a page keeps for it, as a share of the width."""

GAP = (1.8, 1.5)
"""Cells between the two pictures where they stand side by side, and where one stands above the other."""

WIDE = 2.4
"""How much wider than high the room of a picture usually is; the way with the larger cells in it is taken."""


def compare(
    one: Any,
    other: Any,
    view: str | None = None,
    language: str = "en",
    *,
    x: object = None,
    seed: int = 0,
    tones: bool = False,
) -> Scene:
    """The pictures of two settings in one, in step: A, and B beside it or below it.

    one, other: layers, networks, or traces and runs of them, which keep their values; view: one that can be compared,
    or the usual one that shows both; language, tones: see `scene`. x: the input of what has none yet, in the shape of
    the larger input on each axis; the smaller one has its first channels, rows and columns. Left out, small integers
    from `seed`.

    At each step both show the same output cell, and one that has no such cell waits; corresponding boards have one
    scale; outputs of one place that differ are marked. Raises LayerError where the two have no view in common, inputs
    of other axes, or too many cells together.

    >>> import convviz as cv
    >>> picture = cv.compare(cv.Conv(5, 3), cv.Conv(5, 3, padding=1))
    >>> picture.steps, len(picture.differing.marks) // 2
    (25, 8)
    """
    layers = [_layer(shown) for shown in (one, other)]
    chosen = common_view(layers[0], layers[1], view)
    layers = list(alike_in(chosen, layers[0], layers[1]))
    values = shared_input(layers[0], layers[1], x, seed)
    sides = []
    for shown, layer in zip((one, other), layers, strict=True):
        if not VIEWS[chosen].has_values(layer):
            shown = layer
        elif not isinstance(shown, Trace | Run):
            shown = trace(layer, part_of(values, layer.x_shape), seed=seed)
        sides.append(Side(shown, scene(shown, chosen, language, tones=tones)))
    return compared(sides[0], sides[1], language)


def _layer(shown: Any) -> Any:
    if isinstance(shown, Run):
        return shown.network
    return shown.layer if isinstance(shown, Trace) else shown


def shared_input(one: Any, other: Any, x: object = None, seed: int = 0) -> Array:
    """The input of which both read what lies first, in the shape of the larger on each axis."""
    shape, seed = union(one.x_shape, other.x_shape), whole("seed", seed, -LARGEST)
    return small_integers(shape, seed, *SEEDED["x"]) if x is None else as_array("x", x, shape)


def union(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """The larger of two shapes on each axis. Raises LayerError where they have not as many axes.

    >>> union((1, 5, 7), (1, 6, 6))
    (1, 6, 7)
    """
    if len(one) != len(other):
        first, second = (times(shape[1:] or shape) for shape in (one, other))
        raise LayerError("compare_axes", NAME, None, value=second, other=first, nearest=first)
    return tuple(map(max, one, other))


def part_of(values: Array, shape: tuple[int, ...]) -> Array:
    """What lies first of an array, in a shape."""
    return values[tuple(map(slice, shape))]


def common_view(one: Any, other: Any, view: str | None = None) -> str:
    """The view in which two settings are compared: one that is asked for, or the usual one that takes both.

    Raises LayerError where there is none, and why not the one that is asked for.
    """
    usual = dict.fromkeys([natural(one), natural(other), "coverage", "flat", "stack"])
    fitting = [name for name in usual if all(VIEWS[name].refuses(shown) is None for shown in (one, other))]
    if view is None:
        if not fitting:
            texts = {"value": stack_to_text(other), "other": stack_to_text(one)}
            raise LayerError("compare_view", NAME, None, **texts)
        return fitting[0]
    nearest = (fitting or ["flat"])[0]
    if not isinstance(view, str) or view not in VIEWS or not VIEWS[view].compares:
        key = "compare_no_view" if view in list(VIEWS) else "view_name"
        raise LayerError(key, "view", {"view": nearest}, value=view, nearest=nearest)
    for shown in (one, other):
        if refused := VIEWS[view].refuses(shown):
            raise refused
    return view


def alike_in(view: str, one: Any, other: Any) -> tuple[Any, Any]:
    """Two settings as they are drawn in a view: a layer is a stack of one where the view counts what a stack sees."""
    stacks = [stack_of(shown) for shown in (one, other)]
    if None in stacks and any(stack and not VIEWS[view].has_values(stack) for stack in stacks):
        one, other = (stack or Network([shown]) for stack, shown in zip(stacks, (one, other), strict=True))
    return one, other


def compared(one: Side, other: Side, language: str) -> Scene:
    """The pictures of two sides in one: see `compare`. The cells of the second come first in its order."""
    pictures = alike(one.scene, other.scene)
    pace = together(*(sizes(side.scene, side.layer) for side in (one, other)))
    _refuse_large(one, other, len(pace.at[0]))
    halves = [paced(picture, at) for picture, at in zip(pictures, pace.at, strict=True)]
    cells = paired(replace(one, scene=pictures[0]), replace(other, scene=pictures[1]))
    differing = cells.one[cells.differs], cells.other[cells.differs]
    when = np.maximum(*(half.born[marks] for half, marks in zip(halves, differing, strict=True)))
    count = (int(cells.differs.sum()), len(cells.one))
    zoom = max(map(zoom_of, halves))
    headers = _headers((one, other), halves, count, language, zoom)
    rows = max(map(len, headers))
    halves = [headed(half, head, rows, zoom) for half, head in zip(halves, headers, strict=True)]
    layouts = [_laid(halves, axis) for axis in (0, 1)]
    first = halves[1].cells
    pairs = np.stack([cells.one + first, cells.other])
    marks = pairs[:, cells.differs].ravel()
    marked = Differing(marks, np.concatenate([when, when]), pairs)
    told = told_of(halves, pace, language)
    return max((_whole(parts, told, pace, marked, language) for parts in layouts), key=_fits)


def _refuse_large(one: Side, other: Side, steps: int) -> None:
    """Refuse two pictures that are too large together, and name a smaller second one, where that can be told."""
    count = one.scene.cells + other.scene.cells
    for key, many, most in (("compare_cells", count, CELLS), ("compare_steps", steps, STEPS)):
        if many <= most:
            continue
        if stack_of(other.layer) is None and stack_of(one.layer) is None and key == "compare_cells":
            share, alone = other.scene.cells / drawn(other.layer), one.layer == other.layer
            taken = 0 if alone else one.scene.cells

            def fits(smaller: Layer, share: float = share, taken: int = taken, alone: bool = alone) -> bool:
                return taken + drawn(smaller) * share * (1 + alone) <= CELLS

            refuse(other.layer, key, many, most, fits)
        raise LayerError("compare_large", NAME, None, value=stack_to_text(other.layer), count=many, most=most)


def _headers(
    sides: tuple[Side, Side], halves: Sequence[Scene], count: tuple[int, int], language: str, zoom: float
) -> list[list[Line]]:
    """The lines over each picture: its letter, what differs of its setting, its numbers; how many outputs differ."""
    said = [*settings(*sides, language), *numbers(*sides, language)]
    found = []
    for side, half in enumerate(halves):
        letter = say("compare.a" if side == 0 else "compare.b", language)
        head = lines(letter, said, side, half, zoom, language)
        if side == 1 and count[1]:
            text = say("compare.count" if count[0] else "compare.equal", language, count=count[0], all=count[1])
            head.append(Line(text, "title" if count[0] else "axis"))
        if side == 1 and _share_input(sides):
            word = "compare.part1d" if len(sides[1].layer.input_size) == 1 else "compare.part"
            head.append(Line(say(word, language), "axis"))
        found.append(head)
    return found


def _share_input(sides: tuple[Side, Side]) -> bool:
    """Whether the inputs have other shapes, and the same numbers where both have some."""
    inputs = [side.shown.x for side in sides if isinstance(side.shown, Trace | Run)]
    if len(inputs) < 2 or inputs[0].shape == inputs[1].shape:
        return False
    shape = tuple(map(min, inputs[0].shape, inputs[1].shape))
    return np.array_equal(part_of(inputs[0], shape), part_of(inputs[1], shape))


def _laid(halves: Sequence[Scene], axis: int) -> list[Scene]:
    """Both pictures in their places, the second first: side by side with their tops level, or one above the other."""
    gap = GAP[axis] * max(map(zoom_of, halves))
    (left, top, right, bottom), (x, y, _, _) = (half.bounds for half in halves)
    by = (right + gap - x, top - y) if axis == 0 else (left - x, bottom + gap - y)
    first = halves[1].cells
    one = placed(halves[0], (0.0, 0.0), first, "1.", 1)
    named = tuple(replace(grid, name=f"a.{grid.name}", editable=None) for grid in one.grids)
    return [placed(halves[1], by, 0, "", 0), replace(one, grids=named)]


def _fits(whole: Scene) -> float:
    """How large a cell is in the usual room."""
    left, top, right, bottom = whole.bounds
    return min(WIDE / (right - left), 1 / (bottom - top))


def _whole(parts: list[Scene], told: Sentences | None, pace: Pace, marked: Differing, language: str) -> Scene:
    """One picture of both parts."""
    letters = (say("compare.b", language), say("compare.a", language))
    equations = [one for part, letter in zip(parts, letters, strict=True) for one in sums(part, letter, language)]
    order, tracks, sums_told = in_order(parts, pace, tuple(equations))
    links = parts[0].links or parts[1].links
    made = merged(parts, [], parts[0])
    return replace(
        made,
        view=NAME,
        row_length=pace.row,
        tracks=(*made.tracks, *tracks),
        links=tuple(one for part in parts for one in part.links or of_steps(part.tracks)) if links else (),
        sentences=told,
        equations=sums_told,
        order=order,
        differing=marked,
        parts=tuple(parts),
    )
