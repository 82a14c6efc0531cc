"""What an exported file is called: after its settings."""

from __future__ import annotations

import re
from typing import Any

from convviz.layers.notation import to_text
from convviz.network import Network
from convviz.scene.scene import Scene
from convviz.trace import Scatter, Trace


def file_name(shown: Any, suffix: str = ".gif", view: str = "") -> str:
    """A name for the file of a layer, a trace, a network or a scene, that any file system takes.

    >>> import convviz as cv
    >>> file_name(cv.Conv(5, 3, stride=2, padding=1), ".png", "flat")
    'conv2d-i5-k3-s2-p1-flat.png'
    """
    if isinstance(shown, Scene):
        return f"{shown.name}-{shown.view}{suffix}"
    if isinstance(shown, Trace | Scatter):
        shown = shown.layer
    text = "network" if isinstance(shown, Network) else to_text(shown)
    return re.sub(r"[^\w.-]+", "_", f"{text}-{view}" if view else text)[:120] + suffix
