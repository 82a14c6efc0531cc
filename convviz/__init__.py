"""convviz: every structure of a convolutional network, set, watched and taken away.

>>> import convviz as cv
>>> trace = cv.trace(cv.Conv(input_size=5, kernel_size=3, stride=2, padding=1))
>>> len(trace), trace.output.shape
(9, (1, 3, 3))
"""

from convviz import early  # noqa: F401 - the first import, before those that take their time
from convviz.applied import Applied
from convviz.code import from_pytorch, to_code
from convviz.errors import LayerError
from convviz.export.save import save
from convviz.kernels import combined, kernel
from convviz.known import known
from convviz.layers import (
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    Conv,
    ConvTranspose,
    Dense,
    MaxPool,
    PixelShuffle,
    Upsample,
    depthwise,
    pointwise,
)
from convviz.layers.elementwise import Add, BatchNorm, Multiply, ReLU, Scale, Sigmoid, Softmax, Tanh
from convviz.layers.learn import Learn
from convviz.layers.rearrange import ChannelShuffle, Concat, Crop, Flatten, Reshape, Select
from convviz.learning import descend
from convviz.network import GatedConv, Network
from convviz.output import output
from convviz.reaching import seen
from convviz.run import Run, trace
from convviz.scene.build import scene
from convviz.scene.compare import compare
from convviz.scene.scene import Scene
from convviz.separable import separable
from convviz.trace import Scatter, Step, Trace

__version__ = "0.1.0"

__all__ = [
    "AdaptiveAvgPool",
    "AdaptiveMaxPool",
    "Add",
    "Applied",
    "AvgPool",
    "BatchNorm",
    "ChannelShuffle",
    "Concat",
    "Conv",
    "ConvTranspose",
    "Crop",
    "Dense",
    "Flatten",
    "GatedConv",
    "LayerError",
    "Learn",
    "MaxPool",
    "Multiply",
    "Network",
    "PixelShuffle",
    "ReLU",
    "Reshape",
    "Run",
    "Scale",
    "Scatter",
    "Scene",
    "Select",
    "Sigmoid",
    "Softmax",
    "Step",
    "Tanh",
    "Trace",
    "Upsample",
    "combined",
    "compare",
    "depthwise",
    "descend",
    "from_pytorch",
    "kernel",
    "known",
    "output",
    "pointwise",
    "save",
    "scene",
    "seen",
    "separable",
    "to_code",
    "trace",
]
