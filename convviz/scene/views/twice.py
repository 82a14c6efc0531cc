"""twice: two kernels in a row on a photograph, and under them the one kernel that gives the same at once."""

from __future__ import annotations

import numpy as np

from convviz.applied import Applied, Twice, applied, in_a_row
from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.linear import Array
from convviz.scene import narrate
from convviz.scene.canvas import numbers
from convviz.scene.layout import TITLE_ROOM, Layout, times
from convviz.scene.marks import Anchor, Label, Shape
from convviz.scene.photo import (
    CAPTION,
    KERNEL,
    Photo,
    both_shades,
    photo_board,
    places_of,
    refuse_large_photograph,
    refuse_no_photograph,
    second_shades,
    size_title,
    told_channel,
    walks_of,
    whole_track,
)
from convviz.scene.scene import Scene
from convviz.scene.shades import Shades
from convviz.scene.timeline import Sentences, Track
from convviz.scene.view import Narrow, View
from convviz.text import catalogue, say
from convviz.trace import Trace

WIDE, SMALL = 8.5, 3.6
"""How many cells of the picture the longer side of a photograph takes, and of what the first kernel gives."""


CELL = 0.82
"""How large a weight's cell is."""

SCALE = 0.75
"""How many cells the scale of a kernel's tones takes under it."""


def refuse(layer: Layer) -> None:
    """Refuse what is no filter of a photograph, and kernels that are not one: with a stride, gaps, or too large."""
    refuse_no_photograph("twice")(layer)
    most = (KERNEL + 1) // 2
    plain = {"stride": max(layer.stride) > 1, "dilation": max(layer.dilation) > 1, "flip": layer.flip}
    plain["kernel_size"] = max(layer.kernel_size) > most
    for field, wrong in plain.items():
        if wrong:
            value, nearest = getattr(layer, field), {"flip": False, "kernel_size": most}.get(field, 1)
            said = value[0] if isinstance(value, tuple) and len(set(value)) == 1 else value
            raise LayerError("view_twice", field, {field: nearest}, value=said, most=most, nearest=nearest)


def twice(shown: Applied | Trace, language: str = "en", then: tuple[Array, int] | None = None) -> Scene:
    """Lay out two filters in a row. then: the weights of the second and its divisor; the same again, if left out."""
    both = in_a_row(applied(shown), *(then or ()))
    layout = Layout(language)
    photos, walks = _laid(layout, both), walks_of(both.once)
    places = places_of(both.once)
    steps = len(places)
    row, column = np.divmod(np.arange(steps), walks[1].stops)
    cells = [(photo.first + row * photo.shape[1] + column)[:, None] for photo in photos]
    return Scene(
        both.first.layer.kind,
        "twice",
        steps,
        walks[1].stops,
        tuple(layout.grids),
        (
            Track("place", cells[0], "", "source"),
            Track("between", cells[1], "", "source"),
            Track("current", np.concatenate(cells[2:], axis=1), "current", "target"),
            whole_track("photo", photos[0], steps),
            whole_track("result", photos[2], steps),
        ),
        _outlines(both, (walks[0].step, walks[1].step)),
        tuple(layout.labels),
        sentences=_sentences(both, places, language),
        formulas=narrate.formulas(both.first.layer),
        images=tuple(photo.image for photo in photos),
    )


