"""softmax: ten scores become probabilities: each is a power of e, and that power's share of the sum of all ten.

First the ten powers, a step each, then their sum, then the ten shares.
"""

from __future__ import annotations

import numpy as np

from convviz.layers.linear import Array
from convviz.layers.reader import CLASSES
from convviz.run import Run
from convviz.scene.canvas import factor
from convviz.scene.compose import spoken
from convviz.scene.layout import TITLE, Layout
from convviz.scene.links import Link
from convviz.scene.marks import Ints, Label
from convviz.scene.parts import target_outline
from convviz.scene.reader import DENSE, HIGH, SOFTMAX, Boards, named, percents, reader_in, refuse_others, scores
from convviz.scene.roles import ROLES
from convviz.scene.scene import Scene
from convviz.scene.strokes import Curve
from convviz.scene.timeline import Equation, Sentences
from convviz.scene.view import Narrow, Stacks, View
from convviz.text import say

NUMBER, APART, NAMED, BAR = (2.6, 0.95), 1.5, 0.9, 6.0
"""A number's width and height, the gap between columns, the room of the digits, and the bar of one, in cells."""

TALL = CLASSES * NUMBER[1]
STEPS = 2 * CLASSES + 1


def softmax(run: Run, language: str = "en") -> Scene:
    """Lay out how a run's scores become probabilities."""
    boards, given = Boards(Layout(language), run), run.values[DENSE]
    powers = np.exp((given - given.max()).astype(np.float64))
    left = NAMED
    for n in range(CLASSES):
        at = (left - 0.25, (n + 0.5) * NUMBER[1])
        boards.layout.labels.append(Label(f"digit:{n}", "axis", at, str(n), "end", TITLE))
    boards.lay(DENSE, [(left, 0.0)], NUMBER, None, (CLASSES, 1), scores(run))
    cells = [boards.found[DENSE].cells]
    _head(boards, "scores", left)
    left = _next(boards, left)
    cells.append(_column(boards, "powers", left, powers, np.arange(CLASSES)))
    left = _next(boards, left)
    cells.append(_column(boards, "sum", left, powers.sum(keepdims=True), np.array([CLASSES])))
    left = _next(boards, left)
    born = CLASSES + 1 + np.arange(CLASSES)
    boards.lay(SOFTMAX, [(left, 0.0)], NUMBER, born, (CLASSES, 1), percents(run.output), True)
    cells.append(boards.found[SOFTMAX].cells)
    _head(boards, "shares", left)
    read, written = _steps(cells)
    return Scene(
        reader_in(run).kind,
        "softmax",
        STEPS,
        CLASSES,
        tuple(boards.layout.grids),
        (
            named("window", read, "window", "source"),
            named("terms", [row[:1] if len(row) == 2 else row for row in read]),
            named("current", written, "current", "target"),
        ),
        (target_outline(),),
        tuple(boards.layout.labels),
        sentences=_sentences(run, powers, language),
        equations=(_equation(run, powers),),
        links=_links(cells),
        curves=_bars(run.output, left + NUMBER[0] + 0.3),
    )


def _next(boards: Boards, left: float) -> float:
    """Where the next column begins, behind an arrow."""
    boards.arrow(left + NUMBER[0] + APART / 2, TALL / 2)
    return left + NUMBER[0] + APART


def _head(boards: Boards, name: str, left: float) -> None:
    boards.layout.labels.append(
        Label(f"title:{name}", "title", (left + NUMBER[0] / 2, -0.6), say(f"softmax.{name}", boards.layout.language))
    )


def _column(boards: Boards, name: str, left: float, values: Array, born: Ints) -> Ints:
    """A column of numbers that belong to no node of the network, level with the middle; returns its cells."""
    top = (TALL - len(values) * NUMBER[1]) / 2
    _head(boards, name, left)
    grid = boards.layout.grid(
        name,
        (left, top),
        (len(values), 1),
        np.full(len(values), ROLES.index("product")),
        _powers(values),
        lattice=((NUMBER[0], 0.0), (0.0, NUMBER[1])),
        born=born,
        text_size=HIGH * NUMBER[1] / NUMBER[0],
        values=None if len(values) == 1 else values.round(4),
    )
    return grid.first + np.arange(len(values))


def _largest(run: Run) -> str:
    """The largest score as it is written."""
    return scores(run)[int(run.values[DENSE].argmax())]


def _powers(values: Array) -> list[str]:
    """Powers of e of numbers that are none above 0, with four decimals."""
    return [f"{power:.4f}" for power in np.ravel(values).tolist()]


def _steps(cells: list[Ints]) -> tuple[list[Ints], list[Ints]]:
    """What each step reads and what it writes."""
    given, powers, total, shares = cells
    read = [*given[:, None], powers, *(np.append(one, total) for one in powers)]
    return read, [*powers[:, None], total, *shares[:, None]]


def _links(cells: list[Ints]) -> tuple[Link, ...]:
    given, powers, total, shares = cells
    return (
        Link(powers, given[:, None]),
        Link(total, powers[None]),
        Link(shares, np.stack([powers, np.repeat(total, CLASSES)], axis=1)),
    )


def _equation(run: Run, powers: Array) -> Equation:
    """e to the power of a score less the largest one; the sum; a hundred times the share of it."""
    most, total = factor(_largest(run)), _powers(powers.sum())[0]
    heads = ["exp("] * CLASSES + [""] + ["100·"] * CLASSES
    tails = [f" − {most})"] * CLASSES + [""] + [f" ÷ {total}"] * CLASSES
    return Equation("terms", "", "current", "{head}", " + ", "{tail}", columns={"head": heads, "tail": tails})


def _bars(shares: Array, left: float) -> tuple[Curve, ...]:
    """A bar for each probability, which comes with its number."""
    found = [Curve("zero", "rule", np.array([[left, 0.0], [left, TALL]]))]
    for n, share in enumerate(shares.tolist()):
        y = (n + 0.5) * NUMBER[1]
        points = np.array([[left, y], [left + BAR * share, y]])
        until = np.where(np.arange(STEPS) < CLASSES + 1 + n, 0, 2)
        found.append(Curve(f"bar:{n}", "hue1", points, until, pen=8))
    return tuple(found)


def _sentences(run: Run, powers: Array, language: str) -> Sentences:
    """What becomes of each score."""
    digits = list(range(CLASSES))
    told = _powers(powers)
    most, total, zeros = _largest(run), _powers(powers.sum())[0], np.zeros(CLASSES, dtype=np.int64)
    first: dict[str, list[object]] = {
        "digit": [*digits],
        "score": [*scores(run)],
        "most": [most] * CLASSES,
        "total": [*told],
    }
    last: dict[str, list[object]] = {
        "digit": [*digits],
        "power": [*told],
        "sum": [total] * CLASSES,
        "total": [*percents(run.output)],
    }
    found = spoken(
        [
            Sentences((say("softmax.says.power", language),), zeros, first),
            Sentences((say("softmax.says.sum", language),), zeros[:1], {"count": [CLASSES], "total": [total]}),
            Sentences((say("softmax.says.share", language),), zeros, last),
        ]
    )
    assert found is not None
    return found


refuse = refuse_others("softmax")


VIEW = View(
    "softmax",
    softmax,
    refuse,
    aspect=0.38,
    narrow=Narrow(tall=1.35),
    stacks=Stacks(softmax, refuse, values=True, alone=True),
    compares=False,
)
