"""Along one axis, output o and kernel index k read input s*o + d*k - p; everything else is a reading of that table."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from depth import cases
from drawn import layers
from hypothesis import given, settings
from hypothesis import strategies as st

from convviz.taps import ABSENT, INPUT, INSERTED, PADDING, PADDING_MODES, Taps, compose, sliding_axis, spread_axis


@st.composite
def sliding(draw, mode="zeros"):
    """The arguments of a sliding axis whose windows fit."""
    k, d, s = draw(st.integers(1, 5)), draw(st.integers(1, 4)), draw(st.integers(1, 4))
    size = draw(st.integers(1, 12))
    most = {"reflect": size - 1, "circular": size}.get(mode, 6)
    before, after = draw(st.integers(0, most)), draw(st.integers(0, most))
    span = d * (k - 1) + 1
    if size + before + after < span:
        size = span
    return {
        "size": size,
        "outputs": (size + before + after - span) // s + 1,
        "kernel_size": k,
        "stride": s,
        "dilation": d,
        "before": before,
        "after": after,
    }


@st.composite
def spreading(draw):
    """The arguments of a spread axis; outputs: any number, as cropping and output_padding leave it."""
    return {
        "size": draw(st.integers(1, 6)),
        "outputs": draw(st.integers(1, 24)),
        "kernel_size": draw(st.integers(1, 5)),
        "stride": draw(st.integers(1, 4)),
        "dilation": draw(st.integers(1, 4)),
        "before": draw(st.integers(0, 12)),
    }


class TestSlidingAxis:
    @given(sliding(), st.booleans())
    def test_reads_follow_the_one_relation(self, a, flip):
        axis = sliding_axis(**a, flip=flip)
        for o, k in product(range(a["outputs"]), range(a["kernel_size"])):
            turned = a["kernel_size"] - 1 - k if flip else k
            assert axis.reads[o, k] == a["stride"] * o + a["dilation"] * turned - a["before"]

    @given(sliding())
    def test_an_index_out_of_range_is_padding(self, a):
        axis = sliding_axis(**a)
        inside = (axis.reads >= 0) & (axis.reads < a["size"])
        assert (axis.sources[inside] == axis.reads[inside]).all()
        assert (axis.sources[~inside] == ABSENT).all()
        assert axis.exists.all()

    @given(sliding())
    def test_the_canvas_is_the_padded_input(self, a):
        axis = sliding_axis(**a)
        assert axis.kinds.tolist() == [PADDING] * a["before"] + [INPUT] * a["size"] + [PADDING] * a["after"]
        assert (axis.size, axis.spacing, axis.origin) == (a["size"], 1, a["before"])

    @settings(max_examples=cases(600))
    @given(st.data())
    @pytest.mark.parametrize(
        ("mode", "numpy_mode"), [("reflect", "reflect"), ("replicate", "edge"), ("circular", "wrap")]
    )
    def test_a_padding_mode_is_numpys(self, mode, numpy_mode, data):
        a = data.draw(sliding(mode))
        padded = np.pad(np.arange(a["size"]), (a["before"], a["after"]), mode=numpy_mode)
        assert sliding_axis(**a, mode=mode).canvas.tolist() == padded.tolist()

    def test_there_are_four_padding_modes(self):
        assert set(PADDING_MODES) == {"zeros", "reflect", "replicate", "circular"}


class TestSpreadAxis:
    @given(spreading(), st.booleans())
    def test_it_is_the_sliding_relation_with_input_and_output_swapped(self, a, flip):
        axis = spread_axis(**a, flip=flip)
        gathered = {
            (o, int(axis.sources[o, k]), k)
            for o, k in product(range(a["outputs"]), range(a["kernel_size"]))
            if axis.sources[o, k] != ABSENT
        }
        stamped = set()
        for i, k in product(range(a["size"]), range(a["kernel_size"])):
            turned = a["kernel_size"] - 1 - k if flip else k
            o = a["stride"] * i + a["dilation"] * turned - a["before"]
            if 0 <= o < a["outputs"]:
                stamped.add((o, i, k))
        assert gathered == stamped

    @given(spreading())
    def test_inputs_stand_a_stride_apart_with_zeros_between(self, a):
        axis = spread_axis(**a)
        places = np.flatnonzero(axis.canvas >= 0)
        assert axis.canvas[places].tolist() == list(range(a["size"]))
        assert set(np.diff(places)) <= {a["stride"]}
        assert (axis.kinds == INPUT).sum() == a["size"]
        assert (axis.kinds == INSERTED).sum() == (a["size"] - 1) * (a["stride"] - 1)

    @given(spreading())
    def test_the_window_moves_by_one_over_the_canvas(self, a):
        axis = spread_axis(**a)
        assert (np.diff(axis.positions, axis=0) == 1).all()
        assert axis.positions.min() >= 0
        assert axis.positions.max() < len(axis.canvas)

    @given(spreading())
    def test_only_an_inserted_zero_has_no_input_index(self, a):
        axis = spread_axis(**a)
        kinds = axis.kinds[axis.positions]
        assert axis.exists[kinds == INPUT].all()
        assert not axis.exists[kinds == INSERTED].any()
        reads = axis.reads[(kinds == PADDING) & axis.exists]
        assert ((reads < 0) | (reads >= a["size"])).all()


class TestCounts:
    @settings(max_examples=cases(1_500))
    @given(layers())
    def test_every_count_is_a_count_of_the_table(self, layer):
        for axis in layer.taps.axes:
            found = [(o, i) for o, row in enumerate(axis.sources.tolist()) for i in row if i != ABSENT]
            assert axis.input_counts.tolist() == [sum(i == n for _, i in found) for n in range(axis.size)]
            assert axis.output_counts.tolist() == [sum(o == n for o, _ in found) for n in range(axis.outputs)]
            assert axis.matrix.sum() == len(found)
            assert all(axis.matrix[o, i] == found.count((o, i)) for o, i in found)

    @settings(max_examples=cases(1_000))
    @given(layers())
    def test_n_dimensions_are_the_product_of_the_axes(self, layer):
        taps = layer.taps
        sources = taps.flat_sources
        assert sources.shape == (taps.steps, taps.count // taps.steps)
        assert (
            taps.input_counts.ravel().tolist()
            == np.bincount(sources[sources >= 0], minlength=taps.input_counts.size).tolist()
        )
        assert taps.output_counts.ravel().tolist() == (sources >= 0).sum(axis=1).tolist()

    @settings(max_examples=cases(1_000))
    @given(layers())
    def test_gathered_and_scattered_are_one_list(self, layer):
        taps = layer.taps
        gathered, scattered = set(), set()
        for o in np.ndindex(*taps.output_shape):
            for read, k in zip(*(table.tolist() for table in taps.gathered(o)), strict=True):
                if all(0 <= i < n for i, n in zip(read, taps.input_shape, strict=True)):
                    gathered.add((o, tuple(read), tuple(k)))
        for i in np.ndindex(*taps.input_shape):
            for o, k in zip(*(table.tolist() for table in taps.scattered(i)), strict=True):
                scattered.add((tuple(o), i, tuple(k)))
        outside = getattr(layer, "padding_mode", "zeros") != "zeros"
        assert gathered <= scattered if outside else gathered == scattered

    @pytest.mark.parametrize(("k", "uneven"), [(3, {1, 2}), (4, {2})])
    def test_a_kernel_that_the_stride_does_not_divide_makes_a_checkerboard(self, k, uneven):
        """Odena, Dumoulin, Olah, "Deconvolution and checkerboard artifacts", Distill 2016."""
        axis = spread_axis(8, 2 * 7 + k, k, 2, 1, 0)
        assert set(axis.output_counts[k:-k].tolist()) == uneven
        board = Taps((axis, axis)).output_counts[k:-k, k:-k]
        assert board.max() / board.min() == (max(uneven) / min(uneven)) ** 2


class TestCompose:
    @staticmethod
    def stack(size, *kernels):
        layers = []
        for k, d in kernels:
            outputs = size - d * (k - 1)
            layers.append(Taps((sliding_axis(size, outputs, k, 1, d, 0, 0),)))
            size = outputs
        return layers

    @given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=4), st.integers(1, 4))
    def test_chains_are_counted_one_by_one(self, kernels, outputs):
        layers = self.stack(outputs + sum(d * (k - 1) for k, d in kernels), *kernels)
        (table,) = compose(layers)
        wanted = np.zeros_like(table)
        for o in range(outputs):
            for taps in product(*(range(k) for k, _ in kernels)):
                wanted[o, o + sum(d * t for t, (_, d) in zip(taps, kernels, strict=True))] += 1
        assert table.tolist() == wanted.tolist()

    def test_deep_stacks_stay_exact_beyond_64_bits(self):
        (table,) = compose(self.stack(124, *[(4, 1)] * 41))
        assert sum(map(int, table[0])) == 4**41
        assert (table > 0).all()

    def test_layers_that_do_not_fit_are_refused(self):
        with pytest.raises(ValueError, match="do not fit"):
            compose([self.stack(5, (3, 1))[0], self.stack(4, (3, 1))[0]])
