"""A picture without words, for where it is small or where others speak of it: its boards, and what moves on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from convviz.scene.marks import Grid, Image, Ints
from convviz.scene.scene import Scene
from convviz.scene.timeline import Events, StepTexts, Track

PIXELS = 48
"""The most pixels on a side of an image."""


def bare(scene: Scene, *boards: str, numbers: bool = True) -> Scene:
    """A scene without titles, scales, sentences, sums and notes.

    boards: the names of those that stay, with the tracks and outlines that are on them alone; all of them where none is
    named. numbers: whether the cells keep theirs; their tones stay. Raises ValueError for a board that the scene does
    not have.

    >>> import convviz as cv
    >>> picture = cv.scene(cv.Conv(4, 3))
    >>> [grid.name for grid in bare(picture).grids], bare(picture, "output").cells
    (['canvas', 'kernel', 'product', 'total', 'output'], 4)
    """
    if missing := set(boards) - {grid.name for grid in scene.grids}:
        raise ValueError(f"there is no board {', '.join(sorted(missing))}")
    grids = tuple(grid for grid in scene.grids if not boards or grid.name in boards)
    place = _places(scene, grids)
    tracks = tuple(replace(t, marks=place[t.marks]) for t in _seen(scene) if (place[t.marks] >= 0).any())
    names = {track.name for track in tracks}
    whole = len(grids) == len(scene.grids)
    return replace(
        scene,
        grids=tuple(_plain(grid, int(place[grid.first]), numbers) for grid in grids),
        tracks=tracks,
        shapes=tuple(s for s in scene.shapes if all(anchor.track in names for anchor in s.anchors)),
        labels=tuple(label for label in scene.labels if whole and label.role == "sign"),
        step_texts=tuple(_told(one, place, names, numbers) for one in _kept(scene.step_texts, numbers)),
        events=_events(scene.events, place, numbers) if scene.events else None,
        order=tuple(name for name in scene.order if name in names),
        sentences=None,
        equations=(),
        formulas=(),
        links=(),
        notes=(),
        curves=scene.curves if whole else (),
        edges=scene.edges if whole else (),
        images=_images(scene, grids),
        lens=None,
        grip=None,
        details=(),
    )


def _seen(scene: Scene) -> list[Track]:
    """The tracks by which something is seen to move: those of states, of outlines, of what is written in turn, and of
    edges."""
    anchored = {anchor.track for shape in scene.shapes for anchor in shape.anchors}
    like = {told.like for told in scene.step_texts}
    names = anchored | like | {*scene.order} | {edges.track for edges in scene.edges}
    return [track for track in scene.tracks if track.state or track.name in names]


def _images(scene: Scene, grids: tuple[Grid, ...]) -> tuple[Image, ...]:
    """The images under the grids that stay, which have other numbers by now."""
    under = [(image, scene.grids[image.grid]) for image in scene.images]
    return tuple(_small(image, grids.index(grid)) for image, grid in under if grid in grids)


def _small(image: Image, grid: int) -> Image:
    """An image of few pixels."""
    rows, columns = image.size
    step = -(-max(rows, columns) // PIXELS)
    tall, wide = max(rows // step, 1), max(columns // step, 1)
    mean = image.pixels[: tall * step, : wide * step].reshape(tall, -1, wide, min(step, columns), image.pixels.shape[2])
    cut = None if image.cut is None else image.cut // step
    return replace(image, grid=grid, pixels=np.rint(mean.mean(axis=(1, 3))).astype(np.uint8), cut=cut)


def _places(scene: Scene, grids: tuple[Grid, ...]) -> Ints:
    """(cells + 1,): the new number of every cell, -1 where it goes; the last is for the mark -1."""
    place, first = np.full(scene.cells + 1, -1), 0
    for grid in grids:
        place[grid.first : grid.first + grid.count] = np.arange(first, first + grid.count)
        first += grid.count
    return place


def _plain(grid: Grid, first: int, numbers: bool) -> Grid:
    texts = grid.texts if numbers else ("",) * grid.count
    return replace(grid, first=first, texts=texts, scale=None, editable=None)


def _kept(step_texts: tuple[StepTexts, ...], numbers: bool) -> list[StepTexts]:
    """Those of which something stays."""
    return [one for one in step_texts if numbers or one.tones is not None]


def _told(one: StepTexts, place: Ints, tracks: set[str], numbers: bool) -> StepTexts:
    """The texts of the cells that stay, or their tones alone; what is said by a track that has gone is said by none."""
    stays = np.flatnonzero(place[one.marks] >= 0)
    texts = np.array(one.texts, dtype=object).reshape(-1, len(one.marks))[:, stays].ravel().tolist() if numbers else []
    tones = None if one.tones is None else one.tones[:, stays]
    return StepTexts(place[one.marks[stays]], texts, tones, one.like if numbers and one.like in tracks else "")


def _events(events: Events, place: Ints, numbers: bool) -> Events | None:
    stays = np.flatnonzero(place[events.marks] >= 0)
    if not len(stays) or not (numbers or events.tones is not None):
        return None
    tones = None if events.tones is None else events.tones[stays]
    texts = [events.texts[n] if numbers else "" for n in stays.tolist()]
    return Events(events.steps[stays], place[events.marks[stays]], texts, tones)
