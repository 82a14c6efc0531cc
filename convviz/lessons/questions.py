"""What a beat can ask before its picture shows it, and the ways in which people usually go wrong: all by the engine.

An answer is a number, or a set of cells: of inputs, channel after channel, or of outputs, in raster order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import product
from math import ceil, prod
from typing import NamedTuple

import numpy as np

from convviz.layers import Layer
from convviz.layers.digit import Digit
from convviz.layers.linear import Array
from convviz.learning import descend
from convviz.lessons.facts import facts
from convviz.moving import knowing
from convviz.network import Network, Reading
from convviz.run import Run
from convviz.scene.shifting import shifted
from convviz.scene.views.backward import handed
from convviz.trace import Trace, trace

Cells = frozenset[int]
Answer = float | Cells


@dataclass(frozen=True)
class Case:
    """What is shown while a question is asked: the layer, the block or the stack, its step, and a way to run it."""

    shown: Layer | Network
    step: int
    run: Callable[[], Trace | Run]

    @property
    def numbers(self) -> dict[str, float]:
        """Its facts that are numbers."""
        found = facts(self.shown)
        return {name: float(str(value)) for name, value in found.items()}

    @property
    def traced(self) -> Trace:
        """The run of a single layer."""
        ran = self.run()
        assert isinstance(ran, Trace), "a question about a layer is asked of a layer"
        return ran

    @property
    def output(self) -> tuple[int, ...]:
        """Where the output is that the step writes."""
        return tuple(map(int, np.unravel_index(self.step, self.traced.layer.taps.output_shape)))

    @property
    def input(self) -> tuple[int, ...]:
        """Where the input is that the step stamps, in a picture that goes from input to input."""
        return tuple(map(int, np.unravel_index(self.step, self.traced.layer.taps.input_shape)))

    def node(self, name: str) -> float:
        """What a node of a gated block gives at the step."""
        ran = self.run()
        assert isinstance(ran, Run), "only a block has nodes"
        return float(ran.values[name].ravel()[self.step])


class Subject(NamedTuple):
    """What is asked. right: the answer; hides: what the picture leaves out meanwhile: "reads", what the step reads is
    not marked; "output", the boards of what is written are not there; "values", nothing but the input and the kernel
    has any. first: the track of the scene's order from which on nothing is written, "" for its first; takes: the cells
    to choose, "input" or "output"; marks: the track whose cells are marked as what is asked about; keeps: the board
    that keeps its values where the others lose them; boards: those that have none meanwhile, by name.
    """

    right: Callable[[Case], Answer]
    hides: frozenset[str] = frozenset()
    first: str | None = None
    takes: str = ""
    marks: str = "current"
    keeps: str = ""
    boards: tuple[str, ...] = ()


def _fact(name: str) -> Callable[[Case], Answer]:
    return lambda case: case.numbers[name]


def _at(shape: tuple[int, ...], places: object, channels: int = 1) -> Cells:
    """Places, (n, axes), of which those outside of the shape are none, as numbers of cells, in every channel."""
    rows = np.asarray(places).reshape(-1, len(shape))
    inside = rows[((rows >= 0) & (rows < shape)).all(axis=1)]
    flat = np.ravel_multi_index(tuple(inside.T), shape)
    return frozenset(int(cell + channel * prod(shape)) for cell in flat for channel in range(channels))


def _inputs_read(case: Case) -> Cells:
    layer = case.traced.layer
    return _at(layer.taps.input_shape, layer.taps.gathered(case.output)[0], layer.x_shape[0])


def _outputs_fed(case: Case) -> Cells:
    layer = case.traced.layer
    return _at(layer.taps.output_shape, layer.taps.scattered(case.input)[0])


def _changed(case: Case) -> float:
    """How many outputs of a pooling are not the same once its input is shifted as at the step."""
    ran = case.traced
    after = trace(ran.layer, shifted(ran.x, case.step + 1)).output
    return float((after != ran.output).sum())


def _handed(case: Case) -> float:
    """To how many inputs a pooling hands the gradient of the output that the step is about."""
    sources = case.traced.layer.taps.flat_sources[case.step]
    return float(((handed(case.traced)[case.step] != 0) & (sources >= 0)).sum())


def _knowing(case: Case) -> float:
    """How many networks recognise a digit where it lies at the step."""
    digit = case.shown
    assert isinstance(digit, Digit), "only digits are recognised"
    return float(knowing(digit.digit, case.step, digit.shuffled))


def _four(case: Case, name: str) -> Array:
    """The four values of the followed map that the step's pooled value is the largest of, as a node gives them."""
    ran = case.run()
    assert isinstance(ran, Run) and isinstance(case.shown, Reading), "only the network that reads digits has maps"
    rows = ran["maxpool3"].layer.taps.flat_sources[case.step]
    return np.asarray(ran.values[name][case.shown.block.map - 1].ravel()[rows])


