"""Make assets/fonts/ConvvizSans.otf: the letters that the catalogues and the figures use, out of Noto Sans CJK SC.

Beside it, for browsers, the same letters in two files, ConvvizSans-latin.woff2 and ConvvizSans-han.woff2.

    python tools/subset_font.py [--font PATH]

To be run again when a catalogue has got a character that the font lacks; tests/unit/test_raster.py says so.
Noto Sans CJK (Debian: fonts-noto-cjk) is under the SIL Open Font License, and so is its subset: assets/fonts/OFL.txt.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parent.parent
NOTO = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SIMPLIFIED_CHINESE = 2
"""The place of Noto Sans CJK SC in the collection."""

FAMILY = "Convviz Sans"
SIGNS = "−×·∗→←↑↓⌊⌋⌈⌉ᵀ₁₂ΣΠ√∈≥≤≠≈…–—’“”°±²³σ∂∞"
TIGHT = "×·→←↑↓≥≤≠≈…√∈∞±°"
"""Signs that a Chinese font draws as wide as a Chinese character, and that stand among digits here."""

SMALLER = {"·": 0.72}
"""Signs that are too heavy between digits, and how large they are instead."""

HAN = 0x2E80
"""The first character that stands in the file of Chinese ones."""

CAP_HEIGHT = 733
"""The height of digits, in thousandths of an em."""

SIDE = 62
"""What is left on each side of a tightened sign, in thousandths of an em."""


def characters() -> str:
    """Every character of both catalogues, printable ASCII, and the signs of figures and formulas."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "convviz" / "text").glob("*/*.toml"))]
    ascii_letters = "".join(chr(code) for code in range(0x20, 0x7F))
    return "".join(sorted({c for c in "".join(texts) + ascii_letters + SIGNS if c.isprintable()}))


def make(source: str, target: Path) -> TTFont:
    """Write the subset."""
    options = subset.Options()
    options.layout_features = ["kern"]
    options.name_IDs = [0, 13, 14]
    options.hinting = False
    options.desubroutinize = False
    options.notdef_outline = True
    options.drop_tables += ["VORG", "vhea", "vmtx", "BASE"]
    number = SIMPLIFIED_CHINESE if source.endswith("ttc") else -1
    font = TTFont(source, fontNumber=number, recalcTimestamp=False)
    chooser = subset.Subsetter(options)
    chooser.populate(text=characters())
    chooser.subset(font)
    for sign in TIGHT:
        if ord(sign) in font.getBestCmap():
            _tighten(font, font.getBestCmap()[ord(sign)])
    _rename(font)
    target.parent.mkdir(parents=True, exist_ok=True)
    font.save(target)
    for name, chosen in (("latin", lambda c: ord(c) < HAN), ("han", lambda c: ord(c) >= HAN)):
        _for_browsers(target, target.with_name(f"{target.stem}-{name}.woff2"), "".join(filter(chosen, characters())))
    return font


def _for_browsers(source: Path, target: Path, text: str) -> None:
    """Write some letters of the font as a browser loads them."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features, options.hinting, options.notdef_outline = ["kern"], False, True
    chooser = subset.Subsetter(options)
    chooser.populate(text=text)
    chooser.subset(font)
    _level(font)
    font.flavor = "woff2"
    font.save(target)


def _level(font: Any) -> None:
    """Give a line as much above the middle of its digits as below, where `dominant-baseline: central` then lies."""
    above, below = CAP_HEIGHT + 267, 267
    font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = above, -below, 0
    table = font["OS/2"]
    table.sTypoAscender, table.sTypoDescender, table.sTypoLineGap = above, -below, 0
    table.usWinAscent, table.usWinDescent = above, below


def _tighten(font: Any, name: str) -> None:
    """Give a glyph the same little room on both sides."""
    glyphs, outlines = font.getGlyphSet(), font["CFF "].cff[0].CharStrings
    bounds = BoundsPen(glyphs)
    glyphs[name].draw(bounds)
    left, low, right, high = bounds.bounds
    part = SMALLER.get(chr(next(code for code, glyph in font.getBestCmap().items() if glyph == name)), 1)
    width = round((right - left) * part) + 2 * SIDE
    old = outlines[name]
    pen = T2CharStringPen(width - old.private.nominalWidthX, None)
    glyphs[name].draw(TransformPen(pen, (part, 0, 0, part, SIDE - left * part, (low + high) / 2 * (1 - part))))
    outlines[name] = pen.getCharString(old.private, old.globalSubrs)
    font["hmtx"][name] = (width, SIDE)


def _rename(font: Any) -> None:
    table = font["name"]
    for number, text in ((1, FAMILY), (2, "Regular"), (3, f"{FAMILY} 1.0"), (4, FAMILY), (6, "ConvvizSans-Regular")):
        table.setName(text, number, 3, 1, 0x409)
    top = font["CFF "].cff
    top.fontNames = ["ConvvizSans-Regular"]
    top[0].FullName, top[0].FamilyName = FAMILY, FAMILY


def main() -> None:
    """Make the font and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--font", default=NOTO, help="Noto Sans CJK, a collection or its SC font")
    target = ROOT / "assets" / "fonts" / "ConvvizSans.otf"
    font = make(parser.parse_args().font, target)
    missing = [c for c in characters() if ord(c) not in font.getBestCmap()]
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size} bytes")
    print(f"left to DejaVu Sans: {' '.join(missing) or 'none'}")


if __name__ == "__main__":
    main()
