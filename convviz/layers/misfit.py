"""What does not fit: the sizes that an error message tells of, as a choice, and the changes that mend it.

Six kinds, each with a text for links and the one view `misfit`:

| text | what PyTorch says |
| --- | --- |
| `misfitwindow2d-i2-k3` | Kernel size can't be greater than actual input size |
| `misfitpool2d-i1-k2-c64` | Calculated output size: (64x0x0). Output size is too small |
| `misfitdense-i25088-f4096-o1000-n8` | mat1 and mat2 shapes cannot be multiplied (8x25088 and 4096x1000) |
| `misfitmaps2d-i224-k7-c1-w3-m64` | expected input[1, 1, 224, 224] to have 3 channels, but got 1 channels instead |
| `misfitsum-a32-b30` | The size of tensor a (32) must match the size of tensor b (30) |
| `misfitcat-a64-b56` | Sizes of tensors must match except in dimension 1. Expected size 64 but got size 56 |

`convviz.code.message` reads them from the messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from convviz.layers.base import Base, Given
from convviz.text import say


@dataclass(frozen=True)
class Fix:
    """A change after which it fits.

    name: of its words, `misfit.fix.<name>`; numbers: for their places; code: PyTorch that runs, where the `code` of
    the misfit raises its `message`; drawn: what a picture shows of it, of the same type as the misfit's own `drawn`;
    layer: the layer that fits, None where it is no single layer.
    """

    name: str
    numbers: Mapping[str, object]
    code: str
    drawn: object
    layer: object = field(default=None, compare=False)

    def label(self, language: str = "en") -> str:
        """A few words, as over a board or on a button."""
        return say(f"misfit.fix.{self.name}.label", language, **self.numbers)

    def says(self, language: str = "en") -> str:
        """What is changed, and what comes of it."""
        return say(f"misfit.fix.{self.name}.says", language, **self.numbers)


class Misfit(Base):
    """The base of what does not fit. It has no output, and nothing to run.

    message: what PyTorch says of it; code: PyTorch that raises this; drawn: what a picture shows; numbers: for the
    places of its words, `misfit.says.<about>`.
    """

    about: ClassVar[str]
    views: ClassVar[tuple[str, ...]] = ("misfit",)
    weight_shape: ClassVar[None] = None
    bias: ClassVar[bool] = False
    input_size: Given

    @property
    def message(self) -> str:
        """What PyTorch says, word by word."""
        raise NotImplementedError

    @property
    def code(self) -> str:
        """A few lines of PyTorch that raise the message."""
        raise NotImplementedError

    @property
    def drawn(self) -> object:
        """What a picture shows of it."""
        raise NotImplementedError

    @property
    def numbers(self) -> dict[str, object]:
        """Numbers for the places of its words."""
        raise NotImplementedError

    def fixes(self) -> tuple[Fix, ...]:
        """Changes that mend it, the likeliest first; one at least."""
        raise NotImplementedError

    def says(self, language: str = "en") -> str:
        """What does not fit, in a sentence."""
        return say(f"misfit.says.{self.about}", language, **self.numbers)
