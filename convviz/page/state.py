"""The State: everything that a page shows, as one immutable value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from typing import cast

from convviz.layers import Layer, Parameter
from convviz.layers.gated import GatedBlock
from convviz.lessons import LESSONS
from convviz.lessons.lesson import Told
from convviz.network import Gated, Network, block_of, stack_from_text, stack_of, stack_to_text
from convviz.page.kernels import divisor_of, weights_from_text
from convviz.page.values import Values, newest, values_from_text
from convviz.run import Run
from convviz.run import trace as run
from convviz.scene.build import scene
from convviz.scene.limits import refuse_large
from convviz.scene.scene import Scene
from convviz.scene.view import View
from convviz.scene.views import VIEWS
from convviz.text import say
from convviz.tokens import SENTENCES
from convviz.trace import Trace, trace

AUTO = "auto"
"""The theme that follows the browser's: light or dark."""


@dataclass(frozen=True)
class State:
    """What a page shows.

    lesson: its name; layer: a Layer or, for a stack, a Network; x, weight: where their values come from; view; theme,
    or AUTO; language; step: the one shown first; beat, myth: which beat or which misconception of the lesson is open, 0
    for none; challenge: whether its closing task is open; tones: whether all values are shown as colours, as a
    photograph's are in any case; present: whether it is shown to a class, large and alone.
    """

    lesson: str
    layer: Layer | Network
    view: str
    x: Values = field(default_factory=Values)
    weight: Values = field(default_factory=Values)
    theme: str = AUTO
    language: str = "en"
    step: int = 0
    beat: int = 0
    myth: int = 0
    tones: bool = False
    present: bool = False
    challenge: bool = False

    @property
    def told(self) -> Told | None:
        """What the lesson says beside the picture: a beat, a misconception or the closing task."""
        return LESSONS[self.lesson].told(self.beat, self.myth, self.challenge)

    @cached_property
    def text(self) -> str:
        """The layer, or the stack, as text."""
        return stack_to_text(self.layer)

    @property
    def stack(self) -> Network | None:
        """What is shown, if it is a stack of layers."""
        return stack_of(self.layer)

    @property
    def single(self) -> Layer:
        """The layer that is shown, or the arguments of a gated block, for where it is known that it is no stack."""
        return cast(Layer, block_of(self.layer) or self.layer)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Those of what is shown; a stack of layers has none of its own."""
        return getattr(self.single, "parameter_list", ())

    @property
    def views(self) -> tuple[str, ...]:
        """The ways to look at such a layer, or at a stack, that the lesson has."""
        plan = LESSONS.get(self.lesson)
        if plan is None:
            return (self.view,)
        return plan.stack_views if self.stack else plan.views

    @property
    def seen(self) -> str:
        """The view that is shown: the one that was chosen, or the first that there is for a stack."""
        return self.view if self.view in self.views else self.views[0]

    @property
    def has_values(self) -> bool:
        """Whether the picture shows the values of the cells; the counts of a stack have none."""
        return self._shows_values(self.seen)

    @property
    def offers_values(self) -> bool:
        """Whether the picture has values, or another view of it has: that view may be turned to without a new page."""
        return any(map(self._shows_values, self.views))

    def _shows_values(self, view: str) -> bool:
        return VIEWS[view].has_values(self.layer)

    @property
    def toned(self) -> bool:
        """Whether all values are shown as colours."""
        return self.tones or self.x.grey

    def ran(self) -> Trace | Run:
        """The values that the picture shows: the steps of a layer, or a stack's run."""
        return (
            _traced(self.single, self.x, self.weight) if self.stack is None else _run(self.stack, self.x, self.weight)
        )

    def scene(self, afar: bool = False) -> Scene:
        """The picture, in this state's view and language; afar: as it is presented, to be seen from afar."""
        drawn = State("", self.layer, self.seen, self.x, self.weight, language=self.language, tones=self.toned)
        return _drawn(replace(drawn, present=True) if afar and VIEWS[self.seen].afar else drawn)


def _traced(layer: Layer, x: Values, weight: Values) -> Trace:
    refuse_large(layer)  # before any array is made: a link may name any size
    values = x.array(layer.x_shape, 0, 5)
    if layer.weight_shape is None:
        return trace(layer, values)
    return trace(layer, values, weight.array(layer.weight_shape, -1, 2, offset=1), divisor=divisor_of(layer, weight))


def _run(network: Network, x: Values, weight: Values) -> Run:
    """A stack on values: x as for a layer, and the weights of each layer in order."""
    weight = Values(edits=weight.edits) if weight.name else weight  # a kernel's name is of one layer
    learning = {node.name: node.layer.weight_shape for node in network.nodes if node.parameters}
    weights = dict(zip(learning, weight.arrays(list(learning.values()), -1, 2, offset=1), strict=True))
    return run(network, x.array(network.x_shape, 0, 5), weights)


@lru_cache(maxsize=48)
def _drawn(state: State) -> Scene:
    """Scenes never change, so recent ones are cached for all visitors; state: no more of it than is drawn."""
    view, language, stack = VIEWS[state.view], state.language, state.stack
    afar = dict(view.afar) if state.present else {}
    if refused := view.refuses(state.layer):
        raise refused
    if stack is None:
        in_colour = view.colours and state.x.in_colour(state.single.x_shape[0])
        options = _times(state) | afar
        if state.x.grey and view.pixels:
            options["pixels"] = "colours" if in_colour else True
        shown = _traced(state.single, state.x, state.weight)
        return scene(shown, view.name, language, tones=state.tones, **options)
    run_or_stack = _run(stack, state.x, state.weight) if view.has_values(stack) else stack
    options = _options(state, view) | _times(state) | afar
    return scene(run_or_stack, view.name, language, tones=state.tones, **options)


def _times(state: State) -> dict[str, object]:
    """The time of the first value, for a view that says the times of a series."""
    if state.x.kind != "series" or not VIEWS[state.view].times:
        return {}
    return {"since": int(newest(int(state.x.numbers[0]), state.layer.input_size[-1]).times[0])}


def _options(state: State, view: View) -> dict[str, object]:
    """What a view of a network makes of the kind of its input's values."""
    found: dict[str, object] = {}
    if view.stacks and view.stacks.pixels and state.x.grey:
        found["pixels"] = True
    if view.stacks and view.stacks.words and state.x.kind == "sentence":
        name = list(SENTENCES)[int(state.x.numbers[0])]
        found["words"] = tuple(
            tuple(say(f"tokens.{name}.{part}", state.language).split()) for part in ("words", "features")
        )
    return found


@cache
def _plain(lesson: str) -> State:
    """The state that a lesson opens with, in English."""
    plan = LESSONS[lesson]
    x = values_from_text(plan.x) if plan.x else Values()
    weight = weights_from_text(plan.weight) if plan.weight else Values()
    return State(lesson, stack_from_text(plan.opening), plan.views[0], x, weight, tones=plan.tones)


@cache
def setting(text: str) -> Layer | Network:
    """A setting that a lesson names, as the layer or the stack that it stands for."""
    return stack_from_text(text)


def opening(lesson: str, language: str = "en") -> State:
    """The state that a lesson opens with."""
    plain = _plain(lesson)
    return plain if language == plain.language else replace(plain, language=language)


def changed(layer: Layer, arguments: Mapping[str, object]) -> Layer | Network:
    """A layer, or a gated block, with other values for some of its arguments. Raises LayerError where it cannot be."""
    made = replace(layer, **arguments)  # a layer is a dataclass
    return Gated(made) if isinstance(made, GatedBlock) else made
