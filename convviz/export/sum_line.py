"""The sum line: the arithmetic of a step, written under its picture, in as many lines as it needs at most."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from convviz.errors import LayerError
from convviz.paint.outlines import width
from convviz.scene.scene import Scene

SIZE, LEAST = 0.5, 0.2
"""The usual height of its letters in cells, and the least, below which terms in the middle are left out."""

LINES = 3
"""The most lines."""

LEADING = 1.45
"""From one line to the next, in heights of its letters."""

SEEN = 48
"""How many steps are looked at to find the longest sum."""

_BREAK = re.compile(r" (?=[+=÷] )")
ELLIPSIS = "…"


@dataclass(frozen=True, eq=False)
class SumLine:
    """The sums of a scene's steps, under a picture that is so many cells wide."""

    scene: Scene
    room: float

    @classmethod
    def under(cls, scene: Scene) -> SumLine:
        """Of a scene, as wide as what is drawn in it. Raises LayerError for a picture that adds nothing up."""
        left, _, right, _ = scene.bounds
        made = cls(scene, right - left)
        if not made._plan[1]:
            raise LayerError("no_sum", "sum_line", {"sum_line": False}, value=True, view=scene.view, nearest=False)
        return made

    @cached_property
    def _plan(self) -> tuple[float, int]:
        """The height of the letters in cells, and the number of lines, the same at all steps."""
        last = self.scene.steps - 1
        looked = sorted({round(n * last / (SEEN - 1)) for n in range(SEEN)})
        pieces = [pieces for t in looked if (pieces := self._pieces(t))]
        if not pieces:
            return SIZE, 0
        longest = max(pieces, key=lambda one: width(" ".join(one)))
        size = SIZE
        while size > LEAST and len(self._wrapped(longest, size)) > LINES:
            size *= 0.94
        lines = min(LINES, len(self._wrapped(longest, size)))
        return size, lines

    @property
    def size(self) -> float:
        """The height of its letters, in cells."""
        return self._plan[0]

    @property
    def height(self) -> float:
        """How much it adds to the picture's height, in cells."""
        size, lines = self._plan
        return size * LEADING * (lines + 0.2)

    def at(self, t: int) -> list[tuple[str, float]]:
        """The lines of step t, each with its middle below the picture, in cells."""
        size, most = self._plan
        lines = self._wrapped(self._pieces(t), size)
        if len(lines) > most:
            lines = self._shortened(self._pieces(t), size, most)
        return [(line, size * LEADING * (n + 0.5)) for n, line in enumerate(lines)]

    def _pieces(self, t: int) -> list[str]:
        """What may stand in a line of its own: the terms, each after its sign, and the result."""
        text = self.scene.arithmetic(t)
        return _BREAK.split(text) if text else []

    def _wrapped(self, pieces: list[str], size: float) -> list[str]:
        """Lines as full as they can be."""
        lines: list[str] = []
        for piece in pieces:
            longer = f"{lines[-1]} {piece}" if lines else piece
            if lines and width(longer) * size <= self.room:
                lines[-1] = longer
            else:
                lines.append(piece)
        return lines

    def _shortened(self, pieces: list[str], size: float, most: int) -> list[str]:
        """The first terms, and the last with the result, where all of them have no room."""
        kept = len(pieces) - 3
        while kept > 1 and len(self._wrapped([*pieces[:kept], f"+ {ELLIPSIS}", *pieces[-2:]], size)) > most:
            kept -= 1
        return self._wrapped([*pieces[:kept], f"+ {ELLIPSIS}", *pieces[-2:]], size)[:most]
