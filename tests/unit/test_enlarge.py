"""Ways to enlarge, side by side: how many products each sums at an output, and what lights up for it."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product
from math import isqrt

import numpy as np
import pytest

import convviz as cv
from convviz.scene.enlarging import same_sized, ways
from convviz.text import LANGUAGES

UNEVEN, EVEN = cv.ConvTranspose(4, 3, stride=2), cv.ConvTranspose(5, 4, stride=2, padding=1)
CASES = range(150)


def case(seed):
    """A transposed convolution of one channel that enlarges, drawn from a seed."""
    draw = random.Random(seed)
    dims = draw.choice((1, 2, 2, 2, 3))

    def each(most):
        return tuple(draw.randint(1, most) for _ in range(dims))

    size, kernel, dilation = each((6, 4, 2)[dims - 1]), each((5, 4, 2)[dims - 1]), each((3, 2, 1)[dims - 1])
    stride = draw.choice((each(3), (draw.randint(2, 3),) * dims))
    stride = (2, *stride[1:]) if max(stride) == 1 else stride
    padding = draw.choice((0, 0, "same", "same_lower", *(range(1, 2) if min(kernel) > 1 and min(size) > 1 else ())))
    return cv.ConvTranspose(size, kernel, stride, padding, dilation=dilation, flip=draw.random() < 0.3)


def larger(layer):
    return tuple(i * s for i, s in zip(layer.input_size, layer.stride, strict=True))


def places(size):
    return product(*map(range, size))


def products_of(layer, way):
    """{output: the inputs of its products, one for each}, by plain loops over outputs and weights."""
    large, found = larger(layer), {}
    whole = layer.output_size == large
    spans = [d * (k - 1) + 1 for k, d in zip(layer.kernel_size, layer.dilation, strict=True)]
    before = [
        first if whole else max(span - s, 0) // 2
        for (first, _), span, s in zip(layer.pads, spans, layer.stride, strict=True)
    ]
    middle = [(span - 1) // 2 for span in spans]
    for output in places(large):
        reads = []
        for cell in places(layer.kernel_size):
            source = []
            for o, k, i, s, d, crop, half in zip(
                output, cell, layer.input_size, layer.stride, layer.dilation, before, middle, strict=True
            ):
                if way == "transposed":
                    at, off = divmod(o + crop - d * k, s)
                    source.append(at if off == 0 and 0 <= at < i else None)
                elif way == "upsampled":
                    at = o + d * k - half
                    source.append(at // s if 0 <= at < i * s else None)
                else:
                    at = o // s + d * k - half
                    source.append(at if 0 <= at < i else None)
            if None not in source:
                reads.append(tuple(source))
        found[output] = reads
    return found


def boards(scene, name):
    """The cells of every board of that name, in the order of the ways."""
    found = []
    for grid in scene.grids:
        if grid.name == name:
            found.append(range(grid.first, grid.first + grid.count))
    return found


@pytest.mark.parametrize("seed", CASES)
def test_each_way_sums_as_many_products_as_loops_count_and_the_picture_says_so(seed):
    layer = case(seed)
    scene = cv.scene(layer, "enlarge")
    texts, found = scene.texts_at(0), ways(layer)
    tracks = [scene.track[f"{n}.current" if n else "current"] for n in range(len(found))]
    for way, track in zip(found, tracks, strict=True):
        counts = [len(reads) for reads in products_of(layer, way.name).values()]
        assert way.ones().output.ravel().tolist() == counts
        assert [int(texts[m]) for m in track.marks[:, 0]] == counts
        assert scene.sentences.columns[way.name] == counts
    assert len(found) == 2 + (len(layer.input_size) == 2 and len(set(layer.stride)) == 1)


@pytest.mark.parametrize("seed", CASES)
def test_an_output_lights_the_inputs_of_its_products_and_no_others(seed):
    layer = case(seed)
    scene = cv.scene(layer, "enlarge")
    (inputs,) = boards(scene, "input") if len(layer.input_size) < 3 else (range(int(np.prod(layer.input_size))),)
    for n, way in enumerate(ways(layer)):
        track = scene.track[f"{n}.current" if n else "current"].marks[:, 0]
        for mark, reads in zip(track.tolist(), products_of(layer, way.name).values(), strict=True):
            wanted = {inputs[int(np.ravel_multi_index(cell, layer.input_size))] for cell in reads}
            lit = set(scene.cone(mark))
            assert lit & set(inputs) == wanted
            step = track.tolist().index(mark)
            shown = scene.track[f"{n}.window" if n else "window"].marks[step]
            assert {m for m in shown.tolist() if m >= 0} == lit


def inside(counts, border):
    return set(counts[border:-border, border:-border].ravel().tolist())


def test_a_stride_that_does_not_divide_the_kernel_is_uneven_and_the_other_ways_are_even_inside():
    transposed, upsampled, shuffled = (way.ones().output[0] for way in ways(UNEVEN))
    assert inside(transposed, 1) == {1, 2, 4}
    assert inside(upsampled, 1) == {9} and inside(shuffled, 2) == {9}


def test_a_stride_that_divides_the_kernel_is_even_inside_too():
    transposed, upsampled, shuffled = (way.ones().output[0] for way in ways(EVEN))
    assert inside(transposed, 1) == {4}
    assert inside(upsampled, 2) == {16} and inside(shuffled, 4) == {16}


def test_all_ways_give_input_times_stride_and_a_layer_that_does_so_keeps_its_padding():
    for seed in CASES:
        layer = case(seed)
        assert {way.network.output_size for way in ways(layer)} == {larger(layer)}
        kept = same_sized(layer).pads == layer.pads
        assert kept or layer.output_size != larger(layer)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_layer_of_another_size_is_shown_with_padding_same_and_both_sizes_are_said(language):
    scene = cv.scene(UNEVEN, "enlarge", language)
    assert "8 × 8" in scene.sentence(0) and "9 × 9" in scene.sentence(0)
    assert "9 × 9" not in cv.scene(EVEN, "enlarge", language).sentence(0)
    titles = [{label.text for label in cv.scene(one, "enlarge", language).labels} for one in (UNEVEN, EVEN)]
    assert ["same" in " ".join(texts) for texts in titles] == [True, False]


def test_a_sentence_says_what_each_way_sums():
    assert cv.scene(EVEN, "enlarge").sentence(21) == (
        "Output row 3, column 2: 4 products by transposed convolution, 16 by upsampling and convolution, "
        "12 by convolution and pixel shuffle."
    )
    assert cv.scene(cv.ConvTranspose((3,), 2, stride=2), "enlarge").sentence(0) == (
        "Output position 1: 1 product by transposed convolution, 2 by upsampling and convolution."
    )


def test_the_windows_outline_holds_what_is_read_and_a_moved_cell_has_one_of_its_own():
    for seed in CASES[:60]:
        layer = case(seed)
        if len(layer.input_size) != 2:
            continue
        scene = cv.scene(layer, "enlarge")
        for t in range(scene.steps):
            points = dict(zip((shape.name for shape in scene.shapes), scene.points_at(t), strict=True))
            for n, frame in enumerate(("frame0", "1.frame0", "2.frame0")[: len(ways(layer))]):
                read = scene.track[f"{n}.window" if n else "window"].marks[t]
                centres = [scene.corners[m].mean(axis=0) for m in read.tolist() if m >= 0]
                own = boards(scene, "input")[0] if n == 2 else boards(scene, "canvas")[n]
                held = [c for m, c in zip(read[read >= 0].tolist(), centres, strict=True) if m in own]
                assert not held or all(
                    (points[frame].min(axis=0) < c).all() and (c < points[frame].max(axis=0)).all() for c in held
                )
            if len(ways(layer)) == 3:
                moved = points["2.frame1"]
                assert np.allclose(np.ptp(moved, axis=0), 0.5), "one cell of half the width"


def test_bilinear_upsampling_leaves_the_counts_as_they_are_and_another_mode_is_refused():
    nearest, bilinear = cv.scene(UNEVEN, "enlarge"), cv.scene(UNEVEN, "enlarge", mode="bilinear")
    assert nearest.sentences.columns == bilinear.sentences.columns
    assert any("Bilinear" in label.text for label in bilinear.labels)
    assert len(bilinear.cone(bilinear.track["1.current"].marks[20, 0])) > len(
        nearest.cone(nearest.track["1.current"].marks[20, 0])
    )
    with pytest.raises(cv.LayerError, match="try mode nearest"):
        cv.scene(UNEVEN, "enlarge", mode="nearst")


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        (cv.Conv(4, 3), "for transposed convolutions only"),
        (cv.Upsample(4, 2), "for transposed convolutions only"),
        (cv.ConvTranspose(4, 3, stride=2, out_channels=2), "one channel"),
        (cv.ConvTranspose(4, 3), "its stride is 1"),
        (cv.ConvTranspose(32, 3, stride=4), "try input_size"),
        (cv.ConvTranspose(30, 7, stride=4, padding=5), "try input_size"),
    ],
)
def test_what_has_no_place_here_is_told_why_and_what_has(layer, why):
    with pytest.raises(cv.LayerError, match=why) as caught:
        cv.scene(layer, "enlarge")
    fix = dict(caught.value.fix)
    view = fix.pop("view", "enlarge")
    assert cv.scene(replace(layer, **fix), view).steps


def test_what_is_drawn_cannot_be_typed_into():
    assert all(grid.editable is None for grid in cv.scene(UNEVEN, "enlarge").grids)


def test_in_a_stack_a_pixel_shuffles_output_is_made_of_the_one_cell_that_moves():
    layer = cv.PixelShuffle((2, 3), 2, channels=2)
    x = np.arange(48).reshape(layer.x_shape)
    scene, output = cv.scene(cv.trace(layer, x), "stack"), cv.trace(layer, x).output.ravel()
    for place, value in enumerate(output.tolist()):
        assert set(scene.cone(48 + place)) == {value}, "the input's cells bear their own numbers"


class TestCoverageOfChannels:
    LAYERS = (
        cv.PixelShuffle(3, 2),
        cv.PixelShuffle((2, 3), 2, channels=2),
        cv.Upsample(3, 2, channels=2),
        cv.ConvTranspose(3, 3, stride=2, in_channels=4, out_channels=2, groups=2),
        cv.ConvTranspose((3,), 3, stride=2, in_channels=2, out_channels=3),
    )

    @pytest.mark.parametrize("layer", LAYERS, ids=str)
    def test_an_output_bears_the_number_of_inputs_that_change_it(self, layer):
        scene, zeros = cv.scene(layer, "coverage"), np.zeros(layer.x_shape, dtype=np.int64)
        weight = None if layer.weight_shape is None else np.ones(layer.weight_shape, dtype=np.int64)
        counts = np.zeros(layer.y_shape, dtype=np.int64)
        for cell in places(layer.x_shape):
            x = zeros.copy()
            x[cell] = 1
            counts += cv.trace(layer, x, weight).output != 0
        shown = [scene.texts_at(0)[m] for board in boards(scene, "output") for m in board]
        assert list(map(int, shown)) == counts.ravel().tolist()

    @pytest.mark.parametrize(
        "layer", [cv.Conv(4, 3, padding=1, in_channels=2, out_channels=3), cv.MaxPool(4, 2, 1, channels=2)]
    )
    def test_an_input_bears_the_number_of_its_reads_by_all_channels(self, layer):
        scene = cv.scene(layer, "coverage")
        shown = [scene.texts_at(0)[m] for board in boards(scene, "canvas") for m in board]
        wanted = layer.taps.input_counts.ravel() * (3 if layer.weight_shape else 1)
        assert [int(text) for text in shown if text] == [*wanted.tolist()] * 2

    def test_a_pixel_shuffles_channels_are_all_drawn(self):
        layer = cv.PixelShuffle(2, 2)
        assert len(boards(cv.scene(layer, "coverage"), "canvas")) == isqrt(layer.x_shape[0]) ** 2 == 4
