"""Themes: role -> paint. The only place with colours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property

from convviz.colour import luminance, mixed, ramp, readable
from convviz.errors import LayerError
from convviz.pens import DASHED, DOTTED, LONG, SOLID, SPARSE, Paint, attention, outlines, strokes
from convviz.scene.roles import LOOKS, SCALES, WORDS, Look

GREYS = ("#141414", "#f6f6f6")
"""A photograph's black and white, in every theme."""

_RED, _GREEN, _BLUE = ("#160000", "#ff5a4d"), ("#001400", "#35d06a"), ("#00001e", "#5a9cff")
PIXELS = {"tone": GREYS, "picture": GREYS, "red": _RED, "green": _GREEN, "blue": _BLUE}
"""From dark to bright, of a pixel and of each of its three colours."""

_ON_WHITE = (
    ("#694000", "#8d5b00", "#b07900", "#cc9829", "#e1b55a", "#f0d18c", "#fce9c1"),
    ("#daedff", "#afd9ff", "#80c2f8", "#4aa7ec", "#008ad6", "#0069ae", "#004a87"),
)
_ON_BLACK = (
    ("#e9c400", "#caa500", "#ab8700", "#8c6b00", "#6c5102", "#503a09", "#36270c"),
    ("#192a43", "#0a406b", "#00598f", "#0175b3", "#0093d9", "#51b1ee", "#8ccefb"),
)
"""Values as tones, from the most negative: ochre and blue, in even steps of lightness (CIELAB) away from the ground."""


@dataclass(frozen=True, eq=False)
class Theme:
    """paints: for "role" and "role.state"; ramps: the fills of each scale, given by two or more colours that its levels
    pass through at even distances.

    tones: the fills of values, from the most negative to the most positive, or none in a theme whose colours are fixed.
    cell: pixels a cell in a file, where nothing else is asked for; border: pixels around the picture; shades: how many
    mixes of two colours a GIF keeps, at most, for the edges of lines and letters.
    """

    name: str
    background: str
    foreground: str
    accent: str
    paints: dict[str, Paint]
    ramps: dict[str, tuple[str, ...]]
    tones: tuple[str, ...] = ()
    cell: float = 44.0
    border: float = 22.0
    step_ms: int = 600
    pause_ms: int = 1200
    shades: int = 5

    @cached_property
    def table(self) -> dict[Look, Paint]:
        """The paint of every look of a cell, in the order of LOOKS. Whatever needs all paints reads them here."""
        scales = {role: ramp(stops, SCALES[role]) for role, stops in self.ramps.items()}
        base = self.paints["output"]
        table = {}
        for look in LOOKS:
            if look.role in ("picture", "share") and look.state == "pending":
                table[look] = self.paints.get("output.pending") or base
            elif look.role in scales:
                fill = scales[look.role][look.level]
                line = base.line if look.state or look.role in ("heat", "share") else self.faint
                table[look] = Paint(fill, line, base.width, SOLID, readable(fill))
            else:
                table[look] = self.paints.get(f"{look.role}.{look.state}") or self.paints[look.role]
                if self.tones and look.tone:
                    table[look] = self._toned(table[look], look)
        return table

    def _toned(self, plain: Paint, look: Look) -> Paint:
        """A cell that shows its value: its outline is faint at rest, that the tone be seen, and clear at the step."""
        fill, line = self.tones[look.tone - 1], self.paints["input"].line
        return replace(plain, fill=fill, line=line if look.state else self.faint, text=readable(fill))

    @cached_property
    def strokes(self) -> tuple[str, ...]:
        """The colour of the stroke that marks a value as negative, on each of the tones."""
        return tuple(mixed(fill, readable(fill), 0.7) for fill in self.tones)

    @cached_property
    def faint(self) -> str:
        """The line between cells that show tones and are at rest."""
        return mixed(self.background, self.paints["input"].line, 0.45)

    def paint(self, role: str, state: str = "", level: int = 0) -> Paint:
        """The paint of a cell, a shape or a label; a role without its own paint for the state keeps its usual one.

        >>> theme_named("light").paint("frame").line
        '#c2410c'
        """
        return self.table.get(Look(role, state, level)) or self.paints[role]


