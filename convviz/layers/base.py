"""What layers have in common: what each says of itself, and what those with a window, or with a pooling's, share."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar, Protocol

from convviz.layers import arguments as read
from convviz.layers.formula import Formula
from convviz.layers.linear import Array
from convviz.layers.parameter import Parameter
from convviz.sizes import spanned
from convviz.taps import Taps, sliding_axis

Given = Any
"""An argument as it may be given: of any type until the layer has read it, then a tuple with one entry an axis."""


class Windowed(Protocol):
    """A layer whose kernel lies on the input in places: each with one entry an axis."""

    @property
    def kernel_size(self) -> Given: ...
    @property
    def stride(self) -> Given: ...
    @property
    def dilation(self) -> Given: ...
    @property
    def span(self) -> tuple[int, ...]: ...
    @property
    def pads(self) -> read.Pads: ...


class Weighted(Protocol):
    """A layer that may have weights; weight_shape is None where it has none."""

    @property
    def weight_shape(self) -> tuple[int, ...] | None: ...
    @property
    def bias(self) -> bool: ...
    @property
    def groups(self) -> int: ...
    @property
    def out_channels(self) -> int: ...
    def kernels(self, weight: Array) -> Array: ...


class Layer(Windowed, Weighted, Protocol):
    """What every layer says of itself."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    kind: ClassVar[str]
    shared: ClassVar[bool]
    """Whether all outputs share one kernel."""
    spreads: ClassVar[bool]
    """Whether the stride spreads its inputs apart, with zeros between them, as in a transposed one."""
    enlarges: ClassVar[bool]
    """Whether the stride says how many outputs lie where one input lay: the output is the larger side."""
    placed: ClassVar[bool]
    """Whether what a tap gives depends on the place of its output, as where outputs lie between inputs."""
    adapts: ClassVar[bool]
    """Whether the windows follow from the output's size, so that they may differ in size and lie unevenly."""
    parameter_list: ClassVar[tuple[Parameter, ...]]

    @property
    def reduce(self) -> str:
        """How a window's products become an output, for example "sum", "max" or "mean"."""

    @property
    def divides(self) -> bool:
        """Whether whole numbers may give fractions, as in a mean."""

    @property
    def layers(self) -> tuple[Any, ...]: ...
    @property
    def input_size(self) -> Given: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def x_shape(self) -> tuple[int, ...]: ...
    @property
    def y_shape(self: Layer) -> tuple[int, ...]: ...
    @property
    def parameters(self) -> int: ...
    @property
    def macs(self) -> int: ...
    @property
    def taps(self) -> Taps: ...
    @property
    def stamps(self) -> Taps: ...
    @property
    def cropped(self) -> tuple[int, ...]: ...
    @property
    def extra(self) -> tuple[int, ...]: ...
    @property
    def rounds_down(self) -> bool: ...
    @property
    def overhang(self) -> tuple[int, ...]: ...
    @property
    def padding_mode(self) -> str: ...
    @property
    def flip(self) -> bool: ...
    @property
    def channels_read(self) -> Array | None: ...
    @property
    def shares(self) -> Array | None: ...
    @property
    def owners(self) -> Array | None: ...
    @property
    def repeats(self) -> tuple[tuple[int, int], ...]: ...
    def window(self, axis: int, output: int) -> tuple[int, int]: ...
    def taking(self, channels: int) -> dict[str, object]: ...
    def formula(self, axis: int = 0) -> Formula: ...
    def takes_part(self) -> Array: ...
    def combine(self, windows: Array, weight: Any, bias: Any) -> Array: ...
    def winners(self, windows: Array) -> Array | None: ...
    def products(self, window: Array, weight: Any, step: int) -> Array: ...
    def pull_back(self, upstream: Array, windows: Array, weight: Any) -> tuple[Array, object]: ...


