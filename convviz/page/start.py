"""The start: a picture that moves, with kernels to choose from, and cards. Each leads to a lesson, as a State.

What the component is sent depends on nothing but the language and the colours, so it is made once for all visitors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache, reduce
from types import MappingProxyType

from convviz.classics import CLASSICS, lesson_of
from convviz.layers import Layer
from convviz.lessons import LESSONS
from convviz.lessons.facts import facts
from convviz.page.kernels import kernel_of, named
from convviz.page.link import link
from convviz.page.sources import chosen
from convviz.page.state import State, opening, setting
from convviz.paint.svg import stylesheet
from convviz.player.data import look
from convviz.player.wire import COMMON, laid, wire
from convviz.scene.bare import bare
from convviz.scene.build import scene
from convviz.scene.layout import times
from convviz.scene.scene import Scene
from convviz.text import say
from convviz.themes import THEMES, Theme

SETTING, FACE = "conv2d-i28-k3", "p0"
"""The layer of the moving picture, and the source of its input."""

KERNELS = ("horizontal", "vertical", "gaussian")
"""The kernels that can be chosen there, the first one first."""

NUMBERS = {"kernel": "k", "stride": "s", "padding": "p", "dilation": "d"}
"""What a caption names of a layer, and the fact that it is."""

CROWD = 1_500
"""Cells with which a picture is too small to be seen on a card."""

USUAL = {"s": 1, "p": 0, "d": 1}
"""The facts that a caption leaves out."""


def hero(kernel: str, language: str = "en") -> State:
    """The state of the moving picture, with one of KERNELS.

    >>> hero("vertical").weight.text(), hero("vertical").text
    ('kvertical', 'conv2d-i28-k3')
    """
    lesson = next(iter(LESSONS))
    plain = replace(opening(lesson, language), layer=setting(SETTING), view="flat", weight=named(kernel))
    return chosen(plain, FACE)


@cache
def places(language: str) -> Mapping[str, State]:
    """What the pictures of the start lead to, by their names.

    >>> list(places("en"))[:4]
    ['hero.horizontal', 'hero.vertical', 'hero.gaussian', 'lesson.convolution']
    """
    found = {f"hero.{name}": hero(name, language) for name in KERNELS}
    found |= {f"lesson.{name}": opening(name, language) for name in LESSONS}
    for name, layer in CLASSICS:
        plain = opening(lesson_of(name), language)
        found[f"classic.{name}"] = replace(plain, layer=layer, view="isometric")
    return MappingProxyType(found)


def caption(layer: Layer, language: str) -> str:
    """A layer's sizes and what it does besides the usual; of a transposed one, those of the convolution it transposes.

    >>> from convviz.layers import Conv
    >>> caption(Conv(5, 3, stride=2, padding=1), "en")
    '5\xa0to\xa03, kernel\xa03, stride\xa02, padding\xa01'
    """
    numbers = facts(layer)
    said = [say(f"gallery.{name}", language, n=numbers[key]) for name, key in NUMBERS.items() if _told(numbers, key)]
    sizes = {"before": numbers["i"], "after": numbers["o"]}
    if layer.spreads:
        forward = say("gallery.sizes", language, before=sizes["after"], after=sizes["before"])
        said = [say("gallery.transposes", language, forward=forward), *said]
    parts = [say("gallery.sizes", language, **sizes), *said]
    return reduce(lambda before, after: say("gallery.joined", language, before=before, after=after), parts)


def _told(numbers: dict[str, object], key: str) -> bool:
    return numbers[key] != USUAL.get(key)


@lru_cache(maxsize=32)
def start(language: str, colours: str, page: Theme) -> bytes:
    """All that the component is sent, as JSON. colours: the theme's name, or AUTO; page: the theme around the pictures.

    >>> len(start("en", "auto", THEMES["light"])) < 95_000
    True
    """
    theme = THEMES.get(colours, page)
    hued = theme if theme.tones else page  # the moving picture is nothing but tones
    said = {
        **look(page),
        "paper": look(theme),
        "shown": look(hued),
        "css": stylesheet(hued, ".hero "),
        "cards": "" if theme is hued else stylesheet(theme, ".cards "),  # else they look as the moving picture does
        "step_ms": theme.step_ms,
        "common": COMMON,
        "hero": _hero(language, colours),
        "groups": [_lessons(language, colours), _classics(language, colours)],
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _wire(picture: Scene) -> dict[str, object]:
    """A picture as it is sent; it is never laid out anew, because it has a place of its own."""
    dropped = COMMON | laid(picture)
    return {key: value for key, value in wire(picture).items() if key not in dropped}


def _hero(language: str, colours: str) -> dict[str, object]:
    layer = hero(KERNELS[0]).single
    words = {name: say(f"home.{name}", language) for name in ("open", "choose")}
    words |= {name: say(f"player.{name}", language) for name in ("play", "pause")}
    shapes = {"picture": layer.input_size, "kernel": layer.kernel_size, "map": layer.output_size}
    titles = {name: say(f"home.{name}", language, size=times(shape)) for name, shape in shapes.items()}
    face = bare(hero(KERNELS[0]).scene(), "canvas", numbers=False)
    return {"words": words | titles, "face": _wire(face), "kernels": [_kernel(n, language, colours) for n in KERNELS]}


def _kernel(name: str, language: str, colours: str) -> dict[str, object]:
    """A kernel of the moving picture: its own picture, its map, what it does."""
    state = hero(name, language)
    drawn, kernel = state.scene(), kernel_of(state.single, state.weight)
    assert kernel is not None
    return {
        **_door(f"hero.{name}", language, colours),
        "label": say(f"kernel.{name}.label", language),
        "does": say(f"home.does.{name}", language),
        "kernel": _wire(replace(bare(drawn, "kernel"), toned=True)),
        "map": _wire(bare(drawn, "output", numbers=False)),
    }


def _door(name: str, language: str, colours: str) -> dict[str, object]:
    """Where a picture leads: its name, and the address of the lesson in that state."""
    state = replace(places(language)[name], theme=colours)
    query = link(state)
    return {"to": name, "href": f"{state.lesson}{'?' if query else ''}{query}"}


def _card(name: str, title: str, text: str, picture: Scene, language: str, colours: str) -> dict[str, object]:
    """A card with its picture, which rests in the middle of what it shows."""
    said = {"title": title, "text": text, "step": picture.steps // 2, "scene": _wire(picture)}
    return _door(name, language, colours) | said


def _lessons(language: str, colours: str) -> dict[str, object]:
    cards = []
    for name in LESSONS:
        shown = opening(name, language)
        if LESSONS[name].photo or shown.scene().crowd > CROWD:  # the last way to look at one has the least in it
            shown = replace(shown, view=shown.views[-1])
        picture = replace(bare(shown.scene(), numbers=False), toned=True)  # none could be read
        title, question = (say(f"lesson.{name}.{part}", language) for part in ("title", "question"))
        cards.append(_card(f"lesson.{name}", title, question, picture, language, colours))
    return {"name": "lessons", "title": say("nav.lessons", language), "hint": "", "cards": cards}


def _classics(language: str, colours: str) -> dict[str, object]:
    cards = []
    for name, layer in CLASSICS:
        picture, title = bare(scene(layer, "isometric", plain=True)), say(f"preset.{name}", language)
        cards.append(_card(f"classic.{name}", title, caption(layer, language), picture, language, colours))
    title, hint = say("gallery.title", language), say("gallery.hint", language)
    return {"name": "classics", "title": title, "hint": hint, "cards": cards}
