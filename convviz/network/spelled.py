"""Networks that a few arguments stand for: gated blocks, and the reader of digits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from convviz.layers.calling import making
from convviz.layers.gated import GatedBlock
from convviz.layers.reader import DigitReader
from convviz.network.network import Network


@dataclass(frozen=True)
class Spelled(Network):
    """A network that a few arguments stand for; block: these arguments, which name its nodes."""

    layers: Any = field(init=False, repr=False, compare=False)
    input_shape: object = field(init=False, default=None, repr=False, compare=False)
    block: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", self.block.nodes)
        super().__post_init__()

    @property
    def kind(self) -> str:
        return str(self.block.kind)


@dataclass(frozen=True)
class Gated(Spelled):
    """A gated block as a network, made by `GatedConv`."""

    block: GatedBlock


@dataclass(frozen=True)
class Reading(Spelled):
    """The reader of digits as a network."""

    block: DigitReader


def spelled(block: GatedBlock | DigitReader) -> Spelled:
    """The network that some arguments stand for.

    >>> spelled(DigitReader(2)).output_size
    (10,)
    """
    return Gated(block) if isinstance(block, GatedBlock) else Reading(block)


@making(GatedBlock)
def GatedConv(
    input_size: object,
    kernel_size: object,
    in_channels: int = 1,
    out_channels: int = 1,
    residual: bool = False,
    form: str = "glu",
    **others: Any,
) -> Gated:
    """A gated convolution: conv(x) times sigmoid(gate(x)), cell by cell, with x added where it is `residual`.

    Value and gate are two convolutions over one input, with weights of their own (Dauphin et al., "Language Modeling
    with Gated Convolutional Networks", 2017). form: one of `convviz.layers.gated.FORMS`; `others`: arguments of both.
    Raises LayerError where a residual does not have the shape of the input.

    >>> net = GatedConv((8,), 3, padding="causal", residual=True)
    >>> net.output_size, net.parameters
    ((8,), 6)
    """
    others |= {"in_channels": in_channels, "out_channels": out_channels, "residual": residual, "form": form}
    return Gated(GatedBlock(input_size, kernel_size, **others))


def block_of(shown: object) -> GatedBlock | None:
    """The arguments of what is shown, if it is a gated block."""
    return shown.block if isinstance(shown, Gated) else None


def spelled_of(shown: object) -> Any:
    """The arguments of what is shown, if these are spelled out as a network: a gated block, or a reader of digits."""
    return shown.block if isinstance(shown, Spelled) else None
