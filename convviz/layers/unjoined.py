"""Arrays of unequal size that are put one behind another, as in a U-Net."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from convviz.layers import arguments as read
from convviz.layers.calling import told
from convviz.layers.misfit import Fix, refuse_fitting, settle
from convviz.layers.parameter import Parameter
from convviz.layers.repair import checked
from convviz.layers.unequal import CHANNELS, EXAMPLES, MOST_DIMENSION, Sizes, Unequal


@told
@dataclass(frozen=True)
class CatMisfit(Unequal):
    """Arrays that are put one behind another along a dimension, though they have a and b cells along another one.

    dimension: that along which they are joined; axis: the first one in which they differ; place: which of the list does
    not fit, from 1. Raises LayerError for sizes that fit.

    >>> CatMisfit(64, 56).message[:68]
    'Sizes of tensors must match except in dimension 1. Expected size 64 '
    >>> [fix.label() for fix in CatMisfit(64, 56).fixes()]
    ['crop to 56', 'padded to 64', 'resized to 64']
    """

    dimension: int = CHANNELS
    axis: int = 2
    place: int = 1

    kind: ClassVar[str] = "misfitcat"
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        Parameter("a", "a", "count", 1, 64, main=True),
        Parameter("b", "b", "count", 1, 64, main=True),
        Parameter("dimension", "d", "count", 0, MOST_DIMENSION),
        Parameter("axis", "x", "count", 0, MOST_DIMENSION),
        Parameter("place", "n", "count", 1, 4),
    )

    def __post_init__(self) -> None:
        checked(self, _settle_cat)

    @property
    def dims(self) -> int:
        return len(self.axes()) if self.axis > CHANNELS else 0

    def shape(self, size: int) -> Sizes:
        """All axes of places from the one that differs on have the size, but for that which is joined."""
        count = max(self.axis, self.dimension, 3) + 1
        if self.axis <= CHANNELS:
            return tuple(size if n == self.axis else 2 for n in range(count))
        return (1, 1, *(size if self.axis <= n != self.dimension else 2 for n in range(2, count)))

    @property
    def message(self) -> str:
        return (
            f"Sizes of tensors must match except in dimension {self.dimension}. Expected size {self.a}"
            f" but got size {self.b} for tensor number {self.place} in the list."
        )

    @property
    def code(self) -> str:
        return self._code("")

    def _code(self, before: str) -> str:
        several = ", ".join(["a"] * self.place + ["b"])
        arrays = f"a = {self.zeros(self.a)}\nb = {self.zeros(self.b)}\n"
        return f"{arrays}{before}y = torch.cat([{several}], {self.dimension})"

    def fixes(self) -> tuple[Fix, ...]:
        """The larger one cropped to the smaller, as U-Net does it; the smaller one padded, or resized."""
        larger, smaller = ("a", "b") if self.a > self.b else ("b", "a")
        kind = {EXAMPLES: "_examples", CHANNELS: "_channels"}.get(self.axis, "")
        code = self._code(self.cut(larger))
        return (Fix(f"crop{kind}", self.numbers, code, self.both(self.smaller)), *self._enlarged(larger, smaller))

    def _enlarged(self, larger: str, smaller: str) -> Iterator[Fix]:
        if not self.dims:
            return
        lost, before, count = self.larger - self.smaller, self.drawn.before, len(self.shape(1))
        sides = [(before, lost - before) if n in self.axes() else (0, 0) for n in range(count - 1, 1, -1)]
        padded = f"{smaller} = nn.functional.pad({smaller}, {tuple(p for pair in sides for p in pair)})\n"
        said = self.numbers | {"before": before, "after": lost - before}
        yield Fix("padded", said, self._code(padded), self.both(self.larger))
        resized = f"{smaller} = nn.functional.interpolate({smaller}, size={larger}.shape[2:])\n"
        yield Fix("resized", said, self._code(resized), self.both(self.larger))


def _settle_cat(misfit: Any) -> None:
    """Read and check the arguments."""
    settle(misfit, **{name: read.whole(name, getattr(misfit, name)) for name in ("a", "b", "place")})
    names = ("dimension", "axis")
    settle(misfit, **{name: read.whole(name, getattr(misfit, name), 0, MOST_DIMENSION) for name in names})
    if misfit.a == misfit.b:
        refuse_fitting("b", misfit.b, misfit.a + 1)
    if misfit.axis == misfit.dimension:
        refuse_fitting("axis", misfit.axis, 2 if misfit.dimension != 2 else 3)
