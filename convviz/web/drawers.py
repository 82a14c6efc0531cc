"""A pool of processes that draw animations, apart from the threads that answer everything else.

At most PLACES are drawn at one time; a bounded number waits, and whoever comes then is told when to come again. Each
place is one thread that talks to one process, both started when they are needed and ended when they are not. What was
drawn lies in files, of which the latest are kept.
"""

from __future__ import annotations

import contextlib
import math
import os
import tempfile
import threading
import time
from collections import OrderedDict, deque
from pathlib import Path
from typing import Any, BinaryIO

from convviz.web.drawer import Drawer, Job
from convviz.web.drawing import Wanted

PLACES = max(1, min(2, os.cpu_count() or 1))
"""Animations drawn at one time."""

WAITING = 16
"""Animations that wait for a place."""

PATIENCE = 20.0
"""The most seconds of drawing that may wait for a place; a single animation may always wait."""

IDLE = 30.0
"""Seconds without work after which a process ends."""

KEPT = 64 * 2**20
"""Bytes of files that are kept."""

HEAVY = 150.0
"""A process that holds more MiB than this is replaced after its picture."""

GRACE = 0.5
"""Seconds after which a process that does not stop is ended."""

PROMISE = 10.0
"""How many seconds after that time somebody who was told to come again is still expected."""


