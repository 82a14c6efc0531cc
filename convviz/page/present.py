"""A lesson as it is presented: what is shown and said at each stop, all that a screen needs without a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from convviz.lessons import LESSONS
from convviz.lessons.lesson import QUESTION, Beat
from convviz.page import kernels
from convviz.page.asked import asked, question
from convviz.page.link import link
from convviz.page.state import State, opening
from convviz.page.tour import does, look, said, showing, tour
from convviz.player.wire import wire
from convviz.scene.views import VIEWS
from convviz.text import joined, say

Stop = tuple[str, int]
"""What a stop is, "step", "question" or "answer", and the step that the picture shows then."""


def stops(beat: Beat, steps: int) -> list[Stop]:
    """The stops of a beat whose picture has so many steps. A question that no stop names comes where its own step is.

    >>> stops(Beat("one", step=2), 9), stops(Beat("two", step=2, stops=(0, -1, "question")), 9)
    ([('step', 2)], [('step', 0), ('step', 8), ('question', 2), ('answer', 2)])
    """
    own = (beat.step or 0) % steps
    named = [stop if isinstance(stop, str) else stop % steps for stop in beat.stops] or [own]
    if beat.ask and QUESTION not in named:
        at = named.index(own) if own in named else 0
        named[at : at + (own in named)] = [QUESTION]
    found: list[Stop] = []
    for stop in named:
        found += [(QUESTION, own), ("answer", own)] if isinstance(stop, str) else [("step", stop)]
    return found


def presented(lesson: str, language: str) -> bytes:
    """All of a lesson, as JSON.

    title, question; scenes: the pictures, each once; images: the pixels of those in them, by their marks;
    slides: what the lesson is about, then each beat, as {n, look,
    stops}, where a stop is {kind, t, link, scene, text}: scene is the number of its picture, t its step. A question has
    ask as well, what its picture leaves out. The colours are not among it, and so it is the same for every theme.
    """
    plain = opening(lesson, language)
    scenes: dict[str, int] = {}
    pixels: dict[str, str] = {}
    slides = []
    for n in range(len(LESSONS[lesson].beats) + 1):
        state = showing(plain, {"kind": "beat", "n": n - 1}) if n else plain
        halts = [
            {
                "kind": kind,
                "t": t,
                "link": link(shown),
                "scene": scenes.setdefault(_drawn(shown, pixels), len(scenes)),
                "text": text,
                **({"ask": asked(shown, afar=True)} if kind == QUESTION else {}),
            }
            for shown, text, kind, t in _halts(state)
        ]
        slides.append({"n": n, "look": look(state), "stops": halts})
    words = {word: say(f"lesson.{lesson}.{word}", language) for word in ("title", "question")}
    said = words | {"lesson": lesson, "slides": slides, "images": pixels}
    told = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return f'{told[:-1]},"scenes":[{",".join(scenes)}]}}'.encode()


def from_afar(state: State) -> bytes:
    """A picture that no lesson tells of, as it is sent to be read from afar; nothing where it is drawn as on a page."""
    return json.dumps(wire(state.scene(afar=True))).encode() if VIEWS[state.seen].afar else b""


def _drawn(state: State, pixels: dict[str, str]) -> str:
    """The picture of a state, as it is sent, but for the pixels of its images, each of which is sent once."""
    scene = state.scene(afar=True)
    pixels |= {image.mark: image.address for image in scene.images}
    return json.dumps(wire(scene, *pixels), ensure_ascii=False, separators=(",", ":"))


def _halts(state: State) -> Iterator[tuple[State, str, str, int]]:
    """Each stop of what is open: its state, what is said, its kind and its step."""
    if not state.beat:
        yield state, str(tour(state)["text"]), "step", 0
        return
    beat = LESSONS[state.lesson].beats[state.beat - 1]
    for kind, t in stops(beat, state.scene().steps):
        if kind == QUESTION:
            yield replace(state, step=t), question(state, beat), kind, t
        elif not beat.tries:
            yield state, said(beat, state), kind, t
        for name in beat.tries if kind != QUESTION else ():
            shown = replace(state, weight=kernels.named(name))
            yield shown, joined(said(beat, shown), does(beat, name, shown)), kind, t
