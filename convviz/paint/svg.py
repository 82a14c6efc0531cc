"""The svg painter: a Scene at a step as an SVG document. The player builds the same elements and classes."""

from __future__ import annotations

from html import escape

import numpy as np

from convviz.paint.places import coordinates, embedded, short
from convviz.pens import TICKS, Paint
from convviz.scene.frame import Frame
from convviz.scene.legends import Legend
from convviz.scene.marks import Floats, Grid, Label, Point
from convviz.scene.roles import LINES, LOOKS, SCALES, STATES, TONE_OF, TONES, WORDS, ZERO, Look
from convviz.scene.scene import Scene
from convviz.scene.strokes import DOT, PENS, WIDTH, Curve
from convviz.scene.tones import MINUS_WIDTH, minus_ends, tick_ends
from convviz.themes import Theme

WIDEST = 0.9
"""The share of a cell that its number may fill, where letters are outlines; a longer one is drawn smaller."""

MARGIN = 0.35
"""Cells around the picture, so that no line is cut."""


def stylesheet(theme: Theme, prefix: str = "") -> str:
    """The theme as CSS over the classes that cells, shapes and labels bear: their role (r-), state (s-), level (l-)."""
    rules = [
        f"{prefix}text{{font-family:'Convviz Sans','Source Sans','Noto Sans SC',sans-serif;"
        "text-anchor:middle;dominant-baseline:central;font-variant-numeric:tabular-nums}"
    ]
    for look, paint in theme.table.items():
        plain = look.level == 0 and look.role not in SCALES
        if plain and (not look.state or paint != theme.table[look._replace(state="")]):
            rules += _cell_rules(prefix, "".join(f".{name}" for name in look.classes.split()), paint)
    for role, levels in SCALES.items():
        rules += _scale_rules(prefix, theme, role, levels)
    rules += _tone_rules(prefix, theme)
    for name, width, line in (("tick", TICKS[0], theme.foreground), ("tick.under", TICKS[1], theme.background)):
        rules.append(f"{prefix}.{name}{{fill:none;stroke:{line};stroke-width:{width:g};stroke-linecap:butt}}")
    for line in LINES:
        p = theme.paint(line)
        dash = f";stroke-dasharray:{_dash(p)}" if p.dash else ""
        rules.append(
            f"{prefix}.r-{line}{{fill:none;stroke:{p.line};stroke-width:{p.width:g};stroke-linejoin:round{dash}}}"
        )
    rules += [f"{prefix}.w-{pen}{{stroke-width:{WIDTH * pen:g}}}" for pen in PENS[1:]]
    rules.append(f"{prefix}.dot{{stroke-width:{DOT:g};stroke-linecap:round;stroke-dasharray:none}}")
    rules += [f"{prefix}.dot.w-{pen}{{stroke-width:{DOT * pen:g}}}" for pen in PENS[1:]]
    rules += [f"{prefix}text.r-{word}{{fill:{theme.paint(word).text}}}" for word in WORDS]
    return "".join(rules)


def _dash(paint: Paint) -> str:
    return " ".join(f"{length:g}" for length in paint.dash) or "none"


def _cell_rules(prefix: str, classes: str, paint: Paint) -> list[str]:
    line = f"stroke:{paint.line or 'none'};stroke-width:{paint.width:g};stroke-dasharray:{_dash(paint)}"
    shape = f"fill:{paint.fill or 'none'};{line}"
    cap = ";stroke-linecap:round" if paint.dash and paint.dash[0] < 0.05 else ""
    return [f"{prefix}polygon{classes}{{{shape}{cap}}}", f"{prefix}text{classes}{{fill:{paint.text}}}"]


def _scale_rules(prefix: str, theme: Theme, role: str, levels: int) -> list[str]:
    """A role's levels differ in their colours alone; its states in their line alone, or they hide the level."""
    at_rest = [theme.table[Look(role, "", level)] for level in range(levels)]
    rules = _cell_rules(prefix, f".r-{role}", at_rest[0])
    for level, paint in enumerate(at_rest[1:], 1):
        rules.append(f"{prefix}polygon.r-{role}.l-{level}{{fill:{paint.fill}}}")
        if paint.text != at_rest[0].text:
            rules.append(f"{prefix}text.r-{role}.l-{level}{{fill:{paint.text}}}")
    for state in STATES[1:]:
        paint = theme.table[Look(role, state)]
        if paint.fill != at_rest[0].fill:
            rules += _cell_rules(prefix, f".r-{role}.s-{state}", paint)
        elif paint.line != at_rest[0].line:
            rules.append(f"{prefix}polygon.r-{role}.s-{state}{{stroke:{paint.line}}}")
    return rules


