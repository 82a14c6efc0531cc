"""The controls of a stack of convolutions along one axis, which is edited in place: how many layers, and what they are.

All layers have one kernel size and one kind of padding; each has a rate and a stride of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from convviz.errors import LayerError
from convviz.layers import Conv
from convviz.layers.arguments import choice, whole
from convviz.network import LAYERS, Network
from convviz.text import say

MOST = 8
"""The most layers that the dial reaches."""

PADDINGS = {"valid": 0, "causal": "causal", "same": "same"}
"""The kinds of padding by name; Keras's and PyTorch's words."""

RATES: dict[str, Callable[[int], int]] = {"doubled": lambda n: 2**n, "ones": lambda n: 1, "twos": lambda n: 2}
"""Rates of all layers at once, by the place of the layer."""

OWN = "own"
"""What is shown where the rates are none of these."""

RATE, STRIDE = "rate", "stride"


class Slide(NamedTuple):
    """What a layer of such a stack has of its own."""

    kernel_size: Any
    stride: Any
    dilation: Any
    padding: Any

    def over(self, size: int) -> Conv:
        """The layer over an input of a size."""
        return Conv((size,), self.kernel_size, self.stride, self.padding, self.dilation)


def _slides(network: Network) -> list[Slide]:
    return [Slide(layer.kernel_size, layer.stride, layer.dilation, layer.padding) for layer in network.layers]


def editable(network: Network) -> bool:
    """Whether a stack is one of these."""
    layers = network.layers
    plain = all(layer.kind == "conv" and len(layer.input_size) == 1 for layer in layers)
    if not plain or len({(layer.kernel_size, str(layer.padding)) for layer in layers}) > 1:
        return False
    pairs = zip(layers, _slides(network), strict=True)
    return padding_of(network) is not None and all(layer == one.over(layer.input_size[0]) for layer, one in pairs)


def padding_of(network: Network) -> str | None:
    """The name of a stack's kind of padding, if it is one of PADDINGS."""
    first = network.layers[0].padding
    found = 0 if first == ((0, 0),) else first
    return next((name for name, padding in PADDINGS.items() if padding == found), None)


def dials(network: Network, language: str) -> list[dict[str, Any]]:
    """What is turned: the layers, their kernel, the input and the rates; behind "More" padding, and each by itself."""
    layers = network.layers
    size = network.input_size[0]
    shown = [
        _range("layers", len(layers), 2, max(MOST, len(layers)), language),
        _range("kernel_size", layers[0].kernel_size[0], 1, 7, language),
        _range("input_size", size, 1, max(48, size), language),
        _choice("rates", _pattern(network), [*RATES, *([OWN] if _pattern(network) == OWN else [])], language, "main"),
        _choice("padding_kind", padding_of(network) or "valid", list(PADDINGS), language, "more"),
    ]
    if len(layers) > MOST:
        return shown
    for name, key in ((RATE, "dilation"), (STRIDE, "stride")):
        for n, layer in enumerate(layers):
            label = say(f"control.layer_{name}.label", language, n=n + 1)
            most = max(4 if name == STRIDE else 16, getattr(layer, key)[0])
            one = _range(f"{name}{n}", getattr(layer, key)[0], 1, most, language, label)
            shown.append(one | {"place": "more"})
    return shown


def _pattern(network: Network) -> str:
    rates = [layer.dilation[0] for layer in network.layers]
    return next((name for name, rate in RATES.items() if rates == [rate(n) for n in range(len(rates))]), OWN)


def _range(name: str, value: int, least: int, most: int, language: str, label: str = "") -> dict[str, Any]:
    label = label or say(f"control.{name}.label", language)
    said = {"name": name, "label": label, "help": "", "place": "main", "kind": "range"}
    return said | {"value": value, "least": least, "most": max(most, value), "shown": str(value)}


def _choice(name: str, value: str, names: list[str], language: str, place: str) -> dict[str, Any]:
    pairs = [(one, say(f"choice.{one}", language)) for one in names]
    label = say(f"control.{name}.label", language)
    said = {"name": name, "label": label, "help": "", "kind": "choice", "value": value}
    return said | {"choices": pairs, "place": place}


def turned(network: Network, name: str, value: object) -> Network:
    """The stack after a dial was turned; another name changes nothing. Raises LayerError for what cannot be."""
    slides, size = _slides(network), network.input_size[0]
    if name == "layers":
        slides = _as_many(network, whole("layers", value, 1))
    elif name == "input_size":
        size = whole("input_size", value)
    elif name == "kernel_size":
        slides = [one._replace(kernel_size=whole("kernel_size", value)) for one in slides]
    elif name == "rates" and value != OWN:
        rate = RATES[choice("rates", value, tuple(RATES))]
        slides = [one._replace(dilation=rate(n)) for n, one in enumerate(slides)]
    elif name == "padding_kind":
        padding = PADDINGS[choice("padding_kind", value, tuple(PADDINGS))]
        slides = [one._replace(padding=padding) for one in slides]
    else:
        slides = _with_own(slides, name, value)
    return _stacked(size, slides)


def _as_many(network: Network, count: int) -> list[Slide]:
    """So many layers: the last ones go, or others come whose rates go on as they began."""
    slides, pattern = _slides(network), _pattern(network)
    while len(slides) < min(count, LAYERS):
        rate = slides[-1].dilation if pattern == OWN else RATES[pattern](len(slides))
        slides.append(slides[-1]._replace(dilation=rate, stride=1))
    return slides[:count]


def _with_own(slides: list[Slide], name: str, value: object) -> list[Slide]:
    """The layers, one of which has another rate or stride."""
    for start, key in ((RATE, "dilation"), (STRIDE, "stride")):
        place = name.removeprefix(start)
        if name.startswith(start) and place in map(str, range(len(slides))):
            slides[int(place)] = slides[int(place)]._replace(**{key: whole(key, value)})
    return slides


def _stacked(size: int, slides: list[Slide]) -> Network:
    """Layers one after the other over an input of a size; raises LayerError where it is too small for them."""
    try:
        return Network(_over(size, slides))
    except LayerError:
        least = _least(slides)
        if least is None or least <= size:
            raise
    raise LayerError("stack_short", "input_size", {"input_size": least}, value=size, field=least, nearest=least)


def _over(size: int, slides: list[Slide]) -> list[Conv]:
    made: list[Conv] = []
    for one in slides:
        made.append(one.over(made[-1].output_size[0] if made else size))
    return made


def _least(slides: list[Slide]) -> int | None:
    """The smallest input that layers without padding have an output for: their receptive field; None with padding."""
    size = 1
    for one in reversed(slides):
        if one.padding not in (0, ((0, 0),)):
            return None
        (k, s, d) = (side[0] if isinstance(side, tuple) else side for side in one[:3])
        size = (size - 1) * s + (k - 1) * d + 1
    return size
