"""The State: everything that a page shows, as one immutable value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from typing import cast

from convviz.layers import Layer, Parameter
from convviz.layers.notation import BLOCKS
from convviz.lessons import LESSONS
from convviz.lessons.lesson import Told
from convviz.network import Network, spelled, spelled_of, stack_from_text, stack_of, stack_to_text
from convviz.page.drawn import picture, ran
from convviz.page.kernels import weights_from_text
from convviz.page.values import Values, values_from_text
from convviz.run import Run
from convviz.scene.scene import Scene
from convviz.scene.views import VIEWS
from convviz.trace import Trace

AUTO = "auto"
"""The theme that follows the browser's: light or dark."""


@dataclass(frozen=True)
class Kept:
    """A setting that stays while another one is compared with it: its layer, and where its weights come from."""

    layer: Layer | Network
    weight: Values = field(default_factory=Values)

    @cached_property
    def text(self) -> str:
        """The layer, or the stack, as text."""
        return stack_to_text(self.layer)


@dataclass(frozen=True)
class State:
    """What a page shows.

    lesson: its name; layer: a Layer or, for a stack, a Network; x, weight: where their values come from; view; theme,
    or AUTO; language; step: the one shown first; beat, myth: which beat or which misconception of the lesson is open, 0
    for none; challenge: whether its closing task is open; tones: whether all values are shown as colours, as a
    photograph's are in any case; present: whether it is shown to a class, large and alone; kept: the setting that this
    one is compared with, on the same input, or None; then: the name of the kernel that comes after the first where a
    view shows two, "" for the same again; at: where a network is edited, (the row that is, from 1, *the place of its
    output that is asked about), as far as they are chosen.
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
    kept: Kept | None = None
    challenge: bool = False
    then: str = ""
    at: tuple[int, ...] = ()

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
        """The layer that is shown, or the arguments of what is spelled out, where it is known that it is no stack."""
        return cast(Layer, spelled_of(self.layer) or self.layer)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Those of what is shown; a stack of layers has none of its own."""
        return getattr(self.single, "parameter_list", ())

    @property
    def views(self) -> tuple[str, ...]:
        """The ways to look at such a layer, or at a stack, that the lesson has; of two, those that compare both."""
        plan = LESSONS.get(self.lesson)
        if plan is None:
            return (self.view,)
        own = plan.stack_views if self.stack else plan.views
        if self.kept is None:
            return own
        other = plan.stack_views if stack_of(self.kept.layer) else plan.views
        return tuple(view for view in own if view in other and VIEWS[view].compares) or own[:1]

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

    @property
    def takes_values(self) -> bool:
        """Whether one of the views of what is shown has values: what has views of its own may have none."""
        own = getattr(self.layer, "views", self.views)
        return any(self._shows_values(view) for view in self.views if view in own)

    def _shows_values(self, view: str) -> bool:
        return VIEWS[view].has_values(self.layer)

    @property
    def toned(self) -> bool:
        """Whether all values are shown as colours."""
        return self.tones or self.x.grey

    def ran(self) -> Trace | Run:
        """The values that the picture shows: the steps of a layer, or a stack's run."""
        return ran(self)

    @property
    def _asked_about(self) -> tuple[int, ...]:
        """What is chosen of what the picture asks about; of rows that of the step, where none is."""
        if VIEWS[self.seen].asks == "row":
            return self.at or (self.step + 1,)
        return self.at if VIEWS[self.seen].asks else ()

    def scene(self, afar: bool = False) -> Scene:
        """The picture, in this state's view and language; afar: as it is presented, to be seen from afar."""
        values = (self.x, self.weight)
        drawn = State("", self.layer, self.seen, *values, language=self.language, tones=self.toned, kept=self.kept)
        drawn = replace(drawn, then=self.then if VIEWS[self.seen].second else "")
        drawn = replace(drawn, at=self._asked_about)
        if VIEWS[self.seen].whole:
            return _drawn_large(drawn)
        return _drawn(replace(drawn, present=True) if afar and VIEWS[self.seen].afar else drawn)


@lru_cache(maxsize=48)
def _drawn(state: State) -> Scene:
    """Scenes never change, so recent ones are cached for all visitors; state: no more of it than is drawn."""
    return picture(state)


@lru_cache(maxsize=8)
def _drawn_large(state: State) -> Scene:
    """The same of pictures that have photographs in them, some megabytes each."""
    return picture(state)


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
    """A layer, or what is spelled out, with other values of some arguments. Raises LayerError where it cannot be."""
    made = replace(layer, **arguments)  # a layer is a dataclass
    return spelled(made) if isinstance(made, BLOCKS) else made
