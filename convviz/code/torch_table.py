"""PyTorch's layers and functions by name."""

from __future__ import annotations

from functools import partial

from convviz.code.torch_layers import (
    Entry,
    adaptive_layer,
    channels_layer,
    conv_layer,
    flatten_layer,
    glu_layer,
    instance_layer,
    linear_layer,
    normal_layer,
    pad_layer,
    pool_layer,
    shuffle_layer,
    single_layer,
    softmax_layer,
    transposed_layer,
    unflatten_layer,
    upsample_layer,
)
from convviz.layers import AdaptiveAvgPool, AdaptiveMaxPool, AvgPool, MaxPool
from convviz.layers.elementwise import ReLU, Sigmoid, Tanh

_CONV = "kernel_size stride=1 padding=0 dilation=1 groups=1 bias=True padding_mode=zeros"
_TRANSPOSED = "kernel_size stride=1 padding=0 output_padding=0 groups=1 bias=True dilation=1 padding_mode=zeros"
_PADS = {"Zero": "zeros", "Reflection": "reflect", "Replication": "replicate", "Circular": "circular"}


def _by_axes(n: int) -> dict[str, Entry]:
    found = {f"{fill}Pad{n}d": Entry("padding", partial(pad_layer, n, mode)) for fill, mode in _PADS.items()}
    found[f"ConstantPad{n}d"] = Entry("padding value", partial(pad_layer, n, "zeros"))
    for lazy, words in (("", "in_channels out_channels "), ("Lazy", "out_channels ")):
        found[f"{lazy}Conv{n}d"] = Entry(words + _CONV, partial(conv_layer, n, bool(lazy)), True)
        found[f"{lazy}ConvTranspose{n}d"] = Entry(words + _TRANSPOSED, partial(transposed_layer, n, bool(lazy)), True)
        features = ("" if lazy else "num_features ") + "eps=None momentum=0 affine=True"
        found[f"{lazy}BatchNorm{n}d"] = Entry(features, partial(normal_layer, n), True)
    found[f"InstanceNorm{n}d"] = Entry("num_features eps=None momentum=0 affine=False", partial(instance_layer, n))
    largest = "kernel_size stride=None padding=0 dilation=1 return_indices=False ceil_mode=False"
    found[f"MaxPool{n}d"] = Entry(largest, partial(pool_layer, MaxPool, n))
    mean = "kernel_size stride=None padding=0 ceil_mode=False count_include_pad=True divisor_override=None"
    found[f"AvgPool{n}d"] = Entry(mean, partial(pool_layer, AvgPool, n))
    found[f"AdaptiveMaxPool{n}d"] = Entry(
        "output_size return_indices=False", partial(adaptive_layer, AdaptiveMaxPool, n)
    )
    found[f"AdaptiveAvgPool{n}d"] = Entry("output_size", partial(adaptive_layer, AdaptiveAvgPool, n))
    return found


ACTIVATIONS = [
    "GELU",
    "LeakyReLU",
    "ELU",
    "SELU",
    "CELU",
    "SiLU",
    "Mish",
    "Hardswish",
    "Hardsigmoid",
    "Hardtanh",
    "ReLU6",
    "Softplus",
    "Softsign",
    "Softshrink",
    "Hardshrink",
    "Tanhshrink",
    "Threshold",
    "LogSigmoid",
    "LogSoftmax",
    "RReLU",
]
"""Activations that the engine does not compute: they change no shape and have no weights."""

DROPPED = [
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "Dropout3d",
    "AlphaDropout",
    "FeatureAlphaDropout",
    "Identity",
    "LocalResponseNorm",
]
"""Layers of which nothing is left after training, or that change no shape and have no weights."""

LAYERS: dict[str, Entry] = {
    **{name: entry for n in (1, 2, 3) for name, entry in _by_axes(n).items()},
    "Linear": Entry("in_features out_features bias=True", linear_layer, True),
    "LazyLinear": Entry("out_features bias=True", linear_layer, True),
    "Flatten": Entry("start_dim=1 end_dim=-1", flatten_layer),
    "Unflatten": Entry("dim unflattened_size", unflatten_layer),
    "ReLU": Entry("inplace=False", single_layer(ReLU())),
    "Sigmoid": Entry("", single_layer(Sigmoid())),
    "Tanh": Entry("", single_layer(Tanh())),
    "Softmax": Entry("dim=None", softmax_layer),
    "Softmax2d": Entry("dim=1", softmax_layer),
    "Upsample": Entry("size=None scale_factor=None mode=nearest align_corners=None", partial(upsample_layer, {})),
    "UpsamplingNearest2d": Entry("size=None scale_factor=None", partial(upsample_layer, {"mode": "nearest"})),
    "UpsamplingBilinear2d": Entry(
        "size=None scale_factor=None", partial(upsample_layer, {"mode": "bilinear", "align_corners": True})
    ),
    "PixelShuffle": Entry("upscale_factor", shuffle_layer),
    "ChannelShuffle": Entry("groups", channels_layer),
    "GLU": Entry("dim=-1", glu_layer),
}
"""What is understood of `torch.nn`."""

LEFT_OUT = frozenset((*ACTIVATIONS, *DROPPED))
"""What is left out of a network, whatever its arguments."""
