"""A Scene as an SVG document that looks the same everywhere: its letters are outlines, so no font needs to be there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from convviz.paint.outlines import CAP_HEIGHT, EM, outline, width
from convviz.paint.places import short
from convviz.paint.svg import WIDEST, Texts, document, drawn, ground, stylesheet, view_box
from convviz.scene.marks import Point
from convviz.scene.scene import Scene
from convviz.themes import Theme

Line = tuple[str, float]
"""A line of the sum under the picture, and the place of its middle below it, in cells."""


class Outlined(Texts):
    """Letters as outlines. Each is in the document once, however often it is written; marks have no names."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def data(self, name: str, value: object) -> str:
        return ""

    def write(
        self, text: str, at: Point, size: float, classes: str, align: str = "middle", mark: int | None = None
    ) -> str:
        start = at[0] - width(text) * size * {"start": 0.0, "middle": 0.5, "end": 1.0}[align]
        base = at[1] + size * CAP_HEIGHT / EM / 2
        uses, x = [], 0
        for letter in text:
            if outline(letter).path:
                name = self._names.setdefault(letter, f"l{len(self._names)}")
                uses.append(f'<use href="#{name}" x="{x}"/>')
            x += outline(letter).advance
        turn = f"translate({short(start)} {short(base)}) scale({size / EM:.6f})"
        return f'<g class="{classes}" transform="{turn}">{"".join(uses)}</g>'

    def number(self, text: str, at: Point, size: float, classes: str, mark: int, room: float) -> str:
        """The number of a cell, drawn smaller where it is too long for it."""
        return self.write(text, at, min(size, WIDEST * room / width(text)), classes)

    @property
    def letters(self) -> str:
        """The outlines of the letters that were written."""
        paths = (f'<path id="{name}" d="{outline(letter).path}"/>' for letter, name in self._names.items())
        return f"<defs>{''.join(paths)}</defs>"


def outlined(
    scene: Scene, step: int, theme: Theme, cell: float, clear: bool = False, lines: Sequence[Line] = (), size: float = 0
) -> str:
    """The picture at a step; clear: without a ground; lines: of the sum under it, in letters of so many cells.

    >>> import convviz as cv
    >>> from convviz.themes import theme_named
    >>> "<text" in outlined(cv.scene(cv.Conv(4, 3)), 2, theme_named("light"), 44.0)
    False
    """
    left, top, wide, tall = view_box(scene)
    more = lines[-1][1] + size if lines else 0.0
    texts = Outlined()
    body = drawn(scene, step, cell, texts)
    body += "".join(texts.write(line, (left + wide / 2, top + tall + y), size, "r-title") for line, y in lines)
    rules = re.sub(r"text(?=\.)", "g", stylesheet(theme)).partition("}")[2]  # without the font's
    told = " ".join(filter(None, (scene.sentence(step), scene.arithmetic(step))))
    said = f"<title>{escape(scene.name)}</title><desc>{escape(told)}</desc>"
    # a row of pixels may be partly within the picture: its ground goes on
    back = "" if clear else ground((left - 1, top - 1, wide + 2, tall + more + 2), theme)
    whole = f"{said}<style>{rules}</style>{texts.letters}{back}{body}"
    return document((left, top, wide, tall + more), cell, "", whole)