@dataclass(frozen=True)
class Colours:
    """The colours of a theme of the calm kind, as #rrggbb; pairs are (at rest, at the step), or the ends of a scale;
    marks: of a highlight, of the edited cell and of a wrong value."""

    background: str
    foreground: str
    muted: str
    accent: str
    line: str
    input: tuple[str, str]
    kernel: tuple[str, str]
    output: tuple[str, str]
    product: str
    empty: str
    window: str
    unread: str
    heat: tuple[str, str]
    frame: str
    marks: tuple[str, str, str]


def _theme(name: str, c: Colours) -> Theme:
    """A theme of the calm kind; every text colour is chosen to be readable."""

    def cell(fill: str, dash: tuple[float, ...] = SOLID, edge: str = c.line, text: str = "") -> Paint:
        return Paint(fill, edge, 0.035, dash, text or readable(fill))

    pending = cell(c.empty, SOLID, mixed(c.background, c.line, 0.45), c.muted)
    paints = {
        "input": cell(c.input[0]),
        "input.window": cell(c.input[1]),
        "padding": cell(c.empty, DASHED, c.muted, c.muted),
        "padding.window": cell(c.window, DASHED, c.muted),
        "beyond": cell(c.empty, SPARSE, c.muted, c.muted),
        "inserted": cell(c.empty, DOTTED, c.muted, c.muted),
        "inserted.window": cell(c.window, DOTTED, c.muted),
        "unread": cell(c.unread, LONG, c.muted),
        "idle": cell(c.unread, DASHED, c.muted),
        "kernel": cell(c.kernel[0]),
        "kernel.window": cell(c.kernel[1]),
        **dict.fromkeys(("zero", "gap"), cell(c.empty, SOLID, mixed(c.background, c.line, 0.25), c.muted)),
        "product": cell(c.product),
        "output": cell(c.output[0]),
        "output.current": cell(c.output[1]),
        **dict.fromkeys(("input.pending", "output.pending"), pending),
        "place": Paint("", "", 0.0, text=c.foreground),
        "cropped": cell(c.empty, DASHED, c.muted, c.muted),
        "cropped.current": cell(c.window, DASHED, c.muted),
        "cropped.pending": cell(c.empty, DASHED, c.muted, c.muted),
        "title": Paint(text=c.foreground),
        **dict.fromkeys(("sign", "axis"), Paint(text=c.muted)),
        "link": Paint("", mixed(c.background, c.foreground, 0.55), 0.03),
        **outlines(c.frame, c.foreground, 0.085),
        **attention(c.foreground, *c.marks),
        **strokes(c.background, c.muted, c.frame, plain=c.accent == c.foreground),
    }
    negative, positive = _ON_BLACK if luminance(c.background) < 0.2 else _ON_WHITE
    ramps: dict[str, tuple[str, ...]] = {"heat": c.heat, **PIXELS}
    ramps["share"] = (mixed(c.background, c.marks[0], 0.07), mixed(c.background, c.marks[0], 0.85))
    return Theme(name, c.background, c.foreground, c.accent, paints, ramps, (*negative, c.background, *positive))


_LIGHT = _theme(
    "light",
    Colours(
        background="#ffffff",
        foreground="#1b2430",
        muted="#5d6775",
        accent="#c2410c",
        line="#51606f",
        input=("#d3e4f8", "#92bdee"),
        kernel=("#fbe0c3", "#e19871"),
        output=("#6fbf9b", "#2f9469"),
        product="#ece3f6",
        empty="#ffffff",
        window="#eef1f5",
        unread="#dadde2",
        heat=("#eaf3ee", "#0f6b47"),
        frame="#c2410c",
        marks=("#6d28d9", "#0b5cc4", "#b0003a"),
    ),
)

