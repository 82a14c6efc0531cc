"""The words: one catalogue a language. Every word that a person reads comes from here."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")
DEFAULT = "en"


def _flattened(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
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


def say(key: str, language: str = DEFAULT, /, **values: object) -> str:
    """The words under `key`, with `values` put into their places.

    >>> say("error.smallest", "en", field="stride", value=0, least=1, nearest=1)
    'stride: 0 - must be at least 1 - try stride 1'
    """
    template = catalogue(language)[key]
    return template.format(**values) if values else template
