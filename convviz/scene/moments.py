"""What happens inside a step: the window has come, then one part after another is written, or one term after another.

A scene's `order` names the tracks whose cells are written one after the other: the products, their sum, the output.
Where there are several sums, as of several maps, each counts its own equal share of the terms, all at the same time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convviz.scene.canvas import number

if TYPE_CHECKING:
    from convviz.scene.scene import Scene

PACES = ("steps", "first", "terms")
"""How a picture is gone through: each step at once; the first one term by term; each one term by term."""

TERM_MS = 250
"""Milliseconds that a moment stays where a step is shown term by term."""

WHOLE = re.compile(r"−?\d+")


@dataclass(frozen=True)
class Moment:
    """How far a step has come.

    parts: how many parts of the scene's order are written whole; terms: of the next part, how many terms of each sum,
    the part after it counting them; None where it is not begun.
    """

    parts: int
    terms: int | None = None


def moments(scene: Scene, t: int, slowly: bool = False) -> list[Moment]:
    """The moments of step t before it is whole; slowly: term by term."""
    parts = len(scene.order)
    if not slowly or parts < 3:
        return [Moment(n) for n in range(parts)]
    terms, counters = (int((scene.track[name].marks[t] >= 0).sum()) for name in scene.order[:2])
    return [*(Moment(0, n) for n in range(terms // counters + 1)), *(Moment(n) for n in range(2, parts))]


def unfolded(scene: Scene, pace: str) -> Iterator[tuple[int, Moment | None]]:
    """All that is shown one after the other at one of PACES: (step, moment), with None for the whole step."""
    for t in range(scene.steps):
        if pace == "terms" or (pace == "first" and t == 0):
            yield from ((t, moment) for moment in moments(scene, t, slowly=True))
        yield t, None


def count_unfolded(scene: Scene, pace: str) -> int:
    """How many that are, without going through them.

    >>> import convviz as cv
    >>> picture = cv.scene(cv.Conv(4, 3))
    >>> [count_unfolded(picture, pace) for pace in PACES]
    [4, 15, 48]
    """
    slow = {"steps": 0, "first": 1, "terms": scene.steps}[pace]
    parts = len(scene.order)
    if parts < 3:
        return scene.steps + slow * parts
    terms, counters = ((scene.track[name].marks[:slow] >= 0).sum(axis=1) for name in scene.order[:2])
    return scene.steps + int((terms // counters).sum()) + slow * (parts - 1)


def pair(scene: Scene, t: int, moment: Moment) -> list[int]:
    """The cells of the terms that a moment adds: their products, and what is multiplied for the first of them."""
    if not moment.terms or not scene.equations:
        return []
    row, counters = (scene.track[name].marks[t] for name in scene.order[:2])
    columns = np.argsort(np.where(row >= 0, row, scene.cells), kind="stable")
    share = int((row >= 0).sum()) // int((counters >= 0).sum())
    column = int(columns[moment.terms - 1])
    ends = [scene.track[name].marks[t] for name in (scene.equations[0].left, scene.equations[0].right) if name]
    added = [int(row[n]) for n in columns[moment.terms - 1 : int((row >= 0).sum()) : share]]
    return list(dict.fromkeys([*added, *(int(marks[column]) for marks in ends if marks[column] >= 0)]))


def veil(scene: Scene, t: int, moment: Moment) -> tuple[list[int], dict[int, str]]:
    """The cells that are not yet written at a moment, and the texts of those that count meanwhile."""
    rows = [scene.track[name].marks[t].tolist() for name in scene.order[moment.parts :]]
    if moment.terms is None or len(rows) < 2:
        return [mark for row in rows for mark in row if mark >= 0], {}
    terms, counters, *others = ([mark for mark in row if mark >= 0] for row in rows)
    terms, share = sorted(terms), len(terms) // len(counters)  # in the order of reading
    hidden = [mark for n, mark in enumerate(terms) if n % share >= moment.terms]
    hidden += [mark for row in others for mark in row]
    texts = scene.texts_at(t)
    added = [[texts[mark] for mark in terms[n * share :][: moment.terms]] for n in range(len(counters))]
    return hidden, dict(zip(counters, map(counted, added), strict=True))


def counted(texts: list[str]) -> str:
    """What numbers, given as they are shown, add up to, as it is shown; "" for none. Cells without one count nothing.

    >>> counted(["3", "−5", ""]), counted(["0.5", "1.25"]), counted([])
    ('−2', '1.75', '')
    """
    terms = [text for text in texts if text]
    if not texts:
        return ""
    plain = [text.replace("−", "-") for text in terms]
    if all(WHOLE.fullmatch(text) for text in terms):
        return number(sum(map(int, plain)))
    text = f"{sum(map(float, plain)):.3f}".rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace("-", "−")
