"""What is said of two pictures that are compared: over each, what tells it apart; and the sentence of each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from convviz.scene.differing import Told
from convviz.scene.layout import TITLE, text_width
from convviz.scene.marks import Label
from convviz.scene.pacing import Pace
from convviz.scene.scales import HEAT
from convviz.scene.scene import Scene
from convviz.scene.timeline import Equation, Sentences
from convviz.text import places, say

LINE, SIZE = 0.82, 0.5
"""From one line to the next, and how large its letters are, in cells."""

NARROWEST = 14.0
"""The least room of a line: what stands in a narrow picture may be wider than it."""

BETWEEN = " · "
"""What stands between two things."""


class Line(NamedTuple):
    """A line: its text, and its role, which is one of WORDS."""

    text: str
    role: str


def lines(letter: str, said: list[Told], side: int, scene: Scene, zoom: float, language: str) -> list[Line]:
    """What is written over a picture: the letter and what differs; then, pale, what is the same in both.

    zoom: how much larger than usual its letters are.
    """
    told = [one for one in said if one.texts[side]]
    differing = [one.texts[side] for one in told if one.differs]
    same = [one.texts[side] for one in told if not one.differs]
    if same:
        same[0] = say("compare.both", language, said=same[0])
    first = [f"{letter}:\u00a0{differing[0]}", *differing[1:]] if differing else [letter]
    left, _, right, _ = scene.bounds
    room = max((right - left) / zoom, NARROWEST)
    return [Line(text, role) for texts, role in ((first, "title"), (same, "axis")) for text in _wrapped(texts, room)]


def _wrapped(texts: list[str], room: float) -> list[str]:
    """Texts joined, in as many lines as they need."""
    found: list[str] = []
    for text in texts:
        longer = f"{found[-1]}{BETWEEN}{text}" if found else text
        if found and text_width(longer, SIZE) <= room:
            found[-1] = longer
        else:
            found.append(text)
    return found


def headed(scene: Scene, head: list[Line], count: int, zoom: float) -> Scene:
    """A picture with lines over it, which take the room of so many lines."""
    left, top, _, _ = scene.bounds
    labels = [
        Label(f"head:{n}", line.role, (left, top - (count - n - 0.1) * LINE * zoom), line.text, "start", SIZE * zoom)
        for n, line in enumerate(head)
    ]
    return replace(scene, labels=(*scene.labels, *labels))


def zoom_of(scene: Scene) -> float:
    """How much larger than usual the letters of a picture are."""
    return max([1.0, *(label.size / TITLE for label in scene.labels if label.role == "title")])


def told_of(halves: Sequence[Scene], pace: Pace, language: str) -> Sentences | None:
    """The sentence of each step: what both have at a place; where steps are none of outputs, what is said of B."""
    own, texts = halves[1].sentences, [_results(half) for half in halves]
    columns = dict(own.columns) if own else {}
    if pace.places is None or pace.places.shape[1] > 3 or not all(texts):
        if own is None:
            return None
        of = say("compare.of", language).replace("{letter}", say("compare.b", language))
        return replace(own, templates=tuple(of.replace("{said}", said) for said in own.templates))
    names = ("slice", "row", "column")[-pace.places.shape[1] :]
    columns |= {name: (column + 1).tolist() for name, column in zip(names, pace.places.T, strict=True)}
    columns |= {name: list(found) for name, found in zip(("in_a", "in_b"), texts, strict=True)}
    same = np.array([a == b for a, b in zip(*texts, strict=True)])
    chosen = np.select([~pace.has[1], ~pace.has[0], same], [2, 3, 1], 0)
    place, kinds = say(f"compare.place{len(names)}d", language), ("differ", "same", "only_a", "only_b")
    templates = tuple(say(f"compare.{kind}", language).replace("{place}", place) for kind in kinds)
    return Sentences(templates, chosen.astype(np.int64), columns)


def sums(part: Scene, letter: str, language: str) -> tuple[Equation, ...]:
    """The sums of a part, each after its letter and with what fills its places."""
    columns = part.sentences.columns if part.sentences else {}
    found = []
    for one in part.equations:
        head = say("compare.of", language).replace("{letter}", letter).replace("{said}", one.head)
        named = places(head) | places(one.tail)
        found.append(replace(one, head=head, columns={n: c for n, c in columns.items() if n in named} | one.columns))
    return tuple(found)


def _results(half: Scene) -> list[str]:
    """What each step has written: the outputs, in brackets where there are several; nothing for stamps and counts."""
    if "current" not in half.track or any(grid.name == "sum" for grid in half.grids):
        return []
    texts = np.array([text for grid in half.grids for text in grid.texts], dtype=object)
    marks = half.track["current"].marks
    if (marks.max(axis=1) < 0).any() or (half.roles[marks[marks >= 0]] == HEAT).any():
        return []
    if marks.shape[1] == 1:
        return texts[marks[:, 0]].tolist()
    return [f"({', '.join(texts[row[row >= 0]])})" for row in marks]
