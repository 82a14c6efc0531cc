"""The views: one file each, with a record of it. `VIEWS` is the one list of them."""

from __future__ import annotations

from convviz.scene.view import View
from convviz.scene.views import both, coverage, flat, isometric, matrix, roundtrip, stack, stamp

VIEWS: dict[str, View] = {
    module.VIEW.name: module.VIEW for module in (flat, isometric, both, stamp, matrix, coverage, roundtrip, stack)
}

__all__ = ["VIEWS"]
