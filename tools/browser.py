"""A Chromium for the tests and the benchmarks: found on this machine, or installed.

python tools/browser.py               prints its path, installing one where there is none
python tools/browser.py beforehand    installs Debian's, where it can be, while the environment is still being made

With none to be had, CI=true makes that a failure; elsewhere it is said loudly, and the browser tests are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome")

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""What a browser for tests is started with: nothing of it leaves the machine."""


def find() -> str | None:
    """The path of a Chromium: $CHROMIUM, one on PATH, or Playwright's own; None where there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None) or _playwright()


def _playwright() -> str | None:
    """The browser that Playwright has downloaded, if it has."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return str(path) if path.exists() else None


def install() -> None:
    """Put a Chromium on this machine: Debian's for root on Debian, Playwright's for everybody else."""
    if not debian():
        _run(sys.executable, "-m", "playwright", "install", "chromium")


def debian() -> bool:
    """Put Debian's Chromium on this machine, and letters for Chinese; False where that cannot be done."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run("apt-get", "-q", "update", env=quiet)
    return _run("apt-get", "-q", "install", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk", env=quiet)


def _run(*command: str, env: dict[str, str] | None = None) -> bool:
    """Run a command, what it says going to the error stream: the path alone is this program's output."""
    print("$", *command, file=sys.stderr)
    return subprocess.run(command, env=env, stdout=sys.stderr, check=False).returncode == 0


def main() -> int:
    """Print the browser's path; 1 where there is none and CI=true."""
    path = find()
    if sys.argv[1:] == ["beforehand"]:
        if path is None and not os.environ.get("CHROMIUM"):
            debian()
        return 0
    if path is None and not os.environ.get("CHROMIUM"):
        install()
        path = find()
    if path:
        print(path)
        return 0
    asked = os.environ.get("CHROMIUM")
    found = f"CHROMIUM={asked} is no program" if asked else "no Chromium was found, and none could be installed"
    print(f"\n*** {found}: install one, or set CHROMIUM to its path ***\n", file=sys.stderr)
    required = os.environ.get("CI") == "true"
    print("*** a failure, because CI=true ***" if required else "*** browser tests are SKIPPED ***\n", file=sys.stderr)
    return int(required)


if __name__ == "__main__":
    sys.exit(main())
