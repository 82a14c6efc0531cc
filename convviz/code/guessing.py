"""The size of the input where a text does not say it: from what the first layer takes, and what fits the last ones."""

from __future__ import annotations

import re
from math import isqrt
from typing import TypeGuard

from convviz.code.building import Need
from convviz.errors import LayerError
from convviz.graph import Shape
from convviz.layers.arguments import LARGEST, sizes, whole

_TOLD = re.compile(
    r"#\s*input(?:_size|_shape)?\s*:?\s*\(?\s*([0-9]{1,6}(?:\s*[,x×]\s*[0-9]{1,6}){0,3})\s*,?\s*\)?", re.ASCII
)

_COMMON = (32, 28, 64, 96, 100, 128, 150, 160, 180, 200, 227, 256, 299, 300, 400, 512, 572, 48, 36, 40, 80, 16, 8)
"""Sides of pictures that examples have."""


class Whole(tuple[int, ...]):
    """The whole shape of an input, channels included."""


def told(text: str) -> Shape | None:
    """What a remark says of the input: in brackets its whole shape, such as # input: (3, 32, 32), else its sides.

    >>> told("# input: (3, 32, 32)\\nnn.Conv2d(3, 8, 3)"), told("nn.ReLU()")
    ((3, 32, 32), None)
    """
    found = _TOLD.search(text)
    numbers = tuple(int(n) for n in re.findall("[0-9]+", found[1])) if found else ()
    if not numbers or not found or min(numbers) < 1:
        return None
    return Whole(numbers) if "(" in found[0] else numbers


def shapes(need: Need) -> list[Shape]:
    """Shapes of the input that may be meant, the likeliest first.

    >>> shapes(Need(2, 1))[0], shapes(Need(2, 3))[0], shapes(Need(0, None, 784, "flat"))
    ((1, 28, 28), (3, 224, 224), [(1, 28, 28)])
    """
    if need.dims == 0:
        return [_row(need)]
    channels = need.channels if _is_count(need.channels) else (3 if "Conv" in need.first and need.dims == 2 else 1)
    return [(channels, *(side,) * need.dims) for side in _sides(need, channels)]


def _is_count(number: object) -> TypeGuard[int]:
    """Whether a text's number can be one of channels or features; the layer itself tells what is wrong with others."""
    return isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= LARGEST


def _row(need: Need) -> Shape:
    """What a dense layer takes: a picture where it is laid in a row before it and is a square, else the row."""
    count = need.features if _is_count(need.features) else 16
    if need.first == "flat":
        for channels in (1, 3):
            side = isqrt(count // channels)
            if channels * side * side == count:
                return (channels, side, side)
    return (count,)


def _sides(need: Need, channels: int) -> tuple[int, ...]:
    if "Transpose" in need.first:
        return (1, 7, 4, 8, 16, 28, 32) if channels >= 64 else (7, 14, 4, 8, 16, 28, 32)
    if need.dims == 1:
        return (128, 100, 1000, 64, 256, 512, 1024, 16000, 32, 16, 8)
    if need.dims == 3:
        return (32, 16, 64, 112, 128, 8)
    if channels == 3:
        return (224, *_COMMON)
    return (28, *_COMMON, 224) if channels == 1 else (32, 56, 28, 14, 7, 8, 16, 64, 112, 224)


def settled(given: object, need: Need) -> Shape:
    """What a caller says of the input, as its whole shape: a side, a side for each axis, or the channels before them.

    Raises LayerError for what is none of them.

    >>> settled(32, Need(2, 3)), settled((16, 8), Need(2, None, first="Conv2D")), settled((1, 28, 28), Need(2, 1))
    ((3, 32, 32), (3, 16, 8), (1, 28, 28))
    """
    if isinstance(given, Whole):
        return tuple(given)
    usual = shapes(need)[0]
    single = not isinstance(given, tuple | list)
    if single:
        side = whole("input_size", given, most=10**6)
        return (side,) if need.dims == 0 else (usual[0], *(side,) * need.dims)
    entries = tuple(given) if isinstance(given, tuple | list) else ()
    if need.dims == 0 and 1 <= len(entries) <= 4:
        return sizes("input_size", entries, len(entries))
    if len(entries) == need.dims:
        return (usual[0], *sizes("input_size", entries, need.dims))
    if len(entries) == need.dims + 1:
        return sizes("input_size", entries, need.dims + 1)
    raise LayerError("axes", "input_size", None, value=entries, count=len(entries), dims=need.dims, nearest=usual)
