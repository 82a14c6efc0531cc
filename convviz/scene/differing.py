"""What differs between two settings and their pictures: numbers, arguments, and cells of one place."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, NamedTuple

import numpy as np

from convviz.applied import Applied
from convviz.layers import Layer, Parameter
from convviz.layers.notation import value_text
from convviz.network import Network, block_of, stack_of, stack_to_text
from convviz.run import Run
from convviz.scene.layout import times
from convviz.scene.marks import Grid, Ints
from convviz.scene.roles import ROLES
from convviz.scene.scales import HEAT, counted, keyed
from convviz.scene.scene import Scene
from convviz.text import catalogue, say
from convviz.trace import Trace

SHORT = 12
"""Layers up to which the rates of a stack are told."""


@dataclass(frozen=True, eq=False)
class Side:
    """One of two settings: what is shown of it, a trace, a run or, of a picture of counts, a network; and its picture.

    own: what tells it from the other besides its arguments, as the name of its kernel; "" for nothing.
    """

    shown: Trace | Run | Network | Applied | Layer
    scene: Scene
    own: str = ""

    @property
    def layer(self) -> Any:
        """Its layer or network."""
        if isinstance(self.shown, Run):
            return self.shown.network
        return self.shown.layer if isinstance(self.shown, Trace) else self.shown


class Told(NamedTuple):
    """Something that is told of each of two settings, and whether it differs."""

    texts: tuple[str, str]
    differs: bool


class Paired(NamedTuple):
    """Cells of one place in two pictures: (n,) cell numbers of each, and (n,) whether what they show differs."""

    one: Ints
    other: Ints
    differs: Any


def settings(one: Side, other: Side, language: str) -> list[Told]:
    """The arguments that differ, each as its name and value, and what else tells the two apart.

    >>> import convviz as cv
    >>> sides = [Side(trace, cv.scene(trace)) for trace in map(cv.trace, (cv.Conv(5, 3), cv.Conv(5, 3, stride=2)))]
    >>> [told.texts for told in settings(*sides, "en")]
    [('stride s = 1', 'stride s = 2')]
    """
    first, second = _layers(one.layer), _layers(other.layer)
    found = []
    if [type(layer) for layer in first] == [type(layer) for layer in second]:
        for place, pair in enumerate(zip(first, second, strict=True)):
            for texts in _arguments(*pair, language, place == 0):
                found.append(texts if len(first) == 1 else _of_layer(place + 1, texts, language))
    else:
        found = list(zip(_described(one.layer, language), _described(other.layer, language), strict=True))
    if one.own != other.own:
        found.append((one.own, other.own))
    elif not found and _other_weights(one.shown, other.shown):
        found.append(("", say("compare.weights", language)))
    return [Told(texts, True) for texts in found]


def _layers(shown: Any) -> list[Any]:
    """What has arguments in a layer or a network: the layers of a row, a gated block, or a network as a whole."""
    if block := block_of(shown):
        return [block]
    return list(shown.layers) if all(hasattr(layer, "parameter_list") for layer in shown.layers) else [shown]


def _of_layer(n: int, texts: tuple[str, str], language: str) -> tuple[str, str]:
    """What is told of the layer n of two stacks."""
    one, other = (say("compare.layer", language, n=n, said=text) for text in texts)
    return one, other


def _arguments(one: Any, other: Any, language: str, size: bool) -> list[tuple[str, str]]:
    """The arguments of two layers that differ; size: also the input's size, which follows from the layer before."""
    names = [p for p in getattr(one, "parameter_list", ()) if size or p.name != "input_size"]
    differing = [p for p in names if getattr(one, p.name) != getattr(other, p.name)]
    return [(_argument(one, p, language), _argument(other, p, language)) for p in differing]


def _described(shown: Any, language: str) -> list[str]:
    """A layer or a stack in short: how many layers, and their rates where there are not many."""
    if stack_of(shown) is None or block_of(shown):
        return [stack_to_text(shown)]
    count, rates = len(shown.layers), [getattr(layer, "dilation", (1,))[0] for layer in shown.layers]
    said = say("compare.layers", language, count=count)
    if count > SHORT or max(rates) == 1:
        return [said]
    return [said + say("compare.rates", language, rates=", ".join(map(str, rates)))]


def _argument(layer: Layer, parameter: Parameter, language: str) -> str:
    name = say(f"control.{parameter.name}.label", language)
    return say("fix.one", language, name=name[:1].lower() + name[1:], value=_value(layer, parameter, language))


def _value(layer: Layer, parameter: Parameter, language: str) -> str:
    value = getattr(layer, parameter.name)
    if isinstance(value, bool):
        return say("fix.on" if value else "fix.off", language)
    if isinstance(value, str):
        return catalogue(language).get(f"choice.{value}", value).replace("：", ":").split(":")[0]
    return value_text(value).replace("x", " × ")


