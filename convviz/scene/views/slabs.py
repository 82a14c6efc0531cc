"""slabs: the same as `channels`, seen from the side: the planes of a volume stand one before the other."""

from __future__ import annotations

from convviz.layers import Layer
from convviz.scene.channels import volumes
from convviz.scene.scene import Scene
from convviz.scene.slabs import Form
from convviz.scene.view import Narrow, View
from convviz.scene.views.channels import refuse_other
from convviz.scene.volumes import Pixels
from convviz.trace import Trace


def slabs(trace: Trace, language: str = "en", pixels: Pixels = False) -> Scene:
    """Lay out a convolution in one or two dimensions, its planes as slabs; `pixels` shows inputs as pixels."""
    return volumes(trace, language, Form(slabs=True), "slabs", pixels)


def refuse(layer: Layer) -> None:
    """Refuse a layer that does not sum the products of several channels on a plane."""
    refuse_other(layer, "slabs")


VIEW = View("slabs", slabs, refuse, pixels=True, colours=True, aspect=0.42, narrow=Narrow(tall=1.5, holds="=+"))
