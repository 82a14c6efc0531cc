"""One step of a Scene as a PNG file."""

from __future__ import annotations

from typing import BinaryIO

from PIL import Image

from convviz.export.formats import Options
from convviz.paint.drawing import pixels_at
from convviz.scene.scene import Scene
from convviz.themes import Theme


def write(scene: Scene, file: BinaryIO, theme: Theme, options: Options) -> None:
    """Write the painter's pixels."""
    Image.fromarray(pixels_at(scene, options.still(scene), theme, options.scale)).save(file, "PNG")
