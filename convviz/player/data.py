"""What the player is sent: a scene with its words and its colours."""

from __future__ import annotations

from convviz.paint.svg import stylesheet
from convviz.player.wire import payload
from convviz.player.words import words
from convviz.scene.scene import Scene
from convviz.themes import Theme


def look(theme: Theme) -> dict[str, str]:
    """The colours that a component's own elements take: those of the page, or, on the stage, of the picture.

    >>> from convviz.themes import theme_named
    >>> sorted(look(theme_named("light")))
    ['accent', 'ground', 'ink']
    """
    return {"accent": theme.accent, "ground": theme.background, "ink": theme.foreground}


def data(scene: Scene, theme: Theme, page: Theme, language: str, **others: object) -> bytes:
    """All that player.js reads, as JSON. page: the theme around the picture.

    `others` take the place of what is usual and come beside it: main, name, files, step, seek, look, note, autoplay;
    of a lesson also lesson, link, session, stamp, undo, tour; of a card mini, title, caption.
    """
    usual = {"step_ms": theme.step_ms, "autoplay": True, "words": words(language)}
    colours = look(page) | {"paper": look(theme), "page": page.name, "css": stylesheet(theme, ".player ")}
    return payload(scene, **(usual | colours | others))
