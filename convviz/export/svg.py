"""One step of a Scene as an SVG file."""

from __future__ import annotations

from typing import BinaryIO

from convviz.export.formats import Options
from convviz.paint.pixels import placement
from convviz.paint.svg import svg
from convviz.scene.scene import Scene
from convviz.themes import Theme


def write(scene: Scene, file: BinaryIO, theme: Theme, options: Options) -> None:
    """Write the picture; its width and height are those of a PNG of the same scale, but for its margin."""
    file.write(svg(scene, options.still(scene), theme, placement(scene, theme, options.scale).scale).encode())
