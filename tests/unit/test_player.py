"""The player has what it needs from outside `web/`: its words, its colours, its modules."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

import convviz as cv
from convviz.player.bundle import MODULES, bundle
from convviz.player.data import data
from convviz.player.wire import COMMON
from convviz.player.words import ASK, KEYS, KEYS_ALONE, SAVING, SHARING, TOUR, WORDS, words
from convviz.scene.roles import REFERENCES
from convviz.text import LANGUAGES, catalogue
from convviz.themes import THEMES, Theme

SOURCES = {path.stem: path.read_text("utf-8") for path in MODULES.glob("*.js")}
PLAYER = {name for name in SOURCES if f"const ${name} = " in bundle("alone")}


TABLES = {"roles", "keys", "tour", "symbols", "saving", "sharing", "ask"}


def test_each_word_that_the_player_asks_for_is_sent_and_each_that_is_sent_is_asked_for() -> None:
    asked = {name for source in (SOURCES[n] for n in PLAYER) for name in re.findall(r"\bwords\.(?!js\b)(\w+)", source)}
    taken = {
        name.strip()
        for source in (SOURCES[n] for n in PLAYER)
        for names in re.findall(r"const \{ ([^}]+) \} = data\.words", source)
        for name in names.split(",")
    }
    by_part = {"start", "end", "back", "next", "up", "down", "edit", "undo"}  # `words[part]` in template.js
    by_name = {*SAVING, "link", "frame", "copy_link", "copy_frame"}  # `words[name]` in choices.js and share.js
    assert asked | taken | by_part | by_name >= {*WORDS, *SAVING, *SHARING}
    assert asked | taken | by_part <= {*WORDS, *TABLES, "present", *TOUR, *SAVING, *SHARING, *ASK}


def test_what_all_scenes_have_alike_is_the_same_in_python_and_in_the_browser() -> None:
    found = re.search(r"export const alike = \(\{ ([^}]+) \}\) => \(\{ ([^}]+) \}\)", SOURCES["scene"])
    assert found
    assert [names.split(", ") for names in found.groups()] == [list(COMMON)] * 2


@pytest.mark.parametrize("sheet", sorted(MODULES.glob("*.css")), ids=lambda path: path.name)
def test_no_style_depends_on_the_number_of_a_cell(sheet: Path) -> None:
    """The numbers change with every picture: such a rule has the browser style a thousand cells anew."""
    assert not re.search(r"\[data-m\W", sheet.read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("alone", [False, True])
def test_the_words_are_those_of_the_catalogue(language: str, alone: bool) -> None:
    said, known = words(language, alone), catalogue(language)
    assert said.keys() == WORDS.keys() | TABLES | (set() if alone else {"present"})
    assert len(said["keys"]) == len(KEYS_ALONE if alone else KEYS)
    assert said["picture"] == known[WORDS["picture"]]


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_the_line_under_each_word_has_a_colour_that_is_seen_on_the_page(theme: Theme) -> None:
    css = json.loads(data(cv.scene(cv.Conv(4, 3)), theme, theme, "en"))["css"]
    colours = dict(re.findall(r"\.k-(\w+)\{--key:(#[0-9a-f]{6})\}", css))
    assert colours.keys() == REFERENCES.keys()
    assert theme.background not in colours.values()
    assert colours["stride"] == colours["window"] == theme.paint("frame").line
    assert len({colours[role] for role in ("input", "kernel", "output", "window")}) == 4


def test_a_picture_and_the_page_around_it_have_colours_of_their_own() -> None:
    scene = cv.scene(cv.Conv(4, 3))
    said = json.loads(data(scene, THEMES["dark"], THEMES["light"], "en", step=3, autoplay=False))
    assert said["ground"] == THEMES["light"].background and said["paper"]["ground"] == THEMES["dark"].background
    assert (said["page"], said["step"], said["autoplay"]) == ("light", 3, False)


def test_the_player_s_python_imports_nothing_of_the_web() -> None:
    for path in [*Path(MODULES).glob("*.py"), *(MODULES.parent / "export").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith(("convviz.web", "streamlit")), path


def test_a_page_of_its_own_has_every_module_but_those_of_other_components() -> None:
    others = {"mount", "acts", "dials", "menu", "row", "tiles", "story", "sources", "upload", "start", "hero", "cards"}
    others |= {"pad", "inked", "paste"}  # of the dials
    others |= {"presentable", "present", "screen", "walk"}  # they need the lessons of a server
    assert SOURCES.keys() - others == PLAYER
