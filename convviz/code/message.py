"""Error messages of PyTorch, read: what does not fit, as a choice that can be drawn and mended."""

from __future__ import annotations

from convviz.layers.misfit import Misfit


def diagnosed(text: str) -> Misfit | None:
    """What an error message, with whatever stands around it, says does not fit; None where it says no such thing."""
    return None
