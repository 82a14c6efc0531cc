"""Error messages of PyTorch, read: what does not fit, as a choice that can be drawn and mended."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

from convviz.errors import LayerError
from convviz.layers.misfit import Misfit
from convviz.layers.overhanging import PoolMisfit, WindowMisfit
from convviz.layers.unequal import SumMisfit
from convviz.layers.unjoined import CatMisfit
from convviz.layers.unmatched import MapsMisfit
from convviz.layers.unweighted import DenseMisfit

LONGEST = 200_000
"""The most letters that are read: those at the end, where the message of a traceback stands."""

TRIED = 16
"""The largest window of a pooling that is tried with every stride before each axis is taken by itself."""

_SIZES = r"\(([-\dx ]{1,99})\)"
_LIST = r"\[?([\d, ]{1,99})\]?"
_N = r"(\d{1,13})"

Sizes = tuple[int, ...]


def diagnosed(text: str) -> Misfit | None:
    """What an error message says does not fit; None where it says no such thing.

    text: the message, with whatever stands around it: a traceback, a line break within; of several messages the last
    one counts. Current forms are read, and those of older versions.

    >>> diagnosed("RuntimeError: mat1 and mat2 shapes cannot be multiplied (8x25088 and 4096x1000)")
    DenseMisfit(features=25088, in_features=4096, out_features=1000, rows=8)
    >>> diagnosed("all is well") is None
    True
    """
    plain = re.sub(r"\s+", " ", text[-LONGEST:].replace("\u2019", "'")) if isinstance(text, str) else ""
    found = [(match.start(), match, make) for pattern, make in _READ for match in pattern.finditer(plain)]
    for _, match, make in sorted(found, key=lambda one: -one[0]):
        try:
            if misfit := make(match):
                return misfit
        except (LayerError, ValueError):  # numbers that no layer has, or that fit after all
            continue
    return None


def _numbers(text: str) -> Sizes:
    return tuple(int(part) for part in re.findall(r"-?\d{1,13}", text))


def _window(found: re.Match[str]) -> Misfit | None:
    size, kernel = map(_numbers, found.groups())
    return WindowMisfit(size, kernel) if len(size) == len(kernel) else None


def _pool(found: re.Match[str]) -> Misfit | None:
    """A pooling: the message does not name the window, so it is the smallest with which it says what it says."""
    (channels, *size), (also, *output) = map(_numbers, found.groups())
    if channels != also or len(size) != len(output):
        return None
    kernel, stride = pooled(tuple(size), tuple(output))
    return PoolMisfit(tuple(size), kernel, stride, channels)


def pooled(size: Sizes, output: Sizes) -> tuple[Sizes, Sizes]:
    """The window and the stride with which a pooling without padding makes an output of a size by the formula.

    The smallest that is the same along all axes, the stride the window's own size where it can be; where there is none,
    one for each axis. Raises ValueError where there is none at all.

    >>> pooled((1, 1), (0, 0)), pooled((2, 9), (0, 4)), pooled((1, 1), (1, 0))
    (((2, 2), (2, 2)), ((3, 3), (2, 2)), ((1, 2), (1, 2)))
    """
    axes = list(zip(size, output, strict=True))
    for kernel, less in product(range(1, TRIED + 1), range(TRIED)):
        stride = kernel - less
        if stride > 0 and all((i - kernel) // stride + 1 == o for i, o in axes):
            return (kernel,) * len(size), (stride,) * len(size)
    each = [_alone(i, o) for i, o in axes]
    return tuple(kernel for kernel, _ in each), tuple(stride for _, stride in each)


def _alone(size: int, output: int) -> tuple[int, int]:
    """The window and the stride along one axis."""
    for kernel in range(1, TRIED + 1):
        if (size - kernel) // kernel + 1 == output:
            return kernel, kernel
    if output > size:
        raise ValueError("without padding no window gives more outputs than there are inputs")
    return (size + 1, size + 1) if output == 0 else (size + 1 - output, 1)


def _volume(found: re.Match[str]) -> Misfit | None:
    """Average pooling of a volume, which names its window."""
    numbers = tuple(map(int, found.groups()))
    return PoolMisfit(numbers[:3], numbers[3:])


def _dense(found: re.Match[str]) -> Misfit | None:
    rows, features, in_features, out_features = map(int, found.groups())
    return DenseMisfit(features, in_features, out_features, rows)


def _maps(found: re.Match[str]) -> Misfit | None:
    kind, count, weight, comes, wanted, channels = found.groups()
    (first, second, *kernel), (rows, *shape) = _numbers(weight), _numbers(comes)
    transposed, in_channels = kind.lower() == "transposed", int(wanted)
    groups = 1 if transposed else int(count)
    ends = (first, second) if transposed else (second * groups, first)
    if len(shape) != len(kernel) + 1 or shape[0] != int(channels) or ends[0] != in_channels:
        return None
    return MapsMisfit(tuple(shape[1:]), tuple(kernel), shape[0], *ends, groups, transposed, rows)


def _sum(found: re.Match[str]) -> Misfit | None:
    return SumMisfit(*map(int, found.groups()))


def _cat(found: re.Match[str]) -> Misfit | None:
    dimension, a, b, place = map(int, found.groups())
    return CatMisfit(a, b, dimension, 3 if dimension == 2 else 2, place)


def _older_cat(found: re.Match[str]) -> Misfit | None:
    """An older form, which names the dimension in which the sizes differ, and not which array it is."""
    dimension, a, b, axis = map(int, found.groups())
    return CatMisfit(a, b, dimension, axis)


_JOINED = rf"Sizes of tensors must match (?:except|expect) in dimension {_N}\. "
_READ: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Misfit | None]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), make)
    for pattern, make in (
        (rf"padded input size per channel: {_SIZES}\. ?Kernel size: {_SIZES}\. ?Kernel size can'?t ", _window),
        (rf"Given input size: {_SIZES}\. ?Calculated output size: {_SIZES}\. ?Output size is too small", _pool),
        (
            rf"input image \(T: {_N} H: {_N} W: {_N}\) smaller than kernel size \(kT: {_N} kH: {_N} kW: {_N}\)",
            _volume,
        ),
        (rf"shapes cannot be multiplied \({_N} ?x ?{_N} and {_N} ?x ?{_N}\)", _dense),
        (rf"size mismatch, m1: \[{_N} x {_N}\], m2: \[{_N} x {_N}\]", _dense),
        (
            rf"Given (groups|transposed)={_N}, weight(?: of size)? ?{_LIST}, (?:so )?expected input ?{_LIST}"
            rf" to have {_N} channels, but got {_N} channels instead",
            _maps,
        ),
        (
            rf"size of tensor a \({_N}\) must match the size of tensor b \({_N}\) at non-singleton dimension {_N}",
            _sum,
        ),
        (rf"{_JOINED}Expected size {_N} but got size {_N} for tensor number {_N} in the list", _cat),
        (rf"{_JOINED}Got {_N} and {_N} in dimension {_N}", _older_cat),
    )
)
