"""One step of a Scene as a PNG file."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from convviz.paint.drawing import pixels_at
from convviz.scene.scene import Scene
from convviz.themes import Theme


def png(scene: Scene, step: int, theme: Theme, scale: float | None = None) -> bytes:
    """The picture at one step; scale: pixels a cell.

    >>> import convviz as cv
    >>> from convviz.themes import theme_named
    >>> png(cv.scene(cv.Conv(4, 3)), 0, theme_named("print"), scale=12)[1:4]
    b'PNG'
    """
    file = BytesIO()
    Image.fromarray(pixels_at(scene, step, theme, scale)).save(file, "PNG")
    return file.getvalue()
