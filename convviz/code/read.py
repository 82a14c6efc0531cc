"""Pasted PyTorch or Keras code as a network: read as data, never run. docs/reading-code.md has what is understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from convviz.code import guessing
from convviz.code.applying import apply, in_order
from convviz.code.building import Building, Enough, Left, Need
from convviz.code.calls import call, made
from convviz.code.executing import block, body
from convviz.code.lines import LONGEST, Refused
from convviz.code.printed import Printed, chain, is_printed, printed
from convviz.code.problem import CodeError, Place, Problem
from convviz.code.running import Run
from convviz.code.statements import Program, program
from convviz.code.values import Chain, Class, Function, Instance, Leaf, Site, Tensor
from convviz.errors import LayerError
from convviz.graph import INPUT, Shape
from convviz.network import Network

_KERAS = re.compile(
    r"\bkeras\b|\btensorflow\b|\btf\.|\b\w*(?:Conv|Pool|Pooling|Padding|Sampling)\dD\b|\bDense\(|\blayers\."
)
_PYTORCH = re.compile(r"\btorch\b|\bnn\.|\bF\.|\b\w*(?:Conv|Pool|Norm)\dd\b|\bLinear\(")


TRIED = 3000
"""After so many steps no other size of the input is tried."""


class Read(NamedTuple):
    """What a text says. network: what is understood of it, None where nothing is; problems: what is not understood, or
    does not fit, in the order of the text; framework: "pytorch" or "keras"; left_out: layers such as dropout."""

    network: Network | None
    problems: tuple[Problem, ...]
    framework: str
    left_out: tuple[Left, ...] = ()


class _Text(NamedTuple):
    """A text, taken apart. shown: what it shows, where it is what `print(model)` shows."""

    parsed: Program
    framework: str
    shown: list[Printed] | None


@dataclass
class _Outcome:
    """What one reading gives: what was built, and where it ends."""

    building: Building
    end: object = None
    need: Need | None = None
    steps: int = 0

    @property
    def rank(self) -> tuple[int, int]:
        """The less of it does not fit, and the more there is, the better."""
        return -self.building.misfits, len(self.building.nodes)


def read(text: str, input_shape: object = None) -> Read:
    """What PyTorch or Keras code describes, as a network; it is read as data, and nothing of it is ever run.

    text: calls of layers, a Sequential, a class with its `__init__` and perhaps its `forward`, lines of either, what
    `print(model)` shows. input_shape: one side of the input, a side for each axis, or (channels, *sides); left out,
    what the text says, or what the first layer and the dense layers take. Never raises for any text: what is not
    understood or does not fit is a `Problem` with its line and column, and what is understood is shown all the same.

    >>> found = read("nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flat())", 32)
    >>> [node.name for node in found.network.nodes], found.network.output_shape
    (['conv1', 'relu2', 'maxpool3'], (8, 15, 15))
    >>> found.problems[0].line, found.problems[0].column
    (1, 63)
    """
    try:
        return unguarded(text, input_shape)
    except Exception:  # a fault of the reader: whoever pastes a text is told that it is not understood
        framework = framework_of(text)
        return Read(None, (_nothing(text, framework),), framework)


def unguarded(text: str, input_shape: object = None) -> Read:
    """`read`, which raises where the reader itself has a fault: what tests call."""
    framework = framework_of(text)
    try:
        shown = printed(text) if len(text) <= LONGEST and is_printed(text) else None
        parsed = Program([], []) if shown else program(text)
    except Refused as refused:
        return Read(None, (refused.problem,), framework)
    wanted = input_shape if input_shape is not None else guessing.told(text)
    try:
        outcome = _best(_Text(parsed, framework, shown), wanted)
    except LayerError as error:
        return Read(None, (Problem(1, 1, error),), framework)
    return _finished(text, framework, parsed, outcome)


def framework_of(text: str) -> str:
    """The framework in whose words a text is: "keras" where it has more of Keras's words, else "pytorch".

    >>> framework_of("layers.Dense(10)"), framework_of("nn.Linear(4, 10)")
    ('keras', 'pytorch')
    """
    keras, pytorch = (len(words.findall(text[:100_000])) for words in (_KERAS, _PYTORCH))
    return "keras" if keras > pytorch else "pytorch"


def from_pytorch(text: str, input_size: object = None) -> Network:
    """The network that PyTorch or Keras code describes. Nothing is run; see `convviz.code.read` for what is understood.

    input_size: 224, (224, 224) or (3, 224, 224); left out, what the text says, or what fits its layers. Raises
    LayerError, with line and column, for the first place that is not understood or does not fit.

    >>> net = from_pytorch("nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())", 32)
    >>> net.output_shape, net.parameters
    ((8, 30, 30), 224)
    """
    found = read(text if isinstance(text, str) else "", input_size)
    if found.problems:
        raise CodeError(found.problems[0])
    assert found.network is not None  # a text without layers is a problem
    return found.network


def _best(text: _Text, wanted: object) -> _Outcome:
    """The reading whose input fits best; raises LayerError for an input that cannot be."""
    first = _attempt(text, None)
    if first.need is None and first.building.shape is None and isinstance(first.end, Tensor):
        first.need = Need(2, None)  # nothing that takes any shape says which
    if first.need is None and (wanted is None or first.building.shape is None):
        return first
    need = first.need or Need(len(first.building.shape or ()) - 1, (first.building.shape or (1,))[0])
    if wanted is not None:
        given = _attempt(text, guessing.settled(wanted, need))
        if need.channels is not None or given.building.asked is None:
            return given
        other = _attempt(text, guessing.settled(wanted, Need(need.dims, given.building.asked)))
        return max(given, other, key=lambda one: one.rank)
    best: _Outcome | None = None
    spent = 0
    shapes = guessing.shapes(need)
    for shape in shapes:
        outcome = _attempt(text, shape)
        if best is None or outcome.rank > best.rank:
            best = outcome
        spent += outcome.steps
        if need.channels is None and outcome.building.asked and shape == shapes[0]:
            shapes.insert(1, guessing.shapes(Need(need.dims, outcome.building.asked, first=need.first))[0])
            continue
        if not outcome.building.misfits or not outcome.building.sized or spent > TRIED:
            break
    return best or first


def _attempt(text: _Text, shape: Shape | None) -> _Outcome:
    """Read the statements for an input of a shape; None: until the first layer needs it."""
    building = Building(shape)
    run = Run(building, text.framework, call, body)
    outcome = _Outcome(building)
    try:
        if text.shown:
            outcome.end = in_order(run, [chain(run, text.shown)], building.start)
        else:
            block(run, text.parsed.statements, run.outer)
            outcome.end = _end(run)
    except Need as need:
        outcome.need = need
    except Enough:
        pass
    outcome.steps = run.steps
    return outcome


def _end(run: Run) -> object:
    """What the network ends in: the last tensor that was made, or what the modules of the text make of the input."""
    building = run.building
    if building.nodes:
        return building.end or _last(building)
    loose = [one for one in run.made if not one.taken and not one.used]
    methods = {n: f for n, f in run.outer.items() if isinstance(f, Function) and _is_method(f)}
    objects = [one for one in loose if isinstance(one, Instance)]
    if methods:
        owner = run.implied_object(next(iter(methods.values())).statement.place)
        owner.kind.methods |= methods
        if start := methods.get("__init__"):
            run.body(run, start.statement.body, {"self": owner})
        return apply(run, owner, [building.start], {}, "")
    if objects:
        return apply(run, objects[-1], [building.start], {}, "")
    if not loose:
        classes = [one for one in run.outer.values() if isinstance(one, Class)]
        if not classes:
            return None
        kind = classes[-1]
        first = kind.methods.get("__init__") or next(iter(kind.methods.values()), None)
        site = Site(first.statement.place if first else Place(1, 1), kind.name)
        return apply(run, made(run, kind, [], {}, replace(site, name="")), [building.start], {}, "")
    if len(loose) == 1:
        return _single(run, loose[0])
    return in_order(run, list(loose), building.start)


def _is_method(function: Function) -> bool:
    arguments = getattr(function.statement.node, "args", None)
    return bool(arguments and arguments.args and arguments.args[0].arg == "self")


def _single(run: Run, module: Leaf | Chain | Instance) -> object:
    """A module alone; a row of modules may say the shape of its input."""
    if isinstance(module, Chain):
        if module.shape and run.building.shape is None:
            run.building.shape = module.shape
        module.site = replace(module.site, name="")
    return apply(run, module, [run.building.start], {}, "")


def _last(building: Building) -> Tensor:
    name = next(reversed(building.nodes))
    return Tensor(name, building.shapes[name])


def _finished(text: str, framework: str, parsed: Program, outcome: _Outcome) -> Read:
    """The network as far as it goes, and all that is to be told, in the order of the text."""
    building = outcome.building
    end = outcome.end
    if isinstance(end, Tensor) and end.pads:
        place = parsed.statements[-1].place if parsed.statements else Place(1, 1)
        building.misfit(place, building.alone([end], Site(place, "padding")))
    problems = sorted([*parsed.problems, *building.problems], key=lambda one: one[:2])
    network = _network(building, end)
    if network is None and not problems:
        problems = [_nothing(text, framework)]
    return Read(network, tuple(problems), framework, tuple(sorted(building.left_out)))


def _nothing(text: str, framework: str) -> Problem:
    shown = " ".join(text[:200].split())[:40]
    nearest = "layers.Conv2D(64, 3)" if framework == "keras" else "nn.Conv2d(3, 64, 3)"
    return Problem(1, 1, LayerError("code_nothing", "code", None, value=shown, nearest=nearest))


def _network(building: Building, end: object) -> Network | None:
    """The nodes that lead to the end; to the last one where the end is not known."""
    if not building.nodes or building.shape is None:
        return None
    last = end.name if isinstance(end, Tensor) and end.name != INPUT else next(reversed(building.nodes))
    kept: set[str] = set()
    wanted = [last]
    while wanted:
        name = wanted.pop()
        if name not in kept and name != INPUT:
            kept.add(name)
            wanted += building.nodes[name][1]
    return Network({n: (layer, list(i)) for n, (layer, i) in building.nodes.items() if n in kept}, building.shape)