def _next(case: Case, by: Callable[[float, float], float]) -> float:
    """The first weight of a kernel after the step, that is learned by `by` from its gradient and the learning rate."""
    run = descend(case.traced)
    return float(run.kernels[case.step, 0] + by(float(run.gradients[case.step, 0]), run.rate))


SUBJECTS: dict[str, Subject] = {
    "output": Subject(lambda case: float(case.traced.output.ravel()[case.step]), first=""),
    "passed": Subject(lambda case: case.node("product"), first="sigmoid"),
    "size": Subject(_fact("o"), frozenset({"reads", "output"}), first=""),
    "weights": Subject(_fact("weights")),
    "read": Subject(_fact("read"), frozenset({"reads", "values"})),
    "inputs": Subject(_inputs_read, frozenset({"reads"}), takes="input", first=""),
    "changed": Subject(_changed, first=""),
    "handed": Subject(_handed, frozenset({"values"}), marks="of"),
    "knowing": Subject(_knowing, frozenset({"values"}), marks="begun", keeps="field"),
    "own_weights": Subject(_fact("weights"), frozenset({"values"})),
    "sees": Subject(_fact("field"), boards=("field", "padding", "centre")),
    "after": Subject(_fact("o"), boards=("shape", "macs")),
    "layer_weights": Subject(_fact("weights"), boards=("weights", "macs")),
    "pooled": Subject(lambda case: float(_four(case, "relu2").max()), first="rectified"),
    "dense": Subject(_fact("dense")),
    "next": Subject(lambda case: _next(case, lambda gradient, rate: -rate * gradient)),
    "outputs": Subject(_outputs_fed, frozenset({"reads", "values"}), takes="output", first=""),
}
"""What can be asked, by name."""


def _with(case: Case, **arguments: object) -> dict[str, float]:
    """The facts of the layer with other arguments."""
    return replace(case, shown=replace(case.shown, **arguments)).numbers


def _flipped(case: Case) -> float:
    """The kernel rotated by 180°, as in a true convolution."""
    ran = case.traced
    other: Layer = replace(ran.layer, flip=not ran.layer.flip)
    return float(trace(other, ran.x, ran.weight).output.ravel()[case.step])


def _unweighted(case: Case) -> float:
    """The values under the window added, without the weights."""
    values = case.traced.x.ravel()
    return float(sum(values[cell] for cell in _inputs_read(case)))


def _averaged(case: Case) -> float:
    """The mean of the inputs under the window."""
    return _unweighted(case) / len(_inputs_read(case))


def _multiplied(case: Case) -> float:
    """A dilated kernel taken to span size times rate."""
    f = case.numbers
    return (f["i"] + 2 * f["p"] - f["k"] * f["d"]) // f["s"] + 1


def _rounded_up(shown: Layer | Network) -> int:
    size = shown.input_size[0]  # of a row of layers each of which rounds up
    for layer in shown.layers:
        size = ceil((size + sum(layer.pads[0]) - layer.span[0]) / layer.stride[0]) + 1
    return int(size)


