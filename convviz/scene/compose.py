"""Scenes of scenes: several pictures in one, beside or above one another, stepping together or one after the other."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, chain, pairwise

import numpy as np

from convviz.scene.layout import GAP, ROW_GAP, text_width
from convviz.scene.links import Link
from convviz.scene.marks import Grid, Image, Ints, Label, Shape
from convviz.scene.scene import Scene
from convviz.scene.strokes import Curve, Edges
from convviz.scene.timeline import Equation, Events, Sentences


def beside(
    *scenes: Scene, sign: str = "", gap: float = GAP, joined: bool = False, told: int = 0, linked: bool = False
) -> Scene:
    """Scenes from left to right, their middles level; `sign` stands between them.

    joined: the steps of one follow those of the one before; else all show the same step, and have equally many. told:
    which scene's sentence and arithmetic stand beside the picture where all step together; linked: what one scene
    writes at a step is made of what all of them read at it.

    >>> import convviz as cv
    >>> one = cv.scene(cv.Conv(4, 3))
    >>> beside(one, one).steps, beside(one, one, joined=True).steps, beside(one, one).cells == 2 * one.cells
    (4, 8, True)
    """
    return _composed(scenes, 0, sign, gap, joined, told, linked)


def above(
    *scenes: Scene,
    sign: str = "",
    gap: float = ROW_GAP,
    joined: bool = False,
    told: int = 0,
    linked: bool = False,
    columns: bool = False,
) -> Scene:
    """Scenes from top to bottom, their middles in line, or each of their `columns`; otherwise as `beside`."""
    scenes = tuple(in_columns(*scenes)) if columns else scenes
    return _composed(scenes, 1, sign, gap, joined, told, linked, level=not columns)


def in_columns(*scenes: Scene) -> list[Scene]:
    """Scenes whose boards stand in the same columns when they are above one another.

    A column is what stands between two signs; each becomes as wide as the widest of its boards.
    """
    found = [_columns(scene) for scene in scenes]
    widths = [max(right - left for left, right in boxes) for boxes in zip(*found, strict=True)]
    gaps = [b[0] - a[1] for columns in found for a, b in pairwise(columns)]
    gap = max(gaps, default=GAP)
    starts = list(accumulate((width + gap for width in widths), initial=0.0))
    middles = [start + width / 2 for start, width in zip(starts, widths, strict=False)]
    return [_spread(scene, columns, middles, starts, gap) for scene, columns in zip(scenes, found, strict=True)]


def _signs(scene: Scene) -> list[float]:
    return sorted(label.at[0] for label in scene.labels if label.role == "sign")


def _columns(scene: Scene) -> list[tuple[float, float]]:
    """Left and right of what stands between the signs of a scene."""
    signs = _signs(scene)
    boxes = [(min(x for x, _ in g.extent.tolist()), max(x for x, _ in g.extent.tolist())) for g in scene.grids]
    halves = [(label.at[0], text_width(label.text, label.size) / 2) for label in scene.labels if label.role != "sign"]
    boxes += [(x - half, x + half) for x, half in halves]
    places = [bisect(signs, (left + right) / 2) for left, right in boxes]
    each = [[box for box, place in zip(boxes, places, strict=True) if place == n] for n in range(len(signs) + 1)]
    return [(min(left for left, _ in column), max(right for _, right in column)) for column in each]


def _spread(
    scene: Scene, columns: list[tuple[float, float]], middles: list[float], starts: list[float], gap: float
) -> Scene:
    """A scene whose columns have these middles; each sign stands in the gap before the column that it led to."""
    signs = _signs(scene)
    by = [middle - (left + right) / 2 for middle, (left, right) in zip(middles, columns, strict=True)]

    def label(one: Label) -> Label:
        x, y = one.at
        if one.role == "sign":
            return replace(one, at=(starts[signs.index(x) + 1] - gap / 2, y))
        return replace(one, at=(x + by[bisect(signs, x)], y))

    grids = (_moved_grid(g, (by[bisect(signs, g.outline.mean(axis=0)[0])], 0.0), 0) for g in scene.grids)
    return replace(scene, grids=tuple(grids), labels=tuple(map(label, scene.labels)))


def _composed(
    scenes: Sequence[Scene],
    axis: int,
    sign: str,
    gap: float,
    joined: bool,
    told: int,
    linked: bool,
    level: bool = True,
) -> Scene:
    """One scene of several, laid out along an axis: 0 across, 1 down; across it, level, or each where it is."""
    steps = [scene.steps for scene in scenes]
    if not joined and len(set(steps)) > 1:
        raise ValueError(f"scenes that step together have equally many steps, not {steps}")
    parts, labels = _laid(scenes, axis, sign, gap, linked, level)
    if not joined:
        return merged(parts, labels, parts[told])
    whole = [_stretched(part, sum(steps[:n]), sum(steps)) for n, part in enumerate(parts)]
    one = replace(whole[told], steps=sum(steps), sentences=spoken([part.sentences for part in whole]))
    return merged(whole, labels, one)


def _laid(
    scenes: Sequence[Scene], axis: int, sign: str, gap: float, linked: bool, level: bool
) -> tuple[list[Scene], list[Label]]:
    """The scenes in their places along an axis, and the signs between them."""
    boxes = [(s.bounds[:2], (s.bounds[2] - s.bounds[0], s.bounds[3] - s.bounds[1])) for s in scenes]
    breadth = max(size[1 - axis] for _, size in boxes)
    parts, labels, at, first = [], [], 0.0, 0
    for n, (scene, (corner, size)) in enumerate(zip(scenes, boxes, strict=True)):
        beside_it = (breadth - size[1 - axis]) / 2 if level else corner[1 - axis]
        where = (at, beside_it) if axis == 0 else (beside_it, at)
        by = (where[0] - corner[0], where[1] - corner[1])
        parts.append(placed(scene, by, first, f"{n}." if n else "", 0 if linked else n))
        at += size[axis] + gap
        first += scene.cells
        if sign and n < len(scenes) - 1:
            middle = (at - gap / 2, breadth / 2) if axis == 0 else (breadth / 2, at - gap / 2)
            labels.append(Label(f"sign:{n}", "sign", middle, sign, "middle", 0.7))
    return parts, labels


def merged(parts: list[Scene], labels: list[Label], one: Scene) -> Scene:
    """One scene with the marks of all parts; its steps and words are those of `one`."""
    return replace(
        one,
        grids=tuple(chain.from_iterable(part.grids for part in parts)),
        tracks=tuple(chain.from_iterable(part.tracks for part in parts)),
        shapes=tuple(chain.from_iterable(part.shapes for part in parts)),
        labels=(*chain.from_iterable(part.labels for part in parts), *labels),
        curves=tuple(chain.from_iterable(part.curves for part in parts)),
        edges=tuple(chain.from_iterable(part.edges for part in parts)),
        step_texts=tuple(chain.from_iterable(part.step_texts for part in parts)),
        notes=tuple(chain.from_iterable(part.notes for part in parts)),
        links=tuple(chain.from_iterable(part.links for part in parts)),
        events=_events([part.events for part in parts if part.events]),
        images=_images(parts),
        lens=None,
        grip=None,
    )


def _images(parts: list[Scene]) -> tuple[Image, ...]:
    """The images of all parts, each under its grid."""
    firsts = accumulate((len(part.grids) for part in parts), initial=0)
    pairs = zip(parts, firsts, strict=False)
    return tuple(replace(image, grid=image.grid + first) for part, first in pairs for image in part.images)


def _moved_curve(curve: Curve, by: tuple[float, float], first: int, prefix: str) -> Curve:
    cell = curve.cell + first if curve.cell >= 0 else -1
    return replace(curve, name=prefix + curve.name, points=curve.points + by, cell=cell)


def placed(scene: Scene, by: tuple[float, float], first: int, prefix: str, part: int) -> Scene:
    """A scene moved, its cells numbered from `first`, and its tracks and shapes named with a prefix."""
    return replace(
        scene,
        grids=tuple(_moved_grid(grid, by, first) for grid in scene.grids),
        tracks=tuple(
            replace(t, name=prefix + t.name, marks=_later(t.marks, first), part=t.part or part) for t in scene.tracks
        ),
        shapes=tuple(_renamed(shape, prefix) for shape in scene.shapes),
        labels=tuple(replace(label, at=(label.at[0] + by[0], label.at[1] + by[1])) for label in scene.labels),
        curves=tuple(_moved_curve(curve, by, first, prefix) for curve in scene.curves),
        edges=tuple(Edges(e.sources + first, e.targets + first, prefix + e.track) for e in scene.edges),
        step_texts=tuple(
            replace(one, marks=one.marks + first, like=one.like and prefix + one.like) for one in scene.step_texts
        ),
        notes=tuple(replace(one, track=prefix + one.track) for one in scene.notes),
        order=tuple(prefix + name for name in scene.order),
        links=tuple(Link(_later(link.targets, first), _later(link.sources, first)) for link in scene.links),
        events=replace(scene.events, marks=scene.events.marks + first) if scene.events else None,
        equations=tuple(_renamed_equation(equation, prefix) for equation in scene.equations),
    )


def _later(marks: Ints, first: int) -> Ints:
    return np.where(marks >= 0, marks + first, -1)


def _moved_grid(grid: Grid, by: tuple[float, float], first: int) -> Grid:
    return replace(grid, first=grid.first + first, corner=(grid.corner[0] + by[0], grid.corner[1] + by[1]))


def _renamed(shape: Shape, prefix: str) -> Shape:
    anchors = tuple(replace(anchor, track=prefix + anchor.track) for anchor in shape.anchors)
    return replace(shape, name=prefix + shape.name, anchors=anchors)


def _renamed_equation(equation: Equation, prefix: str) -> Equation:
    named = {end: prefix + getattr(equation, end) for end in ("left", "right", "result") if getattr(equation, end)}
    return replace(equation, **named)


def _stretched(scene: Scene, before: int, steps: int) -> Scene:
    """A scene of `steps` steps, its own starting after `before` others; nothing happens before and after."""

    def grid(one: Grid) -> Grid:
        return one if one.born is None else replace(one, born=one.born + before)

    events = scene.events and replace(scene.events, steps=scene.events.steps + before)
    return replace(
        scene,
        grids=tuple(map(grid, scene.grids)),
        tracks=tuple(track.within(before, steps) for track in scene.tracks),
        step_texts=tuple(told.within(before, steps) for told in scene.step_texts),
        notes=tuple(note.within(before, steps) for note in scene.notes),
        curves=tuple(curve.within(before, steps) for curve in scene.curves),
        equations=tuple(equation.within(before, steps) for equation in scene.equations),
        events=events,
    )


def _events(parts: list[Events]) -> Events | None:
    """The events of several scenes in the order of their steps."""
    if not parts:
        return None
    steps = np.concatenate([part.steps for part in parts])
    order = np.argsort(steps, kind="stable")
    texts = list(chain.from_iterable(part.texts for part in parts))
    marks = np.concatenate([part.marks for part in parts])
    tones = np.concatenate([np.zeros(len(p.marks), dtype=np.int64) if p.tones is None else p.tones for p in parts])
    return Events(steps[order], marks[order], [texts[n] for n in order.tolist()], tones[order])


def spoken(parts: Sequence[Sentences | None]) -> Sentences | None:
    """The sentences of one scene, then those of the next."""
    said = [part for part in parts if part is not None]
    if len(said) < len(parts):
        return None
    names = {name for part in said for name in part.columns}
    columns: dict[str, list[object]] = {}
    for name in sorted(names):
        usual = next(part.columns[name][0] for part in said if name in part.columns)
        columns[name] = [v for p in said for v in p.columns.get(name, [usual] * len(p.chosen))]
    starts = np.cumsum([0, *(len(part.templates) for part in said)])
    chosen = np.concatenate([part.chosen + start for part, start in zip(said, starts, strict=False)])
    return Sentences(tuple(chain.from_iterable(part.templates for part in said)), chosen, columns)
