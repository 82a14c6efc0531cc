"""A layer as short text that fits in a link and can be read aloud: `conv2d-i5-k3-s2-p1`.

The kind with its number of axes, then each argument that is not the default: its letter and its value. One number
stands for all axes, `5x7` has one an axis, `1.2` is a padding before and after, words stand as they are.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from typing import Any

from convviz.errors import LayerError
from convviz.layers import REGISTRY, Layer, Parameter
from convviz.layers.digit import Digit
from convviz.layers.gated import GatedBlock
from convviz.layers.learn import Learn
from convviz.layers.local import Local
from convviz.layers.overhanging import PoolMisfit, WindowMisfit
from convviz.layers.reader import DigitReader
from convviz.layers.unequal import SumMisfit
from convviz.layers.unjoined import CatMisfit
from convviz.layers.unmatched import MapsMisfit
from convviz.layers.unweighted import DenseMisfit

MISFITS = (WindowMisfit, PoolMisfit, DenseMisfit, MapsMisfit, SumMisfit, CatMisfit)
"""What error messages tell of."""

ALONE = (*REGISTRY, Digit, Learn, Local, *MISFITS)
"""What a text can stand for: every layer, and what no stack can hold."""

_OTHERWISE = re.compile(r"\s*[,;*×X/ ]\s*")
_WHOLE = re.compile(r"-?[0-9]{1,4000}", re.ASCII)
EXAMPLE = "conv2d-i5-k3-s2-p1"
LONGEST = 200
Block = GatedBlock | DigitReader
BLOCKS: tuple[Any, ...] = (GatedBlock, DigitReader)
"""What is spelled out as a network."""
_HEAD = re.compile(r"([a-z]+?)([123])d")
_NEEDED = {"input_size", "output_size", "kernel_size", "in_features", "out_features"}
_WORD = re.compile(r"[A-Za-z]+(_[A-Za-z]+)*")


def to_text(layer: Layer | Block) -> str:
    """The text of a layer.

    >>> from convviz.layers import Conv
    >>> to_text(Conv((5, 7), 3, padding=((0, 1), (2, 2)), padding_mode="reflect"))
    'conv2d-i5x7-k3-p0.1x2-mreflect'
    """
    defaults = {f.name: f.default for f in fields(layer)}
    head = layer.kind + (f"{len(layer.input_size)}d" if layer.shared else "")
    plain = _plain(layer, defaults)
    parts = [
        parameter.letter + value_text(getattr(layer, parameter.name))
        for parameter in layer.parameter_list
        if getattr(layer, parameter.name) != plain.get(parameter.name)
    ]
    return "-".join([head, *parts])


def _plain(layer: Any, defaults: dict[str, object]) -> dict[str, object]:
    """What each argument of this layer would be, had it been left out."""
    dims = len(layer.input_size)
    plain: dict[str, object] = {}
    for parameter in layer.parameter_list:
        default = defaults.get(parameter.name)
        if parameter.kind == "padding":
            plain[parameter.name] = ((default, default),) * dims
        elif parameter.name == "stride" and default is None:
            plain[parameter.name] = layer.kernel_size
        elif parameter.kind == "size" and isinstance(default, int):
            plain[parameter.name] = (default,) * dims
        else:
            plain[parameter.name] = default
    return plain


def value_text(value: object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if not isinstance(value, tuple):
        return str(value)
    entries = [_pair_text(entry) if isinstance(entry, tuple) else str(entry) for entry in value]
    return entries[0] if len(set(entries)) == 1 else "x".join(entries)


def _pair_text(pair: tuple[int, int]) -> str:
    return str(pair[0]) if pair[0] == pair[1] else f"{pair[0]}.{pair[1]}"


def from_text(text: str, kinds: tuple[Any, ...] = ALONE) -> Layer:
    """The layer, of one of `kinds`, that a text stands for; raises LayerError for what cannot be read or cannot be.

    >>> from_text("tconv2d-i3-k3-s2-p1").output_size
    (5, 5)
    """
    kind, arguments = parsed(text, kinds)
    built: Layer = kind(**arguments)
    return built


def block_from_text(text: str) -> Block | None:
    """The gated block, or the reader of digits, that a text stands for; None for the text of anything else.

    >>> block_from_text("gated1d-i8-k3-pcausal-ttanh").form, block_from_text("digits-m3").map
    ('tanh', 3)
    """
    if not text.startswith(tuple(kind.kind for kind in BLOCKS)):
        return None
    kind, arguments = parsed(text, BLOCKS)
    built: Block = kind(**arguments)
    return built


def parsed(text: str, kinds: tuple[Any, ...] = REGISTRY) -> tuple[Any, dict[str, object]]:
    """The class, one of `kinds`, and the arguments that a text names; no layer is made.

    Raises LayerError for what cannot be read.

    >>> parsed("conv2d-i5-k3")[1]
    {'input_size': (5, 5), 'kernel_size': (3, 3)}
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        raise LayerError("notation", "layer", {"layer": EXAMPLE}, value=text, nearest=EXAMPLE)
    head, *parts = text.split("-")
    match = _HEAD.fullmatch(head)
    kind, dims = (match[1], int(match[2])) if match else (head, 1)
    layer = next((c for c in kinds if c.kind == kind and c.shared == bool(match)), None)
    if layer is None:
        raise LayerError("notation", "layer", {"layer": EXAMPLE}, value=text, nearest=EXAMPLE)
    known = {parameter.letter: parameter for parameter in layer.parameter_list}
    arguments: dict[str, object] = {}
    for part in parts:
        parameter = known.get(part[:1])
        value = _value(parameter, part[1:], dims) if parameter else None
        if parameter and value is None and part[1:] and parameter.kind in ("size", "padding", "count"):
            value = _unreadable(parameter, part[1:], dims)
        if parameter is None or value is None or parameter.name in arguments:
            raise LayerError(
                "notation_part", "layer", {"layer": EXAMPLE}, value=text, part=part or "-", nearest=EXAMPLE
            )
        arguments[parameter.name] = value
    needed = {f.name for f in fields(layer) if f.default is MISSING} & _NEEDED
    if not needed <= arguments.keys():
        raise LayerError("notation", "layer", {"layer": EXAMPLE}, value=text, nearest=EXAMPLE)
    return layer, arguments


