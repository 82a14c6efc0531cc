"""The words that the player needs, out of the catalogue: they come to the browser with its scene."""

from __future__ import annotations

from typing import Any

from convviz.text import catalogue

ROLES = ["input", "padding", "beyond", "inserted", "unread", "idle", "kernel", "window", "product", "output", "cropped"]
ROLES += [
    "heat",
    "tone",
    "red",
    "green",
    "blue",
    "picture",
    "current",
    "dropped",
    "winner",
    "share",
    "differs",
    "changed",
    "photo",
    "result",
    "made",
]

WORDS = {
    "play": "player.play",
    "pause": "player.pause",
    "next": "player.next",
    "back": "player.previous",
    "down": "player.row_next",
    "up": "player.row_previous",
    "start": "player.start",
    "end": "player.end",
    "speed": "player.speed",
    "terms": "player.terms",
    "scrub": "player.scrub",
    "edit": "player.edit_values",
    "edit_help": "player.edit_keys",
    "undo": "player.undo",
    "position": "player.step",
    "between": "player.between",
    "controls": "player.aria.controls",
    "picture": "player.aria.picture",
    "picture_alone": "player.aria.picture_alone",
    "save": "player.save",
    "keyboard": "player.keyboard",
    "more": "player.more",
}
TOUR = {
    "start": "tour.title",
    "next": "tour.next",
    "back": "tour.previous",
    "again": "myths.show",
    "position": "tour.position",
    "myth": "myths.title",
    "challenge": "challenge.title",
    "restart": "challenge.again",
    "met": "challenge.met",
    "open": "challenge.open",
}
SAVING = {
    "pace": "saving.pace",
    "steps": "saving.steps",
    "first": "saving.first",
    "terms": "saving.terms",
    "loop": "saving.plays",
    "for_ever": "saving.for_ever",
    "once": "saving.once",
    "width": "saving.width",
    "usual": "saving.usual",
    "transparent": "saving.transparent",
    "sum_line": "saving.sum_line",
}
SHARING = ("share", "link", "frame", "copy_link", "copy_frame", "copied", "selected", "code", "large", "local")
ASK = {part: f"ask.{part}" for part in ("label", "lock", "again", "missing", "none", "chosen", "help")}
ASK |= {
    part: f"ask.{part}" for part in ("hit", "miss", "given", "hit_cells", "miss_cells", "given_cells", "cell", "board")
}
ASK |= {"show": "ask.reveal", "on": "ask.on", "off": "ask.off"}
PRESENT = ("start", "name", "back", "next", "blank", "full", "leave", "keys", "coming", "away")
PRESENT_KEYS = ("page", "beat", "number", "blank", "play", "step", "full", "help", "leave")
SYMBOLS = {letter: letter for letter in "oiksdpaRS"} | {"p₁": "before", "p₂": "after"}
SYMBOLS["N"] = "maps"
SYMBOLS |= {key: key for key in ("down", "up", "rest")}
KEYS = ("play", "step", "row", "lens", "ends", "page", "beat", "answer", "present", "edit", "compare", "undo", "leave")
KEYS_ALONE = tuple(key for key in KEYS if key not in ("beat", "answer", "present", "edit", "compare", "undo"))
"""Where there is no server: nothing is edited there, and no beat is told."""


def words(language: str, alone: bool = False) -> dict[str, Any]:
    """The player's words; alone: on a page without a server.

    >>> words("en")["play"], len(words("en")["keys"]) - len(words("en", alone=True)["keys"])
    ('Play', 6)
    """
    said = catalogue(language)
    tables: dict[str, Any] = {
        "roles": {role: said[f"role.{role}"] for role in ROLES},
        "keys": [said[f"keys.{key}"] for key in (KEYS_ALONE if alone else KEYS)],
        "symbols": {symbol: said[f"symbol.{key}"] for symbol, key in SYMBOLS.items()},
        "tour": {part: said[key] for part, key in TOUR.items()},
        "saving": {part: said[key] for part, key in SAVING.items()},
        "sharing": {part: said[f"sharing.{part}"] for part in SHARING},
        "ask": {part: said[key] for part, key in ASK.items()},
    }
    if not alone:
        tables["present"] = {part: said[f"present.{part}"] for part in PRESENT}
        tables["present"] |= {"list": [said[f"present.key.{key}"] for key in PRESENT_KEYS]}
    return {part: said[key] for part, key in WORDS.items()} | tables
