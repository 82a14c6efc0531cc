"""Ctrl-C while the command still loads: it ends, and says nothing.

Imported before anything else of the package, as loading takes a good part of a second. In any other program it does
nothing.
"""

from __future__ import annotations

import os
import signal
import sys

INTERRUPTED = 130
"""The exit code of a command that was interrupted."""


def is_command(argv: list[str], original: list[str]) -> bool:
    """Whether this process is the command: its script, or `python -m convviz`.

    >>> is_command(["/env/bin/convviz", "gif"], []), is_command(["-m"], ["python", "-m", "convviz"])
    (True, True)
    >>> is_command(["-m"], ["python", "-m", "pytest"])
    False
    """
    name = os.path.basename(argv[0]) if argv else ""  # noqa: PTH119 - pathlib would have to be loaded
    return name in ("convviz", "convviz.exe") or original[1:3] == ["-m", "convviz"]


if is_command(sys.argv, sys.orig_argv):
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
