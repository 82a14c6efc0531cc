"""shuffle: two layers with groups, one above the other, without and with a shuffle of the channels between them.

Channels are drawn as one cell each. A step follows one channel of the upper layer down to all that it depends on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.rearrange import ChannelShuffle
from convviz.scene.canvas import numbers
from convviz.scene.layout import Layout
from convviz.scene.links import Link
from convviz.scene.marks import Ints, Label
from convviz.scene.parts import target_outline
from convviz.scene.roles import ROLES, binned
from convviz.scene.room import Grouped
from convviz.scene.scene import Scene
from convviz.scene.strokes import Edges
from convviz.scene.timeline import Sentences, Track, padded
from convviz.scene.view import View
from convviz.scene.views.channels import refuse_other
from convviz.text import say
from convviz.trace import Trace

LEVEL = 3.4
"""Cells from one row of channels to the next, between which the edges are."""

BETWEEN = 3.0
"""Cells between the two ways."""

NAMES = 0.3
"""The size of what stands beside a row, in cells."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of channels, the input lowest. first: the number of each row's first cell; reads: between two rows, (upper,
    lower) whether an upper channel reads a lower one."""

    first: list[int]
    reads: list[np.ndarray]

    def links(self) -> list[tuple[Ints, Ints]]:
        """(sources, targets) of every edge between two rows."""
        pairs = zip(self.reads, self.first[:-1], self.first[1:], strict=True)
        found = [(np.nonzero(table), below, above) for table, below, above in pairs]
        return [(below + sources, above + targets) for (targets, sources), below, above in found]

    def seen(self) -> list[np.ndarray]:
        """For each row but the lowest, (channels, inputs): whether a channel depends on an input."""
        seen = [self.reads[0]]
        for table in self.reads[1:]:
            seen.append((table.astype(np.int64) @ seen[-1]) > 0)
        return seen

    def cone(self, channel: int) -> list[int]:
        """The cells that a channel of the highest row depends on, itself among them."""
        reached = np.array([channel])
        found = [self.first[-1] + channel]
        for table, below in zip(self.reads[::-1], self.first[-2::-1], strict=True):
            reached = np.flatnonzero(table[reached].any(axis=0))
            found += (below + reached).tolist()
        return found


def shuffle(trace: Trace, language: str = "en") -> Scene:
    """Lay out two layers with the groups of the one traced, without and with a shuffle between them."""
    layer, group = trace.layer, Grouped.of(trace.layer)
    below = _reading(group)
    above = _reading(Grouped(group.outs, group.outs, group.outs // layer.groups))
    order = ChannelShuffle(layer.groups).forward(np.arange(group.outs))
    moved = np.eye(group.outs, dtype=np.bool_)[order]
    layout, left = Layout(language), 0.0
    ways = []
    for word, tables in (("without", [below, above]), ("with", [below, moved, above])):
        ways.append(_rows(layout, word, tables, left, order))
        left += max(group.ins, group.outs) + BETWEEN
    _names(layout, layer.groups, left)
    cones = [[way.cone(n) for n in range(group.outs)] for way in ways]
    tops = [way.first[-1] + np.arange(group.outs)[:, None] for way in ways]
    ends = [way.links() for way in ways]
    read, made = (np.unique(np.concatenate([pair[n] for pairs in ends for pair in pairs])) for n in (0, 1))
    tracks = (
        Track("read", np.tile(read, (group.outs, 1)), "", "source"),
        Track("made", np.tile(made, (group.outs, 1)), "", "target"),
        Track("cone.0", padded(cones[0]), "window"),
        Track("cone.1", padded(cones[1]), "window"),
        Track("current", tops[0], "current"),
        Track("other", tops[1], "current"),
    )
    return Scene(
        layer.kind,
        "shuffle",
        group.outs,
        group.outs,
        tuple(layout.grids),
        tracks,
        (target_outline(), target_outline("other")),
        tuple(layout.labels),
        sentences=_sentences(ways, group, language),
        links=tuple(Link(targets, sources[:, None]) for pairs in ends for sources, targets in pairs),
        edges=tuple(_edges(pairs, f"cone.{n}") for n, pairs in enumerate(ends)),
    )


def _edges(pairs: list[tuple[Ints, Ints]], track: str) -> Edges:
    """All edges of one way."""
    sources, targets = (np.concatenate(ends) for ends in zip(*pairs, strict=True))
    return Edges(sources, targets, track)


def _reading(group: Grouped) -> np.ndarray:
    """(outs, ins): whether a map reads a channel."""
    table = np.zeros((group.outs, group.ins), dtype=np.bool_)
    np.put_along_axis(table, group.read(), True, axis=1)
    return table


def _rows(layout: Layout, word: str, tables: list[np.ndarray], left: float, order: Ints) -> Rows:
    """The rows of one way, from the input at the bottom; a row says of how many inputs each channel knows."""
    widest = max(table.shape[n] for table in tables for n in (0, 1))
    rows = Rows([], tables)
    seen, height = rows.seen(), 3 * LEVEL
    for n, count in enumerate([tables[0].shape[1], *(len(table) for table in tables)]):
        level = height - LEVEL * (n if len(tables) > 2 or n < 2 else n + 1)
        corner = (left + (widest - count) / 2, level)
        if n == 0:
            roles, texts, levels = np.full(count, ROLES.index("input")), numbers(np.arange(1, count + 1)), None
        else:
            counts = seen[n - 1].sum(axis=1)
            roles, texts = np.full(count, ROLES.index("heat")), numbers(counts)
            levels = binned(counts, "heat", 0, tables[0].shape[1])
        rows.first.append(layout.count)
        layout.grid("input" if n == 0 else "output", corner, (1, count), roles, texts, levels=levels)
    title = say(f"shuffle.{word}", layout.language)
    layout.labels.append(Label(f"title:{word}", "title", (left + widest / 2, -0.9), title, size=0.5, about="output"))
    return rows


def _names(layout: Layout, groups: int, right: float) -> None:
    """What each row is, right of all."""
    for n, word in enumerate(("input", "layer", "shuffled", "layer")):
        text = say(f"shuffle.{word}", layout.language, groups=groups)
        at = (right - BETWEEN + 0.6, LEVEL * (3 - n) + 0.5)
        layout.labels.append(Label(f"row:{n}", "axis", at, text, "start", 0.4))


def _sentences(ways: list[Rows], group: Grouped, language: str) -> Sentences:
    """Which channel a step follows, and on how many inputs it depends both ways."""
    few, many = (way.seen()[-1].sum(axis=1).tolist() for way in ways)
    columns = {"n": list(range(1, group.outs + 1)), "few": few, "many": many, "all": [group.ins] * group.outs}
    return Sentences((say("sentence.shuffle", language),), np.zeros(group.outs, dtype=np.int64), columns)


def refuse(layer: Layer) -> None:
    """Refuse a layer that does not sum over channels, whose channels are too many to follow, or whose groups have
    nothing to exchange."""
    refuse_other(layer, "shuffle")
    if max(layer.x_shape[0], layer.out_channels) > MOST:
        raise LayerError("view_many", "view", {"view": "flat"}, value="shuffle", most=MOST, nearest="flat")
    if not 1 < layer.groups < layer.out_channels:
        fix = _exchanging(Grouped.of(layer), layer.groups)
        nearest = ", ".join(f"{name} {value}" for name, value in fix.items())
        raise LayerError("view_groups", next(iter(fix)), fix, value="shuffle", nearest=nearest)


def _exchanging(group: Grouped, groups: int) -> dict[str, object]:
    """What to set so that there are several groups of several maps: as few channels more or less as can be."""
    ins, outs = group.ins, group.outs

    def far(channels: tuple[int, int]) -> tuple[int, int]:
        return abs(channels[0] - ins) + abs(channels[1] - outs), -sum(channels)

    near = [(ins + n, outs + m) for n in CHANGES for m in CHANGES if min(ins + n, outs + m) > 1]
    read, made = min((pair for pair in near if _divisors(*pair)), key=far)
    nearest = min(_divisors(read, made), key=lambda count: abs(count - groups))
    wanted = {"groups": (groups, nearest), "in_channels": (ins, read), "out_channels": (outs, made)}
    return {name: value for name, (now, value) in wanted.items() if value != now}


def _divisors(ins: int, outs: int) -> list[int]:
    """How many groups of several maps each there can be, but for one.

    >>> _divisors(4, 8), _divisors(3, 3)
    ([2, 4], [])
    """
    return [count for count in range(2, outs) if ins % count == outs % count == 0]


CHANGES = range(-3, 4)
"""By how much a number of channels may be changed: among four numbers is one that four divides."""

MOST = 32
"""The most channels whose edges can be told from one another."""

VIEW = View("shuffle", shuffle, refuse, aspect=0.4, compares=False)
