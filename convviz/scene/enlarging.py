"""Ways to make a map larger by the same factor: a transposed convolution, and two stacks that do without one.

Each is a network of one channel. Run on ones with weights of ones, it gives at each output the number of products that
its learned convolution sums there: a copied or moved value is no product, and one with padding is none either.

Source: Odena, Dumoulin and Olah, "Deconvolution and Checkerboard Artifacts" (Distill, 2016); Shi et al., "Real-Time
Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural Network" (arXiv 1609.05158).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from convviz.errors import LayerError
from convviz.layers import Conv, Layer, PixelShuffle, Upsample
from convviz.layers.upsample import NEAREST
from convviz.network import Network
from convviz.run import Run, trace
from convviz.scene.parts import one_channel


@dataclass(frozen=True)
class Way:
    """A way to enlarge: its name, its layers, and which of them has weights."""

    name: str
    network: Network
    learned: Layer

    def ones(self) -> Run:
        """The way's run on ones, all its weights ones: its output is `counts`."""
        weights = [np.ones(self.learned.weight_shape or (), dtype=np.int64)]
        return trace(self.network, np.ones(self.network.x_shape, dtype=np.int64), weights)


def refuse_unenlarging(layer: Layer, view: str) -> None:
    """Refuse a layer that is no transposed convolution of one channel, and one whose stride is 1 on every axis."""
    if not layer.spreads:
        key = "view_transposed"
    elif not one_channel(layer):
        key = "view_channels"
    elif max(layer.stride) == 1:
        raise LayerError("enlarge_stride", "view", {"stride": 2}, value=view, nearest=2)
    else:
        return
    raise LayerError(key, "view", {"view": "flat"}, value=view, nearest="flat")


def same_sized(layer: Layer) -> Layer:
    """A transposed convolution whose output is input x stride: the layer, or the layer with padding "same".

    >>> from convviz.layers import ConvTranspose
    >>> same_sized(ConvTranspose(4, 3, stride=2)).output_size, same_sized(ConvTranspose(4, 4, stride=2, padding=1)).pads
    ((8, 8), ((1, 1), (1, 1)))
    """
    plain = replace(layer, bias=False, flip=False)
    if plain.output_size == tuple(i * s for i, s in zip(plain.input_size, plain.stride, strict=True)):
        return plain
    return replace(plain, padding="same", output_padding=0)


def ways(layer: Layer, mode: str = NEAREST) -> tuple[Way, ...]:
    """The layer, and what else brings its input to input x stride with a kernel of its size and dilation.

    Upsampling (in `mode`), then a convolution; and a convolution to one channel for each place between inputs, then a
    pixel shuffle, where there is one: over two axes with the same stride. Raises LayerError for an unknown mode.

    >>> from convviz.layers import ConvTranspose
    >>> [way.name for way in ways(ConvTranspose(4, 3, stride=2))], len(ways(ConvTranspose((4,), 3, stride=2)))
    (['transposed', 'upsampled', 'shuffled'], 2)
    """
    first, size, stride = same_sized(layer), layer.input_size, layer.stride
    large = Upsample(size, stride, mode)
    after = Conv(large.output_size, layer.kernel_size, padding="same", dilation=layer.dilation)
    found = [Way("transposed", Network([first]), first), Way("upsampled", Network([large, after]), after)]
    if len(size) == 2 and len(set(stride)) == 1:
        before = replace(after, input_size=size, out_channels=stride[0] ** 2)
        found.append(Way("shuffled", Network([before, PixelShuffle(size, stride[0])]), before))
    return tuple(found)
