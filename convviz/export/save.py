"""cv.save: a picture or an animation into a file, whose suffix says in which format."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from operator import index
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

from convviz.errors import LayerError
from convviz.export.formats import Options, format_named
from convviz.scene.build import scene
from convviz.scene.scene import Scene
from convviz.themes import theme_named


def save(
    shown: object,
    path: str | os.PathLike[str] | BinaryIO,
    theme: str = "light",
    step_ms: int | None = None,
    scale: float | None = None,
    *,
    step: int | None = None,
    view: str | None = None,
    language: str = "en",
    pause_ms: int | None = None,
    suffix: str | None = None,
    progress: Callable[[int, int], object] | None = None,
    loop: bool = True,
    tones: bool = False,
    pace: str | None = None,
    speed: float = 1,
    width: int | None = None,
    transparent: bool = False,
    sum_line: bool = False,
) -> None:
    """Save a Scene, or a trace, layer or network, which is laid out by `view` in `language`.

    path: a file's name, or an open binary file with a `suffix`. ".gif" and ".webp" are animations; ".png" and ".svg"
    stills of `step`, the last where left out (-1 counts from the end); ".html" is a page with the player, which needs
    no server and opens at `step`. theme: one of `convviz.themes.THEMES`. tones: whether all values are shown as
    colours. step_ms, pause_ms: milliseconds of a step and of the last one, 20 to 60,000, the theme's where left out;
    loop: whether it starts again. pace: "steps", each at once; "terms", each term by term, 250 ms a term; "first", the
    first step alone so. speed: how many times as fast, 0.25, 0.5, 1, 2, 4, 8 or 16. scale: pixels a cell, or width:
    pixels across, 64 to 4,096. transparent: no ground. sum_line: the step's arithmetic, "1·2 + 0·3 = 2", below.
    progress: called with (frames done, all frames). A named file is written whole or not at all. Raises LayerError.

    >>> import convviz as cv, io
    >>> file = io.BytesIO()
    >>> cv.save(cv.trace(cv.Conv(4, 3)), file, suffix=".gif", scale=12)
    >>> file.getvalue()[:6]
    b'GIF89a'
    """
    options = Options(step, scale, step_ms, pause_ms, loop, progress, pace, speed, width, transparent, sum_line)
    _write(shown, path, suffix, theme, options, {"view": view, "language": language, "tones": tones})


def _write(shown: object, path: Any, suffix: object, theme: str, options: Options, laid_out: dict[str, Any]) -> None:
    """Find the format, lay out what is shown, and write it."""
    named = isinstance(path, str | os.PathLike)
    if named:
        _refuse_no_file(Path(path))
    name = Path(path).name if named else ""
    ending = Path(name).suffix if suffix is None else suffix
    if not isinstance(ending, str) or not (named or hasattr(path, "write")):
        ending = ""
    written = format_named(ending, name or str(suffix or ""))
    paint = theme_named(theme)
    picture = shown if isinstance(shown, Scene) else scene(shown, **laid_out)
    if options.step is not None:
        options = options._replace(step=staged(picture, options.step))
    with _whole_or_not(Path(path)) if named else nullcontext(path) as file:
        written.write(picture, file, paint, options)


def staged(picture: Scene, step: int) -> int:
    """A step counted from the first; raises LayerError for one that is not there."""
    last = picture.steps - 1
    try:
        number = index(step)
    except TypeError:
        number = None
    if number is None or isinstance(step, bool):
        raise LayerError("count", "step", {"step": last}, value=step, nearest=last)
    if not -picture.steps <= number <= last:
        nearest = 0 if number < 0 else last
        raise LayerError("step", "step", {"step": nearest}, value=number, last=last, nearest=nearest)
    return number % picture.steps


def _refuse_no_file(path: Path) -> None:
    """Refuse a folder, and a name that no file can have."""
    try:
        os.lstat(os.path.realpath(path))
    except ValueError:
        raise LayerError("no_file", "path", {"path": "out.gif"}, value=str(path), nearest="out.gif") from None
    except OSError:
        return  # there is nothing yet
    if path.is_dir():
        nearest = str(path / "out.gif")
        raise LayerError("folder", "path", {"path": nearest}, value=str(path), nearest=nearest)


@contextmanager
def _whole_or_not(path: Path) -> Iterator[BinaryIO]:
    """A file beside `path` that takes its place when all went well, and is gone when it did not.

    A link stays one, and what it leads to is written; a file that is there keeps its mode. A device or a pipe, which
    nothing can take the place of, is written to as it is.
    """
    try:
        with path.open("wb") if path.exists() and not path.is_file() else _beside(path) as file:
            yield file
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


@contextmanager
def _beside(path: Path) -> Iterator[BinaryIO]:
    path = Path(os.path.realpath(path))
    part = path.with_name(f".{path.name[:60]}.{token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            yield file
        with suppress(OSError):
            part.chmod(path.stat().st_mode & 0o7777)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