class Base:
    """The base of every layer: what follows from what it says of itself, and what most layers have not."""

    shared: ClassVar[bool] = True
    spreads: ClassVar[bool] = False
    enlarges: ClassVar[bool] = False
    placed: ClassVar[bool] = False
    adapts: ClassVar[bool] = False
    padding_mode: str = "zeros"
    flip: bool = False

    @property
    def layers(self) -> tuple[object, ...]:
        """The layer alone: it is a network of one."""
        return (self,)

    @property
    def y_shape(self: Layer) -> tuple[int, ...]:
        """The shape of the output: (channels, *output_size), or (features,) where outputs share no kernel."""
        return (self.out_channels, *self.output_size) if self.shared else tuple(self.output_size)

    @property
    def divides(self) -> bool:
        """Whether whole numbers may give fractions."""
        return False

    @property
    def stamps(self: Layer) -> Taps:
        """The taps by which inputs reach outputs, those included that are cropped from the output."""
        return self.taps

    @property
    def channels_read(self) -> Array | None:
        """(steps, out_channels): the input channel that each output channel reads; None: its whole group."""
        return None

    def taking(self, channels: int) -> dict[str, object]:
        """The arguments with which the layer takes an input of so many channels."""
        return {"channels" if hasattr(self, "channels") else "in_channels": channels}

    @property
    def repeats(self: Layer) -> tuple[tuple[int, int], ...]:
        """For each axis: after how many outputs the windows repeat, and how many inputs further."""
        return tuple((s, 1) if self.enlarges else (1, s) for s in self.stride)

    def window(self: Layer, axis: int, output: int) -> tuple[int, int]:
        """The first input that an output's window covers along an axis, borders ignored, and how many it covers."""
        return output * self.stride[axis] - self.pads[axis][0], self.span[axis]

    def winners(self, windows: Array) -> Array | None:
        """(channels, steps, taps): the read that each output takes its value from; None where it mixes them."""
        return None

    @property
    def shares(self) -> Array | None:
        """(steps, taps): the weight that geometry gives each tap; None where it gives none."""
        return None

    @property
    def owners(self) -> Array | None:
        """(steps,): which of its kernels each output is made with; None where all outputs of a map share one."""
        return None

    @property
    def cropped(self: Layer) -> tuple[int, ...]:
        """How many cells of the stamps are cropped before the output, on each axis."""
        return (0,) * len(self.input_size)

    @property
    def extra(self: Layer) -> tuple[int, ...]:
        """How many cells each axis of the output has at its end beyond the last stamp."""
        return (0,) * len(self.input_size)

    @property
    def rounds_down(self) -> bool:
        """Whether a last window that does not fit is dropped."""
        return False

    @property
    def overhang(self: Layer) -> tuple[int, ...]:
        """How many cells of the window that is dropped hang over the padded input, on each axis; 0 where none is, or
        where none of it would lie on or beside the input."""
        return (0,) * len(self.input_size)


class Channelwise:
    """What layers without weights share that treat each channel by itself."""

    input_size: Given
    channels: int

    weight_shape: ClassVar[None] = None
    bias: ClassVar[bool] = False
    parameters: ClassVar[int] = 0

    @property
    def x_shape(self) -> tuple[int, ...]:
        return (self.channels, *self.input_size)

    @property
    def out_channels(self) -> int:
        return self.channels

    @property
    def groups(self) -> int:
        """Each channel of the output by itself."""
        return self.channels

    def kernels(self, weight: Array) -> Array:
        """There is no weight."""
        return weight


class Sliding(Base):
    """The base of layers whose window slides over the padded input: convolutions and poolings."""

    input_size: Given
    output_size: Given
    kernel_size: Given
    stride: Given
    padding: Given
    dilation: Given

    @cached_property
    def span(self) -> tuple[int, ...]:
        """How many cells the dilated kernel spans: d(k-1) + 1 for each axis."""
        return tuple(map(spanned, self.kernel_size, self.dilation))

    @cached_property
    def pads(self) -> read.Pads:
        """The (before, after) padding of each axis."""
        return read.resolve(self.padding, self.input_size, self.span, self.stride)

    @property
    def padded_size(self) -> tuple[int, ...]:
        return tuple(i + before + after for i, (before, after) in zip(self.input_size, self.pads, strict=True))

    @cached_property
    def taps(self) -> Taps:
        sizes = zip(self.input_size, self.output_size, self.kernel_size, self.stride, strict=True)
        axes = zip(sizes, self.dilation, self.pads, strict=True)
        return Taps(tuple(sliding_axis(*size, d, *pads, self.padding_mode, self.flip) for size, d, pads in axes))

    @property
    def rounds_down(self) -> bool:
        """Whether a last window that does not fit is dropped: yes, unless a layer rounds up."""
        return True

    @property
    def overhang(self) -> tuple[int, ...]:
        """How many cells of the window that is dropped hang over the padded input, on each axis; 0 where none is, or
        where none of it would lie on or beside the input.

        >>> from convviz.layers import Conv
        >>> Conv(6, 3, stride=2).overhang, Conv(7, 3, stride=2).overhang, Conv(6, 1, stride=4).overhang
        ((1, 1), (0, 0), (0, 0))
        """
        axes = zip(self.output_size, self.stride, self.span, self.padded_size, strict=True)
        over = [(s * o + span - padded, s, span) for o, s, span, padded in axes]
        return tuple(n if n < s and n <= span else 0 for n, s, span in over)
