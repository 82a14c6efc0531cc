"""Reading the arguments of a layer: whole numbers, one for each axis, paddings, choices."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from difflib import get_close_matches
from math import gcd, isqrt

import numpy as np

from convviz.errors import LayerError

Sizes = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]
PADDING_WORDS = ("valid", "same", "same_lower", "full", "causal")
"""What a padding may be called, "causal" along one axis only. "same_upper", ONNX's name for "same", is read too."""

SAME_WORDS = ("valid", "same", "same_lower")
"""The words of those layers for which a full or a causal padding has no meaning."""

SAME = ("same", "same_upper", "same_lower")

LARGEST = 10**12
"""No argument may be larger: any count made of such numbers can still be shown, and nothing so large can be traced."""


def _index(value: object) -> int | None:
    """A whole number as an int; None for anything else, True and False included."""
    if isinstance(value, bool | np.bool_):
        return None
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None


def _entries(value: object) -> list[object] | None:
    """The entries of a sequence (a list, a tuple, an array with axes); None for anything else, texts included."""
    if isinstance(value, np.ndarray):
        return list(value) if value.ndim else None
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray) else None


def _nearest_whole(value: object, smallest: int) -> int:
    """The whole number that somebody who wrote `value` most likely meant."""
    for _ in range(3):
        value = (_entries(value) or [value])[0]
    try:
        return min(max(smallest, round(float(value))), LARGEST)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return max(smallest, 0)


def _refuse_out_of_range(
    field: str, value: object, nearest: object, smallest: int, too_small: bool, most: int = LARGEST
) -> None:
    key = "smallest" if too_small else "largest"
    raise LayerError(key, field, {field: nearest}, value=value, least=smallest, most=most, nearest=nearest)


def _shown(value: object) -> object:
    """Text in quotes, so that '3' is not taken for 3."""
    return repr(value) if isinstance(value, str) else value


def whole(field: str, value: object, smallest: int = 1, most: int = LARGEST) -> int:
    """One whole number from `smallest` to `most`."""
    number = _index(value)
    if number is None:
        nearest = min(_nearest_whole(value, smallest), most)
        raise LayerError("count", field, {field: nearest}, value=_shown(value), nearest=nearest)
    if not smallest <= number <= most:
        _refuse_out_of_range(field, number, min(max(number, smallest), most), smallest, number < smallest, most)
    return number


def flag(field: str, value: object) -> bool:
    """True or False, and nothing that merely counts as such."""
    if not isinstance(value, bool | np.bool_):
        nearest = isinstance(value, int | float | str) and value in (1, "true", "True", "yes")
        raise LayerError("flag", field, {field: nearest}, value=_shown(value), nearest=nearest)
    return bool(value)


def choice(field: str, value: object, choices: tuple[str, ...]) -> str:
    """One of `choices`."""
    if not isinstance(value, str) or value not in choices:
        known = [c for c in choices if isinstance(value, str) and value[:3].lower() == c[:3]]
        known = known or (get_close_matches(value.lower()[:99], choices, 1, 0.6) if isinstance(value, str) else [])
        nearest = (known or list(choices))[0]
        raise LayerError("choice", field, {field: nearest}, value=value, choices=", ".join(choices), nearest=nearest)
    return value


def input_sizes(value: object) -> Sizes:
    """The input's size along each axis; one number means two equal axes."""
    entries = _entries(value)
    if entries is None:
        return sizes("input_size", value, 2)
    if not 1 <= len(entries) <= 3:
        nearest = _nearest_whole(value, 1)
        raise LayerError("dimensions", "input_size", {"input_size": nearest}, value=value, nearest=nearest)
    return sizes("input_size", value, len(entries))


