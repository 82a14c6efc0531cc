"""The files: the 15 classics against the usual way to make them, and a long animation's time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import convviz as cv
from convviz import cli
from tests.bench import naive
from tests.bench.figure import Figure, seconds

ORIGINALS = 3_398_746
"""Bytes of the 15 animations that these reproduce (arXiv 1603.07285)."""

GROWTH = 8.0
"""MiB that the memory may still grow between the first third of the frames and the last: less than ten frames hold."""


def figures() -> list[Figure]:
    """The classics' bytes and speed, the long animation's seconds and memory."""
    return [*_classics(), *_long()]


def _classics() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        ours, theirs = Path(name, "ours"), Path(name, "theirs")
        theirs.mkdir()
        _write(ours)  # once for the imports and the caches of fonts, which the other ways then have too
        fast = sorted(seconds(lambda: _write(ours)) for _ in range(3))[1]
        slow = seconds(lambda: naive.write(theirs, naive.anew))
        frugal = seconds(lambda: naive.write(theirs, naive.recoloured))
        size = sum(path.stat().st_size for path in ours.glob("*.gif"))
        naive_size = sum(path.stat().st_size for path in theirs.glob("*.gif"))
    share, ratio = size / ORIGINALS, slow / fast
    return [
        Figure(
            "the 15 classics as GIF: bytes",
            f"{size:,} ({share:.0%})",
            f"at most 40 % of {ORIGINALS:,}",
            share <= 0.4,
            f"Matplotlib's PillowWriter: {naive_size:,}",
        ),
        Figure(
            "the 15 classics as GIF: time",
            f"{ratio:.0f}x ({fast:.2f} s against {slow:.1f} s)",
            "at least 30x faster than FuncAnimation and PillowWriter",
            ratio >= 30,
            "same polygons, colours, frames and pixels, in one process and one run; ours is the median of three; "
            f"against patches that are made once and recoloured ({frugal:.1f} s): {frugal / fast:.0f}x",
        ),
    ]


def _write(directory: Path) -> None:
    assert cli.main(["classics", "--out", str(directory)]) == 0


def _long() -> list[Figure]:
    """In a process of its own, whose memory holds nothing else."""
    run = subprocess.run([sys.executable, "-m", __name__], capture_output=True, text=True, check=True)
    took, first, last, peak = json.loads(run.stdout.splitlines()[-1])
    what = "32x32, 900 steps, as GIF"
    return [
        Figure(f"{what}: time", f"{took:.1f} s", "at most 5 s", took <= 5, "flat view, light theme, with numbers"),
        Figure(
            f"{what}: memory over the frames",
            f"{last - first:+.1f} MiB (peak {peak:.0f} MiB)",
            "does not grow with the number of frames",
            last - first <= GROWTH,
            "resident memory, last third of the time against the first; "
            f"one frame unpacked takes about a MiB, {GROWTH:.0f} are allowed",
        ),
    ]


def long_animation() -> list[float]:
    """Write it; returns seconds, the most MiB resident in the first and in the last third of the time, and at all."""
    import threading
    import time

    scene, done, resident = cv.scene(cv.Conv(32, 3)), threading.Event(), []
    cv.save(cv.scene(cv.Conv(4, 3)), Path(tempfile.mkdtemp(), "small.gif"))

    def watch() -> None:
        while not done.wait(0.02):
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            resident.append(pages * 4096 / 2**20)

    watcher = threading.Thread(target=watch)
    with tempfile.TemporaryDirectory() as name:
        watcher.start()
        start = time.perf_counter()
        cv.save(scene, Path(name, "long.gif"))
        took = time.perf_counter() - start
        done.set()
        watcher.join()
    third = max(1, len(resident) // 3)
    return [took, max(resident[:third]), max(resident[-third:]), max(resident)]


if __name__ == "__main__":
    print(json.dumps(long_animation()))
