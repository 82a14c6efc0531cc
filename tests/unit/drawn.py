"""Layers and arrays as Hypothesis draws them."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

import convviz as cv

DIMS = st.sampled_from((1, 1, 1, 2, 2, 2, 3))
FLIPS = st.booleans()
SAME = ("same", "same_upper", "same_lower")
MODES = st.sampled_from(("zeros", "zeros", "reflect", "replicate", "circular"))
RESAMPLED = st.sampled_from(("nearest", "bilinear"))
ADAPTIVE = st.sampled_from((cv.AdaptiveMaxPool, cv.AdaptiveAvgPool))
EDGES = (2**62, 2**62 - 1, -(2**62), 2**63 - 1, -(2**63), 2**63, 2**64 + 1, -(2**70), 2**31, 3, 1, 0, -1)


def per_axis(draw, dims, least, most):
    return tuple(draw(st.integers(least, most)) for _ in range(dims))


def pairs(draw, dims, most, symmetric=False):
    before = per_axis(draw, dims, 0, most)
    return tuple(zip(before, before if symmetric else per_axis(draw, dims, 0, most), strict=True))


def at_most(pads, most):
    return tuple((min(b, m), min(a, m)) for (b, a), m in zip(pads, most, strict=True))


def holding(sizes, spans, pads):
    """The sizes, enlarged where the padded input would not hold the kernel."""
    return tuple(max(i, e - sum(p)) for i, e, p in zip(sizes, spans, pads, strict=True))


def channel_counts(draw):
    groups = draw(st.sampled_from((1, 1, 1, 2, 3)))
    return {
        "groups": groups,
        "in_channels": groups * draw(st.integers(1, 2)),
        "out_channels": groups * draw(st.integers(1, 2)),
    }


@st.composite
def convs(draw, dims=DIMS, modes=MODES, words=True, flip=FLIPS, symmetric=False):
    """Convolutions of 1 to 3 dimensions in all their arguments, small enough for plain loops."""
    dims = draw(dims)
    kernel = per_axis(draw, dims, 1, (5, 3, 2)[dims - 1])
    dilation = per_axis(draw, dims, 1, (4, 3, 2)[dims - 1])
    spans = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
    sizes = per_axis(draw, dims, 1, (12, 6, 3)[dims - 1])
    mode = draw(modes)
    word = draw(st.sampled_from(("", "", "", "valid", *SAME, "full", "causal"))) if words else ""
    if (word == "causal" and dims > 1) or (mode != "zeros" and word):
        word = ""
    pads = pairs(draw, dims, (5, 3, 2)[dims - 1], symmetric)
    if not word:
        pads = at_most(pads, [{"reflect": i - 1, "circular": i}.get(mode, 9) for i in sizes])
    sizes = holding(sizes, spans, ((0, 0),) * dims if word else pads)
    return cv.Conv(
        sizes,
        kernel,
        stride=per_axis(draw, dims, 1, 4),
        padding=word or pads,
        dilation=dilation,
        padding_mode=mode,
        bias=draw(st.booleans()),
        flip=draw(flip),
        **channel_counts(draw),
    )


@st.composite
def tconvs(draw, dims=DIMS, flip=FLIPS, symmetric=False, words=True):
    """Transposed convolutions of 1 to 3 dimensions in all their arguments."""
    dims = draw(dims)
    kernel, stride = per_axis(draw, dims, 1, (5, 3, 2)[dims - 1]), per_axis(draw, dims, 1, (4, 3, 2)[dims - 1])
    dilation, sizes = per_axis(draw, dims, 1, (4, 3, 2)[dims - 1]), per_axis(draw, dims, 1, (6, 4, 2)[dims - 1])
    extra = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    pads = []
    for i, s, d, k, e in zip(sizes, stride, dilation, kernel, extra, strict=True):
        room = (i - 1) * s + d * (k - 1) + e
        before = draw(st.integers(0, min(3, room // 2 if symmetric else room)))
        pads.append((before, before if symmetric else draw(st.integers(0, min(3, room - before)))))
    word = draw(st.sampled_from(("", "", "", "valid", *SAME))) if words else ""
    return cv.ConvTranspose(
        sizes,
        kernel,
        stride,
        word or tuple(pads),
        extra,
        dilation,
        bias=draw(st.booleans()),
        flip=draw(flip),
        **channel_counts(draw),
    )


def pooled(draw, dims, words, rounding=FLIPS):
    """A padding word ("" for cells), a stride (None for the kernel's size) and whether to round up."""
    word = draw(st.sampled_from(("", "", *SAME))) if words else ""
    stride = draw(st.one_of(st.none(), st.just(per_axis(draw, dims, 1, 4))))
    return word, stride, draw(rounding)


def left(spans, stride, ceil_mode):
    """What of a window must lie on the padded input: all of it, or, rounded up, all but less than a stride."""
    return tuple(max(e - (s - 1) * ceil_mode, 1) for e, s in zip(spans, stride, strict=True))


@st.composite
def maxpools(draw, dims=DIMS, symmetric=False, words=True):
    """Max poolings that can be made: a dilation wider than the input may leave a window blank."""
    dims = draw(dims)
    kernel, dilation = per_axis(draw, dims, 1, 4 if dims < 3 else 2), per_axis(draw, dims, 1, 3 if dims < 3 else 2)
    spans = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True))
    pads = at_most(pairs(draw, dims, 3, symmetric), [k // 2 for k in kernel])
    word, stride, ceil_mode = pooled(draw, dims, words)
    sizes = holding(per_axis(draw, dims, 1, (14, 6, 3)[dims - 1]), left(spans, stride or kernel, ceil_mode), pads)
    sizes = tuple(max(i, d) for i, d in zip(sizes, dilation, strict=True))
    return cv.MaxPool(sizes, kernel, stride, word or pads, dilation, draw(st.integers(1, 2)), ceil_mode)


@st.composite
def avgpools(draw, dims=DIMS, symmetric=False, words=True, rounding=FLIPS):
    dims = draw(dims)
    kernel = per_axis(draw, dims, 1, 5 if dims < 3 else 3)
    pads = tuple(
        (min(b, k // 2), min(a, k // 2)) for (b, a), k in zip(pairs(draw, dims, 3, symmetric), kernel, strict=True)
    )
    word, stride, ceil_mode = pooled(draw, dims, words, rounding)
    sizes = holding(per_axis(draw, dims, 1, (14, 6, 3)[dims - 1]), left(kernel, stride or kernel, ceil_mode), pads)
    return cv.AvgPool(sizes, kernel, stride, word or pads, draw(st.integers(1, 2)), ceil_mode, draw(st.booleans()))


@st.composite
def adaptives(draw, dims=DIMS, kinds=ADAPTIVE):
    """Poolings by output size, which may be larger than the input."""
    dims = draw(dims)
    sizes, outputs = per_axis(draw, dims, 1, (14, 7, 4)[dims - 1]), per_axis(draw, dims, 1, (9, 5, 3)[dims - 1])
    return draw(kinds)(sizes, outputs, draw(st.integers(1, 3)))


def denses():
    return st.builds(cv.Dense, st.integers(1, 12), st.integers(1, 8), st.booleans())


@st.composite
def upsamples(draw, dims=DIMS, modes=RESAMPLED):
    """Upsamplings of 1 to 3 dimensions, with a factor of their own on each axis."""
    dims = draw(dims)
    sizes, factors = per_axis(draw, dims, 1, (8, 5, 3)[dims - 1]), per_axis(draw, dims, 1, (6, 4, 3)[dims - 1])
    return cv.Upsample(sizes, factors, draw(modes), draw(st.integers(1, 3)))


@st.composite
def shuffles(draw):
    return cv.PixelShuffle(per_axis(draw, 2, 1, 4), draw(st.integers(1, 3)), draw(st.integers(1, 3)))


def layers():
    return st.one_of(convs(), tconvs(), maxpools(), avgpools(), adaptives(), upsamples(), shuffles(), denses())


SEEDS = st.integers(0, 2**32 - 1)


def integers(shape, seed, kind="small"):
    """Integers: small ones, or a mixture with those at and beyond the ends of 64 bits."""
    generator = np.random.default_rng(seed)
    if kind == "small":
        return generator.integers(-9, 10, shape)
    chosen = generator.integers(0, len(EDGES), shape)
    return np.array([EDGES[n] for n in chosen.flat], dtype=object).reshape(shape)


def floats(shape, seed):
    return np.random.default_rng(seed).normal(size=shape)


def arrays(layer, seed, kind="small"):
    """x, weight and bias for a layer; None where it has none."""
    make = floats if kind == "float" else lambda shape, s: integers(shape, s, kind)
    x = make(layer.x_shape, seed)
    if layer.weight_shape is None:
        return x, None, None
    outs = layer.out_channels if layer.shared else layer.out_features
    return x, make(layer.weight_shape, seed + 1), make((outs,), seed + 2) if layer.bias else None
