"""A view as a record: how it draws, and what is known of it before anything is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.network import Network
from convviz.scene.limits import refuse_large
from convviz.scene.scene import Scene


def refuse_none(layer: Layer) -> None:
    """Take every layer."""


def natural(shown: Any) -> str:
    """The view of a layer or a network for which none is named: it takes any such layer, though not any size."""
    if isinstance(shown, Network):
        return "coverage" if shown.sequence else "stack"
    return "flat"


@dataclass(frozen=True)
class View:
    """A way to look at a layer.

    draw: lays out a trace, or a stack, in a language, with the view's own options; refuse: raises LayerError for a
    layer that it has no place for; boards: how often it draws the layer's input and output; tones: whether it shows
    pixels as greys (its option of that name); stacks: what of a stack it shows, its "sizes" or its
    "values", or "" where it takes none; limit: raises LayerError for a layer
    whose picture, with so many boards, is too large. `refuse` and `limit` know sizes alone, before there is any array.
    """

    name: str
    draw: Callable[..., Scene]
    refuse: Callable[[Any], None] = refuse_none
    boards: int = 1
    tones: bool = False
    stacks: Literal["", "sizes", "values"] = ""
    limit: Callable[[Any, int], None] = refuse_large

    def refuses(self, shown: Layer | Network) -> LayerError | None:
        """Why the view cannot show a layer or a stack; None where it can."""
        try:
            if isinstance(shown, Network) and not self.stacks:
                nearest = natural(shown)
                raise LayerError("view_stack", "view", {"view": nearest}, value=self.name, nearest=nearest)
            self.refuse(shown)
            self.limit(shown, self.boards)
        except LayerError as error:
            return error
        return None
