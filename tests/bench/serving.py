"""The app under its own server, on a free port, and a browser to look at it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tools.browser import FLAGS, find

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(port: int, script: Path = ROOT / "app.py") -> subprocess.Popen[bytes]:
    """The app's process, as `streamlit run app.py` starts it, without opening a window; or another's.

    It keeps what it has compiled, as it does for everyone from the second start on, whatever is usual here.
    """
    options = {"server.port": port, "server.headless": "true", "server.fileWatcherType": "none"}
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.address", "127.0.0.1"]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(command, cwd=ROOT, env=usual, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for(port: int, process: subprocess.Popen[bytes], most: float = 30) -> None:
    """Until the server takes connections."""
    until = time.perf_counter() + most
    while time.perf_counter() < until and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.005)
    raise RuntimeError("the app's server did not start")


@contextmanager
def app() -> Iterator[str]:
    """The address of a running app."""
    port = free_port()
    process = start(port)
    try:
        wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def browser() -> Iterator[Any]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        try:
            yield chromium
        finally:
            chromium.close()
