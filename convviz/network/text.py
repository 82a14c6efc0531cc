"""Networks as short texts that fit in a link.

A row of layers is their texts, joined: `conv2d-i8-k3~relu~maxpool2d-i6-k2`. Each part reads the one before it. One that
reads others names them by their places, counted from 1, behind an @: `add@1.3`; 0, or x, is the input. Where the layers
do not say what the input's shape is, the text begins with it: `x-s4x8x8~select-c0.1`. A known network is told by its
name, and the size of its input if that is another than usual: `resnet50-i112`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from difflib import get_close_matches
from typing import Any

from convviz.errors import LayerError
from convviz.graph import INPUT, Node, told_shape
from convviz.layers import REGISTRY, Layer
from convviz.layers.notation import ALONE, BLOCKS, EXAMPLE, block_from_text, from_text, parsed, to_text
from convviz.layers.operations import NAMES, operation_parsed, operation_to_text
from convviz.network.network import Network
from convviz.network.presets import BY_NAME, Known, known
from convviz.network.spelled import spelled, spelled_of

LAYERS = 64
"""The most layers with taps that the text of a stack may have."""
PARTS = 320
"""The most parts, operations counted as well: ResNet-50 has 175."""
LONG = 160
"""The most letters of a text that an error names as the nearest one."""

BETWEEN = "~"
"""What stands between the parts."""
READS = "@"
"""What stands before the places of the parts that a part reads."""

_SHAPE = re.compile(r"x-s([0-9]{1,13}(?:x[0-9]{1,13}){0,3})", re.ASCII)
_KNOWN = re.compile(r"([a-z][a-z0-9_]*)(?:-i([0-9]{1,13}(?:x[0-9]{1,13})?))?", re.ASCII)
_PLACE = re.compile(r"x|[0-9]{1,4}", re.ASCII)


def stack_to_text(shown: Layer | Network) -> str:
    """The text of a layer, of what is spelled out, or of a network: its layers' texts, joined.

    `stack_from_text` makes the same network of it, in which nodes are named after their kinds and places.

    >>> from convviz.layers import Conv
    >>> stack_to_text(Network([Conv((9,), 3), Conv((7,), 3, dilation=2)]))
    'conv1d-i9-k3~conv1d-i7-k3-d2'
    >>> from convviz.layers.elementwise import Add
    >>> stack_to_text(Network({"a": (Conv(5, 3, padding=1), "x"), "b": (Add(), ["x", "a"])}))
    'conv2d-i5-k3-p1~add@0.1'
    """
    block = spelled_of(shown)
    if block:
        return to_text(block)
    if isinstance(shown, Known):
        return shown.text
    nodes = getattr(shown, "nodes", None)
    return to_text(shown.layers[0]) if nodes is None else BETWEEN.join(_said(nodes, shown.x_shape))


def _said(nodes: tuple[Node, ...], shape: tuple[int, ...]) -> list[str]:
    """The parts of a network's text."""
    places = {INPUT: 0} | {node.name: n for n, node in enumerate(nodes, start=1)}
    parts = []
    for before, node in enumerate(nodes):
        said = to_text(node.layer) if node.has_taps else operation_to_text(node.layer)
        reads = [places[name] for name in node.inputs]
        parts.append(said if reads == [before] else f"{said}{READS}{'.'.join(map(str, reads))}")
    told = None
    with suppress(LayerError):
        told = told_shape(list(nodes))
    return parts if told == shape else [f"x-s{'x'.join(map(str, shape))}", *parts]


def stack_from_text(text: str) -> Layer | Network:
    """The layer, the network or what is spelled out that a text stands for; raises LayerError for what cannot be.

    >>> stack_from_text("gated1d-i8-k3-pcausal-r1").kind
    'gated'
    >>> stack_from_text("conv2d-i5-k3-p1~add@0.1").receptive_field()
    (3, 3)
    >>> stack_from_text("resnet50").parameters
    25557032
    """
    try:
        return _read(text)
    except LayerError as error:
        if error.fix.get("layer") != EXAMPLE or not (nearest := _alike(text)):
            raise
        values = error.values | {"nearest": nearest}
        raise LayerError(error.key, error.field, {"layer": nearest}, **values) from None


def _read(text: str) -> Layer | Network:
    parts = _parts(text)
    if len(parts) == 1:
        if block := block_from_text(text):
            return spelled(block)
        if found := _known(text):
            return _sized(*found)
        return from_text(text, ALONE)
    shape = _shape(parts[0])
    read = [_part(part, text) for part in (parts[1:] if shape else parts)]
    layers = [kind(**arguments) for kind, arguments, _ in read]
    if not shape and all(reads == (n,) for n, (_, _, reads) in enumerate(read)):
        return Network(layers)
    names = [INPUT, *(f"{layer.kind}{n}" for n, layer in enumerate(layers, start=1))]
    nodes = {}
    for number, (layer, (_, _, reads)) in enumerate(zip(layers, read, strict=True), start=1):
        _refuse_later(reads, number, text)
        nodes[names[number]] = (layer, [names[place] for place in reads])
    return Network(nodes, input_shape=shape)


