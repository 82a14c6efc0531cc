"""What a lesson on photographs has besides: the switch of their colours, and dials that turn further."""

from __future__ import annotations

from dataclasses import replace

from convviz.lessons import LESSONS
from convviz.page import kernels
from convviz.page.state import State, changed
from convviz.scene.photo import COLOURED
from convviz.scene.scene import Scene
from convviz.scene.views import VIEWS
from convviz.text import say

NAME = "colour"
"""The switch between the greys of a photograph and its colours."""


THEN = "then"
"""The dial of the kernel that comes after the first."""


def colour(state: State) -> list[dict[str, object]]:
    """The switch, where a lesson has photographs."""
    if not LESSONS[state.lesson].photo:
        return []
    label, told = (say(f"control.colour.{part}", state.language) for part in ("label", "help"))
    value = state.layer.x_shape[0] == COLOURED
    return [{"name": NAME, "label": label, "help": told, "kind": "flag", "value": value, "place": "bottom"}]


def turned(state: State, value: object) -> State:
    """The state with a photograph in colour, each of its channels under the same kernel, or in grey.

    >>> from convviz.page.state import opening
    >>> turned(opening("filters"), True).text
    'conv2d-i256-k3-p1-c3-o3-g3'
    """
    count = COLOURED if value else 1
    channels = {"in_channels": count, "out_channels": count, "groups": count}
    return replace(state, layer=changed(state.single, channels))


def second(state: State) -> list[dict[str, object]]:
    """The kernels that may come after the first one, where a view shows two."""
    if not VIEWS[state.seen].second:
        return []
    label, told = (say(f"control.then.{part}", state.language) for part in ("label", "help"))
    weight = kernels.named(state.then) if state.then else state.weight
    own = {"name": THEN, "label": label, "help": told}
    return [kernels.tiles(state.single, weight, state.language) | own]


def followed(state: State, value: object) -> State:
    """The state with another second kernel. Raises LayerError for one that has no weights of this size."""
    kernels.chosen(state.single, state.weight, str(value))
    return replace(state, then=str(value))


def further(lesson: str, dial: dict[str, object]) -> dict[str, object]:
    """A dial that goes as far as the lesson wants."""
    most = dict(LESSONS[lesson].most).get(str(dial["name"]))
    return dial | {"most": max(most, int(str(dial["most"])))} if most and dial["kind"] == "range" else dial


def files(scene: Scene, language: str) -> list[dict[str, object]]:
    """The results that a picture shows, each pixel by pixel, as files that the browser has already."""
    found = [n for n, image in enumerate(scene.images) if image.name == "result"]
    return [{"suffix": ".png", "label": say("export.pixels", language), "image": n} for n in found]


TURNS = {NAME: turned, THEN: followed}
"""What turning its dials does."""
