"""What each cell of a layer's board is made of on the board that it reads, by the layer's taps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from convviz.layers import Layer
from convviz.scene.filled import Block
from convviz.scene.links import Link
from convviz.scene.marks import Ints


@dataclass(frozen=True, eq=False)
class Board:
    """A node's board: its cells, in raster order of (channels, *size), and the step at which each gets its value."""

    block: Block
    channels: int
    cells: Ints
    born: Ints


def tap_link(layer: Layer, own: Board, below: Board) -> Link:
    """The cells of a layer with taps: each reads the inputs that its taps name, in the channels that it reads."""
    reads = layer.taps.flat_sources
    steps, outs = len(reads), len(own.cells) // len(reads)
    ins = layer.x_shape[0] if layer.shared else 1
    inputs = len(below.cells) // ins
    tables = []
    for out in range(outs):
        places = [np.where(reads >= 0, channel * inputs + reads, -1) for channel in _channels(layer, out, ins, outs)]
        tables.append(np.concatenate(places, axis=1))
    sources = np.concatenate(tables)
    return Link(own.cells[: outs * steps], np.where(sources >= 0, below.cells[sources], -1))


def _channels(layer: Layer, out: int, ins: int, outs: int) -> Iterable[Any]:
    """The input channels that an output channel reads: those of its group, or the one that each step names."""
    if layer.channels_read is not None:
        return [layer.channels_read[:, out, None]]
    group = out * layer.groups // outs
    return range(group * ins // layer.groups, (group + 1) * ins // layer.groups)
