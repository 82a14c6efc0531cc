"""The raster painter: a Scene at any step as pixels, drawn by Matplotlib's Agg renderer.

The cells are kept on a sheet of their own, shapes and labels are laid over a copy of it. A step redraws only the
rectangles whose cells changed: every mark that reaches into one is drawn whole on a third sheet, and the rectangle
alone is taken from there. So a picture is the same, to the last pixel, by whatever route its step is reached.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D, IdentityTransform
from numpy.typing import NDArray

from convviz.asset import asset
from convviz.paint.pixels import Placement, Rect, around, boxes, lattice_edges, meets, merged, placement, within
from convviz.scene.marks import ROLES, STATES, Floats, Ints, Label
from convviz.scene.scene import Scene
from convviz.themes import Paint, Theme, contrast

Pixels = NDArray[np.uint8]

CAP_HEIGHT = 0.733
"""Of the font, in ems: digits stand in the middle of their cell by half of it."""

WIDEST = 0.9
"""The share of a cell that its text may fill; a longer one is drawn smaller."""

_SHAPE_ROOM = 2.0
_IDENTITY = IdentityTransform()
_NONE = np.zeros((0, 4))
_NO_TURN = np.zeros((0, 3, 3))
_ORIGIN = np.zeros((1, 2))
_CLEAR = (0.0, 0.0, 0.0, 0.0)
_Dash = tuple[float, list[float] | None]
_WHOLE: _Dash = (0.0, None)
_CAPS = ("butt", "round", "projecting")
_CORNER_CODES = [Outline.MOVETO, *[Outline.LINETO] * 3, Outline.CLOSEPOLY]
_new_renderer: Any = RendererAgg
_fonts_in_use = Lock()


@lru_cache(maxsize=1)
def _fonts() -> tuple[FT2Font, ...]:
    """Ours, and DejaVu Sans for what it lacks."""
    fallback = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    own = asset("fonts/ConvvizSans.otf")
    return tuple(FT2Font(str(path)) for path in (own, fallback) if path.exists())


@lru_cache(maxsize=4096)
def _glyph(letter: str) -> tuple[Floats, NDArray[np.uint8], float]:
    """A letter's outline, its codes and its advance, in ems."""
    with _fonts_in_use:
        fonts = _fonts()
        font = next((f for f in fonts if f.get_char_index(ord(letter))), fonts[-1])
        glyph = font.load_char(ord(letter), flags=LoadFlags.NO_SCALE)
        points, codes = font.get_path()
        return points * 64 / font.units_per_EM, codes.astype(np.uint8), glyph.horiAdvance / font.units_per_EM


def drawable(letter: str) -> bool:
    """Whether one of the fonts has the letter."""
    with _fonts_in_use:
        return any(font.get_char_index(ord(letter)) for font in _fonts())


@lru_cache(maxsize=16384)
def _line(text: str) -> tuple[Floats, NDArray[np.uint8], float]:
    """The outline of a line of text from its start on the baseline, y up, and its width, in ems."""
    points, codes, at = [np.zeros((0, 2))], [np.zeros(0, dtype=np.uint8)], 0.0
    for letter in text:
        outline, kinds, advance = _glyph(letter)
        points.append(outline + np.array([at, 0.0]))
        codes.append(kinds)
        at += advance
    return np.concatenate(points), np.concatenate(codes), at


