"""A gated convolution as a choice: the arguments of its two convolutions, its form, and whether a residual is added.

It has no taps of its own: `nodes` spells it out as layers, of which `convviz.network` makes a network.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from convviz.errors import LayerError
from convviz.layers import arguments as read
from convviz.layers.calling import told
from convviz.layers.conv import Conv, ConvArguments
from convviz.layers.elementwise import Add, Multiply, Sigmoid, Tanh
from convviz.layers.parameter import Parameter
from convviz.layers.repair import checked


class Form(NamedTuple):
    """How a value and its gate become one. passed: the node that the sigmoid meets; opened: the node whose sigmoid is
    taken; joined: the name of what the two become, and how."""

    passed: str
    opened: str
    joined: tuple[str, object] = ("product", Multiply())


FORMS: dict[str, Form] = {
    "glu": Form("value", "gate"),
    "tanh": Form("tanh", "gate"),
    "add": Form("value", "gate", ("sum", Add())),
    "one": Form("value", "value"),
    "swapped": Form("gate", "value"),
}
"""The gated linear unit (Dauphin et al., 2017); WaveNet's tanh x sigmoid (van den Oord et al., 2016); and what is taken
for the first by mistake: a sum in place of the product, one convolution for both halves, the sigmoid of the value."""

MISTAKES = ("add", "one", "swapped")


@told
@dataclass(frozen=True)
class GatedBlock(ConvArguments):
    """The arguments of a gated convolution: those of `Conv`, `residual` and `form`, one of FORMS.

    Raises LayerError for what cannot be, also for a residual whose shape is not that of the input.

    >>> block = GatedBlock((8,), 3, padding="causal", residual=True)
    >>> list(block.nodes)
    ['value', 'gate', 'sigmoid', 'product', 'output']
    """

    residual: bool = False
    form: str = "glu"

    kind: ClassVar[str] = "gated"
    shared: ClassVar[bool] = True
    spreads: ClassVar[bool] = False
    weight_shape: ClassVar[None] = None
    parameter_list: ClassVar[tuple[Parameter, ...]] = (
        *Conv.parameter_list,
        Parameter("residual", "r", "flag"),
        Parameter("form", "t", "choice", choices=tuple(FORMS)),
    )

    def __post_init__(self) -> None:
        checked(self, _settle)

    @cached_property
    def conv(self) -> Conv:
        """Each of its two convolutions; their weights differ."""
        return Conv(**{field.name: getattr(self, field.name) for field in fields(Conv)})

    @property
    def pads(self) -> read.Pads:
        """The (before, after) padding of each axis."""
        return self.conv.pads

    @property
    def nodes(self) -> dict[str, tuple[object, list[str]]]:
        """Its layers by name, each with the names of what it reads; "x" is the input."""
        form = FORMS[self.form]
        name, join = form.joined
        found: dict[str, tuple[object, list[str]]] = {"value": (self.conv, ["x"])}
        if "gate" in form:
            found["gate"] = (self.conv, ["x"])
        found["sigmoid"] = (Sigmoid(), [form.opened])
        if form.passed == "tanh":
            found["tanh"] = (Tanh(), ["value"])
        found[name] = (join, [form.passed, "sigmoid"])
        if self.residual:
            found["output"] = (Add(), ["x", name])
        return found


def _settle(block: Any) -> None:
    """Read and check the arguments."""
    conv = Conv(**{field.name: getattr(block, field.name) for field in fields(Conv)})
    settled = {field.name: getattr(conv, field.name) for field in fields(Conv)}
    settled["residual"] = read.flag("residual", block.residual)
    settled["form"] = read.choice("form", block.form, tuple(FORMS))
    for name, value in settled.items():
        object.__setattr__(block, name, value)
    if block.residual:
        _refuse_other_shape(conv)


def _refuse_other_shape(conv: Conv) -> None:
    """Refuse a residual whose sum would have two shapes, and name what makes them one."""
    given = (conv.out_channels, *conv.output_size)
    if given == conv.x_shape:
        return
    fix: dict[str, object] = {} if conv.output_size == conv.input_size else {"stride": 1, "padding": "same"}
    if conv.out_channels != conv.in_channels:
        fix["out_channels"] = conv.in_channels
    fix = {name: value for name, value in fix.items() if getattr(conv, name) not in (value, (1,) * len(given[1:]))}
    field = next(iter(fix))
    raise LayerError("residual", field, fix, value=given, wanted=conv.x_shape, nearest=fix[field])
