"""A beat's question: what its picture hides meanwhile, which answers there are, and what is said to each of them.

The player checks an answer by itself, so that it needs no server; what is right, and what each mistake gives, is
computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from convviz.lessons import LESSONS
from convviz.lessons.facts import facts
from convviz.lessons.lesson import Beat, Prediction
from convviz.lessons.questions import SUBJECTS, Answer, Case, Cells, Subject, mistaken
from convviz.page.state import State, setting
from convviz.scene.canvas import number
from convviz.scene.scene import Scene
from convviz.text import say

DECIMALS = 2
"""The most decimals of an answer."""


class Asked(NamedTuple):
    """A question in the state that its beat sets."""

    state: State
    beat: Beat
    ask: Prediction

    @property
    def subject(self) -> Subject:
        return SUBJECTS[self.ask.about]

    @property
    def case(self) -> Case:
        return Case(self.state.layer, self.state.step, self.state.ran)

    def says(self, key: str, **numbers: object) -> str:
        """Words of the lesson, with the facts of what is shown."""
        return say(key, self.state.language, **facts(self.state.layer) | numbers)


def question(state: State, beat: Beat) -> str:
    """What a beat asks of what it sets, whatever the state shows."""
    numbers = facts(setting(beat.setting) if beat.setting else state.layer)
    return say(f"lesson.{state.lesson}.ask.{beat.name}.question", state.language, **numbers)


@lru_cache(maxsize=64)
def asked(state: State, afar: bool = False) -> dict[str, object] | None:
    """The question of the beat that is open, as the player's asks.js takes it; None where the beat has none.

    state: as the beat sets it; afar: in the picture as it is presented. takes: "number", "choice" or "cells"; right: a
    number as text, or the cells; answers: the mistakes, each {is: numbers or lists of cells, says}; hide: `_hidden`.
    """
    beat = LESSONS[state.lesson].beats[state.beat - 1]
    if beat.ask is None:
        return None
    one = Asked(state, beat, beat.ask)
    scene, right = state.scene(afar), one.subject.right(one.case)
    known = [(name, _wrong(mistaken(one.case, name), right)) for name in beat.ask.mistakes]
    known = [(name, answers) for name, answers in known if answers]
    said: dict[str, object] = {
        "name": beat.name,
        "step": state.step,
        "question": question(state, beat),
        "hide": _hidden(one, scene, right),
    }
    if isinstance(right, frozenset):
        said |= _cells(one, scene, right, known)
    else:
        said |= _number(one, right, known)
    root = f"lesson.{state.lesson}.ask.{beat.name}.because"
    return said | {"because": one.says(root, right=_shown(right))}


def _wrong(answers: list[Answer], right: Answer) -> list[Answer]:
    """Those of a mistake's answers that are not right: with other values of the input a mistake may do no harm."""
    if isinstance(right, frozenset):
        return [answer for answer in answers if answer != right]
    return [answer for answer in answers if _shown(answer) != _shown(right)]


def _shown(answer: Answer) -> str:
    """A number as it is shown; of cells, how many."""
    return str(len(answer)) if isinstance(answer, frozenset) else number(round(float(answer), DECIMALS))


Known = list[tuple[str, list[Answer]]]
"""The mistakes by name, each with the answers that it gives."""


def _told(one: Asked, right: Answer, known: Known, wrong: Sequence[object]) -> list[dict[str, object]]:
    """The mistakes with what is said of each; wrong: the answers that they give, as the player compares them."""
    numbers = [{"right": _shown(right), "said": _shown(answers[0])} for _, answers in known]
    says = [one.says(f"mistake.{name}", **each) for (name, _), each in zip(known, numbers, strict=True)]
    return [{"is": answers, "says": text} for answers, text in zip(wrong, says, strict=True)]


def _number(one: Asked, right: float, known: Known) -> dict[str, object]:
    """What is told of a question whose answer is a number."""
    shown = _shown(right)
    wrong = [[_shown(answer) for answer in answers] for _, answers in known]
    offered = {shown, *(text for texts in wrong for text in texts)}
    return {
        "takes": "choice" if one.ask.offered else "number",
        "right": shown,
        "choices": sorted(offered, key=lambda text: float(text.replace("−", "-"))) if one.ask.offered else [],
        "answers": _told(one, right, known, wrong),
    }


