"""One process that draws animations, as the server sees it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import convviz
from convviz.page.brought import packed_pixels
from convviz.web.drawing import Wanted


@dataclass(eq=False)
class Job:
    """One file that somebody waits for. cost: the seconds that drawing it should take."""

    wanted: Wanted
    cost: float
    folder: Path
    number: int = field(default_factory=count().__next__)
    listeners: int = 0
    drawn: Future[None] = field(default_factory=Future)

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / f"{self.number}{self.wanted.suffix}"


class Drawer:
    """One process, for one thread at a time; `stop` and `end` are called from any."""

    def __init__(self) -> None:
        root = str(Path(convviz.__file__).parents[1])
        paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "convviz.web.drawing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            encoding="utf-8",
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
            start_new_session=True,  # Ctrl-C in a terminal is for the server, which then ends this
        )
        self._writing = threading.Lock()

    @property
    def pid(self) -> int:
        return self._process.pid

    def draw(self, job: Job) -> dict[str, object]:
        """The process's answer; an empty one where it has ended."""
        brought = packed_pixels(job.wanted.x)
        self._write({"number": job.number, "wanted": job.wanted, "path": str(job.path), "brought": brought})
        assert self._process.stdout
        line = self._process.stdout.readline()
        return dict(json.loads(line)) if line.endswith("\n") else {}

    def stop(self, job: Job) -> None:
        """Ask it to leave off drawing."""
        self._write({"stop": job.number})

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()

    def close(self) -> None:
        """End the process, and wait until it has ended."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]

    def _write(self, said: dict[str, object]) -> None:
        assert self._process.stdin
        with self._writing, contextlib.suppress(OSError, ValueError):  # it has ended: the reader sees that, too
            self._process.stdin.write(json.dumps(said) + "\n")
            self._process.stdin.flush()
