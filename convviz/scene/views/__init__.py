"""The views: one file each, laying a trace out as a Scene. `VIEWS` is the one list of them."""

from __future__ import annotations

from collections.abc import Callable

from convviz.scene.scene import Scene
from convviz.scene.views.both import both
from convviz.scene.views.coverage import coverage
from convviz.scene.views.flat import flat
from convviz.scene.views.isometric import isometric
from convviz.scene.views.matrix import matrix
from convviz.scene.views.roundtrip import roundtrip
from convviz.scene.views.stack import stack
from convviz.scene.views.stamp import stamp

VIEWS: dict[str, Callable[..., Scene]] = {
    "flat": flat,
    "isometric": isometric,
    "both": both,
    "stamp": stamp,
    "matrix": matrix,
    "coverage": coverage,
    "roundtrip": roundtrip,
    "stack": stack,
}

__all__ = ["VIEWS"]
