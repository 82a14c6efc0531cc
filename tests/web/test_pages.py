"""Each page stands, in each language, with what its lesson promises; what is chosen is what is shown."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from convviz.classics import CLASSICS, lesson_of
from convviz.layers.notation import from_text
from convviz.lessons import LESSONS
from convviz.network import Network, stack_from_text
from convviz.player.wire import wire
from convviz.scene.build import scene
from convviz.state import State, opening
from convviz.text import LANGUAGES, say
from convviz.themes import THEMES

each_lesson = pytest.mark.parametrize("lesson", LESSONS)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def shows(page: Any, state: State) -> bool:
    """Whether the player was sent just the picture of a state."""
    return bool(page.player["scene"] == json.loads(json.dumps(wire(state.scene()))))


@each_language
def test_the_start_shows_the_fifteen_alive(visit: Any, language: str) -> None:
    page = visit(lang=language)
    cards = page.sent("player")
    assert len(cards) == 15 and all(card["mini"] and card["autoplay"] for card in cards)
    assert page.title[0].value == say("home.title", language)
    for card, (_, layer) in zip(cards, CLASSICS, strict=True):
        assert card["scene"]["steps"] == len(scene(layer).sentences.chosen)  # type: ignore[union-attr]
    assert {button.label for button in page.button} >= {say(f"preset.{name}", language) for name, _ in CLASSICS}


@pytest.mark.parametrize(("name", "layer"), CLASSICS, ids=[name for name, _ in CLASSICS])
def test_a_card_opens_its_lesson_with_its_settings(visit: Any, name: str, layer: Any) -> None:
    page = visit().press(f"open:{name}")
    lesson = lesson_of(name)
    assert page.title[0].value == say(f"lesson.{lesson}.title")
    assert shows(page, replace(opening(lesson), layer=layer, view="isometric"))


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
    groups = {group.key: list(group.options) for group in page.get("button_group")}
    assert len(groups[f"preset:{lesson}"]) == len(plan.presets) + len(plan.stacks)
    assert groups[f"view:{lesson}"] == [say(f"view.{view}.label", language) for view in plan.views]
    assert len(page.expander) == len(plan.misconceptions)
    assert sum(button.key.startswith(f"beat:{lesson}:") for button in page.button) == len(plan.beats)


@each_lesson
def test_at_most_four_dials_stand_before_more(visit: Any, lesson: str) -> None:
    page = visit(lesson)
    for preset in LESSONS[lesson].presets:
        page.choose(f"preset:{lesson}", preset.setting)
        dials = page.dials.values()
        assert 1 <= len([dial for dial in dials if not dial["more"]]) <= 4
        assert all(dial["kind"] in ("range", "text") for dial in dials if not dial["more"])
        assert all(dial["least"] <= dial["value"] <= dial["most"] for dial in dials if dial["kind"] == "range")
        assert all(dial["label"] for dial in dials)


@each_lesson
def test_each_preset_shows_its_setting_and_is_marked(visit: Any, lesson: str) -> None:
    page = visit(lesson)
    for preset in LESSONS[lesson].presets:
        page.choose(f"preset:{lesson}", preset.setting)
        assert shows(page, replace(opening(lesson), layer=from_text(preset.setting)))
        assert next(g for g in page.get("button_group") if g.key == f"preset:{lesson}").value == preset.setting
        assert f"layer={preset.setting}" in page.player["link"] or preset.setting == LESSONS[lesson].opening


@each_lesson
def test_each_view_is_shown(visit: Any, lesson: str) -> None:
    page = visit(lesson)
    for view in reversed(LESSONS[lesson].views):
        page.choose(f"view:{lesson}", view)
        assert page.player["scene"]["view"] == view and shows(page, replace(opening(lesson), view=view))


def test_each_stack_is_shown_with_a_dial_a_layer(visit: Any) -> None:
    page = visit("dilated")
    for texts in LESSONS["dilated"].stacks:
        page.choose("preset:dilated", "~".join(texts))
        assert isinstance(page.state("dilated").layer, Network)
        assert [dial["value"] for dial in page.dials.values()] == [from_text(t).dilation[0] for t in texts]
        assert page.player["scene"]["steps"] == len(texts)


@each_language
@each_lesson
def test_each_beat_and_each_myth_sets_what_it_speaks_of(visit: Any, lesson: str, language: str) -> None:
    page, plan = visit(lesson, lang=language), LESSONS[lesson]
    shown = [(f"beat:{lesson}:{n}", beat) for n, beat in enumerate(plan.beats, start=1)]
    shown += [(f"myth:{lesson}:{myth.name}", myth) for myth in plan.misconceptions]
    for key, part in shown:
        page.press(key)
        setting = "~".join(getattr(part, "network", ())) or part.setting
        state = page.state(lesson)
        assert state.layer == stack_from_text(setting) if setting else True
        assert state.view == (part.view or state.view)
        assert page.player["step"] == (getattr(part, "step", None) or 0)
        assert page.player["look"] == getattr(part, "look", "")


@each_language
@each_lesson
def test_no_word_of_a_page_is_left_unfilled(visit: Any, lesson: str, language: str) -> None:
    page = visit(lesson, lang=language)
    for element in (*page.markdown, *page.caption, *page.title, *page.subheader):
        assert not any(sign in element.value for sign in ("{", "}", "|")), element.value
    assert [heading.value for heading in page.subheader] == [say(k, language) for k in ("tour.title", "myths.title")]


def test_language_and_colours_are_switched_at_once_and_kept_on_other_pages(visit: Any) -> None:
    page = visit("convolution")
    page.choose("language", "zh")
    assert page.title[0].value == say("lesson.convolution.title", "zh")
    assert shows(page, opening("convolution", "zh")) and "lang=zh" in page.player["link"]
    page.selectbox(key="theme").set_value("dark").run()
    assert page.player["ground"] == THEMES["dark"].background and "theme=dark" in page.player["link"]
    page.go("transposed")
    assert page.title[0].value == say("lesson.transposed.title", "zh")
    assert page.player["ground"] == THEMES["dark"].background


def test_a_page_is_found_as_it_was_left(visit: Any) -> None:
    page = visit("convolution")
    page.choose("preset:convolution", "conv2d-i6-k3-s2-p1").choose("view:convolution", "isometric")
    page.go("dilated").go("convolution")
    state = replace(opening("convolution"), layer=from_text("conv2d-i6-k3-s2-p1"), view="isometric")
    assert page.state("convolution") == state and shows(page, state)


def test_two_visitors_do_not_disturb_each_other(visit: Any) -> None:
    one, other = visit("convolution"), visit("convolution", lang="zh")
    one.choose("preset:convolution", "conv2d-i4-k3")
    other.run()
    assert shows(other, opening("convolution", "zh"))
    assert shows(one, replace(opening("convolution"), layer=from_text("conv2d-i4-k3")))