def _other_weights(one: Any, other: Any) -> bool:
    """Whether two runs, or traces, of one setting have other weights."""
    if isinstance(one, Trace) and isinstance(other, Trace):
        return one.divisor != other.divisor or not np.array_equal(one.weight, other.weight)
    if not (isinstance(one, Run) and isinstance(other, Run)):
        return False
    learning = [node.name for node in one.nodes if node.has_taps and node.parameters]
    return any(_other_weights(one[name], other[name]) for name in learning)


def numbers(one: Side, other: Side, language: str) -> list[Told]:
    """The output's size, the weights, the multiply-accumulates and the receptive field of both."""
    said = [_numbers(side.layer, language) for side in (one, other)]
    return [Told(texts, texts[0] != texts[1]) for texts in zip(*said, strict=True)]


def _numbers(layer: Any, language: str) -> list[str]:
    network = stack_of(layer) or Network([layer])
    shape = network.output_shape
    size = times(shape[1:] if shape[0] == 1 and len(shape) > 1 else shape)
    return [
        say("compare.output", language, size=size),
        say("board.weights", language, weights=layer.parameters),
        say("board.macs", language, macs=layer.macs),
        say("compare.field", language, size=times(network.receptive_field())),
    ]


def paired(one: Side, other: Side) -> Paired:
    """The cells of one place whose numbers can be compared: outputs, and the counts of a picture of counts.

    Two outputs are of one place where their channel and their index are the same; two counts of inputs likewise.
    """
    pairs = _counts(one.scene, other.scene)
    if found := _outputs(one, other):
        pairs.append(found)
    if not pairs:
        nothing: Ints = np.zeros(0, dtype=np.int64)
        return Paired(nothing, nothing, nothing > 0)
    ones, others, differ = (np.concatenate(column) for column in zip(*pairs, strict=True))
    return Paired(ones, others, differ)


def _outputs(one: Side, other: Side) -> Paired | None:
    """The cells that show outputs of one place; two numbers differ where they are not equal, however they are shown."""
    marks = [_written(side) for side in (one, other)]
    first, second = marks
    if first is None or second is None or first.ndim != second.ndim:
        return None
    shared = tuple(slice(min(pair)) for pair in zip(first.shape, second.shape, strict=True))
    values = [_output(side).reshape(own.shape)[shared] for side, own in ((one, first), (other, second))]
    differs = np.asarray(values[0] != values[1], dtype=bool).ravel()
    return Paired(first[shared].ravel(), second[shared].ravel(), differs)


def _output(side: Side) -> Any:
    shown: Any = side.shown  # a trace or a run: a network has no values
    return np.asarray(shown.output)


def _written(side: Side) -> Ints | None:
    """(channels, *output_size): the cells that show the output; None where a picture shows no values of it."""
    scene, layer = side.scene, side.layer
    if stack_of(side.shown):
        return None
    shape = _output(side).shape
    shape = shape if len(shape) > len(layer.output_size) else (1, *shape)
    steps, channels = prod(shape[1:]), shape[0]
    if scene.view == "stack":
        return np.arange(scene.cells - prod(shape), scene.cells).reshape(shape)
    if sums := [grid for grid in scene.grids if grid.name == "sum"]:
        own = [grid.first + np.flatnonzero(grid.roles == ROLES.index("output")) for grid in sums]
        marks = np.concatenate(own)
    else:
        marks = scene.track["current"].marks[-steps:].T
    if marks.size != prod(shape) or (marks < 0).any() or (scene.roles[marks] == HEAT).any():
        return None
    return np.asarray(marks).reshape(channels, *shape[1:])


def _counts(one: Scene, other: Scene) -> list[Paired]:
    """The counts of corresponding boards, by their places among the counts of their board."""
    counterparts = dict(keyed(other.grids))
    found = []
    for key, grid in keyed(one.grids):
        if (mate := counterparts.get(key)) is None or not (counted(grid) and counted(mate)):
            continue
        first, second = _counted(grid), _counted(mate)
        both = sorted(first.keys() & second.keys())
        differs = [grid.texts[first[p]] != mate.texts[second[p]] for p in both]
        cells = [np.array([own[p] for p in both], dtype=np.int64) for own in (first, second)]
        found.append(Paired(grid.first + cells[0], mate.first + cells[1], np.array(differs, dtype=bool)))
    return found


def _counted(grid: Grid) -> dict[tuple[int, int], int]:
    """{(row, column): cell} of a board's counts; rows and columns that have none are not counted."""
    own = np.isin(grid.roles, (HEAT, ROLES.index("unread")))
    cells = np.flatnonzero(own)
    rows, columns = np.divmod(cells, grid.columns)
    places = zip(np.unique(rows, return_inverse=True)[1], np.unique(columns, return_inverse=True)[1], strict=True)
    return {(int(row), int(column)): int(cell) for (row, column), cell in zip(places, cells.tolist(), strict=True)}
