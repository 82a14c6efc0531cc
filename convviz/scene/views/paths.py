"""paths: a stack along one axis, each cell with the number of paths from it to the output of the step.

Inputs in the middle of a receptive field have more paths than those at its ends: the effective receptive field.
"""

from __future__ import annotations

from functools import partial

from convviz.scene.strips import refuse_other
from convviz.scene.view import Stacks, View
from convviz.scene.views.strip import strip

_paths = partial(strip, counts=True)

VIEW = View("paths", _paths, aspect=0.45, stacks=Stacks(_paths, refuse_other, values=True, alone=True), compares=False)