def _colour(text: str, alpha: float = 1.0) -> tuple[float, float, float, float]:
    red, green, blue = (int(text[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return red, green, blue, alpha


def _pen(cap: str, join: str) -> Any:
    pen: Any = GraphicsContextBase()
    pen.set_capstyle(cap)
    pen.set_joinstyle(join)
    pen.set_snap(False)
    return pen


class _Look:
    """A paint as Agg takes it, at a scale; `sharp` is its width in whole pixels, odd or even as all of them are."""

    def __init__(self, paint: Paint, scale: float, background: str, odd: bool) -> None:
        self.fill = _colour(paint.fill) if paint.fill else _CLEAR
        self.line = _colour(paint.line) if paint.line else _CLEAR
        self.text = _colour(paint.text)
        self.width = paint.width * scale
        self.sharp = float(max(2 * round((self.width - odd) / 2) + odd, 2 - odd))
        self.dash: _Dash = (0.0, [length * scale for length in paint.dash]) if paint.dash else _WHOLE
        kind = 2 if not paint.dash else 1 if paint.dash[0] < 0.05 else 0
        self.strength = (kind, contrast(paint.line, background) if paint.line else 0.0)

    def __lt__(self, other: _Look) -> bool:
        return self.strength < other.strength


class Raster:
    """A scene in pixels: `show(t)` turns `pixels` into step t and tells what may have changed.

    Not to be shared between threads; any number may be at work at once.
    """

    def __init__(self, scene: Scene, theme: Theme, scale: float | None = None) -> None:
        self.scene, self.theme = scene, theme
        self.place: Placement = placement(scene, theme, scale)
        self.width, self.height = self.place.width, self.place.height
        self._back = np.uint32(int.from_bytes(bytes.fromhex(theme.background[1:] + "ff"), "little"))
        self._desk, self._scratch = self._blank()
        self._picture, self._shown = self._blank()
        self._sheet = self._scratch.copy()
        self._looks: dict[tuple[int, int, int], _Look] = {}
        self._lay_cells()
        self._labels = [self._set_label(label) for label in scene.labels]
        self._states: Ints = np.full(scene.cells, -1)
        self._texts: list[str] = [""] * scene.cells
        self._shape_boxes: list[Rect] = []

    @property
    def pixels(self) -> Pixels:
        """(height, width, 4): the picture that is shown; red, green, blue and alpha, which is full."""
        return self._shown.view(np.uint8).reshape(self.height, self.width, 4)

    def _blank(self) -> tuple[Any, NDArray[np.uint32]]:
        """A renderer, and its pixels as one number each."""
        renderer: Any = _new_renderer(self.width, self.height, 72)
        pixels = np.asarray(renderer.buffer_rgba()).view("<u4")[..., 0]
        pixels[:] = self._back
        return renderer, pixels

    def _lay_cells(self) -> None:
        """Where the cells are. Upright ones lie on whole pixels, so that their lines are sharp."""
        grids = self.scene.grids
        counts = [grid.count for grid in grids]
        line = self.theme.paint("input").width * self.place.scale
        self._odd = max(round(line), 1) % 2 == 1
        half = self._odd / 2
        self._upright = np.repeat([grid.across[1] == 0 == grid.down[0] for grid in grids], counts)
        self._corners: Floats = self.place.pixels(self.scene.corners)
        self._corners[self._upright] = np.floor(self._corners[self._upright] + 0.5 - half + 1e-6) + half
        self._boxes = boxes(self._corners, line + 2)
        self._grid_of = np.repeat(np.arange(len(grids)), counts)
        self._levels = np.concatenate([np.zeros(g.count, int) if g.levels is None else g.levels for g in grids])
        self._sizes = np.repeat([grid.text_size for grid in grids], counts) * self.place.scale
        self._wide = np.ptp(self._corners[:, :2, 0], axis=1) * WIDEST
        up = np.stack([self._corners[..., 0], self.height - self._corners[..., 1]], axis=2)
        self._paths = [Outline(points, _CORNER_CODES) for points in up[:, [0, 1, 2, 3, 0]]]
        self._edges_of, self._sides, ends = lattice_edges(grids, up)
        self._edges = [Outline(points) for points in ends]

    def _look(self, mark: int) -> _Look:
        key = int(self.scene.roles[mark]), int(self._states[mark]), int(self._levels[mark])
        if key not in self._looks:
            paint = self.theme.paint(ROLES[key[0]], STATES[key[1]], key[2])
            self._looks[key] = _Look(paint, self.place.scale, self.theme.background, self._odd)
        return self._looks[key]

    def show(self, t: int) -> list[Rect]:
        """Turn `pixels` into step t; returns rectangles, apart from one another, outside of which nothing changed."""
        frame = self.scene.at(t)
        changed = frame.states != self._states
        changed |= np.fromiter(
            (a != b for a, b in zip(frame.texts, self._texts, strict=True)), dtype=bool, count=self.scene.cells
        )
        first = bool(len(self._states)) and self._states[0] < 0
        self._states, self._texts = frame.states, frame.texts
        whole = (0, 0, self.width, self.height)
        dirty = [whole] if first else self._dirty(np.flatnonzero(changed))
        for rect in dirty:
            self._redraw(rect)
        outlines = self._shape_points(t, [points is not None for points in frame.points])
        now = [self._shape_box(points) for _, points in outlines]
        rects = self._with_labels(merged([within(r, *whole[2:]) for r in dirty + self._shape_boxes + now]))
        self._shape_boxes = now
        for left, top, right, bottom in rects:
            self._shown[top:bottom, left:right] = self._sheet[top:bottom, left:right]
        self._lay_over(outlines, rects)
        return rects

    def _dirty(self, marks: Ints) -> list[Rect]:
        """A rectangle around the changed cells of each grid."""
        grids = self._grid_of[marks]
        rects = [around(self._boxes[marks[grids == grid]]) for grid in np.unique(grids)]
        return merged([within(rect, self.width, self.height) for rect in rects])

    def _redraw(self, rect: Rect) -> None:
        """Draw again what reaches into a rectangle of the sheet of cells."""
        left, top, right, bottom = rect
        area = self._boxes
        hit = (area[:, 0] < right) & (area[:, 2] > left) & (area[:, 1] < bottom) & (area[:, 3] > top)
        marks = np.flatnonzero(hit)
        self._scratch[top:bottom, left:right] = self._back
        self._draw_cells(marks)
        self._draw_texts(marks)
        self._sheet[top:bottom, left:right] = self._scratch[top:bottom, left:right]

    def _draw_cells(self, marks: Ints) -> None:
        """Fills, then edges. Each edge is drawn once, as the stronger of its two cells has it; faint ones first."""
        looks = {mark: self._look(mark) for mark in marks.tolist()}
        fills = np.array([look.fill for look in looks.values()])
        self._draw("butt", [self._paths[mark] for mark in looks], fills, _NONE, [0.0], [_WHOLE])
        edges = np.unique(self._edges_of[marks])
        pairs = zip(edges.tolist(), self._sides[edges].tolist(), strict=True)
        drawn = [(max(self._look(one), self._look(other)), edge, one) for edge, (one, other) in pairs]
        drawn.sort(key=lambda item: item[0].strength)
        for cap, run in groupby(drawn, lambda item: _CAPS[item[0].strength[0]]):
            items = list(run)
            widths = [look.sharp if self._upright[mark] else look.width for look, _, mark in items]
            lines = np.array([look.line for look, _, _ in items])
            self._draw(cap, [self._edges[e] for _, e, _ in items], _NONE, lines, widths, [k.dash for k, _, _ in items])

    def _draw(
        self, cap: str, paths: list[Outline], fills: Floats, lines: Floats, widths: list[float], dashes: list[_Dash]
    ) -> None:
        pen, one = _pen(cap, "miter"), np.ones(1, dtype=np.uint8)
        self._desk.draw_path_collection(
            pen, _IDENTITY, paths, _NO_TURN, _ORIGIN, _IDENTITY, fills, lines, np.array(widths), dashes, one, [None], ""
        )

    def _draw_texts(self, marks: Ints) -> None:
        for mark in marks.tolist():
            if text := self._texts[mark]:
                points, codes, width = _line(text)
                size = min(float(self._sizes[mark]), float(self._wide[mark]) / max(width, 0.1))
                x, y = self._corners[mark].mean(axis=0)
                self._write(self._desk, Outline(points, codes), size, (x - width * size / 2, y), self._look(mark).text)

    def _write(
        self,
        sheet: Any,
        outline: Outline,
        size: float,
        at: tuple[float, float],
        colour: tuple[float, float, float, float],
    ) -> None:
        """A line of text from the pixel nearest to `at`, which is its start at half the height of its digits."""
        baseline = round(self.height - at[1] - CAP_HEIGHT * size / 2)
        pen = _pen("butt", "miter")
        pen.set_linewidth(0)
        sheet.draw_path(pen, outline, Affine2D.from_values(size, 0, 0, size, round(at[0]), baseline), colour)

    def _set_label(self, label: Label) -> tuple[Label, Outline, float, tuple[float, float], Rect]:
        """A label with its outline, its size and start in pixels, and the box around it."""
        points, codes, width = _line(label.text)
        size = label.size * self.place.scale
        x, y = self.place.pixels(np.array([label.at]))[0]
        x -= width * size * {"start": 0.0, "middle": 0.5, "end": 1.0}[label.align]
        ends = np.array([[[x, y - size], [x + width * size, y + size]]])
        box = around(boxes(ends, 2))
        return label, Outline(points, codes), size, (x, y), within(box, self.width, self.height)

    def _shape_points(self, t: int, seen: list[bool]) -> list[tuple[Any, Floats]]:
        """The visible shapes, with their points in pixels: the corners of the cells that they are tied to."""
        found = []
        for shape, shown in zip(self.scene.shapes, seen, strict=True):
            if shown:
                marks = [int(self.scene.track[a.track].marks[t, a.column]) for a in shape.anchors]
                found.append((shape, self._corners[marks, [a.corner for a in shape.anchors]]))
        return found

    def _shape_box(self, points: Floats) -> Rect:
        return within(around(boxes(points[None], _SHAPE_ROOM + 0.1 * self.place.scale)), self.width, self.height)

    def _with_labels(self, rects: list[Rect]) -> list[Rect]:
        """The rectangles, and every label that they touch taken in whole."""
        for *_, box in self._labels:
            if any(meets(box, rect) and box != rect for rect in rects):
                rects = merged([*rects, box])
        return rects

    def _lay_over(self, outlines: list[tuple[Any, Floats]], rects: list[Rect]) -> None:
        """Shapes, and the labels whose place was cleared, over the cells."""
        for shape, points in outlines:
            look = _Look(self.theme.paint(shape.role), self.place.scale, self.theme.background, self._odd)
            pen = _pen("butt", "round")
            pen.set_linewidth(look.sharp if shape.closed else look.width)
            pen.set_foreground(look.line, isRGBA=True)
            up = np.stack([points[:, 0], self.height - points[:, 1]], axis=1)
            codes = [Outline.MOVETO, *[Outline.LINETO] * (len(up) - 1)]
            if shape.closed:
                up, codes = np.concatenate([up, up[:1]]), [*codes, Outline.CLOSEPOLY]
            self._picture.draw_path(pen, Outline(up, codes), _IDENTITY)
        for label, outline, size, at, box in self._labels:
            if any(meets(box, rect) for rect in rects):
                self._write(self._picture, outline, size, at, _colour(self.theme.paint(label.role).text))


def raster(scene: Scene, step: int, theme: Theme, scale: float | None = None) -> Pixels:
    """(height, width, 3): the picture at one step.

    >>> import convviz as cv
    >>> from convviz.themes import theme_named
    >>> raster(cv.scene(cv.Conv(4, 3)), 3, theme_named("light"), scale=20).shape[2]
    3
    """
    drawing = Raster(scene, theme, scale)
    drawing.show(step)
    return drawing.pixels[:, :, :3].copy()
