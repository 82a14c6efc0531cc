"""What each output of a graph sees along one axis of its input, exactly, also after layers that enlarge it.

After a transposed convolution what an output sees depends on its place, and repeats with a period. Here the first and
the last input of each place of a period are told, borders ignored, from sizes alone. `convviz.field.Reach` tells the
same of a row of layers; `convviz.reach` tells one range that holds for all places.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import gcd, lcm
from typing import Any

from convviz.field import PLACES, Ends
from convviz.graph import INPUT, Node, Shape
from convviz.reach import mixes


@dataclass(frozen=True)
class Phases:
    """What the outputs of a node see along one axis.

    ends: the first and the last input of each place of a period, None where it sees none; step: how many inputs
    further the next period sees; size: how many outputs there are; whole: whether all of them see the same; mixed:
    whether cells no longer lie along this axis.
    """

    ends: tuple[Ends, ...] = ((0, 0),)
    step: int = 1
    size: int = 1
    whole: bool = False
    mixed: bool = False

    def at(self, output: int) -> Ends:
        """The first and the last input that an output sees."""
        if self.whole:
            return self.ends[0]
        turns, place = divmod(output, len(self.ends))
        ends = self.ends[place]
        return ends and (ends[0] + turns * self.step, ends[1] + turns * self.step)

    @property
    def field(self) -> int:
        """How many inputs the widest field has, from its first to its last."""
        return max((last - first + 1 for first, last in filter(None, self.ends[: self.size])), default=0)


def phases(nodes: Sequence[Node], shape: Shape) -> dict[str, tuple[Phases, ...]] | None:
    """For every node, and for the input, the Phases along each axis of the input.

    None where they cannot be told: the period is longer than PLACES, or branches meet whose outputs do not lie equally
    far apart.

    >>> from convviz.graph import settled
    >>> from convviz.layers import Conv, ConvTranspose
    >>> nodes, shape = settled([ConvTranspose((4,), 3, stride=2), Conv((9,), 2)])
    >>> found, = phases(nodes, shape)["conv2"]
    >>> found.at(0), found.at(1), found.at(2), found.field
    ((-1, 0), (0, 1), (0, 1), 2)
    """
    sizes = shape[1:] or shape
    found: dict[str, tuple[Phases, ...]] = {INPUT: tuple(Phases(size=n) for n in sizes)}
    for node in nodes:
        below = [found[name] for name in node.inputs]
        told = []
        for axis in range(len(sizes)):
            met = _met([axes[axis] for axes in below])
            one = met and _through(node, axis, met)
            if one is None:
                return None
            told.append(one)
        found[node.name] = tuple(told)
    return found


def _met(branches: list[Phases]) -> Phases | None:
    """What the outputs see by all branches together."""
    first = branches[0]
    if len(branches) == 1:
        return first
    if any(one.whole for one in branches):
        return Phases((_around(one.at(n) for one in branches for n in _outer(one)),), size=first.size, whole=True)
    period = lcm(*(len(one.ends) for one in branches))
    steps = {one.step * period // len(one.ends) for one in branches}
    if len(steps) > 1 or period > PLACES:
        return None
    ends = tuple(_around(one.at(place) for one in branches) for place in range(period))
    return Phases(ends, steps.pop(), first.size, mixed=any(one.mixed for one in branches))


def _through(node: Node, axis: int, below: Phases) -> Phases | None:
    """The Phases of a node that reads what has the Phases `below`; None where the period is too long."""
    layer: Any = node.layer
    if below.whole:
        return below
    if not node.has_taps:
        if mixes(node, axis, below.size) or below.mixed:
            return replace(below, mixed=True)
        return _moved(node.shape[1:], axis, below)
    if below.mixed or not layer.shared:
        return Phases((_around(below.at(n) for n in _outer(below)),), whole=True)
    outputs, inputs = layer.repeats[axis]
    shared = gcd(len(below.ends), inputs)
    period = outputs * len(below.ends) // shared
    if period > PLACES:
        return None
    ends = tuple(_around(map(below.at, _read(layer, axis, place, len(below.ends)))) for place in range(period))
    return Phases(ends, below.step * inputs // shared, layer.output_size[axis])


def _moved(size: Shape, axis: int, below: Phases) -> Phases:
    """After an operation: a crop moves what the outputs see, all others leave it where it is."""
    if axis >= len(size) or size[axis] == below.size:
        return below
    start = max((below.size - size[axis]) // 2, 0)
    return replace(below, ends=tuple(below.at(start + n) for n in range(len(below.ends))), size=size[axis])


def _read(layer: Any, axis: int, output: int, period: int) -> Iterable[int]:
    """The cells of a layer's own input that decide how far an output reaches. period: of the layer below."""
    s, d = layer.stride[axis], layer.dilation[axis]
    if layer.enlarges:
        taps = _ends_of((layer.span[axis] - 1) // d + 1, period * s)
        reached = (output + layer.pads[axis][0] - d * tap for tap in taps)
        return (place // s for place in reached if place % s == 0)
    first, span = layer.window(axis, output)
    return (first + d * tap for tap in _ends_of((span - 1) // d + 1, period))


def _outer(below: Phases) -> Iterable[int]:
    """The outputs that decide what all of them together see."""
    return range(1) if below.whole else _ends_of(below.size, len(below.ends))


def _ends_of(count: int, period: int) -> Iterable[int]:
    """The first and the last `period` of so many numbers."""
    return range(count) if count <= 2 * period else (*range(period), *range(count - period, count))


def _around(found: Iterable[Ends]) -> Ends:
    """The first and the last of all."""
    pairs = [ends for ends in found if ends]
    return (min(first for first, _ in pairs), max(last for _, last in pairs)) if pairs else None
