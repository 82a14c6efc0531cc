"""Each page stands, in each language, with what its lesson promises; what is chosen is what is shown."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from openings import offered, stacks, views_of

from convviz.classics import CLASSICS, lesson_of
from convviz.layers.notation import from_text
from convviz.lessons import LESSONS
from convviz.network import Network, stack_from_text
from convviz.page.link import from_query
from convviz.page.start import KERNELS, hero
from convviz.page.state import State, opening
from convviz.page.tour import preset as chosen
from convviz.player.wire import wire
from convviz.scene.build import scene
from convviz.scene.scene import REFERENCE
from convviz.text import HAND, LANGUAGES, say
from convviz.themes import THEMES

each_lesson = pytest.mark.parametrize("lesson", LESSONS)
KINDS = ("range", "text", "flag", "choice", "pad")
"""The kinds of dials that may stand before "More"."""

each_language = pytest.mark.parametrize("language", LANGUAGES)


def shows(page: Any, state: State) -> bool:
    """Whether the player was sent just the picture of a state."""
    return bool(page.player["scene"] == json.loads(json.dumps(wire(state.scene()))))


@each_language
def test_the_start_shows_the_hero_the_lessons_and_the_fifteen(visit: Any, language: str) -> None:
    page = visit(lang=language)
    (start,) = page.sent("start")
    assert page.title[0].value == say("home.title", language)
    assert page.markdown[0].value == say("home.lead", language)
    assert [one["to"] for one in start["hero"]["kernels"]] == [f"hero.{name}" for name in KERNELS]
    lessons, classics = (group["cards"] for group in start["groups"])
    assert [card["title"] for card in lessons] == [say(f"lesson.{name}.title", language) for name in LESSONS]
    assert [card["text"] for card in lessons] == [say(f"lesson.{name}.question", language) for name in LESSONS]
    for card, (_, layer) in zip(classics, CLASSICS, strict=True):
        assert card["scene"]["steps"] == len(scene(layer).sentences.chosen)  # type: ignore[union-attr]
    assert [card["title"] for card in classics] == [say(f"preset.{name}", language) for name, _ in CLASSICS]
    assert all(card["text"] and "{" not in card["text"] for card in classics)


@pytest.mark.parametrize(("name", "layer"), CLASSICS, ids=[name for name, _ in CLASSICS])
def test_a_card_opens_its_lesson_with_its_settings(visit: Any, name: str, layer: Any) -> None:
    page = visit().say("start", "open", {"to": f"classic.{name}", "at": 1})
    lesson = lesson_of(name)
    assert page.title[0].value == say(f"lesson.{lesson}.title")
    assert shows(page, replace(opening(lesson), layer=layer, view="isometric"))


@pytest.mark.parametrize("kernel", KERNELS)
@each_language
def test_the_hero_opens_the_first_lesson_on_just_what_it_shows(visit: Any, kernel: str, language: str) -> None:
    page = visit(lang=language).say("start", "open", {"to": f"hero.{kernel}", "step": 40, "at": 1})
    state = replace(hero(kernel, language), step=40)
    assert page.title[0].value == say(f"lesson.{next(iter(LESSONS))}.title", language)
    assert page.state(state.lesson) == state and shows(page, state)
    assert page.player["step"] == 40 and not page.player["autoplay"]


@each_lesson
def test_a_lesson_s_card_opens_the_lesson_as_it_was_left(visit: Any, lesson: str) -> None:
    page = visit(lesson)
    state = page.turn(lesson, "view", views_of(lesson)[1]).state(lesson)
    page.go("home").say("start", "open", {"to": f"lesson.{lesson}", "at": 1})
    assert page.title[0].value == say(f"lesson.{lesson}.title") and page.state(lesson) == state


@pytest.mark.parametrize("asked", [{}, {"to": "classic.none"}, {"to": 3}, {"to": "hero.vertical", "step": "x"}])
def test_what_the_start_is_told_that_it_does_not_know_opens_nothing_else(visit: Any, asked: dict[str, Any]) -> None:
    page = visit().say("start", "open", asked)
    known = "step" in asked
    assert page.title[0].value == say("lesson.convolution.title" if known else "home.title")
    assert not known or page.player["step"] == 0


@each_language
@each_lesson
def test_a_lesson_opens_on_a_moving_case_with_its_question_and_all_its_parts(
    visit: Any, lesson: str, language: str
) -> None:
    page = visit(lesson, lang=language)
    plan = LESSONS[lesson]
    assert not page.warning and not page.error
    assert page.title[0].value == say(f"lesson.{lesson}.title", language)
    assert page.markdown[0].value == say(f"lesson.{lesson}.question", language) or page.markdown[1].value
    assert shows(page, opening(lesson, language))
    assert page.player["autoplay"] and page.player["step_ms"] == 600 and page.player["scene"]["steps"] >= 9
    assert len(page.dials["preset"]["choices"]) == len(plan.presets)
    assert [label for _, label, _ in page.dials["view"]["choices"]] == [
        say(f"view.{view}.label", language) for view in offered(lesson)
    ]
    (story,) = page.sent("story")
    assert len(story["beats"]) == len(plan.beats) and len(story["myths"]) == len(plan.misconceptions)
    intro = say(f"lesson.{lesson}.intro", language)
    assert page.player["tour"] == {"n": 0, "count": len(plan.beats), "myth": 0, "text": intro, "stray": False}


@each_lesson
def test_at_most_four_dials_stand_before_more(visit: Any, lesson: str) -> None:
    page = visit(lesson)
    for preset in LESSONS[lesson].presets:
        page.turn(lesson, "preset", preset.setting)
        dials = page.dials.values()
        main = [dial for dial in dials if dial["place"] == "main"]
        assert 1 <= len(main) <= 4 and all(dial["kind"] in KINDS for dial in main)
        assert {dial["name"] for dial in dials if dial["place"] in ("top", "bottom")} <= {
            "preset",
            "view",
            "edit",
            "tones",
            "colour",
            "then",
            "kernel",
            "compare",
            "paste",
        }
        assert all(dial["least"] <= dial["value"] <= dial["most"] for dial in dials if dial["kind"] == "range")
        assert all(dial["label"] for dial in dials if not dial.get("absent"))


@each_lesson
def test_each_preset_shows_its_setting_and_is_marked(visit: Any, lesson: str) -> None:
    page = visit(lesson)
    for preset in LESSONS[lesson].presets:
        page.turn(lesson, "preset", preset.setting)
        assert shows(page, chosen(opening(lesson), preset.setting)), "as if it were the first that is chosen"
        assert page.dials["preset"]["value"] == preset.setting
        found, wrong = from_query(dict(parse_qsl(page.player["link"])), lesson)
        assert found.text == preset.setting and not wrong, "its link restores it, packed where it is long"


@each_lesson
def test_each_view_is_shown(visit: Any, lesson: str) -> None:
    page = visit(lesson)
    for view in reversed(views_of(lesson)):
        page.turn(lesson, "view", view)
        assert page.player["scene"]["view"] == view and shows(page, replace(opening(lesson), view=view))


def test_each_stack_is_shown_with_a_dial_a_layer(visit: Any) -> None:
    page = visit("dilated")
    for text in stacks("dilated"):
        page.turn("dilated", "preset", text)
        texts = text.split("~")
        assert isinstance(page.state("dilated").layer, Network)
        rates = [dial["value"] for name, dial in page.dials.items() if name.startswith("rate")]
        assert rates == [from_text(t).dilation[0] for t in texts]
        assert page.player["scene"]["steps"] == len(texts)
        page.turn("dilated", "rate1", 3)
        assert [layer.dilation[0] for layer in page.state("dilated").layer.layers] == [rates[0], 3, rates[2]]


@each_language
@each_lesson
def test_each_beat_and_each_myth_sets_what_it_speaks_of(visit: Any, lesson: str, language: str) -> None:
    page, plan = visit(lesson, lang=language), LESSONS[lesson]
    shown: list[Any] = [("beat", n, beat) for n, beat in enumerate(plan.beats)]
    shown += [("myth", n, myth) for n, myth in enumerate(plan.misconceptions)]
    for kind, n, part in shown:
        page.say(f"story:{lesson}", "show", {"kind": kind, "n": n})
        assert page.sent("story")[0]["open"] == {"beat": 0, "myth": 0, "challenge": 0} | {kind: n + 1}
        setting = part.setting
        state = page.state(lesson)
        assert state.layer == stack_from_text(setting) if setting else True
        assert state.view == (part.view or state.view)
        assert page.player["step"] == (part.step or 0) % page.player["scene"]["steps"]
        assert page.player["look"] == part.look


@each_language
@each_lesson
def test_no_word_of_a_page_is_left_unfilled(visit: Any, lesson: str, language: str) -> None:
    page = visit(lesson, lang=language)
    (story,) = page.sent("story")
    told = [beat["text"] for beat in story["beats"]] + [myth[part] for myth in story["myths"] for part in myth]
    elements = (*page.markdown, *page.caption, *page.title, *page.subheader)
    for text in (*told, *story["words"].values(), page.player["note"], *(e.value for e in elements)):
        plain = HAND.sub(r"\1 \2", REFERENCE.sub(r"\2", text))
        assert plain and not any(sign in plain for sign in "{}|"), text


def test_language_and_colours_are_switched_at_once_and_kept_on_other_pages(visit: Any) -> None:
    page = visit("convolution")
    page.choose("language", "zh")
    assert page.title[0].value == say("lesson.convolution.title", "zh")
    assert shows(page, opening("convolution", "zh")) and "lang=zh" in page.player["link"]
    page.choose("theme", "dark")
    assert page.player["paper"]["ground"] == THEMES["dark"].background and "theme=dark" in page.player["link"]
    page.go("transposed")
    assert page.title[0].value == say("lesson.transposed.title", "zh")
    assert page.player["paper"]["ground"] == THEMES["dark"].background


def test_a_page_is_found_as_it_was_left(visit: Any) -> None:
    page = visit("convolution")
    page.turn("convolution", "preset", "conv2d-i6-k3-s2-p1").turn("convolution", "view", "isometric")
    page.go("dilated").go("convolution")
    state = replace(opening("convolution"), layer=from_text("conv2d-i6-k3-s2-p1"), view="isometric")
    assert page.state("convolution") == state and shows(page, state)


def test_two_visitors_do_not_disturb_each_other(visit: Any) -> None:
    one, other = visit("convolution"), visit("convolution", lang="zh")
    one.turn("convolution", "preset", "conv2d-i4-k3")
    other.run()
    assert shows(other, opening("convolution", "zh"))
    assert shows(one, replace(opening("convolution"), layer=from_text("conv2d-i4-k3")))
