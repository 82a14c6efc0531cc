"""Kernels by name: whole weights, of any size that they have a meaning for, and what their sum is divided by.

They act as cross-correlation sees them: "vertical" is positive where it gets brighter to the right. A smoothing one has
whole weights and one division after the sum, so that the sum stays exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from math import comb, prod

import numpy as np

from convviz.arrays import as_array, small_integers
from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers import arguments as read
from convviz.layers.linear import Array
from convviz.network import Network, stack_of
from convviz.run import Run
from convviz.run import trace as run
from convviz.trace import SEEDED, Trace, trace

WIDEST = 9
"""The most cells on a side of a kernel of binomial weights: those of a wider one are too long for their cells."""

RANDOM = "random"
"""The name of the small whole numbers that stand in a kernel that nobody has chosen."""

Size = tuple[int, ...]


def smoothing(size: int) -> Array:
    """Binomial weights.

    >>> smoothing(3).tolist(), smoothing(4).tolist()
    ([1, 2, 1], [1, 3, 3, 1])
    """
    return np.array([comb(size - 1, k) for k in range(size)], dtype=np.int64)


def difference(size: int) -> Array:
    """What comes after less what comes before, smoothed.

    >>> difference(3).tolist(), difference(5).tolist()
    ([-1, 0, 1], [-1, -2, 0, 2, 1])
    """
    before = smoothing(size - 1)
    return np.append(0, before) - np.append(before, 0)


def _product(rows: list[Array]) -> Array:
    return np.asarray(reduce(np.multiply.outer, rows))


def _identity(size: Size) -> Array:
    weights = np.zeros(size, dtype=np.int64)
    weights[tuple(n // 2 for n in size)] = 1
    return weights


def _smoothed(size: Size) -> Array:
    return _product([smoothing(n) for n in size])


def _edge(size: Size, axis: int) -> Array:
    """A difference along one axis, smoothed along the others."""
    along = len(size) + axis
    return _product([difference(n) if d == along else smoothing(n) for d, n in enumerate(size)])


def _offsets(size: Size) -> list[Array]:
    """For each axis, how far each cell lies behind the middle."""
    return [index - n // 2 for index, n in zip(np.indices(size), size, strict=True)]


def _sharpened(size: Size) -> Array:
    """The middle against the cells of its row and of its column."""
    away = sum((offset != 0).astype(np.int64) for offset in _offsets(size))
    arms = (np.asarray(away) == 1).astype(np.int64)
    return _identity(size) * (1 + int(arms.sum())) - arms


def _outlined(size: Size) -> Array:
    """The middle against all other cells."""
    return _identity(size) * prod(size) - 1


def _embossed(size: Size) -> Array:
    """What lies behind the middle less what lies before it, and the middle itself."""
    return np.asarray(sum(_offsets(size))) + _identity(size)


def _any(size: Size) -> str:
    return ""


def _middle(size: Size) -> str:
    return "" if all(n % 2 for n in size) else "middle"


def _several(size: Size) -> str:
    return "" if prod(size) > 1 else "one"


def _narrow(size: Size) -> str:
    return _several(size) or ("" if max(size) <= WIDEST else "wide")


def _around(size: Size) -> str:
    return _several(size) or _middle(size)


def _columns(size: Size) -> str:
    return _narrow(size) or ("" if size[-1] > 1 else "columns")


def _rows(size: Size) -> str:
    return _narrow(size) or ("" if len(size) > 1 and size[-2] > 1 else "rows")


@dataclass(frozen=True)
class Kernel:
    """A kernel with a name.

    weights: of a size, one number an axis; missing: why a size has none ("" where it has one); scaled: whether the sum
    of the products is divided by the sum of the weights.
    """

    name: str
    weights: Callable[[Size], Array]
    missing: Callable[[Size], str] = _any
    scaled: bool = False

    def divisor(self, size: Size) -> int:
        """What the sum of the products is divided by."""
        return int(self.weights(size).sum()) if self.scaled else 1


KERNELS = {
    kernel.name: kernel
    for kernel in (
        Kernel("identity", _identity, _middle),
        Kernel("box", lambda size: np.ones(size, dtype=np.int64), _several, scaled=True),
        Kernel("gaussian", _smoothed, _narrow, scaled=True),
        Kernel("sharpen", _sharpened, _around),
        Kernel("vertical", lambda size: _edge(size, -1), _columns),
        Kernel("horizontal", lambda size: _edge(size, -2), _rows),
        Kernel("outline", _outlined, _around),
        Kernel("emboss", _embossed, _around),
        Kernel(RANDOM, lambda size: small_integers(size, 1, *SEEDED["weight"])),
    )
}
"""All of them, in the order in which they are offered."""


def kernel_named(name: object) -> Kernel:
    """The kernel of a name; raises LayerError for one that is none."""
    if not isinstance(name, str) or name not in KERNELS:
        nearest = (get_close_matches(str(name), KERNELS, 1, 0.0) or ["identity"])[0]
        raise LayerError("kernel_name", "kernel", {"kernel": nearest}, value=name, nearest=nearest)
    return KERNELS[name]


def refused(kernel: Kernel, size: Size, why: str) -> LayerError:
    """That a kernel has no weights of a size, and why (see `Kernel.missing`)."""
    sides = "x".join(map(str, size))
    fix = {"kernel": RANDOM}
    return LayerError(f"kernel_{why}", "kernel", fix, value=kernel.name, size=sides, most=WIDEST, nearest=RANDOM)


def kernel(name: str, kernel_size: object, dims: int = 2) -> tuple[Array, int]:
    """The weights of a kernel by its name, in whole numbers, and what the sum of the products is divided by.

    name: one of "identity", "box", "gaussian", "sharpen", "vertical" and "horizontal" (edges; Sobel), "outline"
    (Laplacian), "emboss", "random". kernel_size: one number for `dims` axes, or a tuple with an entry an axis. Returns
    (*kernel_size) weights and the divisor for `convviz.trace`, 1 where nothing is divided. Raises LayerError for
    another name, and for a size that such a kernel does not have.

    >>> import convviz as cv
    >>> weight, divisor = cv.kernel("gaussian", 3)
    >>> weight.tolist(), divisor
    ([[1, 2, 1], [2, 4, 2], [1, 2, 1]], 16)
    >>> cv.kernel("vertical", (2,))[0].tolist()
    [-1, 1]
    """
    found = kernel_named(name)
    axes = len(kernel_size) if isinstance(kernel_size, tuple | list) else read.whole("dims", dims, 1, 3)
    size = read.sizes("kernel_size", kernel_size, axes)
    if why := found.missing(size):
        raise refused(found, size, why)
    return found.weights(size), found.divisor(size)


def kernel_of(layer: Layer | Network, name: str) -> tuple[Array, int]:
    """The same for a layer: weights of its `weight_shape`, all its kernels alike.

    A kernel that is slid rotated, as in a transposed layer, has its weights as they are. Raises LayerError for a layer
    without a kernel that slides.

    >>> from convviz.layers import Conv
    >>> kernel_of(Conv(5, 3, in_channels=2), "box")[0].shape
    (1, 2, 3, 3)
    """
    named, shape = kernel_named(name), None if stack_of(layer) else layer.layers[0].weight_shape
    if shape is None or not layer.layers[0].shared:
        raise LayerError("kernel_layer", "kernel", {"kernel": RANDOM}, value=name, nearest=RANDOM)
    weights, divisor = kernel(named.name, tuple(layer.layers[0].kernel_size))
    return np.broadcast_to(weights, shape).copy(), divisor


def combined(first: object, second: object) -> Array:
    """The one kernel that gives at once what two give one after the other: their convolution.

    first, second: (rows, columns) weights. Returns (rows + rows - 1, columns + columns - 1). Where no padding is read,
    `cv.output` with it equals `cv.output` with both in a row, because a convolution is associative; the sum of its
    weights is the product of theirs, and so is its divisor. Raises LayerError for what is no table of numbers.

    >>> combined([[1, 1]], [[1, 1]]).tolist()
    [[1, 2, 1]]
    """
    shapes = [np.shape(value) for value in (first, second)]  # type: ignore[call-overload]
    if len(shapes[0]) != len(shapes[1]) or 0 in (*shapes[0], *shapes[1]):
        raise LayerError("shape", "weight", None, value=shapes[1], wanted=shapes[0])
    one, other = (as_array("weight", value, shape) for value, shape in zip((first, second), shapes, strict=True))
    found = np.zeros([a + b - 1 for a, b in zip(one.shape, other.shape, strict=True)], dtype=np.result_type(one, other))
    for at in np.ndindex(one.shape):
        found[tuple(slice(n, n + size) for n, size in zip(at, other.shape, strict=True))] += one[at] * other
    return found


def traced(shown: Layer | Network, name: str | None = None, seed: int = 0, x: Array | None = None) -> Trace | Run:
    """A layer or a network on small whole numbers, or on x; name: of the layer's kernel, or None."""
    if name is None or name == RANDOM:
        return run(shown, x, seed=seed)
    weight, divisor = kernel_of(shown, name)
    return trace(shown.layers[0], x, weight=weight, seed=seed, divisor=divisor)
