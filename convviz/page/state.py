"""The State: everything that a page shows, as one immutable value, and as the query of a link.

    ?v=1&layer=conv2d-i5-k3-s2-p1&x=s3~4:-2&w=v1_0_-1&view=flat&theme=dark&lang=zh&step=12

Whatever equals the lesson's opening state is left out, so that links stay short.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from typing import cast
from urllib.parse import urlencode

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.lessons import LESSONS, Lesson
from convviz.network import Network, stack_from_text, stack_of, stack_to_text
from convviz.page.kernels import divisor_of, weights_from_text
from convviz.page.values import Values, values_from_text
from convviz.run import Run
from convviz.run import trace as run
from convviz.scene.build import scene
from convviz.scene.limits import refuse_large
from convviz.scene.scene import Scene
from convviz.scene.views import VIEWS
from convviz.text import LANGUAGES
from convviz.themes import THEMES
from convviz.trace import Trace, trace

VERSION = "1"
AUTO = "auto"
"""The theme that follows the browser's: light or dark."""


LENT = "beat"
"""What a link says of tones that the open beat has turned on."""

SHOWN = 120
"""Letters of a stack's text that an error shows."""


@dataclass(frozen=True)
class State:
    """What a page shows.

    lesson: its name; layer: a Layer or, for a stack, a Network; x, weight: where their values come from; view; theme,
    or AUTO; language; step: the one shown first; beat: which beat of the lesson is open, 0 for none; tones: whether all
    values are shown as colours; lent: whether the open beat has turned that on, and so turns it off again.
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
    tones: bool = False
    lent: bool = False

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
        """The layer that is shown, for where it is known that it is no stack."""
        return cast(Layer, self.layer)

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

    def scene(self) -> Scene:
        """The picture, in this state's view and language."""
        return _drawn(State("", self.layer, self.seen, self.x, self.weight, language=self.language, tones=self.tones))


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
    if refused := view.refuses(state.layer):
        raise refused
    if stack is None:
        options = {"pixels": True} if state.x.grey and view.pixels else {}
        shown = _traced(state.single, state.x, state.weight)
        return scene(shown, view.name, language, tones=state.tones, **options)
    run_or_stack = _run(stack, state.x, state.weight) if view.has_values(stack) else stack
    return scene(run_or_stack, view.name, language, tones=state.tones)


@cache
def _plain(lesson: str) -> State:
    """The state that a lesson opens with, in English."""
    plan = LESSONS[lesson]
    return State(lesson, stack_from_text(plan.opening), plan.views[0])


@cache
def setting(text: str) -> Layer | Network:
    """A setting that a lesson names, as the layer or the stack that it stands for."""
    return stack_from_text(text)


def opening(lesson: str, language: str = "en") -> State:
    """The state that a lesson opens with."""
    plain = _plain(lesson)
    return plain if language == plain.language else replace(plain, language=language)


def changed(layer: Layer, arguments: Mapping[str, object]) -> Layer:
    """A layer with other values for some of its arguments. Raises LayerError where it cannot be."""
    made: Layer = replace(layer, **arguments)  # a layer is a dataclass
    return made


def to_query(state: State) -> dict[str, str]:
    """The query of the link that restores a state.

    >>> to_query(replace(opening("convolution"), step=3))
    {'v': '1', 'step': '3'}
    """
    plain = _plain(state.lesson)
    said = {
        "layer": (state.text, plain.text),
        "x": (state.x.text(), plain.x.text()),
        "w": (state.weight.text(), plain.weight.text()),
        "view": (state.view, plain.view),
        "tones": (LENT if state.lent else str(int(state.tones)), "0"),
        "theme": (state.theme, AUTO),
        "lang": (state.language, "en"),
        "beat": (str(state.beat), "0"),
        "step": (str(state.step), str(_usual_step(state))),
    }
    query = {name: text for name, (text, usual) in said.items() if text != usual}
    return {"v": VERSION} | query if query else {}


def link(state: State) -> str:
    """The query of a state's link as text, without the step, which the player adds.

    >>> link(replace(opening("convolution"), view="matrix"))
    'v=1&view=matrix'
    """
    query = to_query(state)
    query.pop("step", None)
    return urlencode(query if query.keys() > {"v"} else {}, safe="~:,.")


