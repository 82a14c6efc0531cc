"""What the names and calls of pasted code stand for while it is read: modules, tensors, and what is not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from convviz.code.problem import Place
from convviz.graph import Shape
from convviz.layers.arguments import Pads

if TYPE_CHECKING:
    from convviz.code.building import Building
    from convviz.code.statements import Statement


@dataclass(frozen=True)
class Tensor:
    """What a node gives. shape: channels first, no batch; None: the size of the input is not known yet. pads: padding
    that waits for the layer that follows, and with what it is filled: a padding mode of `Conv`, or "lowest"."""

    name: str
    shape: Shape | None
    pads: Pads | None = None
    fill: str = "zeros"
    flat: bool = False


class Lost:
    """What comes of a layer that does not fit, or of a line that is not understood: nothing more is said of it."""


class Nothing:
    """What a call gives that has no part in the layers: training, printing, moving to a device."""


LOST, NOTHING = Lost(), Nothing()


@dataclass(frozen=True)
class Site:
    """Where a layer stands in the text, and what it is called there; name: that of its node, if it has one."""

    place: Place
    label: str
    name: str = ""


Work = Callable[["Building", Tensor, Site], "Tensor | Lost"]
"""What a layer makes of a tensor: it adds nodes to the network that is being built."""


@dataclass
class Leaf:
    """A layer that is described, and not yet laid on a tensor. weighted: whether it has weights; used: how often it is
    laid on one; taken: whether it stands in another module."""

    site: Site
    work: Work
    weighted: bool = False
    used: int = 0
    taken: bool = False


@dataclass
class Chain:
    """Modules one after the other, each with its name: a Sequential. shape: that of the input, where it says one."""

    site: Site
    children: list[tuple[str, Module]] = field(default_factory=list)
    shape: Shape | None = None
    used: int = 0
    taken: bool = False


@dataclass
class Class:
    """A class of the text: its name, its bases, its methods."""

    name: str
    bases: tuple[str, ...]
    statements: list[Statement]
    methods: dict[str, Function] = field(default_factory=dict)


@dataclass
class Function:
    """A function of the text. scope: the names around it."""

    statement: Statement
    scope: dict[str, object]
    owner: Class | None = None


@dataclass
class Instance:
    """An object of a class of the text: its attributes, in the order in which they were given."""

    kind: Class
    site: Site
    attributes: dict[str, object] = field(default_factory=dict)
    used: int = 0
    taken: bool = False


@dataclass(frozen=True)
class Model:
    """A Keras model of tensors: where it begins and ends."""

    start: Tensor
    end: Tensor | Lost


@dataclass(frozen=True)
class Method:
    """A method that is named and about to be called: of what, and which."""

    of: object
    name: str


@dataclass(frozen=True)
class Reference:
    """A dotted name that the text does not explain, such as nn.Conv2d."""

    name: str


Module = Leaf | Chain | Instance
