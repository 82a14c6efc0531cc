"""The 15 classic animations, read back from the pixels of their files and held to the parameters they stand for.

What each cell must show is worked out here by plain nested loops over those parameters, where it lies by the formula of
the classic figures; neither shares anything with the scenes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence

from convviz.classics import CLASSICS
from convviz.cli import main

ORIGINALS = 3_398_746
"""Bytes of the 15 original files together."""

CELL, BORDER = 29.53, 20.8
INPUT, INPUT_READ = (0x26, 0x8B, 0xD2), (0x1A, 0x69, 0x98)
ZERO, ZERO_READ = (0xFF, 0xFF, 0xFF), (0x9C, 0xAF, 0xB3)
OUTPUT, CURRENT = (0x2A, 0xA1, 0x98), (0x1C, 0x76, 0x76)


@dataclass(frozen=True)
class Classic:
    """A row of the table: parameters of the forward convolution, frames, pixels."""

    name: str
    i: int
    o: int
    p: int
    k: int
    s: int
    d: int
    frames: int
    width: int
    height: int


TABLE = [
    Classic("no_padding_no_strides", 4, 2, 0, 3, 1, 1, 4, 244, 259),
    Classic("arbitrary_padding_no_strides", 5, 6, 2, 4, 1, 1, 36, 495, 542),
    Classic("same_padding_no_strides", 5, 5, 1, 3, 1, 1, 25, 395, 449),
    Classic("full_padding_no_strides", 5, 7, 2, 3, 1, 1, 49, 495, 576),
    Classic("no_padding_strides", 5, 2, 0, 3, 2, 1, 4, 294, 288),
    Classic("padding_strides", 5, 3, 1, 3, 2, 1, 9, 395, 381),
    Classic("padding_strides_odd", 6, 3, 1, 3, 2, 1, 9, 445, 411),
    Classic("no_padding_no_strides_transposed", 4, 2, 0, 3, 1, 1, 16, 344, 386),
    Classic("arbitrary_padding_no_strides_transposed", 5, 6, 2, 4, 1, 1, 25, 445, 479),
    Classic("same_padding_no_strides_transposed", 5, 5, 1, 3, 1, 1, 25, 395, 449),
    Classic("full_padding_no_strides_transposed", 5, 7, 2, 3, 1, 1, 25, 395, 449),
    Classic("no_padding_strides_transposed", 5, 2, 0, 3, 2, 1, 25, 395, 449),
    Classic("padding_strides_transposed", 5, 3, 1, 3, 2, 1, 25, 395, 449),
    Classic("padding_strides_odd_transposed", 6, 3, 1, 3, 2, 1, 36, 445, 513),
    Classic("dilation", 7, 3, 0, 3, 1, 2, 9, 395, 381),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("classics")
    assert main(["classics", "--out", str(made)]) == 0
    return made


@pytest.fixture(params=TABLE, ids=lambda row: row.name)
def row(request: pytest.FixtureRequest) -> Classic:
    return request.param


def canvas(row: Classic) -> tuple[list[int], int, int, int]:
    """Along one axis: 1 where an input stands and 0 elsewhere; the step, the distance of taps, the output's size."""
    if not row.name.endswith("_transposed"):
        return [0] * row.p + [1] * row.i + [0] * row.p, row.s, row.d, row.o
    around, extra = row.k - 1 - row.p, (row.i + 2 * row.p - row.k) % row.s
    spread = []
    for n in range(row.o):
        spread += [1] + [0] * (row.s - 1 if n < row.o - 1 else 0)
    return [0] * around + spread + [0] * (around + extra), 1, 1, row.i


def colours_at(row: Classic, step: int) -> dict[tuple[str, int, int], tuple[int, int, int]]:
    """What every cell must show at a step: (plane, row, column) -> colour."""
    axis, stride, dilation, size = canvas(row)
    top, left = step // size, step % size
    read = set()
    for a in range(row.k):
        for b in range(row.k):
            read.add((top * stride + a * dilation, left * stride + b * dilation))
    wanted = {}
    for y in range(len(axis)):
        for x in range(len(axis)):
            stands = axis[y] == 1 and axis[x] == 1
            pair = (INPUT, INPUT_READ) if stands else (ZERO, ZERO_READ)
            wanted["canvas", y, x] = pair[(y, x) in read]
    for y in range(size):
        for x in range(size):
            wanted["output", y, x] = CURRENT if (y, x) == (top, left) else OUTPUT
    return wanted


def centre(plane: str, y: int, x: int, across: int, size: int) -> tuple[float, float]:
    """Where the middle of a cell lies in the picture, in pixels from its upper left corner."""
    count = across if plane == "canvas" else size

    def place(u: float, v: float, plane: str) -> tuple[float, float]:  # a corner, v upwards
        lift, shift = (0.0, 0.0) if plane == "canvas" else ((across + 1) * CELL, -5.0)
        return (u - 0.7 * v) * CELL + shift, (0.5 * u + 0.65 * v) * CELL + lift

    corners = [
        place(u, v, p) for p, n in (("canvas", across), ("output", size)) for u in range(n + 1) for v in range(n + 1)
    ]
    here = place(x + 0.5, count - y - 0.5, plane)
    left, high = min(c[0] for c in corners), max(c[1] for c in corners)
    return here[0] - left + BORDER, high - here[1] + BORDER


def shown(pixels: np.ndarray, x: float, y: float) -> tuple[int, ...]:
    """The colour of most pixels around a place: the thin lines that may cross it are few."""
    near = pixels[round(y) - 3 : round(y) + 4, round(x) - 3 : round(x) + 4].reshape(-1, 3)
    return Counter(map(tuple, near.tolist())).most_common(1)[0][0]


def test_names_and_order_are_those_of_the_guide() -> None:
    assert [name for name, _ in CLASSICS] == [row.name for row in TABLE]


def test_frames_size_pace_and_loop(folder: Path, row: Classic) -> None:
    with Image.open(folder / f"{row.name}.gif") as gif:
        assert gif.n_frames == row.frames
        assert abs(gif.width - row.width) <= 2
        assert abs(gif.height - row.height) <= 2
        assert gif.info["loop"] == 0
        assert {frame.info["duration"] for frame in ImageSequence.Iterator(gif)} == {1000}


def test_every_cell_of_every_frame_shows_what_the_parameters_demand(folder: Path, row: Classic) -> None:
    axis, _, _, size = canvas(row)
    with Image.open(folder / f"{row.name}.gif") as gif:
        for step, frame in enumerate(ImageSequence.Iterator(gif)):
            pixels = np.asarray(frame.convert("RGB"))
            for cell, colour in colours_at(row, step).items():
                x, y = centre(*cell, len(axis), size)
                assert shown(pixels, x, y) == colour, (step, cell)


def test_all_files_together_are_at_most_two_fifths_of_the_originals(folder: Path) -> None:
    files = sorted(folder.iterdir())
    assert [path.stem for path in files] == sorted(row.name for row in TABLE)
    assert sum(path.stat().st_size for path in files) <= 0.4 * ORIGINALS
