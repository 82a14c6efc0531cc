"""convviz: every structure of a convolutional network, set, watched and taken away.

>>> import convviz as cv
>>> trace = cv.trace(cv.Conv(input_size=5, kernel_size=3, stride=2, padding=1))
>>> len(trace), trace.output.shape
(9, (1, 3, 3))
"""

from convviz import early  # noqa: F401 - the first import, before those that take their time

# isort: split
import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_FROM = {
    "applied": "Applied",
    "code": "from_pytorch to_code",
    "errors": "LayerError",
    "export.save": "save",
    "kernels": "combined kernel",
    "known": "known",
    "layers": "AdaptiveAvgPool AdaptiveMaxPool AvgPool Conv ConvTranspose Dense MaxPool PixelShuffle Upsample",
    "layers.conv": "depthwise pointwise",
    "layers.elementwise": "Add BatchNorm Multiply ReLU Scale Sigmoid Softmax Tanh",
    "layers.learn": "Learn",
    "layers.rearrange": "ChannelShuffle Concat Crop Flatten Reshape Select",
    "learning": "descend",
    "network": "GatedConv Network",
    "output": "output",
    "reaching": "seen",
    "run": "Run trace",
    "scene.build": "scene",
    "scene.compare": "compare",
    "scene.scene": "Scene",
    "separable": "separable",
    "trace": "Scatter Step Trace",
}
"""The modules that have the public names. Each is imported when one of its names is first asked for."""

_HOME = {name: module for module, names in _FROM.items() for name in names.split()}


def __getattr__(name: str) -> object:
    """A public name when it is first asked for, or a module of ours that nobody has imported yet."""
    if name in _HOME:
        found = globals()[name] = getattr(import_module(f"convviz.{_HOME[name]}"), name)
        return found
    if not name.startswith("_") and find_spec(f"convviz.{name}"):
        return import_module(f"convviz.{name}")
    raise AttributeError(f"module 'convviz' has no attribute {name!r}", name=name, obj=sys.modules[__name__])


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


class _Package(ModuleType):
    """Five functions have the name of a module, such as `trace`. Python writes a module into its package when it is
    imported, wherever that is; the function keeps its name."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
