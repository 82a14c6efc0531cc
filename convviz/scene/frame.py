"""The picture at one step: what every cell is and bears then."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from convviz.scene.legends import Legend
from convviz.scene.marks import Floats, Ints
from convviz.scene.roles import TONE_OF, ZERO


@dataclass(frozen=True, eq=False)
class Frame:
    """The picture at one step.

    states: (cells,) indices into STATES; looks: (cells,) indices into LOOKS; texts: of every cell; points: where those
    of each shape lie, None where it is hidden; legends: those that are seen; notes: the small text of each cell that
    has one; lit: cells that are outlined, as those of the term that a moment adds; covered: cells that bear nothing
    because a board lies over them; differing: cells that bear the mark of a difference.
    """

    step: int
    states: Ints
    looks: Ints
    texts: list[str]
    points: list[Floats | None]
    legends: list[Legend]
    notes: dict[int, str]
    lit: tuple[int, ...] = ()
    covered: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    differing: tuple[int, ...] = ()

    @property
    def minuses(self) -> Ints:
        """The cells that bear a stroke: a negative value's tone, and no number that says its sign."""
        tones = TONE_OF[self.looks]
        negative = np.setdiff1d(np.flatnonzero((tones > 0) & (tones < ZERO)), self.covered).tolist()
        return np.array([mark for mark in negative if not self.texts[mark]], dtype=np.int64)
