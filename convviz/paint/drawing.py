"""The raster painter: a Scene at any step as pixels.

Which cell a pixel lies in never changes, and how much of it the outlines cover seldom does: both are kept, and a cell
gets another colour without being drawn again. Shapes and labels are laid over a copy. A step renews only rectangles in
which cells changed: outlines and letters that reach into one are drawn whole in a scratch buffer, and only the
rectangle is copied from it. So a step's picture is the same, to the last pixel, whichever steps were drawn before.
"""

from __future__ import annotations

from operator import ne

import numpy as np
from numpy.typing import NDArray

from convviz.paint.images import Pasted
from convviz.paint.lines import Line, at_rest, at_step, draw
from convviz.paint.looks import WHOLE, colour, lay_over, looks_of, packed, whole_pixels
from convviz.paint.pixels import (
    Rect,
    around,
    boxes,
    holds,
    lattice_edges,
    layers,
    meets,
    merged,
    owners,
    placement,
    reaching,
    within,
)
from convviz.paint.raster import Sheet, text_width
from convviz.paint.ticks import draw_minuses, draw_ticks
from convviz.scene.frame import Frame
from convviz.scene.legends import Legend
from convviz.scene.marks import Floats, Ints, Label
from convviz.scene.moments import Moment
from convviz.scene.roles import TONES
from convviz.scene.scene import Scene
from convviz.themes import Theme

Pixels = NDArray[np.uint8]

WIDEST = 0.9
"""The share of a cell that its text may fill; a longer one is drawn smaller."""


