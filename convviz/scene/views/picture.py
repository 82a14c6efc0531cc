"""picture: a photograph, what a kernel makes of it, and between them the arithmetic of the window under a lens."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from convviz.applied import Applied, applied
from convviz.scene import narrate
from convviz.scene.arithmetic import divided_board, opened_board, products, products_board, total_board
from convviz.scene.canvas import numbers, outputs
from convviz.scene.filled import Block
from convviz.scene.layout import TITLE, Layout
from convviz.scene.lens import Lens
from convviz.scene.marks import Anchor, Ints, Shape
from convviz.scene.parts import kernel_board, slides_turned
from convviz.scene.photo import (
    COLOURED,
    Photo,
    Walk,
    both_shades,
    photo_board,
    places_of,
    refuse_large_photograph,
    refuse_no_photograph,
    size_title,
    starts,
    told_channel,
    walked,
    walks_of,
    whole_track,
)
from convviz.scene.scene import Scene
from convviz.scene.shades import WHITE, photograph_shades
from convviz.scene.timeline import Equation, Sentences, StepTexts, Track
from convviz.scene.view import Narrow, View
from convviz.text import catalogue, joined, say
from convviz.trace import Trace

ACROSS = 6.5
"""How many cells the longer side of a photograph takes: beside it, a hall is to read the numbers of the window."""

SMALL = 5
"""Weights on a side of a kernel up to which a window's numbers have cells of the usual size."""


class Boards(NamedTuple):
    """What is laid out: the two photographs, the kernel, and the small boards in the order of `Lens`."""

    before: Photo
    after: Photo
    kernel: Block
    told: tuple[StepTexts, ...]


def picture(shown: Applied | Trace, language: str = "en") -> Scene:
    """Lay out a filter on a photograph; each step stops the lens at another place."""
    found = applied(shown)
    walks, places = walks_of(found), places_of(found)
    trace = walked(found)
    layout = Layout(language)
    boards = _laid(layout, found, trace, walks)
    steps, told = len(trace), boards.told
    names = ("opened", "products", "total", "divided")[: len(told)]
    return Scene(
        found.layer.kind,
        "picture",
        steps,
        walks[1].stops,
        tuple(layout.grids),
        _tracks(boards, walks, names, steps),
        _outlines(found, walks, boards),
        tuple(layout.labels),
        told,
        order=(*names[1:], "current"),
        sentences=_sentences(found, trace, places, language),
        equations=_equations(trace, names),
        formulas=narrate.formulas(found.layer),
        images=(boards.before.image, boards.after.image),
        lens=_lens(found, walks, told_channel(found)),
    )


def _laid(layout: Layout, found: Applied, trace: Trace, walks: tuple[Walk, Walk]) -> Boards:
    """The boards from left to right: the photograph; its window and the kernel; the products; the result."""
    language, stride, turned = layout.language, found.layer.stride, slides_turned(trace)
    shades = both_shades(found)
    pixel = ACROSS / max(*found.x.shape[1:], *found.output.shape[1:])
    steps = (walks[0].step, walks[1].step)
    read = (steps[0] * stride[0], steps[1] * stride[1])
    layout.cell()
    before = photo_board(layout, "photo", shades[0], pixel, read, size_title("photo", found.x, language))
    layout.cell("→")
    layout.zoom = min(1.0, SMALL / max(found.layer.kernel_size))  # of the cells, not of what is written over them
    told = [opened_board(layout, trace, turned)]
    if len(found.x) == COLOURED:
        layout.labels[-1] = replace(layout.labels[-1], text=say("board.window_green", language))
    kernel = kernel_board(layout, trace, turned)
    layout.cell("→")
    # without tones: the lens tells of other windows, whose scale is not known
    told.append(products_board(layout, trace.layer.kernel_size, *products(trace), turned, "product"))
    layout.zoom = 1.0
    told.append(total_board(layout, trace))
    if trace.divisor != 1:
        told.append(divided_board(layout, trace))
    layout.cell("→")
    after = photo_board(layout, "result", shades[1], pixel, steps, size_title("result", found.output, language))
    layout.labels = [
        replace(label, size=max(label.size, TITLE)) if label.name.startswith("title:") else label
        for label in layout.labels
    ]
    layout.settle()
    texts = [numbers(trace.windows[0]), told[1].texts, numbers(trace.totals[0])]
    texts += [outputs(trace)[: len(trace)]] * (trace.divisor != 1)
    plain = tuple(StepTexts(one.marks, own) for one, own in zip(told, texts, strict=True))
    return Boards(before, after, kernel, plain)


