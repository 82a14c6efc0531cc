"""The words: one catalogue a language. Every word that a person reads comes from here.

A text has places that `fill` fills:

| place | becomes |
| --- | --- |
| `{n}` | the value of n |
| `{n:,}` | the same, with thousands separators |
| `{n|cell|cells}` | "cell" where n is 1, else "cells"; n itself is not written |
| `{a to b}` | "2 to 4"; where both are 2, only "2" |
| `{a to b|row|rows}` | "rows 2 to 4", or "row 2" |

The word between a and b is the language's own: `{a 至 b}`. `filled` in player/scene.js does the same in the browser.

`<point at|tap>` is said to a mouse or to a finger; `forHand` in player/touch.js chooses in the browser.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PLACE = re.compile(r"\{(\w+)(?: (\S+) (\w+))?(:,)?(?:\|([^{}|]*)\|([^{}|]*))?\}", re.ASCII)
"""A place in a text: a name, perhaps a range to a second name, perhaps thousands separators, perhaps two words."""

HAND = re.compile(r"<([^<>|]*)\|([^<>|]*)>")
"""Words to a mouse, and to a finger."""

LANGUAGES = ("en", "zh")
DEFAULT = "en"


def _flattened(table: dict[str, object], prefix: str = "") -> dict[str, str]:
    words: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            words |= _flattened(value, f"{prefix}{key}.")
        else:
            words[prefix + key] = str(value)
    return words


@cache
def catalogue(language: str) -> dict[str, str]:
    """All words of one language, by dotted key.

    >>> "error.whole" in catalogue("zh")
    True
    """
    words: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / language).glob("*.toml")):
        words |= _flattened(tomllib.loads(path.read_text("utf-8")))
    return words


def joined(*sentences: str) -> str:
    """Sentences, one after the other; after a Chinese one, or its colon, stands no space.

    >>> joined("One:", "two."), joined("一：", "二。", "三。")
    ('One: two.', '一：二。三。')
    """
    return re.sub("(?<=[。？！：]) ", "", " ".join(sentences))


def say(key: str, language: str = DEFAULT, /, **values: object) -> str:
    """The words under `key`, with `values` put into their places.

    >>> say("error.smallest", "en", field="stride", value=0, least=1, nearest=1)
    'stride: 0 - must be at least 1 - try stride 1'
    """
    template = catalogue(language)[key]
    return fill(template, values) if values else template


def fill(template: str, values: Mapping[str, object]) -> str:
    """A text with its places filled; raises KeyError for a place that has no value.

    >>> fill("{n:,} {n|cell|cells} in {a to b|row|rows}", {"n": 1, "a": 2, "b": 2})
    '1 cell in row 2'
    >>> fill("{n:,} {n|cell|cells} in {a to b|row|rows}", {"n": 1200, "a": 2, "b": 4})
    '1,200 cells in rows 2 to 4'
    """

    def filled(place: re.Match[str]) -> str:
        name, between, last, grouped, one, many = place.groups()
        text = shown = _number(values[name], grouped)
        alone = text == "1"
        if last:
            end = _number(values[last], grouped)
            alone = text == end
            shown = text if alone else f"{text} {between} {end}"
        if one is None:
            return shown
        word = one if alone else many
        return f"{word} {shown}" if last else word

    return PLACE.sub(filled, template)


def _number(value: object, grouped: str | None) -> str:
    text = str(value)
    return f"{int(text):,}" if grouped and text.isdecimal() else text


def places(template: str) -> set[str]:
    """The names of a text's places.

    >>> sorted(places("{n} {n|cell|cells} in {a to b|row|rows}"))
    ['a', 'b', 'n']
    """
    return {name for place in PLACE.finditer(template) for name in place.group(1, 3) if name}
