"""A view as a record: how it draws, and what is known of it before anything is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.network import Network, stack_of
from convviz.scene.limits import refuse_large
from convviz.scene.scene import Scene


def refuse_none(layer: Layer) -> None:
    """Take every layer."""


def natural(shown: object) -> str:
    """The view of a layer or a network for which none is named: it takes any such layer, though not any size."""
    stack, own = stack_of(shown), getattr(shown, "views", ())
    return own[0] if own else "flat" if stack is None else "coverage" if stack.sequence else "stack"


@dataclass(frozen=True)
class Stacks:
    """How a view shows a network.

    draw: lays out the network in a language or, where the picture has `values`, its run; refuse: raises LayerError for
    a network that the view has no place for, or whose picture is too large. It knows sizes alone. pixels: whether it
    shows pixels as greys, its option of that name; words: whether it can name positions and channels, its option too;
    alone: whether a single layer is a stack of one, which this record refuses instead of the view's own.
    """

    draw: Callable[..., Scene]
    refuse: Callable[[Network], None]
    values: bool = False
    pixels: bool = False
    words: bool = False
    alone: bool = False


@dataclass(frozen=True)
class Narrow:
    """How a view lies on a narrow page, as a phone's, where boards stand one under another.

    tall: the height that the page keeps for the picture, as a share of the width; holds, aligned, columns, singly: what
    stays together, as `convviz.scene.blocks` has them; leaves: names of labels that have no room where boards stand
    singly; scrolls: whether the picture is scrolled sideways where its numbers cannot be read otherwise; folds: of a
    table whose rows take several lines where one has no room, the ways to do so, of which the first that fits is taken:
    the names of the columns of each line. One that is in all lines is as high as they are together, one in none is left
    out.
    """

    tall: float = 1.2
    holds: str = ""
    aligned: bool = False
    columns: bool = False
    singly: bool = False
    leaves: tuple[str, ...] = ()
    scrolls: bool = False
    folds: tuple[tuple[tuple[str, ...], ...], ...] = ()


@dataclass(frozen=True)
class View:
    """A way to look at a layer.

    draw: lays out a trace in a language, with the view's own options; refuse: raises LayerError for a layer that it has
    no place for; boards: how often it draws the layer's input and output; pixels: whether it shows pixels as greys (its
    option of that name); times: whether it says the times of a series (its option `since`); colours: whether `pixels`
    may be "colours", of channels that are red, green and blue; aspect: the height that a page keeps for the picture,
    as a share of the width; narrow: how it lies on a narrow page; afar: its options where it is seen from afar;
    stacks: how it shows a network, or None where it takes none; limit: raises LayerError for a layer whose picture,
    with so many boards, is too large; compares: whether two of its pictures can be compared: not where each has axes
    of its own, or compares something itself; whole: whether it draws what a layer gives as a whole (`Applied`), of
    sizes of which there is no record of every step; second: whether it shows another kernel after the first (its option
    `then`); values: whether numbers that can be typed are in it; asks: what of a network is asked about (its option
    `at`): a "row", that of the step where none is chosen, or an "output"; "" where nothing is. `refuse` and `limit`
    know sizes alone, before there is any array.
    """

    name: str
    draw: Callable[..., Scene]
    refuse: Callable[[Any], None] = refuse_none
    boards: int = 1
    pixels: bool = False
    times: bool = False
    colours: bool = False
    aspect: float = 0.4
    narrow: Narrow = Narrow()
    afar: Mapping[str, object] = field(default_factory=dict)
    stacks: Stacks | None = None
    limit: Callable[[Any, int], None] = refuse_large
    compares: bool = True
    whole: bool = False
    second: bool = False
    values: bool = True
    asks: str = ""

    def refuses(self, shown: Layer | Network) -> LayerError | None:
        """Why the view cannot show a layer or a stack; None where it can."""
        try:
            stack, own = stack_of(shown), getattr(shown, "views", ())
            if own and self.name not in own:
                raise LayerError("view_own", "view", {"view": own[0]}, value=self.name, nearest=own[0])
            if self.stacks and self.stacks.alone:
                self.stacks.refuse(stack or Network([shown]))
            elif stack is None:
                self.refuse(shown)
                self.limit(shown, self.boards)
            elif self.stacks is None:
                nearest = natural(shown)
                raise LayerError("view_stack", "view", {"view": nearest}, value=self.name, nearest=nearest)
            else:
                self.stacks.refuse(stack)
        except LayerError as error:
            return error
        return None

    def has_values(self, shown: Layer | Network) -> bool:
        """Whether the picture shows the values of the cells; that of a stack may show its sizes alone."""
        if stack_of(shown) is None:
            return self.values
        return self.stacks is None or self.stacks.values