def sizes(field: str, value: object, dims: int, smallest: int = 1) -> Sizes:
    """A whole number for each of `dims` axes; one number stands for all of them."""
    given = _entries(value)
    entries = [_index(entry) for entry in ([value] * dims if given is None else given)]
    numbers = tuple(entry for entry in entries if entry is not None)
    if len(numbers) < len(entries):
        nearest = _nearest_whole(value, smallest)
        raise LayerError("whole", field, {field: nearest}, value=_shown(value), nearest=nearest)
    if len(numbers) != dims:
        nearest = _nearest_whole(value, smallest)
        raise LayerError("axes", field, {field: nearest}, value=value, count=len(entries), dims=dims, nearest=nearest)
    fixed = tuple(min(max(number, smallest), LARGEST) for number in numbers)
    if fixed != numbers:
        _refuse_out_of_range(field, brief(numbers), brief(fixed), smallest, min(numbers) < smallest)
    return numbers


def padding(value: object, dims: int, words: tuple[str, ...] = PADDING_WORDS) -> str | Pads:
    """A padding word, or a (before, after) pair for each axis."""
    if isinstance(value, str):
        return _padding_word(value, dims, words)
    entries = _entries(value)
    if entries is not None:
        if any(_entries(entry) is not None for entry in entries):
            return _padding_pairs(value, entries, dims)
    elif _index(value) is None:
        _refuse_padding(value)
    return tuple((p, p) for p in sizes("padding", value, dims, 0))


def _refuse_padding(value: object) -> None:
    nearest = _nearest_whole(value, 0)
    raise LayerError("padding", "padding", {"padding": nearest}, value=value, nearest=nearest)


def _padding_word(value: str, dims: int, words: tuple[str, ...]) -> str:
    word, read = value.lower(), (*words, "same_upper")
    if word not in (*PADDING_WORDS, "same_upper"):
        usable = [known for known in read if known != "causal" or dims == 1]
        nearest: str | int = next(iter(get_close_matches(word, usable, 1, 0.5)), 0)
        shown = ", ".join(usable)
        raise LayerError("padding_text", "padding", {"padding": nearest}, value=value, words=shown, nearest=nearest)
    if word not in read:
        raise LayerError("padding_word", "padding", {"padding": 0}, value=value, nearest=0)
    if word == "causal" and dims != 1:
        raise LayerError("causal", "padding", {"padding": "same"}, dims=dims, nearest="same")
    return word


def _padding_pairs(value: object, entries: list[object], dims: int) -> Pads:
    sequences = [_entries(entry) for entry in entries]
    pairs = [(entry, entry) if pair is None else tuple(pair) for entry, pair in zip(entries, sequences, strict=True)]
    numbers = [_index(number) for pair in pairs for number in pair]
    sides = [number for number in numbers if number is not None]
    if len(pairs) != dims or any(len(pair) != 2 for pair in pairs) or len(sides) != len(numbers):
        _refuse_padding(value)
    pads = tuple(zip(sides[::2], sides[1::2], strict=True))
    fixed = tuple((min(max(b, 0), LARGEST), min(max(a, 0), LARGEST)) for b, a in pads)
    if fixed != pads:
        _refuse_out_of_range("padding", brief_pads(pads), brief_pads(fixed), 0, min(map(min, pads)) < 0)
    return pads


