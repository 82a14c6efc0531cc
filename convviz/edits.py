"""Changes of a network, a row at a time: what comes after is fitted to what it then gets.

A change gives what the text of a link gives back, so that both are equal: of one layer that layer itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from convviz.counted import Counted, counted
from convviz.errors import LayerError
from convviz.graph import INPUT, Shape, fitted
from convviz.layers import Layer, is_layer
from convviz.layers.word import pytorch_word
from convviz.network import Network

FOLLOWS = {"input_size", "in_channels", "channels", "in_features", "out_channels", "groups", "output_size"}
"""What of a layer may follow from what it gets; all else is its own."""

Entries = dict[str, tuple[Any, list[str]]]
"""The nodes of a network by name: each with its layer and the names of what it reads."""


def changed_row(network: Network, number: int, layer: Any) -> Layer | Network:
    """The network with another layer in a row. Raises LayerError where that, or what comes after it, cannot be.

    >>> from convviz.layers import Conv
    >>> net = Network([Conv((9,), 3), Conv((7,), 3)])
    >>> [layer.input_size for layer in changed_row(net, 1, Conv((9,), 5)).layers]
    [(9,), (5,)]
    """
    row = _row(network, number)
    entries = _entries(network)
    entries[row.nodes[0].name] = (layer, entries[row.nodes[0].name][1])
    return _made(entries, network.x_shape)


def added_row(network: Network, number: int, make: Callable[[Shape], Any]) -> Layer | Network:
    """The network with one more row after another one; make: its layer, for the shape that it gets."""
    row, entries = _row(network, number), _entries(network)
    last = row.nodes[-1].name
    name = next(name for n in range(len(entries) + 1) if (name := f"new{n}") not in entries)
    found = {
        one: (layer, [name if below == last else below for below in reads]) for one, (layer, reads) in entries.items()
    }
    found[name] = (make(row.shape), [last])
    return _made(found, network.x_shape)


def removed_row(network: Network, number: int) -> Layer | Network:
    """The network without a row: what read it reads what it has read. Raises LayerError for the only row, and for one
    that several ways meet in."""
    row, entries = _row(network, number), _entries(network)
    if len(row.nodes[0].inputs) > 1 or len(counted(network)) == 1:
        raise LayerError("edit_remove", "edit", None, value=number)
    below, own = row.nodes[0].inputs[0], {node.name for node in row.nodes}
    last = row.nodes[-1].name
    found = {
        name: (layer, [below if one == last else one for one in reads])
        for name, (layer, reads) in entries.items()
        if name not in own
    }
    return _made(found, network.x_shape)


def moved_row(network: Network, number: int, by: int) -> Layer | Network:
    """The network with a row and its neighbour, the one before (by: -1) or after it (1), in each other's place.

    Raises LayerError where they are not one after the other in a row.
    """
    upper = min(number, number + by)
    rows = counted(network)
    if not 1 <= upper < len(rows):
        raise LayerError("edit_move", "edit", None, value=number)
    one, other = rows[upper - 1], rows[upper]
    readers = [row for row in rows if upper in row.reads]
    if other.reads != (upper,) or len(readers) > 1 or len(one.nodes[0].inputs) > 1:
        raise LayerError("edit_move", "edit", None, value=number)
    first, last, below = one.nodes[-1].name, other.nodes[-1].name, one.nodes[0].inputs[0]
    entries = {
        name: (layer, [first if read == last else read for read in reads])
        for name, (layer, reads) in _entries(network).items()
    }
    entries[other.nodes[0].name] = (other.layer, [below])
    entries[one.nodes[0].name] = (one.layer, [last])
    return _made(entries, network.x_shape)


def resized(network: Network, shape: Shape) -> Layer | Network:
    """The same network over an input of another shape, (channels, *size)."""
    return _made(_entries(network), shape)


def _row(network: Network, number: int) -> Counted:
    return counted(network)[number - 1]


def _entries(network: Network) -> Entries:
    return {node.name: (node.layer, list(node.inputs)) for node in network.nodes}


def _made(entries: Mapping[str, tuple[Any, list[str]]], shape: Shape) -> Layer | Network:
    """The network of some nodes, each fitted to what it gets, as a link gives it back."""
    shapes: dict[str, Shape] = {INPUT: shape}
    names, found, left = {INPUT: INPUT}, Entries(), dict(entries)
    while left:
        name = next(name for name, (_, reads) in left.items() if all(one in shapes for one in reads))
        layer, reads = left.pop(name)
        given = [shapes[one] for one in reads]
        if is_layer(layer):
            layer = fit(layer, given[0])
            shapes[name] = tuple(layer.y_shape)
        else:
            shapes[name] = tuple(layer.output_shape(*given))
        names[name] = f"{layer.kind}{len(found) + 1}"  # as the nodes of a text are called
        found[names[name]] = (layer, [names[one] for one in reads])
    ((only, _), *others) = found.values()
    return only if is_layer(only) and not others else Network(found, shape)


def fit(layer: Layer, given: Shape) -> Layer:
    """A layer for an input of a shape; one that treats each channel by itself still does. Raises LayerError where its
    own parameters would have to change: the windows of a layer that nobody has touched stay as they are.

    >>> from convviz.layers import Conv
    >>> made = fit(Conv(5, 3, in_channels=2, out_channels=2, groups=2), (3, 7, 7))
    >>> made.input_size, made.in_channels, made.out_channels, made.groups
    ((7, 7), 3, 3, 3)
    """
    if layer.shared and len(given) == 1:
        given = (given[0], *(1,) * len(layer.input_size))
    if layer.shared and tuple(layer.x_shape) == given:
        return layer
    change = fitted(layer, given)
    if change.keys() - FOLLOWS:
        raise LayerError("edit_unfit", "edit", None, value=pytorch_word(layer, given), given="x".join(map(str, given)))
    channels = layer.x_shape[0]
    if layer.shared and layer.weight_shape and layer.groups == channels > 1 and channels != given[0]:
        each = layer.out_channels // channels
        change = {"input_size": given[1:], "in_channels": given[0], "groups": given[0], "out_channels": each * given[0]}
    return replace(layer, **change) if change else layer