def _laid(layout: Layout, both: Twice) -> list[Photo]:
    """From left to right the photograph; the two kernels, with what the first gives between them; what both give; the
    one kernel that is the same, and what that gives."""
    language, walks = layout.language, walks_of(both.once)
    before, between = both_shades(both.first)
    last, once = second_shades(before, both.second, both.once)
    most, steps = max(*both.first.x.shape[1:], *both.once.output.shape[1:]), (walks[0].step, walks[1].step)

    def photo(name: str, shades: Shades, title: str, wide: float = WIDE) -> Photo:
        return photo_board(layout, name, shades, wide / most, steps, title)

    layout.cell()
    photos = [photo("photo", before, size_title("photo", both.first.x, language))]
    layout.cell("→")
    _kernel(layout, "first", both.first.weight[0, 0], both.first.divisor)
    layout.below += SCALE
    photos.append(photo("between", between, say("board.between", language), SMALL))
    _kernel(layout, "second", both.second.weight[0, 0], both.once.divisor // both.first.divisor)
    layout.cell("→")
    photos.append(photo("result", last, say("board.in_a_row", language)))
    layout.cell()
    _kernel(layout, "both", both.once.weight[0, 0], both.once.divisor)
    layout.cell("→")
    photos.append(photo("once", once, say("board.at_once", language)))
    _told(layout, both, photos[-1])
    layout.settle()
    return photos


def _kernel(layout: Layout, name: str, weights: Array, divisor: int) -> None:
    """A kernel with its weights, and what the sum is divided by."""
    title = say(f"board.{name}_kernel", layout.language, size=times(weights.shape))
    array = "weight" if name == "first" else ""
    layout.board(
        f"kernel:{name}",
        1,
        weights.shape,
        "kernel",
        numbers(weights),
        title=title,
        about="kernel",
        array=array,
        cell=CELL,
        values=weights,
    )
    if divisor != 1:
        at = (weights.shape[1] * CELL / 2, layout.below + TITLE_ROOM / 2)
        text = say("board.divided", layout.language, divisor=divisor)
        layout.label(Label(f"caption:kernel:{name}", "title", at, text, "middle", CAPTION, "kernel"))
        layout.below += TITLE_ROOM


def _told(layout: Layout, both: Twice, photo: Photo) -> None:
    """Under the last photograph, how many of its pixels are not those of the one above it."""
    differs = both.differs.any(axis=0)
    text = say("photo.differs", layout.language, count=int(differs.sum()), pixels=differs.size)
    rows, columns = differs.shape
    at = (columns * WIDE / max(rows, columns) / 2, layout.below + TITLE_ROOM / 2)
    layout.label(Label("caption:differs", "title", at, text, "middle", CAPTION, "result"))


def _outlines(both: Twice, steps: tuple[int, int]) -> tuple[Shape, ...]:
    """Around the window of both kernels on the photograph, that of the second after the first, and the pixel."""
    spans = (both.once.layer.kernel_size, both.second.layer.kernel_size, (1, 1))
    pads = ([before for before, _ in both.once.layer.pads], [before for before, _ in both.second.layer.pads], [0, 0])
    columns = (("place", 0, "frame"), ("between", 0, "frame"), ("current", 0, "target"), ("current", 1, "target"))
    found = []
    for n, (track, column, role) in enumerate(columns):
        span, pad = spans[min(n, 2)], pads[min(n, 2)]
        ends = [(-before / step, (size - before) / step) for before, size, step in zip(pad, span, steps, strict=True)]
        (top, bottom), (left, right) = ends
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        found.append(Shape(f"{role}:{n}", role, tuple(Anchor(track, column, 0, at) for at in corners), closed=True))
    return tuple(found)


def _sentences(both: Twice, places: Array, language: str) -> Sentences:
    """What both ways give at each stop."""
    channel, (rows, columns) = told_channel(both.first), places.T
    one, other = (numbers(way.output[channel][rows, columns].round(2)) for way in (both.second, both.once))
    said: dict[str, list[object]] = {"row": (rows + 1).tolist(), "column": (columns + 1).tolist()}
    said |= {"total": list(one), "once": list(other)}
    words = catalogue(language)
    templates = (words["sentence.twice"], words["sentence.twice.differs"])
    return Sentences(templates, both.differs[channel][rows, columns].astype(np.int64), said)


VIEW = View(
    "twice",
    twice,
    refuse,
    aspect=0.46,
    narrow=Narrow(tall=2.6),
    limit=refuse_large_photograph,
    compares=False,
    whole=True,
    second=True,
)
