"""Letters as outlines: a file that has them looks the same where our font is not installed.

The font is that of the raster painter; what it lacks comes from DejaVu Sans, which Matplotlib brings along.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from convviz.asset import asset
from convviz.scene.scene import Scene

EM = 1000
"""Units of an outline to the height of the letters."""

CAP_HEIGHT = 733
"""The height of digits and capitals: they stand in the middle of their cell by half of it."""


class Letter(NamedTuple):
    """A letter. path: its outline, as SVG has it, from its start on the baseline, y down; advance: to the next letter's
    start; both in thousandths of an em."""

    path: str
    advance: int


@lru_cache(maxsize=2)
def _font(own: bool) -> tuple[Any, dict[int, str], float]:
    """The glyphs of a font, the name of each letter's, and by what its units are multiplied."""
    font = TTFont(asset("fonts/ConvvizSans.otf") if own else _fallback())
    return font.getGlyphSet(), font.getBestCmap(), EM / font["head"].unitsPerEm


def _fallback() -> Path:
    found = find_spec("matplotlib")
    assert found and found.origin
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"


@lru_cache(maxsize=4096)
def outline(letter: str) -> Letter:
    """The outline of a letter; a letter that neither font has is a box.

    >>> outline(" ").path, outline("7").advance
    ('', 555)
    """
    own = ord(letter) in _font(True)[1]
    glyphs, names, scale = _font(own)
    glyph = glyphs[names.get(ord(letter), ".notdef")]
    pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.0f}")
    glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, 0, 0)))
    return Letter(pen.getCommands(), round(glyph.width * scale))


SUMS = "0123456789−.·+=()÷≈ …"
"""The letters of a sum, which stands in no cell."""


def letters(scene: Scene) -> set[str]:
    """The letters that a scene may show, in its cells, beside them and in its sums.

    >>> import convviz as cv
    >>> {"0", "×"} <= letters(cv.scene(cv.Conv(4, 3)))
    True
    """
    found = [SUMS, *(label.text for label in scene.labels), *(text for grid in scene.grids for text in grid.texts)]
    found += [label.text for legend in scene.legends for label in legend.labels]
    found += [text for told in scene.step_texts for text in told.texts]
    found += [text for notes in scene.notes for row in notes.texts for text in row]
    found += [*(scene.events.texts if scene.events else ()), scene.arithmetic(0)]
    return set("".join(found))


def width(text: str) -> float:
    """How wide a line of text is, in ems.

    >>> width("77") == 2 * width("7")
    True
    """
    return sum(outline(letter).advance for letter in text) / EM
