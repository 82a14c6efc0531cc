"""python -m tests.bench [engine reading exports page photographs learners load]: measure, and write docs/benchmarks.md.

Naming parts measures those alone, and writes nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from tests.bench.figure import Figure
from tests.bench.machine import described

PARTS = ("engine", "reading", "exports", "page", "photographs", "learners", "load")
DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Made by `make bench`, and not edited by hand. Every ratio is taken within one run. Figures of the page are measured in
Chromium, from the time stamp of the key to the first task after the frame that holds the new picture.
"""


def main(wanted: list[str]) -> int:
    """Measure; 1 where a figure falls short."""
    if unknown := set(wanted) - set(PARTS):
        print(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
        return 2
    machine, found = described(), []
    for part in wanted or PARTS:
        measure: Callable[[], list[Figure]] = import_module(f"tests.bench.{part}").figures
        for figure in measure():
            print(f"{_word(figure):>8}  {figure.what}: {figure.measured} ({figure.target}) {figure.note}", flush=True)
            found.append(figure)
    if not wanted:
        DOCUMENT.write_text(document(found, machine), "utf-8")
    return int(any(figure.holds is False for figure in found))


def document(figures: list[Figure], machine: list[str]) -> str:
    """docs/benchmarks.md."""
    rows = [f"| {f.what} | {f.measured} | {f.target} | {_word(f)} | {f.note} |" for f in figures]
    table = ["| what | measured | target | | how |", "| --- | --- | --- | --- | --- |", *rows]
    taken = f"{datetime.now(UTC):%Y-%m-%d}"
    return "\n".join([HEAD, *(f"- {line}" for line in (f"Taken on {taken}", *machine)), "", *table, ""])


def _word(figure: Figure) -> str:
    return {True: "holds", False: "short", None: "-"}[figure.holds]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
