"""What the figures were measured on: enough to compare, and nothing that says whose machine it is."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version

from tools.browser import find

LIBRARIES = ("streamlit", "numpy", "matplotlib", "imageio", "pillow", "torch")


def described() -> list[str]:
    """Cores, memory, versions, and how busy it was."""
    cores = os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    libraries = ", ".join(f"{name} {found}" for name in LIBRARIES if (found := _version(name)))
    return [
        f"{cores} cores, {memory:.0f} GiB, {platform.system()} on {platform.machine()}; load before the run: {load}",
        f"Python {platform.python_version()}, {libraries}, {_browser()}",
    ]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _browser() -> str:
    path = find()
    if path is None:
        return "no Chromium"
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    return " ".join(said.split()[:2])
