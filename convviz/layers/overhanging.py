"""Windows that do not fit: a kernel larger than its padded input, and a pooling of maps that are too small."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from convviz.layers import arguments as read
from convviz.layers.arguments import brief
from convviz.layers.base import Given
from convviz.layers.calling import told
from convviz.layers.conv import Conv
from convviz.layers.misfit import Fix, Misfit, argument, crossed, refuse_fitting, settle
from convviz.layers.parameter import Parameter
from convviz.layers.pool import MaxPool
from convviz.layers.repair import checked

Sizes = tuple[int, ...]


@dataclass(frozen=True)
class Placed:
    """A window on an input, with one entry an axis: the input's size, the padding before and after it, the window's
    size, and that of the output; None where the window does not fit. Where it fits and reaches beyond, it is because
    the size is rounded up."""

    size: Sizes
    pads: read.Pads
    window: Sizes
    output: Sizes | None = None

    @property
    def padded(self) -> Sizes:
        """The size of the input with its padding."""
        return tuple(i + before + after for i, (before, after) in zip(self.size, self.pads, strict=True))


@dataclass(frozen=True)
class Overhanging(Misfit):
    """The base of both: arguments, and the window on its input."""

    input_size: Given
    kernel_size: Given

    @property
    def drawn(self) -> Placed:
        return Placed(self.input_size, ((0, 0),) * len(self.input_size), self.kernel_size)

    def fix(self, name: str, call: str, layer: Conv | MaxPool, numbers: Mapping[str, object] | None = None) -> Fix:
        """A fix after which a layer fits: `call` is how it is made in PyTorch."""
        placed = Placed(layer.input_size, layer.pads, layer.kernel_size, layer.output_size)
        said = self.numbers | {"window": crossed(layer.kernel_size), "size": crossed(layer.input_size)}
        said |= {"padded": crossed(placed.padded), "output": crossed(layer.output_size)} | dict(numbers or {})
        return Fix(name, said, _code((layer.x_shape[0], *layer.input_size), call), placed, layer)


def _code(shape: Sizes, call: str) -> str:
    """PyTorch that gives a layer an input of a shape, without a batch."""
    return f"x = torch.zeros({crossed((1, *shape), ', ')})\nlayer = nn.{call}\ny = layer(x)"


@told
@dataclass(frozen=True)
class WindowMisfit(Overhanging):
    """A kernel that spans more cells than its padded input has, along one axis at least.

    input_size: of the padded input; kernel_size: cells that the kernel spans, dilation counted. Raises LayerError
    where it fits.

    >>> misfit = WindowMisfit(2, 3)
    >>> misfit.message[:73]
    'Calculated padded input size per channel: (2 x 2). Kernel size: (3 x 3). '
    >>> [fix.label() for fix in misfit.fixes()]
    ['padding=1', 'kernel_size=2', 'input 3 × 3']
    """

    kind: ClassVar[str] = "misfitwindow"
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        Parameter("input_size", "i", "size", 1, 12, main=True),
        Parameter("kernel_size", "k", "size", 1, 12, main=True),
    )

    def __post_init__(self) -> None:
        checked(self, _settle_window)

    @property
    def message(self) -> str:
        size, kernel = (crossed(sizes, " x ") for sizes in (self.input_size, self.kernel_size))
        tail = "Kernel size can't be greater than actual input size"
        return f"Calculated padded input size per channel: ({size}). Kernel size: ({kernel}). {tail}"

    @property
    def code(self) -> str:
        return _code((1, *self.input_size), self._call(self.kernel_size))

    def _call(self, kernel: Sizes, more: str = "") -> str:
        return f"Conv{len(kernel)}d(1, 1, kernel_size={argument(kernel)}{more})"

    @property
    def numbers(self) -> dict[str, object]:
        axes = zip(self.kernel_size, self.input_size, strict=True)
        over = max(k - i for k, i in axes)
        return {"window": crossed(self.kernel_size), "size": crossed(self.input_size), "over": over}

    def fixes(self) -> tuple[Fix, ...]:
        """Padding that is enough, the largest kernel that fits, the smallest input."""
        size, kernel = self.input_size, self.kernel_size
        pads = tuple(-(-max(k - i, 0) // 2) for k, i in zip(kernel, size, strict=True))
        smaller, larger = (tuple(map(pick, kernel, size)) for pick in (min, max))
        given, padding = argument(smaller), argument(pads)
        whole = self._call(kernel)
        return (
            self.fix(
                "padding",
                self._call(kernel, f", padding={padding}"),
                Conv(size, kernel, padding=pads),
                {"padding": padding},
            ),
            self.fix("kernel", self._call(smaller), Conv(size, smaller), {"kernel": given}),
            self.fix("input", whole, Conv(larger, kernel)),
        )


@told
@dataclass(frozen=True)
class PoolMisfit(Overhanging):
    """A pooling whose window does not fit on its maps, along one axis at least, so that no output is left.

    input_size: of the maps, two axes or three; kernel_size, stride: of the window, the stride its own size unless it is
    given; channels: how many maps. Raises LayerError where it fits.

    >>> misfit = PoolMisfit(1, 2, channels=64)
    >>> misfit.message
    'Given input size: (64x1x1). Calculated output size: (64x0x0). Output size is too small'
    >>> [fix.label() for fix in misfit.fixes()]
    ['no pooling here', 'padding=1', 'ceil_mode=True', 'input 2 × 2']
    """

    stride: Given = None
    channels: int = 1

    kind: ClassVar[str] = "misfitpool"
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        Parameter("input_size", "i", "size", 1, 12, main=True),
        Parameter("kernel_size", "k", "size", 1, 12, main=True),
        Parameter("stride", "s", "size", 1, 12, main=True),
        Parameter("channels", "c", "count", 1, 512),
    )

    def __post_init__(self) -> None:
        checked(self, _settle_pool)

    @property
    def output(self) -> Sizes:
        """The output's size by the formula: 0 or less along an axis that does not fit."""
        axes = zip(self.input_size, self.kernel_size, self.stride, strict=True)
        return tuple((i - k) // s + 1 for i, k, s in axes)

    @property
    def message(self) -> str:
        before, after = (crossed((self.channels, *sizes), "x") for sizes in (self.input_size, self.output))
        return f"Given input size: ({before}). Calculated output size: ({after}). Output size is too small"

    @property
    def code(self) -> str:
        return _code((self.channels, *self.input_size), self._call(self.kernel_size, self.stride))

    def _call(self, kernel: Sizes, stride: Sizes, more: str = "") -> str:
        apart = "" if stride == kernel else f", stride={argument(stride)}"
        return f"MaxPool{len(kernel)}d({argument(kernel)}{apart}{more})"

    @property
    def numbers(self) -> dict[str, object]:
        said = {"window": self.kernel_size, "size": self.input_size, "output": self.output}
        return {name: crossed(sizes) for name, sizes in said.items()}

    def fixes(self) -> tuple[Fix, ...]:
        """No pooling, or a smaller window; padding; an output size that is rounded up, where that helps; an input."""
        size, kernel, stride = self.input_size, self.kernel_size, self.stride
        pool = partial(MaxPool, channels=self.channels)
        pads = tuple(-(-max(k - i, 0) // 2) for k, i in zip(kernel, size, strict=True))
        found = [self._smaller(pool)]
        if all(2 * p <= k for p, k in zip(pads, kernel, strict=True)):
            padding = argument(pads)
            layer = pool(size, kernel, stride, pads)
            call = self._call(kernel, stride, f", padding={padding}")
            found.append(self.fix("padding", call, layer, {"padding": padding}))
        if all(k - i < s for k, i, s in zip(kernel, size, stride, strict=True)):
            layer = pool(size, kernel, stride, ceil_mode=True)
            found.append(self.fix("ceil", self._call(kernel, stride, ", ceil_mode=True"), layer))
        larger = tuple(map(max, kernel, size))
        return (*found, self.fix("input", self._call(kernel, stride), pool(larger, kernel, stride)))

    def _smaller(self, pool: Callable[..., MaxPool]) -> Fix:
        """The largest window that fits, or no pooling where that has one cell."""
        size, smaller = self.input_size, tuple(map(min, self.kernel_size, self.input_size))
        stride = smaller if self.stride == self.kernel_size else self.stride
        layer = pool(size, smaller, stride)
        if layer.output_size != size or set(smaller) > {1}:
            return self.fix("window", self._call(smaller, stride), layer, {"kernel": argument(smaller)})
        return self.fix("without", "Identity()", layer)


def _length(value: object) -> int:
    """How many entries a value has; 1 for what is no tuple or list."""
    return len(value) if isinstance(value, tuple | list) else 1


def _settle_window(misfit: Any) -> None:
    """Read and check the arguments."""
    size = read.input_sizes(misfit.input_size)
    kernel = read.sizes("kernel_size", misfit.kernel_size, len(size))
    settle(misfit, input_size=size, kernel_size=kernel)
    _refuse_fitting(size, kernel)


def _settle_pool(misfit: Any) -> None:
    """Read and check the arguments."""
    size = read.sizes("input_size", misfit.input_size, 3 if _length(misfit.input_size) == 3 else 2)
    kernel = read.sizes("kernel_size", misfit.kernel_size, len(size))
    stride = kernel if misfit.stride is None else read.sizes("stride", misfit.stride, len(size))
    settle(misfit, input_size=size, kernel_size=kernel, stride=stride)
    settle(misfit, channels=read.whole("channels", misfit.channels))
    _refuse_fitting(size, kernel)


def _refuse_fitting(size: Sizes, kernel: Sizes) -> None:
    if all(k <= i for k, i in zip(kernel, size, strict=True)):
        refuse_fitting("kernel_size", brief(kernel), brief(tuple(i + 1 for i in size)))
