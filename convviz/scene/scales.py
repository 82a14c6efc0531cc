"""One scale of tones for two pictures: a value has the same colour in both, and so has a count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from convviz.scene.marks import Grid, Ints, Scale
from convviz.scene.roles import ROLES, SCALES
from convviz.scene.scene import Scene
from convviz.scene.timeline import Events, StepTexts
from convviz.scene.tones import board_tones, toned

Key = tuple[str, int]
"""A board's name, and which of those of that name it is."""

HEAT = ROLES.index("heat")


def keyed(grids: tuple[Grid, ...]) -> Iterator[tuple[Key, Grid]]:
    """The grids of a picture, each with the key by which its counterpart in another picture is found."""
    seen: dict[str, int] = defaultdict(int)
    for grid in grids:
        yield (grid.name, seen[grid.name]), grid
        seen[grid.name] += 1


def alike(one: Scene, other: Scene) -> tuple[Scene, Scene]:
    """Two pictures whose corresponding boards have the same scale: the wider one of both.

    Boards of one picture that share a scale share the new one.

    >>> import convviz as cv
    >>> small, large = (cv.scene(cv.trace(cv.Conv(3, 2), x=[[[n] * 3] * 3])) for n in (1, 9))
    >>> [grid.scale.most for scene in alike(small, large) for grid in scene.grids if grid.name == "canvas"]
    [9, 9]
    """
    widest = _widest(one, other)
    counts = _most_counts(one, other)
    return _retoned(one, widest, counts), _retoned(other, widest, counts)


def _widest(*scenes: Scene) -> dict[int, Scale]:
    """The widest scale that belongs with each, by its id: a counterpart's, and that of what shares a scale with it."""
    groups: list[set[int]] = []
    scales: dict[int, Scale] = {}
    counterparts: dict[Key, set[int]] = defaultdict(set)
    for scene in scenes:
        for key, grid in keyed(scene.grids):
            if grid.scale is not None:
                scales[id(grid.scale)] = grid.scale
                counterparts[key].add(id(grid.scale))
    for found in counterparts.values():
        joined = [group for group in groups if group & found]
        groups = [group for group in groups if not group & found] + [found.union(*joined)]
    return {one: max((scales[n] for n in group), key=lambda scale: scale.most) for group in groups for one in group}


def _most_counts(*scenes: Scene) -> dict[Key, int]:
    """The greatest count on each board of counts and on its counterpart."""
    found: dict[Key, int] = defaultdict(lambda: 1)
    for scene in scenes:
        for key, grid in keyed(scene.grids):
            if counted(grid):
                found[key] = max(found[key], *(int(grid.texts[n]) for n in np.flatnonzero(grid.roles == HEAT).tolist()))
    return found


def counted(grid: Grid) -> bool:
    """Whether a board shows counts as numbers: where a cell stands for many, it shows none."""
    cells = np.flatnonzero(grid.roles == HEAT).tolist()
    return bool(cells) and all(grid.texts[n] for n in cells)


def _retoned(scene: Scene, widest: dict[int, Scale], counts: dict[Key, int]) -> Scene:
    """A picture on other scales; boards that share one object share one in it, and no two others do."""
    new = {one: Scale(scale.most, scale.text) for one, scale in widest.items()}

    def grid(key: Key, one: Grid) -> Grid:
        if counted(one):
            return replace(one, levels=_levels(one, counts[key]))
        if one.scale is None:
            return one
        scale = new[id(one.scale)]
        tones, _ = (one.tones, None) if one.values is None else board_tones(np.asarray(one.values), one.roles, scale)
        return replace(one, tones=tones, scale=scale)

    def told(one: StepTexts) -> StepTexts:
        scale = scene.grid_of(int(one.marks[0])).scale
        if one.tones is None or scale is None or one.values is None:
            return one
        return replace(one, tones=np.where(one.tones > 0, toned(one.values, new[id(scale)]), 0))

    return replace(
        scene,
        grids=tuple(grid(key, one) for key, one in keyed(scene.grids)),
        step_texts=tuple(map(told, scene.step_texts)),
        events=scene.events and _events(scene, scene.events, new),
    )


def _levels(grid: Grid, most: int) -> Ints:
    """The levels of a board of counts, up to the greatest count of both pictures; other cells keep theirs."""
    assert grid.levels is not None
    levels = grid.levels.copy()
    for n in np.flatnonzero(grid.roles == HEAT).tolist():
        levels[n] = -(-int(grid.texts[n]) * (SCALES["heat"] - 1) // most)
    return levels


def _events(scene: Scene, events: Events, new: dict[int, Scale]) -> Events:
    if events.tones is None or events.values is None or not len(events.marks):
        return events
    scale = scene.grid_of(int(events.marks[0])).scale
    return events if scale is None else replace(events, tones=toned(events.values, new[id(scale)]))