_DARK = _theme(
    "dark",
    Colours(
        background="#12161c",
        foreground="#e8edf3",
        muted="#97a3b1",
        accent="#fb923c",
        line="#7d8a99",
        input=("#1d3a5f", "#2c64a8"),
        kernel=("#5b3716", "#a36027"),
        output=("#3d9a75", "#7ad9b0"),
        product="#40325a",
        empty="#12161c",
        window="#262d37",
        unread="#33383f",
        heat=("#17261f", "#7fe0b5"),
        frame="#fb923c",
        marks=("#c4a5ff", "#7cc4ff", "#ff7a90"),
    ),
)

_PRINT = _theme(
    "print",
    Colours(
        background="#ffffff",
        foreground="#000000",
        muted="#4a4a4a",
        accent="#000000",
        line="#000000",
        input=("#efefef", "#cccccc"),
        kernel=("#ffffff", "#8c8c8c"),
        output=("#b0b0b0", "#7f7f7f"),
        product="#ffffff",
        empty="#ffffff",
        window="#e0e0e0",
        unread="#ffffff",
        heat=("#ffffff", "#404040"),
        frame="#000000",
        marks=("#000000", "#000000", "#000000"),
    ),
)

_COLORBLIND = _theme(
    "colorblind",
    Colours(
        background="#ffffff",
        foreground="#111111",
        muted="#565656",
        accent="#d55e00",
        line="#444444",
        input=("#cfe8f7", "#56b4e9"),
        kernel=("#f7df9c", "#d9ad2b"),
        output=("#d58a4a", "#b65000"),
        product="#f0d3e2",
        empty="#ffffff",
        window="#ececec",
        unread="#d5d5d5",
        heat=("#fdf3e7", "#a04400"),
        frame="#000000",
        marks=("#0072b2", "#007a5a", "#c43c00"),
    ),
)

_CLASSIC_LINE = "#002b36"


def _classic_cell(fill: str, dash: tuple[float, ...] = SOLID) -> Paint:
    return Paint(fill, _CLASSIC_LINE, 0.0339, dash, readable(fill))


def _classic() -> Theme:
    """The colours and measures of the figures that the field has used since 2016: the output is full from the start."""
    cell = _classic_cell
    paints = {
        "input": cell("#268bd2"),
        "input.window": cell("#1a6998"),
        **dict.fromkeys(("padding", "inserted", "idle", "gap", "cropped"), cell("#ffffff", DASHED)),
        **dict.fromkeys(("padding.window", "inserted.window"), cell("#9cafb3", DASHED)),
        "beyond": cell("#ffffff", SPARSE),
        "unread": cell("#268bd2"),
        "place": Paint("", "", 0.0, text=_CLASSIC_LINE),
        "kernel": cell("#9cafb3"),
        **dict.fromkeys(("zero", "product"), cell("#ffffff")),
        "output": cell("#2aa198"),
        "output.current": cell("#1c7676"),
        **dict.fromkeys(WORDS, Paint(text=_CLASSIC_LINE)),
        "link": Paint("", _CLASSIC_LINE, 0.018),
        **outlines(_CLASSIC_LINE, _CLASSIC_LINE, 0.0339),
        **attention(_CLASSIC_LINE, "#d33682", "#cb4b16", "#dc322f"),
        **strokes("#ffffff", _CLASSIC_LINE, _CLASSIC_LINE),
    }
    return Theme(
        "classic",
        "#ffffff",
        _CLASSIC_LINE,
        "#268bd2",
        paints,
        {"heat": ("#ffffff", "#2aa198"), **PIXELS, "share": ("#ffffff", "#6c71c4")},
        cell=29.53,
        border=20.8,
        step_ms=1000,
        pause_ms=1000,
        shades=1,
    )


THEMES: dict[str, Theme] = {theme.name: theme for theme in (_LIGHT, _DARK, _PRINT, _classic(), _COLORBLIND)}


def theme_named(name: object) -> Theme:
    """The theme called `name`; raises LayerError naming the nearest."""
    if isinstance(name, str) and name in THEMES:
        return THEMES[name]
    nearest = (get_close_matches(str(name), THEMES, 1, 0.0) or ["light"])[0]
    raise LayerError("theme", "theme", {"theme": nearest}, value=name, nearest=nearest)
