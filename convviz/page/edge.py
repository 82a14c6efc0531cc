"""How a learning rate is told: in percent of the edge above which training diverges."""

from __future__ import annotations

from convviz.text import say

NAME = "learning_rate"
"""The parameter."""

WIDEST = 3
"""Digits of the largest: smaller numbers take as much room, so that nothing beside them moves."""


def told(name: str, value: object, language: str) -> str:
    """What the dial shows for a learning rate; "" for any other parameter.

    >>> told("learning_rate", 102, "en"), len(told("learning_rate", 5, "en")), told("stride", 2, "en")
    ('102%', 4, '')
    """
    if name != NAME or not isinstance(value, int):
        return ""
    said = say(f"control.{NAME}.told", language, n=value)
    return said.rjust(len(said) + WIDEST - len(str(value)), "\N{FIGURE SPACE}")