class Drawing:
    """A scene in pixels: `show(t)` turns `pixels` into step t, or a moment of it, and tells what may have changed.

    Not to be shared between threads. width: in pixels, instead of a scale; ground: another colour than the theme's.
    """

    def __init__(
        self, scene: Scene, theme: Theme, scale: float | None = None, width: int | None = None, ground: str = ""
    ) -> None:
        self.scene, self.theme = scene, theme
        self.place = placement(scene, theme, scale, width)
        self.width, self.height = self.place.width, self.place.height
        self._desk, self._picture = (Sheet(self.width, self.height, ground or theme.background) for _ in range(2))
        self._cells = self._desk.pixels.copy()
        self._lines = np.zeros_like(self._cells)
        self._lay_cells()
        shown = scene.at(0, self.place.scale).legends if theme.tones else []
        self._labels = [*scene.labels, *(label for legend in shown for label in legend.labels)]
        self._label_boxes = [self._label_box(label) for label in self._labels]
        self._lay_scales(shown)
        self._rest = at_rest(scene, theme, self.place)
        self._images = Pasted(scene, self.place)
        self._frame: Frame | None = None
        self._line_boxes: list[Rect] = []

    @property
    def pixels(self) -> Pixels:
        """(height, width, 4): the picture that is shown; red, green, blue and alpha, which is full."""
        return self._picture.pixels.view(np.uint8).reshape(self.height, self.width, 4)

    def _lay_cells(self) -> None:
        """Where the cells are. Upright ones lie on whole pixels, so that their lines are sharp."""
        grids, scale = self.scene.grids, self.place.scale
        counts = [grid.count for grid in grids]
        line = self.theme.paint("input").width * scale
        self._odd = max(round(line), 1) % 2 == 1
        self._upright = np.repeat([grid.upright for grid in grids], counts)
        self._corners: Floats = self.place.pixels(self.scene.corners)
        self._corners[self._upright] = self._sharp(self._corners[self._upright])
        self._boxes = boxes(self._corners, line + 1)
        self._grid_of = np.repeat(np.arange(len(grids)), counts)
        self._sizes = np.repeat([grid.text_size for grid in grids], counts) * scale
        self._widths = np.ptp(self._corners[:, :2, 0], axis=1) * WIDEST
        self._middles = self._corners.mean(axis=1)
        half = np.stack([self._widths, self._sizes], axis=1) / 2
        self._text_boxes = boxes(np.stack([self._middles - half, self._middles + half], axis=1), 1)
        self._looks = looks_of(self.theme, scale, self._odd)
        self._owner = owners(grids, self._corners, self.width, self.height)
        self._layers = layers(grids, self._corners, self.width, self.height) if len(self.scene.covered) else []
        self._edges_of, self._sides, ends = lattice_edges(grids, self._corners)
        self._edges = self._desk.edges(ends)
        self._outlines: Ints = np.full(len(ends), -1)

    def _sharp(self, points: Floats) -> Floats:
        """Points in pixels, moved to where a line along whole pixels is sharp."""
        shift = self._odd / 2
        moved: Floats = np.floor(points + 0.5 - shift + 1e-6) + shift
        return moved

    def _lay_scales(self, shown: list[Legend]) -> None:
        """Where the bars of legends are: each part is owned by a number after those of the cells and the background."""
        first = self.scene.cells + 1
        for legend in shown:
            for tone in TONES:
                left, top, right, bottom = legend.part(tone)
                (x0, y0), (x1, y1) = np.rint(self.place.pixels(np.array([[left, top], [right, bottom]]))).astype(int)
                self._owner[y0 : max(y1, y0 + 1), x0:x1] = first + tone - TONES[0]
        tones = self.theme.tones or [self.theme.background] * len(TONES)
        self._around_cells = np.array([self._desk.background, *map(packed, tones)], dtype=np.uint32)

    def show(self, t: int, moment: Moment | None = None) -> list[Rect]:
        """Turn `pixels` into step t, or into how far it has come at a moment.

        Returns rectangles, apart from one another, outside of which nothing changed.
        """
        before, self._frame = self._frame, self.scene.at(t, self.place.scale, moment)
        self._look = self._frame.looks
        self._negative = np.zeros(self.scene.cells, dtype=bool)
        self._negative[self._frame.minuses if self.theme.tones else []] = True
        self._fills = np.append(self._looks.fill[self._look], self._around_cells)
        dirty = self._dirty(before, self._frame)
        self._draw_outlines(first=before is None)
        for rect in dirty:
            self._renew(rect)
        lines = self._lines_at(t, self._frame.lit, whole=moment is None)
        line_boxes = list(map(self._line_box, lines))
        rects = self._with_labels(merged(dirty + self._line_boxes + line_boxes))
        self._line_boxes = line_boxes
        for left, top, right, bottom in rects:
            self._picture.pixels[top:bottom, left:right] = self._cells[top:bottom, left:right]
        self._lay_over(lines, rects)
        return rects

    def _dirty(self, before: Frame | None, now: Frame) -> list[Rect]:
        """A rectangle around the changed cells of each grid; at first, everything."""
        if before is None:
            return [(0, 0, self.width, self.height)]
        texts = np.fromiter(map(ne, before.texts, now.texts), dtype=bool, count=self.scene.cells)
        changed = (before.looks != now.looks) | texts
        changed[[mark for mark, _ in before.notes.items() ^ now.notes.items()]] = True
        changed[list(set(before.differing) ^ set(now.differing))] = True
        return merged(self._around(np.flatnonzero(changed)) + self._images.changed(before.step, now.step))

    def _around(self, marks: Ints) -> list[Rect]:
        """A rectangle around the given cells of each grid."""
        grids = self._grid_of[marks]
        rects = [around(self._boxes[marks[grids == grid]]) for grid in np.unique(grids).tolist()]
        return merged([within(rect, self.width, self.height) for rect in rects])

    def _draw_outlines(self, first: bool) -> None:
        """Draw edges again where they look otherwise than before, and under them the lines that stay as they are.

        Each edge has the stronger outline of its two cells. At first all is drawn.
        """
        one, other = self._looks.outline[self._look[self._sides]].T
        before, self._outlines = self._outlines, np.maximum(one, other)
        changed = np.flatnonzero(before != self._outlines)
        if len(changed):
            whole = [(0, 0, self.width, self.height)]
            for rect in whole if first else self._around(np.unique(self._sides[changed])):
                left, top, right, bottom = rect
                here = slice(top, bottom), slice(left, right)
                self._desk.pixels[here] = 0
                for line in self._rest:
                    draw(self._desk, line, self.place.scale, line.paint.width * self.place.scale)
                self._draw_edges_of(reaching(self._boxes, rect))
                self._lines[here] = self._desk.pixels[here]

    def _draw_edges_of(self, marks: Ints) -> None:
        """Those of some cells; where boards lie over one another, board by board, each over those behind it."""
        if not self._layers:
            self._draw_edges(np.unique(self._edges_of[marks]))
        for layer in self._layers:
            self._desk.pixels[layer.rows, layer.columns][layer.inside] = 0
            self._draw_edges(np.unique(self._edges_of[marks[self._grid_of[marks] == layer.grid]]))

    def _draw_edges(self, edges: Ints) -> None:
        """Faint ones first, that strong ones be seen whole."""
        edges = edges[np.argsort(self._outlines[edges], kind="stable")]
        outlines = self._outlines[edges]
        looks, upright = self._looks, self._upright[self._sides[edges, 0]]
        widths = np.where(upright, looks.sharp[outlines], looks.width[outlines])
        kinds = looks.kind[outlines]
        for kind in np.unique(kinds).tolist():
            here = kinds == kind
            dashes = [WHOLE] if kind == 2 else [looks.dash[n] for n in outlines[here].tolist()]
            self._desk.stroke(self._edges[edges[here]], kind, looks.line[outlines[here]], widths[here], dashes)

    def _renew(self, rect: Rect) -> None:
        """Colour the cells in a rectangle, lay their outlines over, and write the texts that reach into it."""
        left, top, right, bottom = rect
        here = slice(top, bottom), slice(left, right)
        under = self._fills.take(self._owner[here])
        self._images.paste(under, rect, self._frame.step if self._frame else 0)
        lay_over(under, self._lines[here])
        self._desk.pixels[here] = under
        marks = reaching(self._boxes, rect)
        below = marks[self._negative[marks]]
        corners, upright = self._corners[below], self._upright[below]
        draw_minuses(self._desk, corners, upright, self._look[below], self.theme, self.place.scale)
        self._draw_texts(reaching(self._text_boxes, rect))
        self._draw_notes(marks)
        ticked = np.intersect1d(marks, self._frame.differing if self._frame else ()).astype(np.int64)
        draw_ticks(self._desk, self._corners[ticked], self.theme, self.place.scale)
        self._cells[here] = self._desk.pixels[here]

    def _draw_texts(self, marks: Ints) -> None:
        """The texts of cells, in their middle, as large as the cell allows."""
        texts = self._frame.texts if self._frame else []
        if written := [mark for mark in marks.tolist() if texts[mark]]:
            said = [texts[mark] for mark in written]
            wide = np.array([text_width(text) for text in said])
            sizes = np.minimum(self._sizes[written], self._widths[written] / np.maximum(wide, 0.1))
            starts = self._middles[written] - np.stack([wide * sizes / 2, np.zeros_like(wide)], axis=1)
            self._desk.write(said, sizes, starts, [self._looks.text[look] for look in self._look[written].tolist()])

    def _draw_notes(self, marks: Ints) -> None:
        """The notes of cells, in their corner, as large as the cell allows."""
        notes, texts = (self._frame.notes, self._frame.texts) if self._frame else ({}, [])
        if written := [mark for mark in marks.tolist() if mark in notes]:
            said = [notes[mark] for mark in written]
            own = [(self.scene.grid_of(mark), mark, texts[mark]) for mark in written]
            places = self.place.pixels(np.array([grid.note_place(m - grid.first, text) for grid, m, text in own]))
            sizes = [grid.note_size(note, text) for (grid, _, text), note in zip(own, said, strict=True)]
            wide = np.array([text_width(text) for text in said])
            fitting = np.minimum(np.array(sizes) * self.place.scale, self._widths[written] / np.maximum(wide, 0.1))
            places[:, 0] -= np.where(self._upright[written], wide * fitting, 0)
            self._desk.write(said, fitting, places, [self._looks.text[look] for look in self._look[written].tolist()])

    def _start(self, label: Label) -> tuple[float, float]:
        """Where a label starts, in pixels: its left end, at half its height."""
        x, y = self.place.pixels(np.array([label.at]))[0]
        width = text_width(label.text) * label.size * self.place.scale
        return float(x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[label.align]), float(y)

    def _label_box(self, label: Label) -> Rect:
        (x, y), size = self._start(label), label.size * self.place.scale
        ends = np.array([[[x, y - size], [x + text_width(label.text) * size, y + size]]])
        return within(around(boxes(ends, 2)), self.width, self.height)

    def _lines_at(self, t: int, lit: tuple[int, ...], whole: bool) -> list[Line]:
        """The outlines of lit cells, and the shapes that show, tied to corners of cells or to places beside them."""
        found = [Line(self.theme.paint("lit"), True, self._corners[mark]) for mark in lit]
        for shape in self.scene.shapes:
            marks = [int(self.scene.track[a.track].marks[t, a.column]) for a in shape.anchors]
            if min(marks) < 0 or (shape.late and not whole):
                continue
            points = self._corners[marks, [a.corner for a in shape.anchors]]
            for n, (mark, anchor) in enumerate(zip(marks, shape.anchors, strict=True)):
                if any(anchor.by):
                    points[n] = self.place.pixels(anchor.at(self.scene.corners[mark]))
                    on_a_corner = all(float(step).is_integer() for step in anchor.by)
                    points[n] = self._sharp(points[n]) if self._upright[mark] and on_a_corner else points[n]
            found.append(Line(self.theme.paint(shape.role), shape.closed, points))
        return found + at_step(self.scene, self.theme, self.place, t)

    def _line_box(self, line: Line) -> Rect:
        found = boxes(line.points.reshape(1, -1, 2), 2 + line.room * self.place.scale)
        return within(around(found), self.width, self.height)

    def _with_labels(self, rects: list[Rect]) -> list[Rect]:
        """The rectangles, and every label that they touch taken in whole."""
        while cut := [box for box in self._label_boxes if any(meets(box, r) and not holds(r, box) for r in rects)]:
            rects = merged(rects + cut)
        return rects

    def _lay_over(self, lines: list[Line], rects: list[Rect]) -> None:
        """Lines, and the labels whose place was cleared, over the cells."""
        for line in lines:
            width = line.paint.width * self.place.scale
            draw(self._picture, line, self.place.scale, whole_pixels(width, self._odd) if line.closed else width)
        boxed = zip(self._labels, self._label_boxes, strict=True)
        if touched := [label for label, box in boxed if any(meets(box, rect) for rect in rects)]:
            self._picture.write(
                [label.text for label in touched],
                np.array([label.size for label in touched]) * self.place.scale,
                np.array([self._start(label) for label in touched]),
                [colour(self.theme.paint(label.role).text) for label in touched],
            )


def pixels_at(scene: Scene, step: int, theme: Theme, scale: float | None = None) -> Pixels:
    """(height, width, 3): the picture at one step; scale: pixels a cell.

    >>> import convviz as cv
    >>> from convviz.themes import theme_named
    >>> pixels_at(cv.scene(cv.Conv(4, 3)), 3, theme_named("light"), scale=20).shape[2]
    3
    """
    drawing = Drawing(scene, theme, scale)
    drawing.show(step)
    return drawing.pixels[:, :, :3].copy()
