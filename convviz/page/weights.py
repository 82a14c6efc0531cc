"""Typed weights stay at their places when a gated block's kernel gets another size, or its channels another number."""

from __future__ import annotations

from dataclasses import replace
from math import prod

import numpy as np

from convviz.layers import Conv, Layer
from convviz.network import Network, block_of
from convviz.page.state import State


def with_layer(state: State, layer: Layer | Network) -> State:
    """The state with another layer; of a gated block, what is typed over its weights keeps its place in the window.

    A weight's place is the input that it reads, seen from the output: the newest of a causal kernel stays the newest,
    the middle of one whose padding is "same" stays the middle. What has no place any more is dropped.

    >>> from convviz.page.state import changed, opening
    >>> start = opening("gates")
    >>> start.weight.text(), with_layer(start, changed(start.single, {"kernel_size": 5})).weight.text()
    ('v1_0~1:1~2:1~4:-1~5:1', 'v1_0~3:1~4:1~8:-1~9:1')
    """
    before, after = block_of(state.layer), block_of(layer)
    found = replace(state, layer=layer, step=0)
    if before is None or after is None or len(before.input_size) != len(after.input_size):
        return found
    moved = ((_moved(index, before.conv, after.conv), value) for index, value in state.weight.edits)
    edits = tuple((index, value) for index, value in moved if index is not None)
    return replace(found, weight=replace(state.weight, edits=edits))


def _moved(index: int, before: Conv, after: Conv) -> int | None:
    """The number of a weight among those of both convolutions, when they have other sizes; None where it has gone."""
    number, own = divmod(index, prod(before.weight_shape))
    channels = [int(at) for at in np.unravel_index(own, before.weight_shape)]
    axes = zip(
        channels[2:], before.kernel_size, after.kernel_size, before.pads, after.pads, after.dilation, strict=True
    )
    places = [
        at + (new_pads[0] - pads[0]) // dilation * (old != new) for at, old, new, pads, new_pads, dilation in axes
    ]
    wanted = (*channels[:2], *places)
    if not all(0 <= at < size for at, size in zip(wanted, after.weight_shape, strict=True)):
        return None
    return number * prod(after.weight_shape) + int(np.ravel_multi_index(wanted, after.weight_shape))
