"""The views: one file each, with a record of it. `VIEWS` is the one list of them."""

from __future__ import annotations

from importlib import import_module

from convviz.scene.view import View

_FILES = (
    *("flat", "isometric", "both", "stamp", "matrix", "coverage", "enlarge", "roundtrip", "stack"),
    *("strip", "paths", "versus", "needed", "curve"),
    *("channels", "slabs", "separable", "shuffle", "cost", "mobilenet"),
    *("shift", "backward", "why"),
    *("gate", "residual", "forms", "path", "gradients"),
    *("picture", "curtain", "twice"),
    *("shares", "moved", "follow", "shifts"),
    *("anatomy", "feature", "cell", "votes", "softmax", "film"),
    *("learning", "grouped"),
    *("table", "field"),
    *("misfit",),
)
"""In the order in which they are told."""

VIEWS: dict[str, View] = {view.name: view for view in (import_module(f"{__name__}.{file}").VIEW for file in _FILES)}

__all__ = ["VIEWS"]
