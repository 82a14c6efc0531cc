"""Files: a Scene as a GIF, a PNG or an SVG. The only place where Pillow and imageio are."""

from __future__ import annotations

from typing import Any


def save(*arguments: Any, **options: Any) -> Any:
    """See `convviz.export.save.save`; Matplotlib and Pillow are loaded with the first file that is written."""
    from convviz.export.save import save as write

    return write(*arguments, **options)
