"""Layers of the engine laid on a tensor, with the paddings that wait for them: what both frameworks share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import prod
from typing import Any

from convviz.code.building import Building, Need, joined
from convviz.code.values import LOST, Lost, Site, Tensor
from convviz.errors import LayerError
from convviz.graph import Shape
from convviz.layers import AvgPool, Conv, ConvTranspose, Dense, MaxPool
from convviz.layers.arguments import Pads
from convviz.layers.elementwise import ReLU
from convviz.layers.rearrange import Crop, Flatten

Arguments = Mapping[str, Any]


def placed(
    b: Building, x: Tensor, site: Site, dims: int, channels: int | None, make: Callable[[Shape, Pads | None], object]
) -> Tensor | Lost:
    """Lay a layer with a window on a tensor. make: the layer for its shape, and the padding that waits for it."""
    shape = b.wanted(x, dims, channels, site)
    if shape is None:
        return LOST
    try:
        layer = make(shape, x.pads)
    except LayerError as error:
        return b.misfit(site.place, error)
    return b.add(layer, [replace(x, pads=None, fill="zeros")], site)


def conv(b: Building, x: Tensor, site: Site, dims: int, given: Arguments) -> Tensor | Lost:
    """A convolution; given: the arguments of `Conv` without the input's size. in_channels None: those of the tensor."""

    def make(shape: Shape, waiting: Pads | None) -> Conv:
        arguments = dict(given)
        arguments["in_channels"] = shape[0] if given["in_channels"] is None else given["in_channels"]
        layer = Conv(_enlarged(shape[1:], waiting), **arguments)
        if waiting is None:
            return layer
        if x.fill == "lowest" or (any(map(sum, layer.pads)) and layer.padding_mode != x.fill):
            raise b.alone([x], site)
        return Conv(shape[1:], **arguments | {"padding": joined(layer.pads, waiting), "padding_mode": x.fill})

    return placed(b, x, site, dims, given["in_channels"], make)


def _enlarged(size: tuple[int, ...], pads: Pads | None) -> tuple[int, ...]:
    return tuple(n + sum(pair) for n, pair in zip(size, pads, strict=True)) if pads else size


def transposed(b: Building, x: Tensor, site: Site, dims: int, given: Arguments) -> Tensor | Lost:
    """A transposed convolution."""

    def make(shape: Shape, waiting: Pads | None) -> ConvTranspose:
        if waiting:
            raise b.alone([x], site)
        channels = shape[0] if given["in_channels"] is None else given["in_channels"]
        return ConvTranspose(shape[1:], **{**given, "in_channels": channels})

    return placed(b, x, site, dims, given["in_channels"], make)


def pool(b: Building, x: Tensor, site: Site, dims: int, kind: Any, given: Arguments) -> Tensor | Lost:
    """A pooling; given: the arguments of `kind` without the input's size and the channels."""

    def make(shape: Shape, waiting: Pads | None) -> MaxPool | AvgPool:
        layer = kind(_enlarged(shape[1:], waiting), channels=shape[0], **given)
        if waiting is None:
            return layer
        largest = isinstance(layer, MaxPool)
        if x.fill not in ("zeros", "lowest") or (x.fill == "lowest") > largest:
            raise b.alone([x], site)
        if largest and x.fill == "zeros" and not isinstance(b.layer(x), ReLU):  # above 0 they never win
            b.problem(site.place, LayerError("code_pads_max", "layer", None, value=site.label))
        return _pooling(kind, shape, given, joined(layer.pads, waiting))

    return placed(b, x, site, dims, None, make)


def _pooling(kind: Any, shape: Shape, given: Arguments, pads: Pads | None) -> Any:
    """A pooling with padding on each side; one that is wider than half its window is "same", or cannot be."""
    arguments = dict(given) | {"channels": shape[0]}
    try:
        return kind(shape[1:], **arguments | {"padding": pads})
    except LayerError as error:
        for word in ("same", "same_lower"):
            same = kind(shape[1:], **arguments | {"padding": word})
            if same.pads == pads:
                return same
        raise error


