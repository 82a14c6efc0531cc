"""The engine: how long a trace takes, and how that compares with the same sums in torch."""

from __future__ import annotations

import importlib.util
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import convviz as cv
from convviz.network.presets import made, preset_named
from tests.bench.figure import Figure, median_ratio, median_seconds, missing

TRACE = "`cv.trace` of 32x32, k 3, 900 steps"
AGAINST_TORCH = "the same per tap, against torch's unfold and matmul"


def figures() -> list[Figure]:
    """A trace from scratch; and values laid on the taps of a layer, in torch and here."""
    whole = median_seconds(lambda: cv.trace(cv.Conv(32, 3)).output, 200)
    milliseconds = whole * 1000
    note = "layer, taps, seeded values, every window and the output"
    found = [Figure(TRACE, f"{milliseconds:.2f} ms", "at most 0.5 ms", milliseconds <= 0.5, note)]
    found += [*map(_told, ("vgg16", "resnet50")), _large()]
    if importlib.util.find_spec("torch") is None:
        return [*found, missing(AGAINST_TORCH, "at most 4x", "torch is not installed here")]
    return [*found, _against_torch()]


def _told(name: str) -> Figure:
    """A known network at 224x224, made and told without arrays: shapes, costs, receptive fields."""
    preset = preset_named(name)
    milliseconds = median_seconds(lambda: made(preset, preset.shape[1:]).summary(), 15) * 1000
    tracemalloc.start()
    rows = cv.known(name).summary()
    megabytes = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    holds = milliseconds <= 50 and megabytes <= 20
    measured = f"{milliseconds:.0f} ms, {megabytes:.1f} MB"
    return Figure(f"{name} told without arrays", measured, "at most 50 ms and 20 MB", holds, f"{len(rows)} nodes")


def _large() -> Figure:
    """An output of a megapixel, without a record of its steps."""
    layer, rng = cv.Conv(1024, 3, padding=1), np.random.default_rng(0)
    x, weight = rng.normal(size=layer.x_shape), rng.normal(size=layer.weight_shape)
    milliseconds = median_seconds(lambda: cv.output(layer, x, weight), 15) * 1000
    what, note = "`cv.output` of 1024x1024, k 3, one channel", "values of float64"
    return Figure(what, f"{milliseconds:.0f} ms", "at most 60 ms", milliseconds <= 60, note)


def _against_torch() -> Figure:
    measured, notes, worst = [], [], 0.0
    for size, channels in ((32, 1), (128, 8)):
        first = cv.trace(cv.Conv(size, 3, in_channels=channels, out_channels=channels))
        theirs = _unfold(first)
        ours = median_ratio(partial(_again, first, first.layer), theirs, 100)
        fresh = median_ratio(partial(_again, first), theirs, 100)
        worst = max(worst, ours)
        case = f"{size}x{size}, {channels} channel{'s' * (channels > 1)}"
        measured.append(f"{ours:.1f}x ({case})")
        notes.append(f"{fresh:.1f}x ({case})")
    note = "values laid on a layer's taps and summed, one thread each; with a new layer and its tables made as well: "
    return Figure(AGAINST_TORCH, ", ".join(measured), "at most 4x", worst <= 4, note + ", ".join(notes))


def _again(first: Any, layer: Any = None) -> object:
    """The same values once more, on a layer whose tables are there, or on a new one."""
    old = first.layer
    new = layer or cv.Conv(old.input_size, 3, in_channels=old.in_channels, out_channels=old.out_channels)
    return cv.trace(new, first.x, first.weight).output


def _unfold(trace: Any) -> Callable[[], object]:
    """torch's way to the same sums, on the same values as float64."""
    import torch
    from torch.nn.functional import unfold

    torch.set_num_threads(1)
    x = torch.tensor(trace.x, dtype=torch.float64)[None]
    weight = torch.tensor(trace.weight, dtype=torch.float64).flatten(1)
    assert bool(((weight @ unfold(x, 3)).reshape(trace.output.shape) == torch.tensor(trace.output)).all())
    return lambda: weight @ unfold(x, 3)