def _sized(name: str, size: object) -> Network:
    """A known network; its error names the text that works."""
    try:
        return known(name, size)
    except LayerError as error:
        side = error.fix.get("input_size")
        try:
            text = stack_to_text(known(name, side))
        except LayerError as further:  # what is at least a size need not be large enough
            text = f"{name}-i{further.fix['input_size']}"
        raise LayerError(error.key, error.field, {"layer": text}, **error.values) from None


def refuse_unreadable(text: str) -> None:
    """Refuse a text of a layer or a network that could not be read back; no layer is made."""
    parts = _parts(text)
    if len(parts) > 1:
        for part in parts[1:] if _shape(parts[0]) else parts:
            _part(part, text)
    elif not _known(text):
        parsed(text, (*BLOCKS, *ALONE))


def _parts(text: str) -> list[str]:
    """The parts of a text; of several, each with the places that it reads. Raises LayerError for too many."""
    parts = text.split(BETWEEN, PARTS) if isinstance(text, str) else []
    layers = [part for part in parts if part.partition(READS)[0].partition("-")[0] not in (*NAMES, INPUT)]
    if not 1 <= len(parts) <= PARTS or len(layers) > LAYERS:
        raise _unreadable(text)
    return parts if len(parts) == 1 else _numbered(parts)


def _numbered(parts: list[str]) -> list[str]:
    """The parts, each with the places of what it reads."""
    first = 0 if _SHAPE.fullmatch(parts[0]) else 1
    return [
        part if READS in part or (number == 0 and not first) else f"{part}{READS}{number + first - 1}"
        for number, part in enumerate(parts)
    ]


def _part(part: str, text: str) -> tuple[Any, dict[str, object], tuple[int, ...]]:
    """The class of a part, its arguments, and the places that it reads."""
    said, _, reads = part.partition(READS)
    places = reads.split(".")
    if not all(map(_PLACE.fullmatch, places)):
        said_wrong = {"value": text, "part": f"{READS}{reads}", "nearest": EXAMPLE}
        raise LayerError("notation_part", "layer", {"layer": EXAMPLE}, **said_wrong)
    found = tuple(0 if place == INPUT else int(place) for place in places)
    if said.partition("-")[0] in NAMES:
        return (*operation_parsed(said, text, EXAMPLE), found)
    return (*parsed(said, REGISTRY), found)


def _shape(part: str) -> tuple[int, ...] | None:
    """The input's shape, if the first part of a text says it."""
    match = _SHAPE.fullmatch(part)
    return tuple(map(int, match[1].split("x"))) if match else None


def _known(text: str) -> tuple[str, tuple[int, ...] | int | None] | None:
    """The name of a known network and the size of its input, if a text stands for one."""
    match = _KNOWN.fullmatch(text)
    if not match or match[1] not in BY_NAME:
        return None
    size = tuple(map(int, match[2].split("x"))) if match[2] else None
    return match[1], size[0] if size and len(size) == 1 else size


def _refuse_later(reads: tuple[int, ...], number: int, text: str) -> None:
    """Refuse a part that reads itself, or one that comes after it."""
    for place in reads:
        if place >= number:
            said = {"value": text, "number": number, "place": place, "last": number - 1, "nearest": EXAMPLE}
            raise LayerError("notation_reads", "layer", {"layer": EXAMPLE}, **said)


def _unreadable(text: object) -> LayerError:
    return LayerError("notation", "layer", {"layer": EXAMPLE}, value=text, nearest=EXAMPLE)


def _alike(text: object) -> str | None:
    """A text that can be read and is close to one that cannot: with its first wrong word spelled right, or with a part
    reading the one before it."""
    if not isinstance(text, str) or len(text) > LONG:
        return None
    parts = text.split(BETWEEN)
    for number, part in enumerate(parts):
        said, _, reads = part.partition(READS)
        head, dash, rest = said.partition("-")
        words = _words(alone=len(parts) == 1)
        close = get_close_matches(head, words, 1, 0.6) if head not in words or head in BY_NAME else []
        for other in [f"{close[0]}{dash}{rest}{READS if reads else ''}{reads}", close[0]] if close else [said]:
            tried = BETWEEN.join([*parts[:number], other, *parts[number + 1 :]])
            if tried != text:
                with suppress(LayerError):
                    _read(tried)
                    return tried
    return None


def _words(alone: bool) -> list[str]:
    """The first words of all parts."""
    kinds = ALONE if alone else REGISTRY
    layers = [f"{kind.kind}{n}d" for kind in kinds if kind.shared for n in (1, 2, 3)]
    return [*layers, *(kind.kind for kind in kinds if not kind.shared), *(BY_NAME if alone else NAMES)]
