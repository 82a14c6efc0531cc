"""The start: its pictures are the engine's, its cards are the lessons', its captions are the facts."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest

import convviz as cv
from convviz.classics import CLASSICS
from convviz.layers import Conv, Layer
from convviz.lessons import LESSONS
from convviz.lessons.facts import facts
from convviz.page import start as page_start
from convviz.page.link import from_query
from convviz.page.start import CROWD, KERNELS, caption, hero, places, start
from convviz.page.state import AUTO, opening
from convviz.player import wire
from convviz.scene.bare import bare
from convviz.scene.canvas import tone_levels
from convviz.scene.roles import ZERO
from convviz.scene.tones import scale_of, toned
from convviz.text import LANGUAGES, catalogue
from convviz.themes import THEMES

each_language = pytest.mark.parametrize("language", LANGUAGES)


def sent(language: str = "en", colours: str = AUTO, page: str = "light") -> Any:
    return json.loads(start(language, colours, THEMES[page]))


def cards(said: Any, name: str) -> list[Any]:
    return next(group["cards"] for group in said["groups"] if group["name"] == name)


def runs(pairs: list[int]) -> list[int]:
    return [level for level, count in zip(pairs[::2], pairs[1::2], strict=True) for _ in range(count)]


def levels(letters: str) -> list[int]:
    return [ord(letter) - ord("a") for letter in letters]


def test_what_a_picture_would_be_laid_out_by_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not for each of the two dozen parts of what is sent, which took longer than all the rest."""
    asked: list[int] = []
    monkeypatch.setattr(page_start, "laid", lambda scene: asked.append(id(scene)) or wire.laid(scene))
    said = json.loads(start.__wrapped__("en", AUTO, THEMES["light"]))
    pictures = 1 + 2 * len(KERNELS) + sum(len(group["cards"]) for group in said["groups"])
    assert len(asked) == pictures and said == sent()


@pytest.mark.parametrize("n", range(len(KERNELS)), ids=KERNELS)
def test_each_kernel_s_map_has_the_tones_of_the_engine_s_values(n: int) -> None:
    state = hero(KERNELS[n])
    face = state.x.array((1, *state.single.input_size), 0, 5)[0]
    weights, divisor = cv.kernel(KERNELS[n], 3)
    rows, columns = (side - 2 for side in face.shape)
    corners = [(r, c) for r in range(rows) for c in range(columns)]
    sums = np.array([(face[r : r + 3, c : c + 3] * weights).sum() for r, c in corners]) / divisor
    said = sent()["hero"]["kernels"][n]
    (board,) = said["map"]["grids"]
    if KERNELS[n] == "gaussian":  # a picture again
        assert "v" not in board and runs(board["l"]) == tone_levels(sums).tolist()
    else:
        assert levels(board["v"]) == toned(sums, scale_of(sums)).tolist() and board["T"] == 1
    assert len(set(board.get("v") or runs(board["l"]))) >= 5 and (said["map"]["steps"], board["n"]) == (
        len(corners),
        "output",
    )
    (kernel,) = said["kernel"]["grids"]
    assert levels(kernel["v"]) == toned(weights.ravel(), scale_of(weights)).tolist() and kernel["T"] == 1


def test_an_edge_is_told_from_its_opposite_and_a_blur_has_no_sign() -> None:
    boards = zip(KERNELS, (one["map"]["grids"][0] for one in sent()["hero"]["kernels"]), strict=True)
    maps = {name: levels(board["v"]) for name, board in boards if "v" in board}
    assert min(maps["vertical"]) < ZERO < max(maps["vertical"])
    assert maps["vertical"] != maps["horizontal"]
    assert "gaussian" not in maps, "a blurred picture is one"


@each_language
def test_each_lesson_has_a_card_with_its_question_and_its_opening_picture(language: str) -> None:
    said, words = cards(sent(language), "lessons"), catalogue(language)
    assert [(card["title"], card["text"]) for card in said] == [
        (words[f"lesson.{name}.title"], words[f"lesson.{name}.question"]) for name in LESSONS
    ]
    for card, name in zip(said, LESSONS, strict=True):
        shown = places(language)[f"lesson.{name}"]
        large = LESSONS[name].photo or shown.scene().crowd > CROWD
        picture = (replace(shown, view=shown.views[-1]) if large else shown).scene()
        assert [board["n"] for board in card["scene"]["grids"]] == [grid.name for grid in picture.grids]
        assert card["scene"]["steps"] == picture.steps and 0 < card["step"] < picture.steps


def test_a_lesson_that_comes_later_has_its_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LESSONS, "later", replace(LESSONS["convolution"], name="later", opening="maxpool2d-i6-k2"))
    for part in ("title", "question"):
        monkeypatch.setitem(catalogue("en"), f"lesson.later.{part}", f"A {part}")
    places.cache_clear()
    try:
        said = json.loads(start.__wrapped__("en", AUTO, THEMES["light"]))
    finally:
        places.cache_clear()
    card = cards(said, "lessons")[-1]
    assert (card["title"], card["text"], card["href"]) == ("A title", "A question", "later")
    assert card["scene"]["steps"] == 9


