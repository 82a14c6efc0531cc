"""The engine: how long a trace takes, and how that compares with the same sums in torch."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import convviz as cv
from tests.bench.figure import Figure, median_seconds, missing

TRACE = "`cv.trace` of 32x32, k 3, 900 steps"
AGAINST_TORCH = "the same per tap, against torch's unfold and matmul"


def figures() -> list[Figure]:
    """A trace from scratch; and values laid on the taps of a layer, in torch and here."""
    whole = median_seconds(lambda: cv.trace(cv.Conv(32, 3)).output, 200)
    milliseconds = whole * 1000
    note = "layer, taps, seeded values, every window and the output"
    found = [Figure(TRACE, f"{milliseconds:.2f} ms", "at most 3 ms", milliseconds <= 3, note)]
    if importlib.util.find_spec("torch") is None:
        return [*found, missing(AGAINST_TORCH, "at most 4x", "torch is not installed here")]
    return [*found, _against_torch()]


def _against_torch() -> Figure:
    measured, notes, worst = [], [], 0.0
    for size, channels in ((32, 1), (128, 8)):
        layer = cv.Conv(size, 3, in_channels=channels, out_channels=channels)
        first = cv.trace(layer)
        theirs = median_seconds(_unfold(first), 60)
        ours = median_seconds(lambda r=first: cv.trace(r.layer, r.x, r.weight).output, 60)
        fresh = median_seconds(lambda r=first: cv.trace(_anew(r.layer), r.x, r.weight).output, 60)
        worst = max(worst, ours / theirs)
        case = f"{size}x{size}, {channels} channel{'s' * (channels > 1)}"
        measured.append(f"{ours / theirs:.1f}x ({case})")
        notes.append(f"{fresh / theirs:.1f}x ({case})")
    note = "values laid on a layer's taps and summed, one thread each; with a new layer and its tables made as well: "
    return Figure(AGAINST_TORCH, ", ".join(measured), "at most 4x", worst <= 4, note + ", ".join(notes))


def _anew(layer: Any) -> Any:
    return cv.Conv(layer.input_size, 3, in_channels=layer.in_channels, out_channels=layer.out_channels)


def _unfold(trace: Any) -> Callable[[], object]:
    """torch's way to the same sums, on the same values as float64."""
    import torch
    from torch.nn.functional import unfold

    torch.set_num_threads(1)
    x = torch.tensor(trace.x, dtype=torch.float64)[None]
    weight = torch.tensor(trace.weight, dtype=torch.float64).flatten(1)
    assert bool(((weight @ unfold(x, 3)).reshape(trace.output.shape) == torch.tensor(trace.output)).all())
    return lambda: weight @ unfold(x, 3)
