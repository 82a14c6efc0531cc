"""What is known of one argument of a layer: enough to make its widget, its place in a link and its option."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """name: the argument; letter: its symbol in formulas and links.

    kind: "size" (whole, one an axis), "padding", "count" (whole), "choice" or "flag"; least and most: the range that
    a control offers (a link or Python may go beyond `most`); choices: the words that it may be, of a padding those that
    stand for cells; main: shown before "More"; divides: of a count, the arguments all of which it must divide.
    """

    name: str
    letter: str
    kind: str
    least: int = 0
    most: int = 1
    choices: tuple[str, ...] = ()
    main: bool = False
    divides: tuple[str, ...] = ()
