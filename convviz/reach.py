"""How far one output of a network sees, told from sizes alone: receptive field, jump, effective padding, centre.

Along one axis an output cell sees a range of the network's input; its neighbour sees the same range one jump further.
Both follow layer by layer (Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks",
Distill 2019). Where branches meet, the range is around all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from convviz.graph import INPUT, Node, Shape
from convviz.layers import Layer
from convviz.layers.rearrange import Flatten, Reshape

Number = int | Fraction


@dataclass(frozen=True)
class Row:
    """One node of a network's summary; sizes in cells, costs in weights and multiply-accumulates.

    For each axis of the network's input: receptive_field, how many of its cells one output cell sees; jump, how far
    apart in it neighbouring output cells stand (a fraction after a transposed convolution); padding, the effective
    padding, and centre, where the middle of output 0's field lies.
    """

    name: str
    layer: Layer
    output_size: tuple[int, ...]
    parameters: int
    macs: int
    receptive_field: tuple[int, ...]
    jump: tuple[Number, ...]
    padding: tuple[Number, ...]
    centre: tuple[Number, ...]


@dataclass(frozen=True)
class Reach:
    """What output 0 sees along one axis, in cells of the network's input, padding included.

    left, right: the first and the last cell of its range; jump: how far the next output's range is shifted; size: how
    many outputs there are along the axis; whole: whether all later outputs see the same, as after a dense layer; mixed:
    whether cells no longer lie along this axis, as after a reshape: a window over them may see any of it.
    """

    left: Number = 0
    right: Number = 0
    jump: Number = 1
    size: int = 1
    whole: bool = False
    mixed: bool = False

    @property
    def field(self) -> int:
        """The receptive field: cells from the first to the last, holes between them included."""
        return int(self.right - self.left) + 1

    @property
    def padding(self) -> Number:
        """The effective padding: how many cells before the input the range begins."""
        return -self.left

    @property
    def centre(self) -> Number:
        """Where the middle of the range lies in the input."""
        return plain(Fraction(self.left + self.right, 2))


def reaches(nodes: Sequence[Node], shape: Shape, shortest: bool = False) -> dict[str, tuple[Reach, ...]]:
    """For every node, and for the input, the Reach along each axis of the input.

    shortest: where branches meet, follow the one that sees least, instead of the range around all of them.

    >>> from convviz.graph import settled
    >>> from convviz.layers import Conv
    >>> nodes, shape = settled([Conv((16,), 3, padding=1), Conv((16,), 3, stride=2, padding=1)])
    >>> reach, = reaches(nodes, shape)["conv2"]
    >>> reach.field, int(reach.jump), int(reach.padding), int(reach.centre)
    (5, 2, 2, 0)
    """
    meet = _nearest if shortest else _met
    sizes = shape[1:] or shape
    found: dict[str, tuple[Reach, ...]] = {INPUT: tuple(Reach(size=n) for n in sizes)}
    for node in nodes:
        below = [found[name] for name in node.inputs]
        met = tuple(meet([axes[d] for axes in below]) for d in range(len(sizes)))
        found[node.name] = tuple(_through(node, d, reach) for d, reach in enumerate(met))
    return found


def _nearest(branches: list[Reach]) -> Reach:
    """The Reach of the branch that sees least."""
    return branches[0] if len(branches) == 1 else min(branches, key=lambda reach: (reach.whole, reach.field))


def _met(branches: list[Reach]) -> Reach:
    """The range around those of all branches; a longer jump wins, as its later outputs lie further on."""
    first = branches[0]
    if len(branches) == 1:
        return first
    return Reach(
        min(reach.left for reach in branches),
        max(reach.right for reach in branches),
        max(reach.jump for reach in branches),
        first.size,
        any(reach.whole for reach in branches),
        any(reach.mixed for reach in branches),
    )


def _through(node: Node, axis: int, below: Reach) -> Reach:
    """The Reach of a node that reads what has the Reach `below`."""
    layer: Layer = node.layer
    if below.whole:
        return below
    if not node.has_taps:
        if mixes(node, axis, below.size) or below.mixed:
            return replace(below, mixed=True)
        spatial = node.shape[1:]
        if axis >= len(spatial) or spatial[axis] == below.size:  # features: each sees one cell
            return below
        moved = below.jump * max((below.size - spatial[axis]) // 2, 0)  # only a crop makes it smaller
        return replace(below, left=below.left + moved, right=below.right + moved, size=spatial[axis])
    if below.mixed or not layer.shared:
        return replace(below, right=below.right + below.jump * (below.size - 1), size=1, whole=True)
    before, span = layer.pads[axis][0], layer.span[axis]
    outputs, inputs = layer.repeats[axis]
    step = below.jump * inputs if outputs == 1 else plain(Fraction(below.jump * inputs, outputs))
    size = layer.output_size[axis]
    if layer.enlarges:
        return Reach(below.left + step * (before - span + 1), below.right + step * before, step, size)
    far = below.jump * (span - 1 - before)
    return Reach(below.left - below.jump * before, below.right + far, step, size)


def plain(number: Fraction) -> Number:
    """A whole number as an int, any other as a fraction."""
    return int(number) if number.denominator == 1 else number


def mixes(node: Node, axis: int, size: int) -> bool:
    """Whether a node lays the cells of an axis of so many out anew: they are flattened, or given another shape."""
    return isinstance(node.layer, Flatten | Reshape) and node.shape[1 + axis : 2 + axis] != (size,)
