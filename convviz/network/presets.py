"""Networks that are known by a name, as data: who built them so, the input that they read, and their layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from convviz.errors import LayerError
from convviz.graph import INPUT, Shape
from convviz.layers.arguments import sizes
from convviz.network import branching, classic
from convviz.network.draft import Draft
from convviz.network.network import Network


@dataclass(frozen=True)
class Preset:
    """A network that is known by its name.

    name: in links and in `known`; source: who built it so; write: writes down its layers; shape: of the input that was
    published, (channels, *size); fixed: whether it takes no other.
    """

    name: str
    source: str
    write: Callable[[Draft], None]
    shape: Shape
    fixed: bool = False


@dataclass(frozen=True)
class Known(Network):
    """The network of a preset. text: its name, and the size of its input where that is another than the preset's."""

    text: str = field(default="", kw_only=True)


PICTURE = (3, 224, 224)
PRESETS = (
    Preset("lenet5_1998", "LeCun, Bottou, Bengio, Haffner 1998", classic.lenet5_1998, (1, 32, 32), fixed=True),
    Preset("lenet5", "after LeCun et al. 1998", classic.lenet5, (1, 32, 32), fixed=True),
    Preset("alexnet_2012", "Krizhevsky, Sutskever, Hinton 2012", classic.alexnet_2012, (3, 227, 227), fixed=True),
    Preset("alexnet_slim", "TensorFlow-Slim, alexnet_v2", classic.alexnet_slim, PICTURE),
    Preset("alexnet", "torchvision", classic.alexnet, PICTURE),
    Preset("vgg16", "Simonyan, Zisserman 2015", classic.vgg16, PICTURE),
    Preset("resnet18", "torchvision", branching.resnet18, PICTURE),
    Preset("resnet50", "torchvision", branching.resnet50, PICTURE),
    Preset("resnet50_slim", "TensorFlow-Slim, resnet_v1_50", branching.resnet50_slim, PICTURE),
    Preset("mobilenet_v1", "TensorFlow-Slim, mobilenet_v1", classic.mobilenet_v1, PICTURE),
    Preset("mobilenet_v1_p1", "PyTorch, padding 1", classic.mobilenet_v1_p1, PICTURE),
    Preset("unet", "Ronneberger, Fischer, Brox 2015", branching.unet, (1, 572, 572)),
    Preset("dcgan", "PyTorch's DCGAN tutorial, generator", classic.dcgan, (100, 1, 1)),
)
"""The known networks, the oldest first."""

BY_NAME = {preset.name: preset for preset in PRESETS}


def preset_named(name: object) -> Preset:
    """The preset of a name. Raises LayerError for a name that is not known."""
    if name not in BY_NAME:
        nearest = (get_close_matches(str(name), BY_NAME, 1, 0.0) or [PRESETS[0].name])[0]
        fix = {"network": nearest}
        raise LayerError("known", "network", fix, value=name, names=", ".join(BY_NAME), nearest=nearest)
    return BY_NAME[str(name)]


def known(name: str, input_size: object = None) -> Network:
    """A network that is known by its name, one of `convviz.known.KNOWN`, over an input of another size if one is given.

    Raises LayerError for another name, and for a size that the network does not take.

    >>> net = known("vgg16")
    >>> net.parameters, net.output_size
    (138357544, (1000,))
    >>> known("resnet50", 112).summary()[-4].output_size
    (4, 4)
    """
    preset = preset_named(name)
    wanted = preset.shape[1:] if input_size is None else sizes("input_size", input_size, len(preset.shape) - 1)
    return _over(preset, wanted)


@lru_cache(maxsize=32)
def _over(preset: Preset, size: Shape) -> Known:
    """The network over an input of a size; raises LayerError with the nearest square that it takes."""
    fits = size == preset.shape[1:] or not preset.fixed
    try:
        if fits:
            return made(preset, size)
    except LayerError:
        pass
    fix = _nearest(preset, max(size)) if fits else preset.shape[1]
    said = {"value": size, "name": preset.name, "nearest": fix}
    raise LayerError("known_size", "input_size", {"input_size": fix}, **said)


def made(preset: Preset, size: Shape) -> Known:
    """The network over an input of a size, made anew. Raises LayerError where it does not take it."""
    draft = Draft((preset.shape[0], *size))
    preset.write(draft)
    side = size[:1] if len(set(size)) == 1 else size
    text = preset.name if size == preset.shape[1:] else f"{preset.name}-i{'x'.join(map(str, side))}"
    return Known(draft.nodes, draft.shapes[INPUT], text=text)


def _nearest(preset: Preset, side: int) -> int:
    """The side of the square that a network takes, nearest to one that it does not take, towards the published one."""
    wrong, right = side, preset.shape[1]
    while abs(right - wrong) > 1:
        middle = (wrong + right) // 2
        wrong, right = (wrong, middle) if _takes(preset, middle) else (middle, right)
    return right


def _takes(preset: Preset, side: int) -> bool:
    try:
        return bool(made(preset, (side, side)).nodes)
    except LayerError:
        return False
