"""PyTorch's functions of tensors, and the methods of tensors, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from convviz.code import placing
from convviz.code.binding import bound
from convviz.code.building import Building
from convviz.code.torch_layers import glu, pairs, reshaped, upsampled
from convviz.code.torch_table import LAYERS, LEFT_OUT
from convviz.code.values import LOST, Lost, Site, Tensor
from convviz.errors import LayerError
from convviz.layers import AdaptiveAvgPool
from convviz.layers.elementwise import Add, Multiply, Scale
from convviz.layers.rearrange import Concat, Crop, Flatten, Select

BATCH = -1
"""The number of examples, which no network here knows."""

_AS_LAYERS = {
    **{f"{kind}_pool{n}d": f"{name}Pool{n}d" for n in (1, 2, 3) for kind, name in (("max", "Max"), ("avg", "Avg"))},
    **{
        f"adaptive_{k}_pool{n}d": f"Adaptive{m}Pool{n}d" for n in (1, 2, 3) for k, m in (("max", "Max"), ("avg", "Avg"))
    },
    "relu": "ReLU",
    "relu_": "ReLU",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softmax": "Softmax",
    "flatten": "Flatten",
    "pixel_shuffle": "PixelShuffle",
    "channel_shuffle": "ChannelShuffle",
}
_WORDS = {
    f"max_pool{n}d": "kernel_size stride=None padding=0 dilation=1 ceil_mode=False return_indices=False"
    for n in (1, 2, 3)
}
_WORDS |= {"relu": "inplace=False", "flatten": "start_dim=0 end_dim=-1", "softmax": "dim=None"}
_DROPPED = {name.lower() for name in LEFT_OUT} | {
    "leaky_relu",
    "log_softmax",
    "dropout2d",
    "dropout3d",
    "local_response_norm",
}
_SAME = {
    "contiguous",
    "clone",
    "detach",
    "float",
    "half",
    "double",
    "to",
    "cuda",
    "cpu",
    "type_as",
    "requires_grad_",
    "identity",
}

Values = Sequence[object]
Function = Callable[[Building, list[Any], Mapping[str, Any], Site], object]


def function_of(name: str) -> Function | None:
    """What a function of tensors, or a method of one, does; None for one that is not understood.

    >>> function_of("cat") is not None, function_of("einsum") is None
    (True, True)
    """
    if name in _AS_LAYERS:
        return _as_layer(name)
    if name in _DROPPED:
        return lambda b, given, named, site: b.leave(site, given[0])
    if name in _SAME:
        return lambda b, given, named, site: given[0]
    return _OTHERS.get(name)


def _as_layer(name: str) -> Function:
    """A function that does what a layer does: its first argument is the tensor."""

    def work(b: Building, given: list[Any], named: Mapping[str, Any], site: Site) -> object:
        entry = LAYERS[_AS_LAYERS[name]]
        made = entry.make(bound(site.label, _WORDS.get(name, entry.words), given[1:], named), site)
        return made(b, given[0], site)

    return work


def _cat(b: Building, given: list[Any], named: Mapping[str, Any], site: Site) -> object:
    found = bound(site.label, "tensors dim=0", given, {"dim" if k == "axis" else k: v for k, v in named.items()})
    tensors = list(found["tensors"]) if isinstance(found["tensors"], list | tuple) else []
    if not tensors or any(not isinstance(t, Tensor | Lost) for t in tensors):
        return b.misfit(
            site.place, LayerError("code_unknown", "code", None, value=site.label, nearest="torch.cat([x, y], 1)")
        )
    if any(isinstance(t, Lost) for t in tensors):
        return LOST
    dim = found["dim"]
    if tensors[0].shape and dim not in (1, -len(tensors[0].shape)):
        return b.misfit(site.place, LayerError("code_axis", "dim", None, value=dim, nearest=1))
    return tensors[0] if len(tensors) == 1 else b.add(Concat(), tensors, site)


def _view(b: Building, given: list[Any], named: Mapping[str, Any], site: Site) -> object:
    sizes = given[1] if len(given) == 2 and isinstance(given[1], tuple | list) else given[1:]
    x = given[0]
    if x.shape is None:
        return b.add(Flatten(), [x], site) if len(sizes) == 2 else x
    if not sizes:
        return x
    return reshaped(b, x, site, list(sizes[1:]))


def _size(b: Building, given: list[Any], named: Mapping[str, Any], site: Site) -> object:
    x = given[0]
    axis = given[1] if len(given) > 1 else named.get("dim")
    if axis == 0:
        return BATCH
    if x.shape is None:
        b.wanted(x, 2, None, site)
    whole = (BATCH, *x.shape)
    if axis is None:
        return whole
    return whole[axis] if isinstance(axis, int) and -len(whole) <= axis < len(whole) else LOST


def _mean(b: Building, given: list[Any], named: Mapping[str, Any], site: Site) -> object:
    """The mean over all axes of a map is global average pooling."""
    found = bound(
        site.label, "input dim=None keepdim=False", given, {"dim" if k == "axis" else k: v for k, v in named.items()}
    )
    x: Any = found["input"]
    if x.shape is None:
        b.wanted(x, 2, None, site)
    dims = len(x.shape) - 1
    given_dims = found["dim"] if isinstance(found["dim"], list | tuple) else [found["dim"]]
    axes = {d % (dims + 2) for d in given_dims if isinstance(d, int)}
    if axes != set(range(2, dims + 2)) or not dims:
        nearest = tuple(range(2, dims + 2))
        return b.misfit(
            site.place, LayerError("code_value", "dim", None, value=found["dim"], layer=site.label, nearest=nearest)
        )
    pooled = placing.plain(b, x, site, dims, lambda at: AdaptiveAvgPool(at[1:], 1, at[0]))
    return (
        pooled
        if found["keepdim"] or isinstance(pooled, Lost)
        else b.add(Flatten(), [pooled], Site(site.place, site.label))
    )


def _squeeze(b: Building, given: list[Any], named: Mapping[str, Any], site: Site) -> object:
    """Axes of one cell go away: what is left is a row of numbers, or nothing here."""
    x = given[0]
    if x.shape and set(x.shape[1:]) <= {1}:
        return b.add(Flatten(), [x], site) if len(x.shape) > 1 else x
    return b.misfit(site.place, LayerError("code_unknown", "code", None, value=site.label, nearest="x.flatten(1)"))


def _pad(b: Building, given: list[Any], named: Mapping[str, Any], site: Site) -> object:
    found = bound(site.label, "input pad mode=constant value=0", given, named)
    x: Any = found["input"]
    count = len(found["pad"]) // 2 if isinstance(found["pad"], list | tuple) else 0
    if x.shape is None:
        b.wanted(x, max(count, 1), None, site)
    dims = max(len(x.shape) - 1, 1)
    pads = pairs(found["pad"], dims) if 1 <= count <= dims else None
    fill = {"constant": "zeros"}.get(str(found["mode"]), str(found["mode"]))
    if pads is None or found["value"] not in (0, None, float("-inf")):
        name = "pad" if pads is None else "value"
        return b.misfit(
            site.place, LayerError("code_value", name, None, value=found[name], layer=site.label, nearest=0)
        )
    return placing.padded(b, x, site, pads, "lowest" if found["value"] == float("-inf") else fill)


def _interpolate(b: Building, given: list[Any], named: Mapping[str, Any], site: Site) -> object:
    words = (
        "input size=None scale_factor=None mode=nearest align_corners=None recompute_scale_factor=None antialias=False"
    )
    found = bound(site.label, words, given, named)
    x: Any = found.pop("input")
    return upsampled(b, x, site, found)


def _chunk(b: Building, given: list[Any], named: Mapping[str, Any], site: Site) -> object:
    found = bound(site.label, "input chunks dim=0", given, named)
    x, parts = found["input"], found["chunks"]
    if not isinstance(x, Tensor) or x.shape is None or found["dim"] != 1 or not isinstance(parts, int):
        return b.misfit(site.place, LayerError("code_axis", "dim", None, value=found["dim"], nearest=1))
    if not 0 < parts <= 16 or x.shape[0] % parts:
        return b.misfit(site.place, LayerError("shuffle", "chunks", None, value=parts, channels=x.shape[0], nearest=1))
    each = x.shape[0] // parts
    bare = Site(site.place, site.label)
    return tuple(b.add(Select(range(n * each, (n + 1) * each)), [x], bare) for n in range(parts))


def _glu(b: Building, given: list[Any], named: Mapping[str, Any], site: Site) -> object:
    return glu(b, given[0], site, bound(site.label, "input dim=-1", given, named)["dim"])


def _binary(operator: str) -> Function:

    def work(b: Building, given: list[Any], named: Mapping[str, Any], site: Site) -> object:
        found = bound(site.label, "input other", given, named)
        return arithmetic(b, operator, found["input"], found["other"], site)

    return work


def arithmetic(b: Building, operator: str, one: object, other: object, site: Site) -> object:
    """A sum or a product of two tensors, or of a tensor and a number."""
    tensors = [t for t in (one, other) if isinstance(t, Tensor)]
    numbers = [n for n in (one, other) if isinstance(n, int | float) and not isinstance(n, bool)]
    if len(tensors) == 2 and operator in "+*":
        return b.add(Add() if operator == "+" else Multiply(), tensors, site)
    if len(tensors) == len(numbers) == 1 and (operator in "+*" or (isinstance(one, Tensor) and operator in "-/")):
        (number,) = numbers
        if operator == "/" and number:
            return b.add(Scale(1 / number), tensors, site)
        if operator != "/":
            layer = Scale(number) if operator == "*" else Scale(1, number if operator == "+" else -number)
            return b.add(layer, tensors, site)
    error = LayerError("code_unknown", "code", None, value=f"x {operator} y", nearest="x + y")
    return b.misfit(site.place, error)


def picked(b: Building, x: Tensor, index: object, site: Site) -> Tensor | Lost:
    """x[:, channels], or a middle that is cut out: x[:, :, 1:-1, 1:-1]. Slices are (start, stop) pairs of Python's."""
    parts = index if isinstance(index, tuple) else (index,)
    if x.shape is None:
        b.wanted(x, 2, None, site)
    shape = x.shape or ()
    unknown = LayerError("code_unknown", "code", None, value=site.label, nearest="x[:, 0:1]")
    if len(parts) > len(shape) + 1 or parts[0] != slice(None):
        return b.misfit(site.place, unknown)
    cut = []
    for part, size in zip(parts[2:], shape[1:], strict=False):
        if not isinstance(part, slice) or part.step not in (None, 1):
            return b.misfit(site.place, unknown)
        start, stop, _ = part.indices(size)
        cut.append((start, size - stop))
    if len(parts) > 1 and parts[1] != slice(None):
        chosen = range(*parts[1].indices(shape[0])) if isinstance(parts[1], slice) else parts[1]
        if not isinstance(chosen, range | list | tuple) or len(chosen) > 10_000:
            return b.misfit(site.place, unknown)
        try:
            found = b.add(Select(chosen), [x], site)
        except LayerError as error:
            return b.misfit(site.place, error)
        if isinstance(found, Lost):
            return found
        x = found
    cut += [(0, 0)] * (len(shape) - 1 - len(cut))
    if not any(map(sum, cut)):
        return x
    return placing.cropped(b, x, site, tuple(cut))


_OTHERS: dict[str, Function] = {
    "cat": _cat,
    "concat": _cat,
    "concatenate": _cat,
    "view": _view,
    "reshape": _view,
    "size": _size,
    "mean": _mean,
    "squeeze": _squeeze,
    "pad": _pad,
    "interpolate": _interpolate,
    "upsample": _interpolate,
    "chunk": _chunk,
    "glu": _glu,
    "add": _binary("+"),
    "mul": _binary("*"),
    "multiply": _binary("*"),
}
__all__ = ["Crop", "arithmetic", "function_of", "picked"]
