"""The formats that a picture can be saved in: one record each, in one table.

`cv.save`, the command, the page's buttons and its addresses, and the documents all read FORMATS. The module that a
record names is loaded when a file of its format is written; docs/adding-a-format.md says how to add one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from numbers import Real
from pathlib import PurePath
from typing import BinaryIO, Literal, NamedTuple

import numpy as np

from convviz.errors import LayerError
from convviz.layers.arguments import choice, flag
from convviz.scene.moments import PACES, TERM_MS, Moment, count_unfolded, unfolded
from convviz.scene.scene import Scene
from convviz.themes import Theme

Progress = Callable[[int, int], object]

PACE = (20, 60_000)
"""The least and most milliseconds of a step: browsers slow down anything faster."""


SPEEDS = (0.25, 0.5, 1, 2, 4, 8, 16)
"""How many times as fast an animation may play: what the player offers."""


class Shown(NamedTuple):
    """A frame: a step, or a moment of it, and how many milliseconds it stays."""

    step: int
    moment: Moment | None
    milliseconds: int


class Options(NamedTuple):
    """What a writer may heed; see `convviz.save`. step: one that is there, or None for the usual one."""

    step: int | None = None
    scale: float | None = None
    step_ms: int | None = None
    pause_ms: int | None = None
    loop: bool = True
    progress: Progress | None = None
    pace: str | None = None
    speed: float = 1
    width: int | None = None
    transparent: bool = False
    sum_line: bool = False

    def paced(self, usual: str = PACES[0]) -> str:
        """One of PACES, the format's usual one where none is asked for; raises LayerError for another."""
        return usual if self.pace is None else choice("pace", self.pace, PACES)

    def frames(self, scene: Scene, theme: Theme) -> Iterator[Shown]:
        """The frames of an animation, one after the other. Raises LayerError as `paces`, `paced` and `faster` do."""
        (step_ms, pause_ms), pace, speed = self.paces(theme), self.paced(), self.faster()

        def stays(step: int, moment: Moment | None) -> int:
            usual = TERM_MS if moment else pause_ms if step == scene.steps - 1 else step_ms
            return hundredths(usual / speed)

        return (Shown(step, moment, stays(step, moment)) for step, moment in unfolded(scene, pace))

    def faster(self) -> float:
        """One of SPEEDS; raises LayerError that names the nearest for another."""
        number = isinstance(self.speed, Real) and not isinstance(self.speed, bool | np.bool_)
        if not number or self.speed not in SPEEDS:
            wanted = float(self.speed) if number and self.speed == self.speed else 1.0
            nearest = min(SPEEDS, key=lambda speed: abs(speed - wanted))
            said = ", ".join(f"{speed:g}" for speed in SPEEDS)
            raise LayerError("choice", "speed", {"speed": nearest}, value=self.speed, choices=said, nearest=nearest)
        return self.speed

    @property
    def clear(self) -> bool:
        """Whether the ground is transparent; raises LayerError where that is neither True nor False."""
        return flag("transparent", self.transparent)

    @property
    def sums(self) -> bool:
        """Whether the sum line stands under the picture; raises LayerError where that is neither True nor False."""
        return flag("sum_line", self.sum_line)

    @property
    def lights(self) -> bool:
        """Whether cells are lit in some frames: those of the term that is added."""
        return self.paced() != "steps"

    def paces(self, theme: Theme) -> tuple[int, int]:
        """Milliseconds of a step and of the last one, the theme's where they are left out.

        Raises LayerError for a pace or a loop that cannot be.
        """
        step_ms = duration("step_ms", theme.step_ms if self.step_ms is None else self.step_ms)
        pause_ms = max(theme.pause_ms, step_ms) if self.pause_ms is None else duration("pause_ms", self.pause_ms)
        if not isinstance(self.loop, bool | np.bool_):
            raise LayerError("loop", "loop", {"loop": True}, value=self.loop, nearest=True)
        return step_ms, pause_ms

    def still(self, scene: Scene) -> int:
        """The step of a still: the last where none is asked for, at which the output is complete."""
        return scene.steps - 1 if self.step is None else self.step

    def done(self, frames: int, scene: Scene) -> None:
        """Tell that so many frames of the scene are written."""
        if self.progress is not None:
            self.progress(frames, count_unfolded(scene, self.paced()))


