"""Pens: how a mark is drawn, and what the marks of attention have in common in all themes."""

from __future__ import annotations

from dataclasses import dataclass

from convviz.colour import contrast, luminance, mixed

SOLID: tuple[float, ...] = ()
DASHED = (0.16, 0.11)
DOTTED = (0.02, 0.13)
LONG = (0.34, 0.12)
SPARSE = (0.08, 0.2)
HANGING = (0.24, 0.15)
CARET = (0.12, 0.08)
"""Dashes and gaps, in cells. A pattern belongs to one kind of mark, so that it is known without its colour."""

DASHES = (
    SOLID,
    (0.3, 0.12),
    (0.06, 0.1),
    (0.3, 0.1, 0.06, 0.1),
    (0.5, 0.16),
    (0.16, 0.07),
    (0.3, 0.08, 0.06, 0.08, 0.06, 0.08),
    (0.1, 0.2),
)
"""The patterns of lines that are told apart."""

_ON_WHITE = ("#0b5cc4", "#c2410c", "#00795c", "#8a2be2", "#a8005c", "#6b5900", "#00708a", "#3f4650")
_ON_BLACK = ("#6cb0ff", "#fb923c", "#4fd1a5", "#c4a5ff", "#ff8fb8", "#d9c24a", "#5cd0e6", "#c3cad3")
"""Their colours."""

RING = 0.058
"""How wide the ring around a value is, in cells."""

TICKS = (0.11, 0.2)
"""How wide the tick of a difference is, and the line in the ground's colour under it, which is seen on any cell."""

MARKS = ("lit", "hover", "pin", "edit", "error")
"""What attention puts on cells in the player: a highlight, the pointer, a pin, the edited cell, a wrong value."""


@dataclass(frozen=True)
class Paint:
    """How a mark looks: colours as #rrggbb ("" for none), width and dash in cells."""

    fill: str = ""
    line: str = ""
    width: float = 0.035
    dash: tuple[float, ...] = SOLID
    text: str = "#000000"


def attention(ink: str, lit: str, edit: str, error: str) -> dict[str, Paint]:
    """The paints of MARKS, in the colours of a theme; no two have the same width and dash.

    >>> sorted(attention("#000000", "#5b21b6", "#1d4ed8", "#b3002d"))
    ['edit', 'error', 'hover', 'lit', 'pin']
    """
    return {
        "lit": Paint("", lit, 0.055),
        "hover": Paint("", ink, 0.03),
        "pin": Paint("", ink, 0.045),
        "edit": Paint("", edit, 0.05, CARET),
        "error": Paint("", error, 0.065),
    }


def outlines(window: str, target: str, width: float) -> dict[str, Paint]:
    """The paints of the outlines of the window and of the current output, of a window that does not fit, which has a
    window's colour, but is dashed and thin, and of the ring around a value that the output takes over."""
    return {
        "frame": Paint("", window, width),
        "target": Paint("", target, width),
        "dropped": Paint("", window, 0.042, HANGING),
        "winner": Paint("", target, RING),
    }


def strokes(ground: str, muted: str, path: str, plain: bool = False) -> dict[str, Paint]:
    """The paints of edges, of a chart's lines, and of lines that are told apart, each by a colour and by a pattern;
    plain: by the pattern alone, as in print."""
    colours = _ON_BLACK if luminance(ground) < 0.2 else _ON_WHITE
    lines = zip((muted,) * len(colours) if plain else colours, DASHES, strict=True)
    return {
        "edge": Paint("", faintest(ground, muted), 0.02),
        "path": Paint("", path, 0.06),
        "rule": Paint("", muted, 0.03),
        "spread": Paint("", muted, 0.025, CARET),
        **{f"hue{n}": Paint("", hue, 0.075, dash) for n, (hue, dash) in enumerate(lines, 1)},
    }


def faintest(ground: str, line: str) -> str:
    """A line mixed with the ground, as far as it still stands out from it."""
    shares = (n / 20 for n in range(20, 0, -1))
    return next(found for share in reversed(list(shares)) if contrast(found := mixed(ground, line, share), ground) >= 3)
