"""Keras's layers by name: what arguments each has, and what it makes of a tensor. Shapes come channels first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from convviz.code import placing
from convviz.code.building import Building, spread
from convviz.code.torch_layers import Arguments, Entry, normalising, reshaped
from convviz.code.values import LOST, Lost, Reference, Site, Tensor, Work
from convviz.errors import LayerError
from convviz.layers import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, MaxPool, Upsample
from convviz.layers.arguments import Pads
from convviz.layers.elementwise import Add, Multiply, ReLU, Scale, Softmax
from convviz.layers.rearrange import Concat, Flatten


def activation(given: object) -> str | None:
    """The name of an activation, given as a text or as a function."""
    return given.name.rpartition(".")[2] if isinstance(given, Reference) else given if isinstance(given, str) else None


def _pads(given: Arguments) -> object:
    """The padding in our words: none is 0."""
    return 0 if given["padding"] == "valid" else given["padding"]


def _after(work: Work, given: Arguments) -> Work:
    """A layer, and its activation where it has one."""
    name = activation(given.get("activation"))

    def both(b: Building, x: Tensor, here: Site) -> Tensor | Lost:
        return b.activated(work(b, x, here), name, Site(here.place, here.label))

    return both


def _conv(dims: int, given: Arguments, site: Site) -> Work:
    arguments = {
        "kernel_size": given["kernel_size"],
        "stride": given["strides"],
        "padding": _pads(given),
        "dilation": given["dilation_rate"],
        "in_channels": None,
        "out_channels": given["filters"],
        "groups": given["groups"],
        "bias": given["use_bias"],
    }
    return _after(lambda b, x, here: placing.conv(b, x, here, dims, arguments), given)


def _depthwise_arguments(given: Arguments, channels: int) -> Arguments:
    multiplier = given["depth_multiplier"]
    return {
        "kernel_size": given["kernel_size"],
        "stride": given["strides"],
        "padding": _pads(given),
        "dilation": given["dilation_rate"],
        "in_channels": channels,
        "out_channels": channels * multiplier if isinstance(multiplier, int) else multiplier,
        "groups": channels,
    }


def _depthwise(dims: int, given: Arguments, site: Site) -> Work:
    def work(b: Building, x: Tensor, here: Site) -> Tensor | Lost:
        shape = b.wanted(x, dims, None, here)
        if shape is None:
            return LOST
        return placing.conv(b, x, here, dims, _depthwise_arguments(given, shape[0]) | {"bias": given["use_bias"]})

    return _after(work, given)


def _separable(dims: int, given: Arguments, site: Site) -> Work:
    def work(b: Building, x: Tensor, here: Site) -> Tensor | Lost:
        shape = b.wanted(x, dims, None, here)
        if shape is None:
            return LOST
        first = replace(here, name=f"{here.name}.depthwise" if here.name else "")
        spread_out = placing.conv(b, x, first, dims, _depthwise_arguments(given, shape[0]))
        if isinstance(spread_out, Lost):
            return spread_out
        pointwise = {"kernel_size": 1, "in_channels": None, "out_channels": given["filters"], "bias": given["use_bias"]}
        return placing.conv(b, spread_out, here, dims, pointwise)

    return _after(work, given)


def _transposed(dims: int, given: Arguments, site: Site) -> Work:
    if given["output_padding"] is not None:
        value = given["output_padding"]
        raise LayerError("code_value", "output_padding", None, value=value, layer=site.label, nearest=None)
    arguments = {
        "kernel_size": given["kernel_size"],
        "stride": given["strides"],
        "padding": _pads(given),
        "dilation": given["dilation_rate"],
        "in_channels": None,
        "out_channels": given["filters"],
        "bias": given["use_bias"],
    }
    if given["padding"] == "valid":  # the output is never smaller than the input times the stride
        kernel, stride, rate = (spread(given[n], dims) for n in ("kernel_size", "strides", "dilation_rate"))
        if (
            all(isinstance(n, int) for row in (kernel, stride, rate) for n in row)
            and len(kernel) == len(stride) == dims
        ):
            spans = [int(d) * (int(k) - 1) + 1 for k, d in zip(kernel, rate, strict=False)]  # type: ignore[call-overload]
            arguments["output_padding"] = tuple(max(int(s) - e, 0) for s, e in zip(stride, spans, strict=True))  # type: ignore[call-overload]
    return _after(lambda b, x, here: placing.transposed(b, x, here, dims, arguments), given)


def _pool(kind: Any, dims: int, given: Arguments, site: Site) -> Work:
    arguments = {"kernel_size": given["pool_size"], "stride": given["strides"], "padding": _pads(given)}
    return lambda b, x, here: placing.pool(b, x, here, dims, kind, arguments)


def _global(kind: Any, dims: int, given: Arguments, site: Site) -> Work:
    def work(b: Building, x: Tensor, here: Site) -> Tensor | Lost:
        pooled = placing.plain(b, x, here, dims, lambda shape: kind(shape[1:], 1, shape[0]))
        if given["keepdims"] or isinstance(pooled, Lost):
            return pooled
        return b.add(Flatten(), [pooled], Site(here.place, here.label))

    return work


def _dense(given: Arguments, site: Site) -> Work:
    """On maps a dense layer works along the channels: it is a convolution with a kernel of one cell."""

    def work(b: Building, x: Tensor, here: Site) -> Tensor | Lost:
        if x.shape and len(x.shape) > 1:
            arguments = {
                "kernel_size": 1,
                "in_channels": None,
                "out_channels": given["units"],
                "bias": given["use_bias"],
            }
            return placing.conv(b, x, here, len(x.shape) - 1, arguments)
        return placing.dense(b, x, here, None, given["units"], given["use_bias"], False)

    return _after(work, given)


def _flatten(given: Arguments, site: Site) -> Work:
    return lambda b, x, here: x if x.shape and len(x.shape) == 1 else b.add(Flatten(), [x], here)


def _reshape(given: Arguments, site: Site) -> Work:
    """The target has its channels last."""

    def work(b: Building, x: Tensor, here: Site) -> Tensor | Lost:
        if x.shape is None:
            return x
        target = given["target_shape"]
        sizes = list(target) if isinstance(target, tuple | list) else [target]
        return reshaped(b, x, here, sizes[-1:] + sizes[:-1])

    return work


def _sided(name: str, sign: int) -> Callable[[int, Arguments, Site], Work]:
    """What is added at both ends of each axis (sign 1) or cut off there (-1), told by the argument of a name."""

    def sided(dims: int, given: Arguments, site: Site) -> Work:
        def work(b: Building, x: Tensor, here: Site) -> Tensor | Lost:
            ends, value = sides(given[name], dims), given[name]
            if ends is None:
                return b.misfit(
                    here.place, LayerError("code_value", name, None, value=value, layer=here.label, nearest=1)
                )
            b.wanted(x, dims, None, here)
            return placing.padded(b, x, here, tuple((sign * before, sign * after) for before, after in ends))

        return work

    return sided


_zero_padding, _cropping = _sided("padding", 1), _sided("cropping", -1)


def sides(given: object, dims: int) -> Pads | None:
    """Keras's padding as (before, after) for each axis; None for what is none.

    >>> sides(1, 2), sides((1, 2), 2), sides((0, 1), 1), sides(((0, 1), (2, 3)), 2)
    (((1, 1), (1, 1)), ((1, 1), (2, 2)), ((0, 1),), ((0, 1), (2, 3)))
    """
    entries = list(given) if isinstance(given, tuple | list) else [given] * dims
    if dims == 1 and len(entries) == 2:
        entries = [tuple(entries)]
    pairs = [tuple(entry) if isinstance(entry, tuple | list) else (entry, entry) for entry in entries]
    if len(pairs) != dims or any(
        len(p) != 2 or not all(isinstance(n, int) and 0 <= n < 10**6 for n in p) for p in pairs
    ):
        return None
    return tuple(pairs)


def _upsample(dims: int, given: Arguments, site: Site) -> Work:
    mode = given.get("interpolation", "nearest")
    if mode not in ("nearest", "bilinear"):
        raise LayerError("code_value", "interpolation", None, value=mode, layer=site.label, nearest="nearest")
    size = given["size"]
    return lambda b, x, here: placing.plain(b, x, here, dims, lambda at: Upsample(at[1:], size, mode, at[0]))


def _activation(given: Arguments, site: Site) -> Work:
    return lambda b, x, here: b.activated(x, activation(given["activation"]) or "linear", here)


def _rescaling(given: Arguments, site: Site) -> Work:
    layer = Scale(given["scale"], given["offset"])
    return lambda b, x, here: b.add(layer, [x], here)


def _single(layer: object) -> Callable[[Arguments, Site], Work]:
    return lambda given, site: lambda b, x, here: b.add(layer, [x], here)


def _normal(given: Arguments, site: Site) -> Work:
    weighted = given["scale"] is not False or given["center"] is not False
    layer = normalising(given["epsilon"], 1e-3, site) if weighted else None
    return lambda b, x, here: placing.normal(b, x, here, None, None, layer)


_SLIDING = "strides=1 padding=valid data_format=None dilation_rate=1"
_ENDS = "activation=None use_bias=True"


def _by_axes(n: int) -> dict[str, Entry]:
    found = {}
    words = f"filters kernel_size {_SLIDING} groups=1 {_ENDS}"
    transposed = (
        f"filters kernel_size strides=1 padding=valid output_padding=None data_format=None dilation_rate=1 {_ENDS}"
    )
    for name in ("Conv", "Convolution"):
        found[f"{name}{n}D"] = Entry(words, partial(_conv, n), True)
        found[f"{name}{n}DTranspose"] = Entry(transposed, partial(_transposed, n), True)
    found[f"DepthwiseConv{n}D"] = Entry(
        f"kernel_size strides=1 padding=valid depth_multiplier=1 data_format=None dilation_rate=1 {_ENDS}",
        partial(_depthwise, n),
        True,
    )
    separable = f"filters kernel_size {_SLIDING} depth_multiplier=1 {_ENDS}"
    found[f"SeparableConv{n}D"] = Entry(separable, partial(_separable, n), True)
    for name, kind, whole in (("Max", MaxPool, AdaptiveMaxPool), ("Average", AvgPool, AdaptiveAvgPool)):
        found[f"{name}Pooling{n}D"] = Entry("pool_size=2 strides=None padding=valid", partial(_pool, kind, n))
        for short in {name, name[:3]}:
            found[f"{short}Pool{n}D"] = found[f"{name}Pooling{n}D"]
            found[f"Global{short}Pool{n}D"] = Entry("data_format=None keepdims=False", partial(_global, whole, n))
        found[f"Global{name}Pooling{n}D"] = Entry("data_format=None keepdims=False", partial(_global, whole, n))
    found[f"ZeroPadding{n}D"] = Entry("padding=1", partial(_zero_padding, n))
    found[f"Cropping{n}D"] = Entry("cropping=1", partial(_cropping, n))
    found[f"UpSampling{n}D"] = Entry("size=2 data_format=None interpolation=nearest", partial(_upsample, n))
    return found


LAYERS: dict[str, Entry] = {
    **{name: entry for n in (1, 2, 3) for name, entry in _by_axes(n).items()},
    "Dense": Entry(f"units {_ENDS}", _dense, True),
    "Flatten": Entry("", _flatten),
    "Reshape": Entry("target_shape", _reshape),
    "Activation": Entry("activation", _activation),
    "ReLU": Entry("max_value=None negative_slope=0 threshold=0", _single(ReLU())),
    "Softmax": Entry("axis=-1", _single(Softmax())),
    "BatchNormalization": Entry("axis=-1 momentum=0 epsilon=None center=True scale=True", _normal, True),
    "Rescaling": Entry("scale offset=0", _rescaling),
}
"""What is understood of `keras.layers`."""

JOINING: dict[str, Callable[[], object]] = {"Add": Add, "Multiply": Multiply, "Concatenate": Concat}
"""Layers of several tensors; the same in small letters are functions."""

LEFT_OUT = frozenset(
    (
        *("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianNoise"),
        *("GaussianDropout", "AlphaDropout", "LeakyReLU", "ELU", "ThresholdedReLU"),
        *("ActivityRegularization", "Identity", "RandomFlip", "RandomRotation", "RandomZoom"),
        *("RandomContrast"),
    )
)
"""What is left out of a network: it changes no shape and has no weights."""
