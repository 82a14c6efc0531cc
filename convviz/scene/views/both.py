"""both: transposed convolution read twice on one step, above as a window that slides, below as stamps that add up.

A step finishes one output cell. Above, the window gathers it; below, every input that reaches it has been stamped by
then, in raster order, so that the two cells just finished agree at every step.
"""

from __future__ import annotations

from dataclasses import replace

from convviz.scene import narrate
from convviz.scene.compose import above
from convviz.scene.scene import Scene
from convviz.scene.stamps import refuse_unstamped
from convviz.scene.view import Narrow, View
from convviz.scene.views.flat import flat
from convviz.scene.views.stamp import stamped
from convviz.trace import Trace


def both(trace: Trace, language: str = "en", pixels: bool = False) -> Scene:
    """Lay out a trace with one channel in both orders; `pixels` shows inputs as the pixels they are."""
    slides, stamps = flat(trace, language, pixels, multiplied=False), stamped(trace, language)
    return replace(
        above(slides, stamps, columns=True, linked=True),
        view="both",
        sentences=narrate.gather_sentences(trace, language, "both"),
        equations=narrate.gather_equations(trace, [("window", "kernel")]),
    )


VIEW = View("both", both, refuse_unstamped, boards=3, pixels=True, aspect=0.7, narrow=Narrow(tall=1.5), compares=False)
