"""A dense layer that gets more numbers than it has weights for, or fewer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import gcd, isqrt
from typing import Any, ClassVar

from convviz.layers import arguments as read
from convviz.layers.calling import told
from convviz.layers.dense import Dense
from convviz.layers.misfit import Fix, Misfit, crossed, refuse_fitting, settle
from convviz.layers.parameter import Parameter
from convviz.layers.repair import checked

Sizes = tuple[int, ...]

MAPS = tuple(2**n for n in range(9, 2, -1))
"""Numbers of maps that features are taken to come from, the likeliest first, where nothing else tells."""

LAST = 7
"""The side of the last maps of most networks that were trained on ImageNet, whatever their number is."""


@dataclass(frozen=True)
class Rows:
    """What comes, and for how much of it there are weights; shape: the maps that what comes is flattened from, as
    (maps, rows, columns), where they can be told."""

    comes: int
    wanted: int
    shape: Sizes | None = None


def shape_of(features: int) -> Sizes | None:
    """The maps that so many features may be flattened from, (maps, side, side); None where nothing tells.

    >>> shape_of(25088), shape_of(9216), shape_of(400), shape_of(10)
    ((512, 7, 7), (256, 6, 6), (16, 5, 5), None)
    """
    maps, left = divmod(features, LAST**2)
    if not left and maps >= MAPS[-1] and maps & (maps - 1) == 0:
        return maps, LAST, LAST
    for maps in MAPS:
        side = isqrt(features // maps)
        if side > 1 and maps * side**2 == features:
            return maps, side, side
    return None


def shapes_of(comes: int, wanted: int) -> tuple[Sizes, Sizes] | None:
    """The square maps, as many of both, that two numbers of features may be flattened from; None where there are none.

    >>> shapes_of(25088, 18432), shapes_of(1024, 256), shapes_of(25088, 4096)
    (((512, 7, 7), (512, 6, 6)), ((16, 8, 8), (16, 4, 4)), None)
    """
    maps = gcd(comes, wanted)
    sides = isqrt(comes // maps), isqrt(wanted // maps)
    if tuple(side**2 for side in sides) != (comes // maps, wanted // maps):
        return None
    known = [times for times in range(1, 65) if maps % times**2 == 0]
    times = next((n for n in known if n * min(sides) >= 4), known[-1])
    first, second = ((maps // times**2, side * times, side * times) for side in sides)
    return first, second


@told
@dataclass(frozen=True)
class DenseMisfit(Misfit):
    """A dense layer that gets more numbers than it has weights for, or fewer.

    features: how many come in a row; in_features, out_features: the layer's; rows: how many such rows come. Raises
    LayerError where they fit.

    >>> misfit = DenseMisfit(25088, 4096, 1000, 8)
    >>> misfit.message
    'mat1 and mat2 shapes cannot be multiplied (8x25088 and 4096x1000)'
    >>> [fix.label() for fix in misfit.fixes()]
    ['in_features=25088', 'add a dense layer before']
    """

    features: int
    in_features: int
    out_features: int = 10
    rows: int = 1

    kind: ClassVar[str] = "misfitdense"
    shared: ClassVar[bool] = False
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        Parameter("features", "i", "count", 1, 64, main=True),
        Parameter("in_features", "f", "count", 1, 64, main=True),
        Parameter("out_features", "o", "count", 1, 16),
        Parameter("rows", "n", "count", 1, 16),
    )

    def __post_init__(self) -> None:
        checked(self, _settle_dense)

    @property
    def input_size(self) -> Sizes:
        return (self.features,)

    @property
    def message(self) -> str:
        sizes = f"{self.rows}x{self.features} and {self.in_features}x{self.out_features}"
        return f"mat1 and mat2 shapes cannot be multiplied ({sizes})"

    @property
    def code(self) -> str:
        parts = self._parts
        shape = (self.rows // parts, parts, self.features) if parts else (self.rows, self.features)
        return self._code(shape, self.in_features)

    @property
    def _parts(self) -> int:
        """How many of the rows make up one that fits, as where an example was not flattened; 0 where none do."""
        parts, left = divmod(self.in_features, self.features)
        return 0 if left or self.rows % parts else parts

    def _code(self, shape: Sizes, in_features: int, before: str = "") -> str:
        call = f"nn.Linear({in_features}, {self.out_features})"
        return f"x = torch.zeros({crossed(shape, ', ')})\n{before}layer = {call}\ny = layer(x)"

    @property
    def drawn(self) -> Rows:
        both = shapes_of(self.features, self.in_features)
        return Rows(self.features, self.in_features, both[0] if both else shape_of(self.features))

    @property
    def numbers(self) -> dict[str, object]:
        left = abs(self.features - self.in_features)
        return {"features": self.features, "wanted": self.in_features, "left": left}

    def fixes(self) -> tuple[Fix, ...]:
        """What was not flattened is; in_features as many as come; maps averaged to the size that they should have."""
        comes, layer = self.features, Dense(self.features, self.out_features)
        drawn = replace(self.drawn, wanted=comes)
        own = Fix("features", self.numbers, self._code((self.rows, comes), comes), drawn, layer)
        others = [*self._flattened(), *self._averaged()] or [self._between()]
        return (others[0], own) if others[0].name == "flatten" else (own, *others)

    def _between(self) -> Fix:
        """One more dense layer before, which makes as many numbers as there are weights."""
        before = f"x = nn.Linear({self.features}, {self.in_features})(x)\n"
        code = self._code((self.rows, self.features), self.in_features, before)
        said = self.numbers | {"weights": self.features * self.in_features}
        drawn = Rows(self.in_features, self.in_features)
        return Fix("between", said, code, drawn, Dense(self.in_features, self.out_features))

    def _flattened(self) -> Iterator[Fix]:
        """Rows that are parts of what should have been one row an example."""
        parts = self._parts
        if not parts:
            return
        shape = (self.rows // parts, parts, self.features)
        code = self._code(shape, self.in_features, "x = x.flatten(1)\n")
        said = self.numbers | {"parts": parts, "examples": shape[0]}
        layer = Dense(self.in_features, self.out_features)
        yield Fix("flatten", said, code, Rows(self.in_features, self.in_features), layer)

    def _averaged(self) -> Iterator[Fix]:
        """Maps that are made as small as they should be."""
        comes, wanted = self.features, self.in_features
        both, (each, left) = shapes_of(comes, wanted), divmod(comes, wanted)
        if both and comes > wanted:
            (maps, side, _), (_, smaller, _) = both
            said, name = {"maps": maps, "side": side, "smaller": smaller}, "averaged"
            shape, small = both
        elif not left and each > 1:
            rows = next(n for n in range(isqrt(each), 0, -1) if each % n == 0) if each < 10**12 else 1
            said, name, smaller = {"maps": wanted, "each": each}, "pooled", 1
            shape, small = (wanted, rows, each // rows), (wanted, 1, 1)
        else:
            return
        before = f"x = nn.AdaptiveAvgPool2d({smaller})(x).flatten(1)\n"
        code = self._code((self.rows, *shape), wanted, before)
        layer = Dense(wanted, self.out_features)
        yield Fix(name, self.numbers | said, code, Rows(wanted, wanted, small), layer)


def _settle_dense(misfit: Any) -> None:
    """Read and check the arguments."""
    names = ("features", "in_features", "out_features", "rows")
    settle(misfit, **{name: read.whole(name, getattr(misfit, name)) for name in names})
    if misfit.features == misfit.in_features:
        refuse_fitting("in_features", misfit.in_features, misfit.features + 1)