@dataclass(frozen=True)
class Format:
    """A format. Its file in this folder, named after the suffix, has `write(scene, file, theme, options)`.

    label: its name, the same in every language; kind: "animation", a frame a step or, term by term, several; "still",
    one step; "page", the player itself. options: those of `convviz.save` that it heeds, beside the theme.
    frame_seconds: about how long a frame of a small picture takes, 0 where frames are not drawn one by one. page: who
    makes the file when a visitor of the page asks for it, "" where its button is not offered. needs: modules without
    which it cannot be written.
    """

    suffix: str
    label: str
    media_type: str
    kind: Literal["animation", "still", "page"]
    options: tuple[str, ...]
    frame_seconds: float = 0.0
    page: Literal["server", "browser", ""] = "server"
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The suffix without its dot: what the command calls it."""
        return self.suffix.removeprefix(".")

    @property
    def missing(self) -> tuple[str, ...]:
        """What it needs and is not installed here."""
        return tuple(module for module in self.needs if not _installed(module))

    def write(self, scene: Scene, file: BinaryIO, theme: Theme, options: Options) -> None:
        """Write the scene into an open file."""
        import_module(f"convviz.export.{self.name}").write(scene, file, theme, options)


_DRAWN = ("scale", "width", "transparent", "sum_line")
_MOVING = ("step_ms", "pause_ms", "loop", "pace", "speed", *_DRAWN)

FORMATS: tuple[Format, ...] = (
    Format(".gif", "GIF", "image/gif", "animation", _MOVING, frame_seconds=0.004),
    Format(".webp", "WebP", "image/webp", "animation", _MOVING, frame_seconds=0.012, needs=("imageio", "PIL._webp")),
    Format(".png", "PNG", "image/png", "still", ("step", *_DRAWN), page="browser"),
    Format(".svg", "SVG", "image/svg+xml", "still", ("step", *_DRAWN), page="browser"),
    Format(".html", "HTML", "text/html", "page", ("step", "step_ms", "pace", "speed")),
)
"""The table: the order in which formats are named and offered."""


def format_named(suffix: str, name: str) -> Format:
    """The format of a suffix, large letters or small; raises LayerError that says which ones exist, or what is missing.

    name: the file's, for the error.

    >>> format_named(".GIF", "out.GIF").media_type
    'image/gif'
    """
    known = {one.suffix: one for one in FORMATS}
    found = known.get(suffix.lower())
    if found is None:
        closest = (get_close_matches(suffix.lower(), known, 1, 0.75) or [FORMATS[0].suffix])[0]
        raise _other("suffix", name, suffix, closest, choices=listed())
    if missing := found.missing:
        raise _other("format_needs", name, suffix, FORMATS[0].suffix, needs=", ".join(missing))
    return found


def listed(kinds: tuple[str, ...] = ("animation", "still", "page")) -> str:
    """The suffixes of some kinds of formats, in a row.

    >>> listed(("still",))
    '.png, .svg'
    """
    return ", ".join(one.suffix for one in FORMATS if one.kind in kinds)


def duration(field: str, value: int) -> int:
    """A duration in whole hundredths of a second; raises LayerError for one out of PACE."""
    least, most = PACE
    if isinstance(value, bool) or not isinstance(value, Real) or value != value:
        raise LayerError("number_type", field, {field: 600}, value=value, nearest=600)
    if not least <= value <= most:
        nearest = int(min(max(value, least), most))
        raise LayerError("step_ms", field, {field: nearest}, value=value, least=least, most=most, nearest=nearest)
    return hundredths(value)


def hundredths(milliseconds: float) -> int:
    """Milliseconds in whole hundredths of a second, as animations have them, and not below what browsers play.

    >>> hundredths(250 / 4), hundredths(250 / 16)
    (60, 20)
    """
    return max(PACE[0], round(milliseconds / 10) * 10)


def _other(key: str, name: str, suffix: str, better: str, **said: str) -> LayerError:
    nearest = f"{PurePath(name).stem or 'out'}{better}"
    return LayerError(key, "path", {"path": nearest}, value=name or suffix, nearest=nearest, **said)


@cache
def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of its package
        return False
