"""A layer as PyTorch's modules: itself, and the padding before it that it cannot say by itself."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from convviz.errors import LayerError
from convviz.graph import Shape
from convviz.layers import ConvTranspose
from convviz.layers.arguments import Pads, brief

FRAMEWORK = "PyTorch"
_PADS = {"reflect": "Reflection", "replicate": "Replication", "circular": "Circular"}
_LINEAR = ("linear", "bilinear", "trilinear")


def unsaid(field: str, value: object, nearest: object, framework: str = FRAMEWORK) -> LayerError:
    """The error of what a framework has no words for."""
    return LayerError("code_unsaid", field, None, value=value, framework=framework, nearest=nearest)


def modules(layer: Any, given: Shape) -> list[str] | None:
    """The modules that a layer is, in their order; None for what is an expression and no module.

    given: the shape of its input, (channels, *size). Raises LayerError for what PyTorch has no words for.

    >>> from convviz.layers import Conv
    >>> modules(Conv((8,), 3, padding="causal"), (1, 8))
    ['nn.ConstantPad1d((2, 0), 0)', 'nn.Conv1d(1, 1, 3, bias=False)']
    """
    if getattr(layer, "flip", False):
        raise unsaid("flip", True, False)
    words = _SAID.get(layer.kind)
    if words is None or (layer.kind == "reshape" and len(given) > 1):
        if layer.kind in EXPRESSIONS:
            return None
        raise unsaid("layer", layer.kind, "conv")
    before = []
    if hasattr(layer, "input_size") and len(given) == 1 and layer.kind != "dense":
        before = [f"nn.Unflatten(1, (1, {given[0]}))"]  # features, as a row of cells
    return [*before, *words(layer, given)]


EXPRESSIONS = ("add", "multiply", "concat", "select", "scale", "reshape", "crop")
"""What stands in `forward` as an expression."""


def called(name: str, *positional: object, **named: object) -> str:
    """A call as text.

    >>> called("nn.Conv2d", 1, 2, stride=(1, 2), padding="same")
    'nn.Conv2d(1, 2, stride=(1, 2), padding="same")'
    """
    return f"{name}({', '.join([*map(said, positional), *(f'{n}={said(v)}' for n, v in named.items())])})"


def said(value: object) -> str:
    """A value as code has it; a text stands between two double quotes."""
    return f'"{value}"' if isinstance(value, str) else repr(value)


def flat(pads: Pads) -> tuple[int, ...]:
    """PyTorch's order: the last axis first.

    >>> flat(((1, 2), (3, 4)))
    (3, 4, 1, 2)
    """
    return tuple(n for pair in reversed(pads) for n in pair)


def padding(pads: Pads, mode: str = "zeros", value: object = 0) -> str:
    """A module that pads."""
    dims = len(pads)
    if mode != "zeros":
        return called(f"nn.{_PADS[mode]}Pad{dims}d", flat(pads))
    if dims == 2 and value == 0:
        return called("nn.ZeroPad2d", flat(pads))
    told = 'float("-inf")' if value != 0 else "0"
    return f"nn.ConstantPad{dims}d({flat(pads)!r}, {told})"


def one(numbers: Any) -> object:
    """One number where all axes are alike, in any number of axes."""
    return numbers[0] if len(set(numbers)) == 1 else brief(tuple(numbers))


def even(pads: Pads) -> tuple[int, ...] | None:
    """The padding of each axis where it is the same before and after."""
    return tuple(before for before, _ in pads) if all(before == after for before, after in pads) else None


def other(layer: Any, usual: dict[str, object]) -> dict[str, object]:
    """The arguments that are not the usual ones."""
    found = {n: getattr(layer, n) for n in usual}
    found = {n: one(v) if isinstance(v, tuple) else v for n, v in found.items()}
    return {n: v for n, v in found.items() if v != usual[n]}


def _conv(layer: Any, given: Shape) -> list[str]:
    dims, sides = len(layer.input_size), even(layer.pads)
    usual: dict[str, object] = {"stride": 1, "dilation": 1, "groups": 1, "bias": True, "padding_mode": "zeros"}
    named = other(layer, usual)
    before = []
    word = layer.padding if layer.padding in ("same", "valid") else None
    if word == "same" and set(layer.stride) != {1}:
        word = None
    if word:
        named["padding"] = word
    elif sides is None:
        before = [padding(layer.pads, layer.padding_mode)]
        named.pop("padding_mode", None)
    elif any(sides):
        named["padding"] = one(sides)
    name = f"nn.Conv{dims}d"
    return [*before, called(name, layer.in_channels, layer.out_channels, one(layer.kernel_size), **_ordered(named))]


def _ordered(named: dict[str, object]) -> dict[str, object]:
    """The arguments in the order in which PyTorch has them."""
    order = ("stride", "padding", "output_padding", "dilation", "groups", "bias", "padding_mode")
    return {name: named[name] for name in sorted(named, key=order.index)}


def _transposed(layer: Any, given: Shape) -> list[str]:
    dims = len(layer.input_size)
    named = other(layer, {"stride": 1, "dilation": 1, "groups": 1, "bias": True})
    sides = tuple(min(pair) for pair in layer.pads)
    cut = tuple((s - before, s - after) for s, (before, after) in zip(sides, layer.pads, strict=True))
    if any(sides):
        named["padding"] = one(sides)
    if any(layer.extra):
        named["output_padding"] = one(layer.extra)
    whole = called(
        f"nn.ConvTranspose{dims}d", layer.in_channels, layer.out_channels, one(layer.kernel_size), **_ordered(named)
    )
    return [whole, padding(cut)] if any(n for pair in cut for n in pair) else [whole]


def _pool(layer: Any, given: Shape) -> list[str]:
    largest = layer.kind == "maxpool"
    usual: dict[str, object] = {"ceil_mode": False} | ({"dilation": 1} if largest else {})
    named = other(layer, usual)
    if layer.stride != layer.kernel_size:
        named = {"stride": one(layer.stride)} | named
    sides = even(layer.pads)
    if sides and any(s > k // 2 for s, k in zip(sides, layer.kernel_size, strict=True)):
        sides = None
    counted = largest or (layer.count_include_pad and not isinstance(layer.padding, str))
    counted = counted or not any(n for pair in layer.pads for n in pair)
    if not largest and len(given) == 4 and any(map(int.__lt__, layer.input_size, layer.kernel_size)):
        if not counted or any(map(int.__lt__, layer.padded_size, layer.kernel_size)):
            raise unsaid(
                "kernel_size", one(layer.kernel_size), one(tuple(map(min, layer.input_size, layer.kernel_size)))
            )
        sides = None  # AvgPool3d wants an input as large as its window, whatever the padding
    before = []
    if sides is None:
        if not counted:
            raise unsaid("padding", layer.padding, 0)
        before = [padding(layer.pads, value=float("-inf") if largest else 0)]
        _refuse_other_size(layer)
    elif any(sides):
        named["padding"] = one(sides)
    if not counted:
        named["count_include_pad"] = False
    name = f"nn.{'Max' if largest else 'Avg'}Pool{len(layer.input_size)}d"
    return [*before, called(name, one(layer.kernel_size), **named)]


def _refuse_other_size(layer: Any) -> None:
    """Rounded up, a layer whose padding stands before it may have another last window."""
    if layer.ceil_mode:
        kept = [field.name for field in fields(layer) if field.name not in ("input_size", "padding")]
        padded = type(layer)(layer.padded_size, **{name: getattr(layer, name) for name in kept})
        if padded.output_size != layer.output_size:
            raise unsaid("ceil_mode", True, False)


def _adaptive(layer: Any, given: Shape) -> list[str]:
    kind = "Max" if layer.kind == "adaptivemaxpool" else "Avg"
    return [called(f"nn.Adaptive{kind}Pool{len(layer.input_size)}d", one(layer.output_size))]


def _upsample(layer: Any, given: Shape) -> list[str]:
    mode = _LINEAR[len(layer.input_size) - 1] if layer.divides else "nearest"
    return [called("nn.Upsample", scale_factor=one(layer.scale_factor), mode=mode)]


def _dense(layer: Any, given: Shape) -> list[str]:
    named = {} if layer.bias else {"bias": False}
    before = ["nn.Flatten()"] if len(given) > 1 else []
    return [*before, called("nn.Linear", layer.in_features, layer.out_features, **named)]


def _normal(layer: Any, given: Shape) -> list[str]:
    refuse_statistics(layer, FRAMEWORK)
    named = {} if layer.eps == 1e-5 else {"eps": layer.eps}
    return [called(f"nn.BatchNorm{max(len(given) - 1, 1)}d", given[0], **named)]


def refuse_statistics(layer: Any, framework: str) -> None:
    """Refuse what a layer has learned of its inputs: that is no part of its text."""
    if set(layer.mean) != {0.0}:
        raise unsaid("mean", layer.mean, 0, framework)
    if set(layer.variance) != {1.0}:
        raise unsaid("variance", layer.variance, 1, framework)


_SAID: dict[str, Any] = {
    "conv": _conv,
    ConvTranspose.kind: _transposed,
    "maxpool": _pool,
    "avgpool": _pool,
    "adaptivemaxpool": _adaptive,
    "adaptiveavgpool": _adaptive,
    "upsample": _upsample,
    "dense": _dense,
    "batchnorm": _normal,
    "pixelshuffle": lambda layer, given: [called("nn.PixelShuffle", layer.upscale_factor)],
    "channelshuffle": lambda layer, given: [called("nn.ChannelShuffle", layer.groups)],
    "reshape": lambda layer, given: [called("nn.Unflatten", 1, layer.shape)],
    "flatten": lambda layer, given: ["nn.Flatten()"],
    "relu": lambda layer, given: ["nn.ReLU()"],
    "sigmoid": lambda layer, given: ["nn.Sigmoid()"],
    "tanh": lambda layer, given: ["nn.Tanh()"],
    "softmax": lambda layer, given: ["nn.Softmax(dim=1)"],
}


def expression(layer: Any, names: list[str], given: Shape) -> str:
    """What stands in `forward` for an operation on what has these names; given: the shape of the first of them."""
    if layer.kind == "add":
        return " + ".join(names)
    if layer.kind == "multiply":
        return " * ".join(names)
    if layer.kind == "concat":
        return f"torch.cat([{', '.join(names)}], dim=1)"
    if layer.kind == "select":
        return f"{names[0]}[:, {_chosen(layer.channels)}]"
    if layer.kind == "scale":
        return _scaled(layer, names[0])
    if layer.kind == "reshape":
        return f"{names[0]}.reshape(-1, {', '.join(map(str, layer.shape))})"
    wanted = layer.output_shape(given)[1:]
    starts = [(g - w) // 2 for g, w in zip(given[1:], wanted, strict=True)]
    slices = [f"{s}:{s + w}" for s, w in zip(starts, wanted, strict=True)]
    return f"{names[0]}[:, :, {', '.join(slices)}]"


def _chosen(channels: tuple[int, ...]) -> str:
    first, last = channels[0], channels[-1]
    return f"{first}:{last + 1}" if channels == tuple(range(first, last + 1)) else repr(list(channels))


def _scaled(layer: Any, name: str) -> str:
    factor, offset = number(layer.factor), number(layer.offset)
    if offset == 0:
        return f"{name} * {factor!r}"
    return f"{name} + {offset!r}" if factor == 1 else f"{name} * {factor!r} + {offset!r}"


def number(value: Any) -> float:
    """A number as Python has it."""
    return int(value) if float(value).is_integer() and not isinstance(value, float) else float(value)
