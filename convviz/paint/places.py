"""Places as SVG writes them, and images, which are little but a place."""

from __future__ import annotations

from convviz.scene.marks import Floats
from convviz.scene.scene import Scene


def coordinates(points: Floats) -> str:
    """Points as SVG writes them, to a thousandth of a cell."""
    return " ".join(f"{short(x)},{short(y)}" for x, y in points.tolist())


def short(value: float) -> str:
    """A number to a thousandth.

    >>> short(2.0), short(-0.0001)
    ('2', '0')
    """
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def embedded(scene: Scene, grid: int, step: int, cell: float) -> str:
    """The pixels under a grid: each image in a window of its own, as far as it is seen at the step."""
    found = []
    for image in scene.images:
        (left, top, width, height), (rows, columns) = scene.image_box(image), image.size
        first = image.first(step)
        if image.grid != grid or first >= columns:
            continue
        hidden = width * first / columns
        place = {"x": left + hidden, "y": top, "width": width - hidden, "height": height}
        box = " ".join(f'{name}="{short(value)}"' for name, value in place.items())
        way = "pixelated" if width * cell >= columns else "auto"
        found.append(
            f'<svg class="pixels" {box} viewBox="{first} 0 {columns - first} {rows}" preserveAspectRatio="none">'
            f'<image width="{columns}" height="{rows}" preserveAspectRatio="none" href="{image.address}" '
            f'style="image-rendering:{way}"/></svg>'
        )
    return "".join(found)
