"""What sources.js shows: the sources of the input's values as buttons with small pictures, and the box on a picture."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import cache
from math import prod
from typing import Any
from zlib import crc32

import numpy as np

from convviz.arrays import small_integers
from convviz.errors import LayerError
from convviz.layers.linear import Array
from convviz.page.averages import LEAST, Box, averaged
from convviz.page.brought import brought
from convviz.page.inked import label, one_of_each, picked
from convviz.page.pad import reads_digits
from convviz.page.shapes import SHAPES, shape
from convviz.page.sources import OWN, SQUARES, plane, whole
from convviz.page.state import State
from convviz.page.values import newest
from convviz.pictures import BYTES, PHOTOGRAPHS, photograph
from convviz.png import png
from convviz.series import SERIES
from convviz.text import catalogue, say

NAMES = ("face", "cat", "astronaut", "camera", "coffee")
"""The words for the bundled photographs."""

WORDS = ("list", "box", "help", "place", "upload", "formats", "failed")

SMALL = 7
"""Rows and columns of the small picture of a shape."""

FINE = 20
"""The same of a photograph."""

SHOWN = 480
"""The most pixels on a side of a picture that was brought, as it is shown beside the sources."""

SEEN = 400
"""Numbers that are shown large beside the sources, where they are of no photograph and of no shape."""

FLAT = ("corner",)
"""Shapes that look like another one in one dimension."""


def standing(state: State, picture: Array | None = None) -> dict[str, Any]:
    """What is chosen in a state, the box that is shown, and the input's rows and columns, to whose shape a box keeps.

    picture: one that was brought. The browser keeps the box that was on it for `numbers`: a link holds these alone.
    """
    x, cells = state.x, plane(state)
    said: dict[str, Any] = {"cells": cells, "box": None}
    if x.kind == "photo" and len(x.numbers) == 2:
        return said | {"chosen": "p0", "box": (*map(int, x.numbers), max(cells))}
    if x.kind == "photo":
        number, *box = map(int, x.numbers)
        rows, columns = photograph(number).shape
        return said | {"chosen": f"p{number}", "box": Box(*box).within((rows, columns), cells)}
    if x.kind == "own":
        return said | {"chosen": OWN, "box": Box(*map(int, x.numbers)).within(brought(x.name).shape[:2], cells)}
    if x.kind == "list" and picture is not None:
        numbers = crc32(replace(x, edits=()).text().encode())
        return said | {"chosen": OWN, "box": whole(picture, cells), "numbers": numbers}
    if (small := _numbers(state)) is not None:
        said["small"] = small
    return said | {
        "chosen": x.text().split("~")[0] if x.kind in ("shape", "series", "digit") else "s" if x.kind == "seed" else ""
    }


def own(picture: Array, language: str) -> dict[str, Any]:
    """What sources.js shows of a picture that was brought: the source with its button, and the picture itself.

    picture: (rows, columns) of greys, or (rows, columns, 3), whose box a link holds, so that the browser need not keep
    it.
    """
    grey = picture if picture.ndim == 2 else picture.mean(axis=2).astype(np.int64)
    small = averaged(grey, whole(grey, (FINE, FINE)), (FINE, FINE)).tolist()
    step = max(1, -(-max(grey.shape) // SHOWN))
    data = base64.b64encode(png(np.atleast_3d(picture[::step, ::step]).astype(np.uint8))).decode()
    shown = _picture(grey, f"data:image/png;base64,{data}")
    return {
        "source": {"value": OWN, "label": say("source.own", language), "small": small},
        "picture": shown | ({"mark": crc32(picture.tobytes())} if picture.ndim == 2 else {}),
    }


def offered(state: State, picture: Array | None = None) -> dict[str, Any]:
    """All that sources.js shows for a state; picture: one that was brought."""
    language = state.language
    sources = [
        {"value": value, "label": label, "small": _small(value, len(state.layer.input_size) == 1)}
        for value, label in _sources(state)
    ]
    pictures = {f"p{n}": _picture(photograph(n), f"photograph/{name}") for n, name in enumerate(PHOTOGRAPHS)}
    if state.x.kind == "own":
        picture = brought(state.x.name)  # which another visitor may have brought, who gave the link
    if picture is not None:
        mine = own(picture, language)
        sources.append(mine["source"])
        pictures[OWN] = mine["picture"]
    words = {part: catalogue(language)[f"source.{part}"] for part in WORDS}
    large = LayerError("picture_large", "picture", None, value="{size} MiB", most=f"{BYTES >> 20} MiB")
    said = {"sources": sources, "pictures": pictures, "words": words | {"large": large.text(language)}}
    limits = {"least": LEAST, "most": BYTES}
    return said | limits | {"lesson": state.lesson, "language": language, "input": standing(state, picture)}


def _sources(state: State) -> list[tuple[str, str]]:
    """The sources by their texts, each with its name: where digits are read, one of each."""
    language, flat = state.language, len(state.layer.input_size) == 1
    if reads_digits(state):
        return [(f"d{number}", say("source.digit", language, n=label(number))) for number in one_of_each()]
    rows = SERIES if flat else ()
    names = [*(f"source.{name}" for name in (*NAMES, *SHAPES, *rows)), "source.random"]
    values = [f"p{number}" for number in range(len(PHOTOGRAPHS))]
    values += [*(f"h{name}" for name in SHAPES), *(f"y{number}" for number in range(len(rows))), "s"]
    labels = [say(name, language) for name in names]
    return [one for one in zip(values, labels, strict=True) if not (flat and one[0][1:] in FLAT)]


def _numbers(state: State) -> list[list[int]] | None:
    """Rows of greys for numbers that are no shape's, as far as these are few."""
    shape = state.layer.x_shape
    if state.x.kind in ("shape", "series") or prod(shape) > SEEN:
        return None
    return _greys(state.x.array(shape, 0, 5).reshape(-1, *plane(state))[0])


def _greys(table: Array) -> list[list[int]]:
    """Rows of greys, 0 (black) for the least number and 255 for the greatest."""
    least, most = table.min(), table.max()
    return ((table - least) * 255 // max(most - least, 1)).astype(int).tolist()


def _picture(grey: Array, address: str) -> dict[str, Any]:
    return {"address": address, "rows": grey.shape[0], "columns": grey.shape[1]}


@cache
def _small(source: str, flat: bool) -> list[list[int]]:
    """Rows of greys, 0 (black) to 255: what a source gives, small."""
    if source[0] == "d":
        return (255 - 255 * picked(int(source[1:]))).astype(int).tolist()
    if source[0] == "p":
        number = int(source[1:])
        return averaged(photograph(number), SQUARES[number], (FINE, FINE)).tolist()
    if source[0] == "y":
        return _greys(np.rint(newest(int(source[1:]), SMALL * SMALL).values).astype(np.int64)[None])
    rows = 1 if flat else SMALL
    table = small_integers((rows, SMALL), 1, 0, 5) if source == "s" else shape(source[1:], rows, SMALL)
    return _greys(table)