def from_query(query: Mapping[str, str], lesson: str, language: str = "en") -> tuple[State, list[LayerError]]:
    """The state of a link, and the errors in it; a part that cannot be read keeps its opening value.

    language: for links that name none.
    """
    state, wrong = opening(lesson, language), []
    if query.get("v", VERSION) != VERSION:
        return state, [LayerError("version", "link", None, value=query["v"], nearest=VERSION)]
    for name, read in _READERS.items():
        if name not in query:
            continue
        try:
            state = read(state, query[name], LESSONS[lesson])
        except LayerError as error:
            wrong.append(error)
    if "step" not in query:
        state = replace(state, step=_usual_step(state))
    try:
        steps = state.scene().steps
    except LayerError as error:
        safe = replace(opening(lesson, state.language), theme=state.theme)
        return safe, [*wrong, error]
    return replace(state, step=min(state.step, steps - 1)), wrong


def _usual_step(state: State) -> int:
    """The step that a link without one opens: the first, or that of the open beat."""
    return (LESSONS[state.lesson].beats[state.beat - 1].step or 0) if state.beat else 0


def read_layer(state: State, text: str, lesson: Lesson) -> State:
    """The state with the layer, or the stack, of a text; raises LayerError for one that the lesson does not take."""
    after = replace(state, layer=stack_from_text(text))
    if not _takes(lesson, after):
        wanted = f"{lesson.layer}, {lesson.layer}~{lesson.layer}" if lesson.stacks else lesson.layer
        fix, nearest = {"layer": lesson.opening}, _elsewhere(after)
        raise LayerError("lesson_kind", "layer", fix, value=text, wanted=wanted, nearest=nearest)
    return after


def _takes(lesson: Lesson, state: State) -> bool:
    """Whether a lesson shows such a layer or stack."""
    return state.layer.kind == lesson.layer and (bool(lesson.stacks) or not state.stack)


def _elsewhere(state: State) -> str:
    """Where to see a layer or a stack that this lesson does not show: another lesson's address, or the command."""
    text = state.text if len(state.text) <= SHOWN else f"{state.text[:SHOWN]}..."
    other = next((name for name, lesson in LESSONS.items() if _takes(lesson, state)), None)
    return f"/{other}?layer={text}" if other else f'convviz gif "{text}"'


def read_view(state: State, text: str, lesson: Lesson) -> State:
    """The state in another view; raises LayerError for one that the lesson does not have."""
    if text not in (*lesson.views, *(lesson.stack_views if lesson.stacks else ())):
        raise LayerError("view_name", "view", {"view": lesson.views[0]}, value=text, nearest=lesson.views[0])
    return replace(state, view=text)


def _read_theme(state: State, text: str, lesson: Lesson) -> State:
    if text not in (AUTO, *THEMES):
        raise LayerError("theme", "theme", {"theme": AUTO}, value=text, nearest=AUTO)
    return replace(state, theme=text)


def _read_language(state: State, text: str, lesson: Lesson) -> State:
    if text not in LANGUAGES:
        raise LayerError("language", "language", {"language": "en"}, value=text, nearest="en")
    return replace(state, language=text)


def _whole(field: str, text: str) -> int:
    if not (text.isdigit() and text.isascii() and len(text) <= 6):
        raise LayerError("count", field, {field: 0}, value=text, nearest=0)
    return int(text)


def _read_tones(state: State, text: str, lesson: Lesson) -> State:
    if text not in ("0", "1", LENT):
        raise LayerError("count", "tones", {"tones": 1}, value=text, nearest=1)
    return replace(state, tones=text != "0", lent=text == LENT)


def _read_step(state: State, text: str, lesson: Lesson) -> State:
    return replace(state, step=_whole("step", text))


def _read_beat(state: State, text: str, lesson: Lesson) -> State:
    return replace(state, beat=min(_whole("beat", text), len(lesson.beats)))


_READERS: dict[str, Callable[[State, str, Lesson], State]] = {
    "lang": _read_language,
    "theme": _read_theme,
    "layer": read_layer,
    "x": lambda state, text, lesson: replace(state, x=values_from_text(text)),
    "w": lambda state, text, lesson: replace(state, weight=weights_from_text(text)),
    "view": read_view,
    "tones": _read_tones,
    "beat": _read_beat,
    "step": _read_step,
}