def _value(parameter: Parameter, text: str, dims: int) -> object:
    """The value that `text` stands for, or None where it stands for none."""
    if parameter.kind == "flag":
        return {"0": False, "1": True}.get(text)
    if parameter.kind == "choice":
        return text if text.isalpha() and text.isascii() else None
    if parameter.kind == "count":
        return _number(text)
    if parameter.kind == "padding" and _WORD.fullmatch(text):
        return text
    entries = [_entry(entry, parameter.kind == "padding") for entry in text.split("x")]
    if any(entry is None for entry in entries) or len(entries) not in (1, dims):
        return None
    return tuple(entries * dims) if len(entries) == 1 else tuple(entries)


def _entry(text: str, pair: bool) -> object:
    numbers = [_number(number) for number in text.split(".")]
    if None in numbers or len(numbers) > 1 + pair:
        return None
    return numbers[0] if len(numbers) == 1 else tuple(numbers)


def _number(text: str) -> int | None:
    return int(text) if text.isdigit() and text.isascii() and len(text) <= 13 else None


def spelled(text: str) -> str:
    """A text with its axes separated by x, however they were separated.

    >>> spelled("5, 7"), spelled(" 5 "), spelled("5x7")
    ('5x7', '5', '5x7')
    """
    return _OTHERWISE.sub("x", text.strip())


def value_from_text(parameter: Parameter, text: str, dims: int) -> object:
    """One argument's value from its text, such as 5, 5x7 or 1.2.

    What stands for none is left as it is for the layer to refuse, which knows the true reason; numbers of any size and
    sign are numbers. Raises LayerError for axes that are separated otherwise than by x, and for as many of them as the
    input does not have.
    """
    text = text.strip()
    value = _value(parameter, text, dims)
    return _unreadable(parameter, text, dims) if value is None else value


def _unreadable(parameter: Parameter, text: str, dims: int) -> object:
    """What is given to the layer in place of a text that stands for no value of its argument."""
    name, meant = parameter.name, _value(parameter, spelled(text), dims)
    if meant is not None and spelled(text) != text:
        raise LayerError("spelling", name, {name: meant}, value=text, nearest=spelled(text))
    entries = [_signed(entry, parameter.kind == "padding") for entry in spelled(text).split("x")]
    if None in entries:
        if parameter.kind == "padding" and any(letter.isdigit() for letter in text):
            raise LayerError("padding", name, {name: 0}, value=text, nearest=0)
        return text
    if name == "input_size" and len(entries) not in (1, dims) and len(entries) <= 3:
        nearest = entries[0] if isinstance(entries[0], int) and entries[0] > 0 else 1
        raise LayerError("axes", name, {name: nearest}, value=text, count=len(entries), dims=dims, nearest=nearest)
    if len(entries) == 1:
        return entries[0] if isinstance(entries[0], int) else tuple(entries * dims)
    return tuple(entries)


def _signed(text: str, pair: bool) -> int | tuple[int, ...] | None:
    """A whole number of any size and sign, or two of them for a padding before and after; None for anything else."""
    numbers = text.split(".") if pair else [text]
    if len(numbers) > 2 or not all(_WHOLE.fullmatch(number) for number in numbers):
        return None
    return int(numbers[0]) if len(numbers) == 1 else tuple(map(int, numbers))
