"""A layer as Keras's layers: itself, and the padding before it, or the cropping after it, that it cannot say."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from convviz.code.torch_words import called, number, one, refuse_statistics
from convviz.code.torch_words import unsaid as unsaid_by
from convviz.errors import LayerError
from convviz.graph import Shape
from convviz.layers import ConvTranspose
from convviz.layers.arguments import Pads, resolve

unsaid = partial(unsaid_by, framework="Keras")


def modules(layer: Any, given: Shape, positive: bool = False) -> list[str]:
    """The layers that a layer is, in their order, the one with its name last but for a cropping.

    given: the shape of its input, (channels, *size); positive: whether no value of it is below 0, so that zeros around
    it never are a maximum that was not there. Raises LayerError for what Keras has no words for.

    >>> from convviz.layers import Conv
    >>> modules(Conv(8, 3, 2, 1, in_channels=3, out_channels=4, bias=True), (3, 8, 8))
    ['layers.ZeroPadding2D(1)', 'layers.Conv2D(4, 3, strides=2)']
    """
    if getattr(layer, "flip", False):
        raise unsaid("flip", True, False)
    if layer.kind not in _SAID:
        raise unsaid("layer", layer.kind, "conv")
    if positive and layer.kind == "maxpool" and not _is_same(layer) and any(map(sum, layer.pads)):
        bare = replace(layer, padding=0, input_size=layer.padded_size)
        return [*_padded(layer, None), *_pool(bare, given)]
    before = []
    if hasattr(layer, "input_size") and len(given) == 1 and layer.kind != "dense":
        before = [called("layers.Reshape", (given[0], 1))]
    return [*before, *_SAID[layer.kind](layer, given)]


def _sides(pads: Pads) -> object:
    """(before, after) for each axis, or one number where all are alike."""
    numbers = {n for pair in pads for n in pair}
    return pads[0][0] if len(numbers) == 1 else pads[0] if len(pads) == 1 else pads


def _padded(layer: Any, word: str | None) -> list[str]:
    """The padding that stands before a layer whose own is not said by a word."""
    if word or not any(n for pair in layer.pads for n in pair):
        return []
    return [called(f"layers.ZeroPadding{len(layer.input_size)}D", _sides(layer.pads))]


def _is_same(layer: Any) -> bool:
    """Whether a layer's padding is TensorFlow's "same"."""
    same = resolve("same", layer.input_size, layer.span, layer.stride)
    return bool(layer.pads == same and any(n for pair in same for n in pair))


def _conv(layer: Any, given: Shape) -> list[str]:
    dims = len(layer.input_size)
    if layer.padding_mode != "zeros":
        raise unsaid("padding_mode", layer.padding_mode, "zeros")
    _refuse_both(layer)
    word = "causal" if layer.padding == "causal" else "same" if layer.padding == "same" or _is_same(layer) else None
    named: dict[str, object] = {}
    if set(layer.stride) != {1}:
        named["strides"] = one(layer.stride)
    if word:
        named["padding"] = word
    if set(layer.dilation) != {1}:
        named["dilation_rate"] = one(layer.dilation)
    if layer.groups != 1:
        named["groups"] = layer.groups
    if not layer.bias:
        named["use_bias"] = False
    return [*_padded(layer, word), called(f"layers.Conv{dims}D", layer.out_channels, one(layer.kernel_size), **named)]


def _refuse_both(layer: Any) -> None:
    if set(layer.stride) != {1} and set(layer.dilation) != {1}:
        raise unsaid("dilation", one(layer.dilation), 1)


def _transposed(layer: Any, given: Shape) -> list[str]:
    dims = len(layer.input_size)
    _refuse_both(layer)
    if layer.groups != 1:
        raise unsaid("groups", layer.groups, 1)
    beyond = tuple(max(s - e, 0) for s, e in zip(layer.stride, layer.span, strict=True))
    same = replace(layer, padding="same", output_padding=0)
    is_same = (same.pads, same.extra) == (layer.pads, layer.extra) and any(n for pair in layer.pads for n in pair)
    named: dict[str, object] = {}
    if set(layer.stride) != {1}:
        named["strides"] = one(layer.stride)
    if is_same:
        named["padding"] = "same"
    elif layer.extra != beyond:
        raise unsaid("output_padding", one(layer.extra), one(beyond))
    if set(layer.dilation) != {1}:
        named["dilation_rate"] = one(layer.dilation)
    if not layer.bias:
        named["use_bias"] = False
    whole = called(f"layers.Conv{dims}DTranspose", layer.out_channels, one(layer.kernel_size), **named)
    cut = [] if is_same or not any(n for pair in layer.pads for n in pair) else [_sides(layer.pads)]
    return [whole, *(called(f"layers.Cropping{dims}D", sides) for sides in cut)]


def _rounds_up(layer: Any) -> bool:
    """Whether it makes a difference that what is left of a last window is taken."""
    try:
        return bool(replace(layer, ceil_mode=False).output_size != layer.output_size)
    except LayerError:
        return True


def _pool(layer: Any, given: Shape) -> list[str]:
    dims, largest = len(layer.input_size), layer.kind == "maxpool"
    if set(layer.dilation) != {1}:
        raise unsaid("dilation", one(layer.dilation), 1)
    if layer.ceil_mode and _rounds_up(layer):
        raise unsaid("ceil_mode", True, False)
    padded = any(n for pair in layer.pads for n in pair)
    counted = padded and not largest and layer.count_include_pad and not isinstance(layer.padding, str)
    word = "same" if _is_same(layer) and not counted else None
    if padded and not word and not counted:
        raise unsaid("padding", layer.padding, "same")
    named: dict[str, object] = {} if layer.stride == layer.kernel_size else {"strides": one(layer.stride)}
    if word:
        named["padding"] = word
    name = f"layers.{'Max' if largest else 'Average'}Pooling{dims}D"
    return [*_padded(layer, word), called(name, one(layer.kernel_size), **named)]


def _adaptive(layer: Any, given: Shape) -> list[str]:
    if set(layer.output_size) != {1}:
        raise unsaid("output_size", layer.output_size, 1)
    kind = "Max" if layer.kind == "adaptivemaxpool" else "Average"
    return [called(f"layers.Global{kind}Pooling{len(layer.input_size)}D", keepdims=True)]


def _upsample(layer: Any, given: Shape) -> list[str]:
    dims = len(layer.input_size)
    if layer.divides and dims != 2:
        raise unsaid("mode", layer.mode, "nearest")
    named = {"interpolation": "bilinear"} if layer.divides else {}
    return [called(f"layers.UpSampling{dims}D", one(layer.scale_factor), **named)]


def _dense(layer: Any, given: Shape) -> list[str]:
    before = ["layers.Flatten()"] if len(given) > 1 else []
    return [*before, called("layers.Dense", layer.out_features, **({} if layer.bias else {"use_bias": False}))]


def _normal(layer: Any, given: Shape) -> list[str]:
    refuse_statistics(layer, "Keras")
    return [called("layers.BatchNormalization", **({} if layer.eps == 1e-3 else {"epsilon": layer.eps}))]


def _crop(layer: Any, given: Shape) -> list[str]:
    wanted = layer.output_shape(given)[1:]
    cut = tuple(((g - w) // 2, g - w - (g - w) // 2) for g, w in zip(given[1:], wanted, strict=True))
    return [called(f"layers.Cropping{len(wanted)}D", _sides(cut))]


def _reshape(layer: Any, given: Shape) -> list[str]:
    """Keras has its channels last: only a row of numbers is laid out in the order of both."""
    if len(given) > 1:
        raise unsaid("shape", layer.shape, given)
    return [called("layers.Reshape", (*layer.shape[1:], layer.shape[0]))]


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
    "crop": _crop,
    "reshape": _reshape,
    "scale": lambda layer, given: [called("layers.Rescaling", number(layer.factor), offset=number(layer.offset))],
    "flatten": lambda layer, given: ["layers.Flatten()"],
    "relu": lambda layer, given: ["layers.ReLU()"],
    "sigmoid": lambda layer, given: ['layers.Activation("sigmoid")'],
    "tanh": lambda layer, given: ['layers.Activation("tanh")'],
    "softmax": lambda layer, given: ["layers.Softmax()"],
    "add": lambda layer, given: ["layers.Add()"],
    "multiply": lambda layer, given: ["layers.Multiply()"],
    "concat": lambda layer, given: ["layers.Concatenate()"],
}
