"""The network that is built while code is read: a node for each layer that is laid on a tensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from convviz.code.problem import Place, Problem
from convviz.code.values import LOST, Lost, Site, Tensor
from convviz.errors import LayerError
from convviz.graph import INPUT, Node, Shape, given_shape
from convviz.layers.arguments import Pads
from convviz.layers.elementwise import Add, Multiply, ReLU, Scale, Sigmoid, Softmax, Tanh
from convviz.layers.rearrange import Concat, Crop, Flatten, Reshape, Select

LAYERS, PROBLEMS = 400, 50
"""The most layers that are read, and places that are told of as not understood."""


_JOINED = (Add, Multiply, Concat, Select, Scale, Reshape, Crop)
"""What stands in `forward` as an expression, and not as a module."""

_SIZED = {
    "chain",
    "span",
    "span_over",
    "node_shapes",
    "reflect",
    "circular",
    "crop",
    "code_view",
    "code_value",
    "empty",
}
"""What does not fit, and may fit for an input of another size."""

_PASSING = frozenset(("x", "y", "z", "h", "out", "res", "identity"))
"""Names of variables that hold one tensor after the other."""


class Left(NamedTuple):
    """A layer that is left out because it changes no shape and has no weights: its place, from 1, and its name."""

    line: int
    column: int
    name: str


class Need(Exception):
    """The first layer is met, and the size of the input is not known. dims: its axes; channels: those that the layer
    takes, None for any; features: the values that a dense layer takes in one row; first: the layer's name."""

    def __init__(self, dims: int, channels: int | None, features: int | None = None, first: str = "") -> None:
        super().__init__(first)
        self.dims, self.channels, self.features, self.first = dims, channels, features, first


class Enough(Exception):
    """Nothing more is read: there is too much of it, or too much is not understood."""


