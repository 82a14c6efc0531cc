"""The command is quiet when it is ended while its libraries still load. It is imported before anything large."""

from __future__ import annotations

import os
import signal
import sys

_NAMES = ("convviz", "convviz.exe", "convviz-script.py")


def is_command() -> bool:
    """Whether this process is the command: the script `convviz`, or `python -m convviz`."""
    script = os.path.basename(sys.argv[0]) if sys.argv else ""  # noqa: PTH119 - pathlib takes its time to load
    while_found = script == "-m" and "convviz" in sys.orig_argv  # Python names the module when it has found it
    return script in _NAMES or while_found


def end(number: int, frame: object) -> None:
    """End at once, with the exit code of a process that a signal ended: nothing has been written yet."""
    os._exit(128 + number)


def quiet() -> None:
    """Let signals end the command at once, until `convviz.cli.main` takes care of them."""
    if not is_command():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            try:
                signal.signal(number, end)
            except ValueError:  # a thread beside the main one imports this, and may not set it
                return


quiet()
