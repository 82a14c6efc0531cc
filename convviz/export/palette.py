"""One palette for a whole animation: the theme's own colours exactly, and the mixes at the edges of lines."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from math import inf

import numpy as np
from numpy.typing import NDArray

from convviz.colour import mixed
from convviz.pens import Paint
from convviz.scene.marks import Floats
from convviz.scene.roles import ROLES, SCALES
from convviz.scene.scene import Scene
from convviz.themes import Theme

Bytes = NDArray[np.uint8]

CLEAR = 0
"""The palette's first place: a pixel that stays as it was."""

APART = 1 / 6
"""The least distance between two colours, as a fraction of one shade step from black to white; a mix
closer than that to a colour of the palette uses that colour."""

_WEIGHTS = np.array([0.55, 0.77, 0.33])


def colours(scene: Scene, theme: Theme, cell: float = inf, lit: bool = False, sums: bool = False) -> Bytes:
    """(n, 3): up to 256 colours; CLEAR is none of them. cell: how many pixels wide a cell is; lit: cells are lit in it;
    sums: the sum line stands under it.

    >>> import convviz as cv
    >>> from convviz.themes import theme_named
    >>> len(colours(cv.scene(cv.Conv(4, 3)), theme_named("light"))) <= 256
    True
    """
    cells = _cell_paints(scene, theme, cell)
    shapes = [theme.paint(shape.role) for shape in scene.shapes] + [theme.paint("lit")] * lit
    strokes = {curve.role for curve in scene.curves} | ({"edge", "path"} if scene.edges else set())
    fills = sorted({theme.background, *(paint.fill for paint in cells)} - {""})
    toned = any(scene.shows_tones(cell))
    words = scene.step_texts or scene.events or scene.notes or any(text for grid in scene.grids for text in grid.texts)
    letters = words or toned
    overs = [(paint, over) for paint in cells for over in (paint.line, paint.text if letters else "")]
    pairs = {(paint.fill or theme.background, over) for paint, over in overs}
    pairs |= {(theme.background, paint.line) for paint in cells}
    pairs |= {(theme.background, theme.paint(label.role).text) for label in scene.labels}
    pairs |= {(fill, paint.line) for fill, paint in product(fills, shapes)}
    pairs |= {(theme.background, theme.paint(role).line) for role in strokes}
    if sums:
        pairs.add((theme.background, theme.paint("title").text))
    if toned:
        pairs.add((theme.background, theme.paint("axis").text))
        pairs |= set(zip(theme.tones, theme.strokes, strict=True))
    if scene.differing is not None:
        pairs |= {(fill, over) for fill in fills for over in (theme.background, theme.foreground)}
    known = sorted((low, high) for low, high in pairs if low and high and low != high)
    whole = sorted({*fills, *(high for _, high in known)})
    pictured = _pictured(scene)
    most = 255 - len(pictured)
    for shades in range(theme.shades, 0, -1):
        table = _apart(whole, _mixes(known, shades), APART * 255 / (shades + 1))
        if len(table) <= most:
            break
    return np.concatenate([np.zeros((1, 3), dtype=np.uint8), table[:most], pictured])


PICTURED = 128
"""The most colours of an animation that are its photographs'."""


def _pictured(scene: Scene) -> Bytes:
    """(n, 3): the colours of a scene's images, at most PICTURED: the means of those that are most alike.

    Greys are told apart finely; of colours, those that are seen most often count.
    """
    if not scene.images:
        return np.zeros((0, 3), dtype=np.uint8)
    pixels = np.concatenate([np.broadcast_to(i.pixels, (*i.size, 3)).reshape(-1, 3) for i in scene.images])
    grey = bool((pixels == pixels[:, :1]).all())
    codes = pixels[:, 0].astype(np.int64) // 2 if grey else (pixels // 16).astype(np.int64) @ (256, 16, 1)
    found, where, counts = np.unique(codes, return_inverse=True, return_counts=True)
    sums = np.stack([np.bincount(where, weights=pixels[:, n], minlength=len(found)) for n in range(3)], axis=1)
    seen = np.argsort(counts)[::-1][:PICTURED]
    return np.rint(sums[seen] / counts[seen, None]).astype(np.uint8)


def _mixes(pairs: list[tuple[str, str]], shades: int) -> list[str]:
    """So many mixes of each pair, the middle ones first."""
    order = sorted(range(1, shades + 1), key=lambda n: (abs(2 * n - shades - 1), n))
    return [mixed(low, high, n / (shades + 1)) for n in order for low, high in pairs]


def _apart(whole: list[str], mixes: list[str], least: float) -> Bytes:
    """The whole colours, and of the mixes those that lie apart from all before them."""
    wanted = np.array([_channels(colour) for colour in dict.fromkeys([*whole, *mixes])]).reshape(-1, 3)
    weighed = wanted * _WEIGHTS
    kept = list(range(len(whole)))
    for n in range(len(whole), len(wanted)):
        if ((weighed[kept] - weighed[n]) ** 2).sum(axis=1).min() >= least**2:
            kept.append(n)
    return wanted[kept].astype(np.uint8)


def _channels(colour: str) -> Floats:
    return np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)], dtype=float)


def _cell_paints(scene: Scene, theme: Theme, cell: float) -> list[Paint]:
    """The paints that a cell of the scene may have; tones, where values are seen as such."""
    roles = {ROLES[number] for number in np.unique(scene.roles)}
    toned = any(scene.shows_tones(cell))
    return [
        paint
        for look, paint in theme.table.items()
        if look.role in roles and (toned or look.level == 0 or look.role in SCALES)
    ]


class Quantiser:
    """Pixels -> places in a palette: each colour's nearest, found once and then looked up."""

    def __init__(self, palette: Bytes) -> None:
        self._palette = palette[1:].astype(float) * _WEIGHTS
        self._known: Bytes = np.zeros(1 << 24, dtype=np.uint8)  # CLEAR: not yet known; pages never touched cost nothing

    def __call__(self, pixels: Bytes) -> Bytes:
        """(height, width, 4) -> (height, width)."""
        codes = (pixels.view("<u4")[..., 0] & 0xFFFFFF).astype(np.intp)
        places = self._known.take(codes)
        unknown = places == CLEAR
        if unknown.any():
            new = np.unique(codes[unknown])
            channels = np.stack([new & 255, new >> 8 & 255, new >> 16], axis=1) * _WEIGHTS
            distance = ((channels[:, None] - self._palette[None]) ** 2).sum(axis=2)
            self._known[new] = distance.argmin(axis=1) + 1
            places = self._known.take(codes)
        return places


@lru_cache(maxsize=4)
def quantiser(palette: bytes) -> Quantiser:
    """The quantiser of a palette's bytes; several animations in the same colours share what is known."""
    return Quantiser(np.frombuffer(palette, dtype=np.uint8).reshape(-1, 3))
