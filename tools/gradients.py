"""Measure how much of a gradient reaches the input of deep stacks, and write `assets/gradients.json`.

    python tools/gradients.py

Nothing of it is edited by hand: the same numbers come out wherever it is run, but for the last digits.
"""

from __future__ import annotations

import json
from pathlib import Path

from convviz.gradients import BLOCKS, CHANNELS, DEPTHS, FILE, KERNEL, SEEDS, SIZE, WORDS, spread

ASSETS = Path(__file__).parents[1] / "assets"


def main() -> None:
    """Measure all stacks."""
    norms = {
        block: {
            word: [[float(f"{value:.4g}") for value in spread(block, depth, residual)] for depth in DEPTHS]
            for residual, word in WORDS.items()
        }
        for block in BLOCKS
    }
    stack = {"size": SIZE, "channels": CHANNELS, "kernel": KERNEL, "seeds": SEEDS, "depths": DEPTHS}
    (ASSETS / FILE).write_text(json.dumps(stack | {"norms": norms}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
