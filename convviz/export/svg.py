"""One step of a Scene as an SVG file, whose letters are outlines: it needs no font to look as it does here."""

from __future__ import annotations

from typing import BinaryIO

from convviz.export.formats import Options
from convviz.export.sum_line import SumLine
from convviz.paint.outlined import outlined
from convviz.paint.pixels import placement
from convviz.paint.svg import view_box
from convviz.scene.scene import Scene
from convviz.themes import Theme


def write(scene: Scene, file: BinaryIO, theme: Theme, options: Options) -> None:
    """Write the picture; its width and height are those of a PNG of the same scale, but for its margin."""
    cell, step = placement(scene, theme, options.scale, options.width).scale, options.still(scene)
    if options.width is not None:
        cell = options.width / view_box(scene)[2]
    sums = SumLine.under(scene) if options.sums else None
    lines, size = (sums.at(step), sums.size) if sums else ([], 0.0)
    file.write(outlined(scene, step, theme, cell, options.clear, lines, size).encode())
