"""A text and the picture beside it never say different numbers, and what a text speaks of is marked and in sight."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from convviz.lessons import LESSONS
from convviz.lessons.lesson import Beat, Misconception
from convviz.page.present import stops
from convviz.page.state import State, opening
from convviz.page.tour import look, said, showing
from convviz.scene.roles import REFERENCES, ROLES, STATES
from convviz.scene.scene import Scene
from convviz.text import LANGUAGES

REFERENCE = re.compile(r"\[([a-z]+)\|([^\]]*)\]")
OWN = ("unread", "idle", "cropped", "inserted", "padding", "kernel", "dropped", "extra")
"""Parts that are meant by themselves; for others a view may have something else that stands for them, as counts do."""

NUMBER = re.compile(r"\d+(?:\.\d+)?")


def told() -> Iterator[tuple[str, str, str, int]]:
    for lesson in LESSONS.values():
        for language in LANGUAGES:
            for kind, points in (("beat", lesson.beats), ("myth", lesson.misconceptions)):
                for n, _ in enumerate(points):
                    yield lesson.name, language, kind, n


each_text = pytest.mark.parametrize(("lesson", "language", "kind", "n"), list(told()))


def point(lesson: str, kind: str, n: int) -> Beat | Misconception:
    plan = LESSONS[lesson]
    return plan.beats[n] if kind == "beat" else plan.misconceptions[n]


def stopped() -> Iterator[tuple[str, str, int, int]]:
    """Each stop of each beat but for those that its own step is."""
    for lesson, language, kind, n in told():
        beat = point(lesson, kind, n)
        if isinstance(beat, Beat):
            state, scene = shown(lesson, language, kind, n)
            for t in {t for _, t in stops(beat, scene.steps)} - {state.step}:
                yield lesson, language, n, t


def shown(lesson: str, language: str, kind: str, n: int) -> tuple[State, Scene]:
    state = showing(opening(lesson, language), {"kind": kind, "n": n})
    return state, state.scene()


def seen(scene: Scene, t: int) -> set[str]:
    """Every number that the screen says in words at a step: titles, the sentence, the formulas. Values are no words,
    but the counts of a heat map are.
    """
    texts = [label.text for label in scene.labels] + [scene.sentence(t)]
    texts += [formula.text() for formula in scene.formulas]
    heat = scene.roles == ROLES.index("heat")
    texts += [text for text, counted in zip(scene.texts_at(t), heat, strict=True) if counted]
    return {number for text in texts for number in NUMBER.findall(text.replace(",", ""))}


@each_text
def test_each_number_that_a_text_says_is_on_the_screen(lesson: str, language: str, kind: str, n: int) -> None:
    says_its_numbers(lesson, language, kind, n)


def says_its_numbers(lesson: str, language: str, kind: str, n: int, t: int | None = None) -> None:
    state, scene = shown(lesson, language, kind, n)
    text = REFERENCE.sub(r"\2", said(point(lesson, kind, n), state)).replace("180°", "")
    missing = set(NUMBER.findall(text.replace(",", ""))) - seen(scene, state.step if t is None else t)
    assert not missing, text


@each_text
def test_each_part_that_a_text_speaks_of_is_in_sight(lesson: str, language: str, kind: str, n: int) -> None:
    shows_its_parts(lesson, language, kind, n)


def shows_its_parts(lesson: str, language: str, kind: str, n: int, t: int | None = None) -> None:
    state, scene = shown(lesson, language, kind, n)
    t = state.step if t is None else t
    states = scene.states_at(t)
    there = {ROLES[role] for role, at in zip(scene.roles, states, strict=True) if STATES[at] != "pending"}
    there |= {STATES[at] for at in states}
    shapes = zip(scene.shapes, scene.points_at(t), strict=True)
    there |= {shape.role for shape, points in shapes if points is not None} | scene.track.keys()
    spoken = [role for role, _ in REFERENCE.findall(said(point(lesson, kind, n), state))]
    assert spoken, "no part of the picture is named"
    for role in {*spoken, look(state)} - {""}:
        meant = REFERENCES.get(role, (role,))
        assert there & set(meant[:1] if role in OWN else meant), role


@pytest.mark.parametrize(("lesson", "language", "n", "t"), sorted(stopped()))
def test_words_and_picture_agree_at_each_stop_of_a_presentation(lesson: str, language: str, n: int, t: int) -> None:
    says_its_numbers(lesson, language, "beat", n, t)
    shows_its_parts(lesson, language, "beat", n, t)