@each_language
@pytest.mark.parametrize(("name", "layer"), CLASSICS, ids=[name for name, _ in CLASSICS])
def test_a_caption_says_the_facts_of_a_classic_that_are_in_play(name: str, layer: Layer, language: str) -> None:
    told = caption(layer, language).replace("\u00a0", " ")
    forward = dict(CLASSICS)[name.removesuffix("_transposed")]
    sizes, numbers = facts(layer), facts(forward)
    words = {"en": ("kernel", "stride", "padding", "dilation"), "zh": ("卷积核", "步幅", "填充", "空洞率")}[language]
    said = {word: numbers[key] for word, key in zip(words, "kspd", strict=True)}
    unsaid = {word for word, usual in zip(words, (None, 1, 0, 1), strict=True) if said[word] == usual}
    for word, number in said.items():
        assert (f"{word} {number}" in told) == (word not in unsaid), told
    pattern = {"en": "{i} to {o}", "zh": "输入 {i}，输出 {o}"}[language]
    assert told.startswith(pattern.format(**sizes))
    transposes = {"en": "transposes ", "zh": "对应的卷积："}[language]
    assert (transposes + pattern.format(**numbers) in told) == layer.spreads


def test_a_caption_reads_as_people_say_it() -> None:
    plain = caption(Conv(5, 3, stride=2, padding=1), "en").replace("\u00a0", " ")
    assert plain == "5 to 3, kernel 3, stride 2, padding 1"
    back = caption(Conv(4, 3).transpose(), "en").replace("\u00a0", " ")
    assert back == "2 to 4, transposes 4 to 2, kernel 3"


@each_language
def test_the_address_of_each_picture_restores_the_state_that_it_leads_to(language: str) -> None:
    said = sent(language, "dark")
    led = [*said["hero"]["kernels"], *(card for group in said["groups"] for card in group["cards"])]
    assert [one["to"] for one in led] == list(places(language))
    for one in led:
        lesson, _, query = one["href"].partition("?")
        state, wrong = from_query(dict(parse_qsl(query)), lesson)
        assert (state, wrong) == (replace(places(language)[one["to"]], theme="dark"), [])


def test_a_small_picture_has_no_words_and_is_small_to_send() -> None:
    said = sent()
    pictures = [card["scene"] for group in said["groups"] for card in group["cards"]]
    pictures += [said["hero"]["face"], *(one["map"] for one in said["hero"]["kernels"])]
    for picture in pictures:
        assert all(label[0] == "sign" for label in picture["labels"])
        assert not {"say", "eq", "legends", "notes"} & picture.keys() and picture["formulas"] == []
    assert all(len(json.dumps(card["scene"])) < 6000 for card in cards(said, "classics"))
    assert len(start("en", AUTO, THEMES["light"])) < 95_000


@pytest.mark.parametrize("colours", THEMES)
def test_the_moving_picture_has_tones_in_every_theme(colours: str) -> None:
    said = sent(colours=colours)
    assert f".hero polygon.toned.v-{ZERO}" in said["css"]
    assert said["paper"]["ground"] == THEMES[colours].background


class TestBare:
    def test_is_the_same_picture_without_words(self) -> None:
        whole = cv.scene(Conv(5, 3, stride=2, padding=1))
        plain = bare(whole)
        for t in range(whole.steps):
            seen, left = whole.at(t), plain.at(t)
            assert left.texts == seen.texts and (left.looks == seen.looks).all()
        assert plain.sentence(0) == plain.arithmetic(0) == "" and not plain.legends and not plain.notes_at(0)

    def test_one_board_has_the_cells_and_outlines_that_it_had(self) -> None:
        whole = cv.scene(Conv(5, 3, stride=2, padding=1))
        first = whole.grids[-1].first
        output = bare(whole, "output")
        assert [shape.name for shape in output.shapes] == ["target"] and output.cells == 9
        for t in range(whole.steps):
            assert output.at(t).texts == whole.at(t).texts[first:]
            assert (output.at(t).states == whole.at(t).states[first:]).all()

    def test_texts_of_a_step_and_written_ones_keep_their_cells(self) -> None:
        whole = cv.scene(Conv(5, 3).transpose(), "stamp")
        (grid,) = (grid for grid in whole.grids if grid.name == "sum")
        kept = bare(whole, "sum")
        for t in range(whole.steps):
            assert kept.texts_at(t) == whole.texts_at(t)[grid.first : grid.first + grid.count]

    @pytest.mark.parametrize("name", LESSONS)
    def test_without_numbers_it_has_the_tones_of_the_picture(self, name: str) -> None:
        whole = opening(name).scene()
        for t in (0, whole.steps // 2, whole.steps - 1):
            plain = bare(whole, numbers=False)
            assert (plain.tones_at(t) == whole.tones_at(t)).all() and not any(plain.texts_at(t))

    def test_a_board_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(ValueError, match="no board map"):
            bare(cv.scene(Conv(4, 3)), "map")
