"""Train a network on digits with pooling and without it, and write `assets/pooling.json`.

    python tools/pooling.py

Nothing of it is edited by hand: the same numbers come out wherever it is run, but for the last digits.
"""

from __future__ import annotations

import json
from pathlib import Path

from convviz.generalising import FILE, WAYS, course, setup

ASSETS = Path(__file__).parents[1] / "assets"


def main() -> None:
    """Measure both."""
    said: dict[str, object] = {"setup": setup()}
    for pooled, word in WAYS.items():
        found = course(pooled)
        said[word] = {
            part: [[round(value, 4) for value in spread] for spread in spreads]
            for part, spreads in found._asdict().items()
        }
    (ASSETS / FILE).write_text(json.dumps(said, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
