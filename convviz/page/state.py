"""The State: everything that a page shows, as one immutable value, and as the query of a link.

    ?v=1&layer=conv2d-i5-k3-s2-p1&x=s3~4:-2&w=v1_0_-1&view=flat&theme=dark&lang=zh&step=12

Whatever equals the lesson's opening state is left out, so that links stay short.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from typing import TypedDict, Unpack, cast
from urllib.parse import urlencode

from convviz.errors import LayerError
from convviz.layers import Layer
from convviz.layers.notation import EXAMPLE, LONGEST
from convviz.lessons import LESSONS, Lesson
from convviz.network import BETWEEN, LAYERS, Network, stack_from_text, stack_to_text
from convviz.page.values import Values, values_from_text
from convviz.run import Run, trace
from convviz.scene.build import scene
from convviz.scene.limits import refuse_large
from convviz.scene.scene import Scene
from convviz.scene.view import natural
from convviz.scene.views import VIEWS
from convviz.text import LANGUAGES
from convviz.themes import THEMES
from convviz.trace import SEEDED, Trace

VERSION = "1"
AUTO = "auto"
"""The theme that follows the browser's: light or dark."""


RUN = "stack"
"""The view that shows a stack's values; the others count."""

SHOWN = 120
"""Letters of a stack's text that an error shows."""


@dataclass(frozen=True)
class State:
    """What a page shows.

    lesson: its name; layer: a Layer or, for a stack, a Network; x, weight: where their values come from; view; theme,
    or AUTO; language; step: the one shown first; beat: which beat of the lesson is open, 0 for none.
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

    @cached_property
    def text(self) -> str:
        """The text of the layer or the stack, written once a state: links, names and dials all read it here."""
        return stack_to_text(self.layer)

    @property
    def stack(self) -> Network | None:
        """The stack that is shown; None where a single layer is. What a page does differently for one asks here."""
        return self.layer if isinstance(self.layer, Network) else None

    @property
    def single(self) -> Layer:
        """The layer that is shown, for where it is known that it is no stack."""
        return cast(Layer, self.layer)

    @property
    def drawn(self) -> str:
        """The view that is drawn: the state's, or for a stack that it has no place for, the one that takes any."""
        return self.view if self.stack is None or VIEWS[self.view].stacks else natural(self.stack)

    @property
    def has_values(self) -> bool:
        """Whether the lesson has a view that shows values of what is shown: of a stack, most views only count."""
        return self.stack is None or RUN in LESSONS[self.lesson].views

    @property
    def picture(self) -> State:
        """The state with nothing left of what its picture does not depend on: two with the same one look the same."""
        plain = State("", self.layer, self.drawn, language=self.language)
        counts = self.stack and self.drawn != RUN
        return plain if counts else replace(plain, x=self.x, weight=self.weight)

    def scene(self) -> Scene:
        """The picture, in this state's view and language."""
        return _drawn(self.picture)


def _run(state: State) -> Trace | Run:
    """What is made of the state's values; those of a stack's weights are seeded as `cv.trace` seeds them."""
    x = state.x.array(state.layer.x_shape, *SEEDED["x"])
    if state.stack is None:
        (weight,) = state.weight.row([state.single.weight_shape], *SEEDED["weight"], offset=1)
        return trace(state.single, x, weight)
    shapes = [node.layer.weight_shape if node.has_taps else None for node in state.stack.nodes]
    weights = state.weight.row(shapes, *SEEDED["weight"], offset=1)
    return trace(state.stack, x, {n: weight for n, weight in enumerate(weights) if weight is not None})


@lru_cache(maxsize=48)
def _drawn(picture: State) -> Scene:
    """Scenes never change, so recent ones are cached for all visitors."""
    view, layer, language = VIEWS[picture.view], picture.layer, picture.language
    if picture.stack is None:
        refuse_large(picture.single)  # before any array is made: a link may name any size
        grey = {"tones": True} if picture.x.grey and view.tones else {}
        return scene(_run(picture), view.name, language, **grey)
    if (refused := view.refuses(layer)) is not None:
        raise refused
    return scene(_run(picture) if view.name == RUN else layer, view.name, language)


