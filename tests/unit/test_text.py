"""The catalogues of all languages say the same things, in the same places."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from convviz.errors import LayerError
from convviz.layers import (
    REGISTRY,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    Conv,
    ConvTranspose,
    Dense,
    MaxPool,
    PixelShuffle,
    Upsample,
)
from convviz.lessons import LESSONS
from convviz.network import Network
from convviz.scene.build import scene
from convviz.scene.views import VIEWS
from convviz.text import HAND, LANGUAGES, PLACE, catalogue, fill, places, say

ROLES = {
    *("input", "padding", "inserted", "kernel", "window", "output", "current", "unread", "idle", "dropped"),
    *("stride", "dilation", "product", "cropped", "extra", "beyond", "share", "winner", "photo", "result"),
    "made",
    *("error", "gradient", "hidden", "target", "loss"),
}
REFERENCE = re.compile(r"\[([^\]|]*)\|([^\]]*)\]")
ENGLISH, OTHERS = catalogue("en"), [language for language in LANGUAGES if language != "en"]


def parted(text: str) -> set[str]:
    """The places whose thousands are parted."""
    return {place[1] for place in PLACE.finditer(text) if place[4]}


def roles(text: str) -> Counter[str]:
    return Counter(role for role, _ in REFERENCE.findall(text))


@pytest.mark.parametrize("language", OTHERS)
def test_keys_are_equal(language: str) -> None:
    assert catalogue(language).keys() == ENGLISH.keys()


@pytest.mark.parametrize("language", OTHERS)
def test_each_text_has_the_same_places_and_references(language: str) -> None:
    words = catalogue(language)
    assert {key for key in ENGLISH if places(ENGLISH[key]) != places(words[key])} == set()
    assert {key for key in ENGLISH if roles(ENGLISH[key]) != roles(words[key])} == set()
    assert {key for key in ENGLISH if parted(ENGLISH[key]) != parted(words[key])} == set(), "1,000 or 1000 alike"


@pytest.mark.parametrize("language", OTHERS)
def test_each_text_speaks_to_the_same_hands(language: str) -> None:
    words = catalogue(language)
    assert {key for key in ENGLISH if len(HAND.findall(ENGLISH[key])) != len(HAND.findall(words[key]))} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_whole(language: str) -> None:
    for key, text in catalogue(language).items():
        assert text.strip() == text != "", key
        assert not re.search(r"[{}]", PLACE.sub("", text)), key
        assert not re.search(r"[!！]|\bTODO\b", text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reference_is_to_a_known_role_that_has_a_name(language: str) -> None:
    words = catalogue(language)
    for key, text in words.items():
        assert set(roles(text)) <= ROLES, key
        assert all(shown for _, shown in REFERENCE.findall(text)), key
        if not key.startswith("error."):  # errors show Python's own brackets
            assert "[" not in REFERENCE.sub("", text), key
    assert {f"role.{role}" for role in ROLES} <= words.keys()


CONSTANT = re.compile(
    r"180°|2p|1/N \+ 1/k²|1/k²|\+ 1 =|stride 1 only|步幅为 1；"
    r"|factor greater than 1,|最大公约数为 1，|k − p − 1"
)
"""Numbers that no setting changes: an angle, a formula's own, and what a framework allows."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_in_lessons_are_never_typed(language: str) -> None:
    typed = {
        key
        for key, text in catalogue(language).items()
        if key.startswith(("lesson.", "gallery.")) and re.search(r"\d", CONSTANT.sub("", PLACE.sub("", text)))
    }
    assert typed == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_in_the_name_of_a_preset_is_one_of_its_setting(language: str) -> None:
    for lesson in LESSONS.values():
        for preset in lesson.presets:
            told = re.findall(r"\d+", say(f"preset.{preset.name}", language))
            named = preset.setting.partition("-")[2] or preset.setting  # a known network's name is its own
            assert set(told) <= set(re.findall(r"\d+", named)), preset.name


NO_PLURAL = {
    *("as", "across", "always", "has", "is", "its", "plus", "s", "this", "convolves", "transposes"),
    *("gives", "makes", "means", "needs", "reads", "serves", "sets", "spans", "takes", "transposes", "uses", "works"),
}
"""Words in s that are no plural nouns."""

PAIRS = [place.group(5, 6) for text in ENGLISH.values() for place in PLACE.finditer(text) if place[5] is not None]
ONE, MANY = ({word for pair in PAIRS for word in pair[n].split()} for n in (0, 1))
COUNT = re.compile(r"(?<!× )(?<!x )(?<!\d )(?<!\d, )(?<![\d.,−-])\b([012])((?: [a-z]+){1,3})")
SINGULAR = {word for word in ONE - MANY if word[-1] != "s"}
JOINED = re.compile(r"(?<![\d.,])(\d+) (?:to|through|and to|至|到) \1(?![\d.,])")


def plural(word: str) -> bool:
    """Whether an English word can only follow more than one, as far as its letters and the catalogue tell."""
    return word in MANY - ONE or (word[-1] == "s" and word[-2:] != "ss" and word not in NO_PLURAL | ONE)


