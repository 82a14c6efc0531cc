"""A convolution whose kernels read another number of channels than its input has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from convviz.layers import arguments as read
from convviz.layers.arguments import common_divisors
from convviz.layers.base import Given
from convviz.layers.calling import told
from convviz.layers.conv import Conv
from convviz.layers.conv_transpose import ConvTranspose
from convviz.layers.misfit import Fix, Misfit, argument, crossed, refuse_fitting, settle
from convviz.layers.parameter import Parameter
from convviz.layers.repair import checked

Sizes = tuple[int, ...]


@dataclass(frozen=True)
class Slabs:
    """Channels of an input, and of what each kernel reads of it: `groups` groups of `each`; size: of the input."""

    channels: int
    each: int
    groups: int
    size: Sizes


@told
@dataclass(frozen=True)
class MapsMisfit(Misfit):
    """A convolution, or a transposed one, whose kernels read another number of channels than the input has.

    input_size, channels: of the input; kernel_size, in_channels, out_channels, groups, transposed: of the layer; rows:
    examples that come. Raises LayerError where the channels fit.

    >>> misfit = MapsMisfit(224, 7, channels=1, in_channels=3, out_channels=64)
    >>> misfit.message[:57]
    'Given groups=1, weight of size [64, 3, 7, 7], expected in'
    >>> [fix.label() for fix in misfit.fixes()]
    ['in_channels=1', 'repeat the channel', 'pointwise convolution']
    """

    input_size: Given
    kernel_size: Given
    channels: int
    in_channels: int
    out_channels: int = 1
    groups: int = 1
    transposed: bool = False
    rows: int = 1

    kind: ClassVar[str] = "misfitmaps"
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        Parameter("input_size", "i", "size", 1, 32),
        Parameter("kernel_size", "k", "size", 1, 7),
        Parameter("channels", "c", "count", 1, 8, main=True),
        Parameter("in_channels", "w", "count", 1, 8, main=True),
        Parameter("out_channels", "o", "count", 1, 8),
        Parameter("groups", "g", "count", 1, 4, divides=("in_channels", "out_channels")),
        Parameter("transposed", "t", "flag"),
        Parameter("rows", "n", "count", 1, 16),
    )

    def __post_init__(self) -> None:
        checked(self, _settle_maps)

    @property
    def each(self) -> int:
        """Channels that a kernel reads."""
        return self.in_channels // self.groups

    @property
    def message(self) -> str:
        ends = (self.in_channels, self.out_channels // self.groups), (self.out_channels, self.each)
        weight = [*ends[not self.transposed], *self.kernel_size]
        given = "transposed=1" if self.transposed else f"groups={self.groups}"
        comes = [self.rows, self.channels, *self.input_size]
        told = f"expected input{comes} to have {self.in_channels} channels, but got {self.channels} channels instead"
        return f"Given {given}, weight of size {weight}, {told}"

    @property
    def code(self) -> str:
        return self._code(self.input_size, self.in_channels, self.groups)

    def _code(self, size: Sizes, in_channels: int, groups: int, before: str = "") -> str:
        """size: of the input that the layer gets, which `before` may have changed; its channels are not among it."""
        grouped = f", groups={groups}" if groups > 1 else ""
        pads = self._pads(size)
        padded = f", padding={argument(pads)}" if any(pads) else ""
        kind = f"Conv{'Transpose' * self.transposed}{len(self.kernel_size)}d"
        call = f"nn.{kind}({in_channels}, {self.out_channels}, {argument(self.kernel_size)}{padded}{grouped})"
        comes = (self.rows, self.channels, *self.input_size)
        return f"x = torch.zeros({crossed(comes, ', ')})\n{before}layer = {call}\ny = layer(x)"

    def _pads(self, size: Sizes) -> Sizes:
        """The least padding with which the kernel fits on an input of a size, as the layer must have had it."""
        axes = zip(self.kernel_size, size, strict=True)
        return tuple(0 if self.transposed else -(-max(k - i, 0) // 2) for k, i in axes)

    @property
    def drawn(self) -> Slabs:
        return Slabs(self.channels, self.each, self.groups, self.input_size)

    @property
    def numbers(self) -> dict[str, object]:
        left = abs(self.channels - self.in_channels)
        return {"channels": self.channels, "wanted": self.in_channels, "each": self.each, "left": left}

    def _mended_layer(self, channels: int, groups: int, size: Sizes | None = None) -> Conv | ConvTranspose:
        """The layer, as it takes so many channels of a size in so many groups."""
        kind, size = ConvTranspose if self.transposed else Conv, size or self.input_size
        kernel, out, pads = self.kernel_size, self.out_channels, self._pads(size)
        return kind(size, kernel, padding=pads, in_channels=channels, out_channels=out, groups=groups)

    def fixes(self) -> tuple[Fix, ...]:
        """The channels moved to where they belong; the layer's in_channels or groups; the input's channels."""
        comes = self.channels
        groups = common_divisors(comes, self.out_channels, self.groups)[-1]
        code = self._code(self.input_size, comes, groups)
        drawn = replace(self.drawn, each=comes // groups, groups=groups)
        own = Fix("channels", self.numbers, code, drawn, self._mended_layer(comes, groups))
        return (*self._last(), own, *self._grouped(), *self._made())

    def _mended(self, name: str, before: str, size: Sizes | None = None, **said: object) -> Fix:
        """A fix of the input alone: it gets as many channels as the layer reads."""
        size = size or self.input_size
        code = self._code(size, self.in_channels, self.groups, before + "\n")
        drawn = Slabs(self.in_channels, self.each, self.groups, size)
        return Fix(name, self.numbers | said, code, drawn, self._mended_layer(self.in_channels, self.groups, size))

    def _last(self) -> Iterator[Fix]:
        """Channels that stand last."""
        *others, last = self.input_size
        size = (self.channels, *others)
        if last == self.in_channels:
            axes = ", ".join(map(str, (0, len(size) + 1, *range(1, len(size) + 1))))
            yield self._mended("permuted", f"x = x.permute({axes})", size, sizes=crossed(size))

    def _grouped(self) -> Iterator[Fix]:
        """Groups, each of which reads as many channels as a kernel does."""
        groups, left = divmod(self.channels, self.each)
        if not left and groups > 1 and not self.transposed and self.out_channels % groups == 0:
            code = self._code(self.input_size, self.channels, groups)
            layer, said = self._mended_layer(self.channels, groups), self.numbers | {"parts": groups}
            yield Fix("groups", said, code, replace(self.drawn, groups=groups), layer)

    def _made(self) -> Iterator[Fix]:
        """As many channels as are read: repeated, averaged, the first of them, or made by weights of their own."""
        comes, wanted, dims = self.channels, self.in_channels, len(self.input_size)
        if comes == 1:
            yield self._mended("repeated", f"x = x.repeat(1, {wanted}{', 1' * dims})", times=wanted)
        elif wanted == 1:
            yield self._mended("averaged_channels", "x = x.mean(1, keepdim=True)")
        elif comes > wanted:
            yield self._mended("first", f"x = x[:, :{wanted}]")
        yield self._mended("pointwise", f"x = nn.Conv{dims}d({comes}, {wanted}, 1)(x)")


def _settle_maps(misfit: Any) -> None:
    """Read and check the arguments."""
    size = read.input_sizes(misfit.input_size)
    kernel = read.sizes("kernel_size", misfit.kernel_size, len(size))
    names = ("channels", "in_channels", "out_channels", "groups", "rows")
    settle(misfit, input_size=size, kernel_size=kernel, transposed=read.flag("transposed", misfit.transposed))
    settle(misfit, **{name: read.whole(name, getattr(misfit, name)) for name in names})
    read.groups(misfit.groups, misfit.in_channels, misfit.out_channels)
    if misfit.channels == misfit.in_channels:
        refuse_fitting("in_channels", misfit.in_channels, misfit.groups * (misfit.channels // misfit.groups + 1))