def _cells(one: Asked, scene: Scene, right: Cells, known: Known) -> dict[str, object]:
    """What is told of a question whose answer is a set of cells."""
    marks = _inputs(scene) if one.subject.takes == "input" else _outputs(scene, one.state.step)

    def drawn(cells: Answer) -> list[int]:
        return sorted(marks[cell] for cell in cells) if isinstance(cells, frozenset) else []

    return {
        "takes": "cells",
        "right": drawn(right),
        "choices": sorted(marks.values()),
        "answers": _told(one, right, known, [list(map(drawn, answers)) for _, answers in known]),
    }


def _inputs(scene: Scene) -> dict[int, int]:
    """The mark of each input that the picture shows, by its place in the array."""
    found = {}
    for grid in scene.grids:
        e = grid.editable
        if e is None or e.array != "x":
            continue
        (top, down, rows), (left, across, columns) = e.rows, e.columns
        for row in range(rows):
            for column in range(columns):
                place = (top + row * down) * grid.columns + left + column * across
                found[e.first + row * columns + column] = grid.first + place
    return found


def _written(scene: Scene, t: int) -> list[int]:
    """The cells of the output that a step writes."""
    return _named(scene, "current", t)


def _named(scene: Scene, track: str, t: int) -> list[int]:
    """The cells that a track names at a step."""
    return [int(mark) for mark in scene.track[track].marks[t] if mark >= 0]


def _boards(scene: Scene, marks: Iterable[int]) -> list[int]:
    """The numbers of the boards that have these cells."""
    ends = [(grid.first, grid.first + grid.count) for grid in scene.grids]
    return sorted({n for n, (first, end) in enumerate(ends) for mark in marks if first <= mark < end})


def _outputs(scene: Scene, t: int) -> dict[int, int]:
    """The mark of each output, by its place."""
    (board,) = _boards(scene, _written(scene, t))
    grid = scene.grids[board]
    return {n: grid.first + n for n in range(grid.count)}


def _hidden(one: Asked, scene: Scene, right: Answer) -> dict[str, object]:
    """What the picture does not show while the question is open, all as marks, so that the player knows no more.

    empty: cells that bear nothing yet; gone: boards that are not there; plain: whether what the step reads is not
    marked; asked: the cells that the question is about, and state, the state that they have; place: where a question
    mark stands, -1 for nowhere; number: the text that is left out of titles, "" for none.
    """
    subject, t = one.subject, one.state.step
    written = _written(scene, t)
    boards = _boards(scene, written)
    first = scene.order.index(subject.first) if subject.first else 0
    late = scene.order[first:] if subject.first is not None else ()
    empty = {int(mark) for name in late for mark in scene.track[name].marks[t] if mark >= 0}
    if "reads" in subject.hides:  # boards of what the step reads, opened
        empty |= {int(mark) for texts in scene.step_texts for mark in texts.marks}
    if "values" in subject.hides:
        made = [one for one in scene.grids if one.editable is None and one.name != subject.keeps]  # no input, no kernel
        empty |= {one.first + cell for one in made for cell in range(one.count)}
    own = [one for one in scene.grids if one.name in subject.boards]
    empty |= {one.first + cell for one in own for cell in range(one.count)}
    gone = boards if "output" in subject.hides else []
    about = _named(scene, subject.marks, t)
    if subject.takes == "output":
        about = _named(scene, next(track.name for track in scene.tracks if track.end == "source" and track.state), t)
    place = written[0] if not subject.takes and subject.first is not None else -1
    if gone:
        grid = scene.grids[gone[-1]]
        place = grid.first + grid.rows // 2 * grid.columns + grid.columns // 2
    plain = "reads" in subject.hides
    cell = subject.first is not None and not plain
    return {
        "empty": sorted(empty),
        "gone": gone,
        "plain": plain,
        "asked": [] if gone else about,
        "state": "window" if subject.takes == "output" else "current",
        "place": place,
        "number": "" if cell or subject.takes else _shown(right),
    }