def misworded(text: str) -> list[str]:
    """What a text says wrongly of one or of several: "1 cells", "all 1 cells are", "2 cell", "rows 1", "3 to 3"."""
    text = REFERENCE.sub(r"\2", text)
    found = [match[0] for match in JOINED.finditer(text)]
    for number, after in COUNT.findall(text):
        words = re.split(r" (?:of|in|on|at|to|with|and|but|or|from|by|per|that|the|a|no|must|has)\b", after)[0].split()
        wrong = any(plural(word) if number == "1" else word in SINGULAR for word in words)
        found += [number + after] if wrong else []
    found += [
        match[0]
        for match in re.finditer(r"(?<!try )(?<!改为 )\b([a-z]+) 1\b(?! to)", text)
        if match[1] in MANY - ONE and match[1][-1] == "s"
    ]
    return found


def test_what_is_said_wrongly_of_one_or_several_is_found() -> None:
    wrong = [
        *(
            "reads 1 cells",
            "rows 1 to 1",
            "all 1 cells",
            "has 1 axes",
            "1 whole numbers",
            "1 of its 1 cells",
            "columns 1 of",
        ),
        *("the 1 cell are", "its [product|products], 1 [cell|cells]", "2 cell of", "0 input here", "第 2 至 2 行"),
    ]
    right = [
        *(
            "1 cell",
            "stride 1 works",
            "row 1 to column 2",
            "rows 1 to 2",
            "1 to 10",
            "第 1 至 2 行",
            "1.5 cells",
            "11 cells",
        ),
        *("1 of its 2 cells is padding", "5 × 1 cells", "its 1 product is 1", "0 inputs are", "padding 2 is cropped"),
    ]
    assert [text for text in wrong if not misworded(text)] == []
    assert [text for text in right if misworded(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_each_text_is_right_of_none_one_and_two(language: str, number: int) -> None:
    for key, text in catalogue(language).items():
        said = fill(text, dict.fromkeys(places(text), number))
        if number != 1:  # a range of one is told as one
            said = JOINED.sub("", said)
        assert misworded(said) == [], key


SMALL: tuple[Any, ...] = (
    *(Conv(1, 1), Conv((1,), 1), Conv((2,), 1, bias=True), Conv((1, 3), (1, 2), padding=((0, 0), (1, 0)))),
    *(Conv((1,), 1, stride=2, padding=1), Conv((2, 1, 1), 1), Conv(1, 1, in_channels=2)),
    *(ConvTranspose(1, 1), ConvTranspose((1,), 1, stride=2), ConvTranspose((2,), 1, stride=2), ConvTranspose(2, 2)),
    *(ConvTranspose((2,), 3, stride=2, padding=1), ConvTranspose((1, 2), (1, 2), stride=2, output_padding=1)),
    *(MaxPool(2, 1), MaxPool((2,), 2), AvgPool((1,), 1), AvgPool(2, 2), Dense(1, 1), Dense(1, 2), Dense(2, 1)),
    *(AdaptiveMaxPool(2, 1), AdaptiveMaxPool((2,), 2), AdaptiveAvgPool(3, 2), AdaptiveAvgPool((1,), 1)),
    *(Upsample(1, 1), Upsample((1,), 2, "bilinear"), Upsample((1, 2), 2, "bilinear"), PixelShuffle(1, 1)),
    *(PixelShuffle(1, 2), PixelShuffle(1, 2, 2), Network([Upsample((2,), 1), Conv((2,), 2)])),
    *(Network([Conv((1,), 1)]), Network([Conv((3,), 3), Conv((1,), 1)]), Network([Conv((5,), 2, dilation=2)])),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", VIEWS)
def test_small_pictures_count_one_thing_as_one(view: str, language: str) -> None:
    for layer in SMALL:
        try:
            picture = scene(layer, view, language)
        except LayerError as error:
            assert misworded(error.text(language)) == []
            continue
        said = [picture.sentence(t) for t in range(picture.steps)] + [label.text for label in picture.labels]
        assert [wrong for text in said for wrong in misworded(text)] == [], layer


@pytest.mark.parametrize("layer", REGISTRY, ids=lambda layer: layer.kind)
def test_each_parameter_has_its_words(layer: type) -> None:
    for parameter in layer.parameter_list:  # type: ignore[attr-defined]
        assert f"control.{parameter.name}.label" in ENGLISH
        assert f"control.{parameter.name}.help" in ENGLISH
        assert all(f"choice.{choice}" in ENGLISH for choice in parameter.choices)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dims", [1, 2, 3])
def test_sentences_of_a_step_name_where_and_how_much(language: str, dims: int) -> None:
    where = {"column": 7, "row": 8, "slice": 9}
    for name in ("gather", "transposed", "both", "max", "mean", "copy", "blend"):
        text = say(f"sentence.{name}{dims}d", language, **where, **dict.fromkeys(_OTHERS, 1), total=-42)
        assert "[current|-42]" in text
        assert all(str(n) in text for n in list(where.values())[:dims])


_OTHERS = ("d0", "d1", "r0", "r1", "c0", "c1", "count", "inputs")


def test_every_text_is_asked_for_by_the_code() -> None:
    said, made = set(), set()
    for path in (Path(__file__).parents[2] / "convviz").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in node.values]
                made.add("".join(map(str, parts)))
    keys = {re.compile(pattern) for pattern in made if re.search(r"[a-z]", pattern) and r"\." in pattern}
    assert {key for key in ENGLISH if key not in said and not any(k.fullmatch(key) for k in keys)} == set()
