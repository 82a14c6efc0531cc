"""What the player is sent: a scene with its words and its colours."""

from __future__ import annotations

from convviz.colour import mixed
from convviz.export.formats import FORMATS
from convviz.paint.pixels import WIDTH_RANGE
from convviz.paint.svg import stylesheet
from convviz.player.wire import payload
from convviz.player.words import words
from convviz.scene.roles import BOARDS, REFERENCES, SCALES
from convviz.scene.scene import Scene
from convviz.themes import Theme


def look(theme: Theme) -> dict[str, str]:
    """The colours that a component's own elements take: those of the page, or, on the stage, of the picture.

    >>> from convviz.themes import theme_named
    >>> sorted(look(theme_named("light")))
    ['accent', 'ground', 'ink']
    """
    return {"accent": theme.accent, "ground": theme.background, "ink": theme.foreground}


def key_colour(theme: Theme, role: str) -> str:
    """The colour of the line under a word or a symbol that speaks of a role: that of what it lights up in the picture.

    >>> from convviz.themes import theme_named
    >>> light = theme_named("light")
    >>> key_colour(light, "stride") == key_colour(light, "window") == light.paint("frame").line
    True
    """
    lit = BOARDS.get(role, REFERENCES[role][0])
    if lit in ("window", "dropped"):
        return theme.paint("frame").line
    if lit == "winner":
        return theme.paint(lit).line
    if lit in ("output", "current", "extra"):
        return theme.paint("output", "current").fill
    if lit == "share":
        return theme.paint(lit, level=SCALES[lit] * 2 // 3).fill
    if lit in ("input", "kernel"):
        return theme.paint(lit, "window").fill
    paint = theme.paint(lit)
    return mixed(paint.fill or theme.background, paint.line, 0.4)  # pale cells, which their lines tell from the ground


def _key_rules(theme: Theme) -> str:
    return "".join(f".player .k-{role}{{--key:{key_colour(theme, role)}}}" for role in REFERENCES)


_LEAST = {"lit": 1.6, "hover": 1.0, "pin": 1.4, "edit": 1.4, "error": 1.6}
"""The least pixels of the lines of MARKS, where cells are small."""


def _mark_rules(theme: Theme) -> str:
    """The marks of attention; their colours are also those of the field that is typed into."""
    rules = [f".player{{--edit:{theme.paint('edit').line};--error:{theme.paint('error').line}}}"]
    for name, least in _LEAST.items():
        paint = theme.paint(name)
        dash = " ".join(f"{length:g}" for length in paint.dash) or "none"
        wide = f"max({paint.width:g}px,calc({least:g}*var(--pixel)))"
        line = f"stroke:{paint.line};stroke-width:{wide};stroke-dasharray:{dash};stroke-linejoin:round"
        rules.append(f".player .marks .r-{name}{{fill:none;{line}}}")
    rules.append(
        f".player .marks .under{{fill:none;stroke:{theme.background};stroke-width:max(.11px,calc(4*var(--pixel)))}}"
    )
    rules.append(_answer_rules(theme))
    rules.append(
        f".player .marks .flag{{fill:{theme.paint('pin').line}}}.player .marks .caret{{stroke-dasharray:none}}"
    )
    return "".join(rules)


def _answer_rules(theme: Theme) -> str:
    """What a question puts on cells: those that are chosen, that were right, wrong or left out, and a guessed size."""
    wrong, wide = theme.paint("error").line, "max(.05px,calc(1.6*var(--pixel)))"
    looks = {"chosen": (theme.accent, "none"), "hit": (theme.accent, "none"), "miss": (wrong, "none")}
    looks |= {"left": (theme.accent, ".16 .1"), "guess": (wrong, ".3 .14")}
    rules = [
        f".player .marks .r-{name}{{fill:none;stroke:{line};stroke-width:{wide};stroke-dasharray:{dash}}}"
        for name, (line, dash) in looks.items()
    ]
    rules.append(f".player .marks .r-chosen{{fill:{theme.accent};fill-opacity:.25}}")
    rules.append(f".player .r-gone{{fill:none;stroke:none}}.player text.r-gone{{fill:{theme.foreground}}}")
    return "".join(rules)


def dress(theme: Theme, page: Theme) -> dict[str, object]:
    """The colours of a picture in a theme, on a page in another."""
    css = stylesheet(theme, ".player ") + _key_rules(theme) + _mark_rules(theme)
    return look(page) | {"paper": look(theme), "page": page.name, "css": css, "tones": page.tones}


def data(scene: Scene, theme: Theme, page: Theme, language: str, **others: object) -> bytes:
    """All that player.js reads, as JSON. page: the theme around the picture.

    `others` take the place of what is usual and come beside it: main, name, files, step, seek, look, note, autoplay;
    of a lesson also lesson, lessons, link, present, session, stamp, undo, tour.
    """
    usual = {"step_ms": theme.step_ms, "autoplay": True, "words": words(language), "language": language}
    usual |= {"heeds": {one.suffix: one.options for one in FORMATS}, "widths": WIDTH_RANGE}
    return payload(scene, **(usual | dress(theme, page) | others))
