"""One step of a Scene as a PNG file."""

from __future__ import annotations

from typing import BinaryIO

from PIL import Image

from convviz.export.formats import Options
from convviz.export.picture import still
from convviz.scene.scene import Scene
from convviz.themes import Theme


def write(scene: Scene, file: BinaryIO, theme: Theme, options: Options) -> None:
    """Write the painter's pixels."""
    Image.fromarray(still(scene, theme, options)).save(file, "PNG")