def resolve(padding: str | Pads, size: Sizes, span: Sizes, stride: Sizes) -> Pads:
    """The (before, after) cells that a padding means for each axis, where the kernel spans `span` cells.

    "same" is TensorFlow's: ceil(size / stride) outputs, and the odd cell goes after; "same_lower" puts it before.

    >>> resolve("same", (5, 6), (4, 3), (1, 2)), resolve("same_lower", (5, 6), (4, 3), (1, 2))
    (((1, 2), (0, 1)), ((2, 1), (1, 0)))
    """
    if not isinstance(padding, str):
        return padding
    pads = []
    for i, e, s in zip(size, span, stride, strict=True):
        if padding in SAME:
            pads.append(halved(padding, max((-(-i // s) - 1) * s + e - i, 0)))
        else:
            pads.append({"valid": (0, 0), "full": (e - 1, e - 1), "causal": (e - 1, 0)}[padding])
    return tuple(pads)


def halved(word: str, total: int) -> tuple[int, int]:
    """(before, after): what one of the words of SAME makes of so many cells; an odd one goes after, or lower, before.

    >>> halved("same", 3), halved("same_lower", 3)
    ((1, 2), (2, 1))
    """
    less, more = total // 2, total - total // 2
    return (more, less) if word == "same_lower" else (less, more)


def fitting(kernel_size: Sizes, dilation: Sizes, padded: Sizes, spare: Sizes = (0, 0, 0)) -> None:
    """Refuse a kernel that spans more cells than the padded input has, and name what would fit.

    spare: how many cells a window may hang over the end all the same, for each axis.
    """
    axes = [(k, d, length + extra) for k, d, length, extra in zip(kernel_size, dilation, padded, spare, strict=False)]
    if all(d * (k - 1) < length for k, d, length in axes):
        return
    place = next(n for n, (k, d, length) in enumerate(axes) if d * (k - 1) >= length)
    k, d, _ = axes[place]
    closer = tuple(min(d, (length - 1) // max(k - 1, 1)) if k > 1 else d for k, d, length in axes)
    smaller = tuple(min(k, (length - 1) // d + 1) for k, d, length in axes)
    field, fixed = ("dilation", brief(closer)) if min(closer) >= 1 else ("kernel_size", brief(smaller))
    span = d * (k - 1) + 1
    said = {"kernel": k, "dilation": d, "span": span, "padded": padded[place], "fix": f"{field} {fixed}"}
    if spare[place]:
        raise LayerError("span_over", field, {field: fixed}, over=spare[place], stride=spare[place] + 1, **said)
    raise LayerError("span", field, {field: fixed}, **said)


def brief(numbers: Sizes) -> int | Sizes:
    """One number where all axes are alike.

    >>> brief((3, 3)), brief((3, 5))
    (3, (3, 5))
    """
    return numbers[0] if len(set(numbers)) == 1 and len(numbers) == 2 else numbers


def groups(number: int, in_channels: int, out_channels: int) -> None:
    """Refuse a number of groups that does not divide both channel counts."""
    if in_channels % number == 0 and out_channels % number == 0:
        return
    nearest = nearest_divisor(number, in_channels, out_channels)
    raise LayerError(
        "groups",
        "groups",
        {"groups": nearest},
        value=number,
        in_channels=in_channels,
        out_channels=out_channels,
        nearest=nearest,
    )


def common_divisors(*numbers: int) -> list[int]:
    """What divides all of some numbers, in rising order; of numbers too large to try all, those beside the ends.

    >>> common_divisors(12, 18)
    [1, 2, 3, 6]
    """
    common = gcd(*numbers)
    small = [g for g in range(1, min(isqrt(common), 10**4) + 1) if common % g == 0]
    return sorted({*small, *(common // g for g in small)})


def nearest_divisor(number: int, *numbers: int) -> int:
    """The nearest to a number that divides all of some numbers; of two that are as near, the smaller.

    >>> nearest_divisor(4, 12, 18), nearest_divisor(3, 4, 3)
    (3, 1)
    """
    return min(common_divisors(*numbers), key=lambda g: (abs(g - number), g))


def mode_reaches(mode: str, pads: Pads, size: Sizes) -> None:
    """Refuse a padding wider than its mode can fill: reflect and circular take their cells from the input."""
    if mode not in ("reflect", "circular"):
        return
    most = tuple(i - 1 if mode == "reflect" else i for i in size)
    if all(max(pair) <= m for pair, m in zip(pads, most, strict=True)):
        return
    fixed = tuple((min(b, m), min(a, m)) for (b, a), m in zip(pads, most, strict=True))
    axis = next(n for n, (pair, m) in enumerate(zip(pads, most, strict=True)) if max(pair) > m)
    nearest = brief_pads(fixed)
    raise LayerError(
        mode,
        "padding",
        {"padding": nearest},
        value=brief_pads(pads),
        most=most[axis],
        size=size[axis],
        nearest=nearest,
    )


def brief_pads(pads: Pads) -> int | Sizes | Pads:
    """One number, or one an axis, where before and after are alike.

    >>> brief_pads(((1, 1), (1, 1))), brief_pads(((1, 1), (0, 0))), brief_pads(((0, 1),))
    (1, (1, 0), ((0, 1),))
    """
    if any(before != after for before, after in pads):
        return pads
    sides = tuple(before for before, _ in pads)
    return sides[0] if len(set(sides)) == 1 else sides
