"""The layers of a network as people count them: what follows a layer cell by cell, such as ReLU, belongs to its row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from convviz.graph import INPUT, Node, Shape
from convviz.layers import Layer
from convviz.network import Network, stack_of
from convviz.reach import Number
from convviz.table import TableRow, rows

FOLDED = ("relu", "sigmoid", "tanh", "softmax", "scale", "batchnorm")
"""Operations that change values and neither sizes nor places: they have no row of their own."""

MINUS, NONE = "−", "–"
"""The sign of a negative number, and what is written where there is none."""

FLOPS = 2
"""Floating-point operations of a multiply-add: a product and a sum."""


@dataclass(frozen=True, eq=False)
class Counted:
    """A row: a node, and what is folded into it.

    number: from 1; nodes: the layer first, then what follows it cell by cell; reads: the numbers of the rows that it
    reads, 0 for the input; parameters and macs: of all its nodes; told: the last node's own row.
    """

    number: int
    nodes: tuple[Node, ...]
    reads: tuple[int, ...]
    parameters: int
    macs: int
    told: TableRow

    @property
    def layer(self) -> Any:
        return self.nodes[0].layer

    @property
    def shape(self) -> Shape:
        """(channels, *size) of what it gives, or (features,)."""
        return self.nodes[-1].shape

    @property
    def jump(self) -> str:
        """How far apart its outputs stand, as people write it; a single output has no neighbour."""
        return along(self.told.jump) if max(self.shape[1:], default=1) > 1 else NONE

    @property
    def flops(self) -> int:
        """Floating-point operations: two for each multiply-add."""
        return FLOPS * self.macs


def networked(shown: Layer | Network) -> Network:
    """What is shown as a network; a layer is one of a single layer.

    >>> from convviz.layers import Conv
    >>> len(networked(Conv(5, 3)).nodes)
    1
    """
    return stack_of(shown) or Network([shown])


@lru_cache(maxsize=64)
def counted(network: Network) -> tuple[Counted, ...]:
    """The rows of a network, in the order of its nodes.

    >>> from convviz.layers import Conv
    >>> from convviz.layers.elementwise import ReLU
    >>> [(row.number, len(row.nodes), row.reads) for row in counted(Network([Conv(9, 3), ReLU(), Conv(7, 3)]))]
    [(1, 2, (0,)), (2, 1, (1,))]
    """
    read = Counter(name for node in network.nodes for name in node.inputs)
    place, groups = {INPUT: 0}, list[list[Node]]()
    for node in network.nodes:
        below = place[node.inputs[0]]
        follows = node.layer.kind in FOLDED and below and groups[below - 1][-1].name == node.inputs[0]
        if follows and read[node.inputs[0]] == 1:
            groups[below - 1].append(node)
            place[node.name] = below
        else:
            groups.append([node])
            place[node.name] = len(groups)
    told = {row.name: row for row in rows(network)}
    return tuple(
        Counted(
            n,
            tuple(nodes),
            tuple(dict.fromkeys(place[name] for name in nodes[0].inputs)),
            sum(node.parameters for node in nodes),
            sum(node.macs for node in nodes),
            told[nodes[-1].name],
        )
        for n, nodes in enumerate(groups, start=1)
    )


def within(shown: Layer | Network, at: tuple[int, ...]) -> tuple[int, ...]:
    """A row of a network, from 1, and the place of one of its outputs, or the nearest that are there.

    >>> from convviz.layers import Conv
    >>> within(Conv(5, 3), (4, 9, 1)), within(Conv(5, 3), (1, 2))
    ((1, 2, 1), (1,))
    """
    if not at:
        return ()
    rows = counted(networked(shown))
    number = min(max(at[0], 1), len(rows))
    sizes, place = rows[number - 1].shape[1:], at[1:]
    if len(place) != len(sizes):
        return (number,)
    return (number, *(min(max(p, 0), n - 1) for p, n in zip(place, sizes, strict=True)))


def along(numbers: tuple[Number, ...]) -> str:
    """Numbers along the axes as people write them: once where they are alike.

    >>> along((3, 3)), along((3, 5)), along((-1.5,))
    ('3', '3 × 5', '−1.5')
    """
    texts = [f"{float(n):g}" if int(n) != n else str(int(n)) for n in numbers]
    joined = texts[0] if len(set(texts)) == 1 else " × ".join(texts)
    return joined.replace("-", MINUS)
