"""The controls of a stack of layers, and what turning one of them does."""

from __future__ import annotations

from dataclasses import replace

from convviz.layers.arguments import whole
from convviz.lessons.facts import spelled
from convviz.network import Network, stacked
from convviz.page import sequences
from convviz.text import say

RATE = "rate"
"""Begins the name of the dial of one layer's dilation rate."""

RATES = 8
"""Rates of a stack that have their dials before "More"."""

SIZE = "input_size"
"""The dial of a stack whose layers are not told by their rates alone: how large its input is, along every axis."""

LARGEST = 20
"""The largest input that this dial reaches, where the input is not larger already."""


def stack_dials(network: Network, language: str) -> list[dict[str, object]]:
    """What a stack along one axis has (see `convviz.page.sequences`); the dilation rate of each layer where the layers
    have nothing else of their own; or else the input's size."""
    if sequences.editable(network):
        return sequences.dials(network, language)
    if not _rated(network):
        return [_size(network, language)]
    return [
        {"name": f"{RATE}{n}", "label": say("control.rate.label", language, n=n + 1)}
        | {"help": "", "place": "main" if n < RATES else "more", "kind": "range"}
        | {"value": layer.dilation[0], "least": 1, "most": 6, "shown": str(layer.dilation[0])}
        for n, layer in enumerate(network.layers)
    ]


def _rated(network: Network) -> bool:
    """Whether nothing but their rates tells the layers apart: convolutions that move by one, without padding."""
    layers, first = network.layers, network.layers[0].kernel_size
    if any(layer.kind != "conv" or layer.kernel_size != first for layer in layers):
        return False
    return all(set(layer.stride) == {1} and not any(map(any, layer.pads)) for layer in layers)


def _size(network: Network, language: str) -> dict[str, object]:
    size = network.input_size[0]
    label, told = (say(f"control.{SIZE}.{part}", language) for part in ("label", "help"))
    said: dict[str, object] = {"name": SIZE, "label": label, "help": told, "place": "main", "kind": "range"}
    return said | {"value": size, "least": 1, "most": max(LARGEST, size), "shown": spelled(network.input_size)}


def turned_stack(network: Network, name: str, value: object) -> Network:
    """The stack after one of its dials was turned; another dial's name changes nothing. Raises LayerError."""
    if sequences.editable(network):
        return sequences.turned(network, name, value)
    return _resized(network, value) if name == SIZE else _with_rate(network, name, value)


def _resized(network: Network, size: object) -> Network:
    """The same layers one after the other, over an input of another size."""
    sides, layers = (whole(SIZE, size),) * len(network.input_size), []
    for layer in network.layers:
        layers.append(replace(layer, input_size=sides))
        sides = layers[-1].output_size
    return Network(layers)


def _with_rate(network: Network, name: str, value: object) -> Network:
    rates = [layer.dilation[0] for layer in network.layers]
    place = name.removeprefix(RATE)
    if place in map(str, range(len(rates))):
        rates[int(place)] = whole("dilation", value)
    first = network.layers[0]
    return stacked(first.kernel_size[0], rates, len(first.input_size))
