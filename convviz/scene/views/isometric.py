"""isometric: the figure that the field has used since 2016: the canvas below, the output floating above it."""

from __future__ import annotations

from typing import Any

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.scene import narrate
from convviz.scene.arithmetic import terms
from convviz.scene.canvas import (
    canvas_roles,
    canvas_texts,
    canvas_tones,
    canvas_values,
    inputs_on_canvas,
    numbers,
    outputs,
    picture_levels,
)
from convviz.scene.filled import Block
from convviz.scene.layout import ISOMETRIC, Layout, planes, times
from convviz.scene.marks import Anchor, Editable, Label, Point, Shape
from convviz.scene.notes import weight_notes
from convviz.scene.parts import (
    gather_tracks,
    kernel_tracks,
    kernel_word,
    one_channel,
    slides_turned,
    taken_tracks,
    window_corners,
    window_outlines,
)
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.timeline import Track
from convviz.scene.view import View
from convviz.scene.winners import with_winners
from convviz.text import say
from convviz.trace import Trace

LIFT = 1
"""How far above the canvas's side the output floats, in cells."""

SHIFT = -5 / 29.53
"""How far left of the canvas's first corner the output begins, in cells: 5 pixels of the classic figures."""


def refuse(layer: Layer) -> None:
    """Refuse a layer of several channels or of three dimensions."""
    if len(layer.input_size) > 2 or not one_channel(layer):
        key = "view_channels" if len(layer.input_size) <= 2 else "view_space"
        raise LayerError(key, "view", {"view": "flat"}, value="isometric", nearest="flat")


def isometric(trace: Trace, language: str = "en", plain: bool = False, pixels: bool = False) -> Scene:
    """Lay out a trace with one channel in one or two dimensions; `plain` leaves out numbers, kernel and titles.

    pixels: inputs are shown as the pixels they are.
    """
    layer, layout = trace.layer, Layout(language)
    lower = _lower(layout, trace, plain, pixels)
    _, rows, columns = planes(layer.taps.canvas_shape)
    tracks: tuple[Track, ...] = ()
    if not plain and layer.weight_shape and layer.shared:
        tracks = kernel_tracks(trace, _kernel(layout, trace, columns), lower)
    output = _upper(layout, trace, plain, pixels, max(rows, columns))
    if not layer.weight_shape:
        tracks = taken_tracks(trace, lower)
    tracks = gather_tracks(trace, lower, output) + tracks
    shown = Scene(
        layer.kind,
        "isometric",
        len(trace),
        narrate.row_length(trace),
        tuple(layout.grids),
        tracks,
        _threads(trace) + (() if plain else window_outlines(trace)),
        tuple(layout.labels),
        sentences=narrate.gather_sentences(trace, language),
        equations=narrate.gather_equations(trace, terms(trace)) if len(tracks) > 2 and layer.shares is None else (),
        formulas=narrate.formulas(layer),
        order=("current",),
        notes=() if plain else weight_notes(trace),
    )
    return shown if plain else with_winners(shown, trace, lower)


def _lower(layout: Layout, trace: Trace, plain: bool, pixels: bool) -> Block:
    """The canvas, on the ground."""
    taps = trace.layer.taps
    _, rows, columns = planes(taps.canvas_shape)
    values = [""] * (rows * columns) if plain else canvas_texts(trace)
    _, row_places, column_places = ((0, 1, 1), (0, 1, 1), *inputs_on_canvas(taps))[-3:]
    roles, levels = canvas_tones(trace) if pixels else (canvas_roles(taps), None)
    _plane(
        layout,
        "canvas",
        (0.0, 0.0),
        (rows, columns),
        roles,
        values,
        levels=None if levels is None else levels.ravel(),
        values=None if plain or pixels else canvas_values(trace),
        editable=Editable("x", 0, row_places, column_places),
    )
    return Block(0, taps.canvas_shape)


def _upper(layout: Layout, trace: Trace, plain: bool, pixels: bool, side: int) -> Block:
    """The output, floating above a canvas of so many cells a side."""
    size, first = trace.layer.output_size, layout.count
    shown = [""] * len(trace) if plain else outputs(trace)
    levels = picture_levels(trace) if pixels else None
    _plane(
        layout,
        "output",
        (SHIFT, -(side + LIFT)),
        planes(size)[1:],
        np.full(len(trace), ROLES.index("output" if levels is None else "picture")),
        shown,
        born=np.arange(len(trace)),
        levels=levels,
        values=None if plain or levels is not None else trace.output,
    )
    return Block(first, size)


def _plane(
    layout: Layout,
    name: str,
    at: Point,
    shape: tuple[int, int],
    roles: np.ndarray,
    texts: list[str],
    **others: Any,
) -> None:
    """A slanted board whose lower left corner lies at `at`."""
    (_, _), (down_x, down_y) = ISOMETRIC
    corner = (at[0] - down_x * shape[0], at[1] - down_y * shape[0])
    layout.grid(name, corner, shape, roles, texts, lattice=ISOMETRIC, text_size=0.36, **others)


def _kernel(layout: Layout, trace: Trace, columns: int) -> Block:
    """The kernel upright beside the figure, with its weights."""
    _, height, width = planes(trace.layer.kernel_size)
    corner = (columns + 0.9, -0.5 * columns - height - 0.4)
    first, turned = layout.count, slides_turned(trace)
    texts = numbers(trace.weight)[:: -1 if turned else 1]
    roles = np.full(height * width, ROLES.index("kernel"))
    rows, cols = ((n - 1, -1, n) if turned else (0, 1, n) for n in (height, width))
    values = trace.weight.ravel()[:: -1 if turned else 1]
    layout.grid(
        "kernel", corner, (height, width), roles, texts, editable=Editable("weight", 0, rows, cols), values=values
    )
    title = say(f"board.{kernel_word(trace, turned)}", layout.language, size=times(trace.layer.kernel_size))
    at = (corner[0] + width / 2, corner[1] - 0.45)
    layout.labels.append(Label("title:kernel", "title", at, title, "middle", 0.44, "kernel"))
    return Block(first, trace.layer.kernel_size, turned)


def _threads(trace: Trace) -> tuple[Shape, ...]:
    """Four lines from the corners of the window to those of the output that is written."""
    return tuple(
        Shape(f"link:{n}", "link", (Anchor("window", corner, n), Anchor("current", 0, n)))
        for n, corner in enumerate(window_corners(trace))
    )


VIEW = View("isometric", isometric, refuse, pixels=True, aspect=0.5)