def plain(b: Building, x: Tensor, site: Site, dims: int, make: Callable[[Shape], object]) -> Tensor | Lost:
    """Any other layer of so many axes, which takes no padding."""

    def unpadded(shape: Shape, waiting: Pads | None) -> object:
        if waiting:
            raise b.alone([x], site)
        return make(shape)

    return placed(b, x, site, dims, None, unpadded)


def dense(
    b: Building, x: Tensor, site: Site, inputs: object, outputs: object, bias: bool, loose: bool
) -> Tensor | Lost:
    """A dense layer on a row of numbers. inputs None: as many as there are. loose: whether what is not in a row may be
    taken for one, as where the order of `forward` is not known."""
    if x.shape is None:
        raise Need(0, None, inputs if isinstance(inputs, int) else None, "flat" if x.flat else "")
    shape = x.shape or ()
    try:
        layer = Dense(prod(shape) if inputs is None else inputs, outputs, bias)
    except LayerError as error:
        return b.misfit(site.place, error)
    if len(shape) > 1 and not loose:
        nearest = "nn.Flatten()" if site.label.startswith("nn") or "Linear" in site.label else "layers.Flatten()"
        unlaid = LayerError("code_flat", "layer", None, value=site.label, given=shape, nearest=nearest)
        return b.misfit(site.place, unlaid)
    if len(shape) > 1 and prod(shape) == layer.in_features:
        x_flat = b.add(Flatten(), [x], Site(site.place, site.label))
        return x_flat if isinstance(x_flat, Lost) else b.add(layer, [x_flat], site)
    return b.add(layer, [x], site)


def padded(b: Building, x: Tensor, site: Site, pads: Pads, fill: str = "zeros") -> Tensor | Lost:
    """A tensor with padding that waits for the next layer; where it is negative, the middle that is cut out."""
    sides = [n for pair in pads for n in pair]
    if x.shape is None or not any(sides):
        return x
    if len(x.shape) != len(pads) + 1:
        b.wanted(x, len(pads), None, site)
        return LOST
    if min(sides) >= 0:
        if x.pads and x.fill != fill:
            return b.misfit(site.place, b.alone([x], site))
        return replace(x, pads=joined(x.pads, pads), fill=fill)
    return cropped(b, x, site, tuple((-before, -after) for before, after in pads), True)


def cropped(b: Building, x: Tensor, site: Site, cut: Pads, own: bool = False) -> Tensor | Lost:
    """A tensor without so many cells at each side: just the middle. own: of a transposed convolution's output it may be
    any part, which is then the padding of that layer."""
    shape = x.shape or ()
    layer = b.layer(x)
    last = next(reversed(b.nodes), None) == x.name
    if own and isinstance(layer, ConvTranspose) and last and min(n for pair in cut for n in pair) >= 0:
        try:
            pads, extra = joined(layer.pads, cut), layer.extra
            return b.instead(x, replace(layer, padding=pads, output_padding=extra), site)
        except LayerError as error:
            return b.misfit(site.place, error)
    left = tuple(n - sum(pair) for n, pair in zip(shape[1:], cut, strict=True))
    middle = all(before == (before + after) // 2 and before >= 0 for before, after in cut)
    if not middle or min(left) < 1:
        even = tuple(max(sum(pair) // 2, 0) for pair in cut)
        return b.misfit(site.place, LayerError("code_crop", "padding", None, value=cut, nearest=even))
    return b.add(Crop(left), [x], site)


def normal(
    b: Building, x: Tensor, site: Site, dims: int | None, features: object, layer: object | None
) -> Tensor | Lost:
    """Normalisation of each channel; layer None: without weights, which is left out."""
    if x.shape is None and dims:
        b.wanted(x, dims, features if isinstance(features, int) else None, site)
    if x.shape is None:
        return x
    if isinstance(features, int) and features != x.shape[0]:
        error = LayerError(
            "chain",
            "layers",
            None,
            value=site.label,
            number=len(b.nodes) + 1,
            wanted=(features, *x.shape[1:]),
            given=x.shape,
            nearest=f"num_features {x.shape[0]}",
        )
        return b.misfit(site.place, error)
    return b.add(layer, [x], site) if layer else b.leave(site, x)
