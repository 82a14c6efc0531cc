"""What an output sees: its field by the formula and the cells that it reads by its taps are told apart, and agree."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, prod

import numpy as np
import pytest
from depth import cases
from stacks import stack

import convviz as cv
from convviz.field import PLACES, Reach, fields, followable, followed, read_at_all
from convviz.network import LAYERS

NUMBERS = range(cases(2000))


def unbounded(layers, output, axis):
    """The inputs that an output reaches along an axis, borders ignored: each tap followed by itself."""
    cells = {output}
    for layer in reversed(layers):
        s, d, k, before = layer.stride[axis], layer.dilation[axis], layer.kernel_size[axis], layer.pads[axis][0]
        if layer.kind == "upsample":
            cells = {i for cell in cells for i in between(cell, s, layer.mode)}
        elif layer.kind.startswith("adaptive"):
            share = Fraction(layer.input_size[axis], layer.output_size[axis])
            cells = {i for cell in cells for i in range(floor(cell * share), ceil((cell + 1) * share))}
        elif layer.kind == "tconv":
            reached = {cell + before - d * tap for cell in cells for tap in range(k)}
            cells = {cell // s for cell in reached if cell % s == 0}
        else:
            cells = {cell * s - before + d * tap for cell in cells for tap in range(k)}
    return cells


def between(output, factor, mode):
    """The inputs between which an output lies, or the one on which it lies."""
    middle = Fraction(2 * output + 1 - factor, 2 * factor)
    return {output // factor} if mode == "nearest" else {floor(middle), ceil(middle)}


def bounded(layers, output, axis):
    """The inputs that an output reads along an axis, and whether any tap on the way fell on padding."""
    cells, cut = {output}, False
    for layer in reversed(layers):
        taps = layer.taps.axes[axis]
        read = [(int(taps.reads[o, k]), int(taps.sources[o, k])) for o in cells for k in np.flatnonzero(taps.exists[o])]
        cut = cut or any(not 0 <= index < taps.size for index, _ in read)
        if taps.clamped is not None:
            cut = cut or bool(taps.clamped[list(cells)].any())
        cells = {source for _, source in read if source >= 0}
    return cells, cut


def copying(layers):
    return any(getattr(layer, "padding_mode", "zeros") != "zeros" for layer in layers)


def extent(cells):
    return max(cells) - min(cells) + 1 if cells else 0


def windowed():
    """The stacks without a dense layer, as lists of layers."""
    return [list(stack(number, dense=False).layers) for number in NUMBERS]


class TestFormula:
    def test_it_is_the_widest_extent_of_any_output_borders_ignored(self):
        for layers in windowed():
            told = fields(layers)[-1][0]
            for axis, outputs in enumerate(layers[-1].output_size):
                widest = max(extent(unbounded(layers, output, axis)) for output in range(outputs))
                if copying(layers) and any(layer.enlarges for layer in layers):
                    assert told[axis] >= widest
                else:
                    assert told[axis] == widest, layers

    def test_the_ends_of_every_output_are_its_own(self):
        for layers in windowed()[:300]:
            for axis, outputs in enumerate(layers[-1].output_size):
                reach = Reach(layers, axis)
                for output in range(outputs):
                    cells = unbounded(layers, output, axis)
                    assert reach.ends(len(layers), output) == ((min(cells), max(cells)) if cells else None)

    def test_jumps_are_multiplied_by_strides_and_divided_by_those_of_transposed_layers(self):
        for layers in windowed():
            for axis in range(len(layers[0].input_size)):
                wanted = Fraction(1)
                for layer, (_, jump) in zip(layers, fields(layers), strict=True):
                    step = layer.stride[axis]
                    if layer.adapts:
                        step = Fraction(layer.input_size[axis], layer.output_size[axis])
                    wanted *= Fraction(1, step) if layer.enlarges else step
                    assert jump[axis] == wanted

    def test_kernels_and_strides_of_any_size_are_told_from_sizes_alone(self):
        wide = cv.Network([cv.Conv((10**9,), 10**6, stride=10**3), cv.Conv((999_001,), 10**5, dilation=9)])
        assert wide.receptive_field() == (10**6 + 9 * (10**5 - 1) * 10**3,)
        up = cv.Network([cv.ConvTranspose((9,), 10**6, stride=10**3), cv.Conv((1_008_000,), 10**5)])
        assert up.receptive_field() == ((10**6 + 10**5 - 2) // 10**3 + 1,)

    def test_for_a_long_period_a_bound_is_given(self):
        layers, size = [], (2,)
        for _ in range(6):
            layers.append(cv.ConvTranspose(size, 5, stride=3))
            size = layers[-1].output_size
        assert 3**5 <= PLACES < 3**6
        exact = max(extent(unbounded(layers, output, 0)) for output in range(3**6))
        assert [field for (field,), _ in fields(layers)][-1] >= exact == 2

    def test_the_field_of_64_layers_needs_few_steps(self):
        layers, size = [], (64,)
        for number in range(LAYERS):
            kind = cv.ConvTranspose if number % 2 else cv.Conv
            layers.append(kind(size, 4 if number % 2 else 3, stride=2, padding=1))
            size = layers[-1].output_size
        reach = Reach(layers, 0)
        assert cv.Network(layers).receptive_field() == (reach.width(LAYERS),) == (129,)
        assert len(reach._known) <= 3 * LAYERS


class TestCellsRead:
    def test_they_are_those_that_the_taps_reach(self):
        for layers in windowed():
            network = cv.Network(layers)
            output = followable(layers)
            read = [bounded(layers, place, axis)[0] for axis, place in enumerate(output)]
            assert network.cells_read() == network.cells_read(output) == prod(map(len, read))
            for row, cells in zip(followed(layers, output)[0], read, strict=True):
                assert set(np.flatnonzero(row).tolist()) == cells

    def test_they_fill_the_field_of_an_output_away_from_the_borders(self):
        """Equal in extent; dilation and strides leave gaps, the same in both."""
        seen = 0
        for layers in windowed():
            for axis, outputs in enumerate(layers[-1].output_size):
                for output in range(outputs):
                    cells, cut = bounded(layers, output, axis)
                    if not cut:
                        assert cells == unbounded(layers, output, axis)
                        seen += extent(cells) == fields(layers)[-1][0][axis]
        assert seen > len(NUMBERS)

    def test_they_are_never_more_than_the_field_has(self):
        """But where padding is circular: it joins both ends, and an output at a border reads from either."""
        for layers in windowed():
            if any(getattr(layer, "padding_mode", "") == "circular" for layer in layers):
                continue
            for axis, field in enumerate(fields(layers)[-1][0]):
                for output in range(layers[-1].output_size[axis]):
                    assert len(bounded(layers, output, axis)[0]) <= field, (layers, axis, output)

    def test_a_copy_that_has_an_input_behind_it_counts(self):
        copies = {"stride": 2, "padding": 1, "padding_mode": "replicate"}
        network = cv.Network([cv.ConvTranspose((2,), 1, stride=2), cv.Conv((3,), 1, **copies)])
        assert network.receptive_field() == (1,)
        assert [network.cells_read((output,)) for output in range(3)] == [1, 0, 1]
        assert cv.Network([*network.layers, cv.Dense(3, 2)]).receptive_field() == (2,)

    def test_a_dense_layer_reads_all_that_the_layers_before_it_read(self):
        for number in NUMBERS:
            layers = stack(number).layers
            if layers[-1].shared:
                continue
            read = [int(row.sum()) for row in read_at_all(layers)]
            assert cv.Network(layers).cells_read() == prod(read)

    def test_what_no_output_reads_is_what_the_chains_leave_out(self):
        for number in NUMBERS:
            network = stack(number)
            told = [row.tolist() for row in read_at_all(network.layers)]
            assert told == [table.any(axis=0).tolist() for table in network.chains]

    @pytest.mark.parametrize("wrong", [(4,), (-1,), (0, 0), (), 0.5, "0", None, (None,)])
    def test_a_place_without_an_output_is_refused(self, wrong):
        network = cv.Network([cv.Conv((4,), 1)])
        if wrong is None:
            assert network.cells_read(wrong) == 1
            return
        with pytest.raises(cv.LayerError, match=r"try output \(3,\)") as refused:
            network.cells_read(wrong)
        assert network.cells_read(**refused.value.fix) == 1


class TestFollowed:
    def test_an_output_that_sees_its_whole_field_is_followed_where_there_is_one(self):
        for layers in windowed():
            for axis, place in enumerate(followable(layers)):
                outputs = range(layers[-1].output_size[axis])
                whole = {output for output in outputs if not bounded(layers, output, axis)[1]}
                widths = {output: extent(unbounded(layers, output, axis)) for output in whole}
                middle = layers[-1].output_size[axis] // 2
                if any(widths.values()):
                    best = [output for output in whole if widths[output] == max(widths.values())]
                    assert abs(place - middle) == min(abs(output - middle) for output in best)
                else:
                    assert place == middle

    def test_chains_beyond_64_bits_are_exact(self):
        network = cv.Network([cv.Conv((9,), 9, padding=4)] * 40)
        output = followable(network.layers)
        (row,) = followed(network.layers, output)[0]
        (table,) = network.chains
        assert row.tolist() == table[output[0]].tolist() and max(row) > 2**64