NUMBERS: dict[str, Callable[[Case], float]] = {
    "unweighted": _unweighted,
    "summed": _unweighted,
    "averaged": _averaged,
    "flipped": _flipped,
    "fraction": lambda case: case.numbers["exact"],
    "ceiled": lambda case: ceil(case.numbers["exact"]),
    "rounded_up": lambda case: ceil(case.numbers["exact"]),
    "none_change": lambda case: 0.0,
    "all_change": lambda case: case.numbers["steps"],
    "all_know": lambda case: case.numbers["networks"],
    "none_know": lambda case: 0.0,
    "one_for_all": lambda case: case.numbers["one"],
    "one_an_input": lambda case: case.numbers["inputs"] * case.numbers["cells"],
    "all_get": lambda case: float(len(_inputs_read(case))),
    "unstrided": lambda case: _with(case, stride=1)["o"],
    "undilated": lambda case: _with(case, dilation=1)["o"],
    "multiplied": _multiplied,
    "padded_out": lambda case: _with(case, padding=0)["o"] + 2 * case.numbers["p"],
    "uncropped": lambda case: _with(case, padding=0)["o"],
    "cropped_once": lambda case: _with(case, padding=0)["o"] - case.numbers["p"],
    "apart": lambda case: case.numbers["i"] // case.numbers["k"],
    "untouched": lambda case: case.numbers["i"],
    "whole_field": lambda case: case.numbers["field"],
    "multiplied_kernels": lambda case: prod(layer.kernel_size[0] for layer in case.shown.layers),
    "one_channel": lambda case: case.numbers["weights"] // case.numbers["c"],
    "one_map": lambda case: case.numbers["weights"] // case.numbers["m"],
    "shared_kernel": lambda case: case.numbers["cells"],
    "ordinary": lambda case: _with(case, groups=1)["weights"],
    "shared_halves": lambda case: case.numbers["one"],
    "uphill": lambda case: _next(case, lambda gradient, rate: rate * gradient),
    "unscaled": lambda case: _next(case, lambda gradient, rate: -gradient),
    "no_sigmoid": lambda case: case.node("value") * case.node("gate"),
    "switch": lambda case: case.node("value") * (case.node("gate") > 0),
    "unrectified": lambda case: float(_four(case, "conv1").max()),
    "averaged_four": lambda case: float(_four(case, "conv1").mean()),
    "one_score": lambda case: case.numbers["features"],
    "kernels_added": lambda case: sum(layer.kernel_size[0] for layer in case.shown.layers),
    "strides_alone": lambda case: case.numbers["i"] // prod(layer.stride[0] for layer in case.shown.layers),
    "rounded_each": lambda case: _rounded_up(case.shown),
    "added": lambda case: case.node("value") + case.node("sigmoid"),
}
"""The number that a mistake gives, by the mistake's name."""


def _blocks(case: Case, starts: Iterable[tuple[int, ...]]) -> list[Cells]:
    """From each start as many neighbouring cells as the kernel has: of the input, or of what a stamp is added to."""
    layer = case.traced.layer
    offsets = np.array(list(product(*map(range, layer.kernel_size))))
    shape = layer.taps.output_shape if layer.enlarges else layer.taps.input_shape
    return [_at(shape, np.array(start) + offsets) for start in starts]


def _adjacent(case: Case) -> list[Cells]:
    """A kernel without gaps, wherever in the input."""
    layer = case.traced.layer
    rooms = [range(size - k + 1) for size, k in zip(layer.input_size, layer.kernel_size, strict=True)]
    return _blocks(case, product(*rooms))


def _spanned(case: Case) -> list[Cells]:
    """All that the window spans, its gaps included."""
    read = case.traced.layer.taps.gathered(case.output)[0]
    spans = [range(first, last + 1) for first, last in zip(read.min(axis=0), read.max(axis=0), strict=True)]
    return [_at(case.traced.layer.taps.input_shape, list(product(*spans)))]


def _begun_before(part: int) -> Callable[[Case], list[Cells]]:
    """A window that begins its size less one, divided by `part`, before its output's own place; 0: at that place."""

    def found(case: Case) -> list[Cells]:
        back = [(k - 1) // part if part else 0 for k in case.traced.layer.kernel_size]
        return _blocks(case, [tuple(o - b for o, b in zip(case.output, back, strict=True))])

    return found


def _one_of_the_channels(case: Case) -> list[Cells]:
    """The inputs of one channel alone, whichever."""
    channels = case.traced.layer.x_shape[0]
    size = prod(case.traced.layer.taps.input_shape)
    return [frozenset(cell for cell in _inputs_read(case) if cell // size == n) for n in range(channels)]


SETS: dict[str, Callable[[Case], list[Cells]]] = {
    "adjacent": _adjacent,
    "spanned": _spanned,
    "centred": _begun_before(2),
    "onward": _begun_before(0),
    "one_of_the_channels": _one_of_the_channels,
    "stamped_close": lambda case: _blocks(case, [case.input]),
}
"""The sets of cells that a mistake gives, by the mistake's name."""

MISTAKES = (*NUMBERS, *SETS)


def mistaken(case: Case, name: str) -> list[Answer]:
    """The answers that a mistake gives."""
    return list(SETS[name](case)) if name in SETS else [NUMBERS[name](case)]
