"""How a learning rate is told: in percent of the edge above which training diverges."""

from __future__ import annotations

from convviz.text import say

NAME = "learning_rate"
"""The parameter."""


def told(name: str, value: object, language: str) -> str:
    """What the dial shows for a learning rate; "" for any other parameter.

    >>> [told("learning_rate", percent, "en") for percent in (50, 102)], told("stride", 2, "en")
    (['50% of the edge', '102% of the edge'], '')
    """
    if name != NAME or not isinstance(value, int):
        return ""
    return say(f"control.{NAME}.told", language, n=value)
