"""Networks as short texts that fit in a link."""

from __future__ import annotations

from convviz.errors import LayerError
from convviz.layers import REGISTRY, Layer
from convviz.layers.notation import ALONE, BLOCKS, EXAMPLE, block_from_text, from_text, parsed, to_text
from convviz.network.network import Network
from convviz.network.spelled import spelled, spelled_of

LAYERS = 64
"""The most layers that the text of a stack may have."""

BETWEEN = "~"  # the layers of a stack's text


def stack_to_text(shown: Layer | Network) -> str:
    """The text of a layer, of what is spelled out, or of a stack: its layers' texts, joined.

    >>> from convviz.layers import Conv
    >>> stack_to_text(Network([Conv((9,), 3), Conv((7,), 3, dilation=2)]))
    'conv1d-i9-k3~conv1d-i7-k3-d2'
    """
    block = spelled_of(shown)
    return to_text(block) if block else BETWEEN.join(to_text(layer) for layer in shown.layers)


def stack_from_text(text: str) -> Layer | Network:
    """The layer, the stack or what is spelled out that a text stands for; raises LayerError for what cannot be.

    >>> stack_from_text("gated1d-i8-k3-pcausal-r1").kind
    'gated'
    """
    parts = _parts(text)
    if len(parts) == 1 and (block := block_from_text(text)):
        return spelled(block)
    layers = [from_text(part, REGISTRY if len(parts) > 1 else ALONE) for part in parts]
    return layers[0] if len(layers) == 1 else Network(layers)


def refuse_unreadable(text: str) -> None:
    """Refuse a text of a layer or a stack that could not be read back; no layer is made."""
    parts = _parts(text)
    for part in parts:
        parsed(part, (*BLOCKS, *ALONE) if len(parts) == 1 else REGISTRY)


def _parts(text: str) -> list[str]:
    parts = text.split(BETWEEN, LAYERS) if isinstance(text, str) else []
    if not 1 <= len(parts) <= LAYERS:
        raise LayerError("notation", "layer", {"layer": EXAMPLE}, value=text, nearest=EXAMPLE)
    return parts
