"""Boards that are photographs: an image on a grid of few cells, at each of which a step stops."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from convviz.applied import Applied
from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.linear import Array
from convviz.layers.memory import refuse
from convviz.scene.canvas import number
from convviz.scene.layout import TITLE_ROOM, Layout, times
from convviz.scene.marks import Image, Ints, Label
from convviz.scene.roles import ROLES
from convviz.scene.shades import Shades, photograph_shades, result_shades
from convviz.scene.timeline import Track
from convviz.text import say
from convviz.trace import Trace

SIDE = 1024
"""The most pixels on a side of a photograph that is worked on."""

KERNEL = 9
"""The most weights on a side of its kernel."""

STOPS = 16
"""Places along each axis at which a step stops."""

WIDE = 11.0
"""How many cells of the picture the longer side of a photograph takes."""

CAPTION = 0.36
"""The size of the text under one."""

COLOURED = 3
"""Channels of a photograph in colour."""

GREEN = 1
"""The channel of which the numbers are shown: the eye sees the most of it."""


class Walk(NamedTuple):
    """Where the steps stop along one axis of the output: at the first, and then every `step` pixels, so many
    `stops`. The first is at the border."""

    stops: int
    step: int

    @property
    def places(self) -> Ints:
        """(stops,): the outputs."""
        return self.step * np.arange(self.stops)


def walk(outputs: int) -> Walk:
    """The places along an axis of so many outputs.

    >>> walk(256), walk(5)
    (Walk(stops=16, step=16), Walk(stops=5, step=1))
    """
    count = min(STOPS, outputs)
    return Walk(count, outputs // count)


def refuse_no_photograph(view: str) -> Callable[[Layer], None]:
    """Refuse a layer that is no filter of a photograph: two axes, a kernel for each of one or three channels."""

    def refused(layer: Layer) -> None:
        channels = layer.x_shape[0]
        alone = channels == getattr(layer, "groups", 0) == layer.out_channels and channels in (1, COLOURED)
        if layer.kind != "conv" or len(layer.input_size) != 2 or not alone or layer.bias:
            raise LayerError("view_photo", "view", {"view": "flat"}, value=view, nearest="flat")

    return refused


def refuse_large_photograph(layer: Layer, boards: int = 1) -> None:
    """Refuse a photograph, or a kernel, that is too large, and name a smaller one."""
    for key, sides, most in (("photo_side", "input_size", SIDE), ("photo_kernel", "kernel_size", KERNEL)):
        count = max(getattr(layer, sides))
        if count > most:

            def fits(smaller: Layer, sides: str = sides, most: int = most) -> bool:
                return max(getattr(smaller, sides)) <= most

            refuse(layer, key, count, most, fits)
    count = max(layer.output_size)
    if count > 2 * SIDE:
        refuse(layer, "photo_side", count, 2 * SIDE, lambda smaller: max(smaller.output_size) <= 2 * SIDE)


def walks_of(found: Applied) -> tuple[Walk, Walk]:
    """The places along both axes."""
    down, across = found.layer.output_size
    return walk(down), walk(across)


def told_channel(found: Applied) -> int:
    """The channel of which the numbers are shown."""
    return GREEN if len(found.x) == COLOURED else 0


def places_of(found: Applied) -> Ints:
    """(steps, 2): the output that each step stops at."""
    down, across = (own.places for own in walks_of(found))
    return np.stack([np.repeat(down, len(across)), np.tile(across, len(down))], axis=1)


def walked(found: Applied) -> Trace:
    """The record of the windows at which the steps stop."""
    return found.windows(places_of(found), told_channel(found))


class Photo(NamedTuple):
    """A photograph as a board: its image, the first of its cells, how many there are along each axis."""

    image: Image
    first: int
    shape: tuple[int, int]

    @property
    def cells(self) -> Ints:
        """All of its cells."""
        return self.first + np.arange(self.shape[0] * self.shape[1])


def photo_board(layout: Layout, name: str, shades: Shades, pixel: float, steps: tuple[int, int], title: str) -> Photo:
    """Add an image to a place. pixel: the cells that one of its pixels takes; steps: pixels of it, down and across,
    from one of the board's cells to the next."""
    rows, columns = shades.pixels.shape[:2]
    shape = (min(STOPS, -(-rows // steps[0])), min(STOPS, -(-columns // steps[1])))
    whole = (columns / steps[1], rows / steps[0])
    layout.heading(name, title, name, columns * pixel)
    grid = layout.grid(
        name,
        (0.0, layout.below),
        shape,
        np.full(shape[0] * shape[1], ROLES.index("place")),
        [""] * (shape[0] * shape[1]),
        lattice=((steps[1] * pixel, 0.0), (0.0, steps[0] * pixel)),
        room=(max(whole[0] - shape[1], 0.0), max(whole[1] - shape[0], 0.0)),
    )
    layout.below += rows * pixel
    at = (columns * pixel / 2, layout.below + TITLE_ROOM / 2)
    layout.label(Label(f"caption:{name}", "title", at, told_shades(shades, layout.language), "middle", CAPTION, name))
    layout.below += TITLE_ROOM
    return Photo(Image(name, len(layout.grids) - 1, shades.pixels, (0.0, 0.0, *whole)), grid.first, shape)


def told_shades(shades: Shades, language: str) -> str:
    """What black and white stand for."""
    black, white = (number(round(value, 2)) for value in (shades.black, shades.white))
    return say("photo.signed" if shades.signed else "photo.levels", language, black=black, white=white)


def again(found: Applied) -> bool:
    """Whether the result is a photograph again: the weights add up to one."""
    return bool(found.weight[0].sum() == found.divisor)


def second_shades(before: Shades, *found: Applied) -> tuple[Shades, ...]:
    """The pixels of what comes of a photograph in several ways, on one scale."""
    whole = np.concatenate([one.output.ravel() for one in found])[None, None]
    scale = result_shades(whole, again(found[-1]) and not before.signed, before.white)
    pieces = np.split(scale.pixels.reshape(-1), np.cumsum([one.output.size for one in found])[:-1])
    shapes = [one.output.shape for one in found]
    planes = [piece.reshape(shape).transpose(1, 2, 0) for piece, shape in zip(pieces, shapes, strict=True)]
    return tuple(scale._replace(pixels=np.ascontiguousarray(plane)) for plane in planes)


def both_shades(found: Applied) -> tuple[Shades, Shades]:
    """The photograph, and what comes of it."""
    before = photograph_shades(found.x)
    return before, result_shades(found.output, again(found) and not before.signed, before.white)


def size_title(key: str, values: Array, language: str) -> str:
    """A title with the rows and columns of (channels, rows, columns)."""
    return say(f"board.{key}", language, size=times(values.shape[1:]))


def whole_track(name: str, photo: Photo, steps: int) -> Track:
    """All of a photograph at every step, which words can speak of."""
    return Track(name, np.broadcast_to(photo.cells, (steps, len(photo.cells))))


def starts(found: Applied) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Of each axis the first pixel that the first window covers, how far it is to the next, and how many it covers."""
    taps, layer = found.layer.taps, found.layer
    down, across = (
        (int(axis.positions[0].min()) - axis.origin, step, span)
        for axis, step, span in zip(taps.axes, layer.stride, layer.span, strict=True)
    )
    return down, across
