"""Stacks of all kinds of layers, each drawn from its number alone, so that every test may ask for the same ones."""

from __future__ import annotations

import random

import convviz as cv

TRIES = 12
"""Draws of a layer until one fits what comes before it."""

WORDS = ("valid", "same", "full", "causal")


def stack(number, dense=True, kinds=("conv", "conv", "tconv", "maxpool", "avgpool", "adaptive", "upsample")):
    """Stack `number`: 1 to 4 layers in all their arguments, perhaps with a dense layer at the end."""
    draw = random.Random(number)
    dims = draw.choice((1, 1, 2, 2, 3))
    size = tuple(draw.randint(1, (12, 7, 4)[dims - 1]) for _ in range(dims))
    channels, found = draw.choice((1, 1, 2)), []
    for _ in range(draw.randint(1, 4)):
        layer = _fitting(draw, draw.choice(kinds), size, channels)
        found.append(layer)
        size = layer.output_size
        channels = layer.out_channels if hasattr(layer, "out_channels") else layer.channels
    if dense and draw.random() < 0.2:
        features = channels
        for side in size:
            features *= side
        found.append(cv.Dense(features, draw.randint(1, 5)))
    return cv.Network(found)


def _fitting(draw, kind, size, channels):
    for _ in range(TRIES):
        try:
            layer = _layer(draw, kind, size, channels)
        except cv.LayerError:
            continue
        if max(layer.output_size) <= 60:
            return layer
    return cv.Conv(size, 1, in_channels=channels)


def _layer(draw, kind, size, channels):
    """A layer over an input of this size; raises LayerError for one that cannot be."""
    dims = len(size)
    kernel, stride, dilation, few = (
        tuple(draw.randint(1, most) for _ in size) for most in (4, draw.choice((1, 3)), draw.choice((1, 3)), 2)
    )
    pads = tuple((draw.randint(0, 2), draw.randint(0, 2)) for _ in size)
    word = draw.choice(WORDS if dims == 1 else WORDS[:3]) if draw.random() < 0.3 else pads
    if kind == "conv":
        groups = draw.choice((1, channels))
        mode = draw.choice(("zeros", "zeros", "reflect", "replicate", "circular"))
        outs = {"in_channels": channels, "out_channels": groups * draw.randint(1, 2), "groups": groups}
        return cv.Conv(size, kernel, stride, word, dilation, padding_mode=mode, flip=draw.random() < 0.2, **outs)
    if kind == "tconv":
        extra = tuple(draw.randint(0, max(s, d) - 1) for s, d in zip(stride, dilation, strict=True))
        return cv.ConvTranspose(size, kernel, stride, pads, extra, dilation, channels, draw.randint(1, 2))
    if kind == "upsample":
        return cv.Upsample(size, few, draw.choice(("nearest", "bilinear")), channels)
    if kind == "adaptive":
        reduced = draw.choice((cv.AdaptiveMaxPool, cv.AdaptiveAvgPool))
        return reduced(size, tuple(draw.randint(1, side + 1) for side in size), channels)
    same = "same" if word == "same" else tuple(side // 2 for side in few)
    ceil = draw.random() < 0.3
    if kind == "maxpool":
        return cv.MaxPool(size, kernel, stride, same, dilation, channels, ceil)
    return cv.AvgPool(size, kernel, stride, same, channels, ceil, draw.random() < 0.5)
