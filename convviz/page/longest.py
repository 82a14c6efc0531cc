"""How long an animation may be that the page saves. The command saves any."""

from __future__ import annotations

from dataclasses import replace
from math import prod

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.arguments import brief
from convviz.layers.memory import refuse
from convviz.network import Network
from convviz.page.state import State
from convviz.scene.limits import drawn
from convviz.scene.moments import PACES, count_unfolded

MOST = 4_000_000
"""Frames times cells: some 2,000 frames of the smallest pictures, which take about ten seconds to draw."""

KEY = "too_long"
"""The error's name."""


def refuse_long(state: State, pace: str = PACES[0]) -> None:
    """Refuse an animation of too many frames and cells, and name a smaller layer whose animation can be saved.

    pace: one of PACES.

    >>> from convviz.page.state import opening
    >>> refuse_long(opening("convolution"))
    """
    count = _count(state, pace)
    if count <= MOST:
        return
    if state.stack and not state.parameters:
        _refuse_stack(state, state.stack, count, pace)
    scale = count / _told(state.single)  # of a gated block: of one of its convolutions
    refuse(state.single, KEY, count, MOST, lambda smaller: _told(smaller) * scale <= MOST * 0.95)


def _count(state: State, pace: str) -> int:
    scene = state.scene()
    return count_unfolded(scene, pace) * scene.cells


def _told(layer: Layer) -> int:
    """About the same, from the layer's sizes alone: its steps are its outputs or, for stamps, its inputs."""
    layer = getattr(layer, "conv", layer)
    steps = prod(layer.input_size) if layer.spreads else prod(layer.output_size)
    return max(steps, 1) * drawn(layer)


def _refuse_stack(state: State, network: Network, count: int, pace: str) -> None:
    """Halve the stack's input until its animation can be saved."""
    size = network.input_size
    nearest = network.receptive_field()
    while max(size) > 1:
        size = tuple(max(side // 2, 1) for side in size)
        try:
            layers: list[Layer] = []
            for layer in network.layers:
                layers.append(replace(layer, input_size=layers[-1].output_size if layers else size))
            if _count(replace(state, layer=Network(layers)), pace) <= MOST:
                nearest = size
                break
        except LayerError:
            break
    value, said = brief(network.input_size), brief(nearest)
    raise LayerError(KEY, "input_size", {"input_size": said}, value=value, count=count, most=MOST, nearest=said)
