"""cv.scene: a trace, laid out by a view."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from convviz.applied import Applied, usual
from convviz.errors import LayerError
from convviz.layers import is_layer
from convviz.network import stack_of
from convviz.run import Run, trace
from convviz.scene.scene import Scene
from convviz.scene.view import View, natural
from convviz.scene.views import VIEWS
from convviz.text import LANGUAGES
from convviz.trace import Scatter, Trace


def scene(
    shown: Any, view: str | None = None, language: str = "en", *, tones: bool = False, **options: object
) -> Scene:
    """The picture of a trace, of a trace's scatter order, of a layer (on its default values) or of a network.

    view: one of `convviz.scene.views.VIEWS`; left out, "flat" (for a scatter order "stamp", for a network "coverage",
    or "stack" where it is not a row of layers that slide);
    language: of its titles and sentences; tones: whether every board shows its values as tones, those too whose numbers
    can be read; options: the view's own. Raises LayerError for a view that has no place for
    this layer, and for a picture of too many cells or steps.

    >>> import convviz as cv
    >>> picture = cv.scene(cv.Conv(4, 3), view="isometric")
    >>> picture.steps, len(picture.at(3).texts)
    (4, 29)
    """
    if not isinstance(language, str) or language not in LANGUAGES:
        raise LayerError("language", "language", {"language": "en"}, value=language, nearest="en")
    record = _chosen(shown, view)
    layer: Any = shown
    if isinstance(shown, Trace | Scatter | Run | Applied):
        layer = shown.network if isinstance(shown, Run) else shown.layer
    stack = stack_of(layer)
    known = is_layer(layer) or stack is not None or hasattr(layer, "views")  # anything else is refused by trace
    if known and (refused := record.refuses(layer)) is not None:
        raise refused
    if isinstance(shown, Trace) and not record.values:
        shown = layer
    elif not isinstance(shown, Trace | Scatter | Run | Applied) and record.has_values(shown):
        shown = usual(layer) if record.whole else trace(shown)
    draw = record.stacks.draw if record.stacks and (stack is not None or isinstance(shown, Run)) else record.draw
    drawn = draw(shown, language=language, **options)
    return replace(drawn, language=language, toned=bool(tones) or drawn.toned)


def _chosen(shown: Any, view: str | None) -> View:
    """The view of a name, or the usual one of what is shown. Raises LayerError for one that shows no such thing."""
    known = {Run: "stack", Scatter: "stamp", Applied: "picture"}.get(type(shown))
    view = view or known or natural(getattr(shown, "layer", shown))
    if isinstance(shown, Scatter) and view == "flat":
        view = "stamp"
    if not isinstance(view, str) or view not in VIEWS:
        nearest = (get_close_matches(str(view), VIEWS, 1, 0.0) or ["flat"])[0]
        raise LayerError("view_name", "view", {"view": nearest}, value=view, nearest=nearest)
    if isinstance(shown, Scatter) and view != "stamp":
        raise LayerError("view_scatter", "view", {"view": known}, value=view, nearest=known)
    found = VIEWS[view]
    if isinstance(shown, Applied) and not found.whole:
        raise LayerError("view_whole", "view", {"view": known}, value=view, nearest=known)
    if isinstance(shown, Run) and not (found.stacks and found.stacks.values):
        raise LayerError("view_stack", "view", {"view": "stack"}, value=view, nearest="stack")
    return found
