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

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from convviz.errors import LayerError
from convviz.layers.base import Base, Given
from convviz.text import say

_REFERENCE = re.compile(r"\[[a-z]+\|([^\]]*)\]")


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

    def says(self, language: str = "en", marked: bool = False) -> str:
        """What is changed, and what comes of it; marked: with its references to parts of the picture."""
        return _said(f"misfit.fix.{self.name}.says", language, self.numbers, marked)


class Misfit(Base):
    """The base of what does not fit. It has no output, and nothing to run.

    message: what PyTorch says of it; code: PyTorch that raises this; drawn: what a picture shows; numbers: for the
    places of its words, `misfit.says.<about>`.
    """

    kind: ClassVar[str]
    views: ClassVar[tuple[str, ...]] = ("misfit",)
    weight_shape: ClassVar[None] = None
    bias: ClassVar[bool] = False
    input_size: Given

    @property
    def about(self) -> str:
        """The name of its words."""
        return self.kind.removeprefix("misfit")

    @property
    def x_shape(self) -> tuple[int, ...]:
        """One channel of its input: it has no values, but a page of a lesson that shows values has a place for some."""
        return (1, *self.input_size)

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

    def says(self, language: str = "en", marked: bool = False) -> str:
        """What does not fit, in a sentence; marked: with its references to parts of the picture."""
        return _said(f"misfit.says.{self.about}", language, self.numbers, marked)


def _said(key: str, language: str, numbers: Mapping[str, object], marked: bool) -> str:
    text = say(key, language, **numbers)
    return text if marked else _REFERENCE.sub(r"\1", text)


def crossed(sizes: tuple[int, ...], by: str = " × ") -> str:
    """Sizes as they are written.

    >>> crossed((2, 3)), crossed((2, 3), "x")
    ('2 × 3', '2x3')
    """
    return by.join(map(str, sizes))


def argument(sizes: tuple[int, ...]) -> str:
    """Sizes as an argument in code: one number where all axes are alike.

    >>> argument((3, 3)), argument((2,)), argument((2, 3))
    ('3', '2', '(2, 3)')
    """
    return str(sizes[0] if len(set(sizes)) == 1 else sizes)


def settle(misfit: Misfit, **settled: object) -> None:
    """Set arguments of a frozen choice, as they were read."""
    for name, value in settled.items():
        object.__setattr__(misfit, name, value)


def refuse_fitting(field: str, value: object, nearest: object) -> None:
    """Raise the error of sizes that fit: no message tells of them."""
    raise LayerError("misfit", field, {field: nearest}, value=value, nearest=nearest)