def _tone_rules(prefix: str, theme: Theme) -> list[str]:
    """The tones, the same for all roles. They stand after the roles' rules, which have as many classes."""
    if not theme.tones:
        return [f"{prefix}.scale,{prefix}.minuses{{display:none}}"]
    rules = [f"{prefix}.minuses path{{fill:none;stroke-width:{MINUS_WIDTH:g}}}"]
    for tone in TONES:
        paint = theme.table[Look("output", "", tone)]
        rules.append(f"{prefix}polygon.toned.v-{tone}{{fill:{paint.fill};stroke:{paint.line}}}")
        rules.append(f"{prefix}rect.v-{tone}{{fill:{paint.fill}}}")
        rules.append(f"{prefix}text.toned.v-{tone}{{fill:{paint.text}}}")
        if tone < ZERO:
            rules.append(f"{prefix}path.v-{tone}{{stroke:{theme.strokes[tone - 1]}}}")
    for state in ("window", "current"):
        rules.append(f"{prefix}polygon.toned.s-{state}{{stroke:{theme.table[Look('output', state, ZERO)].line}}}")
    return rules


def view_box(scene: Scene) -> tuple[float, float, float, float]:
    """left, top, width, height in cells, margin included."""
    left, top, right, bottom = scene.bounds
    return left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN


def svg(scene: Scene, step: int = 0, theme: Theme | None = None, cell: float = 44.0) -> str:
    """The picture at `step`, `cell` pixels a cell; without a theme, bare classes for a stylesheet of one's own.

    >>> import convviz as cv
    >>> svg(cv.scene(cv.Conv(4, 3)), step=2).startswith("<svg")
    True
    """
    style = f"<style>{stylesheet(theme)}</style>" if theme else ""
    said = f'role="img" aria-label="{escape(scene.sentence(step))}"'
    return document(
        view_box(scene), cell, said, style + ground(view_box(scene), theme) + drawn(scene, step, cell, Texts())
    )


def document(box: tuple[float, ...], cell: float, said: str, body: str) -> str:
    """A document with a view box in cells; said: attributes that say what it is."""
    left, top, width, height = box
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:g} {top:g} {width:g} {height:g}" '
        f'width="{width * cell:.0f}" height="{height * cell:.0f}"{said and f" {said}"}>{body}</svg>'
    )


def ground(box: tuple[float, ...], theme: Theme | None) -> str:
    """The ground of a view box in cells."""
    if theme is None:
        return ""
    left, top, width, height = box
    place = f'x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"'
    return f'<rect {place} fill="{theme.background}"/>'


def drawn(scene: Scene, step: int, cell: float, texts: Texts) -> str:
    """All marks of a step."""
    frame = scene.at(step, cell)
    strokes = [_edges(scene, step), *(_curve(curve, step, texts) for curve in scene.curves)]
    return "".join(
        [
            *(_cells(grid, frame, texts, embedded(scene, n, step, cell)) for n, grid in enumerate(scene.grids)),
            f'<g class="strokes">{"".join(strokes)}</g>',
            *(_shape(scene, frame, number, texts) for number in range(len(scene.shapes))),
            _minuses(scene, frame),
            _ticks(scene, frame),
            *(_bar(legend, texts) for legend in frame.legends),
            *(_label(label, texts) for label in scene.labels),
        ]
    )


class Texts:
    """How letters are written: as text, which a stylesheet paints, with the names by which a script finds a mark."""

    def data(self, name: str, value: object) -> str:
        """A name of a mark, for a script."""
        return f' data-{name}="{value}"'

    def write(
        self, text: str, at: Point, size: float, classes: str, align: str = "middle", mark: int | None = None
    ) -> str:
        """A line of text; at: the place of its start, middle or end, at half its height."""
        data = "" if mark is None else self.data("m", mark).lstrip() + " "
        return (
            f'<text {data}class="{classes}" x="{short(at[0])}" y="{short(at[1])}" '
            f'font-size="{size:.3g}"{_anchor(align)}>{escape(text)}</text>'
        )

    def number(self, text: str, at: Point, size: float, classes: str, mark: int, room: float) -> str:
        """The number of a cell that is so wide."""
        return self.write(text, at, size, classes, mark=mark)