def _tracks(boards: Boards, walks: tuple[Walk, Walk], names: tuple[str, ...], steps: int) -> tuple[Track, ...]:
    """What each step reads and writes, and the two photographs as wholes."""
    place, pixel = (_cells(photo, walks) for photo in (boards.before, boards.after))
    last = _same(boards.told[-1].marks, steps)
    small = [Track(name, _same(one.marks, steps), "", "source") for name, one in zip(names, boards.told, strict=True)]
    small[0] = Track("opened", small[0].marks, "window", "source")
    kernel = boards.kernel.marks(0, np.arange(len(boards.told[0].marks)))
    return (
        Track("place", place, "", "source"),
        Track("pixel", pixel),
        Track("current", np.concatenate([last, pixel], axis=1), "current", "target"),
        Track("kernel", _same(kernel, steps), "", "source"),
        *small,
        whole_track("photo", boards.before, steps),
        whole_track("result", boards.after, steps),
    )


def _same(marks: Ints, steps: int) -> Ints:
    return np.broadcast_to(marks, (steps, len(marks)))


def _cells(photo: Photo, walks: tuple[Walk, Walk]) -> Ints:
    """(steps, 1): the cell of a photograph at which each step stops."""
    row, column = np.divmod(np.arange(walks[0].stops * walks[1].stops), walks[1].stops)
    return (photo.first + row * photo.shape[1] + column)[:, None]


def _outlines(found: Applied, walks: tuple[Walk, Walk], boards: Boards) -> tuple[Shape, ...]:
    """The outlines of the window on the photograph and of the output in the result, and lines from the one to the board
    of the window, as of a magnifying glass, and from the last number to the other."""
    frame, target = (_corners(found, walks, name) for name in ("place", "pixel"))
    tall, wide = found.layer.kernel_size
    turned = boards.told[0].marks[0] > boards.told[0].marks[-1]
    firsts = (tall * wide - 1, wide - 1) if turned else (0, (tall - 1) * wide)  # of the window's first column
    last = ("opened", "products", "total", "divided")[len(boards.told) - 1]
    lines = [(frame[1], Anchor("opened", firsts[0], 0)), (frame[2], Anchor("opened", firsts[1], 3))]
    return (
        *(Shape(f"lens:{n}", "link", ends) for n, ends in enumerate(lines)),
        Shape("written", "link", (Anchor(last, 0, 1, (0.0, 0.5)), target[0])),
        Shape("frame", "frame", frame, closed=True),
        Shape("target", "target", target, closed=True),
    )


def _corners(found: Applied, walks: tuple[Walk, Walk], track: str) -> tuple[Anchor, ...]:
    """The corners of the window, or of the pixel that it gives, tied to the cell at which the step stops."""
    ends = []
    for (first, stride, span), own in zip(starts(found), walks, strict=True):
        stride, first, span = (stride, first, span) if track == "place" else (1, 0, 1)
        pixels = stride * own.step  # from one cell to the next
        low = first / pixels
        ends.append((low, low + span / pixels))
    (top, bottom), (left, right) = ends
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return tuple(Anchor(track, 0, 0, corner) for corner in corners)


def _sentences(found: Applied, trace: Trace, places: Ints, language: str) -> Sentences:
    """One sentence a step: where, how many products, what they add up to."""
    axes = found.layer.taps.axes
    within = [(axis.sources[at] >= 0).sum(axis=1) for axis, at in zip(axes, places.T, strict=True)]
    count = trace.weight.size
    columns: dict[str, list[object]] = {
        "row": (places[:, 0] + 1).tolist(),
        "column": (places[:, 1] + 1).tolist(),
        "count": [count] * len(trace),
        "padding": (count - within[0] * within[1]).tolist(),
        "total": list(outputs(trace)[: len(trace)]),
    }
    words = catalogue(language)
    templates = [words["sentence.photo"], words["sentence.photo.padded"]]
    if trace.divisor != 1:
        columns |= {"sum": list(numbers(trace.totals[0])), "divisor": [trace.divisor] * len(trace)}
        templates = [joined(one.replace("{total}", "{sum}"), words["sentence.divided"]) for one in templates]
    chosen = (np.array(columns["padding"]) > 0).astype(np.int64)
    return Sentences(tuple(templates), chosen, columns)


def _equations(trace: Trace, names: tuple[str, ...]) -> tuple[Equation, ...]:
    """The sum of the window, in the numbers of the small boards."""
    over = f"\u00a0÷\u00a0{trace.divisor}" if trace.divisor != 1 else ""
    if not over:
        return (Equation("opened", "kernel", "total", "", " + ", ""),)
    columns: dict[str, list[object]] = {"whole": list(numbers(trace.totals[0]))}
    return (Equation("opened", "kernel", "divided", "(", " + ", f"){over} = {{whole}}{over}", columns=columns),)


def _lens(found: Applied, walks: tuple[Walk, Walk], channel: int) -> Lens:
    rows, columns = (axis.sources for axis in found.layer.taps.axes)
    steps = (walks[0].step, walks[1].step)
    scale = photograph_shades(found.x).white / WHITE
    return Lens(0, 1, channel, rows, columns, steps, found.weight[channel, 0], found.divisor, scale)


VIEW = View(
    "picture",
    picture,
    refuse_no_photograph("picture"),
    aspect=0.43,
    narrow=Narrow(tall=2.0),
    limit=refuse_large_photograph,
    compares=False,
    whole=True,
)
