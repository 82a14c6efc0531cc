"""PyTorch's layers by name: what arguments each has, and what it makes of a tensor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from convviz.code import placing
from convviz.code.building import Building, spread
from convviz.code.values import LOST, Lost, Site, Tensor, Work
from convviz.errors import LayerError
from convviz.layers import PixelShuffle, Upsample
from convviz.layers.arguments import Pads
from convviz.layers.elementwise import BatchNorm, Multiply, Sigmoid, Softmax
from convviz.layers.rearrange import ChannelShuffle, Flatten, Reshape, Select

Arguments = dict[str, Any]


class Entry(NamedTuple):
    """A layer of a framework. words: its arguments and their defaults; make: what it does, of them; weighted: whether
    it has weights."""

    words: str
    make: Callable[[Arguments, Site], Work]
    weighted: bool = False


def conv_layer(dims: int, lazy: bool, given: Arguments, site: Site) -> Work:
    if given["padding"] == "same" and set(spread(given["stride"], dims)) != {1}:
        kernel = spread(given["kernel_size"], dims)
        nearest = kernel[0] // 2 if isinstance(kernel[0], int) else 1
        raise LayerError("code_same", "padding", None, stride=given["stride"], nearest=nearest)
    return partial(_lay, placing.conv, dims, {"in_channels": None} | given if lazy else given)


def _lay(place: Any, dims: int, given: Arguments, b: Building, x: Tensor, site: Site) -> Tensor | Lost:
    return place(b, x, site, dims, given)


def transposed_layer(dims: int, lazy: bool, given: Arguments, site: Site) -> Work:
    mode = given.pop("padding_mode")
    if mode != "zeros":
        raise LayerError("code_value", "padding_mode", None, value=mode, layer=site.label, nearest="zeros")
    return partial(_lay, placing.transposed, dims, {"in_channels": None} | given if lazy else given)


def pool_layer(kind: Any, dims: int, given: Arguments, site: Site) -> Work:
    for name in ("return_indices", "divisor_override"):
        value = given.pop(name, None)
        if value and name == "divisor_override":
            raise LayerError("code_value", name, None, value=value, layer=site.label, nearest=None)
    return lambda b, x, here: placing.pool(b, x, here, dims, kind, given)


def adaptive_layer(kind: Any, dims: int, given: Arguments, site: Site) -> Work:
    def make(shape: tuple[int, ...]) -> object:
        asked = spread(given["output_size"], dims)
        sizes = tuple(i if o is None else o for i, o in zip(shape[1:], asked, strict=False))
        return kind(shape[1:], sizes if len(asked) == dims else given["output_size"], shape[0])

    return lambda b, x, here: placing.plain(b, x, here, dims, make)


def linear_layer(given: Arguments, site: Site) -> Work:
    inputs = given.get("in_features")
    return lambda b, x, here: placing.dense(b, x, here, inputs, given["out_features"], given["bias"], b.loose)


def normalising(eps: object, usual: float, site: Site) -> BatchNorm:
    """Batch normalisation with what is added to the variance; raises LayerError for what is no such number."""
    number = usual if eps is None else eps
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number < 1:
        raise LayerError("code_value", "eps", None, value=eps, layer=site.label, nearest=usual)
    return BatchNorm(eps=float(number))


def normal_layer(dims: int | None, given: Arguments, site: Site) -> Work:
    layer = normalising(given["eps"], 1e-5, site) if given["affine"] is not False else None
    return lambda b, x, here: placing.normal(b, x, here, dims, given.get("num_features"), layer)


def instance_layer(dims: int, given: Arguments, site: Site) -> Work:
    if given["affine"]:
        raise LayerError("code_value", "affine", None, value=True, layer=site.label, nearest=False)
    return lambda b, x, here: placing.normal(b, x, here, dims, given["num_features"], None)


def single_layer(layer: object) -> Callable[[Arguments, Site], Work]:
    return lambda given, site: lambda b, x, here: b.add(layer, [x], here)


def channels_layer(given: Arguments, site: Site) -> Work:
    layer = ChannelShuffle(given["groups"])
    return lambda b, x, here: b.add(layer, [x], here)


def softmax_layer(given: Arguments, site: Site) -> Work:
    def work(b: Building, x: Tensor, here: Site) -> Tensor | Lost:
        dim = given["dim"]
        channels = {None, 1, -len(x.shape or ()), -1 if len(x.shape or ()) == 1 else 1}
        if x.shape and dim not in channels:
            b.problem(here.place, LayerError("code_axis", "dim", None, value=dim, nearest=1))
        return b.add(Softmax(), [x], here)

    return work


def flatten_layer(given: Arguments, site: Site) -> Work:
    if given["start_dim"] != 1 or given["end_dim"] != -1:
        name = "start_dim" if given["start_dim"] != 1 else "end_dim"
        error = LayerError(
            "code_value", name, None, value=given[name], layer=site.label, nearest=1 if name[0] == "s" else -1
        )
        raise error
    return lambda b, x, here: x if x.shape and len(x.shape) == 1 else b.add(Flatten(), [x], here)


def unflatten_layer(given: Arguments, site: Site) -> Work:
    def work(b: Building, x: Tensor, here: Site) -> Tensor | Lost:
        if given["dim"] != 1 or x.shape is None or len(x.shape) != 1:
            error = LayerError("code_axis", "dim", None, value=given["dim"], nearest=1)
            return x if x.shape is None else b.misfit(here.place, error)
        return reshaped(b, x, here, given["unflattened_size"])

    return work


def reshaped(b: Building, x: Tensor, site: Site, sizes: object) -> Tensor | Lost:
    """The same values under another shape, in which -1 stands for what is left."""
    shape = x.shape or ()
    count = 1
    for n in shape:
        count *= n
    asked = list(sizes) if isinstance(sizes, tuple | list) else [sizes]
    numbers = [n for n in asked if isinstance(n, int) and n > 0]
    known = 1
    for n in numbers[:8]:
        known *= n
    if asked.count(-1) == 1 and len(numbers) == len(asked) - 1 and count % known == 0:
        asked = [count // known if n == -1 else n for n in asked]
    elif len(numbers) != len(asked) or known != count:
        shown = tuple(asked)
        return b.misfit(site.place, LayerError("code_view", "shape", None, value=shown, given=shape, nearest=shape))
    if tuple(asked) == shape:
        return x
    return b.add(Flatten() if len(asked) == 1 else Reshape(tuple(asked)), [x], site)


def pad_layer(dims: int, fill: str, given: Arguments, site: Site) -> Work:
    def work(b: Building, x: Tensor, here: Site) -> Tensor | Lost:
        pads = pairs(given["padding"], dims)
        value = given.get("value", 0)
        if pads is None or value not in (0, float("-inf")):
            name = "padding" if pads is None else "value"
            return b.misfit(
                here.place, LayerError("code_value", name, None, value=given[name], layer=here.label, nearest=0)
            )
        if x.shape is None:
            return x if min(n for p in pads for n in p) < 0 else _asked(b, x, dims, here)
        return placing.padded(b, x, here, pads, fill if value == 0 else "lowest")

    return work


def _asked(b: Building, x: Tensor, dims: int, here: Site) -> Tensor | Lost:
    b.wanted(x, dims, None, here)
    return x


def pairs(given: object, dims: int) -> Pads | None:
    """PyTorch's padding, the last axis first, as (before, after) for each axis; None for what is none.

    >>> pairs((1, 2, 3, 4), 2), pairs(1, 1)
    (((3, 4), (1, 2)), ((1, 1),))
    """
    numbers: list[Any] = list(spread(given, 2 * dims))
    if len(numbers) > 2 * dims or len(numbers) % 2 or not numbers:
        return None
    numbers += [0] * (2 * dims - len(numbers))
    if not all(isinstance(n, int) and abs(n) < 10**6 for n in numbers):
        return None
    return tuple((numbers[n], numbers[n + 1]) for n in range(2 * dims - 2, -1, -2))


def upsampled(b: Building, x: Tensor, here: Site, given: Mapping[str, Any]) -> Tensor | Lost:
    """Upsampling by a factor, or to a size that is a multiple; dims follow from the tensor."""
    if x.shape is None:
        b.wanted(x, {"linear": 1, "trilinear": 3}.get(str(given["mode"]), 2), None, here)
    dims = len(x.shape or ()) - 1
    if dims < 1:
        b.wanted(x, 2, None, here)
        return LOST
    smooth = ("linear", "bilinear", "trilinear")[dims - 1]
    if given["mode"] not in ("nearest", smooth):
        error = LayerError("code_value", "mode", None, value=given["mode"], layer=here.label, nearest=smooth)
        b.problem(here.place, error)
    elif given["align_corners"]:
        b.problem(
            here.place, LayerError("code_value", "align_corners", None, value=True, layer=here.label, nearest=False)
        )
    size: Any = given["size"] and spread(given["size"], dims)
    factor: Any = given["scale_factor"] if not size else None
    shape = x.shape or ()
    if size:
        whole = all(isinstance(o, int) and o % i == 0 for o, i in zip(size, shape[1:], strict=False))
        if not whole or len(size) != dims:
            nearest = tuple(2 * n for n in shape[1:])
            error = LayerError("code_value", "size", None, value=size, layer=here.label, nearest=nearest)
            return b.misfit(here.place, error)
        factor = tuple(o // i for o, i in zip(size, shape[1:], strict=True))
    factor = tuple(int(f) if isinstance(f, float) and f.is_integer() else f for f in spread(factor, dims))
    mode = "nearest" if given["mode"] == "nearest" else "bilinear"
    return placing.plain(b, x, here, dims, lambda at: Upsample(at[1:], factor, mode, at[0]))


def upsample_layer(settled: Arguments, given: Arguments, site: Site) -> Work:
    return lambda b, x, here: upsampled(b, x, here, {"mode": "nearest", "align_corners": None} | given | settled)


def shuffle_layer(given: Arguments, site: Site) -> Work:
    def make(shape: tuple[int, ...]) -> object:
        factor = given["upscale_factor"]
        whole = isinstance(factor, int) and 0 < factor < 1000
        if whole and shape[0] % factor**2:
            nearest = max(n for n in range(1, factor + 1) if shape[0] % n**2 == 0)
            raise LayerError("shuffle", "upscale_factor", None, value=factor, channels=shape[0], nearest=nearest)
        return PixelShuffle(shape[1:], factor, max(shape[0] // factor**2, 1) if whole else 1)

    return lambda b, x, here: placing.plain(b, x, here, 2, make)


def glu(b: Building, x: Tensor, here: Site, dim: object) -> Tensor | Lost:
    """The first half of the channels times the sigmoid of the second half."""
    if x.shape is None:
        b.wanted(x, 2, None, here)
    shape = x.shape or (1,)
    if dim not in (1, -len(shape)):
        return b.misfit(here.place, LayerError("code_axis", "dim", None, value=dim, nearest=1))
    if shape[0] % 2:
        return b.misfit(here.place, LayerError("shuffle", "channels", None, value=2, channels=shape[0], nearest=1))
    half = shape[0] // 2
    bare = replace(here, name="")
    value = b.add(Select(range(half)), [x], bare)
    gate = b.add(Select(range(half, shape[0])), [x], bare)
    opened = gate if isinstance(gate, Lost) else b.add(Sigmoid(), [gate], bare)
    return LOST if isinstance(value, Lost) or isinstance(opened, Lost) else b.add(Multiply(), [value, opened], here)


def glu_layer(given: Arguments, site: Site) -> Work:
    return lambda b, x, here: glu(b, x, here, given["dim"])
