"""Train the networks that recognise digits; write `assets/digits/recognising.npz` and `.json`, `film.npz`
beside them, and `docs/digits.md`.

    python tools/digits.py

The weights that ship come first, and take less than two minutes a network; then all is trained again with other seeds,
on shuffled pixels, and by writer, for the figures. Nothing is edited by hand: the same numbers come out wherever it is
run, but for the last digits.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter

import numpy as np

from convviz.batches import Weights
from convviz.filmed import CONVOLUTION, DENSE, LAST
from convviz.layers.linear import Array
from convviz.recognised import FIGURES, FILMED, SEEDS, SHIPPED, WAYS, WEIGHTS, key, measured, setup
from convviz.recognising import EPOCHS, FURTHEST, NAMES, accuracy, by_distance, network, split, trained
from convviz.spread import Spread, spread_of

ROOT = Path(__file__).parents[1]
ASSETS, DOCUMENT = ROOT / "assets", ROOT / "docs" / "digits.md"

HEAD = """# Recognising digits that are moved

Made by `python tools/digits.py`, and not edited by hand. Three networks of about as many weights learn from {learned}
digits in the middle of their fields, for {epochs} epochs, and are asked about {held} others, never seen before, in the
middle and moved from it. Numbers are per cent that are recognised: the median of {seeds} seeds and, in brackets,
the 10th and the 90th percentile. A seed draws the weights to begin with and the order of the digits; which digits are
held out stays.

"dense" has {dense} weights; "flatten", a convolution that ends in pooling and flattening, {flatten}; and "global", one
that ends in global max pooling, {global}. Sharing a kernel makes the maps move with the digit; that the answer does not
change is what pooling over all positions adds.
"""


def rounded(numbers: Iterable[float]) -> list[float]:
    """As the file has them."""
    return [round(float(one), 4) for one in numbers]


def arrays_of(name: str, weights: Weights, shuffled: bool) -> dict[str, Array]:
    """The arrays of a network by what they are called in the file."""
    pairs = {node: zip(("weight", "bias"), pair, strict=True) for node, pair in weights.items()}
    return {key(name, node, part, shuffled): array for node, parts in pairs.items() for part, array in parts}


def of_epochs(epochs: list[Weights], node: str, part: int) -> Array:
    """A node's weights, part 0, or biases, 1, before the first epoch and after each, as the file has them."""
    return np.stack([weights[node][part] for weights in epochs]).astype(np.float32)


def shipping(name: str) -> tuple[dict[str, Array], dict[str, list[float]]]:
    """The arrays of a network that ships, also of shuffled fields, and its accuracy in every epoch."""
    start = perf_counter()
    epochs: list[Weights] = list(trained(name, SHIPPED))
    took = perf_counter() - start
    last = epochs[-1]
    *_, other = trained(name, SHIPPED, shuffled=True)
    arrays = arrays_of(name, last, False) | arrays_of(name, other, True)
    if name == FILMED:
        arrays |= {f"film.{part}": of_epochs(epochs, CONVOLUTION, n) for n, part in enumerate(("kernels", "biases"))}
        dense = {part: of_epochs(epochs, LAST, n) for n, part in enumerate(("dense", "biases"))}
        np.savez_compressed(ASSETS / DENSE, **dense)  # type: ignore[arg-type]
    own, held = split()
    course = {
        part: rounded(accuracy(name, weights, some) for weights in epochs)
        for part, some in (("trained", own), ("held_out", held))
    }
    print(f"{name}: {course['held_out'][-1]:.4f} of the held-out digits, trained in {took:.0f} s")
    return {what: array.astype(np.float32) for what, array in arrays.items()}, course


def figures(name: str, seed: int) -> tuple[dict[str, tuple[float, ...]], float]:
    """The accuracies of a network and a seed: by distance, as fields are and shuffled; and by writer."""
    distances = {}
    for shuffled, word in WAYS.items():
        *_, last = trained(name, seed, shuffled)
        distances[word] = by_distance(name, last, shuffled)
    *_, last = trained(name, seed, by_writer=True)
    return distances, accuracy(name, last, split(by_writer=True)[1])


def told(spread: Spread) -> str:
    """As the document says it, in per cent."""
    low, median, high = (f"{100 * one:.1f}" for one in spread)
    return f"{median} ({low} to {high})"


def document() -> str:
    """The document of what was measured."""
    own, held = split()
    numbers = {"learned": len(own), "held": len(held), "epochs": EPOCHS, "seeds": SEEDS}
    lines = [HEAD.format(**numbers, **{name: f"{network(name).parameters:,}" for name in NAMES})]
    found, distances = measured(), range(FURTHEST + 1)
    titles = {False: "## As they are", True: "## All pixels shuffled by one fixed permutation"}
    for way, title in titles.items():
        lines += [title, "", "| moved by | " + " | ".join(NAMES) + " |", "| --- " * (1 + len(NAMES)) + "|"]
        for far in distances:
            cells = (told(found.by_distance[name][way][far]) for name in NAMES)
            lines.append(f"| {far} | " + " | ".join(cells) + " |")
        lines.append("")
    lines += [
        "## By writer",
        "",
        "The last digits of the file held out in place of drawn ones, which others have written,",
    ]
    lines += ["in the middle of their fields: networks are then asked about hands that they have never seen.", ""]
    lines += ["| " + " | ".join(NAMES) + " |", "| --- " * len(NAMES) + "|"]
    lines += ["| " + " | ".join(told(found.by_writer[name]) for name in NAMES) + " |", ""]
    return "\n".join(lines)


def main() -> None:
    """Train, measure and write."""
    done = {name: shipping(name) for name in NAMES}
    arrays = {what: array for found, _ in done.values() for what, array in found.items()}
    np.savez_compressed(ASSETS / WEIGHTS, **arrays)  # type: ignore[arg-type]
    said: dict[str, object] = {"setup": setup(), "courses": {name: course for name, (_, course) in done.items()}}
    by_writer: dict[str, list[float]] = {}
    distances: dict[str, dict[str, list[list[float]]]] = {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        waiting = {name: [pool.submit(figures, name, seed) for seed in range(SEEDS)] for name in NAMES}
        for name, asked in waiting.items():
            found = [one.result() for one in asked]
            by_writer[name] = rounded(spread_of([writer for _, writer in found]))
            tables = {word: np.array([moved[word] for moved, _ in found]).T for word in WAYS.values()}
            distances[name] = {word: [rounded(spread_of(row)) for row in table] for word, table in tables.items()}
            print(name, distances[name], by_writer[name])
    said |= {"by_distance": distances, "by_writer": by_writer}
    (ASSETS / FIGURES).write_text(json.dumps(said, indent=1) + "\n", "utf-8")
    DOCUMENT.write_text(document(), "utf-8")


if __name__ == "__main__":
    main()
