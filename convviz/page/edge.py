"""How a learning rate is told: in percent of the edge above which training diverges."""

from __future__ import annotations

from convviz.text import say

NAME, EDGE = "learning_rate", 100
"""The parameter, and where the edge lies."""


def told(name: str, value: object, language: str) -> str:
    """What the dial shows for a learning rate; "" for any other parameter.

    >>> [told("learning_rate", percent, "en") for percent in (50, 100, 102)]
    ['50% of the edge', 'at the edge', '102%: past the edge']
    """
    if name != NAME or not isinstance(value, int):
        return ""
    kind = "at" if value == EDGE else "below" if value < EDGE else "past"
    return say(f"control.{NAME}.{kind}", language, n=value)
