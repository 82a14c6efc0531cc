"""channels: the planes of the input, a row of kernels for each map, what each channel adds to it, and the maps."""

from __future__ import annotations

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.scene.channels import volumes
from convviz.scene.scene import Scene
from convviz.scene.slabs import Form
from convviz.scene.view import Narrow, View
from convviz.scene.volumes import Pixels
from convviz.trace import Trace


def channels(trace: Trace, language: str = "en", pixels: Pixels = False) -> Scene:
    """Lay out a convolution in one or two dimensions, its planes apart; `pixels` shows inputs as pixels."""
    return volumes(trace, language, Form(), "channels", pixels)


def refuse(layer: Layer) -> None:
    """Refuse a layer that does not sum the products of several channels on a plane."""
    refuse_other(layer, "channels")


def refuse_other(layer: Layer, view: str) -> None:
    """The same, for one of the views that show channels as planes."""
    slides = layer.shared and layer.weight_shape is not None and not layer.spreads
    if slides and len(layer.input_size) < 3:
        return
    key = "view_space" if slides else "view_sums"
    raise LayerError(key, "view", {"view": "flat"}, value=view, nearest="flat")


VIEW = View(
    "channels",
    channels,
    refuse,
    pixels=True,
    colours=True,
    aspect=0.42,
    narrow=Narrow(tall=1.8, holds="=+", aligned=True),
)
