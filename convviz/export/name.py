"""What an exported file is called: after its settings."""

from __future__ import annotations

import re
from typing import Any

from convviz.export.formats import SPEEDS
from convviz.network import stack_to_text
from convviz.scene.moments import PACES
from convviz.scene.scene import Scene
from convviz.trace import Scatter, Trace


def file_name(
    shown: Any, suffix: str = ".gif", view: str | None = None, pace: str | None = None, speed: object = 1
) -> str:
    """A name for the file of a layer, a trace, a network or a scene, that any file system takes.

    >>> import convviz as cv
    >>> file_name(cv.Conv(5, 3, stride=2, padding=1), ".png", "flat")
    'conv2d-i5-k3-s2-p1-flat.png'
    >>> file_name(cv.Conv(5, 3), pace="terms", speed=4)
    'conv2d-i5-k3-terms-4x.gif'
    """
    if isinstance(shown, Scene):
        return f"{shown.name}-{shown.view}{suffix}"
    text = "-".join(filter(None, (stack_to_text(shown.layer if isinstance(shown, Trace | Scatter) else shown), view)))
    return re.sub(r"[^\w.-]+", "+", text)[:120] + paced_name(pace, speed) + suffix


def paced_name(pace: str | None, speed: object = 1) -> str:
    """What a file's name says of its pace and its speed: nothing of the usual ones.

    >>> paced_name("terms", 0.5), paced_name("steps")
    ('-terms-0.5x', '')
    """
    faster = f"-{speed:g}x" if speed in SPEEDS and speed != 1 else ""
    return (f"-{pace}" if pace in PACES[1:] else "") + faster
