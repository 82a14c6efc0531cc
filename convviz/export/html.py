"""A Scene as one HTML file with the player in it: it plays from a disk, without server or network."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import BinaryIO

from convviz.asset import asset
from convviz.export.formats import FORMATS, Options, duration
from convviz.export.name import file_name
from convviz.paint.outlines import letters, outline
from convviz.player.bundle import MODULES, bundle, without_remarks, without_spaces
from convviz.player.data import data
from convviz.player.words import words
from convviz.scene.scene import Scene
from convviz.scene.views import VIEWS
from convviz.themes import Theme

LATIN = asset("fonts/ConvvizSans-latin.woff2")
"""The letters of the picture; its Chinese ones are the system's."""

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:"
)
"""What the page may load: nothing. Its pictures are those that it makes of itself to be taken away."""

PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
{policy}<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{ground}body {{ margin: 0; padding: {padding}; background: var(--st-background-color) }}
main {{ max-width: {width}; margin: auto }}
</style>
<main>
<template><style>{style}</style></template>
<script type="application/json">{data}</script>
</main>
<script>
{script}$alone.alone(document.querySelector("main"))
</script>
</html>
"""


def write(scene: Scene, file: BinaryIO, theme: Theme, options: Options) -> None:
    """Write the page. It opens at the step that is asked for, and stays there; without one it plays from the first."""
    file.write(html(scene, theme, options).encode())


def html(scene: Scene, theme: Theme, options: Options | None = None) -> str:
    """The page's text.

    >>> import convviz as cv
    >>> from convviz.themes import theme_named
    >>> html(cv.scene(cv.Conv(4, 3)), theme_named("light")).count("<script")
    2
    """
    options = options or Options()
    said = data(
        scene,
        theme,
        theme,
        scene.language,
        words=words(scene.language, alone=True),
        pace=options.paced("first"),
        speed=options.faster(),
        step_ms=theme.step_ms if options.step_ms is None else duration("step_ms", options.step_ms),
        main=True,
        name=file_name(scene, ""),
        files=[{"suffix": one.suffix, "label": one.label} for one in FORMATS if one.page == "browser"],
        letters={letter: outline(letter) for letter in sorted(letters(scene))},
        fonts={"latin": f"data:font/woff2;base64,{b64encode(LATIN.read_bytes()).decode()}"},
        autoplay=options.step is None,
        step=options.step or 0,
        seek=0,
    )
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
    return page(said, scene.language, file_name(scene, ""), ground_of(theme), policy, without=_unneeded(scene))


def _unneeded(scene: Scene) -> tuple[str, ...]:
    """The modules that the page of a scene does not need: a table alone is folded."""
    views = [part.view for part in scene.parts] or [scene.view]
    return () if any(VIEWS[view].narrow.folds for view in views) else ("fold",)


def page(
    said: bytes,
    language: str,
    title: str,
    ground: str,
    policy: str = "",
    padding: str = "1.5rem",
    width: str = "72rem",
    without: tuple[str, ...] = (),
) -> str:
    """The text of a page with the player, which shows what is said; ground: rules that give the page its colour;
    without: modules that it does not need."""
    return PAGE.format(
        language=escape(language),
        policy=policy,
        title=escape(title),
        ground=ground,
        padding=padding,
        width=width,
        style=without_spaces((MODULES / "player.css").read_text("utf-8")),
        data=said.decode().replace("</", "<\\/"),
        script=without_remarks(bundle("alone", without=without)),
    )


def ground_of(theme: Theme) -> str:
    """The rules that give a page the colours of a theme."""
    scheme = "dark" if theme.name == "dark" else "light"
    return f":root {{ color-scheme: {scheme}; --st-background-color: {theme.background} }}\n"
