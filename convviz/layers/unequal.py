"""Arrays of unequal size: the base of such misfits, and those that are added cell by cell, as where a skip ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from convviz.layers import arguments as read
from convviz.layers.calling import told
from convviz.layers.conv import Conv
from convviz.layers.misfit import Fix, Misfit, crossed, refuse_fitting, settle
from convviz.layers.parameter import Parameter
from convviz.layers.repair import checked

Sizes = tuple[int, ...]

EXAMPLES, CHANNELS = 0, 1
"""Dimensions of an array in PyTorch; those after them are places: rows, columns."""

MOST_DIMENSION = 4
"""The last dimension of a batch of volumes."""


MOST_LOST = 14
"""The most cells that a convolution without padding is taken to have lost: its kernel has one more."""


@dataclass(frozen=True)
class Sides:
    """Two arrays along the dimension in which their sizes differ: a and b cells; before: after how many cells of the
    larger one the smaller one begins; dims: along how many axes they differ, 0 where it is in channels or examples."""

    a: int
    b: int
    before: int
    dims: int


@dataclass(frozen=True)
class Unequal(Misfit):
    """The base of both: two sizes, and what is done about them.

    >>> [fix.label() for fix in SumMisfit(32, 30).fixes()]
    ['padding=1', 'crop to 30']
    """

    a: int
    b: int

    shared: ClassVar[bool] = False

    @property
    def input_size(self) -> Sizes:
        return (self.a,)

    @property
    def axis(self) -> int:
        """The dimension in which the sizes differ."""
        raise NotImplementedError

    @property
    def dims(self) -> int:
        """Axes of places along which they differ."""
        raise NotImplementedError

    @property
    def larger(self) -> int:
        return max(self.a, self.b)

    @property
    def smaller(self) -> int:
        return min(self.a, self.b)

    @property
    def about(self) -> str:
        """The name of its words."""
        return super().about + {EXAMPLES: "_examples", CHANNELS: "_channels"}.get(self.axis, "")

    @property
    def drawn(self) -> Sides:
        return Sides(self.a, self.b, (self.larger - self.smaller) // 2 if self.dims else 0, self.dims)

    @property
    def numbers(self) -> dict[str, object]:
        lost = self.larger - self.smaller
        return {"a": self.a, "b": self.b, "lost": lost, "larger": self.larger, "smaller": self.smaller}

    def shape(self, size: int) -> Sizes:
        """The shape of an array that has so many cells where they differ, and few otherwise."""
        raise NotImplementedError

    def zeros(self, size: int) -> str:
        return f"torch.zeros({crossed(self.shape(size), ', ')})"

    def axes(self) -> tuple[int, ...]:
        """The dimensions in which the arrays of `code` differ."""
        return tuple(n for n, (one, two) in enumerate(zip(self.shape(1), self.shape(2), strict=True)) if one != two)

    def cut(self, name: str) -> str:
        """Code of the middle of an array, as large as the smaller one; channels and examples are the first ones."""
        begin = self.drawn.before
        cut = f"{begin}:{begin + self.smaller}" if begin else f":{self.smaller}"
        cuts = [cut if n in self.axes() else ":" for n in range(max(self.axes()) + 1)]
        return f"{name} = {name}[{', '.join(cuts)}]\n"

    def both(self, size: int) -> Sides:
        """Both of one size."""
        return replace(self.drawn, a=size, b=size, before=0)


@told
@dataclass(frozen=True)
class SumMisfit(Unequal):
    """Two arrays of a and b cells along a dimension, which are added cell by cell, as at the end of a skip.

    dimension: the last one in which they differ: 0 examples, 1 channels, 2 to 4 the last of one, two or three axes.
    Raises LayerError for sizes that can be added; one cell is added to all.

    >>> SumMisfit(32, 30).message
    'The size of tensor a (32) must match the size of tensor b (30) at non-singleton dimension 3'
    >>> [fix.label() for fix in SumMisfit(56, 28).fixes()]
    ['stride=2 on the skip', 'crop to 28']
    """

    dimension: int = 3

    kind: ClassVar[str] = "misfitsum"
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        Parameter("a", "a", "count", 2, 64, main=True),
        Parameter("b", "b", "count", 2, 64, main=True),
        Parameter("dimension", "d", "count", 0, MOST_DIMENSION),
    )

    def __post_init__(self) -> None:
        checked(self, _settle_sum)

    @property
    def axis(self) -> int:
        return self.dimension

    @property
    def dims(self) -> int:
        return max(self.dimension - CHANNELS, 0)

    def shape(self, size: int) -> Sizes:
        """Of examples or channels a few places, of places one channel."""
        return (1, 1, *(size,) * self.dims) if self.dims else (size, 4) if self.axis == EXAMPLES else (1, size, 4, 4)

    @property
    def message(self) -> str:
        return (
            f"The size of tensor a ({self.a}) must match the size of tensor b ({self.b})"
            f" at non-singleton dimension {self.dimension}"
        )

    @property
    def code(self) -> str:
        return self._code(self._branch()) if self.dims else self._added("")

    def _added(self, before: str) -> str:
        return f"a = {self.zeros(self.a)}\nb = {self.zeros(self.b)}\n{before}y = a + b"

    @property
    def rate(self) -> int:
        """The stride that makes the smaller size of the larger one; 1 where none does."""
        rate = -(-self.larger // self.smaller)
        return rate if -(-self.larger // rate) == self.smaller else 1

    def _branch(self, more: str = "") -> str:
        """What makes the smaller size of the larger one: a convolution, or a pooling where its kernel would be huge."""
        lost = self.larger - self.smaller
        if self.rate == 1 and lost > MOST_LOST:
            return f"nn.AdaptiveAvgPool{self.dims}d({self.smaller})"
        stride = f"3, stride={self.rate}, padding=1" if self.rate > 1 else f"{lost + 1}{more}"
        return f"nn.Conv{self.dims}d(1, 1, {stride})"

    def _code(self, branch: str, skip: str = "x", before: str = "") -> str:
        """x has the larger size, and what the branch makes of it the smaller one; tensor a comes first."""
        y, both = f"branch = {branch}\ny = branch(x)\n", (skip, "y") if self.a > self.b else ("y", skip)
        return f"x = {self.zeros(self.larger)}\n{y}{before}out = {both[0]} + {both[1]}"

    def fixes(self) -> tuple[Fix, ...]:
        """A padding with which the convolution keeps the size, or the stride that the skip needs as well; a crop."""
        if not self.dims:
            return self._made()
        crop = Fix("crop", self.numbers, self._code(self._branch(), before=self.cut("x")), self.both(self.smaller))
        if self.rate > 1:
            return self._strided(), crop
        return (self._padded() if self.larger - self.smaller <= MOST_LOST else self._resized(), crop)

    def _resized(self) -> Fix:
        before = "y = nn.functional.interpolate(y, size=x.shape[2:])\n"
        return Fix("resized", self.numbers, self._code(self._branch(), before=before), self.both(self.larger))

    def _strided(self) -> Fix:
        layer = Conv((self.larger,) * self.dims, 1, stride=self.rate)
        skip = f"skip = nn.Conv{self.dims}d(1, 1, 1, stride={self.rate})\n"
        code = self._code(self._branch(), "skip(x)", skip)
        return Fix("strided", self.numbers | {"rate": self.rate}, code, self.both(self.smaller), layer)

    def _padded(self) -> Fix:
        lost = self.larger - self.smaller
        padding: object = lost // 2 if lost % 2 == 0 else "same"
        layer = Conv((self.larger,) * self.dims, lost + 1, padding=padding)
        code = self._code(self._branch(f", padding={padding!r}"))
        said = self.numbers | {"padding": lost // 2, "kernel": lost + 1}
        name = "kept" if lost % 2 == 0 else "kept_same"
        return Fix(name, said, code, self.both(self.larger), layer)

    def _made(self) -> tuple[Fix, ...]:
        """Where examples or channels differ: as many of both."""
        larger, smaller = ("a", "b") if self.a > self.b else ("b", "a")
        crop = Fix(
            f"crop{'_channels' * self.axis or '_examples'}",
            self.numbers,
            self._added(self.cut(larger)),
            self.both(self.smaller),
        )
        if self.axis == EXAMPLES:
            return (crop,)
        made = self._added(f"{smaller} = nn.Conv2d({self.smaller}, {self.larger}, 1)({smaller})\n")
        layer = Conv(4, 1, in_channels=self.smaller, out_channels=self.larger)
        return Fix("projected", self.numbers, made, self.both(self.larger), layer), crop


def _settle_sum(misfit: Any) -> None:
    """Read and check the arguments."""
    settle(misfit, **{name: read.whole(name, getattr(misfit, name), 2) for name in ("a", "b")})
    settle(misfit, dimension=read.whole("dimension", misfit.dimension, 0, MOST_DIMENSION))
    if misfit.a == misfit.b:
        refuse_fitting("b", misfit.b, misfit.a + 1)
