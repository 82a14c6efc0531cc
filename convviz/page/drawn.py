"""The picture of a state: its values made, its view drawn; and that of two settings which are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from convviz.applied import Applied
from convviz.kernels import kernel
from convviz.layers import Conv, Layer
from convviz.layers.linear import Array
from convviz.network import Network, Reading, stack_of
from convviz.page.kernels import divisor_of, kernel_of
from convviz.page.values import Values, newest
from convviz.recognised import shipped
from convviz.run import Run
from convviz.run import trace as run
from convviz.scene.build import scene
from convviz.scene.compare import alike_in, common_view, compared, part_of, union
from convviz.scene.differing import Side
from convviz.scene.limits import refuse_large
from convviz.scene.photo import walked
from convviz.scene.scene import Scene
from convviz.scene.view import View
from convviz.scene.views import VIEWS
from convviz.text import say
from convviz.tokens import SENTENCES
from convviz.trace import Trace, trace

if TYPE_CHECKING:
    from convviz.page.state import State


def picture(state: State) -> Scene:
    """The picture of a state. Raises LayerError for a layer that its view cannot show, and for two that cannot be
    compared."""
    if state.kept is None:
        return _side(state, state.layer, state.weight, None).scene
    layers = (state.kept.layer, state.layer)
    view = common_view(layers[0], layers[1], state.view)
    layers = alike_in(view, layers[0], layers[1])
    whole = union(layers[0].x_shape, layers[1].x_shape)
    one = _side(state, layers[0], state.kept.weight, whole)
    other = _side(state, layers[1], state.weight, whole)
    if state.kept.weight == state.weight:
        return compared(one, other, state.language)
    names = [_name(layer, weight, state.language) for layer, weight in zip(layers, _weights(state), strict=True)]
    return compared(Side(one.shown, one.scene, names[0]), Side(other.shown, other.scene, names[1]), state.language)


def ran(state: State) -> Trace | Run:
    """The values that a state shows: the steps of its layer, or the run of its stack."""
    stack, x = state.stack, _input(state, state.layer, None)
    if VIEWS[state.seen].whole:
        return walked(_applied(state.single, x, state.weight))
    return _traced(state.single, x, state.weight) if stack is None else _run(stack, x, state.weight)


def _weights(state: State) -> tuple[Values, Values]:
    assert state.kept is not None
    return state.kept.weight, state.weight


def _name(layer: Layer | Network, weight: Values, language: str) -> str:
    """What a kernel is called; "" where it has no name."""
    kernel = None if stack_of(layer) else kernel_of(cast(Layer, layer), weight)
    if kernel is None:
        return ""
    name = say(f"kernel.{kernel.name}.label", language)
    return say("kernel.changed", language, name=name) if weight.edits else name


def _side(state: State, layer: Layer | Network, weight: Values, whole: tuple[int, ...] | None) -> Side:
    """What is shown of a layer or a stack, and its picture; whole: the shape of the input that it reads a part of."""
    view, language, stack = VIEWS[state.view], state.language, stack_of(layer)
    if refused := view.refuses(layer):
        raise refused
    options = _options(state, view, layer) | _times(state, layer) | (dict(view.afar) if state.present else {})
    options |= _second(state, layer) if view.second else {}
    options |= {"at": state.at} if state.at else {}
    shown: Trace | Run | Network | Applied | Layer
    if stack is None:
        single = cast(Layer, layer)
        if view.whole:
            shown = _applied(single, _input(state, layer, whole), weight)
        elif not view.values:
            shown = single
        else:
            refuse_large(single)  # before any array is made: a link may name any size
            shown = _traced(single, _input(state, layer, whole), weight)
    else:
        shown = _run(stack, _input(state, layer, whole), weight) if view.has_values(stack) else stack
    return Side(shown, scene(shown, view.name, language, tones=state.tones, **options))


def _input(state: State, layer: Layer | Network, whole: tuple[int, ...] | None) -> Array:
    """The values of a layer's input: of two that are compared, what lies first of the one input of both."""
    if isinstance(layer, Reading):
        return _ink(state.x, layer)
    if whole is None:
        return state.x.array(layer.x_shape, 0, 5)
    return part_of(state.x.moved(state.layer.x_shape, whole).array(whole, 0, 5), layer.x_shape)


def _ink(x: Values, layer: Network) -> Array:
    """The field of a digit, from 0, paper, to 1, ink; of values that are of no digit the largest is ink."""
    (plain,) = Values(x.kind, x.numbers, (), x.name).arrays([layer.x_shape], 0, 5)
    return x.typed([np.maximum(plain, 0) / max(1, plain.max())])[0]


def _traced(layer: Layer, x: Array, weight: Values) -> Trace:
    if layer.weight_shape is None:
        return trace(layer, x)
    return trace(layer, x, weight.array(layer.weight_shape, -1, 2, offset=1), divisor=divisor_of(layer, weight))


def _second(state: State, layer: Layer | Network) -> dict[str, object]:
    """The kernel that comes after the first, of the same size; none where it is the same again."""
    if not state.then:
        return {}
    weights, divisor = kernel(state.then, cast(Layer, layer).kernel_size)
    return {"then": (weights, divisor)}


def _applied(layer: Layer, x: Array, weight: Values) -> Applied:
    """A filter on a photograph: one kernel for all of its channels."""
    kernel = weight.array((1, 1, *layer.kernel_size), -1, 2, offset=1)
    return Applied(cast(Conv, layer), x, np.repeat(kernel, len(x), axis=0), divisor_of(layer, weight))


def _run(network: Network, x: Array, weight: Values) -> Run:
    """A stack on values: the weights of each layer in order."""
    weight = Values(edits=weight.edits) if weight.name else weight  # a kernel's name is of one layer
    if isinstance(network, Reading):
        return run(network, x, _trained(network, weight))
    learning = {node.name: node.layer.weight_shape for node in network.nodes if node.parameters}
    weights = dict(zip(learning, weight.arrays(list(learning.values()), -1, 2, offset=1), strict=True))
    return run(network, x, weights)


def _trained(network: Reading, weight: Values) -> dict[str, tuple[Array, Array]]:
    """The weights that training has found, with what is typed over them."""
    found = shipped(network.block.trained)
    typed = weight.typed([own for own, _ in found.values()])
    return {name: (own, bias) for (name, (_, bias)), own in zip(found.items(), typed, strict=True)}


def _times(state: State, layer: Layer | Network) -> dict[str, object]:
    """The time of the first value, for a view that says the times of a series."""
    if state.x.kind != "series" or not VIEWS[state.view].times:
        return {}
    return {"since": int(newest(int(state.x.numbers[0]), layer.input_size[-1]).times[0])}


def _options(state: State, view: View, layer: Layer | Network) -> dict[str, object]:
    """What a view makes of the kind of the input's values."""
    if not stack_of(layer):
        if not (state.x.grey and view.pixels):
            return {}
        in_colour = view.colours and state.x.in_colour(layer.x_shape[0])
        return {"pixels": "colours" if in_colour else True}
    found: dict[str, object] = {}
    if view.stacks and view.stacks.pixels and state.x.grey:
        found["pixels"] = True
    if view.stacks and view.stacks.words and state.x.kind == "sentence":
        name = list(SENTENCES)[int(state.x.numbers[0])]
        found["words"] = tuple(
            tuple(say(f"tokens.{name}.{part}", state.language).split()) for part in ("words", "features")
        )
    return found