class Full(Exception):
    """No more can wait; seconds: when to come again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"come again in {seconds} s")


class Refused(Exception):
    """The picture cannot be drawn; the words say why, in its language."""


class Failed(Exception):
    """Drawing ended before the file was complete."""


class Pool:
    """Places for drawing, those who wait for them, and the files that were drawn; used from any thread."""

    def __init__(self, places: int = PLACES, waiting: int = WAITING, kept: int = KEPT, idle: float = IDLE) -> None:
        self.places, self.most, self.room, self.idle = places, waiting, kept, idle
        self._change = threading.Condition()
        self._waiting: deque[Job] = deque()
        self._asked: dict[Wanted, Job] = {}
        self._drawing: dict[Job, Drawer | None] = {}
        self._threads = self._free = 0
        self._kept: OrderedDict[Wanted, tuple[Path, int]] = OrderedDict()
        self._promised: dict[Wanted, tuple[float, float]] = {}
        self._pace = 1.0  # how long drawing takes, against what it should
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._closed = False

    def find(self, wanted: Wanted) -> BinaryIO | None:
        """The open file of an animation that is kept."""
        with self._change, contextlib.suppress(KeyError, OSError):
            path, _ = self._kept[wanted]
            self._kept.move_to_end(wanted)
            return path.open("rb")
        return None

    def ask(self, wanted: Wanted, cost: float) -> Job:
        """Have an animation drawn; `leave` when it is no longer waited for. Raises Full."""
        with self._change:
            job = self._asked.get(wanted)
            if job is None:
                self._admit(wanted, cost)
                job = Job(wanted, cost, self._place())
                self._asked[wanted] = job
                self._waiting.append(job)
                if not self._free and self._threads < self.places:
                    self._threads += 1
                    threading.Thread(target=self._work, daemon=True).start()
                self._change.notify()
            job.listeners += 1
            return job

    def leave(self, job: Job) -> None:
        """Stop waiting. When nobody waits any more, drawing stops and the place is free."""
        with self._change:
            job.listeners -= 1
            if job.listeners or job.drawn.done():
                return
            if self._asked.get(job.wanted) is job:
                del self._asked[job.wanted]
            if job in self._waiting:
                self._waiting.remove(job)
                job.drawn.cancel()
                return
            drawer = self._drawing.get(job)
        if drawer is not None:
            drawer.stop(job)
            timer = threading.Timer(GRACE, self._end, [job, drawer])
            timer.daemon = True
            timer.start()

    def busy(self) -> tuple[int, int]:
        """How many are drawn, and how many wait."""
        with self._change:
            return len(self._drawing), len(self._waiting)

    def close(self) -> None:
        """End all processes and remove all files; the pool can be used again afterwards."""
        with self._change:
            self._closed = True
            for job in self._waiting:
                job.drawn.set_exception(Failed("the server ends"))
            self._waiting.clear()
            self._asked.clear()
            for drawer in self._drawing.values():
                if drawer is not None:
                    drawer.end()
            self._change.notify_all()
            self._change.wait_for(lambda: not self._threads, timeout=5)
            self._kept.clear()
            self._promised.clear()
            folder, self._folder, self._closed = self._folder, None, False
        if folder is not None:
            with contextlib.suppress(OSError):
                folder.cleanup()

    def _admit(self, wanted: Wanted, cost: float) -> None:
        """Raise Full where no more can wait. Those who were told to come again before this one come before it."""
        now = time.monotonic()
        self._promised = {other: (due, c) for other, (due, c) in self._promised.items() if now < due + PROMISE}
        self._promised.pop(wanted, None)
        waiting = sum(job.cost for job in self._waiting)
        full = len(self._waiting) >= self.most or (waiting + cost) * self._pace / self.places > PATIENCE
        if not (full and self._waiting):
            return
        ahead = sum(job.cost for job in self._drawing) + waiting / 2 + sum(c for _, c in self._promised.values())
        seconds = min(max(1, math.ceil(ahead * self._pace / self.places)), 120)
        if len(self._promised) < 1000:
            self._promised[wanted] = (now + seconds, cost)
        raise Full(seconds)

    def _place(self) -> Path:
        """The folder of the files."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="convviz-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    def _next(self) -> Job | None:
        """Take the next animation to draw; None if there was none for a while."""
        with self._change:
            self._free += 1
            self._change.wait_for(lambda: self._waiting or self._closed, timeout=self.idle)
            self._free -= 1
            if self._closed or not self._waiting:
                self._threads -= 1
                self._change.notify_all()
                return None
            job = self._waiting.popleft()
            self._drawing[job] = None
            return job

    def _work(self) -> None:
        """A place: draws one animation after the other until there is nothing to draw."""
        drawer: Drawer | None = None
        try:
            while job := self._next():
                drawer = self._draw(job, drawer)
        finally:
            if drawer is not None:
                drawer.close()

    def _draw(self, job: Job, drawer: Drawer | None) -> Drawer | None:
        """Draw; returns the process for the next one, or None where a new one is needed."""
        said: dict[str, Any] = {}
        start = time.monotonic()
        with contextlib.suppress(OSError):  # where no process can be started
            drawer = drawer or Drawer()
            with self._change:
                self._drawing[job] = drawer
                left = job.listeners == 0 or self._closed
            start = time.monotonic()
            said = {"stopped": True, "peak": 0} if left else drawer.draw(job)
        took = time.monotonic() - start
        with self._change:
            del self._drawing[job]
            if self._asked.get(job.wanted) is job:
                del self._asked[job.wanted]
            if said.get("done"):
                self._pace += 0.3 * (min(max(took / job.cost, 0.1), 10) - self._pace)
                self._keep(job)
        _tell(job, said)
        if drawer is not None and not (said and said["peak"] < HEAVY):
            drawer.close()
            drawer = None
        return drawer

    def _keep(self, job: Job) -> None:
        """Keep a file, and remove those that were asked for longest ago when there are too many bytes."""
        self._kept[job.wanted] = job.path, job.path.stat().st_size
        while len(self._kept) > 1 and sum(size for _, size in self._kept.values()) > self.room:
            _, (path, _) = self._kept.popitem(last=False)
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def _end(self, job: Job, drawer: Drawer) -> None:
        """End a process that has not stopped drawing in time."""
        with self._change:
            if self._drawing.get(job) is drawer:
                drawer.end()


def _tell(job: Job, said: dict[str, Any]) -> None:
    """Tell those who wait."""
    if said.get("done"):
        job.drawn.set_result(None)
    elif "refused" in said:
        job.drawn.set_exception(Refused(said["refused"]))
    else:
        with contextlib.suppress(OSError):
            job.path.unlink(missing_ok=True)  # of a process that was ended
        job.drawn.set_exception(Failed(str(said.get("failed", "the process ended"))))


POOL = Pool()
"""The pool of this server."""
