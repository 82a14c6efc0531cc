"""An operation as short text that fits in a link, beside those of layers: `relu`, `scale-f2-o1`, `select-c0.5`.

The kind, then each argument that is not the default: its letter and its value. Several numbers are joined by x, numbers
that follow one another are told by the first and the last, 0.5, a minus is an n: `scale-fn0.5`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from numbers import Integral
from typing import Any, NamedTuple

from convviz.errors import LayerError
from convviz.layers.elementwise import Add, BatchNorm, Multiply, ReLU, Scale, Sigmoid, Softmax, Tanh
from convviz.layers.rearrange import ChannelShuffle, Concat, Crop, Flatten, Reshape, Select

_NUMBER = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?(e-?[0-9]{1,3})?", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,13}", re.ASCII)
MANY = 65_536
"""The most numbers that one argument may hold."""


class Written(NamedTuple):
    """How an argument is written: its letter, and the two ways between its value and its text.

    read gives None for a text that stands for no value.
    """

    letter: str
    said: Callable[[Any], str]
    read: Callable[[str], object]


def _number_said(value: Any) -> str:
    """A number as text. A whole one stays whole, a float stays a float: 2 and 2.0 are told apart."""
    told = str(int(value)) if isinstance(value, Integral) else repr(float(value))
    return told.replace("e+", "e").replace("-", "n")


def _number_read(text: str) -> int | float | None:
    plain = text.replace("n", "-")
    if "-" in text or not _NUMBER.fullmatch(plain):
        return None
    return float(plain) if "." in plain or "e" in plain else int(plain)


def _float_said(value: Any) -> str:
    """A float as text; what is always one needs no decimals."""
    return _number_said(int(value) if float(value).is_integer() else value)


def _floats_read(text: str) -> tuple[float, ...] | None:
    found = [_number_read(entry) for entry in text.split("x", MANY)]
    return tuple(float(n) for n in found if n is not None) if None not in found and len(found) <= MANY else None


def _sizes_said(value: Any) -> str:
    return "x".join(map(str, value)) if isinstance(value, Sequence) else str(value)


def _sizes_read(text: str) -> tuple[int, ...] | None:
    entries = text.split("x", 9)
    return tuple(map(int, entries)) if all(map(_COUNT.fullmatch, entries)) else None


def _size_read(text: str) -> int | tuple[int, ...] | None:
    """A crop's size: one number is the same for all axes."""
    found = _sizes_read(text)
    return found[0] if found and len(found) == 1 else found


def _chosen_said(value: Iterable[int]) -> str:
    """Numbers, those in a row by the first and the last."""
    runs: list[list[int]] = []
    for number in value:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return "x".join(str(first) if first == last else f"{first}.{last}" for first, last in runs)


def _chosen_read(text: str) -> tuple[int, ...] | None:
    found: list[int] = []
    for entry in text.split("x"):
        ends = entry.split(".")
        if len(ends) > 2 or not all(map(_COUNT.fullmatch, ends)):
            return None
        first, last = int(ends[0]), int(ends[-1])
        if not 0 <= last - first < MANY - len(found):
            return None
        found += range(first, last + 1)
    return tuple(found)


_NUMBER_WRITTEN = _number_said, _number_read
_FLOATS = (lambda value: "x".join(map(_float_said, value))), _floats_read

OPERATIONS: dict[Any, dict[str, Written]] = {
    **{kind: {} for kind in (ReLU, Sigmoid, Tanh, Softmax, Add, Multiply, Flatten, Concat)},
    Scale: {"factor": Written("f", *_NUMBER_WRITTEN), "offset": Written("o", *_NUMBER_WRITTEN)},
    BatchNorm: {
        "mean": Written("m", *_FLOATS),
        "variance": Written("v", *_FLOATS),
        "eps": Written("e", _float_said, _number_read),
    },
    Reshape: {"shape": Written("s", _sizes_said, _sizes_read)},
    Crop: {"size": Written("s", _sizes_said, _size_read)},
    Select: {"channels": Written("c", _chosen_said, _chosen_read)},
    ChannelShuffle: {"groups": Written("g", str, lambda text: int(text) if _COUNT.fullmatch(text) else None)},
}
"""Every operation, and how its arguments are written."""

NAMES: dict[str, Any] = {kind.kind: kind for kind in OPERATIONS} | {"bn": BatchNorm}
"""The operations by the first word of their texts."""

SHORT = {"batchnorm": "bn"}
"""The words that stand for longer ones; both are read."""

USUAL = {"factor": 1, "offset": 0, "mean": (0.0,), "variance": (1.0,), "eps": 1e-5}
"""What an argument is where it is left out; the others must be given."""


def operation_to_text(operation: Any) -> str:
    """The text of an operation.

    >>> operation_to_text(Scale(-0.5, 1)), operation_to_text(Select((0, 1, 2, 5))), operation_to_text(BatchNorm())
    ('scale-fn0.5-o1', 'select-c0.2x5', 'bn')
    """
    parts = [SHORT.get(operation.kind, operation.kind)]
    for name, written in OPERATIONS.get(type(operation), {}).items():
        value = getattr(operation, name)
        if name not in USUAL or value != USUAL[name] or type(value) is not type(USUAL[name]):
            parts.append(written.letter + written.said(value))
    return "-".join(parts)


def operation_parsed(text: str, whole: str, nearest: str) -> tuple[Any, dict[str, object]]:
    """The class and the arguments that an operation's text names. whole: the text that it is a part of.

    Raises LayerError, which names `nearest`, for what cannot be read.

    >>> operation_parsed("crop-s3x4", "crop-s3x4", "relu")[1]
    {'size': (3, 4)}
    """
    head, *parts = text.split("-")
    kind = NAMES[head]
    letters = {written.letter: (name, written) for name, written in OPERATIONS[kind].items()}
    arguments: dict[str, object] = {}
    for part in parts:
        name, written = letters.get(part[:1], ("", None))
        value = written.read(part[1:]) if written else None
        if value is None or name in arguments:
            said = {"value": whole, "part": part or "-", "nearest": nearest}
            raise LayerError("notation_part", "layer", {"layer": nearest}, **said)
        arguments[name] = value
    if not OPERATIONS[kind].keys() - USUAL.keys() <= arguments.keys():
        raise LayerError("notation_part", "layer", {"layer": nearest}, value=whole, part=text, nearest=nearest)
    return kind, arguments