def _anchor(align: str) -> str:
    return "" if align == "middle" else f' style="text-anchor:{align}"'


def _cells(grid: Grid, frame: Frame, write: Texts, under: str = "") -> str:
    pieces = [under]
    for index in range(grid.count):
        mark = grid.first + index
        classes, text = LOOKS[frame.looks[mark]].classes, frame.texts[mark]
        points = coordinates(grid.corners[index])
        pieces.append(f'<polygon{write.data("m", mark)} class="{classes}" points="{points}"/>')
        if text:
            x, y = grid.centres[index].tolist()
            pieces.append(write.number(text, (x, y), grid.text_size, classes, mark, grid.across[0]))
        if note := frame.notes.get(mark):
            place, size = grid.note_place(index, text), grid.note_size(note, text)
            pieces.append(write.write(note, place, size, f"corner {classes}", "end" if grid.upright else "start"))
    return f"<g{write.data('grid', grid.name)}>{''.join(pieces)}</g>"


def _minuses(scene: Scene, frame: Frame) -> str:
    """The strokes of negative cells without a number, one path for each tone."""
    marks = frame.minuses
    if not len(marks):
        return ""
    tones, paths = TONE_OF[frame.looks[marks]], []
    for tone in np.unique(tones).tolist():
        ends = minus_ends(scene.corners[marks[tones == tone]])
        line = "".join(f"M{coordinates(one).replace(' ', 'L')}" for one in ends)
        paths.append(f'<path class="v-{tone}" d="{line}"/>')
    return f'<g class="minuses">{"".join(paths)}</g>'


def _ticks(scene: Scene, frame: Frame) -> str:
    """The ticks of cells that differ."""
    if not frame.differing:
        return ""
    line = _lines(tick_ends(scene.corners[list(frame.differing)]))
    return f'<g class="ticks"><path class="tick under" d="{line}"/><path class="tick" d="{line}"/></g>'


def _bar(legend: Legend, write: Texts) -> str:
    """The scale of a board's tones, with its numbers."""
    parts = []
    for tone in TONES:
        left, top, right, bottom = legend.part(tone)
        parts.append(
            f'<rect class="v-{tone}" x="{short(left)}" y="{short(top)}" '
            f'width="{short(right - left)}" height="{short(bottom - top)}"/>'
        )
    return f'<g class="scale">{"".join(parts)}{"".join(_label(label, write) for label in legend.labels)}</g>'


def _label(label: Label, write: Texts) -> str:
    return write.write(label.text, label.at, label.size, f"r-{label.role}", label.align)


def _edges(scene: Scene, step: int) -> str:
    """All edges as one line, and over it those that are followed at the step."""
    if not scene.edges:
        return ""
    ends = [edges.ends(scene.corners) for edges in scene.edges]
    lit = [own[chosen] for own, chosen in zip(ends, scene.lit_edges(step), strict=True)]
    paths = (
        f'<path class="r-{role}" d="{_lines(np.concatenate(own))}"/>' for role, own in (("edge", ends), ("path", lit))
    )
    return "".join(paths)


def _lines(ends: Floats) -> str:
    return "".join(f"M{coordinates(one).replace(' ', 'L')}" for one in ends)


def _curve(curve: Curve, step: int, write: Texts) -> str:
    """A curve as far as it is there, and its dot."""
    dot = curve.dot(step)
    look = f"r-{curve.role}{f' w-{curve.pen}' if curve.pen > 1 else ''}"
    line = f'<polyline{write.data("curve", curve.name)} class="{look}" points="{coordinates(curve.shown(step))}"/>'
    return line if dot is None else line + f'<path class="{look} dot" d="M{coordinates(dot[None])}h0"/>'


def _shape(scene: Scene, frame: Frame, number: int, write: Texts) -> str:
    shape, points = scene.shapes[number], frame.points[number]
    hidden = ' visibility="hidden"' if points is None else ""
    where = "" if points is None else coordinates(points)
    tag = "polygon" if shape.closed else "polyline"
    return f'<{tag}{write.data("shape", shape.name)} class="r-{shape.role}" points="{where}"{hidden}/>'