@cache
def setting(text: str) -> Layer | Network:
    """The layer or the stack of a text that stands in a lesson: there are few, and each is read once."""
    return stack_from_text(text)


def opening(lesson: str, language: str = "en") -> State:
    """The state that a lesson opens with."""
    state = _opening(lesson)
    return state if language == state.language else replace(state, language=language)


@cache
def _opening(lesson: str) -> State:
    plan = LESSONS[lesson]
    return State(lesson, setting(plan.opening), plan.views[0])


class Beside(TypedDict, total=False):
    """What is set together with a layer."""

    view: str
    step: int
    beat: int


def changed(layer: Layer, arguments: Mapping[str, object]) -> Layer:
    """A layer with other values for some of its arguments. Raises LayerError where it cannot be."""
    made: Layer = replace(layer, **arguments)  # type: ignore[type-var]  # a layer is a dataclass
    return made


def with_layer(state: State, layer: Layer | Network, **others: Unpack[Beside]) -> State:
    """The state with another layer, or another stack, and other values for `others`.

    Whatever changes the layer of a page does it here. Raises LayerError for one that no link could hold.
    """
    after = replace(state, layer=layer, **others)
    parts = after.text.split(BETWEEN)
    if len(parts) > LAYERS or max(map(len, parts)) > LONGEST:
        raise LayerError("notation", "layer", {"layer": EXAMPLE}, value=after.text, nearest=EXAMPLE)
    return after


def to_query(state: State) -> dict[str, str]:
    """The query of the link that restores a state.

    >>> to_query(replace(opening("convolution"), step=3))
    {'v': '1', 'step': '3'}
    """
    plain = opening(state.lesson)
    said = {
        "layer": (state.text, plain.text),
        "x": (state.x.text(), plain.x.text()),
        "w": (state.weight.text(), plain.weight.text()),
        "view": (state.view, plain.view),
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


def read_layer(state: State, text: str, lesson: Lesson, **others: Unpack[Beside]) -> State:
    """The state with the layer, or the stack, of a text, and other values for `others`.

    Raises LayerError for one that the lesson does not take.
    """
    layer = stack_from_text(text)
    after = with_layer(state, layer, **others)
    if not _takes(lesson, after):
        wanted = f"{lesson.layer}, {lesson.layer}~{lesson.layer}" if lesson.stacks else lesson.layer
        fix, nearest = {"layer": lesson.opening}, _elsewhere(after)
        raise LayerError("lesson_kind", "layer", fix, value=text, wanted=wanted, nearest=nearest)
    return after


def _takes(lesson: Lesson, state: State) -> bool:
    """Whether a lesson shows the layer or the stack of a state."""
    return state.layer.kind == lesson.layer and (bool(lesson.stacks) or state.stack is None)


def _elsewhere(state: State) -> str:
    """Where to see what this lesson does not show: another lesson's address, or the command."""
    text = state.text if len(state.text) <= SHOWN else f"{state.text[:SHOWN]}..."
    other = next((name for name, lesson in LESSONS.items() if _takes(lesson, state)), None)
    return f"/{other}?layer={text}" if other else f'convviz gif "{text}"'


def read_view(state: State, text: str, lesson: Lesson) -> State:
    """The state in another view; raises LayerError for one that the lesson does not have."""
    if text not in lesson.views:
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


def _read_step(state: State, text: str, lesson: Lesson) -> State:
    return replace(state, step=_whole("step", text))


def _read_beat(state: State, text: str, lesson: Lesson) -> State:
    return replace(state, beat=min(_whole("beat", text), len(lesson.beats)))


_READERS: dict[str, Callable[[State, str, Lesson], State]] = {
    "lang": _read_language,
    "theme": _read_theme,
    "layer": read_layer,
    "x": lambda state, text, lesson: replace(state, x=values_from_text(text)),
    "w": lambda state, text, lesson: replace(state, weight=values_from_text(text)),
    "view": read_view,
    "beat": _read_beat,
    "step": _read_step,
}
