"""The catalogues of all languages say the same things, in the same places."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

from convviz.layers import REGISTRY
from convviz.text import LANGUAGES, catalogue, say

ROLES = {
    *("input", "padding", "inserted", "kernel", "window", "output", "current", "unread"),
    *("stride", "dilation", "product", "cropped", "extra"),
}
REFERENCE = re.compile(r"\[([^\]|]*)\|([^\]]*)\]")
ENGLISH, OTHERS = catalogue("en"), [language for language in LANGUAGES if language != "en"]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_whole(language: str) -> None:
    for key, text in catalogue(language).items():
        assert text.strip() == text != "", key
        assert all(place.isidentifier() for place in places(text)), key
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_in_lessons_are_never_typed(language: str) -> None:
    typed = {
        key
        for key, text in catalogue(language).items()
        if key.startswith(("lesson.", "preset.", "gallery.caption")) and re.search(r"\d", re.sub(r"\{\w+\}", "", text))
    }
    assert typed == set()


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
    for name in ("gather", "transposed", "both", "max", "mean"):
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
