"""What a lesson on handwritten digits has besides: a pad to draw one on, and the held-out digits to choose from."""

from __future__ import annotations

from dataclasses import replace

from convviz.layers.arguments import whole
from convviz.network import Reading
from convviz.page.inked import held_out, label
from convviz.page.state import State
from convviz.page.values import Values
from convviz.text import say

PAD, HELD = "pad", "held"
"""The pad, and the dial of the held-out digits."""

PENS = {"thin": 1.5, "thick": 4.0}
"""How thick a line may be, in cells of the pad."""


def reads_digits(state: State) -> bool:
    """Whether the page shows a network that reads digits."""
    return isinstance(state.layer, Reading)


def dials(state: State) -> list[dict[str, object]]:
    """The pad and the dial, where digits are read."""
    if not reads_digits(state):
        return []
    language, x = state.language, state.x
    words = {part: say(f"pad.{part}", language) for part in ("label", "help", "keys", "paper", "clear")}
    pens: list[object] = [(pen, say(f"pad.{name}", language)) for name, pen in PENS.items()]
    drawn = replace(x, edits=()).text() if x.kind == "drawn" else ""
    picks = x.kind == "digit"
    number = int(x.numbers[0]) if picks else 0
    shown = say("pad.shows", language, n=number + 1, digit=label(number)) if picks else "–"
    widest = say("pad.shows", language, n=len(held_out()), digit=0)
    label_, told = (say(f"control.{HELD}.{part}", language) for part in ("label", "help"))
    held: dict[str, object] = {"name": HELD, "label": label_, "help": told, "place": "main", "kind": "range"}
    return [
        {"name": PAD, "kind": "pad", "place": "main", "value": drawn, "pens": pens, **words},
        held | {"value": number + 1, "least": 1, "most": len(held_out()), "shown": shown, "widest": widest},
    ]


def picked(state: State, value: object) -> State:
    """The state with the held-out digit of a number, from 1. Raises LayerError for one that is not there.

    >>> from convviz.page.state import opening
    >>> picked(opening("anatomy"), 3).x.text()
    'd2'
    """
    return replace(state, x=Values("digit", (whole(HELD, value, 1, len(held_out())) - 1,)))