@dataclass
class Building:
    """The nodes so far, their shapes, and what is to be told.

    shape: that of the input, None while it is not known; told: the one that the text names; end: where its model ends;
    sized: whether another size of the input may help where something does not fit; asked: the channels that the first
    layer takes which is given others; loose: whether only the order of the
    lines is known.
    """

    shape: Shape | None = None
    nodes: dict[str, tuple[object, tuple[str, ...]]] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[Left] = field(default_factory=list)
    misfits: int = 0
    sized: bool = True
    asked: int | None = None
    loose: bool = False
    told: Shape | None = None
    end: Tensor | None = None
    auto: set[str] = field(default_factory=set)

    @property
    def start(self) -> Tensor:
        return Tensor(INPUT, self.shape)

    def problem(self, place: Place, error: LayerError) -> Lost:
        """Tell of a problem, once."""
        known = any(p[:2] == place and p.error.text() == error.text() for p in self.problems)
        if not known:
            self.problems.append(Problem(*place, error))
        if len(self.problems) >= PROBLEMS:
            self.problems.append(Problem(*place, LayerError("code_problems", "code", None, most=PROBLEMS)))
            raise Enough
        return LOST

    def misfit(self, place: Place, error: LayerError) -> Lost:
        """Tell of a layer that cannot be, or does not take what it is given."""
        self.misfits += 1
        wanted, given = error.values.get("wanted"), error.values.get("given")
        channels = False
        if error.key == "chain" and isinstance(wanted, tuple) and isinstance(given, tuple):
            channels = len(given) > 1 and wanted[:1] != given[:1]
            self.asked = self.asked or (wanted[0] if channels else None)
        self.sized = error.key in _SIZED and not channels
        return self.problem(place, error)

    def leave(self, site: Site, tensor: Tensor) -> Tensor:
        """Note a layer that changes no shape and has no weights, and go on without it."""
        one = Left(*site.place, site.label)
        if one not in self.left_out:
            self.left_out.append(one)
        return tensor

    def add(self, layer: object, inputs: Sequence[Tensor], site: Site) -> Tensor | Lost:
        """A node that reads `inputs`; a problem where it does not take them."""
        if any(tensor.pads for tensor in inputs):
            return self.misfit(site.place, self.alone(inputs, site))
        if any(tensor.shape is None for tensor in inputs):  # the size of the input is only asked for
            return replace(inputs[0], flat=inputs[0].flat or isinstance(layer, Flatten))
        if len(self.nodes) >= LAYERS:
            self.problem(site.place, LayerError("code_much", "code", None, value=len(self.nodes) + 1, most=LAYERS))
            raise Enough
        names = tuple(tensor.name for tensor in inputs)
        name = self._named(layer, site.name)
        try:
            given = [tensor.shape for tensor in inputs if tensor.shape is not None]
            before = [one for one, _ in self.nodes.values()]
            shape = given_shape(Node(name, layer, names), given, len(self.nodes), [*before, layer])
        except LayerError as error:
            return self.misfit(site.place, error)
        if not site.name:
            self.auto.add(name)
        self.nodes[name] = layer, names
        self.shapes[name] = shape
        return Tensor(name, shape)

    def layer(self, tensor: Tensor) -> object:
        """The layer that gives a tensor; None for the input."""
        return self.nodes.get(tensor.name, (None,))[0]

    def alone(self, inputs: Sequence[Tensor], site: Site) -> LayerError:
        """The error of padding that no layer takes."""
        pads = next(tensor.pads for tensor in inputs if tensor.pads)
        nearest = pads[0][0] if len({n for pair in pads for n in pair}) == 1 else pads
        return LayerError("code_pads", "layer", None, value=site.label, nearest=nearest)

    def _named(self, layer: object, wanted: str) -> str:
        """A name that is not taken: the one wanted, or the kind with a number."""
        if wanted and wanted != INPUT:
            number, name = 1, wanted
            while name in self.nodes:
                number += 1
                name = f"{wanted}_{number}"
            return name
        number = len(self.nodes) + 1
        while (name := f"{getattr(layer, 'kind', 'layer')}{number}") in self.nodes:
            number += 1
        return name

    def rename(self, tensor: Tensor, name: str) -> Tensor:
        """The tensor under the name of the variable that holds it, where it is a sum or the like without its own."""
        layer = self.layer(tensor)
        free = name not in self.nodes and name not in _PASSING and next(reversed(self.nodes), None) == tensor.name
        if not free or tensor.name not in self.auto or not isinstance(layer, _JOINED):
            return tensor
        self.auto.discard(tensor.name)
        self.nodes[name] = self.nodes.pop(tensor.name)
        self.shapes[name] = self.shapes.pop(tensor.name)
        return replace(tensor, name=name)

    def instead(self, tensor: Tensor, layer: object, site: Site) -> Tensor | Lost:
        """The last node with another layer in its place."""
        _, names = self.nodes.pop(tensor.name)
        self.shapes.pop(tensor.name)
        shapes = {INPUT: self.shape, **self.shapes}
        was = tensor.name in self.auto
        made = self.add(
            layer, [Tensor(name, shapes[name]) for name in names], Site(site.place, site.label, tensor.name)
        )
        if was:
            self.auto.add(tensor.name)
        return made

    def wanted(self, tensor: Tensor, dims: int, channels: int | None, site: Site) -> Shape | None:
        """The shape of a tensor for a layer of so many axes; None, and a problem, where it has others."""
        if tensor.shape is None:
            raise Need(dims, channels, first=site.label)
        if len(tensor.shape) == dims + 1:
            return tensor.shape
        given = len(tensor.shape) - 1
        error = LayerError(
            "chain_axes", "layers", None, value=site.label, number=len(self.nodes) + 1, wanted=dims, given=given
        )
        self.misfit(site.place, error)
        return None

    def activated(self, tensor: Tensor | Lost, name: str | None, site: Site) -> Tensor | Lost:
        """A tensor after an activation that is known by its name; one that the engine lacks is left out."""
        if isinstance(tensor, Lost) or name in (None, "linear", "identity"):
            return tensor
        made = {"relu": ReLU, "sigmoid": Sigmoid, "tanh": Tanh, "softmax": Softmax}.get(str(name).lower())
        return self.add(made(), [tensor], site) if made else self.leave(Site(site.place, str(name)), tensor)


def spread(number: object, dims: int) -> tuple[object, ...]:
    """One entry an axis."""
    return tuple(number) if isinstance(number, tuple | list) else (number,) * dims


def joined(one: Pads | None, other: Pads | None) -> Pads | None:
    """The sum of two paddings.

    >>> joined(((0, 1),), ((1, 1),))
    ((1, 2),)
    """
    if one is None or other is None:
        return one or other
    return tuple((a + c, b + d) for (a, b), (c, d) in zip(one, other, strict=True))
