"""The process that draws animations for the server: `python -m convviz.web.drawing`, started by convviz.web.drawers.

It reads one line of JSON a picture and answers with one line. It draws in a process of its own because drawing holds
Python's lock: threads of the server would slow down every answer. It ends when its input ends, so it never outlives
the server.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sys
import threading
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from convviz.errors import LayerError
from convviz.export.formats import FORMATS, Options
from convviz.export.save import save
from convviz.network import stack_from_text
from convviz.page.brought import keep_packed
from convviz.page.kernels import weights_from_text
from convviz.page.state import AUTO, Kept, State
from convviz.page.values import values_from_text

NICE = 10
"""How much the process steps back behind the server, in the system's own measure (0 to 19)."""


ASKED = ("pace", "speed", "width", "transparent", "sum_line", "loop")
"""The options that an address may name beside what is shown."""


class Wanted(NamedTuple):
    """All that a file depends on, as text: two states with the same Wanted have the same file."""

    layer: str
    x: str
    weight: str
    view: str
    theme: str
    language: str
    suffix: str = FORMATS[0].suffix
    tones: bool = False
    pace: str | None = None
    speed: float = 1
    width: int | None = None
    transparent: bool = False
    sum_line: bool = False
    loop: bool = True
    seen: float | None = None
    kept: tuple[str, str] | None = None
    then: str = ""

    @classmethod
    def of(
        cls, state: State, suffix: str = FORMATS[0].suffix, options: Options | None = None, seen: float | None = None
    ) -> Wanted:
        """What a state's file depends on: neither its step nor its beat; where only counts are shown, no values.

        seen: the pixels a cell at which a picture was seen, whose numbers could not all be read.

        >>> from convviz.page.state import opening
        >>> Wanted.of(opening("convolution")).theme
        'light'
        """
        theme = "light" if state.theme == AUTO else state.theme
        values = (state.x.text(), state.weight.text()) if state.has_values else ("s0", "s0")
        chosen = {name: getattr(options or Options(), name) for name in ASKED}
        kept = (state.kept.text, state.kept.weight.text()) if state.kept else None
        shown = (state.text, *values, state.seen, theme, state.language, suffix, state.tones)
        return cls(*shown, **chosen, seen=seen, kept=kept, then=state.then)

    def state(self) -> State:
        """A state with this picture."""
        x, weight = values_from_text(self.x), weights_from_text(self.weight)
        kept = self.kept and Kept(stack_from_text(self.kept[0]), weights_from_text(self.kept[1]))
        layer = stack_from_text(self.layer)
        shown = State("", layer, self.view, x, weight, self.theme, self.language)
        return replace(shown, tones=self.tones, kept=kept or None, then=self.then)


class Stopped(Exception):
    """Nobody waits for the picture any more."""


def draw(wanted: Wanted, path: Path, stopped: Any) -> None:
    """Write the file; raises Stopped when `stopped()` is true between two frames. `path` is gone unless it is whole."""

    def check(done: int, frames: int) -> None:
        if stopped():
            raise Stopped

    try:
        check(0, 0)
        scene = replace(wanted.state().scene(), seen=wanted.seen or inf)
        check(0, 0)
        with path.open("wb") as file:
            chosen = {name: getattr(wanted, name) for name in ("theme", "language", "suffix", *ASKED)}
            save(scene, file, progress=check, **chosen)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        raise


def peak() -> float:
    """The most MiB that this process has held; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def serve(asked: TextIO, answers: TextIO) -> None:
    """Draw what is asked for, until there is no more input.

    A line asks {"number", "wanted", "path"}, with the pixels of a picture that was "brought", or
    {"stop": number}; the answer is {"number"} with "done", "stopped",
    "refused" (the reason, in the picture's language) or "failed".
    """
    jobs: queue.Queue[dict[str, Any] | None] = queue.Queue()
    stop = {-1}
    ended = threading.Event()

    def listen() -> None:
        for line in asked:
            said = json.loads(line)
            stop.add(said["stop"]) if "stop" in said else jobs.put(said)
        ended.set()
        jobs.put(None)

    threading.Thread(target=listen, daemon=True).start()
    while job := jobs.get():
        number = job["number"]

        def stopped(number: int = number) -> bool:
            return ended.is_set() or number in stop

        answers.write(json.dumps({"number": number, "peak": peak()} | _answer(job, stopped)) + "\n")
        answers.flush()
        stop.discard(number)


def _answer(job: dict[str, Any], stopped: Any) -> dict[str, object]:
    wanted = Wanted(*job["wanted"])
    try:
        keep_packed(job.get("brought"))
        draw(wanted, Path(job["path"]), stopped)
    except Stopped:
        return {"stopped": True}
    except LayerError as error:
        return {"refused": error.text(wanted.language)}
    except Exception as error:
        import traceback

        traceback.print_exc()
        return {"failed": repr(error)}
    return {"done": True}


def main() -> None:
    """The process: only answers go to its standard output."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    if hasattr(os, "nice"):
        os.nice(NICE)
    import convviz.export.gif  # noqa: F401  with Matplotlib, before the first picture is asked for

    with contextlib.suppress(BrokenPipeError):
        serve(sys.stdin, answers)


if __name__ == "__main__":
    main()
