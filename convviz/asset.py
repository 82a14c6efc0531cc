"""Where the files are that the app shows and did not compute."""

from __future__ import annotations

from pathlib import Path


def asset(name: str) -> Path:
    """The path of a file under `assets/`, beside the package as in the repository, or inside it as installed."""
    here = Path(__file__).parent
    beside = here.parent / "assets" / name
    return beside if beside.exists() else here / "assets" / name
